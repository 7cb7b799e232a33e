// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <cmath>

#include "breakwater/core/each_number.hpp"
#include "breakwater/core/require.hpp"
#include "breakwater/core/rulebooks/venue_margin.hpp"
#include "breakwater/io/venue_making.hpp"
#include "breakwater/world/math.hpp"

namespace breakwater {
namespace {

using Trader = SyntheticTrader;

constexpr double standing_usd = 1e-14;
constexpr double idle_share = 0.25;        ///< of what is lent out, still there
constexpr double vault_share = 0.015;      ///< of the equity of the traders
constexpr double maker_deposit = 250'000;  ///< [USD] at least
/// The requirement may depend on the collateral, which moves in the scenarios.
constexpr int rounds = 6;

class Deposits {
  public:
    explicit Deposits(VenueInTheMaking& venue) : v_(venue), market_(venue.market()) {}

    void margin_trader(const Trader& t);
    void margin_maker(AccountId account, double u);
    void lend_enough();
    void endow();

  private:
    [[nodiscard]] Standing standing(AccountId account, venue::Purpose purpose) const;
    [[nodiscard]] double notional(AccountId account) const;
    [[nodiscard]] double unit(std::uint8_t asset) const {
        return pow_(10, market_.collaterals[asset].decimals);
    }

    VenueInTheMaking& v_;
    venue::Market& market_;
};

Standing Deposits::standing(AccountId account, venue::Purpose purpose) const {
    const auto a = venue::assess(v_.view(), account, purpose);
    REQUIRE(a.has_value());
    return a->standing;
}

/// [USD] of perpetuals and futures.
double Deposits::notional(AccountId account) const {
    double out = 0;
    for (std::uint32_t s = 0; s < market_.set().slots; ++s) {
        const venue::Position& p = market_.positions[market_.first_slot(account) + s];
        if (p.lots != 0 && !market_.terms[venue::index(p.contract)].is_option())
            out += std::fabs(static_cast<double>(p.lots)) * v_.lot_usd(p.contract);
    }
    return out;
}

/// Collateral until equity is what leverage and cushion ask for; a loan rests on its own beside.
void Deposits::margin_trader(const Trader& t) {
    const double kept = 1.0 - market_.collaterals[index(t.collateral)].haircut / 1e6;
    const bool borrows = t.sketch.role == TraderRole::borrower && t.base > 0;
    const double beside = borrows ? t.base - t.sketch.size : 0;
    const double aimed = notional(t.account) / t.sketch.leverage + beside;
    const double least = t.sketch.role == TraderRole::basis ? t.base : 0;
    double deposit = t.sketch.role == TraderRole::lender ? t.base : t.base / kept;
    v_.pay_in(t.account, t.collateral, deposit);
    if (t.sketch.role == TraderRole::lender) return;
    for (int round = 0; round < rounds; ++round) {
        const Standing now = standing(t.account, venue::Purpose::liquidation);
        const double needed =
            static_cast<double>(now.requirement) * standing_usd * t.sketch.cushion + beside;
        const double short_of =
            std::max(aimed, needed) - static_cast<double>(now.equity) * standing_usd;
        if (std::fabs(short_of) < 1e-5 * std::max(1.0, aimed)) return;
        deposit = std::max(deposit + short_of / kept, least);
        v_.pay_in(t.account, t.collateral, deposit);
    }
}

/// Coins for what it owes in coins, and dollars until it has a multiple of its initial margin.
void Deposits::margin_maker(AccountId account, double u) {
    for (const std::uint8_t k : each_number<std::uint8_t>(market_.assets())) {
        const AssetId id{k};
        if (!market_.has(id) || id == v_.dollar) continue;
        const int128 net = venue::net_of_asset(v_.view(), account, id);
        if (net >= 0) continue;
        v_.pay_in(account, id, 1.5 * static_cast<double>(-net) / unit(k) * v_.price(id));
    }
    double deposit = maker_deposit;
    for (int round = 0; round < rounds; ++round) {
        v_.pay_in(account, v_.dollar, deposit);
        const Standing now = standing(account, venue::Purpose::opening);
        const double short_of = (static_cast<double>(now.requirement) * (2.0 + 2.0 * u) -
                                 static_cast<double>(now.equity)) *
                                standing_usd;
        if (short_of <= 0) return;
        deposit += short_of;
    }
    v_.pay_in(account, v_.dollar, deposit);
}

/// What is lent out was deposited, and a part of it is still there.
void Deposits::lend_enough() {
    for (const std::uint8_t k : each_number<std::uint8_t>(market_.assets())) {
        if (!market_.has(AssetId{k})) continue;
        int128 sum = 0;
        int128 lent = 0;
        int128 offered = 0;
        for (std::uint32_t a = 0; a < market_.set().accounts; ++a) {
            const int128 cash = market_.balances[market_.row(AccountId{a}, AssetId{k})].cash;
            sum += cash;
            if (cash < 0) lent -= cash;
        }
        for (const Trader& t : v_.traders)
            if (t.sketch.role == TraderRole::lender)
                offered += market_.balances[market_.row(t.account, AssetId{k})].cash;
        const double short_of = idle_share * static_cast<double>(lent) - static_cast<double>(sum);
        if (short_of <= 0 || offered == 0) continue;
        const double factor = 1 + short_of / static_cast<double>(offered);
        for (const Trader& t : v_.traders) {
            const int128 cash = market_.balances[market_.row(t.account, AssetId{k})].cash;
            if (t.sketch.role == TraderRole::lender && cash > 0)
                v_.pay_in(t.account, AssetId{k},
                          static_cast<double>(cash) / unit(k) * v_.price(AssetId{k}) * factor);
        }
    }
}

/// The fund holds what its tiers may pay, in proportion to the accounts; the vault a share of what
/// the traders have.
void Deposits::endow() {
    const double scale = std::min(1.0, market_.set().accounts / 10'000.0);
    for (const std::uint8_t k : each_number<std::uint8_t>(market_.assets())) {
        if (!market_.has(AssetId{k})) continue;
        double limit = 0;
        for (std::uint32_t t = 0; t < market_.set().tiers; ++t)
            limit +=
                static_cast<double>(market_.fund_tiers[market_.tier_row(t, AssetId{k})].limit.raw);
        v_.pay_in(market_.set().fund, AssetId{k}, scale * limit / unit(k) * v_.price(AssetId{k}));
    }
    double equity = 0;
    for (const Trader& t : v_.traders)
        equity += static_cast<double>(standing(t.account, venue::Purpose::closing).equity);
    v_.pay_in(market_.set().vault, v_.dollar, vault_share * equity * standing_usd);
}

}  // namespace

void pay_deposits(VenueInTheMaking& venue) {
    Deposits deposits(venue);
    for (const Trader& t : venue.traders)
        deposits.margin_trader(t);
    const auto traders = static_cast<std::uint32_t>(venue.traders.size());
    for (std::uint32_t k = 0; k < venue.makers.size(); ++k)
        deposits.margin_maker(venue.makers[k], venue.draw(traders + k, 0));
    deposits.lend_enough();
    deposits.endow();
}

}  // namespace breakwater
