#!/bin/sh
# The run against the real service, rehearsed: names of AWS lead to rehearsal_front.py, which is STS and has the reference
# endpoint behind it. What counts is what arrived there, not what the program says. KEEP=1 leaves all that was written.
set -u
cd "$(dirname "$0")/.."
. scripts/checks.sh

front=$PWD/scripts/rehearsal_front.py
python=$(python3 -c 'import sys; print(sys.executable)')
ours=111122223333
theirs=999988887777
role=arn:aws:iam::$ours:role/rehearsal
glue=glue.us-east-1.amazonaws.com
sts=sts.us-east-1.amazonaws.com
access_key=ASIAREHEARSAL0000001
secret_key=rehearsal/secret+0123456789abcdefghijklm
token=rehearsal/token+0123456789/abcdefghijklmnopqrstuvwxyz/ABCDEFGHIJKLMNOPQRSTUVWXYZ==
own_keys="AWS_ACCESS_KEY_ID=$access_key AWS_SECRET_ACCESS_KEY=$secret_key AWS_SESSION_TOKEN=$token"
prefix=gc5f4d4c6f # what identifiers begin with in a run with --seed 1
started=
trap 'kill $started 2>/dev/null; wait; [ -n "${KEEP:-}" ] || rm -rf "$work"' EXIT
mkdir -p "$work/said" "$work/reports"

# --- the stand-ins ----------------------------------------------------------------------------------------------------

authority() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj "/CN=rehearsal" \
    -keyout "$work/$1.key" -out "$work/$1.pem" 2>/dev/null
}
# certificate NAME AUTHORITY HOST…
certificate() {
  name=$work/$1
  by=$work/$2
  shift 2
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=rehearsal" \
    -keyout "$name.key" -out "$name.csr" 2>/dev/null
  printf 'subjectAltName=DNS:%s\n' "$(printf '%s' "$*" | sed 's/ /,DNS:/g')" >"$name.names"
  openssl x509 -req -in "$name.csr" -CA "$by.pem" -CAkey "$by.key" -CAcreateserial -days 1 -extfile "$name.names" \
    -out "$name.pem" 2>/dev/null
}

# await COMMAND…: until it succeeds; ends the script where it never does.
await() {
  tries=300
  until "$@" 2>/dev/null; do
    tries=$((tries - 1))
    if [ "$tries" -eq 0 ]; then
      echo "waited in vain for: $*" >&2
      exit 1
    fi
    sleep 0.05
  done
}

# stand_ins NAME SERVE_OPTIONS FRONT_OPTIONS CERTIFICATE: `serve` and the front before it. Everything of theirs is in
# $work/NAME; who uses them has the home $work/home/NAME.
stand_ins() {
  there=$work/$1
  mkdir -p "$there" "$work/home/$1/.aws"
  printf '{"key":"%s","secret":"%s","token":"%s","account":"%s","ends":0}\n' \
    "$access_key" "$secret_key" "$token" "$ours" >"$there/keys"
  env $own_keys "$program" serve $2 >"$there/serve" 2>&1 &
  started="$started $!"
  await grep -q '^The reference endpoint' "$there/serve"
  sed -n 's/^The reference endpoint .*:\([0-9]*\)$/\1/p' "$there/serve" >"$there/serve.port"
  "$python" "$front" front "$there" --certificate "$work/${4:-aws}.pem" --key "$work/${4:-aws}.key" \
    --serve "$(cat "$there/serve.port")" $3 >"$there/front" 2>&1 &
  started="$started $!"
  await test -s "$there/port"
}

