// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <unistd.h>

#include <gtest/gtest.h>

#include "breakwater/io/error.hpp"

/// Files for tests: a folder that goes away, the project's own folders, and other people's data.
namespace breakwater::test {

namespace fs = std::filesystem;

class TemporaryFolder {
  public:
    TemporaryFolder() {
        std::string pattern = (fs::temp_directory_path() / "breakwater-io-XXXXXX").string();
        const char* made = ::mkdtemp(pattern.data());
        if (made == nullptr) std::abort();
        path_ = made;
    }
    ~TemporaryFolder() {
        std::error_code error;
        fs::remove_all(path_, error);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    [[nodiscard]] const fs::path& path() const { return path_; }
    fs::path write(const std::string& name, std::string_view text) const {
        std::ofstream(path_ / name, std::ios::binary) << text;
        return path_ / name;
    }

  private:
    fs::path path_;
};

inline std::string text_of(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

/// `name` in the working folder or one above it.
inline std::optional<fs::path> find_above(const fs::path& name) {
    for (fs::path at = fs::current_path();; at = at.parent_path()) {
        if (fs::exists(at / name)) return at / name;
        if (at == at.parent_path()) return std::nullopt;
    }
}

/// A folder of the project itself: examples, scenarios.
inline fs::path project_folder(const std::string& name) {
    if (const char* root = std::getenv("BREAKWATER_ROOT")) return fs::path(root) / name;
    for (fs::path at = fs::path(__FILE__).parent_path(); at != at.parent_path();
         at = at.parent_path())
        if (fs::exists(at / name)) return at / name;
    return find_above(name).value_or(name);
}

/// The folder of other people's data, which is no part of the project.
inline std::optional<fs::path> data_folder() {
    if (const char* folder = std::getenv("BREAKWATER_DATA")) return fs::path(folder);
    return find_above("../shared/data");
}

/// A data file, decompressed into `folder` where its name ends in .gz.
inline fs::path unpacked(const fs::path& path, const TemporaryFolder& folder) {
    if (path.extension() != ".gz") return path;
    const fs::path out = folder.path() / path.stem();
    const std::string command = "gzip -dc '" + path.string() + "' > '" + out.string() + "'";
    EXPECT_EQ(std::system(command.c_str()), 0) << command;
    return out;
}

/// The message of the InputError that `run` throws; empty where it throws none.
template <class Run>
std::string fault_of(Run&& run) {
    try {
        run();
    } catch (const InputError& error) {
        return error.what();
    }
    return {};
}

}  // namespace breakwater::test

/// Skips loudly where the data is not there, because then nothing was shown.
#define NEED_DATA(name, relative)                                                             \
    const auto name##_folder = ::breakwater::test::data_folder();                             \
    if (!name##_folder || !std::filesystem::exists(*name##_folder / (relative))) {            \
        std::cerr << "SKIPPED: no " << (relative) << "; set BREAKWATER_DATA to the folder\n"; \
        GTEST_SKIP() << "no " << (relative);                                                  \
    }                                                                                         \
    const std::filesystem::path name = *name##_folder / (relative)
