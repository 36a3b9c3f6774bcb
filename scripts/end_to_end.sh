#!/bin/sh
# The program from outside, as its users meet it: exit statuses, the rules against false greens, reports, flags.
set -u
cd "$(dirname "$0")/.."
. scripts/checks.sh

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
# Values that are no value.
for value in nan inf -1 1e400 x ''; do
  expect "--timeout '$value' is a usage error" 2 "$program" run --timeout "$value"
  says "--timeout '$value' is explained" "--timeout: '$value' is no number from 0.01 to 3600"
  expect "--rate '$value' is a usage error" 2 "$program" run --rate "$value"
done
for value in -1 18446744073709551616 1.5 0x10 ''; do
  expect "--seed '$value' is a usage error" 2 "$program" run --seed "$value"
done
expect "the largest seed" 0 "$program" run --seed 18446744073709551615 --filter delete.plain.id
expect "--jobs 0 is a usage error" 2 "$program" run --jobs 0
expect "an option without its value" 2 "$program" run --timeout
says "an option without its value is named" "--timeout needs a value"
expect "a misspelt option is a usage error" 2 "$program" run --endpont http://127.0.0.1:1
says "a misspelt option gets a suggestion" "did you mean '--endpoint'?"
expect "a filter takes one pattern" 2 "$program" run --filter delete.plain.id delete.effect.plain
for url in localhost:5000 http://127.0.0.1/?a=b http://u:secret@127.0.0.1 http://::1 http://127.0.0.1:0 http://127.0.0.1:99999; do
  expect "the endpoint $url is a usage error" 2 "$program" run --endpoint "$url"
  says "the endpoint $url is explained" "--endpoint: bad URL: "
done
expect "an IPv6 endpoint that nobody listens at" 3 "$program" run --endpoint 'http://[::1]:1' --filter delete.plain.id
expect "a bad endpoint of the environment" 2 env AWS_ENDPOINT_URL=localhost "$program" run
says "a bad endpoint of the environment names its variable" "AWS_ENDPOINT_URL: bad URL: "

# Filters that mean something else.
expect "an area as a filter" 2 "$program" run --filter id.length
says "an area as a filter gets its star" "--filter 'id.length.*'"
expect "a requirement as a filter" 2 "$program" run --filter id.length.max
says "a requirement as a filter is named" "it is a requirement that"
expect "two filters in one" 2 "$program" run --filter 'id.length.*,id.type.*'
says "two filters in one are taken apart" "--filter 'id.length.*' --filter 'id.type.*'"
expect "a misspelt area" 2 "$program" run --filter 'id.lenght.*'
says "a misspelt area gets a suggestion" "did you mean 'id.length.*'?"

# Only a whole plan says that the endpoint conforms.
total=$("$program" list --format json | grep -c '"id":')
total=$(printf '%s' "$total" | sed 's/\([0-9]\)\([0-9]\{3\}\)$/\1,\2/')  # as the program groups digits
expect "a selection" 0 "$program" run --seed 1 --filter delete.plain.id --filter delete.effect.plain
says "a selection says what it is" "The 2 selected of $total cases pass."
expect "a replay" 0 "$program" replay delete.plain.id
says "a replay says what it is" "The 1 selected of "
expect "a shard" 0 env GTEST_TOTAL_SHARDS=3 GTEST_SHARD_INDEX=0 "$program" run --seed 1
says "a shard says what it is" " selected of $total cases pass"
expect "a whole run" 0 "$program" run --seed 1
says "a whole run says that the endpoint conforms" "The endpoint conforms in all that applies to it here. (exit status 0)"

# Failures are announced on standard error while the run goes on.
expect "a failing run" 1 "$program" run --seed 1 --deviation id-max-256 --progress counter
if [ "$(grep -c '^  FAIL id.length.max by ' "$work/err")" -eq 1 ]; then ok; else bad "a failure is not announced once"; fi
expect "a failing run without progress" 1 "$program" run --seed 1 --deviation id-max-256 --progress none
if [ -s "$work/err" ]; then bad "--progress none is not silent"; else ok; fi
says "the embedded endpoint can be started again" "glue-conformance serve --port "
expect "a replay command without a CA bundle" 1 env AWS_CA_BUNDLE=/etc/ssl/certs/ca-certificates.crt "$program" run --seed 1 --deviation id-max-256
if grep -q -- --ca-bundle "$work/out"; then bad "--ca-bundle in a replay command for http"; else ok; fi
expect "an endpoint that could not be tested" 3 "$program" run --endpoint http://127.0.0.1:1 --filter delete.plain.id
if grep -q 'sessions: none: .' "$work/out"; then ok; else bad "no reason why there are no sessions"; fi

