// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "breakwater/core/engine.hpp"
#include "breakwater/core/rulebooks/venue_opportunities.hpp"
#include "breakwater/core/waterfall/queues.hpp"
#include "breakwater/stress/price_model.hpp"
#include "breakwater/stress/settlement_average.hpp"
#include "breakwater/stress/storm.hpp"
#include "breakwater/stress/venue_arrays.hpp"
#include "breakwater/stress/venue_book.hpp"
#include "breakwater/stress/venue_path.hpp"
#include "breakwater/stress/venue_wallets.hpp"
#include "breakwater/stress/venue_watch.hpp"
#include "breakwater/stress/venue_world.hpp"
#include "breakwater/world/option_batch.hpp"

/// One simulated storm over a derivatives venue, every change an event of the one engine. A step:
/// the world moves, the venue sees what its feeds report, marks, pays funding and publishes risk
/// arrays, finds who is below maintenance, liquidates in slices against depth, hands over to the
/// vault, and ends who is below zero through fund, deleveraging and haircut of gains. What was sold
/// moves the market of the next step. A path ends by undoing what it did to accounts and putting
/// the tables of contracts back, so it costs what it touched.
namespace breakwater {

/// What all paths of a run share; immutable while they run.
struct VenueSetup {
    VenueBook venue;  ///< with the positions of the scenario's attacks
    Scenario scenario;
    BookPrices book_prices;
    PriceModel prices;
    std::uint64_t seed = 1;
    std::uint32_t grid_points = 0;     ///< points of the report's time grid, the start not counted
    std::uint32_t grid_stride = 1;     ///< steps between them
    std::vector<std::string> notices;  ///< what the venue's rules kept attackers from
    std::vector<Wallets> wallets;      ///< of the attackers, opened behind the book's accounts
    std::vector<Event> before;         ///< that gave the attackers their positions
    bool with_queue = true;            ///< reckon what the queue would have closed

    [[nodiscard]] std::uint32_t steps() const { return prices.steps(); }
    [[nodiscard]] std::uint32_t grid_point(std::uint32_t step) const { return step / grid_stride; }
};
/// A sentence where scenario and book do not fit.
std::expected<VenueSetup, std::string> prepare_venue_storm(VenueBook venue, Scenario scenario,
                                                           std::uint64_t seed);

/// A worker: its own state, its own world. One per thread.
class VenueStorm {
  public:
    explicit VenueStorm(const VenueSetup& setup);

    /// Runs the path and puts everything back. Losses and course are valid until the next run.
    VenuePathResult run(std::uint32_t path, JournalPort* journal = nullptr);

    [[nodiscard]] std::span<const VenueLoss> losses() const { return losses_; }
    [[nodiscard]] const VenueSeries& series() const { return series_; }
    /// Digest of the state as the last path left it; computed only for journaled paths.
    [[nodiscard]] const std::string& final_digest() const { return final_digest_; }
    [[nodiscard]] std::size_t memory_bytes() const;
    /// Looks at everybody after every step: accounts below maintenance that the watch had not
    /// found. For tests.
    void look_at_everybody(bool on) { looks_at_everybody_ = on; }
    [[nodiscard]] std::uint64_t missed() const { return missed_; }

  private:
    /// An account in liquidation.
    struct Awake {
        AccountId account{};
        double notional = 0;  ///< [USD] of its positions when it was last looked at
    };

    void begin_path(std::uint32_t path);
    void step(std::uint32_t s);
    void end_path();
    void rewind();
    void find_holders();
    void margin_changes();
    void record_point(std::uint32_t point);
    [[nodiscard]] double vault_worth() const;

    // venue_storm_publish.cpp
    void report_prices();
    void publish_marks();
    void pay_funding(std::uint32_t step);
    void publish_arrays();
    [[nodiscard]] bool is_averaging() const;
    void fix_averages();
    void settle_expiries();
    [[nodiscard]] double delivery_of(venue::ContractId contract) const;
    std::span<const double> option_prices(std::size_t underlying);
    [[nodiscard]] venue::MarkOf mark_of(venue::ContractId contract, double depth) const;
    [[nodiscard]] double forward_of(venue::ContractId contract) const;
    [[nodiscard]] double array_moved(std::size_t contract, const venue::RiskArray& before,
                                     const venue::RiskArray& after) const;
    void tell_contract(std::size_t contract);
    void tell_asset(std::size_t asset);

    // venue_storm_watch.cpp
    void build_watch();
    void look_at(AccountId account, bool is_path);
    void sleep(AccountId account, const Standing& standing);
    struct Exposure;
    [[nodiscard]] double requirement_by_price(AccountId account, const venue::Position& p) const;
    void expose_position(AccountId account, const venue::Position& p, Exposure& out);
    void expose_balance(AccountId account, AssetId asset, Exposure& out);
    void add_leg(std::size_t side, double weight, double stride);
    void find_unhealthy();
    void look_at_touched();
    void count_missed();

    // venue_storm_liquidations.cpp
    void liquidate_all();
    bool liquidate(AccountId account, bool is_first_slice);
    bool try_position(const venue::Opportunity& o);
    [[nodiscard]] bool reduces(AccountId liquidator, venue::ContractId contract,
                               std::int64_t held) const;
    [[nodiscard]] bool has_room(AccountId account, venue::ContractId contract) const;
    void note_refusal(std::size_t liquidator);
    bool try_collateral(const venue::Opportunity& o);
    void take_over(AccountId account);
    void resolve(AccountId account);
    void record(AccountId account, const Transition& done);
    void ask_few(AccountId account);
    void ask_many(AccountId account);
    void finish_asked(AccountId account);
    [[nodiscard]] bool is_borne(const Transition& resolution) const;
    void note_need(AccountId account);
    void reckon_queue();
    [[nodiscard]] std::vector<QueuedHolder> queue_holders(venue::ContractId contract, bool shorts,
                                                          std::vector<AccountId>& accounts) const;
    void press(venue::ContractId contract, double lots);
    void measure_backlog();

