// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <optional>

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

/// Of suppliers and treasury together.
Scaled all_shares(Checked& math, const Reserve& r) {
    return {math.add(r.supplied.raw, r.accrued_to_treasury.raw)};
}

/// What all claims together can lose before the index is as low as it may get.
Amount socialisable(Checked& math, const Reserve& r, Ray income) {
    if (income.raw <= liquidity_index_least) return {};
    const Scaled shares = all_shares(math, r);
    return {math.sub(math.ray_mul_down(shares.raw, income.raw),
                     math.ray_mul_down(shares.raw, liquidity_index_least))};
}

/// WATERFALL-018. Lowers the index to ⌈(claims − loss) · ray / shares⌉: what all claims lose, never more than `loss`;
/// where that is nothing, the index stays.
Amount socialise(Checked& math, Reserve& r, Amount loss) {
    const Scaled shares = all_shares(math, r);
    const Amount claims = shares_worth(math, r, shares);
    if (shares.is_zero() || r.liquidity_index.raw <= liquidity_index_least) return {};
    const uint128 wanted = math.ray_div_up((claims - std::min(claims, loss)).raw, shares.raw);
#if BREAKWATER_MUTANT_WATERFALL_018
    const uint128 lowered = wanted - wanted / 1'000;
#else
    const uint128 lowered = wanted;
#endif
    const uint128 fallen = std::clamp(lowered, liquidity_index_least, r.liquidity_index.raw);
    const Amount lost{claims.raw - math.ray_mul_down(shares.raw, fallen)};
    if (!lost.is_zero()) r.liquidity_index.raw = fallen;
#if BREAKWATER_MUTANT_WATERFALL_018
    return std::min(claims, loss);
#else
    return lost;
#endif
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
        is_closed_ |= layer.asset == index(asset_) && ends_the_list(layer.kind);
        available_.push_back(most);
        const Amount paid = std::min(most, open_);
        open_ -= paid;
        unpaid_ -= paid;
        if (layer.kind == LayerKind::deficit_offset) offset_ -= std::min(paid, offset_);
    }
    Amount means_of(std::uint32_t row, const Layer& layer) {
        if (layer.kind == LayerKind::deficit || layer.kind == LayerKind::borrower_equity) return {};
        if (layer.kind == LayerKind::umbrella) return means_of_umbrella(row);
        const Reserve& r = draft_.reserve(asset_);
        if (layer.kind == LayerKind::socialisation)
            return within_cover(layer, socialisable(draft_.math, r, r.liquidity_index));
        const Amount most = available_from(draft_, r, layer, asset_);
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

/// Takes what layer `row` pays out of where it lies, and says what that was: all of `amount` but for what rounding of
/// an index leaves of a socialised loss.
Amount take(Draft& draft, Reserve& r, std::uint32_t row, Amount amount) {
    Layer& layer = draft.layer(row);
    layer = layer.at(draft.now());
    const AssetId asset{static_cast<std::uint8_t>(layer.asset)};
    if (layer.kind == LayerKind::socialisation)
        amount = socialise(draft.math, r, amount);
    else if (!is_from_outside(layer.kind))
        burn_supply(draft, r, supplier_of(draft.market(), layer), asset, amount);
    layer.paid.raw = draft.math.add(layer.paid.raw, amount.raw);
    return amount;
}

/// The layer in which a borrower pays for its own loss.
std::optional<std::uint32_t> borrower_layer(const State& state, AssetId asset) {
    for (std::uint32_t k = 0; k < state.layers.size(); ++k)
        if (state.layers[k].kind == LayerKind::borrower_equity && state.layers[k].asset == index(asset))
            return k;
    return std::nullopt;
}

/// [atomic] What the borrower supplies and does not use as collateral, within the layer's cover.
Amount equity_in(Draft& draft, const Reserve& r, const Layer& layer, AccountDraft& borrower) {
    const Leg* leg = borrower.find(AssetId{static_cast<std::uint8_t>(layer.asset)});
#if BREAKWATER_MUTANT_WATERFALL_019
    if (leg == nullptr) return {};
#else
    if (leg == nullptr || leg->is_collateral()) return {};
#endif
    return within_cover(layer, shares_worth(draft.math, r, leg->supplied()));
}

/// What the borrower has paid of its own loss in this event.
Amount borne(const Draft& draft, AssetId asset) {
    Amount sum;
    for (const Effect& effect : draft.effects()) {
        const auto* paid = std::get_if<LossCovered>(&effect);
        if (paid != nullptr && paid->asset == asset) sum += paid->amount;
    }
    return sum;
}

}  // namespace