# become NAME COMMAND…: the program, in an environment of its own, where names of AWS lead to these stand-ins.
become() {
  port=$(cat "$work/$1/port")
  home=$work/home/$1
  shift
  leads=
  for host in $glue $sts $more_hosts; do
    leads="$leads --connect-to $host:443:127.0.0.1:$port --connect-to $host:80:127.0.0.1:$port"
  done
  exec env -i HOME="$home" PATH=/usr/bin:/bin $keys "$program" "$@" $leads --ca-bundle "$work/authority.pem"
}
more_hosts=
keys=$own_keys
# at NAME COMMAND…: the same, to its end. What it says is kept.
at() (
  said=$(mktemp "$work/said/XXXXXX")
  (become "$@") >"$said" 2>"$said.err"
  status=$?
  cat "$said"
  cat "$said.err" >&2
  exit "$status"
)
# by_hand NAME LINE: what the program printed, as somebody would enter it.
by_hand() (
  said=$(mktemp "$work/said/XXXXXX")
  env -i HOME="$work/home/$1" PATH=/usr/bin:/bin $own_keys sh -c "$2" >"$said" 2>"$said.err"
  status=$?
  cat "$said"
  cat "$said.err" >&2
  exit "$status"
)
# printed WORD: what stands behind that word in the last command's output, the first time.
printed() { cat "$work/out" "$work/err" | sed -n "s/^ *$1 *//p" | head -n 1; }
# begin WORD NAME COMMAND…: the same, while the script goes on; `ended WORD` waits for its end.
begin() {
  word=$1
  shift
  (
    (become "$@") >"$work/said/$word" 2>"$work/said/$word.err" &
    echo $! >"$work/$word.pid"
    wait $!
    echo $? >"$work/$word.status"
  ) 2>/dev/null &
  await test -s "$work/$word.pid"
  started="$started $(cat "$work/$word.pid")"
}
ended() {
  tries=1200
  until [ -s "$work/$1.status" ] || [ "$tries" -eq 0 ]; do
    tries=$((tries - 1))
    sleep 0.05
  done
  cat "$work/said/$1"
  cat "$work/said/$1.err" >&2
  return "$(cat "$work/$1.status" || echo 99)"
}
here="--endpoint https://$glue --sandbox-account $ours"
creating="--sessions create --max-sessions 6 --session-role $role"
slow="--authenticate --provisioning-delay 200 --stopping-delay 100 --deletion-delay 50"

# --- what arrived -----------------------------------------------------------------------------------------------------

# calls NAME PATTERN: how many in the log match, by "host operation key became".
calls() { cut -f 2-5 "$work/$1/log" | tr '\t' ' ' | grep -c -- "$2"; }
# holds WHAT CONDITION…: as test has them.
holds() {
  what=$1
  shift
  if [ "$@" ]; then ok; else bad "$what: not $*"; fi
}
sessions() { "$python" "$front" sessions "$(cat "$work/$1/serve.port")" "$work/$1/keys"; }
nothing_to_glue() { holds "$2: nothing is sent to Glue" "$(calls "$1" "^$glue [A-Z]")" -eq 0; }
# made_so_far NAME N: so many sessions were asked for.
made_so_far() { [ "$(calls "$1" CreateSession)" -ge "$2" ]; }
nothing_left() {
  holds "$2: no session is left" "$(sessions "$1")" = ""
  holds "$2: no ledger is left" "$(find "$work/home/$1" -name '*.jsonl' | wc -l)" -eq 0
}

authority authority
authority other_authority
certificate aws authority $glue $sts
certificate untrusted other_authority $glue $sts
certificate misnamed authority $sts glue.eu-west-1.amazonaws.com

# What takes its time begins now.
stand_ins silent "--authenticate" "--sts silent"
begin silent silent run $here $creating
stand_ins plain "$slow" ""
begin plain plain run $here --seed 1 --filter 'auth.*' --filter 'id.*' --report "junit:$work/reports/plain.xml"
stand_ins far "$slow" "--delay 150"
begin far far run $here --seed 1 --rate 0 --filter '!http.keep_alive.many'
stand_ins far_creating "$slow" "--delay 150"
begin far_creating far_creating run $here $creating --seed 1 --rate 0
for profile in rotating turning; do
  stand_ins $profile "" "--verify"
  [ $profile = turning ] && turns="--other $theirs --after 3" || turns=
  cat >"$work/home/$profile/.aws/config" <<END
[profile $profile]
credential_process = $python $front give $work/$profile/keys --account $ours --lasts 12 $turns
END
  keys=
  begin $profile $profile run $here --aws-profile $profile --seed 1 --filter '!auth.*' \
    --filter '!http.keep_alive.many' --rate 11
  keys=$own_keys
