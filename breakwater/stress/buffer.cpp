// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/buffer.hpp"

#include <algorithm>
#include <cmath>

#include "breakwater/stress/price_model.hpp"
#include "breakwater/world/math.hpp"
#include "breakwater/world/move_law.hpp"

namespace breakwater {
namespace {

constexpr double days_a_year = 365;
/// Falls are kept as whole numbers of this, so that a Distribution can rank them.
constexpr double fall_unit = 1e-12;
constexpr double usd_per_micro = 1e-6;
constexpr double time_max = 90 * 86'400.0;  // [s]

/// Falls of all paths, ranked.
Distribution simulated_falls(const MoveLaw& law, const BufferOptions& options, AssetId asset) {
    std::vector<MicroUsd> falls;
    falls.reserve(options.paths);
    for (std::uint32_t path = 0; path < options.paths; ++path) {
        const double fall = 1 - exp_(law.draw(options.seed, path, index(asset)));
        falls.push_back(static_cast<MicroUsd>(std::floor(std::max(fall, -1e3) / fall_unit + 0.5)));
    }
    return Distribution(falls);
}

/// The same estimate after a rising map of its figures.
template <class Map>
Estimate mapped(Estimate estimate, const Map& map) {
    estimate.value = map(estimate.value);
    estimate.low = map(estimate.low);
    estimate.high = map(estimate.high);
    return estimate;
}

Estimate fall_estimate(const Distribution& falls, double level) {
    Estimate e = falls.quantile(level);
    if (!e.supported)
        e.reason = "not supported by " + std::to_string(falls.paths()) +
                   " paths: fewer than 20 lie beyond it";
    return mapped(e, [](double x) { return std::max(0.0, x * fall_unit / usd_per_micro); });
}

std::uint64_t count_beyond(const Distribution& falls, double bound) {
    const auto sorted = falls.sorted();
    const auto first = std::ranges::upper_bound(
        sorted, bound, {}, [](MicroUsd fall) { return static_cast<double>(fall) * fall_unit; });
    return static_cast<std::uint64_t>(sorted.end() - first);
}

class Measure {
  public:
    Measure(const Book& book, const Scenario& scenario, const BookPrices& prices,
            const BufferOptions& options)
        : book_(&book), scenario_(&scenario), prices_(&prices), options_(&options) {}

    void fill(BufferRow& row) const {
        const MoveLaw law = law_of(row.asset, row.time.total());
        const Distribution falls = simulated_falls(law, *options_, row.asset);
        for (std::size_t i = 0; i < buffer_levels.size(); ++i)
            row.at[i] = at(row, buffer_levels[i], law, falls);
    }

  private:
    [[nodiscard]] MoveLaw law_of(AssetId asset, double seconds) const {
        return MoveLaw(move_parameters(prices_->parameters, index(asset), seconds));
    }

    /// A report comes once the price has left the band or the heartbeat is over: what it can have
    /// moved unreported is bounded by both. A frozen feed's move is in the time instead.
    [[nodiscard]] double gap(AssetId asset, double level) const {
        if (!scenario_->oracle.enabled || is_frozen(*book_, *scenario_, asset)) return 0;
        const FeedParameters& feed = book_->assets[index(asset)].feed;
        const double deviation = feed.deviation / bps_one;
        if (!(deviation > 0)) return 0;
        return std::min(deviation, law_of(asset, feed.heartbeat).fall(level));
    }

    [[nodiscard]] BufferAt at(const BufferRow& row, double level, const MoveLaw& law,
                              const Distribution& falls) const {
        BufferAt out;
        out.level = level;
        out.gap = gap(row.asset, level);
        const double kept = (1 - out.gap) * (1 - row.unwinding.impact);
        const auto needed = [&](double fall) { return 1 - kept * (1 - fall) / (1 + row.bonus); };
        out.fall = law.fall(level);
        out.fall_simulated = fall_estimate(falls, level);
        out.needed = needed(out.fall);
        out.needed_simulated = mapped(out.fall_simulated, needed);
        out.margin = row.room - out.needed;
        out.verdict = out.margin >= 0 ? BufferVerdict::enough : BufferVerdict::too_little;
        const Estimate& simulated = out.needed_simulated;
        out.verdict_simulated = !simulated.supported         ? BufferVerdict::cannot_tell
                                : simulated.high <= row.room ? BufferVerdict::enough
                                : simulated.low > row.room   ? BufferVerdict::too_little
                                                             : BufferVerdict::cannot_tell;
        const double room_left = 1 - row.threshold * (1 + row.bonus) / kept;
        out.probability = law.probability_of_fall_beyond(room_left);
        out.probability_simulated =
            probability_estimate(count_beyond(falls, room_left), falls.paths());
        return out;
    }

