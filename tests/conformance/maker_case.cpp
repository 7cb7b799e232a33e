// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "maker_case.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>

#include "breakwater/core/rulebooks/maker_invariants.hpp"

namespace breakwater::conformance {
namespace {

using maker::IlkId;
using maker::Market;
using nlohmann::json;

constexpr IlkId ilk{0};
constexpr AssetId gem{0};
constexpr AssetId dai{1};

Uint256 wide(const json& decimal) {
    Checked math;
    Uint256 v;
    for (const char c : decimal.get<std::string>()) {
        if (c < '0' || c > '9') throw std::runtime_error("not an integer: " + decimal.dump());
        v = math.add_wide(math.mul_wide_by(v, 10), uint128{static_cast<unsigned>(c - '0')});
    }
    if (math.overflow()) throw std::runtime_error("more than 256 bits: " + decimal.dump());
    return v;
}

uint128 narrow(const json& decimal) {
    const Uint256 v = wide(decimal);
    if (v.high() != 0) throw std::runtime_error("more than 128 bits: " + decimal.dump());
    return v.low();
}

std::uint64_t count(const json& decimal) {
    return static_cast<std::uint64_t>(narrow(decimal));
}

std::string text(Uint256 v) {
    std::string out;
    do {
        const Division d = divide(v, 10);
        out += static_cast<char>('0' + static_cast<int>(d.remainder));
        v = d.quotient;
    } while (!is_zero(v));
    std::ranges::reverse(out);
    return out;
}

maker::Curve curve_of(const std::string& calc) {
    if (calc == "linear") return maker::Curve::linear;
    if (calc == "stair") return maker::Curve::stairstep;
    if (calc == "exp") return maker::Curve::exponential;
    throw std::runtime_error("unknown price curve " + calc);
}

/// Writes a transition forwards or backwards.
void write(State& state, Market& market, const Transition& t, bool forwards) {
    const auto put = [&](const Change& c) {
        const uint128 value = forwards ? c.after : c.before;
        if (c.cell.table >= Table::native)
            write_native(market, c.cell.table, c.cell.row, c.cell.word, value);
        else if (c.cell.table == Table::custody)
            state.custody[c.cell.row].held.raw = value;
        else
            state.clock = forwards ? Clock{.now = static_cast<std::uint64_t>(value),
                                           .events = static_cast<std::uint64_t>(value >> 64U)}
                                   : state.clock;
    };
    if (forwards)
        std::ranges::for_each(t.changes, put);
    else
        std::for_each(t.changes.rbegin(), t.changes.rend(), put);
}

/// Equal in every word; zero rows at the end of a table do not count.
bool same_rows(const auto& a, const auto& b) {
    using Row = typename std::remove_cvref_t<decltype(a)>::value_type;
    for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
        const Row x = i < a.size() ? a[i] : Row{};
        const Row y = i < b.size() ? b[i] : Row{};
        if (std::memcmp(&x, &y, sizeof x) != 0) return false;  // NOLINT: rows have no padding
    }
    return true;
}
bool same(const Market& a, const Market& b) {
    return std::apply([&](auto... t) { return (same_rows(a.*t, b.*t) && ...); }, Market::tables());
}

}  // namespace

MakerCase::MakerCase(const json& c) {
    names_ = {"vow", "not listed"};
    for (const auto& [address, unused] : c.at("pre").at("accounts").items())
        names_.push_back(address);
    for (const auto& [address, unused] : c.at("pre").at("urns").items())
        if (std::ranges::count(names_, address) == 0) names_.push_back(address);
    state_.feeds.resize(2);
    state_.custody.resize(2);
    market_.system.resize(1);
    market_.ilks.resize(1);
    market_.accounts.resize(names_.size());
    market_.vaults.resize(names_.size());
    load_parameters(c.at("params"), count(c.at("start").at("timestamp")));
    load_state(c.at("pre"));
    state_.clock.now = count(c.at("start").at("timestamp"));
}

void MakerCase::load_parameters(const json& p, std::uint64_t start) {
    market_.system_parameters = {{.line = uint256_max,
                                  .hole = wide(p.at("Hole")),
                                  .par = {ray},
                                  .base = {},
                                  .wait = count(p.at("wait")),
                                  .accounts = static_cast<std::uint32_t>(names_.size()),
                                  .vow = AccountId{0},
                                  .dai = dai}};
    market_.parameters = {{.line = uint256_max,
                           .dust = wide(p.at("dust")),
                           .hole = wide(p.at("hole")),
                           .tip = wide(p.at("tip")),
                           .chip = {narrow(p.at("chip"))},
                           .chop = {narrow(p.at("chop"))},
                           .liquidation_ratio = {narrow(p.at("mat"))},
                           .duty = {narrow(p.at("duty"))},
                           .buf = {narrow(p.at("buf"))},
                           .cusp = {narrow(p.at("cusp"))},
                           .cut = {narrow(p.at("cut"))},
                           .tail = count(p.at("tail")),
                           .step = count(p.at("step")),
                           .tau = count(p.at("tau")),
                           .curve = curve_of(p.at("calc")),
                           .asset = gem,
                           .decimals = 18}};
    market_.ilks[0].rho = start;
    market_.ilks[0].price = {narrow(p.at("price0"))};
    if (!maker::check_parameters(market_.parameters[0]))
        throw std::runtime_error("parameters that the rulebook refuses");
}

