#!/bin/sh
# The project as Clang builds it, under its sanitizers of addresses and of undefined behaviour: what GCC takes is not all that users
# build with, and what an endpoint sends must not be read beyond its end.
#
#     sh scripts/sanitizers.sh          # build it, then test it
#     sh scripts/sanitizers.sh build    # one of both
#     sh scripts/sanitizers.sh test
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

check() {
  # Endpoints that only cost time: two minutes of it, here. The build without sanitizers has them all.
  GTEST_FILTER='-*/deep_arrays:*/deep_objects:*/gzip_bomb' ctest --test-dir "$built" --output-on-failure -j 2
  "$built/glue-conformance" run --no-config --progress none --tier exhaustive
}

case ${1-} in
  build) build ;;
  test) check ;;
  "") build && check ;;
  *) echo "usage: sh scripts/sanitizers.sh [build|test]" >&2; exit 2 ;;
esac
