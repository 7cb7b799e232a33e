#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright The Breakwater Authors
#
# golden_storm_test.sh ROOT PROGRAM CORE [--write]: a small stress run of a lending market and one of a venue, engine
# and world together, give the same digests for every compiler, optimisation level and instruction set below. PROGRAM
# is the run as users build it; the others are compiled here, but for the rulebooks that do not run in them, which come
# from the library CORE. --write replaces golden_storm.txt by what PROGRAM prints: only for a change of numbers that
# was meant and is said in the changelog.
set -u

usage="usage: golden_storm_test.sh ROOT PROGRAM CORE [--write]"
root=$(cd "${1:?$usage}" && pwd)
program=${2:?$usage}
library=${3:?$usage}
golden="$root/tests/stress/golden_storm.txt"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cd "$root" || exit 1
sources=(tests/stress/{golden_storm,venue_storm_book}.cpp tests/report/small_book.cpp)
sources+=(breakwater/world/{math,random,correlation,mixing,history,price_parameters,prices}.cpp)
sources+=(breakwater/world/{liquidity,chain,reporters,sources,keepers}.cpp)
sources+=(breakwater/world/{options,option_batch,svi,svi_fit,volatility_surface}.cpp)
sources+=(breakwater/stress/{price_model,watched_book,wiring,waiting}.cpp)
sources+=(breakwater/stress/storm{,_feeds,_liquidations,_losses,_waking}.cpp)
sources+=(breakwater/stress/{venue_world,venue_watch,venue_wallets,venue_setup,venue_arrays,risk_array}.cpp)
sources+=(breakwater/stress/{volatility_shock,venue_storm,venue_storm_publish,venue_storm_watch}.cpp)
sources+=(breakwater/stress/venue_storm_{liquidations,resolutions}.cpp)
# All of core but what does not run in this storm: other rulebooks, and what only they use.
idle='/(drift_v2|dydx_v4|aave_v4|euler_v2|exchange_tiers|hyperliquid|deribit_pm)'
# The venue's own integers too, to keep this short: its world, watch and storm are what is in floats.
idle+='|/(maker|morpho_blue|compound_v3|venue|big_integer)|core/margin/'
idle+='|waterfall/(shares|deleveraging|queues|socialisation)'
mapfile -t core < <(find breakwater/core -name '*.cpp' | grep -vE "$idle" | sort)
sources+=("${core[@]}")

# Nine files of a folder in one unit: most of the time goes into headers.
units=()
for folder in tests breakwater/world breakwater/stress breakwater/core; do
    mapfile -t of < <(printf '%s\n' "${sources[@]}" | grep "^$folder/")
    for ((i = 0; i < ${#of[@]}; i += 9)); do
        unit=$work/${folder##*/}-$i.cpp
        printf '#include "%s"\n' "${of[@]:i:9}" >"$unit"
        units+=("$unit")
    done
done

# name | compiler | flags
builds=(
    "gcc-O0-v2|g++|-O0 -march=x86-64-v2"
    "gcc-O3-v4|g++|-O3 -march=x86-64-v4"
    "clang-O0-v4|clang++-19|-O0 -march=x86-64-v4"
    "clang-O3-v2|clang++-19|-O3 -march=x86-64-v2"
)
has_v4=yes
for flag in avx512f avx512bw avx512cd avx512dq avx512vl; do
    grep -q -m1 -w "$flag" /proc/cpuinfo || has_v4=no
done

build() {  # name compiler flags
    mkdir "$work/$1-objects" || return 1
    # shellcheck disable=SC2016,SC2086
    printf '%s\n' "${units[@]}" | xargs -P 2 -I{} bash -c 'source=$1 folder=$2
        shift 2
        "$@" -c "$source" -o "$folder/$(basename "$source").o"' _ {} "$work/$1-objects" \
        "$2" -std=c++23 -ffp-contract=off -I. $3 || return 1
    "$2" "$work/$1-objects"/*.o "$library" -o "$work/$1"
}

failed=0
compared=0
compare() {  # name program
    "$2" >"$work/$1.txt" || { echo "FAILED: $1 does not run"; failed=1; }
    if diff "$golden" "$work/$1.txt"; then
        echo "same: $1"
    else
        echo "FAILED: $1 gives other digests than golden_storm.txt (< expected, > got)"
        failed=1
    fi
    compared=$((compared + 1))
}

if [[ ${4:-} == --write ]]; then "$program" >"$golden"; fi
compare "as users build it" "$program"
for line in "${builds[@]}"; do
    IFS='|' read -r name compiler flags <<<"$line"
    if ! command -v "$compiler" >/dev/null; then
        echo "MISSING: $compiler is not installed, $name was NOT compared"
    elif [[ $name == *-v4 && $has_v4 == no ]]; then
        echo "MISSING: this CPU has no x86-64-v4, $name was NOT run"
    elif build "$name" "$compiler" "$flags"; then
        compare "$name" "$work/$name"
    else
        echo "FAILED: $name does not build"
        failed=1
    fi
done
echo "$compared of $((${#builds[@]} + 1)) builds compared, $(wc -l <"$golden") paths each"
[[ $compared -gt 1 && $failed == 0 ]]
