// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <array>

#include "breakwater/core/rulebooks/morpho_blue.hpp"
#include "breakwater/io/native_rows.hpp"

/// accounts.csv of morpho_blue. Underlying amounts become shares at the price at which a market begins, 10^6 shares an
/// atom, so that what is written is what is owed, to the atom (MORPHO-001).
namespace breakwater {
namespace {

using morpho_blue::Totals;

using Fields = std::array<std::string_view, 5>;
/// Of one position: it leaves room for 10^6 shares an atom and for prices to rise.
constexpr uint128 loan_max = uint128{1} << 98U;
constexpr uint128 collateral_max = uint128{1} << 112U;
constexpr uint128 shares_max = uint128{1} << 118U;

class MorphoParser : NativeRows {
  public:
    MorphoParser(const TextFile& file, NativeFile& out) : NativeRows(file, out) {}
    void parse();

  private:
    void read_row(const Fields& fields);
    [[nodiscard]] std::size_t market(std::string_view name);
    [[nodiscard]] uint128 amount(const char* what, std::string_view text, unsigned decimals, uint128 below) const {
        return NativeRows::amount(
            text, {.what = what, .number = "a decimal number, 0 or more,", .decimals = decimals, .below = below});
    }
    [[nodiscard]] uint128 shares(const char* what, std::string_view text, AssetId loan) const;
    void settle(std::size_t m);

    [[nodiscard]] morpho_blue::Market& native(std::size_t m) {
        return std::get<morpho_blue::Market>(out_.book.state.markets[m]);
    }
    [[nodiscard]] bool is_scaled() const { return out_.balances == BalanceKind::scaled; }

    std::size_t last_market_ = 0;
};

std::size_t MorphoParser::market(std::string_view name) {
    const auto& all = out_.book.markets;
    if (all[last_market_].name == name) return last_market_;
    const auto at = std::ranges::find(all, name, &MarketDescription::name);
    if (at == all.end())
        fail("unknown market " + quote(name), "the name of a [[market]] of market.toml");
    return last_market_ = static_cast<std::size_t>(at - all.begin());
}

uint128 MorphoParser::shares(const char* what, std::string_view text, AssetId loan) const {
    if (is_scaled()) return amount(what, text, 0, shares_max);
    return amount(what, text, out_.written_decimals(loan), loan_max) * morpho_blue::virtual_shares;
}

void MorphoParser::read_row(const Fields& fields) {
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
void MorphoParser::settle(std::size_t m) {
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

void MorphoParser::parse() {
    each_row<5>("account,market,supply,collateral,debt", [this](const Fields& fields) { read_row(fields); });
    out_.book.accounts.push_back(others_name);
    for (std::size_t m = 0; m < out_.book.markets.size(); ++m)
        settle(m);
}

}  // namespace

void parse_morpho_accounts(const TextFile& file, NativeFile& out) {
    MorphoParser(file, out).parse();
}

}  // namespace breakwater
