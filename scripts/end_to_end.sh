#!/bin/sh
# The program from outside, as its users meet it: exit statuses, the rules against false greens, reports, flags.
set -u
cd "$(dirname "$0")/.."
program=$PWD/build/release/glue-conformance
work=$(mktemp -d)
server=
passed=0
failed=0
trap '[ -n "$server" ] && kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
unset AWS_ENDPOINT_URL AWS_ENDPOINT_URL_GLUE AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN 2>/dev/null

ok() { passed=$((passed + 1)); }
bad() {
  failed=$((failed + 1))
  printf 'FAILED: %s\n' "$1"
  [ -s "$work/out" ] && tail -n 15 "$work/out"
  [ -s "$work/err" ] && tail -n 5 "$work/err"
}

# expect WHAT STATUS COMMAND…: the command ends with that status.
expect() {
  what=$1
  status=$2
  shift 2
  "$@" >"$work/out" 2>"$work/err"
  got=$?
  if [ "$got" -eq "$status" ]; then ok; else bad "$what: exit $got, not $status"; fi
}
# says WHAT TEXT: the last command's output (either stream) has the text.
says() { if cat "$work/out" "$work/err" | grep -qF -- "$2"; then ok; else bad "$1: does not say '$2'"; fi; }

expect "the reference endpoint conforms" 0 "$program" run --seed 1
says "all planned cases are counted" " planned"
expect "a deviation does not conform" 1 "$program" run --seed 1 --deviation id-max-256
says "the failing requirement is named" "id.length.max"
says "a failure can be replayed" "replay id.length.ascii.256"
says "a failure has its curl line" "curl -sS"
expect "a misspelt filter is a usage error" 2 "$program" run --filter 'id.lenght.*'
says "a misspelt filter gets a suggestion" "matches no case"
expect "an unknown option is a usage error" 2 "$program" run --no-such-option
expect "an unknown GoogleTest flag is a usage error" 2 "$program" run --gtest_no_such=1
expect "no command is a usage error" 2 "$program"
expect "an unknown deviation is a usage error" 2 "$program" run --deviation no-such
expect "an unknown report format is a usage error" 2 "$program" run --report html2:x
expect "a report that cannot be written is a usage error" 2 "$program" run --report junit:/proc/nowhere/x.xml
expect "nothing executed is no success" 4 "$program" run --gtest_filter=no.such.case
expect "nobody listens" 3 "$program" run --endpoint http://127.0.0.1:1 --report "junit:$work/dead.xml"
if [ -s "$work/dead.xml" ]; then ok; else bad "an unreachable endpoint still has its report"; fi
expect "an address of AWS is refused" 2 "$program" run --endpoint https://glue.us-east-1.amazonaws.com
expect "an endpoint that refuses everything" 1 "$program" run --seed 1 --deviation refuses-everything --report "junit:$work/refuses.xml"
if sed -n 's/.*<testsuites[^>]* tests="\([0-9]*\)".*/\1/p' "$work/refuses.xml" | grep -q .; then ok; else bad "counts in the report"; fi
expect "an endpoint that refuses everything passes no malformed case" 4 "$program" run --seed 1 --deviation refuses-everything --filter 'id.length.ascii.256' --filter 'origin.ascii.*'
says "no malformed case passes without its control" " 0 passed"
expect "an endpoint that answers 500 to everything" 1 "$program" run --seed 1 --deviation always-500
expect "without sessions the weaker promise holds" 0 "$program" run --seed 1 --sessions none
expect "an empty endpoint is a usage error" 2 "$program" run --endpoint ""
expect "half a pair of credentials" 2 env AWS_ACCESS_KEY_ID=a "$program" run

expect "GoogleTest's filter" 0 "$program" run --seed 1 '--gtest_filter=id.length.*'
expect "GoogleTest's shuffle" 0 "$program" run --seed 1 --gtest_shuffle '--gtest_filter=id.*'
expect "GoogleTest's repeat" 0 "$program" run --seed 1 --gtest_repeat=3 '--gtest_filter=delete.*'
expect "GoogleTest's fail fast" 1 "$program" run --seed 1 --gtest_fail_fast --deviation not-deleted
expect "GoogleTest's listing" 0 "$program" run --gtest_list_tests

