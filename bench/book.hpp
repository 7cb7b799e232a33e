// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <sys/mman.h>
#include <vector>

#include "breakwater/core/glance.hpp"
#include "breakwater/core/liquidation/watch.hpp"
#include "breakwater/core/math.hpp"
#include "breakwater/core/units.hpp"

/// The book of the watch benchmark and its exact look: both contenders ask the same one. The look has the arithmetic of
/// Aave v3 account data (rayMulFloor, mulDivCeil, per leg) on a flat array of legs.
namespace breakwater::bench {

inline constexpr std::size_t assets_max = 8;

struct Asset {
    const char* symbol = "";
    unsigned decimals = 18;
    double price = 0;             ///< [USD]
    std::uint32_t threshold = 0;  ///< [bps]
    double volatility = 0;        ///< [per sqrt year] in calm
    double crash = 0;             ///< relative move by the end of the crash
    int follows = -1;             ///< asset whose price it multiplies
};

/// 32 bytes: balances need no more than 104 bits.
class Leg {
  public:
    /// Scaled balances [atomic]; threshold [bps] with the account's e-mode.
    Leg(std::uint32_t asset, std::uint32_t threshold, uint128 supply, uint128 debt)
        : supply_(supply | uint128{threshold} << balance_bits),
          debt_(debt | uint128{asset} << balance_bits) {}

    [[nodiscard]] std::uint32_t asset() const {
        return static_cast<std::uint32_t>(debt_ >> balance_bits);
    }
    [[nodiscard]] std::uint32_t threshold() const {
        return static_cast<std::uint32_t>(supply_ >> balance_bits);
    }
    [[nodiscard]] uint128 supply() const { return supply_ & balance_max; }
    [[nodiscard]] uint128 debt() const { return debt_ & balance_max; }

  private:
    static constexpr unsigned balance_bits = 104;
    static constexpr uint128 balance_max = (uint128{1} << balance_bits) - 1;
    uint128 supply_;
    uint128 debt_;
};

/// Prices and indices at one step; integers as an engine gets them.
struct Step {
    std::array<std::uint64_t, assets_max> price{};   ///< [1e-8 USD]
    std::array<uint128, assets_max> supply_index{};  ///< [ray]
    std::array<uint128, assets_max> debt_index{};    ///< [ray]
};
using Path = std::vector<Step>;

/// Memory in large pages where the system has them, so that whoever is looked at costs no walk through page tables.
template <class T>
struct LargePages {
    using value_type = T;
    static constexpr std::size_t page = std::size_t{2} << 20U;

    LargePages() = default;
    template <class U>
    explicit LargePages(const LargePages<U>& /*other*/) {}
    T* allocate(std::size_t n) {
        const std::size_t bytes = (n * sizeof(T) + page - 1) / page * page;
        void* first = ::operator new (bytes, std::align_val_t{page});
        ::madvise(first, bytes, MADV_HUGEPAGE);
        return static_cast<T*>(first);
    }
    void deallocate(T* first, std::size_t /*n*/) {
        ::operator delete (first, std::align_val_t{page});
    }
    friend bool operator==(const LargePages&, const LargePages&) = default;
};

struct Book {
    std::vector<Asset> assets;
    std::vector<std::uint32_t> first;  ///< by account, one more at the end
    std::vector<Leg, LargePages<Leg>> legs;
    Step start;

