// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/folders.hpp"

#include <algorithm>
#include <cstdlib>
#include <system_error>

namespace breakwater {

std::vector<std::filesystem::path> share_folders(std::string_view name) {
    namespace fs = std::filesystem;
    std::vector<fs::path> out;
    std::error_code error;
    const auto add = [&](const fs::path& path) {
        const fs::path folder = fs::weakly_canonical(path, error);
        if (!fs::is_directory(folder, error)) return;
        if (std::ranges::find(out, folder) == out.end()) out.push_back(folder);
    };
    // Nothing in the program changes the environment.
    if (const char* share = std::getenv("BREAKWATER_SHARE"))  // NOLINT(concurrency-mt-unsafe)
        add(fs::path(share) / name);
    const fs::path program = fs::read_symlink("/proc/self/exe", error);
    for (fs::path at = program.parent_path(); !at.empty(); at = at.parent_path()) {
        add(at / "share" / "breakwater" / name);
        if (fs::exists(at / "breakwater" / "core" / "engine.hpp", error)) add(at / name);
        if (at == at.parent_path()) break;
    }
    add(fs::current_path(error) / name);
    return out;
}

}  // namespace breakwater
