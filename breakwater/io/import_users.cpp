// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <array>

#include "breakwater/core/math.hpp"
#include "breakwater/io/book_reader.hpp"
#include "breakwater/io/csv.hpp"
#include "breakwater/io/decimal.hpp"
#include "breakwater/io/error.hpp"
#include "breakwater/io/import_aave.hpp"

namespace breakwater {
namespace {

constexpr std::size_t user_columns_max = 64;
constexpr std::size_t absent = user_columns_max;
constexpr auto header_expected = "a header with user, asset, supply, debt, collateral, emode";

class UsersReader {
  public:
    UsersReader(const TextFile& file, MarketFile& market, std::span<const std::string> addresses,
                const UsersOptions& options)
        : file_(file), market_(market), addresses_(addresses), options_(options) {}

    Accounts run();

  private:
    [[noreturn]] void fail(const std::string& fault, const std::string& expected) const {
        throw InputError(file_.name(), line_, fault, expected);
    }
    void read_header(std::string_view line);
    [[nodiscard]] std::string_view field(std::size_t column) const {
        return column == absent ? std::string_view{} : fields_[column];
    }
    void read_indices();
    [[nodiscard]] AssetId asset() const;
    [[nodiscard]] uint128 amount(const char* what, std::size_t column, AssetId asset) const;
    [[nodiscard]] AccountEntry entry() const;

