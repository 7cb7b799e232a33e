// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>

#include "breakwater/core/each_number.hpp"
#include "breakwater/core/math_signed.hpp"
#include "breakwater/core/rulebooks/venue_losses.hpp"
#include "breakwater/core/rulebooks/venue_value.hpp"
#include "breakwater/core/waterfall/deleveraging.hpp"
#include "breakwater/core/waterfall/shares.hpp"
#include "breakwater/core/waterfall/socialisation.hpp"

namespace breakwater::venue {
namespace {

constexpr uint128 loss_max_of_need = (uint128{1} << 90U) - 1;  ///< what plan_deleveraging takes
constexpr std::size_t fetched_ahead = 3;                       ///< candidates

/// [atomic] Unrealised gain of a position at the mark, rounded down; below zero a loss.
int128 gain_of(Checked& math, const View& view, const Position& p) {
    const Terms& t = view.terms(p.contract);
    return atoms_down(
        t, sub_signed(math, mul_signed(math, p.lots, view.contract(p.contract).worth()), p.basis));
}

struct Holder {
    std::size_t place = 0;  ///< among the candidates
    AccountId account{};
    Position position;
};

/// Who of the candidates holds the contract on the side of `side`. A resolution opens nothing, so
/// that only slots which hold the contract in the stored state need a look at the desk.
std::vector<Holder> holders(const VenueDesk& desk, const Candidates& candidates,
                            ContractId contract, std::int64_t side) {
    std::vector<Holder> out;
    for (const Candidates::Slot& s : candidates.holding(contract)) {
        const Position& p = desk.read<&Market::positions>(s.slot);
        if (p.lots != 0 && p.contract == contract && (p.lots < 0) == (side < 0))
            out.push_back(
                {.place = s.place, .account = candidates.accounts()[s.place], .position = p});
    }
    return out;
}

/// One pass of closing: `need` against the holders, at the mark less the haircuts.
Result<DeleveragingNeed> close_pass(VenueDesk& desk, AccountId account, Candidates& candidates,
                                    ContractId contract, std::int64_t lots, DeleveragingNeed need) {
    const AssetId asset = terms(desk, contract).settlement;
    const std::vector<Holder> others = holders(desk, candidates, contract, -lots);
    std::vector<OppositePosition> opposite;
    opposite.reserve(others.size());
    for (const Holder& h : others)
        opposite.push_back(
            {.lots = size_of(h.position.lots),
             .equity = need.loss == 0 ? 0 : candidates.means_in(desk, h.place, asset),
             .profit = gain_of(desk.math, View(desk), h.position)});
    const DeleveragingPlan plan = plan_deleveraging(need, opposite);
    if (plan.lots == 0) return plan.left;
    const int128 worth = desk.read<&Market::contracts>(index(contract)).worth();
    const auto all = static_cast<std::int64_t>(plan.lots);
    if (const Status f = fill(desk, account, contract, lots < 0 ? all : -all, worth); !f)
        return std::unexpected(f.error());
    for (std::size_t i = 0; i < others.size(); ++i) {
        const Closing& c = plan.closings[i];
        if (c.lots == 0) continue;
        const auto n = static_cast<std::int64_t>(c.lots);
        const std::int64_t closed = lots < 0 ? n : -n;  // of the account
        if (const Status f = fill(desk, others[i].account, contract, -closed, worth); !f)
            return std::unexpected(f.error());
        credit(desk, others[i].account, asset, -with_sign(desk.math, c.haircut, false));
        candidates.note_paid(desk, others[i].place, asset, c.haircut);
        desk.emit(Effect{Deleveraged{.account = others[i].account,
                                     .contract = contract,
                                     .lots = -closed,
                                     .haircut = {c.haircut}}});
    }
    credit(desk, account, asset, with_sign(desk.math, plan.haircut, false));
    return plan.left;
}

/// The positions of an account that settle in an asset, and how large they are.
struct Held {
    std::vector<Position> positions;
    std::vector<uint128> notionals;
};
Held held_in(const VenueDesk& desk, AccountId account, AssetId asset) {
    Held out;
    const std::uint32_t first = desk.stored().first_slot(account);
    const auto stored = View(desk).stored<&Market::positions>(first, settings(desk).slots);
    for (std::uint32_t k = 0; k < settings(desk).slots; ++k) {
        const Position& p = stored.empty() ? desk.read<&Market::positions>(first + k) : stored[k];
        if (p.lots == 0 || terms(desk, p.contract).settlement != asset) continue;
        const Contract& c = desk.read<&Market::contracts>(index(p.contract));
        out.positions.push_back(p);
        out.notionals.push_back(magnitude(p.lots) * std::max<uint128>(magnitude(c.notional), 1));
    }
    return out;
}

}  // namespace

std::uint32_t settled_in(const VenueDesk& desk, AccountId account) {
    static_assert(assets_max <= 32);
    std::uint32_t out = 0;
    for (std::uint32_t k = 0; k < settings(desk).slots; ++k) {
        const Position& p = desk.read<&Market::positions>(desk.stored().first_slot(account) + k);
        if (p.lots != 0) out |= 1U << breakwater::index(terms(desk, p.contract).settlement);
    }
    return out;
}

Candidates::Candidates(const VenueDesk& desk, const Resolve& event) {
    accounts_ = event.counterparties;
    if (accounts_.empty()) {
        const Settings& set = desk.stored().set();
        for (std::uint32_t a = 0; a < set.accounts; ++a)
            if (AccountId{a} != event.account && AccountId{a} != set.fund)
                accounts_.push_back(AccountId{a});
    } else {
        std::ranges::sort(accounts_);
        accounts_.erase(std::ranges::unique(accounts_).begin(), accounts_.end());
    }
    equity_.resize(accounts_.size());
    find_slots(desk.stored(), event.account);
}

void Candidates::find_slots(const Market& m, AccountId account) {
    const auto slots_of = [&m](AccountId of) {
        const std::size_t first = std::min<std::size_t>(m.first_slot(of), m.positions.size());
        return std::span(m.positions).subspan(first).first(
            std::min<std::size_t>(m.set().slots, m.positions.size() - first));
    };
    for (const Position& p : slots_of(account))
        if (p.lots != 0) contracts_.push_back(p.contract);
    slots_.resize(contracts_.size());
    for (std::size_t place = 0; place < accounts_.size(); ++place) {
        if (place + fetched_ahead < accounts_.size()) fetch(m, accounts_[place + fetched_ahead]);
        std::uint32_t slot = m.first_slot(accounts_[place]);
        for (const Position& p : slots_of(accounts_[place])) {
            if (p.lots != 0)
                if (const auto k = std::ranges::find(contracts_, p.contract); k != contracts_.end())
                    slots_[static_cast<std::size_t>(k - contracts_.begin())].push_back(
                        {.place = place, .slot = slot});
            ++slot;
        }
    }
}

std::span<const Candidates::Slot> Candidates::holding(ContractId contract) const {
    const auto k = std::ranges::find(contracts_, contract);
    if (k == contracts_.end()) return {};
    return slots_[static_cast<std::size_t>(k - contracts_.begin())];
}

int128 Candidates::means_in(VenueDesk& desk, std::size_t place, AssetId asset) {
#if BREAKWATER_MUTANT_VENUE_024
    return int128{1} << 100U;
#endif
    std::optional<int128>& equity = equity_[place];
    if (!equity) {
        const auto worth = assess(View(desk), accounts_[place], Purpose::closing);
        equity = worth ? worth->standing.equity : 0;
    }
    if (*equity <= 0) return 0;
    // At the high end of the band, at which a payment out of a balance costs most.
    const uint128 usd = magnitude(*equity) / ppm_one;
    const Collateral& c = desk.read<&Market::collaterals>(breakwater::index(asset));
    const uint128 price = desk.state().feeds[breakwater::index(asset)].hi;
    return with_sign(desk.math, desk.math.mul_div_down(usd, power_of_ten(c.decimals), price),
                     false);
}

void Candidates::note_paid(VenueDesk& desk, std::size_t place, AssetId asset, uint128 atoms) {
    std::optional<int128>& equity = equity_[place];
    if (!equity) return;
    const Collateral& c = desk.read<&Market::collaterals>(breakwater::index(asset));
    const uint128 price = desk.state().feeds[breakwater::index(asset)].hi;
    const uint128 value = desk.math.mul_div_unit_up(atoms, price * ppm_one, c.decimals);
    *equity -= with_sign(desk.math, value, false);
}

void settle_expired(VenueDesk& desk, AccountId account) {
    for (std::uint32_t k = 0; k < settings(desk).slots; ++k) {
        const std::uint32_t slot = desk.stored().first_slot(account) + k;
        const Position& p = desk.read<&Market::positions>(slot);
        if (p.lots == 0) continue;
        if (desk.read<&Market::contracts>(index(p.contract)).phase == Phase::expired)
            settle_position(desk, account, slot);
    }
}

Status close_against_others(VenueDesk& desk, AccountId account, Candidates& candidates,
                            std::vector<Loss>& losses) {
    const std::uint32_t settled = settled_in(desk, account);
    for (const std::uint8_t k : each_number<std::uint8_t>(desk.stored().assets())) {
        if ((settled >> k & 1U) == 0) continue;
        const AssetId asset{k};
        const Held held = held_in(desk, account, asset);
        const auto loss = std::ranges::find(losses, asset, &Loss::asset);
        const uint128 whole = loss == losses.end() ? 0 : std::min(loss->amount, loss_max_of_need);
        std::vector<uint128> parts(held.positions.size());
        apportion(whole, held.notionals, parts);
        for (std::size_t i = 0; i < parts.size(); ++i) {
            const Position& p = held.positions[i];
            const DeleveragingNeed need{.lots = size_of(p.lots), .loss = parts[i]};
            const auto left = close_pass(desk, account, candidates, p.contract, p.lots, need);
            if (!left) return refuse(left.error());
            if (loss != losses.end()) loss->amount -= parts[i] - left->loss;
            if (left->lots == 0) continue;
            const auto rest = static_cast<std::int64_t>(left->lots);
            const auto none =
                close_pass(desk, account, candidates, p.contract, p.lots < 0 ? -rest : rest,
                           {.lots = left->lots, .loss = 0});
            if (!none) return refuse(none.error());
            if (none->lots != 0) return refuse(Error::counterparties_insufficient);
        }
    }
    return {};
}

void cut_gains(VenueDesk& desk, AccountId account, Candidates& candidates, const Loss& loss) {
    if (loss.amount == 0) return;
    Checked& math = desk.math;
    struct Gain {
        std::size_t place = 0;
        AccountId account{};
        ContractId contract{};
    };
    std::vector<Gain> gains;
    std::vector<int128> variation;
    for (std::size_t place = 0; place < candidates.accounts().size(); ++place) {
        const AccountId candidate = candidates.accounts()[place];
        int128 means = candidates.means_in(desk, place, loss.asset);
        const Held held = held_in(desk, candidate, loss.asset);
        for (const Position& p : held.positions) {
            const int128 gain = std::min(gain_of(math, View(desk), p), means);
            if (gain <= 0) continue;
            means -= gain;
            gains.push_back({.place = place, .account = candidate, .contract = p.contract});
            variation.push_back(gain);
        }
    }
    const Socialisation cut = haircut_gains(loss.amount, variation);
    for (std::size_t i = 0; i < gains.size(); ++i) {
        if (cut.cuts[i] == 0) continue;
        move_cash(desk, gains[i].account, account, loss.asset, with_sign(math, cut.cuts[i], false));
        candidates.note_paid(desk, gains[i].place, loss.asset, cut.cuts[i]);
        desk.emit(Effect{GainsCut{
            .account = gains[i].account, .contract = gains[i].contract, .amount = {cut.cuts[i]}}});
    }
}

}  // namespace breakwater::venue
