// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <array>
#include <cstdint>
#include <tuple>
#include <type_traits>
#include <vector>

#include "breakwater/core/math.hpp"
#include "breakwater/core/units.hpp"

/// The native state of our derivatives venue: collateral assets, contracts, accounts, balances and
/// positions. One account may lend, borrow and hold perpetuals, futures and options; it stands
/// while equity ≥ requirement (venue_margin.hpp).
///
/// Money. A balance is whole atoms of one asset; below zero it is a loan. A position is worth lots
/// × value in *grains*, of which an atom of the settlement asset has 2^grain_bits: none for linear
/// contracts, some for inverse ones, whose value of a lot is a quotient. One lot's value is one
/// integer for everybody, so that what longs gain shorts lose to the grain.
/// Source: docs/rules.md, VENUE-001 to VENUE-004; docs/units.md.
namespace breakwater::venue {

/// Row of the contract, dense from 0.
enum class ContractId : std::uint16_t {};
constexpr std::uint16_t index(ContractId id) {
    return static_cast<std::uint16_t>(id);
}

enum class Form : std::uint8_t { perpetual, future, call, put };
/// Linear pays in what the price is quoted in; coin-settled (perpetuals and futures: inverse) in
/// the underlying.
enum class Settled : std::uint8_t { linear, coin };
enum class Phase : std::uint8_t { live, expired };

inline constexpr std::size_t assets_max = 16;  ///< collateral assets of one venue
inline constexpr std::size_t tiers_max = 4;    ///< margin tiers of one contract
inline constexpr std::size_t grid_max = 40;    ///< scenarios of one grid
/// [lots] of one position, and of a trade
inline constexpr std::int64_t lots_max = std::int64_t{1} << 42U;
/// [grains per lot] below which values are
inline constexpr std::int64_t value_max = std::int64_t{1} << 62U;
/// [1e-8 USD per lot] of a risk array
inline constexpr std::int64_t loss_max = std::int64_t{1} << 53U;

/// An asset that the venue takes, by AssetId. 112 bytes.
struct Collateral {
    Ray borrow_index;                 ///< zero: the venue does not take the asset
    Ray borrow_rate;                  ///< [ray/year]
    Amount held;                      ///< [atomic] of custody, what is the venue's
    Amount cap;                       ///< [atomic] no deposit beyond it
    Amount uncovered;                 ///< [atomic] losses that nobody has borne yet
    std::uint64_t updated = 0;        ///< [s] when the index was grown last
    std::uint32_t haircut = 0;        ///< [ppm] of a positive balance
    std::uint32_t profit_weight = 0;  ///< [ppm] of unrealised profit that counts for new risk
    std::uint8_t decimals = 0;
    std::uint8_t reserved[15] = {};  // NOLINT: bytes that fill the word
};

/// What never changes about a contract. 80 bytes.
struct Terms {
    /// Linear contracts and options: [grains per lot and tick]. Inverse: [grains × ticks per lot],
    /// the value of a lot at price p is −⌊unit/p⌋.
    int128 unit = 0;
    /// Options: [grains per lot and tick of the underlying]; coin-settled: [grains per lot] of
    /// which (S−K)/S is paid.
    int128 payoff_unit = 0;
    std::int64_t strike = 0;      ///< [ticks of the underlying]
    std::uint64_t expiry = 0;     ///< [s]; 0: never
    std::int64_t block_lots = 0;  ///< [lots] liquidations close in one instant, at most
    std::uint32_t band = 0;       ///< [ppm] of the mark within which trades may be
    std::uint32_t tier = 0;       ///< tier of the insurance fund
    AssetId settlement{};
    AssetId underlying{};
    Form form{};
    Settled settled{};
    std::uint8_t grain_bits = 0;     ///< an atom has 2^grain_bits grains
    std::uint8_t by_arrays = 0;      ///< 1: margined by risk arrays; 0: by its own requirement
    std::uint8_t reserved[10] = {};  // NOLINT: bytes that fill the word

