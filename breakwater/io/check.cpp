// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/check.hpp"

#include <algorithm>

#include "breakwater/core/invariants.hpp"
#include "breakwater/core/math.hpp"
#include "breakwater/core/rulebooks/aave_v3_accounts.hpp"
#include "breakwater/io/book_reader.hpp"
#include "breakwater/io/decimal.hpp"
#include "breakwater/io/json_line.hpp"
#include "breakwater/io/text_figures.hpp"
#include "breakwater/io/time_text.hpp"

namespace breakwater {
namespace {

constexpr double residual_share_max = 0.01;
constexpr double stable_off_par = 0.03;
constexpr double dust_usd = 10;

class Checker {
  public:
    Checker(const MarketFile& market, const Book& book)
        : market_(market), book_(book), native_(aave_market(book.state)) {}
    CheckReport run(std::optional<Time> now);

  private:
    void fact(std::string text) { out_.findings.push_back({Concern::fact, std::move(text)}); }
    void doubt(std::string text) { out_.findings.push_back({Concern::doubt, std::move(text)}); }
    [[nodiscard]] double usd(uint128 amount, std::size_t asset) const {
        return static_cast<double>(amount) * static_cast<double>(book_.state.feeds[asset].point) /
               1e8 / static_cast<double>(power_of_ten(book_.assets[asset].decimals));
    }
    void check_reserve(std::size_t asset);
    void check_caps(std::size_t asset, double supplied, double borrowed);
    void check_description(std::size_t asset);
    void check_accounts();
    void check_account(AccountId id);
    void say_accounts();

