// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

/// Random numbers as a function of their address: the counter is (draw, step, stream, path), the
/// key is the seed. Nothing is consumed, so any path replays alone, and threads and order do not
/// matter.
namespace breakwater {

/// Who draws. One list for the whole world, so that no two users share a stream.
enum class Stream : std::uint32_t {
    diffusion,    ///< normals of the price shocks, draw = asset
    common_jump,  ///< jumps of all assets at once
    own_jump,     ///< jumps of one asset, draw pair = asset
    history,      ///< when a published low or high is met inside its segment
    minimum,      ///< minimum between two grid points
    reporters,
    keepers,
    chain,
    liquidity,
    borrowers,
    sampling,  ///< statistics: bootstrap, sampled journals
    book,      ///< synthetic books
    buffer,    ///< moves over the time to liquidate, step = 4 · asset + what is drawn
    basis,       ///< of perpetuals, draw = underlying
    volatility,  ///< of options, draw = underlying
};

/// Philox4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3",
/// SC 2011.
struct Philox {
    using Block = std::array<std::uint32_t, 4>;
    static Block block(const Block& counter, std::uint64_t key);
};

/// Numbers 2·pair and 2·pair + 1 of (seed, path, stream, step), uniform on (0, 1): (k + ½) · 2^-52
/// with 52 random bits k, never 0 or 1, symmetric about ½. (With 53 bits k + ½ is no longer exact
/// and 1 would occur.)
std::array<double, 2> uniform_pair(std::uint64_t seed, std::uint32_t path, Stream stream,
                                   std::uint32_t step, std::uint32_t pair);

/// Number `draw` of (seed, path, stream, step), uniform on (0, 1).
double uniform(std::uint64_t seed, std::uint32_t path, Stream stream, std::uint32_t step,
               std::uint32_t draw);

inline constexpr double normal_reach = 8.4;  ///< no normal of this file lies further out

/// Draws 0, 1, 2, … of (seed, path, stream, step) as standard normals by inverse CDF, 52 bits each;
/// |z| < 8.3.
void normals(std::uint64_t seed, std::uint32_t path, Stream stream, std::uint32_t step,
             std::span<double> out);

/// The normals of a whole path: out[draw · steps + step] is draw `draw` of step `step`, the same
/// number that normals() gives. out.size() must be a multiple of `steps`; the number of draws per
/// step is the quotient.
void fill_normals(std::uint64_t seed, std::uint32_t path, Stream stream, std::uint32_t steps,
                  std::span<double> out);

/// Number of events of a Poisson variable with this mean (at most 700), by inversion of u in (0,
/// 1).
std::uint32_t poisson_quantile(double mean, double u);

}  // namespace breakwater
