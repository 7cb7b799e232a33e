// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "breakwater/core/book.hpp"
#include "breakwater/core/event.hpp"
#include "morpho_blue.hpp"

/// The slow twin of an Aave v3 reserve set: every event over again from docs/rules.md (INTEREST-001 to AAVE-036,
/// WATERFALL-001 to 003 and 007), in integers of any width, on a state of its own. Nothing is kept between events but
/// the book.
namespace breakwater::reference {

class AaveTwin {
  public:
    /// Begins where `state`, whose only market is an Aave v3 one, stands.
    explicit AaveTwin(const State& state);

    /// Nothing where the event is done; otherwise why it is refused, and then nothing has changed.
    std::optional<Error> apply(const State& /*feeds*/, const Event& event);

    /// The first number in which the engine's state differs, in words; empty where none does.
    [[nodiscard]] std::string difference(const State& state) const;

  private:
    struct Leg {
        Integer supplied, borrowed;
        bool collateral = false;
        bool borrowing = false;
    };
    struct Account {
        std::uint16_t emode = 0;
        std::map<std::uint8_t, Leg> legs;
    };
    struct Reserve {
        Integer liquidity_index, borrow_index, liquidity_rate, borrow_rate;
        Integer supplied, borrowed, to_treasury, cash, deficit;
        std::uint64_t updated = 0;
    };
    struct Layer {
        Integer cover, paid, pending;
        std::uint64_t asset = 0;
        LayerKind kind{};
        std::uint8_t stake = 0;
        std::uint32_t fee = 0;
        std::uint32_t account = 0;
    };
    struct Slash {
        Integer slashed, covered;
        std::optional<Error> refused;
    };
    struct Book {
        std::vector<aave_v3::Parameters> parameters;
        std::vector<aave_v3::EMode> emodes;
        std::vector<Reserve> reserves;
        std::vector<Account> accounts;
        std::vector<Integer> prices, custody;
        std::vector<Layer> layers;
        std::uint64_t now = 0;
    };
    struct Terms {
        std::uint32_t ltv = 0;
        std::uint32_t threshold = 0;
        std::uint32_t bonus = 0;
    };
    struct Figures {
        Integer collateral, debt, thresholds, ltvs;
        bool powerless = false;  ///< holds collateral without borrowing power

        [[nodiscard]] Integer health_factor() const;
        [[nodiscard]] bool is_unhealthy() const;
    };

    void act(const ReportPrices& e);
    void act(const Supply& e);
    void act(const Withdraw& e);
    void act(const Borrow& e);
    void act(const Repay& e);
    void act(const SetCollateral& e);
    void act(const SetEMode& e);
    void act(const MintToTreasury& e);
    void act(const Liquidate& e);
    void act(const EliminateDeficit& e);
    void act(const CoverDeficit& e);
    void act(const SlashStake& e);
    void act(const SetParameters& e);
    void act(const SetEModeParameters& e);

    void demand_names(const auto& e) const;
    void demand_usable(AssetId asset) const;
    void demand_health_and_power(const Account& account, AssetId asset);
    Reserve& accrue(AssetId asset);
    void reprice(AssetId asset);
    void flow(AssetId asset, const Integer& in, const Integer& out);
    [[nodiscard]] Terms terms_of(std::uint16_t emode, std::uint8_t asset) const;
    [[nodiscard]] Figures figures_of(const Account& account);
    void credit(std::uint32_t account, AssetId asset, const Integer& shares);
    std::map<std::uint8_t, Integer> burn_everything(Account& account);
    Integer within(Integer v, unsigned bits);
    void bear(std::uint32_t account, AssetId asset, const Integer& loss);
    [[nodiscard]] static Integer socialise(Reserve& r, const Layer& layer, const Integer& open);
    [[nodiscard]] Layer* layer_of(AssetId asset, LayerKind kind);
    [[nodiscard]] Integer supply_of(std::uint32_t account, std::uint8_t asset);
    [[nodiscard]] Integer income_of(std::uint8_t asset);
    [[nodiscard]] Integer debt_index_of(std::uint8_t asset);
    [[nodiscard]] Slash sized(const Layer& layer, const Integer& deficit);
    void slash(Layer& layer, const Slash& size);
    void burn(std::uint32_t account, AssetId asset, const Integer& amount);
    [[nodiscard]] bool owes(std::uint32_t account) const;

    Book book_;
    std::uint32_t treasury_ = 0;
    bool too_wide_ = false;  ///< a number of this event does not fit the engine's widths
};

}  // namespace breakwater::reference
