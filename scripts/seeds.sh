#!/bin/sh
# The deviations that only generated examples find: of 20 seeds, how many find each? At least 19 have to.
set -eu
cd "$(dirname "$0")/.."
program=build/release/glue-conformance
seeds=20
needed=19
failed=0

for deviation in $(sed -n 's/.*{"\([a-z0-9-]*\)",.*/name \1/p; s/.*found_by_generated}.*/found/p' fixtures/reference/deviations.cpp |
  awk '$1 == "name" { name = $2 } $1 == "found" { print name }'); do
  found=0
  seed=1
  while [ "$seed" -le "$seeds" ]; do
    status=0
    "$program" run --deviation "$deviation" --seed "$seed" --filter 'generated.*' --max-shrink-requests 0 \
      --progress none >/dev/null 2>&1 || status=$?
    [ "$status" -eq 1 ] && found=$((found + 1))
    seed=$((seed + 1))
  done
  echo "$deviation: found by $found of $seeds seeds"
  [ "$found" -ge "$needed" ] || failed=1
done
exit "$failed"