    [[nodiscard]] constexpr bool is_option() const {
        return form == Form::call || form == Form::put;
    }
    [[nodiscard]] constexpr bool is_inverse() const {
        return settled == Settled::coin && !is_option();
    }
};

/// What moves. Values are grains per lot. 144 bytes.
struct Contract {
    /// [grains] paid in by realised losses less realised profits
    int128 pot = 0;
    /// [grains] ≥ 0, what rounding has left in the pot; less than an atom
    int128 dust = 0;
    std::int64_t mark = 0;           ///< [ticks]
    std::int64_t slow = 0;           ///< [ticks] rate-limited, for new risk
    std::int64_t mark_value = 0;     ///< of the mark; after expiry of the settlement
    std::int64_t slow_value = 0;     ///< of the slow price
    std::int64_t funding = 0;        ///< paid by a long lot since the beginning
    std::int64_t funding_carry = 0;  ///< [1e-9 grains per lot] not yet in `funding`, below 10^9
    std::int64_t open_interest = 0;  ///< [lots] of the longs
    std::int64_t settled_lots = 0;   ///< [lots] net, taken off after expiry
    std::int64_t depth = 0;          ///< [lots] measured on either side of the mark
    std::int64_t closed = 0;         ///< [lots] closed by liquidations at `closed_at`
    std::uint64_t closed_at = 0;     ///< [s]
    std::uint64_t marked_at = 0;     ///< [s] of the last mark; 0: never
    /// [1e-8 USD per lot] at the mark, rounded up when it was published
    std::int64_t notional = 0;
    std::uint32_t open_part = 1'000'000;  ///< [ppm] of the settlement average that is still open
    Phase phase = Phase::live;
    std::uint8_t reserved[3] = {};  // NOLINT: bytes that fill the word

    /// What a lot is worth now, funding taken off.
    [[nodiscard]] constexpr int128 worth() const { return int128{mark_value} - funding; }
    [[nodiscard]] constexpr int128 slow_worth() const { return int128{slow_value} - funding; }
};

/// One tier of margin in deduction form: rate · notional − deduction for notionals from `lower` on.
/// 64 bytes.
struct Tier {
    uint128 lower = 0;                  ///< [1e-8 USD] notional
    uint128 initial_deduction = 0;      ///< [1e-14 USD]
    uint128 maintenance_deduction = 0;  ///< [1e-14 USD]
    std::uint32_t initial = 0;          ///< [ppm]
    std::uint32_t maintenance = 0;      ///< [ppm]; 0: no such tier
    std::uint64_t reserved = 0;
};

/// Margin of one contract. 320 bytes. Source: VENUE-010 to VENUE-014; MARGIN-010 to MARGIN-014.
struct MarginTerms {
    std::array<Tier, tiers_max> tiers;      ///< lower bounds rise from 0
    std::uint64_t effective = 0;            ///< [s] from when on the maintenance part holds
    std::uint64_t open_interest_lower = 0;  ///< [1e-8 USD] from where on initial margin grows
    /// [1e-8 USD] where it is all of the notional; 0: never
    std::uint64_t open_interest_upper = 0;
    std::uint64_t size_unit = 0;   ///< [1e-8 USD] of the law of the square root; 0: none
    std::uint64_t absorbed = 0;    ///< [1e-8 USD] what the market takes without a charge
    std::uint32_t size_slope = 0;  ///< [ppm] what a position of `size_unit` adds
    std::uint32_t impact = 0;      ///< [ppm] price move that selling `absorbed` costs
    /// [ppm] of the scenario loss where the array has expired
    std::uint32_t stale_add_on = 0;
    std::uint32_t version = 0;
    std::uint64_t reserved = 0;
};

/// What a lot, or collateral, loses under each scenario of a grid. 384 bytes. Source: VENUE-015;
/// MARGIN-018.
struct RiskArray {
    std::uint64_t as_of = 0;         ///< [s]
    std::uint64_t expires = 0;       ///< [s] from when on it allows no new risk
    std::int64_t delta = 0;          ///< [1e-8 USD per lot] value of what a lot is equivalent to
    std::int64_t short_minimum = 0;  ///< [1e-8 USD per lot] of short lots, not below 0
    std::uint32_t grid = 0;          ///< 0: never published
    std::uint32_t version = 0;       ///< rises with each publication
    std::uint32_t count = 0;         ///< scenarios in use
    std::uint32_t expiry = 0;        ///< row of the expiry, for what hedges across expiries leave
    std::uint32_t roll = 0;          ///< [ppm] of the net delta of the expiry
    std::uint32_t reserved[3] = {};  // NOLINT: bytes that fill the word
    /// Contract: [1e-8 USD per lot held long]; collateral: [ppm of its value]. Above zero a loss.
    std::array<std::int64_t, grid_max> values{};
};

/// 32 bytes.
struct Account {
    /// account + 1 that this isolated one belongs to; 0: a cross account
    std::uint32_t parent = 0;
    std::uint32_t cluster = 0;        ///< of accounts declared as linked; 0: none
    std::uint64_t since = 0;          ///< [s] since when it is in liquidation
    std::uint8_t in_liquidation = 0;  ///< 1 until it is back above the exit
    std::uint8_t negative = 0;        ///< 1: seen with equity below zero
    std::uint8_t reserved[14] = {};   // NOLINT: bytes that fill the word
};

/// One account in one asset. 32 bytes.
struct Balance {
    int128 cash = 0;  ///< [atomic] below zero: a loan
    Ray index;        ///< the borrow index when a loan was grown last; 0 where there is none
};

/// One slot of an account; empty where lots are 0. 32 bytes. Worth lots × Contract::worth() −
/// basis.
struct Position {
    /// [grains] Σ lots × value at the trades, realised results added; options: 0
    int128 basis = 0;
    std::int64_t lots = 0;  ///< long above zero
    ContractId contract{};
    std::uint8_t reserved[6] = {};  // NOLINT: bytes that fill the word
};

/// What rests in the market of one contract for one account; empty where nothing does. 32 bytes.
struct Resting {
    std::int64_t bids = 0;  ///< [lots] ≥ 0, to buy
    std::int64_t asks = 0;  ///< [lots] ≥ 0, to sell
    ContractId contract{};
    std::uint8_t reserved[14] = {};  // NOLINT: bytes that fill the word

