#!/bin/sh
# Fuzzes with libFuzzer, under the address and undefined-behaviour sanitizers: sh scripts/fuzz.sh [SECONDS [TARGET…]],
# by default 60 seconds for each of the targets in fuzz/. It starts from fuzz/corpus; what it learns beyond that stays
# in build/fuzz/corpus, and an input that fails is left in build/fuzz and named. Needs clang. (ctest runs the same
# targets without it, on the corpus and a fixed number of mutations.)
set -eu
cd "$(dirname "$0")/.."
all_targets=$(ls fuzz/*_fuzz.cpp | sed 's|^fuzz/||; s|_fuzz\.cpp$||')
seconds=${1:-60}
[ "$#" -gt 0 ] && shift
usage() { echo "usage: sh scripts/fuzz.sh [SECONDS [TARGET...]]; targets: $(echo $all_targets)" >&2; exit 2; }
case $seconds in
  '' | *[!0-9]*) usage ;;
esac
for target in "$@"; do
  [ -f "fuzz/${target}_fuzz.cpp" ] || usage
done
if ! command -v clang++ >/dev/null 2>&1; then
  echo "skipped: clang++ is not installed (Debian package clang)"
  exit 0
fi
[ "$#" -gt 0 ] || set -- $all_targets
mkdir -p build/fuzz
cmake -S . -B build/fuzz -G Ninja -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_BUILD_TYPE=RelWithDebInfo \
  -DGLUE_CONFORMANCE_FUZZ=ON -DGLUE_CONFORMANCE_TESTS=OFF \
  "-DCMAKE_CXX_FLAGS=-O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all" \
  >build/fuzz/configure.log 2>&1 || { cat build/fuzz/configure.log >&2; exit 1; }
cmake --build build/fuzz --target $(printf '%s_fuzz ' "$@")
for target in "$@"; do
  learnt=build/fuzz/corpus/$target
  mkdir -p "$learnt"
  dictionary=
  [ -f "fuzz/$target.dict" ] && dictionary=-dict=fuzz/$target.dict
  echo "== $target"
  "build/fuzz/${target}_fuzz" -max_total_time="$seconds" -max_len=4096 -timeout=10 $dictionary \
    -artifact_prefix="build/fuzz/$target-" -print_final_stats=1 -verbosity=0 "$learnt" "fuzz/corpus/$target"
done
