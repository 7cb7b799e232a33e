// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/rulebooks/maker.hpp"

#include <initializer_list>

namespace breakwater::maker {
namespace {

Status known(const Market& market, std::initializer_list<AccountId> accounts) {
    for (const AccountId account : accounts)
        if (!market.has(account)) return std::unexpected(Error::account_unknown);
    return {};
}

/// ENGINE-002: the accounts that an event names exist.
Status accounts_known(const Market& m, const auto& e) {
    if constexpr (requires { e.account; }) return known(m, {e.account});
    if constexpr (requires { e.from; }) return known(m, {e.from, e.to});
    if constexpr (requires { e.borrower; }) return known(m, {e.borrower, e.keeper});
    if constexpr (requires { e.buyer; }) return known(m, {e.buyer});
    if constexpr (requires { e.keeper; }) return known(m, {e.keeper});
    return {};
}

struct Work {
    MakerDesk& desk;

    Status operator()(const Join& e) const { return join(desk, e); }
    Status operator()(const Exit& e) const { return exit(desk, e); }
    Status operator()(const Adjust& e) const { return adjust(desk, e); }
    Status operator()(const Move& e) const { return move(desk, e); }
    Status operator()(const Poke& e) const { return poke(desk, e); }
    Status operator()(const Drip& e) const { return drip(desk, e); }
    Status operator()(const Bark& e) const { return bark(desk, e); }
    Status operator()(const Take& e) const { return take(desk, e); }
    Status operator()(const Redo& e) const { return redo(desk, e); }
    Status operator()(const Flog& e) const { return flog(desk, e); }
    Status operator()(const Heal& e) const { return heal(desk, e); }
    Status operator()(const UpdateChost& e) const { return update_chost(desk, e); }
    Status operator()(const SetIlk& e) const { return set_ilk(desk, e); }
};

}  // namespace

Status plan_action(MakerDesk& desk, const Action& action) {
    const Status names = std::visit(
        [&](const auto& e) -> Status {
            if constexpr (requires { e.ilk; })
                if (!desk.stored().has(e.ilk)) return std::unexpected(Error::ilk_not_open);
            return accounts_known(desk.stored(), e);
        },
        action);
    return names ? std::visit(Work{desk}, action) : names;
}

}  // namespace breakwater::maker
