// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/report/trust.hpp"

#include <algorithm>

#include "breakwater/report/format.hpp"

namespace breakwater {
namespace {

/// A share of the steps; a state that no path was in is bounded by how often it can have been missed.
Estimate share_of_steps(const OnlineDistribution& steps, std::uint32_t all) {
    if (steps.positives() == 0) {
        const double most = std::min(1.0, steps.probability_above_zero().high);
        return {0, 0, most, 0.95, true, {}};
    }
    Estimate share = steps.mean(1.0 / all);
    share.high = std::min(1.0, share.high);
    return share;
}

}  // namespace

std::vector<TrustRow> trust_rows_of(const ReportInput& input) {
    std::vector<TrustRow> out;
    const std::vector<FeedTotals>& totals = input.run->feeds;
    for (std::size_t a = 0; a < totals.size(); ++a) {
        TrustRow row;
        row.asset = AssetId{static_cast<std::uint8_t>(a)};
        if (!input.book().state.has_sources(row.asset)) continue;
        for (std::size_t t = 0; t < feeds::trusts; ++t)
            row.share[t] = share_of_steps(totals[a].steps[t], input.setup->steps());
        for (std::size_t r = 0; r < feeds::refusals; ++r)
            if (totals[a].refused[r].positives() != 0)
                row.refused.push_back(
                    {static_cast<feeds::Refusal>(r), totals[a].refused[r].mean(1)});
        out.push_back(std::move(row));
    }
    return out;
}

std::string trust_definition(const ReportInput& input) {
    return "Share of the steps (" + hours_text(input.scenario().step_seconds / 3600) +
           " each) at whose end the feed of an asset stood in a state, mean over paths. Risk is "
           "opened in normal alone; recovering liquidates only who is certainly insolvent, halt "
           "new nobody. A report that is refused is counted and never applied.";
}

std::string plain(std::string_view name) {
    std::string out(name);
    std::ranges::replace(out, '_', ' ');
    return out;
}

}  // namespace breakwater
