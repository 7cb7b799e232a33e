// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/rulebooks/breakwater_liquidation.hpp"

#include <algorithm>

#include "breakwater/core/require.hpp"
#include "breakwater/core/rulebooks/aave_v3_reserves.hpp"

namespace breakwater::house {
namespace {

using aave_v3::AccountData;
using aave_v3::GrownIndices;
using aave_v3::Leg;
using aave_v3::LiquidationInputs;
using aave_v3::LiquidationSize;
using aave_v3::Pricing;
using aave_v3::Thresholds;
using aave_v3::View;

const Leg* leg_of(std::span<const Leg> legs, AssetId asset) {
    const auto found = std::ranges::find(legs, asset, &Leg::asset);
    return found == legs.end() ? nullptr : &*found;
}

/// What a pair is made of, and the rules for it. Only of a market of this rulebook.
struct PairOf {
    const Leg& collateral;
    const Leg& debt;
    const AccountData& data;
    Thresholds thresholds;
    std::uint32_t least = 0;  ///< [bps] the least bonus of the account
    const Rules& rules;
};

/// One pair of collateral and debt of one account: how repayments, shares and values go together.
class Pair {
  public:
    Pair(Checked& math, const View& view, const PairOf& of)
        : math_(math),
          data_(of.data),
          rules_(of.rules),
          threshold_(of.thresholds.liquidation_threshold),
          shares_(of.debt.borrowed()),
          debt_index_(view.grown.debt(math, of.debt.asset(), view.reserve(of.debt.asset()), view.now)) {
        const Leg& collateral = of.collateral;
        const Leg& debt = of.debt;
        const auto& pc = view.market.parameters[index(collateral.asset())];
        const auto& pd = view.market.parameters[index(debt.asset())];
        in_ = {.collateral_balance = supply_balance(math, view, collateral),
               .debt_balance = debt_balance(math, view, debt),
               .collateral_price = view.price(collateral.asset()),
               .debt_price = view.price(debt.asset()),
               .collateral_decimals = pc.decimals,
               .debt_decimals = pd.decimals,
               .bonus = of.thresholds.liquidation_bonus,
               .protocol_fee = pc.liquidation_protocol_fee};
        const Ray income =
            view.grown.income(math, collateral.asset(), view.reserve(collateral.asset()), view.now);
        rounding_ = 2 * (income.raw / ray + 1) + 1;
        least_ = wad + ratio_of(of.least);
        grossed_ = grossed_bonus(math, rules_, data_, of.thresholds, of.least);
    }

    /// BREAKWATER-003 and BREAKWATER-006.
    Result<Plan> size(Value depth, Size most) {
        const uint128 wanted = wanted_of(most);
        LiquidationSize out = part(std::min(wanted, repaid_for(value_wanted(depth))));
#if !BREAKWATER_MUTANT_BREAKWATER_006
        if (leaves_dust(out) || out.seized >= in_.collateral_balance) {
            const LiquidationSize all = whole();
            if (all.repaid.raw <= wanted) {
                out = all;
            } else if (leaves_dust(out)) {
                out = part(std::min(out.repaid.raw, repaid_for(value_without_dust())));
                if (leaves_dust(out) || out.repaid.is_zero())
                    return std::unexpected(Error::dust_left);
            }
        }
#endif
        if (out.repaid.is_zero() || out.seized.is_zero())
            return std::unexpected(Error::amount_zero);
        // The protocol's part is of what is above the least bonus: a capped one belongs to the
        // keeper.
        if (grossed_.raw > least_) {
            const uint128 above =
                out.seized.raw - math_.mul_div_up(out.seized.raw, least_, grossed_.raw);
            out.fee.raw = math_.percent_mul_down(above, in_.protocol_fee);
            out.seized -= out.fee;
        }
        return Plan{.size = out, .written_off = {}};
    }

