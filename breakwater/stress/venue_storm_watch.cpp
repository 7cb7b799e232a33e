// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <cmath>

#include "breakwater/core/each_number.hpp"
#include "breakwater/core/require.hpp"
#include "breakwater/stress/amounts.hpp"
#include "breakwater/stress/venue_storm.hpp"

/// The part of venue_storm.hpp that finds who is below maintenance: legs of the watch for an
/// account, and exact looks. Source: docs/rules.md, WATCH-006.
///
/// What the cushion may lose. With n atoms net in a settlement asset at price p, an asset counts
/// kept · n · p above zero and n · p below; a contract's worth moves n by lots · Δworth:
///   worth          |lots| · p, × (1 + largest gain that a scenario gives the asset) beside arrays;
///                  and where the notional grows with the move, the slope of the requirement;
///   price down     kept · n of what is owned, × (1 + gain);
///   price up       what is owed, or may be owed once the cushion is used up, and the requirement's
///                  slope by the notionals that settle in it;
///   arrays         Σ |lots| · scale of the contract.
namespace breakwater {
namespace {

constexpr double equity_unit_usd = 1e-14;
/// A requirement is convex in the notional: its slope up to 25 % above is at most that of the chord.
constexpr std::int64_t chord_part = 4;
/// [√year] of a few hours, for which boxes are made; changes cost, not results.
constexpr double ahead = 0.02;
constexpr double array_stride = 0.05;
constexpr std::size_t fetched_ahead = 3;  ///< looks

double to_double_signed(int128 v) {
    return v < 0 ? -to_double(static_cast<uint128>(-v)) : to_double(static_cast<uint128>(v));
}

}  // namespace

void VenueStorm::add_leg(std::size_t side, double weight, double stride) {
    if (weight > 0)
        legs_.push_back(
            {.side = static_cast<std::uint32_t>(side), .weight = weight, .stride = stride});
}

/// What an account is exposed to, position by position, while its legs are gathered.
struct VenueStorm::Exposure {
    std::array<double, venue::assets_max> net{};
    std::array<double, venue::assets_max> slope{};  ///< [USD] of requirement by relative price
    std::array<bool, venue::assets_max> is_exposed{};
    double gross = 0;        ///< [USD]
    double cushion = 0;      ///< [USD]
    bool by_arrays = false;  ///< one position or more is margined by its array
};

/// [USD by dp/p] A chord of the requirement of a position that no array margins.
double VenueStorm::requirement_by_price(AccountId account, const venue::Position& p) const {
    const std::int64_t size = p.lots < 0 ? -p.lots : p.lots;
    const std::int64_t linked = venue::linked_lots(view(), account, p.contract);
    const venue::ContractMargin margin(view(), p.contract);
    const auto needs = [&](std::int64_t n, std::int64_t all) {
        return to_double(margin.requirement(n, all, venue::Purpose::liquidation)) * equity_unit_usd;
    };
    const std::int64_t more = std::max<std::int64_t>(size / chord_part, 1);
    const std::int64_t more_linked = std::max<std::int64_t>(linked / chord_part, 1);
    const double rise = std::max(0.0, needs(size + more, linked + more_linked) - needs(size, linked));
    return rise * static_cast<double>(size) / static_cast<double>(more);
}

void VenueStorm::expose_position(AccountId account, const venue::Position& p, Exposure& out) {
    const venue::Market& m = market();
    const std::size_t k = venue::index(p.contract);
    const venue::Terms& t = m.terms[k];
    const venue::Contract& c = m.contracts[k];
    const std::size_t a = index(t.settlement);
    const double lots = std::fabs(static_cast<double>(p.lots));
    const double atom = per_atom_[a] * price_[a] /
                        static_cast<double>(std::int64_t{1} << t.grain_bits);  // USD a grain
    const auto worth = static_cast<double>(c.worth());
    out.net[a] += (static_cast<double>(p.lots) * worth - to_double_signed(p.basis)) /
                  static_cast<double>(std::int64_t{1} << t.grain_bits);
    out.is_exposed[a] = true;
    out.gross += lots * std::fabs(worth) * atom;
    if (c.phase == venue::Phase::expired) return;
    const std::size_t u = setup_.venue.contracts[k].underlying;
    const double sigma = underlying_volatility_[u] * ahead;
    const double gain = out.by_arrays ? 1 + largest_gain_[a] : 1;
    double weight = lots * atom * gain;
    if (t.by_arrays == 0) {
        const double by_price = requirement_by_price(account, p);
        out.slope[a] += by_price;
        // Inverse contracts are worth −unit/price: they are larger where they are worth less.
        const bool grows = (p.lots < 0) != t.is_inverse();
        if (grows && worth != 0) weight += by_price / std::fabs(worth);
    } else {
        array_lots_[u] += lots * array_scale_[k];
    }
    const double option_move = 1e-8 * std::fabs(static_cast<double>(m.arrays[k].delta)) / atom;
    const double stride =
        (t.is_option() ? option_move + 0.2 * std::fabs(worth) : std::fabs(worth)) * sigma;
    add_leg(2 * k + (p.lots > 0 ? 1U : 0U), weight, stride + 1e-12 * (1 + std::fabs(worth)));
}

void VenueStorm::expose_balance(AccountId account, AssetId asset, Exposure& out) {
    const venue::Market& m = market();
    const std::size_t a = index(asset);
    const venue::Balance& b = m.balances[m.row(account, asset)];
    if (b.cash == 0 && !out.is_exposed[a]) return;
    double& net = out.net[a];
    net += to_double_signed(b.cash);
    const double per_price = per_atom_[a];  // USD by USD of price, for an atom
    const double value = net * per_price * price_[a];
    out.gross += std::fabs(value);
    if (b.cash < 0) {
        // Interest until the end of the path, with a twentieth more.
        const auto hours = (setup_.scenario.horizon_seconds - world_.seconds_in()) / 3'600;
        const double rate = to_double(m.collaterals[a].borrow_rate.raw) * 1e-27;
        out.cushion -= 1.05 * std::fabs(to_double_signed(b.cash)) * per_price * price_[a] * rate *
                       (hours / 8'760 + 1e-4);
    }
    const double kept = 1 - m.collaterals[a].haircut * 1e-6;
    const double gain = out.by_arrays ? 1 + largest_gain_[a] : 1;
    const double stride = price_[a] * asset_volatility_[a] * ahead;
    const std::size_t side = 2 * (contracts_ + a);
    add_leg(side + 1, std::max(net, 0.0) * per_price * kept * gain, stride);
    const double may_be_owed =
        out.is_exposed[a] ? std::max(0.0, std::max(out.cushion, 0.0) / price_[a] - net * per_price)
                          : std::max(0.0, -net * per_price);
    add_leg(side, may_be_owed * gain + out.slope[a] / price_[a], stride);
}

void VenueStorm::sleep(AccountId account, const Standing& standing) {
    const venue::Market& m = market();
    legs_.clear();
    std::fill(array_lots_.begin(), array_lots_.end(), 0.0);
    const auto positions = std::span(m.positions).subspan(m.first_slot(account), m.set().slots);
    const auto is_by_array = [&](const venue::Position& p) {
        return p.lots != 0 && m.terms[venue::index(p.contract)].by_arrays != 0;
    };
    Exposure exposure;
    exposure.cushion = to_double_signed(standing.equity - standing.requirement) * equity_unit_usd;
    exposure.by_arrays = std::ranges::any_of(positions, is_by_array);
    for (const venue::Position& p : positions)
        if (p.lots != 0) expose_position(account, p, exposure);
    for (const std::uint8_t a : each_number<std::uint8_t>(m.assets()))
        expose_balance(account, AssetId{a}, exposure);
    for (std::size_t u = 0; u < array_lots_.size(); ++u)
        add_leg(array_side(u), array_lots_[u], array_stride);
    watch_.sleep(account, exposure.cushion - 1e-4 - 1e-9 * exposure.gross, legs_);
}

/// An exact look: back to sleep, or awake from now on.
void VenueStorm::look_at(AccountId account, bool is_path) {
    if (account == market().set().fund) return;
    const auto found = venue::assess(view(), account, venue::Purpose::liquidation);
    REQUIRE(found.has_value());  // every asset of a venue's book has a price
    if (is_path) ++result_.looks;
    if (found->holds() && (is_path || market().accounts[index(account)].in_liquidation == 0))
        return sleep(account, found->standing);
    watch_.wake(account);
    if (is_awake_[index(account)] != 0) return;
    is_awake_[index(account)] = 1;
    awake_.push_back({.account = account});
}

void VenueStorm::find_unhealthy() {
    found_.clear();
    watch_.collect(found_);
    for (std::size_t i = 0; i < found_.size(); ++i) {
        if (i + fetched_ahead < found_.size()) venue::fetch(market(), found_[i + fetched_ahead]);
        if (is_awake_[index(found_[i])] == 0) look_at(found_[i], true);
    }
    look_at_touched();
}

void VenueStorm::touch(AccountId account) {
    if (is_touched_[index(account)] != 0) return;
    is_touched_[index(account)] = 1;
    touched_.push_back(account);
    const std::uint32_t cluster = market().accounts[index(account)].cluster;
    if (cluster == 0) return;
    for (const AccountId member : cluster_members_[cluster])
        touch(member);
}

/// Who is linked with an account that an event has changed; itself it is in liquidation, and looked
/// at when the step's liquidations are done.
void VenueStorm::touch_linked(AccountId account) {
    const std::uint32_t cluster = market().accounts[index(account)].cluster;
    if (is_awake_[index(account)] == 0 || cluster != 0) touch(account);
}

/// Whose balances or positions an event has changed.
void VenueStorm::look_at_touched() {
    std::ranges::sort(touched_);
    for (std::size_t i = 0; i < touched_.size(); ++i) {
        const AccountId account = touched_[i];
        if (i + fetched_ahead < touched_.size())
            venue::fetch(market(), touched_[i + fetched_ahead]);
        is_touched_[index(account)] = 0;
        if (is_awake_[index(account)] == 0) look_at(account, true);
    }
    touched_.clear();
}

void VenueStorm::count_missed() {
    const venue::Market& m = market();
    for (std::uint32_t a = 0; a < m.set().accounts; ++a) {
        if (AccountId{a} == m.set().fund || is_awake_[a] != 0) continue;
        const auto found = venue::assess(view(), AccountId{a}, venue::Purpose::liquidation);
        if (!found || !found->holds()) ++missed_;
    }
}

void VenueStorm::build_watch() {
    for (std::size_t k = 0; k < contracts_; ++k)
        tell_contract(k);
    for (std::size_t a = 0; a < assets_; ++a)
        tell_asset(a);
    for (std::size_t u = 0; u < array_clock_.size(); ++u)
        watch_.set(array_side(u), 0);
    for (std::uint32_t a = 0; a < market().set().accounts; ++a)
        look_at(AccountId{a}, false);
    watch_.finish_build();
    awake_at_start_.clear();
    for (const Awake& a : awake_)
        awake_at_start_.push_back(a.account);
}

}  // namespace breakwater
