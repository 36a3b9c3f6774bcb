#!/bin/sh
# The shell parts of examples/pipelines, executed: each must be green as it is, and red for a mock that deviates. What they
# would install and clone is this checkout.
set -u
cd "$(dirname "$0")/.."
. scripts/checks.sh
checkout=$PWD
unset CI_NODE_INDEX CI_NODE_TOTAL JOB_COMPLETION_INDEX GITHUB_ACTIONS GITHUB_STEP_SUMMARY 2>/dev/null

# What the examples call and is not here.
mkdir "$work/bin"
cat >"$work/bin/git" <<EOF
#!/bin/sh
[ "\$1" = clone ] && exec ln -sfn "$checkout" glue-conformance
EOF
cat >"$work/bin/buildkite-agent" <<EOF
#!/bin/sh
[ "\$1" != annotate ] || cat >annotation.md
EOF
ln -s /bin/true "$work/bin/apt-get"
ln -s "$program" "$work/bin/glue-conformance"
chmod +x "$work/bin/git" "$work/bin/buildkite-agent"

# adapt FILE…: a port that is free, a mock of the wanted color, and no file but in the folder.
adapt() {
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  sed -i "s/4566/$port/g; s,/reports/,./,g" "$@"
  [ "$color" = green ] || sed -i 's/ serve --port/ serve --deviation id-max-256 --port/' "$@"
}
# begin FILE PARTS: a folder for the example, and in it its shell parts, which must be so many.
begin() {
  name=${1%.*}
  folder=$work/$1.$color
  mkdir "$folder"
  python3 scripts/pipeline_blocks.py "examples/pipelines/$1" "$folder" >"$work/parts" || bad "$1: cannot be read"
  adapt "$folder"/*.sh
  if [ "$(wc -l <"$work/parts")" -eq "$2" ]; then ok; else bad "$1: $(wc -l <"$work/parts") shell parts, not $2"; fi
}
# in_folder COMMAND…: what it leaves running ends with it.
in_folder() {
  (cd "$folder" && exec setsid env PATH="$work/bin:$PATH" GLUE_CONFORMANCE_TIER=smoke REPOSITORY=here "$@") \
    >"$work/out" 2>"$work/err" &
  wait $!
  got=$?
  kill -- "-$!" 2>/dev/null
}
# part NUMBER STATUS [NAME=VALUE]…
part() {
  number=$1 wanted=$2
  shift 2
  in_folder "$@" sh -eu "$name.$number.sh"
  if [ "$got" -eq "$wanted" ]; then ok; else bad "$folder, part $number: exit $got, not $wanted"; fi
}
# shards NUMBER NAME=VALUE…  NAME=VALUE… of two shards, separated by --: the worse of the two is of the wanted color.
shards() {
  number=$1 first=$2 second=$3
  shift 3
  worst=0
  for shard in "$first" "$second"; do
    # shellcheck disable=SC2086 # words
    in_folder $shard "$@" sh -eu "$name.$number.sh"
    [ "$got" -le "$worst" ] || worst=$got
  done
  if [ "$worst" -eq "$status" ]; then ok; else bad "$folder, part $number: exit $worst, not $status"; fi
}
there() { for file in "$@"; do if [ -s "$folder/$file" ]; then ok; else bad "$folder: there is no $file"; fi; done; }

for color in green red; do
  status=0
  [ "$color" = green ] || status=1

  begin github-actions.yml 4
  part 1 0
  shards 2 SHARD=1/2 SHARD=2/2 GITHUB_ACTIONS=true GITHUB_RUN_NUMBER=7 GITHUB_STEP_SUMMARY="$folder/summary.md"
  part 3 0
  part 4 "$status"
  there summary.md merged/junit.xml merged/report.html merged/report.json

  begin gitlab-ci.yml 3
  part 1 0
  shards 2 CI_NODE_INDEX=1 CI_NODE_INDEX=2 CI_NODE_TOTAL=2 CI_PIPELINE_IID=7
  part 3 "$status"
  there reports/1/junit.xml reports/2/junit.xml merged/report.html

  begin Jenkinsfile 2
  part 1 0
  part 2 "$status"
  there reports/junit.xml reports/report.html

  begin buildkite.yml 2
  shards 1 BUILDKITE_PARALLEL_JOB=0 BUILDKITE_PARALLEL_JOB=1 BUILDKITE_PARALLEL_JOB_COUNT=2 BUILDKITE_BUILD_NUMBER=7
  part 2 "$status"
  there merged/report.html annotation.md

  begin kubernetes-job.yaml 1
  rm -f "$work/url"
  # shellcheck disable=SC2046 # words
  "$program" serve $([ "$color" = green ] || echo --deviation id-max-256) >"$work/url" &
  server=$!
  for _ in $(seq 100); do grep -qs http "$work/url" && break || sleep 0.1; done
  url=$(grep -o 'http://[^ ]*' "$work/url")
  worst=0
  for index in 0 1 2 3; do
    in_folder ENDPOINT="$url" JOB_COMPLETION_INDEX=$index sh -euc "$(cat "$folder/$name.1.sh")"
    [ "$got" -le "$worst" ] || worst=$got
  done
  kill "$server"
  server=
  if [ "$worst" -eq "$status" ]; then ok; else bad "the indexed job: exit $worst, not $status"; fi
  expect "the records of the pods make one report, $color" "$status" "$program" merge "$folder"/?.jsonl
  says "of all cases" "$([ "$color" = green ] && echo "0 failed" || echo "FAIL id.length.max")"

  folder=$work/make.$color
  mkdir "$folder"
  cp examples/pipelines/Makefile "$folder"
  adapt "$folder/Makefile"
  in_folder make -s conformance
  if [ "$color" = green ]; then wanted=0; else wanted=2; fi # make's own status for a command that failed
  if [ "$got" -eq "$wanted" ]; then ok; else bad "make: exit $got, not $wanted"; fi
  there build/conformance/junit.xml
done

printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
