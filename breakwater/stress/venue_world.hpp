// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "breakwater/stress/price_model.hpp"
#include "breakwater/stress/venue_book.hpp"
#include "breakwater/world/liquidity.hpp"
#include "breakwater/world/reporters.hpp"

/// What surrounds a derivatives venue along one path: prices of assets with the shocks of the
/// scenario and the displacement of earlier sales, what feeds report of them, basis and premium of
/// perpetuals, level and skew of volatilities, depth by the hour, outages.
/// Source: docs/models.md, "A derivatives venue".
namespace breakwater {

class VenueWorld {
  public:
    VenueWorld(const VenueBook& venue, const Scenario& scenario, const BookPrices& prices);

    void begin(const PriceModel& model, std::uint64_t seed, std::uint32_t path);
    void step(std::uint32_t s);

    /// [USD] by AssetId, displacement included.
    [[nodiscard]] std::span<const double> market() const { return market_; }
    /// By asset, what the venue sees from now on.
    [[nodiscard]] std::span<const Report> reports() const { return reports_; }
    [[nodiscard]] bool is_out() const { return is_out_; }
    [[nodiscard]] double seconds_in() const { return seconds_in_; }

    /// [1] mark of a perpetual / its index.
    [[nodiscard]] double mark_factor(std::size_t underlying) const;
    /// [1 per interval] what longs pay, from the premium's average since the last payment, which
    /// begins anew.
    double funding_rate(std::size_t underlying);
    /// [1] volatilities against the start's.
    [[nodiscard]] double level(std::size_t underlying) const { return level_[underlying]; }
    /// The surface of the underlying as it is `elapsed` after the book's, in the storm.
    [[nodiscard]] VolatilitySurface surface(std::size_t underlying, std::int64_t now) const;
    /// [USD] that moves the price by 2 % now, of the asset.
    [[nodiscard]] double depth(AssetId asset) const;
    [[nodiscard]] Liquidity& liquidity() { return liquidity_; }
    [[nodiscard]] const Liquidity& liquidity() const { return liquidity_; }

  private:
    void move_markets(std::uint32_t s);
    void move_volatility(std::uint32_t s);
    void move_basis(std::uint32_t s);
    void spoil_feeds();
    [[nodiscard]] double shock_factor(const VenueScenario::Shock& shock) const;
    [[nodiscard]] double hour_factor() const;

    const VenueBook* venue_;
    const Scenario* scenario_;
    std::vector<std::size_t> root_;
    Liquidity liquidity_;
    Reporters reporters_;
    PricePath path_;
    std::vector<double> market_;
    std::vector<double> before_;  ///< [USD] markets of the step before
    std::vector<double> feed_;
    std::vector<double> ratio_;  ///< price of a pegged asset in its root at the start
    std::span<const Report> reports_;
    std::vector<double> basis_;    ///< [1] ln(perpetual / index), by underlying
    std::vector<double> average_;  ///< [1] of it, that marks carry
    std::vector<double> premium_;  ///< [1] Σ since the last payment
    std::vector<std::uint32_t> premiums_;
    std::vector<double> volatility_;  ///< [1] x, by underlying
    std::vector<double> level_;       ///< [1] e^x
    std::vector<double> noise_;       ///< normals, [basis, volatility][underlying][step]
    struct Shocked {
        std::size_t asset = 0;
        VenueScenario::Shock rule;
    };
    struct Fault {
        AssetId asset{};
        FeedFault fault;
        double at_start = 0;
    };
    std::vector<Shocked> shocks_;
    std::vector<Fault> faults_;
    double seconds_in_ = 0;
    double basis_kept_ = 0;
    double average_kept_ = 0;
    double volatility_kept_ = 0;
    bool is_out_ = false;
};

}  // namespace breakwater