    enum class How : std::uint8_t {
        publication,  ///< changes only rows that are put back whole when the path ends
        action,
        if_borne,  ///< an action, where those whom it names bear the whole loss
    };
    /// nullptr where the engine refuses, or the loss is not borne.
    const Transition* apply_now(const Event& event, How how);
    const Transition* act(const venue::Action& action) {
        return apply_now({.time = now_, .market = {}, .action = action}, How::action);
    }
    void publish(const venue::Action& action);
    [[nodiscard]] const venue::Market& market() const {
        return std::get<venue::Market>(state_.markets[0]);
    }
    [[nodiscard]] venue::View view() const { return {state_, market(), now_}; }
    [[nodiscard]] double usd_of(AssetId asset, uint128 atoms) const {
        return to_double(atoms) * per_atom_[index(asset)] * price_[index(asset)];
    }
    [[nodiscard]] double notional_of(venue::ContractId contract) const {
        return 1e-8 * static_cast<double>(market().contracts[venue::index(contract)].notional);
    }
    void touch(AccountId account);
    void touch_linked(AccountId account);
    [[nodiscard]] std::size_t array_side(std::size_t underlying) const {
        return 2 * (contracts_ + assets_) + underlying;
    }

    const VenueSetup& setup_;
    State state_;
    Planner planner_;
    VenueWatch watch_;
    VenueWorld world_;
    ArrayMaker arrays_;
    std::size_t contracts_ = 0;
    std::size_t assets_ = 0;

    // Of the path.
    Time start_{};
    Time step_time_{};
    Time now_{};
    std::vector<Change> undo_;
    std::vector<double> price_;         ///< [USD] by AssetId, what the venue sees
    std::vector<double> per_atom_;      ///< 10^-decimals
    std::vector<double> option_index_;  ///< [USD] by underlying, at the last marks of options
    std::vector<double> option_at_;     ///< [s] by underlying
    OptionBatch options_;               ///< kept, so that marking allocates nothing
    std::vector<double> array_index_;   ///< [USD] by underlying, at the last arrays
    std::vector<double> array_at_;      ///< [s] by underlying
    std::vector<double> array_clock_;   ///< [1] by underlying, how far arrays have moved
    std::vector<double> array_scale_;   ///< [USD a lot] by contract
    std::vector<double> slow_;          ///< [ticks] by contract
    std::vector<double> array_lots_;    ///< [USD] by underlying, of the account at hand
    std::vector<Time> refused_at_;  ///< by place among the liquidators, for want of margin
    Error refusal_{};               ///< of the last event that was refused
    std::vector<Awake> awake_;
    std::vector<AccountId> awake_at_start_;
    std::vector<std::uint64_t> queue_need_;  ///< [lots] by contract and side that is asked
    std::vector<std::pair<std::size_t, AccountId>> queue_closed_;  ///< of the path
    std::vector<std::size_t> working_;
    std::vector<std::uint8_t> is_awake_;    ///< by account
    std::vector<std::uint8_t> is_touched_;  ///< by account
    std::vector<AccountId> touched_;
    std::vector<AccountId> found_;
    std::vector<AccountId> asked_;  ///< counterparties of a resolution
    std::vector<VenueLeg> legs_;
    std::vector<VenueLoss> losses_;
    VenueSeries series_;
    VenuePathResult result_;
    double liquidated_since_point_ = 0;
    double backlog_ = 0;
    double vault_at_start_ = 0;
    bool is_closed_ = false;
    bool opens_again_ = false;
    JournalPort* journal_ = nullptr;
    std::string final_digest_;
    std::uint64_t events_since_check_ = 0;
    std::uint64_t missed_ = 0;
    bool looks_at_everybody_ = false;
    Event report_;  ///< kept, so that a tick allocates nothing
    Event marks_;
    std::vector<venue::Opportunity> opportunities_;

    // Of the book.
    std::vector<double> strike_;     ///< [USD] by contract
    std::vector<double> carry_;      ///< [1] by contract: delivery price / index at the start
    std::vector<bool> has_options_;  ///< by underlying
    std::vector<bool> has_arrays_;   ///< by underlying
    std::vector<std::vector<AccountId>> cluster_members_;
    std::vector<std::vector<std::uint16_t>> contracts_of_;  ///< by underlying
    /// By contract, longs then shorts: holders at the start, largest first.
    std::vector<std::array<std::vector<AccountId>, 2>> holders_;
    std::vector<AccountId> largest_;             ///< holders of any contract
    std::vector<double> underlying_volatility_;  ///< [per √year]
    std::vector<double> asset_volatility_;       ///< [per √year] by AssetId
    double mark_seconds_ = 0;   ///< [s] after which an option is marked anew: before it is too old
    double array_seconds_ = 0;  ///< [s] after which arrays are published: before they expire
    std::uint64_t first_expiry_ = ~std::uint64_t{0};  ///< [s]
    std::vector<SettlementAverage> average_;          ///< by contract
    std::vector<double> largest_gain_;  ///< [1] by asset: what a scenario adds to its price at most
};

}  // namespace breakwater
