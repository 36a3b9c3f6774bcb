#!/bin/sh
# The project as Clang builds it, under its sanitizers of addresses and of undefined behaviour: what GCC takes is not all that users
# build with, and what an endpoint sends must not be read beyond its end.
#
#     sh scripts/sanitizers.sh          # all of it: ten minutes
#     sh scripts/sanitizers.sh build    # what CI has time for: the program, and the tests of what speaks, reads and judges
#     sh scripts/sanitizers.sh test     # and these, with a run of the suite
#
# Clang 14 cannot check calls of functions where there are coroutines, and the libraries of Debian have no types for it to check
# virtual calls by: the preset leaves both out.
set -eu
cd "$(dirname "$0")/.."
. scripts/packages.sh
built=build/asan-ubsan
tests="text wire aws oracle generate judge run toml json_reader_fuzz response_reader_fuzz record_fuzz"

# build [TARGET…]: without one, all.
build() {
  build_preset asan-ubsan -DGLUE_CONFORMANCE_WERROR=ON -DGLUE_CONFORMANCE_TESTS=ON
  cmake --build "$built" ${1:+--target "$@"}
}

# The targets of the tests: those of a fuzzer are called as it is.
targets() {
  for test in $tests; do
    case $test in *_fuzz) printf '%s ' "$test" ;; *) printf '%s_test ' "$test" ;; esac
  done
}

case ${1-} in
  build) build glue-conformance $(targets) ;;
  test)
    ctest --test-dir "$built" --output-on-failure -j 2 -R "^($(echo $tests | tr ' ' '|'))\$"
    "$built/glue-conformance" run --no-config --progress none
    ;;
  "")
    build
    ctest --test-dir "$built" --output-on-failure -j 2
    "$built/glue-conformance" run --no-config --progress none --tier exhaustive
    ;;
  *) echo "usage: sh scripts/sanitizers.sh [build|test]" >&2; exit 2 ;;
esac