    [[nodiscard]] constexpr bool is_empty() const { return bids == 0 && asks == 0; }
};

/// Lots of a cluster in one contract, over all its accounts. 16 bytes.
struct ClusterLots {
    std::int64_t longs = 0;
    std::int64_t shorts = 0;  ///< ≥ 0
};

/// One tier of the insurance fund in one asset: what it may pay for losses of its contracts. 32
/// bytes.
struct FundTier {
    Amount limit;
    Amount paid;
};

/// Row 0 of its table, and the only one. 96 bytes.
struct Settings {
    std::uint64_t notice = 0;     ///< [s] before a higher maintenance margin holds
    std::uint64_t gate_time = 0;  ///< [s] without withdrawals after the last negative equity
    std::uint64_t discount_per_hour =
        0;                           ///< [ppm] by which a liquidation's price worsens with time
    std::uint64_t mark_age_max = 0;  ///< [s] older marks allow no new risk
    std::uint32_t accounts = 0;      ///< rows that may act: AccountId 0 to accounts − 1
    std::uint32_t slots = 0;         ///< positions of one account, at most
    std::uint32_t clusters = 0;      ///< clusters 1 to clusters − 1
    std::uint32_t tiers = 0;         ///< of the insurance fund
    AccountId fund{};                ///< the insurance fund's account
    AccountId vault{};               ///< the backstop vault's account
    /// [ppm] of debts and notional: equity over maintenance at which a liquidation ends
    std::uint32_t exit = 0;
    std::uint32_t participation = 0;  ///< [ppm] of the depth that one liquidation may take
    std::uint32_t discount = 0;       ///< [ppm] of a lot's value to who takes a position over
    std::uint32_t discount_max = 0;   ///< [ppm]
    std::uint32_t fund_fee = 0;       ///< [ppm] of a lot's value to the insurance fund
    /// [ppm] of maintenance below which the vault may take over
    std::uint32_t take_over = 0;
    std::uint32_t grid = 0;          ///< the scenario grid in force
    std::uint32_t reserved[3] = {};  // NOLINT: bytes that fill the word
};

/// Row 0 of its table, and the only one. 16 bytes.
struct Gate {
    std::uint64_t shut_until = 0;  ///< [s]
    std::uint32_t negative = 0;    ///< accounts with negative equity that are known
    std::uint32_t uncovered = 0;   ///< assets with losses that nobody has borne
};

static_assert(sizeof(Collateral) == 112 && sizeof(Terms) == 80 && sizeof(Contract) == 144);
static_assert(sizeof(MarginTerms) == 320 && sizeof(RiskArray) == 384 && sizeof(Account) == 32);
static_assert(sizeof(Balance) == 32 && sizeof(Position) == 32 && sizeof(ClusterLots) == 16);
static_assert(sizeof(FundTier) == 32 && sizeof(Settings) == 96 && sizeof(Gate) == 16);
static_assert(sizeof(Resting) == 32);
static_assert(std::is_trivially_copyable_v<MarginTerms> && std::is_trivially_copyable_v<Contract>);

/// Tables of accounts interleave assets and slots, so that their numbers are fixed when a market is
/// made.
struct Market {
    std::vector<Settings> settings;       ///< one row
    std::vector<Gate> gate;               ///< one row
    std::vector<Collateral> collaterals;  ///< by AssetId
    std::vector<Terms> terms;             ///< by ContractId
    std::vector<Contract> contracts;      ///< by ContractId
    /// by ContractId: maintenance until the announced one holds
    std::vector<MarginTerms> margins;
    /// by ContractId: initial at once, maintenance from `effective` on
    std::vector<MarginTerms> announced;
    std::vector<RiskArray> arrays;      ///< by ContractId, then by AssetId
    std::vector<Account> accounts;      ///< by AccountId
    std::vector<Balance> balances;      ///< by row(account, asset)
    std::vector<Position> positions;    ///< by first_slot(account) + k
    std::vector<ClusterLots> clusters;  ///< by row(cluster, contract)
    std::vector<FundTier> fund_tiers;   ///< by row(tier, asset)
    std::vector<Resting> orders;        ///< by first_slot(account) + k; no rows until somebody has one

