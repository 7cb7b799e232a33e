// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/world/random.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "breakwater/world/math.hpp"
#include "breakwater/world/normal.hpp"
#include "breakwater/core/simd.hpp"

namespace breakwater {

namespace {

/// Ten rounds on four words in registers.
[[gnu::always_inline]] inline void philox_rounds(std::uint32_t& x0, std::uint32_t& x1,
                                                 std::uint32_t& x2, std::uint32_t& x3,
                                                 std::uint64_t key) {
    std::uint32_t k0 = static_cast<std::uint32_t>(key);
    std::uint32_t k1 = static_cast<std::uint32_t>(key >> 32U);
#pragma GCC unroll 10
    for (int round = 0; round < 10; ++round) {
        const std::uint64_t p0 = std::uint64_t{0xD2511F53U} * x0;
        const std::uint64_t p1 = std::uint64_t{0xCD9E8D57U} * x2;
        const std::uint32_t y0 = static_cast<std::uint32_t>(p1 >> 32U) ^ x1 ^ k0;
        const std::uint32_t y2 = static_cast<std::uint32_t>(p0 >> 32U) ^ x3 ^ k1;
        x1 = static_cast<std::uint32_t>(p1);
        x3 = static_cast<std::uint32_t>(p0);
        x0 = y0;
        x2 = y2;
        k0 += 0x9E3779B9U;
        k1 += 0xBB67AE85U;
    }
}

/// u − ½ of the uniform number made of the upper 52 of 64 bits: exact, in (−½, ½).
[[gnu::always_inline]] inline double centred(std::uint32_t high, std::uint32_t low) {
    const std::uint64_t bits = (std::uint64_t{high} << 32U) | low;
    return (std::bit_cast<double>((bits >> 12U) | 0x3ff0000000000000U) - 1.5) + 0x1p-53;
}

constexpr std::uint32_t tile =
    128;  // steps at a time: everything in flight stays in the first-level cache

/// Centred uniforms of draws 2·pair and 2·pair + 1 for n ≤ tile steps from `step` on.
struct CentredKernel {
    [[gnu::always_inline]] static void run(double* even, double* odd, std::uint32_t n,
                                           Philox::Block from, std::uint64_t seed) {
        for (std::uint32_t i = 0; i < n; ++i) {
            std::uint32_t x0 = from[0];
            std::uint32_t x1 = from[1] + i;
            std::uint32_t x2 = from[2];
            std::uint32_t x3 = from[3];
            philox_rounds(x0, x1, x2, x3, seed);
            even[i] = centred(x0, x1);
            odd[i] = centred(x2, x3);
        }
    }
};

/// Centred uniforms to normals, in place, as if none were in a tail.
struct CentralKernel {
    [[gnu::always_inline]] static void run(double* out, const double* q, std::uint32_t n) {
        for (std::uint32_t i = 0; i < n; ++i)
            out[i] = quantile::central(q[i]);
    }
};

/// Smaller tail probabilities to |quantile|, as if none were in the far tail; r keeps √(−ln p).
struct TailKernel {
    [[gnu::always_inline]] static void run(double* z, double* r, std::uint32_t n) {
        for (std::uint32_t i = 0; i < n; ++i) {
            r[i] = std::sqrt(-elementary::log_of_normal(r[i]));
            z[i] = quantile::near_tail(r[i]);
        }
    }
};

/// Quantiles of ½ + q[0 … n), n ≤ tile. The 15 % in the tails are gathered, done together and put
/// back.
void quantiles(double* out, const double* q, std::uint32_t n) {
    simd::run<CentralKernel>(out, q, n);
    // Not cleared: only what was written is read, and this is the hot loop.
    // NOLINTBEGIN(cppcoreguidelines-pro-type-member-init)
    std::array<std::uint32_t, tile> where;
    std::array<double, tile> r;
    std::array<double, tile> z;
    // NOLINTEND(cppcoreguidelines-pro-type-member-init)
    std::uint32_t count = 0;
    for (std::uint32_t i = 0; i < n; ++i) {
        const double distance = std::fabs(q[i]);
        where[count] = i;
        r[count] = 0.5 - distance;
        count += distance > quantile::central_half_width ? 1U : 0U;
    }
    simd::run<TailKernel>(z.data(), r.data(), count);
    for (std::uint32_t j = 0; j < count; ++j) {
        const double size = r[j] <= quantile::far_from ? z[j] : quantile::far_tail(r[j]);
        out[where[j]] = std::copysign(size, q[where[j]]);
    }
}

}  // namespace

Philox::Block Philox::block(const Block& counter, std::uint64_t key) {
    Block x = counter;
    philox_rounds(x[0], x[1], x[2], x[3], key);
    return x;
}

std::array<double, 2> uniform_pair(std::uint64_t seed, std::uint32_t path, Stream stream,
                                   std::uint32_t step, std::uint32_t pair) {
    const auto x = Philox::block({pair, step, static_cast<std::uint32_t>(stream), path}, seed);
    return {centred(x[0], x[1]) + 0.5, centred(x[2], x[3]) + 0.5};
}

double uniform(std::uint64_t seed, std::uint32_t path, Stream stream, std::uint32_t step,
               std::uint32_t draw) {
    return uniform_pair(seed, path, stream, step, draw / 2)[draw % 2];
}

void normals(std::uint64_t seed, std::uint32_t path, Stream stream, std::uint32_t step,
             std::span<double> out) {
    for (std::size_t draw = 0; draw < out.size(); ++draw) {
        out[draw] =
            normal_quantile(uniform(seed, path, stream, step, static_cast<std::uint32_t>(draw)));
    }
}

void fill_normals(std::uint64_t seed, std::uint32_t path, Stream stream, std::uint32_t steps,
                  std::span<double> out) {
    const std::size_t draws = steps == 0 ? 0 : out.size() / steps;
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): filled before it is read
    std::array<double, tile> even, odd;
    for (std::size_t draw = 0; draw < draws; draw += 2) {
        const auto pair = static_cast<std::uint32_t>(draw / 2);
        for (std::uint32_t step = 0; step < steps; step += tile) {
            const std::uint32_t n = std::min(tile, steps - step);
            const Philox::Block from = {pair, step, static_cast<std::uint32_t>(stream), path};
            simd::run<CentredKernel>(even.data(), odd.data(), n, from, seed);
            quantiles(&out[draw * steps + step], even.data(), n);
            if (draw + 1 < draws) quantiles(&out[(draw + 1) * steps + step], odd.data(), n);
        }
    }
}

std::uint32_t poisson_quantile(double mean, double u) {
    double term = exp_(-mean);
    double cumulative = term;
    std::uint32_t count = 0;
    // Past count = mean + 40 √mean + 60 the sum has stopped growing in double precision, below u
    // for u near 1.
    const double last = mean + 40.0 * std::sqrt(mean) + 60.0;
    while (u > cumulative && count < last) {
        ++count;
        term *= mean / count;
        cumulative += term;
    }
    return count;
}

}  // namespace breakwater
