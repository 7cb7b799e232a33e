// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/native_check.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "breakwater/io/native_reader.hpp"
#include "breakwater/io/text_figures.hpp"
#include "breakwater/stress/comet_view.hpp"
#include "breakwater/stress/morpho_view.hpp"
#include "breakwater/stress/native_standing.hpp"

namespace breakwater {
namespace {

constexpr double dust_usd = 10;
constexpr double off_feeds_max = 0.01;
constexpr double utilisation_doubted = 0.99;
constexpr double per_mille = 1e-3;
/// [1e-3] Those that the owner of the contract has enabled. Source: the EnableLltv events of the contract on Ethereum.
constexpr std::array<int, 8> lltvs_enabled{385, 625, 770, 860, 915, 945, 965, 980};

class NativeChecker {
  public:
    explicit NativeChecker(const NativeFile& file) : file_(file), book_(file.book) {}
    CheckReport run(std::optional<Time> now);

  private:
    void fact(std::string text) { out_.findings.push_back({Concern::fact, std::move(text)}); }
    void doubt(std::string text) { out_.findings.push_back({Concern::doubt, std::move(text)}); }
    void check_market(std::size_t m, const MarketStanding& row);
    void check_oracle(std::size_t m, const MarketStanding& row);
    void check_comet(const std::vector<MarketStanding>& rows);
    void check_accounts();
    void check_coverage(const std::vector<MarketStanding>& rows);

