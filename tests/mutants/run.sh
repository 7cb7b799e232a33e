#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright The Breakwater Authors
#
# Plants one fault at a time into the engine and expects that it is caught: an invariant stops the engine, or the shadow
# of tests/core/shadow.hpp sees a broken promise, or the named test fails. The engine without a fault must pass.
# A mutant compiles the one file that it is planted in; everything else is taken from a build with tests, whose file
# tests/core/mutants.links says what to link.
#
#   tests/mutants/run.sh [PROJECT_ROOT] [MUTANT...]
#   BREAKWATER_BUILD=build/dev tests/mutants/run.sh        # another build than build/release
set -eu

root=$(cd "${1:-$(dirname "$0")/../..}" && pwd)
[ $# -gt 0 ] && shift
links=${BREAKWATER_BUILD:-$root/build/release}/tests/core/mutants.links
[ -f "$links" ] || { echo "$links is missing: build the tests first, cmake --workflow --preset release" >&2; exit 2; }
# Sets compiler, flags, libraries, clean (the program without a fault), and the objects of what is run below.
. "$links"
[ -x "$clean" ] || { echo "$clean is missing: build the target mutants_driver first" >&2; exit 2; }
flags="-std=c++23 $flags -O0 -ffp-contract=off -I$root"
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
aave_035         rulebooks/aave_v3_umbrella   a slash takes the last of the stake
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
waterfall_008    rulebooks/aave_v3_umbrella   what is eliminated stays pending
waterfall_018    rulebooks/aave_v3_waterfall suppliers lose a thousandth more than the loss they share
waterfall_019    rulebooks/aave_v3_waterfall collateral of a borrower pays for its loss too
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
venue_028        rulebooks/venue_orders       more may rest than margin bears
venue_029        rulebooks/venue_guard        orders of who is in liquidation stay
venue_024        rulebooks/venue_deleveraging nobody asks what the other side can pay
engine_001       engine                       a refused event keeps what was worked out, accrual included
engine_003       engine                       time runs backwards
engine_005       transition                   undo does not give back the legs that were added
'
# The books that a mutant lives in.
books_of() {
    case $1 in
        morpho_* | comet_*) echo native ;;
        maker_*) echo maker ;;
        venue_*) echo venue ;;
        feeds_041) echo indebted ;;
        feeds_03* | feeds_04*) echo guarded ;;
        aave_035 | waterfall_008) echo umbrella ;;
        breakwater_* | waterfall_004 | waterfall_01[89]) echo own ;;
        *) echo reserves ;;
    esac
}

# verdict BOOKS DRIVER: what the driver says.
verdict() {
    if "$2" "$1" >"$work/out" 2>&1; then
        echo survived
    else
        sed -n -e 's/^breakwater: invariant \([A-Z0-9-]*\) is broken.*/invariant \1/p' \
            -e 's/^caught: \(.*\) (book.*/shadow: \1/p' "$work/out" | head -n 1 | grep . ||
            echo "stopped: $(head -n 1 "$work/out")"
    fi
}

# plant MUTANT FILE PROGRAM OBJECT...: PROGRAM of the objects and the libraries, with the fault in FILE. The faulty one
# comes before the library that has the sound one, which is then not drawn from it.
plant() {
    macro=BREAKWATER_MUTANT_$(echo "$1" | tr a-z A-Z)
    file=$core/$2.cpp
    program=$3
    shift 3
    grep -q "$macro" "$file" || { echo "$macro is not planted in $file" >&2; return 1; }
    $compiler $flags "-D$macro=1" -c "$file" -o "$work/mutant.o" &&
        $compiler $flags "$work/mutant.o" "$@" $libraries -o "$program"
}

fault=0
print() { printf '| %-24s | %-68s | %s |\n' "$1" "$2" "$3"; }
print mutant 'planted fault' 'caught by'
print --- --- ---

by=$(verdict all "$clean")
[ "$by" = survived ] && said='nothing: all promises kept' || said=$by
print none 'the engine as it is' "$said"
[ "$by" = survived ] || { cat "$work/out"; fault=1; }

wanted() { [ -z "$only" ] || case " $only " in *" $1 "*) true ;; *) false ;; esac; }
only=$*
while read -r mutant file what; do
    [ -n "$mutant" ] && wanted "$mutant" || continue
    if ! plant "$mutant" "$file" "$work/driver" $driver; then
        print "$mutant" "$what" 'NOT PLANTED'
        fault=1
        continue
    fi
    by=$(verdict "$(books_of "$mutant")" "$work/driver")
    print "$mutant" "$what" "$by"
    [ "$by" != survived ] || fault=1
done <<EOF
$mutants
EOF

# The watch has no book to shadow, nor has deleveraging, nor a storm; some faults no single event shows. The named tests
# must fail.
while read -r mutant file objects filter what; do
    wanted "$mutant" || continue
    eval "more=\${${objects}_libraries-} objects=\$$objects"
    if ! plant "$mutant" "$file" "$work/test" $objects $more; then
        print "$mutant" "$what" 'NOT PLANTED'
        fault=1
        continue
    fi
    if BREAKWATER_BOOKS=1000 "$work/test" --gtest_filter="$filter" --gtest_fail_fast >"$work/out" 2>&1; then
        by=survived fault=1
    else
        by="test: $(sed -n 's/^\[  FAILED  \] \([A-Za-z]*\.[A-Z]*_[0-9]*\).*/\1/p' "$work/out" | head -n 1)"
    fi
    print "$mutant" "$what" "$by"
done <<'EOF'
watch_skips_debt_side liquidation/watch watch *WATCH_001*:*WATCH_005* the watch forgets the triggers of debts
watch_decides_in_doubt liquidation/cushion watch *WATCH_001*:*WATCH_005* a shortfall within rounding counts as real
watch_decides_pair_in_doubt liquidation/watch watch *WATCH_001*:*WATCH_005* the same for the first of a pair
waterfall_011 waterfall/deleveraging deleveraging *WATERFALL_011* the whole position is closed, whatever the loss
waterfall_012 waterfall/deleveraging deleveraging *WATERFALL_012* the haircut a lot is rounded down too early
waterfall_013 waterfall/deleveraging deleveraging *WATERFALL_013* equity does not bound what a holder closes
waterfall_014 waterfall/deleveraging deleveraging *WATERFALL_014* principal pays before gains
watch_007 ../stress/native_storm storm *WATCH_007* a group forgets that its prices fell by more than a fifth
rk_017 rulebooks/aave_v3_operations book *LIQUIDATION_005_a_group* a withdrawal burns shares rounded down
rk_018 rulebooks/venue_margin venue *VENUE_016_profit* profit that is not realised counts whole, at the mark
EOF

[ $fault -eq 0 ] || { echo 'a fault was not caught, or a sound engine did not pass' >&2; exit 1; }