# Reports and standard output that cannot be written.
expect "a report in a folder that is not there yet" 0 "$program" run --seed 1 --filter delete.plain.id --report "junit:$work/new/folder/a.xml"
if [ -s "$work/new/folder/a.xml" ]; then ok; else bad "the folder of a report is not created"; fi
expect "the same report twice" 2 "$program" run --report "junit:$work/twice.xml" --report "junit:$work/./twice.xml"
says "the same report twice is explained" "two reports are to be written to"
expect "an empty report folder" 2 "$program" run --report-dir ''
expect "a report without a path" 2 "$program" run --report junit:
if grep -q ':.*: *:' "$work/err"; then bad "colons upon colons"; else ok; fi
if [ -c /dev/full ]; then
  expect "a report on a full disk" 3 "$program" run --seed 1 --filter delete.plain.id --report junit:/dev/full
  says "a report on a full disk is explained" "NO REPORT cannot write the JUnit report /dev/full"
  if [ -c /dev/full ]; then ok; else bad "a report took the place of a device"; fi
  for command in "list" "run --filter delete.plain.id" "explain id.length.max" "--help"; do
    # shellcheck disable=SC2086 # words
    "$program" $command >/dev/full 2>"$work/err"
    got=$?
    : >"$work/out"
    if [ "$got" -eq 3 ]; then ok; else bad "$command into a full disk: exit $got, not 3"; fi
    says "$command into a full disk is explained" "standard output could not be written"
  done
fi
"$program" run --seed 1 --filter delete.plain.id --report "junit:$work/closed.xml" >&- 2>"$work/err"
got=$?
if [ "$got" -eq 3 ] && [ -s "$work/closed.xml" ]; then ok; else bad "standard output closed: exit $got, not 3, or no report"; fi
{ "$program" list 2>"$work/err"; echo $? >"$work/status"; } | head -n 1 >"$work/out"
if [ "$(cat "$work/status")" -eq 0 ] && [ ! -s "$work/err" ]; then ok; else bad "list | head"; fi

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
# And they may run at once, with one seed, against one endpoint.
"$program" serve --port 0 >"$work/shared" 2>&1 &
server=$!
until url=$(grep -o 'http://127[0-9.:]*' "$work/shared") && [ -n "$url" ]; do sleep 0.1; done
for shard in 0 1 2; do
  { GTEST_TOTAL_SHARDS=3 GTEST_SHARD_INDEX=$shard "$program" run --seed 1 --endpoint "$url" >"$work/at_once$shard" 2>&1; echo $? >"$work/status$shard"; } &
  eval "shard$shard=\$!"
done
# shellcheck disable=SC2154 # set above
wait "$shard0" "$shard1" "$shard2"
if [ "$(cat "$work"/status?)" = "$(printf '0\n0\n0')" ]; then ok; else bad "shards at once: $(tail -n 2 "$work"/at_once?)"; fi
kill "$server"
wait "$server" 2>/dev/null
server=

expect "explain a case" 0 "$program" explain id.length.ascii.256
says "explain shows the sources" "sources"
expect "explain a requirement" 0 "$program" explain id.length.max
expect "explain what there is not" 2 "$program" explain id.length.maxx
says "explain suggests" "did you mean"
expect "explain a characteristic" 0 "$program" explain constraint.error
expect "explain a deviation" 0 "$program" explain id-max-256
says "a deviation names what it breaks" "id.length.max"
expect "explain an area" 2 "$program" explain id.length
says "an area can be listed" "glue-conformance list --filter 'id.length.*'"
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
# Two runs at once that write the same reports.
"$program" run --endpoint "$url" --report-dir "$work/both" >"$work/first" 2>&1 &
first=$!
expect "the second of two runs at once" 1 "$program" run --endpoint "$url" --report-dir "$work/both"
wait "$first"
got=$?
if [ "$got" -eq 1 ]; then ok; else bad "the first of two runs at once: exit $got, not 1"; fi
if [ -s "$work/both/junit.xml" ] && ! ls -A "$work/both" | grep -q 'tmp$'; then ok; else bad "two runs at once leave: $(ls -A "$work/both")"; fi

