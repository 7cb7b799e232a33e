// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/core/rulebooks/maker.hpp"

/// Entries that several operations of the Maker rulebook make. Each leaves debt = sum of DAI and vice = sum of sin.
/// Source: docs/rules.md, MAKER-020 and MAKER-021.
namespace breakwater::maker {

inline System& system(MakerDesk& desk) {
    return desk.change<&Market::system>(0);
}
inline Ilk& change_ilk(MakerDesk& desk, IlkId ilk) {
    return desk.change<&Market::ilks>(index(ilk));
}
inline const IlkParameters& parameters(const MakerDesk& desk, IlkId ilk) {
    return desk.read<&Market::parameters>(index(ilk));
}
inline const SystemParameters& system_parameters(const MakerDesk& desk) {
    return desk.read<&Market::system_parameters>(0);
}
inline Account& change_account(MakerDesk& desk, AccountId account) {
    return desk.change<&Market::accounts>(index(account));
}
inline Vault& change_vault(MakerDesk& desk, AccountId account, IlkId ilk) {
    return desk.change<&Market::vaults>(desk.stored().row(account, ilk));
}

/// vat.suck from the vow: new DAI for `to` against new sin of the vow.
void suck(MakerDesk& desk, AccountId to, const Rad& amount);
/// dog.digs: room for other auctions.
void dig(MakerDesk& desk, Ilk& ilk, const Rad& amount);
/// vow.fess: debt of this second into the queue.
void enqueue(MakerDesk& desk, const Rad& amount);

/// Row of the era in the queue, `eras` where it has none. The queue is sorted, so that this is a binary search.
std::uint32_t find_era(const MakerDesk& desk, std::uint64_t era);

}  // namespace breakwater::maker
