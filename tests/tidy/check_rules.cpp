// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <cctype>
#include <map>
#include <optional>
#include <set>

#include "checks.hpp"

namespace breakwater::tidy {
namespace {

/// Names of standards and machines that look like rule codes.
const std::set<std::string_view> not_areas{"AVX",  "CRC", "CVE", "EIP", "GCC",
                                           "IEEE", "ISO", "RFC", "SHA", "UTF"};

bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_alnum(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

struct Mention {
    std::string code;  ///< spelled as in docs/rules.md
    std::size_t line;
};

/// MARGIN-002 or MARGIN_002 at `at`, standing alone: no letter, digit or _ before, no letter or digit after.
std::optional<std::string> code_at(std::string_view text, std::size_t at) {
    if (at > 0 && (is_alnum(text[at - 1]) || text[at - 1] == '_')) return std::nullopt;
    std::size_t end = at;
    while (end < text.size() && is_upper(text[end]))
        ++end;
    if (end - at < 3 || end + 4 > text.size()) return std::nullopt;
    if (text[end] != '-' && text[end] != '_') return std::nullopt;
    if (!std::ranges::all_of(text.substr(end + 1, 3), is_digit)) return std::nullopt;
    if (end + 4 < text.size() && is_alnum(text[end + 4])) return std::nullopt;
    const std::string_view area = text.substr(at, end - at);
    if (not_areas.contains(area)) return std::nullopt;
    return std::string(area) + "-" + std::string(text.substr(end + 1, 3));
}

std::vector<Mention> mentions_in(std::string_view text) {
    std::vector<Mention> out;
    for (const Line& line : lines_of(text))
        for (std::size_t i = 0; i < line.text.size(); ++i)
            if (is_upper(line.text[i]))
                if (auto code = code_at(line.text, i))
                    out.push_back({std::move(*code), line.number});
    return out;
}

const SourceFile* find(const Tree& tree, std::string_view path) {
    const auto found = std::ranges::find(tree, path, &SourceFile::path);
    return found == tree.end() ? nullptr : &*found;
}

/// A definition is a row of a table that begins with the code.
std::map<std::string, std::size_t> definitions(const SourceFile& rules, Findings& out) {
    std::map<std::string, std::size_t> defined;
    for (const Line& line : lines_of(rules.text)) {
        if (!line.text.starts_with("| ")) continue;
        const auto code = code_at(line.text, 2);
        if (!code) continue;
        if (!defined.emplace(*code, line.number).second)
            out.push_back(rules.path + ":" + std::to_string(line.number) + ": " + *code +
                          " is defined twice");
    }
    return defined;
}

void skip_blanks(std::string_view text, std::size_t& at) {
    at = std::min(text.find_first_not_of(" \n", at), text.size());
}

/// The string literal at `at`, nullopt where there is none; `at` moves behind it.
std::optional<std::string_view> literal_at(std::string_view text, std::size_t& at) {
    skip_blanks(text, at);
    if (at >= text.size() || text[at] != '"') return std::nullopt;
    const std::size_t end = text.find('"', at + 1);
    if (end == std::string_view::npos) return std::nullopt;
    const auto out = text.substr(at + 1, end - at - 1);
    at = end + 1;
    return out;
}

/// {Error::price_stale, "price_stale", "sentence"} with a sentence that is not empty.
bool has_text(std::string_view table, std::string_view enumerator) {
    const std::string key = "{Error::" + std::string(enumerator) + ",";
    std::size_t at = table.find(key);
    if (at == std::string_view::npos) return false;
    at += key.size();
    const auto name = literal_at(table, at);
    if (!name || *name != enumerator) return false;
    skip_blanks(table, at);
    if (at >= table.size() || table[at] != ',') return false;
    const auto sentence = literal_at(table, ++at);
    return sentence && !sentence->empty();
}

}  // namespace

Findings rule_codes_out_of_step(const Tree& tree) {
    const SourceFile* rules = find(tree, "docs/rules.md");
    if (rules == nullptr) return {"docs/rules.md: missing"};
    Findings out;
    const auto defined = definitions(*rules, out);
    if (defined.empty()) out.push_back("docs/rules.md: defines no rule");
    std::set<std::string> in_headers;
    std::set<std::string> in_tests;
    for (const SourceFile& file : tree) {
        const bool is_test = file.is_under("tests") && !file.is_under("tests/tidy");
        const bool is_code = file.is_under("breakwater") || file.is_under("apps");
        if (!is_test && !(is_code && file.is_cpp())) continue;
        for (const Mention& m : mentions_in(file.text)) {
            if (!defined.contains(m.code))
                out.push_back(file.path + ":" + std::to_string(m.line) + ": " + m.code +
                              " is not in docs/rules.md");
            if (is_test) in_tests.insert(m.code);
            if (is_code && file.is_header()) in_headers.insert(m.code);
        }
    }
    for (const auto& [code, line] : defined) {
        const std::string where = "docs/rules.md:" + std::to_string(line) + ": " + code;
        if (!in_headers.contains(code)) out.push_back(where + " is named by no header");
        if (!in_tests.contains(code)) out.push_back(where + " is named by no test");
    }
    return out;
}

Findings errors_without_text(const Tree& tree) {
    const SourceFile* header = find(tree, "breakwater/core/error.hpp");
    const SourceFile* source = find(tree, "breakwater/core/error.cpp");
    if (header == nullptr || source == nullptr)
        return {"breakwater/core/error.hpp, error.cpp: missing"};
    const std::string_view code = header->code;
    const std::size_t begin = code.find("enum class Error");
    const std::size_t end = code.find('}', begin);
    if (begin == std::string_view::npos || end == std::string_view::npos)
        return {header->path + ": no enum Error"};

    Findings out;
    std::map<std::string, std::string> by_number;
    std::string enumerator;
    for (const Word& w :
         words_of(code.substr(code.find('{', begin), end - code.find('{', begin)))) {
        if (!is_digit(w.text[0])) {
            enumerator = w.text;
            if (!has_text(source->text, enumerator))
                out.push_back(source->path + ": Error::" + enumerator +
                              " has no name and sentence");
        } else if (const auto [other, is_new] = by_number.emplace(w.text, enumerator); !is_new) {
            out.push_back(header->path + ": " + enumerator + " has the number of " + other->second);
        }
    }
    if (by_number.empty()) out.push_back(header->path + ": no enumerator found");
    return out;
}

}  // namespace breakwater::tidy
