// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <array>

#include "breakwater/core/rulebooks/compound_v3.hpp"
#include "breakwater/io/native_rows.hpp"

/// accounts.csv of compound_v3: a balance in the base asset, below zero a debt, and what lies there as collateral.
/// Under `scaled` balances in the base asset are principals.
namespace breakwater {
namespace {

using compound_v3::Position;
using compound_v3::Totals;

using Fields = std::array<std::string_view, 3>;
constexpr uint128 balance_max = uint128{1} << 100U;     ///< inside the protocol's int104
constexpr uint128 collateral_max = uint128{1} << 112U;  ///< sums stay far from 128 bits

class CometParser : NativeRows {
  public:
    CometParser(const TextFile& file, NativeFile& out)
        : NativeRows(file, out),
          market_(std::get<compound_v3::Market>(out.book.state.markets[0])),
          totals_(market_.totals[0]) {}
    void parse();

  private:
    void read_row(const Fields& fields);
    [[nodiscard]] uint128 balance(std::string_view text, unsigned decimals, uint128 below) const {
        return amount(text, {.what = "balance", .number = "a decimal number", .decimals = decimals, .below = below});
    }
    void read_base(Position& p, std::string_view text);
    void read_collateral(AccountId id, std::uint32_t kind, std::string_view text);
    void settle();

    compound_v3::Market& market_;
    Totals& totals_;
};

void CometParser::read_base(Position& p, std::string_view text) {
    if (p.principal != 0) fail("a second balance in the base asset", "one row for each asset");
    const bool owes = text.starts_with('-');
    const bool is_scaled = out_.balances == BalanceKind::scaled;
    const unsigned decimals = is_scaled ? 0 : out_.written_decimals(totals_.base);
    const auto value =
        static_cast<int128>(balance(owes ? text.substr(1) : text, decimals, balance_max));
    Checked math;
    p.principal = is_scaled ? (owes ? -value : value)
                            : compound_v3::principal_value(
                                  math, owes ? -value : value,
                                  {.supply = totals_.supply_index, .borrow = totals_.borrow_index});
    if (math.overflow())
        fail("balance " + quote(text) + " is too large", "a balance of this world");
}

void CometParser::read_collateral(AccountId id, std::uint32_t kind, std::string_view text) {
    compound_v3::Collateral& c = market_.collaterals[kind];
    const std::uint32_t row = compound_v3::holding_row(totals_, id, kind);
    if (row >= market_.holdings.size()) market_.holdings.resize(row + 1);
    if (!market_.holdings[row].amount.is_zero())
        fail("a second balance in " + out_.book.assets[index(c.asset)].symbol,
             "one row for each account and asset");
    const Amount held{balance(text, out_.written_decimals(c.asset), collateral_max)};
    market_.holdings[row].amount = held;
    if (!held.is_zero()) market_.positions[index(id)].assets_in |= std::uint32_t{1} << kind;
    c.supplied += held;
    if (c.supplied.raw >= collateral_max)
        fail("collateral in all is too large", "amounts of this world");
}

void CometParser::read_row(const Fields& fields) {
    const AccountId id = account(fields[0]);
    if (index(id) >= market_.positions.size()) market_.positions.resize(index(id) + 1);
    const auto asset = out_.asset(fields[1]);
    if (asset && *asset == totals_.base) return read_base(market_.positions[index(id)], fields[2]);
    const auto kind = std::ranges::find_if(
        market_.collaterals, [&](const auto& c) { return asset && c.asset == *asset; });
    if (kind == market_.collaterals.end())
        fail("unknown asset " + quote(fields[1]), "the base or a [[collateral]] of market.toml");
    read_collateral(id, static_cast<std::uint32_t>(kind - market_.collaterals.begin()), fields[2]);
}

/// Totals are the sums of the accounts; what `supplied` leaves is the others'; cash follows with the reserves.
void CometParser::settle() {
    Checked math;
    Totals& t = totals_;
    const NativeFile::Given& given = out_.given[0];
    for (const Position& p : market_.positions) {
        const auto size = static_cast<uint128>(p.principal < 0 ? -p.principal : p.principal);
        uint128& sum = p.principal < 0 ? t.borrowed : t.supplied;
        sum = compound_v3::within(math, math.add(sum, size), compound_v3::total_max);
    }
    out_.book.accounts.push_back(others_name);
    t.accounts = static_cast<std::uint32_t>(out_.book.accounts.size());
    const unsigned decimals = out_.written_decimals(t.base);
    const auto refuse_market = [&](const std::string& fault, const std::string& expected) {
        throw InputError(out_.file, given.line, "[comet]: " + fault, expected);
    };
    const uint128 listed = compound_v3::present_value_down(math, t.supplied, t.supply_index);
    if (given.supplied && given.supplied->raw < listed)
        refuse_market("accounts supplied more than the total",
                      "supplied of at least " + format_decimal(listed, decimals));
    if (given.supplied && given.supplied->raw > listed) {
        market_.positions.resize(t.accounts);
        Position& rest = market_.positions.back();
        rest.principal =
            compound_v3::principal_value(math, static_cast<int128>(given.supplied->raw - listed),
                                         {.supply = t.supply_index, .borrow = t.borrow_index});
        t.supplied += static_cast<uint128>(rest.principal);
    }
    const uint128 supplied = compound_v3::present_value_down(math, t.supplied, t.supply_index);
    const uint128 owed = compound_v3::present_value_down(math, t.borrowed, t.borrow_index);
    const uint128 own = math.add(supplied, given.reserves.value_or(Amount{}).raw);
    if (math.overflow()) refuse_market("totals are too large", "amounts of this world");
    if (owed > own)
        refuse_market("debt of " + format_decimal(owed, decimals) +
                          " is more than supply and reserves of " + format_decimal(own, decimals),
                      "suppliers for all debt: rows of accounts.csv, or `supplied`");
    t.cash = {own - owed};
    for (compound_v3::Collateral& c : market_.collaterals)
        c.held = c.supplied;
}

void CometParser::parse() {
    each_row<3>("account,asset,balance", [this](const Fields& fields) { read_row(fields); });
    settle();
}

}  // namespace

void parse_comet_accounts(const TextFile& file, NativeFile& out) {
    CometParser(file, out).parse();
}

}  // namespace breakwater
