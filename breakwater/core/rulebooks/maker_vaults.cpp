// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/rulebooks/maker_ledger.hpp"

namespace breakwater::maker {
namespace {

/// [wad] from the asset's own unit; the vat counts every collateral with 18 decimals.
Amount to_wad(Checked& math, Amount atoms, const IlkParameters& p) {
    return {math.mul(atoms.raw, power_of_ten(18U - p.decimals))};
}

/// a + in − out.
uint128 changed(Checked& math, uint128 a, uint128 in, uint128 out) {
    return math.sub(math.add(a, in), out);
}

bool covers(uint128 have, uint128 in, uint128 out) {
    return out <= in || out - in <= have;
}

}  // namespace

Status join(MakerDesk& desk, const Join& event) {
    const IlkParameters& p = parameters(desk, event.ilk);
    Vault& vault = change_vault(desk, event.account, event.ilk);
    vault.free.raw = desk.math.add(vault.free.raw, to_wad(desk.math, event.amount, p).raw);
    desk.receive(p.asset, event.amount);
    desk.emit(Moved{Moved::Kind::supplied, event.account, p.asset, event.amount});
    return {};
}

Status exit(MakerDesk& desk, const Exit& event) {
    const IlkParameters& p = parameters(desk, event.ilk);
    const Amount amount = to_wad(desk.math, event.amount, p);
    Vault& vault = change_vault(desk, event.account, event.ilk);
    if (vault.free < amount) return refuse(Error::balance_insufficient);
#if BREAKWATER_MUTANT_MAKER_024
    if (p.decimals != 18) vault.free += amount;
#endif
    vault.free -= amount;
    desk.pay(p.asset, event.amount);
    desk.emit(Moved{Moved::Kind::withdrawn, event.account, p.asset, event.amount});
    return {};
}

Status move(MakerDesk& desk, const Move& event) {
    Account& from = change_account(desk, event.from);
    if (from.dai < event.amount) return refuse(Error::balance_insufficient);
    from.dai = sub_wide(desk.math, from.dai, event.amount);
    Account& to = change_account(desk, event.to);
    to.dai = desk.math.add_wide(to.dai, event.amount);
    return {};
}

Status adjust(MakerDesk& desk, const Adjust& event) {
    Checked& math = desk.math;
    const IlkParameters& p = parameters(desk, event.ilk);
    Ilk& ilk = change_ilk(desk, event.ilk);
    System& all = system(desk);
    Vault& vault = change_vault(desk, event.account, event.ilk);
    Account& account = change_account(desk, event.account);
    if (ilk.rate.is_zero()) return refuse(Error::ilk_not_open);
    if (!covers(vault.locked.raw, event.lock.raw, event.free.raw) ||
        !covers(vault.debt.raw, event.draw.raw, event.wipe.raw))
        return refuse(Error::balance_insufficient);

    vault.locked.raw = changed(math, vault.locked.raw, event.lock.raw, event.free.raw);
    vault.debt.raw = changed(math, vault.debt.raw, event.draw.raw, event.wipe.raw);
#if BREAKWATER_MUTANT_MAKER_021
    ilk.debt.raw = changed(math, ilk.debt.raw, event.draw.raw, 0);
#else
    ilk.debt.raw = changed(math, ilk.debt.raw, event.draw.raw, event.wipe.raw);
#endif
    const Rad drawn = mul_wide(event.draw.raw, ilk.rate.raw);
    const Rad wiped = mul_wide(event.wipe.raw, ilk.rate.raw);
    all.debt = sub_wide(math, math.add_wide(all.debt, drawn), wiped);

    const bool owes_more = event.draw > event.wipe;
    const bool has_less = event.free > event.lock;
    const Rad tab = mul_wide(vault.debt.raw, ilk.rate.raw);
    if (owes_more &&
        (mul_wide(ilk.debt.raw, ilk.rate.raw) > p.line || all.debt > system_parameters(desk).line))
        return refuse(Error::borrow_cap_exceeded);
#if !BREAKWATER_MUTANT_MAKER_003
    if ((owes_more || has_less) && tab > mul_wide(vault.locked.raw, ilk.spot.raw))
        return refuse(Error::collateral_insufficient);
#endif
    if (!vault.debt.is_zero() && tab < p.dust) return refuse(Error::debt_below_minimum);
    if (!covers(vault.free.raw, event.free.raw, event.lock.raw))
        return refuse(Error::balance_insufficient);
    vault.free.raw = changed(math, vault.free.raw, event.free.raw, event.lock.raw);
    account.dai = math.add_wide(account.dai, drawn);
    if (account.dai < wiped) return refuse(Error::balance_insufficient);
    account.dai = sub_wide(math, account.dai, wiped);
    return {};
}

Status poke(MakerDesk& desk, const Poke& event) {
    const Ray feed = feed_price_down(desk.math, event.price, system_parameters(desk).par);
    Ilk& ilk = change_ilk(desk, event.ilk);
    ilk.price = event.price;
    ilk.spot.raw =
        desk.math.ray_div_down(feed.raw, parameters(desk, event.ilk).liquidation_ratio.raw);
    return {};
}

Status drip(MakerDesk& desk, const Drip& event) {
    Checked& math = desk.math;
    Ilk& ilk = change_ilk(desk, event.ilk);
    Account& vow = change_account(desk, desk.stored().vow());
    System& all = system(desk);
    const std::uint64_t now = seconds(desk.now());
    if (now < ilk.rho) return refuse(Error::time_before_state);
    const Ray growth{
        math.add(system_parameters(desk).base.raw, parameters(desk, event.ilk).duty.raw)};
    const Ray rate{math.ray_mul_down(power_half_up(math, growth, now - ilk.rho).raw, ilk.rate.raw)};
    if (rate >= ilk.rate) {
        const Rad fees = mul_wide(ilk.debt.raw, (rate - ilk.rate).raw);
        vow.dai = math.add_wide(vow.dai, fees);
        all.debt = math.add_wide(all.debt, fees);
    } else {
        const Rad given_back = mul_wide(ilk.debt.raw, (ilk.rate - rate).raw);
        if (vow.dai < given_back) return refuse(Error::surplus_insufficient);
        vow.dai = sub_wide(math, vow.dai, given_back);
        all.debt = sub_wide(math, all.debt, given_back);
    }
    ilk.rate = rate;
    ilk.rho = now;
    return {};
}

Status check_parameters(const IlkParameters& p) {
    if (p.chop.raw < wad || p.liquidation_ratio.is_zero()) return refuse(Error::parameters_invalid);
    if (p.decimals > 18) return refuse(Error::parameters_invalid);
    if (p.curve == Curve::stairstep && p.step == 0) return refuse(Error::parameters_invalid);
    if (p.curve != Curve::linear && p.cut.raw > ray) return refuse(Error::parameters_invalid);
    return {};
}

Status set_ilk(MakerDesk& desk, const SetIlk& event) {
    if (const Status valid = check_parameters(event.parameters); !valid) return valid;
    const IlkParameters& before = parameters(desk, event.ilk);
    if (before.asset != event.parameters.asset || before.decimals != event.parameters.decimals)
        return refuse(Error::parameters_invalid);  // what is locked would change its meaning
    if (const Status grown = drip(desk, Drip{event.ilk}); !grown) return grown;
    desk.change<&Market::parameters>(index(event.ilk)) = event.parameters;
    return {};
}

Status update_chost(MakerDesk& desk, const UpdateChost& event) {
    const IlkParameters& p = parameters(desk, event.ilk);
    change_ilk(desk, event.ilk).chost = mul_div_down(desk.math, p.dust, p.chop.raw, wad);
    return {};
}

}  // namespace breakwater::maker
