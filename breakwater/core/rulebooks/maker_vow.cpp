// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/rulebooks/maker_ledger.hpp"

namespace breakwater::maker {

void suck(MakerDesk& desk, AccountId to, const Rad& amount) {
    Checked& math = desk.math;
    Account& vow = change_account(desk, desk.stored().vow());
    Account& receiver = change_account(desk, to);
    System& all = system(desk);
    vow.sin = math.add_wide(vow.sin, amount);
    receiver.dai = math.add_wide(receiver.dai, amount);
    all.vice = math.add_wide(all.vice, amount);
    all.debt = math.add_wide(all.debt, amount);
}

std::uint32_t find_era(const MakerDesk& desk, std::uint64_t era) {
    const auto eras = static_cast<std::uint32_t>(desk.read<&Market::system>(0).eras);
    std::uint32_t low = 0;
    std::uint32_t high = eras;
    while (low < high) {
        const std::uint32_t middle = low + (high - low) / 2;
        if (desk.read<&Market::queue>(middle).era < era)
            low = middle + 1;
        else
            high = middle;
    }
    return low < eras && desk.read<&Market::queue>(low).era == era ? low : eras;
}

void enqueue(MakerDesk& desk, const Rad& amount) {
    System& all = system(desk);
    const std::uint64_t now = seconds(desk.now());
    const std::uint32_t row = find_era(desk, now);
    QueuedSin& queued = desk.change<&Market::queue>(row);
    if (row == all.eras) {  // time does not run backwards: the new era is the last
        queued.era = now;
        ++all.eras;
    }
    queued.amount = desk.math.add_wide(queued.amount, amount);
    all.queued = desk.math.add_wide(all.queued, amount);
}

Status flog(MakerDesk& desk, const Flog& event) {
    const std::uint64_t era = seconds(event.era);
    const std::uint64_t now = seconds(desk.now());
    if (era > now || now - era < system_parameters(desk).wait)
        return refuse(Error::wait_not_finished);
    const std::uint32_t row = find_era(desk, era);
    System& all = system(desk);
    if (row == all.eras) return {};  // nothing waits since then, as in the protocol
    QueuedSin& queued = desk.change<&Market::queue>(row);
#if !BREAKWATER_MUTANT_MAKER_017
    all.queued = sub_wide(desk.math, all.queued, queued.amount);
#endif
    queued.amount = {};
    return {};
}

Status heal(MakerDesk& desk, const Heal& event) {
    Checked& math = desk.math;
    Account& vow = change_account(desk, desk.stored().vow());
    System& all = system(desk);
    if (event.amount > vow.dai) return refuse(Error::surplus_insufficient);
    const Rad free = sub_wide(math, sub_wide(math, vow.sin, all.queued), all.ash);
    if (event.amount > free) return refuse(Error::unqueued_debt_insufficient);
    vow.dai = sub_wide(math, vow.dai, event.amount);
#if !BREAKWATER_MUTANT_MAKER_020
    vow.sin = sub_wide(math, vow.sin, event.amount);
#endif
    all.vice = sub_wide(math, all.vice, event.amount);
    all.debt = sub_wide(math, all.debt, event.amount);
    return {};
}

}  // namespace breakwater::maker
