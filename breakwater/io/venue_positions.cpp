// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <cmath>
#include <numeric>

#include "breakwater/core/each_number.hpp"
#include "breakwater/core/require.hpp"
#include "breakwater/core/rulebooks/venue_value.hpp"
#include "breakwater/io/venue_making.hpp"
#include "breakwater/world/math.hpp"

namespace breakwater {
namespace {

using Trader = SyntheticTrader;
using Id = venue::ContractId;

constexpr double long_share = 0.62;
constexpr double dollars_as_collateral = 0.62;
constexpr double depth_multiple = 2;      ///< a position is at most this many times the depth
constexpr double entry_deviation = 0.04;  ///< of the log of entry over mark
constexpr double option_size_max = 5e6;   ///< [USD] of the underlying

/// Draws of a trader beyond those of the sketch.
enum Draw : std::uint32_t {
    contract = first_free_draw,
    contract_2,
    contract_3,
    several,
    side,
    side_2,
    side_3,
    entry,
    entry_2,
    entry_3,
    asset,
    kind,
    usage,
    beside,
    option_kind,
};

/// An index drawn with these weights.
std::size_t weighted(std::span<const double> weights, double u) {
    double left = u * std::accumulate(weights.begin(), weights.end(), 0.0);
    for (std::size_t k = 0; k + 1 < weights.size(); ++k) {
        if (left < weights[k]) return k;
        left -= weights[k];
    }
    return weights.size() - 1;
}

class Positions {
  public:
    explicit Positions(VenueInTheMaking& venue) : v_(venue), market_(venue.market()) {
        sort_contracts();
    }

    void fill_trader(std::uint32_t i, Trader& t);
    void balance_contracts();

  private:
    void sort_contracts();
    void hold(AccountId account, Id id, std::int64_t lots, double entry_noise);
    void trade(Trader& t, Id id, double usd, double u_side, double u_entry);
    [[nodiscard]] Id perpetual_for(double u) const {
        return perpetuals_[weighted(perpetual_weights_, u)];
    }
    void fill_perpetuals(std::uint32_t i, Trader& t);
    void fill_options(std::uint32_t i, Trader& t);
    void fill_loan(std::uint32_t i, Trader& t);
    void fill_basis(std::uint32_t i, Trader& t);
    [[nodiscard]] AssetId collateral_for(double u, bool is_loan) const;