void MakerCase::load_state(const json& pre) {
    Checked math;
    auto& all = market_.system[0];
    auto& first = market_.ilks[0];
    first.debt = {narrow(pre.at("ilk").at("Art"))};
    first.rate = {narrow(pre.at("ilk").at("rate"))};
    first.spot = {narrow(pre.at("ilk").at("spot"))};
    first.auctioned = {narrow(pre.at("clipGem"))};
    first.dirt = wide(pre.at("dirt"));
    first.chost = wide(pre.at("chost"));
    all.debt = wide(pre.at("debt"));
    all.vice = wide(pre.at("vice"));
    all.dirt = wide(pre.at("Dirt"));
    all.queued = wide(pre.at("vow").at("Sin"));
    if (!is_zero(all.queued)) throw std::runtime_error("the eras of queued debt are not told");
    market_.accounts[0] = {.dai = wide(pre.at("vow").at("dai")),
                           .sin = wide(pre.at("vow").at("sin"))};
    for (const auto& [address, a] : pre.at("accounts").items()) {
        market_.accounts[index(account(address))].dai = wide(a.at("dai"));
        market_.vaults[index(account(address))].free = {narrow(a.at("gem"))};
    }
    for (const auto& [address, urn] : pre.at("urns").items()) {
        market_.vaults[index(account(address))].locked = {narrow(urn.at("ink"))};
        market_.vaults[index(account(address))].debt = {narrow(urn.at("art"))};
    }
    // Who is not listed holds the rest: the DAI of the buyer was made out of its sin.
    Uint256 held;
    for (const auto& a : market_.accounts)
        held = math.add_wide(held, a.dai);
    market_.accounts[1] = {.dai = sub_wide(math, all.debt, held),
                           .sin = sub_wide(math, all.vice, market_.accounts[0].sin)};
    load_sales(pre.at("sales"));
    state_.custody[index(gem)].held = {math.narrow(maker::collateral_of(market_, gem))};
    if (math.overflow()) throw std::runtime_error("a state that does not add up");
}

void MakerCase::load_sales(const json& sales) {
    auto& first = market_.ilks[0];
    for (const auto& [id, s] : sales.items()) {
        const auto number = static_cast<std::uint32_t>(std::stoul(id));
        const auto place = static_cast<std::uint32_t>(count(s.at("pos"))) + 1;
        market_.sales.resize(std::max<std::size_t>(market_.sales.size(), number));
        market_.active.resize(std::max<std::size_t>(market_.active.size(), place));
        market_.sales[number - 1] = {.tab = wide(s.at("tab")),
                                     .lot = {narrow(s.at("lot"))},
                                     .top = {narrow(s.at("top"))},
                                     .penalty = {},
                                     .tic = count(s.at("tic")),
                                     .usr = account(s.at("usr")),
                                     .place = place};
        market_.active[place - 1].sale = number;
        first.kicks = std::max(first.kicks, number);
        ++first.count;
    }
}

AccountId MakerCase::account(const std::string& address) const {
    const auto found = std::ranges::find(names_, address);
    if (found == names_.end()) throw std::runtime_error("unknown account " + address);
    return AccountId{static_cast<std::uint32_t>(found - names_.begin())};
}

maker::Action MakerCase::poke_of(const json& step) {
    return maker::Poke{.ilk = ilk, .price = {narrow(step.at("price"))}};
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
    if (op == "heal") return maker::Heal{.amount = wide(args.at("rad"))};
    if (op == "take") {
        const Uint256 amount = wide(args.at("amt"));
        const Uint256 price = wide(args.at("max"));
        return maker::Take{
            .ilk = ilk,
            .sale = id(),
            .buyer = account(args.at("who")),
            .amount_max = {amount.high() != 0 ? uint128_max : amount.low()},
            .price_max = price.high() != 0 ? std::nullopt : std::optional(Ray{price.low()})};
    }
    throw std::runtime_error("unknown operation " + op);
}

Status MakerCase::apply(std::uint64_t timestamp, const maker::Action& action) {
    desk_.begin(state_, market_, Time{timestamp}, transition_);
    const Status done = maker::work_out(desk_, action);
    if (desk_.math.overflow()) return std::unexpected(Error::amount_overflow);
    if (!done) return done;
    desk_.finish(MarketId{0});
    const Market before = market_;
    write(state_, market_, transition_, true);
    Market back = market_;
    State scratch = state_;
    write(scratch, back, transition_, false);
    undo_leads_back_ = same(back, before);
    return {};
}

std::string MakerCase::broken() const {
    if (!undo_leads_back_) return "undo does not lead back";
    if (const auto b = maker::check_market(market_)) return std::string(b->rule);
    if (maker::collateral_of(market_, gem) != Uint256{state_.custody[index(gem)].held.raw})
        return "MAKER-024";
    return {};
}