# The union of the shards is the plan.
"$program" list --format json | grep -c '"id":' >"$work/all"
total=0
for shard in 0 1 2; do
  GTEST_TOTAL_SHARDS=3 GTEST_SHARD_INDEX=$shard "$program" run --seed 1 --report "junit:$work/shard$shard.xml" >"$work/out" 2>"$work/err" || bad "shard $shard"
  total=$((total + $(grep -c '<testcase ' "$work/shard$shard.xml")))
done
if [ "$total" -eq "$(cat "$work/all")" ]; then ok; else bad "three shards have $total cases, the plan $(cat "$work/all")"; fi
names=$(cat "$work"/shard?.xml | grep -o '<testcase name="[^" ]*' | sort | uniq -d | head -n 1)
if [ -z "$names" ]; then ok; else bad "a case is in two shards: $names"; fi

expect "explain a case" 0 "$program" explain id.length.ascii.256
says "explain shows the sources" "sources"
expect "explain a requirement" 0 "$program" explain id.length.max
expect "explain what there is not" 2 "$program" explain id.length.maxx
says "explain suggests" "did you mean"
expect "list as Markdown" 0 "$program" list --format markdown
expect "replay" 0 "$program" replay delete.plain.id --seed 1
says "replay shows the request" "X-Amz-Target: AWSGlue.DeleteSession"
says "replay shows the response" "HTTP/1.1 200"
expect "replay of a failing case" 1 "$program" replay id.length.ascii.256 --seed 1 --deviation id-max-256
expect "replay of nothing" 2 "$program" replay no.such

# Secrets are in no output.
expect "a run with credentials" 1 env AWS_ACCESS_KEY_ID=AKIDEXAMPLE AWS_SECRET_ACCESS_KEY=verysecretkey AWS_SESSION_TOKEN=verysecrettoken \
  "$program" run --seed 1 --deviation id-max-256 --report-dir "$work/report"
if cat "$work/out" "$work/err" "$work"/report/* | grep -qE 'verysecret|Signature='; then bad "a secret is printed"; else ok; fi

# serve is a mock of its own; a curl line of a failure reproduces it.
"$program" serve --port 0 --deviation origin-ignored >"$work/serve" 2>&1 &
server=$!
tries=0
until url=$(grep -o 'http://[0-9.:]*' "$work/serve"); do
  tries=$((tries + 1))
  [ "$tries" -gt 200 ] && { bad "serve does not start"; break; }
  sleep 0.05
done
expect "a run against serve" 1 "$program" run --endpoint "$url" --seed 1
says "the replay command names the endpoint" "--endpoint $url"
if command -v curl >/dev/null 2>&1; then
  grep -h 'curl -sS' "$work/out" | head -n 1 | sed 's/^[^{p]*//' >"$work/curl.sh"
  AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test sh "$work/curl.sh" >"$work/curl.out" 2>&1
  if grep -q '^HTTP/1.1 200' "$work/curl.out"; then ok; else bad "the curl line does not reproduce the failure"; cat "$work/curl.sh" "$work/curl.out"; fi
else
  echo "skipped: curl is not installed"
fi
# An interrupt: status 130, complete reports, nothing left behind.
"$program" run --endpoint "$url" --seed 2 --rate 300 --report-dir "$work/interrupted" >"$work/out" 2>"$work/err" &
run=$!
tries=0
until [ -s "$work/interrupted/ledger.jsonl" ] && [ "$(wc -l <"$work/interrupted/ledger.jsonl")" -gt 20 ]; do
  tries=$((tries + 1))
  [ "$tries" -gt 200 ] && break
  sleep 0.05
done
kill -TERM "$run"
wait "$run"
got=$?
if [ "$got" -eq 130 ]; then ok; else bad "an interrupted run ends with $got, not 130"; fi
if command -v xmllint >/dev/null 2>&1 && ! xmllint --noout "$work/interrupted/junit.xml"; then bad "the report of an interrupted run"; else ok; fi
left=$(curl -sS -X POST "$url/" -H 'Content-Type: application/x-amz-json-1.1' -H 'X-Amz-Target: AWSGlue.ListSessions' -d '{}' 2>/dev/null | grep -o '"Ids":\[[^]]*\]')
case $left in '"Ids":[]' | '') ok ;; *) bad "left behind: $left" ;; esac
kill "$server"
wait "$server" 2>/dev/null
server=

printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