# An interrupt: status 130, complete reports, nothing left behind.
for signal in INT TERM; do
  rm -rf "$work/interrupted"
  "$program" run --endpoint "$url" --seed 2 --rate 300 --report-dir "$work/interrupted" >"$work/out" 2>"$work/err" &
  run=$!
  tries=0
  until [ -s "$work/interrupted/ledger.jsonl" ] && [ "$(wc -l <"$work/interrupted/ledger.jsonl")" -gt 20 ]; do
    tries=$((tries + 1))
    [ "$tries" -gt 200 ] && break
    sleep 0.05
  done
  kill -"$signal" "$run"
  wait "$run"
  got=$?
  if [ "$got" -eq 130 ]; then ok; else bad "a run interrupted by SIG$signal ends with $got, not 130"; fi
  says "an interrupted run says so" "Interrupted: the report is complete for what ran. (exit status 130)"
  cases=$(grep -c '<testcase ' "$work/interrupted/junit.xml")
  if [ "$cases" -eq "$(cat "$work/all")" ]; then ok; else bad "the report of a run interrupted by SIG$signal has $cases cases"; fi
  if command -v xmllint >/dev/null 2>&1 && ! xmllint --noout "$work/interrupted/junit.xml"; then bad "the report of an interrupted run"; else ok; fi
  left=$(curl -sS -X POST "$url/" -H 'Content-Type: application/x-amz-json-1.1' -H 'X-Amz-Target: AWSGlue.ListSessions' -d '{}' 2>/dev/null | grep -o '"Ids":\[[^]]*\]')
  case $left in '"Ids":[]' | '') ok ;; *) bad "left behind: $left" ;; esac
done

# Sessions that are provided, and what is refused before anything is sent.
call() { curl -sS -X POST "$url/" -H 'Content-Type: application/x-amz-json-1.1' -H "X-Amz-Target: AWSGlue.$1" -d "$2" 2>/dev/null; }
create() { call CreateSession "{\"Id\":\"$1\",\"Role\":\"arn:aws:iam::123456789012:role/r\",\"Command\":{\"Name\":\"glueetl\"}}"; }
listed() { call ListSessions '{}' | grep -o '"Ids":\[[^]]*\]'; }
expect "no file of sessions" 2 "$program" run --endpoint "$url" --sessions "file:$work/none"
says "no file of sessions is explained" "cannot be read; nothing was sent"
printf 'a\nb\na\n' >"$work/twice"
expect "a session twice" 2 "$program" run --endpoint "$url" --sessions "file:$work/twice"
says "a session twice is explained" 'line 3 names "a" again; nothing was sent'
expect "another provider" 2 "$program" run --sessions files:x
says "another provider is explained" "none of auto|create|none|file:PATH|command:CMD"
expect "a role of sessions that are not created" 2 "$program" run --sessions none --session-role r
expect "no number of workers" 2 "$program" run --session-workers 0
expect "sessions with options" 0 "$program" run --seed 1 --filter delete.plain.id --session-role arn:aws:iam::123456789012:role/other --session-worker-type G.1X --session-workers 2 --session-tag a=b
expect "a command that fails is no pass" 4 "$program" run --seed 1 --filter delete.plain.id --sessions 'command:echo no role >&2; exit 1'
says "a command that fails is explained" "it ended with status 1: no role"
if command -v curl >/dev/null 2>&1; then
  create sacrificed-1 >/dev/null
  create sacrificed-2 >/dev/null
  create kept >/dev/null
  printf '# mine\nsacrificed-1\nsacrificed-2\n' >"$work/ids"
  expect "sessions of a file" 1 "$program" run --endpoint "$url" --seed 1 --sessions "file:$work/ids"
  says "sessions of a file are named" "sessions: 2 provided by $work/ids, effects seen by listing"
  if [ "$(listed)" = '"Ids":["kept"]' ]; then ok; else bad "sessions of a file: $(listed)"; fi
fi

# Bounds.
expect "a run with a bound" 0 "$program" run --seed 1 --max-requests 300
says "a run with a bound says so" "did not. (exit status 0)"
says "what does not fit is skipped with the reason" "does not fit into --max-requests 300"
sent=$(sed -n 's/.*; \([0-9,]*\) requests in .*/\1/p' "$work/out")
if [ "$sent" -le 300 ] && [ "$sent" -gt 200 ]; then ok; else bad "--max-requests 300: $sent requests"; fi
expect "a run with room for nothing" 4 "$program" run --seed 1 --max-requests 1
expect "a run with a bound on sessions" 0 "$program" run --seed 1 --max-sessions 9
says "what needs more sessions is skipped with the reason" "does not fit into --max-sessions 9"

