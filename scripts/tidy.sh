# clang-tidy over the sources of the build in build/release, tests aside: those that it compiles together are analysed together,
# so that what they share is read once. What passed is remembered by content, headers included.
set -eu
cd "$(dirname "$0")/.."
if ! command -v clang-tidy >/dev/null 2>&1; then
  echo "skipped: clang-tidy is not installed"
  exit 0
fi
. scripts/clang_coroutines.sh
mkdir -p build/tidy
check() {
  key=$(printf '%s%s' "$2" "$(cat $(sed -n 's/^#include "\(.*\.cpp\)"$/\1/p' "$1") "$1")" | sha256sum | cut -c1-40)
  [ -f "build/tidy/$key" ] && return 0
  # A file of the build's own making includes sources, and nothing else does.
  case $1 in */Unity/*) checks=--checks=-bugprone-suspicious-include ;; *) checks= ;; esac
  set -- "$1" "$key" $checks
  file=$1 key=$2
  shift 2
  for flag in $clang_coroutines; do set -- "$@" "--extra-arg=$flag"; done
  clang-tidy -p build/release --quiet "$@" --extra-arg=-Wno-unknown-warning-option --extra-arg=-Wno-sign-conversion \
    --extra-arg=-Wno-unused-command-line-argument "$file" \
    2>"build/tidy/err.$key" && : >"build/tidy/$key" || { cat "build/tidy/err.$key" >&2; return 1; }
  rm -f "build/tidy/err.$key"
}
if [ "${1-}" = --one ]; then
  check "$2" "$3"
  exit
fi
headers=$(git ls-files '*.h' .clang-tidy | xargs cat | sha256sum)
# Of the build's own files those that hold sources count; of the project's, those that are compiled by themselves.
sed -n 's/^ *"file": "\(.*\)",\{0,1\}$/\1/p' build/release/compile_commands.json |
  grep -vE '_test\.dir/|_test\.cpp$|/embedded/|/(fuzz|bench|packaging|testing)/|/portable\.dir/' | sort -u >build/tidy/sources
[ -s build/tidy/sources ] || { echo "Nothing is configured: cmake --preset release" >&2; exit 1; }
xargs -P 2 -I{} sh scripts/tidy.sh --one {} "$headers" <build/tidy/sources
echo "clang-tidy holds for all $(wc -l <build/tidy/sources) units of the build"
