// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>

#include "breakwater/core/rulebooks/aave_v3.hpp"
#include "breakwater/core/rulebooks/aave_v3_reserves.hpp"
#include "breakwater/core/rulebooks/aave_v3_umbrella.hpp"

/// The deficit of a reserve and the layers that pay for it.
namespace breakwater::aave_v3 {
namespace {

/// Whose supply a layer of shares burns.
AccountId supplier_of(const Market& market, const Layer& layer) {
    const bool is_treasury =
        layer.kind == LayerKind::reserves || layer.kind == LayerKind::deficit_offset;
    return is_treasury ? market.treasury : AccountId{static_cast<std::uint32_t>(layer.account)};
}

/// Of shares with this balance behind them; but for an offset a cover of 0 is no limit there.
Amount within_cover(const Layer& layer, Amount balance) {
    const bool has_end = layer.kind == LayerKind::deficit_offset || !layer.cover.is_zero();
    return has_end ? std::min(balance, layer.left()) : balance;
}

/// Slashed stake that the treasury holds for what is pending: it pays for nothing else.
Amount less_kept(Amount balance, const Layer& umbrella) {
    if (umbrella.stake != umbrella.asset) return balance;
    return balance - std::min(balance, umbrella.pending);
}

/// What a layer that is no Umbrella can pay now.
Amount available_from(Draft& draft, const Reserve& r, const Layer& stored, AssetId asset) {
    const Layer layer = stored.at(draft.now());
    if (is_from_outside(layer.kind)) return layer.left();
    const AccountId supplier = supplier_of(draft.market(), layer);
    if (!draft.market().has(supplier) || !draft.has_room_for(supplier)) return {};
    const std::vector<Leg>& legs = draft.account(supplier).legs;
    const Amount balance = given_up(draft.math, legs, asset, r.liquidity_index);
    const UmbrellaRows rows = umbrella_of(draft.state(), asset);
    if (supplier != draft.market().treasury || !rows.stake) return within_cover(layer, balance);
    return within_cover(layer, less_kept(balance, draft.layer_now(*rows.stake)));
}

void burn_supply(Draft& draft, Reserve& r, AccountId supplier, AssetId asset, Amount amount) {
    Leg& leg = draft.account(supplier).leg(asset);
    const Scaled burned = std::min(shares_burned(draft.math, r, amount), leg.supplied());
    leg.set_supplied(leg.supplied() - burned);
    if (leg.supplied().is_zero()) leg.set_collateral(false);
    r.supplied.raw = draft.math.sub(r.supplied.raw, burned.raw);
}

/// What each layer can pay of one loss, in their order: an Umbrella's part depends on what those above it leave.
class Means {
 public:
    Means(Draft& draft, GrownIndices& grown, AssetId asset, Amount loss)
        : draft_(draft), grown_(grown), asset_(asset), open_(loss), unpaid_(unpaid_deficit(draft, asset)) {
        const UmbrellaRows rows = umbrella_of(draft.state(), asset);
        if (rows.offset) offset_ = draft.layer_now(*rows.offset).left();
        for (std::uint32_t k = 0; k < draft.state().layers.size(); ++k) add(k);
    }

    [[nodiscard]] const std::vector<Amount>& available() const { return available_; }
    /// Of an Umbrella that pays.
    [[nodiscard]] const SlashSize& slash() const { return slash_; }

 private:
    void add(std::uint32_t row) {
        const Layer& layer = draft_.layer_now(row);
        Amount most;
        if (layer.asset == index(asset_) && !is_closed_) most = means_of(row, layer);
        is_closed_ |= layer.asset == index(asset_) && layer.kind == LayerKind::deficit;
        available_.push_back(most);
        const Amount paid = std::min(most, open_);
        open_ -= paid;
        unpaid_ -= paid;
        if (layer.kind == LayerKind::deficit_offset) offset_ -= std::min(paid, offset_);
    }
    Amount means_of(std::uint32_t row, const Layer& layer) {
        if (layer.kind == LayerKind::deficit) return {};
        if (layer.kind == LayerKind::umbrella) return means_of_umbrella(row);
        const Amount most = available_from(draft_, draft_.reserve(asset_), layer, asset_);
        if (most.is_zero() || is_from_outside(layer.kind)) return most;
        // One supply cannot pay twice for one loss: the first layer on it has its turn.
        const AccountId supplier = supplier_of(draft_.market(), layer);
        if (std::ranges::count(suppliers_, supplier) != 0) return {};
        suppliers_.push_back(supplier);
        return most;
    }
    Amount means_of_umbrella(std::uint32_t row) {
        const AccountId stakers = supplier_of(draft_.market(), draft_.layer_now(row));
        if (std::ranges::count(suppliers_, stakers) != 0 || !slash_.covered.is_zero()) return {};
        const Amount fresh = std::min(open_, new_deficit(draft_.math, unpaid_, offset_, {}));
        if (fresh.is_zero()) return {};
        const auto size = size_slash(draft_, grown_, row, fresh);
        if (!size) return {};
        suppliers_.push_back(stakers);
        slash_ = *size;
        return slash_.covered;
    }

