// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <initializer_list>
#include <vector>

#include "breakwater/core/feeds/asset.hpp"

/// Sources of one asset in tests: all of one weight, all reporting at one moment, unless a test says otherwise.
namespace breakwater::feeds::given {

inline constexpr std::uint64_t usd = 100'000'000;  ///< [1e-8 USD]

struct Feed {
    Limits limits = limits_of(Tier::major);
    std::vector<Source> sources;
    std::vector<SourceRow> rows;
    AssetRow row;
    Circumstances told;
    std::uint64_t now = 1'700'000'000;

    explicit Feed(std::size_t n) : sources(n, Source{.weight = 1}), rows(n) {}

    Refusal say(std::size_t source, int128 price, std::uint64_t confidence = 0) {
        const Report report{price, confidence, now, rows[source].sequence + 1};
        const Accepted out =
            accept(sources[source], rows[source], report, reference_of(row), limits, Time{now});
        rows[source] = out.row;
        return out.refusal;
    }
    void say_all(std::initializer_list<std::uint64_t> prices) {
        std::size_t source = 0;
        for (const std::uint64_t price : prices)
            say(source++, price);
    }
    [[nodiscard]] Observation seen() const { return observe(sources, rows, limits, Time{now}); }
    Mark step() {
        row = feeds::step(row, seen(), told, limits, Time{now});
        return mark_of(row);
    }
    /// A second later every source says this.
    Mark tick(std::initializer_list<std::uint64_t> prices) {
        ++now;
        say_all(prices);
        return step();
    }
    /// The same prices again and again, a second apart.
    Mark ticks(std::size_t n, std::initializer_list<std::uint64_t> prices) {
        Mark out;
        for (std::size_t i = 0; i < n; ++i)
            out = tick(prices);
        return out;
    }
};

}  // namespace breakwater::feeds::given
