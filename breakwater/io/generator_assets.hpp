// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <array>
#include <span>
#include <vector>

#include "breakwater/io/generator_sketch.hpp"
#include "breakwater/stress/book.hpp"

/// Second half of a synthetic book: which assets each account holds and owes, within the caps of
/// the market as far as they go. Source: docs/generate.md.
namespace breakwater {

struct GeneratedPosition {
    std::uint32_t account = 0;
    AssetId asset{};
    bool is_collateral = false;
    double supply_usd = 0;
    double debt_usd = 0;
};

class AssetChooser {
  public:
    AssetChooser(const Book& market, std::uint64_t seed);

    [[nodiscard]] std::array<bool, role_count> possible_roles() const;
    /// [USD] the largest total debt for which every role finds room under the caps.
    [[nodiscard]] double debt_capacity() const;

    void place_borrower(std::uint32_t account, const AccountSketch& sketch);
    /// Lenders bring the utilisation of what is borrowed to its target; a quarter of them holds
    /// other assets.
    void place_lenders(std::span<const std::uint32_t> order,
                       std::span<const AccountSketch> sketches);

    std::vector<GeneratedPosition> take_positions() { return std::move(positions_); }
    /// By account.
    [[nodiscard]] std::span<const std::uint16_t> emodes() const { return emodes_; }

  private:
    struct Asset {
        std::uint32_t root = 0;  ///< the asset at the end of its peg
        bool is_stable = false;  ///< its root is
        double threshold = 0;    ///< of its own, 0 to 1
        double supply_left = 0;  ///< [USD] under the cap
        double borrow_left = 0;  ///< [USD] 0 where it cannot be borrowed
        double supplied = 0;     ///< [USD] so far
        double borrowed = 0;     ///< [USD] so far
    };
    /// A collateral, a debt and the thresholds that apply to the pair.
    struct Loop {
        std::uint16_t emode = 0;
        std::uint8_t collateral = 0;
        std::uint8_t debt = 0;
        double threshold = 0;
    };
    struct Draws;

    [[nodiscard]] const std::vector<std::uint8_t>& collaterals(Role role) const;
    [[nodiscard]] const std::vector<std::uint8_t>& debts(Role role) const;
    [[nodiscard]] const std::vector<Loop>& loops(Role role) const;
    void find_loops(const aave_v3::Market& native);
    [[nodiscard]] double room(std::span<const std::uint8_t> assets, bool for_debt) const;
    void place_loop(std::uint32_t account, const AccountSketch& sketch, Draws& draws);
    void place_pair(std::uint32_t account, const AccountSketch& sketch, Draws& draws);
    /// An asset of the list, more likely where more room is left; `apart` is not taken unless it is
    /// the only one.
    [[nodiscard]] std::uint8_t choose(std::span<const std::uint8_t> assets, bool for_debt,
                                      double usd, double u,
                                      std::span<const std::uint8_t> apart) const;
    void supply(std::uint32_t account, std::uint8_t asset, double usd, bool is_collateral);
    void borrow(std::uint32_t account, std::uint8_t asset, double usd);
    void fill_needs(std::span<const std::uint32_t> lenders,
                    std::span<const AccountSketch> sketches);

    std::uint64_t seed_;
    std::vector<Asset> assets_;
    std::vector<std::uint8_t> volatile_collaterals_;
    std::vector<std::uint8_t> stable_collaterals_;
    std::vector<std::uint8_t> volatile_debts_;
    std::vector<std::uint8_t> stable_debts_;
    std::vector<Loop> correlated_loops_;
    std::vector<Loop> stable_loops_;
    std::vector<GeneratedPosition> positions_;
    std::vector<std::uint16_t> emodes_;
};

}  // namespace breakwater
