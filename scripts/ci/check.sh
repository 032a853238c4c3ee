#!/usr/bin/env bash
# `driftline check` as a step of a GitHub job: the report for people into the log, annotations, the summary of
# the job, and files for the steps after it. Ends with driftline's exit code. From the environment:
#   REPORTS               the folder for driftline.sarif and comment.md
#   SCHEMA, FAIL_ON       --schema and --fail-on, where they aren't empty
#   OFFLINE               true: --offline
#   DATABASE_URL          the database; never an argument, since every process sees those
# Writes to GITHUB_OUTPUT: exit-code, sarif (the file, or nothing) and comment (the same).
set -euo pipefail

mkdir -p "$REPORTS"
annotations=$REPORTS/annotations
rm -f "$annotations" "$REPORTS/driftline.sarif" "$REPORTS/comment.md"
[ -n "${DATABASE_URL:-}" ] || unset DATABASE_URL

arguments=(check)
[ -z "${SCHEMA:-}" ] || arguments+=("--schema=$SCHEMA")
[ -z "${FAIL_ON:-}" ] || arguments+=("--fail-on=$FAIL_ON")
case ${OFFLINE:-false} in
true) arguments+=(--offline) ;;
false) ;;
*)
    echo "::error title=driftline::offline: true or false"
    exit 2
    ;;
esac
arguments+=(
    --format text
    --format "github=$annotations"
    --format "sarif=$REPORTS/driftline.sarif"
    --format "markdown=$REPORTS/comment.md"
)

# Text that came from a database or a pull request is no command to the runner, whatever is in it: the runner
# takes `##[…]` for one anywhere in a line, and a line that begins with `::`.
token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
echo "::stop-commands::$token"
code=0
driftline "${arguments[@]}" || code=$?
printf '\n::%s::\n' "$token"

# GitHub wants paths from the top of the repository on.
prefix=${PWD#"${GITHUB_WORKSPACE:-$PWD}"}
prefix=${prefix#/}${prefix:+/}

# The annotations, which are commands; nothing else of the file is.
[ ! -s "$annotations" ] || while IFS= read -r line; do
    if [[ $line =~ ^::(error|warning|notice)\ ([^:]*,)?file=(.*)$ && ${BASH_REMATCH[3]} != "$prefix"* ]]; then
        line=${line/file=/file=$prefix}
    fi
    case $line in '::error '* | '::warning '* | '::notice '* | ::error::* | ::warning::* | ::notice::*)
        printf '%s\n' "$line" ;;
    esac
done <"$annotations"
sarif=$REPORTS/driftline.sarif
if [ -n "$prefix" ] && [ -s "$sarif" ]; then
    jq --arg prefix "$prefix" '($prefix | split("/") | map(@uri) | join("/")) as $prefix
        | (.. | objects | .artifactLocation? // empty | .uri // empty) |=
            if startswith($prefix) or contains("://") then . else $prefix + . end' "$sarif" >"$sarif.new"
    mv "$sarif.new" "$sarif"
fi
case $code in
0 | 1) meaning= ;;
2) meaning="wrong usage, or a file that is invalid" ;;
3) meaning="the server can't be reached, or refuses" ;;
4) meaning="the account lacks a right" ;;
5) meaning="the files of generated/, their lock file and the database disagree" ;;
*) meaning="it didn't end as it should" ;;
esac
if [ -n "$meaning" ] && ! grep -q '^::error' "$annotations" 2>/dev/null; then
    echo "::error title=driftline check::$meaning (exit code $code): the log says more"
fi

{
    echo "exit-code=$code"
    for report in sarif=driftline.sarif comment=comment.md; do
        file=$REPORTS/${report#*=}
        [ ! -s "$file" ] || echo "${report%%=*}=$file"
    done
} >>"$GITHUB_OUTPUT"
exit "$code"
