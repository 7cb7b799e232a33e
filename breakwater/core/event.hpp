// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <span>
#include <variant>
#include <vector>

#include "breakwater/core/error.hpp"
#include "breakwater/core/feeds/wiring.hpp"
#include "breakwater/core/market.hpp"
#include "breakwater/core/rulebooks/compound_v3_event.hpp"
#include "breakwater/core/rulebooks/maker_event.hpp"
#include "breakwater/core/rulebooks/morpho_blue_event.hpp"
#include "breakwater/core/rulebooks/venue_event.hpp"
#include "breakwater/core/size.hpp"
#include "breakwater/core/units.hpp"

/// What can happen to a book (events, in the imperative) and what came of it (effects, past participles).
/// An event carries maxima where the state decides the amount; they are clamped when it is applied.
namespace breakwater {

/// Who is outside the book: a keeper that pays and is paid in the underlying.
inline constexpr AccountId outside{0xffff'ffffU};

/// One tick: the whole vector, one entry per asset; a price of zero means "no report for this asset".
struct ReportPrices {
    std::vector<Price> prices;
};
struct Supply {
    AccountId account{};
    AssetId asset{};
    Amount amount;
};
struct Withdraw {
    AccountId account{};
    AssetId asset{};
    Size amount;
};
struct Borrow {
    AccountId account{};
    AssetId asset{};
    Amount amount;
};
struct Repay {
    AccountId account{};
    AssetId asset{};
    Size amount;
};
struct SetCollateral {
    AccountId account{};
    AssetId asset{};
    bool enabled = false;
};
struct SetEMode {
    AccountId account{};
    std::uint16_t emode = 0;
};
struct MintToTreasury {
    AssetId asset{};
};
/// Refused where the borrower is healthy (LIQUIDATION-005).
struct Liquidate {
    AccountId borrower{};
    AssetId collateral{};
    AssetId debt{};
    Size debt_to_cover;            ///< at most this much; clamped (LIQUIDATION-004)
    AccountId liquidator = outside;
    bool receive_supply = false;   ///< take the claim on the collateral instead of the underlying
};
/// Of a deficit under an Umbrella: what the treasury bears first, and what stake was slashed for.
enum class DeficitPart : std::uint8_t { whole, offset, pending };
/// Burns the coverer's own supply against the reserve's deficit, under an Umbrella against a part of it.
struct EliminateDeficit {
    AccountId account{};
    AssetId asset{};
    Size amount;
    DeficitPart part = DeficitPart::whole;
};
/// The Umbrella of a reserve slashes its stake for the deficit that is new; the treasury receives it.
struct SlashStake {
    AssetId asset{};
};
/// The configured layers pay into the reserve's deficit, in their order.
struct CoverDeficit {
    AssetId asset{};
};
/// A change that would move a valuation or make somebody liquidatable at unchanged market data is refused by a market
/// under guard, unless the same change was announced its notice period ago (FEEDS-037).
enum class Notice : std::uint8_t { none, announced, forced };
struct SetParameters {
    AssetId asset{};
    aave_v3::Parameters parameters;
    Notice notice = Notice::none;
};
struct SetEModeParameters {
    std::uint16_t emode = 0;
    aave_v3::EMode parameters;
    Notice notice = Notice::none;
};
/// What one of an asset's sources says.
struct SourceReport {
    AssetId asset{};
    std::uint8_t source = 0;
    feeds::Report report;
};
/// One tick of the assets with several sources: reports are believed or counted, then each asset with news, or that is
/// due, takes one step of its machine (FEEDS-043). Without a report the step is that of time alone.
struct ReportSources {
    std::vector<SourceReport> reports;
};
/// Other sources, weights or limits for an asset. It brings what the new sources say now, so that the change can be
/// looked at before it holds; without sources the asset goes back to one.
struct SetFeed {
    AssetId asset{};
    feeds::Wiring wiring;
    std::vector<feeds::Source> sources;
    std::vector<feeds::Report> reports;  ///< one for each source
    Notice notice = Notice::none;
};
/// An operator's alarm halts new risk; the order of two persons releases a halt at the price that stands.
struct DirectFeed {
    AssetId asset{};
    bool is_alarmed = false;
    bool is_ordered = false;
    bool is_backed = true;  ///< false: redemption is not believed any more
};
struct SetGuard {
    GuardRow guard;
};

/// Prices are for all markets of the state; what follows is for a reserve set; the last ones are the native markets',
/// one alternative each, and are refused by a market of another kind.
using Action = std::variant<ReportPrices, Supply, Withdraw, Borrow, Repay, SetCollateral, SetEMode, MintToTreasury,
                            Liquidate, EliminateDeficit, CoverDeficit, SetParameters, SetEModeParameters,
                            morpho_blue::Action,
                            compound_v3::Action,
                            maker::Action,
                            venue::Action,
                            ReportSources, SetFeed, DirectFeed, SetGuard, SlashStake>;

struct Event {
    Time time{};
    MarketId market{};
    Action action;
};

struct PriceReported {
    AssetId asset{};
    Price price;
};
struct Accrued {
    AssetId asset{};
    Ray liquidity_index;
    Ray borrow_index;
};
/// A flow between the market and the outside world or between account and market.
struct Moved {
    enum class Kind : std::uint8_t { supplied, withdrawn, borrowed, repaid, minted_to_treasury, deficit_eliminated };
    Kind kind{};
    AccountId account{};
    AssetId asset{};
    Amount amount;
};
struct Liquidated {
    AccountId borrower{};
    AccountId liquidator{};
    AssetId collateral{};
    AssetId debt{};
    Amount repaid;
    Amount seized;        ///< to the liquidator
    Amount protocol_fee;  ///< to the treasury, in the collateral
    bool ltv_raised = false;       ///< LIQUIDATION-006: debt value / collateral value grew
    bool still_unhealthy = false;  ///< the account can be liquidated again
};
/// Debt that no collateral stands against any more; it stays where the protocol left it. Source: LIQUIDATION-007.
struct LossRealised {
    std::uint64_t id = 0;  ///< event number × 256 + debt asset: never reused
    AccountId account{};
    AssetId asset{};
    Amount amount;
};
struct LossCovered {
    std::uint32_t layer = 0;  ///< or `all_suppliers`
    AssetId asset{};
    Amount amount;
    bool is_burned = false;   ///< a claim on the reserve was given up; otherwise money came in
    Ray liquidity_index{};    ///< of a socialised loss: what the index has fallen to; otherwise 0
};
/// What an Umbrella has taken from its stake, and the deficit that this pays for.
struct StakeSlashed {
    std::uint32_t layer = 0;
    AssetId asset{};
    AssetId stake{};
    Amount slashed;  ///< of `stake`, to the treasury
    Amount covered;  ///< of `asset`
};
/// In the place of a layer: whoever withdraws bears its part.
inline constexpr std::uint32_t all_suppliers = ~std::uint32_t{0};
struct ParametersSet {
    AssetId asset{};
};
/// The mark that every reader sees from now on, and what it rests on.
struct Marked {
    AssetId asset{};
    Mark mark;
    std::uint64_t age = 0;  ///< [s]
    std::uint64_t live = 0; ///< sources
};
struct ReportRefused {
    AssetId asset{};
    std::uint8_t source = 0;
    feeds::Refusal refusal{};
};
struct NoticeGiven {
    std::uint32_t row = 0;
    uint128 fingerprint = 0;
};

using Effect = std::variant<PriceReported, Accrued, Moved, Liquidated, LossRealised, LossCovered, ParametersSet,
                            morpho_blue::Effect,
                            compound_v3::Effect,
                            maker::Effect,
                            venue::Effect,
                            Marked, ReportRefused, NoticeGiven, StakeSlashed>;

}  // namespace breakwater
