// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <array>
#include <set>

#include "checks.hpp"

namespace breakwater::tidy {
namespace {

const std::set<std::string_view> impure_words{
    "float", "double", "__float128",    "throw",  "try",      "catch",
    "rand",  "srand",  "random_device", "getenv", "ifstream", "ofstream",
    "fopen", "thread", "jthread",       "mutex",  "atomic",   "thread_local"};

const std::set<std::string_view> impure_headers{
    "random",        "thread",        "iostream",
    "fstream",       "sstream",       "chrono",
    "ctime",         "mutex",         "atomic",
    "future",        "cmath",         "math.h",
    "time.h",        "istream",       "ostream",
    "iomanip",       "shared_mutex",  "condition_variable",
    "unordered_map", "unordered_set", "filesystem",
    "exception",     "stdexcept"};

/// sqrt, fabs, floor, ceil, trunc, fmod, ldexp and the like are exact by IEEE 754 and not here.
constexpr std::array<std::string_view, 32> inexact{
    "exp",    "exp2",   "exp10", "expm1", "log",    "log2",  "log10", "log1p",
    "pow",    "sin",    "cos",   "tan",   "asin",   "acos",  "atan",  "atan2",
    "sinh",   "cosh",   "tanh",  "asinh", "acosh",  "atanh", "erf",   "erfc",
    "tgamma", "lgamma", "cbrt",  "hypot", "sincos", "rsqrt", "fma",   "powi"};

bool is_inexact(std::string_view word) {
    constexpr std::string_view builtin = "__builtin_";
    if (word.starts_with(builtin)) word.remove_prefix(builtin.size());
    if (std::ranges::count(inexact, word) != 0) return true;
    if (!word.ends_with('f') && !word.ends_with('l')) return false;
    return std::ranges::count(inexact, word.substr(0, word.size() - 1)) != 0;
}

bool is_fused_intrinsic(std::string_view word) {
    constexpr std::array<std::string_view, 4> stems{"fmadd", "fmsub", "fnmadd", "fnmsub"};
    return word.starts_with("_mm") && std::ranges::any_of(stems, [&](std::string_view s) {
               return word.find(s) != std::string_view::npos;
           });
}

/// What stands right before and after the word, blanks left out.
bool is_called(std::string_view code, const Word& word) {
    const std::size_t after = code.find_first_not_of(" \n", word.offset + word.text.size());
    return after != std::string_view::npos && code[after] == '(';
}
bool is_member(std::string_view code, const Word& word) {
    return word.offset > 0 &&
           (code[word.offset - 1] == '.' || code.substr(0, word.offset).ends_with("->"));
}
bool is_qualified(std::string_view code, const Word& word) {
    return code.substr(0, word.offset).ends_with("::");
}

std::string place(const SourceFile& file, std::size_t line) {
    return file.path + ":" + std::to_string(line) + ": ";
}

void check_headers(const SourceFile& file, const std::set<std::string_view>& banned,
                   Findings& out) {
    for (const Include& i : includes_of(file))
        if (!i.quoted && banned.contains(i.target))
            out.push_back(place(file, i.line) + "<" + i.target + ">");
}

}  // namespace

Findings impure_words_in_core(const Tree& tree) {
    Findings out;
    for (const SourceFile& file : tree) {
        if (!file.is_cpp() || !file.is_under("breakwater/core")) continue;
        check_headers(file, impure_headers, out);
        for (const Word& w : words_of(file.code)) {
            const bool reads_clock =
                w.text == "now" && is_qualified(file.code, w) && is_called(file.code, w);
            const bool is_header_name = file.code.substr(0, w.offset).ends_with("#include <");
            if (is_header_name) continue;
            if (impure_words.contains(w.text) || w.text.starts_with("unordered_") || reads_clock)
                out.push_back(place(file, w.line) + std::string(w.text));
        }
    }
    return out;
}

Findings inexact_functions(const Tree& tree) {
    static const std::set<std::string_view> banned_headers{"random"};
    Findings out;
    for (const SourceFile& file : tree) {
        if (!file.is_cpp() ||
            (!file.is_under("breakwater/world") && !file.is_under("breakwater/stress")))
            continue;
        check_headers(file, banned_headers, out);
        for (const Word& w : words_of(file.code)) {
            const bool calls =
                is_inexact(w.text) && is_called(file.code, w) && !is_member(file.code, w);
            // Handed on by name, as in std::transform(..., std::exp).
            const bool names =
                is_inexact(w.text) && file.code.substr(0, w.offset).ends_with("std::");
            if (calls || names || is_fused_intrinsic(w.text))
                out.push_back(place(file, w.line) + std::string(w.text));
        }
    }
    return out;
}

}  // namespace breakwater::tidy
