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
  # It names the page that lies beside it.
  sed "s#$work/again/report.html#$work/first/report.html#" "$work/out" >"$work/told"
  if cmp -s "$work/told" "$work/console"; then ok; else bad "the summary of $record is another"; fi
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
if grep -q '<error type="[a-z.]*" message="the run was killed before it' "$work/killed.xml"; then ok; else bad "what a killed run did not come to is no error in JUnit"; fi
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

expect "a comparison as a page" 1 "$program" compare "$work/whole.json" "$work/first/report.json" --format html --output "$work/c.html"
if grep -q '<h1 data-v="warning">The runs differ.</h1>' "$work/c.html" && ! grep -q '<script' "$work/c.html"; then ok; else bad "the comparison is no page"; fi

# GitHub: the page of the job, and annotations; for an endpoint that fails in many ways, at most nine.
expect "a run on GitHub" 1 env GITHUB_ACTIONS=true GITHUB_STEP_SUMMARY="$work/summary" "$program" run --seed 1 \
  --deviation refuses-everything
if grep -q '^# DeleteSession conformance' "$work/summary"; then ok; else bad "there is no summary of the job"; fi
if [ "$(grep -c '^::error ' "$work/err")" -le 9 ] && grep -q '^::error ' "$work/err"; then ok; else bad "annotations: $(grep -c '^::' "$work/err")"; fi
if grep -q '^ *::' "$work/out"; then bad "the summary has a command"; else ok; fi

# JUnit: requirements as test cases, and parts; the same from a run, its record and its shards.
expect "JUnit by requirement, in parts" 1 "$program" run --seed 1 --progress none --deviation id-max-256 --deviation failed-refused \
  --junit-by requirement --junit-split 20 --report "junit:$work/by/junit.xml" --report "json:$work/by.json"
if [ -s "$work/by/junit-2.xml" ] && [ "$(grep -c '<testcase ' "$work/by/junit.xml")" -eq 20 ]; then ok; else bad "parts: $(ls "$work/by")"; fi
if grep -q '<testcase name="id.length.max An Id ' "$work"/by/junit*.xml; then ok; else bad "no test case by requirement"; fi
mkdir "$work/again-by"
expect "the same of its record" 0 "$program" report "$work/by.json" --junit-by requirement --junit-split 20 --report "junit:$work/again-by/junit.xml"
if diff -r "$work/by" "$work/again-by" >"$work/out"; then ok; else bad "parts of a record are others"; fi
expect "the same in one file" 0 "$program" report "$work/by.json" --junit-by requirement --report "junit:$work/again-by/junit.xml"
if [ "$(ls "$work/again-by")" = junit.xml ]; then ok; else bad "parts of an earlier run stay: $(ls "$work/again-by")"; fi
expect "shards by requirement" 0 "$program" merge "$work/shard0.json" "$work/shard1.json" "$work/shard2.json" \
  --junit-by requirement --junit-split 50 --report "junit:$work/merged-by.xml"
if [ -s "$work/merged-by-2.xml" ]; then ok; else bad "no parts of a merged report"; fi
expect "parts of a device" 2 "$program" report "$work/by.json" --junit-split 5 --report junit:/dev/null

