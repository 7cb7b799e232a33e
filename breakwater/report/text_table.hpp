// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>
#include <vector>

/// Columns of text for a terminal or a file: every line of a table has the same width, no colour,
/// no tabs. Cells may come from outside; what a terminal would obey is taken out.
namespace breakwater {

class TextTable {
  public:
    struct Column {
        std::string head;
        bool words = false;          ///< words stand left, numbers right
        std::size_t width_max = 48;  ///< wider words are broken over several lines
    };

    explicit TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}

    /// As many cells as there are columns.
    void add(std::vector<std::string> cells);
    [[nodiscard]] bool empty() const { return rows_.empty(); }

    /// Head, a rule, the rows; each line ends in a newline.
    [[nodiscard]] std::string text() const;

  private:
    std::vector<Column> columns_;
    std::vector<std::vector<std::string>> rows_;
};

/// Lines of at most `width` characters, broken at blanks; a longer word is cut. At least one line.
std::vector<std::string> wrapped(const std::string& text, std::size_t width);

}  // namespace breakwater
