// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/book_statistics.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>

#include "breakwater/core/math.hpp"
#include "breakwater/core/rulebooks/aave_v3_accounts.hpp"
#include "breakwater/io/text_figures.hpp"

namespace breakwater {
namespace {

struct Borrower {
    double health = 0;
    double debt = 0;
};

double usd(Value value) {
    return static_cast<double>(value.raw) / 1e8;
}
double usd(uint128 amount, std::uint64_t price, unsigned decimals) {
    return static_cast<double>(amount) * static_cast<double>(price) / 1e8 /
           static_cast<double>(power_of_ten(decimals));
}

class Gatherer {
  public:
    explicit Gatherer(const Book& book) : book_(book), native_(aave_market(book.state)) {}
    BookStatistics run();

  private:
    void add(const aave_v3::AccountRow& row, std::span<const aave_v3::Leg> legs);
    void add_borrower(const aave_v3::AccountData& data, std::span<const aave_v3::Leg> legs,
                      const aave_v3::AccountRow& row);
    [[nodiscard]] bool is_stable(AssetId asset) const;
    [[nodiscard]] double worth(uint128 amount, AssetId asset) const {
        return usd(amount, book_.state.feeds[index(asset)].point,
                   book_.assets[index(asset)].decimals);
    }
    void set_deciles();

