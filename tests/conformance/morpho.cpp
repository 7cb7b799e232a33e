// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

/// Morpho Blue cases: the contract's raw storage in, the engine's state beside it. Source: docs/rules.md, MORPHO-001 to
/// MORPHO-013.

#include <algorithm>
#include <stdexcept>

#include "breakwater/core/digest.hpp"
#include "breakwater/core/engine.hpp"
#include "breakwater/core/invariants.hpp"
#include "breakwater/core/rulebooks/morpho_blue.hpp"
#include "cases.hpp"
#include "numbers.hpp"

namespace breakwater::conformance {
namespace {

using nlohmann::json;

constexpr AssetId loan{0};
constexpr AssetId collateral{1};

const std::vector<Reason> reasons{
    {"position is healthy", {Error::health_factor_not_below_one}},
    {"insufficient collateral", {Error::collateral_insufficient}},
    {"insufficient liquidity", {Error::cash_insufficient}},
    {"zero assets", {Error::amount_zero}},
    {"inconsistent input", {Error::amount_inconsistent}},
    {"max uint128 exceeded", {Error::amount_overflow, Error::balance_insufficient}},
    {"Panic(0x11)", {Error::balance_insufficient, Error::amount_overflow}},
    {"Panic(0x12)", {Error::price_out_of_bounds}},
};

morpho_blue::RateModel rate_model_of(const std::string& irm) {
    if (irm == "none") return morpho_blue::RateModel::none;
    if (irm == "mock") return morpho_blue::RateModel::utilization;
    if (irm == "adaptive") return morpho_blue::RateModel::adaptive_curve;
    throw std::runtime_error("unknown rate model " + irm);
}

class MorphoCase {
  public:
    /// The fee recipient is the last account.
    MorphoCase(const json& terms, std::vector<std::string> users) : users_(std::move(users)) {
        morpho_blue::Market market;
        morpho_blue::Totals t;
        t.lltv = static_cast<std::uint64_t>(number(terms.at("lltv")));
        t.fee = static_cast<std::uint64_t>(number(terms.at("fee")));
        t.rate_model = rate_model_of(terms.at("irm"));
        t.loan = loan;
        t.collateral_asset = collateral;
        users_.push_back(terms.at("feeRecipient").get<std::string>());
        t.fee_recipient = AccountId{static_cast<std::uint32_t>(users_.size() - 1)};
        t.accounts = static_cast<std::uint32_t>(users_.size());
        market.totals.push_back(t);
        market.positions.resize(users_.size());
        state.feeds.resize(2);
        state.custody.resize(2);
        state.markets.emplace_back(std::move(market));
    }

    [[nodiscard]] AccountId account(const std::string& address) const {
        const auto found = std::ranges::find(users_, address);
        if (found == users_.end()) throw std::runtime_error("unknown user " + address);
        return AccountId{static_cast<std::uint32_t>(found - users_.begin())};
    }

    void load(const json& storage) {
        const json& m = storage.at("market");
        morpho_blue::Totals& t = totals();
        t.supply_assets.raw = number(m.at("totalSupplyAssets"));
        t.supply_shares.raw = number(m.at("totalSupplyShares"));
        t.borrow_assets.raw = number(m.at("totalBorrowAssets"));
        t.borrow_shares.raw = number(m.at("totalBorrowShares"));
        t.updated = static_cast<std::uint64_t>(number(m.at("lastUpdate")));
        t.fee = static_cast<std::uint64_t>(number(m.at("fee")));
        if (m.contains("rateAtTarget"))
            t.rate_at_target = static_cast<std::uint64_t>(number(m.at("rateAtTarget")));
        t.cash.raw = number(storage.at("morphoLoanBalance"));
        t.collateral.raw = number(storage.at("morphoCollateralBalance"));
        for (const auto& [address, j] : storage.at("positions").items())
            market().positions[index(account(address))] = {
                .supply_shares = {number(j.at("supplyShares"))},
                .borrow_shares = {number(j.at("borrowShares"))},
                .collateral = {number(j.at("collateral"))}};
        market().positions.back().supply_shares.raw =
            number(storage.at("feeRecipientSupplyShares"));
        state.custody[0].held = t.cash;
        state.custody[1].held = t.collateral;
        state.clock.now = t.updated;
    }
    void start(const json& j) {
        totals().updated = static_cast<std::uint64_t>(number(j.at("timestamp")));
        if (j.contains("rateAtTarget"))
            totals().rate_at_target = static_cast<std::uint64_t>(number(j.at("rateAtTarget")));
    }

