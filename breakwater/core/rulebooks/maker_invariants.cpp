// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/rulebooks/maker_invariants.hpp"

#include "breakwater/core/wide.hpp"

namespace breakwater::maker {
namespace {

using Found = std::optional<Broken>;

std::uint32_t count_of(const auto& rows) {
    return static_cast<std::uint32_t>(rows.size());
}

Vault vault_at(const Market& m, std::uint32_t account, IlkId ilk) {
    const std::uint32_t row = m.row(account, ilk);
    return row < m.vaults.size() ? m.vaults[row] : Vault{};
}

Found check_balances(const Market& m) {
    Checked math;
    Rad dai;
    Rad sin;
    for (const Account& a : m.accounts) {
        dai = math.add_wide(dai, a.dai);
        sin = math.add_wide(sin, a.sin);
    }
    const System& all = m.system[0];
    if (math.overflow() || dai != all.debt || sin != all.vice) return Broken{"MAKER-020", 0};
    return std::nullopt;
}

Found check_debt(const Market& m) {
    Checked math;
    Rad owed = m.system[0].vice;
    for (std::uint8_t i = 0; i < m.ilks.size(); ++i) {
        uint128 debt = 0;
        for (std::uint32_t a = 0; a < m.accounts.size(); ++a)
            debt = math.add(debt, vault_at(m, a, IlkId{i}).debt.raw);
        if (debt != m.ilks[i].debt.raw) return Broken{"MAKER-021", i};
        owed = math.add_wide(owed, mul_wide(debt, m.ilks[i].rate.raw));
    }
    if (math.overflow() || owed != m.system[0].debt) return Broken{"MAKER-021", 0};
    return std::nullopt;
}

Found check_auctions_of(const Market& m, IlkId id) {
    Checked math;
    const Ilk& ilk = m.ilks[index(id)];
    Rad tab;
    uint128 lot = 0;
    std::uint32_t running = 0;
    for (std::uint32_t row = index(id); row < m.sales.size(); row += count_of(m.ilks)) {
        const Sale& sale = m.sales[row];
        if (sale.place == 0) continue;
        ++running;
        tab = math.add_wide(tab, sale.tab);
        lot = math.add(lot, sale.lot.raw);
        const std::uint32_t listed = m.row(sale.place - 1, id);
        if (sale.place > ilk.count || listed >= m.active.size() ||
            m.row(static_cast<std::uint32_t>(m.active[listed].sale) - 1, id) != row)
            return Broken{"MAKER-023", row};
    }
    if (running != ilk.count) return Broken{"MAKER-023", index(id)};
    if (math.overflow() || tab != ilk.dirt || lot != ilk.auctioned.raw)
        return Broken{"MAKER-022", index(id)};
    return std::nullopt;
}

Found check_auctions(const Market& m) {
    Checked math;
    Rad dirt;
    for (std::uint8_t i = 0; i < m.ilks.size(); ++i) {
        if (const Found f = check_auctions_of(m, IlkId{i})) return f;
        dirt = math.add_wide(dirt, m.ilks[i].dirt);
    }
    if (math.overflow() || dirt != m.system[0].dirt) return Broken{"MAKER-022", 0};
    return std::nullopt;
}

Found check_queue(const Market& m) {
    Checked math;
    const System& all = m.system[0];
    Rad queued;
    for (const QueuedSin& q : m.queue)
        queued = math.add_wide(queued, q.amount);
    const Rad& sin = m.accounts[breakwater::index(m.vow())].sin;
    if (queued != all.queued || math.add_wide(queued, all.ash) > sin || math.overflow())
        return Broken{"MAKER-023", 0};
    return std::nullopt;
}

}  // namespace

std::optional<Broken> check_market(const Market& market) {
    for (const auto check : {check_balances, check_debt, check_auctions, check_queue})
        if (const Found f = check(market)) return f;
    return std::nullopt;
}

Uint256 collateral_of(const Market& market, AssetId asset) {
    Checked math;
    Uint256 sum;
    for (std::uint8_t i = 0; i < market.ilks.size(); ++i) {
        if (market.parameters[i].asset != asset) continue;
        sum = math.add_wide(sum, market.ilks[i].auctioned.raw);
        for (std::uint32_t a = 0; a < market.accounts.size(); ++a) {
            const Vault vault = vault_at(market, a, IlkId{i});
            sum = math.add_wide(sum, math.add_wide(vault.locked.raw, vault.free.raw));
        }
    }
    return sum;
}

}  // namespace breakwater::maker
