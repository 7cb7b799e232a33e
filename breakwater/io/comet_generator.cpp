// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/comet_generator.hpp"

#include <algorithm>

#include "breakwater/core/math.hpp"
#include "breakwater/core/rulebooks/compound_v3_market.hpp"
#include "breakwater/io/decimal.hpp"
#include "breakwater/io/error.hpp"
#include "breakwater/io/generator_sketch.hpp"
#include "breakwater/io/native_borrowers.hpp"
#include "breakwater/stress/amounts.hpp"

namespace breakwater {
namespace {

constexpr double utilization = 0.85;
constexpr double second_kind = 0.25;  ///< probability of a second kind of collateral
constexpr double first_share = 0.7;   ///< of the value, then, in the first

enum Draw : std::uint32_t { size, health, first, has_second, second };

/// The kind at `u` of the value of all caps.
std::size_t kind_at(const NativeFile& file, const compound_v3::Market& m, double u) {
    std::vector<double> until;
    double sum = 0;
    for (const compound_v3::Collateral& c : m.collaterals) {
        sum += to_double(c.supply_cap) / to_double(power_of_ten(c.decimals)) *
               static_cast<double>(file.book.state.feeds[index(c.asset)].point);
        until.push_back(sum);
    }
    const auto at = std::ranges::lower_bound(until, u * sum) - until.begin();
    return std::min(static_cast<std::size_t>(at), until.size() - 1);
}

}  // namespace

std::string generate_comet_accounts(const NativeFile& file, std::uint32_t accounts,
                                    std::uint64_t seed) {
    const auto& m = std::get<compound_v3::Market>(file.book.state.markets[0]);
    const compound_v3::Totals& t = m.totals[0];
    const std::optional<Amount> supplied = file.given[0].supplied;
    if (!supplied || file.balances != BalanceKind::underlying)
        throw InputError(file.file, file.given[0].line, "[comet] has nothing to lend out",
                         "`supplied`, and balances = \"underlying\"");
    double sizes = 0;
    for (std::uint32_t i = 0; i < accounts; ++i)
        sizes += borrower_size(generator_draw(seed, i, size));
    const double lent = utilization * to_double(supplied->raw) / to_double(power_of_ten(t.base_decimals));
    const auto price = [&](AssetId a) {
        return static_cast<double>(file.book.state.feeds[index(a)].point) * 1e-8;
    };
    std::string out = "account,asset,balance\n";
    for (std::uint32_t i = 0; i < accounts; ++i) {
        const auto draw = [&](Draw d) { return generator_draw(seed, i, d); };
        const double debt = lent * borrower_size(draw(size)) / sizes;
        const auto add = [&](AssetId asset, double tokens, const char* sign) {
            out.append(borrower_name(i)).append(",").append(file.book.assets[index(asset)].symbol);
            out.append(",").append(sign).append(format_decimal(
                six_digits(tokens, file.decimals_of(asset)), file.written_decimals(asset)));
            out.append("\n");
        };
        add(t.base, debt, "-");
        const std::size_t k = kind_at(file, m, draw(first));
        const std::size_t other = kind_at(file, m, draw(second));
        const bool has_two = other != k && draw(has_second) < second_kind;
        const double needed = debt * price(t.base) * borrower_health(false, draw(health));
        const auto hold = [&](std::size_t kind, double share) {
            const compound_v3::Collateral& c = m.collaterals[kind];
            const double factor = static_cast<double>(c.liquidate_factor) * 1e-18;
            add(c.asset, share * needed / factor / price(c.asset), "");
        };
        hold(k, has_two ? first_share : 1);
        if (has_two) hold(other, 1 - first_share);
    }
    return out;
}

}  // namespace breakwater
