#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright The Breakwater Authors
#
# Plants one fault at a time into the engine and expects that it is caught: an invariant stops the engine, or the shadow
# of tests/core/shadow.hpp sees a broken promise, or the named test fails. The engine without a fault must pass.
# The engine is compiled once; a mutant compiles the one file that it is planted in.
#
#   tests/mutants/run.sh [PROJECT_ROOT] [MUTANT...]
set -eu

root=$(cd "${1:-$(dirname "$0")/../..}" && pwd)
[ $# -gt 0 ] && shift
compiler=${CXX:-g++}
flags="-std=c++23 -O1 -ffp-contract=off -I$root"
core=$root/breakwater/core
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# mutant, the file that it is planted in, what it does
mutants='
book_001         draft                        a payment takes one unit more from custody
book_002         rulebooks/aave_v3_operations a withdrawal leaves the total of shares as it was
book_003         rulebooks/aave_v3_reserves   the treasury is also minted the whole interest
book_004         rulebooks/aave_v3_reserves   the borrow index of a reserve without debt falls by one unit
book_005         draft                        a deficit is not written down
book_006         rulebooks/aave_v3_operations the borrowing flag stays after the last repayment
aave_003         rulebooks/aave_v3_operations supply mints shares rounded up
aave_004         rulebooks/aave_v3_operations repay burns debt rounded up
aave_013         rulebooks/aave_v3_operations a debtor withdraws without a look at the health factor
aave_015         rulebooks/aave_v3_operations the supply cap is not asked
aave_021         rulebooks/aave_v3_liquidation the close factor holds for small and deep positions too
aave_022         rulebooks/aave_v3_liquidation the seized collateral is rounded up
aave_024         rulebooks/aave_v3_liquidation dust may be left
aave_026         rulebooks/aave_v3_liquidation debts in other assets outlive the collateral
breakwater_001   rulebooks/breakwater_liquidation the band is not asked
breakwater_003   rulebooks/breakwater_formulas   a liquidation repays a sixteenth more than the target needs
breakwater_005   rulebooks/breakwater_liquidation the bonus is not capped
breakwater_006   rulebooks/breakwater_liquidation a rest may be too small to liquidate
breakwater_007   rulebooks/breakwater_liquidation what the collateral cannot repay is not written off
breakwater_008   rulebooks/aave_v3_operations a threshold falls without notice
morpho_011       rulebooks/morpho_blue        a withdrawal of collateral takes one unit more from custody
morpho_012       rulebooks/morpho_blue        a withdrawal leaves the total of supply shares as it was
morpho_013       rulebooks/morpho_blue        a repayment takes two units more off the debt than were paid
comet_011        rulebooks/compound_v3        a payment of the base asset takes one unit more from custody
comet_012        rulebooks/compound_v3        a principal that falls to zero is not written down
comet_013        rulebooks/compound_v3_interest a borrower is charged half of what it gets
comet_014        rulebooks/compound_v3        the borrow index of a market without debt falls
feeds_001        feeds                        a price beyond the bound is cut to 64 bits and taken
feeds_030        feeds/source                 a report outside the hard bounds is believed
feeds_031        sourced_feeds                readers see a normal state whatever the machine says
feeds_032        feeds/source                 a sequence that was seen before is believed again
feeds_033        sourced_feeds                a price too old to open on leaves the state normal
feeds_034        sourced_feeds                the slow price follows at once
feeds_035        sourced_feeds                the point stands above what every source says
feeds_036        sourced_feeds                the ends of the band change places
feeds_037        engine                       a change is not looked at
feeds_038        sourced_feeds                what a binding cap has hidden is left out of the band
feeds_040        rulebooks/aave_v3_guard      risk is opened at the point
feeds_041        rulebooks/aave_v3_guard      who is unhealthy at the point is liquidated, contested or not
rk_006           rulebooks/aave_v3_operations who takes collateral into use does it for the next account too
liquidation_002  liquidation/opportunity      a quote forgets the fee of the protocol
liquidation_005  rulebooks/aave_v3_liquidation a healthy account is liquidated
waterfall_001    waterfall/layers             a layer pays half and leaves the rest to those below
waterfall_002    waterfall/layers             a layer pays more than its cover
waterfall_003    rulebooks/aave_v3_waterfall what a layer pays is not taken off the deficit
waterfall_004    waterfall/layers             a refill counts twice
maker_003        rulebooks/maker_vaults       a vault may owe more than is safe
maker_010        rulebooks/maker_auction      a bark leaves dust in the vault
maker_012        rulebooks/maker_auctions     a void auction goes on selling
maker_013        rulebooks/maker_auction      a take may leave a rest that nobody wants
maker_017        rulebooks/maker_vow          flogged debt stays in the total of the queue
maker_020        rulebooks/maker_vow          healing leaves the sin of the vow as it was
maker_021        rulebooks/maker_vaults       wiped debt stays in the total of the ilk
maker_022        rulebooks/maker_auctions     the unpaid rest of an auction goes on filling the hole
maker_023        rulebooks/maker_auctions     an auction that is moved in the list keeps its old place
maker_024        rulebooks/maker_vaults       what leaves stays in the account where decimals differ
venue_001        rulebooks/venue_ledger       interest that is charged reaches nobody
venue_002        rulebooks/venue_trading      a seller of seven lots sells six
venue_003        rulebooks/venue_ledger       a payment out of the pot is rounded up
venue_004        rulebooks/venue_settlement   funding leaves a grain to nobody
venue_007        rulebooks/venue_cash         the gate is not asked
venue_014        rulebooks/venue_parameters   a higher maintenance margin holds at once
venue_016        rulebooks/venue_guard        who reduces may become riskier
venue_019        rulebooks/venue_liquidation  discount and fee take more than the requirement frees
venue_021        rulebooks/venue_liquidation  the vault takes over without capital
venue_022        rulebooks/venue_losses       an account that is ended keeps what it still has
venue_023        rulebooks/venue_losses       the fund pays beyond its tier
venue_024        rulebooks/venue_deleveraging nobody asks what the other side can pay
engine_001       engine                       a refused event keeps what was worked out, accrual included
engine_003       engine                       time runs backwards
engine_005       transition                   undo does not give back the legs that were added
'
sources='require error math math_wide feeds interest transition draft invariants digest engine
sourced_feeds feeds_invariants feeds/source feeds/median feeds/band feeds/slow feeds/correlated
feeds/machine feeds/asset feeds/guard feeds/wiring rulebooks/aave_v3_guard
rulebooks/aave_v3_accounts rulebooks/aave_v3_reserves rulebooks/aave_v3_operations
rulebooks/aave_v3_liquidation rulebooks/aave_v3_waterfall rulebooks/breakwater_liquidation
rulebooks/breakwater_formulas rulebooks/morpho_blue rulebooks/morpho_blue_liquidation
rulebooks/morpho_blue_rate rulebooks/morpho_blue_invariants
rulebooks/compound_v3 rulebooks/compound_v3_interest rulebooks/compound_v3_liquidation
rulebooks/compound_v3_invariants rulebooks/maker rulebooks/maker_auction rulebooks/maker_auctions
rulebooks/maker_vaults rulebooks/maker_vow rulebooks/maker_invariants
rulebooks/venue rulebooks/venue_value rulebooks/venue_ledger rulebooks/venue_margin rulebooks/venue_portfolio
rulebooks/venue_guard rulebooks/venue_cash rulebooks/venue_trading rulebooks/venue_settlement
rulebooks/venue_parameters rulebooks/venue_liquidation rulebooks/venue_collateral_sale rulebooks/venue_losses
rulebooks/venue_deleveraging rulebooks/venue_invariants
margin/non_linear waterfall/shares waterfall/deleveraging waterfall/socialisation
liquidation/opportunity waterfall/layers'

object() { echo "$work/$(echo "$1" | tr / _).o"; }

# Everything once, without a fault.
objects=
for s in $sources; do
    $compiler $flags -c "$core/$s.cpp" -o "$(object "$s")"
    objects="$objects $(object "$s")"
done
for s in mutants/driver core/shadow core/shadow_rules core/shadow_own core/small_market core/random_events \
    core/random_feeds core/native_book core/random_maker core/venue_book core/random_venue reference/aave_v3; do
    $compiler $flags -c "$root/tests/$s.cpp" -o "$(object "tests/$s")"
    objects="$objects $(object "tests/$s")"
done

# The books that a mutant lives in.
books_of() {
    case $1 in
        morpho_* | comet_*) echo native ;;
        maker_*) echo maker ;;
        venue_*) echo venue ;;
        feeds_041) echo indebted ;;
        feeds_03* | feeds_04*) echo guarded ;;
        breakwater_* | waterfall_004) echo own ;;
        *) echo reserves ;;
    esac
}

