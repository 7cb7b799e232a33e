// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/venue_accounts.hpp"

#include <algorithm>
#include <array>

#include "breakwater/core/math_signed.hpp"
#include "breakwater/core/rulebooks/venue_value.hpp"
#include "breakwater/io/accounts_file.hpp"
#include "breakwater/io/csv.hpp"
#include "breakwater/io/error.hpp"

namespace breakwater {
namespace {

/// [atomic] Sums over 2^24 accounts stay below 2^125.
constexpr uint128 balance_max = uint128{1} << 100U;
constexpr uint128 basis_max = uint128{1} << 100U;
constexpr std::uint64_t clusters_max = 4'096;
constexpr uint128 entry_unit = 10'000;  ///< [1e-12] in 1e-8

/// Rows of one of the two files.
class Rows {
  public:
    Rows(const TextFile& file, std::string_view header, std::size_t fields)
        : file_(file), lines_(file.text()), header_(header), fields_(fields) {
        std::string_view line;
        line_ = 1;
        if (!lines_.next(line) || line != header)
            fail("header is " + quote(line), std::string(header));
    }
    [[noreturn]] void fail(const std::string& fault, const std::string& expected) const {
        throw InputError(file_.name(), line_, fault, expected);
    }
    bool next(std::span<std::string_view> fields) {
        std::string_view line;
        if (!lines_.next(line)) return false;
        line_ = lines_.number();
        if (line.empty()) fail("empty line", std::string(header_));
        const std::size_t count = split_fields(line, fields);
        if (count != fields_)
            fail(std::to_string(count) + (count == 1 ? " field" : " fields"),
                 std::to_string(fields_) + ": " + std::string(header_));
        return true;
    }
    [[nodiscard]] std::uint64_t line() const { return line_; }
    [[nodiscard]] std::size_t rows_expected() const {
        return static_cast<std::size_t>(std::ranges::count(file_.text(), '\n'));
    }

  private:
    const TextFile& file_;
    Lines lines_;
    std::string_view header_;
    std::size_t fields_;
    std::uint64_t line_ = 0;
};

void check_name(const Rows& rows, std::string_view name) {
    constexpr auto expected = "a name of 1 to 128 characters without quotes";
    if (name.empty()) rows.fail("account is empty", expected);
    if (name.size() > account_name_max)
        rows.fail("account " + quote(name) + " is too long", expected);
    for (const char c : name)
        if (static_cast<unsigned char>(c) < 0x20 || c == '"')
            rows.fail("account " + quote(name) + " has a quote or control character", expected);
}

struct Parent {
    std::uint32_t account = 0;
    std::string name;
    std::uint64_t line = 0;
};

/// Isolated accounts belong to cross ones.
void resolve_parents(const TextFile& file, const NameIndex& names, const std::vector<Parent>& all,
                     VenueFile& out) {
    venue::Market& m = out.market();
    for (const Parent& p : all) {
        const auto error = [&](const char* fault, const char* expected) {
            return InputError(file.name(), p.line, "parent " + quote(p.name) + " " + fault, expected);
        };
        const auto parent = names.find(out.venue.book.accounts, p.name);
        if (!parent) throw error("is not in the file", "an account with rows of its own");
        if (index(*parent) == p.account) throw error("is the account itself", "another account");
        m.accounts[p.account].parent = index(*parent) + 1;
    }
    for (const Parent& p : all)
        if (m.accounts[m.accounts[p.account].parent - 1].parent != 0)
            throw InputError(file.name(), p.line, "parent " + quote(p.name) + " is isolated itself",
                             "a cross account");
}

AccountId named(const NameIndex& names, const VenueFile& out, const NamedAccount& account,
                const char* what) {
    const auto found = names.find(out.venue.book.accounts, account.name);
    if (!found)
        throw InputError(out.file, account.line,
                         std::string(what) + " " + quote(account.name) + " has no row",
                         "an account of accounts.csv");
    return *found;
}

/// One row as it stands; balances wait until the number of accounts is known.
struct Entry {
    std::uint32_t account = 0;
    std::uint32_t asset = 0;
    int128 cash = 0;
};

class AccountsParser {
  public:
    AccountsParser(const TextFile& file, VenueFile& out)
        : file_(file),
          out_(out),
          rows_(file, venue_accounts_header, 5),
          names_(rows_.rows_expected()) {}

    void parse();

  private:
    using Fields = std::array<std::string_view, 5>;
    void read_balance(std::uint32_t account, const Fields& fields);
    void read_account(std::uint32_t account, const Fields& fields);
    void fill();

