// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/world/sources.hpp"

#include <algorithm>
#include <limits>

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
      before_fault_(sources_.size()),
      scale_(256, 1.0) {
    for (std::size_t k = 0; k < sources_.size(); ++k) {
        const SourceSetup& s = sources_[k];
        if (groups_.empty() || groups_.back().asset != s.asset)
            groups_.push_back({.asset = s.asset, .first = k, .end = k, .is_plain = true, .calm = {}});
        groups_.back().end = k + 1;
        groups_.back().is_plain &= !s.is_ratio && s.faults.empty();
    }
}

double SourceReporters::clean(std::size_t k, std::span<const double> market_usd) const {
    const SourceSetup& s = sources_[k];
    const double price = market_usd[index(s.asset)] * (1 + s.spread) * scale_[index(s.asset)];
    return s.is_ratio ? price / market_usd[index(s.base)] : price;
}

void SourceReporters::reset(std::span<const double> market_usd) {
    std::ranges::fill(scale_, 1.0);
    for (std::size_t k = 0; k < sources_.size(); ++k)
        before_fault_[k] = clean(k, market_usd);
    reporters_.reset(before_fault_);
    for (Group& g : groups_) g.calm = {};
}

void SourceReporters::step_source(std::size_t k, double now, std::span<const double> market_usd,
                                  double delay) {
    const SourceSetup& s = sources_[k];
    double said = clean(k, market_usd);
    if (!s.faults.empty()) {
        const double price = said;
        bool is_faulty = false;
        bool is_silent = false;
        for (const FeedFault& fault : s.faults) {
            if (!fault.holds_at(now)) continue;
            is_faulty = true;
            is_silent |= fault.kind == FeedFault::Kind::silent;
            said = fault.said(said, before_fault_[k]);
        }
        if (!is_faulty) before_fault_[k] = price;
        reporters_.freeze_feed(k, is_silent || s.reporting.frozen);
    }
    reporters_.step_feed(k, now, said, delay);
}

Reporters::Calm SourceReporters::calm(const Group& group) const {
    if (!group.is_plain) return {};
    constexpr double never = std::numeric_limits<double>::infinity();
    Reporters::Calm out{.least = 0, .most = never, .until = never};
    for (std::size_t k = group.first; k < group.end; ++k) {
        const Reporters::Calm own = reporters_.calm(k);
        const double per_market = 1 / ((1 + sources_[k].spread) * scale_[index(group.asset)]);
        out.least = std::max(out.least, own.least * per_market);
        out.most = std::min(out.most, own.most * per_market);
        out.until = std::min(out.until, own.until);
    }
    return out;
}

std::span<const SourceSaid> SourceReporters::step(double now, std::span<const double> market_usd,
                                                  double delay) {
    reporters_.begin_step();
    for (Group& g : groups_) {
        const double price = market_usd[index(g.asset)];
        if (now < g.calm.until && price > g.calm.least && price < g.calm.most) continue;
        for (std::size_t k = g.first; k < g.end; ++k)
            step_source(k, now, market_usd, delay);
        g.calm = calm(g);
    }
    visible_.clear();
    for (const Report& r : reporters_.visible()) {
        const SourceSetup& s = sources_[r.feed];
        visible_.push_back({.asset = s.asset, .number = s.number, .value = r.usd, .sent = r.sent});
    }
    return visible_;
}

}  // namespace breakwater
