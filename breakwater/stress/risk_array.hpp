// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "breakwater/stress/volatility_shock.hpp"
#include "breakwater/world/option_batch.hpp"
#include "breakwater/world/volatility_surface.hpp"

/// What one option gains in each scenario of a grid, as integers: computed outside the core from the
/// surface and Black (1976), published into it. Source: docs/rules.md, SURFACE-007 and SURFACE-008.
namespace breakwater {

struct RiskScenario {
    double move = 0;        ///< of the price, relative, above −1
    double volatility = 0;  ///< share of the shock: 1 up, −1 down, 0 as it is
    double weight = 1;      ///< share of the profit or loss that counts
};

/// Which volatility an option has after a move: that of its strike, or that of its new moneyness.
enum class Stickiness : std::uint8_t { strike, moneyness };

struct RiskGrid {
    std::vector<RiskScenario> scenarios;
    deribit::VolatilityShock shock{};
    Stickiness stickiness = Stickiness::strike;
};

/// Our grid, 35 scenarios: nine moves over ±`range` with volatility down, as it is and up, and eight
/// extended moves from −66 % to +500 % at shocked-up volatility. Of an extended move counts what the
/// range is of it, so that a linear position loses there what it loses at the edge of the range, and
/// a short option far out of the money cannot hide behind it.
RiskGrid own_grid(double range = 0.16);

/// The contract: the right on one coin, settled in cash.
struct OptionContract {
    std::uint32_t id = 0;
    OptionKind kind = OptionKind::call;
    double strike = 0;        ///< [quote]
    std::int64_t expiry = 0;  ///< [s since 1970]
    double forward = 0;       ///< [quote] of the expiry
};

/// Per lot, in `unit`s of the quote currency. Rounded down for each side, so against whoever holds
/// it: a long and a short of one lot together never gain. Who keeps one list of losses of the long
/// side takes −long_profits; a short lot then is at most one unit better off than here.
struct RiskArray {
    std::uint32_t contract = 0;
    std::uint32_t grid = 0;       ///< which grid, by the publisher's number
    std::uint64_t version = 0;    ///< rising with each publication
    std::int64_t as_of = 0;       ///< [s since 1970]
    std::int64_t expires = 0;     ///< [s since 1970] from then on no new risk on it
    std::int64_t value_down = 0;  ///< [unit] of one lot held, today
    std::int64_t delta = 0;       ///< [unit] value of the coins a lot is equivalent to, nearest
    std::vector<std::int64_t> long_profits;  ///< [unit] per scenario, ⌊profit⌋ of one lot held
    std::vector<std::int64_t> short_profits;  ///< [unit] per scenario, ⌊−profit⌋ of one lot sold
};

struct Publication {
    std::uint32_t grid = 0;
    std::uint64_t version = 0;
    double lot = 1.0;              ///< [coins]
    double unit = 1e-6;            ///< [quote] what an integer counts
    std::int64_t lifetime = 7200;  ///< [s]
};

/// nullopt where a value does not fit 63 bits.
std::optional<RiskArray> risk_array_of(const OptionContract& contract,
                                       const VolatilitySurface& surface, const RiskGrid& grid,
                                       const Publication& publication);

/// One contract held, before rounding, from one look at the surface.
struct OptionProfile {
    double value = 0;                 ///< [quote] today
    double delta_value = 0;           ///< [quote] of the coins that it is equivalent to
    std::span<const double> profits;  ///< [quote] per scenario
};
/// Keeps its room from one contract to the next, so that it allocates nothing; and the prices of the
/// last one, which are those of a put where it was a call of the same strike.
class OptionProfiler {
  public:
    /// Valid until the next one. A grid stays as it is for as long as its profiler lives.
    OptionProfile of(const OptionContract& contract, const VolatilitySurface& surface,
                     const RiskGrid& grid);

  private:
    /// All that prices under a grid depend on where volatility sticks to the strike.
    struct Priced {
        const RiskGrid* grid = nullptr;
        OptionKind kind{};
        double strike = 0;
        double forward = 0;
        double years = 0;
        double volatility = 0;
        std::size_t count = 0;  ///< of prices
    };
    [[nodiscard]] bool is_other_kind(const OptionContract& contract, double years,
                                     double volatility, const RiskGrid& grid) const;

    OptionBatch batch_;
    Priced last_;
    std::vector<std::size_t> places_;  ///< of the scenarios in the batch
    std::vector<double> profits_;
};

/// [quote] profit of one contract held, per scenario, before rounding.
std::vector<double> scenario_profits(const OptionContract& contract,
                                     const VolatilitySurface& surface, const RiskGrid& grid);

}  // namespace breakwater
