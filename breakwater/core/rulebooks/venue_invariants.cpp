// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/rulebooks/venue_invariants.hpp"

#include <algorithm>
#include <array>

#include "breakwater/core/each_number.hpp"
#include "breakwater/core/require.hpp"
#include "breakwater/core/rulebooks/venue_margin.hpp"
#include "breakwater/core/rulebooks/venue_parameters.hpp"
#include "breakwater/core/rulebooks/venue_value.hpp"

namespace breakwater::venue {
namespace {

using Found = std::optional<Violation>;

template <class Rows>
using RowOf = typename std::remove_cvref_t<Rows>::value_type;

/// How a promise looks at a market: rows before and after. A whole market is what has become of
/// nothing.
struct Whole {
    const Market& market;

    template <auto Member>
    [[nodiscard]] auto before(std::uint32_t /*row*/) const {
        return RowOf<decltype(market.*Member)>{};
    }
    template <auto Member>
    [[nodiscard]] const auto& after(std::uint32_t row) const {
        return (market.*Member)[row];
    }
    template <auto Member>
    void for_each(auto&& visit) const {
        const auto& rows = market.*Member;
        for (std::uint32_t row = 0; row < rows.size(); ++row)
            visit(row, RowOf<decltype(rows)>{}, rows[row]);
    }
};

/// What the event on the desk is about to change.
struct OnDesk {
    const Desk<Market>& desk;
    const Market& market = desk.stored();

    template <auto Member>
    [[nodiscard]] const auto& before(std::uint32_t row) const {
        const auto& rows = market.*Member;
        static const RowOf<decltype(rows)> nothing{};
        return row < rows.size() ? rows[row] : nothing;
    }
    template <auto Member>
    [[nodiscard]] const auto& after(std::uint32_t row) const {
        return desk.read<Member>(row);
    }
    template <auto Member>
    void for_each(auto&& visit) const {
        for (const auto& e : desk.touched<Member>())
            visit(e.row, before<Member>(e.row), e.copy);
    }
};

/// What positions of one contract have moved by.
struct ContractMoved {
    int128 lots = 0;
    int128 longs = 0;
    int128 basis = 0;
};
void add(ContractMoved& sum, const Position& p, int sign) {
    sum.lots += sign * int128{p.lots};
    sum.longs += sign * int128{std::max<std::int64_t>(p.lots, 0)};
    sum.basis += sign * p.basis;
}

/// By contract, of those alone whose positions an event moves.
class PositionsMoved {
  public:
    explicit PositionsMoved(const auto& view) {
        view.template for_each<&Market::positions>(
            [&](std::uint32_t, const Position& a, const Position& b) {
                if (a.lots != 0) add(of(index(a.contract)), a, -1);
                if (b.lots != 0) add(of(index(b.contract)), b, +1);
            });
    }
    struct Sum {
        std::uint32_t contract = 0;
        ContractMoved moved;
    };
    [[nodiscard]] std::span<const Sum> sums() const {
        return places_.empty() ? std::span(few_).first(count_) : std::span<const Sum>(many_);
    }
    [[nodiscard]] bool has(std::uint32_t contract) const {
        if (!places_.empty()) return contract < places_.size() && places_[contract] != 0;
        return std::ranges::any_of(sums(), [=](const Sum& s) { return s.contract == contract; });
    }

  private:
    static constexpr std::size_t few = 8;  ///< most events concern fewer: they allocate nothing

    ContractMoved& of(std::uint32_t contract) {
        if (!places_.empty()) return of_many(contract);
        for (std::size_t k = 0; k < count_; ++k)
            if (few_[k].contract == contract) return few_[k].moved;
        if (count_ < few) {
            few_[count_] = {.contract = contract, .moved = {}};
            return few_[count_++].moved;
        }
        many_.assign(few_.begin(), few_.end());
        for (std::size_t k = 0; k < few; ++k)
            place(few_[k].contract) = static_cast<std::uint32_t>(k + 1);
        return of_many(contract);
    }
    ContractMoved& of_many(std::uint32_t contract) {
        std::uint32_t& at = place(contract);
        if (at == 0) {
            many_.push_back({.contract = contract, .moved = {}});
            at = static_cast<std::uint32_t>(many_.size());
        }
        return many_[at - 1].moved;
    }
    std::uint32_t& place(std::uint32_t contract) {
        if (contract >= places_.size())
            places_.resize(std::max(2 * places_.size(), contract + std::size_t{64}));
        return places_[contract];
    }

