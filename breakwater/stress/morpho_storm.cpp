// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/morpho_storm.hpp"

#include <algorithm>

#include "breakwater/core/require.hpp"

namespace breakwater {
namespace {

/// ⌊amount · part⌋, the whole for a part of 1.
uint128 part_of(uint128 amount, double part) {
    constexpr double millionth = 1e6;
    if (part >= 1) return amount;
    const auto millionths = static_cast<std::uint64_t>(part * millionth);
    Checked math;
    return math.mul_div_down(amount, millionths, 1'000'000);
}

}  // namespace

MorphoStorm::MorphoStorm(const StormSetup& setup) : NativeStorm(setup) {
    const std::size_t markets = state_.markets.size();
    world_.begin(0);  // prices of the start, for the health factors
    now_of_.resize(markets);
    fixed_.resize(markets);
    for (std::size_t m = 0; m < markets; ++m) {
        const morpho_blue::Market& market = morpho_blue::market_of(state_, m);
        const morpho_blue::Totals& t = market.totals[0];
        Fixed& f = fixed_[m];
        f.lltv = static_cast<double>(t.lltv) * 1e-18;
        f.bonus = morpho_blue::bonus_of(t);
        refresh(m);
        f.start = now_of_[m].worth / now_of_[m].per_share;
        for (std::uint32_t i = 0; i < market.positions.size(); ++i) {
            const morpho_blue::Position& p = market.positions[i];
            if (p.borrow_shares.is_zero()) continue;
            add_sleeper({.account = AccountId{i},
                         .group = static_cast<std::uint32_t>(m),
                         .market = static_cast<std::uint8_t>(m)});
        }
    }
    seal();
}

void MorphoStorm::tell_prices(std::span<const Report> reports) {
    for (std::size_t m = 0; m < now_of_.size(); ++m) {
        const morpho_blue::Totals& t = morpho_blue::market_of(state_, m).totals[0];
        const bool concerned = std::ranges::any_of(reports, [&](const Report& r) {
            return r.asset == t.loan || r.asset == t.collateral_asset;
        });
        if (!concerned || book().markets[m].is_fixed) continue;
        const Uint256 price = morpho_blue::price_from_feeds(book(), state_, t);
        if (price == t.price()) continue;
        REQUIRE(apply_now(morpho_blue::Action{morpho_blue::ReportPrice{price}},
                          MarketId{static_cast<std::uint8_t>(m)}) != nullptr);
    }
}

void MorphoStorm::refresh(std::size_t m) {
    Now& now = now_of_[m];
    now.totals = morpho_blue::grown(morpho_blue::market_of(state_, m).totals[0], now_);
    now.worth = morpho_blue::worth_of_collateral(now.totals);
    now.per_share = morpho_blue::debt_per_share(now.totals);
    now.kept = fixed_[m].start > 0 ? now.worth / now.per_share / fixed_[m].start : 0;
}

void MorphoStorm::refresh() {
    for (std::size_t m = 0; m < now_of_.size(); ++m)
        refresh(m);
}

const morpho_blue::Position& MorphoStorm::position(const Borrower& b) const {
    return morpho_blue::market_of(state_, b.market).positions[index(b.account)];
}

std::span<const NativeStorm::Leg> MorphoStorm::legs_of(const Borrower& b) {
    const Now& now = now_of_[b.market];
    const morpho_blue::Position& p = position(b);
    const AssetId loan = now.totals.loan;
    const double per_token = tokens(loan, Amount{1}) * world_.oracle(loan);
    const double held = to_double(p.collateral.raw);
    const double owed = to_double(p.borrow_shares.raw) * now.per_share;
    legs_[0] = {.asset = now.totals.collateral_asset,
                .side = Side::collateral,
                .tokens = tokens(now.totals.collateral_asset, p.collateral),
                .value = held * now.worth * per_token,
                .threshold = fixed_[b.market].lltv};
    legs_[1] = {.asset = loan,
                .side = Side::debt,
                .tokens = owed * tokens(loan, Amount{1}),
                .value = owed * per_token};
    return legs_;
}

bool MorphoStorm::is_unhealthy(const Borrower& b) {
    Checked math;
    const bool healthy = morpho_blue::is_healthy(math, now_of_[b.market].totals, position(b));
    REQUIRE(!math.overflow());  // values fit: the reader has checked
    return !healthy;
}

/// Two floors and one ceiling in atoms of the loan asset (MORPHO-004).
double MorphoStorm::rounding_of(const Borrower& b) const {
    const AssetId loan = now_of_[b.market].totals.loan;
    return 3 * tokens(loan, Amount{1}) * world_.oracle(loan);
}

/// All collateral where it does not pay for all debt, else all debt; or a part of that.
morpho_blue::Liquidate MorphoStorm::sized(const Borrower& b, double part) {
    const morpho_blue::Totals& t = now_of_[b.market].totals;
    const morpho_blue::Position& p = position(b);
    Checked math;
    const auto all = p.collateral.is_zero()
                         ? morpho_blue::LiquidationSize{}
                         : morpho_blue::liquidation_size(math, t, p.collateral, {});
    REQUIRE(!math.overflow());
    if (!p.collateral.is_zero() && all.repaid_shares <= p.borrow_shares)
        return {.borrower = b.account, .seized = {part_of(p.collateral.raw, part)}, .repaid = {}};
    return {.borrower = b.account, .seized = {}, .repaid = {part_of(p.borrow_shares.raw, part)}};
}

bool MorphoStorm::liquidate(Borrower& b, const Weighed& now) {
    const Now& m = now_of_[b.market];
    const AssetId collateral = m.totals.collateral_asset;
    const AssetId loan = m.totals.loan;
    const double grossed = 1 + fixed_[b.market].bonus;
    const double repay =
        std::min(now.debt, now.collateral / grossed);  // [USD] as the market sees it
    const double tokens_held = tokens(collateral, position(b).collateral);
    const double taken = now.collateral > 0 ? repay * grossed / now.collateral : 0;
    const KeeperQuote offer{.route = world_.route(collateral, loan),
                            .repay_usd = repay * world_.market(loan) / world_.oracle(loan),
                            .seize_usd = taken * tokens_held * world_.market(collateral)};
    const KeeperDecision decision = decide(offer);
    if (!decision.accepted()) return refused(b, decision.refusal);
    const morpho_blue::Liquidate event = sized(b, decision.fraction);
    if (event.seized.is_zero() && event.repaid.is_zero()) return refused(b, Refusal::unprofitable);
    const Transition* done = apply_now(morpho_blue::Action{event}, MarketId{b.market});
    if (done == nullptr) return refused(b, Refusal::no_cash);
    const bool is_unhealthy = settle(*done, offer.route);
    world_.keepers().record(decision, offer);
    refresh(b.market);
    return is_unhealthy;
}

NativeStorm::Cash MorphoStorm::cash_of(AssetId asset) const {
    Cash out;
    for (const Now& now : now_of_) {
        if (now.totals.loan != asset) continue;
        out.borrowed += tokens(asset, now.totals.borrow_assets);
        out.supplied += tokens(asset, now.totals.supply_assets);
        out.cash += tokens(asset, now.totals.cash);
    }
    return out;
}

}  // namespace breakwater
