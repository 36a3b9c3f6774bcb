#!/bin/sh
# Profiles from outside: measured, shipped, held to, compared.
set -u
cd "$(dirname "$0")/.."
. scripts/checks.sh

run() { "$program" run --progress none "$@"; }

expect "the reference is measured" 0 "$program" characterize --seed 1 --progress none --output "$work/reference.toml"
says "what was not measured is said" "measured 47 of 50 characteristics; not measured"
expect "what is shipped is what is measured" 0 "$program" profile diff reference "$work/reference.toml"
expect "a run of another seed does the same" 0 run --seed 7 --profile "$work/reference.toml" --report-dir "$work/green"
if grep -q 'NOT HELD' "$work/out"; then bad "all pins are held, and some are said not to be"; else ok; fi
says "the profile is named" "profile: $work/reference.toml, which pins 44 of 55 characteristics"
expect "to standard output" 0 "$program" characterize --seed 1 --progress none --filter 'delete.missing.*'
says "it is the same file" '"missing.session" = "200"'

# What was measured with some cases holds no others: the same endpoint is green with its own profile in any run.
for measured in '--tier smoke' '--filter delete.missing.*'; do
  expect "measured with $measured" 0 "$program" characterize --missing not-found --sessions none --seed 1 --progress none $measured \
    --output "$work/some.toml"
  for asked in smoke standard; do
    expect "the same endpoint, $measured, asked by --tier $asked" 0 run --seed 1 --missing not-found --sessions none \
      --profile "$work/some.toml" --tier $asked
  done
  says "what it was not measured with is counted" "other cases are held to no pin of it"
  expect "another endpoint, $measured" 1 run --seed 1 --missing ok --sessions none --profile "$work/some.toml" --tier standard
  says "is held to it" "FAIL profile."
done
printf 'tier = "quick"\nfilters = ["zzz.*"]\n[characteristics]\n"missing.session" = "200"\n' >"$work/bad.toml"
expect "a tier that there is not" 2 run --profile "$work/bad.toml"
says "is said" "bad.toml:1: tier is smoke, standard or exhaustive"

# Each line that is pinned can fail: by quarters, as one case may be held to two lines that follow each other.
for quarter in 0 1 2 3; do
  awk -v quarter=$quarter '/^"/ { n++; if (n % 4 == quarter) sub(/ = .*/, " = \"999 Other\"") } { print }' "$work/reference.toml" >"$work/other.toml"
  run --seed 1 --profile "$work/other.toml" >"$work/out" 2>"$work/err"
  got=$?
  if [ "$got" -eq 1 ]; then ok; else bad "another profile: exit $got, not 1"; fi
  sed -n 's/^"\(.*\)" = "999 Other"$/profile.\1/p' "$work/other.toml" | sort >"$work/wanted"
  sed -n 's/^FAIL \(profile\.[^ ]*\).*/\1/p' "$work/out" | sort >"$work/got"
  if diff "$work/wanted" "$work/got" >"$work/difference"; then ok; else
    bad "not each line of another profile fails, or more than these"
    cat "$work/difference"
  fi
done

expect "an endpoint that does otherwise" 1 run --seed 1 --profile reference --missing not-found --filter 'delete.missing.*' --report "json:$work/red.json"
says "is said so by the characteristic" "FAIL profile.missing.session  must · observed · Profile"
says "with the line of the profile" "200, as reference:"
says "and whose it is" "measured on"
replay=$(sed -n 's/^ *replay *//p' "$work/out" | head -n 1)
expect "its replay is held to it as well" 1 sh -c "$replay"
expect "its report made again" 0 "$program" report "$work/red.json" --console
says "has the requirement of the profile" "As the profile has it: \"200\""
expect "a run of some cases" 0 run --seed 1 --profile reference --filter 'delete.missing.*' --report "json:$work/some.json"
says "names the pins that nothing was held to" "NOT HELD 43 pins of the profile: id.length.unit, "
expect "its report made again" 0 "$program" report "$work/some.json" --console
says "does as well" "NOT HELD 43 pins of the profile: id.length.unit, "
printf '[characteristics]\n"missing.session" = "200"\n"proxy.framing" = "chunked"\n' >"$work/proxy.toml"
expect "a pin of proxies without one" 0 run --seed 1 --profile "$work/proxy.toml" --filter 'delete.missing.*'
says "is said not to be held" "NOT HELD 1 pin of the profile: proxy.framing: only a run through a proxy"
for shard in 1 2; do
  expect "shard $shard" 0 run --seed 1 --profile reference --filter 'id.type.*' --shard $shard/2 --report "json:$work/part$shard.json"
done
expect "the shards together" 0 "$program" merge "$work/part1.json" "$work/part2.json"
says "hold what either does" "NOT HELD 40 pins of the profile: "
expect "an endpoint whose errors lack a header field" 1 run --seed 1 --profile reference --deviation request-id-missing --filter 'id.type.*'
says "is said so" "FAIL profile.error.headers  must · observed · Profile"
says "with those that it has" "400 SerializationException: content-type, date"
expect "without the profile it conforms" 0 run --seed 1 --missing not-found --filter 'delete.missing.*'
expect "nothing is pinned by what is documented" 0 run --seed 1 --profile documented --missing not-found --filter 'delete.missing.*'
for shard in 1/2 2/2; do
  expect "a shard is held to it" 0 run --seed 1 --profile reference --filter 'body.*' --shard $shard
done

expect "two profiles" 1 "$program" profile diff reference moto-5
says "differ in what a missing session gets" '  + "400 EntityNotFoundException"'
expect "the same profile twice" 0 "$program" profile diff moto-5 moto-5
says "is said to be the same" "pin the same"
expect "a profile that is not there" 2 run --profile nothing.toml
says "those that are shipped are named" "documented, reference, moto-5"
printf '[characteristics]\n"missing.sesion" = "200"\n"json.error" = 400\n' >"$work/bad.toml"
expect "a profile with faults" 2 run --profile "$work/bad.toml"
says "the first" "bad.toml:2: there is no characteristic 'missing.sesion'; did you mean 'missing.session'?"
says "and the second" "bad.toml:3: json.error is a string, or a list of strings"
expect "nobody to be measured" 3 "$program" characterize --endpoint http://127.0.0.1:1 --progress none --output "$work/none.toml"
if [ -e "$work/none.toml" ]; then bad "a profile of nobody"; else ok; fi
expect "the real service without its account" 2 "$program" characterize --endpoint aws
says "the account is asked for" "--sandbox-account"
expect "filters that leave nothing" 2 "$program" characterize --filter 'id.length.max.*.none'
expect "the plan of a measurement" 0 "$program" characterize --dry-run

# A failure of a profile can be accepted, as any other.
"$program" serve --missing not-found >"$work/url" &
server=$!
for _ in $(seq 100); do grep -qs http "$work/url" && break || sleep 0.1; done
url=$(grep -o 'http://[^ ]*' "$work/url")
expect "an endpoint of one's own" 1 run --endpoint "$url" --seed 1 --profile reference --filter 'delete.missing.*' --report "json:$work/own.json"
expect "what it does otherwise is written down" 0 "$program" known-failures init "$work/own.json" --owner team \
  --issue https://example.org/1 --until 2099-01-31 --output "$work/known.toml"
expect "and accepted" 0 run --endpoint "$url" --seed 1 --profile reference --filter 'delete.missing.*' --known-failures "$work/known.toml"

printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