    static constexpr std::uint64_t kind = 16;  ///< in digests; never used again for something else
    /// Later ones are in a digest where they are used.
    static constexpr std::size_t tables_at_first = 13;
    static constexpr std::size_t rows_touched_max = 16'384;  ///< of one table in one event
    static constexpr auto tables() {
        return std::tuple{&Market::settings,  &Market::gate,      &Market::collaterals,
                          &Market::terms,     &Market::contracts, &Market::margins,
                          &Market::announced, &Market::arrays,    &Market::accounts,
                          &Market::balances,  &Market::positions, &Market::clusters,
                          &Market::fund_tiers, &Market::orders};
    }

    [[nodiscard]] const Settings& set() const { return settings[0]; }
    [[nodiscard]] std::uint32_t assets() const {
        return static_cast<std::uint32_t>(collaterals.size());
    }
    [[nodiscard]] bool has(AccountId account) const {
        return breakwater::index(account) < set().accounts;
    }
    [[nodiscard]] bool has(AssetId asset) const {
        return breakwater::index(asset) < collaterals.size() &&
               !collaterals[breakwater::index(asset)].borrow_index.is_zero();
    }
    [[nodiscard]] bool has(ContractId contract) const { return index(contract) < terms.size(); }

    [[nodiscard]] std::uint32_t row(AccountId account, AssetId asset) const {
        return breakwater::index(account) * assets() + breakwater::index(asset);
    }
    [[nodiscard]] std::uint32_t first_slot(AccountId account) const {
        return breakwater::index(account) * set().slots;
    }
    [[nodiscard]] std::uint32_t row(std::uint32_t cluster, ContractId contract) const {
        return cluster * static_cast<std::uint32_t>(terms.size()) + index(contract);
    }
    [[nodiscard]] std::uint32_t tier_row(std::uint32_t tier, AssetId asset) const {
        return tier * assets() + breakwater::index(asset);
    }
    [[nodiscard]] std::uint32_t array_row(AssetId asset) const {
        return static_cast<std::uint32_t>(terms.size()) + breakwater::index(asset);
    }
};

}  // namespace breakwater::venue
