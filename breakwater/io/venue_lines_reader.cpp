// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <concepts>
#include <limits>
#include <utility>

#include "breakwater/core/margin/standing.hpp"
#include "breakwater/io/decimal.hpp"
#include "breakwater/io/json_reader.hpp"
#include "breakwater/io/venue_accounts.hpp"
#include "breakwater/io/venue_fields.hpp"
#include "breakwater/io/venue_lines.hpp"

namespace breakwater {
namespace {

/// Reads a field of a line; a kind of value is read in one way.
struct Reading {
    JsonReader& in;
    const LineNames& names;
    unsigned decimals = 0;   ///< of amounts, those of the asset before them

    [[noreturn]] void fail(const char* key, const std::string& text,
                           const std::string& expected) const {
        in.fail(std::string(key) + " is " + quote(text), expected);
    }
    [[nodiscard]] Reading inside(JsonReader& other) const {
        return {.in = other, .names = names, .decimals = decimals};
    }

    void operator()(const char* key, AccountId& v) const { v = names.account(in.text(key)); }
    void operator()(const char* key, AssetId& v) {
        v = names.asset(in.text(key));
        if (names.tokens && std::string_view(key) == "asset")
            decimals = names.book.assets[index(v)].decimals;
    }
    void operator()(const char* key, venue::ContractId& v) const { v = contract(in.text(key)); }
    template <std::unsigned_integral U>
    void operator()(const char* key, U& v) const {
        v = static_cast<U>(in.integer(key, std::numeric_limits<U>::max()));
    }
    void operator()(const char* key, std::int64_t& v) const {
        v = signed_integer(key, in.text(key));
    }
    void operator()(const char* key, Amount& v) const {
        const std::string text = in.text(key);
        const auto value = parse_decimal(text, decimals);
        if (!value)
            fail(key, text,
                 names.tokens ? "a decimal number of tokens" : "an integer of atomic units");
        v = {*value};
    }
    void operator()(const char* key, Ray& v) const {
        const std::string text = in.text(key);
        const auto value = parse_integer(text);
        if (!value) fail(key, text, "an integer in ray");
        v = {*value};
    }
    void operator()(const char* key, std::vector<AccountId>& v) const {
        for (const nlohmann::json& item : list(key)) {
            if (!item.is_string()) fail(key, item.dump(), "a list of names");
            v.push_back(names.account(item.get<std::string>()));
        }
    }
    void operator()(const char* key, std::vector<venue::MarkOf>& v) const {
        for (const nlohmann::json& item : list(key)) {
            JsonReader one(item, in.file(), in.line());
            for_each_mark_field(v.emplace_back(), inside(one));
            one.finish();
        }
    }
    void operator()(const char* key, venue::MarginTerms& m) const {
        JsonReader one(in.at(key, "{...}"), in.file(), in.line());
        const Reading reading = inside(one);
        const nlohmann::json& tiers = reading.list("tiers");
        if (tiers.size() > venue::tiers_max) reading.fail("tiers", tiers.dump(), "at most 4 tiers");
        for (std::size_t k = 0; k < tiers.size(); ++k) {
            JsonReader tier(tiers[k], in.file(), in.line());
            const std::string lower = tier.text("lower");
            const auto value = parse_integer(lower);
            if (!value) fail("lower", lower, "an integer in 1e-8 USD");
            m.tiers[k].lower = *value;
            m.tiers[k].initial = static_cast<std::uint32_t>(tier.integer("initial", ppm_one));
            m.tiers[k].maintenance =
                static_cast<std::uint32_t>(tier.integer("maintenance", ppm_one));
            tier.finish();
        }
        for_each_margin_field(m, reading);
        one.finish();
    }
    void operator()(const char* key, venue::RiskArray& a) const {
        JsonReader one(in.at(key, "{...}"), in.file(), in.line());
        const Reading reading = inside(one);
        for_each_array_field(a, reading);
        const nlohmann::json& values = reading.list("values");
        if (values.size() > venue::grid_max)
            reading.fail("values", values.dump(), "at most 40 values");
        for (const nlohmann::json& value : values) {
            if (!value.is_string()) fail("values", value.dump(), "integers in quotes");
            a.values[a.count++] = signed_integer("values", value.get<std::string>());
        }
        one.finish();
    }
    void parent(const char* key, std::uint32_t& row) const {
        const std::string name = in.text(key);
        row = name.empty() ? 0 : index(names.account(name)) + 1;
    }

    [[nodiscard]] const nlohmann::json& list(const char* key) const {
        const nlohmann::json& value = in.at(key, "[...]");
        if (!value.is_array()) in.fail(std::string(key) + " is not a list", "[...]");
        return value;
    }
    [[nodiscard]] std::int64_t signed_integer(const char* key, const std::string& text) const {
        const auto value = parse_signed(text, 0);
        constexpr int128 most = std::numeric_limits<std::int64_t>::max();
        if (!value || *value > most || *value < -most)
            fail(key, text, "a whole number in quotes, below 2^63");
        return static_cast<std::int64_t>(*value);
    }
    [[nodiscard]] venue::ContractId contract(const std::string& name) const {
        const auto& all = names.book.contract_names;
        const auto at = std::ranges::find(all, name);
        if (at != all.end()) return venue::ContractId{static_cast<std::uint16_t>(at - all.begin())};
        if (name.starts_with('#')) {
            const auto row = parse_integer(std::string_view(name).substr(1));
            if (row && *row <= 0xffff) return venue::ContractId{static_cast<std::uint16_t>(*row)};
        }
        in.fail("unknown contract " + quote(name),
                "the name of a contract of the book, or \"#\" and its row");
    }
};

template <std::size_t K>
venue::Action read_one(JsonReader& in, const LineNames& names) {
    std::variant_alternative_t<K, venue::Action> event;
    Reading reading{  // NOLINT(misc-const-correctness): it reads on
        .in = in, .names = names, .decimals = 0};
    for_each_actor(event, reading);
    for_each_term(event, reading);
    return event;
}

template <std::size_t... K>
venue::Action read_at(std::size_t which, JsonReader& in, const LineNames& names,
                      std::index_sequence<K...> /*of the variant*/) {
    venue::Action out;
    static_cast<void>(((which == K && (out = read_one<K>(in, names), true)) || ...));
    return out;
}

}  // namespace

std::optional<venue::Action> read_venue_event(std::string_view name, JsonReader& in,
                                              const LineNames& names) {
    const auto at = std::ranges::find(venue_actions, name);
    if (at == venue_actions.end()) return std::nullopt;
    return read_at(static_cast<std::size_t>(at - venue_actions.begin()), in, names,
                   std::make_index_sequence<venue_actions.size()>{});
}

}  // namespace breakwater
