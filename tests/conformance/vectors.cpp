// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "vectors.hpp"

#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include <zlib.h>

namespace breakwater::conformance {
namespace {

std::string inflate(const std::filesystem::path& file) {
    gzFile in = gzopen(file.c_str(), "rb");
    if (in == nullptr) throw std::runtime_error("cannot open " + file.string());
    std::string text;
    std::string block(1U << 20U, '\0');
    int got = 0;
    while ((got = gzread(in, block.data(), static_cast<unsigned>(block.size()))) > 0)
        text.append(block, 0, static_cast<std::size_t>(got));
    gzclose(in);
    if (got < 0) throw std::runtime_error("damaged gzip file " + file.string());
    return text;
}

}  // namespace

Directory find_directory() {
    if (const char* named = std::getenv("BREAKWATER_VECTORS"); named != nullptr && *named != '\0')
        return {.path = named, .asked_for = true};
    for (auto here = std::filesystem::current_path();; here = here.parent_path()) {
        const auto candidate = here / ".." / "shared" / "vectors";
        if (std::filesystem::is_directory(candidate)) return {.path = candidate, .asked_for = false};
        if (here == here.root_path()) return {};
    }
}

std::optional<nlohmann::json> read(const std::filesystem::path& directory, const std::string& name) {
    if (const auto plain = directory / (name + ".json"); std::filesystem::exists(plain)) {
        std::ifstream in(plain);
        return nlohmann::json::parse(in);
    }
    if (const auto packed = directory / (name + ".json.gz"); std::filesystem::exists(packed))
        return nlohmann::json::parse(inflate(packed));
    return std::nullopt;
}

}  // namespace breakwater::conformance
