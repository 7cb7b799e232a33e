#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright The Breakwater Authors
#
# golden_test.sh ROOT [--write]: compiles golden.cpp and the world sources it needs with every
# compiler, optimisation level and instruction set below, runs them, and compares the digests with
# tests/world/golden.txt. --write replaces that file by what the first build prints: only for a
# change of numbers that was meant and is said in the changelog.
set -u

root=$(cd "${1:?usage: golden_test.sh ROOT [--write]}" && pwd)
golden="$root/tests/world/golden.txt"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

sources=(tests/world/golden.cpp)
for name in math random correlation mixing history price_parameters prices calibrate \
        options svi svi_fit option_chain volatility_surface; do
    sources+=("breakwater/world/$name.cpp")
done
rules="-std=c++23 -ffp-contract=off"
speed="-fno-math-errno -fno-trapping-math"  # as breakwater/world/CMakeLists.txt; must not matter

# name | compiler | flags. Without BREAKWATER_NO_DISPATCH a v2 build chooses wider kernels at run
# time.
builds=(
    "gcc-O3-dispatch|g++|-O3 -march=x86-64-v2 $speed"
    "gcc-O3-v2|g++|-O3 -march=x86-64-v2 -DBREAKWATER_NO_DISPATCH $speed"
    "gcc-O0-v2|g++|-O0 -march=x86-64-v2"
    "gcc-O3-v4|g++|-O3 -march=x86-64-v4 $speed"
    "gcc-O0-v4|g++|-O0 -march=x86-64-v4"
    "clang-O3-dispatch|clang++-19|-O3 -march=x86-64-v2 $speed"
    "clang-O3-v2|clang++-19|-O3 -march=x86-64-v2 -DBREAKWATER_NO_DISPATCH"
    "clang-O0-v2|clang++-19|-O0 -march=x86-64-v2"
    "clang-O3-v4|clang++-19|-O3 -march=x86-64-v4 $speed"
    "clang-O0-v4|clang++-19|-O0 -march=x86-64-v4"
)

has_v4=yes
for flag in avx512f avx512bw avx512cd avx512dq avx512vl; do
    grep -q -m1 -w "$flag" /proc/cpuinfo || has_v4=no
done

build() {  # name compiler flags
    local objects=() source object
    for source in "${sources[@]}"; do
        object="$work/$1-$(basename "$source" .cpp).o"
        # shellcheck disable=SC2086
        "$2" $rules $3 -I"$root" -c "$root/$source" -o "$object" || return 1
        objects+=("$object")
    done
    "$2" "${objects[@]}" -o "$work/$1"
}

failed=0
compared=0
for line in "${builds[@]}"; do
    IFS='|' read -r name compiler flags <<<"$line"
    if ! command -v "$compiler" >/dev/null; then
        echo "MISSING: $compiler is not installed, $name was NOT compared"
        continue
    fi
    if [[ $name == *-v4 && $has_v4 == no ]]; then
        echo "MISSING: this CPU has no x86-64-v4, $name was NOT run"
        continue
    fi
    if ! build "$name" "$compiler" "$flags"; then
        echo "FAILED: $name does not build"
        failed=1
        continue
    fi
    "$work/$name" >"$work/$name.txt" || { echo "FAILED: $name does not run"; failed=1; }
    if [[ ${2:-} == --write && $compared == 0 ]]; then cp "$work/$name.txt" "$golden"; fi
    if diff "$golden" "$work/$name.txt"; then
        echo "same: $name"
    else
        echo "FAILED: $name gives other digests than golden.txt (< expected, > got)"
        failed=1
    fi
    compared=$((compared + 1))
done
echo "$compared of ${#builds[@]} builds compared, $(wc -l <"$golden") digests each"
[[ $compared -gt 0 && $failed == 0 ]]
