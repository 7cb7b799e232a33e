// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/drain.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "breakwater/core/each_number.hpp"

namespace breakwater {
namespace {

using aave_v3::Flag;

bool lends(const aave_v3::Parameters& p) {
    return p.has(aave_v3::active) && !p.has(aave_v3::frozen) && !p.has(aave_v3::paused) &&
           p.has(aave_v3::borrowing);
}

bool takes_supply(const aave_v3::Parameters& p) {
    return p.has(aave_v3::active) && !p.has(aave_v3::frozen) && !p.has(aave_v3::paused);
}

double supply_room(const ReserveStanding& r) {
    if (!(r.supply_cap > 0)) return std::numeric_limits<double>::infinity();
    return std::max(0.0, r.supply_cap - r.supplied - r.to_treasury);
}

double lendable(const ReserveStanding& r) {
    const double room = r.borrow_cap > 0 ? std::max(0.0, r.borrow_cap - r.borrowed)
                                         : std::numeric_limits<double>::infinity();
    return std::min(r.cash, room);
}

/// How much can be taken from reserves, largest first, and from how many.
struct Taken {
    double lendable = 0;
    double amount = 0;
    std::uint32_t reserves = 0;
};
Taken take(std::vector<double> sources, double bound) {
    std::ranges::sort(sources, std::greater<>());
    Taken out;
    for (const double source : sources) {
        if (source > 0 && out.amount < bound) {
            out.amount = std::min(bound, out.amount + source);
            ++out.reserves;
        }
        out.lendable += source;
    }
    return out;
}

class Search {
  public:
    Search(const Book& book, const Solvency& solvency, const DrainAssumptions& assumptions)
        : market_(aave_market(book.state)), solvency_(solvency), assumptions_(assumptions) {}

    [[nodiscard]] Drain of(AssetId collateral) const {
        Drain best{.collateral = collateral};
        const aave_v3::Parameters& p = market_.parameters[index(collateral)];
        if (!takes_supply(p)) return best;
        best.room = supply_room(solvency_.reserves[index(collateral)]);
        for (std::uint16_t mode = 0; mode < std::max<std::size_t>(1, market_.emodes.size()); ++mode)
            improve(best, mode);
        return best;
    }

  private:
    void improve(Drain& best, std::uint16_t mode) const {
        if (mode != 0 && market_.emodes[mode].liquidation_threshold == 0) return;
        const std::uint32_t ltv = aave_v3::thresholds(market_, mode, best.collateral).ltv;
        if (ltv == 0) return;
        std::vector<double> sources;
        for (const std::uint8_t a : each_number<std::uint8_t>(market_.reserves.size())) {
            const bool open = mode == 0 || (market_.emodes[mode].borrowable >> a & 1U) != 0;
            if (AssetId{a} != best.collateral && open && lends(market_.parameters[a]))
                sources.push_back(lendable(solvency_.reserves[a]));
        }
        const double share = static_cast<double>(ltv) / bps_one;
        const Taken taken = take(std::move(sources), best.room * share);
        if (best.limit != Drain::Limit::not_accepted && taken.amount <= best.largest) return;
        best.ltv = share;
        best.emode = mode;
        best.lendable = taken.lendable;
        best.largest = taken.amount;
        best.reserves = taken.reserves;
        best.limit =
            best.room * share <= taken.lendable ? Drain::Limit::cap_room : Drain::Limit::lendable;
        best.minutes = taken.reserves == 0 ? 0 : minutes(taken.reserves);
    }

    [[nodiscard]] double minutes(std::uint32_t reserves) const {
        const double gas = assumptions_.gas_supply + reserves * assumptions_.gas_borrow;
        const double blocks = std::ceil(gas / (assumptions_.block_share * assumptions_.gas_limit));
        return blocks * assumptions_.seconds_per_block / 60;
    }

    const aave_v3::Market& market_;
    const Solvency& solvency_;
    const DrainAssumptions& assumptions_;
};

bool may_be_collateral(const aave_v3::Market& market, AssetId asset) {
    for (std::uint16_t mode = 0; mode < std::max<std::size_t>(1, market.emodes.size()); ++mode)
        if (aave_v3::thresholds(market, mode, asset).liquidation_threshold > 0) return true;
    return false;
}

}  // namespace

const char* to_string(Drain::Limit limit) {
    switch (limit) {
        case Drain::Limit::not_accepted:
            return "not accepted";
        case Drain::Limit::cap_room:
            return "supply cap";
        case Drain::Limit::lendable:
            break;
    }
    return "cash and borrow caps";
}

std::vector<Drain> drains_of(const Book& book, const Solvency& solvency, const Backing& backing,
                             const DrainAssumptions& assumptions) {
    const Search search(book, solvency, assumptions);
    std::vector<Drain> out;
    for (const std::uint8_t a : each_number<std::uint8_t>(book.assets.size())) {
        if (!may_be_collateral(aave_market(book.state), AssetId{a})) continue;
        Drain drain = search.of(AssetId{a});
        drain.backs = backing.debt_backed_by(AssetId{a});
        out.push_back(drain);
    }
    return out;
}

}  // namespace breakwater
