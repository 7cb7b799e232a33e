// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "breakwater/core/engine.hpp"
#include "breakwater/core/liquidation/watch.hpp"
#include "breakwater/stress/amounts.hpp"
#include "breakwater/stress/path_runner.hpp"
#include "breakwater/stress/price_model.hpp"
#include "breakwater/stress/waiting.hpp"
#include "breakwater/stress/watched_book.hpp"
#include "breakwater/world/chain.hpp"
#include "breakwater/world/keepers.hpp"

/// One simulated storm over the exact engine. The step, in the order of DESIGN section 9: exogenous prices move, impact
/// decays, reporters publish, `apply` prices, the watch finds who became unhealthy, keepers bid if it pays, `apply`
/// liquidations while the blocks have room, the seized collateral is sold into depth, the next step sees the price.
/// A path ends by undoing its own changes, so it costs what it touched.
namespace breakwater {

/// What all paths of a run share; immutable while they run.
struct StormSetup {
    const Book* book = nullptr;
    Scenario scenario;
    BookPrices book_prices;
    PriceModel prices;
    std::uint64_t seed = 1;
    std::uint32_t grid_points = 0;  ///< points of the report's time grid, the start not counted
    std::uint32_t grid_stride = 1;  ///< steps between them

    [[nodiscard]] std::uint32_t steps() const { return prices.steps(); }
    [[nodiscard]] std::uint32_t grid_point(std::uint32_t step) const { return step / grid_stride; }
};
/// A sentence where scenario and book do not fit.
std::expected<StormSetup, std::string> prepare_storm(const Book& book, Scenario scenario,
                                                     std::uint64_t seed);

/// A sentence where faults, changes or attacks of the scenario name what the book does not have.
std::optional<std::string> unknown_name(const Book& book, const Scenario& scenario);

/// Of the book's debt: contested and suspended together beyond it raise an alarm. Source: FEEDS-042.
inline constexpr double guard_alarm_share = 0.0025;

/// A worker: its own state, its own world. One per thread.
class Storm final : public PathRunner {
  public:
    explicit Storm(const StormSetup& setup);

    /// Runs the path and puts everything back. Losses by account and the course are valid until the next run.
    PathResult run(std::uint32_t path, JournalPort* journal = nullptr) override;

    [[nodiscard]] std::span<const PathLoss> losses() const override { return losses_; }
    [[nodiscard]] const PathSeries& series() const override { return series_; }
    /// By AssetId, at the end of the last path.
    [[nodiscard]] std::span<const ReserveEnd> reserves_at_end() const override { return reserves_at_end_; }
    /// By layer, of the last path.
    [[nodiscard]] std::span<const LayerOutcome> layers() const override { return layers_; }
    /// By AssetId, of the last path; none without a guard.
    [[nodiscard]] std::span<const FeedOutcome> feeds() const override { return feed_outcomes_; }
    /// Digest of the state as the last path left it; computed only for journaled paths.
    [[nodiscard]] const std::string& final_digest() const override { return final_digest_; }
    [[nodiscard]] std::size_t memory_bytes() const override;

  private:
    /// An unhealthy account that nobody has liquidated yet, or one that has only just recovered.
    struct Awake {
        AccountId account{};
        std::uint32_t first = 0;  ///< row of its first holding
        std::uint16_t count = 0;
        bool turned_away = false;  ///< as unprofitable, and not liquidated since
        bool on_both_sides = false;  ///< one asset, under a guard: no float knows which end of the band is meant
        bool is_pair = false;        ///< one collateral and one debt:
        AssetId collateral{};
        AssetId owed{};
        float threshold = 0;   ///< [1] liquidation threshold of a pair's collateral
        float bonus_most = 0;  ///< [1] largest bonus of its collaterals
        double held = 0;       ///< [tokens / index] of a pair's collateral
        double owes = 0;       ///< [tokens / index] of a pair's debt
        double incentive =
            0;  ///< [USD] bonus on all that its collateral can repay, when it was found
    };
    static_assert(sizeof(Awake) <= 64);  // a cache line: every step asks all of them

    void begin_path(std::uint32_t path);
    void step(std::uint32_t s);
    void end_path();
    void rewind();