Status spend_borrower_equity(Draft& draft, AccountDraft& borrower) {
    const std::size_t effects = draft.effects().size();
    for (std::size_t i = 0; i < effects; ++i) {
        const auto* found = std::get_if<LossRealised>(&draft.effects()[i]);
        if (found == nullptr) continue;
        const LossRealised loss = *found;
        const auto row = borrower_layer(draft.state(), loss.asset);
        if (!row) continue;
        Reserve& r = draft.change_reserve(loss.asset);
        Layer& layer = draft.layer(*row);
        const Amount paid = std::min(loss.amount, equity_in(draft, r, layer, borrower));
        if (paid.is_zero()) continue;
        burn_supply(draft, r, borrower.id, loss.asset, paid);
        layer.paid.raw = draft.math.add(layer.paid.raw, paid.raw);
        r.deficit.raw = draft.math.sub(r.deficit.raw, paid.raw);
        draft.emit(LossCovered{.layer = *row, .asset = loss.asset, .amount = paid, .is_burned = true});
        if (const Status s = update_rates(draft, loss.asset, {}, {}); !s) return s;
    }
    return {};
}

Result<Amount> cover(Draft& draft, GrownIndices& grown, AssetId asset, Amount loss) {
    Reserve& r = draft.change_reserve(asset);
    const Means means(draft, grown, asset, loss);
    const Allocation allocation = allocate(draft.state().layers, means.available(), asset, loss);
    Amount covered;
    Amount received;
    Amount pending;
    for (const Payment& payment : allocation.payments) {
        const LayerKind kind = draft.layer_now(payment.layer).kind;
        Amount paid = payment.amount;
        if (kind == LayerKind::umbrella) {
            const AccountId treasury = draft.market().treasury;
            carry_out_slash(draft, grown, payment.layer, means.slash());
            // The treasury has received at least what this burns; stake in another asset, and stake that would become
            // a debtor's, waits until somebody burns supply for it.
            const bool burns = draft.layer_now(payment.layer).stake == index(asset) &&
                               !draft.account(treasury).is_borrowing_any();
            if (!burns) {
                pending += payment.amount;
                continue;
            }
            draft.layer(payment.layer).pending -= paid;
            burn_supply(draft, r, treasury, asset, paid);
        } else {
            paid = take(draft, r, payment.layer, paid);
            if (paid.is_zero()) continue;
        }
        const bool from_outside = is_from_outside(kind);
        if (from_outside) received += paid;
        covered += paid;
        draft.emit(LossCovered{
            .layer = payment.layer,
            .asset = asset,
            .amount = paid,
            .is_burned = !from_outside,
            .liquidity_index = kind == LayerKind::socialisation ? r.liquidity_index : Ray{}});
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

Status cover_losses(Draft& draft, GrownIndices& grown) {
    for (std::size_t i = 0; i < draft.effects().size(); ++i) {
        const auto* loss = std::get_if<LossRealised>(&draft.effects()[i]);
        if (loss == nullptr) continue;
        const AssetId asset = loss->asset;
        const Amount left = loss->amount - borne(draft, asset);
        const auto covered = cover(draft, grown, asset, left);
        if (!covered) return std::unexpected(covered.error());
    }
    return {};
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
    if (layer.kind == LayerKind::borrower_equity)
        return within_cover(layer, Amount{Leg::balance_max});
    if (!view.market.has(asset) || !view.market.has(supplier)) return {};
    const Ray income = view.grown.income(math, asset, view.reserve(asset), view.now);
    if (layer.kind == LayerKind::socialisation)
        return within_cover(layer, socialisable(math, view.reserve(asset), income));
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
