// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/import_crvusd.hpp"

#include <algorithm>
#include <array>

#include "breakwater/io/accounts_builder.hpp"
#include "breakwater/io/asset_kinds.hpp"
#include "breakwater/io/book_reader.hpp"
#include "breakwater/io/csv.hpp"
#include "breakwater/io/decimal.hpp"
#include "breakwater/io/json_reader.hpp"

namespace breakwater {
namespace {

using Json = nlohmann::json;

constexpr std::string_view stable_symbol = "crvUSD";
constexpr std::string_view lender_name = "crvUSD-supply";
constexpr unsigned stable_decimals = 18;
constexpr unsigned bps_decimals = 4;

/// A market of the protocol as one collateral.
struct CurveMarket {
    std::string name;  ///< as in the borrowers' file
    MarketAsset asset;
    uint128 rate = 0;  ///< [bps/year]
};

class MetadataReader {
  public:
    explicit MetadataReader(const TextFile& file) : file_(file) {
        try {
            root_ = Json::parse(file.text());
        } catch (const Json::parse_error&) {
            fail("is not complete JSON", "the metadata of a crvUSD market");
        }
    }
    CurveMarket run() const;

  private:
    [[noreturn]] void fail(const std::string& fault, const std::string& expected) const {
        throw InputError(file_.name(), 0, fault, expected);
    }
    [[nodiscard]] std::string text(const char* section, const char* key) const {
        if (!root_.is_object() || !root_.contains(section) || !root_[section].is_object() ||
            !root_[section].contains(key) || !root_[section][key].is_string())
            fail("missing " + std::string(section) + "." + key, "the metadata of a crvUSD market");
        return root_[section][key].get<std::string>();
    }
    [[nodiscard]] uint128 decimal(const char* section, const char* key, unsigned decimals) const {
        const auto value = parse_decimal_half_up(text(section, key), decimals);
        if (!value)
            fail(std::string(key) + " " + describe(value.error(), decimals), "a decimal number");
        return *value;
    }

    const TextFile& file_;
    Json root_;
};

CurveMarket MetadataReader::run() const {
    CurveMarket out;
    out.name = text("llamma_params", "name");
    AssetDescription& d = out.asset.description;
    d.symbol = text("llamma_params", "collateral_symbol");
    d.decimals = static_cast<unsigned>(
        std::min<uint128>(decimal("llamma_params", "collateral_precision", 0), 99));
    d.liquidity = default_liquidity;
    const uint128 discount = decimal("controller_params", "liquidation_discount", bps_decimals);
    const uint128 loan_discount = decimal("controller_params", "loan_discount", bps_decimals);
    if (d.decimals > 18 || discount == 0 || discount > loan_discount || loan_discount >= bps_one)
        fail("discounts or precision are out of range",
             "0 < liquidation_discount <= loan_discount < 1");
    out.asset.price = {decimal("llamma_params", "oracle_price", 8)};
    if (out.asset.price.is_zero() || out.asset.price.raw > price_max)
        fail("oracle_price is zero or too large", "a price");
    out.rate = decimal("controller_params", "rate", bps_decimals);
    aave_v3::Parameters& p = out.asset.parameters;
    p.decimals = static_cast<std::uint16_t>(d.decimals);
    p.ltv = static_cast<std::uint16_t>(bps_one - loan_discount);
    p.liquidation_threshold = static_cast<std::uint16_t>(bps_one - discount);
    p.liquidation_bonus = static_cast<std::uint16_t>(bps_one + discount);  // (1 − d)(1 + d) < 1
    p.optimal_usage = 9'000;
    p.flags = aave_v3::active;  // collateral is not lent
    return out;
}

/// crvUSD itself: what soft liquidation has left counts like the collateral it was.
MarketAsset stable_asset(const CurveMarket& like, uint128 rate) {
    MarketAsset asset;
    asset.description.symbol = stable_symbol;
    asset.description.decimals = stable_decimals;
    asset.description.liquidity = default_liquidity;
    asset.price = {100'000'000};
    asset.parameters = like.asset.parameters;
    asset.parameters.decimals = stable_decimals;
    asset.parameters.base_rate = static_cast<std::uint32_t>(rate);
    asset.parameters.flags = aave_v3::active | aave_v3::borrowing;
    return asset;
}

class BorrowersReader {
  public:
    BorrowersReader(const TextFile& file, std::span<const CurveMarket> markets, MarketFile& out)
        : file_(file), markets_(markets), out_(out) {}
    Accounts run();

  private:
    struct Row {
        std::size_t market = 0;
        std::string user;
        uint128 collateral = 0;
        uint128 stable = 0;
        uint128 debt = 0;
    };
    [[noreturn]] void fail(const std::string& fault, const std::string& expected) const {
        throw InputError(file_.name(), line_, fault, expected);
    }
    void read_header();
    [[nodiscard]] Row read_row(std::string_view line);
    [[nodiscard]] uint128 amount(std::size_t column, unsigned decimals) const;

