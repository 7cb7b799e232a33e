// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/venue_wallets.hpp"

#include <algorithm>
#include <string>

namespace breakwater {

AccountId open_wallets(VenueBook& venue, const Wallets& wallets) {
    venue::Market& m = venue.market();
    venue::Settings& s = m.settings[0];
    const std::uint32_t first = s.accounts;
    s.accounts += wallets.count;
    m.accounts.resize(s.accounts);
    m.balances.resize(std::size_t{s.accounts} * m.assets());
    m.positions.resize(std::size_t{s.accounts} * s.slots);
    if (wallets.are_linked) {
        const std::uint32_t cluster = std::max(s.clusters, 1U);
        s.clusters = cluster + 1;
        m.clusters.resize(std::size_t{s.clusters} * m.terms.size());
        for (std::uint32_t k = first; k < s.accounts; ++k)
            m.accounts[k].cluster = cluster;
    }
    for (std::uint32_t k = first; k < s.accounts; ++k)
        venue.book.accounts.push_back("attacker-" + std::to_string(k));
    return AccountId{first};
}

}  // namespace breakwater
