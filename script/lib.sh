# shellcheck shell=bash
# What the scripts share. Sourced, with the repository's root as the working directory.

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "${0##*/}: $*"
  exit 1
}

# The packages of script/packages that are not installed, one a line.
missing_packages() {
  local package
  while read -r package; do
    case $package in '' | '#'*) continue ;; esac
    [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null) == installed ]] ||
      printf '%s\n' "$package"
  done <script/packages
}

# Installs what is missing, with apt-get, as root or through sudo.
install_packages() {
  local missing as_root=()
  mapfile -t missing < <(missing_packages)
  ((${#missing[@]})) || return 0
  if ((EUID != 0)); then
    command -v sudo >/dev/null || fail "these packages are missing, and there is no sudo to install them: ${missing[*]}"
    as_root=(sudo)
  fi
  say "installing ${missing[*]}"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
}

# Configures a preset and builds it: everything, or the targets named.
build_preset() {
  local preset=$1
  shift
  cmake --preset "$preset"
  cmake --build --preset "$preset" ${1+--target "$@"}
}

# The project's own C++ files.
cpp_files() { git ls-files '*.cpp' '*.hpp'; }
