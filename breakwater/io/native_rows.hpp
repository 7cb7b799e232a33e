// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <array>

#include "breakwater/io/accounts_file.hpp"
#include "breakwater/io/csv.hpp"
#include "breakwater/io/decimal.hpp"
#include "breakwater/io/error.hpp"
#include "breakwater/io/name_index.hpp"
#include "breakwater/io/native_file.hpp"
#include "breakwater/io/native_reader.hpp"

namespace breakwater {

/// What the readers of accounts.csv of native markets have in common: rows under one header, accounts in the order of
/// their first row, amounts with a bound. Faults are InputErrors with the line.
class NativeRows {
  protected:
    NativeRows(const TextFile& file, NativeFile& out) : file_(file), out_(out) {}

    [[noreturn]] void fail(const std::string& fault, const std::string& expected) const {
        throw InputError(file_.name(), line_, fault, expected);
    }
    [[nodiscard]] AccountId account(std::string_view name) {
        if (name.empty() || name.size() > account_name_max || name == others_name ||
            name.find('"') != std::string_view::npos)
            fail("account is " + quote(name),
                 "a name of 1 to 128 characters without quotes, not " + std::string(others_name));
        return index_.find_or_add(out_.book.accounts, name);
    }
    /// What a field must be, in words and in size.
    struct Wanted {
        const char* what = "";
        const char* number = "";
        unsigned decimals = 0;
        uint128 below = 0;
    };
    [[nodiscard]] uint128 amount(std::string_view text, const Wanted& wanted) const {
        const auto value = parse_decimal(text, wanted.decimals);
        const std::string field = std::string(wanted.what) + " " + quote(text) + " ";
        if (!value)
            fail(field + describe(value.error(), wanted.decimals),
                 std::string(wanted.number) + " with at most " + std::to_string(wanted.decimals) +
                     " fractional digits");
        if (*value >= wanted.below)
            fail(field + "is too large", "less than " + format_decimal(wanted.below, wanted.decimals));
        return *value;
    }
    /// read_row(fields) for each row.
    template <std::size_t N, class ReadRow>
    void each_row(std::string_view header, ReadRow read_row) {
        Lines lines(file_.text());
        std::string_view line;
        lines.next(line);
        line_ = lines.number();
        if (line != header) fail("the header is " + quote(line), std::string(header));
        std::array<std::string_view, N> fields;
        while (lines.next(line)) {
            line_ = lines.number();
            const std::size_t count = split_fields(line, fields);
            if (count != N)
                fail(std::to_string(count) + (count == 1 ? " field" : " fields"),
                     std::to_string(N) + ": " + std::string(header));
            read_row(fields);
        }
    }

    const TextFile& file_;
    NativeFile& out_;

  private:
    NameIndex index_;
    std::uint64_t line_ = 0;
};

}  // namespace breakwater