    const TextFile& file_;
    MarketFile& market_;
    std::span<const std::string> addresses_;
    UsersOptions options_;
    std::uint64_t line_ = 0;
    std::array<std::string_view, user_columns_max> fields_;
    std::size_t columns_ = 0;
    std::size_t user_at_ = absent, asset_at_ = absent, supply_at_ = absent, debt_at_ = absent;
    std::size_t collateral_at_ = absent, emode_at_ = absent;
    std::size_t liquidity_index_at_ = absent, borrow_index_at_ = absent;
};

void UsersReader::read_header(std::string_view line) {
    columns_ = split_fields(line, fields_);
    if (columns_ > user_columns_max) fail("more than 64 columns", header_expected);
    const auto column = [&](std::initializer_list<std::string_view> names, bool is_required) {
        for (const std::string_view name : names)
            for (std::size_t i = 0; i < columns_; ++i)
                if (lower(fields_[i]) == name) return i;
        if (is_required) fail("no column " + quote(*names.begin()), header_expected);
        return absent;
    };
    user_at_ = column({"user", "account", "address", "user_address"}, true);
    asset_at_ = column({"asset", "symbol", "reserve", "asset_address"}, true);
    supply_at_ = column({"supply", "supplied"}, true);
    debt_at_ = column({"debt", "borrow", "borrowed"}, true);
    collateral_at_ = column({"collateral", "is_collateral", "usage_as_collateral"}, true);
    emode_at_ = column({"emode", "e_mode", "emode_category_id"}, false);
    const bool needs_indices = options_.balances == BalanceKind::scaled && !addresses_.empty();
    liquidity_index_at_ = column({"liquidity_index"}, needs_indices);
    borrow_index_at_ = column({"variable_borrow_index"}, needs_indices);
}

AssetId UsersReader::asset() const {
    const std::string_view name = field(asset_at_);
    if (const auto found = market_.find(name)) return *found;
    const auto at = std::ranges::find(addresses_, lower(name));
    if (at == addresses_.end())
        fail("unknown asset " + quote(name), "a symbol or an underlying's address of the market");
    return AssetId{static_cast<std::uint8_t>(at - addresses_.begin())};
}

uint128 UsersReader::amount(const char* what, std::size_t column, AssetId asset) const {
    const unsigned decimals = options_.amounts == AmountUnit::tokens
                                  ? market_.assets[index(asset)].description.decimals
                                  : 0;
    const std::string_view text = field(column);
    if (text.empty()) return 0;  // a join gives empty fields for one-sided positions
    const auto value = parse_decimal(text, decimals);
    if (!value)
        fail(std::string(what) + " " + quote(text) + " " + describe(value.error(), decimals),
             options_.amounts == AmountUnit::tokens ? "a decimal number of tokens, 0 or more"
                                                    : "an integer of atomic units, 0 or more");
    return *value;
}

AccountEntry UsersReader::entry() const {
    AccountEntry out;
    out.asset = asset();
    out.supply = amount("supply", supply_at_, out.asset);
    out.debt = amount("debt", debt_at_, out.asset);
    const std::string flag = lower(field(collateral_at_));
    out.is_collateral = flag == "1" || flag == "true";
    if (!out.is_collateral && flag != "0" && flag != "false" && !flag.empty())
        fail("collateral is " + quote(flag), "0, 1, true or false");
    if (const std::string_view text = field(emode_at_); !text.empty()) {
        const auto emode = parse_integer(text);
        if (!emode || *emode > 255) fail("emode is " + quote(text), "0 to 255");
        out.emode = static_cast<std::uint16_t>(*emode);
    }
    return out;
}

/// A first pass, because shares can be checked only when their index is known.
void UsersReader::read_indices() {
    if (liquidity_index_at_ == absent || borrow_index_at_ == absent) return;
    Lines lines(file_.text());
    std::string_view line;
    lines.next(line);
    std::vector<bool> known(market_.assets.size());
    while (lines.next(line)) {
        line_ = lines.number();
        if (split_fields(line, fields_) != columns_) continue;  // the second pass says so
        const AssetId id = asset();
        MarketAsset& a = market_.assets[index(id)];
        const auto supply_index = parse_integer(field(liquidity_index_at_));
        const auto debt_index = parse_integer(field(borrow_index_at_));
        if (!supply_index || !debt_index || *supply_index < ray || *debt_index < ray ||
            *supply_index > ray * 1'000'000U || *debt_index > ray * 1'000'000U)
            fail("an index of " + a.description.symbol + " is out of range",
                 "integers in ray, 1e27 to 1e33");
        if (known[index(id)] &&
            (a.liquidity_index.raw != *supply_index || a.borrow_index.raw != *debt_index))
            fail("a second, different index of " + a.description.symbol,
                 "the same in all its rows");
        known[index(id)] = true;
        a.liquidity_index = {*supply_index};
        a.borrow_index = {*debt_index};
    }
}

Accounts UsersReader::run() {
    Lines lines(file_.text());
    std::string_view line;
    lines.next(line);
    line_ = 1;
    read_header(line);
    read_indices();
    const auto rows = static_cast<std::size_t>(std::ranges::count(file_.text(), '\n'));
    AccountsBuilder builder(file_.name(), market_, options_.balances, rows,
                            file_.text().size() / 2);
    while (lines.next(line)) {
        line_ = lines.number();
        if (const std::size_t count = split_fields(line, fields_); count != columns_)
            fail(std::to_string(count) + " fields", std::to_string(columns_) + " as in the header");
        if (field(user_at_).empty()) fail("user is empty", "an address or a name");
        builder.add(field(user_at_), entry(), line_);
    }
    line_ = 0;
    if (builder.accounts() == 0) fail("no users", "a row for each user and asset below the header");
    Accounts out;
    if (const auto clash = builder.finish(out))
        fail("two rows of " + quote(clash->account) + " in " +
                 market_.assets[index(clash->asset)].description.symbol,
             "one row for each user and asset");
    return out;
}

/// Takes the idle balance as cash where it covers what suppliers own; both sides as make_book will
/// count them.
void use_idle_balances(AaveConfiguration& configuration, const Accounts& accounts) {
    std::vector<uint128> supplied(configuration.market.assets.size());
    std::vector<uint128> borrowed(supplied.size());
    for (const aave_v3::Leg& leg : accounts.legs) {
        supplied[index(leg.asset())] += leg.supplied().raw;
        borrowed[index(leg.asset())] += leg.borrowed().raw;
    }
    std::string derived;
    for (std::size_t i = 0; i < supplied.size(); ++i) {
        MarketAsset& asset = configuration.market.assets[i];
        Checked math;
        const uint128 claims = math.ray_mul_down(supplied[i], asset.liquidity_index.raw);
        const uint128 owed = math.ray_mul_up(borrowed[i], asset.borrow_index.raw);
        const std::optional<Amount> idle = configuration.idle[i];
        if (idle && !math.overflow() && math.add(idle->raw, owed) >= claims)
            asset.cash = idle;
        else
            derived += " " + asset.description.symbol;
    }
    if (!derived.empty())
        configuration.market.notes.push_back(
            "users and the configuration's idle balance do not fit, cash follows from the users:" +
            derived);
}

}  // namespace

Book import_aave_users(const std::filesystem::path& users,
                       const std::filesystem::path& configuration, Time as_of,
                       const UsersOptions& options) {
    AaveConfiguration config = read_aave_configuration(configuration, as_of);
    const TextFile file(users);
    Accounts accounts = UsersReader(file, config.market, config.addresses, options).run();
    use_idle_balances(config, accounts);
    config.market.source += "; users from " + users.filename().string();
    file.add_notes(config.market.notes);
    return make_book(config.market, std::move(accounts), file.name());
}

Book import_plain(const std::filesystem::path& users, const std::filesystem::path& market,
                  const UsersOptions& options) {
    MarketFile description = read_market_file(market);
    const TextFile file(users);
    Accounts accounts = UsersReader(file, description, {}, options).run();
    file.add_notes(description.notes);
    return make_book(description, std::move(accounts), file.name());
}

}  // namespace breakwater
