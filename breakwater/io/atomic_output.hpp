// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <string_view>

/// Output that is there whole or not at all: written beside its place, flushed to the disk, then
/// renamed.
namespace breakwater {

/// Replaces or creates one file. InputError where the disk refuses.
void write_file_atomically(const std::filesystem::path& path, std::string_view text);

/// What to do where a folder already holds what is to be written.
enum class Existing : std::uint8_t { refuse, replace };

/// A folder in the making beside `target`; `commit` puts it in place, going out of scope without it
/// removes it.
class FolderInTheMaking {
  public:
    /// InputError where `target` exists and is not empty, or with `replace` holds anything but
    /// files of these names.
    FolderInTheMaking(std::filesystem::path target, Existing existing,
                      std::initializer_list<std::string_view> names);
    ~FolderInTheMaking();
    FolderInTheMaking(const FolderInTheMaking&) = delete;
    FolderInTheMaking& operator=(const FolderInTheMaking&) = delete;

    void write(std::string_view name, std::string_view text);
    void commit();

  private:
    std::filesystem::path target_;
    std::filesystem::path making_;
    bool committed_ = false;
};

}  // namespace breakwater
