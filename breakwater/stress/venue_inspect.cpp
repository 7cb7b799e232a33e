// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/venue_inspect.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "breakwater/core/each_number.hpp"
#include "breakwater/core/rulebooks/venue_margin.hpp"

namespace breakwater {
namespace {

constexpr double standing_usd = 1e-14;

class Inspector {
  public:
    Inspector(const VenueBook& v, const VenueInspectOptions& options)
        : v_(v), m_(v.market()), view_(v.book.state, v.market(), v.book.state.now()), o_(options) {}
    std::expected<VenueInspection, std::string> run();

  private:
    [[nodiscard]] double price(AssetId a) const {
        return static_cast<double>(v_.book.state.feeds[index(a)].point) / 1e8;
    }
    [[nodiscard]] double tokens(AssetId a, int128 atoms) const {
        double unit = 1;
        for (unsigned d = 0; d < v_.book.assets[index(a)].decimals; ++d)
            unit *= 10;
        return static_cast<double>(atoms) / unit;
    }
    [[nodiscard]] double lot_usd(std::size_t k) const {
        const venue::Terms& t = m_.terms[k];
        const double lot = v_.contracts[k].lot();
        if (t.is_inverse()) return lot;
        const double usd = t.is_option()
                               ? price(t.underlying)
                               : static_cast<double>(m_.contracts[k].mark) * v_.contracts[k].tick();
        return lot * usd;
    }
    bool look_at(AccountId account);
    void count_positions(AccountId account, MarginLine& line, double& levered);
    void bin(const MarginLine& line);
    void look_at_assets();
    void finish_contracts();
    void finish_clusters();
    void finish_leverage();