# verdict BOOKS OBJECTS: what the driver says.
verdict() {
    books=$1
    shift
    $compiler $* -o "$work/driver"
    if "$work/driver" "$books" >"$work/out" 2>&1; then
        echo survived
    else
        sed -n -e 's/^breakwater: invariant \([A-Z0-9-]*\) is broken.*/invariant \1/p' \
            -e 's/^caught: \(.*\) (book.*/shadow: \1/p' "$work/out" | head -n 1 | grep . ||
            echo "stopped: $(head -n 1 "$work/out")"
    fi
}

fault=0
print() { printf '| %-24s | %-68s | %s |\n' "$1" "$2" "$3"; }
print mutant 'planted fault' 'caught by'
print --- --- ---

clean=$(verdict all $objects 2>/dev/null)
[ "$clean" = survived ] && said='nothing: all promises kept' || said=$clean
print none 'the engine as it is' "$said"
[ "$clean" = survived ] || { cat "$work/out"; fault=1; }

wanted() { [ -z "$only" ] || case " $only " in *" $1 "*) true ;; *) false ;; esac; }
only=$*
while read -r mutant file what; do
    [ -n "$mutant" ] && wanted "$mutant" || continue
    macro=BREAKWATER_MUTANT_$(echo "$mutant" | tr a-z A-Z)
    grep -q "$macro" "$core/$file.cpp" || { print "$mutant" "$what" 'NOT PLANTED'; fault=1; continue; }
    $compiler $flags "-D$macro=1" -c "$core/$file.cpp" -o "$work/mutant.o"
    by=$(verdict "$(books_of "$mutant")" "$(echo "$objects" | sed "s|$(object "$file")|$work/mutant.o|")" 2>/dev/null)
    print "$mutant" "$what" "$by"
    [ "$by" != survived ] || fault=1
