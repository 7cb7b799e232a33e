# SPDX-License-Identifier: Apache-2.0
# Copyright The Breakwater Authors
#
# The suites of ./test. Each adds to `passed`, `failed` and `skipped`, and names what failed in `failures`.
# shellcheck shell=bash disable=SC2034,SC2154

passed=0 failed=0 skipped=0
failures=()

declare -A about=(
    [release]="all tests, as users build it"
    [dev]="all tests under the address and undefined-behaviour sanitizers"
    [tsan]="stress/ under the thread sanitizer"
    [tidy]="each header alone, and clang-tidy over breakwater/ and apps/"
    [fuzz]="fuzzers over their stored corpus"
    [coverage]="which lines of breakwater/ the tests reach"
)

heading() { printf '\n== %s ==\n' "$*"; }

pass() { passed=$((passed + 1)); }
note_failure() {
    failed=$((failed + 1))
    failures+=("$1")
}

# prepare PRESET [TARGET...]: configured with tests, and built.
prepare() {
    local preset=$1
    shift
    configure "$preset" -DBREAKWATER_TESTS=ON && build "$preset" "$@" && return 0
    note_failure "$preset: does not build"
    return 1
}

# count_junit FILE SUITE: adds what a run of CTest has written.
count_junit() {
    local file=$1 suite=$2 total bad not_run
    if [[ ! -s $file ]]; then
        note_failure "$suite: no test was run"
        return
    fi
    total=$(grep -om1 'tests="[0-9]*"' "$file" | tr -dc 0-9)
    bad=$(grep -om1 'failures="[0-9]*"' "$file" | tr -dc 0-9)
    not_run=$(grep -om1 'skipped="[0-9]*"' "$file" | tr -dc 0-9)
    passed=$((passed + total - bad - not_run))
    failed=$((failed + bad))
    skipped=$((skipped + not_run))
    [[ $total -gt 0 ]] || note_failure "$suite: no test was found"
    local name
    while IFS= read -r name; do failures+=("$suite: $name"); done < <(
        sed -n 's/.*<testcase name="\([^"]*\)".*status="fail".*/\1/p' "$file")
}

# ctest_in SUITE DIRECTORY [ARGUMENT...]
ctest_in() {
    local suite=$1 directory=$2
    shift 2
    local junit=$root/build/junit-$suite.xml
    rm -f "$junit"
    "${ctest_wrapper[@]}" ctest --test-dir "$directory" -j "$(nproc)" --output-on-failure --no-tests=error \
        --output-junit "$junit" "$@"
    count_junit "$junit" "$suite"
}
ctest_wrapper=()

suite_release() {
    prepare release || return
    if [[ -n ${TEST_NAME:-} ]]; then
        ctest_in release "$root/build/release" -R "$TEST_NAME"
        return
    fi
    ctest_in release "$root/build/release"
    tell_release
}

# What must be seen even where all is well: which conformance files were replayed, what was not compared, and what was
# skipped.
tell_release() {
    local junit=$root/build/junit-release.xml
    [[ -s $junit ]] || return
    grep -oE '[A-Za-z0-9_.-]+: [0-9]+ cases, [0-9]+ passed, [0-9]+ failed|(SKIPPED|MISSING): .*' "$junit"
    sed -n 's/.*<testcase name="\([^"]*\)".*status="notrun".*/skipped: \1/p' "$junit"
}

# Left out: what compiles by itself (the golden hash), reads the tree only (tidy_test), or is marked slow.
suite_dev() {
    prepare dev || return
    ctest_in dev "$root/build/dev" -LE 'slow|golden' -E '^(world_golden|tidy_test)'
}

# The thread sanitizer wants addresses where it expects them, and knows nothing of how oneTBB synchronises inside.
suite_tsan() {
    prepare tsan tests/stress/all || return
    local machine
    machine=$(uname -m)
    if setarch "$machine" -R true 2>/dev/null; then ctest_wrapper=(setarch "$machine" -R); fi
    TSAN_OPTIONS="suppressions=$root/scripts/tsan.supp halt_on_error=1 ${TSAN_OPTIONS:-}" \
        ctest_in tsan "$root/build/tsan/tests/stress" -LE 'slow|golden'
    ctest_wrapper=()
}

