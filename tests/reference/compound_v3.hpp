// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "breakwater/core/book.hpp"
#include "breakwater/core/event.hpp"
#include "morpho_blue.hpp"

/// The slow twin of a Compound v3 market: every operation over again from docs/rules.md (COMET-001 to COMET-010), in
/// signed integers of any width, on a state of its own. Prices are those of the engine's feeds before the event.
namespace breakwater::reference {

class CometTwin {
  public:
    /// Begins where `state`, whose only market is a Compound v3 one, stands.
    explicit CometTwin(const State& state);

    /// Nothing where the event is done; otherwise why it is refused, and then nothing has changed.
    std::optional<Error> apply(const State& feeds, const Event& event);

    /// The first number in which the engine's state differs, in words; empty where none does.
    [[nodiscard]] std::string difference(const State& state) const;


  private:
    struct Account {
        Integer principal;
        std::vector<Integer> holds;
    };
    struct Kind {
        Integer supplied;
        Integer held;
    };
    struct Book {
        Integer supply_index, borrow_index, supplied, borrowed, cash;
        std::uint64_t updated = 0;
        std::uint8_t paused = 0;
        std::vector<Kind> kinds;
        std::vector<Account> accounts;
    };
    struct Grown {
        Integer supply;
        Integer borrow;
    };

    void act(const compound_v3::Supply& e);
    void act(const compound_v3::Withdraw& e);
    void act(const compound_v3::Transfer& e);
    void act(const compound_v3::Absorb& e);
    void act(const compound_v3::BuyCollateral& e);
    void act(const compound_v3::WithdrawReserves& e);
    void act(const compound_v3::Accrue& e);
    void act(const compound_v3::Pause& e);

    void absorb(Account& account);
    void accrue();
    [[nodiscard]] Grown grown();
    [[nodiscard]] Integer reserves();
    [[nodiscard]] Integer value_of(const Integer& principal, const Grown& at);
    void set_balance(Account& account, const Integer& balance);
    [[nodiscard]] bool stands(const Account& account,
                              std::uint64_t compound_v3::Collateral::*factor);
    void check_borrower(const Account& account, const Integer& balance);
    [[nodiscard]] Integer price(AssetId asset) const;
    [[nodiscard]] std::size_t kind_of(AssetId asset) const;
    Account& account(AccountId id);
    Integer within(Integer v, unsigned bits);

    Book book_;
    compound_v3::Totals rules_;
    std::vector<compound_v3::Collateral> kinds_;
    const State* feeds_ = nullptr;
    std::uint64_t now_ = 0;
    bool too_wide_ = false;  ///< a number of this event does not fit the engine's widths
};

}  // namespace breakwater::reference
