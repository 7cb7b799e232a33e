// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "options.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <exception>

#include "breakwater/core/engine.hpp"
#include "breakwater/io/error.hpp"
#include "breakwater/io/text_figures.hpp"
#include "breakwater/io/time_text.hpp"

namespace breakwater {

namespace {

double parse_number(std::string_view text, const std::string& of) {
    double v = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), v);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(v) || v < 0)
        fail("'" + std::string(text) + "' is no value for " + of, "a number that is not negative");
    return v;
}

/// [bps] of a fraction; "0.84" is 8400.
std::uint32_t parse_bps(std::string_view text, const std::string& of, double at_most) {
    const double v = parse_number(text, of);
    const double bps = v * bps_one;
    if (v > at_most || std::fabs(bps - std::floor(bps + 0.5)) > 1e-6)
        fail("'" + std::string(text) + "' is no value for " + of,
             "a fraction in steps of 0.0001, at most " + fixed(at_most, 0));
    return static_cast<std::uint32_t>(std::floor(bps + 0.5));
}

std::string fraction(std::uint32_t bps) {
    return fixed(bps / 1e4, 4);
}

void run(Book& book, Action action, const std::string& setting) {
    Planner planner;
    const auto done = apply(
        book.state, {.time = book.state.now(), .market = {}, .action = std::move(action)}, planner);
    if (!done)
        fail("--set " + setting + " is refused: " + std::string(describe(done.error())),
             "ltv <= lt, lt x (1 + bonus) <= 1, slope1 <= slope2");
}

struct Field {
    std::string_view name;
    std::uint16_t aave_v3::Parameters::*small;
    std::uint32_t aave_v3::Parameters::*rate;
    std::uint64_t aave_v3::Parameters::*cap;
    std::uint32_t offset;  ///< [bps] a bonus of 0.05 is stored as 10500
};

using P = aave_v3::Parameters;
constexpr std::array fields{
    Field{"ltv", &P::ltv, nullptr, nullptr, 0},
    Field{"lt", &P::liquidation_threshold, nullptr, nullptr, 0},
    Field{"bonus", &P::liquidation_bonus, nullptr, nullptr, bps_one},
    Field{"protocol_fee", &P::liquidation_protocol_fee, nullptr, nullptr, 0},
    Field{"reserve_factor", &P::reserve_factor, nullptr, nullptr, 0},
    Field{"optimal_usage", &P::optimal_usage, nullptr, nullptr, 0},
    Field{"base_rate", nullptr, &P::base_rate, nullptr, 0},
    Field{"slope1", nullptr, &P::slope1, nullptr, 0},
    Field{"slope2", nullptr, &P::slope2, nullptr, 0},
    Field{"supply_cap", nullptr, nullptr, &P::supply_cap, 0},
    Field{"borrow_cap", nullptr, nullptr, &P::borrow_cap, 0},
};

ParameterChange set_emode(Book& book, std::uint16_t id, std::string_view field,
                          std::string_view value, const std::string& setting) {
    auto& emodes = aave_market(book.state).emodes;
    if (id == 0 || id >= emodes.size() || emodes[id].liquidation_threshold == 0)
        fail("--set " + setting + ": the book has no such e-mode",
             "emode and one of the book's numbers");
    aave_v3::EMode e = emodes[id];
    std::uint16_t* target = field == "ltv"     ? &e.ltv
                            : field == "lt"    ? &e.liquidation_threshold
                            : field == "bonus" ? &e.liquidation_bonus
                                               : nullptr;
    if (target == nullptr)
        fail("--set " + setting + ": unknown parameter '" + std::string(field) + "'",
             "ltv, lt or bonus");
    const std::uint32_t offset = field == "bonus" ? bps_one : 0;
    ParameterChange change{.parameter = setting.substr(0, setting.find('=')),
                           .current = fraction(*target - offset),
                           .proposed = {}};
    *target = static_cast<std::uint16_t>(parse_bps(value, change.parameter, 1) + offset);
    change.proposed = fraction(*target - offset);
    run(book, SetEModeParameters{.emode = id, .parameters = e}, setting);
    return change;
}

}  // namespace

void fail(const std::string& what, const std::string& expected) {
    throw InputError("command line", 0, what, expected);
}

