#!/usr/bin/env bash
# Puts driftline where the next steps of a CI job find it. From the environment:
#   DRIFTLINE_VERSION     a release (v0.1.0); `installed`: what is on PATH; `source`: this checkout, built by
#                         cargo. Empty: the release of this checkout's version
#   DRIFTLINE_REPOSITORY  OWNER/NAME on GitHub, whose releases they are
#   DRIFTLINE_RELEASES    where the releases are instead: a URL
#   DRIFTLINE_BIN         the folder for the program [default: driftline-bin under RUNNER_TEMP or TMPDIR]
# On GitHub the folder is added to the PATH of the job; elsewhere it is the last line that is printed.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
bin=${DRIFTLINE_BIN:-${RUNNER_TEMP:-${TMPDIR:-/tmp}}/driftline-bin}
version=${DRIFTLINE_VERSION:-}

fail() {
    echo "${GITHUB_ACTIONS:+::error title=driftline::}$*"
    exit 2
}

# The program of a release, compared with the release's list of checksums.
download() {
    local releases=${DRIFTLINE_RELEASES:-} work asset
    [[ $version =~ ^v[0-9A-Za-z.+-]+$ ]] || fail "version: a release such as v0.1.0, \`installed\` or \`source\`"
    [ "$(uname -s) $(uname -m)" = "Linux x86_64" ] ||
        fail "there is a release for Linux on x86_64 only: build it, with version: source"
    if [ -z "$releases" ]; then
        [ -n "${DRIFTLINE_REPOSITORY:-}" ] ||
            fail "a local action has no releases: version: source builds it, \`installed\` takes the one on PATH"
        releases=https://github.com/$DRIFTLINE_REPOSITORY/releases/download
    fi
    work=$(mktemp -d)
    asset=driftline-$version-x86_64-linux.tar.gz
    for file in "$asset" SHA256SUMS; do
        curl --proto '=https,file' --proto-redir '=https' --tlsv1.2 --fail --silent --show-error \
            --location --retry 3 --output "$work/$file" "$releases/$version/$file" ||
            fail "there is no $file in the release $version"
    done
    # The names in the list begin with `./` or not.
    (cd "$work" && grep -E "[ */]driftline-[^/]*-x86_64-linux.tar.gz\$" SHA256SUMS | sha256sum --check --strict --quiet) ||
        fail "$asset isn't what SHA256SUMS says"
    tar -xzf "$work/$asset" -C "$bin" driftline
    rm -rf "$work"
}

mkdir -p "$bin"
case $version in
installed)
    program=$(command -v driftline) || fail "version: installed, and there is no driftline on PATH"
    bin=$(dirname "$program")
    ;;
source)
    cargo install --locked --quiet --path "$root" --root "$bin/built"
    bin=$bin/built/bin
    ;;
*)
    [ -n "$version" ] || version=v$(sed -n 's/^version = "\(.*\)"/\1/p' "$root/Cargo.toml" | head -n 1)
    download
    ;;
esac

"$bin/driftline" --version
[ -z "${GITHUB_PATH:-}" ] || echo "$bin" >>"$GITHUB_PATH"
echo "$bin"