    const TextFile& file_;
    std::span<const CurveMarket> markets_;
    MarketFile& out_;
    std::uint64_t line_ = 0;
    std::array<std::string_view, 64> fields_;
    std::size_t columns_ = 0;
    static constexpr std::array<std::string_view, 6> names{"market",     "snapshot_ts", "user",
                                                           "collateral", "stablecoin",  "debt"};
    std::array<std::size_t, names.size()> at_{};
};

void BorrowersReader::read_header() {
    Lines lines(file_.text());
    std::string_view line;
    lines.next(line);
    line_ = 1;
    columns_ = split_fields(line, fields_);
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto end =
            fields_.begin() + static_cast<std::ptrdiff_t>(std::min(columns_, fields_.size()));
        const auto found = std::find(fields_.begin(), end, names[i]);
        if (found == end)
            fail("no column " + quote(names[i]),
                 "a header with market, snapshot_ts, user, collateral, stablecoin, debt");
        at_[i] = static_cast<std::size_t>(found - fields_.begin());
    }
}

uint128 BorrowersReader::amount(std::size_t column, unsigned decimals) const {
    const std::string_view text = fields_[at_[column]];
    const auto value = parse_decimal(text, decimals);
    if (!value)
        fail(std::string(names[column]) + " " + quote(text) + " " +
                 describe(value.error(), decimals),
             "a decimal number of tokens, 0 or more");
    return *value;
}

BorrowersReader::Row BorrowersReader::read_row(std::string_view line) {
    if (const std::size_t count = split_fields(line, fields_); count != columns_)
        fail(std::to_string(count) + " fields", std::to_string(columns_) + " as in the header");
    const std::string_view name = fields_[at_[0]];
    const auto market = std::ranges::find(markets_, name, &CurveMarket::name);
    if (market == markets_.end())
        fail("unknown market " + quote(name), "the market of one of the metadata files");
    const auto time = parse_integer(fields_[at_[1]]);
    if (!time || *time > 100'000'000'000U)
        fail("snapshot_ts is " + quote(fields_[at_[1]]), "seconds since 1970");
    out_.as_of = std::max(out_.as_of, Time{static_cast<std::uint64_t>(*time)});
    return {.market = static_cast<std::size_t>(market - markets_.begin()),
            .user = std::string(fields_[at_[2]]),
            .collateral = amount(3, market->asset.description.decimals),
            .stable = amount(4, stable_decimals),
            .debt = amount(5, stable_decimals)};
}

Accounts BorrowersReader::run() {
    read_header();
    const auto stable = AssetId{static_cast<std::uint8_t>(markets_.size())};
    const auto rows = static_cast<std::size_t>(std::ranges::count(file_.text(), '\n'));
    AccountsBuilder builder(file_.name(), out_, BalanceKind::underlying, 2 * rows, 64 * rows);
    Lines lines(file_.text());
    std::string_view line;
    lines.next(line);
    uint128 owed = 0;
    while (lines.next(line)) {
        line_ = lines.number();
        const Row row = read_row(line);
        const std::string name = row.user + "/" + markets_[row.market].asset.description.symbol;
        const auto collateral = AssetId{static_cast<std::uint8_t>(row.market)};
        builder.add(name,
                    {.asset = collateral,
                     .supply = row.collateral,
                     .debt = 0,
                     .is_collateral = true,
                     .emode = 0},
                    line_);
        builder.add(name,
                    {.asset = stable,
                     .supply = row.stable,
                     .debt = row.debt,
                     .is_collateral = true,
                     .emode = 0},
                    line_);
        owed += row.debt;
        if (owed > aave_v3::Leg::balance_max)
            fail("the debts are too large", "less than 2^120 atomic units");
    }
    line_ = 0;
    if (builder.accounts() == 0) fail("no borrowers", "a row for each loan below the header");
    builder.add(lender_name,
                {.asset = stable, .supply = owed, .debt = 0, .is_collateral = false, .emode = 0},
                0);
    Accounts out;
    if (const auto clash = builder.finish(out))
        fail("two rows of " + quote(clash->account), "one row for each user and market");
    return out;
}

}  // namespace

Book import_crvusd(const std::filesystem::path& borrowers,
                   std::span<const std::filesystem::path> metadata) {
    MarketFile market;
    std::vector<CurveMarket> markets;
    uint128 rate_sum = 0;
    for (const std::filesystem::path& path : metadata) {
        const TextFile file(path);
        markets.push_back(MetadataReader(file).run());
        if (market.find(markets.back().asset.description.symbol))
            throw InputError(show(path), 0,
                             "a second market of " + markets.back().asset.description.symbol,
                             "one metadata file for each market");
        market.assets.push_back(markets.back().asset);
        rate_sum += markets.back().rate;
    }
    if (markets.empty())
        throw InputError(show(borrowers), 0, "no metadata of its markets",
                         "one JSON file for each market");
    market.assets.push_back(stable_asset(markets.front(), rate_sum / markets.size()));
    const TextFile file(borrowers);
    market.file = file.name();
    market.name = "crvUSD markets (approximation)";
    market.rulebook = "aave_v3";
    market.source =
        "crvUSD borrowers, " + borrowers.filename().string() +
        "; approximation: plain loans with liquidation threshold 1 - liquidation discount, "
        "no bands, no soft liquidation, one rate (mean of the markets), crvUSD at 1 USD";
    market.emodes.resize(1);
    market.emode_labels.resize(1);
    infer_kinds(market);
    Accounts accounts = BorrowersReader(file, markets, market).run();
    market.notes.push_back(market.source);
    file.add_notes(market.notes);
    return make_book(market, std::move(accounts), file.name());
}

}  // namespace breakwater
