#!/bin/sh
# The project as Clang builds it, under its sanitizers of addresses and of undefined behaviour: what GCC takes is not all that users
# build with, and what an endpoint sends must not be read beyond its end.
#
#     sh scripts/sanitizers.sh          # build it, then test all of it: ten minutes
#     sh scripts/sanitizers.sh build
#     sh scripts/sanitizers.sh test     # what CI has time for: without the endpoints that mean harm, which cost three minutes here
#
# Clang 14 cannot check calls of functions where there are coroutines, and the libraries of Debian have no types for it to check
# virtual calls by: the preset leaves both out.
set -eu
cd "$(dirname "$0")/.."
. scripts/packages.sh
built=build/asan-ubsan

build() {
  build_preset asan-ubsan -DGLUE_CONFORMANCE_WERROR=ON -DGLUE_CONFORMANCE_TESTS=ON
  cmake --build "$built"
}

# check TESTS [OPTION…]: as GoogleTest's filter, and of the run.
check() {
  GTEST_FILTER=$1 ctest --test-dir "$built" --output-on-failure -j 2
  shift
  "$built/glue-conformance" run --no-config --progress none "$@"
}

case ${1-} in
  build) build ;;
  test) check '-Endpoint/Hostile.*' ;;
  "")
    build
    check '*' --tier exhaustive
    ;;
  *) echo "usage: sh scripts/sanitizers.sh [build|test]" >&2; exit 2 ;;
esac
