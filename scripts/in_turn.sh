#!/bin/sh
# Checks of the program from outside, one after the other: in_turn.sh NAME… runs scripts/NAME.sh, each in full, and fails
# if one of them did.
set -u
cd "$(dirname "$0")/.."

failed=
for name in "$@"; do
  printf '\n== %s\n' "$name"
  sh "scripts/$name.sh" || failed="$failed $name"
done
[ -z "$failed" ] || { printf 'FAILED:%s\n' "$failed"; exit 1; }
