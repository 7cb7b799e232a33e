// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/report/inspect_words.hpp"

#include <cmath>

#include "breakwater/report/format.hpp"

namespace breakwater {

const std::string& symbol(const Book& book, AssetId asset) {
    return book.assets[index(asset)].symbol;
}

std::string bin_text(const HealthBin& bin) {
    if (bin.low == 0) return "below " + number_text(bin.high);
    if (std::isinf(bin.high)) return number_text(bin.low) + " and more";
    return number_text(bin.low) + " to " + number_text(bin.high);
}

std::string legs_text(const Book& book, std::span<const PositionLeg> legs) {
    const auto list = [&](double PositionLeg::*side) {
        std::string out;
        for (const PositionLeg& leg : legs)
            if (leg.*side > 0)
                out += (out.empty() ? "" : ", ") + book.assets[index(leg.asset)].symbol;
        return out.empty() ? "nothing" : out;
    };
    return list(&PositionLeg::collateral) + " against " + list(&PositionLeg::debt);
}

std::string wall_now_text(const WallNow& now) {
    if (now.accounts == 0 && now.bad_debt == 0)
        return "Before any move no account is liquidatable.";
    return "Not counted, because it is so before any move: " + count_text(now.accounts) +
           " accounts liquidatable with " + usd_text(now.collateral) + " of collateral and " +
           usd_text(now.debt) + " of debt; bad debt of " + usd_text(now.bad_debt) + ".";
}

std::string backing_text(const Backing& backing) {
    std::string out = "Correlated " + usd_text(backing.correlated()) + ", uncorrelated " +
                      usd_text(backing.uncorrelated());
    if (backing.unbacked() > 0) out += ", without any collateral " + usd_text(backing.unbacked());
    return out + ".";
}

std::string drain_text(const DrainAssumptions& a) {
    return std::string(InspectWords::drain) + " Minutes = ⌈(" + count_text(a.gas_supply) +
           " gas to supply + reserves × " + count_text(a.gas_borrow) + " gas to borrow) / (" +
           percent_text(a.block_share) + " of " + count_text(a.gas_limit) + " gas)⌉ blocks × " +
           number_text(a.seconds_per_block) +
           " s: what the chain allows, a lower bound that does not count the time to obtain the "
           "tokens. Backs already: debt that would be lost besides.";
}

}  // namespace breakwater