    void report_price(Time time, const json& price) {
        const Event event{.time = time,
                          .market = {},
                          .action = morpho_blue::ReportPrice{.price = wide_number(price)}};
        if (const auto done = apply(state, event, planner); !done)
            throw std::runtime_error("price refused: " + std::string(name(done.error())));
    }

    void compare(Differences& out, const json& storage) {
        const json& m = storage.at("market");
        const morpho_blue::Totals& t = totals();
        out.compare("totalSupplyAssets", m.at("totalSupplyAssets"), text(t.supply_assets.raw));
        out.compare("totalSupplyShares", m.at("totalSupplyShares"), text(t.supply_shares.raw));
        out.compare("totalBorrowAssets", m.at("totalBorrowAssets"), text(t.borrow_assets.raw));
        out.compare("totalBorrowShares", m.at("totalBorrowShares"), text(t.borrow_shares.raw));
        out.compare("lastUpdate", m.at("lastUpdate"), std::to_string(t.updated));
        out.compare("fee", m.at("fee"), std::to_string(t.fee));
        if (m.contains("rateAtTarget"))
            out.compare("rateAtTarget", m.at("rateAtTarget"), std::to_string(t.rate_at_target));
        for (const auto& [address, j] : storage.at("positions").items()) {
            const morpho_blue::Position& p = market().positions[index(account(address))];
            out.compare(address + " supplyShares", j.at("supplyShares"), text(p.supply_shares.raw));
            out.compare(address + " borrowShares", j.at("borrowShares"), text(p.borrow_shares.raw));
            out.compare(address + " collateral", j.at("collateral"), text(p.collateral.raw));
        }
        out.compare("feeRecipientSupplyShares", storage.at("feeRecipientSupplyShares"),
                    text(market().positions.back().supply_shares.raw));
        out.compare("morphoLoanBalance", storage.at("morphoLoanBalance"),
                    text(state.custody[0].held.raw));
        out.compare("morphoCollateralBalance", storage.at("morphoCollateralBalance"),
                    text(state.custody[1].held.raw));
    }

    State state;
    Planner planner;

  private:
    morpho_blue::Market& market() { return std::get<morpho_blue::Market>(state.markets[0]); }
    morpho_blue::Totals& totals() { return market().totals[0]; }

    std::vector<std::string> users_;
};

/// What the effects of one event say, in the contract's words.
struct Told {
    json accrue;
    json returned = json::array();
    json liquidation;

    explicit Told(const std::vector<Effect>& effects) {
        for (const Effect& effect : effects) {
            if (const auto* e = std::get_if<Moved>(&effect)) moved = e->amount;
            if (const auto* e = std::get_if<Liquidated>(&effect)) {
                returned = {text(e->seized.raw), text(e->repaid.raw)};
                liquidation = {{"seizedAssets", text(e->seized.raw)},
                               {"repaidAssets", text(e->repaid.raw)},
                               {"badDebtAssets", "0"}};
            }
            if (const auto* e = std::get_if<LossRealised>(&effect))
                liquidation["badDebtAssets"] = text(e->amount.raw);
            if (const auto* e = std::get_if<morpho_blue::Effect>(&effect)) add(*e);
        }
    }

  private:
    void add(const morpho_blue::Effect& effect) {
        if (const auto* e = std::get_if<morpho_blue::Accrued>(&effect))
            accrue = {{"prevBorrowRate", text(e->rate.raw)},
                      {"interest", text(e->interest.raw)},
                      {"feeShares", text(e->fee_shares.raw)}};
        if (const auto* e = std::get_if<morpho_blue::SharesMoved>(&effect))
            returned = {text(moved.raw), text(e->shares.raw)};
        if (const auto* e = std::get_if<morpho_blue::DebtBurned>(&effect)) {
            liquidation["repaidShares"] = text(e->repaid.raw);
            liquidation["badDebtShares"] = text(e->bad_debt.raw);
        }
    }

