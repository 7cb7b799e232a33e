// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/accounts_builder.hpp"

#include <algorithm>
#include <utility>

#include "breakwater/core/math.hpp"
#include "breakwater/io/error.hpp"

namespace breakwater {
namespace {

/// [1e-8 USD] With 128 legs and thresholds in bps, sums stay inside 128 bits: 96 + 7 + 14.
constexpr uint128 value_max = uint128{1} << 96U;
constexpr std::uint32_t nobody = 0xffff'ffffU;

/// The amount of an asset whose value is `value_max`.
uint128 amount_max_of(const MarketAsset& asset) {
    const Uint256 scaled = mul_wide(value_max, power_of_ten(asset.description.decimals));
    const Uint256 amount = divide(scaled, asset.price.raw).quotient;
    if (amount.high() != 0) return aave_v3::Leg::balance_max;
    return std::min(amount.low(), aave_v3::Leg::balance_max);
}

}  // namespace

AccountsBuilder::AccountsBuilder(std::string file, const MarketFile& market, BalanceKind kind,
                                 std::size_t rows_expected, std::size_t name_characters_expected)
    : file_(std::move(file)),
      market_(market),
      index_(rows_expected / 2),
      current_(nobody),
      kind_(kind) {
    for (const MarketAsset& asset : market.assets)
        scales_.push_back({.liquidity_index = asset.liquidity_index,
                           .borrow_index = asset.borrow_index,
                           .amount_max = amount_max_of(asset)});
    out_.names.reserve(rows_expected / 2, name_characters_expected);
    out_.legs.reserve(rows_expected + market.assets.size());
    owners_.reserve(rows_expected);
}

void AccountsBuilder::fail(std::uint64_t line, const std::string& fault,
                           const std::string& expected) const {
    throw InputError(file_, line, fault, expected);
}

uint128 AccountsBuilder::shares_of(uint128 amount, const char* side, const AccountEntry& entry,
                                   std::uint64_t line) const {
    if (amount == 0) return 0;
    const Scale& scale = scales_[index(entry.asset)];
    const bool is_debt = side[0] == 'd';
    const uint128 growth = is_debt ? scale.borrow_index.raw : scale.liquidity_index.raw;
    Checked math;
    uint128 shares = amount;
    uint128 underlying = amount;
    if (growth != ray) {
        if (kind_ == BalanceKind::scaled)
            underlying = math.ray_mul_up(amount, growth);
        else
            shares = is_debt ? math.ray_div_up(amount, growth) : math.ray_div_down(amount, growth);
    }
    if (math.overflow() || underlying > scale.amount_max || shares > aave_v3::Leg::balance_max)
        fail(line,
             std::string(side) + " of " + market_.assets[index(entry.asset)].description.symbol +
                 " is too large",
             "an amount worth less than 7.9e20 USD");
    return shares;
}

aave_v3::Leg AccountsBuilder::leg_of(const AccountEntry& entry, std::uint64_t line) const {
    aave_v3::Leg leg(entry.asset);
    const uint128 supplied = shares_of(entry.supply, "supply", entry, line);
    const uint128 borrowed = shares_of(entry.debt, "debt", entry, line);
    leg.set_supplied({supplied});
    leg.set_borrowed({borrowed});
    leg.set_collateral(entry.is_collateral && supplied != 0);
    leg.set_borrowing(borrowed != 0);
    return leg;
}

/// Makes the account of this row the current one.
void AccountsBuilder::enter(std::string_view account, const AccountEntry& entry,
                            std::uint64_t line) {
    seen_ = 0;
    current_ = index(index_.find_or_add(out_.names, account));
    if (current_ == out_.rows.size()) {
        if (entry.emode != 0 && (entry.emode >= market_.emodes.size() ||
                                 market_.emodes[entry.emode].liquidation_threshold == 0))
            fail(line, "unknown e-mode " + std::to_string(entry.emode),
                 "0 or the id of an [[emode]]");
        aave_v3::AccountRow row;
        row.emode = entry.emode;
        out_.rows.push_back(row);
        return;
    }
    is_side_by_side_ = false;
}

void AccountsBuilder::add(std::string_view account, const AccountEntry& entry, std::uint64_t line) {
    const uint128 bit = uint128{1} << index(entry.asset);
    const auto repeated = [&] {
        fail(line,
             "second row of " + quote(account) + " in " +
                 market_.assets[index(entry.asset)].description.symbol,
             "one row for each account and asset");
    };
    if (account == treasury_name) {
        if ((seen_treasury_ & bit) != 0) repeated();
        seen_treasury_ |= bit;
        const aave_v3::Leg leg = leg_of(entry, line);
        if (!leg.is_empty()) out_.treasury.push_back(leg);
        return;
    }
    if (current_ == nobody || out_.names[AccountId{current_}] != account)
        enter(account, entry, line);
    if ((seen_ & bit) != 0) repeated();
    seen_ |= bit;
    if (out_.rows[current_].emode != entry.emode)
        fail(line, "e-mode " + std::to_string(entry.emode) + " of " + quote(account),
             "e-mode " + std::to_string(out_.rows[current_].emode) + " as in its rows before");
    const aave_v3::Leg leg = leg_of(entry, line);
    const bool is_empty = leg.supplied().is_zero() && leg.borrowed().is_zero();
    if (is_empty) return;
    out_.legs.push_back(leg);
    owners_.push_back(current_);
}

/// Counting sort by owner; rows of one account keep their order.
void AccountsBuilder::put_side_by_side() {
    std::vector<std::uint32_t> next(out_.rows.size() + 1);
    for (const std::uint32_t owner : owners_)
        ++next[owner + 1];
    for (std::size_t i = 1; i < next.size(); ++i)
        next[i] += next[i - 1];
    std::vector<aave_v3::Leg> sorted(out_.legs.size());
    for (std::size_t i = 0; i < owners_.size(); ++i)
        sorted[next[owners_[i]]++] = out_.legs[i];
    out_.legs = std::move(sorted);
    std::ranges::sort(owners_);
}

std::optional<AccountsBuilder::Clash> AccountsBuilder::finish(Accounts& out) {
    if (!is_side_by_side_) put_side_by_side();
    for (std::size_t i = 0; i < owners_.size(); ++i) {
        aave_v3::AccountRow& row = out_.rows[owners_[i]];
        if (row.count == 0) row.first = static_cast<std::uint32_t>(i);
        ++row.count;
        row.capacity = row.count;
    }
    if (!is_side_by_side_) {
        for (std::uint32_t a = 0; a < out_.rows.size(); ++a) {
            uint128 seen = 0;
            for (std::uint32_t k = 0; k < out_.rows[a].count; ++k) {
                const AssetId asset = out_.legs[out_.rows[a].first + k].asset();
                const uint128 bit = uint128{1} << index(asset);
                if ((seen & bit) != 0)
                    return Clash{.account = std::string(out_.names[AccountId{a}]), .asset = asset};
                seen |= bit;
            }
        }
    }
    owners_ = {};
    out = std::move(out_);
    return std::nullopt;
}

}  // namespace breakwater
