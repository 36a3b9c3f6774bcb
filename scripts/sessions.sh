#!/bin/sh
# Sessions from outside: stories, their scripts and counterexamples, and states that no call makes.
set -u
cd "$(dirname "$0")/.."
. scripts/checks.sh

expect "stories of sessions" 0 "$program" run --seed 1 --filter 'session.*'
says "what no call makes is said" "needs a session in FAILED, which no call makes"

# What passes and what ends.
printf 'old-1\nold-2\nold-3\n' >"$work/ids"
expect "sessions in states that no call makes" 0 "$program" run --seed 1 --filter 'session.ended.*' \
  --session old-1=FAILED --session old-2=TIMEOUT --session old-3=STOPPED --sessions "file:$work/ids"
says "each is deleted" "3 passed"
expect "one that refuses to delete them" 1 "$program" run --seed 1 --filter 'session.ended.*' --deviation failed-refused \
  --session old-1=FAILED --session old-2=TIMEOUT --session old-3=STOPPED --sessions "file:$work/ids"
says "its requirement is named" "FAIL delete.ended"
expect "sessions that are being made and stopped" 0 "$program" run --seed 1 --filter 'session.passing.*' \
  --provisioning-delay 300 --stopping-delay 300
says "what they get is measured" "delete.provisioning.answer"
says "both were seen" "2 passed"
expect "deletions that show late" 0 "$program" run --seed 1 --filter 'session.deleted.*' --deletion-delay 50
says "that is measured" "later"
expect "a state that there is not" 2 "$program" serve --session old=GONE
says "the states are named" "PROVISIONING, READY, FAILED, TIMEOUT, STOPPING, STOPPED"
expect "a state of another endpoint" 2 "$program" run --endpoint http://127.0.0.1:1 --session old=FAILED

expect "a story in words" 0 "$program" explain session.at_once.of_one.c1_d1_g0
says "its calls are in it" " 3. remove \"gc"
expect "what stories measure" 0 "$program" explain delete.linearizable
says "the stories that measure it" "session.at_once.gets_19"

# A failing sequence is a script, and a file.
deviation=origins-twice-undeletable
expect "a sequence that nobody thought of" 1 "$program" run --seed 3 --filter 'generated.session.sequence' \
  --deviation "$deviation" --effect-wait 0.2 --report-dir "$work/report"
says "it is printed as commands" "aws glue create-session --cli-input-json"
says "it was made smaller" "made smaller"
calls=$(grep -c 'aws glue' "$work/out")
if [ "$calls" -le 8 ]; then ok; else bad "the shortest sequence has $calls calls"; fi
if grep -q 'aws glue delete-session' "$work/report/junit.xml"; then ok; else bad "the script is not in the report"; fi
saved=$work/report/counterexamples/generated.session.sequence.json
expect "a sequence fails again" 1 "$program" replay "$saved" --deviation "$deviation" --effect-wait 0.2
says "in one word" "FAILED"
expect "a sequence is fixed" 0 "$program" replay "$saved"
says "in one word" "FIXED"
sed 's/"verb": "remove"/"verb": "destroy"/' "$saved" >"$work/other.json"
expect "a sequence with another call" 2 "$program" replay "$work/other.json"
says "the place is named" "/verb"

# Calls at once.
expect "deletions that fail at once" 1 "$program" run --seed 1 --filter 'session.at_once.deletions_*' \
  --deviation overlapping-deletion-500
says "the script runs them at once" " &  # "
says "one requirement is to blame" "does not conform: 1 requirement failed"
expect "answers that no order explains are no failure" 0 "$program" run --seed 1 --filter 'session.at_once.*' \
  --deviation got-from-cache
says "they are measured" "delete.linearizable        no"

printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
