// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstddef>
#include <expected>
#include <span>
#include <string>
#include <vector>

/// Correlation matrices, row-major, and what is needed to draw from them.
namespace breakwater {

/// Correlation within[g] between two assets of the same group g, 0 between groups. For within[g] ≥
/// 0 this is one common factor per group, so always a valid matrix.
std::vector<double> group_correlation(std::span<const std::size_t> group,
                                      std::span<const double> within);

/// Lower triangle L with L·Lᵀ = matrix. Semidefinite matrices are accepted (perfectly correlated
/// assets): a pivot below 1e-12 ends its column. Error: a sentence that names the row that is not
/// symmetric, has no 1 on the diagonal, leaves [−1, 1], or makes the matrix indefinite.
std::expected<std::vector<double>, std::string> cholesky(std::span<const double> matrix,
                                                         std::size_t n);

}  // namespace breakwater
