// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

/// Compound v3 cases: the contract's raw storage and views in, the engine's state beside them. Source: docs/rules.md,
/// COMET-001 to COMET-014.

#include <algorithm>
#include <stdexcept>

#include "breakwater/core/digest.hpp"
#include "breakwater/core/engine.hpp"
#include "breakwater/core/invariants.hpp"
#include "breakwater/core/rulebooks/compound_v3.hpp"
#include "cases.hpp"
#include "numbers.hpp"

namespace breakwater::conformance {
namespace {

using compound_v3::Market;
using nlohmann::json;

constexpr std::uint64_t year = 31'536'000;  // [s] as the contract's constructor divides

const std::vector<Reason> reasons{
    {"NotLiquidatable", {Error::health_factor_not_below_one}},
    {"NotForSale", {Error::collateral_not_for_sale}},
    {"InsufficientReserves", {Error::reserves_insufficient}},
    {"TooMuchSlippage", {Error::slippage_exceeded}},
    {"NotCollateralized", {Error::collateral_insufficient}},
    {"BorrowTooSmall", {Error::debt_below_minimum}},
    {"SupplyCapExceeded", {Error::supply_cap_exceeded}},
    {"NoSelfTransfer", {Error::transfer_to_self}},
    {"BadPrice", {Error::price_missing}},
    {"Paused", {Error::reserve_paused}},
    {"Panic(0x11)", {Error::balance_insufficient, Error::amount_overflow}},
    {"InvalidUInt64", {Error::amount_overflow}},
    {"InvalidUInt104", {Error::amount_overflow}},
    {"InvalidUInt128", {Error::amount_overflow}},
    {"InvalidInt104", {Error::amount_overflow}},
    {"InvalidInt256", {Error::amount_overflow}},
};

std::uint64_t word(const json& j) {
    return static_cast<std::uint64_t>(number(j));
}

/// A curve of `side`, "supply" or "borrow".
compound_v3::Curve curve_of(const json& config, const std::string& side) {
    const std::string rate = side + "PerYearInterestRate";
    return {.kink = word(config.at(side + "Kink")),
            .base = word(config.at(rate + "Base")) / year,
            .slope_low = word(config.at(rate + "SlopeLow")) / year,
            .slope_high = word(config.at(rate + "SlopeHigh")) / year};
}

/// Asset 0 is the base, asset i + 1 is collateral i.
AssetId collateral_asset(std::size_t i) {
    return AssetId{static_cast<std::uint8_t>(i + 1)};
}

class CometCase {
  public:
    explicit CometCase(const json& c) {
        for (const auto& [address, unused] : c.at("pre").at("users").items())
            users_.push_back(address);
        const json roles = c.value("roles", json::object());
        for (const auto& [role, address] : roles.items())
            if (address.is_string() &&
                std::ranges::find(users_, address.get<std::string>()) == users_.end())
                users_.push_back(address.get<std::string>());
        const json& config = c.at("config");
        compound_v3::Totals t;
        t.supply_curve = curve_of(config, "supply");
        t.borrow_curve = curve_of(config, "borrow");
        t.store_front_price_factor = word(config.at("storeFrontPriceFactor"));
        t.borrow_min.raw = number(config.at("baseBorrowMin"));
        t.reserves_target.raw = number(config.at("targetReserves"));
        t.base = AssetId{0};
        t.base_decimals = config.at("base").at("decimals").get<std::uint8_t>();
        t.assets = static_cast<std::uint8_t>(config.at("assets").size());
        t.accounts = static_cast<std::uint32_t>(users_.size());
        Market market;
        market.totals.push_back(t);
        for (std::size_t i = 0; i < t.assets; ++i) {
            const json& a = config.at("assets").at(i);
            compound_v3::Collateral row;
            row.asset = collateral_asset(i);
            row.decimals = a.at("decimals").get<std::uint8_t>();
            row.borrow_factor = word(a.at("borrowCollateralFactor"));
            row.liquidate_factor = word(a.at("liquidateCollateralFactor"));
            row.liquidation_factor = word(a.at("liquidationFactor"));
            row.supply_cap = number(a.at("supplyCap"));
            market.collaterals.push_back(row);
        }
        market.positions.resize(users_.size());
        market.holdings.resize(users_.size() * t.assets);
        load(market, c.at("pre"));
        state.feeds.resize(std::size_t{t.assets} + 1);
        state.markets.emplace_back(std::move(market));
        report_prices(Time{state.clock.now}, c);
    }

    [[nodiscard]] AccountId account(const std::string& address) const {
        const auto found = std::ranges::find(users_, address);
        if (found == users_.end()) throw std::runtime_error("unknown user " + address);
        return AccountId{static_cast<std::uint32_t>(found - users_.begin())};
    }

