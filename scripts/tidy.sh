#!/bin/sh
# clang-tidy over the sources that the last 15 commits changed, or with --all over every one: an analysis of them all takes
# longer than the rest of ./test, and what is older was analysed when it was changed. What passed is remembered by content,
# headers included.
set -eu
cd "$(dirname "$0")/.."
if ! command -v clang-tidy >/dev/null 2>&1; then
  echo "skipped: clang-tidy is not installed"
  exit 0
fi
headers=$(git ls-files '*.h' .clang-tidy | xargs cat | sha256sum)
mkdir -p build/tidy
check() {
  key=$(printf '%s%s' "$2" "$(cat "$1")" | sha256sum | cut -c1-40)
  [ -f "build/tidy/$key" ] && return 0
  clang-tidy -p build/release --quiet --extra-arg=-Wno-unknown-warning-option --extra-arg=-Wno-sign-conversion "$1" 2>build/tidy/err.$$ && : >"build/tidy/$key"
}
if [ "${1-}" = --one ]; then
  check "$2" "$3"
  exit
fi
sources='harness/*.cpp reports/*.cpp suites/*.cpp fixtures/*.cpp'
which="every source"
set -f # git takes the patterns
if [ "${1-}" != --all ] && git rev-parse -q --verify HEAD~15 >/dev/null; then
  which="what the last 15 commits and the working tree changed"
  files=$(git diff --name-only --diff-filter=d HEAD~15 -- $sources)
else
  files=$(git ls-files $sources)
fi
printf '%s\n' "$files" | grep -v '_test\.cpp$' |
  grep -v '^harness/wire/client\.cpp$' | # clang 14 does not compile the coroutines of libstdc++ 12
  xargs -P 2 -I{} sh scripts/tidy.sh --one {} "$headers"
rm -f build/tidy/err.*
echo "clang-tidy holds for $which"
