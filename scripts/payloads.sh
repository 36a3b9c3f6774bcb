#!/bin/sh
# Tiers, generated examples and counterexamples, from outside.
set -u
cd "$(dirname "$0")/.."
. scripts/checks.sh

expect "the smoke tier" 0 "$program" run --seed 1 --tier smoke
expect "every code point of Id" 0 "$program" run --seed 1 --tier exhaustive --filter 'id.alphabet.*'
expect "a range of them that is refused" 1 "$program" run --seed 1 --tier exhaustive --filter 'id.alphabet.allowed' --deviation id-c1-refused
says "the range is named" "32 of 1112031 characters, U+0080..U+009F: 400 ValidationException"
expect "an exhaustive case is not in the standard tier" 2 "$program" run --filter 'id.alphabet.*'
says "the tier that it is in" "--tier exhaustive"
expect "an unknown tier is a usage error" 2 "$program" run --tier all

deviation=id-combining-after-astral-500
expect "generated examples find what no named case does" 1 \
  "$program" run --seed 3 --filter 'generated.request.valid' --deviation "$deviation" --report-dir "$work/report"
saved=$work/report/counterexamples/generated.request.valid.json
says "the replay command names the file" "replay $saved"
says "it was made smaller" "made smaller"
if [ -s "$saved" ]; then ok; else bad "the counterexample is saved"; fi
cp "$saved" "$work/first.json"
expect "the same seed" 1 "$program" run --seed 3 --filter 'generated.request.valid' --deviation "$deviation" --report-dir "$work/report"
if cmp -s "$saved" "$work/first.json"; then ok; else bad "gives the same counterexample"; fi
expect "a counterexample fails again" 1 "$program" replay "$saved" --deviation "$deviation"
says "in one word" "FAILED"
expect "a counterexample is fixed" 0 "$program" replay "$saved"
says "in one word" "FIXED"
expect "a counterexample whose endpoint is gone" 3 "$program" replay "$saved" --endpoint http://127.0.0.1:1
says "in one word" "ERROR"
head -c 200 "$saved" >"$work/cut.json"
expect "a counterexample that is cut off" 2 "$program" replay "$work/cut.json"
expect "a counterexample that is not there" 2 "$program" replay "$work/none.json"

printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
