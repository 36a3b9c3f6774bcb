#!/bin/sh
# What a run costs, held against what it cost before; and that the comparison can fail.
set -u
cd "$(dirname "$0")/.."
. scripts/checks.sh

expect "a run is not dearer than recorded" 0 python3 bench/guard.py --program "$program" --save "$work/figures.json"
cat "$work/out"

# each WHAT SCRIPT: the same figures, changed by a line of Python that sees them as f and the record as r.
each() {
  python3 -c "import json
f, r = json.load(open('$work/figures.json')), json.load(open('bench/guard.json'))
$2
json.dump(f, open('$work/f.json', 'w')); json.dump(r, open('$work/r.json', 'w'))"
  expect "$1" 1 python3 bench/guard.py --figures "$work/f.json" --recorded "$work/r.json"
  says "$1: it is named" "DEARER: $3"
}
each "a start that takes half as many more" "f['start'] = 1.5 * r['start']" "instructions until the first example"
each "an example that does" "f['unsigned'] = 1.5 * r['unsigned']" "instructions of an example"
each "a signed one that does" "f['signed'] = 1.5 * r['signed']" "instructions of a signed example"
each "examples that are dearer the more there are" "f['steepness'] *= 1.5" "an example of"
each "memory that grows with them" "f['memory'] *= 1.5" "memory of"
each "a sweep that asks one by one" "f['sweep'] = 5" "CPU of a sweep's request"
expect "a record that there is not" 2 python3 bench/guard.py --figures "$work/figures.json" --recorded "$work/none.json"

printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
