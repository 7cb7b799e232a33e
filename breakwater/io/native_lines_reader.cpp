// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>

#include "breakwater/core/rulebooks/morpho_blue.hpp"
#include "breakwater/io/decimal.hpp"
#include "breakwater/io/json_reader.hpp"
#include "breakwater/io/native_lines.hpp"
#include "breakwater/io/venue_lines.hpp"

/// Lines of Morpho Blue's events back to events. What an event has two of (assets or shares) may be left out when zero.
namespace breakwater {
namespace {

using morpho_blue::Shares;

class MorphoReading {
  public:
    MorphoReading(JsonReader& in, const LineNames& names, MarketId market)
        : in_(in), names_(names) {
        const auto& markets = names.book.state.markets;
        if (index(market) < markets.size())
            if (const auto* m = std::get_if<morpho_blue::Market>(&markets[index(market)]))
                totals_ = &m->totals[0];
    }

    template <class E>
    E flow() {
        E out;
        out.account = account("account");
        out.assets = amount("assets", false);
        out.shares = {integer("shares")};
        return out;
    }
    template <class E>
    E of_collateral() {
        return {.account = account("account"), .assets = amount("assets", true)};
    }
    morpho_blue::Liquidate liquidate() {
        return {.borrower = account("borrower"),
                .seized = amount("seized", true),
                .repaid = {integer("repaid_shares")}};
    }
    morpho_blue::ReportPrice price() {
        const std::string text = in_.text("price");
        const auto value = parse_wide_integer(text);
        if (!value) in_.fail("price " + quote(text), "an integer of at most 256 bits in quotes");
        return {*value};
    }
    morpho_blue::SetFee fee() {
        const uint128 value = integer("fee");
        if (value > wad) in_.fail("fee is above 1", "an integer of 1e-18 of the interest");
        return {static_cast<std::uint64_t>(value)};
    }

  private:
    AccountId account(const char* key) { return names_.account(in_.text(key)); }
    uint128 integer(const char* key) {
        const std::string text = in_.text_or(key, "0");
        const auto value = parse_integer(text);
        if (!value)
            in_.fail(std::string(key) + " " + quote(text) + " " + describe(value.error(), 0),
                     "an integer in quotes");
        return *value;
    }
    Amount amount(const char* key, bool is_collateral) {
        if (!names_.tokens || totals_ == nullptr) return {integer(key)};
        const AssetId asset = is_collateral ? totals_->collateral_asset : totals_->loan;
        const unsigned decimals = names_.book.assets[index(asset)].decimals;
        const std::string text = in_.text_or(key, "0");
        const auto value = parse_decimal(text, decimals);
        if (!value)
            in_.fail(std::string(key) + " " + quote(text) + " " + describe(value.error(), decimals),
                     "a decimal number of tokens");
        return {*value};
    }

    JsonReader& in_;
    const LineNames& names_;
    const morpho_blue::Totals* totals_ = nullptr;
};

}  // namespace

std::optional<Action> read_native_event(std::string_view name, JsonReader& in,
                                        const LineNames& names, MarketId market) {
    constexpr std::string_view of_comet = "compound_v3.";
    constexpr std::string_view prefix = "morpho_blue.";
    if (name.starts_with(of_comet))
        return read_comet_event(name.substr(of_comet.size()), in, names, market);
    if (!name.starts_with(prefix)) return std::nullopt;
    MorphoReading reading(in, names, market);
    const std::string_view what = name.substr(prefix.size());
    if (what == "supply") return morpho_blue::Action{reading.flow<morpho_blue::Supply>()};
    if (what == "withdraw") return morpho_blue::Action{reading.flow<morpho_blue::Withdraw>()};
    if (what == "borrow") return morpho_blue::Action{reading.flow<morpho_blue::Borrow>()};
    if (what == "repay") return morpho_blue::Action{reading.flow<morpho_blue::Repay>()};
    if (what == "supply_collateral")
        return morpho_blue::Action{reading.of_collateral<morpho_blue::SupplyCollateral>()};
    if (what == "withdraw_collateral")
        return morpho_blue::Action{reading.of_collateral<morpho_blue::WithdrawCollateral>()};
    if (what == "liquidate") return morpho_blue::Action{reading.liquidate()};
    if (what == "accrue") return morpho_blue::Action{morpho_blue::Accrue{}};
    if (what == "report_price") return morpho_blue::Action{reading.price()};
    if (what == "set_fee") return morpho_blue::Action{reading.fee()};
    return std::nullopt;
}

}  // namespace breakwater
