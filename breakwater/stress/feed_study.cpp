// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/feed_study.hpp"

#include <algorithm>
#include <array>

#include "breakwater/core/feeds/asset.hpp"

namespace breakwater {
namespace {

constexpr std::uint64_t start = 1'000'000'000;
constexpr std::uint32_t levels = 1'000;
constexpr double threshold = 0.83;
constexpr double bonus = 0.05;
constexpr double spread_step = 1e-4;
constexpr std::int64_t never = -1;

/// Sources that report, and the machine that hears them; one step a second.
class Ear {
  public:
    Ear(const FeedStudySetup& setup, double first)
        : setup_(setup),
          reporters_(std::vector<FeedParameters>(setup.sources, setup.reporting), {}, 1),
          sources_(setup.sources,
                   feeds::Source{.weight = 1,
                                 .deviation = setup.deviation_counts
                                                  ? static_cast<std::uint64_t>(
                                                        setup.reporting.deviation)
                                                  : 0}),
          rows_(setup.sources),
          says_(setup.sources),
          sent_(setup.sources) {
        say(first, 0);
        reporters_.reset(says_);
        for (std::size_t k = 0; k < rows_.size(); ++k)
            hear(k, says_[k], 0, Time{start});
        listen(Time{start});
    }

    /// @param print  share by which the first source is low now
    void step(std::uint64_t second, double truth, double print) {
        const Time now{start + second};
        say(truth, print);
        bool has_news = false;
        for (const breakwater::Report& r : reporters_.step(static_cast<double>(second), says_)) {
            hear(r.feed, r.usd, static_cast<std::uint64_t>(r.sent), now);
            has_news = true;
        }
        if (has_news || seconds(now) >= row_.due_at) listen(now);
    }
    /// The price below whose limit everybody is certainly unhealthy; zero where nothing is allowed.
    [[nodiscard]] double certain_below(std::uint64_t second) const {
        const std::uint64_t age = feeds::age_of(row_.mid_at, Time{start + second});
        const auto allowed = feeds::permitted(feeds::trust_of(row_.machine), age, setup_.limits);
        const bool may = allowed.liquidations == feeds::Liquidations::certain;
        return may ? static_cast<double>(row_.hi) * 1e-8 : 1e18;
    }
    [[nodiscard]] double first_source() const { return static_cast<double>(rows_[0].price) * 1e-8; }
    /// Accepted reports that were sent since `second`, of the source that has sent most.
    [[nodiscard]] std::uint32_t reports_since(std::uint64_t second) const {
        std::size_t most = 0;
        for (const auto& sent : sent_)
            most = std::max(most, static_cast<std::size_t>(
                                      sent.end() - std::ranges::lower_bound(sent, second)));
        return static_cast<std::uint32_t>(most);
    }

  private:
    void say(double truth, double print) {
        for (std::size_t k = 0; k < says_.size(); ++k)
            says_[k] = truth * (1 + spread_step * (static_cast<double>(k) -
                                                   static_cast<double>(says_.size() - 1) / 2));
        says_[0] *= 1 - print;
    }
    void hear(std::size_t k, double usd, std::uint64_t sent, Time now) {
        const feeds::Report report{.price = static_cast<int128>(usd * 1e8),
                                   .published_at = start + sent,
                                   .sequence = rows_[k].sequence + 1};
        const auto refusal = feeds::take_report(sources_[k], rows_[k], report,
                                                feeds::reference_of(row_), setup_.limits, now);
        if (refusal == feeds::Refusal::none) sent_[k].push_back(sent);
    }
    void listen(Time now) {
        if (row_.due_at > row_.slow.updated_at + 1)
            feeds::move_slowly(row_.slow, row_.mid, setup_.limits, Time{seconds(now) - 1});
        feeds::take_step(row_, feeds::observe(sources_, rows_, setup_.limits, now), {},
                         setup_.limits, now);
    }

