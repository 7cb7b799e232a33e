// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/rulebooks/venue_parameters.hpp"

#include <algorithm>

#include "breakwater/core/margin/tiers.hpp"
#include "breakwater/core/math_signed.hpp"
#include "breakwater/core/rulebooks/venue.hpp"
#include "breakwater/core/rulebooks/venue_ledger.hpp"
#include "breakwater/core/rulebooks/venue_margin.hpp"

namespace breakwater::venue {
namespace {

std::size_t tiers_of(const MarginTerms& m) {
    std::size_t n = 0;
    while (n < tiers_max && m.tiers[n].maintenance != 0)
        ++n;
    return n;
}

/// Source: MARGIN-010.
bool is_valid(const MarginTerms& m) {
    const std::size_t n = tiers_of(m);
    std::array<TierBound, tiers_max> initial;
    std::array<TierBound, tiers_max> maintenance;
    for (std::size_t k = 0; k < n; ++k) {
        const Tier& t = m.tiers[k];
        if (t.initial < t.maintenance) return false;
        initial[k] = {.lower = t.lower, .rate = t.initial};
        maintenance[k] = {.lower = t.lower, .rate = t.maintenance};
    }
    const bool grows = m.open_interest_upper == 0 || m.open_interest_upper > m.open_interest_lower;
    return grows && m.size_slope <= ppm_one && m.impact <= ppm_one &&
           MarginTiers::of(std::span(initial).first(n)).has_value() &&
           MarginTiers::of(std::span(maintenance).first(n)).has_value();
}

bool is_valid(const VenueDesk& desk, const RiskArray& a, const RiskArray& before,
              std::int64_t top) {
    const auto fits = [top](std::int64_t v) { return v >= -top && v <= top; };
    return a.grid == settings(desk).grid && a.grid != 0 && a.count > 0 && a.count <= grid_max &&
           a.version > before.version && a.expires > seconds(desk.now()) &&
           std::ranges::all_of(a.values, fits) && fits(a.delta) && fits(a.short_minimum) &&
           a.short_minimum >= 0 && a.roll <= ppm_one &&
           std::ranges::all_of(std::span(a.values).subspan(a.count),
                               [](std::int64_t v) { return v == 0; });
}

}  // namespace

void set_deductions(MarginTerms& m) {
    const std::size_t n = tiers_of(m);
    m.tiers[0].initial_deduction = m.tiers[0].maintenance_deduction = 0;
    for (std::size_t k = 1; k < n; ++k) {
        const Tier& before = m.tiers[k - 1];
        Tier& t = m.tiers[k];
        t.initial_deduction = before.initial_deduction + t.lower * (t.initial - before.initial);
        t.maintenance_deduction =
            before.maintenance_deduction + t.lower * (t.maintenance - before.maintenance);
    }
    for (std::size_t k = n; k < tiers_max; ++k)
        m.tiers[k] = {};
}

bool is_no_stricter(const MarginTerms& m, const MarginTerms& before) {
    const auto needs = [](const MarginTerms& of, uint128 notional) {
        return tier_requirement(of, notional, Purpose::liquidation);
    };
    // Both are linear between their bounds: it is enough to look there, and at the last slope.
    for (const MarginTerms* of : {&m, &before})
        for (std::size_t k = 0; k < tiers_of(*of); ++k)
            if (needs(m, of->tiers[k].lower) > needs(before, of->tiers[k].lower)) return false;
    const std::size_t last = tiers_of(m);
    const std::size_t last_before = tiers_of(before);
    if (last == 0 || last_before == 0) return last_before == 0;
    if (m.tiers[last - 1].maintenance > before.tiers[last_before - 1].maintenance) return false;
    if (m.size_unit != 0 && (m.size_unit != before.size_unit || m.size_slope > before.size_slope))
        return false;
    if (m.impact != 0 &&
        (before.impact == 0 || m.impact > before.impact || m.absorbed < before.absorbed))
        return false;
    return m.stale_add_on <= before.stale_add_on;
}

Status publish_margin(VenueDesk& desk, const PublishMargin& e) {
    if (!is_valid(e.margin)) return refuse(Error::parameters_invalid);
    const std::uint64_t now = seconds(desk.now());
    const MarginTerms in_force = margin_in_force(View(desk), e.contract).maintenance;
    MarginTerms next = e.margin;
    set_deductions(next);
    next.version = desk.read<&Market::announced>(index(e.contract)).version + 1;
#if !BREAKWATER_MUTANT_VENUE_014
    if (next.effective < now + settings(desk).notice && !is_no_stricter(next, in_force))
        return refuse(Error::notice_too_short);
#endif
    desk.change<&Market::margins>(index(e.contract)) = in_force;
    desk.change<&Market::announced>(index(e.contract)) = next;
    return {};
}

Status publish_risk_array(VenueDesk& desk, const PublishRiskArray& e) {
    RiskArray& a = desk.change<&Market::arrays>(index(e.contract));
    if (terms(desk, e.contract).by_arrays == 0 || !is_valid(desk, e.array, a, loss_max))
        return refuse(Error::parameters_invalid);
    a = e.array;
    return {};
}

Status publish_collateral_moves(VenueDesk& desk, const PublishCollateralMoves& e) {
    RiskArray& a = desk.change<&Market::arrays>(desk.stored().array_row(e.asset));
    if (!is_valid(desk, e.array, a, ppm_one)) return refuse(Error::parameters_invalid);
    a = e.array;
    return {};
}

Status check_parameters(const Market& m) {
    const auto invalid = [] { return refuse(Error::parameters_invalid); };
    if (m.settings.size() != 1 || m.gate.size() != 1) return invalid();
    const Settings& s = m.set();
    const std::size_t contracts = m.terms.size();
    if (m.collaterals.empty() || m.collaterals.size() > assets_max) return invalid();
    if (s.slots == 0 || s.slots > 1'024 || !m.has(s.fund) || !m.has(s.vault)) return invalid();
    if (s.fund == s.vault || s.participation > ppm_one || s.take_over > ppm_one) return invalid();
    if (s.discount > s.discount_max || s.discount_max > ppm_one) return invalid();
    if (m.contracts.size() != contracts || m.margins.size() != contracts ||
        m.announced.size() != contracts)
        return invalid();
    for (const Collateral& c : m.collaterals) {
        if (c.haircut > ppm_one || c.profit_weight > ppm_one || c.decimals > 18) return invalid();
        if (!c.borrow_index.is_zero() && c.borrow_index.raw < ray) return invalid();
    }
    for (std::size_t k = 0; k < contracts; ++k) {
        const Terms& t = m.terms[k];
        if (!m.has(t.settlement) || t.unit <= 0 || t.block_lots <= 0 || t.grain_bits > 32 ||
            t.tier >= s.tiers)
            return invalid();
        if (t.is_option() && (t.strike <= 0 || t.payoff_unit <= 0 || t.by_arrays == 0))
            return invalid();
        if ((t.form == Form::perpetual) != (t.expiry == 0)) return invalid();
        if (t.by_arrays == 0 && !is_valid(m.announced[k])) return invalid();
    }
    return {};
}

}  // namespace breakwater::venue
