// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <optional>
#include <span>
#include <type_traits>
#include <vector>

#include "breakwater/core/interest.hpp"
#include "breakwater/core/rulebooks/breakwater_rules.hpp"
#include "breakwater/core/units.hpp"

/// The native state of an Aave v3 reserve set: the protocol's raw storage in its own widths and scales.
/// Every record is a whole number of 128-bit words without padding, so that a transition can name any word of it.
namespace breakwater::aave_v3 {

/// Up to 128 reserves, as in the protocol's user configuration map.
inline constexpr std::size_t reserves_max = 128;

enum Flag : std::uint16_t { active = 1, frozen = 2, paused = 4, borrowing = 8 };

/// What governance sets. 64 bytes.
struct Parameters {
    std::uint16_t ltv = 0;                       ///< [bps]
    std::uint16_t liquidation_threshold = 0;     ///< [bps]
    std::uint16_t liquidation_bonus = 0;         ///< [bps] 10'500 is 5 %
    std::uint16_t liquidation_protocol_fee = 0;  ///< [bps] of the bonus
    std::uint16_t reserve_factor = 0;            ///< [bps]
    std::uint16_t decimals = 0;                  ///< of the asset, at most 18
    std::uint16_t flags = active | borrowing;
    std::uint16_t optimal_usage = 0;             ///< [bps]
    std::uint32_t base_rate = 0;                 ///< [bps/year]
    std::uint32_t slope1 = 0;                    ///< [bps/year]
    std::uint32_t slope2 = 0;                    ///< [bps/year]
    std::uint32_t reserved = 0;
    std::uint64_t supply_cap = 0;                ///< [whole tokens] 0 is none
    std::uint64_t borrow_cap = 0;                ///< [whole tokens] 0 is none
    std::uint64_t grace_until = 0;               ///< [s] no liquidation up to and including this time
    house::Ramp ramp{};                          ///< our own rulebook: the threshold on its way down

    [[nodiscard]] constexpr bool has(Flag flag) const { return (flags & flag) != 0; }
    [[nodiscard]] constexpr KinkedCurve curve() const {
        return {.optimal_usage = optimal_usage, .base = base_rate, .slope1 = slope1, .slope2 = slope2};
    }
};

/// [ray] what a socialised loss leaves of a liquidity index at least. Source: WATERFALL-018.
inline constexpr uint128 liquidity_index_least = ray / 1'000;

/// What the pool stores for one asset. 160 bytes.
struct Reserve {
    Ray liquidity_index{ray};
    Ray borrow_index{ray};
    Ray liquidity_rate;  ///< [ray/year]
    Ray borrow_rate;     ///< [ray/year]
    Scaled supplied;     ///< aToken scaled total supply
    Scaled borrowed;     ///< variable debt scaled total supply
    Scaled accrued_to_treasury;
    Amount cash;         ///< virtual underlying balance
    Amount deficit;
    std::uint64_t updated = 0;  ///< [s]
    std::uint64_t reserved = 0;
};

/// An efficiency mode: other thresholds for a set of assets. 64 bytes; bit i of a map is reserve i.
struct EMode {
    uint128 collateral = 0;
    uint128 borrowable = 0;
    uint128 ltv_zero = 0;
    std::uint16_t ltv = 0;                    ///< [bps]
    std::uint16_t liquidation_threshold = 0;  ///< [bps] 0: the category does not exist
    std::uint16_t liquidation_bonus = 0;      ///< [bps]
    std::uint16_t isolated = 0;               ///< 1: collateral outside the map has no borrowing power
    house::Ramp ramp{};                       ///< as in Parameters
};

/// Where an account's legs are. 16 bytes.
struct AccountRow {
    std::uint32_t first = 0;     ///< row of the first leg
    std::uint16_t count = 0;     ///< legs in use
    std::uint16_t capacity = 0;  ///< legs reserved from `first` on
    std::uint16_t emode = 0;     ///< 0 is none
    std::uint16_t reserved = 0;
    std::uint32_t reserved2 = 0;
};

/// One account in one asset, 32 bytes. The protocol stores scaled balances in 120 bits; the free bits carry the asset
/// and the two flags of the user configuration map.
class Leg {
 public:
    static constexpr uint128 balance_max = (uint128{1} << 120U) - 1;

    Leg() = default;
    explicit Leg(AssetId asset) : supply_(uint128{index(asset)} << 120U) {}

    [[nodiscard]] AssetId asset() const { return AssetId{static_cast<std::uint8_t>(supply_ >> 120U)}; }
    [[nodiscard]] Scaled supplied() const { return {supply_ & balance_max}; }
    [[nodiscard]] Scaled borrowed() const { return {debt_ & balance_max}; }
    [[nodiscard]] bool is_collateral() const { return ((debt_ >> 120U) & 1U) != 0; }
    [[nodiscard]] bool is_borrowing() const { return ((debt_ >> 121U) & 1U) != 0; }
    [[nodiscard]] bool is_empty() const { return supplied().is_zero() && debt_ == 0; }

    void set_supplied(Scaled v) { supply_ = (supply_ & ~balance_max) | v.raw; }
    void set_borrowed(Scaled v) { debt_ = (debt_ & ~balance_max) | v.raw; }
    void set_collateral(bool on) { set_bit(120, on); }
    void set_borrowing(bool on) { set_bit(121, on); }

 private:
    void set_bit(unsigned bit, bool on) {
        debt_ = (debt_ & ~(uint128{1} << bit)) | (uint128{on} << bit);
    }

    uint128 supply_ = 0;
    uint128 debt_ = 0;
};

static_assert(std::is_trivially_copyable_v<Leg>);
static_assert(sizeof(Parameters) == 64 && sizeof(Reserve) == 160 && sizeof(EMode) == 64);
static_assert(sizeof(AccountRow) == 16 && sizeof(Leg) == 32);

/// A reserve set and everybody in it. Rows are addressed by AssetId, by e-mode number and by AccountId.
struct Market {
    std::vector<Parameters> parameters;
    std::vector<Reserve> reserves;
    std::vector<EMode> emodes;  ///< row 0 is "none" and stays empty
    std::vector<AccountRow> accounts;
    std::vector<Leg> legs;      ///< an account that outgrows its legs moves to the end
    AccountId treasury{};       ///< receives protocol fees as supply
    /// Set: liquidation, settlement and changes of parameters follow our own rulebook instead of the protocol's.
    std::optional<house::Rules> house;

    [[nodiscard]] bool has(AssetId asset) const { return index(asset) < reserves.size(); }
    [[nodiscard]] bool has(AccountId account) const { return index(account) < accounts.size(); }
    [[nodiscard]] std::span<const Leg> legs_of(AccountId account) const {
        const AccountRow& row = accounts[index(account)];
        return {legs.data() + row.first, row.count};
    }
};

}  // namespace breakwater::aave_v3
