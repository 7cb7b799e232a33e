// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/venue_check.hpp"

#include <algorithm>
#include <cmath>

#include "breakwater/io/decimal.hpp"
#include "breakwater/io/error.hpp"
#include "breakwater/io/json_line.hpp"
#include "breakwater/io/text_figures.hpp"
#include "breakwater/io/time_text.hpp"
#include "breakwater/io/venue_reader.hpp"

namespace breakwater {
namespace {

constexpr double basis_max = 0.05;             ///< mark of a perpetual or future off its index
constexpr double depth_multiple_max = 50;      ///< open interest over depth
constexpr double linked_share_max = 0.10;      ///< of a contract's open interest in one cluster
constexpr double single_share_max = 0.25;      ///< in one account
constexpr double thin_notional_min = 100'000;  ///< [USD] below it nothing is said of shares

class VenueChecker {
  public:
    VenueChecker(const VenueBook& v, VenueCheck& out) : v_(v), out_(out) {}
    void run(std::optional<Time> now);

  private:
    void fact(std::string text) { out_.findings.push_back({Concern::fact, std::move(text)}); }
    void doubt(std::string text) { out_.findings.push_back({Concern::doubt, std::move(text)}); }
    void check_age(std::optional<Time> now);
    void check_sums();
    void check_asset(std::size_t asset);
    void check_contract(std::size_t k);
    void check_accounts();
    void check_reserves();

