// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "random_maker.hpp"

#include <algorithm>

#include "breakwater/core/digest.hpp"
#include "breakwater/core/invariants.hpp"
#include "breakwater/core/rulebooks/maker_auction.hpp"

namespace breakwater::given {
namespace {

using namespace maker;

constexpr std::uint32_t accounts = 5;
constexpr std::uint8_t ilks = 2;
constexpr std::uint32_t creditor = 1;
constexpr std::uint32_t first_actor = 2;

const maker::Market& market_of(const State& state) {
    return std::get<maker::Market>(state.markets[0]);
}

Rad rads(uint128 wads) {
    return mul_wide(wads, ray);
}

IlkParameters random_terms(Chance& chance, std::uint8_t ilk) {
    return {.line = rads(wad * (1'000 + chance.below(10'000'000))),
            .dust = rads(wad * (chance.one_in(5) ? 0 : chance.below(5'000))),
            .hole = rads(wad * chance.below(chance.one_in(3) ? 60'000 : 600'000)),
            .tip = rads(wad * chance.below(300)),
            .chip = {wad / 1'000 * chance.below(30)},
            .chop = {wad + wad / 1'000 * chance.below(200)},
            .liquidation_ratio = {ray + ray / 1'000 * chance.below(900)},
            .duty = {ray + uint128{chance.below(30)} * 1'000'000'000'000'000'000U},
            .buf = {ray + ray / 1'000 * chance.below(500)},
            .cusp = {ray / 1'000 * (100 + chance.below(700))},
            .cut = {ray - ray / 10'000 * (1 + chance.below(200))},
            .tail = 600 + chance.below(12'000),
            .step = 1 + chance.below(120),
            .tau = chance.below(30'000),
            .curve = Curve(chance.below(3)),
            .stopped = chance.one_in(20) ? Stopped(chance.below(4)) : Stopped::none,
            .asset = AssetId{ilk},
            .decimals = static_cast<std::uint8_t>(ilk == 0 ? 18 : 8)};
}

class Acting {
  public:
    Acting(const State& state, Chance& chance)
        : state_(state), market_(market_of(state)), chance_(chance) {}

    Event event() {
        const std::uint64_t now = state_.clock.now;
        const std::uint64_t later = chance_.one_in(3)    ? 0
                                    : chance_.one_in(20) ? chance_.below(50'000)
                                                         : chance_.below(1'500);
        return {Time{now + later}, MarketId{0}, action()};
    }

  private:
    maker::Action action() {
        switch (chance_.below(24)) {
            case 0:
                return Join{actor(), ilk(), {chance_.wide(60)}};
            case 1:
            case 2:
                return join();
            case 3:
                return exit();
            case 4:
            case 5:
            case 6:
            case 7:
                return open();
            case 8:
            case 9:
                return adjust();
            case 10:
                return Move{actor(), actor(), rads(chance_.wide(80))};
            case 11:
            case 12:
            case 13:
                return poke();
            case 14:
                return Drip{ilk()};
            case 15:
            case 16:
            case 17:
                return Bark{ilk(), actor(), actor()};
            case 18:
            case 19:
                return take();
            case 20: {
                const IlkId in = ilk();
                return Redo{in, sale(in), actor()};
            }
            case 21:
                return flog();
            case 22:
                return heal();
            default:
                if (chance_.one_in(2)) return UpdateChost{ilk()};
                const IlkId in = ilk();
                return SetIlk{in, random_terms(chance_, index(in))};
        }
    }

    AccountId actor() {
        return AccountId{first_actor +
                         static_cast<std::uint32_t>(chance_.below(accounts - first_actor))};
    }
    IlkId ilk() { return IlkId{static_cast<std::uint8_t>(chance_.below(ilks))}; }
    const Vault& vault(AccountId account, IlkId in) const {
        return market_.vaults[market_.row(account, in)];
    }
    uint128 one_off(uint128 v) { return chance_.one_in(4) ? v + chance_.below(3) - 1 : v; }

    maker::Action join() {
        const IlkId in = ilk();
        return Join{actor(), in, {power_of_ten(in == IlkId{0} ? 18 : 8) * (1 + chance_.below(50))}};
    }
    maker::Action exit() {
        const IlkId in = ilk();
        const AccountId who = actor();
        const uint128 unit = in == IlkId{0} ? 1 : power_of_ten(10);
        return Exit{who, in, {one_off(vault(who, in).free.raw / unit)}};
    }
    /// Locks all there is and borrows up to the brim.
    maker::Action open() {
        const IlkId in = ilk();
        const AccountId who = actor();
        const Vault& v = vault(who, in);
        const Ilk& terms = market_.ilks[index(in)];
        Checked math;
        const uint128 debt_max =
            math.mul_div_down(v.locked.raw + v.free.raw, terms.spot.raw, terms.rate.raw);
        const uint128 room = debt_max > v.debt.raw ? debt_max - v.debt.raw : 0;
        return Adjust{who, in, v.free, {}, {chance_.one_in(3) ? room / 2 : one_off(room)}, {}};
    }
    maker::Action adjust() {
        const IlkId in = ilk();
        const AccountId who = actor();
        const Vault& v = vault(who, in);
        const auto part = [&](uint128 of) {
            return chance_.one_in(2) ? uint128{0} : one_off(of / (1 + chance_.below(4)));
        };
        return Adjust{who,
                      in,
                      {part(v.free.raw)},
                      {part(v.locked.raw)},
                      {part(v.debt.raw)},
                      {part(v.debt.raw)}};
    }
    maker::Action poke() {
        const IlkId in = ilk();
        const uint128 before = market_.ilks[index(in)].price.raw;
        if (chance_.one_in(40)) return Poke{in, {}};
        if (before < wad || chance_.one_in(5)) return Poke{in, {wad * (1 + chance_.below(3'000))}};
        return Poke{in, {before / 100 * (60 + chance_.below(60))}};
    }
    /// Mostly one that runs.
    std::uint32_t sale(IlkId in) {
        const Ilk& terms = market_.ilks[index(in)];
        if (terms.count == 0 || chance_.one_in(10))
            return static_cast<std::uint32_t>(chance_.below(terms.kicks + 2));
        const auto place = static_cast<std::uint32_t>(chance_.below(terms.count));
        return static_cast<std::uint32_t>(market_.active[market_.row(place, in)].sale);
    }
    maker::Action take() {
        const IlkId in = ilk();
        Take take{in, sale(in), actor(), {uint128_max}, {}};
        const std::size_t row = market_.row(std::max(take.sale, 1U) - 1, in);
        const uint128 lot = row < market_.sales.size() ? market_.sales[row].lot.raw : 0;
        if (chance_.one_in(4)) take.amount_max.raw = chance_.wide(66);
        if (chance_.one_in(2)) take.amount_max.raw = one_off(lot / 16 * (1 + chance_.below(16)));
        if (chance_.one_in(8)) take.price_max = Ray{chance_.wide(100)};
        return take;
    }
    maker::Action flog() {
        const std::uint64_t eras = market_.system[0].eras;
        if (eras == 0 || chance_.one_in(5)) return Flog{Time{state_.clock.now}};
        return Flog{Time{market_.queue[chance_.below(eras)].era}};
    }
    maker::Action heal() {
        const Account& vow = market_.accounts[0];
        Checked math;
        const Rad free = sub_wide(math, vow.sin, market_.system[0].queued);
        Rad amount = std::min(vow.dai, free);
        if (chance_.one_in(4)) amount = math.add_wide(amount, 1);
        if (chance_.one_in(4)) amount = div_wide_down(amount, 2);
        return Heal{amount};
    }

    const State& state_;
    const maker::Market& market_;
    Chance& chance_;
};

/// What an accepted event promises of its result, read from the states before and after.
class Promises {
  public:
    Promises(const State& before, const State& after)
        : before_(market_of(before)), after_(market_of(after)), now_(after.clock.now) {}

    std::string operator()(const Adjust& e) const {
        const Vault& v = after_.vaults[after_.row(e.account, e.ilk)];
        const Ilk& in = after_.ilks[index(e.ilk)];
        const bool riskier = e.draw > e.wipe || e.free > e.lock;
        if (riskier && mul_wide(v.debt.raw, in.rate.raw) > mul_wide(v.locked.raw, in.spot.raw))
            return "MAKER-003: a vault was left unsafe";
        return {};
    }
    std::string operator()(const Bark& e) const {
        const Vault& was = before_.vaults[before_.row(e.borrower, e.ilk)];
        const Vault& is = after_.vaults[after_.row(e.borrower, e.ilk)];
        const Ilk& in = before_.ilks[index(e.ilk)];
        if (mul_wide(was.locked.raw, in.spot.raw) >= mul_wide(was.debt.raw, in.rate.raw))
            return "LIQUIDATION-005: a safe vault was barked";
        if (!is.debt.is_zero() &&
            mul_wide(is.debt.raw, in.rate.raw) < before_.parameters[index(e.ilk)].dust)
            return "MAKER-010: dust was left in the vault";
        return {};
    }
    std::string operator()(const Take& e) const {
        Checked math;
        const Sale& was = before_.sales[before_.row(e.sale - 1, e.ilk)];
        const Sale& is = after_.sales[after_.row(e.sale - 1, e.ilk)];
        const IlkParameters& p = before_.parameters[index(e.ilk)];
        const std::uint64_t age = now_ - was.tic;
        const Ray price = auction_price_down(math, curve_of(p), was.top, age);
        if (is_void(math, price, was.top, age, p.tail, p.cusp))
            return "MAKER-012: a void auction was sold from";
        if (is.place != 0 && is.tab < before_.ilks[index(e.ilk)].chost)
            return "MAKER-013: a rest of the tab below chost was left";
        return {};
    }
    std::string operator()(const auto& /*of no further promise*/) const { return {}; }

  private:
    const maker::Market& before_;
    const maker::Market& after_;
    std::uint64_t now_;
};

}  // namespace

State random_maker_market(Chance& chance) {
    State state;
    state.clock.now = 1'700'000'000;
    state.feeds.resize(ilks + 1);
    state.custody.resize(ilks + 1);
    maker::Market m;
    const Rad outside_debt = rads(wad * 1'000'000);
    m.system_parameters = {{.line = rads(wad * 100'000'000),
                            .hole = rads(wad * (10'000 + chance.below(1'000'000))),
                            .par = {ray},
                            .base = {},
                            .wait = chance.below(5'000),
                            .accounts = accounts,
                            .vow = AccountId{0},
                            .dai = AssetId{ilks}}};
    m.system.resize(1);
    m.system[0].debt = outside_debt;
    m.system[0].vice = outside_debt;
    m.ilks.resize(ilks);
    m.accounts.resize(accounts);
    m.accounts[creditor].sin = outside_debt;
    m.accounts[first_actor].dai = outside_debt;
    m.vaults.resize(accounts * ilks);
    for (std::uint8_t i = 0; i < ilks; ++i) {
        m.parameters.push_back(random_terms(chance, i));
        Checked math;
        m.ilks[i].rate.raw = ray + ray / 1'000 * chance.below(200);
        m.ilks[i].chost = mul_div_down(math, m.parameters[i].dust, m.parameters[i].chop.raw, wad);
        m.ilks[i].rho = state.clock.now;
    }
    state.markets.emplace_back(std::move(m));
    return state;
}

Event random_maker_event(const State& state, Chance& chance) {
    return Acting(state, chance).event();
}

MakerOutcome apply_maker_watched(State& state, Planner& planner, const Event& event) {
    const State before = state;
    const std::string digest = digest_of(before);
    const auto done = apply(state, event, planner);
    if (!done) {
        const bool same = digest_of(state) == digest;
        return {std::unexpected(done.error()), same ? "" : "a refused event changed the state"};
    }
    State back = state;
    undo(back, (*done)->changes);
    if (digest_of(back) != digest) return {{}, "ENGINE-005: undo does not lead back"};
    if (const auto v = check_state(state)) return {{}, "invariant " + std::string(v->rule)};
    const Promises promises(before, state);
    return {{}, std::visit(promises, std::get<maker::Action>(event.action))};
}

}  // namespace breakwater::given
