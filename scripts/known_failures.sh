#!/bin/sh
# Known failures from outside: a gate over an endpoint with a defect, the file written and brought up to date, and the
# example for moto where that is installed.
set -u
cd "$(dirname "$0")/.."
. scripts/checks.sh
export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_DEFAULT_REGION=us-east-1

start() {
  : >"$work/server"
  "$@" >"$work/server" 2>&1 &
  server=$!
  tries=0
  until url=$(grep -o 'http://127[0-9.:]*' "$work/server" | head -n 1) && [ -n "$url" ]; do
    tries=$((tries + 1))
    [ "$tries" -gt 600 ] && { cat "$work/server"; bad "$1 does not start"; return 1; }
    sleep 0.1
  done
}
stop() { kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; server=; }
gate() { "$program" run --endpoint "$url" --seed 1 --filter 'id.*' --progress none "$@"; }
of_new="--owner team --issue https://example.org/issues/1 --until 2099-12-31"
known=$work/known.toml

start "$program" serve --port 0 --deviation id-max-256
expect "an endpoint with a defect" 1 gate --report "json:$work/red.json"
expect "the file is written" 0 "$program" known-failures init "$work/red.json" $of_new --output "$known"
says "what is written is shown" '+[[known]]'
expect "a file that is there is not written over" 2 "$program" known-failures init "$work/red.json" $of_new --output "$known"
expect "with the file the run is green" 0 gate --known-failures "$known" --report-dir "$work/green"
says "what is waived is counted" ' 0 failed, '
says "what is waived is said" 'KNOWN'
says "the sentence says that not all is well" 'known to fail'
if grep -q '<skipped message="known: ' "$work/green/junit.xml"; then ok; else bad "JUnit has no known failure"; fi
if grep -q '"verdict":"known"' "$work/green/report.json"; then ok; else bad "the record has no known failure"; fi
for format in ctrf-report.json summary.md report.html; do
  if grep -q 'nobody has looked into it' "$work/green/$format"; then ok; else bad "$format does not give the reason"; fi
done
expect "a run of another seed is as green" 0 "$program" run --endpoint "$url" --seed 7 --filter "id.*" --progress none --known-failures "$known"
expect "and one of a selection" 0 gate --known-failures "$known" --filter '!id.length.*'
cp "$known" "$work/before.toml"
expect "nothing is to be changed" 0 "$program" known-failures update "$work/green/report.json" "$known"
says "that is said" 'is up to date'
if cmp -s "$known" "$work/before.toml"; then ok; else bad "the file was changed all the same"; fi
# A shard of two knows a part of the cases only.
for index in 0 1; do
  expect "shard $index is green" 0 env GTEST_TOTAL_SHARDS=2 GTEST_SHARD_INDEX=$index "$program" run --endpoint "$url" \
    --seed 1 --filter 'id.*' --progress none --known-failures "$known" --report "json:$work/shard$index.json"
done
expect "the shards are merged as they were" 0 "$program" merge "$work/shard0.json" "$work/shard1.json"
says "the sum has what is known" ' 0 failed, '
stop

start "$program" serve --port 0
expect "a mended endpoint fails the run" 1 gate --known-failures "$known" --report-dir "$work/mended"
says "it is said which entry" "STALE $known:"
says "and what to do" 'remove'
if grep -q '<failure type="conformance.known_failures.up_to_date"' "$work/mended/junit.xml"; then ok; else bad "JUnit does not fail"; fi
expect "what to change is shown" 0 "$program" known-failures update "$work/mended/report.json" "$known" --dry-run
says "it is a difference" '-[[known]]'
if cmp -s "$known" "$work/before.toml"; then ok; else bad "a dry run has written"; fi
expect "and changed" 0 "$program" known-failures update "$work/mended/report.json" "$known"
expect "then the run is green" 0 gate --known-failures "$known"
sed 's/\[\[known\]\]/[[flaky]]/' "$work/before.toml" >"$work/flaky.toml"
expect "what is flaky may pass" 0 gate --known-failures "$work/flaky.toml"

# Whether a requirement still fails, only all of its cases show: of shards, all together.
cat >"$work/requirement.toml" <<'T'
[[known]]
match = "id.pattern.reject"
outcome = "200"
reason = "it is mended"
issue = "https://example.org/issues/1"
owner = "team"
until = 2099-12-31
T
of_requirement() { "$program" run --endpoint "$url" --seed 1 --progress none --known-failures "$work/requirement.toml" "$@"; }
expect "a requirement that does not fail any more" 1 of_requirement
says "is stale" "STALE $work/requirement.toml:1: id.pattern.reject known to fail passes"
cp "$work/requirement.toml" "$work/selection.toml"
expect "a selection of its cases is no reason to fail" 0 of_requirement --filter 'id.pattern.*' --filter '!id.pattern.*a*' --report "json:$work/selection.json"
expect "but is looked at" 0 "$program" known-failures update "$work/selection.json" "$work/selection.toml" $of_new
says "and it is said that none failed" "selection.toml:1: id.pattern.reject may be mended: none of the"
for index in 1 2; do
  expect "part $index alone does not show it" 0 of_requirement --shard $index/2 --report "json:$work/part$index.json"
