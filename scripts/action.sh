#!/bin/sh
# The shell parts of action.yml, executed as GitHub executes them: action.sh PROGRAM
set -u
cd "$(dirname "$0")/.."
given=$1
. scripts/checks.sh
program=$given
checkout=$PWD
unset GITHUB_ACTIONS GITHUB_STEP_SUMMARY 2>/dev/null
python3 scripts/pipeline_blocks.py action.yml "$work" >"$work/parts"
if [ "$(wc -l <"$work/parts")" -eq 2 ]; then ok; else bad "action.yml has other parts"; fi
GITHUB_OUTPUT=$work/outputs
export GITHUB_OUTPUT

# part NUMBER WHAT STATUS NAME=VALUE…: the environment is what action.yml says, no more.
part() {
  number=$1 what=$2 wanted=$3
  shift 3
  : >"$GITHUB_OUTPUT"
  expect "$what" "$wanted" env SOURCE="$checkout" PROGRAM="$program" TIER=smoke REPORT_DIR="$work/reports" \
    PROFILE= KNOWN_FAILURES= CONFIG_PROFILE= ARGS= "$@" sh -e "$work/action.$number.sh"
}
gives() { if grep -qxF "$1" "$GITHUB_OUTPUT"; then ok; else bad "the action's output is not $1"; fi; }

part 1 "it is built" 0
gives "program=$checkout/build/release/glue-conformance"
part 2 "the reference endpoint" 0 ENDPOINT=reference
gives "exit-status=0"
if [ -s "$work/reports/junit.xml" ]; then ok; else bad "there is no JUnit report"; fi
part 2 "more options" 0 ENDPOINT=reference ARGS="--filter 'id.length.*' --seed 7"
says "they are taken" "seed 7"
part 2 "an endpoint that does not conform" 1 ENDPOINT=reference ARGS="--deviation id-max-256"
gives "exit-status=1"
part 2 "no endpoint" 2 ENDPOINT=
gives "exit-status=2"
part 2 "known failures that there are not" 2 ENDPOINT=http://127.0.0.1:1 KNOWN_FAILURES="$work/none.toml"
says "the file is named" "none.toml"
part 2 "a profile that there is not" 2 ENDPOINT=reference PROFILE=nonsense
says "it is named" "profile"
part 2 "a configuration without a file" 2 ENDPOINT=reference CONFIG_PROFILE=nightly
says "it is named" "nightly"

printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
