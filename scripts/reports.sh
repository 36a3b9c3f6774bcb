#!/bin/sh
# The run as data, from outside: records, what is made of them again, runs compared and merged, GitHub's pages.
set -u
cd "$(dirname "$0")/.."
. scripts/checks.sh

schema=$PWD/reports/schema/run.schema.json
# valid WHAT FILE: the record is as its schema says; by the jsonschema of Python where that is installed.
valid() {
  if ! python3 -c 'import jsonschema' 2>/dev/null; then
    echo "skipped: $1 against the schema (python3 has no jsonschema); the unit tests do the same by valijson"
    return
  fi
  expect "$1 is as its schema says" 0 python3 - "$schema" "$2" <<'PY'
import json, sys
import jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.Draft7Validator.check_schema(schema)
lines = sys.argv[2].endswith(".jsonl")
text = open(sys.argv[2], encoding="utf-8")
if lines:
    schema = {"$schema": schema["$schema"], "definitions": schema["definitions"], "$ref": "#/definitions/line"}
validator = jsonschema.Draft7Validator(schema)
for document in ([json.loads(line) for line in text] if lines else [json.load(text)]):
    for error in validator.iter_errors(document):
        sys.exit("/" + "/".join(map(str, error.absolute_path)) + ": " + error.message[:300])
PY
}

# A run with every kind of case: stories, framing, properties that fail, megabytes.
expect "a run with all its reports" 1 "$program" run --seed 1 --progress none --deviation id-max-256 \
  --deviation failed-refused --report-dir "$work/first"
cp "$work/out" "$work/console"
valid "the record" "$work/first/report.json"
valid "the record in lines" "$work/first/report.jsonl"

# Made again: to the byte.
for record in report.json report.jsonl; do
  rm -rf "$work/again"
  expect "reports of $record" 0 "$program" report "$work/first/$record" --report-dir "$work/again" --console
  if cmp -s "$work/out" "$work/console"; then ok; else bad "the summary of $record is another"; fi
  for file in "$work"/first/*; do
    name=$(basename "$file")
    case $name in ledger.jsonl | counterexamples) continue ;; esac
    if cmp -s "$file" "$work/again/$name"; then ok; else bad "$name of $record is another"; fi
  done
done

# Killed: what it had found out can be read.
: >"$work/killed.jsonl"
"$program" run --seed 1 --tier exhaustive --progress none --report "jsonl:$work/killed.jsonl" >"$work/out" 2>&1 &
server=$!
tries=0
while [ "$(wc -l <"$work/killed.jsonl" 2>/dev/null || echo 0)" -lt 200 ] && [ "$tries" -lt 600 ]; do
  sleep 0.1
  tries=$((tries + 1))
done
kill -9 "$server"
wait "$server" 2>/dev/null
server=
expect "the record of a killed run" 0 "$program" report "$work/killed.jsonl" --report "junit:$work/killed.xml" --console
says "that it was killed is said" "the run was killed: "
if grep -q '</testsuites>' "$work/killed.xml"; then ok; else bad "the report of a killed run is not whole"; fi
head -n 100 "$work/killed.jsonl" >"$work/half.jsonl"
printf '{"event":"case","case":{' >>"$work/half.jsonl"
expect "a record with half a line" 0 "$program" report "$work/half.jsonl" --console
says "the half line is said" "line 101 is half a line, and is left out"
printf '\n' >>"$work/half.jsonl"
expect "a record with a line that is no JSON" 2 "$program" report "$work/half.jsonl" --console
says "the line is named" "line 101: byte "

# Shards, and what is missing of them.
for shard in 0 1 2; do
  expect "shard $shard" 0 env GTEST_TOTAL_SHARDS=3 GTEST_SHARD_INDEX=$shard "$program" run --seed 1 --progress none \
    --report "json:$work/shard$shard.json"
done
expect "one report out of shards" 0 "$program" merge "$work/shard0.json" "$work/shard1.json" "$work/shard2.json" \
  --report "json:$work/merged.json" --report "junit:$work/merged.xml"
says "a merged run is a whole one" "The endpoint conforms in all that applies to it here. (exit status 0)"
expect "a whole run" 0 "$program" run --seed 1 --progress none --report "json:$work/whole.json"
expect "a merged run beside a whole one" 0 "$program" compare "$work/whole.json" "$work/merged.json"
says "nothing differs" "0 requirements, 0 cases and 0 characteristics differ"
expect "a shard that is missing" 1 "$program" merge "$work/shard0.json" "$work/shard2.json"
says "what is missing is named" "is missing: it is in no shard"
expect "a shard that is there twice" 1 "$program" merge "$work/shard0.json" "$work/shard1.json" "$work/shard2.json" \
  "$work/shard2.json"
says "what is doubled is named" "is doubled: "
expect "a shard of another plan" 1 "$program" merge "$work/shard0.json" "$work/shard1.json" "$work/first/report.json"
says "what differs is named" "its endpoint is "

# Two endpoints side by side.
expect "endpoints that differ" 1 "$program" compare "$work/whole.json" "$work/first/report.json"
says "the requirement is named" "  id.length.max  "
expect "a comparison as JSON" 1 "$program" compare "$work/whole.json" "$work/first/report.json" --format json --output "$work/c.json"
if python3 -c 'import json, sys; sys.exit(not json.load(open(sys.argv[1]))["differs"])' "$work/c.json"; then ok; else bad "the comparison is no JSON"; fi

# GitHub: the page of the job, and annotations; for an endpoint that fails in many ways, at most nine.
expect "a run on GitHub" 1 env GITHUB_ACTIONS=true GITHUB_STEP_SUMMARY="$work/summary" "$program" run --seed 1 \
  --deviation refuses-everything
if grep -q '^# DeleteSession conformance' "$work/summary"; then ok; else bad "there is no summary of the job"; fi
if [ "$(grep -c '^::error ' "$work/err")" -le 9 ] && grep -q '^::error ' "$work/err"; then ok; else bad "annotations: $(grep -c '^::' "$work/err")"; fi
if grep -q '^ *::' "$work/out"; then bad "the summary has a command"; else ok; fi

printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
