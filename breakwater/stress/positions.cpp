// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/positions.hpp"

#include <algorithm>

#include "breakwater/core/error.hpp"
#include "breakwater/core/math.hpp"
#include "breakwater/stress/amounts.hpp"
#include "breakwater/stress/native_standing.hpp"

namespace breakwater {
namespace {

constexpr double usd_per_value = 1e-8;

double usd_of(uint128 value) {
    return to_double(value) * usd_per_value;
}

bool has_debt(std::span<const aave_v3::Leg> legs) {
    return std::ranges::any_of(legs, [](const aave_v3::Leg& leg) { return leg.is_borrowing(); });
}

class Reader {
  public:
    explicit Reader(const Book& book)
        : book_(book), market_(aave_market(book.state)), now_(book.state.now()) {}

    std::expected<void, std::string> read(AccountId account, bool debt_needed, Positions& out) {
        const auto legs = market_.legs_of(account);
        const std::uint16_t emode = market_.accounts[index(account)].emode;
        const aave_v3::View view{
            .state = book_.state, .market = market_, .grown = grown_, .now = now_};
        const auto data = aave_v3::account_data(view, legs, emode);
        if (!data)
            return std::unexpected("account '" + std::string(book_.accounts[account]) +
                                   "': " + std::string(describe(data.error())));
        bool unhealthy = data->is_unhealthy();
        if (unhealthy && market_.house) {
            const auto best = aave_v3::account_data(view.for_liquidation(), legs, emode);
            unhealthy = best && best->is_unhealthy();
        }
        const double power = usd_of(data->ltv_sum) / bps_one;
        out.borrowing_power += power;
        if (debt_needed && !has_debt(legs)) return {};
        Position position{.account = account,
                          .first = static_cast<std::uint32_t>(out.legs.size()),
                          .emode = emode,
                          .unhealthy = unhealthy,
                          .collateral = usd_of(data->collateral.raw),
                          .debt = usd_of(data->debt.raw),
                          .borrowing_power = power};
        if (!data->debt.is_zero())
            position.health =
                to_double(data->threshold_sum) / (to_double(data->debt.raw) * bps_one);
        for (const aave_v3::Leg& leg : legs)
            add_leg(view, leg, emode, out.legs);
        position.count = static_cast<std::uint16_t>(out.legs.size() - position.first);
        out.borrowers.push_back(position);
        return {};
    }

  private:
    void add_leg(const aave_v3::View& view, const aave_v3::Leg& leg, std::uint16_t emode,
                 std::vector<PositionLeg>& out) const {
        const AssetId asset = leg.asset();
        const uint128 price = view.price(asset).raw;
        const unsigned decimals = market_.parameters[index(asset)].decimals;
        Checked math;  // account_data has shown that nothing overflows
        PositionLeg held{.asset = asset};
        if (leg.is_collateral()) {
            const auto threshold =
                aave_v3::thresholds(market_, emode, asset, now_).liquidation_threshold;
            if (threshold != 0) {
                const Amount balance = aave_v3::supply_balance(math, view, leg);
                held.threshold = static_cast<std::uint16_t>(threshold);
                held.collateral = usd_of(math.mul_div_unit_down(balance.raw, price, decimals));
            }
        }
        if (leg.is_borrowing()) {
            const Amount owed = aave_v3::debt_balance(math, view, leg);
            held.debt = usd_of(math.mul_div_unit_up(owed.raw, price, decimals));
        }
        if (held.collateral > 0 || held.debt > 0) out.push_back(held);
    }

    const Book& book_;
    const aave_v3::Market& market_;
    aave_v3::GrownIndices grown_;
    Time now_;
};

}  // namespace

std::size_t accounts_of(const Book& book) {
    if (book.is_native()) return book.accounts.size() - 1;
    const aave_v3::Market& market = aave_market(book.state);
    return market.accounts.size() - (market.has(market.treasury) ? 1 : 0);
}

std::expected<Positions, std::string> positions_of(const Book& book) {
    if (book.is_native()) return native_positions(book);
    const aave_v3::Market& market = aave_market(book.state);
    Positions out;
    out.accounts = accounts_of(book);
    out.legs.reserve(market.legs.size());
    Reader reader(book);
    for (std::uint32_t i = 0; i < market.accounts.size(); ++i)
        if (auto done = reader.read(AccountId{i}, true, out); !done)
            return std::unexpected(done.error());
    return out;
}

std::expected<Positions, std::string> positions_of(const Book& book,
                                                   std::span<const AccountId> accounts) {
    if (book.is_native()) return native_positions(book, accounts);
    Positions out;
    out.accounts = accounts_of(book);
    Reader reader(book);
    for (const AccountId account : accounts)
        if (auto done = reader.read(account, false, out); !done)
            return std::unexpected(done.error());
    return out;
}

std::string describe(const Book& book, std::span<const PositionLeg> legs) {
    const auto largest = [&](double PositionLeg::*side) -> std::string {
        const auto found = std::ranges::max_element(legs, {}, side);
        return found == legs.end() || !((*found).*side > 0)
                   ? "nothing"
                   : book.assets[index(found->asset)].symbol;
    };
    return largest(&PositionLeg::collateral) + " against " + largest(&PositionLeg::debt);
}

}  // namespace breakwater