    Draft& draft_;
    GrownIndices& grown_;
    AssetId asset_;
    Amount open_;    ///< what the layers so far leave of the loss
    Amount unpaid_;  ///< what they leave of the whole deficit, less what is pending
    Amount offset_;  ///< what the treasury still bears first
    bool is_closed_ = false;
    SlashSize slash_{};
    std::vector<AccountId> suppliers_;
    std::vector<Amount> available_;
};

}  // namespace

Result<Amount> cover(Draft& draft, GrownIndices& grown, AssetId asset, Amount loss) {
    Reserve& r = draft.change_reserve(asset);
    const Means means(draft, grown, asset, loss);
    const Allocation allocation = allocate(draft.state().layers, means.available(), asset, loss);
    Amount covered;
    Amount received;
    Amount pending;
    for (const Payment& payment : allocation.payments) {
        const LayerKind kind = draft.layer_now(payment.layer).kind;
        AccountId payer = draft.market().treasury;
        if (kind == LayerKind::umbrella) {
            carry_out_slash(draft, grown, payment.layer, means.slash());
            // The treasury has received at least what this burns; stake in another asset, and stake that would become
            // a debtor's, waits until somebody burns supply for it.
            const bool burns = draft.layer_now(payment.layer).stake == index(asset) &&
                               !draft.account(payer).is_borrowing_any();
            if (!burns) {
                pending += payment.amount;
                continue;
            }
            draft.layer(payment.layer).pending -= payment.amount;
        } else {
            Layer& layer = draft.layer(payment.layer);
            layer = layer.at(draft.now());
            layer.paid.raw = draft.math.add(layer.paid.raw, payment.amount.raw);
            payer = supplier_of(draft.market(), layer);
        }
        const bool from_outside = is_from_outside(kind);
        if (from_outside)
            received += payment.amount;
        else
            burn_supply(draft, r, payer, asset, payment.amount);
        covered += payment.amount;
        draft.emit(LossCovered{.layer = payment.layer,
                               .asset = asset,
                               .amount = payment.amount,
                               .is_burned = !from_outside});
    }
    if (covered.is_zero()) return pending;
#if !BREAKWATER_MUTANT_WATERFALL_003
    r.deficit.raw = draft.math.sub(r.deficit.raw, covered.raw);
#endif
    draft.receive(asset, received);
    if (const Status s = update_rates(draft, asset, received, {}); !s)
        return std::unexpected(s.error());
    return covered + pending;
}

Amount unpaid_deficit(const Draft& draft, AssetId asset) {
    const Amount deficit = draft.reserve(asset).deficit;
    const UmbrellaRows rows = umbrella_of(draft.state(), asset);
    return rows.stake ? deficit - draft.layer_now(*rows.stake).pending : deficit;
}

Status cover_deficit(Draft& draft, GrownIndices& grown, const CoverDeficit& event) {
    const Amount unpaid = unpaid_deficit(draft, event.asset);
    if (unpaid.is_zero()) return std::unexpected(Error::deficit_none);
    accrue(draft, grown, event.asset);
    const auto covered = cover(draft, grown, event.asset, unpaid);
    if (!covered) return std::unexpected(covered.error());
    return covered->is_zero() ? std::unexpected(Error::layer_exhausted) : Status{};
}

Amount left_of(Checked& math, const View& view, const Layer& layer) {
    const bool is_umbrella = layer.kind == LayerKind::umbrella;
    const AssetId asset{static_cast<std::uint8_t>(is_umbrella ? layer.stake : layer.asset)};
    const AccountId supplier = supplier_of(view.market, layer);
    if (is_from_outside(layer.kind) || layer.kind == LayerKind::deficit) return layer.left();
    if (!view.market.has(asset) || !view.market.has(supplier)) return {};
    const Ray income = view.grown.income(math, asset, view.reserve(asset), view.now);
    const Amount balance = given_up(math, view.market.legs_of(supplier), asset, income);
    if (!is_umbrella) {
        const UmbrellaRows rows = umbrella_of(view.state, asset);
        const bool keeps = supplier == view.market.treasury && rows.stake;
        return within_cover(layer,
                            keeps ? less_kept(balance, view.state.layers[*rows.stake]) : balance);
    }
    const AssetId covered{static_cast<std::uint8_t>(layer.asset)};
    if (balance <= stake_min || view.price(covered).is_zero()) return {};
    const Amount worth{convert_down(math, balance - stake_min, view.price(asset),
                                    view.market.parameters[index(asset)].decimals,
                                    view.price(covered),
                                    view.market.parameters[index(covered)].decimals)};
    return {math.mul_div_down(worth.raw, bps_one, uint128{bps_one} + layer.fee)};
}

Amount impaired(Checked& math, const Reserve& r, Amount deficit, Amount amount) {
    const uint128 claims = math.ray_mul_down(math.add(r.supplied.raw, r.accrued_to_treasury.raw),
                                             r.liquidity_index.raw);
    if (deficit.is_zero() || claims == 0) return amount;
    const uint128 backed = deficit.raw < claims ? claims - deficit.raw : 0;
    return {math.mul_div_down(amount.raw, backed, claims)};
}

}  // namespace breakwater::aave_v3
