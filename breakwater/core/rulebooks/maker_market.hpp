// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <tuple>
#include <type_traits>
#include <vector>

#include "breakwater/core/math.hpp"
#include "breakwater/core/units.hpp"

/// The native state of Maker's collateralised lending with Liquidations 2.0: the vat (vaults, balances, debt), the dog
/// and a clip for each ilk (auctions), the vow (who bears the loss), in the protocol's own widths and scales. The word
/// of the protocol stands first in the comment of each field.
/// Source: docs/rules.md, MAKER-001; docs/units.md.
namespace breakwater::maker {

/// A collateral type with terms of its own; several may share one asset.
enum class IlkId : std::uint8_t {};
constexpr std::uint8_t index(IlkId id) {
    return static_cast<std::uint8_t>(id);
}

using Rad = Uint256;  ///< [1e-45 DAI] balances and debts: wad × ray

/// How the price of an auction falls with its age.
enum class Curve : std::uint8_t { linear, stairstep, exponential };

/// Which calls of an ilk's auctions are switched off; each level includes those before it.
enum class Stopped : std::uint8_t { none, new_auctions, resets, takes };

/// vat.urns and vat.gem: one account in one ilk.
struct Vault {
    Amount locked;  ///< ink [wad] collateral that stands against the debt
    Scaled debt;    ///< art [wad] what is owed is debt × rate
    Amount free;    ///< gem [wad] collateral that is not locked
};

/// vat.dai and vat.sin of one account.
struct Account {
    Rad dai;
    Rad sin;  ///< debt that no vault stands behind
};

/// One ilk in vat, dog, jug and clip.
struct Ilk {
    Scaled debt;              ///< Art [wad] of all vaults
    Ray rate;                 ///< rate [ray] accumulated stability fee
    Ray spot;                 ///< spot [ray] price ÷ liquidation ratio
    Ratio price;              ///< pip [wad] USD per whole token, without the ratio; 0: not valid
    Amount auctioned;         ///< gem of the clip [wad]
    Rad dirt;                 ///< dirt [rad] debt and penalty in running auctions
    Rad chost;                ///< chost [rad] dust × chop, cached
    std::uint64_t rho = 0;    ///< rho [s] when the rate was grown last
    std::uint32_t kicks = 0;  ///< kicks: id of the newest auction
    std::uint32_t count = 0;  ///< auctions that run
};

struct IlkParameters {
    Rad line;                   ///< line [rad] debt ceiling
    Rad dust;                   ///< dust [rad] least debt of a vault
    Rad hole;                   ///< hole [rad] room for running auctions of this ilk
    Rad tip;                    ///< tip [rad] flat incentive of a keeper
    Ratio chip;                 ///< chip [wad] incentive as a part of the tab
    Ratio chop;                 ///< chop [wad] 1 + liquidation penalty
    Ray liquidation_ratio;      ///< mat [ray]
    Ray duty;                   ///< duty [ray] growth per second
    Ray buf;                    ///< buf [ray] starting price ÷ price
    Ray cusp;                   ///< cusp [ray] fall of the price after which an auction is void
    Ray cut;                    ///< cut [ray] factor per step or second
    std::uint64_t tail = 0;     ///< tail [s] age after which an auction is void
    std::uint64_t step = 0;     ///< step [s] of the stairs
    std::uint64_t tau = 0;      ///< tau [s] until a linear price is zero
    Curve curve{};              ///< calc
    Stopped stopped{};          ///< stopped
    AssetId asset{};            ///< what is locked
    std::uint8_t decimals = 0;  ///< of the asset; the vat counts in wad
    std::uint32_t reserved = 0;
};

/// One auction. All zero when it does not run.
struct Sale {
    Rad tab;      ///< tab [rad] to raise: debt and penalty
    Amount lot;   ///< lot [wad] collateral for sale
    Ray top;      ///< top [ray] starting price
    Rad penalty;  ///< [rad] what of the tab at the start was not debt; not kept by the protocol
    std::uint64_t tic = 0;    ///< tic [s] start of the price curve
    AccountId usr{};          ///< usr whose vault it comes from
    std::uint32_t place = 0;  ///< pos + 1 among the running auctions; 0: does not run
};

/// clip.active: the auctions that run, in no order; the last one fills the gap of one that ends.
struct Active {
    std::uint64_t sale = 0;
    std::uint64_t reserved = 0;
};

/// vow.sin: debt that waits before it may be healed, by the second of its bark.
struct QueuedSin {
    Rad amount;
    std::uint64_t era = 0;
    std::uint64_t reserved = 0;
};

/// What vat, dog and vow keep once.
struct System {
    Rad debt;                ///< vat.debt [rad] all DAI
    Rad vice;                ///< vat.vice [rad] all sin
    Rad dirt;                ///< dog.Dirt [rad]
    Rad queued;              ///< vow.Sin [rad]
    Rad ash;                 ///< vow.Ash [rad] on auction against the protocol's own token
    std::uint64_t eras = 0;  ///< rows of the queue in use, those of healed debt included
    std::uint64_t reserved = 0;
};

struct SystemParameters {
    Rad line;                        ///< vat.Line [rad]
    Rad hole;                        ///< dog.Hole [rad]
    Ray par;                         ///< spot.par [ray] USD per DAI
    Ray base;                        ///< jug.base [ray] growth per second, added to each duty
    std::uint64_t wait = 0;          ///< vow.wait [s]
    std::uint32_t accounts = 0;      ///< rows that may act: AccountId 0 to accounts − 1
    AccountId vow{};                 ///< whose balance and sin are the protocol's own
    AssetId dai{};                   ///< the asset that DAI is
    std::uint8_t reserved[15] = {};  // NOLINT: bytes that fill the word
};

static_assert(sizeof(Vault) == 48 && sizeof(Account) == 64 && sizeof(Ilk) == 160);
static_assert(sizeof(IlkParameters) == 272 && sizeof(Sale) == 112 && sizeof(Active) == 16);
static_assert(sizeof(QueuedSin) == 48 && sizeof(System) == 176 && sizeof(SystemParameters) == 128);
static_assert(std::is_trivially_copyable_v<IlkParameters> && std::is_trivially_copyable_v<Sale>);

/// Tables of accounts, auctions and the like interleave the ilks, so that their number is fixed when a market is made.
struct Market {
    std::vector<SystemParameters> system_parameters;  ///< one row
    std::vector<System> system;                       ///< one row
    std::vector<IlkParameters> parameters;            ///< by IlkId
    std::vector<Ilk> ilks;                            ///< by IlkId
    std::vector<Account> accounts;                    ///< by AccountId
    std::vector<Vault> vaults;                        ///< by row(account, ilk)
    std::vector<Sale> sales;                          ///< by row(sale, ilk)
    std::vector<Active> active;                       ///< by row(place, ilk)
    std::vector<QueuedSin> queue;                     ///< in the order of eras

    static constexpr std::uint64_t kind = 4;  ///< in digests; never used again for something else
    static constexpr auto tables() {
        return std::tuple{&Market::system_parameters,
                          &Market::system,
                          &Market::parameters,
                          &Market::ilks,
                          &Market::accounts,
                          &Market::vaults,
                          &Market::sales,
                          &Market::active,
                          &Market::queue};
    }

    [[nodiscard]] bool has(IlkId ilk) const { return index(ilk) < ilks.size(); }
    [[nodiscard]] bool has(AccountId account) const {
        return breakwater::index(account) < system_parameters[0].accounts;
    }
    [[nodiscard]] AccountId vow() const { return system_parameters[0].vow; }
    [[nodiscard]] AssetId dai() const { return system_parameters[0].dai; }
    [[nodiscard]] std::uint32_t row(std::uint32_t major, IlkId ilk) const {
        return major * static_cast<std::uint32_t>(ilks.size()) + index(ilk);
    }
    [[nodiscard]] std::uint32_t row(AccountId account, IlkId ilk) const {
        return row(breakwater::index(account), ilk);
    }
};

}  // namespace breakwater::maker
