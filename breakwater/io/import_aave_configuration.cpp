// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <cmath>
#include <map>

#include "breakwater/core/math.hpp"
#include "breakwater/core/rulebooks/aave_v3.hpp"
#include "breakwater/io/asset_kinds.hpp"
#include "breakwater/io/book_reader.hpp"
#include "breakwater/io/csv.hpp"
#include "breakwater/io/decimal.hpp"
#include "breakwater/io/import_aave.hpp"
#include "breakwater/io/json_reader.hpp"

namespace breakwater {
namespace {

using Json = nlohmann::json;

constexpr auto kind_expected = "an Aave v3 configuration with reserves, strategies and eModes";

class ConfigurationReader {
  public:
    explicit ConfigurationReader(const TextFile& file) : file_(file) {}
    AaveConfiguration run(Time as_of);

  private:
    [[noreturn]] void fail(const std::string& fault, const std::string& expected) const {
        throw InputError(file_.name(), 0, fault, expected);
    }
    [[nodiscard]] const Json& member(const Json& object, const char* key,
                                     const std::string& of) const;
    [[nodiscard]] std::uint64_t integer(const Json& object, const char* key,
                                        const std::string& of) const;
    [[nodiscard]] uint128 big(const Json& object, const char* key, const std::string& of) const;
    [[nodiscard]] std::uint32_t rate(const Json& strategy, const char* key,
                                     const std::string& of) const;
    [[nodiscard]] bool flag(const Json& object, const char* key, const std::string& of) const;
    [[nodiscard]] aave_v3::Parameters parameters(const Json& reserve, const Json& strategy,
                                                 const std::string& of) const;
    void add_reserve(const std::string& address, const Json& reserve, AaveConfiguration& out);
    void add_emodes(AaveConfiguration& out) const;

