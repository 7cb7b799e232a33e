// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/report/comparison.hpp"

#include <algorithm>

#include "breakwater/core/require.hpp"
#include "breakwater/stress/solvency.hpp"

namespace breakwater {
namespace {

using Column = std::vector<MicroUsd>;

template <class Figure>
Column column_of(std::span<const PathResult> paths, Figure figure) {
    Column out;
    for (const PathResult& p : paths)
        out.push_back(std::invoke(figure, p));
    return out;
}

Estimate exactly(double value) {
    return {value, value, value, 0.95, true, {}};
}

/// Of two fractions, in percentage points.
Estimate in_points(Estimate difference) {
    difference.value *= 100;
    difference.low *= 100;
    difference.high *= 100;
    return difference;
}

/// A difference of two figures that are nowhere different is known exactly.
Estimate or_equal(const PairedDifference& pair, const Estimate& difference) {
    return pair.differing == 0 ? exactly(0) : difference;
}

std::vector<ComparisonRow> loss_rows(const Column& current, const Column& proposed,
                                     const PairedDifference& pair) {
    const Distribution now(current);
    const Distribution then(proposed);
    return {{"probability_of_loss",
             "P(bad debt > 0)",
             Unit::ratio,
             {},
             now.probability_of_loss(),
             then.probability_of_loss(),
             in_points(or_equal(pair, pair.probability))},
            {"mean",
             "Mean bad debt",
             Unit::usd,
             {},
             now.mean(),
             then.mean(),
             or_equal(pair, pair.mean)},
            {"expected_shortfall_99", "Expected shortfall 99 %", Unit::usd,
             "Mean bad debt of the worst 1 % of paths.", now.expected_shortfall(0.99),
             then.expected_shortfall(0.99), or_equal(pair, pair.expected_shortfall)}};
}

ComparisonRow mean_row(std::string id, std::string label, Unit unit, const Column& current,
                       const Column& proposed, const std::string& definition = "Mean per path.") {
    const PairedDifference pair = paired_difference(current, proposed, 0.99);
    return {std::move(id),     std::move(label),  unit,
            definition,        mean_of(current),  mean_of(proposed),
            or_equal(pair, pair.mean)};
}

std::optional<ComparisonRow> borrowing_power(const Book& current, const Book& proposed) {
    const auto now = positions_of(current);
    const auto then = positions_of(proposed);
    if (!now || !then) return std::nullopt;
    return ComparisonRow{"borrowing_power",
                         "Borrowing power",
                         Unit::usd,
                         "Σ collateral × LTV over all accounts of the book, exact.",
                         exactly(now->borrowing_power),
                         exactly(then->borrowing_power),
                         exactly(then->borrowing_power - now->borrowing_power)};
}

ComparisonRow debt_in_book(const Book& current, const Book& proposed) {
    const double now = solvency_of(current).borrowed;
    const double then = solvency_of(proposed).borrowed;
    return {"debt_in_book",     "Debt in the book",
            Unit::usd,          "What all accounts owe before the storm, exact.",
            exactly(now),       exactly(then),
            exactly(then - now)};
}

}  // namespace

ComparisonCase relevered_case(std::span<const PathResult> proposed, const Relevered& relevered) {
    const Demand& d = relevered.demand;
    return {.id = "relevered",
            .label = "Borrowers lever up again",
            .definition =
                "Every borrower uses the new limit as it used the old one: it borrows more, or "
                "repays, until its health factor is what it was, within its loan-to-value, the "
                "cash and the borrow caps. " +
                count_text(d.borrowers) + " borrowers; " + usd_text(d.borrowed) + " borrowed of " +
                usd_text(d.wanted) + " wanted, " + usd_text(d.repaid) + " repaid.",
            .proposed = proposed,
            .book = &relevered.book,
            .demand = d};
}

ComparisonCase unchanged_case(std::span<const PathResult> proposed, const Book* book) {
    return {
        .id = "unchanged",
        .label = "Book unchanged",
        .definition =
            "Nobody reacts to the new parameters: borrowers keep the amounts they owe. Raising a "
            "threshold always looks safe here.",
        .proposed = proposed,
        .book = book,
        .demand = {}};
}

ComparisonCase rulebook_case(std::span<const PathResult> proposed, const Book* book) {
    return {.id = "rulebook",
            .label = "Under the rulebook " + book->rulebook,
            .definition = "The same positions, thresholds and prices under another rulebook; nobody "
                          "reacts to it.",
            .proposed = proposed,
            .book = book,
            .demand = {}};
}

std::vector<Comparison> comparisons_of(const ReportInput& input) {
    std::vector<Comparison> out;
    for (const ComparisonCase& c : input.cases) {
        const std::span<const PathResult> current = input.run->paths;
        REQUIRE(c.proposed.size() == current.size());
        const auto both = [&](auto figure) {
            return std::pair{column_of(current, figure), column_of(c.proposed, figure)};
        };
        const auto [now, then] = both(&PathResult::bad_debt);
        const PairedDifference pair = paired_difference(now, then, 0.99);
        Comparison comparison{.id = c.id,
                              .label = c.label,
                              .definition = c.definition,
                              .demand = c.demand,
                              .rows = loss_rows(now, then, pair),
                              .verdict = pair.overall};
        const auto [repaid_now, repaid_then] = both(&PathResult::repaid);
        comparison.rows.push_back(mean_row("debt_repaid", "Debt repaid in liquidations", Unit::usd,
                                           repaid_now, repaid_then));
        const auto [count_now, count_then] =
            both([](const PathResult& p) { return MicroUsd{1'000'000} * p.liquidations; });
        comparison.rows.push_back(
            mean_row("liquidations", "Liquidations", Unit::count, count_now, count_then));
        const auto mean = [&](std::string id, std::string label, auto figure,
                              const std::string& definition = "Mean per path.") {
            const auto [current_column, proposed_column] = both(figure);
            comparison.rows.push_back(mean_row(std::move(id), std::move(label), Unit::usd,
                                               current_column, proposed_column, definition));
        };
        mean("stuck_debt", "Stuck debt at the end", &PathResult::stuck);
        mean("unrealised", "Unrealised loss at the end",
             [](const PathResult& p) { return p.unrealised.oracle; });
        mean("turned_away_left", "Turned away by keepers, left", &PathResult::turned_away_left,
             "Debt of accounts whose bonus did not pay and that are liquidatable at the end; mean "
             "per path.");
        mean("turned_away_recovered", "Turned away by keepers, recovered",
             &PathResult::turned_away_recovered,
             "Debt of accounts whose bonus did not pay and that the price alone made healthy; mean "
             "per path.");
        mean("borrowers_cost", "Bonus and fee that borrowers paid", &PathResult::equity_lost);
        const auto [raised_now, raised_then] =
            both([](const PathResult& p) { return MicroUsd{1'000'000} * p.ltv_raised; });
        comparison.rows.push_back(mean_row("ltv_raised", "Liquidations that raised loan-to-value",
                                           Unit::count, raised_now, raised_then));
        if (c.book != nullptr) {
            if (auto row = borrowing_power(input.book(), *c.book))
                comparison.rows.push_back(std::move(*row));
            comparison.rows.push_back(debt_in_book(input.book(), *c.book));
        }
        out.push_back(std::move(comparison));
    }
    return out;
}

const char* reading(const Estimate& difference) {
    if (!difference.supported) return "cannot tell";
    if (difference.low > 0) return "higher";
    if (difference.high < 0) return "lower";
    return difference.low == 0 && difference.high == 0 ? "equal" : "cannot tell";
}

}  // namespace breakwater