    /// BREAKWATER-007: of an exhausted account, collateral at the least bonus, and with it so much
    /// of this debt that loan-to-value stays.
    Result<Plan> close(Value depth, Size most) {
        const uint128 debt_whole = debt_value(in_.debt_balance.raw);
        const uint128 collateral_whole = collateral_value(in_.collateral_balance.raw);
        const bool debt_suffices =
            math_.mul_div_up(data_.debt.raw, collateral_whole, data_.collateral.raw) <= debt_whole;
        const uint128 share = math_.mul_div_down(data_.collateral.raw, debt_whole, data_.debt.raw);
        const uint128 whole = debt_suffices
                                  ? in_.collateral_balance.raw
                                  : std::min(in_.collateral_balance.raw,
                                             less(collateral_for(less(share, 1)), rounding_));
        const auto closing = [&](uint128 taken) {
            return closed(taken, taken == whole && !debt_suffices);
        };
        uint128 taken = whole;
        if (!depth.is_zero()) taken = std::min(taken, collateral_for(depth.raw));
        const uint128 offered =
            math_.mul_div_unit_down(wanted_of(most), in_.debt_price.raw, in_.debt_decimals);
        const uint128 most_taken =
            collateral_for(math_.mul_div_down(less(offered, 2), least_, wad));
        taken = std::min(taken, most_taken);
#if !BREAKWATER_MUTANT_BREAKWATER_006
        // Either leg is closed whole, or enough of both is left.
        if (taken < whole && leaves_dust(closing(taken))) {
            if (whole <= most_taken) {
                taken = whole;
            } else {
                const uint128 keep = rules_.leftover_min.raw + 1;
                const uint128 of_debt = math_.mul_div_down(data_.collateral.raw,
                                                           less(debt_whole, keep), data_.debt.raw);
                const uint128 of_collateral = less(collateral_whole, keep);
                taken = std::min(taken,
                                 less(collateral_for(std::min(of_debt, of_collateral)), rounding_));
                if (leaves_dust(closing(taken))) return std::unexpected(Error::dust_left);
            }
        }
#endif
        const Plan out = closing(taken);
        if (out.size.repaid.is_zero() || taken == 0) return std::unexpected(Error::amount_zero);
        return out;
    }

  private:
    [[nodiscard]] uint128 debt_value(uint128 atoms) {
        return math_.mul_div_unit_up(atoms, in_.debt_price.raw, in_.debt_decimals);
    }
    [[nodiscard]] uint128 collateral_value(uint128 atoms) {
        return math_.mul_div_unit_down(atoms, in_.collateral_price.raw, in_.collateral_decimals);
    }
    [[nodiscard]] uint128 repaid_for(uint128 value) {
        if (value >= debt_value(in_.debt_balance.raw)) return in_.debt_balance.raw;
        return math_.mul_div_down(value, power_of_ten(in_.debt_decimals), in_.debt_price.raw);
    }
    [[nodiscard]] uint128 collateral_for(uint128 value) {
        return math_.mul_div_down(value, power_of_ten(in_.collateral_decimals),
                                  in_.collateral_price.raw);
    }

    [[nodiscard]] uint128 wanted_of(Size most) const {
        return most.is_all() ? in_.debt_balance.raw
                             : std::min(most.amount.raw, in_.debt_balance.raw);
    }
    /// [1e-8 USD] to repay: to the target, as far as the depth goes.
    [[nodiscard]] uint128 value_wanted(Value depth) {
        const Value rounding{math_.mul_div_unit_up(rounding_ + 1, in_.collateral_price.raw,
                                                   in_.collateral_decimals) +
                             4};
        uint128 value = repay_to_target(math_, rules_, data_, grossed_, threshold_, rounding).raw;
        if (!depth.is_zero())
            value = std::min(value, math_.mul_div_down(depth.raw, wad, grossed_.raw));
        return value;
    }
    /// [1e-8 USD] the largest repayment that leaves enough of both legs.
    [[nodiscard]] uint128 value_without_dust() {
        const uint128 keep = rules_.leftover_min.raw + 1;
        const uint128 of_debt = less(debt_value(in_.debt_balance.raw), keep);
        const uint128 of_collateral = less(collateral_value(in_.collateral_balance.raw), keep);
        return std::min(of_debt, math_.mul_div_down(of_collateral, wad, grossed_.raw));
    }