    const TextFile& file_;
    Json root_;
    std::vector<const Json*> reserves_;  ///< by AssetId
};

const Json& ConfigurationReader::member(const Json& object, const char* key,
                                        const std::string& of) const {
    const auto found = object.find(key);
    if (found == object.end()) fail("missing " + std::string(key) + of, kind_expected);
    return *found;
}

std::uint64_t ConfigurationReader::integer(const Json& object, const char* key,
                                           const std::string& of) const {
    const Json& value = member(object, key, of);
    if (!value.is_number_unsigned())
        fail(std::string(key) + of + " is not an integer", "an integer, 0 or more");
    return value.get<std::uint64_t>();
}

/// An integer of any size, as text or as a number (which, above 2^64, older files hold and JSON
/// readers round).
uint128 ConfigurationReader::big(const Json& object, const char* key, const std::string& of) const {
    const Json& value = member(object, key, of);
    const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
    const auto parsed = parse_decimal_half_up(text, 0);
    if (!parsed) fail(std::string(key) + of + " " + describe(parsed.error(), 0), "an integer");
    return *parsed;
}

/// ray → bps, half up.
std::uint32_t ConfigurationReader::rate(const Json& strategy, const char* key,
                                        const std::string& of) const {
    constexpr uint128 ray_per_bps = ray / bps_one;
    const uint128 bps = (big(strategy, key, of) + ray_per_bps / 2) / ray_per_bps;
    if (bps > 100'000) fail(std::string(key) + of + " is too large", "at most 1000 % a year");
    return static_cast<std::uint32_t>(bps);
}

bool ConfigurationReader::flag(const Json& object, const char* key, const std::string& of) const {
    const Json& value = member(object, key, of);
    if (!value.is_boolean()) fail(std::string(key) + of + " is not true or false", "true or false");
    return value.get<bool>();
}

aave_v3::Parameters ConfigurationReader::parameters(const Json& reserve, const Json& strategy,
                                                    const std::string& of) const {
    aave_v3::Parameters p;
    const auto small = [&](const char* key) {
        return static_cast<std::uint16_t>(
            std::min<std::uint64_t>(integer(reserve, key, of), 0xffff));
    };
    p.ltv = small("ltv");
    p.liquidation_threshold = small("liquidationThreshold");
    p.liquidation_bonus = small("liquidationBonus");
    p.liquidation_protocol_fee = small("liquidationProtocolFee");
    p.reserve_factor = small("reserveFactor");
    p.decimals = small("decimals");
    p.supply_cap = integer(reserve, "supplyCap", of);
    p.borrow_cap = integer(reserve, "borrowCap", of);
    // Before v3.1 a strategy could say 0 (GHO); the rulebook takes 1 to 99 %, as the protocol since.
    p.optimal_usage = static_cast<std::uint16_t>(
        std::clamp(rate(strategy, "optimalUsageRatio", of), 100U, 9'900U));
    p.base_rate = rate(strategy, "baseVariableBorrowRate", of);
    p.slope1 = rate(strategy, "variableRateSlope1", of);
    p.slope2 = rate(strategy, "variableRateSlope2", of);
    unsigned flags = 0;
    if (flag(reserve, "isActive", of)) flags |= aave_v3::active;
    if (flag(reserve, "isFrozen", of)) flags |= aave_v3::frozen;
    if (flag(reserve, "isPaused", of)) flags |= aave_v3::paused;
    if (flag(reserve, "borrowingEnabled", of)) flags |= aave_v3::borrowing;
    p.flags = static_cast<std::uint16_t>(flags);
    if (!aave_v3::check_parameters(p))
        fail("parameters" + of + " are not valid",
             "ltv <= threshold, bonus > 10000, threshold x bonus <= 1, optimal usage 1 to 99 %");
    return p;
}

void ConfigurationReader::add_reserve(const std::string& address, const Json& reserve,
                                      AaveConfiguration& out) {
    const Json& symbol = member(reserve, "symbol", " of reserve " + address);
    if (!symbol.is_string()) fail("symbol of reserve " + address + " is not a text", "a text");
    MarketAsset asset;
    asset.description.symbol = symbol.get<std::string>();
    if (out.market.find(asset.description.symbol)) {
        // Native and bridged coins share a symbol on some chains.
        asset.description.symbol += "." + lower(address).substr(2, 4);
        out.market.notes.push_back("two reserves are called " + symbol.get<std::string>() +
                                   "; the second, " + address + ", is " + asset.description.symbol);
    }
    const std::string of = " of " + asset.description.symbol;
    const Json& strategies = member(root_, "strategies", "");
    auto strategy = strategies.find(address);
    if (strategy == strategies.end() && reserve.contains("interestRateStrategy"))
        strategy = strategies.find(reserve["interestRateStrategy"].get<std::string>());
    if (strategy == strategies.end()) fail("missing strategy" + of, kind_expected);
    asset.parameters = parameters(reserve, *strategy, of);
    asset.description.decimals = asset.parameters.decimals;
    asset.description.liquidity = default_liquidity;
    const auto oracle_decimals = static_cast<unsigned>(std::min<std::uint64_t>(
        reserve.contains("oracleDecimals") ? integer(reserve, "oracleDecimals", of) : 8, 27));
    const uint128 answer = big(reserve, "oracleLatestAnswer", of);
    const auto price = parse_decimal_half_up(format_decimal(answer, oracle_decimals), 8);
    if (!price || *price == 0 || *price > price_max)
        fail("price" + of + " is missing", "a positive oracleLatestAnswer");
    asset.price = {*price};
    out.market.assets.push_back(asset);
    out.addresses.push_back(lower(address));
    std::optional<Amount> idle;
    if (reserve.contains("virtualBalance")) idle = Amount{big(reserve, "virtualBalance", of)};
    out.idle.push_back(idle);
    reserves_.push_back(&reserve);
}

void ConfigurationReader::add_emodes(AaveConfiguration& out) const {
    MarketFile& market = out.market;
    market.emodes.resize(1);
    market.emode_labels.resize(1);
    for (const auto& [key, mode] : member(root_, "eModes", "").items()) {
        const std::string of = " of e-mode " + key;
        const auto id = integer(mode, "eModeCategory", of);
        if (id == 0 || id > 255)
            fail("eModeCategory" + of + " is " + std::to_string(id), "1 to 255");
        market.emodes.resize(std::max<std::size_t>(market.emodes.size(), id + 1));
        market.emode_labels.resize(market.emodes.size());
        aave_v3::EMode& e = market.emodes[id];
        e.ltv = static_cast<std::uint16_t>(integer(mode, "ltv", of));
        e.liquidation_threshold =
            static_cast<std::uint16_t>(integer(mode, "liquidationThreshold", of));
        e.liquidation_bonus = static_cast<std::uint16_t>(integer(mode, "liquidationBonus", of));
        if (mode.contains("label") && mode["label"].is_string())
            market.emode_labels[id] = mode["label"].get<std::string>();
        if (mode.contains("collateralBitmap")) {
            e.collateral = big(mode, "collateralBitmap", of);
            e.borrowable = big(mode, "borrowableBitmap", of);
        } else {  // until v3.2 a reserve had one category, for both sides
            for (std::size_t i = 0; i < reserves_.size(); ++i)
                if (reserves_[i]->contains("eModeCategory") &&
                    integer(*reserves_[i], "eModeCategory", of) == id)
                    e.collateral |= uint128{1} << i;
            e.borrowable = e.collateral;
        }
        const uint128 known =
            reserves_.size() >= 128 ? uint128_max : (uint128{1} << reserves_.size()) - 1;
        e.collateral &= known;
        e.borrowable &= known;
    }
}

AaveConfiguration ConfigurationReader::run(Time as_of) {
    try {
        root_ = Json::parse(file_.text());
    } catch (const Json::parse_error&) {
        fail("is not complete JSON", kind_expected);
    }
    if (!root_.is_object() || !root_.contains("reserves") || !root_.contains("eModes") ||
        !root_.contains("strategies"))
        fail("is not an Aave v3 configuration", kind_expected);
    AaveConfiguration out;
    out.market.file = file_.name();
    out.market.rulebook = "aave_v3";
    out.market.as_of = as_of;
    std::string pool = "unknown pool";
    if (root_.contains("poolConfig") && root_["poolConfig"].contains("pool"))
        pool = "pool " + root_["poolConfig"]["pool"].get<std::string>();
    const std::string chain = root_.contains("chainId") ? root_["chainId"].dump() : "unknown";
    out.market.name = "Aave v3, chain " + chain;
    out.market.source = "Aave v3 configuration JSON, chain " + chain + ", " + pool;
    std::map<std::uint64_t, std::string> order;  // by id, else by address as the JSON object has it
    std::uint64_t next = 0;
    for (const auto& [address, reserve] : root_["reserves"].items())
        order[reserve.contains("id") ? integer(reserve, "id", " of " + address) : next++] = address;
    if (order.empty() || order.size() > aave_v3::reserves_max)
        fail("has no or too many reserves", "1 to 128");
    for (const auto& [id, address] : order) {
        if (id != out.market.assets.size())
            fail("reserve id " + std::to_string(out.market.assets.size()) + " is missing",
                 "ids from 0 on");
        add_reserve(address, root_["reserves"][address], out);
    }
    add_emodes(out);
    infer_kinds(out.market);
    out.market.notes.emplace_back(
        "the configuration has no indices: 1; no depth and no feeds: defaults");
    return out;
}

}  // namespace

AaveConfiguration read_aave_configuration(const std::filesystem::path& path, Time as_of) {
    const TextFile file(path);
    try {
        return ConfigurationReader(file).run(as_of);
    } catch (const Json::exception&) {
        throw InputError(file.name(), 0, "has a member of a wrong type", kind_expected);
    }
}

Book import_aave_configuration(const std::filesystem::path& path, Time as_of) {
    const AaveConfiguration configuration = read_aave_configuration(path, as_of);
    return make_book(configuration.market, Accounts{}, show(path));
}

}  // namespace breakwater
