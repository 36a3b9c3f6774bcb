#!/bin/sh
# Against software that the project did not write: moto, the AWS CLI, boto3, botocore's model. What is not installed is
# skipped, saying so.
set -u
cd "$(dirname "$0")/.."
. scripts/checks.sh
skipped=0
export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_DEFAULT_REGION=us-east-1

skip() { skipped=$((skipped + 1)); printf 'skipped: %s\n' "$1"; }
check() { what=$1; shift; if "$@" >"$work/out" 2>&1; then ok; else bad "$what"; fi; }

start() {
  : >"$work/server" # or the URL of the one before could still be read
  "$@" >"$work/server" 2>&1 &
  server=$!
}
stop() { kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; server=; }
# Waits until the server has printed its URL; sets $url.
await_url() {
  tries=0
  until url=$(grep -o 'http://127[0-9.:]*' "$work/server" | head -n 1) && [ -n "$url" ]; do
    tries=$((tries + 1))
    [ "$tries" -gt 600 ] && { cat "$work/server"; return 1; }
    sleep 0.1
  done
}

model=$(python3 -c 'import botocore, glob, os
print((glob.glob(os.path.join(os.path.dirname(botocore.__file__), "data/glue/2017-03-31/service-2.json*")) + [""])[0])' 2>/dev/null)
if [ -n "$model" ]; then
  check "the spec table agrees with botocore's model" "$program" spec check "$model"
else
  skip "botocore is not installed: the spec table is not compared with its model"
fi

if command -v python3 >/dev/null 2>&1; then
  if python3 scripts/credentials_peer.py "$program" >"$work/out" 2>"$work/err"; then ok; else bad "credentials are found elsewhere than botocore finds them"; fi
  if grep -q '^skipped: ' "$work/out"; then skip "botocore is not installed: the credentials that are found are not compared"; fi
  tail -n 1 "$work/out"
else
  skip "python3 is not installed: the credentials that are found are not compared"
fi

if command -v moto_server >/dev/null 2>&1; then
  start moto_server -H 127.0.0.1 -p 0
  if await_url; then
    # All of it is run by scripts/known_failures.sh, with what is known to fail.
    "$program" run --endpoint "$url" --seed 1 --filter 'id.*' --filter 'origin.length.*' --filter 'origin.ascii.*' --report-dir "$work/moto" >"$work/out" 2>"$work/err"
    status=$?
    if [ "$status" -eq 1 ]; then ok; else bad "a run against moto ends with $status, not 1"; tail -n 30 "$work/out"; fi
    for requirement in id.length.max id.pattern.reject origin.length.max origin.pattern.reject; do
      if grep -q "FAIL.*$requirement" "$work/out"; then ok; else bad "moto does not fail $requirement"; fi
    done
    if [ -s "$work/moto/junit.xml" ]; then ok; else bad "no report of the run against moto"; fi
    tail -n 3 "$work/out"
    printf '[profile p]\nrole_arn = arn:aws:iam::123456789012:role/r\ncredential_source = Environment\n' >"$work/config"
    check "a role of moto's STS is assumed, and it says whose credentials these are" \
      env AWS_CONFIG_FILE="$work/config" AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_ENDPOINT_URL_STS="$url" \
      "$program" credentials --aws-profile p --verify
    if grep -q '^arn  *arn:aws:sts::[0-9]*:assumed-role/r/glue-conformance-' "$work/out"; then ok; else bad "no arn of an assumed role"; fi
  else
    bad "moto_server does not start"
  fi
  stop
else
  skip "moto_server is not installed: no run against moto"
fi

# With its access control on, after the three actions that make an account.
if command -v moto_server >/dev/null 2>&1 && python3 -c 'import boto3' 2>/dev/null; then
  cat >"$work/account.py" <<'P'
import json, sys, boto3
iam = boto3.client("iam", endpoint_url=sys.argv[1])
everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
iam.create_user(UserName="tester")
iam.put_user_policy(UserName="tester", PolicyName="everything", PolicyDocument=json.dumps(everything))
key = iam.create_access_key(UserName="tester")["AccessKey"]
print(key["AccessKeyId"], key["SecretAccessKey"])
P
  INITIAL_NO_AUTH_ACTION_COUNT=3
  export INITIAL_NO_AUTH_ACTION_COUNT
  start moto_server -H 127.0.0.1 -p 0
  unset INITIAL_NO_AUTH_ACTION_COUNT
  await_url || bad "moto_server does not start"
  account=$(python3 "$work/account.py" "$url" 2>"$work/err") || bad "moto makes no account"
  with_secret() {
    AWS_ACCESS_KEY_ID=${account%% *} AWS_SECRET_ACCESS_KEY=$1 "$program" run --endpoint "$url" --seed 1 \
      --filter 'delete.plain.*' --filter delete.echo.plain --progress none --report-dir "$work/account"
  }
  expect "a run against moto, which verifies" 0 with_secret "${account##* }"
  says "it tests what it is to test" "3 planned: 3 passed"
  expect "a run against moto with a wrong secret" 3 with_secret wrong
  says "a wrong secret is explained" "the endpoint refuses the credentials"
  stop
else
  skip "moto_server or boto3 is not installed: no run against access control"
fi

start "$program" serve --port 0 --missing not-found
await_url || bad "serve does not start"
role=arn:aws:iam::123456789012:role/r
if command -v aws >/dev/null 2>&1; then
  cli() { aws --endpoint-url "$url" glue "$@"; }
  check "the AWS CLI creates" cli create-session --id cli-1 --role $role --command Name=glueetl,PythonVersion=3
  check "the AWS CLI lists" sh -c "aws --endpoint-url $url glue list-sessions | grep -q cli-1"
  check "the AWS CLI deletes" sh -c "aws --endpoint-url $url glue delete-session --id cli-1 --request-origin cli | grep -q cli-1"
  if cli delete-session --id cli-1 --request-origin 'a/b' >"$work/out" 2>&1; then bad "the AWS CLI gets no error"; fi
  if grep -q 'ValidationException' "$work/out"; then ok; else bad "the AWS CLI does not see a ValidationException"; fi
  # A failing story is a script that shows the same when it is pasted.
  stop
  start "$program" serve --port 0 --deviation second-deletion-500
  await_url
  "$program" run --endpoint "$url" --seed 1 --filter session.deleted.twice >"$work/out" 2>"$work/err"
  sed -n '/^       story /,/^       [a-z]/p' "$work/out" | sed -n 's/^ *\(story  *\)\{0,1\}\(export\|aws\|wait\)/\2/p' >"$work/story.sh"
  if [ "$(grep -c '^aws glue ' "$work/story.sh")" -ge 3 ]; then ok; else bad "no script of a failing story"; fi
  AWS_MAX_ATTEMPTS=1 sh "$work/story.sh" >"$work/out" 2>&1
  if tail -n 3 "$work/out" | grep -q InternalServiceException; then ok; else bad "the script of a story does not show its failure"; fi
  stop
  start "$program" serve --port 0 --missing not-found
  await_url
else
  skip "the AWS CLI is not installed"
fi
if python3 -c 'import boto3' 2>/dev/null; then
  cat >"$work/boto.py" <<'P'
import sys, boto3
glue = boto3.client("glue", endpoint_url=sys.argv[1])
glue.create_session(Id="boto-\u00e9", Role="arn:aws:iam::123456789012:role/r", Command={"Name": "glueetl"})
assert "boto-\u00e9" in glue.list_sessions()["Ids"]
assert glue.get_session(Id="boto-\u00e9")["Session"]["Status"] == "READY"
assert glue.delete_session(Id="boto-\u00e9")["Id"] == "boto-\u00e9"
try:
    glue.delete_session(Id="boto-\u00e9")
    raise SystemExit("no exception for a missing session")
except glue.exceptions.EntityNotFoundException:
    pass
try:
    glue.delete_session(Id="x" * 256)
    raise SystemExit("no exception for a long Id")
except glue.exceptions.ValidationException:
    pass
try:
    glue.create_session(Id="twice", Role="arn:aws:iam::123456789012:role/r", Command={"Name": "glueetl"})
    glue.create_session(Id="twice", Role="arn:aws:iam::123456789012:role/r", Command={"Name": "glueetl"})
    raise SystemExit("no exception for a session that exists")
except glue.exceptions.AlreadyExistsException:
    pass
P
  check "boto3 gets typed exceptions" python3 "$work/boto.py" "$url"
  stop
  for token in '' 'to/ken+=='; do
    export AWS_SESSION_TOKEN="$token"
    start "$program" serve --port 0 --authenticate
    unset AWS_SESSION_TOKEN
    await_url || bad "serve --authenticate does not start"
    cat >"$work/signing.py" <<'P'
import sys, boto3
from botocore.exceptions import ClientError
def glue(secret="test", token=sys.argv[2] or None, region="us-east-1", key="test"):
    return boto3.client("glue", endpoint_url=sys.argv[1], aws_access_key_id=key, aws_secret_access_key=secret,
                        aws_session_token=token, region_name=region)
def refused(client):
    try:
        client.delete_session(Id="a-\u00e9", RequestOrigin="o")
    except ClientError as error:
        return error.response["Error"]["Code"]
    return "carried out"
glue().create_session(Id="a-\u00e9", Role="arn:aws:iam::123456789012:role/r", Command={"Name": "glueetl"})
assert refused(glue(secret="tes")) == "InvalidSignatureException"
assert refused(glue(region="eu-west-1")) == "InvalidSignatureException"
assert refused(glue(key="other")) == "UnrecognizedClientException"
assert refused(glue(token="other")) == "UnrecognizedClientException"
assert glue().list_sessions()["Ids"] == ["a-\u00e9"]
assert refused(glue()) == "carried out"
assert glue().list_sessions()["Ids"] == []
P
    check "boto3 is known by its signature, and nobody else is" python3 "$work/signing.py" "$url" "$token"
    stop
  done
else
  skip "boto3 is not installed"
fi
stop

if [ ! -x build/release/signing_peer ]; then
  skip "signing_peer is not built: the signatures are not compared with botocore's"
elif ! python3 -c 'import botocore' 2>/dev/null; then
  skip "botocore is not installed: the signatures are not compared with its own"
else
  check "signatures are those of botocore" python3 scripts/signing_peer.py build/release/signing_peer
  tail -n 1 "$work/out"
fi

if [ ! -x build/release/sdk_view_peer ]; then
  skip "sdk_view_peer is not built: what an SDK sees of answers is not compared with botocore"
elif ! python3 -c 'import botocore' 2>/dev/null; then
  skip "botocore is not installed: what it sees of answers is not compared"
else
  check "answers are seen as botocore sees them" python3 scripts/sdk_view.py build/release/sdk_view_peer
fi

if command -v python3 >/dev/null 2>&1; then
  if python3 scripts/dialects.py "$program" >"$work/out" 2>"$work/err"; then ok; else bad "a dialect is not what its SDK sends"; fi
  sed -n 's/^skipped: //p' "$work/out" >"$work/skipped"
  while IFS= read -r what; do skip "$what: its dialect is not compared"; done <"$work/skipped"
  tail -n 1 "$work/out"
else
  skip "python3 is not installed: the dialects are not compared with the SDKs"
fi

printf '%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ]
