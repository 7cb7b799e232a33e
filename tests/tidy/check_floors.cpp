// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <array>
#include <set>

#include "checks.hpp"

namespace breakwater::tidy {
namespace {

constexpr std::array<std::string_view, 8> floors{"core", "world", "stress", "audit",
                                                 "io",   "calc",  "report", "service"};

/// "core" of "breakwater/core/math.hpp"; empty for anything else.
std::string_view folder_of(std::string_view path) {
    constexpr std::string_view prefix = "breakwater/";
    if (!path.starts_with(prefix)) return {};
    path.remove_prefix(prefix.size());
    return path.substr(0, path.find('/'));
}

std::size_t floor_of(std::string_view folder) {
    return static_cast<std::size_t>(std::ranges::find(floors, folder) - floors.begin());
}

/// "waterfall" of "breakwater/core/waterfall/layers.hpp"; empty for a file of core/ itself.
std::string_view stage_of(std::string_view path) {
    constexpr std::string_view prefix = "breakwater/core/";
    path.remove_prefix(prefix.size());
    const std::size_t slash = path.find('/');
    return slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash);
}

/// Which stages a stage must not know. Files of core/ itself come first; the engine is exempt.
struct Barrier {
    std::string_view stage;
    std::vector<std::string_view> closed_to;
};
const std::vector<Barrier>& barriers() {
    static const std::vector<Barrier> table{
        {"", {"liquidation", "margin", "controls"}},
        // The first stage of the flow: nothing of what follows can change what a price is.
        {"feeds", {"rulebooks", "margin", "waterfall", "liquidation", "controls"}},
        {"waterfall", {"rulebooks", "margin", "liquidation", "controls"}},
        {"rulebooks", {"liquidation", "controls"}},
        {"margin", {"waterfall", "liquidation", "controls"}},
        {"liquidation", {"waterfall", "controls"}},
        {"controls", {"rulebooks", "liquidation"}},
    };
    return table;
}

bool is_engine(std::string_view path) {
    return path == "breakwater/core/engine.cpp" || path == "breakwater/core/engine.hpp";
}

/// State, events, view and promises of a rulebook may be read outside it; its operations are the engine's.
bool is_operation_of_rulebook(std::string_view target) {
    constexpr std::array<std::string_view, 4> open{"_market.hpp", "_event.hpp", "_accounts.hpp", "_invariants.hpp"};
    return stage_of(target) == "rulebooks" &&
           std::ranges::none_of(open, [&](std::string_view end) { return target.ends_with(end); });
}

std::string place(const SourceFile& file, std::size_t line) {
    return file.path + ":" + std::to_string(line) + ": ";
}

bool crosses(const SourceFile& file, const std::string& target) {
    const std::string_view stage = stage_of(file.path);
    if (target == "breakwater/core/engine.hpp") return true;
    if (stage.empty() && is_operation_of_rulebook(target)) return true;
    for (const Barrier& b : barriers())
        if (b.stage == stage && std::ranges::count(b.closed_to, stage_of(target)) != 0) return true;
    return false;
}

}  // namespace

Findings includes_against_the_floors(const Tree& tree) {
    Findings out;
    for (const SourceFile& file : tree) {
        const std::string_view folder = folder_of(file.path);
        if (!file.is_cpp() || folder.empty()) continue;
        if (floor_of(folder) == floors.size()) {
            out.push_back(file.path + ": a folder without a floor");
            continue;
        }
        for (const Include& i : includes_of(file)) {
            if (!i.quoted) continue;
            if (floor_of(folder_of(i.target)) > floor_of(folder))
                out.push_back(place(file, i.line) + std::string(folder) + " must not include " +
                              i.target);
        }
    }
    return out;
}

Findings includes_against_the_stages(const Tree& tree) {
    Findings out;
    for (const SourceFile& file : tree) {
        if (!file.is_cpp() || !file.is_under("breakwater/core") || is_engine(file.path)) continue;
        for (const Include& i : includes_of(file))
            if (i.target.starts_with("breakwater/core/") && crosses(file, i.target))
                out.push_back(place(file, i.line) + "must not include " + i.target);
    }
    return out;
}

Findings headers_included_nowhere(const Tree& tree) {
    std::set<std::string> included;
    for (const SourceFile& file : tree) {
        if (!file.is_cpp()) continue;
        for (const Include& i : includes_of(file)) {
            const bool is_own = file.path.substr(0, file.path.rfind('.')) ==
                                i.target.substr(0, i.target.rfind('.'));
            if (i.quoted && !is_own) included.insert(i.target);
        }
    }
    Findings out;
    for (const SourceFile& file : tree)
        if (file.is_header() && file.is_under("breakwater") && !included.contains(file.path))
            out.push_back(file.path + ": included nowhere");
    return out;
}

}  // namespace breakwater::tidy