    Amount moved;
};

void expect(Differences& out, const char* what, const json& want, const json& got) {
    if (want != got)
        out.add(std::string(what) + ": expected " + want.dump() + ", got " + got.dump());
}

/// Applies one event and compares all that the vector says of it.
Differences step(MorphoCase& c, const Event& event, bool ok, const std::string& revert,
                 const json& post, Told* told) {
    Differences out;
    const std::string before = digest_of(c.state);
    const auto done = apply(c.state, event, c.planner);
    if (ok && !done) out.add("refused: " + std::string(name(done.error())));
    if (!ok) {
        if (done)
            out.add("expected refusal " + revert + ", was applied");
        else if (!matches(reasons, revert, done.error()))
            out.add("expected refusal " + revert + ", got " + std::string(name(done.error())));
        if (!done && digest_of(c.state) != before) out.add("a refused event changed the state");
    }
    if (done) *told = Told((*done)->effects);
    c.compare(out, post);
    if (const auto v = check_state(c.state)) out.add("invariant " + std::string(v->rule));
    return out;
}

morpho_blue::Action action_of(const MorphoCase& c, const json& s) {
    using namespace morpho_blue;  // NOLINT(google-build-using-namespace)
    const std::string op = s.at("op");
    const auto arg = [&](std::size_t i) { return number_at_most(s.at("args").at(i)); };
    const auto user = [&] { return c.account(s.at("user")); };
    if (op == "supply") return morpho_blue::Supply{user(), {arg(0)}, {arg(1)}};
    if (op == "withdraw") return morpho_blue::Withdraw{user(), {arg(0)}, {arg(1)}};
    if (op == "borrow") return morpho_blue::Borrow{user(), {arg(0)}, {arg(1)}};
    if (op == "repay") return morpho_blue::Repay{user(), {arg(0)}, {arg(1)}};
    if (op == "supplyCollateral") return SupplyCollateral{user(), {arg(0)}};
    if (op == "withdrawCollateral") return WithdrawCollateral{user(), {arg(0)}};
    if (op == "liquidate")
        return morpho_blue::Liquidate{c.account(s.at("borrower")), {arg(0)}, {arg(1)}};
    if (op == "accrueInterest") return Accrue{};
    throw std::runtime_error("unknown operation " + op);
}

Time time_of(const json& seconds) {
    return Time{static_cast<std::uint64_t>(number(seconds))};
}

}  // namespace

Wrong morpho_liquidation(const json& c) {
    std::vector<std::string> users;
    for (const auto& [address, unused] : c.at("pre").at("positions").items())
        users.push_back(address);
    MorphoCase book(c.at("market"), users);
    book.load(c.at("pre"));
    const json& call = c.at("call");
    const Time at = time_of(call.at("block_timestamp"));
    book.report_price(at, call.at("price"));

    const json& result = c.at("result");
    const bool ok = result.value("ok", false);
    Told told({});
    const Event event{
        .time = at,
        .market = {},
        .action = morpho_blue::Liquidate{.borrower = book.account(c.at("roles").at("borrower")),
                                         .seized = {number_at_most(call.at("seizedAssets"))},
                                         .repaid = {number_at_most(call.at("repaidShares"))}}};
    Differences out = step(book, event, ok, result.value("revert", ""),
                           ok || c.contains("post") ? c.at("post") : c.at("pre"), &told);
    if (ok) {
        expect(out, "event", result.at("event"), told.liquidation);
        expect(out, "returned", result.at("returned"),
               {{"seizedAssets", told.returned.at(0)}, {"repaidAssets", told.returned.at(1)}});
        expect(out, "accrual", result.at("borrowRateEvent"), told.accrue);
    }
    return out.lines();
}

Wrong morpho_trace(const json& t) {
    MorphoCase book(t.at("market"), t.at("users").get<std::vector<std::string>>());
    book.start(t.at("start"));
    return each_step(t.at("steps"), [&](const json& s) {
        const Time at = time_of(s.at("timestamp"));
        book.report_price(at, s.at("price"));
        Told told({});
        const bool ok = s.at("ok").get<bool>();
        Differences out = step(book, {.time = at, .market = {}, .action = action_of(book, s)}, ok,
                               s.value("revert", ""), s.at("post"), &told);
        if (ok) {
            expect(out, "returned", s.value("returned", json::array()), told.returned);
            expect(out, "liquidate", s.value("liquidate", json()), told.liquidation);
            expect(out, "accrue", s.value("accrue", json()), told.accrue);
        }
        return out.lines();
    });
}

}  // namespace breakwater::conformance
