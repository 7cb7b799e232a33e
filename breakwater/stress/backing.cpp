// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/backing.hpp"

#include <numeric>

#include "breakwater/core/each_number.hpp"
#include "breakwater/stress/pegs.hpp"

namespace breakwater {

void Backing::add(AssetId collateral, AssetId debt, double usd, bool correlated) {
    Cell& cell = cells_[index(collateral) * assets_ + index(debt)];
    cell.debt += usd;
    if (correlated) cell.correlated += usd;
}

double Backing::debt_backed_by(AssetId collateral) const {
    double sum = 0;
    for (const std::uint8_t d : each_number<std::uint8_t>(assets_))
        sum += at(collateral, AssetId{d}).debt;
    return sum;
}

double Backing::correlated() const {
    double sum = 0;
    for (const Cell& cell : cells_)
        sum += cell.correlated;
    return sum;
}

double Backing::uncorrelated() const {
    double sum = 0;
    for (const Cell& cell : cells_)
        sum += cell.debt - cell.correlated;
    return sum;
}

double Backing::unbacked() const {
    return std::accumulate(unbacked_.begin(), unbacked_.end(), 0.0);
}

Backing backing_of(const Book& book, const Positions& positions) {
    const auto* market = std::get_if<aave_v3::Market>(&book.state.markets[0]);
    const std::vector<AssetId> roots = peg_roots(book);
    const auto is_stable = [&](AssetId asset) {
        return book.assets[index(roots[index(asset)])].kind == AssetKind::stable;
    };
    const auto correlated = [&](std::uint16_t emode, AssetId collateral, AssetId debt) {
        if (roots[index(collateral)] == roots[index(debt)]) return true;
        if (is_stable(collateral) && is_stable(debt)) return true;
        if (emode == 0 || market == nullptr) return false;
        const aave_v3::EMode& e = market->emodes[emode];
        return (e.collateral >> index(collateral) & 1U) != 0 &&
               (e.borrowable >> index(debt) & 1U) != 0;
    };
    Backing out(book.assets.size());
    for (const Position& p : positions.borrowers) {
        const auto legs = positions.legs_of(p);
        for (const PositionLeg& owed : legs) {
            if (!(owed.debt > 0)) continue;
            if (!(p.collateral > 0)) {
                out.add_unbacked(owed.asset, owed.debt);
                continue;
            }
            for (const PositionLeg& held : legs)
                if (held.collateral > 0)
                    out.add(held.asset, owed.asset, owed.debt * (held.collateral / p.collateral),
                            correlated(p.emode, held.asset, owed.asset));
        }
    }
    return out;
}

}  // namespace breakwater