done
expect "the parts together do" 1 "$program" merge "$work/part1.json" "$work/part2.json"
says "as the whole" "STALE $work/requirement.toml:1: id.pattern.reject known to fail passes"
stop


start "$program" serve --port 0 --deviation fault-500-for-invalid
expect "what fails otherwise fails the run" 1 gate --known-failures "$work/before.toml" --report "json:$work/other.json"
says "it is said what was pinned" 'or, as known ('
cp "$work/before.toml" "$known"
expect "new failures need an owner" 2 "$program" known-failures update "$work/other.json" "$known"
says "that is said" '--owner'
expect "the file follows" 0 "$program" known-failures update "$work/other.json" "$known" $of_new
expect "and the run is green" 0 gate --known-failures "$known"
stop

# What was wrong with answers is pinned too, and another defect of the same requirement is not waived by it.
form() { "$program" run --endpoint "$url" --seed 1 --filter 'id.length.*' --filter 'every.*' --progress none "$@"; }
start "$program" serve --port 0 --deviation content-type-json-1.0
expect "answers with a wrong media type" 1 form --report "json:$work/form.json"
expect "are written down" 0 "$program" known-failures init "$work/form.json" $of_new --output "$work/form.toml"
says "with what is wrong" '"answers (Content-Type: application/x-amz-json-1.0)"'
expect "and waived" 0 form --known-failures "$work/form.toml"
stop
start "$program" serve --port 0 --deviation content-type-missing
expect "answers without any are not" 1 form --known-failures "$work/form.toml"
says "it is said what was pinned" "), answers (Content-Type: application/x-amz-json-1.0)"
sed 's/ (Content-Type.*)"/"/' "$work/form.toml" >"$work/coarse.toml"
expect "but where the kind alone is pinned" 0 form --known-failures "$work/coarse.toml"
stop

printf '[known-failures.init]\nowner = "team"\nissue = "https://example.org/issues/1"\nuntil = "2099-12-31"\n' >"$work/config.toml"
expect "a configuration file may say whose they are" 0 "$program" known-failures init "$work/form.json" --config "$work/config.toml" --output "$work/again.toml"
if cmp -s "$work/again.toml" "$work/form.toml"; then ok; else bad "not what is said on the line"; fi
sed -i 's/^owner/ownr/' "$work/config.toml"
expect "a misspelt key is refused" 2 "$program" known-failures init "$work/form.json" --config "$work/config.toml"
says "with what may be meant" "config.toml:2: 'ownr' is no option of known-failures init; did you mean 'owner'?"

# Nothing of this sends anything: the endpoint is none.
url=http://127.0.0.1:1
cat >"$work/wrong.toml" <<'T'
[[known]]
mtach = "id.length.max"
outcome = ["400 X", "500", "400 X"]
reason = ""
issue = "none"
owner = "team"
until = 2099-12-31
[[flaky]]
match = ["id.length.max", "id.lenght.max"]
outcome = "500"
reason = "r"
issue = "https://example.org/1"
owner = "team"
until = 2020-12-31
T
expect "what is wrong is refused" 2 gate --known-failures "$work/wrong.toml"
for fault in "wrong.toml:1: the entry has no 'match'" "wrong.toml:2: there is no key 'mtach' here; did you mean 'match'?" \
  "wrong.toml:3: outcome '400 X' stands there twice" "wrong.toml:4: 'reason' is empty" "wrong.toml:5: issue 'none'" "wrong.toml:8: the entry has ended on 2020-12-31" \
  "wrong.toml:8: 'id.lenght.max' is unused"; do
  says "all at once" "$fault"
done
expect "a file that is missing" 2 gate --known-failures "$work/none.toml"
expect "no file" 2 gate --known-failures ""
expect "the embedded endpoint has none" 2 "$program" run --known-failures "$work/before.toml"
says "that is said" 'the embedded reference endpoint'
expect "AWS has none" 2 "$program" run --endpoint aws --sandbox-account 123456789012 --known-failures "$work/before.toml"
says "that is said" 'what AWS does is what is held against others'
expect "a run against the embedded endpoint" 1 "$program" run --deviation id-max-256 --filter 'id.length.*' --progress none \
  --report "json:$work/embedded.json"
expect "no file is made of it" 2 "$program" known-failures init "$work/embedded.json" $of_new
expect "nor brought up to date by it" 2 "$program" known-failures update "$work/embedded.json" "$work/before.toml"

if command -v moto_server >/dev/null 2>&1; then
  start moto_server -H 127.0.0.1 -p 0
  version=$(python3 -c 'import moto; print(moto.__version__)')
  moto() {
    "$program" run --endpoint "$url" --seed 1 --filter '!http.*' --filter '!body.*' --filter '!generated.*' --progress none \
      --known-failures examples/known-failures/moto-5.toml --endpoint-version "$1"
  }
  case $version in
    5.*)
      expect "moto with its known failures" 0 moto "$version"
      says "what is waived is said" 'KNOWN'
      tail -n 2 "$work/out"
      ;;
    *) printf 'skipped: moto is %s, and the example is of 5\n' "$version" ;;
  esac
  stop
else
  printf 'skipped: moto_server is not installed: its known failures are not tried\n'
fi

printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
