#!/bin/sh
# What is installed and packaged, tried as a user has it: from a prefix, from a tarball that is unpacked elsewhere, as a
# Debian package, in the shells, and as a library. With --clean-root also in a Debian root that has nothing else, made by
# debootstrap in CLEAN_ROOT (default: build/clean-root) and kept there for the next time; with --image instead the
# Dockerfile, built by buildah upon that root in the place of debian:12-slim, and the program run in the image.
set -u
cd "$(dirname "$0")/.."
. scripts/checks.sh
folder=$PWD
prefix=$work/prefix

lacks() { printf 'SKIPPED: %s (%s is not installed)\n' "$2" "$1"; }
# is_there COMMAND WHAT
is_there() { command -v "$1" >/dev/null 2>&1 || { lacks "$1" "$2"; return 1; }; }
there() { for file in "$@"; do if [ -s "$file" ]; then ok; else bad "there is no $file"; fi; done; }

. scripts/packages.sh
build_preset release
expect "the packages' parts are built" 0 cmake --build build/release --target packages
expect "it is installed" 0 cmake --install build/release --prefix "$prefix"
there "$prefix/bin/glue-conformance" "$prefix/share/man/man1/glue-conformance.1.gz" \
  "$prefix/share/doc/glue-conformance/LICENSE" "$prefix/share/doc/glue-conformance/examples/pipelines/Makefile"

# ---- one file is enough
expect "the version" 0 "$prefix/bin/glue-conformance" --version
if head -n 1 "$work/out" | grep -qxE 'glue-conformance [0-9]+\.[0-9]+\.[0-9]+'; then ok; else bad "its first line"; fi
if [ -e .git ]; then says "the commit is named" "commit $(git -c safe.directory="$folder" rev-parse HEAD)"; fi
says "the spec table is named" "spec table 1 of AWSGlue.DeleteSession"
mkdir "$work/empty"
cp "$prefix/bin/glue-conformance" "$work/empty/alone"
expect "it runs from an empty folder" 0 sh -c "cd '$work/empty' && env -i ./alone run --tier smoke --progress none"
says "and conforms" "The endpoint conforms"
if [ "$(ls "$work/empty")" = alone ]; then ok; else bad "a run leaves files behind: $(ls "$work/empty")"; fi

# ---- completions and manual page
share=$prefix/share
PATH=$prefix/bin:$PATH
export PATH
for shell in bash:bash-completion/completions/glue-conformance zsh:zsh/vendor-completions/_glue-conformance \
  fish:fish/vendor_completions.d/glue-conformance.fish; do
  is_there "${shell%%:*}" "completion in ${shell%%:*}" || continue
  expect "completion in ${shell%%:*}" 0 python3 scripts/completion_check.py "${shell%%:*}" "$share/${shell#*:}" "$work/shell"
done
gzip -dc "$share/man/man1/glue-conformance.1.gz" >"$work/glue-conformance.1"
if is_there man "the manual page as man shows it"; then
  expect "the manual page" 0 env MANPAGER=cat man -l "$work/glue-conformance.1"
  says "its commands" "known-failures init"
fi
if is_there mandoc "the manual page by mandoc -Tlint"; then
  # A commit that is unknown has no date.
  expect "the manual page is well-formed" 0 sh -c \
    "! mandoc -Tlint -W style '$work/glue-conformance.1' | grep -v 'missing date'"
fi