    std::size_t count_ = 0;
    std::array<Sum, few> few_;
    std::vector<Sum> many_;
    std::vector<std::uint32_t> places_;  ///< of the contract in `many_`, plus 1
};

Found check_contract(const Market& market, std::uint32_t row, const Contract& a, const Contract& b,
                     const ContractMoved& moved) {
    if (moved.lots + b.settled_lots - a.settled_lots != 0) return Violation{"VENUE-002", row};
    // While a contract lives its lots sum to zero, so that its worth may move; afterwards its worth
    // stands still.
    const int128 settled = b.phase == Phase::expired ? b.worth() * moved.lots : 0;
    if (b.pot - a.pot + moved.basis - settled != b.dust - a.dust)
        return Violation{"VENUE-003", row};
    if (b.dust < 0 || atoms_down(market.terms[row], b.dust) != 0)
        return Violation{"VENUE-003", row};
    if (moved.longs != int128{b.open_interest} - a.open_interest)
        return Violation{"VENUE-004", row};
    return std::nullopt;
}

Found check_contracts(const auto& view) {
    const PositionsMoved moved(view);
    for (const PositionsMoved::Sum& sum : moved.sums())
        if (const Found f = check_contract(
                view.market, sum.contract, view.template before<&Market::contracts>(sum.contract),
                view.template after<&Market::contracts>(sum.contract), sum.moved))
            return f;
    // Those that the event changes without positions; nothing can be wrong with the others.
    Found found;
    view.template for_each<&Market::contracts>(
        [&](std::uint32_t row, const Contract& a, const Contract& b) {
            if (!found && !moved.has(row)) found = check_contract(view.market, row, a, b, {});
        });
    return found;
}

/// [atomic] By asset, what its balances and pots have moved by: what the venue should hold.
std::array<int128, assets_max> claims_moved(const auto& view) {
    const std::uint32_t assets = view.market.assets();
    REQUIRE(assets <= assets_max);
    std::array<int128, assets_max> out{};
    view.template for_each<&Market::balances>(
        [&](std::uint32_t row, const Balance& a, const Balance& b) {
            if (a.cash != b.cash) out[row % assets] += b.cash - a.cash;
        });
    view.template for_each<&Market::contracts>(
        [&](std::uint32_t row, const Contract& a, const Contract& b) {
            const Terms& t = view.market.terms[row];
            if (a.pot != b.pot)
                out[index(t.settlement)] += atoms_down(t, b.pot) - atoms_down(t, a.pot);
        });
    return out;
}

Found check_assets(const auto& view) {
    auto unexplained = claims_moved(view);
    view.template for_each<&Market::collaterals>(
        [&](std::uint32_t row, const Collateral& a, const Collateral& b) {
            const auto owned = [](const Collateral& c) {
                return static_cast<int128>(c.held.raw) + static_cast<int128>(c.uncovered.raw);
            };
            unexplained[row] -= owned(b) - owned(a);
        });
    for (std::uint32_t k = 0; k < unexplained.size(); ++k)
        if (unexplained[k] != 0) return Violation{"VENUE-001", k};
    return std::nullopt;
}

/// Whether the event concerns a cluster at all; most do not.
bool has_linked(const auto& view) {
    bool found = false;
    view.template for_each<&Market::positions>(
        [&](std::uint32_t row, const Position&, const Position&) {
            const std::uint32_t holder = row / view.market.set().slots;
            found = found || view.template after<&Market::accounts>(holder).cluster != 0;
        });
    view.template for_each<&Market::clusters>(
        [&](std::uint32_t, const ClusterLots&, const ClusterLots&) { found = true; });
    return found;
}

/// Lots of the clusters against those of their accounts.
Found check_clusters(const auto& view) {
    if (!has_linked(view)) return std::nullopt;
    std::vector<ClusterLots> sums(view.market.clusters.size());
    view.template for_each<&Market::positions>(
        [&](std::uint32_t row, const Position& a, const Position& b) {
            const std::uint32_t holder = row / view.market.set().slots;
            const std::uint32_t cluster = view.template after<&Market::accounts>(holder).cluster;
            if (cluster == 0) return;
            const auto count = [&](const Position& p, int sign) {
                if (p.lots == 0) return;
                ClusterLots& sum = sums[view.market.row(cluster, p.contract)];
                (p.lots > 0 ? sum.longs : sum.shorts) += sign * std::max(p.lots, -p.lots);
            };
            count(a, -1);
            count(b, +1);
        });
    for (std::uint32_t row = 0; row < sums.size(); ++row) {
        const ClusterLots& a = view.template before<&Market::clusters>(row);
        const ClusterLots& b = view.template after<&Market::clusters>(row);
        if (b.longs - a.longs != sums[row].longs || b.shorts - a.shorts != sums[row].shorts)
            return Violation{"VENUE-004", row};
    }
    return std::nullopt;
}

Found check_fund(const auto& view) {
    const Market& m = view.market;
    const std::uint32_t fund = m.row(m.set().fund, AssetId{0});
    Found found;
    view.template for_each<&Market::balances>(
        [&](std::uint32_t row, const Balance&, const Balance& b) {
            if (row - fund < m.assets() && b.cash < 0) found = Violation{"VENUE-023", row};
        });
    view.template for_each<&Market::fund_tiers>(
        [&](std::uint32_t row, const FundTier&, const FundTier& t) {
            if (t.paid > t.limit) found = Violation{"VENUE-023", row};
        });
    return found;
}

/// VENUE-028 and VENUE-029: what rests is sound, and nothing rests for who is in liquidation.
Found check_orders(const auto& view) {
    Found found;
    view.template for_each<&Market::orders>([&](std::uint32_t row, const Resting&, const Resting& r) {
        if (r.bids < 0 || r.asks < 0 || !view.market.has(r.contract)) found = Violation{"VENUE-028", row};
        const std::uint32_t holder = row / view.market.set().slots;
        if (!r.is_empty() && view.template after<&Market::accounts>(holder).in_liquidation != 0)
            found = Violation{"VENUE-029", row};
    });
    return found;
}

/// Of whom the event has put into liquidation.
Found check_cancelled(const OnDesk& view) {
    Found found;
    if (view.market.orders.empty()) return found;
    view.for_each<&Market::accounts>([&](std::uint32_t row, const Account&, const Account& a) {
        if (a.in_liquidation == 0) return;
        const std::uint32_t first = view.market.first_slot(AccountId{row});
        for (std::uint32_t k = first; k < first + view.market.set().slots; ++k)
            if (!view.after<&Market::orders>(k).is_empty()) found = Violation{"VENUE-029", k};
    });
    return found;
}

/// Who reads the margin of now as it was before the event.
Found check_notice(const OnDesk& view) {
    Found found;
    const View stored(view.desk.state(), view.market, view.desk.now());
    view.for_each<&Market::announced>(
        [&](std::uint32_t row, const MarginTerms&, const MarginTerms& next) {
            const auto held = margin_in_force(stored, ContractId{static_cast<std::uint16_t>(row)});
            if (next.effective < seconds(view.desk.now()) + view.market.set().notice &&
                !is_no_stricter(next, held.maintenance))
                found = Violation{"VENUE-014", row};
        });
    return found;
}

/// Custody moves as what the venue holds does, and nothing leaves it behind the gate.
Found check_custody(const OnDesk& view) {
    const Gate& gate = view.before<&Market::gate>(0);
    const bool shut =
        gate.negative != 0 || gate.uncovered != 0 || seconds(view.desk.now()) < gate.shut_until;
    if (view.desk.touched<&Market::collaterals>().empty() && !view.desk.moves_custody())
        return std::nullopt;
    for (const std::uint8_t k : each_number<std::uint8_t>(view.market.assets())) {
        const uint128 before = view.desk.state().custody[k].held.raw;
        const uint128 after = view.desk.held(AssetId{k});
        const uint128 held = view.before<&Market::collaterals>(k).held.raw;
        if (after - before != view.after<&Market::collaterals>(k).held.raw - held)
            return Violation{"VENUE-001", k};
        if (shut && after < before) return Violation{"VENUE-007", k};
    }
    return std::nullopt;
}

Found check(const auto& view) {
    if (const Found f = check_assets(view)) return f;
    if (const Found f = check_contracts(view)) return f;
    if (const Found f = check_clusters(view)) return f;
    if (const Found f = check_orders(view)) return f;
    return check_fund(view);
}

}  // namespace

std::optional<Violation> check_desk(const Desk<Market>& desk) {
    const OnDesk view{desk};
    if (const Found f = check(view)) return f;
    if (const Found f = check_notice(view)) return f;
    if (const Found f = check_cancelled(view)) return f;
    return check_custody(view);
}

std::optional<Violation> check_market(const Market& market) {
    return check(Whole{market});
}

void count_holdings(const Market& market, std::span<uint128> held) {
    for (std::uint32_t k = 0; k < market.assets(); ++k)
        held[k] += market.collaterals[k].held.raw;
}

}  // namespace breakwater::venue
