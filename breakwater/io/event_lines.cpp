// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/event_lines.hpp"

#include "breakwater/io/decimal.hpp"
#include "breakwater/io/feed_lines.hpp"
#include "breakwater/io/json_line.hpp"
#include "breakwater/io/maker_lines.hpp"
#include "breakwater/io/native_lines.hpp"
#include "breakwater/io/venue_lines.hpp"

namespace breakwater {
namespace {

std::string amount_text(Amount amount) {
    return format_integer(amount.raw);
}
std::string price_text(Price price) {
    return format_decimal(price.raw, price_decimals);
}

/// Adds what an event or effect says to a line that has its head.
struct Adder {
    const Book& book;
    JsonLine& line;

    [[nodiscard]] const std::string& symbol(AssetId asset) const {
        return book.assets[index(asset)].symbol;
    }
    void add_asset(const char* key, AssetId asset) const { line.text(key, symbol(asset)); }
    void add_account(const char* key, AccountId account) const {
        line.text(key, account_text(book, account));
    }
    void add_flow(AccountId account, AssetId asset, const std::string& amount) const {
        add_account("account", account);
        add_asset("asset", asset);
        line.text("amount", amount);
    }
    void add_map(const char* key, uint128 map) const;
    void add_parameters(const aave_v3::Parameters& p) const;

    void operator()(const ReportPrices& e) const;
    void operator()(const Supply& e) const { add_flow(e.account, e.asset, amount_text(e.amount)); }
    void operator()(const Withdraw& e) const { add_flow(e.account, e.asset, size_text(e.amount)); }
    void operator()(const Borrow& e) const { add_flow(e.account, e.asset, amount_text(e.amount)); }
    void operator()(const Repay& e) const { add_flow(e.account, e.asset, size_text(e.amount)); }
    void operator()(const SetCollateral& e) const;
    void operator()(const SetEMode& e) const;
    void operator()(const MintToTreasury& e) const { add_asset("asset", e.asset); }
    void operator()(const Liquidate& e) const;
    void operator()(const EliminateDeficit& e) const {
        add_flow(e.account, e.asset, size_text(e.amount));
        if (e.part != DeficitPart::whole)
            line.text("part", deficit_parts[static_cast<std::size_t>(e.part)]);
    }
    void operator()(const SlashStake& e) const { add_asset("asset", e.asset); }
    void operator()(const CoverDeficit& e) const { add_asset("asset", e.asset); }
    void operator()(const SetParameters& e) const;
    void operator()(const SetEModeParameters& e) const;

    void operator()(const PriceReported& e) const;
    void operator()(const Accrued& e) const;
    void operator()(const Moved& e) const { add_flow(e.account, e.asset, amount_text(e.amount)); }
    void operator()(const Liquidated& e) const;
    void operator()(const LossRealised& e) const;
    void operator()(const LossCovered& e) const;
    void operator()(const StakeSlashed& e) const;
    void operator()(const ParametersSet& e) const { add_asset("asset", e.asset); }