# Ten files of a folder at a time: nearly all of what clang-tidy costs is reading headers again.
suite_tidy() {
    configure clang -DBREAKWATER_TESTS=ON -DBREAKWATER_HEADER_CHECK=ON -DBREAKWATER_UNITY=ON ||
        { note_failure "tidy: cannot be configured"; return; }
    if build clang header_check; then pass; else note_failure "tidy: a header does not compile alone"; fi
    local logs=$root/build/clang-tidy
    rm -rf "$logs" && mkdir -p "$logs"
    local units
    mapfile -t units < <(sed -nE 's/^ *"file": "(.*\.(cpp|cxx))",?$/\1/p' "$root/build/clang/compile_commands.json" |
        grep -E "^($root|$root/build/clang)/(breakwater|apps)/" | sort -u)
    # shellcheck disable=SC2016
    (cd "$root" && printf '%s\n' "${units[@]}" |
        xargs -P 2 -I{} bash -c 'log=build/clang-tidy/$(basename "$1").$(cksum <<<"$1" | tr -d " ").log
            clang-tidy-19 -p build/clang --quiet --checks=-bugprone-suspicious-include "$1" >"$log" 2>/dev/null &&
            rm "$log"; echo "$1" >>build/clang-tidy/done' _ {})
    local log
    for log in "$logs"/*.log; do
        [[ -e $log ]] || continue
        cat "$log"
        note_failure "tidy: $(grep -m1 -oE '[^ ]+: (error|warning): .*' "$log")"
    done
    local checked
    checked=$(grep -c . "$logs/done")
    if [[ $checked -eq ${#units[@]} && $checked -gt 0 ]]; then
        pass
    else
        note_failure "tidy: only $checked of ${#units[@]}"
    fi
    printf 'clang-tidy: %d units\n' "${#units[@]}"
}

# FUZZ_SECONDS=60 ./test --all  searches that long with each fuzzer after its corpus.
suite_fuzz() {
    if ! configure fuzz || ! build fuzz; then
        note_failure "fuzz: does not build"
        return
    fi
    local fuzzer name corpus log found=0
    for fuzzer in "$root"/build/fuzz/fuzz/fuzz_*; do
        [[ -f $fuzzer && -x $fuzzer ]] || continue
        found=1
        name=$(basename "$fuzzer")
        corpus=$root/fuzz/corpus/${name#fuzz_}
        log=$root/build/$name.log
        if [[ ! -d $corpus ]]; then
            note_failure "fuzz: $name has no corpus"
        elif (mkdir -p "$root/build/$name-found" && cd "$root/build/$name-found" &&
            "$fuzzer" -runs=0 "$corpus" >"$log" 2>&1 &&
            { [[ ${FUZZ_SECONDS:-0} == 0 ]] ||
                "$fuzzer" -max_total_time="$FUZZ_SECONDS" . "$corpus" >>"$log" 2>&1; }); then
            printf '%s: %d inputs\n' "$name" "$(find "$corpus" -type f | wc -l)"
            pass
        else
            tail -n 40 "$log"
            note_failure "fuzz: $name"
        fi
    done
    [[ $found == 1 ]] || note_failure "fuzz: no fuzzer was built"
}

suite_coverage() {
    prepare coverage || return
    local profiles=$root/build/coverage/profiles merged=$root/build/coverage/all.profdata
    rm -rf "$profiles"
    LLVM_PROFILE_FILE="$profiles/%4m.profraw" \
        ctest_in coverage "$root/build/coverage" -LE 'slow|golden' -E '^(world_golden|tidy_test)'
    local program objects=()
    while IFS= read -r program; do objects+=(-object "$program"); done < <(
        find "$root/build/coverage/tests" "$root/build/coverage/apps" -type f -executable ! -path '*/CMakeFiles/*')
    if llvm-profdata-19 merge -sparse "$profiles"/*.profraw -o "$merged" &&
        (cd "$root" && llvm-cov-19 report "${objects[@]}" -instr-profile="$merged" -show-region-summary=false \
            -show-branch-summary=false -sources breakwater) >"$root/build/coverage.txt" 2>&1; then
        grep -E '^(Filename|TOTAL)' "$root/build/coverage.txt"
        printf 'by file: build/coverage.txt\n'
    else
        note_failure "coverage: no summary"
    fi
}