    const TextFile& file_;
    VenueFile& out_;
    Rows rows_;
    NameIndex names_;
    std::vector<Entry> entries_;
    std::vector<std::uint32_t> seen_;      ///< by account: assets with a row
    std::vector<std::string_view> owner_;  ///< by account: its parent, as written
    std::vector<Parent> parents_;
};

void AccountsParser::read_balance(std::uint32_t account, const Fields& fields) {
    const auto asset = out_.asset(fields[1]);
    if (!asset || !out_.market().has(*asset))
        rows_.fail("unknown asset " + quote(fields[1]),
                   "an [[asset]] with [asset.collateral] of market.toml");
    const std::uint32_t bit = 1U << index(*asset);
    if ((seen_[account] & bit) != 0)
        rows_.fail("second row of " + quote(fields[0]) + " in " + std::string(fields[1]),
                   "one row for each account and asset");
    seen_[account] |= bit;
    const unsigned decimals = out_.venue.book.assets[index(*asset)].decimals;
    const auto cash = parse_signed(fields[2], decimals);
    if (!cash)
        rows_.fail("balance " + quote(fields[2]) + " " + describe(cash.error(), decimals),
                   "a decimal number of tokens, below 0 for a loan, with at most " +
                       std::to_string(decimals) + " fractional digits");
    if (magnitude(*cash) >= balance_max)
        rows_.fail("balance " + quote(fields[2]) + " is too large", "less than 2^100 atomic units");
    entries_.push_back({.account = account, .asset = index(*asset), .cash = *cash});
}

/// Cluster and parent: the same on all rows of an account.
void AccountsParser::read_account(std::uint32_t account, const Fields& fields) {
    auto& rows = out_.market().accounts;
    const auto cluster =
        fields[3].empty() ? uint128{0} : parse_integer(fields[3]).value_or(~uint128{0});
    if (cluster > clusters_max)
        rows_.fail("cluster is " + quote(fields[3]), "a number from 1 to 4096, or nothing");
    if (account == rows.size()) {
        rows.emplace_back().cluster = static_cast<std::uint32_t>(cluster);
        seen_.push_back(0);
        owner_.push_back(fields[4]);
        if (!fields[4].empty())
            parents_.push_back(
                {.account = account, .name = std::string(fields[4]), .line = rows_.line()});
        return;
    }
    if (rows[account].cluster != cluster)
        rows_.fail("cluster " + quote(fields[3]) + " of " + quote(fields[0]),
                   "that of its rows before");
    if (owner_[account] != fields[4])
        rows_.fail("parent " + quote(fields[4]) + " of " + quote(fields[0]),
                   "that of its rows before");
}

void AccountsParser::fill() {
    venue::Market& m = out_.market();
    venue::Settings& s = m.settings[0];
    s.accounts = static_cast<std::uint32_t>(m.accounts.size());
    s.clusters = 1;
    for (const venue::Account& a : m.accounts)
        s.clusters = std::max(s.clusters, a.cluster + 1);
    m.balances.resize(std::size_t{s.accounts} * m.assets());
    m.positions.resize(std::size_t{s.accounts} * s.slots);
    m.clusters.resize(s.clusters * m.terms.size());
    for (const Entry& e : entries_) {
        const AssetId asset{static_cast<std::uint8_t>(e.asset)};
        venue::Balance& b = m.balances[m.row(AccountId{e.account}, asset)];
        b.cash = e.cash;
        if (e.cash < 0) b.index = m.collaterals[e.asset].borrow_index;
    }
    s.fund = named(names_, out_, out_.fund, "fund");
    s.vault = named(names_, out_, out_.vault, "vault");
    for (const NamedAccount& l : out_.liquidators)
        out_.venue.liquidators.push_back(named(names_, out_, l, "liquidator"));
    for (const AccountId own : {s.fund, s.vault})
        if (m.accounts[index(own)].parent != 0 || m.accounts[index(own)].cluster != 0)
            throw InputError(file_.name(), 0, "fund or vault is isolated or linked",
                             "neither for both");
}

void AccountsParser::parse() {
    Fields fields;
    while (rows_.next(fields)) {
        check_name(rows_, fields[0]);
        const std::uint32_t account =
            index(names_.find_or_add(out_.venue.book.accounts, fields[0]));
        read_account(account, fields);
        read_balance(account, fields);
    }
    if (entries_.empty())
        throw InputError(file_.name(), 0, "no accounts",
                         "a row for each account and asset below the header");
    fill();
    resolve_parents(file_, names_, parents_, out_);
}

std::int64_t read_lots(const Rows& rows, std::string_view text) {
    const auto lots = parse_signed(text, 0);
    if (!lots || *lots == 0 || magnitude(*lots) > static_cast<uint128>(venue::lots_max))
        rows.fail("lots are " + quote(text),
                  "a whole number, above 0 for long and below 0 for short, at most 2^42");
    return static_cast<std::int64_t>(*lots);
}

int128 read_basis(const Rows& rows, const VenueFile& file, std::uint16_t contract,
                  std::int64_t lots, std::string_view text) {
    const venue::Terms& terms = file.venue.market().terms[contract];
    if (terms.is_option()) {
        if (!text.empty())
            rows.fail("entry of an option is " + quote(text),
                      "nothing: options are paid for when they are traded");
        return 0;
    }
    const auto entry = parse_decimal(text, entry_decimals);
    if (!entry || *entry == 0)
        rows.fail("entry " + quote(text) + " " +
                      (entry ? "is zero" : describe(entry.error(), entry_decimals)),
                  "a price above 0 with at most 12 fractional digits");
    const auto basis = basis_at(terms, file.venue.contracts[contract], lots, *entry);
    if (!basis) rows.fail("lots at entry " + quote(text) + " are worth too much", "fewer lots");
    return *basis;
}

}  // namespace

std::expected<int128, NumberFault> parse_signed(std::string_view text, unsigned decimals) {
    const bool is_negative = text.starts_with('-');
    if (is_negative) text.remove_prefix(1);
    const auto size = parse_decimal(text, decimals);
    if (!size) return std::unexpected(size.error());
    if (*size >> 126U != 0) return std::unexpected(NumberFault::too_large);
    const auto value = static_cast<int128>(*size);
    return is_negative ? -value : value;
}

std::string format_signed(int128 value, unsigned decimals) {
    return (value < 0 ? "-" : "") + format_decimal(magnitude(value), decimals);
}

std::optional<int128> basis_at(const venue::Terms& terms, const ContractDescription& contract,
                               std::int64_t lots, uint128 entry) {
    if (terms.is_option()) return int128{0};
    Checked math;
    const uint128 tick = contract.tick_e8 * entry_unit;  // [1e-12]
    int128 basis = 0;
    if (entry % tick == 0) {
        if (entry / tick >> 62U != 0) return std::nullopt;
        const auto value = venue::unit_value(terms, static_cast<std::int64_t>(entry / tick));
        if (!value) return std::nullopt;
        basis = mul_signed(math, lots, *value);
    } else {
        // ⌈lots · unit · entry / tick⌉; inverse ⌈−lots · unit · tick / entry⌉
        const int128 units = mul_signed(math, terms.is_inverse() ? -lots : lots, terms.unit);
        basis = terms.is_inverse() ? -mul_div_floor(math, -units, tick, entry)
                                   : -mul_div_floor(math, -units, entry, tick);
    }
    if (math.overflow() || magnitude(basis) >= basis_max) return std::nullopt;
    return basis;
}

void parse_venue_accounts(const TextFile& file, VenueFile& venue) {
    AccountsParser(file, venue).parse();
}

void parse_positions(const TextFile& file, VenueFile& venue) {
    Rows rows(file, positions_header, 4);
    const NameIndex names = NameIndex::of(venue.venue.book.accounts);
    AccountNames listed;
    NameIndex contracts(venue.venue.book.contract_names.size());
    for (const std::string& name : venue.venue.book.contract_names)
        contracts.find_or_add(listed, name);
    venue::Market& m = venue.market();
    std::array<std::string_view, 4> fields;
    while (rows.next(fields)) {
        const auto account = names.find(venue.venue.book.accounts, fields[0]);
        if (!account)
            rows.fail("unknown account " + quote(fields[0]), "an account of accounts.csv");
        if (*account == m.set().fund) rows.fail("the insurance fund holds a position", "none");
        const auto found = contracts.find(listed, fields[1]);
        if (!found) rows.fail("unknown contract " + quote(fields[1]), "a contract of market.toml");
        const venue::ContractId contract{static_cast<std::uint16_t>(index(*found))};
        std::uint32_t slot = 0;
        for (; slot < m.set().slots; ++slot) {
            const venue::Position& p = m.positions[m.first_slot(*account) + slot];
            if (p.lots == 0) break;
            if (p.contract == contract)
                rows.fail("second row of " + quote(fields[0]) + " in " + std::string(fields[1]),
                          "one row for each account and contract");
        }
        if (slot == m.set().slots)
            rows.fail(quote(fields[0]) + " has too many positions",
                      "at most " + std::to_string(slot) + ", the slots of [venue]");
        venue::Position& p = m.positions[m.first_slot(*account) + slot];
        p.lots = read_lots(rows, fields[2]);
        p.contract = contract;
        p.basis = read_basis(rows, venue, venue::index(contract), p.lots, fields[3]);
    }
}

}  // namespace breakwater