std::vector<std::string> MakerCase::differences(const json& expected,
                                                std::uint64_t timestamp) const {
    std::vector<std::string> out;
    const auto compare = [&](const std::string& what, const json& want, const std::string& got) {
        if (want != got)
            out.push_back(what + ": expected " + want.get<std::string>() + ", got " + got);
    };
    const auto& all = market_.system[0];
    const auto& first = market_.ilks[0];
    const auto& p = market_.parameters[0];
    compare("ilk Art", expected.at("ilk").at("Art"), text(first.debt.raw));
    compare("ilk rate", expected.at("ilk").at("rate"), text(first.rate.raw));
    compare("ilk spot", expected.at("ilk").at("spot"), text(first.spot.raw));
    compare("ilk dust", expected.at("ilk").at("dust"), text(p.dust));
    compare("debt", expected.at("debt"), text(all.debt));
    compare("vice", expected.at("vice"), text(all.vice));
    compare("Dirt", expected.at("Dirt"), text(all.dirt));
    compare("dirt", expected.at("dirt"), text(first.dirt));
    compare("chost", expected.at("chost"), text(first.chost));
    compare("vow dai", expected.at("vow").at("dai"), text(market_.accounts[0].dai));
    compare("vow sin", expected.at("vow").at("sin"), text(market_.accounts[0].sin));
    compare("vow Sin", expected.at("vow").at("Sin"), text(all.queued));
    compare("clipGem", expected.at("clipGem"), text(first.auctioned.raw));
    for (const auto& [address, want] : expected.at("urns").items()) {
        const auto& vault = market_.vaults[index(account(address))];
        compare("ink " + address, want.at("ink"), text(vault.locked.raw));
        compare("art " + address, want.at("art"), text(vault.debt.raw));
    }
    for (const auto& [address, want] : expected.at("accounts").items()) {
        const AccountId id = account(address);
        compare("dai " + address, want.at("dai"), text(market_.accounts[index(id)].dai));
        compare("gem " + address, want.at("gem"), text(market_.vaults[index(id)].free.raw));
    }
    if (expected.at("sales").size() != first.count)
        out.push_back("expected " + std::to_string(expected.at("sales").size()) + " sales, got " +
                      std::to_string(first.count));
    for (const auto& [id, want] : expected.at("sales").items()) {
        const std::size_t row = std::stoul(id) - 1;
        const std::string where = "sale " + id + " ";
        if (row >= market_.sales.size() || market_.sales[row].place == 0) {
            out.push_back(where + "does not run");
            continue;
        }
        const auto& sale = market_.sales[row];
        Checked math;
        const std::uint64_t age = timestamp - sale.tic;
        const Ray price = maker::auction_price_down(math, maker::curve_of(p), sale.top, age);
        const bool redo = maker::is_void(math, price, sale.top, age, p.tail, p.cusp);
        compare(where + "pos", want.at("pos"), std::to_string(sale.place - 1));
        compare(where + "tab", want.at("tab"), text(sale.tab));
        compare(where + "lot", want.at("lot"), text(sale.lot.raw));
        compare(where + "usr", want.at("usr"), names_[index(sale.usr)]);
        compare(where + "tic", want.at("tic"), std::to_string(sale.tic));
        compare(where + "top", want.at("top"), text(sale.top.raw));
        compare(where + "price", want.at("price"), text(price.raw));
        if (want.at("needsRedo").get<bool>() != redo) out.push_back(where + "needsRedo");
    }
    return out;
}

std::vector<Error> maker_errors_for(const std::string& revert) {
    static const std::map<std::string, std::vector<Error>> reasons{
        {"Dog/not-unsafe", {Error::health_factor_not_below_one}},
        {"Dog/liquidation-limit-hit", {Error::liquidation_limit_hit}},
        {"Dog/dusty-auction-from-partial-liquidation", {Error::auction_dusty}},
        {"Dog/null-auction", {Error::auction_empty}},
        {"Clipper/zero-tab", {Error::auction_empty}},
        {"Clipper/zero-lot", {Error::auction_empty}},
        {"Clipper/zero-top-price", {Error::price_missing}},
        {"Clipper/stopped-incorrect", {Error::auctions_stopped}},
        {"Clipper/not-running-auction", {Error::auction_not_running}},
        {"Clipper/needs-reset", {Error::auction_needs_reset}},
        {"Clipper/cannot-reset", {Error::auction_still_runs}},
        {"Clipper/too-expensive", {Error::price_above_maximum}},
        {"Clipper/no-partial-purchase", {Error::partial_purchase_refused}},
        {"Vow/wait-not-finished", {Error::wait_not_finished}},
        {"Vow/insufficient-surplus", {Error::surplus_insufficient}},
        {"Vow/insufficient-debt", {Error::unqueued_debt_insufficient}},
        {"", {Error::balance_insufficient, Error::amount_overflow}},  // a bare require
    };
    const auto found = reasons.find(revert);
    return found == reasons.end() ? std::vector<Error>{} : found->second;
}

}  // namespace breakwater::conformance
