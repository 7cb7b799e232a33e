// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/rulebooks/venue_liquidation.hpp"

#include <algorithm>
#include <cstdlib>

#include "breakwater/core/each_number.hpp"
#include "breakwater/core/math_signed.hpp"
#include "breakwater/core/rulebooks/venue.hpp"
#include "breakwater/core/rulebooks/venue_guard.hpp"
#include "breakwater/core/rulebooks/venue_value.hpp"

namespace breakwater::venue {
namespace {

constexpr std::uint64_t hour = 3'600;

/// What the account is worth and must be worth, noted with what is known of it.
Result<Assessment> assess_and_note(VenueDesk& desk, AccountId account) {
    const auto found = assess(View(desk), account, Purpose::liquidation);
    if (found) note_standing(desk, account, *found);
    return found;
}

/// The account as it stands, noted; refused unless it is in liquidation and still worth something.
Result<Assessment> in_liquidation(VenueDesk& desk, AccountId account) {
    const auto found = assess_and_note(desk, account);
    if (!found) return found;
    if (desk.read<&Market::accounts>(breakwater::index(account)).in_liquidation == 0)
        return std::unexpected(Error::account_not_in_liquidation);
    if (found->closing < 0) return std::unexpected(Error::equity_negative);
    return found;
}

/// What changes hands is marked, live and not stale. Source: VENUE-018.
Status may_be_liquidated(const VenueDesk& desk, ContractId contract) {
    const Contract& c = desk.read<&Market::contracts>(index(contract));
    if (c.phase == Phase::expired) return refuse(Error::contract_expired);
    if (c.marked_at == 0 || seconds(desk.now()) > c.marked_at + settings(desk).mark_age_max)
        return refuse(Error::mark_stale);
    return {};
}

void count_closed(VenueDesk& desk, ContractId contract, std::int64_t lots) {
    Contract& c = change_contract(desk, contract);
    const std::uint64_t now = seconds(desk.now());
    c.closed = (c.closed_at == now ? c.closed : 0) + lots;
    c.closed_at = now;
}

/// [ppm] By how much of a payment in an asset the requirement may rise: the largest gain that a
/// scenario gives the asset.
uint128 raised_by_paying(const View& view, AssetId asset, const Assessment& portfolio) {
    const RiskArray& a = view.read<&Market::arrays>(view.market().array_row(asset));
    const std::int64_t gain = std::max<std::int64_t>(0, -std::ranges::min(a.values));
    return static_cast<uint128>(gain) * portfolio.scenario_factor / ppm_one + 1;
}

/// What the account pays beside the exchange. [atomic of the settlement asset]
struct Concession {
    Amount discount;
    Amount fee;
};
/// What has changed hands, and who stood how.
struct Exchanged {
    AccountId account;
    AccountId taker;
    ContractId contract;
    std::int64_t lots;
    const Standing& before;
    const Assessment& marked;  ///< the account after the exchange and before it pays
};
/// Pays taker and fund for the lots, at most what keeps equity ÷ requirement from falling.
Concession pay_concession(VenueDesk& desk, const Exchanged& done) {
    const auto& [account, taker, contract, lots, before, marked] = done;
    const Terms& t = terms(desk, contract);
    const Contract& c = desk.read<&Market::contracts>(index(contract));
    if (before.equity <= 0 || before.requirement <= 0) return {};
    // (equity − x) / (requirement − freed + raised · x) ≥ equity / requirement
    const uint128 equity = magnitude(before.equity);
    const uint128 freed = magnitude(before.requirement - marked.standing.requirement);
    const uint128 raised = raised_by_paying(View(desk), t.settlement, marked);
    const uint128 gained = desk.math.mul_div_up(equity, raised, ppm_one);
    const uint128 share =
        desk.math.mul_div_down(equity, freed, desk.math.add(magnitude(before.requirement), gained));
    const std::uint8_t decimals =
        desk.stored().collaterals[breakwater::index(t.settlement)].decimals;
    // At the high end of the band, at which a payment out of a balance costs most.
    const uint128 price = desk.state().feeds[breakwater::index(t.settlement)].hi;
#if BREAKWATER_MUTANT_VENUE_019
    uint128 most = share == 0 ? 0 : uint128_max >> 1U;
#else
    uint128 most = desk.math.mul_div_down(share / ppm_one, power_of_ten(decimals), price);
#endif
    const uint128 value = desk.math.mul(magnitude(lots), magnitude(c.mark_value));
    const auto atoms = [&](uint128 rate) {
        const uint128 grains = desk.math.mul_div_down(value, rate, ppm_one);
        const uint128 paid = std::min(grains >> t.grain_bits, most);
        most -= paid;
        return with_sign(desk.math, paid, false);
    };
    const int128 discount = atoms(discount_now(View(desk), account));
    const int128 fee = atoms(settings(desk).fund_fee);
    move_cash(desk, account, taker, t.settlement, discount);
    move_cash(desk, account, settings(desk).fund, t.settlement, fee);
    return {.discount = {magnitude(discount)}, .fee = {magnitude(fee)}};
}

/// The account receives `lots` from the taker at the mark and pays for it; it must need less
/// afterwards.
Status exchange(VenueDesk& desk, AccountId account, AccountId taker, ContractId contract,
                std::int64_t lots, const Standing& before) {
    const Contract& c = change_contract(desk, contract);
    const int128 held = lots_held(desk, taker, contract);
    std::optional<Standing> taker_before;
    if (held != 0 && (held < 0) != (-lots < 0) && magnitude(held) >= magnitude(lots)) {
        const auto was = assess(View(desk), taker, Purpose::liquidation);
        if (!was) return refuse(was.error());
        taker_before = was->standing;
    }
    const int128 worth = c.worth();
    if (const Status filled = fill(desk, account, contract, lots, worth); !filled) return filled;
    if (const Status filled = fill(desk, taker, contract, -lots, worth); !filled) return filled;
    count_closed(desk, contract, std::abs(lots));
    const auto marked = assess(View(desk), account, Purpose::liquidation);
    if (!marked) return refuse(marked.error());
    if (marked->standing.requirement >= before.requirement) return refuse(Error::hedge_useless);
    const Concession paid = pay_concession(desk, {.account = account,
                                                  .taker = taker,
                                                  .contract = contract,
                                                  .lots = lots,
                                                  .before = before,
                                                  .marked = *marked});

    if (const auto after = assess_and_note(desk, account); !after) return refuse(after.error());
    desk.emit(Effect{PositionTaken{.account = account,
                                   .taker = taker,
                                   .contract = contract,
                                   .lots = -lots,
                                   .value = c.mark_value,
                                   .discount = paid.discount,
                                   .fee = paid.fee}});
    return may_change(desk, taker, taker_before);
}

/// The account, the other side and the contract are such that something may change hands.
Result<Assessment> begin(VenueDesk& desk, const auto& e) {
    const Settings& set = settings(desk);
    if (e.account == e.liquidator) return std::unexpected(Error::self_liquidation);
    if (e.account == set.fund || e.liquidator == set.fund)
        return std::unexpected(Error::account_unknown);
    return in_liquidation(desk, e.account);
}

}  // namespace

std::uint32_t discount_now(const View& view, AccountId account) {
    const Settings& set = view.settings();
    const std::uint64_t since = view.read<&Market::accounts>(breakwater::index(account)).since;
    const std::uint64_t now = seconds(view.now());
    const uint128 waited = since == 0 || now < since ? 0 : now - since;
    const uint128 grown = set.discount + waited * set.discount_per_hour / hour;
    return static_cast<std::uint32_t>(std::min<uint128>(grown, set.discount_max));
}

std::int64_t lots_available(const View& view, ContractId contract) {
    const Contract& c = view.contract(contract);
    const std::int64_t closed = c.closed_at == seconds(view.now()) ? c.closed : 0;
    const std::int64_t block = view.terms(contract).block_lots - closed;
    const auto part =
        static_cast<std::int64_t>(int128{c.depth} * view.settings().participation / ppm_one);
    return std::max<std::int64_t>(0, std::min(block, std::max<std::int64_t>(part, 1)));
}

std::int64_t lots_to_exit(const View& view, AccountId account, ContractId contract,
                          std::int64_t lots, const Assessment& found) {
    if (view.terms(contract).by_arrays != 0) return lots;
    const Settings& set = view.settings();
    const std::int64_t held = std::abs(lots_of(view, account, contract));
    const std::int64_t linked = linked_lots(view, account, contract);
    const ContractMargin margin(view, contract);
    const uint128 whole = margin.requirement(held, linked, Purpose::liquidation);
    const uint128 notional = magnitude(view.contract(contract).notional);
    uint128 cost = notional * (uint128{discount_now(view, account)} + set.fund_fee);
    if (found.owes) cost += requirement_up(cost * set.exit);  // it may be paid by owing more
    const uint128 lowered = notional * set.exit;
    const auto exits = [&](std::int64_t n) {
        const uint128 rest = margin.requirement(held - n, linked - n, Purpose::liquidation);
        const uint128 freed = whole - std::min(rest, whole) + magnitude(n) * lowered;
        return found.standing.equity - static_cast<int128>(magnitude(n) * cost) >=
               found.exit - static_cast<int128>(freed);
    };
    if (!exits(lots)) return lots;
    std::int64_t low = 0;  // does not exit
    std::int64_t high = lots;
    while (high - low > 1) {
        const std::int64_t middle = low + (high - low) / 2;
        (exits(middle) ? high : low) = middle;
    }
    return high;
}

Status flag(VenueDesk& desk, const Flag& e) {
    const auto found = assess_and_note(desk, e.account);
    return found ? Status{} : refuse(found.error());
}

Status liquidate(VenueDesk& desk, const Liquidate& e) {
    if (e.lots <= 0) return refuse(Error::amount_zero);
    if (const Status may = may_be_liquidated(desk, e.contract); !may) return may;
    const auto before = begin(desk, e);
    if (!before) return refuse(before.error());
    const std::int64_t held = lots_held(desk, e.account, e.contract);
    if (held == 0) return refuse(Error::position_none);
    const std::int64_t most =
        std::min({e.lots, std::abs(held), lots_available(View(desk), e.contract)});
    if (most == 0) return refuse(Error::throughput_exhausted);
    const std::int64_t lots = lots_to_exit(View(desk), e.account, e.contract, most, *before);
    return exchange(desk, e.account, e.liquidator, e.contract, held < 0 ? lots : -lots,
                    before->standing);
}

Status hedge(VenueDesk& desk, const Hedge& e) {
    if (e.lots == 0) return refuse(Error::amount_zero);
    if (e.lots > lots_max || e.lots < -lots_max) return refuse(Error::amount_overflow);
    const Terms& t = terms(desk, e.contract);
    if (t.is_option() || t.by_arrays == 0) return refuse(Error::hedge_useless);
    if (const Status may = may_be_liquidated(desk, e.contract); !may) return may;
    const auto before = begin(desk, e);
    if (!before) return refuse(before.error());
    const std::int64_t lots = std::min(std::abs(e.lots), lots_available(View(desk), e.contract));
    if (lots == 0) return refuse(Error::throughput_exhausted);
    return exchange(desk, e.account, e.liquidator, e.contract, e.lots < 0 ? -lots : lots,
                    before->standing);
}

Status buy_collateral(VenueDesk& desk, const BuyCollateral& e) {
    if (e.amount.is_zero()) return refuse(Error::amount_zero);
    if (e.asset == e.debt) return refuse(Error::transfer_to_self);
    const auto before = begin(desk, e);
    if (!before) return refuse(before.error());
    const int128 held = grown_balance(desk, e.account, e.asset).cash;
    const int128 owed = -grown_balance(desk, e.account, e.debt).cash;
    if (held <= 0) return refuse(Error::balance_insufficient);
    if (owed <= 0) return refuse(Error::debt_none);
    const View view(desk);
    const auto sold = collateral_price(view, e.account, e.asset, e.debt);
    if (!sold) return refuse(sold.error());
    Checked& math = desk.math;
    const uint128 enough = amount_to_exit(math, view, e.asset, *sold, *before);
    uint128 amount = std::min({e.amount.raw, static_cast<uint128>(held), enough});
    uint128 pay = sold->pay_up(math, amount);
    if (pay > static_cast<uint128>(owed)) {  // no more than is owed
        pay = static_cast<uint128>(owed);
        amount = std::min(amount, sold->amount_down(math, pay));
    }
    if (amount == 0 || pay == 0) return refuse(Error::amount_zero);
    move_cash(desk, e.account, e.liquidator, e.asset, with_sign(math, amount, false));
    move_cash(desk, e.liquidator, e.account, e.debt, with_sign(math, pay, false));
    const auto after = assess_and_note(desk, e.account);
    if (!after) return refuse(after.error());
    if (after->closing < 0) return refuse(Error::equity_negative);
    desk.emit(
        Effect{CashMoved{.account = e.account, .asset = e.asset, .amount = {amount}, .in = false}});
    desk.emit(
        Effect{CashMoved{.account = e.account, .asset = e.debt, .amount = {pay}, .in = true}});
    return may_open(desk, e.liquidator);
}

Status take_over(VenueDesk& desk, const TakeOver& e) {
    const Settings& set = settings(desk);
    const Market& m = desk.stored();
    if (e.account == set.vault || e.account == set.fund) return refuse(Error::self_liquidation);
    const auto before = in_liquidation(desk, e.account);
    if (!before) return refuse(before.error());
    if (compare_products(before->standing.equity, ppm_one, before->standing.requirement,
                         set.take_over) >= 0)
        return refuse(Error::health_factor_not_below_one);
    for (std::uint32_t k = 0; k < set.slots; ++k) {
        const std::uint32_t slot = m.first_slot(e.account) + k;
        const Position p = desk.read<&Market::positions>(slot);
        if (p.lots == 0) continue;
        const Contract& c = change_contract(desk, p.contract);
        if (c.phase == Phase::expired) {
            settle_position(desk, e.account, slot);
            continue;
        }
        if (const Status may = may_be_liquidated(desk, p.contract); !may) return may;
        const int128 worth = c.worth();
        if (const Status f = fill(desk, e.account, p.contract, -p.lots, worth); !f) return f;
        if (const Status f = fill(desk, set.vault, p.contract, p.lots, worth); !f) return f;
        desk.emit(Effect{PositionTaken{.account = e.account,
                                       .taker = set.vault,
                                       .contract = p.contract,
                                       .lots = p.lots,
                                       .value = c.mark_value,
                                       .discount = {},
                                       .fee = {}}});
    }
    for (const std::uint8_t k : each_number<std::uint8_t>(m.assets()))
        if (m.has(AssetId{k}))
            move_cash(desk, e.account, set.vault, AssetId{k},
                      grown_balance(desk, e.account, AssetId{k}).cash);
    note_standing(desk, e.account, {});
#if !BREAKWATER_MUTANT_VENUE_021
    if (const Status stands = may_open(desk, set.vault); !stands) return stands;
#endif
    return {};
}

}  // namespace breakwater::venue
