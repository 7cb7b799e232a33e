// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "breakwater/core/book.hpp"
#include "breakwater/core/rulebooks/maker.hpp"

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

    /// Plans the event and writes it, unless it is refused.
    Status apply(std::uint64_t timestamp, const maker::Action& action);

    /// Every integer of `expected` that differs, one line each; empty when all are equal.
    [[nodiscard]] std::vector<std::string> differences(const nlohmann::json& expected,
                                                       std::uint64_t timestamp) const;
    /// The first promise that does not hold, or that undoing the last event would not lead back.
    [[nodiscard]] std::string broken() const;

  private:
    void load_parameters(const nlohmann::json& parameters, std::uint64_t start);
    void load_state(const nlohmann::json& pre);
    void load_sales(const nlohmann::json& sales);

    State state_;
    maker::Market market_;
    maker::MakerDesk desk_;
    Transition transition_;
    bool undo_leads_back_ = true;
    std::vector<std::string> names_;
};

/// The reason for a revert of the contracts. Empty: not known.
std::vector<Error> maker_errors_for(const std::string& revert);

}  // namespace breakwater::conformance
