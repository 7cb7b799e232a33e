// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/core/margin/standing.hpp"
#include "breakwater/core/rulebooks/venue_view.hpp"

/// What an account of the venue is worth and must be worth: equity ≥ requirement over loans and
/// positions.
///   equity      = Σ assets value(balance + Σ worth of the positions that settle in it),
///   requirement = Σ own requirements of contracts + the portfolio requirement of those margined by risk arrays.
///   exit        = requirement + exit share · (what is owed + notional of the positions).
/// A value below zero is a debt and counts in full, one above zero less its haircut; both are
/// rounded against the account.
/// Source: docs/rules.md, VENUE-009 to VENUE-017; MARGIN-010 to MARGIN-018.
namespace breakwater::venue {

/// For what the question is asked.
enum class Purpose : std::uint8_t {
    /// New risk: collateral at min(lo, slow), debt at max(hi, slow), positions at the worse of mark
    /// and slow price, profit only in part, initial margin.
    opening,
    /// Losing a position: collateral at hi and debt at lo, so that who is called unhealthy is so at
    /// every price of the band; positions at the mark, maintenance margin.
    liquidation,
    /// What would be left if all ended now: as for a liquidation, without haircuts and requirement.
    closing,
};

struct Assessment {
    Standing standing;                  ///< [1e-14 USD]
    int128 closing = 0;                 ///< [1e-14 USD] equity of Purpose::closing; not for opening
    int128 exit = 0;                    ///< [1e-14 USD] the equity at which a liquidation ends
    bool owes = false;                  ///< an asset is below zero
    bool allows_new_risk = true;        ///< no mark and no risk array of the account is too old
    std::uint32_t worst_scenario = 0;   ///< of the portfolio requirement, where the account has one
    std::uint32_t scenario_factor = 0;  ///< [ppm] by which scenario losses count; 0: no portfolio

    [[nodiscard]] bool holds() const { return standing.holds(); }
    [[nodiscard]] bool is_above_exit() const { return standing.equity >= exit; }
};

/// price_missing where an asset of the account has none; amount_overflow where a value does not
/// fit.
Result<Assessment> assess(const View& view, AccountId account, Purpose purpose);

/// Equity per asset: the balance with its interest and what its positions are worth. [atomic]
int128 net_of_asset(const View& view, AccountId account, AssetId asset);

/// Its mark, or its array, is too old for new risk. Source: VENUE-015, VENUE-016.
bool is_stale(const View& view, const Contract& c, ContractId contract);

/// Signed lots of a contract; 0 where there are none.
std::int64_t lots_of(const View& view, AccountId account, ContractId contract);
/// [lots] of the account's cluster on its larger side, at least its own.
std::int64_t linked_lots(const View& view, AccountId account, ContractId contract);

/// The margin of a contract in force now: initial of what was announced last, maintenance of what
/// holds.
/// Source: VENUE-014.
struct MarginInForce {
    const MarginTerms& initial;
    const MarginTerms& maintenance;
};
MarginInForce margin_in_force(const View& view, ContractId contract);

/// [1e-14 USD] rate · notional − deduction of the last tier that begins at or below it, exact.
/// @param notional [1e-8 USD] at most `notional_max`
uint128 tier_requirement(const MarginTerms& margin, uint128 notional, Purpose purpose);

/// [1e-14 USD] Own requirement of |lots| of one contract.
/// Source: VENUE-010, VENUE-011, VENUE-012, VENUE-013.
/// @param linked [lots] of the account's cluster on the larger side; at least `lots` where there is no cluster
uint128 contract_requirement(const View& view, ContractId contract, std::int64_t lots,
                             std::int64_t linked, Purpose purpose);

/// The same of any lots of one contract: contract and margin are looked up once.
class ContractMargin {
  public:
    /// The view must outlive it.
    ContractMargin(const View& view, ContractId contract);
    ContractMargin(const View& view, ContractId contract, const Contract& as_it_stands);
    [[nodiscard]] uint128 requirement(std::int64_t lots, std::int64_t linked,
                                      Purpose purpose) const;

  private:
    const Contract* contract_;
    MarginInForce margin_;
};

/// Whether an account that does not stand may do what leads from one to the other: it must not
/// become riskier, requirement and the ratio of equity to it considered. Source: VENUE-016.
bool is_no_riskier(const Standing& before, const Standing& after);

}  // namespace breakwater::venue