# ---- packages
rm -rf build/release/packages
expect "packages are made" 0 sh -c "cd build/release && cpack"
tarball=$(ls build/release/packages/*.tar.gz)
package=$(ls build/release/packages/glue-conformance_*.deb)
mkdir "$work/elsewhere"
tar -xzf "$tarball" -C "$work/elsewhere"
expect "the tarball runs where it is unpacked" 0 \
  env -i "$work/elsewhere/$(basename "$tarball" .tar.gz)/bin/glue-conformance" run --tier smoke --progress none
readelf -d "$work/elsewhere"/*/bin/glue-conformance >"$work/out"
if grep -E 'NEEDED|R(UN)?PATH' "$work/out" | grep -qvE 'lib(ssl|crypto|m|c)\.so|ld-linux'; then
  bad "the program of the tarball needs more than the C library and OpenSSL"
else
  ok
fi
there "$work/elsewhere"/*/share/doc/glue-conformance/LICENSE
if is_there dpkg-deb "the .deb"; then
  expect "the package says what it is" 0 dpkg-deb --info "$package"
  for line in "Package: glue-conformance" "libssl3" "Maintainer: " "Section: devel"; do says "of the package" "$line"; done
  expect "the package has its files" 0 dpkg-deb --contents "$package"
  for file in usr/bin/glue-conformance usr/share/man/man1/glue-conformance.1.gz usr/share/doc/glue-conformance/copyright; do
    says "in the package" "./$file"
  done
  if is_there lintian "the .deb by lintian"; then
    expect "lintian finds nothing" 0 lintian --allow-root --fail-on warning build/release/packages/*.deb
  fi
fi

# ---- a GoogleTest program of a user's
example=$share/doc/glue-conformance/examples/cpp
expect "find_package finds it" 0 cmake -G Ninja -S "$example" -B "$work/example" -DCMAKE_PREFIX_PATH="$prefix"
expect "a program with the suite is built" 0 cmake --build "$work/example"
expect "it is green" 0 "$work/example/mock_conformance" --gtest_output="xml:$work/example.xml"
says "with the cases" "DeleteSession/id.length.ascii.256"
there "$work/example.xml"
expect "it is red with a defect" 1 "$work/example/mock_conformance" --defect id-max-256
says "in the test of the case" "[  FAILED  ] DeleteSession/id.length.ascii.256"
says "with the requirement" "id.length.max (must, documented)"
says "with the line that sends it again" "again: glue-conformance replay id.length.ascii.256"
expect "again and in any order" 0 "$work/example/mock_conformance" --gtest_repeat=2 --gtest_shuffle
expect "until the first failure" 1 "$work/example/mock_conformance" --gtest_fail_fast --defect id-max-256
expect "only others" 0 "$work/example/mock_conformance" --gtest_filter='Mock.*' --endpoint http://127.0.0.1:1
expect "an endpoint that is not there" 1 "$work/example/mock_conformance" --endpoint http://127.0.0.1:1
says "that is said" "the endpoint cannot be tested"
expect "AWS is refused" 1 "$work/example/mock_conformance" --endpoint https://glue.us-east-1.amazonaws.com
says "that is said" "belongs to AWS"

# ---- the action's and the image's shell parts
expect "the action's parts" 0 sh scripts/action.sh "$program"

# ---- a Debian that has nothing else
# Fails if there is none to be had, and says why.
make_root() {
  root=${CLEAN_ROOT:-$folder/build/clean-root}
  [ "$(id -u)" -eq 0 ] || { echo "SKIPPED: a clean root (only root can make one)"; return 1; }
  is_there debootstrap "a clean root" || return 1
  [ -f "$root/made" ] && return 0
  mkdir -p "$root"
  if ! debootstrap --variant=minbase bookworm "$root/debian" >"$root/log" 2>&1; then
    echo "SKIPPED: a clean root (debootstrap failed: $(tail -n 1 "$root/log"))"
    return 1
  fi
  touch "$root/made"
}
clean_root() {
  make_root || return
  # A copy, so that the next one is clean as well. It gets what the package depends on by apt.
  clean=$work/clean
  cp -a "$root/debian" "$clean"
  cp /etc/resolv.conf "$clean/etc/" 2>/dev/null
  cp "$package" "$clean/tmp/glue-conformance.deb"
  mkdir "$clean/opt/moved"
  tar -xzf "$tarball" -C "$clean/opt/moved" --strip-components=1
  if ! chroot "$clean" sh -c 'apt-get update -qq && apt-get install -y -qq --no-install-recommends /tmp/glue-conformance.deb' \
    >"$work/out" 2>"$work/err"; then
    if grep -qE 'resolve|Could not connect|timed out' "$work/out" "$work/err"; then
      echo "SKIPPED: the package in a clean root (no network)"
      return
    fi
    bad "the package cannot be installed"
    return
  fi
  expect "the package runs in a clean root" 0 chroot "$clean" glue-conformance run --tier smoke --progress none
  says "and conforms" "The endpoint conforms"
  expect "so does the tarball, beside OpenSSL" 0 \
    chroot "$clean" /opt/moved/bin/glue-conformance run --tier smoke --progress none
  expect "the package is removed without a trace" 0 chroot "$clean" apt-get purge -y -qq glue-conformance
  if find "$clean/usr" -path '*glue*conformance*' | grep -q .; then bad "something is left of it"; else ok; fi
}

# ---- the image
image() {
  is_there buildah "the image" || return
  make_root || return
  BUILDAH_ISOLATION=chroot STORAGE_DRIVER=vfs
  export BUILDAH_ISOLATION STORAGE_DRIVER
  store=$work/images
  of_store() { command=$1; shift; buildah --root "$store/root" --runroot "$store/run" "$command" "$@"; }
  base=$(of_store from scratch)
  cp -a "$root/debian/." "$(of_store mount "$base")/"
  expect "the base is made" 0 of_store commit -q "$base" docker.io/library/debian:12-slim
  git clone -q "$folder" "$work/source"
  expect "the image is built" 0 of_store bud --pull=never --network host -t glue-conformance \
    --build-arg COMMIT="$(git -C "$work/source" log -1 --format='%H %cs')" "$work/source"
  container=$(of_store from --pull=never localhost/glue-conformance)
  expect "its version" 0 of_store run "$container" -- glue-conformance --version
  says "the commit is named" "commit $(git -C "$work/source" rev-parse HEAD)"
  expect "it runs in the image" 0 of_store run "$container" -- glue-conformance run --tier smoke --progress none
  says "and conforms" "The endpoint conforms"
  expect "as nobody of rights" 0 of_store run "$container" -- id -un
  says "but its own user" "conformance"
  expect "what the image runs" 0 of_store inspect --format '{{.OCIv1.Config.Entrypoint}}' "$container"
  says "is the program" "[glue-conformance]"
  of_store rm --all >"$work/out"
}
case ${1-} in
  --clean-root) clean_root ;;
  --image) image ;;
  "") echo "not tried: a clean Debian root, the image (scripts/install.sh --clean-root, --image)" ;;
  *) bad "there is no option $1" ;;
esac

printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
