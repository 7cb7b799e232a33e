// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/rulebooks/maker_invariants.hpp"

#include "breakwater/core/each_number.hpp"
#include "breakwater/core/math_wide.hpp"

namespace breakwater::maker {
namespace {

using Found = std::optional<Violation>;

template <class Rows>
using RowOf = typename std::remove_cvref_t<Rows>::value_type;

/// How a promise looks at a market: rows before and after. A whole market is what has become of nothing.
struct Whole {
    const Market& market;

    template <auto Member>
    [[nodiscard]] auto before(std::uint32_t /*row*/) const {
        return RowOf<decltype(market.*Member)>{};
    }
    template <auto Member>
    [[nodiscard]] auto after(std::uint32_t row) const {
        const auto& rows = market.*Member;
        return row < rows.size() ? rows[row] : RowOf<decltype(rows)>{};
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
    [[nodiscard]] auto before(std::uint32_t row) const {
        return Whole{market}.after<Member>(row);
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

/// Adds to − from, modulo 2^256.
void move_by(Uint256& sum, const Uint256& from, const Uint256& to) {
    sum = sum_wrapped(sum, difference_wrapped(to, from));
}
Uint256 moved(const Uint256& from, const Uint256& to) {
    return difference_wrapped(to, from);
}

Found check_balances(const auto& view) {
    Rad dai;
    Rad sin;
    Rad queued;
    view.template for_each<&Market::accounts>(
        [&](std::uint32_t, const Account& a, const Account& b) {
            move_by(dai, a.dai, b.dai);
            move_by(sin, a.sin, b.sin);
        });
    view.template for_each<&Market::queue>(
        [&](std::uint32_t, const QueuedSin& a, const QueuedSin& b) {
            move_by(queued, a.amount, b.amount);
        });
    const System a = view.template before<&Market::system>(0);
    const System b = view.template after<&Market::system>(0);
    if (moved(a.debt, b.debt) != dai || moved(a.vice, b.vice) != sin)
        return Violation{"MAKER-020", 0};
    Checked math;
    const Account vow = view.template after<&Market::accounts>(index(view.market.vow()));
    if (moved(a.queued, b.queued) != queued || math.add_wide(b.queued, b.ash) > vow.sin)
        return Violation{"MAKER-023", 0};
    return std::nullopt;
}

/// What the vaults and auctions of one ilk have moved by.
struct IlkMoved {
    Uint256 debt;
    Uint256 collateral;
    Rad tab;
    Uint256 lot;
    std::uint32_t running = 0;
};

IlkMoved moved_in(const auto& view, std::uint8_t id) {
    IlkMoved sum;
    const auto ilks = static_cast<std::uint32_t>(view.market.ilks.size());
    view.template for_each<&Market::vaults>([&](std::uint32_t row, const Vault& a, const Vault& b) {
        if (row % ilks != id) return;
        move_by(sum.debt, a.debt.raw, b.debt.raw);
        move_by(sum.collateral, a.locked.raw, b.locked.raw);
        move_by(sum.collateral, a.free.raw, b.free.raw);
    });
    view.template for_each<&Market::sales>([&](std::uint32_t row, const Sale& a, const Sale& b) {
        if (row % ilks != id) return;
        move_by(sum.tab, a.tab, b.tab);
        move_by(sum.lot, a.lot.raw, b.lot.raw);
        sum.running += (b.place != 0 ? 1U : 0U) - (a.place != 0 ? 1U : 0U);
    });
    return sum;
}

Found check_ilks(const auto& view) {
    Rad owed;
    Rad dirt;
    for (const std::uint8_t id : each_number<std::uint8_t>(view.market.ilks.size())) {
        const IlkMoved sum = moved_in(view, id);
        const Ilk a = view.template before<&Market::ilks>(id);
        const Ilk b = view.template after<&Market::ilks>(id);
        if (moved(a.debt.raw, b.debt.raw) != sum.debt) return Violation{"MAKER-021", id};
        if (moved(a.dirt, b.dirt) != sum.tab) return Violation{"MAKER-022", id};
        if (moved(a.auctioned.raw, b.auctioned.raw) != sum.lot) return Violation{"MAKER-022", id};
        if (b.count - a.count != sum.running) return Violation{"MAKER-023", id};
        move_by(owed, mul_wide(a.debt.raw, a.rate.raw), mul_wide(b.debt.raw, b.rate.raw));
        move_by(dirt, a.dirt, b.dirt);
    }
    const System a = view.template before<&Market::system>(0);
    const System b = view.template after<&Market::system>(0);
    move_by(owed, a.vice, b.vice);
    if (moved(a.debt, b.debt) != owed) return Violation{"MAKER-021", 0};
    if (moved(a.dirt, b.dirt) != dirt) return Violation{"MAKER-022", 0};
    return std::nullopt;
}

/// Each running auction stands in the list, at its place, and nothing else does.
Found check_list(const auto& view) {
    const auto ilks = static_cast<std::uint32_t>(view.market.ilks.size());
    Found found;
    view.template for_each<&Market::sales>([&](std::uint32_t row, const Sale&, const Sale& sale) {
        if (sale.place == 0) return;
        const IlkId id{static_cast<std::uint8_t>(row % ilks)};
        const Active listed =
            view.template after<&Market::active>(view.market.row(sale.place - 1, id));
        if (sale.place > view.template after<&Market::ilks>(index(id)).count ||
            listed.sale != row / ilks + 1)
            found = Violation{"MAKER-023", row};
    });
    view.template for_each<&Market::active>(
        [&](std::uint32_t row, const Active&, const Active& listed) {
            if (listed.sale == 0) return;
            const IlkId id{static_cast<std::uint8_t>(row % ilks)};
            const auto sale = static_cast<std::uint32_t>(listed.sale);
            if (view.template after<&Market::sales>(view.market.row(sale - 1, id)).place !=
                row / ilks + 1)
                found = Violation{"MAKER-023", row};
        });
    return found;
}

Found check(const auto& view) {
    if (const Found f = check_balances(view)) return f;
    if (const Found f = check_ilks(view)) return f;
    return check_list(view);
}

/// [wad] What the vaults, balances and auctions of the asset hold, of all ilks that lock it.
Uint256 collateral_moved(const auto& view, AssetId asset) {
    Uint256 sum;
    for (const std::uint8_t id : each_number<std::uint8_t>(view.market.ilks.size())) {
        if (view.market.parameters[id].asset != asset) continue;
        sum = sum_wrapped(sum, moved_in(view, id).collateral);
        move_by(sum, view.template before<&Market::ilks>(id).auctioned.raw,
                view.template after<&Market::ilks>(id).auctioned.raw);
    }
    return sum;
}

/// The first ilk that locks this one's asset speaks for it.
bool speaks_for_asset(const Market& market, std::uint8_t id) {
    for (std::uint8_t earlier = 0; earlier < id; ++earlier)
        if (market.parameters[earlier].asset == market.parameters[id].asset) return false;
    return true;
}

/// 10^(18 − decimals), what one unit of the ilk's asset counts.
uint128 wads_per_atom(const Market& market, std::uint8_t id) {
    return power_of_ten(18U - market.parameters[id].decimals);
}

}  // namespace

std::optional<Violation> check_market(const Market& market) {
    return check(Whole{market});
}

std::optional<Violation> check_desk(const Desk<Market>& desk) {
    const OnDesk view{desk};
    if (const Found f = check(view)) return f;
    for (const std::uint8_t id : each_number<std::uint8_t>(view.market.ilks.size())) {
        if (!speaks_for_asset(view.market, id)) continue;
        const AssetId asset = view.market.parameters[id].asset;
        const uint128 unit = wads_per_atom(view.market, id);
        const uint128 before = desk.state().custody[breakwater::index(asset)].held.raw;
        if (moved(mul_wide(before, unit), mul_wide(desk.held(asset), unit)) !=
            collateral_moved(view, asset))
            return Violation{"MAKER-024", id};
    }
    return std::nullopt;
}

void count_holdings(const Market& market, std::span<uint128> held) {
    Checked math;
    for (const std::uint8_t id : each_number<std::uint8_t>(market.ilks.size())) {
        if (!speaks_for_asset(market, id)) continue;
        const AssetId asset = market.parameters[id].asset;
        held[breakwater::index(asset)] +=
            math.div_down(collateral_moved(Whole{market}, asset), wads_per_atom(market, id));
    }
}

}  // namespace breakwater::maker
