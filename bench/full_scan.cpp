// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "full_scan.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <immintrin.h>
#include <map>

namespace breakwater::bench {

namespace {

constexpr std::size_t row_multiple = 64;
constexpr std::uint32_t block_min = 128;  ///< smaller ones cost more to start than they save
constexpr double debt_margin = 1.00002;

// Surely unhealthy. Weights and unit values are rounded to T and summed in at most 16 steps, which in a float takes
// less than 18·2^-24 < 1.1·10^-6 of each sum. A steady row adds 10^-6 for what `fill` takes off and adds for rounding,
// and the debt is too high by its margin of 2·10^-5. So where the assessment says healthy, for the sums
// C·(1 + 3·10^-6) ≥ D·(1 − 2.3·10^-5), and a shortfall of 3·10^-5 of the debt is beyond doubt.
constexpr double sure_shortfall = 3e-5;
constexpr double steady_share = 1e-6;

#define BENCH_AVX512 \
    __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl"), always_inline)) inline

BENCH_AVX512 std::uint32_t below_zero(const float* const* w, const float* u, std::size_t n,
                                      std::size_t i) {
    __m512 sum = _mm512_mul_ps(_mm512_loadu_ps(w[0] + i), _mm512_set1_ps(u[0]));
    for (std::size_t k = 1; k < n; ++k) {
        sum = _mm512_fmadd_ps(_mm512_loadu_ps(w[k] + i), _mm512_set1_ps(u[k]), sum);
    }
    return _mm512_cmp_ps_mask(sum, _mm512_setzero_ps(), _CMP_LT_OQ);
}
BENCH_AVX512 std::uint32_t below_zero(const double* const* w, const double* u, std::size_t n,
                                      std::size_t i) {
    __m512d sum = _mm512_mul_pd(_mm512_loadu_pd(w[0] + i), _mm512_set1_pd(u[0]));
    for (std::size_t k = 1; k < n; ++k) {
        sum = _mm512_fmadd_pd(_mm512_loadu_pd(w[k] + i), _mm512_set1_pd(u[k]), sum);
    }
    return _mm512_cmp_pd_mask(sum, _mm512_setzero_pd(), _CMP_LT_OQ);
}

/// The number of columns is known to the compiler, so the units stay in registers; four vectors at a time.
template <std::size_t n, class T>
__attribute__((target("avx512f,avx512dq,avx512bw,avx512vl"), noinline)) void kernel(
    const T* const* weights, const T* units, std::size_t rows, bool confirm_all,
    std::vector<Candidate>& out) {
    constexpr std::size_t lanes = 64 / sizeof(T);
    std::array<const T*, n> w;
    std::array<T, n> u;
    for (std::size_t k = 0; k < n; ++k) {
        w[k] = weights[k];
        u[k] = units[k];
    }
    for (std::size_t i = 0; i < rows; i += 4 * lanes) {
        std::array<std::uint32_t, 4> mask;
        for (std::size_t v = 0; v < 4; ++v)
            mask[v] = below_zero(w.data(), u.data(), n, i + v * lanes);
        if (__builtin_expect((mask[0] | mask[1] | mask[2] | mask[3]) == 0, 1)) continue;
        for (std::size_t v = 0; v < 4; ++v) {
            for (std::uint32_t m = mask[v]; m != 0; m &= m - 1) {
                const std::size_t row =
                    i + v * lanes + static_cast<std::size_t>(std::countr_zero(m));
                T sum = 0;
                T debt = 0;
                for (std::size_t k = 0; k < n; ++k) {
                    const T product = w[k][row] * u[k];
                    sum += product;
                    debt -= std::min(product, T{0});
                }
                const bool is_sure = !confirm_all && sum < debt * static_cast<T>(-sure_shortfall);
                out.push_back({static_cast<std::uint32_t>(row), is_sure});
            }
        }
    }
}

/// One collateral and one debt: the ratio is the weight, and only it is read.
template <class T>
__attribute__((target("avx512f,avx512dq,avx512bw,avx512vl"), noinline)) void ratio_kernel(
    const T* edge, T ratio, std::size_t rows, bool confirm_all, std::vector<Candidate>& out) {
    constexpr std::size_t lanes = 64 / sizeof(T);
    const T sure = ratio * static_cast<T>(1 + sure_shortfall);
    for (std::size_t i = 0; i < rows; i += 4 * lanes) {
        std::array<std::uint32_t, 4> mask;
        for (std::size_t v = 0; v < 4; ++v) {
            if constexpr (sizeof(T) == 4) {
                mask[v] = _mm512_cmp_ps_mask(_mm512_loadu_ps(edge + i + v * lanes),
                                             _mm512_set1_ps(ratio), _CMP_GT_OQ);
            } else {
                mask[v] = _mm512_cmp_pd_mask(_mm512_loadu_pd(edge + i + v * lanes),
                                             _mm512_set1_pd(ratio), _CMP_GT_OQ);
            }
        }
        if (__builtin_expect((mask[0] | mask[1] | mask[2] | mask[3]) == 0, 1)) continue;
        for (std::size_t v = 0; v < 4; ++v) {
            for (std::uint32_t m = mask[v]; m != 0; m &= m - 1) {
                const std::size_t row =
                    i + v * lanes + static_cast<std::size_t>(std::countr_zero(m));
                out.push_back({static_cast<std::uint32_t>(row), !confirm_all && edge[row] > sure});
            }
        }
    }
}

template <class T, std::size_t n = 16>
void run_kernel(std::size_t columns, const T* const* w, const T* u, std::size_t rows,
                bool confirm_all, std::vector<Candidate>& out) {
    if (columns == n) return kernel<n>(w, u, rows, confirm_all, out);
    if constexpr (n > 1) run_kernel<T, n - 1>(columns, w, u, rows, confirm_all, out);
}

template <class T>
bool is_ratio(const Block<T>& block) {
    return block.columns.size() == 2 && (block.columns[0] & 1U) == 0 &&
           (block.columns[1] & 1U) == 1;
}

}  // namespace

template <class T>
FullScan<T>::FullScan(const Book& book, bool grouped, bool confirm_all)
    : book_(book), confirm_all_(confirm_all), unit_(2 * assets_max) {
    std::uint32_t used = 0;
    const auto columns_of = [&](std::uint32_t i) {
        std::uint32_t mask = 0;
        for (const Leg& leg : book.account(AccountId{i})) {
            if (leg.supply() != 0) mask |= 1U << (2 * leg.asset());
            if (leg.debt() != 0) mask |= 2U << (2 * leg.asset());
        }
        return mask;
    };
    std::map<std::uint32_t, std::uint32_t> holders;
    for (std::uint32_t i = 0; i < book.size(); ++i) {
        used |= columns_of(i);
        ++holders[columns_of(i)];
    }
    std::map<std::uint32_t, std::uint32_t> block_of;
    for (std::uint32_t i = 0; i < book.size(); ++i) {
        const std::uint32_t own = columns_of(i);
        const std::uint32_t mask = grouped && holders[own] >= block_min ? own : used;
        if ((own & 0xAAAA'AAAAU) == 0) continue;
        const auto [at, is_new] =
            block_of.try_emplace(mask, static_cast<std::uint32_t>(blocks_.size()));
        if (is_new) {
            blocks_.emplace_back();
            for (std::uint32_t k = 0; k < 2 * assets_max; ++k) {
                // Collateral first: a block of one collateral and one debt has a ratio.
                constexpr std::uint32_t half = assets_max;
                const std::uint32_t column = k < half ? 2 * k : 2 * (k - half) + 1;
                if ((mask >> column & 1U) != 0) blocks_.back().columns.push_back(column);
            }
        }
        blocks_[at->second].accounts.push_back(i);
    }
    for (std::uint32_t b = 0; b < blocks_.size(); ++b) {
        Block<T>& block = blocks_[b];
        const std::size_t rows =
            (block.accounts.size() + row_multiple - 1) / row_multiple * row_multiple;
        block.weights.assign(is_ratio(block) ? 1 : block.columns.size(), std::vector<T>(rows));
        block.is_steady.resize(block.accounts.size());
        for (std::uint32_t row = 0; row < block.accounts.size(); ++row)
            fill(b, row);
    }
}

template <class T>
void FullScan<T>::fill(std::uint32_t b, std::uint32_t row) {
    Block<T>& block = blocks_[b];
    std::array<double, 2 * assets_max> weight{};
    bool is_steady = true;
    for (const Leg& leg : book_.account(AccountId{block.accounts[row]})) {
        const double token =
            1.0 / static_cast<double>(power_of_ten(book_.assets[leg.asset()].decimals));
        // One atomic unit and 1e-8 USD a leg may be lost to rounding; prices may fall to a hundredth.
        const double slop = 1 + 1e-6 / (token * book_.assets[leg.asset()].price);
        for (const uint128 balance : {leg.supply(), leg.debt()})
            is_steady = is_steady && (balance == 0 ||
                                      2 * slop < steady_share * static_cast<double>(balance));
        const double supply = std::max(static_cast<double>(leg.supply()) - slop, 0.0);
        const double debt = leg.debt() == 0 ? 0.0 : static_cast<double>(leg.debt()) + slop;
        weight[2 * leg.asset()] = supply * token * leg.threshold();
        weight[2 * leg.asset() + 1] = debt * token * -debt_margin * bps_one;
    }
    block.is_steady[row] = static_cast<std::uint8_t>(is_steady);
    if (is_ratio(block)) {
        block.weights[0][row] =
            static_cast<T>(-weight[block.columns[1]] / weight[block.columns[0]]);
        return;
    }
    for (std::size_t k = 0; k < block.columns.size(); ++k) {
        block.weights[k][row] = static_cast<T>(weight[block.columns[k]]);
    }
}

template <class T>
void FullScan<T>::set_units(const Step& now) {
    for (std::size_t a = 0; a < book_.assets.size(); ++a) {
        const auto price = static_cast<double>(now.price[a]) * 1e-35;
        unit_[2 * a] = static_cast<T>(price * static_cast<double>(now.supply_index[a]));
        unit_[2 * a + 1] = static_cast<T>(price * static_cast<double>(now.debt_index[a]));
    }
}

template <class T>
void FullScan<T>::scan(const Block<T>& block) {
    const std::size_t rows = block.weights[0].size();
    if (is_ratio(block)) {
        const T ratio = unit_[block.columns[0]] / unit_[block.columns[1]];
        return ratio_kernel(block.weights[0].data(), ratio, rows, confirm_all_, candidates_);
    }
    std::array<const T*, 2 * assets_max> w;
    std::array<T, 2 * assets_max> u;
    for (std::size_t k = 0; k < block.columns.size(); ++k) {
        w[k] = block.weights[k].data();
        u[k] = unit_[block.columns[k]];
    }
    run_kernel<T>(block.columns.size(), w.data(), u.data(), rows, confirm_all_, candidates_);
}

template <class T>
void FullScan<T>::clear(std::uint32_t b, std::uint32_t row) {
    for (auto& column : blocks_[b].weights)
        column[row] = 0;
    cleared_.push_back({b, row});
}

template <class T>
void FullScan<T>::reset() {
    for (const Cleared& c : cleared_)
        fill(c.block, c.row);
    cleared_.clear();
}

template <class T>
std::size_t FullScan<T>::bytes() const {
    std::size_t bytes = 0;
    for (const Block<T>& block : blocks_) {
        for (const auto& column : block.weights)
            bytes += column.size() * sizeof(T);
    }
    return bytes;
}

template class FullScan<float>;
template class FullScan<double>;

}  // namespace breakwater::bench
