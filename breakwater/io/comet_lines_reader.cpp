// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/rulebooks/compound_v3.hpp"
#include "breakwater/io/decimal.hpp"
#include "breakwater/io/json_reader.hpp"
#include "breakwater/io/native_lines.hpp"
#include "breakwater/io/venue_lines.hpp"

/// Lines of Compound v3's events back to events.
namespace breakwater {
namespace {

class CometReading {
  public:
    CometReading(JsonReader& in, const LineNames& names, MarketId market) : in_(in), names_(names) {
        const auto& markets = names.book.state.markets;
        if (index(market) < markets.size())
            if (const auto* m = std::get_if<compound_v3::Market>(&markets[index(market)]))
                base_ = m->totals[0].base;
    }

    template <class E>
    E flow() {
        E out;
        out.account = account("account");
        out.asset = names_.asset(in_.text("asset"));
        out.amount = size("amount", out.asset);
        return out;
    }
    compound_v3::Transfer transfer() {
        compound_v3::Transfer out;
        out.from = account("from");
        out.to = account("to");
        out.asset = names_.asset(in_.text("asset"));
        out.amount = size("amount", out.asset);
        return out;
    }
    compound_v3::Absorb absorb() {
        const nlohmann::json& list = in_.at("accounts", R"(["NAME",...])");
        if (!list.is_array()) in_.fail("accounts is no list", R"(["NAME",...])");
        compound_v3::Absorb out;
        for (const nlohmann::json& one : list) {
            if (!one.is_string()) in_.fail("accounts is no list of texts", R"(["NAME",...])");
            out.accounts.push_back(names_.account(one.get<std::string>()));
        }
        return out;
    }
    compound_v3::BuyCollateral buy() {
        const AssetId asset = names_.asset(in_.text("asset"));
        return {.asset = asset,
                .base_amount = amount("base_amount", base_),
                .collateral_min =
                    in_.has("collateral_min") ? amount("collateral_min", asset) : Amount{}};
    }
    compound_v3::WithdrawReserves withdraw_reserves() { return {amount("amount", base_)}; }
    compound_v3::Pause pause() { return {static_cast<std::uint8_t>(in_.integer("paused", 31))}; }

  private:
    AccountId account(const char* key) { return names_.account(in_.text(key)); }
    Amount amount(const char* key, AssetId asset) {
        const std::string text = in_.text(key);
        const unsigned decimals = names_.tokens ? names_.book.assets[index(asset)].decimals : 0;
        const auto value = names_.tokens ? parse_decimal(text, decimals) : parse_integer(text);
        if (!value)
            in_.fail(std::string(key) + " " + quote(text) + " " + describe(value.error(), decimals),
                     names_.tokens ? "a decimal number of tokens" : "an integer of atomic units");
        return {*value};
    }
    Size size(const char* key, AssetId asset) {
        return in_.text(key) == "all" ? Size::all() : Size::exactly(amount(key, asset));
    }

    JsonReader& in_;
    const LineNames& names_;
    AssetId base_{};
};

}  // namespace

std::optional<Action> read_comet_event(std::string_view what, JsonReader& in,
                                       const LineNames& names, MarketId market) {
    CometReading reading(in, names, market);
    using compound_v3::Action;
    if (what == "supply") return Action{reading.flow<compound_v3::Supply>()};
    if (what == "withdraw") return Action{reading.flow<compound_v3::Withdraw>()};
    if (what == "transfer") return Action{reading.transfer()};
    if (what == "absorb") return Action{reading.absorb()};
    if (what == "buy_collateral") return Action{reading.buy()};
    if (what == "withdraw_reserves") return Action{reading.withdraw_reserves()};
    if (what == "accrue") return Action{compound_v3::Accrue{}};
    if (what == "pause") return Action{reading.pause()};
    return std::nullopt;
}

}  // namespace breakwater
