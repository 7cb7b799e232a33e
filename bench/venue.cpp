// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

/// The derivatives venue in the engine, invariants on: trades, assessments, a burst of liquidations and the end of
/// accounts with negative equity, on accounts of eight linear perpetuals, longs against shorts.
/// Source of the figures asked for: docs/performance.md.

#include "breakwater/core/engine.hpp"
#include "breakwater/core/invariants.hpp"
#include "breakwater/core/require.hpp"
#include "breakwater/core/rulebooks/venue_opportunities.hpp"
#include "figures.hpp"

namespace breakwater::bench {
namespace {

using namespace venue;

constexpr std::uint32_t accounts = 4'000;  ///< the fund, the vault, and longs and shorts in turn
constexpr std::uint32_t held_by_each = 8;
constexpr std::uint32_t burst = 11'279;

State flat_venue() {
    State state;
    state.clock.now = 1'700'000'000;
    state.feeds.resize(1);
    state.custody.resize(1);
    venue::Market m;
    m.settings.resize(1);
    m.settings[0] = {.mark_age_max = 3'600,
                     .accounts = accounts,
                     .slots = held_by_each,
                     .tiers = 1,
                     .fund = AccountId{0},
                     .vault = AccountId{1},
                     .exit = 2'500,
                     .participation = ppm_one,
                     .discount = 2'000,
                     .discount_max = 20'000,
                     .fund_fee = 5'000};
    m.gate.resize(1);
    m.collaterals.resize(1);
    m.collaterals[0].borrow_index = {ray};
    m.collaterals[0].cap = {uint128{1} << 100U};
    m.collaterals[0].updated = state.clock.now;
    m.collaterals[0].decimals = 6;
    Terms terms;
    terms.unit = 100;
    terms.block_lots = lots_max;
    terms.band = 100'000;
    m.terms.assign(held_by_each, terms);
    m.contracts.resize(held_by_each);
    MarginTerms margin;
    margin.tiers[0].initial = 50'000;
    margin.tiers[0].maintenance = 25'000;
    m.margins.assign(held_by_each, margin);
    m.announced = m.margins;
    m.arrays.resize(held_by_each + 1);
    m.accounts.resize(accounts);
    m.balances.resize(accounts);
    m.positions.resize(std::size_t{accounts} * held_by_each);
    m.fund_tiers.resize(1);
    state.markets.emplace_back(std::move(m));
    return state;
}

class Bench {
  public:
    explicit Bench(bool json) : json_(json) {
        must(ReportPrices{{Price{100'000'000}}});
        mark(60'000);
        for (std::uint32_t a = 2; a < accounts; ++a)
            must(venue::Action{
                Deposit{AccountId{a}, AssetId{0}, {is_long(a) ? 3'300'000'000U : 9'900'000'000U}}});
    }

    void trades() {
        std::uint32_t done = 0;
        const double before = cpu_seconds();
        for (std::uint32_t a = 2; a + 1 < accounts; a += 2)
            for (std::uint16_t k = 0; k < held_by_each; ++k, ++done)
                must(venue::Action{
                    Trade{AccountId{a + 1}, AccountId{a}, ContractId{k}, 100 + a % 7, 600'000}});
        tell("venue_trade_us", (cpu_seconds() - before) * 1e6 / done, "us");
    }
    void assessments(Purpose purpose, const char* name) {
        constexpr int rounds = 20;
        const View view(state_, market(), state_.now());
        std::size_t standing = 0;
        const double before = cpu_seconds();
        for (int r = 0; r < rounds; ++r)
            for (std::uint32_t a = 2; a < accounts; ++a)
                standing += assess(view, AccountId{a}, purpose)->holds() ? 1U : 0U;
        tell(name, (cpu_seconds() - before) * 1e9 / rounds / (accounts - 2), "ns");
        REQUIRE(standing == std::size_t{rounds} * (accounts - 2));
    }
    /// Each takes 20 lots of a long's position, back to its short.
    void liquidations() {
        mark(57'000);
        std::uint32_t done = 0;
        const double before = cpu_seconds();
        for (std::uint32_t a = 3; done < burst; a += 2)
            for (std::uint16_t k = 0; k < held_by_each && done < burst; ++k, ++done)
                must(venue::Action{
                    venue::Liquidate{AccountId{a}, AccountId{a - 1}, ContractId{k}, 20}});
        tell("venue_liquidations_ms", (cpu_seconds() - before) * 1e3, "ms");
    }
    /// Accounts with negative equity end one by one until as many of the other side have been closed against.
    void deleveraging() {
        mark(54'000);
        std::uint32_t closed = 0;
        std::uint32_t ended = 0;
        const double before = cpu_seconds();
        for (std::uint32_t a = 3; closed < burst; a += 2, ++ended)
            for (const breakwater::Effect& any :
                 must(venue::Action{Resolve{AccountId{a}, {}}}).effects)
                if (const auto* effect = std::get_if<venue::Effect>(&any))
                    closed += std::holds_alternative<Deleveraged>(*effect) ? 1U : 0U;
        const double seconds = cpu_seconds() - before;
        tell("venue_deleveraging_ms", seconds * 1e3, "ms");
        tell("venue_accounts_ended", ended, "");
        REQUIRE(!check_state(state_).has_value());
    }

  private:
    [[nodiscard]] static bool is_long(std::uint32_t account) { return account % 2 == 1; }
    [[nodiscard]] const venue::Market& market() const {
        return std::get<venue::Market>(state_.markets[0]);
    }
    const Transition& must(const breakwater::Action& action) {
        const auto done = apply(state_, {state_.now(), MarketId{0}, action}, planner_);
        REQUIRE(done.has_value());
        return **done;
    }
    void mark(std::int64_t usd) {
        PublishMarks e;
        for (std::uint16_t k = 0; k < held_by_each; ++k)
            e.marks.push_back({.contract = ContractId{k},
                               .mark = usd * 10,
                               .slow = usd * 10,
                               .depth = 1'000'000});
        must(venue::Action{e});
    }
    void tell(const char* name, double value, const char* unit) const {
        print({.name = name,
               .value = value,
               .unit = unit,
               .baseline = "none",
               .setup = "4,000 accounts of 8 perpetuals, in the engine, invariants on"},
              json_);
    }

    bool json_;
    State state_ = flat_venue();
    Planner planner_;
};

}  // namespace
}  // namespace breakwater::bench

int main(int argc, char** argv) {
    using namespace breakwater;
    bench::Bench bench(argc > 1 && std::string(argv[1]) == "--json");
    bench.trades();
    bench.assessments(venue::Purpose::liquidation, "venue_assess_ns");
    bench.assessments(venue::Purpose::opening, "venue_assess_opening_ns");
    bench.liquidations();
    bench.deleveraging();
    return 0;
}
