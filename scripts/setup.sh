# SPDX-License-Identifier: Apache-2.0
# Copyright The Breakwater Authors
#
# Helpers of ./run and ./test: install what is missing, configure and build. Everything they say goes to stderr, so that
# standard output belongs to the program.
# shellcheck shell=bash disable=SC2154

# shellcheck source=scripts/packages.sh
source "$root/scripts/packages.sh"

say() { printf '%s\n' "$*" >&2; }
fail() {
    say "breakwater: $*"
    exit 1
}

# Prints those of the packages that are not installed. One call of dpkg-query, no package manager.
missing_packages() {
    local installed package
    # The command fails where a package is unknown; what it knows it prints all the same.
    installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null || true)
    for package in "$@"; do
        grep -qxF "installed $package" <<<"$installed" || printf '%s\n' "$package"
    done
}

# need PURPOSE PACKAGE...: installs those that are missing, as root or through sudo; says which.
need() {
    local purpose=$1
    shift
    if ! command -v dpkg-query >/dev/null; then
        say "This is not Debian: $purpose needs what Debian calls: $*"
        return 0
    fi
    local missing
    mapfile -t missing < <(missing_packages "$@")
    [[ ${#missing[@]} -gt 0 ]] || return 0

    local as_root=()
    if [[ $EUID -ne 0 ]]; then
        if ! command -v sudo >/dev/null; then
            fail "$purpose needs packages that are not installed, and you are neither root nor have sudo.
Ask an administrator to run:  apt-get install --no-install-recommends ${missing[*]}"
        fi
        as_root=(sudo)
    fi
    say "Installing for $purpose${as_root:+ (through sudo)}: ${missing[*]}"
    local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300)
    local install=("${apt[@]}" install -y --no-install-recommends --no-remove "${missing[@]}")
    # Package lists are fetched only where they do not know a package, or are so old that its file is gone.
    if apt-cache show "${missing[@]}" >/dev/null 2>&1 && "${install[@]}" </dev/null >&2; then return 0; fi
    say "Fetching the package lists (apt-get update)"
    "${apt[@]}" update >&2 || fail "apt-get update failed; see above"
    "${install[@]}" </dev/null >&2 || fail "could not install: ${missing[*]}"
}

# True where build/PRESET is configured for this checkout.
is_configured() {
    local cache=$root/build/$1/CMakeCache.txt
    [[ -f $cache && -f $root/build/$1/build.ninja ]] && grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$cache"
}

# configure PRESET [-DNAME=VALUE...]: only where it was not done; from then on the build does it again when it must.
configure() {
    local preset=$1 option
    shift
    if is_configured "$preset"; then
        local changed=0
        for option in "$@"; do
            option=${option#-D}
            grep -qE "^${option%%=*}:[A-Z]+=${option#*=}\$" "$root/build/$preset/CMakeCache.txt" || changed=1
        done
        [[ $changed == 1 ]] || return 0
    else
        rm -rf "$root/build/$preset" # half configured, or of a checkout that was moved
    fi
    say "Configuring $preset"
    (cd "$root" && cmake --preset "$preset" "$@") >"$root/build/configure-$preset.log" 2>&1 ||
        { cat "$root/build/configure-$preset.log" >&2; return 1; }
}

# build PRESET [TARGET...]: prints the whole output only where it fails, or a progress line to a terminal.
build() {
    local preset=$1
    shift
    local log=$root/build/build-$preset.log
    local command=(ninja -C "$root/build/$preset" -j "$(nproc)" "$@")
    if [[ -t 2 ]]; then
        "${command[@]}" >&2
    else
        "${command[@]}" >"$log" 2>&1 || { tail -n 200 "$log" >&2; return 1; }
    fi
}
