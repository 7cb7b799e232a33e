// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "breakwater/core/each_number.hpp"
#include "breakwater/stress/venue_storm.hpp"

/// A venue and a scenario made into what all paths share: names matched, attackers given accounts
/// and positions through the engine.
namespace breakwater {
namespace {

constexpr std::uint32_t grid_points_max = 48;

/// "*" in shocks and attacks: the underlying with the least depth that has a linear perpetual with a
/// margin of its own.
std::string thinnest(const VenueBook& venue) {
    std::string out;
    double least = 0;
    for (std::size_t k = 0; k < venue.contracts.size(); ++k) {
        const venue::Terms& t = venue.market().terms[k];
        if (t.form != venue::Form::perpetual || t.settled != venue::Settled::linear ||
            t.by_arrays != 0)
            continue;
        const AssetDescription& a =
            venue.book.assets[index(venue.underlyings[venue.contracts[k].underlying].asset)];
        if (!out.empty() && a.liquidity.depth_2pct >= least) continue;
        least = a.liquidity.depth_2pct;
        out = a.symbol;
    }
    return out;
}

/// Lending books wrap what venues do not: WETH is ETH here, WBTC is BTC, and the other way round.
void match_names(const Book& book, Scenario& scenario) {
    const auto has = [&](const std::string& symbol) {
        return std::ranges::find(book.assets, symbol, &AssetDescription::symbol) !=
               book.assets.end();
    };
    const auto rename = [&](std::string& symbol) {
        if (symbol.empty() || has(symbol)) return;
        const std::string other = symbol.front() == 'W' ? symbol.substr(1) : "W" + symbol;
        if (has(other)) symbol = other;
    };
    for (PriceScenario::Rule& r : scenario.price.rules)
        rename(r.symbol);
    for (PriceScenario::History& h : scenario.price.histories) {
        rename(h.symbol);
        rename(h.follows);
    }
    for (std::string& s : scenario.price.measured.symbols)
        rename(s);
    for (Scenario::DepthRule& r : scenario.depth_rules)
        rename(r.symbol);
    for (Scenario::FaultRule& r : scenario.faults)
        rename(r.symbol);
    for (VenueScenario::Shock& s : scenario.venue.shocks)
        rename(s.symbol);
    for (VenueScenario::Divergence& d : scenario.venue.divergences)
        rename(d.symbol);
    for (VenueScenario::Attack& a : scenario.venue.attacks)
        rename(a.underlying);
}

std::string millions(double usd) {
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), usd / 1e6,
                                   std::chars_format::fixed, 2)
                         .ptr;
    return "$" + std::string(text.data(), end) + "M";
}

/// Gives attackers accounts of their own at the end of the book, and positions at the mark.
class Attackers {
  public:
    explicit Attackers(VenueBook& venue) : venue_(venue) {}

    /// The accounts that were opened, and the events that gave them their positions.
    std::vector<Wallets> take_wallets() { return std::move(wallets_); }
    std::vector<Event> take_events() { return std::move(events_); }
    /// What the venue's own rules kept the attackers from.
    std::vector<std::string> take_notices() { return std::move(notices_); }

    std::optional<std::string> enter(const VenueScenario::Attack& a) {
        const auto contract = perpetual_on(a.underlying);
        if (!contract) return "no linear perpetual on '" + a.underlying + "' to attack";
        if (venue_.liquidators.empty())
            return "a venue without liquidators has nobody to trade with";
        wallets_.push_back({.count = a.wallets, .are_linked = a.is_linked});
        const AccountId first = open_wallets(venue_, wallets_.back());
        opened_usd_ = 0;
        for (std::uint32_t k = 0; k < a.wallets; ++k)
            if (auto fault = open(AccountId{index(first) + k}, *contract, a); fault) return fault;
        if (opened_usd_ == 0)
            return std::string("the venue refuses the attackers' position: ") + refused_;
        if (opened_usd_ < 0.99 * a.notional_usd)
            notices_.push_back(std::string(a.is_long ? "long" : "short") + " attackers hold " +
                               millions(opened_usd_) + " of the " + millions(a.notional_usd) +
                               " in " + a.underlying +
                               " that the scenario gives them: the venue refuses the rest (" +
                               refused_ + ")");
        return std::nullopt;
    }

