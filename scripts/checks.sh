# What the scripts that use the program from outside share. Sourced from the project's folder.

program=$PWD/build/release/glue-conformance
work=$(mktemp -d)
server=
passed=0
failed=0
trap '[ -n "$server" ] && kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
unset AWS_ENDPOINT_URL AWS_ENDPOINT_URL_GLUE AWS_PROFILE AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN 2>/dev/null

ok() { passed=$((passed + 1)); }
bad() {
  failed=$((failed + 1))
  printf 'FAILED: %s\n' "$1"
  [ -s "$work/out" ] && tail -n 15 "$work/out"
  [ -s "$work/err" ] && tail -n 5 "$work/err"
}

# expect WHAT STATUS COMMAND…: the command ends with that status.
expect() {
  what=$1
  status=$2
  shift 2
  "$@" >"$work/out" 2>"$work/err"
  got=$?
  if [ "$got" -eq "$status" ]; then ok; else bad "$what: exit $got, not $status"; fi
}
# says WHAT TEXT: the last command's output (either stream) has the text.
says() { if cat "$work/out" "$work/err" | grep -qF -- "$2"; then ok; else bad "$1: does not say '$2'"; fi; }