# What a run leaves behind is named, and swept.
kill "$server"
wait "$server" 2>/dev/null
"$program" serve --port 0 >"$work/swept" 2>&1 &
server=$!
until url=$(grep -so 'http://127[0-9.:]*' "$work/swept") && [ -n "$url" ]; do sleep 0.1; done
"$program" run --endpoint "$url" --seed 3 --rate 200 --ledger "$work/killed.jsonl" >"$work/out" 2>&1 &
run=$!
until [ -s "$work/killed.jsonl" ] && [ "$(wc -l <"$work/killed.jsonl")" -gt 100 ]; do sleep 0.05; done
expect "a sweep under a run" 2 "$program" sweep "$work/killed.jsonl"
says "a sweep under a run is explained" "a run is still writing"
kill -9 "$run"
wait "$run" 2>/dev/null
expect "a sweep of a killed run" 0 "$program" sweep "$work/killed.jsonl"
says "a sweep says what it did" "Nothing is left behind. (exit status 0)"
if ! command -v curl >/dev/null 2>&1 || [ "$(listed)" = '"Ids":[]' ]; then ok; else bad "left after a sweep: $(listed)"; fi
expect "a second sweep" 0 "$program" sweep "$work/killed.jsonl"
says "a second sweep has nothing to do" "names nothing that was left behind"
printf '{"event":"create","id":"a"}\nrubbish\n\n' >"$work/rubbish.jsonl"
expect "a sweep of what is no ledger" 2 "$program" sweep "$work/rubbish.jsonl" --endpoint "$url"
says "what is no ledger is explained" "line 2 is none of a ledger: rubbish; nothing was sent"
expect "a sweep without a ledger" 2 "$program" sweep
kill "$server"
wait "$server" 2>/dev/null
server=
# An endpoint that verifies signatures knows whom it is meant for.
AWS_ACCESS_KEY_ID=me AWS_SECRET_ACCESS_KEY=mine AWS_SESSION_TOKEN=token "$program" serve --port 0 --authenticate >"$work/verifying" 2>&1 &
server=$!
until url=$(grep -so 'http://127[0-9.:]*' "$work/verifying") && [ -n "$url" ]; do sleep 0.1; done
signing() { AWS_ACCESS_KEY_ID=me AWS_SECRET_ACCESS_KEY=$1 AWS_SESSION_TOKEN=$2 "$program" run --endpoint "$url" --progress none --filter 'delete.plain.*'; }
expect "a run with the keys of the endpoint" 0 signing mine token
expect "a run with another secret" 3 signing yours token
says "a wrong signature is explained" "the endpoint refuses the credentials: 400 InvalidSignatureException"
expect "a run without the token" 3 signing mine ''
expect "a run that signs nothing" 3 "$program" run --endpoint "$url" --no-sign --filter 'delete.plain.*'
kill "$server"
wait "$server" 2>/dev/null
server=
expect "a certificate that is none" 2 "$program" serve --port 0 --certificate /dev/null --key /dev/null
says "a certificate that is none is explained" "cannot use the certificate chain /dev/null"

printf '{"event":"create","id":"a"}\n' >"$work/old.jsonl"
expect "a sweep where nobody listens" 3 "$program" sweep "$work/old.jsonl" --endpoint "$url"
expect "a sweep that knows no endpoint" 2 "$program" sweep "$work/old.jsonl"

# Which credentials of AWS are found, in an environment of its own.
alone() { env -i PATH="$PATH" HOME="$work" AWS_EC2_METADATA_DISABLED=true "$@"; }
expect "no credentials" 2 alone "$program" credentials
says "without credentials it says where it looked" "$work/.aws/credentials: there is no profile"
mkdir "$work/.aws"
printf '[profile p]\nregion = eu-west-1\ncredential_process = printf %s\n' \
  "'{\"Version\":1,\"AccessKeyId\":\"AKIDEXAMPLE\",\"SecretAccessKey\":\"hidden\"}'" >"$work/.aws/config"
expect "credentials of a profile" 0 alone "$program" credentials --aws-profile p
says "the source of credentials is shown" "credential_process of the profile 'p'"
says "the endpoint of a region is shown" "https://glue.eu-west-1.amazonaws.com"
if cat "$work/out" "$work/err" | grep -q hidden; then bad "a secret is shown"; else ok; fi
expect "a profile that does not exist" 2 alone "$program" credentials --aws-profile q
expect "a container that does not answer" 3 alone AWS_CONTAINER_CREDENTIALS_FULL_URI=http://127.0.0.1:1/ "$program" credentials

printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
