// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <array>
#include <map>

#include "checks.hpp"

namespace breakwater::tidy {
namespace {

/// The name of the type that a line at the margin defines; empty where it defines none, or only declares it.
std::string type_defined_in(std::string_view line) {
    constexpr std::array<std::string_view, 4> kinds{"struct ", "class ", "enum class ", "union "};
    for (const std::string_view kind : kinds) {
        if (!line.starts_with(kind)) continue;
        if (line.find('{') == std::string_view::npos && line.find(';') != std::string_view::npos) return {};
        const std::string_view rest = line.substr(kind.size());
        const std::string_view name = rest.substr(0, rest.find_first_of(" :{;<"));
        // What is specialised is another type.
        return rest.substr(name.size()).starts_with('<') ? std::string{} : std::string(name);
    }
    return {};
}

}  // namespace

Findings types_named_twice(const Tree& tree) {
    Findings out;
    std::map<std::string, std::string> seen;
    for (const SourceFile& file : tree) {
        if (!file.is_header() || !file.is_under("breakwater")) continue;
        std::vector<std::string> space;
        for (const Line& line : lines_of(file.text)) {
            if (line.text.starts_with("namespace ") && line.text.ends_with('{'))
                space.emplace_back(line.text.substr(10, line.text.size() - 12));
            else if (line.text.starts_with("}  // namespace") && !space.empty())
                space.pop_back();
            const std::string name = type_defined_in(line.text);
            if (name.empty()) continue;
            std::string whole;
            for (const std::string& part : space)
                whole += part + "::";
            whole += name;
            const std::string place = file.path + ":" + std::to_string(line.number);
            if (const auto [first, is_new] = seen.emplace(whole, place); !is_new)
                out.push_back(place + ": " + whole + " is another type in " + first->second);
        }
    }
    return out;
}

}  // namespace breakwater::tidy
