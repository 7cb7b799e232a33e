// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <array>

#include "breakwater/core/rulebooks/venue_parameters.hpp"
#include "breakwater/core/rulebooks/venue_value.hpp"
#include "breakwater/io/decimal.hpp"
#include "breakwater/io/time_text.hpp"
#include "breakwater/io/venue_sections.hpp"
#include "breakwater/stress/venue_arrays.hpp"

namespace breakwater {
namespace {

constexpr std::array<std::string_view, 2> settlements{"linear", "coin"};
constexpr std::size_t contracts_max = 4'000;

/// A table that lists one contract, or a series of options.
class Listing {
  public:
    Listing(TomlReader& table, VenueFile& out) : t_(table), out_(out) {}

    /// What both kinds of table say. Reads `settled` and the form before it.
    void read_common(venue::Form form);
    void read_contract();
    void read_series();

  private:
    [[nodiscard]] uint128 whole(uint128 a, uint128 b, uint128 c, const char* what) const;
    void set_units();
    [[nodiscard]] std::int64_t ticks(std::string_view key, uint128 price, std::uint64_t tick) const;
    void read_margin();
    void list(const std::string& name);
    void mark(std::int64_t mark, std::int64_t slow);
    [[nodiscard]] const UnderlyingDescription& underlying() const {
        return out_.venue.underlyings[description_.underlying];
    }
    struct Option {
        venue::Form form{};
        std::int64_t strike = 0;           ///< [ticks of the underlying]
        std::optional<std::int64_t> mark;  ///< [ticks]
        std::optional<std::int64_t> slow;  ///< [ticks]
    };
    void list_option(const Option& option, const std::string& name);
    /// [ticks]
    std::optional<std::int64_t> ticks_if(std::string_view key);

