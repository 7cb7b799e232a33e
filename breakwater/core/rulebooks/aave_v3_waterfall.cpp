// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>

#include "breakwater/core/rulebooks/aave_v3.hpp"
#include "breakwater/core/rulebooks/aave_v3_reserves.hpp"

/// The deficit of a reserve and the layers that pay for it.
namespace breakwater::aave_v3 {
namespace {

/// Whose supply a layer of shares burns.
AccountId supplier_of(const Draft& draft, const Layer& layer) {
    return layer.kind == LayerKind::reserves ? draft.market().treasury
                                             : AccountId{static_cast<std::uint32_t>(layer.account)};
}

/// What a layer can pay now. Shares of somebody who owes are collateral of others' money: they pay
/// nothing.
Amount available_from(Draft& draft, const Reserve& r, const Layer& stored, AssetId asset) {
    if (stored.asset != index(asset) || stored.kind == LayerKind::deficit) return {};
    const Layer layer = stored.at(draft.now());
    if (is_from_outside(layer.kind)) return layer.left();
    const AccountId supplier = supplier_of(draft, layer);
    if (!draft.market().has(supplier) || !draft.has_room_for(supplier)) return {};
    AccountDraft& account = draft.account(supplier);
    const Leg* leg = account.find(asset);
    if (leg == nullptr || account.is_borrowing_any()) return {};
    const Amount balance = shares_worth(draft.math, r, leg->supplied());
    return layer.cover.is_zero() ? balance : std::min(balance, layer.left());
}

void burn_supply(Draft& draft, Reserve& r, AccountId supplier, AssetId asset, Amount amount) {
    Leg& leg = draft.account(supplier).leg(asset);
    const Scaled burned = std::min(shares_burned(draft.math, r, amount), leg.supplied());
    leg.set_supplied(leg.supplied() - burned);
    if (leg.supplied().is_zero()) leg.set_collateral(false);
    r.supplied.raw = draft.math.sub(r.supplied.raw, burned.raw);
}

}  // namespace

Result<Amount> cover(Draft& draft, AssetId asset, Amount loss) {
    Reserve& r = draft.change_reserve(asset);
    const std::vector<Layer>& layers = draft.state().layers;
    std::vector<Amount> available;
    available.reserve(layers.size());
    std::vector<AccountId> suppliers;
    for (std::uint32_t k = 0; k < layers.size(); ++k) {
        Amount most = available_from(draft, r, draft.layer(k), asset);
        // One supply cannot pay twice for one loss: the first layer on it has its turn.
        if (!most.is_zero() && !is_from_outside(layers[k].kind)) {
            const AccountId supplier = supplier_of(draft, layers[k]);
            if (std::ranges::count(suppliers, supplier) != 0) most = {};
            suppliers.push_back(supplier);
        }
        available.push_back(most);
    }
    const Allocation allocation = allocate(layers, available, asset, loss);
    Amount covered;
    Amount received;
    for (const Payment& payment : allocation.payments) {
        Layer& layer = draft.layer(payment.layer);
        layer = layer.at(draft.now());
        layer.paid.raw = draft.math.add(layer.paid.raw, payment.amount.raw);
        const bool from_outside = is_from_outside(layer.kind);
        if (from_outside)
            received += payment.amount;
        else
            burn_supply(draft, r, supplier_of(draft, layer), asset, payment.amount);
        covered += payment.amount;
        draft.emit(LossCovered{.layer = payment.layer,
                               .asset = asset,
                               .amount = payment.amount,
                               .is_burned = !from_outside});
    }
    if (covered.is_zero()) return covered;
#if !BREAKWATER_MUTANT_WATERFALL_003
    r.deficit.raw = draft.math.sub(r.deficit.raw, covered.raw);
#endif
    draft.receive(asset, received);
    if (const Status s = update_rates(draft, asset, received, {}); !s)
        return std::unexpected(s.error());
    return covered;
}

Status cover_deficit(Draft& draft, GrownIndices& grown, const CoverDeficit& event) {
    if (draft.reserve(event.asset).deficit.is_zero()) return std::unexpected(Error::deficit_none);
    const Amount deficit = accrue(draft, grown, event.asset).deficit;
    const auto covered = cover(draft, event.asset, deficit);
    if (!covered) return std::unexpected(covered.error());
    return covered->is_zero() ? std::unexpected(Error::layer_exhausted) : Status{};
}

Amount impaired(Checked& math, const Reserve& r, Amount amount) {
    const uint128 claims = math.ray_mul_down(math.add(r.supplied.raw, r.accrued_to_treasury.raw),
                                             r.liquidity_index.raw);
    if (r.deficit.is_zero() || claims == 0) return amount;
    const uint128 backed = r.deficit.raw < claims ? claims - r.deficit.raw : 0;
    return {math.mul_div_down(amount.raw, backed, claims)};
}

}  // namespace breakwater::aave_v3