# Whatever an endpoint answers comes back out of a report, through the parsers that consumers use.
expect "a failure to tell it by" 1 "$program" run --seed 1 --progress none --filter id.length.ascii.256 --deviation id-max-256 --report "jsonl:$work/one.jsonl"
expect "a corpus of answers" 0 python3 scripts/junit_corpus.py make "$work/one.jsonl" "$work/corpus.jsonl"
expect "reports of it" 0 "$program" report "$work/corpus.jsonl" --report "junit:$work/corpus.xml"
expect "reports of it by requirement" 0 "$program" report "$work/corpus.jsonl" --junit-by requirement --report "junit:$work/corpus_by.xml"
expect "expat reads what was told" 0 python3 scripts/junit_corpus.py check "$work/corpus.xml"
sed '0,/before ]]&gt; after/s//before ]]\&gt; later/' "$work/corpus.xml" >"$work/other.xml"
expect "and would see another" 1 python3 scripts/junit_corpus.py check "$work/other.xml"
if command -v xmllint >/dev/null 2>&1; then
  xmllint --c14n "$work/corpus.xml" >"$work/canonical.xml" 2>"$work/err" || bad "xmllint refuses the report"
  expect "libxml2 reads what was told" 0 python3 scripts/junit_corpus.py check "$work/canonical.xml"
  schemas=${GLUE_CONFORMANCE_SHARED:-$PWD/../shared}/schemas
  if [ -d "$schemas" ]; then
    for report in "$work/corpus.xml" "$work/corpus_by.xml" "$work/first/junit.xml" "$work/merged.xml" "$work"/by/junit*.xml; do
      expect "$(basename "$report") by the schema of Jenkins" 0 xmllint --noout --schema "$schemas/jenkins-xunit-junit-10.xsd" "$report"
    done
    # Surefire's has one suite a file.
    mkdir "$work/suites"
    python3 scripts/junit_corpus.py suites "$work/first/junit.xml" "$work/suites"
    expect "the suites by Surefire's schema" 0 xmllint --noout --schema "$schemas/surefire-test-report.xsd" "$work"/suites/*.xml
  else
    echo "skipped: JUnit against the schemas (there is no $schemas)"
  fi
else
  echo "skipped: JUnit by xmllint and the schemas (Debian: apt-get install libxml2-utils)"
fi
if java --list-modules 2>/dev/null | grep -q '^jdk.compiler'; then
  java scripts/JunitStrings.java "$work/corpus.xml" >"$work/java" 2>"$work/err" || bad "Java's parser refuses the report"
  expect "Java's parser reads the same" 0 python3 scripts/junit_corpus.py check "$work/corpus.xml" "$work/java"
else
  echo "skipped: JUnit by Java's parser (no JDK is installed; Debian: apt-get install default-jdk-headless)"
fi

# A failure's curl line gives what its case got: signed with the environment's keys, against an endpoint that verifies.
# listening COMMAND…: starts it; its URL is in $url.
listening() {
  : >"$work/serve"
  "$@" >"$work/serve" 2>&1 &
  server=$!
  tries=0
  until url=$(grep -so 'http://127[0-9.:]*' "$work/serve") && [ -n "$url" ]; do
    tries=$((tries + 1))
    [ "$tries" -gt 200 ] && { bad "$* does not start"; return; }
    sleep 0.05
  done
}
hang_up() {
  kill "$server"
  wait "$server" 2>/dev/null
  server=
}
if command -v curl >/dev/null 2>&1; then
  listening env AWS_ACCESS_KEY_ID=me AWS_SECRET_ACCESS_KEY=mine AWS_SESSION_TOKEN=token "$program" serve --port 0 --authenticate
  expect "a run with keys" 0 env AWS_ACCESS_KEY_ID=me AWS_SECRET_ACCESS_KEY=mine AWS_SESSION_TOKEN=token "$program" run \
    --endpoint "$url" --seed 1 --progress none --filter 'id.length.*' --filter 'id.type.*' --filter 'id.pattern.escape.*' --report "json:$work/curl.json"
  expect "curl lines" 0 env AWS_ACCESS_KEY_ID=me AWS_SECRET_ACCESS_KEY=mine AWS_SESSION_TOKEN=token python3 scripts/junit_corpus.py curl "$work/curl.json"
  cat "$work/out"
  expect "curl lines with other keys" 1 env AWS_ACCESS_KEY_ID=me AWS_SECRET_ACCESS_KEY=yours AWS_SESSION_TOKEN=token python3 scripts/junit_corpus.py curl "$work/curl.json"
  says "other keys are refused" "InvalidSignatureException"
  hang_up
else
  echo "skipped: curl lines (curl is not installed)"
fi

# What to do next works when pasted. next WHAT LABEL STATUS: the last summary's line of that label, executed.
next() {
  sed -n '/^Next:$/,$p' "$work/summary" | sed -n "s/^  $2 *//p" | head -n 1 >"$work/next.sh"
  if [ ! -s "$work/next.sh" ]; then bad "$1: there is no '$2' in: $(sed -n '/^Next:$/,$p' "$work/summary")"; return; fi
  expect "$1" "$3" env -C "$work" BROWSER=cat sh "$work/next.sh"
}
summary() { # WHAT STATUS COMMAND…
  expect "$@"
  cp "$work/out" "$work/summary"
}
summary "a red run" 1 "$program" run --seed 1 --tier smoke --progress none --deviation id-max-256 --report "html:$work/a page.html"
next "the replay of a failure" replay 1
says "it is the failure" "verdict: fail"
if grep -q '^Next:' "$work/out"; then bad "a replay says what to do next"; else ok; fi
next "the requirement of a failure" explain 0
says "it is explained" "An Id longer than 255 characters is refused"
next "the page of a run" open 0
says "it is the page" "<!DOCTYPE html>"
summary "a red run without a page" 1 "$program" run --seed 1 --tier smoke --progress none --deviation id-max-256
next "the run with reports" report 1
if [ -s "$work/report/report.html" ]; then ok; else bad "no page in report/"; fi
summary "a green smoke run" 0 "$program" run --seed 1 --tier smoke --progress none
next "the rest of the cases" more 0
summary "a green run" 0 "$program" run --seed 1 --progress none --filter 'id.length.*'
if grep -q '^Next:' "$work/summary"; then bad "a green run says what to do next"; else ok; fi
listening "$program" serve --port 0
gone=$url
hang_up
summary "an endpoint that is not there" 3 "$program" run --endpoint "$gone" --seed 1 --tier smoke --progress none
next "knocking" look 7
sh -c "sleep 0.5; exec \"$program\" serve --port ${gone##*:}" >"$work/serve" 2>&1 &
server=$!
next "waiting" wait 0
says "it is tested then" "The endpoint conforms in all that applies to it here."
hang_up
listening "$program" serve --port 0 --deviation refuses-everything
summary "sessions that stay" 1 "$program" run --endpoint "$url" --seed 1 --progress none --filter 'delete.plain.*' --ledger "$work/left.jsonl"
next "a sweep" sweep 1
says "it was tried" "Something is left behind."
hang_up