  private:
    [[nodiscard]] std::optional<venue::ContractId> perpetual_on(const std::string& symbol) const {
        for (const std::uint16_t k : each_number<std::uint16_t>(venue_.contracts.size())) {
            const AssetId asset = venue_.underlyings[venue_.contracts[k].underlying].asset;
            const venue::Terms& t = venue_.market().terms[k];
            if (venue_.book.assets[index(asset)].symbol == symbol &&
                t.form == venue::Form::perpetual && t.settled == venue::Settled::linear &&
                t.by_arrays == 0)
                return venue::ContractId{k};
        }
        return std::nullopt;
    }
    std::optional<std::string> open(AccountId account, venue::ContractId contract,
                                    const VenueScenario::Attack& a) {
        venue::Market& m = venue_.market();
        const venue::Terms& t = m.terms[venue::index(contract)];
        const venue::Contract& c = m.contracts[venue::index(contract)];
        const double usd = a.notional_usd / a.wallets;
        const auto lots = static_cast<std::int64_t>(
            std::floor(usd / (1e-8 * static_cast<double>(c.notional)) + 0.5));
        const venue::Collateral& asset = m.collaterals[index(t.settlement)];
        const double price =
            static_cast<double>(venue_.book.state.feeds[index(t.settlement)].point) * 1e-8;
        double unit = 1;
        for (unsigned d = 0; d < asset.decimals; ++d)
            unit *= 10;
        // Paid in full first, then taken out as far as the rules let it.
        const auto whole = static_cast<std::uint64_t>(1.2 * usd / price * unit);
        if (lots <= 0) return std::string("an attack of less than one lot");
        if (!act(venue::Deposit{account, t.settlement, {whole}}))
            return std::string("the attackers' deposit is refused");
        const std::int64_t taken = trade(account, contract, lots, a.is_long);
        const double taken_usd =
            1e-8 * static_cast<double>(taken) * static_cast<double>(c.notional);
        opened_usd_ += taken_usd;
        const auto wanted = static_cast<std::uint64_t>(taken_usd / a.leverage / price * unit);
        std::uint64_t left = whole;
        for (std::uint64_t out = whole - wanted; out > 0 && left > wanted; out /= 2)
            while (left - wanted >= out && act(venue::Withdraw{account, t.settlement, {out}}))
                left -= out;
        return std::nullopt;
    }
    /// At the mark, in parts: against each of the liquidators what its margin bears, and no more
    /// than the attacker's. The lots that changed hands.
    std::int64_t trade(AccountId account, venue::ContractId contract, std::int64_t lots,
                       bool is_long) {
        const std::int64_t price = venue_.market().contracts[venue::index(contract)].mark;
        const std::int64_t wanted = lots;
        for (std::int64_t part = lots; part > 0 && lots > 0; part /= 2)
            for (const AccountId other : venue_.liquidators)
                while (lots >= part && act(venue::Trade{.buyer = is_long ? account : other,
                                                        .seller = is_long ? other : account,
                                                        .contract = contract,
                                                        .lots = part,
                                                        .price = price}))
                    lots -= part;
        if (lots > 0) refused_ = refusal_;
        return wanted - lots;
    }
    bool act(const venue::Action& action) {
        Event event{.time = venue_.book.state.now(), .market = {}, .action = action};
        const auto done = apply(venue_.book.state, event, planner_);
        if (!done) {
            refusal_ = name(done.error());
            return false;
        }
        events_.push_back(std::move(event));
        return true;
    }

    VenueBook& venue_;
    std::vector<Wallets> wallets_;
    std::vector<Event> events_;
    Planner planner_;
    std::string refusal_;  ///< the last
    std::string refused_;  ///< why a position is smaller than wanted
    std::vector<std::string> notices_;
    double opened_usd_ = 0;  ///< [USD] of the attack at hand
};

}  // namespace

std::expected<VenueSetup, std::string> prepare_venue_storm(VenueBook venue, Scenario scenario,
                                                           std::uint64_t seed) {
    match_names(venue.book, scenario);
    for (VenueScenario::Shock& k : scenario.venue.shocks)
        if (k.symbol == "*") k.symbol = thinnest(venue);
    for (VenueScenario::Attack& a : scenario.venue.attacks)
        if (a.underlying == "*") a.underlying = thinnest(venue);
    Attackers attackers(venue);
    for (const VenueScenario::Attack& a : scenario.venue.attacks)
        if (auto fault = attackers.enter(a); fault) return std::unexpected(*fault);
    auto dynamics = book_prices(venue.book, scenario);
    if (!dynamics) return std::unexpected(dynamics.error());
    auto model = PriceModel::create(dynamics->parameters);
    if (!model) return std::unexpected(model.error());
    VenueSetup setup{.venue = std::move(venue),
                     .scenario = std::move(scenario),
                     .book_prices = std::move(*dynamics),
                     .prices = std::move(*model),
                     .seed = seed,
                     .notices = attackers.take_notices(),
                     .wallets = attackers.take_wallets(),
                     .before = attackers.take_events()};
    setup.grid_stride = (setup.steps() + grid_points_max - 1) / grid_points_max;
    setup.grid_points = setup.steps() / setup.grid_stride;
    return setup;
}

}  // namespace breakwater