done <<EOF
$mutants
EOF

# The watch has no book to shadow: its own property test must fail.
while read -r mutant what; do
    wanted "$mutant" && [ -f "$root/tests/core/test_watch.cpp" ] || continue
    set -- $(ls "$core"/liquidation/watch*.cpp "$core"/liquidation/cushion.cpp "$core"/liquidation/trigger_queue.cpp \
        "$core"/log2.cpp "$core"/magnitude.cpp 2>/dev/null || true)
    $compiler $flags "-DBREAKWATER_MUTANT_$(echo "$mutant" | tr a-z A-Z)=1" "$@" "$root/tests/core/test_watch.cpp" \
        "$(object require)" "$(object math)" -lgtest -lgtest_main -o "$work/watch"
    if "$work/watch" --gtest_filter='*WATCH_001*:*WATCH_005*' --gtest_fail_fast >"$work/out" 2>&1; then
        by=survived fault=1
    else
        by="test: $(sed -n 's/^\[  FAILED  \] \(Watch\.WATCH_[0-9]*\).*/\1/p' "$work/out" | head -n 1)"
    fi
    print "$mutant" "$what" "$by"
done <<EOF
watch_skips_debt_side  the watch forgets the triggers of debts
watch_decides_in_doubt the watch takes a shortfall within rounding for a real one
watch_decides_pair_in_doubt the watch takes whoever is first of a pair and may be unhealthy for unhealthy
EOF

# What no single event shows, and what only the engine itself could tell: the named test must fail.
engine_objects=$(echo "$objects" | tr ' ' '\n' | grep -v mutants_driver | tr '\n' ' ')
while read -r mutant file test filter what; do
    [ -n "$mutant" ] && wanted "$mutant" || continue
    macro=BREAKWATER_MUTANT_$(echo "$mutant" | tr a-z A-Z)
    $compiler $flags "-D$macro=1" -c "$core/$file.cpp" -o "$work/mutant.o"
    $compiler $flags $(echo "$engine_objects" | sed "s|$(object "$file")|$work/mutant.o|") \
        "$root/tests/core/$test.cpp" -lgtest -lgtest_main -o "$work/promise"
    if "$work/promise" --gtest_filter="$filter" --gtest_fail_fast >"$work/out" 2>&1; then
        by=survived fault=1
    else
        by="test: $filter"
    fi
    print "$mutant" "$what" "$by"
done <<EOF
rk_017 rulebooks/aave_v3_operations test_promises *LIQUIDATION_005_a_group* a withdrawal burns shares rounded down
rk_018 rulebooks/venue_margin test_venue *VENUE_016_profit* profit that is not realised counts whole, at the mark
EOF

# Nor has deleveraging: its tests must fail.
cat >"$work/deleveraging" <<'EOF'
waterfall_011 the whole position is closed, whatever the loss
waterfall_012 the haircut a lot is rounded down before it is multiplied
waterfall_013 equity does not bound what a holder closes
waterfall_014 principal pays before gains
EOF
parts=
while read -r mutant what; do
    wanted "$mutant" || continue
    if [ -z "$parts" ]; then
        for s in breakwater/core/waterfall/shares breakwater/core/big_integer tests/core/test_deleveraging; do
            $compiler $flags -c "$root/$s.cpp" -o "$work/part_$(basename $s).o"
            parts="$parts $work/part_$(basename $s).o"
        done
    fi
    macro=BREAKWATER_MUTANT_$(echo "$mutant" | tr a-z A-Z)
    code=$(echo "$mutant" | tr a-z A-Z)
    $compiler $flags "-D$macro=1" "$core/waterfall/deleveraging.cpp" $parts "$(object require)" "$(object math)" \
        -lgtest -lgtest_main -o "$work/deleveraging_test"
    if BREAKWATER_BOOKS=1000 "$work/deleveraging_test" --gtest_filter="*$code*" >"$work/out" 2>&1; then
        by=survived fault=1
    else
        by="test: Deleveraging.$code"
    fi
    print "$mutant" "$what" "$by"
done <"$work/deleveraging"

[ $fault -eq 0 ] || { echo 'a fault was not caught, or a sound engine did not pass' >&2; exit 1; }
