// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/morpho_generator.hpp"

#include <algorithm>

#include "breakwater/io/decimal.hpp"
#include "breakwater/io/error.hpp"
#include "breakwater/io/generator_sketch.hpp"
#include "breakwater/io/native_borrowers.hpp"
#include "breakwater/stress/amounts.hpp"
#include "breakwater/stress/morpho_view.hpp"
#include "breakwater/stress/pegs.hpp"

namespace breakwater {
namespace {

constexpr double utilization = 0.9;
enum Draw : std::uint32_t { which, size, health };

struct Sketch {
    std::size_t market = 0;
    double size = 0;
};

bool is_correlated(const Book& book, const std::vector<AssetId>& roots, const morpho_blue::Totals& t) {
    const AssetId a = roots[index(t.loan)];
    const AssetId b = roots[index(t.collateral_asset)];
    const auto stable = [&](AssetId x) { return book.assets[index(x)].kind == AssetKind::stable; };
    return a == b || (stable(a) && stable(b));
}

/// The first borrowers go one to each market, the others by the size of the markets.
std::vector<Sketch> sketch(const NativeFile& file, std::uint32_t accounts, std::uint64_t seed) {
    std::vector<double> until;  // [USD] running sum of the markets
    double sum = 0;
    for (std::size_t m = 0; m < file.given.size(); ++m) {
        const AssetId loan = morpho_blue::market_of(file.book.state, m).totals[0].loan;
        sum += to_double(file.given[m].supplied.value_or(Amount{}).raw) /
               to_double(power_of_ten(file.decimals_of(loan))) *
               static_cast<double>(file.book.state.feeds[index(loan)].point);
        until.push_back(sum);
    }
    std::vector<Sketch> out(accounts);
    for (std::uint32_t i = 0; i < accounts; ++i) {
        const double at = generator_draw(seed, i, which) * sum;
        const auto found =
            static_cast<std::size_t>(std::ranges::lower_bound(until, at) - until.begin());
        out[i].market = i < until.size() ? i : std::min(found, until.size() - 1);
        out[i].size = borrower_size(generator_draw(seed, i, size));
    }
    return out;
}

}  // namespace

std::string generate_morpho_accounts(const NativeFile& file, std::uint32_t accounts,
                                     std::uint64_t seed) {
    const Book& book = file.book;
    const std::size_t markets = file.given.size();
    for (std::size_t m = 0; m < markets; ++m)
        if (!file.given[m].supplied || file.balances != BalanceKind::underlying)
            throw InputError(file.file, file.given[m].line,
                             "market " + book.markets[m].name + " has nothing to lend out",
                             "`supplied` in each [[market]], and balances = \"underlying\"");
    if (accounts < markets)
        throw InputError("generate", 0, std::to_string(accounts) + " accounts",
                         "at least one for each market, " + std::to_string(markets));
    const std::vector<Sketch> sketches = sketch(file, accounts, seed);
    std::vector<double> sizes(markets);
    for (const Sketch& s : sketches)
        sizes[s.market] += s.size;
    const std::vector<AssetId> roots = peg_roots(book);
    std::string out = "account,market,supply,collateral,debt\n";
    for (std::uint32_t i = 0; i < accounts; ++i) {
        const std::size_t m = sketches[i].market;
        const morpho_blue::Totals& t = morpho_blue::market_of(book.state, m).totals[0];
        const unsigned loan = file.decimals_of(t.loan);
        const unsigned held = file.decimals_of(t.collateral_asset);
        const double debt = utilization * sketches[i].size / sizes[m] *
                            to_double(file.given[m].supplied.value_or(Amount{}).raw) /
                            to_double(power_of_ten(loan));
        const double price = morpho_blue::worth_of_collateral(t) * to_double(power_of_ten(held)) /
                             to_double(power_of_ten(loan));
        const double factor =
            borrower_health(is_correlated(book, roots, t), generator_draw(seed, i, health));
        const double collateral = debt * factor / (static_cast<double>(t.lltv) * 1e-18) / price;
        const auto text = [&](double tokens, AssetId asset) {
            return format_decimal(six_digits(tokens, file.decimals_of(asset)),
                                  file.written_decimals(asset));
        };
        out.append(borrower_name(i)).append(",").append(book.markets[m].name).append(",0,");
        out.append(text(collateral, t.collateral_asset)).append(",");
        out.append(text(debt, t.loan)).append("\n");
    }
    return out;
}

}  // namespace breakwater
