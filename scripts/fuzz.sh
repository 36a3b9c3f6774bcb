#!/bin/sh
# Fuzzes the oracle's reader for N seconds (60) with libFuzzer, under the address and undefined-behaviour sanitizers.
# What it learns stays in build/fuzz/corpus; a crashing input is left in build/fuzz and named. Needs clang.
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-60}
case $seconds in
  '' | *[!0-9]*) echo "usage: sh scripts/fuzz.sh [SECONDS]" >&2; exit 2 ;;
esac
if ! command -v clang++ >/dev/null 2>&1; then
  echo "skipped: clang++ is not installed (Debian package clang)"
  exit 0
fi
mkdir -p build/fuzz/corpus
cmake -S . -B build/fuzz -G Ninja -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_BUILD_TYPE=RelWithDebInfo \
  -DGLUE_CONFORMANCE_FUZZ=ON -DGLUE_CONFORMANCE_TESTS=OFF \
  "-DCMAKE_CXX_FLAGS=-O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all" \
  >build/fuzz/configure.log 2>&1 || { cat build/fuzz/configure.log >&2; exit 1; }
cmake --build build/fuzz --target json_reader_fuzz
printf '{"Id":"a","RequestOrigin":null}' >build/fuzz/corpus/valid
printf '\357\273\277{"\\u0049d":"\\ud83d\\ude00","x":[1.5e3,{"y":[]}]}' >build/fuzz/corpus/free
printf '{\000"\000I\000d\000"\000:\0001\000}\000' >build/fuzz/corpus/utf16
build/fuzz/json_reader_fuzz -max_total_time="$seconds" -max_len=4096 -timeout=10 -dict=fuzz/json.dict \
  -artifact_prefix=build/fuzz/ -print_final_stats=1 build/fuzz/corpus