    const Book& book_;
    const aave_v3::Market& native_;
    aave_v3::GrownIndices grown_;
    BookStatistics out_;
    std::vector<Borrower> borrowers_;
};

bool Gatherer::is_stable(AssetId asset) const {
    const AssetDescription* d = &book_.assets[index(asset)];
    if (d->kind == AssetKind::pegged)
        d = &*std::ranges::find(book_.assets, d->peg, &AssetDescription::symbol);
    return d->kind == AssetKind::stable;
}

void Gatherer::add_borrower(const aave_v3::AccountData& data, std::span<const aave_v3::Leg> legs,
                            const aave_v3::AccountRow& row) {
    const double debt = usd(data.debt);
    const double health = static_cast<double>(data.threshold_sum) / bps_one /
                          static_cast<double>(std::max<uint128>(data.debt.raw, 1));
    borrowers_.push_back({.health = health, .debt = debt});
    out_.debt_usd += debt;
    out_.unhealthy += data.is_unhealthy() ? 1U : 0U;
    if (row.emode != 0) out_.emode_debt_usd += debt;
    if (health < 1.05) out_.debt_below_105_usd += debt;
    if (health < 1.10) out_.debt_below_110_usd += debt;
    if (health < 1.25) out_.debt_below_125_usd += debt;
    std::size_t collaterals = 0;
    std::size_t debts = 0;
    double stable_debt = 0;
    double volatile_collateral = 0;
    for (const aave_v3::Leg& leg : legs) {
        collaterals += leg.is_collateral() ? 1U : 0U;
        debts += leg.is_borrowing() ? 1U : 0U;
        if (leg.is_borrowing() && is_stable(leg.asset()))
            stable_debt += worth(leg.borrowed().raw, leg.asset());
        if (leg.is_collateral() && !is_stable(leg.asset()))
            volatile_collateral += worth(leg.supplied().raw, leg.asset());
    }
    if (2 * volatile_collateral > usd(data.collateral)) out_.stable_on_volatile_usd += stable_debt;
    out_.several_collaterals += collaterals > 1 ? 1U : 0U;
    out_.several_debts += debts > 1 ? 1U : 0U;
}

void Gatherer::add(const aave_v3::AccountRow& row, std::span<const aave_v3::Leg> legs) {
    const aave_v3::View view{
        .state = book_.state, .market = native_, .grown = grown_, .now = book_.state.now()};
    const auto data = aave_v3::account_data(view, legs, row.emode);
    if (!data) return;
    ++out_.accounts;
    if (!data->debt.is_zero())
        add_borrower(*data, legs, row);
    else if (!legs.empty())
        ++out_.lenders;
}

void Gatherer::set_deciles() {
    out_.borrowers = borrowers_.size();
    if (borrowers_.empty()) return;
    std::ranges::sort(borrowers_, {}, &Borrower::health);
    double upto = 0;
    std::size_t decile = 0;
    for (const Borrower& b : borrowers_) {
        upto += b.debt;
        while (decile < 9 && upto >= 0.1 * static_cast<double>(decile + 1) * out_.debt_usd)
            out_.health_by_debt[decile++] = b.health;
    }
    for (std::size_t i = 0; i < 9; ++i)
        out_.health_by_count[i] = borrowers_[borrowers_.size() * (i + 1) / 10].health;
    std::ranges::sort(borrowers_, std::greater{}, &Borrower::debt);
    out_.largest_debt_usd = borrowers_.front().debt;
    out_.median_debt_usd = borrowers_[borrowers_.size() / 2].debt;
    for (std::size_t i = 0; i < std::min<std::size_t>(100, borrowers_.size()); ++i)
        out_.largest_100_debt_usd += borrowers_[i].debt;
}

BookStatistics Gatherer::run() {
    for (std::uint32_t i = 0; i < native_.accounts.size(); ++i)
        if (AccountId{i} != native_.treasury)
            add(native_.accounts[i], native_.legs_of(AccountId{i}));
    set_deciles();
    for (std::size_t a = 0; a < book_.assets.size(); ++a) {
        const aave_v3::Reserve& r = native_.reserves[a];
        const auto id = AssetId{static_cast<std::uint8_t>(a)};
        Checked math;
        out_.assets.push_back(
            {.symbol = book_.assets[a].symbol,
             .supplied_usd = worth(math.ray_mul_down(r.supplied.raw, r.liquidity_index.raw), id),
             .borrowed_usd = worth(math.ray_mul_up(r.borrowed.raw, r.borrow_index.raw), id),
             .cash_usd = worth(r.cash.raw, id)});
        out_.supplied_usd += out_.assets.back().supplied_usd;
    }
    return out_;
}

std::string deciles(const std::array<double, 9>& values) {
    std::string out;
    for (const double v : values)
        out += " " + fixed(std::min(v, 999.0), 3);
    return out;
}

}  // namespace

BookStatistics statistics_of(const Book& book) {
    return Gatherer(book).run();
}

std::string to_text(const BookStatistics& s) {
    std::string out;
    out += "accounts " + std::to_string(s.accounts) + ": borrowers " + std::to_string(s.borrowers) +
           ", lenders without debt " + std::to_string(s.lenders) + ", unhealthy " +
           std::to_string(s.unhealthy) + "\n";
    out += "supplied " + millions(s.supplied_usd) + " USD, borrowed " + millions(s.debt_usd) +
           " USD, median debt " + fixed(s.median_debt_usd, 0) + " USD\n";
    out += "largest debt " + percent(s.largest_debt_usd, s.debt_usd) + " of all, largest hundred " +
           percent(s.largest_100_debt_usd, s.debt_usd) + "\n";
    out += "health deciles by count:" + deciles(s.health_by_count) + "\n";
    out += "health deciles by debt: " + deciles(s.health_by_debt) + "\n";
    out += "debt below health 1.05: " + percent(s.debt_below_105_usd, s.debt_usd) +
           ", 1.10: " + percent(s.debt_below_110_usd, s.debt_usd) +
           ", 1.25: " + percent(s.debt_below_125_usd, s.debt_usd) + "\n";
    out += "stable debt on volatile collateral: " + percent(s.stable_on_volatile_usd, s.debt_usd) +
           " of debt, in e-modes: " + percent(s.emode_debt_usd, s.debt_usd) + "\n";
    out += "borrowers with several collaterals: " + percent(s.several_collaterals, s.borrowers) +
           ", with several debts: " + percent(s.several_debts, s.borrowers) + "\n";
    for (const AssetStatistics& a : s.assets)
        out += "  " + a.symbol + ": supplied " + millions(a.supplied_usd) + ", borrowed " +
               millions(a.borrowed_usd) + ", utilisation " + fixed(100 * a.utilisation(), 1) +
               " %\n";
    return out;
}

}  // namespace breakwater
