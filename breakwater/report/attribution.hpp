// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "breakwater/report/figures.hpp"

/// Whose debt the loss is, who bears it, and what drives it.
namespace breakwater {

struct AssetLossRow {
    AssetId asset{};
    Estimate loss;     ///< [USD] mean per path
    double share = 0;  ///< of the mean loss
    double debt = 0;   ///< [USD] owed in the book
};

struct AccountLossRow {
    AccountId account{};
    Estimate loss;  ///< [USD] mean per path
    Estimate probability;
    double share = 0;       ///< of the mean loss
    double collateral = 0;  ///< [USD] in the book, as the next two
    double debt = 0;
    double health = 0;
    std::string position;  ///< "WETH against USDC"
};

struct LayerRow {
    std::string layer;
    std::string asset;            ///< of the debt; "all" for the sum over reserves
    std::optional<double> cover;  ///< [USD]; absent: no limit
    Estimate paid;                ///< [USD] mean per path
    /// [USD] per path; absent where no layer of the book stands behind the row.
    std::optional<Estimate> paid_95;
    std::optional<Estimate> paid_99;
    std::optional<Estimate> exhausted;  ///< P(nothing of the cover is left at the end)
};

struct Driver {
    enum class Kind : std::uint8_t { asset, account, cause };
    std::string name;
    Kind kind = Kind::asset;
    double share = 0;  ///< of the mean loss; shares of different kinds overlap
    Estimate loss;     ///< [USD] mean per path; unsupported with an empty reason: not stated
    std::string detail;
};
const char* to_string(Driver::Kind kind);

struct Attribution {
    std::vector<AssetLossRow> assets;      ///< by debt asset, largest first, those with a loss
    std::vector<AccountLossRow> accounts;  ///< largest mean loss first
    std::vector<LayerRow> layers;          ///< in the order of paying; empty without any loss
    std::string layers_definition;
    std::vector<Driver> drivers;  ///< at most three, largest share first
};

inline constexpr std::size_t accounts_shown = 12;

Attribution attribution_of(const ReportInput& input, const Figures& figures);

}  // namespace breakwater
