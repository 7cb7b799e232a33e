// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/rulebooks/exchange_tiers.hpp"

#include <utility>

#include "breakwater/core/wads.hpp"

namespace breakwater::exchange_tiers {
namespace {

BigInteger signed_by(Side side, const BigInteger& x) {
    return side == Side::long_side ? x : -x;
}

}  // namespace

std::optional<Brackets> Brackets::of(std::vector<Bracket> brackets) {
    if (brackets.empty() || brackets.front().floor.sign() != 0) return std::nullopt;
    Brackets out;
    BigInteger deduction;
    for (std::size_t i = 0; i < brackets.size(); ++i) {
        if (i > 0) {
            if (brackets[i].floor <= brackets[i - 1].floor) return std::nullopt;
            deduction = deduction + brackets[i].floor * (brackets[i].rate - brackets[i - 1].rate);
        }
        out.deductions_.push_back(deduction);
    }
    out.brackets_ = std::move(brackets);
    return out;
}

std::size_t Brackets::at(const BigInteger& notional) const {
    std::size_t i = 0;
    while (i + 1 < brackets_.size() && notional > brackets_[i + 1].floor)
        ++i;
    return i;
}

BigInteger Brackets::maintenance(const BigInteger& notional) const {
    const std::size_t i = at(notional);
    return div_up(notional * brackets_[i].rate - deductions_[i], wads::one());
}

std::optional<LiquidationPrice> liquidation_price(const Brackets& brackets,
                                                  const CrossAccount& account,
                                                  const Position& position) {
    const BigInteger cash =
        account.wallet_balance - account.other_maintenance + account.other_unrealised_profit;
    // [1e-36 quote]
    const BigInteger free =
        cash * wads::one() - signed_by(position.side, position.size * position.entry);
    for (std::size_t i = 0; i < brackets.size(); ++i) {
        BigInteger above = free + brackets.deduction(i);
        // [1e-36] The price is above / below in whole quote units.
        BigInteger below =
            position.size * (brackets.bracket(i).rate - signed_by(position.side, wads::one()));
        if (below.sign() == 0) continue;
        if (below.sign() < 0) {
            above = -above;
            below = -below;
        }
        // notional = size · above / below, and so without a division:
        const BigInteger notional = position.size * above;
        if (i > 0 && notional <= brackets.bracket(i).floor * below) continue;
        if (i + 1 < brackets.size() && notional > brackets.bracket(i + 1).floor * below) continue;
        const BigInteger price = position.side == Side::long_side
                                     ? wads::quotient_up(above, below)
                                     : wads::quotient_down(above, below);
        return LiquidationPrice{.price = price, .bracket = i};
    }
    return std::nullopt;
}

MarkPrice mark_price(const MarkInputs& in) {
    const BigInteger eight_hours = BigInteger{8} * wads::one() * wads::one();
    const BigInteger by_funding =
        in.index + div_down(in.index * in.last_funding * in.hours_to_funding, eight_hours);
    const BigInteger by_basis = in.index + in.basis_average;
    return {.by_funding = by_funding,
            .by_basis = by_basis,
            .mark = wads::median(by_funding, by_basis, in.last)};
}

BigInteger bankruptcy_price_linear(Side side, const BigInteger& entry, const BigInteger& leverage) {
    if (side == Side::long_side) return div_up(entry * (leverage - wads::one()), leverage);
    return div_down(entry * (leverage + wads::one()), leverage);
}

BigInteger bankruptcy_price_inverse(Side side, const BigInteger& entry,
                                    const BigInteger& leverage) {
    if (side == Side::long_side) return div_up(entry * leverage, leverage + wads::one());
    return div_down(entry * leverage, leverage - wads::one());
}

BigInteger insurance_fund_flow_inverse(Side side, const BigInteger& contracts,
                                       const BigInteger& bankruptcy, const BigInteger& executed) {
    const BigInteger gain = signed_by(side, contracts * (executed - bankruptcy));
    return div_down(gain * wads::one(), bankruptcy * executed);
}

AdlRank adl_rank(const BigInteger& mark, const BigInteger& entry, const BigInteger& bankrupt) {
    const BigInteger gain = mark - entry;
    const BigInteger base = entry.magnitude();
    const BigInteger cushion = mark - bankrupt;
    const BigInteger value = mark.magnitude();
    const bool wins = gain.sign() > 0;
    // One division each; the sign of what divides goes above.
    const auto over = [](const BigInteger& above, const BigInteger& below) {
        return below.sign() < 0 ? wads::quotient_down(-above, -below)
                                : wads::quotient_down(above, below);
    };
    return {.profit = over(gain, base),
            .leverage = over(value, cushion),
            .rank = wins ? over(gain * value, base * cushion) : over(gain * cushion, base * value)};
}

}  // namespace breakwater::exchange_tiers