    const VenueBook& v_;
    VenueCheck& out_;
};

void VenueChecker::check_age(std::optional<Time> now) {
    const auto as_of = static_cast<std::int64_t>(v_.book.state.clock.now);
    fact("prices, marks and smiles are of " + format_utc(as_of));
    if (!now) return;
    if (seconds(*now) < v_.book.state.clock.now) return doubt("as_of lies in the future");
    const double hours = static_cast<double>(seconds(*now) - v_.book.state.clock.now) / 3'600;
    const std::string age =
        hours < 48 ? fixed(hours, 1) + " hours" : fixed(hours / 24, 1) + " days";
    hours > age_hours_max ? doubt("prices and positions are " + age + " old")
                          : fact("prices and positions are " + age + " old");
}

/// The reader has refused what does not add up.
void VenueChecker::check_sums() {
    const venue::Market& m = v_.market();
    std::size_t held = 0;
    for (const venue::Contract& c : m.contracts)
        held += c.open_interest != 0 ? 1U : 0U;
    fact("longs are shorts to the lot in each of " + std::to_string(m.terms.size()) +
         " contracts, " + std::to_string(held) + " of them held");
    fact("balances and pots of the contracts are custody to the atom in each asset");
}

void VenueChecker::check_asset(std::size_t asset) {
    const AssetLine& l = out_.standing.assets[asset];
    const AssetDescription& d = v_.book.assets[asset];
    constexpr double off_par = 0.03;
    if (d.kind == AssetKind::stable && std::fabs(l.price - 1) > off_par)
        doubt(d.symbol + " is called stable at a price of " + fixed(l.price, 4) + " USD");
    if (!l.is_collateral) return;
    if (l.custody > l.cap)
        doubt(d.symbol + " is held beyond its cap, " + percent(l.custody, l.cap));
    if (l.uncovered > 0)
        doubt(d.symbol + ": losses of " + dollars(l.uncovered) +
              " are uncovered, the gate is shut");
    constexpr double lent_max = 0.95;
    if (l.loans > lent_max * l.deposits)
        doubt(d.symbol + " is lent out to " + percent(l.loans, l.deposits) +
              " of what was paid in");
}

void VenueChecker::check_contract(std::size_t k) {
    const ContractLine& l = out_.standing.contracts[k];
    const venue::Terms& t = v_.market().terms[k];
    const std::string& name = v_.book.contract_names[k];
    const double index_price =
        static_cast<double>(v_.book.state.feeds[index(t.underlying)].point) / 1e8;
    if (!t.is_option() && std::fabs(l.mark / index_price - 1) > basis_max)
        doubt(name + " is marked " + percent(l.mark, index_price) + " of its index");
    if (l.depth == 0 && l.open_interest != 0) return doubt(name + " is held and has no depth");
    if (l.notional < thin_notional_min || t.is_option()) return;
    const double multiple = static_cast<double>(l.open_interest) / static_cast<double>(l.depth);
    if (multiple > depth_multiple_max)
        doubt(name + ": open interest is " + fixed(multiple, 0) + " times the depth");
    if (l.largest > single_share_max)
        doubt(name + ": one account holds " + percent(l.largest, 1) + " of a side");
}

void VenueChecker::check_accounts() {
    const VenueInspection& s = out_.standing;
    if (s.below_maintenance > 0)
        doubt(std::to_string(s.below_maintenance) +
              " accounts are below maintenance margin at the start: stale marks?");
    if (s.negative > 0)
        doubt(std::to_string(s.negative) + " accounts have negative equity, " +
              dollars(s.negative_usd) + " in all");
    if (s.below_initial > 0)
        fact(std::to_string(s.below_initial) +
             " accounts are below initial margin and may only reduce");
    for (const ClusterLine& c : s.clusters)
        if (c.share > linked_share_max)
            doubt("cluster " + std::to_string(c.cluster) + ": " + std::to_string(c.accounts) +
                  " linked accounts hold " + percent(c.share, 1) + " of " +
                  v_.book.contract_names[c.contract]);
}

/// What stands behind the accounts.
void VenueChecker::check_reserves() {
    const VenueInspection& s = out_.standing;
    if (s.fund <= 0) doubt("the insurance fund is empty");
    if (s.vault < s.vault_initial) doubt("the vault cannot bear what it holds");
    if (s.vault <= 0) doubt("the vault is empty");
    if (v_.liquidators.empty()) doubt("nobody is named who takes positions over");
    fact("behind the accounts stand a fund of " + dollars(s.fund) + " and a vault of " +
         dollars(s.vault));
}

void VenueChecker::run(std::optional<Time> now) {
    check_age(now);
    for (const std::string& note : v_.book.notes)
        note.starts_with("no [asset.") ? doubt(note) : fact(note);
    check_sums();
    for (std::size_t a = 0; a < v_.book.assets.size(); ++a)
        check_asset(a);
    for (std::size_t k = 0; k < v_.contracts.size(); ++k)
        check_contract(k);
    check_accounts();
    check_reserves();
}

}  // namespace

std::size_t VenueCheck::doubts() const {
    return static_cast<std::size_t>(
        std::ranges::count(findings, Concern::doubt, &Finding::concern));
}

VenueCheck check_venue(const std::filesystem::path& folder, std::optional<Time> now) {
    const VenueBook venue = read_venue(folder);
    auto standing = inspect_venue(venue);
    if (!standing)
        throw InputError(show(folder), 0, standing.error(), "a venue that can be valued");
    VenueCheck out{.name = venue.book.name,
                   .source = venue.book.source,
                   .input_hash = venue.book.input_hash,
                   .as_of = venue.book.state.clock.now,
                   .contracts = venue.contracts.size(),
                   .standing = std::move(*standing),
                   .findings = {}};
    VenueChecker(venue, out).run(now);
    return out;
}

std::string to_text(const VenueCheck& r) {
    const VenueInspection& s = r.standing;
    std::string out = r.name + "\n" + (r.source.empty() ? "" : r.source + "\n");
    out += "input hash " + r.input_hash + "\n";
    out += std::to_string(s.accounts) + " accounts, " + std::to_string(s.holders) +
           " with positions, " + std::to_string(s.borrowers) + " with debt; equity " +
           dollars(s.equity) + ", maintenance margin " + dollars(s.maintenance) + "\n";
    for (const Finding& f : r.findings)
        out += (f.concern == Concern::doubt ? "! " : "  ") + f.text + "\n";
    const std::size_t doubts = r.doubts();
    return out + (doubts == 0 ? "nothing to doubt\n"
                              : std::to_string(doubts) + (doubts == 1 ? " doubt\n" : " doubts\n"));
}

std::string to_json(const VenueCheck& r) {
    std::string findings = "[";
    for (const Finding& f : r.findings) {
        JsonLine line;
        line.text("concern", f.concern == Concern::doubt ? "doubt" : "fact").text("text", f.text);
        findings += (findings.size() == 1 ? "" : ",") + line.finish();
    }
    const VenueInspection& s = r.standing;
    JsonLine out;
    out.text("format", "breakwater-check/1").text("kind", "venue").text("name", r.name);
    out.text("source", r.source).text("input_hash", r.input_hash);
    out.text("as_of", format_utc(static_cast<std::int64_t>(r.as_of)));
    out.integer("accounts", s.accounts).integer("holders", s.holders);
    out.integer("borrowers", s.borrowers).integer("contracts", r.contracts);
    out.integer("below_maintenance", s.below_maintenance).integer("negative", s.negative);
    out.raw("negative_usd", format_number(s.negative_usd));
    out.raw("equity_usd", format_number(s.equity));
    out.raw("maintenance_usd", format_number(s.maintenance));
    out.raw("fund_usd", format_number(s.fund)).raw("vault_usd", format_number(s.vault));
    out.raw("findings", findings + "]");
    return out.finish();
}

}  // namespace breakwater
