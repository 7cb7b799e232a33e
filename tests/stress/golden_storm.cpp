// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <cinttypes>
#include <cstdio>

#include "../report/small_book.hpp"
#include "breakwater/stress/storm.hpp"
#include "breakwater/stress/venue_storm.hpp"
#include "venue_storm_book.hpp"

/// Prints, for each path of one small stress run of a lending market and of one of a venue, the
/// digest of the state it ends in and one over all its figures. The lines must be those of
/// golden_storm.txt whatever compiler, optimisation level and CPU made them (golden_storm_test.sh).
namespace {

using namespace breakwater;  // NOLINT(google-build-using-namespace): a program, not a header

constexpr std::uint32_t paths = 6;
constexpr std::uint32_t venue_paths = 3;

/// A day with one fall of about 25 %, everything on.
Scenario crash() {
    Scenario s;
    s.name = "golden-crash";
    s.price.model = PriceScenario::Model::merton;
    s.price.correlation = 0.85;
    s.price.rules = {{.symbol = "USDC", .kind = {}, .volatility = 0.01, .drift = 0, .beta = 0},
                     {.symbol = "*", .kind = {}, .volatility = 0.9, .drift = 0, .beta = 1}};
    s.price.jump = {.forced = 1, .intensity = 0, .mean = -0.25, .deviation = 0.05};
    return s;
}

/// FNV-1a over whole words.
class Digest {
  public:
    template <class Integer>
    void add(Integer value) {
        for (unsigned shift = 0; shift < 8 * sizeof(Integer); shift += 8)
            state_ =
                (state_ ^ (static_cast<std::uint64_t>(value >> shift) & 0xffU)) * 0x100000001b3ULL;
    }
    void add(const ThreePrices& b) {
        add(b.oracle);
        add(b.market);
        add(b.exit);
    }
    [[nodiscard]] std::uint64_t value() const { return state_; }

  private:
    std::uint64_t state_ = 0xcbf29ce484222325ULL;
};

std::uint64_t digest_of_figures(const PathResult& r, const PathSeries& series) {
    Digest d;
    d.add(r.realised);
    d.add(r.unrealised);
    for (const MicroUsd m :
         {r.unrealised_peak, r.covered, r.repaid, r.seized, r.stuck, r.backlog_peak, r.equity_lost})
        d.add(m);
    for (const std::uint32_t n :
         {r.liquidations, r.ltv_raised, r.stuck_accounts, r.looks, r.events})
        d.add(n);
    for (const double price : series.price)
        d.add(static_cast<std::uint64_t>(price * 1e6));
    return d.value();
}

std::uint64_t digest_of_figures(const VenuePathResult& r, const VenueSeries& series) {
    Digest d;
    for (const MicroUsd m : {r.borne.fund, r.borne.deleveraging, r.borne.gains, r.borne.uncovered,
                             r.loss, r.unresolved, r.conceded, r.vault, r.liquidated, r.collateral,
                             r.deleveraged, r.queue, r.backlog_peak})
        d.add(m);
    for (const std::uint32_t n : {r.flagged, r.liquidations, r.taken_over, r.negative,
                                  r.deleverages, r.left, r.gated_steps, r.looks, r.events})
        d.add(n);
    for (const double price : series.price)
        d.add(static_cast<std::uint64_t>(price * 1e6));
    for (const double volatility : series.volatility)
        d.add(static_cast<std::uint64_t>(volatility * 1e9));
    return d.value();
}

/// Only to have the digest of the final state.
class Deaf : public JournalPort {
  public:
    void applied(const Event& /*event*/) override {}
};

bool lending_storms() {
    const Book book = test::random_book(7, 400);
    const auto setup = prepare_storm(book, crash(), 20'200'312);
    if (!setup) {
        std::fprintf(stderr, "%s\n", setup.error().c_str());
        return false;
    }
    Storm storm(*setup);
    Deaf journal;
    for (std::uint32_t path = 0; path < paths; ++path) {
        const PathResult result = storm.run(path, &journal);
        std::printf("path %u: %u liquidations, state %s, figures %016" PRIx64 "\n", path,
                    result.liquidations, storm.final_digest().c_str(),
                    digest_of_figures(result, storm.series()));
    }
    return true;
}

/// Loans, perpetuals and options of a hundred accounts in half a day with a fall of about 15 %, and
/// attackers.
bool venue_storms() {
    Scenario scenario = venue_given::storm_scenario(-0.15, 12);
    scenario.venue.attacks.push_back({.underlying = "ETH",
                                      .wallets = 3,
                                      .is_long = true,
                                      .notional_usd = 2e5,
                                      .leverage = 5,
                                      .is_linked = true});
    const auto setup =
        prepare_venue_storm(venue_given::storm_venue({.accounts = 100}), scenario, 20'251'010);
    if (!setup) {
        std::fprintf(stderr, "%s\n", setup.error().c_str());
        return false;
    }
    VenueStorm storm(*setup);
    Deaf journal;
    for (std::uint32_t path = 0; path < venue_paths; ++path) {
        const VenuePathResult result = storm.run(path, &journal);
        std::printf("venue path %u: %u liquidations, %u below zero, state %s, figures %016" PRIx64
                    "\n",
                    path, result.liquidations, result.negative, storm.final_digest().c_str(),
                    digest_of_figures(result, storm.series()));
    }
    return true;
}

}  // namespace

int main() {
    return lending_storms() && venue_storms() ? 0 : 1;
}