    TomlReader& t_;
    VenueFile& out_;
    venue::Terms terms_;
    ContractDescription description_;
    venue::MarginTerms margin_;
    std::int64_t depth_ = 0;
};

/// a · b / c, which must be a whole number above 0.
uint128 Listing::whole(uint128 a, uint128 b, uint128 c, const char* what) const {
    Checked math;
    const uint128 down = math.mul_div_down(a, b, c);
    const uint128 up = math.mul_div_up(a, b, c);
    if (math.overflow() || down >> 100U != 0)
        t_.fail("lot", "makes " + std::string(what) + " too large", "a smaller lot");
    if (down != up || down == 0)
        t_.fail("lot", "makes " + std::string(what) + " no whole number",
                "a lot and a tick that do, or more grain_bits");
    return down;
}

void Listing::set_units() {
    const auto& assets = out_.venue.book.assets;
    const uint128 atom = power_of_ten(assets[index(terms_.settlement)].decimals)
                         << terms_.grain_bits;
    const uint128 lot = description_.lot_e8;
    const uint128 tick = description_.tick_e8;
    if (terms_.is_inverse()) {
        terms_.unit = static_cast<int128>(whole(lot, atom, tick, "lot / tick in grains"));
        return;
    }
    terms_.unit = static_cast<int128>(whole(lot * tick, atom, venue_e8 * venue_e8, "lot × tick in grains"));
    if (!terms_.is_option()) return;
    const bool in_coins = terms_.settled == venue::Settled::coin;
    terms_.payoff_unit =
        static_cast<int128>(in_coins ? whole(lot, atom, venue_e8, "lot in grains")
                                     : whole(lot * underlying().tick_e8, atom, venue_e8 * venue_e8,
                                             "lot × tick of the underlying"));
}

std::int64_t Listing::ticks(std::string_view key, uint128 price, std::uint64_t tick) const {
    if (price % tick != 0)
        t_.fail(key, "is between two ticks", "a multiple of " + format_decimal(tick, 8));
    if (price / tick >> 62U != 0) t_.fail(key, "is too large", "less than 2^62 ticks");
    return static_cast<std::int64_t>(price / tick);
}

void Listing::read_common(venue::Form form) {
    terms_.form = form;
    terms_.settled = static_cast<venue::Settled>(t_.word("settled", settlements));
    const std::string symbol = t_.text("underlying");
    const auto asset = out_.asset(symbol);
    const auto row = asset ? out_.underlying(*asset) : std::nullopt;
    if (!row) t_.fail("underlying", "is " + quote(symbol), "the asset of an [[underlying]]");
    description_.underlying = *row;
    terms_.underlying = terms_.settlement = *asset;
    if (terms_.settled == venue::Settled::linear) {
        const std::string quoted = t_.text("settlement");
        const auto settlement = out_.asset(quoted);
        if (!settlement) t_.fail("settlement", "is unknown asset " + quote(quoted), "an [[asset]]");
        terms_.settlement = *settlement;
    }
    if (!out_.market().has(terms_.settlement))
        t_.fail(terms_.settled == venue::Settled::linear ? "settlement" : "underlying",
                "is no collateral", "an asset with [asset.collateral]");
    description_.lot_e8 = read_positive(t_, "lot");
    description_.tick_e8 = read_positive(t_, "tick");
    const std::uint64_t bits = terms_.settled == venue::Settled::linear ? 0
                               : terms_.is_option()                     ? 10
                                                                        : 20;
    terms_.grain_bits = static_cast<std::uint8_t>(t_.integer_or("grain_bits", 0, 32, bits));
    if (form != venue::Form::perpetual) {
        terms_.expiry = seconds(t_.time("expiry"));
        if (terms_.expiry <= out_.venue.book.state.clock.now)
            t_.fail("expiry", "is not after as_of", "a time to come");
    }
    if (form == venue::Form::future && description_.tick_e8 != underlying().tick_e8)
        t_.fail("tick", "is not that of the underlying",
                format_decimal(underlying().tick_e8, 8) +
                    ", because a future ends at an average of it");
    const auto lots = static_cast<std::uint64_t>(venue::lots_max);
    depth_ = static_cast<std::int64_t>(t_.integer("depth", 0, lots));
    terms_.block_lots = static_cast<std::int64_t>(t_.integer("block_lots", 1, lots));
    terms_.band = read_ppm(t_, "band", 100 * std::uint64_t{ppm_one});
    const std::string tier = t_.text("tier");
    const auto found = std::ranges::find(out_.venue.tier_names, tier);
    if (found == out_.venue.tier_names.end())
        t_.fail("tier", "is unknown tier " + quote(tier), "the name of a [[tier]]");
    terms_.tier = static_cast<std::uint32_t>(found - out_.venue.tier_names.begin());
    set_units();
}

/// tiers = [{ lower = 0, initial = 50_000, maintenance = 25_000 }, ...] and what rises beside them.
void Listing::read_margin() {
    TomlReader t = t_.table("margin", "margin of contract " + t_.text("name"));
    constexpr std::uint64_t usd_max = 1'000'000'000'000;
    std::vector<TomlReader> tiers = t.tables("tiers", "tier of contract " + t_.text("name"));
    if (tiers.empty() || tiers.size() > venue::tiers_max)
        t.fail("tiers", "are " + std::to_string(tiers.size()), "1 to 4 of them");
    for (std::size_t k = 0; k < tiers.size(); ++k) {
        TomlReader& in = tiers[k];
        venue::Tier& tier = margin_.tiers[k];
        tier.lower = in.integer("lower", 0, usd_max) * venue_e8;
        tier.initial = read_ppm(in, "initial");
        tier.maintenance = read_ppm(in, "maintenance");
        in.finish();
        if (k == 0 && tier.lower != 0) in.fail("lower", "is not 0", "the first tier from 0 on");
        if (tier.maintenance == 0) in.fail("maintenance", "is 0", "1 to 1000000 ppm");
        if (tier.initial < tier.maintenance)
            in.fail("initial", "is below maintenance", "at least maintenance");
        if (k == 0) continue;
        const venue::Tier& before = margin_.tiers[k - 1];
        if (tier.lower <= before.lower)
            in.fail("lower", "is not above the tier before", "tiers that rise");
        if (tier.initial < before.initial || tier.maintenance < before.maintenance)
            in.fail("initial", "or maintenance falls", "rates that do not fall with size");
    }
    venue::set_deductions(margin_);
    const auto usd = [&](const char* key) {
        return t.integer_or(key, 0, usd_max, 0) * static_cast<std::uint64_t>(venue_e8);
    };
    const auto rate = [&](const char* key) { return t.has(key) ? read_ppm(t, key) : 0; };
    margin_.open_interest_lower = usd("open_interest_lower");
    margin_.open_interest_upper = usd("open_interest_upper");
    if (margin_.open_interest_upper != 0 &&
        margin_.open_interest_upper <= margin_.open_interest_lower)
        t.fail("open_interest_upper", "is not above open_interest_lower", "a larger one, or none");
    margin_.size_unit = usd("size_unit");
    margin_.size_slope = rate("size_slope");
    margin_.absorbed = usd("absorbed");
    margin_.impact = rate("impact");
    t.finish();
}

/// The contract in all tables, without a mark.
void Listing::list(const std::string& name) {
    venue::Market& m = out_.market();
    Book& book = out_.venue.book;
    if (name.empty() || name.find_first_of(",\"\r\n") != std::string::npos)
        t_.fail("name", "is " + quote(name), "a name without commas and quotes");
    if (std::ranges::find(book.contract_names, name) != book.contract_names.end())
        t_.fail("name", "gives " + quote(name) + " twice", "a name of its own");
    if (m.terms.size() == contracts_max)
        t_.fail("name", "is one contract too many", "at most 4000 contracts");
    venue::Contract c;
    c.depth = depth_;
    c.marked_at = book.state.clock.now;
    book.contract_names.push_back(name);
    m.terms.push_back(terms_);
    m.contracts.push_back(c);
    m.margins.push_back(margin_);
    m.announced.push_back(margin_);
    out_.venue.contracts.push_back(description_);
}

/// What a lot of the contract listed last is worth.
void Listing::mark(std::int64_t mark, std::int64_t slow) {
    venue::Market& m = out_.market();
    venue::Contract& c = m.contracts.back();
    const std::uint32_t s = index(terms_.settlement);
    const auto mark_value = venue::unit_value(terms_, mark);
    const auto slow_value = venue::unit_value(terms_, slow);
    const Price price{out_.venue.book.state.feeds[s].hi};
    const auto notional =
        venue::notional_up(terms_, mark_value.value_or(0), price, m.collaterals[s].decimals);
    if (!mark_value || !slow_value || !notional)
        t_.fail("lot", "makes a lot worth too much", "a smaller lot");
    c.mark = mark;
    c.slow = slow;
    c.mark_value = *mark_value;
    c.slow_value = *slow_value;
    c.notional = *notional;
}

std::optional<std::int64_t> Listing::ticks_if(std::string_view key) {
    const auto price = t_.decimal_if(key, price_decimals);
    if (!price) return std::nullopt;
    return ticks(key, *price, description_.tick_e8);
}

/// One option at its strike, marked on the surface where no mark is given.
void Listing::list_option(const Option& option, const std::string& name) {
    terms_.form = option.form;
    terms_.strike = option.strike;
    terms_.by_arrays = 1;
    const auto& forwards = underlying().forwards;
    const auto forward =
        std::ranges::find(forwards, static_cast<std::int64_t>(terms_.expiry), &Forward::expiry);
    if (forward == forwards.end())
        t_.fail("expiry", "has no smile",
                "the expiry of an [[underlying.smile]] of its underlying");
    list(name);
    const auto last = static_cast<std::uint16_t>(out_.market().terms.size() - 1);
    const auto fair =
        option_ticks(out_.venue, venue::ContractId{last}, underlying().surface, forward->price);
    if (!fair) t_.fail("expiry", "gives no price of " + name, "a smile that does");
    const std::int64_t ticks = option.mark.value_or(*fair);
    mark(ticks, option.slow.value_or(ticks));
}

void Listing::read_contract() {
    const std::string name = t_.text("name");
    t_.rename("contract " + name);
    const auto form = static_cast<venue::Form>(t_.word("form", venue_forms));
    read_common(form);
    if (t_.has("stale_add_on")) margin_.stale_add_on = read_ppm(t_, "stale_add_on");
    if (terms_.is_option()) {
        list_option({.form = form,
                     .strike = ticks("strike", read_positive(t_, "strike"), underlying().tick_e8),
                     .mark = ticks_if("mark"),
                     .slow = ticks_if("slow")},
                    name);
    } else {
        terms_.by_arrays = t_.flag_or("arrays", false) ? 1 : 0;
        if (terms_.by_arrays == 0) read_margin();
        list(name);
        const std::int64_t at = ticks("mark", read_positive(t_, "mark"), description_.tick_e8);
        mark(at,
             t_.has("slow") ? ticks("slow", read_positive(t_, "slow"), description_.tick_e8) : at);
    }
    t_.finish();
}

/// "27MAR26"
std::string expiry_text(std::uint64_t expiry) {
    constexpr std::array months{"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
    const std::string utc = format_utc(static_cast<std::int64_t>(expiry));
    const auto month = static_cast<unsigned>((utc[5] - '0') * 10 + (utc[6] - '0'));
    return utc.substr(8, 2) + months[month - 1] + utc.substr(2, 2);
}

void Listing::read_series() {
    const std::string name = t_.text("name");
    t_.rename("series " + name);
    read_common(venue::Form::call);
    if (t_.has("stale_add_on")) margin_.stale_add_on = read_ppm(t_, "stale_add_on");
    const std::vector<std::string> strikes = t_.texts("strikes");
    for (const std::string& text : strikes) {
        const auto price = parse_decimal(text, price_decimals);
        if (!price || *price == 0)
            t_.fail("strikes", "have " + quote(text), "positive decimal numbers in quotes");
        const std::int64_t strike = ticks("strikes", *price, underlying().tick_e8);
        std::string stem = name + "-" + expiry_text(terms_.expiry);
        stem.append("-").append(text);
        list_option({.form = venue::Form::call, .strike = strike, .mark = {}, .slow = {}},
                    stem + "-C");
        list_option({.form = venue::Form::put, .strike = strike, .mark = {}, .slow = {}},
                    stem + "-P");
    }
    t_.finish();
}

}  // namespace

void read_contracts(TomlReader& root, VenueFile& out) {
    std::vector<TomlReader> contracts = root.tables("contract", "contract");
    std::vector<TomlReader> series = root.tables("series", "series");
    if (contracts.empty() && series.empty())
        TomlReader::fail_at(root, 0, "no contracts", "at least one [[contract]]");
    for (TomlReader& table : contracts)
        Listing(table, out).read_contract();
    for (TomlReader& table : series)
        Listing(table, out).read_series();
}

}  // namespace breakwater
