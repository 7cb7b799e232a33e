// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "breakwater/core/engine.hpp"
#include "numbers.hpp"

/// Aave v3.7 cases: the contracts' raw storage in, the engine's state beside it, and what differs.
namespace breakwater::conformance {

/// A state made from a case's config and storage, with names kept in the case's order.
class AaveCase {
  public:
    AaveCase(const nlohmann::json& config, const std::vector<std::string>& users,
             const nlohmann::json& storage, std::uint64_t timestamp, const nlohmann::json& prices);

    [[nodiscard]] AccountId account(const std::string& address) const;
    void report_prices(std::uint64_t timestamp, const nlohmann::json& prices);

    State state;
    Planner planner;

    /// Every integer of `expected` that differs, one line each; empty when all are equal.
    std::vector<std::string> differences(const nlohmann::json& expected, std::uint64_t timestamp);

  private:
    std::vector<std::string> users_;
};

/// The engine's reason for a revert of the contracts; matched by the name before '('. Empty: not known.
std::vector<Error> errors_for(const std::string& revert);

}  // namespace breakwater::conformance
