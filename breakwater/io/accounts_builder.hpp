// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "breakwater/io/market_file.hpp"
#include "breakwater/io/name_index.hpp"

/// Gathers rows (account, asset, supply, debt, ...) that come in any order into accounts whose legs
/// lie side by side. Rows of one account that follow each other cost no look-up.
namespace breakwater {

/// Its rows, if any, are the protocol's own claims; it comes last in the book.
inline constexpr std::string_view treasury_name = "(treasury)";

/// Accounts in the order of their first row. No leg is empty.
struct Accounts {
    AccountNames names;
    std::vector<aave_v3::AccountRow> rows;
    std::vector<aave_v3::Leg> legs;
    std::vector<aave_v3::Leg> treasury;
};

/// What one row says of its account, in atomic units, underlying or scaled as declared.
struct AccountEntry {
    AssetId asset{};
    uint128 supply = 0;
    uint128 debt = 0;
    bool is_collateral = false;
    std::uint16_t emode = 0;
};

class AccountsBuilder {
  public:
    /// @param file for messages  @param market outlives the builder
    AccountsBuilder(std::string file, const MarketFile& market, BalanceKind kind,
                    std::size_t rows_expected, std::size_t name_characters_expected);

    /// Shares are the supply divided by the index rounded down, and the debt rounded up: the pool's
    /// own directions. A collateral flag without supply is dropped. InputError: the account's rows
    /// lie side by side and repeat an asset, another e-mode than before, an unknown e-mode, a value
    /// above 7.9e20 USD.
    void add(std::string_view account, const AccountEntry& entry, std::uint64_t line);

    /// An account and an asset that occurs twice in rows that lie apart.
    struct Clash {
        std::string account;
        AssetId asset{};
    };
    /// Ends the building. After a clash the result is of no use.
    std::optional<Clash> finish(Accounts& out);
    [[nodiscard]] std::size_t accounts() const { return out_.names.size(); }

  private:
    struct Scale {
        Ray liquidity_index;
        Ray borrow_index;
        uint128 amount_max = 0;  ///< [atomic, underlying]
    };

    [[noreturn]] void fail(std::uint64_t line, const std::string& fault,
                           const std::string& expected) const;
    [[nodiscard]] aave_v3::Leg leg_of(const AccountEntry& entry, std::uint64_t line) const;
    [[nodiscard]] uint128 shares_of(uint128 amount, const char* side, const AccountEntry& entry,
                                    std::uint64_t line) const;
    void enter(std::string_view account, const AccountEntry& entry, std::uint64_t line);
    void put_side_by_side();

    uint128 seen_ = 0;  ///< assets in the current run of rows
    uint128 seen_treasury_ = 0;
    std::string file_;
    const MarketFile& market_;
    std::vector<Scale> scales_;
    Accounts out_;
    NameIndex index_;
    std::vector<std::uint32_t> owners_;  ///< by leg
    std::uint32_t current_ = 0;          ///< account of the row before
    BalanceKind kind_;
    bool is_side_by_side_ = true;
};

}  // namespace breakwater