    /// Of the case, or of a step that brings new ones.
    void report_prices(Time time, const json& j) {
        if (!j.contains("basePrice") && !j.contains("prices")) return;
        ReportPrices report;
        report.prices.resize(state.feeds.size());
        if (j.contains("basePrice")) report.prices[0].raw = number(j.at("basePrice"));
        for (std::size_t i = 0; j.contains("prices") && i + 1 < report.prices.size(); ++i)
            report.prices[i + 1].raw = number(j.at("prices").at(i));
        const auto done = apply(state, {.time = time, .market = {}, .action = report}, planner);
        if (!done) throw std::runtime_error("prices refused: " + std::string(name(done.error())));
    }

    compound_v3::Desk& view(Time time) {
        view_.begin(state, market(), time, scratch_);
        return view_;
    }

    void compare(Differences& out, const json& want, Time time) {
        compound_v3::Desk& desk = view(time);
        const compound_v3::Totals& t = market().totals[0];
        const json& totals = want.at("totals");
        out.compare("baseSupplyIndex", totals.at("baseSupplyIndex"),
                    std::to_string(t.supply_index));
        out.compare("baseBorrowIndex", totals.at("baseBorrowIndex"),
                    std::to_string(t.borrow_index));
        out.compare("totalSupplyBase", totals.at("totalSupplyBase"), text(t.supplied));
        out.compare("totalBorrowBase", totals.at("totalBorrowBase"), text(t.borrowed));
        out.compare("lastAccrualTime", totals.at("lastAccrualTime"), std::to_string(t.updated));
        out.compare("baseBalance", want.at("baseBalance"), text(state.custody[0].held.raw));
        out.compare("reserves", want.at("reserves"), signed_text(compound_v3::reserves_now(desk)));
        out.compare("utilization", want.at("utilization"),
                    text(compound_v3::utilization_down(desk.math, t)));
        for (std::size_t i = 0; i < t.assets; ++i) {
            const json& c = want.at("collateral").at(i);
            const compound_v3::Collateral& row = market().collaterals[i];
            const std::string who = "collateral " + std::to_string(i) + " ";
            out.compare(who + "totalSupplyAsset", c.at("totalSupplyAsset"), text(row.supplied.raw));
            out.compare(who + "tokenBalance", c.at("tokenBalance"),
                        text(state.custody[i + 1].held.raw));
            out.compare(who + "collateralReserves", c.at("collateralReserves"),
                        text((row.held - row.supplied).raw));
        }
        for (const auto& [address, j] : want.at("users").items())
            compare_user(out, desk, address, j);
    }

    State state;
    Planner planner;

  private:
    Market& market() { return std::get<Market>(state.markets[0]); }

    void load(Market& market, const json& storage) {
        compound_v3::Totals& t = market.totals[0];
        const json& totals = storage.at("totals");
        t.supply_index = word(totals.at("baseSupplyIndex"));
        t.borrow_index = word(totals.at("baseBorrowIndex"));
        t.supplied = number(totals.at("totalSupplyBase"));
        t.borrowed = number(totals.at("totalBorrowBase"));
        t.updated = word(totals.at("lastAccrualTime"));
        t.cash.raw = number(storage.at("baseBalance"));
        state.clock.now = t.updated;
        state.custody.push_back({.held = t.cash});
        for (std::size_t i = 0; i < t.assets; ++i) {
            const json& c = storage.at("collateral").at(i);
            market.collaterals[i].supplied.raw = number(c.at("totalSupplyAsset"));
            market.collaterals[i].held.raw = number(c.at("tokenBalance"));
            state.custody.push_back({.held = market.collaterals[i].held});
        }
        for (const auto& [address, j] : storage.at("users").items()) {
            const AccountId id = account(address);
            market.positions[index(id)].principal = signed_number(j.at("principal"));
            market.positions[index(id)].assets_in =
                static_cast<std::uint32_t>(number(j.at("assetsIn")));
            for (std::uint32_t i = 0; i < t.assets; ++i)
                market.holdings[compound_v3::holding_row(t, id, i)].amount.raw =
                    number(j.at("collateral").at(i));
        }
    }

    void compare_user(Differences& out, compound_v3::Desk& desk, const std::string& address,
                      const json& want) {
        const AccountId id = account(address);
        const compound_v3::Position& p = market().positions[index(id)];
        const std::string who = address + " ";
        const int128 balance = compound_v3::balance_now(desk, id);
        out.compare(who + "principal", want.at("principal"), signed_text(p.principal));
        out.compare(who + "assetsIn", want.at("assetsIn"), std::to_string(p.assets_in));
        out.compare(who + "balanceOf", want.at("balanceOf"),
                    signed_text(std::max<int128>(0, balance)));
        out.compare(who + "borrowBalanceOf", want.at("borrowBalanceOf"),
                    signed_text(std::max<int128>(0, -balance)));
        const auto liquidatable = compound_v3::is_liquidatable(desk, id);
        const auto collateralized = compound_v3::is_borrow_collateralized(desk, id);
        if (!liquidatable || !collateralized) return out.add(who + "no price");
        out.compare(who + "isLiquidatable", want.at("isLiquidatable"), *liquidatable);
        out.compare(who + "isBorrowCollateralized", want.at("isBorrowCollateralized"),
                    *collateralized);
        for (std::uint32_t i = 0; i < market().totals[0].assets; ++i)
            out.compare(who + "collateral " + std::to_string(i), want.at("collateral").at(i),
                        text(market()
                                 .holdings[compound_v3::holding_row(market().totals[0], id, i)]
                                 .amount.raw));
    }