done

# --- 1. what is refused before anything is sent -----------------------------------------------------------------------

more_hosts="glue.us-east-1.amazonaws.com. glue.us-east-1.api.aws glue-fips.us-east-1.amazonaws.com
  glue.cn-north-1.amazonaws.com.cn glue.us-gov-west-1.amazonaws.com"
stand_ins refused "--authenticate" ""
for host in $glue GLUE.US-EAST-1.AMAZONAWS.COM $more_hosts; do
  for command in "run" "replay delete.plain.id"; do
    expect "$command without an account at $host" 2 at refused $command --endpoint "https://$host"
    says "$host belongs to AWS" "--sandbox-account ID"
  done
done
expect "no account for aws" 2 at refused run --endpoint aws
keys="$own_keys AWS_ENDPOINT_URL=https://$glue"
expect "no account for an address of the environment" 2 at refused run
keys=$own_keys
for account in '' 12345678901 1234567890123 12345678901x 1111-2222-3333; do
  expect "an account '$account'" 2 at refused run --endpoint "https://$glue" --sandbox-account "$account"
done
expect "an address without TLS" 2 at refused run --endpoint "http://$glue" --sandbox-account $ours
expect "--insecure" 2 at refused run $here --insecure
expect "--no-sign" 2 at refused run $here --no-sign
expect "--sessions auto" 2 at refused run $here --sessions auto
expect "sessions without a bound" 2 at refused run $here --sessions create --session-role $role
expect "sessions without a role" 2 at refused run $here --sessions create --max-sessions 6
expect "sessions without a price" 2 at refused run $here $creating --session-worker-type X.99

# --- 9. --dry-run -----------------------------------------------------------------------------------------------------

expect "--dry-run" 0 at refused run $here $creating --dry-run
for word in cases requests sessions cost; do says "$word are shown" "  $word "; done
says "what it may cost is shown" '$0.44 at most'
expect "--dry-run without an account" 2 at refused run --endpoint aws --dry-run
holds "not one connection" "$(calls refused '')" -eq 0
expect "one that is not refused" 0 at refused run $here --filter delete.plain.id
holds "it connects" "$(calls refused '')" -gt 0
more_hosts=

# --- 2. the wrong account, no word of STS, the wrong server -----------------------------------------------------------

stand_ins other "--authenticate" ""
for command in "run" "replay delete.plain.id"; do
  expect "another account, $command" 2 at other $command --endpoint "https://$glue" --sandbox-account $theirs
  says "both are named" "are of account $ours"
done
holds "STS was asked" "$(calls other 'GetCallerIdentity')" -eq 2
nothing_to_glue other "another account"
for sts_answer in closes garbage refuses; do
  stand_ins $sts_answer "--authenticate" "--sts $sts_answer"
  expect "STS $sts_answer" 3 at $sts_answer run $here
  holds "STS $sts_answer: it was asked" "$(calls $sts_answer "GetCallerIdentity $access_key")" -gt 0
  nothing_to_glue $sts_answer "STS $sts_answer"
done
stand_ins untrusted "--authenticate" "" untrusted
expect "a certificate of another authority" 3 at untrusted run $here
says "the certificate is named" "certificate"
holds "nothing is sent past a certificate of another authority" "$(calls untrusted 'amazonaws.com [A-Z]')" -eq 0
holds "it was tried" "$(calls untrusted 'no-handshake')" -gt 0
stand_ins misnamed "--authenticate" "" misnamed
expect "a certificate of another host" 3 at misnamed run $here
holds "STS had the right one" "$(calls misnamed 'GetCallerIdentity')" -eq 1
nothing_to_glue misnamed "a certificate of another host"

# --- 3. a plain run ---------------------------------------------------------------------------------------------------

stand_ins smoke "$slow" ""
expect "the smoke tier" 0 at smoke run --endpoint aws --region us-east-1 --sandbox-account $ours --seed 1 --rate 200 \
  --report-dir "$work/reports/smoke" --progress counter
