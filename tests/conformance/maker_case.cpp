// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "maker_case.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "breakwater/core/rulebooks/maker.hpp"
#include "breakwater/core/rulebooks/maker_invariants.hpp"

namespace breakwater::conformance {
namespace {

using maker::IlkId;
using maker::Market;
using nlohmann::json;

constexpr IlkId ilk{0};
constexpr AssetId gem{0};
constexpr AssetId dai{1};

std::uint64_t count(const json& decimal) {
    return static_cast<std::uint64_t>(number(decimal));
}

maker::Curve curve_of(const std::string& calc) {
    if (calc == "linear") return maker::Curve::linear;
    if (calc == "stair") return maker::Curve::stairstep;
    if (calc == "exp") return maker::Curve::exponential;
    throw std::runtime_error("unknown price curve " + calc);
}

}  // namespace

MakerCase::MakerCase(const json& c) {
    names_ = {"vow", "not listed"};
    for (const auto& [address, unused] : c.at("pre").at("accounts").items())
        names_.push_back(address);
    for (const auto& [address, unused] : c.at("pre").at("urns").items())
        if (std::ranges::count(names_, address) == 0) names_.push_back(address);
    state.feeds.resize(2);
    state.custody.resize(2);
    state.markets.emplace_back(maker::Market{});
    market().system.resize(1);
    market().ilks.resize(1);
    market().accounts.resize(names_.size());
    market().vaults.resize(names_.size());
    load_parameters(c.at("params"), count(c.at("start").at("timestamp")));
    load_state(c.at("pre"));
    state.clock.now = count(c.at("start").at("timestamp"));
}

void MakerCase::load_parameters(const json& p, std::uint64_t start) {
    market().system_parameters = {{.line = uint256_max,
                                   .hole = wide_number(p.at("Hole")),
                                   .par = {ray},
                                   .base = {},
                                   .wait = count(p.at("wait")),
                                   .accounts = static_cast<std::uint32_t>(names_.size()),
                                   .vow = AccountId{0},
                                   .dai = dai}};
    market().parameters = {{.line = uint256_max,
                            .dust = wide_number(p.at("dust")),
                            .hole = wide_number(p.at("hole")),
                            .tip = wide_number(p.at("tip")),
                            .chip = {number(p.at("chip"))},
                            .chop = {number(p.at("chop"))},
                            .liquidation_ratio = {number(p.at("mat"))},
                            .duty = {number(p.at("duty"))},
                            .buf = {number(p.at("buf"))},
                            .cusp = {number(p.at("cusp"))},
                            .cut = {number(p.at("cut"))},
                            .tail = count(p.at("tail")),
                            .step = count(p.at("step")),
                            .tau = count(p.at("tau")),
                            .curve = curve_of(p.at("calc")),
                            .asset = gem,
                            .decimals = 18}};
    market().ilks[0].rho = start;
    market().ilks[0].price = {number(p.at("price0"))};
    if (!maker::check_parameters(market().parameters[0]))
        throw std::runtime_error("parameters that the rulebook refuses");
}

void MakerCase::load_state(const json& pre) {
    Checked math;
    auto& all = market().system[0];
    auto& first = market().ilks[0];
    first.debt = {number(pre.at("ilk").at("Art"))};
    first.rate = {number(pre.at("ilk").at("rate"))};
    first.spot = {number(pre.at("ilk").at("spot"))};
    first.auctioned = {number(pre.at("clipGem"))};
    first.dirt = wide_number(pre.at("dirt"));
    first.chost = wide_number(pre.at("chost"));
    all.debt = wide_number(pre.at("debt"));
    all.vice = wide_number(pre.at("vice"));
    all.dirt = wide_number(pre.at("Dirt"));
    all.queued = wide_number(pre.at("vow").at("Sin"));
    if (!is_zero(all.queued)) throw std::runtime_error("the eras of queued debt are not told");
    market().accounts[0] = {.dai = wide_number(pre.at("vow").at("dai")),
                            .sin = wide_number(pre.at("vow").at("sin"))};
    for (const auto& [address, a] : pre.at("accounts").items()) {
        market().accounts[index(account(address))].dai = wide_number(a.at("dai"));
        market().vaults[index(account(address))].free = {number(a.at("gem"))};
    }
    for (const auto& [address, urn] : pre.at("urns").items()) {
        market().vaults[index(account(address))].locked = {number(urn.at("ink"))};
        market().vaults[index(account(address))].debt = {number(urn.at("art"))};
    }
    // Who is not listed holds the rest: the DAI of the buyer was made out of its sin.
    Uint256 listed;
    for (const auto& a : market().accounts)
        listed = math.add_wide(listed, a.dai);
    market().accounts[1] = {.dai = sub_wide(math, all.debt, listed),
                            .sin = sub_wide(math, all.vice, market().accounts[0].sin)};
    load_sales(pre.at("sales"));
    std::array<uint128, 2> held{};
    maker::count_holdings(market(), held);
    state.custody[index(gem)].held = {held[index(gem)]};
    if (math.overflow()) throw std::runtime_error("a state that does not add up");
}

void MakerCase::load_sales(const json& sales) {
    auto& first = market().ilks[0];
    for (const auto& [id, s] : sales.items()) {
        const auto sale = static_cast<std::uint32_t>(std::stoul(id));
        const auto place = static_cast<std::uint32_t>(count(s.at("pos"))) + 1;
        market().sales.resize(std::max<std::size_t>(market().sales.size(), sale));
        market().active.resize(std::max<std::size_t>(market().active.size(), place));
        market().sales[sale - 1] = {.tab = wide_number(s.at("tab")),
                                    .lot = {number(s.at("lot"))},
                                    .top = {number(s.at("top"))},
                                    .penalty = {},
                                    .tic = count(s.at("tic")),
                                    .usr = account(s.at("usr")),
                                    .place = place};
        market().active[place - 1].sale = sale;
        first.kicks = std::max(first.kicks, sale);
        ++first.count;
    }
}

AccountId MakerCase::account(const std::string& address) const {
    const auto found = std::ranges::find(names_, address);
    if (found == names_.end()) throw std::runtime_error("unknown account " + address);
    return AccountId{static_cast<std::uint32_t>(found - names_.begin())};
}

maker::Action MakerCase::poke_of(const json& step) {
    return maker::Poke{.ilk = ilk, .price = {number(step.at("price"))}};
}

maker::Action MakerCase::action_of(const json& step) const {
    const std::string op = step.at("op");
    const json& args = step.at("args");
    const auto id = [&] { return static_cast<std::uint32_t>(count(args.at("id"))); };
    if (op == "bark")
        return maker::Bark{
            .ilk = ilk, .borrower = account(args.at("urn")), .keeper = account(args.at("kpr"))};
    if (op == "redo")
        return maker::Redo{.ilk = ilk, .sale = id(), .keeper = account(args.at("kpr"))};
    if (op == "flog") return maker::Flog{.era = Time{count(args.at("era"))}};
    if (op == "heal") return maker::Heal{.amount = wide_number(args.at("rad"))};
    if (op == "take") {
        const Uint256 amount = wide_number(args.at("amt"));
        const Uint256 price = wide_number(args.at("max"));
        return maker::Take{
            .ilk = ilk,
            .sale = id(),
            .buyer = account(args.at("who")),
            .amount_max = {amount.high() != 0 ? uint128_max : amount.low()},
            .price_max = price.high() != 0 ? std::nullopt : std::optional(Ray{price.low()})};
    }
    throw std::runtime_error("unknown operation " + op);
}

void MakerCase::compare(Differences& out, const json& expected, std::uint64_t timestamp) const {
    const maker::Market& market = this->market();
    const auto& all = market.system[0];
    const auto& first = market.ilks[0];
    const auto& p = market.parameters[0];
    out.compare("ilk Art", expected.at("ilk").at("Art"), text(first.debt.raw));
    out.compare("ilk rate", expected.at("ilk").at("rate"), text(first.rate.raw));
    out.compare("ilk spot", expected.at("ilk").at("spot"), text(first.spot.raw));
    out.compare("ilk dust", expected.at("ilk").at("dust"), text(p.dust));
    out.compare("debt", expected.at("debt"), text(all.debt));
    out.compare("vice", expected.at("vice"), text(all.vice));
    out.compare("Dirt", expected.at("Dirt"), text(all.dirt));
    out.compare("dirt", expected.at("dirt"), text(first.dirt));
    out.compare("chost", expected.at("chost"), text(first.chost));
    out.compare("vow dai", expected.at("vow").at("dai"), text(market.accounts[0].dai));
    out.compare("vow sin", expected.at("vow").at("sin"), text(market.accounts[0].sin));
    out.compare("vow Sin", expected.at("vow").at("Sin"), text(all.queued));
    out.compare("clipGem", expected.at("clipGem"), text(first.auctioned.raw));
    for (const auto& [address, want] : expected.at("urns").items()) {
        const auto& vault = market.vaults[index(account(address))];
        out.compare("ink " + address, want.at("ink"), text(vault.locked.raw));
        out.compare("art " + address, want.at("art"), text(vault.debt.raw));
    }
    for (const auto& [address, want] : expected.at("accounts").items()) {
        const AccountId id = account(address);
        out.compare("dai " + address, want.at("dai"), text(market.accounts[index(id)].dai));
        out.compare("gem " + address, want.at("gem"), text(market.vaults[index(id)].free.raw));
    }
    if (expected.at("sales").size() != first.count)
        out.add("expected " + std::to_string(expected.at("sales").size()) + " sales, got " +
                std::to_string(first.count));
    for (const auto& [id, want] : expected.at("sales").items()) {
        const std::size_t row = std::stoul(id) - 1;
        const std::string where = "sale " + id + " ";
        if (row >= market.sales.size() || market.sales[row].place == 0) {
            out.add(where + "does not run");
            continue;
        }
        const auto& sale = market.sales[row];
        Checked math;
        const std::uint64_t age = timestamp - sale.tic;
        const Ray price = maker::auction_price_down(math, maker::curve_of(p), sale.top, age);
        const bool redo = maker::is_void(math, price, sale.top, age, p.tail, p.cusp);
        out.compare(where + "pos", want.at("pos"), std::to_string(sale.place - 1));
        out.compare(where + "tab", want.at("tab"), text(sale.tab));
        out.compare(where + "lot", want.at("lot"), text(sale.lot.raw));
        out.compare(where + "usr", want.at("usr"), names_[index(sale.usr)]);
        out.compare(where + "tic", want.at("tic"), std::to_string(sale.tic));
        out.compare(where + "top", want.at("top"), text(sale.top.raw));
        out.compare(where + "price", want.at("price"), text(price.raw));
        out.compare(where + "needsRedo", want.at("needsRedo"), redo);
    }
}

}  // namespace breakwater::conformance