double duration_of(const std::string& text) {
    const auto seconds = parse_duration(text);
    if (!seconds || *seconds <= 0)
        fail("'" + text + "' is no duration", "a number and m, h or d, as in 24h or 7d");
    return *seconds;
}

std::vector<std::string> split_settings(const std::vector<std::string>& options) {
    std::vector<std::string> out;
    for (const std::string& option : options)
        for (std::size_t begin = 0; begin <= option.size();) {
            const std::size_t end = std::min(option.find(',', begin), option.size());
            if (end > begin) out.push_back(option.substr(begin, end - begin));
            begin = end + 1;
        }
    return out;
}

ParameterChange apply_setting(Book& book, std::string_view text) {
    const std::string setting(text);
    const std::size_t equals = setting.find('=');
    const std::size_t dot = equals == std::string::npos ? equals : setting.rfind('.', equals);
    if (equals == std::string::npos || dot == std::string::npos)
        fail("--set " + setting + " is not understood",
             "ASSET.PARAMETER=VALUE, as in WETH.lt=0.84");
    const std::string symbol = setting.substr(0, dot);
    const std::string field = setting.substr(dot + 1, equals - dot - 1);
    const std::string value = setting.substr(equals + 1);
    if (symbol.starts_with("emode")) {
        std::uint16_t id = 0;
        std::from_chars(symbol.data() + 5, symbol.data() + symbol.size(), id);
        return set_emode(book, id, field, value, setting);
    }
    std::size_t asset = 0;
    while (asset < book.assets.size() && book.assets[asset].symbol != symbol)
        ++asset;
    if (asset == book.assets.size())
        fail("--set " + setting + ": the book has no asset '" + symbol + "'",
             "a symbol of the book");
    aave_v3::Parameters p = aave_market(book.state).parameters[asset];
    ParameterChange change{.parameter = symbol + "." + field, .current = {}, .proposed = {}};
    const Field* found = nullptr;
    for (const Field& f : fields)
        if (f.name == field) found = &f;
    if (found == nullptr)
        fail("--set " + setting + ": unknown parameter '" + field + "'",
             "ltv, lt, bonus, protocol_fee, reserve_factor, optimal_usage, base_rate, slope1, "
             "slope2, supply_cap or borrow_cap");
    if (found->small != nullptr) {
        change.current = fraction(p.*found->small - found->offset);
        p.*found->small =
            static_cast<std::uint16_t>(parse_bps(value, change.parameter, 1) + found->offset);
        change.proposed = fraction(p.*found->small - found->offset);
    } else if (found->rate != nullptr) {
        change.current = fraction(p.*found->rate);
        p.*found->rate = parse_bps(value, change.parameter, 10);
        change.proposed = fraction(p.*found->rate);
    } else {
        change.current = std::to_string(p.*found->cap);
        p.*found->cap = static_cast<std::uint64_t>(parse_number(value, change.parameter));
        change.proposed = std::to_string(p.*found->cap);
    }
    run(book, SetParameters{.asset = AssetId{static_cast<std::uint8_t>(asset)}, .parameters = p},
        setting);
    return change;
}

std::vector<ParameterChange> apply_settings(Book& book, std::vector<std::string> settings) {
    std::vector<ParameterChange> out;
    while (!settings.empty()) {
        std::vector<std::string> refused;
        std::exception_ptr fault;
        for (const std::string& s : settings) {
            try {
                out.push_back(apply_setting(book, s));
            } catch (const InputError&) {
                fault = std::current_exception();
                refused.push_back(s);
            }
        }
        if (refused.size() == settings.size()) std::rethrow_exception(fault);
        settings = std::move(refused);
    }
    return out;
}

void require_rulebook(const std::string& rulebook, std::span<const std::string_view> names, const char* kind) {
    if (rulebook.empty() || std::ranges::count(names, rulebook) != 0) return;
    std::string expected;
    for (const std::string_view name : names)
        expected += (expected.empty() ? "" : name == names.back() ? " or " : ", ") + std::string(name);
    fail("--rulebook " + rulebook + " is not one that " + kind + " can stand under", expected);
}

std::string shell_word(const std::string& text) {
    const bool plain = !text.empty() && text.find_first_not_of(
                                            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                            "0123456789_-./=,:%+@") == std::string::npos;
    if (plain) return text;
    std::string out = "'";
    for (const char c : text)
        out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
}

}  // namespace breakwater