says "nothing is charged for" "cost: no session is created"
says "the account is named" "account $ours, "
says "the user is named" "user/rehearsal"
says "where the credentials are from" "credentials: the environment (AWS_ACCESS_KEY_ID)"
says "forged requests are judged" "verifies signatures"
says "it conforms" "The endpoint conforms in all that applies to it here. (exit status 0)"
holds "no session is created or stopped" "$(calls smoke "^$glue \(Create\|Stop\)Session")" -eq 0
holds "many calls" "$(calls smoke "^$glue DeleteSession")" -gt 100
first=$(cut -f 2,3 "$work/smoke/log" | grep "^$glue.[A-Z]" | head -n 1 | cut -f 2)
holds "the first call of Glue" "$first" = ListSessions

# --- 4. what is others' -----------------------------------------------------------------------------------------------

stand_ins alone "--authenticate" ""
expect "the standard tier alone" 0 at alone run $here --tier standard --seed 1 --rate 0
{
  "$python" "$front" foreign "$work/alone/log" $prefix
  printf '%s\n' a b x "$(printf 'x%.0s' $(seq 255))"
} | sort -u >"$work/others"
holds "Ids that may be others'" "$(wc -l <"$work/others")" -gt 10
if "$python" "$front" names "$work/alone/log" "$work/others" >"$work/out"; then bad "none of them is deleted alone"; else ok; fi
stand_ins beside "--authenticate $(sed 's/.*/--session &=READY/' "$work/others")" ""
expect "the standard tier beside others" 4 at beside run $here --tier standard --seed 1 --rate 0
says "what was withheld is said" "may name a session that is there and is not this run's"
holds "most is sent" "$(calls beside "^$glue DeleteSession")" -gt 5000
"$python" "$front" names "$work/beside/log" "$work/others" >"$work/out" || bad "a deletion names a session of others"
sessions beside | sort >"$work/still"
if cmp -s "$work/others" "$work/still"; then ok; else bad "sessions of others are gone"; fi

# --- 5. sessions ------------------------------------------------------------------------------------------------------

stand_ins creating "$slow" ""
expect "a run that creates sessions" 0 at creating run $here $creating --seed 1 --rate 200
made=$(calls creating "CreateSession $access_key passed")
holds "sessions are created" "$made" -gt 2
holds "not more than allowed" "$made" -le 6
for member in "\"Role\":\"$role\"" '"WorkerType":"G.1X"' '"NumberOfWorkers":2' '"Timeout":5' '"IdleTimeout":1' \
  '"Tags":{"created-by":"glue-conformance"}'; do
  quoted=$(printf '%s' "$member" | sed 's/"/\\"/g')
  holds "all have $member" "$(grep CreateSession "$work/creating/log" | grep -cF -- "$quoted")" -eq "$made"
done
nothing_left creating "a run that creates sessions"

# --- 6. throttling ----------------------------------------------------------------------------------------------------

stand_ins throttling "$slow" "--throttle-every 4"
# What sends many requests at once always has a throttled one among them.
expect "every fourth call throttled" 0 at throttling run $here --seed 1 --rate 200 --filter '!http.keep_alive.many' \
  --filter '!http.close.announced.*' --filter '!answer.stable.*'
holds "many were" "$(calls throttling "refused")" -gt 20
expect "sessions, and every fourth call throttled" 0 at throttling run $here $creating --seed 2 --rate 200
holds "not more than allowed were created" "$(calls throttling "CreateSession $access_key passed")" -le 6
nothing_left throttling "throttling"
expect "what is throttled for ever" 4 at throttling run $here --seed 1 --rate 0 --throttle-wait 1 \
  --filter http.keep_alive.many

# --- 8. a run that is broken off --------------------------------------------------------------------------------------