    VenueInTheMaking& v_;
    venue::Market& market_;
    std::vector<Id> perpetuals_;  ///< linear ones
    std::vector<double> perpetual_weights_;
    std::vector<Id> inverse_;
    std::vector<Id> options_;
    std::vector<double> option_weights_;
    std::vector<Id> thin_;  ///< perpetuals by depth, thinnest first
};

void Positions::sort_contracts() {
    for (const std::uint16_t k : each_number<std::uint16_t>(market_.terms.size())) {
        const venue::Terms& t = market_.terms[k];
        const Id id{k};
        if (t.is_option()) {
            // Most of the interest is near the money and soon.
            const double away = log_(v_.file.venue.strike(id) / v_.price(t.underlying));
            const double years =
                static_cast<double>(t.expiry - v_.file.venue.book.state.clock.now) / 31'536'000;
            options_.push_back(id);
            option_weights_.push_back(exp_(-8 * away * away / std::max(years, 0.02) / 4 - years));
        } else if (t.is_inverse() && t.form == venue::Form::perpetual) {
            inverse_.push_back(id);
        } else if (t.form == venue::Form::perpetual && t.by_arrays == 0) {
            perpetuals_.push_back(id);
            const double depth = static_cast<double>(market_.contracts[k].depth) * v_.lot_usd(id);
            perpetual_weights_.push_back(std::sqrt(depth));
        }
    }
    if (perpetuals_.empty())
        VenueInTheMaking::fail("the market lists no linear perpetual with [contract.margin]",
                               "one");
    thin_ = perpetuals_;
    std::ranges::stable_sort(thin_, {}, [&](Id id) {
        return static_cast<double>(market_.contracts[venue::index(id)].depth) * v_.lot_usd(id);
    });
}

/// Adds to a position, or opens one, at a tick near the mark.
void Positions::hold(AccountId account, Id id, std::int64_t lots, double entry_noise) {
    const venue::Terms& t = market_.terms[venue::index(id)];
    const venue::Contract& c = market_.contracts[venue::index(id)];
    for (std::uint32_t s = 0; s < market_.set().slots; ++s) {
        venue::Position& p = market_.positions[market_.first_slot(account) + s];
        if (p.lots != 0 && p.contract != id) continue;
        const double moved = static_cast<double>(c.mark) * exp_(entry_noise) + 0.5;
        const auto ticks = std::max<std::int64_t>(1, static_cast<std::int64_t>(moved));
        const auto value = venue::unit_value(t, p.lots == 0 ? ticks : c.mark);
        REQUIRE(value.has_value());
        if (!t.is_option()) p.basis += int128{lots} * *value;
        p.contract = id;
        p.lots += lots;
        if (p.lots == 0) p = {};
        return;
    }
    VenueInTheMaking::fail("an account has no slot left", "more slots in [venue]");
}

void Positions::trade(Trader& t, Id id, double usd, double u_side, double u_entry) {
    const double depth =
        static_cast<double>(market_.contracts[venue::index(id)].depth) * v_.lot_usd(id);
    const double size = std::min(usd, depth_multiple * depth);
    const auto lots = std::max<std::int64_t>(1, static_cast<std::int64_t>(size / v_.lot_usd(id)));
    const double noise = std::clamp(entry_deviation * normal_quantile(u_entry), -0.15, 0.15);
    hold(t.account, id, u_side < long_share ? lots : -lots, noise);
}

/// One to three perpetuals; the first takes the larger part.
void Positions::fill_perpetuals(std::uint32_t i, Trader& t) {
    const double u = v_.draw(i, several);
    const std::uint32_t count = u < 0.65 ? 1 : u < 0.90 ? 2 : 3;
    for (std::uint32_t k = 0; k < count; ++k) {
        const double part = count == 1 ? 1.0 : k == 0 ? 0.6 : 0.4 / (count - 1);
        const Id id = perpetual_for(v_.draw(i, contract + k));
        bool is_held = false;
        for (std::uint32_t s = 0; s < k; ++s)
            is_held |= market_.positions[market_.first_slot(t.account) + s].contract == id;
        if (!is_held)
            trade(t, id, part * t.sketch.size, v_.draw(i, side + k), v_.draw(i, entry + k));
    }
}

/// Bought; written; or written and hedged with the future of the same expiry.
void Positions::fill_options(std::uint32_t i, Trader& t) {
    if (options_.empty()) return fill_perpetuals(i, t);
    const Id id = options_[weighted(option_weights_, v_.draw(i, contract))];
    const venue::Terms& terms = market_.terms[venue::index(id)];
    const auto lots = std::max<std::int64_t>(
        1, static_cast<std::int64_t>(std::min(t.sketch.size, option_size_max) / v_.lot_usd(id)));
    const double u = v_.draw(i, option_kind);
    hold(t.account, id, u < 0.45 ? lots : -lots, 0);
    if (terms.settlement != v_.dollar) t.collateral = terms.settlement;
    if (u < 0.8) return;
    for (const std::uint16_t k : each_number<std::uint16_t>(market_.terms.size())) {
        const venue::Terms& f = market_.terms[k];
        if (f.form != venue::Form::future || f.underlying != terms.underlying) continue;
        if (f.expiry != terms.expiry) continue;
        const double half = 0.5 * static_cast<double>(lots) * v_.lot_usd(id);
        const auto hedge = static_cast<std::int64_t>(half / v_.lot_usd(Id{k}));
        const bool is_call = terms.form == venue::Form::call;
        if (hedge > 0) hold(t.account, Id{k}, is_call ? hedge : -hedge, 0);
        return;
    }
}

AssetId Positions::collateral_for(double u, bool is_loan) const {
    std::vector<double> weights;
    const auto& book = v_.file.venue.book;
    for (std::size_t a = 0; a < v_.market().assets(); ++a) {
        const AssetId id{static_cast<std::uint8_t>(a)};
        const bool taken = v_.market().has(id) && id != v_.dollar;
        const bool is_coin = book.assets[a].kind != AssetKind::stable;
        const bool is_weak = !is_coin && v_.market().collaterals[a].haircut >= 20'000;
        const bool fits = taken && (!is_loan || is_coin || is_weak);
        weights.push_back(fits ? std::sqrt(std::min(book.assets[a].liquidity.depth_2pct, 1e8)) : 0);
    }
    if (std::ranges::max(weights) == 0) return v_.dollar;
    return AssetId{static_cast<std::uint8_t>(weighted(weights, u))};
}

/// Dollars borrowed against something else: `usage` of what its haircut value allows.
void Positions::fill_loan(std::uint32_t i, Trader& t) {
    t.collateral = collateral_for(v_.draw(i, asset), true);
    if (t.collateral == v_.dollar) return;
    const double u = v_.draw(i, usage);
    const double used = v_.draw(i, kind) < 0.02 ? 0.95 + 0.04 * u : 0.15 + 0.70 * u;
    v_.pay_in(t.account, v_.dollar, -t.sketch.size);
    t.base = t.sketch.size / used;
}

/// Coins against a perpetual sold, a part of them bought with borrowed dollars.
void Positions::fill_basis(std::uint32_t i, Trader& t) {
    const Id id = perpetual_for(v_.draw(i, contract));
    const AssetId coin = market_.terms[venue::index(id)].underlying;
    if (market_.has(coin)) t.collateral = coin;
    trade(t, id, t.sketch.size, 1.0, v_.draw(i, entry));
    v_.pay_in(t.account, v_.dollar, -(0.2 + 0.4 * v_.draw(i, usage)) * t.sketch.size);
    t.base = t.sketch.size;
}

void Positions::fill_trader(std::uint32_t i, Trader& t) {
    const double size = t.sketch.size;
    const auto trade_one = [&](Id id, double usd, double u_side) {
        trade(t, id, usd, u_side, v_.draw(i, entry));
    };
    switch (t.sketch.role) {
        case TraderRole::perpetual:
            if (v_.draw(i, kind) > dollars_as_collateral)
                t.collateral = collateral_for(v_.draw(i, asset), false);
            fill_perpetuals(i, t);
            return;
        case TraderRole::inverse:
            if (inverse_.empty()) return fill_perpetuals(i, t);
            t.collateral = market_.terms[venue::index(inverse_[0])].settlement;
            trade_one(inverse_[0], size, v_.draw(i, side));
            return;
        case TraderRole::isolated:
            return trade_one(perpetual_for(v_.draw(i, contract)), size, v_.draw(i, side));
        case TraderRole::options:
            return fill_options(i, t);
        case TraderRole::borrower:
            fill_loan(i, t);
            if (v_.draw(i, beside) < 0.3)
                trade_one(perpetual_for(v_.draw(i, contract)), 0.5 * size, v_.draw(i, side));
            return;
        case TraderRole::basis:
            return fill_basis(i, t);
        case TraderRole::lender:
            if (v_.draw(i, kind) > 0.75) t.collateral = collateral_for(v_.draw(i, asset), false);
            t.base = size;
            return;
        case TraderRole::linked:
            return trade_one(thin_[t.sketch.cluster == 1 && thin_.size() > 1 ? 1 : 0], size, 0.0);
    }
}

/// The liquidators take the other side of what traders hold together.
void Positions::balance_contracts() {
    std::vector<int128> net(market_.terms.size());
    for (const venue::Position& p : market_.positions)
        if (p.lots != 0) net[venue::index(p.contract)] += p.lots;
    std::vector<std::uint32_t> used(v_.makers.size());
    for (const std::uint16_t k : each_number<std::uint16_t>(net.size())) {
        if (net[k] == 0) continue;
        const bool is_option = market_.terms[k].is_option();
        const std::size_t wanted = is_option ? 2 : v_.makers.size() / 3 + 1;
        std::vector<std::size_t> chosen;
        for (std::size_t j = 0; j < v_.makers.size() && chosen.size() < wanted; ++j) {
            const std::size_t at = (std::size_t{k} * 5 + j) % v_.makers.size();
            if (used[at] < market_.set().slots) chosen.push_back(at);
        }
        if (chosen.empty())
            VenueInTheMaking::fail("the liquidators have no slot for all contracts",
                                   "more of them, or more slots in [venue]");
        auto left = static_cast<std::int64_t>(-net[k]);
        for (std::size_t j = 0; j < chosen.size(); ++j) {
            const std::int64_t part = left / static_cast<std::int64_t>(chosen.size() - j);
            left -= part;
            if (part == 0) continue;
            ++used[chosen[j]];
            hold(v_.makers[chosen[j]], Id{k}, part, 0);
        }
    }
}

}  // namespace

void hold_positions(VenueInTheMaking& venue) {
    Positions positions(venue);
    for (std::uint32_t i = 0; i < venue.traders.size(); ++i)
        positions.fill_trader(i, venue.traders[i]);
    positions.balance_contracts();
}

}  // namespace breakwater
