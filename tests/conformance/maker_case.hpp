// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>
#include <vector>

#include "breakwater/core/engine.hpp"
#include "numbers.hpp"

/// Maker cases: the contracts' storage in, the market beside it, and what differs.
namespace breakwater::conformance {

/// A market made from a case's parameters and state before the first step, with names kept in the case's order.
class MakerCase {
  public:
    explicit MakerCase(const nlohmann::json& c);

    [[nodiscard]] AccountId account(const std::string& address) const;
    /// The step's own event.
    [[nodiscard]] maker::Action action_of(const nlohmann::json& step) const;
    /// What happens before each step: the price of the step is poked.
    [[nodiscard]] static maker::Action poke_of(const nlohmann::json& step);

    /// Every integer of `expected` that differs, one line each.
    void compare(Differences& out, const nlohmann::json& expected, std::uint64_t timestamp) const;

    State state;
    Planner planner;

  private:
    [[nodiscard]] maker::Market& market() { return std::get<maker::Market>(state.markets[0]); }
    [[nodiscard]] const maker::Market& market() const {
        return std::get<maker::Market>(state.markets[0]);
    }
    void load_parameters(const nlohmann::json& parameters, std::uint64_t start);
    void load_state(const nlohmann::json& pre);
    void load_sales(const nlohmann::json& sales);

    std::vector<std::string> names_;
};

}  // namespace breakwater::conformance