    [[nodiscard]] std::uint32_t size() const {
        return static_cast<std::uint32_t>(first.size() - 1);
    }
    [[nodiscard]] std::span<const Leg> account(AccountId id) const {
        return std::span{legs}.subspan(first[index(id)], first[index(id) + 1] - first[index(id)]);
    }
};

/// Health factor < 1, to the unit.
inline bool is_unhealthy_exactly(const Book& book, const Step& now, AccountId id) {
    Checked math;
    uint128 collateral = 0;
    uint128 debt = 0;
    for (const Leg& leg : book.account(id)) {
        const std::size_t a = leg.asset();
        const unsigned decimals = book.assets[a].decimals;
        if (leg.supply() != 0) {
            const uint128 amount = math.ray_mul_down(leg.supply(), now.supply_index[a]);
            collateral += math.mul_div_unit_down(amount, now.price[a], decimals) * leg.threshold();
        }
        if (leg.debt() != 0) {
            const uint128 amount = math.ray_mul_up(leg.debt(), now.debt_index[a]);
            debt += math.mul_div_unit_up(amount, now.price[a], decimals);
        }
    }
    return collateral < debt * bps_one;
}

// The watch and a glance count scaled × bps as weight and price × index × 10^(18 − decimals) / 2^50 as unit.
inline constexpr unsigned index_shift = 50;
inline constexpr uint128 watch_slop = uint128{bps_one} * wad * ((ray >> index_shift) + 1);
// Weights are one share from the truth, at most 10^4 bps of it; indices, at least 1, lose less than 2^-39 by the cut,
// and rounding in the assessment only makes it stricter. Whoever holds less than 2^18 shares of something is looked at.
inline constexpr Doubt watch_doubt{.bits = 18, .weight = bps_one};

inline std::size_t watch_legs(const Book& book, AccountId id, std::span<WatchLeg> out) {
    std::size_t n = 0;
    for (const Leg& leg : book.account(id)) {
        const AssetId asset{static_cast<std::uint8_t>(leg.asset())};
        if (leg.supply() != 0)
            out[n++] = {asset, Side::collateral, (leg.supply() - 1) * leg.threshold()};
        if (leg.debt() != 0) out[n++] = {asset, Side::debt, (leg.debt() + 1) * bps_one};
    }
    return n;
}

/// 10^(18 − decimals) by asset.
inline std::vector<std::uint64_t> scales(const Book& book) {
    std::vector<std::uint64_t> tens;
    for (const Asset& asset : book.assets)
        tens.push_back(static_cast<std::uint64_t>(power_of_ten(18 - asset.decimals)));
    return tens;
}

/// The exact look at one step: a glance where that is enough, or the full assessment.
///
/// With x = scaled × index × price / 10^decimals the assessment has ⌊⌊·⌋·⌋ ∈ (x − p/10^d − 1, x] for collateral and
/// ⌈⌈·⌉·⌉ ∈ [x, x + p/10^d + 1) for debt. An atomic unit is worth at most a share, whose value is `unit` + 1 in
/// price × tens, so both ends are within `slop` of what scaled ± 1 is worth; indices are at least 1, so that dropping
/// their last 50 bits loses less than 2^-39.
class Confirm {
  public:
    Confirm(const Book& book, std::span<const std::uint64_t> tens, const Step& now)
        : book_(book), now_(now) {
        uint128 most = 0;
        for (std::size_t a = 0; a < book.assets.size(); ++a) {
            const uint128 price = uint128{now.price[a]} * tens[a];
            unit_[a][0] = price * static_cast<std::uint64_t>(now.supply_index[a] >> index_shift);
            unit_[a][1] = price * static_cast<std::uint64_t>(now.debt_index[a] >> index_shift);
            most = std::max({most, unit_[a][0], unit_[a][1]});
        }
        slop_ = (watch_slop >> 64U) + 1 + 2 * bps_one * ((most >> 64U) + 1);
    }
    [[nodiscard]] bool is_unhealthy(AccountId id) const {
        Glance glance;
        for (const Leg& leg : book_.account(id)) {
            const bool is_debt = leg.supply() == 0;
            glance.add(is_debt ? Side::debt : Side::collateral,
                       is_debt ? leg.debt() * bps_one : leg.supply() * leg.threshold(),
                       unit_[leg.asset()][is_debt ? 1 : 0]);
            if (!is_debt && leg.debt() != 0)
                glance.add(Side::debt, leg.debt() * bps_one, unit_[leg.asset()][1]);
        }
        const Verdict verdict = glance.verdict(39, slop_);
        if (verdict != Verdict::unclear) return verdict == Verdict::unhealthy;
        return is_unhealthy_exactly(book_, now_, id);
    }

  private:
    const Book& book_;
    const Step& now_;
    std::array<std::array<uint128, 2>, assets_max> unit_{};  ///< by asset and side, rounded down
    uint128 slop_ = 0;                                       ///< [2^64] of a leg
};

/// `tens`: 10^(18 − decimals) by asset.
inline void set_units(Watch& watch, std::span<const std::uint64_t> tens, const Step& now) {
    for (std::size_t a = 0; a < tens.size(); ++a) {
        const AssetId asset{static_cast<std::uint8_t>(a)};
        const uint128 price = uint128{now.price[a]} * tens[a];
        const auto supply_index = static_cast<std::uint64_t>(now.supply_index[a] >> index_shift);
        const auto debt_index = static_cast<std::uint64_t>(now.debt_index[a] >> index_shift) + 1;
        watch.set_unit(asset, Side::collateral, price * supply_index);
        watch.set_unit(asset, Side::debt, price * debt_index);
    }
}

}  // namespace breakwater::bench
