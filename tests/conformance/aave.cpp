// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

/// Replays every Aave v3.7 case of the conformance vectors: each integer of the state after each
/// step must be equal, each refusal must have the matching reason and change nothing. Source:
/// docs/rules.md, AAVE-001 to AAVE-034.

#include <string>

#include "aave_case.hpp"
#include "breakwater/core/digest.hpp"
#include "breakwater/core/invariants.hpp"
#include "cases.hpp"

namespace breakwater::conformance {
namespace {

using nlohmann::json;

/// Applies one step and returns what is wrong with it.
std::vector<std::string> step(AaveCase& c, const Event& event, bool ok, const std::string& revert,
                              const json& post, const json& events, const json& returned) {
    const std::string before = digest_of(c.state);
    const auto done = apply(c.state, event, c.planner);
    if (!ok) {
        if (done) return {"expected refusal " + revert + ", was applied"};
        std::vector<std::string> out;
        bool matches = false;
        for (const Error e : errors_for(revert))
            matches |= e == done.error();
        if (!matches)
            out.push_back("expected refusal " + revert + ", got " +
                          std::string(name(done.error())));
        if (digest_of(c.state) != before) out.push_back("a refused event changed the state");
        for (auto& d : c.differences(post, seconds(event.time)))
            out.push_back(std::move(d));
        return out;
    }
    if (!done) return {"refused: " + std::string(name(done.error()))};
    auto out = c.differences(post, seconds(event.time));
    if (const auto v = check_state(c.state)) out.push_back("invariant " + std::string(v->rule));

    std::size_t seen = 0;
    for (const Effect& effect : (*done)->effects) {
        json got;
        if (const auto* l = std::get_if<Liquidated>(&effect))
            got = {{"name", "LiquidationCall"},
                   {"collateral", index(l->collateral)},
                   {"debt", index(l->debt)},
                   {"debtToCover", text(l->repaid.raw)},
                   {"liquidatedCollateralAmount", text(l->seized.raw)}};
        else if (const auto* d = std::get_if<LossRealised>(&effect))
            got = {{"name", "DeficitCreated"},
                   {"debt", index(d->asset)},
                   {"amount", text(d->amount.raw)}};
        else if (const auto* m = std::get_if<Moved>(&effect)) {
            if (returned.is_string() && returned.get<std::string>() != text(m->amount.raw))
                out.push_back("returned: expected " + returned.get<std::string>() + ", got " +
                              text(m->amount.raw));
            if (m->kind != Moved::Kind::deficit_eliminated) continue;
            got = {{"name", "DeficitCovered"},
                   {"reserve", index(m->asset)},
                   {"amount", text(m->amount.raw)}};
        } else
            continue;
        bool found = false;
        for (const json& want : events) {
            bool same = true;
            for (const auto& [key, value] : got.items())
                same &= want.contains(key) && want.at(key) == value;
            found |= same;
        }
        ++seen;
        if (!found) out.push_back("no such event: " + got.dump());
    }
    if (events.is_array() && seen != events.size())
        out.push_back("expected " + std::to_string(events.size()) + " events, got " +
                      std::to_string(seen));
    return out;
}

std::vector<std::string> names_of(const json& users) {
    std::vector<std::string> out;
    for (const auto& [address, unused] : users.items())
        out.push_back(address);
    return out;
}

std::vector<std::string> run_elimination(const json& config, const json& c) {
    const auto& e = c.at("eliminate");
    const auto at = static_cast<std::uint64_t>(number(e.at("timestamp")));
    AaveCase book(config, names_of(e.at("pre").at("users")), e.at("pre"), at, c.at("prices"));
    const json& result = e.at("result");
    const Event event{
        .time = Time{at},
        .market = {},
        .action = EliminateDeficit{.account = book.account(c.at("roles").at("umbrella")),
                                   .asset = AssetId{e.at("reserve").get<std::uint8_t>()},
                                   .amount = size_of(e.at("amount"))}};
    const auto done = apply(book.state, event, book.planner);
    if (!result.value("ok", false)) {
        const std::string revert = result.value("revert", "");
        if (done) return {"expected refusal " + revert};
        for (const Error expected : errors_for(revert))
            if (expected == done.error()) return book.differences(e.at("post"), at);
        return {"eliminate: expected " + revert + ", got " + std::string(name(done.error()))};
    }
    if (!done) return {"eliminate refused: " + std::string(name(done.error()))};
    return book.differences(e.at("post"), at);
}

Action action_of(const AaveCase& book, const json& s) {
    const std::string op = s.at("op");
    const json& args = s.at("args");
    const auto asset = [&](const char* key) { return AssetId{args.at(key).get<std::uint8_t>()}; };
    const auto size = [&](const char* key) { return size_of(args.at(key)); };
    const auto user = [&] { return book.account(s.at("user")); };
    if (op == "supply")
        return Supply{
            .account = user(), .asset = asset("reserve"), .amount = size("amount").amount};
    if (op == "withdraw")
        return Withdraw{.account = user(), .asset = asset("reserve"), .amount = size("amount")};
    if (op == "borrow")
        return Borrow{
            .account = user(), .asset = asset("reserve"), .amount = size("amount").amount};
    if (op == "repay")
        return Repay{.account = user(), .asset = asset("reserve"), .amount = size("amount")};
    if (op == "setCollateral")
        return SetCollateral{.account = user(),
                             .asset = asset("reserve"),
                             .enabled = args.at("enabled").get<bool>()};
    if (op == "setEMode")
        return SetEMode{.account = user(), .emode = args.at("category").get<std::uint16_t>()};
    if (op == "mintToTreasury") return MintToTreasury{.asset = asset("reserve")};
    if (op == "eliminateDeficit")
        return EliminateDeficit{
            .account = user(), .asset = asset("reserve"), .amount = size("amount")};
    if (op == "liquidationCall")
        return Liquidate{.borrower = book.account(args.at("borrower")),
                         .collateral = asset("collateralReserve"),
                         .debt = asset("debtReserve"),
                         .debt_to_cover = size("debtToCover"),
                         .liquidator = user(),
                         .receive_supply = args.at("receiveAToken").get<bool>()};
    throw std::runtime_error("unknown operation " + op);
}

}  // namespace

Wrong aave_liquidation(const json& c) {
    const auto at = static_cast<std::uint64_t>(number(c.at("timestamp")));
    AaveCase book(c.at("config"), names_of(c.at("pre").at("users")), c.at("pre"), at,
                  c.at("prices"));
    const json& call = c.at("call");
    const Event event{
        .time = Time{at},
        .market = {},
        .action = Liquidate{.borrower = book.account(call.at("user")),
                            .collateral = AssetId{call.at("collateralReserve").get<std::uint8_t>()},
                            .debt = AssetId{call.at("debtReserve").get<std::uint8_t>()},
                            .debt_to_cover = size_of(call.at("debtToCover")),
                            .liquidator = book.account(c.at("roles").at("liquidator")),
                            .receive_supply = call.at("receiveAToken").get<bool>()}};
    const json& result = c.at("result");
    auto wrong = step(book, event, !result.contains("revert"), result.value("revert", ""),
                      c.at("post"), result.value("events", json()), json());
    if (c.contains("eliminate"))
        for (auto& w : run_elimination(c.at("config"), c))
            wrong.push_back("eliminate: " + w);
    return wrong;
}

Wrong aave_trace(const json& t) {
    const json& start = t.at("start");
    AaveCase book(t.at("config"), t.at("users").get<std::vector<std::string>>(), start.at("state"),
                  static_cast<std::uint64_t>(number(start.at("timestamp"))), start.at("prices"));
    return each_step(t.at("steps"), [&](const json& s) {
        const auto at = static_cast<std::uint64_t>(number(s.at("timestamp")));
        book.report_prices(at, s.at("prices"));
        const Event event{.time = Time{at}, .market = {}, .action = action_of(book, s)};
        return step(book, event, s.at("ok").get<bool>(), s.value("revert", ""), s.at("post"),
                    s.value("events", json::array()), s.value("returned", json()));
    });
}

}  // namespace breakwater::conformance
