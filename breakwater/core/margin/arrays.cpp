// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/margin/arrays.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "breakwater/core/require.hpp"
#include "breakwater/core/simd.hpp"

namespace breakwater {
namespace {

constexpr std::size_t lanes = 8;
constexpr auto int64_top = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());

/// Sums of an account while its positions go by, modulo 2^64 or exact in 128 bits.
template <class Sum, std::size_t Width>
struct Sums {
    std::array<Sum, Width> loss{};
    std::array<Sum, expiries_max> delta{};
    Sum short_minimum = 0;
};

template <class Signed, class Sum, std::size_t Width>
[[gnu::always_inline]] inline PortfolioMargin settle(const Sums<Sum, Width>& sums,
                                                     std::size_t scenarios,
                                                     std::span<const std::uint32_t> roll) {
    PortfolioMargin out;
    Signed most = 0;
    for (std::size_t s = 0; s < scenarios; ++s) {
        const auto loss = static_cast<Signed>(sums.loss[s]);
        if (loss <= most) continue;
        most = loss;
        out.scenario = static_cast<std::uint32_t>(s);
    }
    out.scan = most;
    for (std::size_t e = 0; e < expiries_max; ++e) {
        const auto net = static_cast<Signed>(sums.delta[e]);
        out.roll += static_cast<uint128>(net < 0 ? -net : net) * roll[e];
    }
    out.short_minimum = static_cast<uint128>(static_cast<Signed>(sums.short_minimum));
    return out;
}

/// One account modulo 2^64; false where the sums might not have fitted.
template <std::size_t Width>
[[gnu::always_inline]] inline bool sum_narrow(const RiskArrays& arrays, const HeldLots* from,
                                              const HeldLots* to, PortfolioMargin& out) {
    const std::int64_t* const rows = arrays.rows();
    const RiskTerms* const all_terms = arrays.terms();
    Sums<std::uint64_t, Width> sums;
    std::uint64_t held = 0;
    bool wide = false;
    for (const HeldLots* p = from; p != to; ++p) {
        const auto lots = static_cast<std::uint64_t>(p->lots);
        const std::int64_t* const row = rows + p->contract * Width;
        for (std::size_t s = 0; s < Width; ++s)
            sums.loss[s] += lots * static_cast<std::uint64_t>(row[s]);
        const RiskTerms& terms = all_terms[p->contract];
        sums.delta[terms.expiry] += lots * static_cast<std::uint64_t>(terms.delta);
        const std::uint64_t size = magnitude_of(p->lots);
        sums.short_minimum +=
            (p->lots < 0 ? size : 0) * static_cast<std::uint64_t>(terms.short_minimum);
        wide |= __builtin_add_overflow(held, size, &held);
    }
    // Every sum is at most held · largest in magnitude, whatever came before it: below 2^63 none has wrapped.
    if (wide || uint128{held} * arrays.largest() > int64_top) return false;
    out = settle<std::int64_t>(sums, arrays.scenarios(), arrays.roll());
    return true;
}

template <std::size_t Width>
struct Kernel {
    [[gnu::always_inline]] static void run(const RiskArrays* arrays, const HeldLots* positions,
                                           const std::uint32_t* first, std::size_t accounts,
                                           PortfolioMargin* out) {
        for (std::size_t a = 0; a < accounts; ++a) {
            const HeldLots* const from = positions + first[a];
            const HeldLots* const to = positions + first[a + 1];
            if (!sum_narrow<Width>(*arrays, from, to, out[a])) [[unlikely]]
                out[a] = portfolio_margin(*arrays, {from, to});
        }
    }
};

std::uint64_t largest_of(std::span<const std::int64_t> losses, const RiskTerms& terms) {
    std::uint64_t out = std::max(magnitude_of(terms.delta), magnitude_of(terms.short_minimum));
    for (const std::int64_t loss : losses)
        out = std::max(out, magnitude_of(loss));
    return out;
}

}  // namespace

RiskArrays::RiskArrays(std::size_t scenarios, std::size_t contracts)
    : scenarios_(scenarios),
      stride_((scenarios + lanes - 1) / lanes * lanes),
      losses_(contracts * stride_),
      terms_(contracts),
      roll_(expiries_max) {
    REQUIRE(scenarios > 0);
    REQUIRE(scenarios <= scenarios_max);
}

void RiskArrays::publish(std::uint32_t contract, std::span<const std::int64_t> losses,
                         const RiskTerms& terms) {
    REQUIRE(contract < contracts());
    REQUIRE(losses.size() == scenarios_);
    REQUIRE(terms.expiry < expiries_max);
    REQUIRE(terms.short_minimum >= 0);
    largest_ = std::max(largest_, largest_of(losses, terms));
    REQUIRE(largest_ <= figure_max);
    std::ranges::copy(losses, losses_.begin() + static_cast<std::ptrdiff_t>(contract * stride_));
    terms_[contract] = terms;
}

void RiskArrays::set_roll(std::uint32_t expiry, std::uint32_t charge) {
    REQUIRE(expiry < expiries_max);
    REQUIRE(charge <= ppm_one);
    roll_[expiry] = charge;
}

PortfolioMargin portfolio_margin(const RiskArrays& arrays, std::span<const HeldLots> positions) {
    REQUIRE(positions.size() <= portfolio_positions_max);
    Sums<int128, scenarios_max> sums;
    for (const HeldLots& p : positions) {
        const std::uint64_t size = magnitude_of(p.lots);
        REQUIRE(size <= lots_max);
        const auto losses = arrays.losses(p.contract);
        for (std::size_t s = 0; s < losses.size(); ++s)
            sums.loss[s] += int128{p.lots} * losses[s];
        const RiskTerms& terms = arrays.terms(p.contract);
        sums.delta[terms.expiry] += int128{p.lots} * terms.delta;
        if (p.lots < 0)
            sums.short_minimum += int128{terms.short_minimum} * static_cast<int128>(size);
    }
    return settle<int128>(sums, arrays.scenarios(), arrays.roll());
}

void portfolio_margins(const RiskArrays& arrays, std::span<const HeldLots> positions,
                       std::span<const std::uint32_t> first, std::span<PortfolioMargin> out) {
    REQUIRE(first.size() == out.size() + 1);
    REQUIRE(std::ranges::is_sorted(first));
    REQUIRE(first.back() <= positions.size());
    const auto run = [&]<std::size_t Width>() {
        simd::run<Kernel<Width>>(&arrays, positions.data(), first.data(), out.size(), out.data());
    };
    switch (arrays.stride() / lanes) {
        case 1:
            return run.template operator()<1 * lanes>();
        case 2:
            return run.template operator()<2 * lanes>();
        case 3:
            return run.template operator()<3 * lanes>();
        case 4:
            return run.template operator()<4 * lanes>();
        default:
            return run.template operator()<5 * lanes>();
    }
}

}  // namespace breakwater
