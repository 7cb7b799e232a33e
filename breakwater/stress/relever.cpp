// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/relever.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "breakwater/core/engine.hpp"
#include "breakwater/core/math.hpp"
#include "breakwater/core/require.hpp"
#include "breakwater/stress/amounts.hpp"
#include "breakwater/stress/positions.hpp"
#include "breakwater/stress/solvency.hpp"

namespace breakwater {
namespace {

/// The engine rounds against the borrower: what is asked for stays this much below the limits.
constexpr double within = 1 - 1e-9;

/// One debt that is to grow or to shrink.
struct Order {
    AccountId account{};
    AssetId asset{};
    double usd = 0;
};

/// [USD] of further debt that the protocol's loan-to-value leaves, in its whole basis points.
double room_of(const Position& p) {
    if (!(p.collateral > 0)) return 0;
    const double ltv = std::floor(p.borrowing_power / p.collateral * 1e4) * 1e-4;
    return std::max(0.0, p.collateral * ltv * within - p.debt);
}

class Releverer {
  public:
    explicit Releverer(Book book) : out_{.book = std::move(book), .demand = {}} {}

    void plan(const Positions& now, const Positions& then) {
        REQUIRE(now.borrowers.size() == then.borrowers.size());
        for (std::size_t i = 0; i < now.borrowers.size(); ++i) {
            const Position& before = now.borrowers[i];
            const Position& after = then.borrowers[i];
            if (before.unhealthy || !(before.health > 0) || before.health == after.health) continue;
            const double change = after.debt * (after.health / before.health - 1);
            if (change < 0) add(repayments_, after, then.legs_of(after), -change);
            if (change <= 0) continue;
            out_.demand.wanted += change;
            add(loans_, after, then.legs_of(after), std::min(change, room_of(after)));
        }
    }

    Relevered carry_out() {
        for (const Order& o : repayments_)
            if (done({.account = o.account, .asset = o.asset, .usd = o.usd}, false))
                out_.demand.repaid += o.usd;
        std::vector<double> wanted(out_.book.assets.size());
        for (const Order& o : loans_)
            wanted[index(o.asset)] += o.usd;
        std::vector<double> part(wanted.size());
        for (const ReserveStanding& r : solvency_of(out_.book).reserves) {
            double room = r.cash;
            if (r.borrow_cap > 0) room = std::min(room, r.borrow_cap - r.borrowed);
            const double want = wanted[index(r.asset)];
            part[index(r.asset)] = want > 0 ? std::clamp(room * within / want, 0.0, 1.0) : 0;
        }
        for (const Order& o : loans_) {
            const double usd = o.usd * part[index(o.asset)];
            if (done({.account = o.account, .asset = o.asset, .usd = usd}, true))
                out_.demand.borrowed += usd;
        }
        std::ranges::sort(moved_);
        out_.demand.borrowers =
            static_cast<std::uint32_t>(std::ranges::unique(moved_).begin() - moved_.begin());
        return std::move(out_);
    }

  private:
    static void add(std::vector<Order>& orders, const Position& p,
                    std::span<const PositionLeg> legs, double usd) {
        for (const PositionLeg& leg : legs)
            if (leg.debt > 0 && usd > 0)
                orders.push_back(
                    {.account = p.account, .asset = leg.asset, .usd = usd * leg.debt / p.debt});
    }

    bool done(const Order& order, bool borrow) {
        const std::size_t a = index(order.asset);
        const double price = static_cast<double>(out_.book.state.feeds[a].point) * 1e-8;
        const double atoms =
            order.usd / price * to_double(power_of_ten(out_.book.assets[a].decimals));
        if (!(atoms >= 1)) return false;
        const Amount amount{static_cast<uint128>(atoms)};
        Event event{.time = out_.book.state.now(), .market = {}, .action = {}};
        if (borrow)
            event.action = Borrow{.account = order.account, .asset = order.asset, .amount = amount};
        else
            event.action = Repay{
                .account = order.account, .asset = order.asset, .amount = Size::exactly(amount)};
        if (!apply(out_.book.state, event, planner_)) return false;
        moved_.push_back(order.account);
        return true;
    }

    Relevered out_;
    Planner planner_;
    std::vector<Order> repayments_;
    std::vector<Order> loans_;
    std::vector<AccountId> moved_;
};

}  // namespace

std::expected<Relevered, std::string> relever(const Book& current, Book proposed) {
    const auto now = positions_of(current);
    if (!now) return std::unexpected(now.error());
    const auto then = positions_of(proposed);
    if (!then) return std::unexpected(then.error());
    Releverer releverer(std::move(proposed));
    releverer.plan(*now, *then);
    return releverer.carry_out();
}

}  // namespace breakwater
