// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/world/sources.hpp"

#include <algorithm>

namespace breakwater {
namespace {

std::vector<FeedParameters> reporting_of(std::span<const SourceSetup> sources) {
    std::vector<FeedParameters> out;
    for (const SourceSetup& s : sources)
        out.push_back(s.reporting);
    return out;
}

}  // namespace

double FeedFault::said(double market, double at_start) const {
    switch (kind) {
        case Kind::silent:
        case Kind::stuck:
            return at_start;
        case Kind::zero:
            return 0;
        case Kind::scaled:
            return market * value;
        case Kind::pinned:
            return value;
        case Kind::floor:
            return std::max(market, value);
        case Kind::ceiling:
            return std::min(market, value);
    }
    return market;
}

SourceReporters::SourceReporters(std::vector<SourceSetup> sources, const OracleScenario& scenario,
                                 double step_seconds)
    : sources_(std::move(sources)),
      reporters_(reporting_of(sources_), scenario, step_seconds),
      says_(sources_.size()),
      before_fault_(sources_.size()),
      scale_(256, 1.0) {}

double SourceReporters::clean(std::size_t k, std::span<const double> market_usd) const {
    const SourceSetup& s = sources_[k];
    const double price = market_usd[index(s.asset)] * (1 + s.spread) * scale_[index(s.asset)];
    return s.is_ratio ? price / market_usd[index(s.base)] : price;
}

void SourceReporters::reset(std::span<const double> market_usd) {
    std::ranges::fill(scale_, 1.0);
    for (std::size_t k = 0; k < sources_.size(); ++k)
        says_[k] = before_fault_[k] = clean(k, market_usd);
    reporters_.reset(says_);
}

std::span<const SourceSaid> SourceReporters::step(double now, std::span<const double> market_usd,
                                                  double delay) {
    for (std::size_t k = 0; k < sources_.size(); ++k) {
        const double price = clean(k, market_usd);
        says_[k] = price;
        if (sources_[k].faults.empty()) continue;
        double said = price;
        bool is_faulty = false;
        bool is_silent = false;
        for (const FeedFault& fault : sources_[k].faults) {
            if (!fault.holds_at(now)) continue;
            is_faulty = true;
            is_silent |= fault.kind == FeedFault::Kind::silent;
            said = fault.said(said, before_fault_[k]);
        }
        if (!is_faulty) before_fault_[k] = price;
        says_[k] = said;
        reporters_.freeze_feed(k, is_silent || sources_[k].reporting.frozen);
    }
    visible_.clear();
    for (const Report& r : reporters_.step(now, says_, delay)) {
        const SourceSetup& s = sources_[r.feed];
        visible_.push_back({.asset = s.asset, .number = s.number, .value = r.usd, .sent = r.sent});
    }
    return visible_;
}

}  // namespace breakwater
