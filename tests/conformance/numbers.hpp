// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "breakwater/core/error.hpp"
#include "breakwater/core/math.hpp"
#include "breakwater/core/size.hpp"

/// Decimal strings of the vectors in and out, and what differs.
namespace breakwater::conformance {

/// "All" for 2^256 − 1 and for anything beyond 128 bits, which no balance reaches.
Size size_of(const std::string& decimal);
uint128 number(const nlohmann::json& decimal);
/// The largest 128-bit number for anything beyond: more than any balance, and refused as such.
uint128 number_at_most(const nlohmann::json& decimal);
Uint256 wide_number(const nlohmann::json& decimal);
int128 signed_number(const nlohmann::json& decimal);
std::string text(uint128 v);
std::string text(const Uint256& v);
std::string signed_text(int128 v);

/// One line for each value that differs.
class Differences {
  public:
    void compare(const std::string& what, const nlohmann::json& want, const std::string& got);
    void compare(const std::string& what, const nlohmann::json& want, bool got);
    void add(std::string line) { lines_.push_back(std::move(line)); }
    [[nodiscard]] std::vector<std::string> lines() const { return lines_; }

  private:
    std::vector<std::string> lines_;
};

/// A revert of the contracts and the engine's reasons for it.
struct Reason {
    const char* revert;  ///< the name before '(', or a selector
    std::vector<Error> errors;
};
bool matches(const std::vector<Reason>& reasons, const std::string& revert, Error error);

}  // namespace breakwater::conformance