    std::vector<std::string> users_;
    compound_v3::Desk view_;
    Transition scratch_;
};

compound_v3::Action action_of(const CometCase& c, const json& s) {
    const std::string op = s.at("op");
    if (op == "absorb") {
        compound_v3::Absorb absorb;
        for (const json& a : s.at("accounts"))
            absorb.accounts.push_back(c.account(a));
        return absorb;
    }
    if (op == "buyCollateral")
        return compound_v3::BuyCollateral{
            .asset = collateral_asset(s.at("asset").get<std::size_t>()),
            .base_amount = {number_at_most(s.at("baseAmount"))},
            .collateral_min = {s.contains("minAmount") ? number_at_most(s.at("minAmount")) : 0}};
    throw std::runtime_error("unknown operation " + op);
}

/// The event that the contract emits for an effect; null for an effect of ours only.
json contract_event(const CometCase& c, const json& users, const Effect& any) {
    const auto* effect = std::get_if<compound_v3::Effect>(&any);
    if (effect == nullptr) return {};
    if (const auto* e = std::get_if<compound_v3::CollateralAbsorbed>(effect))
        return {{"name", "AbsorbCollateral"},
                {"asset", index(e->asset) - 1},
                {"collateralAbsorbed", text(e->amount.raw)},
                {"usdValue", text(e->value.raw)}};
    if (const auto* e = std::get_if<compound_v3::DebtAbsorbed>(effect)) {
        json out{{"name", "AbsorbDebt"},
                 {"basePaidOut", text(e->paid_out.raw)},
                 {"usdValue", text(e->value.raw)}};
        for (const auto& [address, unused] : users.items())
            if (c.account(address) == e->borrower) out["borrower"] = address;
        return out;
    }
    if (const auto* e = std::get_if<compound_v3::CollateralBought>(effect))
        return {{"name", "BuyCollateral"},
                {"baseAmount", text(e->base_amount.raw)},
                {"collateralAmount", text(e->collateral_amount.raw)}};
    return {};
}

void step(CometCase& c, Differences& out, const json& users, const json& s) {
    const Time at{word(s.at("timestamp"))};
    c.report_prices(at, s);
    const compound_v3::Action action = action_of(c, s);
    if (const auto* buy = std::get_if<compound_v3::BuyCollateral>(&action);
        buy != nullptr && s.contains("quote")) {
        compound_v3::Desk& desk = c.view(at);
        const auto quote = compound_v3::quote_collateral(
            desk, compound_v3::collateral_of(desk, buy->asset), buy->base_amount);
        out.compare("quote", s.at("quote"), quote ? text(quote->raw) : "no price");
    }
    const std::string before = digest_of(c.state);
    const auto done = apply(c.state, {.time = at, .market = {}, .action = action}, c.planner);
    const bool ok = s.at("ok").get<bool>();
    if (ok && !done) out.add("refused: " + std::string(name(done.error())));
    if (!ok) {
        const std::string revert = s.value("revert", "");
        if (done)
            out.add("expected refusal " + revert + ", was applied");
        else if (!matches(reasons, revert, done.error()))
            out.add("expected refusal " + revert + ", got " + std::string(name(done.error())));
        if (!done && digest_of(c.state) != before) out.add("a refused event changed the state");
    }
    if (ok && done) {
        json events = json::array();
        for (const Effect& effect : (*done)->effects)
            if (json e = contract_event(c, users, effect); !e.is_null())
                events.push_back(std::move(e));
        if (s.contains("events") && events != s.at("events"))
            out.add("events: expected " + s.at("events").dump() + ", got " + events.dump());
    }
    c.compare(out, s.at("post"), at);
    if (const auto v = check_state(c.state)) out.add("invariant " + std::string(v->rule));
}

}  // namespace

Wrong comet_case(const json& c) {
    CometCase book(c);
    Differences out;
    if (c.contains("timestamp")) book.compare(out, c.at("pre"), Time{word(c.at("timestamp"))});
    if (Wrong wrong = out.lines(); !wrong.empty()) {
        wrong.insert(wrong.begin(), "before the first step");
        return wrong;
    }
    return each_step(c.at("steps"), [&](const json& s) {
        step(book, out, c.at("pre").at("users"), s);
        return out.lines();
    });
}

}  // namespace breakwater::conformance
