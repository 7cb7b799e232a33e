// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

/// Minimisation without derivatives: the simplex of Nelder and Mead, "A simplex method for function
/// minimization", Computer Journal 7 (1965), coefficients 1, 2, ½, ½. Ties keep their order, so the
/// same function gives the same bits.
namespace breakwater {

template <std::size_t N>
struct Lowest {
    std::array<double, N> at{};
    double value = 0;
};

/// @param steps of the first simplex along each coordinate
/// @param looks at most so many, about; ends earlier where all corners agree to 1e-12
template <std::size_t N, class Function>
Lowest<N> simplex_minimum(const Function& f, const std::array<double, N>& start,
                          const std::array<double, N>& steps, unsigned looks) {
    std::array<Lowest<N>, N + 1> corners;
    const auto look = [&](const std::array<double, N>& at) {
        return Lowest<N>{.at = at, .value = f(at)};
    };
    corners[0] = look(start);
    for (std::size_t i = 0; i < N; ++i) {
        std::array<double, N> at = start;
        at[i] += steps[i];
        corners[i + 1] = look(at);
    }
    const auto less = [](const Lowest<N>& a, const Lowest<N>& b) { return a.value < b.value; };
    for (unsigned looked = N + 1; looked < looks; looked += 2) {
        // Insertion: mostly one corner is out of its place.
        for (std::size_t c = 1; c <= N; ++c)
            for (std::size_t i = c; i > 0 && less(corners[i], corners[i - 1]); --i)
                std::swap(corners[i], corners[i - 1]);
        const Lowest<N>& best = corners.front();
        Lowest<N>& worst = corners.back();
        if (worst.value - best.value <= 1e-12 * (1.0 + best.value)) break;
        std::array<double, N> centre{};
        for (std::size_t c = 0; c < N; ++c)
            for (std::size_t i = 0; i < N; ++i)
                centre[i] += corners[c].at[i] / static_cast<double>(N);
        const auto along = [&](double t) {
            std::array<double, N> at{};
            for (std::size_t i = 0; i < N; ++i)
                at[i] = centre[i] + t * (worst.at[i] - centre[i]);
            return look(at);
        };
        const Lowest<N> mirrored = along(-1.0);
        if (mirrored.value < best.value) {
            const Lowest<N> further = along(-2.0);
            worst = further.value < mirrored.value ? further : mirrored;
        } else if (mirrored.value < corners[N - 1].value) {
            worst = mirrored;
        } else {
            const Lowest<N> halfway = along(mirrored.value < worst.value ? -0.5 : 0.5);
            if (halfway.value < std::min(mirrored.value, worst.value)) {
                worst = halfway;
                continue;
            }
            for (std::size_t c = 1; c <= N; ++c) {
                for (std::size_t i = 0; i < N; ++i)
                    corners[c].at[i] = 0.5 * (best.at[i] + corners[c].at[i]);
                corners[c] = look(corners[c].at);
            }
            looked += N;
        }
    }
    return *std::min_element(corners.begin(), corners.end(), less);
}

}  // namespace breakwater