    /// What only a native market has.
    template <class Native>
    void operator()(const Native& e) const {
        add_native(book, line, e);
    }
};

void Adder::add_map(const char* key, uint128 map) const {
    std::string list = "[";
    for (std::size_t i = 0; i < book.assets.size(); ++i) {
        if (((map >> i) & 1U) == 0) continue;
        list += (list.size() == 1 ? "" : ",") + json_quoted(book.assets[i].symbol);
    }
    line.raw(key, list + "]");
}

void Adder::add_parameters(const aave_v3::Parameters& p) const {
    line.integer("ltv", p.ltv)
        .integer("liquidation_threshold", p.liquidation_threshold)
        .integer("liquidation_bonus", p.liquidation_bonus)
        .integer("liquidation_protocol_fee", p.liquidation_protocol_fee)
        .integer("reserve_factor", p.reserve_factor)
        .integer("optimal_usage", p.optimal_usage)
        .integer("base_rate", p.base_rate)
        .integer("slope1", p.slope1)
        .integer("slope2", p.slope2)
        .integer("supply_cap", p.supply_cap)
        .integer("borrow_cap", p.borrow_cap)
        .integer("grace_until", p.grace_until)
        .flag("active", p.has(aave_v3::active))
        .flag("frozen", p.has(aave_v3::frozen))
        .flag("paused", p.has(aave_v3::paused))
        .flag("borrowing", p.has(aave_v3::borrowing));
}

void Adder::operator()(const ReportPrices& e) const {
    JsonLine prices;
    for (std::size_t i = 0; i < e.prices.size(); ++i)
        if (!e.prices[i].is_zero()) prices.text(book.assets[i].symbol, price_text(e.prices[i]));
    line.raw("prices", prices.finish());
}
void Adder::operator()(const SetCollateral& e) const {
    add_account("account", e.account);
    add_asset("asset", e.asset);
    line.flag("enabled", e.enabled);
}
void Adder::operator()(const SetEMode& e) const {
    add_account("account", e.account);
    line.integer("emode", e.emode);
}
void Adder::operator()(const Liquidate& e) const {
    add_account("borrower", e.borrower);
    add_asset("collateral", e.collateral);
    add_asset("debt", e.debt);
    line.text("debt_to_cover", size_text(e.debt_to_cover));
    add_account("liquidator", e.liquidator);
    line.flag("receive_supply", e.receive_supply);
}
void Adder::operator()(const SetParameters& e) const {
    add_asset("asset", e.asset);
    add_parameters(e.parameters);
    add_notice(line, e.notice);
}
void Adder::operator()(const SetEModeParameters& e) const {
    line.integer("emode", e.emode)
        .integer("ltv", e.parameters.ltv)
        .integer("liquidation_threshold", e.parameters.liquidation_threshold)
        .integer("liquidation_bonus", e.parameters.liquidation_bonus)
        .flag("isolated", e.parameters.isolated != 0);
    add_map("collateral", e.parameters.collateral);
    add_map("borrowable", e.parameters.borrowable);
    add_map("ltv_zero", e.parameters.ltv_zero);
    add_notice(line, e.notice);
}

void Adder::operator()(const PriceReported& e) const {
    add_asset("asset", e.asset);
    line.text("price", price_text(e.price));
}
void Adder::operator()(const Accrued& e) const {
    add_asset("asset", e.asset);
    line.text("liquidity_index", format_integer(e.liquidity_index.raw));
    line.text("borrow_index", format_integer(e.borrow_index.raw));
}
void Adder::operator()(const Liquidated& e) const {
    add_account("borrower", e.borrower);
    add_account("liquidator", e.liquidator);
    add_asset("collateral", e.collateral);
    add_asset("debt", e.debt);
    line.text("repaid", amount_text(e.repaid));
    line.text("seized", amount_text(e.seized));
    line.text("protocol_fee", amount_text(e.protocol_fee));
    line.flag("ltv_raised", e.ltv_raised);
}
void Adder::operator()(const LossRealised& e) const {
    line.text("loss", std::to_string(e.id));
    add_flow(e.account, e.asset, amount_text(e.amount));
}
void Adder::operator()(const LossCovered& e) const {
    line.text("layer", e.layer == all_suppliers ? "all suppliers" : book.layer_names[e.layer]);
    add_asset("asset", e.asset);
    line.text("amount", amount_text(e.amount));
    if (e.liquidity_index.raw != 0)
        line.text("liquidity_index", format_integer(e.liquidity_index.raw));
}

void Adder::operator()(const StakeSlashed& e) const {
    line.text("layer", book.layer_names[e.layer]);
    add_asset("asset", e.asset);
    line.text("amount", amount_text(e.covered));
    add_asset("stake", e.stake);
    line.text("slashed", amount_text(e.slashed));
}

struct EventName {
    std::string_view operator()(const ReportPrices&) const { return "report_prices"; }
    std::string_view operator()(const Supply&) const { return "supply"; }
    std::string_view operator()(const Withdraw&) const { return "withdraw"; }
    std::string_view operator()(const Borrow&) const { return "borrow"; }
    std::string_view operator()(const Repay&) const { return "repay"; }
    std::string_view operator()(const SetCollateral&) const { return "set_collateral"; }
    std::string_view operator()(const SetEMode&) const { return "set_emode"; }
    std::string_view operator()(const MintToTreasury&) const { return "mint_to_treasury"; }
    std::string_view operator()(const Liquidate&) const { return "liquidate"; }
    std::string_view operator()(const EliminateDeficit&) const { return "eliminate_deficit"; }
    std::string_view operator()(const CoverDeficit&) const { return "cover_deficit"; }
    std::string_view operator()(const SlashStake&) const { return "slash_stake"; }
    std::string_view operator()(const SetParameters&) const { return "set_parameters"; }
    std::string_view operator()(const SetEModeParameters&) const { return "set_emode_parameters"; }
    template <class Native>
    std::string_view operator()(const Native& e) const {
        return native_name(e);
    }
};

std::string_view name_of(Moved::Kind kind) {
    switch (kind) {
        case Moved::Kind::supplied:
            return "supplied";
        case Moved::Kind::withdrawn:
            return "withdrawn";
        case Moved::Kind::borrowed:
            return "borrowed";
        case Moved::Kind::repaid:
            return "repaid";
        case Moved::Kind::minted_to_treasury:
            return "minted_to_treasury";
        case Moved::Kind::deficit_eliminated:
            return "deficit_eliminated";
    }
    return {};
}

struct EffectName {
    std::string_view operator()(const PriceReported&) const { return "price_reported"; }
    std::string_view operator()(const Accrued&) const { return "accrued"; }
    std::string_view operator()(const Moved& e) const { return name_of(e.kind); }
    std::string_view operator()(const Liquidated&) const { return "liquidated"; }
    std::string_view operator()(const LossRealised&) const { return "loss_realised"; }
    std::string_view operator()(const LossCovered&) const { return "loss_covered"; }
    std::string_view operator()(const StakeSlashed&) const { return "stake_slashed"; }
    std::string_view operator()(const ParametersSet&) const { return "parameters_set"; }
    template <class Native>
    std::string_view operator()(const Native& e) const {
        return native_name(e);
    }
};

}  // namespace

std::string size_text(const Size& size) {
    return size.is_all() ? "all" : amount_text(size.amount);
}

std::string account_text(const Book& book, AccountId account) {
    if (account == outside) return "(outside)";
    return std::string(book.accounts[account]);
}

std::string event_line(const Book& book, const Event& event) {
    JsonLine line;
    line.integer("time", seconds(event.time));
    if (index(event.market) != 0) line.integer("market", index(event.market));
    line.text("event", std::visit(EventName{}, event.action));
    std::visit(Adder{.book = book, .line = line}, event.action);
    return line.finish();
}

std::string effect_line(const Book& book, std::uint64_t number, Time time, const Effect& effect) {
    JsonLine line;
    line.integer("number", number).integer("time", seconds(time));
    line.text("effect", std::visit(EffectName{}, effect));
    std::visit(Adder{.book = book, .line = line}, effect);
    return line.finish();
}

std::string refusal_line(std::uint64_t number, Time time, Error error) {
    JsonLine line;
    line.integer("number", number).integer("time", seconds(time));
    line.text("refused", name(error)).text("because", describe(error));
    return line.finish();
}

}  // namespace breakwater
