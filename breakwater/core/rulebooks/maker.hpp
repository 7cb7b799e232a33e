// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/core/desk.hpp"
#include "breakwater/core/rulebooks/maker_auction.hpp"
#include "breakwater/core/rulebooks/maker_event.hpp"

/// The rulebook of Maker's vat, dog, clip and vow, exact to the last unit. Each operation keeps the protocol's order of
/// checks, because the order decides which refusal is seen.
/// Source: docs/rules.md, MAKER-001 to MAKER-024; reference: lending 1.4.
namespace breakwater::maker {

using MakerDesk = Desk<Market>;

/// Everything on the desk, or the first reason not to; unknown ilks and accounts are refused before all else.
/// Source: ENGINE-002.
Status plan_action(MakerDesk& desk, const Action& action);

// Vaults.
Status join(MakerDesk& desk, const Join& event);                 // MAKER-002
Status exit(MakerDesk& desk, const Exit& event);                 // MAKER-002
Status adjust(MakerDesk& desk, const Adjust& event);             // MAKER-003
Status move(MakerDesk& desk, const Move& event);                 // MAKER-002
Status poke(MakerDesk& desk, const Poke& event);                 // MAKER-004
Status drip(MakerDesk& desk, const Drip& event);                 // MAKER-005
Status set_ilk(MakerDesk& desk, const SetIlk& event);            // MAKER-006
Status update_chost(MakerDesk& desk, const UpdateChost& event);  // MAKER-006
// Auctions.
Status bark(MakerDesk& desk, const Bark& event);  // MAKER-010
Status take(MakerDesk& desk, const Take& event);  // MAKER-013, MAKER-015, MAKER-016
Status redo(MakerDesk& desk, const Redo& event);  // MAKER-012, MAKER-014
// The vow.
Status flog(MakerDesk& desk, const Flog& event);  // MAKER-017
Status heal(MakerDesk& desk, const Heal& event);  // MAKER-018

/// parameters_invalid where a formula would divide by zero, or where governance could not set this: a penalty factor
/// below one, more than 18 decimals. Source: MAKER-006.
Status check_parameters(const IlkParameters& parameters);

}  // namespace breakwater::maker
