// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "aave_case.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>

namespace breakwater::conformance {
namespace {

using nlohmann::json;

template <class T>
T small(const json& j, const char* key, T fallback = 0) {
    return j.contains(key) ? static_cast<T>(j.at(key).get<std::uint64_t>()) : fallback;
}

aave_v3::Parameters parameters_of(const json& j) {
    aave_v3::Parameters p;
    p.ltv = small<std::uint16_t>(j, "ltv");
    p.liquidation_threshold = small<std::uint16_t>(j, "liquidationThreshold");
    p.liquidation_bonus = small<std::uint16_t>(j, "liquidationBonus");
    p.liquidation_protocol_fee = small<std::uint16_t>(j, "liquidationProtocolFee");
    p.reserve_factor = small<std::uint16_t>(j, "reserveFactor");
    p.decimals = small<std::uint16_t>(j, "decimals");
    p.supply_cap = small<std::uint64_t>(j, "supplyCap");
    p.borrow_cap = small<std::uint64_t>(j, "borrowCap");
    const json& rate = j.at("rate");
    p.optimal_usage = small<std::uint16_t>(rate, "optimalUsageRatio");
    p.base_rate = small<std::uint32_t>(rate, "baseVariableBorrowRate");
    p.slope1 = small<std::uint32_t>(rate, "variableRateSlope1");
    p.slope2 = small<std::uint32_t>(rate, "variableRateSlope2");
    return p;
}

uint128 bitmap(const json& ids) {
    uint128 map = 0;
    for (const json& id : ids)
        map |= uint128{1} << id.get<unsigned>();
    return map;
}

aave_v3::EMode emode_of(const json& j) {
    aave_v3::EMode e;
    e.ltv = small<std::uint16_t>(j, "ltv");
    e.liquidation_threshold = small<std::uint16_t>(j, "liquidationThreshold");
    e.liquidation_bonus = small<std::uint16_t>(j, "liquidationBonus");
    e.isolated = j.value("isolated", false) ? 1 : 0;
    e.collateral = bitmap(j.at("collateral"));
    e.borrowable = bitmap(j.at("borrowable"));
    if (j.contains("ltvzero")) e.ltv_zero = bitmap(j.at("ltvzero"));
    return e;
}

aave_v3::Reserve reserve_of(const json& j) {
    aave_v3::Reserve r;
    r.liquidity_index.raw = number(j.at("liquidityIndex"));
    r.borrow_index.raw = number(j.at("variableBorrowIndex"));
    r.liquidity_rate.raw = number(j.at("currentLiquidityRate"));
    r.borrow_rate.raw = number(j.at("currentVariableBorrowRate"));
    r.updated = static_cast<std::uint64_t>(number(j.at("lastUpdateTimestamp")));
    r.accrued_to_treasury.raw = number(j.at("accruedToTreasury"));
    r.deficit.raw = number(j.at("deficit"));
    r.cash.raw = number(j.at("virtualUnderlyingBalance"));
    r.supplied.raw = number(j.at("aTokenScaledTotalSupply"));
    r.borrowed.raw = number(j.at("vTokenScaledTotalSupply"));
    return r;
}

uint128 bitmap_of(std::span<const aave_v3::Leg> legs) {
    uint128 map = 0;
    for (const auto& leg : legs) {
        if (leg.is_borrowing()) map |= uint128{1} << (2U * index(leg.asset()));
        if (leg.is_collateral()) map |= uint128{1} << (2U * index(leg.asset()) + 1U);
    }
    return map;
}

constexpr const char* treasury = "0xfefefefefefefefefefefefefefefefefefefefe";

}  // namespace

AaveCase::AaveCase(const json& config, const std::vector<std::string>& users, const json& storage,
                   std::uint64_t timestamp, const json& prices)
    : users_(users) {
    aave_v3::Market market;
    for (const json& r : config.at("reserves"))
        market.parameters.push_back(parameters_of(r));
    market.emodes.emplace_back();
    for (const json& e : config.value("emodes", json::array())) {
        const auto id = e.at("id").get<std::size_t>();
        if (market.emodes.size() <= id) market.emodes.resize(id + 1);
        market.emodes[id] = emode_of(e);
    }
    std::uint64_t last = 0;
    for (const json& r : storage.at("reserves")) {
        market.reserves.push_back(reserve_of(r));
        state.custody.push_back({.held = market.reserves.back().cash});
        last = std::max(last, market.reserves.back().updated);
    }
    for (std::uint32_t u = 0; u < users_.size(); ++u) {
        if (users_[u] == treasury) market.treasury = AccountId{u};
        aave_v3::AccountRow row{.first = static_cast<std::uint32_t>(market.legs.size())};
        if (const auto& all = storage.at("users"); all.contains(users_[u])) {
            const json& j = all.at(users_[u]);
            row.emode = static_cast<std::uint16_t>(number(j.at("eMode")));
            const uint128 flags = number(j.at("configBitmap"));
            for (std::uint8_t a = 0; a < market.reserves.size(); ++a) {
                aave_v3::Leg leg(AssetId{a});
                leg.set_supplied({number(j.at("scaledSupply").at(a))});
                leg.set_borrowed({number(j.at("scaledDebt").at(a))});
                leg.set_borrowing((flags >> (2U * a) & 1U) != 0);
                leg.set_collateral((flags >> (2U * a + 1U) & 1U) != 0);
                if (!leg.is_empty()) market.legs.push_back(leg);
            }
        }
        row.count = static_cast<std::uint16_t>(market.legs.size() - row.first);
        row.capacity = row.count;
        market.accounts.push_back(row);
    }
    state.feeds.resize(market.reserves.size());
    state.clock.now = last;
    state.markets.emplace_back(std::move(market));
    report_prices(timestamp, prices);
}

AccountId AaveCase::account(const std::string& address) const {
    const auto found = std::ranges::find(users_, address);
    if (found == users_.end()) throw std::runtime_error("unknown user " + address);
    return AccountId{static_cast<std::uint32_t>(found - users_.begin())};
}

void AaveCase::report_prices(std::uint64_t timestamp, const json& prices) {
    ReportPrices report;
    for (const json& p : prices)
        report.prices.push_back({number(p)});
    const auto done =
        apply(state, {.time = Time{timestamp}, .market = {}, .action = report}, planner);
    if (!done) throw std::runtime_error("prices refused: " + std::string(name(done.error())));
}

std::vector<std::string> AaveCase::differences(const json& expected, std::uint64_t timestamp) {
    std::vector<std::string> out;
    const auto compare = [&out](const std::string& where, const json& want,
                                const std::string& got) {
        const std::string w = want.is_string() ? want.get<std::string>() : want.dump();
        if (w != got) out.push_back(where + ": expected " + w + ", got " + got);
    };
    const auto& market = aave_market(state);
    for (std::size_t a = 0; a < market.reserves.size(); ++a) {
        const auto& r = market.reserves[a];
        const std::map<std::string, uint128> fields{
            {"liquidityIndex", r.liquidity_index.raw},
            {"variableBorrowIndex", r.borrow_index.raw},
            {"currentLiquidityRate", r.liquidity_rate.raw},
            {"currentVariableBorrowRate", r.borrow_rate.raw},
            {"lastUpdateTimestamp", r.updated},
            {"accruedToTreasury", r.accrued_to_treasury.raw},
            {"deficit", r.deficit.raw},
            {"virtualUnderlyingBalance", r.cash.raw},
            {"aTokenScaledTotalSupply", r.supplied.raw},
            {"vTokenScaledTotalSupply", r.borrowed.raw}};
        for (const auto& [field, want] : expected.at("reserves").at(a).items()) {
            const auto found = fields.find(field);
            const std::string where = "reserve " + std::to_string(a) + " " + field;
            compare(where, want, found == fields.end() ? "no such field" : text(found->second));
        }
    }
    for (const auto& [address, want] : expected.at("users").items()) {
        const AccountId id = account(address);
        const auto legs = market.legs_of(id);
        const std::string who = "user " + address + " ";
        compare(who + "eMode", want.at("eMode"), std::to_string(market.accounts[index(id)].emode));
        compare(who + "configBitmap", want.at("configBitmap"), text(bitmap_of(legs)));
        for (std::uint8_t a = 0; a < market.reserves.size(); ++a) {
            Scaled supplied;
            Scaled borrowed;
            for (const auto& leg : legs)
                if (leg.asset() == AssetId{a}) {
                    supplied = leg.supplied();
                    borrowed = leg.borrowed();
                }
            compare(who + "scaledSupply " + std::to_string(a), want.at("scaledSupply").at(a),
                    text(supplied.raw));
            compare(who + "scaledDebt " + std::to_string(a), want.at("scaledDebt").at(a),
                    text(borrowed.raw));
        }
        const aave_v3::View view{
            .state = state, .market = market, .grown = planner.grown(), .now = Time{timestamp}};
        const auto data = aave_v3::account_data(view, legs, market.accounts[index(id)].emode);
        if (!data) {
            out.push_back(who + "account: " + std::string(name(data.error())));
            continue;
        }
        const json& account = want.at("account");
        compare(who + "totalCollateralBase", account.at("totalCollateralBase"),
                text(data->collateral.raw));
        compare(who + "totalDebtBase", account.at("totalDebtBase"), text(data->debt.raw));
        compare(who + "availableBorrowsBase", account.at("availableBorrowsBase"),
                text(data->available_borrows().raw));
        compare(who + "currentLiquidationThreshold", account.at("currentLiquidationThreshold"),
                std::to_string(data->average_threshold()));
        compare(who + "ltv", account.at("ltv"), std::to_string(data->average_ltv()));
        compare(who + "healthFactor", account.at("healthFactor"), text(data->health_factor()));
    }
    return out;
}

std::vector<Error> errors_for(const std::string& revert) {
    static const std::map<std::string, std::vector<Error>> names{
        {"InvalidAmount", {Error::amount_zero}},
        {"NotEnoughAvailableUserBalance", {Error::balance_insufficient}},
        {"ReserveInactive", {Error::reserve_inactive}},
        {"ReservePaused", {Error::reserve_paused}},
        {"ReserveFrozen", {Error::reserve_frozen}},
        {"SupplyCapExceeded", {Error::supply_cap_exceeded}},
        {"BorrowCapExceeded", {Error::borrow_cap_exceeded}},
        {"BorrowingNotEnabled", {Error::borrowing_disabled}},
        {"NotBorrowableInEMode", {Error::not_borrowable_in_emode}},
        {"InconsistentEModeCategory", {Error::emode_unknown}},
        {"InvalidDebtInEmode", {Error::debt_not_borrowable_in_emode}},
        {"LtvValidationFailed", {Error::ltv_zero}},
        {"UserInIsolationModeOrLtvZero", {Error::ltv_zero}},
        {"HealthFactorLowerThanLiquidationThreshold", {Error::health_factor_below_one}},
        {"CollateralCannotCoverNewBorrow", {Error::collateral_insufficient}},
        {"CollateralBalanceIsZero", {Error::ltv_zero, Error::collateral_insufficient}},
        {"NoDebtOfSelectedType", {Error::debt_none}},
        {"UnderlyingBalanceZero", {Error::supply_none}},
        {"InvalidBurnAmount", {Error::burn_amount_zero}},
        {"SelfLiquidation", {Error::self_liquidation}},
        {"LiquidationGraceSentinelCheckFailed", {Error::grace_period_running}},
        {"HealthFactorNotBelowThreshold", {Error::health_factor_not_below_one}},
        {"CollateralCannotBeLiquidated", {Error::collateral_not_enabled}},
        {"SpecifiedCurrencyNotBorrowedByUser", {Error::debt_not_borrowed}},
        {"MustNotLeaveDust", {Error::dust_left}},
        {"ReserveNotInDeficit", {Error::deficit_none}},
        {"UserCannotHaveDebt", {Error::debt_of_coverer}},
        {"Panic", {Error::cash_insufficient}},
        {"0xe450d38c", {Error::cash_insufficient}},
    };
    const auto selector =
        revert.starts_with("0x") ? revert.substr(0, 10) : revert.substr(0, revert.find('('));
    const auto found = names.find(selector);
    return found == names.end() ? std::vector<Error>{} : found->second;
}

}  // namespace breakwater::conformance
