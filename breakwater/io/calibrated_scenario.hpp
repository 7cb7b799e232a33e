// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "breakwater/io/candles_file.hpp"
#include "breakwater/stress/book.hpp"

/// An unconditional scenario on the user's own candles: the model under which quantiles may be
/// called value at risk. Source: docs/formats.md, "candles"; docs/models.md.
namespace breakwater {

/// Puts a drift-free Student-t model in the place of the scenario's prices: volatility and
/// correlation are those of the candles of volatile assets from `from` on, the degrees of freedom
/// those of returns over the horizon, at most a day, where the candles hold 100 of them, else of the
/// candles' own interval. Other assets keep the rules of the scenario, without drift.
/// InputError where no series prices a volatile asset of the book, or world/calibrate.hpp refuses.
/// @param as_of of the book: how far back the candles end is said
/// @return sentences for the reader
std::vector<std::string> calibrate_scenario(Scenario& scenario, const CandleFile& candles,
                                            std::optional<std::int64_t> from, Time as_of,
                                            std::span<const AssetDescription> assets);

}  // namespace breakwater
