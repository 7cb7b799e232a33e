// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <array>

#include "breakwater/core/rulebooks/morpho_blue.hpp"
#include "breakwater/io/accounts_file.hpp"
#include "breakwater/io/csv.hpp"
#include "breakwater/io/decimal.hpp"
#include "breakwater/io/error.hpp"
#include "breakwater/io/name_index.hpp"
#include "breakwater/io/native_file.hpp"
#include "breakwater/io/native_reader.hpp"

/// accounts.csv of morpho_blue. Underlying amounts become shares at the price at which a market begins, 10^6 shares an
/// atom, so that what is written is what is owed, to the atom (MORPHO-001).
namespace breakwater {
namespace {

using morpho_blue::Totals;

constexpr std::size_t field_count = 5;
using Fields = std::array<std::string_view, field_count>;
/// Of one position: it leaves room for 10^6 shares an atom and for prices to rise.
constexpr uint128 loan_max = uint128{1} << 98U;
constexpr uint128 collateral_max = uint128{1} << 112U;
constexpr uint128 shares_max = uint128{1} << 118U;

class Parser {
  public:
    Parser(const TextFile& file, NativeFile& out) : file_(file), out_(out) {}
    void parse();

  private:
    [[noreturn]] void fail(const std::string& fault, const std::string& expected) const {
        throw InputError(file_.name(), line_, fault, expected);
    }
    void read_row(const Fields& fields);
    [[nodiscard]] AccountId account(std::string_view name);
    [[nodiscard]] std::size_t market(std::string_view name);
    [[nodiscard]] uint128 amount(const char* what, std::string_view text, unsigned decimals,
                                 uint128 most) const;
    [[nodiscard]] uint128 shares(const char* what, std::string_view text, AssetId loan) const;
    void settle(std::size_t m);

    [[nodiscard]] morpho_blue::Market& native(std::size_t m) {
        return std::get<morpho_blue::Market>(out_.book.state.markets[m]);
    }
    [[nodiscard]] bool is_scaled() const { return out_.balances == BalanceKind::scaled; }