    const MarketFile& market_;
    const Book& book_;
    const aave_v3::Market& native_;
    aave_v3::GrownIndices grown_;
    CheckReport out_;
    double covered_depth_ = 0;
    double covered_feed_ = 0;
    std::size_t without_collateral_ = 0;
    std::size_t dust_ = 0;
    std::size_t not_borrowable_ = 0;
};

void Checker::check_caps(std::size_t asset, double supplied, double borrowed) {
    const aave_v3::Parameters& p = native_.parameters[asset];
    const std::string& symbol = book_.assets[asset].symbol;
    const double token = usd(power_of_ten(book_.assets[asset].decimals), asset);
    if (p.supply_cap != 0 && supplied > token * static_cast<double>(p.supply_cap))
        doubt(symbol + " is supplied beyond its cap, " +
              percent(supplied, token * static_cast<double>(p.supply_cap)));
    if (p.borrow_cap != 0 && borrowed > token * static_cast<double>(p.borrow_cap))
        doubt(symbol + " is borrowed beyond its cap, " +
              percent(borrowed, token * static_cast<double>(p.borrow_cap)));
    if (borrowed > 0 && !p.has(aave_v3::borrowing))
        doubt(symbol + " is owed but cannot be borrowed");
    if (supplied + borrowed > 0 && p.has(aave_v3::paused))
        doubt(symbol + " is paused: nothing of it can be liquidated");
}

void Checker::check_reserve(std::size_t asset) {
    const aave_v3::Reserve& r = native_.reserves[asset];
    const std::string& symbol = book_.assets[asset].symbol;
    Checked math;
    const double supplied = usd(math.ray_mul_down(r.supplied.raw, r.liquidity_index.raw), asset);
    const double borrowed = usd(math.ray_mul_up(r.borrowed.raw, r.borrow_index.raw), asset);
    out_.supplied_usd += supplied;
    out_.borrowed_usd += borrowed;
    if (market_.assets[asset].has_liquidity) covered_depth_ += supplied + borrowed;
    if (market_.assets[asset].has_feed) covered_feed_ += supplied + borrowed;
    const int128 left = residual(r);
    const double gap = usd(left < 0 ? 0 : static_cast<uint128>(left), asset);
    if (gap > residual_share_max * std::max(supplied, borrowed))
        doubt(symbol + ": cash and debt exceed what the accounts supplied by " + dollars(gap) +
              ": suppliers are missing from accounts.csv");
    if (market_.assets[asset].cash)
        fact(symbol + ": the given cash and the accounts agree within " + dollars(gap));
    check_caps(asset, supplied, borrowed);
}

void Checker::check_description(std::size_t asset) {
    const AssetDescription& d = book_.assets[asset];
    const double price = static_cast<double>(book_.state.feeds[asset].point) / 1e8;
    if (d.kind == AssetKind::stable && (price < 1 - stable_off_par || price > 1 + stable_off_par))
        doubt(d.symbol + " is called stable at a price of " + fixed(price, 4) + " USD");
    if (const auto peg = market_.find(d.peg); peg && d.kind == AssetKind::pegged) {
        const double base = static_cast<double>(book_.state.feeds[index(*peg)].point) / 1e8;
        if (price < 0.5 * base || price > 2 * base)
            doubt(d.symbol + " follows " + d.peg + " at " + fixed(price / base, 3) +
                  " of its price");
    }
}

void Checker::check_account(AccountId id) {
    const aave_v3::AccountRow& row = native_.accounts[index(id)];
    const aave_v3::View view{
        .state = book_.state, .market = native_, .grown = grown_, .now = book_.state.now()};
    const auto data = aave_v3::account_data(view, native_.legs_of(id), row.emode);
    if (!data || data->debt.is_zero()) return;
    ++out_.borrowers;
    const double debt = static_cast<double>(data->debt.raw) / 1e8;
    const double collateral = static_cast<double>(data->collateral.raw) / 1e8;
    if (data->is_unhealthy()) {
        ++out_.unhealthy;
        out_.unhealthy_debt_usd += debt;
    }
    out_.insolvent_debt_usd += std::max(0.0, debt - collateral);
    without_collateral_ += data->collateral.is_zero() ? 1U : 0U;
    dust_ += debt < dust_usd ? 1U : 0U;
    if (row.emode == 0) return;
    for (const aave_v3::Leg& leg : native_.legs_of(id))
        not_borrowable_ +=
            leg.is_borrowing() &&
                    ((native_.emodes[row.emode].borrowable >> index(leg.asset())) & 1U) == 0
                ? 1U
                : 0U;
}

void Checker::check_accounts() {
    for (std::uint32_t i = 0; i < native_.accounts.size(); ++i)
        if (AccountId{i} != native_.treasury) check_account(AccountId{i});
    out_.accounts = native_.accounts.size() - 1;
    say_accounts();
}

void Checker::say_accounts() {
    if (out_.unhealthy > 0)
        doubt(std::to_string(out_.unhealthy) + " accounts are unhealthy at the start, with " +
              dollars(out_.unhealthy_debt_usd) +
              " of debt: stale prices, or thresholds without their e-mode?");
    if (out_.insolvent_debt_usd > 0)
        doubt("debt of " + dollars(out_.insolvent_debt_usd) +
              " exceeds its collateral at the start");
    if (without_collateral_ > 0)
        doubt(std::to_string(without_collateral_) + " accounts owe without any collateral");
    if (not_borrowable_ > 0)
        doubt(std::to_string(not_borrowable_) +
              " debts are not borrowable in their account's e-mode");
    if (dust_ > 0) fact(std::to_string(dust_) + " accounts owe less than 10 USD");
}

CheckReport Checker::run(std::optional<Time> now) {
    out_.name = book_.name;
    out_.source = book_.source;
    out_.input_hash = book_.input_hash;
    out_.as_of = book_.state.clock.now;
    for (const Finding& f : age_of(book_, now))
        out_.findings.push_back(f);
    for (const std::string& note : book_.notes)
        note.starts_with("no [asset.") ? doubt(note) : fact(note);
    for (std::size_t a = 0; a < book_.assets.size(); ++a) {
        check_reserve(a);
        check_description(a);
    }
    check_accounts();
    const double total = out_.supplied_usd + out_.borrowed_usd;
    out_.coverage.price = 1;  // a book without a price does not load
    if (total > 0) out_.coverage.depth = covered_depth_ / total;
    if (total > 0) out_.coverage.feed = covered_feed_ / total;
    fact("value in unknown assets: none, because such a row is refused");
    return out_;
}

}  // namespace

std::vector<Finding> age_of(const Book& book, std::optional<Time> now) {
    std::vector<Finding> out;
    const auto as_of = static_cast<std::int64_t>(book.state.clock.now);
    out.push_back({Concern::fact, "prices are of " + format_utc(as_of) +
                                      "; depth and feeds have no date of their own"});
    if (!now) return out;
    if (seconds(*now) < book.state.clock.now) {
        out.push_back({Concern::doubt, "as_of lies in the future"});
        return out;
    }
    const double hours = static_cast<double>(seconds(*now) - book.state.clock.now) / 3'600;
    const std::string age =
        hours < 48 ? fixed(hours, 1) + " hours" : fixed(hours / 24, 1) + " days";
    out.push_back({hours > age_hours_max ? Concern::doubt : Concern::fact,
                   "prices and balances are " + age + " old"});
    return out;
}

std::size_t CheckReport::doubts() const {
    return static_cast<std::size_t>(
        std::ranges::count(findings, Concern::doubt, &Finding::concern));
}

CheckReport check_book(const std::filesystem::path& folder, std::optional<Time> now) {
    const Book book = read_book(folder);
    const MarketFile market = read_market_file(folder / market_file_name);
    return Checker(market, book).run(now);
}

std::string to_text(const CheckReport& r) {
    std::string out = r.name + "\n" + (r.source.empty() ? "" : r.source + "\n");
    out += "input hash " + r.input_hash + "\n";
    out += std::to_string(r.accounts) + " accounts, " + std::to_string(r.borrowers) +
           " with debt; supplied " + dollars(r.supplied_usd) + ", borrowed " +
           dollars(r.borrowed_usd) + "\n";
    out += "coverage of the value: price " + percent(r.coverage.price, 1) + ", depth " +
           percent(r.coverage.depth, 1) + ", feed " + percent(r.coverage.feed, 1) + "\n";
    for (const Finding& f : r.findings)
        out += (f.concern == Concern::doubt ? "! " : "  ") + f.text + "\n";
    const std::size_t doubts = r.doubts();
    out += doubts == 0 ? "nothing to doubt\n"
                       : std::to_string(doubts) + (doubts == 1 ? " doubt\n" : " doubts\n");
    return out;
}

std::string to_json(const CheckReport& r) {
    std::string findings = "[";
    for (const Finding& f : r.findings) {
        JsonLine line;
        line.text("concern", f.concern == Concern::doubt ? "doubt" : "fact").text("text", f.text);
        findings += (findings.size() == 1 ? "" : ",") + line.finish();
    }
    JsonLine coverage;
    coverage.raw("price", format_number(r.coverage.price))
        .raw("depth", format_number(r.coverage.depth))
        .raw("feed", format_number(r.coverage.feed));
    JsonLine out;
    out.text("format", "breakwater-check/1").text("name", r.name).text("source", r.source);
    out.text("input_hash", r.input_hash)
        .text("as_of", format_utc(static_cast<std::int64_t>(r.as_of)));
    out.integer("accounts", r.accounts)
        .integer("borrowers", r.borrowers)
        .integer("unhealthy", r.unhealthy);
    out.raw("unhealthy_debt_usd", format_number(r.unhealthy_debt_usd));
    out.raw("insolvent_debt_usd", format_number(r.insolvent_debt_usd));
    out.raw("supplied_usd", format_number(r.supplied_usd));
    out.raw("borrowed_usd", format_number(r.borrowed_usd));
    out.raw("coverage", coverage.finish()).raw("findings", findings + "]");
    return out.finish();
}

}  // namespace breakwater
