// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

/// The burst of 10 October 2025: 11,279 liquidations and as many deleveragings in one instant, in 44 contracts. Prices
/// fall; every account of the book is checked, the bankrupt ones are found, an insurance fund pays two fifths of what
/// their equity does not cover, and the rest is spread over the other side by one allocation a contract; what need not
/// be closed for it goes to the backstop vault at the mark; then everything is booked. Pure functions on plain tables,
/// no journal and no invariants of the engine; afterwards cash and lots must sum to what they were, to the unit.
/// Beside it, on copies of the same book: each bankrupt account allocated alone, and the venues' queue.
/// Source of the figures asked for: docs/performance.md.

#include <cstring>
#include <random>

#include "breakwater/core/margin/positions.hpp"
#include "breakwater/core/waterfall/deleveraging.hpp"
#include "breakwater/core/waterfall/queues.hpp"
#include "figures.hpp"

namespace breakwater::bench {
namespace {

constexpr std::uint32_t listed = 44;
constexpr std::uint32_t bankrupt = 11'279;
constexpr std::uint32_t winners = 11'279;
constexpr std::int64_t usd = 100'000'000;

/// A position and the cash of its holder, who has no other.
struct Row {
    HeldLots position;
    std::int64_t entry = 0;  ///< [1e-8 USD a lot]
    int128 cash = 0;         ///< [1e-8 USD] net of what the lots have cost
};

struct Venue {
    std::vector<MarkedContract> contracts;
    std::vector<Row> rows;  ///< contract by contract within a side; the first 44 are the vault's
    std::uint32_t accounts = 0;
};

/// Longs entered at 100 with little margin, shorts as many lots in all with much; the price is 80 now. Bystanders of
/// both sides have just entered, with margin enough. The vault and the fund are one account a contract.
Venue make_venue(std::uint32_t accounts) {
    std::mt19937_64 random(3);
    const std::vector<TierBound> bounds{{0, 12'500}, {uint128{1'000'000} * usd, 25'000}};
    Venue venue;
    venue.contracts.assign(listed, {.mark = 80 * usd, .tiers = *MarginTiers::of(bounds)});
    const auto add = [&](std::uint32_t contract, std::int64_t lots, int128 margin,
                         std::int64_t entry = 100 * usd) {
        venue.rows.push_back(
            {.position = {.contract = contract, .account = venue.accounts++, .lots = lots},
             .entry = entry,
             .cash = margin - int128{lots} * entry});
    };
    for (std::uint32_t c = 0; c < listed; ++c)
        add(c, 0, 0);
    // A few contracts have most of the positions.
    const auto some_contract = [&] {
        return static_cast<std::uint32_t>(std::min(random() % listed, random() % listed));
    };
    std::vector<std::int64_t> open(listed);
    for (std::uint32_t i = 0; i < bankrupt; ++i) {
        const auto lots = static_cast<std::int64_t>(1 + random() % 2'000);
        const std::uint32_t c = some_contract();
        open[c] += lots;
        add(c, lots, int128{lots} * static_cast<std::int64_t>(usd + random() % (18 * usd)));
    }
    std::vector<std::uint32_t> held_by(listed, 1);
    std::vector<std::uint32_t> of(winners);
    for (std::uint32_t i = 0; i < winners; ++i)
        ++held_by[of[i] = i < listed ? i : some_contract()];
    for (const std::uint32_t c : of) {
        const std::int64_t part =
            open[c] / --held_by[c];  // the last of a contract takes what is left
        open[c] -= part;
        add(c, -part, int128{part} * static_cast<std::int64_t>(5 * usd + random() % (45 * usd)));
    }
    while (venue.accounts + 1 < accounts) {
        const auto lots = static_cast<std::int64_t>(1 + random() % 500);
        const std::uint32_t c = some_contract();
        add(c, lots, int128{lots} * 60 * usd, 80 * usd);
        add(c, -lots, int128{lots} * 60 * usd, 80 * usd);
    }
    return venue;
}

int128 equity_of(const Venue& venue, const Row& row) {
    return row.cash + int128{row.position.lots} * venue.contracts[row.position.contract].mark;
}

struct Outcome {
    std::uint64_t checked = 0;
    std::uint64_t liquidated = 0;
    std::uint64_t deleveraged = 0;
    std::uint64_t lots = 0;        ///< closed against others
    uint128 loss = 0;              ///< [1e-8 USD] of the bankrupt
    uint128 haircut = 0;           ///< [1e-8 USD] taken from others
    std::uint64_t below_zero = 0;  ///< others who had equity and have less than none
};

/// Those below zero, and the shorts that stand, contract by contract, in the order of accounts.
struct Sides {
    std::vector<std::vector<std::uint32_t>> bankrupt{listed};
    std::vector<std::vector<std::uint32_t>> opposite{listed};
};
Sides find(const Venue& venue, Outcome& out) {
    Sides sides;
    for (std::uint32_t r = listed; r < venue.rows.size(); ++r) {
        const Row& row = venue.rows[r];
        const auto standing = standing_of(row.cash, {&row.position, 1}, venue.contracts);
        ++out.checked;
        if (standing->equity < 0)
            sides.bankrupt[row.position.contract].push_back(r);
        else if (row.position.lots < 0)
            sides.opposite[row.position.contract].push_back(r);
    }
    return sides;
}

/// What a bankrupt account is short of, and how much of its position covers what the fund does not.
struct Shortfall {
    uint128 loss = 0;
    uint128 fund = 0;
    DeleveragingNeed need;
};
Shortfall shortfall_of(const Venue& venue, const Row& row) {
    const auto loss = static_cast<uint128>(-equity_of(venue, row));
    const auto lots = static_cast<std::uint64_t>(row.position.lots);
    const uint128 fund = loss * 2 / 5;
    const auto haircut_a_lot = static_cast<std::uint64_t>((loss + lots - 1) / lots);
    return {.loss = loss, .fund = fund, .need = least_need(lots, loss - fund, haircut_a_lot)};
}

/// The long sells everything at the mark: `closed` lots to others, the rest to the vault; what it is short of comes
/// from the fund and from those others.
void close_long(Venue& venue, Row& row, std::uint64_t closed, uint128 fund, uint128 from_others) {
    const std::int64_t mark = venue.contracts[row.position.contract].mark;
    const std::int64_t to_vault = row.position.lots - static_cast<std::int64_t>(closed);
    row.cash += int128{row.position.lots} * mark + static_cast<int128>(fund + from_others);
    row.position.lots = 0;
    Row& vault = venue.rows[row.position.contract];
    vault.position.lots += to_vault;
    vault.cash -= int128{to_vault} * mark + static_cast<int128>(fund);
}

void close_shorts(Venue& venue, std::span<const std::uint32_t> rows, const DeleveragingPlan& plan,
                  Outcome& out) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const Closing& c = plan.closings[i];
        if (c.lots == 0) continue;
        Row& row = venue.rows[rows[i]];
        row.position.lots += static_cast<std::int64_t>(c.lots);
        row.cash -= int128{c.lots} * venue.contracts[row.position.contract].mark +
                    static_cast<int128>(c.haircut);
        ++out.deleveraged;
        out.below_zero += equity_of(venue, row) < 0 ? 1U : 0U;
    }
    out.lots += plan.lots;
    out.haircut += plan.haircut;
}

OppositePosition opposite_of(const Venue& venue, const Row& row) {
    const auto lots = static_cast<std::uint64_t>(-row.position.lots);
    const std::int64_t mark = venue.contracts[row.position.contract].mark;
    return {
        .lots = lots, .equity = equity_of(venue, row), .profit = int128{lots} * (row.entry - mark)};
}

/// One allocation a contract.
Outcome settle_together(Venue& venue) {
    Outcome out;
    const Sides sides = find(venue, out);
    std::vector<OppositePosition> opposite;
    for (std::uint32_t c = 0; c < listed; ++c) {
        DeleveragingNeed all;
        for (const std::uint32_t r : sides.bankrupt[c]) {
            const Shortfall s = shortfall_of(venue, venue.rows[r]);
            all = {.lots = all.lots + s.need.lots, .loss = all.loss + s.need.loss};
            close_long(venue, venue.rows[r], s.need.lots, s.fund, s.need.loss);
            ++out.liquidated;
        }
        opposite.clear();
        for (const std::uint32_t r : sides.opposite[c])
            opposite.push_back(opposite_of(venue, venue.rows[r]));
        const DeleveragingPlan plan = plan_deleveraging(all, opposite);
        close_shorts(venue, sides.opposite[c], plan, out);
        out.loss += all.loss;
    }
    return out;
}

/// One allocation a bankrupt account, each on what the one before has left.
Outcome settle_one_by_one(Venue& venue) {
    Outcome out;
    const Sides sides = find(venue, out);
    std::vector<OppositePosition> opposite;
    for (std::uint32_t c = 0; c < listed; ++c) {
        for (const std::uint32_t r : sides.bankrupt[c]) {
            opposite.clear();
            for (const std::uint32_t o : sides.opposite[c])
                opposite.push_back(opposite_of(venue, venue.rows[o]));
            const Shortfall s = shortfall_of(venue, venue.rows[r]);
            close_long(venue, venue.rows[r], s.need.lots, s.fund, s.need.loss);
            close_shorts(venue, sides.opposite[c], plan_deleveraging(s.need, opposite), out);
            ++out.liquidated;
            out.loss += s.need.loss;
        }
    }
    return out;
}

/// As venues do: whole positions of the bankrupt and the whole loss, against the best-ranked. Ranked once a contract,
/// not anew for each.
Outcome settle_by_queue(Venue& venue) {
    Outcome out;
    const Sides sides = find(venue, out);
    std::vector<QueuedHolder> holders;
    for (std::uint32_t c = 0; c < listed; ++c) {
        const std::int64_t mark = venue.contracts[c].mark;
        DeleveragingNeed all;
        for (const std::uint32_t r : sides.bankrupt[c]) {
            Row& row = venue.rows[r];
            const auto lots = static_cast<std::uint64_t>(row.position.lots);
            const uint128 loss = shortfall_of(venue, row).loss;
            all = {.lots = all.lots + lots, .loss = all.loss + loss};
            close_long(venue, row, lots, 0, loss);
            ++out.liquidated;
        }
        holders.clear();
        for (const std::uint32_t s : sides.opposite[c]) {
            const Row& row = venue.rows[s];
            const auto lots = static_cast<std::uint64_t>(-row.position.lots);
            holders.push_back({.lots = lots,
                               .is_short = true,
                               .mark_value = uint128{lots} * static_cast<std::uint64_t>(mark),
                               .entry_value = uint128{lots} * static_cast<std::uint64_t>(row.entry),
                               .cushion = equity_of(venue, row)});
        }
        const DeleveragingPlan plan = plan_queue(all, holders, QueueRule::percentage_by_leverage,
                                                 LastInQueue::closes_in_part);
        close_shorts(venue, sides.opposite[c], plan, out);
        out.loss += all.loss;
    }
    return out;
}

/// Σ cash of all, and Σ lots of each contract, which is 0.
bool is_conserved(const Venue& before, const Venue& after) {
    int128 cash = 0;
    std::vector<std::int64_t> lots(listed);
    for (std::size_t r = 0; r < after.rows.size(); ++r) {
        cash += after.rows[r].cash - before.rows[r].cash;
        lots[after.rows[r].position.contract] += after.rows[r].position.lots;
    }
    return cash == 0 && std::ranges::all_of(lots, [](std::int64_t n) { return n == 0; });
}

struct Timed {
    double seconds = 0;
    Outcome outcome;
    bool kept = false;  ///< cash and lots
};
template <class Settle>
Timed time_of(int times, const Venue& before, Settle&& settle) {
    Timed out;
    std::vector<double> seconds;
    for (int i = 0; i < times; ++i) {
        Venue venue = before;
        const double start = cpu_seconds();
        out.outcome = settle(venue);
        seconds.push_back(cpu_seconds() - start);
        out.kept = is_conserved(before, venue);
    }
    out.seconds = median(seconds);
    return out;
}

double in_millions(uint128 value) {
    return static_cast<double>(value) * 1e-14;
}

bool burst(std::uint32_t accounts, bool json) {
    const Venue venue = make_venue(accounts);
    const Timed together = time_of(15, venue, settle_together);
    const Timed alone = time_of(3, venue, settle_one_by_one);
    const Timed queue = time_of(1, venue, settle_by_queue);
    const Outcome& o = together.outcome;
    char setup[300];
    std::snprintf(
        setup, sizeof setup,
        "%llu accounts checked, 44 contracts, %llu bankrupt, %llu deleveraged, %llu lots, "
        "loss %.1f million USD after the fund, haircuts %.1f, %llu below zero by it; pure "
        "functions, 1 thread",
        static_cast<unsigned long long>(o.checked), static_cast<unsigned long long>(o.liquidated),
        static_cast<unsigned long long>(o.deleveraged), static_cast<unsigned long long>(o.lots),
        in_millions(o.loss), in_millions(o.haircut), static_cast<unsigned long long>(o.below_zero));
    char baseline[200];
    std::snprintf(baseline, sizeof baseline,
                  "one by one %.0f ms; queue %.0f ms, %llu lots, %llu below zero",
                  1e3 * alone.seconds, 1e3 * queue.seconds,
                  static_cast<unsigned long long>(queue.outcome.lots),
                  static_cast<unsigned long long>(queue.outcome.below_zero));
    print({"burst_ms", 1e3 * together.seconds, "ms", baseline, setup}, json);
    bool exact = true;
    for (const Timed* t : {&together, &alone, &queue})
        exact = exact && t->kept && t->outcome.liquidated == bankrupt &&
                t->outcome.haircut == t->outcome.loss;
    exact = exact && o.deleveraged == winners && o.below_zero == 0 && alone.outcome.below_zero == 0;
    if (!exact) std::fprintf(stderr, "the burst was not settled exactly\n");
    return exact;
}

}  // namespace
}  // namespace breakwater::bench

int main(int argc, char** argv) {
    const bool json = argc > 1 && std::strcmp(argv[1], "--json") == 0;
    return breakwater::bench::burst(100'000, json) ? 0 : 1;
}
