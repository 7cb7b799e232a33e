// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/rulebooks/venue.hpp"

#include <initializer_list>

namespace breakwater::venue {
namespace {

Status known(const Market& m, std::initializer_list<AccountId> accounts) {
    for (const AccountId account : accounts)
        if (!m.has(account)) return refuse(Error::account_unknown);
    return {};
}

/// ENGINE-002: the accounts that an event names exist.
Status accounts_known(const Market& m, const auto& e) {
    if constexpr (requires { e.liquidator; }) return known(m, {e.account, e.liquidator});
    if constexpr (requires { e.account; }) return known(m, {e.account});
    if constexpr (requires { e.from; }) return known(m, {e.from, e.to});
    if constexpr (requires { e.buyer; }) return known(m, {e.buyer, e.seller});
    return {};
}

Status things_known(const Market& m, const auto& e) {
    if constexpr (requires { e.asset; })
        if (!m.has(e.asset)) return refuse(Error::asset_unknown);
    if constexpr (requires { e.debt; })
        if (!m.has(e.debt)) return refuse(Error::asset_unknown);
    if constexpr (requires { e.contract; })
        if (!m.has(e.contract)) return refuse(Error::contract_unknown);
    return accounts_known(m, e);
}

struct Work {
    VenueDesk& desk;

    Status operator()(const Deposit& e) const { return deposit(desk, e); }
    Status operator()(const Withdraw& e) const { return withdraw(desk, e); }
    Status operator()(const Transfer& e) const { return transfer(desk, e); }
    Status operator()(const SetAccount& e) const { return set_account(desk, e); }
    Status operator()(const Trade& e) const { return trade(desk, e); }
    Status operator()(const PublishMarks& e) const { return publish_marks(desk, e); }
    Status operator()(const PayFunding& e) const { return pay_funding(desk, e); }
    Status operator()(const SettleExpiry& e) const { return settle_expiry(desk, e); }
    Status operator()(const Settle& e) const { return settle(desk, e); }
    Status operator()(const SetBorrowRate& e) const { return set_borrow_rate(desk, e); }
    Status operator()(const PublishMargin& e) const { return publish_margin(desk, e); }
    Status operator()(const PublishRiskArray& e) const { return publish_risk_array(desk, e); }
    Status operator()(const PublishCollateralMoves& e) const {
        return publish_collateral_moves(desk, e);
    }
    Status operator()(const Flag& e) const { return flag(desk, e); }
    Status operator()(const Liquidate& e) const { return liquidate(desk, e); }
    Status operator()(const BuyCollateral& e) const { return buy_collateral(desk, e); }
    Status operator()(const Hedge& e) const { return hedge(desk, e); }
    Status operator()(const TakeOver& e) const { return take_over(desk, e); }
    Status operator()(const Resolve& e) const { return resolve(desk, e); }
    Status operator()(const CoverLoss& e) const { return cover_loss(desk, e); }
    Status operator()(const SetOrders& e) const { return set_orders(desk, e); }
};

}  // namespace

Status plan_action(VenueDesk& desk, const Action& action) {
    const Status names =
        std::visit([&](const auto& e) { return things_known(desk.stored(), e); }, action);
    return names ? std::visit(Work{desk}, action) : names;
}

}  // namespace breakwater::venue