    const FeedStudySetup& setup_;
    Reporters reporters_;
    std::vector<feeds::Source> sources_;
    std::vector<feeds::SourceRow> rows_;
    std::vector<double> says_;
    std::vector<std::vector<std::uint64_t>> sent_;  ///< [s] by source, what was accepted
    feeds::AssetRow row_;
};

struct Account {
    double limit = 0;
    std::int64_t crossed = never;  ///< [s]
    bool is_back = false;
    bool is_certain = false;
    bool is_single = false;
    double price_guard = 0;               ///< true price at which it was liquidated; 0: not
    double price_single = 0;
};

/// Share of the debt that is left where the collateral is sold at `price`.
double shortfall(double limit, double price) {
    const double debt = threshold * limit;
    return std::max(0.0, debt - price / (1 + bonus)) / debt;
}

std::uint32_t at_quantile(std::vector<std::uint32_t>& sorted, std::size_t per_cent) {
    if (sorted.empty()) return 0;
    std::ranges::sort(sorted);
    return sorted[(sorted.size() * per_cent + 99) / 100 - 1];
}

std::vector<Account> accounts_of(std::span<const double> truth) {
    const double low = *std::ranges::min_element(truth);
    std::vector<Account> out(levels);
    for (std::uint32_t i = 0; i < levels; ++i)
        out[i].limit = truth[0] + (low - truth[0]) * (i + 1) / levels;
    return out;
}

/// Everybody's fate. @param prints  whether the first source prints off now and then
std::vector<Account> run(std::span<const double> truth, const FeedStudySetup& setup, bool prints,
                         FeedStudy& out, std::vector<std::uint32_t>& reports,
                         std::vector<std::uint32_t>& waits) {
    Ear ear(setup, truth[0]);
    std::vector<Account> accounts = accounts_of(truth);
    for (std::uint64_t t = 1; t < truth.size(); ++t) {
        const bool is_off = prints && t % setup.print_every >= setup.print_every - setup.print_seconds;
        ear.step(t, truth[t], is_off ? setup.print : 0);
        const double hi = ear.certain_below(t);
        const double single = ear.first_source();
        for (Account& a : accounts) {
            if (a.crossed == never && truth[t] < a.limit) {
                a.crossed = static_cast<std::int64_t>(t);
            }
            if (!a.is_single && single < a.limit) {
                a.is_single = true;
                a.price_single = truth[t];
                if (truth[t] > a.limit) ++out.wrongful_single;
            }
            if (a.is_certain) continue;
            a.is_back |= a.crossed != never && truth[t] > a.limit;
            if (hi >= a.limit) continue;
            a.is_certain = true;
            a.price_guard = truth[t];
            if (truth[t] > a.limit) ++(prints ? out.wrongful_guard : out.wrongful);
            if (a.crossed == never || a.is_back) continue;
            reports.push_back(ear.reports_since(static_cast<std::uint64_t>(a.crossed)));
            waits.push_back(static_cast<std::uint32_t>(t - static_cast<std::uint64_t>(a.crossed)));
        }
    }
    return accounts;
}

}  // namespace

std::vector<double> price_by_second(std::span<const Candle> candles, std::int64_t from,
                                    std::int64_t until) {
    std::vector<double> out;
    for (std::size_t i = 0; i + 1 < candles.size(); ++i) {
        const Candle& c = candles[i];
        if (c.time < from || c.time >= until) continue;
        const bool falls = c.close < c.open;
        const std::array corners{c.open, falls ? c.high : c.low, falls ? c.low : c.high, c.close};
        const auto third = static_cast<std::size_t>((candles[i + 1].time - c.time) / 3);
        for (std::size_t leg = 0; leg < 3; ++leg)
            for (std::size_t s = 0; s < third; ++s)
                out.push_back(corners[leg] + (corners[leg + 1] - corners[leg]) *
                                                 static_cast<double>(s) /
                                                 static_cast<double>(third));
    }
    return out;
}

FeedStudy study_feeds(std::span<const double> truth, const FeedStudySetup& setup) {
    FeedStudy out;
    std::vector<std::uint32_t> reports;
    std::vector<std::uint32_t> waits;
    const auto accounts = run(truth, setup, false, out, reports, waits);
    out.wrongful_single = 0;  // of the run in which the source is right
    double all = 0;
    for (const Account& a : accounts) {
        if (a.crossed == never) continue;
        ++out.crossed;
        out.back_first += a.is_back ? 1 : 0;
        out.certain += a.is_certain && !a.is_back ? 1 : 0;
        const auto at = static_cast<std::size_t>(a.crossed);
        const auto left = [&](double price) {
            return threshold * a.limit * shortfall(a.limit, price > 0 ? price : truth.back());
        };
        all += threshold * a.limit;
        out.bad_debt_clairvoyant += left(truth[at]);
        out.bad_debt_guard += left(a.price_guard);
        out.bad_debt_single += left(a.price_single);
    }
    for (double* share : {&out.bad_debt_clairvoyant, &out.bad_debt_guard, &out.bad_debt_single})
        *share /= all > 0 ? all : 1;
    out.reports_median = at_quantile(reports, 50);
    out.reports_p99 = at_quantile(reports, 99);
    out.reports_most = at_quantile(reports, 100);
    out.seconds_median = at_quantile(waits, 50);
    out.seconds_p99 = at_quantile(waits, 99);
    std::vector<std::uint32_t> unused;
    (void)run(truth, setup, true, out, unused, unused);
    return out;
}

}  // namespace breakwater
