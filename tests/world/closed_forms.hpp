// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

/// The file of closed forms among the vectors: from BREAKWATER_VECTORS, else ../shared/vectors of this directory or of
/// one above it.
namespace breakwater {

inline std::optional<nlohmann::json> closed_forms(const std::string& section) {
    namespace fs = std::filesystem;
    fs::path file;
    if (const char* folder = std::getenv("BREAKWATER_VECTORS")) {
        file = fs::path(folder) / "closed_forms.json";
    } else {
        for (fs::path at = fs::current_path();; at = at.parent_path()) {
            file = at / "../shared/vectors/closed_forms.json";
            if (fs::exists(file) || at == at.root_path()) break;
        }
    }
    std::ifstream in(file);
    if (!in) return std::nullopt;
    return nlohmann::json::parse(in).at(section);
}

}  // namespace breakwater

#define CLOSED_FORMS_OR_SKIP(name, section)                                                   \
    const auto name##_found = ::breakwater::closed_forms(section);                            \
    if (!name##_found) GTEST_SKIP() << "NO VECTORS: set BREAKWATER_VECTORS to run this test"; \
    const nlohmann::json& name = *name##_found
