// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/report/text_table.hpp"

#include <algorithm>

#include "breakwater/core/require.hpp"
#include "breakwater/report/format.hpp"

namespace breakwater {
namespace {

constexpr const char* gap = "  ";

/// The bytes of the first `characters` characters.
std::size_t bytes_of(const std::string& text, std::size_t characters) {
    std::size_t at = 0;
    for (std::size_t seen = 0; at < text.size(); ++at) {
        const bool starts = (static_cast<unsigned char>(text[at]) & 0xc0U) != 0x80U;
        if (starts && seen++ == characters) break;
    }
    return at;
}

std::string padded(const std::string& text, std::size_t width, bool left) {
    const std::string blanks(width - width_of(text), ' ');
    return left ? text + blanks : blanks + text;
}

}  // namespace

std::vector<std::string> wrapped(const std::string& text, std::size_t width) {
    std::vector<std::string> lines;
    std::string rest = text;
    while (width_of(rest) > width) {
        const std::size_t most = bytes_of(rest, width);
        // A blank right behind the last character that fits is as good as one before.
        std::size_t cut = rest.rfind(' ', most);
        const bool at_blank = cut != std::string::npos && cut > 0;
        if (!at_blank) cut = most;
        lines.push_back(rest.substr(0, cut));
        rest.erase(0, at_blank ? cut + 1 : cut);
    }
    lines.push_back(rest);
    return lines;
}

void TextTable::add(std::vector<std::string> cells) {
    REQUIRE(cells.size() == columns_.size());
    for (std::string& cell : cells)
        cell = printable(cell);
    rows_.push_back(std::move(cells));
}

std::string TextTable::text() const {
    std::vector<std::size_t> width;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
        std::size_t widest = width_of(columns_[c].head);
        for (const auto& row : rows_)
            widest = std::max(widest, width_of(row[c]));
        width.push_back(columns_[c].words ? std::min(widest, std::max(columns_[c].width_max,
                                                                      width_of(columns_[c].head)))
                                          : widest);
    }
    std::string out;
    const auto put = [&](const std::vector<std::string>& cells) {
        std::vector<std::vector<std::string>> parts;
        std::size_t height = 1;
        for (std::size_t c = 0; c < cells.size(); ++c) {
            parts.push_back(wrapped(cells[c], std::max<std::size_t>(1, width[c])));
            height = std::max(height, parts.back().size());
        }
        for (std::size_t line = 0; line < height; ++line) {
            for (std::size_t c = 0; c < cells.size(); ++c) {
                if (c > 0) out += gap;
                out += padded(line < parts[c].size() ? parts[c][line] : "", width[c],
                              columns_[c].words);
            }
            out += '\n';
        }
    };
    std::vector<std::string> heads;
    std::vector<std::string> rules;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
        heads.push_back(columns_[c].head);
        rules.emplace_back(width[c], '-');
    }
    put(heads);
    put(rules);
    for (const auto& row : rows_)
        put(row);
    return out;
}

}  // namespace breakwater
