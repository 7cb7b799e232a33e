// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <vector>

#include "breakwater/core/event.hpp"
#include "breakwater/stress/scenario.hpp"

/// Several sources for the assets of a book: as the book says, or equal ones where it says nothing, so that any book
/// can be run with and without the guard. Source: docs/rules.md, FEEDS-028; docs/formats.md, [asset.feed].
namespace breakwater {

/// The limits that suit the asset's kind: WETH, WBTC and what is pegged to another asset as major, stablecoins as
/// pegged, all others as liquid.
feeds::Tier tier_of(const AssetDescription& asset);

/// Every asset that has one source gets `count` of equal weight that report as that one does, a basis point apart.
void give_sources(Book& book, std::uint32_t count, double step_seconds);

/// The change of wiring that sets an asset's sources up as described, each saying the price that the book has.
SetFeed feed_event(const Book& book, AssetId asset);

/// Wires all assets that have sources, then sets the guard where the book is guarded; through the engine. Returns the
/// events, which a journal that starts from the book alone must begin with.
std::vector<Event> wire(Book& book);

/// The assets' own feeds as the world runs them, those frozen that the scenario freezes.
std::vector<FeedParameters> feed_parameters(const Book& book, const Scenario& scenario);

/// The sources as the world runs them, with the faults of the scenario.
std::vector<SourceSetup> source_setups(const Book& book, const Scenario& scenario);

/// Of each asset, with the scenario's own factors for single assets.
std::vector<LiquidityParameters> depths_in(const Book& book, const Scenario& scenario);

}  // namespace breakwater
