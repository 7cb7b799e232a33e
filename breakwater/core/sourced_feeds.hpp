// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/core/draft.hpp"

/// Events of assets with several sources: what they say is believed or counted, each asset's machine takes a step, and
/// the row that all readers look at follows. Source: docs/rules.md, FEEDS-010 to FEEDS-024, FEEDS-028 and FEEDS-029.
namespace breakwater {

/// source_unknown where a report names a source that is not there; nothing else is refused whole.
Status report_sources(Draft& draft, const ReportSources& event);

/// wiring_invalid where sources, weights or limits do not make a feed, or where what they say now makes no price.
/// Whether the change may hold is asked afterwards (FEEDS-037).
Status set_feed(Draft& draft, const SetFeed& event);

/// One step of the asset's machine with what a person has said.
Status direct_feed(Draft& draft, const DirectFeed& event);

Status set_guard(Draft& draft, const SetGuard& event);

/// [1e-8] A ratio of 1 in a report.
inline constexpr std::uint64_t ratio_one = 100'000'000;

/// The sources of one asset as its machine sees them: ratios made prices at the base's point, the cap applied.
struct SourcesSeen {
    feeds::Voices voices;
    std::uint64_t uncapped = 0;  ///< [1e-8 USD] what a binding cap has hidden; 0: none binds
};
SourcesSeen sources_seen(const Draft& draft, AssetId asset);

}  // namespace breakwater