stand_ins broken "$slow" ""
begin interrupted broken run $here $creating --seed 3 --rate 20
await made_so_far broken 3
kill -INT "$(cat "$work/interrupted.pid")"
expect "an interrupt" 130 ended interrupted
nothing_left broken "an interrupt"
before=$(calls broken CreateSession)
begin killed broken run $here $creating --seed 4 --rate 20 --ledger "$work/reports/killed.jsonl"
await made_so_far broken $((before + 3))
kill -KILL "$(cat "$work/killed.pid")"
cp "$work/reports/killed.jsonl" "$work/reports/mirror.jsonl"
expect "a kill" 137 ended killed
holds "sessions are left" "$(sessions broken)" != ""
expect "a sweep without an account" 2 at broken sweep "$work/reports/killed.jsonl"
expect "a sweep of another account" 2 at broken sweep "$work/reports/killed.jsonl" --sandbox-account $theirs
holds "sessions are left still" "$(sessions broken)" != ""
expect "a sweep" 0 at broken sweep "$work/reports/killed.jsonl" --sandbox-account $ours
nothing_left broken "a sweep"

# Somebody else's end of it: Glue is not to be reached any more, and is again later.
stand_ins gone "$slow" "--stop-after 30"
front_of_gone=${started##* }
expect "an endpoint that goes away" 3 at gone run $here $creating --seed 5 --rate 200 --timeout 2
holds "the ledger is left" "$(find "$work/home/gone" -name '*.jsonl' | wc -l)" -eq 1
sweep=$(cat "$work/out" "$work/err" | grep -o '[^ `]*glue-conformance sweep [^`]*' | head -n 1)
holds "sessions are left" "$(sessions gone)" != ""
kill "$front_of_gone"
wait "$front_of_gone" 2>/dev/null
port=$(cat "$work/gone/port")
rm "$work/gone/port"
"$python" "$front" front "$work/gone" --certificate "$work/aws.pem" --key "$work/aws.key" \
  --serve "$(cat "$work/gone/serve.port")" --port "$port" >"$work/gone/front" 2>&1 &
started="$started $!"
await test -s "$work/gone/port"
expect "the printed sweep" 0 by_hand gone "$sweep"
holds "no session is left" "$(sessions gone)" = ""

# --- failures, which print the most -----------------------------------------------------------------------------------

stand_ins failing "--authenticate --deviation id-max-256 --deviation json-bad-escapes" ""
expect "an endpoint that fails" 1 at failing run $here --tier standard --seed 1 --rate 0 --report-dir "$work/reports/failing"
says "a failure has its curl line" "curl -sS"
says "a failure can be replayed" "--sandbox-account $ours"
replay=$(printed replay)
curl=$(printed curl)
expect "the printed replay" 1 by_hand failing "$replay"
says "it is the same case" "id.length.ascii.256"
expect "the printed curl line" 0 by_hand failing \
  "$curl --cacert $work/authority.pem --connect-to $glue:443:127.0.0.1:$(cat "$work/failing/port")"
says "it is answered as the case was" "200 OK"
expect "one that fails with sessions" 1 at failing run $here $creating --seed 1 --rate 0 --filter id.length.ascii.256
replay=$(printed replay)
expect "its printed replay" 1 by_hand failing "$replay"
says "it fails again" "FAIL id.length.max"
holds "no session is left" "$(sessions failing)" = ""
expect "a replay" 1 at failing replay id.length.ascii.256 $here --seed 1
says "both messages are shown" "stimulus: request"
expect "a replay of a forged request" 0 at failing replay auth.signature.first_digit $here --seed 1
stand_ins echoing "$slow" "--echo-every 5"
expect "an endpoint that says everything back" 1 at echoing run $here --seed 1 --rate 200 \
  --report-dir "$work/reports/echoing"
says "what it says is shown" "The canonical string should have been"
stand_ins mirror "" "--echo-every 1"
expect "an endpoint that says nothing else" 3 at mirror run $here --seed 1 --report-dir "$work/reports/mirror"
says "what it says is shown" "InvalidSignatureException"
expect "a sweep at such a one" 3 at mirror sweep "$work/reports/mirror.jsonl" --sandbox-account $ours

# --- 3, 2, 7: what has been running meanwhile -------------------------------------------------------------------------

holds "STS is being asked" "$(calls silent GetCallerIdentity)" -gt 0
if grep -q 'cost: \$0.44 at most: 6 sessions of 2 DPU for 5 minutes' "$work/said/silent.err"; then ok; else
  bad "the price is not said before the first call"
fi
expect "STS says nothing" 3 ended silent
nothing_to_glue silent "STS says nothing"

expect "a plain run" 0 ended plain
count=$(calls plain "^$glue [A-Zn]")
span=$(awk -F '\t' -v glue=$glue '$2 == glue { if (!first) first = $1; last = $1 } END { print int(last - first) }' "$work/plain/log")
holds "it is slow" "$count" -le $((5 * span + 15))
holds "it takes its time" "$span" -gt 5
judged=$(grep -c '<testcase [^>]*name="auth\.' "$work/reports/plain.xml")
holds "forgeries are judged" "$judged" -gt 8

expect "a service that is far away" 0 ended far
expect "sessions far away" 0 ended far_creating
nothing_left far_creating "sessions far away"

expect "credentials that change" 0 ended rotating
used() { awk -F '\t' -v glue=$glue '$2 == glue && $4 != "" { print $4 }' "$work/$1/log" | sort -u; }
holds "several are used" "$(used rotating | wc -l)" -ge 2
# Prints what is used before STS said whose it is.
unverified() {
  awk -F '\t' -v glue=$glue '$3 == "GetCallerIdentity" { known[$4] = 1 }
    $2 == glue && $4 != "" && !known[$4] { print $4 }' "$work/$1/log"
}
holds "STS is asked of each before" "$(unverified rotating)" = ""
holds "none had ended" "$(calls rotating refused)" -eq 0
expect "credentials that turn into another account's" 3 ended turning
holds "STS said so" "$(calls turning GetCallerIdentity)" -ge 4
grep "\"account\": \"$theirs\"" "$work/turning/keys" | sed 's/.*"key": "\([A-Z0-9]*\)".*/\1/' >"$work/turned"
holds "there were some" "$(wc -l <"$work/turned")" -gt 0
holds "nothing is sent with those" "$(used turning | grep -cF -f "$work/turned")" -eq 0

cat >>"$work/home/rotating/.aws/config" <<END
[profile base]
[profile assuming]
role_arn = $role
source_profile = base
END
printf '[base]\naws_access_key_id = %s\naws_secret_access_key = %s\naws_session_token = %s\n' \
  "$access_key" "$secret_key" "$token" >"$work/home/rotating/.aws/credentials"
keys=
expect "the credentials of a role" 0 at rotating run $here --aws-profile assuming --seed 1 --rate 200 --filter 'id.*'
keys=$own_keys
holds "the role is assumed" "$(calls rotating "AssumeRole $access_key")" -eq 1
holds "what assumes it is not used for Glue" "$(calls rotating "^$glue .* $access_key")" -eq 0
holds "STS is asked of the role's" "$(unverified rotating)" = ""

# --- 10. secrets ------------------------------------------------------------------------------------------------------

cat "$work"/*/keys | sed 's/.*"secret": *"\([^"]*\)".*/\1/' >"$work/secrets"
cat "$work"/*/keys | sed 's/.*"token": *"\([^"]*\)".*/\1/' >>"$work/secrets"
sort -u "$work"/*/secrets >>"$work/secrets"
holds "secrets were seen" "$(wc -l <"$work/secrets")" -gt 5000
holds "all that was said is kept" "$(find "$work/said" -type f | wc -l)" -gt 120
holds "reports are kept" "$(find "$work/reports" -name '*.xml' -size +1k | wc -l)" -ge 5
holds "what is looked for is found where it is" "$(grep -rlF -f "$work/secrets" "$work/home" | wc -l)" -eq 1
rm -r "$work/home/rotating/.aws"
grep -rnF -f "$work/secrets" "$work/said" "$work/reports" "$work/home" >"$work/out"
holds "no secret is written down" "$(wc -l <"$work/out")" -eq 0
# But where it was said back it may be shown: what follows it is no secret.
# Hexadecimal lines of the page, and messages that it shortens, are of the same answers, cut where they would say so.
grep -rnF "Credential=" "$work/said" "$work/reports" "$work/home" | grep -v -e "string should have been" -e " bytes …</i>" -e ":[0-9]*:[0-9a-f]\{6\}  " >"$work/out"
holds "no header is written down" "$(wc -l <"$work/out")" -eq 0

printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