    const NativeFile& file_;
    const Book& book_;
    CheckReport out_;
};

void NativeChecker::check_oracle(std::size_t m, const MarketStanding& row) {
    const morpho_blue::Totals& t = morpho_blue::market_of(book_.state, m).totals[0];
    morpho_blue::Totals fed = t;
    fed.set_price(morpho_blue::price_from_feeds(book_, book_.state, t));
    const double feeds = morpho_blue::worth_of_collateral(fed);
    if (!(feeds > 0)) return doubt(row.name + ": the price of the pair is zero");
    if (!row.is_fixed) return;
    const double off = morpho_blue::worth_of_collateral(t) / feeds - 1;
    const std::string says = row.name + ": its oracle is hard-wired, " +
                             percent(std::fabs(off), 1.0) + (off < 0 ? " below" : " above") +
                             " what the prices of the book say";
    std::fabs(off) > off_feeds_max ? doubt(says) : fact(says);
}

void NativeChecker::check_market(std::size_t m, const MarketStanding& row) {
    const double thousandths = row.lltv / per_mille;
    const bool is_enabled = std::ranges::any_of(
        lltvs_enabled, [&](int lltv) { return std::fabs(thousandths - lltv) < per_mille; });
    if (!is_enabled)
        doubt(row.name + ": an LLTV of " + fixed(row.lltv * 100, 1) +
              " % is none of those that markets can be created with");
    if (row.utilisation > utilisation_doubted)
        doubt(row.name + ": " + percent(row.borrowed, row.supplied) +
              " of the supply is lent out, suppliers cannot leave");
    const morpho_blue::Market& market = morpho_blue::market_of(book_.state, m);
    if (market.positions.size() == book_.accounts.size()) {
        const auto all = static_cast<double>(market.totals[0].supply_shares.raw);
        fact(row.name + ": " +
             percent(static_cast<double>(market.positions.back().supply_shares.raw), all) +
             " of the supply is of suppliers that accounts.csv does not name");
    }
    check_oracle(m, row);
}

void NativeChecker::check_comet(const std::vector<MarketStanding>& rows) {
    const compound_v3::Market& market = compound_v3::market_of(book_.state);
    const compound_v3::Totals& t = market.totals[0];
    const MarketSupply supply = market_supplies(book_).front();
    fact("reserves of " + dollars(supply.reserves) + " bear losses before suppliers do");
    if (native_solvency(book_).deficit > 0)
        doubt("suppliers are owed more than cash and debt: the reserves are below zero");
    if (rows.front().utilisation > utilisation_doubted)
        doubt(percent(rows.front().borrowed, rows.front().supplied) +
              " of the supply is lent out, suppliers cannot leave");
    using compound_v3::of_wad;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const compound_v3::Collateral& c = market.collaterals[i];
        const std::string& symbol = book_.assets[index(c.asset)].symbol;
        if (c.supplied.raw > c.supply_cap) doubt(symbol + " is supplied beyond its cap");
        if (c.liquidation_factor < c.liquidate_factor)
            doubt(symbol + ": who is absorbed at " + fixed(of_wad(c.liquidate_factor) * 100, 1) +
                  " % of its collateral is credited " +
                  fixed(of_wad(c.liquidation_factor) * 100, 1) + " %: every absorption is a loss");
    }
    if (t.store_front_price_factor == 0) doubt("the store front gives no discount: nobody absorbs");
}

void NativeChecker::check_accounts() {
    const Positions positions = native_positions(book_);
    std::size_t dust = 0;
    std::size_t bare = 0;
    for (const Position& p : positions.borrowers) {
        ++out_.borrowers;
        if (p.unhealthy) {
            ++out_.unhealthy;
            out_.unhealthy_debt_usd += p.debt;
        }
        out_.insolvent_debt_usd += std::max(0.0, p.debt - p.collateral);
        dust += p.debt < dust_usd ? 1U : 0U;
        bare += p.collateral > 0 ? 0U : 1U;
    }
    if (out_.unhealthy > 0)
        doubt(std::to_string(out_.unhealthy) + " positions are unhealthy at the start, with " +
              dollars(out_.unhealthy_debt_usd) + " of debt: stale prices?");
    if (out_.insolvent_debt_usd > 0)
        doubt("debt of " + dollars(out_.insolvent_debt_usd) +
              " exceeds its collateral at the start");
    if (bare > 0) doubt(std::to_string(bare) + " positions owe without any collateral");
    if (dust > 0) fact(std::to_string(dust) + " positions owe less than 10 USD");
}

void NativeChecker::check_coverage(const std::vector<MarketStanding>& rows) {
    double total = 0;
    double depth = 0;
    double feed = 0;
    const auto add = [&](AssetId asset, double usd) {
        const Surroundings& given = file_.surroundings[index(asset)];
        total += usd;
        depth += given.liquidity ? usd : 0;
        feed += given.feed ? usd : 0;
    };
    for (const MarketStanding& row : rows)
        add(row.collateral, row.collateral_usd);
    for (const MarketSupply& m : market_supplies(book_))
        add(m.loan, m.supplied);
    const Solvency solvency = native_solvency(book_);
    out_.supplied_usd = solvency.supplied;
    out_.borrowed_usd = solvency.borrowed;
    out_.coverage.price = 1;  // a book without a price does not load
    if (total > 0) out_.coverage.depth = depth / total;
    if (total > 0) out_.coverage.feed = feed / total;
}

CheckReport NativeChecker::run(std::optional<Time> now) {
    out_.name = book_.name;
    out_.source = book_.source;
    out_.input_hash = book_.input_hash;
    out_.as_of = book_.state.clock.now;
    out_.accounts = accounts_of(book_);
    for (const Finding& f : age_of(book_, now))
        out_.findings.push_back(f);
    for (const std::string& note : book_.notes)
        note.starts_with("no [asset.") ? doubt(note) : fact(note);
    const std::vector<MarketStanding> rows = market_standings(book_);
    if (book_.rulebook == "morpho_blue")
        for (std::size_t m = 0; m < rows.size(); ++m)
            check_market(m, rows[m]);
    else
        check_comet(rows);
    check_accounts();
    check_coverage(rows);
    fact("value in unknown assets: none, because such a row is refused");
    return out_;
}

}  // namespace

CheckReport check_native(const std::filesystem::path& folder, std::optional<Time> now) {
    const NativeFile file = read_native(folder);
    return NativeChecker(file).run(now);
}

}  // namespace breakwater