    void see_prices(std::uint32_t s);
    // storm_feeds.cpp
    void find_faults();
    void spoil_single_feeds(double seconds_in);
    void report_single(double seconds_in);
    void report_sources(double seconds_in, std::uint32_t step);
    void see_marks(const Transition& transition);
    void change_feeds(double seconds_in, std::uint32_t step);
    void attack(double seconds_in);
    /// Where floats are surely right about health: they lack what interest has done since the last price, and the
    /// protocol's rounding to atoms.
    [[nodiscard]] bool is_surely_unhealthy(const Weighed& w, std::size_t legs) const {
        return w.capacity < w.debt * (1 - stray_) - atom_usd_ * static_cast<double>(legs);
    }
    [[nodiscard]] bool is_surely_healthy(const Weighed& w, std::size_t legs) const {
        return w.capacity >= w.debt * (1 + stray_) + atom_usd_ * static_cast<double>(legs);
    }
    [[nodiscard]] bool is_surely_unhealthy(const Weighed& w, const Awake& a) const {
        return !a.on_both_sides && is_surely_unhealthy(w, std::size_t{a.count});
    }
    [[nodiscard]] bool is_surely_healthy(const Weighed& w, const Awake& a) const {
        return !a.on_both_sides && is_surely_healthy(w, std::size_t{a.count});
    }
    void find_stray(AssetId asset);
    [[nodiscard]] std::optional<bool> is_unhealthy_at_a_glance(AccountId account) const;
    enum class Hold : std::uint8_t { none, contested, suspended };
    [[nodiscard]] Hold held_up(const Awake& awake);
    void record_guard(double contested, double suspended);
    void record_trust();
    [[nodiscard]] bool is_wronged(const Awake& awake) const;
    void value_shares(AssetId asset);
    void mark_to_market();
    void refresh_units();
    void set_units(AssetId asset);
    void set_unit_prices(AssetId asset);
    void cover_rate(AssetId asset);
    void wake_found();
    /// Who waits after a step.
    struct Waiting {
        double debt = 0;       ///< [USD]
        double shortfall = 0;  ///< [USD]
        std::array<std::uint32_t, refusal_count> refused{};
    };
    std::size_t wait_on(std::size_t i, std::size_t& kept, Refusal closed, Waiting& sums);
    void liquidate_awake();
    [[nodiscard]] Refusal closed_for_all() const;
    void find_leads();
    [[nodiscard]] Weighed weigh_now(const Awake& a) const { return weigh_at(a, share_value_); }
    [[nodiscard]] Weighed weigh_at(const Awake& a, const std::vector<ShareValue>& values) const {
        if (!a.is_pair) return weigh(holdings_of(a), values);
        const double held = a.held * values[index(a.collateral)].supplied;
        return {.collateral = held,
                .debt = a.owes * values[index(a.owed)].borrowed,
                .capacity = held * static_cast<double>(a.threshold)};
    }
    enum class Wakefulness : std::uint8_t { awake, dozing, asleep };
    Wakefulness wakefulness(const Awake& awake, const Weighed& now);
    Wakefulness awake_when_healthy(Awake& awake);
    [[nodiscard]] Refusal refusal_at_a_glance(const Awake& awake, const Weighed& now) const;
    bool try_liquidate(Awake& awake, const Weighed& now);
    [[nodiscard]] KeeperQuote offer(const Prospect& best, double part) const;
    [[nodiscard]] KeeperDecision decide(const KeeperQuote& offer) const;
    enum class Outcome : std::uint8_t { refused, healthy, unhealthy };
    Outcome submit(const Awake& awake, const Route& route, Size size);
    void settle_losses(const Transition& transition);
    void record_point(std::uint32_t point);
    void assess_remaining();
    [[nodiscard]] bool may_be_insolvent(AccountId account, std::span<const double> sell_factor,
                                        std::span<const double> buy_factor) const;
    void assess_account(AccountId account, std::span<const double> sell_factor,
                        std::span<const double> buy_factor);

    /// nullptr where the engine refuses.
    const Transition* apply_now(const Event& event);
    [[nodiscard]] aave_v3::View view() {
        return {
            .state = state_, .market = aave_market(state_), .grown = planner_.grown(), .now = now_};
    }
    [[nodiscard]] bool look(AccountId account, aave_v3::Pricing pricing = aave_v3::Pricing::point);
    /// What decides who is looked at: the point, and under a guard the end of the band that is worst for the account.
    [[nodiscard]] bool look_awake(AccountId account) {
        return look(account, is_guarded_ ? aave_v3::Pricing::worst : aave_v3::Pricing::point);
    }
    [[nodiscard]] const std::vector<ShareValue>& values_awake() const {
        return is_guarded_ ? share_worst_ : share_value_;
    }
    [[nodiscard]] ShareValue share_value(AssetId asset, double collateral_usd, double debt_usd) const;
    void put_to_sleep(AccountId account);
    void rest(const Awake& awake);
    void wake_naps();
    [[nodiscard]] double usd_at(const std::vector<double>& prices, AssetId asset,
                                Amount amount) const {
        return to_double(amount.raw) * per_atom_[index(asset)] * prices[index(asset)];
    }
    [[nodiscard]] std::span<const Holding> holdings_of(const Awake& awake) const {
        return std::span(holdings_).subspan(awake.first, awake.count);
    }
    void measure(Awake& out);

