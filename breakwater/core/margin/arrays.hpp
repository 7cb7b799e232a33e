// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "breakwater/core/margin/grids.hpp"
#include "breakwater/core/margin/positions.hpp"

/// Portfolio margin from risk arrays. A risk array is what one lot of a contract loses under each scenario of a grid;
/// it is computed outside, rounded and published; a unit of collateral is a contract like any other, with an array of
/// what it loses, so that collateral and positions move in the same scenario. Then, for an account,
///   scan = max(0, max_s Σ lots·loss_s),
///   roll = Σ_expiry |Σ lots·delta|·charge of the expiry: a hedge in another expiry is not whole,
///   requirement = max(scan + roll, Σ short lots·short minimum).
/// Exact: sums are taken in 64 bits where Σ|lots| times the largest figure of any array is below 2^63, which proves
/// that they fit, and again in 128 bits where it is not.
/// Source: docs/rules.md, MARGIN-018; MARGIN-019 for roll and short minimum.
namespace breakwater {

inline constexpr std::size_t expiries_max = 32;
inline constexpr std::int64_t figure_max = std::int64_t{1}
                                           << 52U;  ///< [1e-8 USD] 45 million USD a lot
inline constexpr std::uint64_t lots_max = std::uint64_t{1} << 40U;  ///< of a position
inline constexpr std::size_t portfolio_positions_max = 8'192;       ///< of an account

/// What the contingencies need to know of a contract; all zero for collateral.
struct RiskTerms {
    std::int64_t delta = 0;          ///< [1e-8 USD a lot] value of what a lot is equivalent to
    std::int64_t short_minimum = 0;  ///< [1e-8 USD a lot] not below 0; 0 for what is no option
    std::uint32_t expiry = 0;        ///< row, below `expiries_max`
};

class RiskArrays {
  public:
    /// @param scenarios 1 to `scenarios_max`
    RiskArrays(std::size_t scenarios, std::size_t contracts);

    /// @param losses [1e-8 USD a lot held long] one a scenario, above 0 for a loss, after the scenario's cover; these,
    /// delta and short minimum at most `figure_max` either way
    void publish(std::uint32_t contract, std::span<const std::int64_t> losses,
                 const RiskTerms& terms);
    /// @param charge [ppm] of the net delta of an expiry, at most 10⁶: max(smallest, yearly · years)
    void set_roll(std::uint32_t expiry, std::uint32_t charge);

    [[nodiscard]] std::size_t scenarios() const { return scenarios_; }
    [[nodiscard]] std::size_t contracts() const { return terms_.size(); }
    [[nodiscard]] std::span<const std::int64_t> losses(std::uint32_t contract) const {
        return {losses_.data() + contract * stride_, scenarios_};
    }
    [[nodiscard]] const RiskTerms& terms(std::uint32_t contract) const { return terms_[contract]; }
    [[nodiscard]] std::span<const std::uint32_t> roll() const { return roll_; }

    [[nodiscard]] const std::int64_t* rows() const { return losses_.data(); }
    /// Losses of a contract stand this far behind those of the one before; a multiple of eight, zeros at the end.
    [[nodiscard]] std::size_t stride() const { return stride_; }
    [[nodiscard]] const RiskTerms* terms() const { return terms_.data(); }
    /// No figure that was ever published is larger.
    [[nodiscard]] std::uint64_t largest() const { return largest_; }

  private:
    std::size_t scenarios_;
    std::size_t stride_;
    std::uint64_t largest_ = 0;
    std::vector<std::int64_t> losses_;
    std::vector<RiskTerms> terms_;
    std::vector<std::uint32_t> roll_;
};

struct PortfolioMargin {
    int128 scan = 0;             ///< [1e-8 USD] not below 0
    uint128 roll = 0;            ///< [1e-14 USD]
    uint128 short_minimum = 0;   ///< [1e-8 USD]
    std::uint32_t scenario = 0;  ///< the first that loses most, of the arrays' order

    /// [1e-14 USD] on the scale of `Standing`.
    [[nodiscard]] constexpr uint128 requirement() const {
        const uint128 lost = static_cast<uint128>(scan) * ppm_one + roll;
        const uint128 least = short_minimum * ppm_one;
        return lost > least ? lost : least;
    }
    friend constexpr bool operator==(const PortfolioMargin&, const PortfolioMargin&) = default;
};

/// One account in 128 bits. What is beyond the two bounds above is a fault of the caller; within them sums of losses
/// are at most 2^105 and requirements below 2^126. The contracts of the positions are rows of the arrays.
PortfolioMargin portfolio_margin(const RiskArrays& arrays, std::span<const HeldLots> positions);

/// Every account of a book. Positions lie account by account: those of account a from first[a] to first[a + 1].
/// The same figures as `portfolio_margin` gives, at any width of vector register.
/// @param first one more than accounts
void portfolio_margins(const RiskArrays& arrays, std::span<const HeldLots> positions,
                       std::span<const std::uint32_t> first, std::span<PortfolioMargin> out);

}  // namespace breakwater