    const TextFile& file_;  // NOLINT(*-avoid-const-or-ref-data-members): lives for one call
    NativeFile& out_;       // NOLINT(*-avoid-const-or-ref-data-members)
    NameIndex index_;
    std::uint64_t line_ = 0;
    std::size_t last_market_ = 0;
};

AccountId Parser::account(std::string_view name) {
    if (name.empty() || name.size() > account_name_max || name == others_name ||
        name.find('"') != std::string_view::npos)
        fail("account is " + quote(name),
             "a name of 1 to 128 characters without quotes, not " + std::string(others_name));
    return index_.find_or_add(out_.book.accounts, name);
}

std::size_t Parser::market(std::string_view name) {
    const auto& all = out_.book.markets;
    if (all[last_market_].name == name) return last_market_;
    const auto at = std::ranges::find(all, name, &MarketDescription::name);
    if (at == all.end())
        fail("unknown market " + quote(name), "the name of a [[market]] of market.toml");
    return last_market_ = static_cast<std::size_t>(at - all.begin());
}

uint128 Parser::amount(const char* what, std::string_view text, unsigned decimals,
                       uint128 most) const {
    const auto value = parse_decimal(text, decimals);
    if (!value)
        fail(std::string(what) + " " + quote(text) + " " + describe(value.error(), decimals),
             "a decimal number, 0 or more, with at most " + std::to_string(decimals) +
                 " fractional digits");
    if (*value >= most)
        fail(std::string(what) + " " + quote(text) + " is too large",
             "less than " + format_decimal(most, decimals));
    return *value;
}

uint128 Parser::shares(const char* what, std::string_view text, AssetId loan) const {
    if (is_scaled()) return amount(what, text, 0, shares_max);
    return amount(what, text, out_.written_decimals(loan), loan_max) * morpho_blue::virtual_shares;
}

void Parser::read_row(const Fields& fields) {
    const AccountId id = account(fields[0]);
    const std::size_t m = market(fields[1]);
    morpho_blue::Market& market = native(m);
    const Totals& t = market.totals[0];
    if (index(id) >= market.positions.size()) market.positions.resize(index(id) + 1);
    morpho_blue::Position& p = market.positions[index(id)];
    if (!p.supply_shares.is_zero() || !p.collateral.is_zero() || !p.borrow_shares.is_zero())
        fail("account " + quote(fields[0]) + " occurs twice in " + quote(fields[1]),
             "one row for each account and market");
    p.supply_shares = {shares("supply", fields[2], t.loan)};
    p.collateral = {
        amount("collateral", fields[3], out_.written_decimals(t.collateral_asset), collateral_max)};
    p.borrow_shares = {shares("debt", fields[4], t.loan)};
}

/// Totals are the sums of the positions; what the file says of all suppliers and the accounts do not have is the
/// others'.
void Parser::settle(std::size_t m) {
    morpho_blue::Market& market = native(m);
    Totals& t = market.totals[0];
    const NativeFile::Given& given = out_.given[m];
    const std::string& name = out_.book.markets[m].name;
    const auto refuse_market = [&](const std::string& fault, const std::string& expected) {
        throw InputError(out_.file, given.line, "market " + name + ": " + fault, expected);
    };
    Checked math;
    for (const morpho_blue::Position& p : market.positions) {
        t.supply_shares.raw = math.add(t.supply_shares.raw, p.supply_shares.raw);
        t.borrow_shares.raw = math.add(t.borrow_shares.raw, p.borrow_shares.raw);
        t.collateral.raw = math.add(t.collateral.raw, p.collateral.raw);
    }
    const uint128 listed = t.supply_shares.raw;
    uint128 all = listed;
    if (is_scaled()) {
        all = given.supply_shares.value_or(listed);
        t.supply_assets = given.supplied.value_or(Amount{});
        t.borrow_assets = given.borrowed.value_or(Amount{});
    } else {
        const uint128 stated = given.supplied ? given.supplied->raw : 0;
        if (given.supplied) all = math.mul(stated, morpho_blue::virtual_shares);
        t.supply_assets = {all / morpho_blue::virtual_shares};
        t.borrow_assets = {t.borrow_shares.raw / morpho_blue::virtual_shares};
    }
    if (math.overflow() || all >= shares_max || t.collateral.raw >= collateral_max)
        refuse_market("totals are too large", "amounts of this world");
    const unsigned decimals = out_.written_decimals(t.loan);
    if (all < listed)
        refuse_market("accounts supplied more than the total",
                      is_scaled()
                          ? "supply_shares of at least " + format_integer(listed)
                          : "supplied of at least " +
                                format_decimal(listed / morpho_blue::virtual_shares, decimals));
    if (t.borrow_assets > t.supply_assets)
        refuse_market("debt of " + format_decimal(t.borrow_assets.raw, decimals) +
                          " is more than the supply of " +
                          format_decimal(t.supply_assets.raw, decimals),
                      "suppliers for all debt: rows of accounts.csv, or `supplied`");
    t.accounts = static_cast<std::uint32_t>(out_.book.accounts.size());
    t.fee_recipient = AccountId{t.accounts - 1};  // the others
    if (all > listed) {
        market.positions.resize(t.accounts);
        market.positions.back().supply_shares = {all - listed};
        t.supply_shares = {all};
    }
    t.cash = t.supply_assets - t.borrow_assets;
}

void Parser::parse() {
    constexpr std::string_view header = "account,market,supply,collateral,debt";
    Lines lines(file_.text());
    std::string_view line;
    lines.next(line);
    line_ = lines.number();
    if (line != header) fail("the header is " + quote(line), std::string(header));
    Fields fields;
    while (lines.next(line)) {
        line_ = lines.number();
        const std::size_t count = split_fields(line, fields);
        if (count != field_count)
            fail(std::to_string(count) + (count == 1 ? " field" : " fields"),
                 "5: " + std::string(header));
        read_row(fields);
    }
    out_.book.accounts.push_back(others_name);
    for (std::size_t m = 0; m < out_.book.markets.size(); ++m)
        settle(m);
}

}  // namespace

void parse_morpho_accounts(const TextFile& file, NativeFile& out) {
    Parser(file, out).parse();
}

}  // namespace breakwater
