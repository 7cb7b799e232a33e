// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/core/rulebooks/venue_market.hpp"

/// What a change of margin may be. Source: docs/rules.md, VENUE-014.
namespace breakwater::venue {

/// No position needs more maintenance margin under `margin` than under `before`. Says no in doubt.
bool is_no_stricter(const MarginTerms& margin, const MarginTerms& before);

/// deduction_k = deduction_{k−1} + lower_k · (rate_k − rate_{k−1}); what stands behind the last
/// tier is cleared. Source: MARGIN-010.
void set_deductions(MarginTerms& margin);

}  // namespace breakwater::venue
