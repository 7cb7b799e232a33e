// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "breakwater/core/engine.hpp"
#include "breakwater/stress/amounts.hpp"
#include "breakwater/stress/native_world.hpp"
#include "breakwater/stress/path_runner.hpp"
#include "breakwater/stress/waiting.hpp"

/// The frame of a storm over a native lending market: world, events with their undo and journal, who wakes, who waits,
/// what is lost. What a protocol does differently is asked of its own class (morpho_storm.hpp). The exact engine alone
/// decides what a liquidation takes; floats only choose whom a keeper looks at.
///
/// Who sleeps lies sorted by the health factor at the start. `health_kept` bounds from below what prices and
/// interest have left of it for a whole group, so a step looks at no more than one number per group. Who has woken
/// once is looked at in every step until the path ends. Source: docs/rules.md, WATCH-007.
namespace breakwater {

class NativeStorm : public PathRunner {
  public:
    PathResult run(std::uint32_t path, JournalPort* journal = nullptr) final;

    [[nodiscard]] std::span<const PathLoss> losses() const final { return losses_; }
    [[nodiscard]] const PathSeries& series() const final { return series_; }
    [[nodiscard]] std::span<const ReserveEnd> reserves_at_end() const final {
        return reserves_at_end_;
    }
    [[nodiscard]] std::span<const LayerOutcome> layers() const final { return {}; }
    [[nodiscard]] std::span<const FeedOutcome> feeds() const final { return {}; }
    [[nodiscard]] const std::string& final_digest() const final { return final_digest_; }
    [[nodiscard]] std::size_t memory_bytes() const final;
    /// Looks at everybody after every step: unhealthy accounts that had not woken. For tests.
    void look_at_everybody(bool on) { looks_at_everybody_ = on; }
    [[nodiscard]] std::uint64_t missed() const { return missed_; }

  protected:
    explicit NativeStorm(const StormSetup& setup);

    /// An account in one market.
    struct Borrower {
        AccountId account{};
        std::uint32_t group = 0;   ///< of sleepers
        std::uint8_t market = 0;   ///< row of Book::markets
        bool turned_away = false;  ///< as unprofitable, and not liquidated since
        double incentive = 0;      ///< [USD] when it was found
    };
    /// What it holds or owes of one asset now.
    struct Leg {
        AssetId asset{};
        Side side{};
        double tokens = 0;     ///< [whole tokens] with interest
        double value = 0;      ///< [USD] as the protocol sees it
        double threshold = 0;  ///< [1] of collateral: part of its value that debt may reach
    };
    struct Cash {
        double borrowed = 0;  ///< [whole tokens] with interest
        double supplied = 0;
        double cash = 0;
    };

    // What a protocol adds.
    virtual void tell_prices(std::span<const Report> reports) = 0;  ///< feeds are told already
    virtual void refresh() = 0;                                     ///< interest up to `now_`
    /// Nobody of the group has less left of the health factor at the start.
    [[nodiscard]] virtual double health_kept(std::uint32_t group) const = 0;
    virtual std::span<const Leg> legs_of(const Borrower& borrower) = 0;
    virtual bool is_unhealthy(const Borrower& borrower) = 0;                    ///< exact
    [[nodiscard]] virtual double bonus_of(const Borrower& borrower) const = 0;  ///< [1], largest
    /// [USD] by which the protocol's own rounding may move debt against what may be owed.
    [[nodiscard]] virtual double rounding_of(const Borrower& borrower) const = 0;
    /// One attempt of a keeper; whether it may be worth another one in this step.
    virtual bool liquidate(Borrower& borrower, const Weighed& now) = 0;
    [[nodiscard]] virtual Cash cash_of(AssetId asset) const = 0;
    // What only some protocols have: something of their own at the start of a path, things that wait for a buyer after
    // the liquidations of a step, and at the end.
    virtual void begin() {}
    virtual void trade() {}
    /// @param sell by asset: average price of selling what the unhealthy hold / price
    virtual void assess_stock(std::span<const double> /*sell*/) {}

    /// Called by the constructor of a protocol's storm for each borrower as it stands at the start; then `seal`.
    void add_sleeper(const Borrower& borrower);
    void seal();

    /// nullptr where the engine refuses.
    const Transition* apply_now(const Action& action, MarketId market = {});
    bool refused(Borrower& borrower, Refusal reason);
    [[nodiscard]] KeeperDecision decide(const KeeperQuote& quote) const;
    /// Books what one liquidation took, lost and moved; whether the borrower is unhealthy still.
    bool settle(const Transition& done, const Route& route);
    // The parts of `settle`, for a protocol whose liquidations are told otherwise.
    void include_liquidation();
    void include_purchase() { world_.chain().include(world_.keepers().gas_per_liquidation()); }
    void count_repaid(double usd);
    void settle_loss(const LossRealised& loss, std::uint8_t market);
    /// [USD] lost in the asset by the market as such, in the name of `account`.
    void book_loss(AccountId account, AssetId asset, double at_oracle, std::uint8_t market);
    void book_unrealised(AccountId account, AssetId asset, const std::array<double, 3>& usd,
                         std::uint8_t market);
    [[nodiscard]] double tokens(AssetId asset, Amount amount) const {
        return to_double(amount.raw) * per_token_[index(asset)];
    }
    [[nodiscard]] Weighed weigh(const Borrower& borrower);
    [[nodiscard]] const Book& book() const { return *setup_.book; }

    const StormSetup& setup_;
    State state_;
    NativeWorld world_;
    Time start_{};
    Time now_{};
    PathResult result_;

  private:
    struct Sleeper {
        double health = 0;
        AccountId account{};
        std::uint8_t market = 0;
    };
    struct Group {
        std::vector<Sleeper> sleepers;  ///< by health
        std::size_t woken = 0;
    };

    void begin_path(std::uint32_t path);
    void step(std::uint32_t s);
    void report_prices(std::span<const Report> reports);
    void wake();
    void liquidate_awake();
    void count_missed();
    [[nodiscard]] bool is_unhealthy_now(const Borrower& borrower, const Weighed& now);
    [[nodiscard]] Refusal closed_for_all() const;
    void record_point(std::uint32_t point);
    void end_path();
    void assess_remaining();
    void assess(const Borrower& borrower, std::span<const double> sell,
                std::span<const double> buy);

    Planner planner_;
    std::vector<Change> undo_;
    std::vector<double> per_token_;  ///< 10^-decimals, by asset
    std::vector<Group> groups_;
    std::vector<Borrower> awake_;
    std::vector<PathLoss> losses_;
    PathSeries series_;
    std::vector<ReserveEnd> reserves_at_end_;
    Event report_;
    JournalPort* journal_ = nullptr;
    std::string final_digest_;
    std::uint64_t events_since_check_ = 0;
    std::uint64_t missed_ = 0;
    double repaid_since_point_ = 0;
    double backlog_ = 0;
    double gas_cost_ = 0;
    std::uint8_t market_now_ = 0;  ///< whose event is applied
    bool looks_at_everybody_ = false;
};

}  // namespace breakwater