    const StormSetup& setup_;
    State state_;
    Planner planner_;
    Watch watch_;
    Liquidity liquidity_;
    Chain chain_;
    Reporters reporters_;
    SourceReporters sources_;
    Keepers keepers_;
    PricePath path_;
    std::size_t assets_ = 0;

    // Of the path.
    Time start_{};
    Time now_{};
    std::uint32_t shares_an_atom_ = 1;  ///< of the book: for the watch's weights
    Time units_until_{};  ///< the watch's unit values hold up to this time
    std::vector<Change> undo_;
    std::vector<double> market_;  ///< [USD] market price per token, displacement included
    std::vector<double> oracle_;  ///< [USD] what the venue sees
    std::vector<double> exogenous_;
    std::vector<double>
        feed_;  ///< [USD] what reporters read: the market, for a pegged asset its root's × ratio
    std::vector<Ray> unit_rate_;  ///< [ray/year] borrow rate that the watch's unit values carry
    std::vector<UnitFactor> supply_factor_;  ///< of the watch's unit values, up to `units_until_`
    std::vector<UnitFactor> debt_factor_;
    std::vector<double> per_oracle_;  ///< [1/USD] 1 / oracle_
    std::vector<double> lead_;        ///< market price / oracle price
    double lead_most_ = 1;
    double lead_least_ = 1;
    std::vector<double> chain_noise_;
    std::vector<Awake> awake_;
    std::vector<Awake> naps_;              ///< healthy by little under a guard: asked here, not by the watch
    bool told_ = true;                     ///< a price, a rate or a nap, since naps were asked
    bool may_nap_ = false;
    std::vector<Holding> holdings_;        ///< of the awake; rows are not given back within a path
    std::vector<ShareValue> share_value_;  ///< by asset, now
    std::vector<double> stray_of_;         ///< by asset: [1] by how much floats may be wrong up to `units_until_`
    double stray_ = 0;                     ///< [1] the most of them
    double atom_usd_ = 0;                  ///< [USD] what rounding may take in one leg
    bool floats_tell_ = true;              ///< floats weigh at the prices that the look is at
    std::vector<AccountId> found_;
    std::vector<PathLoss> losses_;
    std::vector<bool> has_layer_;
    PathSeries series_;
    std::vector<ReserveEnd> reserves_at_end_;
    std::vector<LayerOutcome> layers_;
    std::vector<FeedOutcome> feed_outcomes_;
    PathResult result_;
    double repaid_since_point_ = 0;
    double backlog_ = 0;
    double gas_cost_ = 0;  ///< [USD] of one liquidation in this step
    JournalPort* journal_ = nullptr;
    std::string final_digest_;
    std::uint64_t events_since_check_ = 0;
    std::uint64_t looks_before_ = 0;
    std::vector<double> ratio_;     ///< price of a pegged asset in its root at the start
    std::vector<double> per_atom_;  ///< 10^-decimals
    Event report_;                  ///< kept, so that a tick allocates nothing
    Event source_report_;

    // Of the guard and of what goes wrong with feeds.
    bool is_guarded_ = false;
    bool has_single_feeds_ = true;         ///< some asset has one source only
    double book_debt_ = 0;                 ///< [USD] at the start
    std::vector<ShareValue> share_best_;   ///< by asset: collateral at hi, debt at lo
    std::vector<ShareValue> share_worst_;  ///< by asset: the other way round
    std::vector<feeds::Liquidations> allowed_;  ///< by asset, in this step
    struct SingleFault {
        AssetId asset{};
        FeedFault fault;
        double at_start = 0;  ///< [USD] what the feed said when the fault began
    };
    struct ChangeNow {
        AssetId asset{};
        Scenario::FeedChange rule;
        double factor = 1;
        bool is_done = false;
        bool is_in_force = false;
    };
    struct AttackNow {
        AccountId account{};
        AssetId collateral{};
        AssetId debt{};
        Scenario::Attack rule;
        bool is_done = false;
    };
    std::vector<SingleFault> single_faults_;
    std::vector<ChangeNow> changes_;
    std::vector<AttackNow> attacks_;
    std::vector<WatchLeg> legs_;
};

}  // namespace breakwater