    const Book* book_;
    const Scenario* scenario_;
    const BookPrices* prices_;
    const BufferOptions* options_;
};

/// What an asset's borrowers have, and the parameters in force.
BufferRow standing(const Book& book, const Positions& positions, AssetId asset) {
    const aave_v3::Parameters& p = aave_market(book.state).parameters[index(asset)];
    BufferRow row;
    row.asset = asset;
    double in_emode = 0;
    for (const Position& position : positions.borrowers)
        for (const PositionLeg& leg : positions.legs_of(position)) {
            if (leg.asset != asset) continue;
            row.collateral += leg.collateral;
            if (leg.threshold != p.liquidation_threshold) in_emode += leg.collateral;
        }
    row.emode_share = row.collateral > 0 ? in_emode / row.collateral : 0;
    row.threshold = static_cast<double>(p.liquidation_threshold) / bps_one;
    row.bonus = std::max(0.0, (p.liquidation_bonus - static_cast<double>(bps_one)) / bps_one);
    row.room = 1 - row.threshold;
    row.room_of_fall = 1 - row.threshold * (1 + row.bonus);
    row.rise = row.threshold > 0 ? 1 / row.threshold - 1 - row.bonus : 0;
    return row;
}

bool moves(const PriceParameters& prices, std::size_t asset) {
    const AssetDynamics& a = prices.assets[asset];
    const AssetDynamics& root = a.base ? prices.assets[*a.base] : a;
    const bool jumps = prices.forced_jumps > 0 || prices.common_jump.intensity > 0;
    return a.volatility > 0 || root.volatility > 0 || (jumps && (a.beta != 0 || root.beta != 0));
}

std::string why_left_out(const Book& book, const BookPrices& prices, const BufferRow& row,
                         bool borrowed) {
    const aave_v3::Parameters& p = aave_market(book.state).parameters[index(row.asset)];
    if (p.liquidation_threshold == 0 && !(row.collateral > 0))
        return borrowed ? "only debt: it cannot be collateral" : "it cannot be collateral";
    if (!(row.collateral > 0))
        return borrowed ? "only debt: no borrower has it as collateral"
                        : "no borrower has it as collateral";
    if (p.liquidation_threshold == 0) return "collateral in e-modes only";
    if (!moves(prices.parameters, index(row.asset)))
        return "no price model: its price does not move in this scenario";
    return {};
}

void screen(BufferRow& row, double volatility) {
    row.screen_input = {.sigma = volatility / std::sqrt(days_a_year),
                        .liquidity = row.unwinding.at_once,
                        .debt_cap = row.collateral,
                        .beta = row.bonus};
    row.screen = smart_ltv(row.screen_input, smart_ltv_factor);
    row.screen_level = smart_ltv_level(row.screen_input, row.threshold);
}

/// An asset that no rule names stands still, and is left out by name.
Scenario with_rule_for_all(Scenario scenario) {
    scenario.price.rules.push_back({.symbol = "*", .kind = {}, .volatility = 0, .beta = 0});
    return scenario;
}

}  // namespace

std::expected<Buffers, std::string> buffers_of(const Book& book, const Scenario& scenario,
                                               const BufferOptions& options) {
    if (scenario.price.model == PriceScenario::Model::history)
        return std::unexpected("the scenario replays a price history, which has no law of moves");
    const auto prices = book_prices(book, with_rule_for_all(scenario));
    if (!prices) return std::unexpected(prices.error());
    if (auto fault = fault_in(prices->parameters)) return std::unexpected(*fault);
    const auto positions = positions_of(book);
    if (!positions) return std::unexpected(positions.error());

    Buffers out;
    out.options = options;
    const Measure measure(book, scenario, *prices, options);
    for (std::size_t a = 0; a < book.assets.size(); ++a) {
        const AssetId asset{static_cast<std::uint8_t>(a)};
        BufferRow row = standing(book, *positions, asset);
        const bool borrowed = std::ranges::any_of(positions->legs, [&](const PositionLeg& leg) {
            return leg.asset == asset && leg.debt > 0;
        });
        std::string reason = why_left_out(book, *prices, row, borrowed);
        if (reason.empty()) {
            row.unwinding = unwinding_of(book, scenario, *positions, asset);
            row.time = time_to_liquidate(book, scenario, row.unwinding, asset);
            if (!(row.unwinding.slippage_max > 0))
                reason = "no bonus: nobody liquidates for a profit";
            else if (row.time.total() > time_max)
                reason = "no orderly liquidation: selling would take more than 90 days";
        }
        if (!reason.empty()) {
            out.left_out.push_back({asset, std::move(reason)});
            continue;
        }
        screen(row, prices->volatility[a]);
        measure.fill(row);
        out.rows.push_back(std::move(row));
    }
    return out;
}

}  // namespace breakwater
