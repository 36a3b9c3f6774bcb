# Which Debian packages the project needs, and how it gets them. Sourced by run and test.

build_packages="g++ cmake ninja-build pkg-config libgtest-dev libgmock-dev nlohmann-json3-dev libcli11-dev libtoml11-dev libfmt-dev
  libpugixml-dev libssl-dev zlib1g-dev libpcre2-dev libvalijson-dev libasio-dev libcpp-httplib-dev librapidcheck-dev"
test_packages="clang clang-format clang-tidy curl libclang-rt-14-dev libxml2-utils make openssl python3 nginx-light haproxy valgrind"

# Prints those of its arguments that are not installed.
missing_packages() {
  for package in "$@"; do
    dpkg-query -W -f='${Status}\n' "$package" 2>/dev/null | grep -q '^install ok installed$' || printf '%s ' "$package"
  done
}

# Installs what is missing of its arguments; where it cannot, says what to install and ends with 2.
ensure_packages() {
  if ! command -v dpkg-query >/dev/null 2>&1; then
    # Not Debian: CMake names what it does not find.
    command -v cmake >/dev/null 2>&1 && command -v ninja >/dev/null 2>&1 && return 0
    echo "This machine has no apt. Install what these Debian packages hold, then try again: $*" >&2
    exit 2
  fi
  missing=$(missing_packages "$@")
  [ -z "$missing" ] && return 0
  if [ "$(id -u)" -eq 0 ]; then
    sudo=""
  elif command -v sudo >/dev/null 2>&1; then
    sudo="sudo"
  else
    echo "Packages are missing and there is no sudo. As root: apt-get install $missing" >&2
    exit 2
  fi
  echo "Installing: $missing" >&2
  if ! { $sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing; } >&2; then
    echo "The packages could not be installed. As root: apt-get install $missing" >&2
    exit 2
  fi
}

# Configures and builds the preset $1; says nothing unless it fails or has work to do.
build_preset() {
  preset=$1
  shift
  if [ ! -f "build/$preset/build.ninja" ] || [ "$#" -gt 0 ]; then
    mkdir -p build
    cmake --preset "$preset" "$@" >"build/configure-$preset.log" 2>&1 || { cat "build/configure-$preset.log" >&2; return 1; }
  fi
}