    /// [1e-8 USD] what the account's debt falls by: the shares that a repayment burns are rounded
    /// down.
    [[nodiscard]] uint128 debt_relief(uint128 repaid) {
        const uint128 burned = std::min(shares_.raw, math_.ray_div_down(repaid, debt_index_.raw));
        const uint128 before = math_.ray_mul_up(shares_.raw, debt_index_.raw);
        const uint128 after = math_.ray_mul_up(shares_.raw - burned, debt_index_.raw);
        return debt_value(before) - debt_value(after);
    }
    /// [atomic] with the bonus alone, then so little that neither LTV nor health is worse: rounding
    /// of shares and values included. Source: BREAKWATER-005.
    [[nodiscard]] uint128 by_bonus(uint128 repaid) {
        const uint128 value =
            math_.mul_div_unit_down(repaid, in_.debt_price.raw, in_.debt_decimals);
        return collateral_for(math_.mul_div_down(value, grossed_.raw, wad));
    }
    [[nodiscard]] LiquidationSize part(uint128 repaid) {
        const uint128 relief = debt_relief(repaid);
        const uint128 for_ltv = math_.mul_div_down(data_.collateral.raw, relief, data_.debt.raw);
        const uint128 for_health =
            math_.mul_div_down(data_.threshold_sum, relief, math_.mul(data_.debt.raw, threshold_));
        const uint128 allowed = less(std::min(for_ltv, for_health), 1);
        const uint128 most = less(collateral_for(allowed), rounding_);
#if BREAKWATER_MUTANT_BREAKWATER_005
        return {.repaid = {repaid},
                .seized = {std::min(by_bonus(repaid), in_.collateral_balance.raw)},
                .fee = {}};
#endif
        return {.repaid = {repaid},
                .seized = {std::min({by_bonus(repaid), most, in_.collateral_balance.raw})},
                .fee = {}};
    }
    /// The whole debt, or where the collateral does not suffice for that, the whole collateral.
    [[nodiscard]] LiquidationSize whole() {
        const uint128 debt = in_.debt_balance.raw;
        if (by_bonus(debt) < in_.collateral_balance.raw) return part(debt);
        const uint128 value = math_.add(
            math_.mul_div_up(collateral_value(in_.collateral_balance.raw), wad, grossed_.raw), 2);
        const uint128 repaid =
            math_.add(math_.mul_div_up(value, power_of_ten(in_.debt_decimals), in_.debt_price.raw),
                      debt_index_.raw / ray + 2);
        if (repaid >= debt) return part(debt);
        return {.repaid = {repaid}, .seized = in_.collateral_balance, .fee = {}};
    }
    /// What is repaid for `taken` at the least bonus, and the shares that are written off with it;
    /// where the whole debt goes, what rounding would leave goes too.
    [[nodiscard]] Plan closed(uint128 taken, bool is_whole_debt) {
        const uint128 value =
            math_.mul_div_unit_up(taken, in_.collateral_price.raw, in_.collateral_decimals);
        const bool is_whole = taken == in_.collateral_balance.raw;
        const uint128 drop =
            is_whole ? collateral_value(taken)
                     : math_.add(math_.mul_div_unit_up(taken + rounding_, in_.collateral_price.raw,
                                                       in_.collateral_decimals),
                                 1);
        const uint128 unit = power_of_ten(in_.debt_decimals);
        const uint128 repaid = std::min(
            in_.debt_balance.raw,
            math_.mul_div_up(math_.mul_div_up(value, wad, least_), unit, in_.debt_price.raw));
        // D·drop/C must go of the debt, the repayment included.
        const uint128 relief =
            math_.add(math_.mul_div_up(data_.debt.raw, drop, data_.collateral.raw), 1);
        const uint128 atoms = math_.add(math_.mul_div_up(relief, unit, in_.debt_price.raw), 1);
        const uint128 needed = math_.add(math_.ray_div_up(atoms, debt_index_.raw), 1);
        const uint128 burned = is_whole_debt ? shares_.raw : std::min(shares_.raw, needed);
        Plan out;
        out.written_off = {less(burned, math_.ray_div_down(repaid, debt_index_.raw))};
        const uint128 left = math_.ray_mul_up(shares_.raw - out.written_off.raw, debt_index_.raw);
        out.size = {.repaid = {std::min(repaid, left)}, .seized = {taken}, .fee = {}};
        return out;
    }
    [[nodiscard]] bool leaves_dust(const Plan& plan) {
        LiquidationSize gone = plan.size;
        gone.repaid.raw =
            math_.add(gone.repaid.raw, math_.ray_mul_down(plan.written_off.raw, debt_index_.raw));
        return leaves_dust(gone);
    }
    [[nodiscard]] bool leaves_dust(const LiquidationSize& size) {
        if (size.repaid >= in_.debt_balance || size.seized >= in_.collateral_balance) return false;
        const uint128 debt_left = debt_value((in_.debt_balance - size.repaid).raw);
        const uint128 collateral_left =
            collateral_value((in_.collateral_balance - size.seized).raw);
        return std::min(debt_left, collateral_left) < rules_.leftover_min.raw;
    }

