// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/world/correlation.hpp"

#include <cmath>

namespace breakwater {

namespace {

constexpr double tolerance = 1e-9;  // of typed matrices and of sample correlations

std::string fault_in_row(std::span<const double> matrix, std::size_t n, std::size_t i) {
    const std::string row = "correlation matrix, row " + std::to_string(i);
    if (!(std::fabs(matrix[i * n + i] - 1.0) <= tolerance)) return row + ": the diagonal must be 1";
    for (std::size_t j = 0; j < n; ++j) {
        const double rho = matrix[i * n + j];
        if (!(std::fabs(rho) <= 1.0 + tolerance)) return row + ": not within [-1, 1]";
        if (!(std::fabs(rho - matrix[j * n + i]) <= tolerance)) return row + ": not symmetric";
    }
    return {};
}

}  // namespace

std::vector<double> group_correlation(std::span<const std::size_t> group,
                                      std::span<const double> within) {
    const std::size_t n = group.size();
    std::vector<double> matrix(n * n, 0.0);
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j) {
            if (group[i] == group[j]) matrix[i * n + j] = i == j ? 1.0 : within[group[i]];
        }
    }
    return matrix;
}

std::expected<std::vector<double>, std::string> cholesky(std::span<const double> matrix,
                                                         std::size_t n) {
    if (matrix.size() != n * n) {
        return std::unexpected("correlation matrix: " + std::to_string(matrix.size()) +
                               " entries, expected " + std::to_string(n * n));
    }
    for (std::size_t i = 0; i < n; ++i) {
        if (std::string fault = fault_in_row(matrix, n, i); !fault.empty()) {
            return std::unexpected(std::move(fault));
        }
    }
    std::vector<double> lower(n * n, 0.0);
    for (std::size_t j = 0; j < n; ++j) {
        double pivot = matrix[j * n + j];
        for (std::size_t k = 0; k < j; ++k)
            pivot -= lower[j * n + k] * lower[j * n + k];
        const bool spent = pivot < 1e-12;
        const double root = spent ? 0.0 : std::sqrt(pivot);
        lower[j * n + j] = root;
        for (std::size_t i = j + 1; i < n; ++i) {
            double rest = matrix[i * n + j];
            for (std::size_t k = 0; k < j; ++k)
                rest -= lower[i * n + k] * lower[j * n + k];
            if (pivot < -1e-6 || (spent && std::fabs(rest) > 1e-6)) {
                return std::unexpected("correlation matrix, row " + std::to_string(i) +
                                       ": contradicts the rows above (not positive semidefinite)");
            }
            lower[i * n + j] = spent ? 0.0 : rest / root;
        }
        if (pivot < -1e-6) {
            return std::unexpected("correlation matrix, row " + std::to_string(j) +
                                   ": contradicts the rows above (not positive semidefinite)");
        }
    }
    return lower;
}

}  // namespace breakwater
