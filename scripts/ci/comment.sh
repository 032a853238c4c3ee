#!/usr/bin/env bash
# One comment on a pull request: written when there is something to say, and the same one rewritten from then on,
# also when all is well again. It is found by its first line, which GitHub doesn't show. From the environment:
#   GITHUB_REPOSITORY, PULL_REQUEST   where
#   GH_TOKEN                          who: needs `pull-requests: write`
#   EXIT_CODE, COMMENT                driftline's exit code, and its Markdown (empty where it made none)
#   NAME                              tells several comments of one pull request apart
# A comment that can't be written is a warning: the check has its own result.
set -euo pipefail

name=${NAME:-}
[[ $name =~ ^[A-Za-z0-9._-]*$ ]] || {
    echo "::error title=driftline::name: letters, digits, \`.\`, \`_\` and \`-\`"
    exit 2
}
marker="<!-- driftline${name:+ $name} -->"
comments=repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

give_up() {
    echo "::warning title=driftline::the comment isn't written: the token needs \`pull-requests: write\`," \
        "which a pull request from a fork doesn't get"
    exit 0
}

if [ -s "${COMMENT:-}" ]; then
    grep -vxF '<!-- driftline -->' "$COMMENT" >"$work/text" || true
else
    echo "\`driftline check\` ended with exit code ${EXIT_CODE:-?} and compared nothing: the job's log says why." \
        >"$work/text"
fi
{ echo "$marker" && cat "$work/text"; } | jq --raw-input --slurp '{body: .}' >"$work/body"

# Whoever can comment can write the marker: only a comment of one's own is rewritten.
me=$(gh api graphql -f query='{ viewer { login } }' --jq .data.viewer.login) || give_up
gh api --paginate "$comments?per_page=100" >"$work/comments" || give_up
mine=$(jq --slurp --raw-output --arg me "$me" --arg marker "$marker" \
    'add // [] | map(select(.user.login == $me and (.body | startswith($marker)))) | first | .id // empty' \
    "$work/comments")

if [ -n "$mine" ]; then
    gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$mine" --input "$work/body" || give_up
elif [ "${EXIT_CODE:-1}" != 0 ]; then
    gh api --silent --method POST "$comments" --input "$work/body" || give_up
fi
