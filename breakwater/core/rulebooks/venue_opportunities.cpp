// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/rulebooks/venue_opportunities.hpp"

#include <algorithm>

#include "breakwater/core/math_signed.hpp"

namespace breakwater::venue {
namespace {

bool is_marked(const View& view, ContractId contract) {
    const Contract& c = view.contract(contract);
    return c.phase == Phase::live && c.marked_at != 0 &&
           seconds(view.now()) <= c.marked_at + view.settings().mark_age_max;
}

void add_positions(const View& view, AccountId account, const Assessment& found,
                   std::vector<Opportunity>& out) {
    for (std::uint32_t s = 0; s < view.settings().slots; ++s) {
        const Position& p = view.position(account, s);
        if (p.lots == 0 || !is_marked(view, p.contract)) continue;
        const std::int64_t held = p.lots < 0 ? -p.lots : p.lots;
        const std::int64_t most = std::min(held, lots_available(view, p.contract));
        if (most == 0) continue;
        out.push_back({.kind = OpportunityKind::liquidate,
                       .account = account,
                       .contract = p.contract,
                       .lots = lots_to_exit(view, account, p.contract, most, found),
                       .discount = discount_now(view, account)});
    }
}

void add_collateral(const View& view, AccountId account, const Assessment& found,
                    std::vector<Opportunity>& out) {
    Checked math;
    const auto cash = [&](std::uint8_t k) {
        return view.read<&Market::balances>(view.market().row(account, AssetId{k})).cash;
    };
    const auto assets = static_cast<std::uint8_t>(view.market().assets());
    for (std::uint8_t asset = 0; asset < assets; ++asset)
        for (std::uint8_t debt = 0; debt < assets; ++debt) {
            if (cash(asset) <= 0 || cash(debt) >= 0) continue;
            const auto price = collateral_price(view, account, AssetId{asset}, AssetId{debt});
            if (!price) continue;
            const uint128 enough = amount_to_exit(math, view, AssetId{asset}, *price, found);
            out.push_back({.kind = OpportunityKind::buy_collateral,
                           .account = account,
                           .asset = AssetId{asset},
                           .debt = AssetId{debt},
                           .amount = {std::min(magnitude(cash(asset)), enough)},
                           .discount = ppm_one - price->kept});
        }
}

}  // namespace

Result<Solvency> solvency(const View& view, AccountId account) {
    const auto opening = assess(view, account, Purpose::opening);
    if (!opening) return std::unexpected(opening.error());
    const auto liquidation = assess(view, account, Purpose::liquidation);
    if (!liquidation) return std::unexpected(liquidation.error());
    return Solvency{.opening = opening->standing,
                    .liquidation = liquidation->standing,
                    .equity = liquidation->closing};
}

Status opportunities(const View& view, AccountId account, std::vector<Opportunity>& out) {
    out.clear();
    if (account == view.settings().fund) return {};
    const auto found = assess(view, account, Purpose::liquidation);
    if (!found) return std::unexpected(found.error());
    if (found->closing < 0) {
        out.push_back({.kind = OpportunityKind::resolve, .account = account});
        return {};
    }
    const Account& a = view.read<&Market::accounts>(breakwater::index(account));
    const Standing& s = found->standing;
    if (s.holds() && (a.in_liquidation == 0 || found->is_above_exit())) return {};
    add_positions(view, account, *found, out);
    add_collateral(view, account, *found, out);
    const bool deep =
        compare_products(s.equity, ppm_one, s.requirement, view.settings().take_over) < 0;
    if (deep && account != view.settings().vault)
        out.push_back({.kind = OpportunityKind::take_over, .account = account});
    return {};
}

}  // namespace breakwater::venue
