// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "breakwater/core/digest.hpp"

/// A text file as it lies on the disk, mapped into memory, and the lines in it.
namespace breakwater {

class TextFile {
  public:
    /// InputError where it cannot be read, is empty, is a folder or is compressed.
    explicit TextFile(const std::filesystem::path& path);
    ~TextFile();
    TextFile(const TextFile&) = delete;
    TextFile& operator=(const TextFile&) = delete;

    /// Without a byte order mark.
    [[nodiscard]] std::string_view text() const { return text_; }
    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] bool ends_with_newline() const { return text_.ends_with('\n'); }

    /// Adds length and bytes of the file, mark included.
    void absorb_into(Digest& digest) const;
    /// What was accepted and should be said: byte order mark, line ends.
    void add_notes(std::vector<std::string>& notes) const;
    /// The same of a file of rows: also a last row without a line end.
    void add_row_notes(std::vector<std::string>& notes) const;

  private:
    std::string name_;
    std::string_view bytes_;
    std::string_view text_;
};

/// Of all these files, in their order; 32 hexadecimal digits.
std::string hash_of(std::initializer_list<const TextFile*> files);

/// Lines of a text, without their line ends ("\n" or "\r\n").
class Lines {
  public:
    explicit Lines(std::string_view text) : rest_(text) {}

    /// False after the last line.
    bool next(std::string_view& line);
    /// Number of the line that `next` gave last, from 1.
    [[nodiscard]] std::uint64_t number() const { return number_; }

  private:
    std::string_view rest_;
    std::uint64_t number_ = 0;
};

/// The name to show and to open: as the user typed it.
std::string show(const std::filesystem::path& path);

/// "WETH", "a<200 more characters>": what a message quotes of a field.
std::string quote(std::string_view text);

}  // namespace breakwater
