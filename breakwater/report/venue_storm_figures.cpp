// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/report/venue_storm_figures.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "breakwater/core/each_number.hpp"
#include "breakwater/core/rulebooks/venue_margin.hpp"
#include "breakwater/stress/amounts.hpp"

namespace breakwater {
namespace {

constexpr std::size_t venue_accounts_shown = 10;

double signed_usd(int128 standing) {
    const double size = to_double(static_cast<uint128>(standing < 0 ? -standing : standing));
    return (standing < 0 ? -size : size) * 1e-14;
}

Figure figure(std::string id, std::string label, Unit unit, Estimate estimate,
              std::string definition) {
    return {.id = std::move(id),
            .label = std::move(label),
            .unit = unit,
            .estimate = std::move(estimate),
            .definition = std::move(definition)};
}

std::vector<Figure> distribution_of(const VenueStormInput& input) {
    const Distribution d(input.run->column(&VenuePathResult::bad_debt));
    const bool given = input.scenario().conditional;
    const std::string when =
        (given ? std::string("Given the scenario, after ") : std::string("After ")) +
        horizon_text(input.scenario()) + ". ";
    std::vector<Figure> out;
    out.push_back(figure("probability_of_loss", "P(bad debt > 0)", Unit::ratio,
                         d.probability_of_loss(),
                         when + "Any account that owed more than it had."));
    out.push_back(figure("mean", "mean bad debt", Unit::usd, d.mean(),
                         when + "What accounts owed beyond what they had, at the venue's marks of "
                                "the moment, whoever then bore it."));
    const auto level = [&](double at, const char* id, const char* label) {
        out.push_back(figure((given ? std::string("quantile_") : std::string("var_")) + id,
                             (given ? std::string("quantile ") : std::string("VaR ")) + label,
                             Unit::usd, d.quantile(at), when + "Of the bad debt."));
    };
    level(0.95, "95", "95 %");
    level(0.99, "99", "99 %");
    level(0.999, "99_9", "99.9 %");
    out.push_back(figure(given ? "expected_shortfall_99" : "es_99", "expected shortfall 99 %",
                         Unit::usd, d.expected_shortfall(0.99),
                         when + "Mean of the worst hundredth of the paths."));
    return out;
}

template <class Count>
std::vector<MicroUsd> counted(const VenueRunResult& run, Count count) {
    return run.column(
        [&](const VenuePathResult& p) { return MicroUsd{1'000'000} * std::invoke(count, p); });
}

std::vector<Figure> liquidations_of(const VenueStormInput& input) {
    const VenueRunResult& run = *input.run;
    const Distribution liquidated(run.column(&VenuePathResult::liquidated));
    std::vector<Figure> out;
    out.push_back(figure("debt_repaid", "notional liquidated", Unit::usd, liquidated.mean(),
                         "Mean per path of what liquidators took over, at the mark."));
    out.push_back(figure("debt_repaid_99", "notional liquidated, 99 %", Unit::usd,
                         liquidated.quantile(0.99), "Quantile of the same."));
    out.push_back(figure("liquidations", "liquidations", Unit::count,
                         mean_of(counted(run, &VenuePathResult::liquidations)),
                         "Mean number per path, slices counted one by one."));
    out.push_back(figure("collateral_seized", "collateral sold", Unit::usd,
                         mean_of(run.column(&VenuePathResult::collateral)),
                         "Mean per path, against loans of accounts in liquidation."));
    out.push_back(figure("conceded", "conceded by accounts", Unit::usd,
                         mean_of(run.column(&VenuePathResult::conceded)),
                         "Discounts and fees that accounts in liquidation paid out of their own "
                         "equity."));
    out.push_back(figure("below_maintenance", "entries into liquidation", Unit::count,
                         mean_of(counted(run, &VenuePathResult::flagged)),
                         "Mean per path; an account that recovers may enter again."));
    out.push_back(figure("taken_over", "taken over by the vault", Unit::count,
                         mean_of(counted(run, &VenuePathResult::taken_over)),
                         "Accounts, mean per path."));
    out.push_back(figure("negative", "accounts below zero", Unit::count,
                         mean_of(counted(run, &VenuePathResult::negative)),
                         "Accounts that ended with negative equity, mean per path."));
    out.push_back(figure("deleveraged", "notional deleveraged", Unit::usd,
                         mean_of(run.column(&VenuePathResult::deleveraged)),
                         "What holders of the other side were closed out of, mean per path."));
    out.push_back(figure("queue", "the queue would have closed", Unit::usd,
                         mean_of(run.column(&VenuePathResult::queue)),
                         "For the same accounts on the same paths: profit × leverage, whole "
                         "positions of traders."));
    out.push_back(figure("vault_loss", "lost by the vault", Unit::usd,
                         mean_of(run.column([](const VenuePathResult& p) {
                             return std::max<MicroUsd>(0, -p.vault);
                         })),
                         "Of its own capital, at the marks of the end, mean per path."));
    out.push_back(figure("backlog_peak", "largest backlog", Unit::usd,
                         mean_of(run.column(&VenuePathResult::backlog_peak)),
                         "Notional of accounts in liquidation at the end of the worst step, mean "
                         "per path."));
    return out;
}

double asset_usd(const VenueBook& book, std::size_t asset, uint128 atoms) {
    return to_double(atoms) /
           static_cast<double>(power_of_ten(book.market().collaterals[asset].decimals)) * 1e-8 *
           static_cast<double>(book.book.state.feeds[asset].point);
}

/// [USD] What the insurance fund can pay of its own when the storm begins: asset by asset, the room
/// within its tiers and no more than it holds. What it seizes from an account comes on top.
/// Source: VENUE-023.
double fund_cover(const VenueBook& book) {
    const venue::Market& m = book.market();
    double out = 0;
    for (const std::uint8_t k : each_number<std::uint8_t>(m.assets())) {
        const int128 cash = m.balances[m.row(m.set().fund, AssetId{k})].cash;
        uint128 left = cash > 0 ? static_cast<uint128>(cash) : 0;
        uint128 cover = 0;
        for (std::uint32_t t = 0; t < m.set().tiers; ++t) {
            const venue::FundTier& tier = m.fund_tiers[m.tier_row(t, AssetId{k})];
            const uint128 room = tier.limit > tier.paid ? (tier.limit - tier.paid).raw : 0;
            const uint128 part = std::min(room, left);
            cover += part;
            left -= part;
        }
        out += asset_usd(book, k, cover);
    }
    return out;
}

std::vector<BorneRow> borne_of(const VenueStormInput& input) {
    std::vector<BorneRow> out;
    const auto add = [&](const char* layer, std::optional<double> cover, const char* definition,
                         auto part) {
        const std::vector<MicroUsd> column =
            input.run->column([&](const VenuePathResult& p) { return part(p); });
        const Distribution d(column);
        out.push_back({.layer = layer,
                       .definition = definition,
                       .cover = cover,
                       .mean = mean_of(column),
                       .quantile_95 = d.quantile(0.95),
                       .quantile_99 = d.quantile(0.99)});
    };
    add("insurance fund", fund_cover(input.setup->venue),
        "within its tier and of what it holds (the cover), and on top what was seized from the "
        "account",
        [](const VenuePathResult& p) { return p.borne.fund; });
    add("deleveraging", {}, "given up against the mark by holders of the other side",
        [](const VenuePathResult& p) { return p.borne.deleveraging; });
    add("haircut of gains", {}, "cut from unrealised gains",
        [](const VenuePathResult& p) { return p.borne.gains; });
    add("uncovered", {}, "nobody yet; withdrawals stop",
        [](const VenuePathResult& p) { return p.borne.uncovered; });
    add("not ended by the horizon", {}, "below zero and still open",
        [](const VenuePathResult& p) { return p.unresolved; });
    return out;
}

VenueAccountRow account_row(const VenueStormInput& input, const AccountLoss& loss) {
    const VenueBook& book = input.setup->venue;
    const venue::Market& m = book.market();
    const venue::View view(book.book.state, m, book.book.state.now());
    const LossMoments moments = loss.moments(input.paths());
    VenueAccountRow out;
    out.account = loss.account;
    out.loss = moments.mean();
    out.probability = moments.probability_of_loss();
    if (const auto at = venue::assess(view, loss.account, venue::Purpose::liquidation); at) {
        out.equity = signed_usd(at->standing.equity);
        const double required = signed_usd(at->standing.requirement);
        out.health = required > 0 ? out.equity / required : 0;
    }
    double largest = 0;
    for (std::uint32_t s = 0; s < m.set().slots; ++s) {
        const venue::Position& p = view.position(loss.account, s);
        if (p.lots == 0) continue;
        const std::size_t k = venue::index(p.contract);
        const double notional = std::fabs(static_cast<double>(p.lots)) * 1e-8 *
                                static_cast<double>(m.contracts[k].notional);
        out.notional += notional;
        if (notional <= largest) continue;
        largest = notional;
        const auto& u = book.underlyings[book.contracts[k].underlying];
        constexpr std::array<const char*, 4> forms{"perpetual", "future", "call", "put"};
        out.position = std::string(p.lots > 0 ? "long " : "short ") +
                       book.book.assets[index(u.asset)].symbol + " " +
                       forms[static_cast<std::size_t>(m.terms[k].form)];
    }
    if (out.position.empty()) out.position = "loan";
    return out;
}

void add_book(const VenueStormInput& input, VenueFigures& out) {
    const VenueBook& book = input.setup->venue;
    const venue::Market& m = book.market();
    for (std::uint32_t a = 0; a < m.set().accounts; ++a)
        for (std::uint32_t k = 0; k < m.assets(); ++k) {
            const int128 cash = m.balances[a * m.assets() + k].cash;
            const double size = asset_usd(book, k, static_cast<uint128>(cash < 0 ? -cash : cash));
            (cash < 0 ? out.loans : out.deposits) += size;
        }
    for (const venue::Contract& c : m.contracts)
        out.open_interest +=
            1e-8 * static_cast<double>(c.notional) * static_cast<double>(c.open_interest);
}

}  // namespace

const Figure& VenueFigures::headline() const {
    const Figure& shortfall = distribution.back();
    if (shortfall.estimate.supported) return shortfall;
    return distribution[1].estimate.supported ? distribution[1] : distribution[0];
}

VenueFigures venue_figures_of(const VenueStormInput& input) {
    VenueFigures out;
    out.distribution = distribution_of(input);
    out.liquidations = liquidations_of(input);
    out.borne = borne_of(input);
    for (const AccountLoss& loss : input.run->accounts.top(venue_accounts_shown))
        out.accounts.push_back(account_row(input, loss));
    for (const VenuePathResult& p : input.run->paths) {
        out.deleveraged += p.deleveraged;
        out.queue += p.queue;
    }
    add_book(input, out);
    return out;
}

std::vector<Limit> venue_limits() {
    return {{"The book is frozen: nobody trades, deposits or adds margin", Bias::overstates, false,
             "Only liquidators, vault and fund act."},
            {"Liquidators keep what they take over until the end", Bias::overstates, true,
             "Their margin is used up; real ones hedge elsewhere and come back."},
            {"No order book: positions change hands at the mark less a discount", Bias::either,
             true, "The discount must pay for the slippage of hedging, else nobody comes."},
            {"One level moves all volatilities of an underlying", Bias::understates, true,
             "Short expiries rise more than long ones in a storm."},
            {"The largest holders of the other side are asked at a resolution", Bias::either, true,
             "As many as the scenario says; all of them where those cannot bear it."},
            {"Other venues' liquidations press the price only through the scenario",
             Bias::understates,
             false,
             {}}};
}

std::string venue_question(const VenueStormInput& input) {
    return "How much would accounts of " + input.setup->venue.book.name +
           " owe beyond what they have after " + horizon_text(input.scenario()) + " of " +
           input.scenario().name + ", and who bears it?";
}

std::string venue_title(const VenueStormInput& input) {
    return input.setup->venue.book.name + " under " + input.scenario().name;
}

}  // namespace breakwater