    const VenueBook& v_;
    const venue::Market& m_;
    venue::View view_;
    VenueInspectOptions o_;
    VenueInspection out_;
    std::vector<std::int64_t> largest_;  ///< [lots] by contract
    std::vector<double> leverages_;
};

void Inspector::count_positions(AccountId account, MarginLine& line, double& levered) {
    for (std::uint32_t s = 0; s < m_.set().slots; ++s) {
        const venue::Position& p = m_.positions[m_.first_slot(account) + s];
        if (p.lots == 0) continue;
        const std::size_t k = venue::index(p.contract);
        const double usd = std::fabs(static_cast<double>(p.lots)) * lot_usd(k);
        line.notional += usd;
        if (!m_.terms[k].is_option()) levered += usd;
        ++(p.lots > 0 ? out_.contracts[k].longs : out_.contracts[k].shorts);
        largest_[k] = std::max({largest_[k], p.lots, -p.lots});
    }
}

void Inspector::bin(const MarginLine& line) {
    std::size_t k = 0;
    while (k < margin_ratio_edges.size() && line.ratio() >= margin_ratio_edges[k])
        ++k;
    MarginBin& b = out_.margin[k];
    ++b.accounts;
    b.equity += line.equity;
    b.notional += line.notional;
}

bool Inspector::look_at(AccountId account) {
    const auto maintenance = venue::assess(view_, account, venue::Purpose::liquidation);
    const auto initial = venue::assess(view_, account, venue::Purpose::opening);
    const auto closing = venue::assess(view_, account, venue::Purpose::closing);
    if (!maintenance || !initial || !closing) return false;
    MarginLine line{.account = account};
    line.equity = static_cast<double>(maintenance->standing.equity) * standing_usd;
    line.requirement = static_cast<double>(maintenance->standing.requirement) * standing_usd;
    double levered = 0;
    count_positions(account, line, levered);
    const venue::Account& a = m_.accounts[index(account)];
    out_.holders += line.notional > 0 ? 1U : 0U;
    out_.isolated += a.parent != 0 ? 1U : 0U;
    out_.linked += a.cluster != 0 ? 1U : 0U;
    bool owes = false;
    for (const std::uint8_t k : each_number<std::uint8_t>(m_.assets()))
        owes |= m_.balances[m_.row(account, AssetId{k})].cash < 0;
    out_.borrowers += owes ? 1U : 0U;
    const double worth = static_cast<double>(closing->standing.equity) * standing_usd;
    out_.equity += worth;
    out_.maintenance += line.requirement;
    out_.initial += static_cast<double>(initial->standing.requirement) * standing_usd;
    if (closing->standing.equity < 0) {
        ++out_.negative;
        out_.negative_usd -= worth;
    }
    if (!maintenance->holds())
        ++out_.below_maintenance;
    else if (!initial->holds())
        ++out_.below_initial;
    if (account == m_.set().fund) out_.fund = worth;
    if (account == m_.set().vault) {
        out_.vault = worth;
        out_.vault_initial = static_cast<double>(initial->standing.requirement) * standing_usd;
    }
    if (a.cluster != 0) {
        ClusterLine& c = out_.clusters[a.cluster - 1];
        ++c.accounts;
        c.equity += worth;
        c.notional += line.notional;
    }
    if (levered > 0 && maintenance->holds() && worth > 0) leverages_.push_back(levered / worth);
    if (maintenance->standing.requirement == 0) return true;
    bin(line);
    if (line.notional >= o_.nearest_notional_min) out_.nearest.push_back(line);
    return true;
}

void Inspector::look_at_assets() {
    for (const std::uint8_t k : each_number<std::uint8_t>(v_.book.assets.size())) {
        const AssetId id{k};
        AssetLine& line = out_.assets.emplace_back();
        line.price = price(id);
        if (!m_.has(id)) continue;
        line.is_collateral = true;
        for (std::uint32_t a = 0; a < m_.set().accounts; ++a) {
            const int128 cash = m_.balances[m_.row(AccountId{a}, id)].cash;
            (cash < 0 ? line.loans : line.deposits) += std::fabs(tokens(id, cash)) * line.price;
        }
        const venue::Collateral& c = m_.collaterals[k];
        line.custody = tokens(id, static_cast<int128>(c.held.raw)) * line.price;
        line.cap = tokens(id, static_cast<int128>(c.cap.raw)) * line.price;
        line.uncovered = tokens(id, static_cast<int128>(c.uncovered.raw)) * line.price;
    }
}

void Inspector::finish_contracts() {
    for (std::size_t k = 0; k < m_.terms.size(); ++k) {
        ContractLine& line = out_.contracts[k];
        const venue::Contract& c = m_.contracts[k];
        line.open_interest = c.open_interest;
        line.depth = c.depth;
        line.notional = static_cast<double>(c.open_interest) * lot_usd(k);
        line.mark = static_cast<double>(c.mark) * v_.contracts[k].tick();
        if (c.open_interest != 0)
            line.largest = static_cast<double>(largest_[k]) / static_cast<double>(c.open_interest);
    }
}

void Inspector::finish_clusters() {
    for (ClusterLine& c : out_.clusters) {
        c.cluster = static_cast<std::uint32_t>(&c - out_.clusters.data()) + 1;
        double most = -1;
        for (const std::uint16_t k : each_number<std::uint16_t>(m_.terms.size())) {
            const venue::ClusterLots& lots = m_.clusters[m_.row(c.cluster, venue::ContractId{k})];
            const double side = static_cast<double>(std::max(lots.longs, lots.shorts));
            if (side * lot_usd(k) <= most) continue;
            most = side * lot_usd(k);
            c.contract = k;
            const std::int64_t open = m_.contracts[k].open_interest;
            c.share = open == 0 ? 0 : side / static_cast<double>(open);
        }
    }
    std::erase_if(out_.clusters, [](const ClusterLine& c) { return c.accounts == 0; });
    std::ranges::stable_sort(out_.clusters, std::ranges::greater{}, &ClusterLine::notional);
}

void Inspector::finish_leverage() {
    if (leverages_.empty()) return;
    std::ranges::sort(leverages_);
    for (std::size_t d = 0; d < out_.leverage.size(); ++d)
        out_.leverage[d] = leverages_[(d + 1) * leverages_.size() / 10];
}

std::expected<VenueInspection, std::string> Inspector::run() {
    constexpr double endless = std::numeric_limits<double>::infinity();
    for (std::size_t k = 0; k < out_.margin.size(); ++k) {
        out_.margin[k].low = k == 0 ? -endless : margin_ratio_edges[k - 1];
        out_.margin[k].high = k == margin_ratio_edges.size() ? endless : margin_ratio_edges[k];
    }
    out_.accounts = m_.set().accounts;
    out_.contracts.resize(m_.terms.size());
    largest_.resize(m_.terms.size());
    out_.clusters.resize(m_.set().clusters - 1);
    for (std::uint32_t a = 0; a < m_.set().accounts; ++a)
        if (!look_at(AccountId{a}))
            return std::unexpected("account " + std::string(v_.book.accounts[AccountId{a}]) +
                                   " cannot be valued");
    std::ranges::stable_sort(out_.nearest, {}, &MarginLine::ratio);
    if (out_.nearest.size() > o_.nearest) out_.nearest.resize(o_.nearest);
    look_at_assets();
    finish_contracts();
    finish_clusters();
    finish_leverage();
    return std::move(out_);
}

}  // namespace

std::expected<VenueInspection, std::string> inspect_venue(const VenueBook& venue,
                                                          const VenueInspectOptions& options) {
    return Inspector(venue, options).run();
}

}  // namespace breakwater