# On a terminal prose fits the width, and no command is cut; in a log all lines are whole.
on_terminal() { # COLUMNS COMMAND…
  python3 - "$@" <<'PY'
import fcntl, os, pty, struct, sys, termios
columns, command = int(sys.argv[1]), sys.argv[2:]
pid, terminal = pty.fork()
if pid == 0:
    os.environ.pop("COLUMNS", None)
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    os.execv(command[0], command)
out = b""
try:
    while piece := os.read(terminal, 65536):
        out += piece
except OSError:
    pass
sys.stdout.buffer.write(out.replace(b"\r\n", b"\n"))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
PY
}
for columns in 60 80 120; do
  expect "a terminal of $columns columns" 1 on_terminal $columns "$program" run --seed 1 --tier smoke --color never \
    --filter 'id.*' --deviation id-max-256 --deviation id-lower-cased
  cp "$work/out" "$work/terminal"
  expect "at $columns columns prose fits and commands are whole" 0 python3 - $columns "$work/terminal" <<'PY'
import re, sys, unicodedata
most, text = int(sys.argv[1]), open(sys.argv[2], encoding="utf-8", newline="").read()
wide = lambda line: sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
lines = [part for line in text.split("\n") for part in line.replace("\x1b[K", "").split("\r")]
bars = [line for line in lines if line.startswith("[")]
if not bars or max(map(len, bars)) >= most:
    sys.exit(f"bars: {bars[:2]}")
commands = [line for line in lines if re.match(r" +(replay|explain|serve|curl|story|bytes|report) ", line)]
if not any(re.match(r"  replay .* --deviation id-lower-cased$", line) for line in commands):
    sys.exit(f"a command is cut: {commands[-3:]}")
for line in lines:
    # One word may be longer than the terminal is wide.
    if line not in commands and wide(line) > most and " " in line.strip():
        sys.exit(f"too long: {line!r}")
PY
done

printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
