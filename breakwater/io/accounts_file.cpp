// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/accounts_file.hpp"

#include <algorithm>
#include <array>

#include "breakwater/io/csv.hpp"
#include "breakwater/io/decimal.hpp"
#include "breakwater/io/error.hpp"

namespace breakwater {
namespace {

constexpr std::size_t field_count = 6;
using Fields = std::array<std::string_view, field_count>;

class AccountsParser {
  public:
    AccountsParser(const TextFile& file, const MarketFile& market) : file_(file), market_(market) {
        for (const MarketAsset& asset : market.assets)
            decimals_.push_back(market.amounts == AmountUnit::tokens ? asset.description.decimals
                                                                     : 0);
    }

    Accounts parse();

  private:
    [[noreturn]] void fail(const std::string& fault, const std::string& expected) const {
        throw InputError(file_.name(), line_, fault, expected);
    }
    void split(std::string_view line, Fields& fields) const;
    void check_name(std::string_view name) const;
    [[nodiscard]] AssetId asset(std::string_view symbol);
    [[nodiscard]] uint128 amount(const char* what, std::string_view text, AssetId asset) const;
    [[nodiscard]] AccountEntry entry(const Fields& fields);
    [[nodiscard]] std::uint64_t second_row(const AccountsBuilder::Clash& clash) const;

    const TextFile& file_;
    const MarketFile& market_;
    std::vector<unsigned> decimals_;  ///< of the written amounts, by asset
    AssetId last_asset_{};
    std::uint64_t line_ = 0;
    bool is_last_line_open_ = false;  ///< the line has no end and may have been cut
};

void AccountsParser::split(std::string_view line, Fields& fields) const {
    const std::size_t count = split_fields(line, fields);
    if (count == field_count) return;
    const std::string cut = is_last_line_open_ ? " and no line end, the file is truncated" : "";
    fail(std::to_string(count) + (count == 1 ? " field" : " fields") + cut,
         "6: " + std::string(accounts_header));
}

void AccountsParser::check_name(std::string_view name) const {
    constexpr auto expected = "a name of 1 to 128 characters without quotes";
    if (name.empty()) fail("account is empty", expected);
    if (name.size() > account_name_max) fail("account " + quote(name) + " is too long", expected);
    for (const char c : name)
        if (static_cast<unsigned char>(c) < 0x20 || c == '"')
            fail("account " + quote(name) + " has a quote or control character", expected);
}

AssetId AccountsParser::asset(std::string_view symbol) {
    if (market_.assets[index(last_asset_)].description.symbol == symbol) return last_asset_;
    const auto found = market_.find(symbol);
    if (!found) fail("unknown asset " + quote(symbol), "the symbol of an [[asset]] of market.toml");
    return last_asset_ = *found;
}

uint128 AccountsParser::amount(const char* what, std::string_view text, AssetId asset) const {
    const bool is_tokens = market_.amounts == AmountUnit::tokens;
    const unsigned decimals = decimals_[index(asset)];
    const auto value = is_tokens ? parse_decimal(text, decimals) : parse_integer(text);
    if (value) return *value;
    fail(std::string(what) + " " + quote(text) + " " + describe(value.error(), decimals),
         is_tokens ? "a decimal number of tokens, 0 or more, with at most " +
                         std::to_string(decimals) + " fractional digits"
                   : "an integer of atomic units, 0 or more");
}

AccountEntry AccountsParser::entry(const Fields& fields) {
    AccountEntry out;
    out.asset = asset(fields[1]);
    out.supply = amount("supply", fields[2], out.asset);
    out.debt = amount("debt", fields[3], out.asset);
    if (fields[4] != "0" && fields[4] != "1") fail("collateral is " + quote(fields[4]), "0 or 1");
    out.is_collateral = fields[4] == "1";
    const auto emode = parse_integer(fields[5]);
    if (!emode || *emode > 255) fail("emode is " + quote(fields[5]), "0 or the id of an [[emode]]");
    out.emode = static_cast<std::uint16_t>(*emode);
    return out;
}

/// The line of the second row of this account in this asset; only asked when there is one.
std::uint64_t AccountsParser::second_row(const AccountsBuilder::Clash& clash) const {
    const std::string& symbol = market_.assets[index(clash.asset)].description.symbol;
    Lines lines(file_.text());
    std::string_view line;
    Fields fields;
    int seen = 0;
    while (lines.next(line)) {
        split_fields(line, fields);
        const bool counts = fields[0] == clash.account && fields[1] == symbol &&
                            (fields[2].find_first_not_of("0.") != std::string_view::npos ||
                             fields[3].find_first_not_of("0.") != std::string_view::npos);
        if (counts && ++seen == 2) break;
    }
    return lines.number();
}

Accounts AccountsParser::parse() {
    const auto rows = static_cast<std::size_t>(std::ranges::count(file_.text(), '\n'));
    Lines lines(file_.text());
    std::string_view line;
    line_ = 1;
    if (!lines.next(line) || line != accounts_header)
        fail("header is " + quote(line), std::string(accounts_header));
    AccountsBuilder builder(file_.name(), market_, market_.balances, rows, file_.text().size() / 2);
    Fields fields;
    while (lines.next(line)) {
        line_ = lines.number();
        is_last_line_open_ = line_ > rows;
        if (line.empty()) fail("empty line", std::string(accounts_header));
        split(line, fields);
        check_name(fields[0]);
        builder.add(fields[0], entry(fields), line_);
    }
    line_ = 0;
    if (builder.accounts() == 0)
        fail("no accounts", "a row for each account and asset below the header");
    Accounts out;
    if (const auto clash = builder.finish(out)) {
        line_ = second_row(*clash);
        fail("second row of " + quote(clash->account) + " in " +
                 market_.assets[index(clash->asset)].description.symbol,
             "one row for each account and asset");
    }
    return out;
}

}  // namespace

Accounts parse_accounts(const TextFile& file, const MarketFile& market) {
    return AccountsParser(file, market).parse();
}

}  // namespace breakwater