    Checked& math_;
    const AccountData& data_;
    const Rules& rules_;
    std::uint32_t threshold_;
    Scaled shares_;
    Ray debt_index_;
    LiquidationInputs in_;
    uint128 rounding_ =
        0;  ///< [atomic of the collateral] what burning shares may take beyond what is seized
    uint128 least_ = 0;  ///< [wad] 1 + the least bonus
    Ratio grossed_;
};

/// debt'·collateral > debt·collateral'; of an account that is not exhausted also S'·debt < S·debt'.
bool is_worse(const AccountData& before, const AccountData& after, bool is_exhausted) {
    if (mul_wide(after.debt.raw, before.collateral.raw) >
        mul_wide(before.debt.raw, after.collateral.raw))
        return true;
    return !is_exhausted && mul_wide(after.threshold_sum, before.debt.raw) <
                                mul_wide(before.threshold_sum, after.debt.raw);
}

/// A loss that all suppliers share takes a part of this account's collateral too. Source: WATERFALL-018.
bool shares_a_loss(const Draft& draft, std::span<const Leg> legs) {
    return std::ranges::any_of(draft.effects(), [&](const Effect& effect) {
        const auto* paid = std::get_if<LossCovered>(&effect);
        if (paid == nullptr || paid->liquidity_index.raw == 0) return false;
        const Leg* leg = leg_of(legs, paid->asset);
        return leg != nullptr && leg->is_collateral();
    });
}

/// As told of the liquidation itself, before its loss was shared.
bool raised_ltv(const Draft& draft) {
    return std::ranges::any_of(draft.effects(), [](const Effect& effect) {
        const auto* done = std::get_if<Liquidated>(&effect);
        return done != nullptr && done->ltv_raised;
    });
}

}  // namespace

Result<Plan> plan_liquidation(const View& view, std::span<const Leg> legs, std::uint16_t emode,
                              AssetId collateral, AssetId debt, Size most) {
    const View point = view.at(Pricing::point);
    const auto data = account_data(point, legs, emode);
    if (!data) return std::unexpected(data.error());
    if (!data->is_unhealthy()) return std::unexpected(Error::health_factor_not_below_one);
    const auto best = account_data(view.at(Pricing::best), legs, emode);
    if (!best) return std::unexpected(best.error());
#if !BREAKWATER_MUTANT_BREAKWATER_001
    if (!best->is_unhealthy()) return std::unexpected(Error::liquidation_contested);
#endif
    const Leg* c = leg_of(legs, collateral);
    const Leg* d = leg_of(legs, debt);
    if (c == nullptr || !c->is_collateral()) return std::unexpected(Error::collateral_not_enabled);
    if (d == nullptr || !d->is_borrowing()) return std::unexpected(Error::debt_not_borrowed);
    const Thresholds t = thresholds(view.market, emode, collateral, view.now);
    if (t.liquidation_threshold == 0) return std::unexpected(Error::collateral_not_enabled);
    if (data->collateral.is_zero()) return std::unexpected(Error::amount_zero);
    Checked math;
    const std::uint32_t least = least_bonus(point, legs, emode);
    REQUIRE(view.market.house.has_value());
    const Rules& rules = *view.market.house;
    const auto& depths = rules.depth;
    const Value depth = index(collateral) < depths.size() ? depths[index(collateral)] : Value{};
    Pair pair(math, point,
              {.collateral = *c, .debt = *d, .data = *data, .thresholds = t, .least = least, .rules = rules});
#if BREAKWATER_MUTANT_BREAKWATER_007
    const bool is_exhausted = false;
#else
    const bool is_exhausted = data->debt > repayable(math, data->collateral, least);
#endif
    auto plan = is_exhausted ? pair.close(depth, most) : pair.size(depth, most);
    if (math.overflow()) return std::unexpected(Error::amount_overflow);
    return plan;
}

Status liquidate(Draft& draft, GrownIndices& grown, const Liquidate& event) {
    aave_v3::accrue(draft, grown, event.debt);
    aave_v3::accrue(draft, grown, event.collateral);
    AccountDraft& borrower = draft.account(event.borrower);
    const View view{.state = draft.state(),
                    .market = draft.market(),
                    .grown = grown,
                    .now = draft.now(),
                    .draft = &draft};
    if (const Status allowed = aave_v3::check_liquidation_allowed(draft, event); !allowed)
        return allowed;
    const auto plan = plan_liquidation(view, borrower.legs, borrower.row.emode, event.collateral,
                                       event.debt, event.debt_to_cover);
    if (!plan) return std::unexpected(plan.error());
    const auto data = account_data(view, borrower.legs, borrower.row.emode);
    if (!data) return std::unexpected(data.error());
    if (const Status s =
            aave_v3::write_off(draft, borrower.id, borrower.leg(event.debt), plan->written_off);
        !s)
        return s;
    if (const Status s = aave_v3::carry_out(draft, grown, event, *data, plan->size); !s) return s;
    return aave_v3::cover_losses(draft, grown);
}

std::optional<Violation> check_liquidation(const Draft& draft, GrownIndices& grown,
                                           const Liquidate& event) {
    const View before{
        .state = draft.state(), .market = draft.market(), .grown = grown, .now = draft.now()};
    const auto& row = draft.market().accounts[index(event.borrower)];
    const auto legs = draft.market().legs_of(event.borrower);
    const auto best = account_data(before.at(Pricing::best), legs, row.emode);
    if (!best || !best->is_unhealthy()) return Violation{"BREAKWATER-001", index(event.borrower)};
    View after = before;
    after.draft = &draft;
    for (const AccountDraft& account : draft.touched_accounts()) {
        if (account.id != event.borrower) continue;
        if (shares_a_loss(draft, legs)) {
            if (raised_ltv(draft)) return Violation{"BREAKWATER-005", index(event.borrower)};
            continue;
        }
        const auto was = account_data(before, legs, row.emode);
        const auto is = account_data(after, account.legs, row.emode);
        if (!was || !is) return Violation{"BREAKWATER-005", index(event.borrower)};
        Checked math;
        const Value can_repay =
            repayable(math, was->collateral, least_bonus(before, legs, row.emode));
        if (is_worse(*was, *is, was->debt > can_repay))
            return Violation{"BREAKWATER-005", index(event.borrower)};
    }
    return std::nullopt;
}

}  // namespace breakwater::house
