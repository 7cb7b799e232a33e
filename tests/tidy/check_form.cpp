// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <array>
#include <filesystem>
#include <set>

#include "checks.hpp"

namespace breakwater::tidy {
namespace {

constexpr std::size_t line_length_max = 120;
constexpr std::size_t file_lines_max = 400;

std::string place(const SourceFile& file, std::size_t line) {
    return file.path + ":" + std::to_string(line) + ": ";
}

bool is_cmake(const SourceFile& file) {
    return file.path.ends_with(".cmake") || file.path.ends_with("CMakeLists.txt");
}

/// Written by hand and by nothing else.
bool is_ours(const SourceFile& file) {
    if (file.path.find("/dist/") != std::string::npos) return false;
    constexpr std::array<std::string_view, 6> endings{".md", ".toml", ".ts", ".mjs", ".css", ".S"};
    return file.is_cpp() || file.is_script() || is_cmake(file) ||
           std::ranges::any_of(endings, [&](std::string_view e) { return file.path.ends_with(e); });
}

/// Characters, not bytes: formulas are written in mathematical notation.
std::size_t length(std::string_view utf8) {
    return static_cast<std::size_t>(std::ranges::count_if(
        utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// Put together here, so that this file does not name one.
const std::vector<std::string>& machine_paths() {
    static const std::vector<std::string> paths = [] {
        std::vector<std::string> out;
        for (const char* folder : {"work", "root", "tmp", "home", "farm"})
            out.push_back("/" + std::string(folder) + "/");
        return out;
    }();
    return paths;
}

bool begins_a_path(std::string_view line, std::size_t at) {
    if (at == 0) return true;
    const auto before = static_cast<unsigned char>(line[at - 1]);
    return std::isalnum(before) == 0 && before != '.' && before != '_' && before != '-' &&
           before != '}';
}

}  // namespace

Findings tabs_and_trailing_blanks(const Tree& tree) {
    Findings out;
    for (const SourceFile& file : tree) {
        if (!is_ours(file)) continue;
        for (const Line& line : lines_of(file.text)) {
            if (line.text.find('\t') != std::string_view::npos)
                out.push_back(place(file, line.number) + "tab");
            if (line.text.ends_with(' ') || line.text.ends_with('\r'))
                out.push_back(place(file, line.number) + "trailing blank");
        }
    }
    return out;
}

Findings long_lines(const Tree& tree) {
    Findings out;
    for (const SourceFile& file : tree) {
        if (!file.is_cpp() && !file.is_script() && !is_cmake(file)) continue;
        for (const Line& line : lines_of(file.text))
            if (const std::size_t n = length(line.text); n > line_length_max)
                out.push_back(place(file, line.number) + std::to_string(n) + " characters");
    }
    return out;
}

Findings long_files(const Tree& tree) {
    Findings out;
    for (const SourceFile& file : tree) {
        if (!file.is_cpp() || (!file.is_under("breakwater") && !file.is_under("apps"))) continue;
        if (const std::size_t n = lines_of(file.text).size(); n > file_lines_max)
            out.push_back(file.path + ": " + std::to_string(n) + " lines, usually two notions");
    }
    return out;
}

Findings missing_licence_lines(const Tree& tree) {
    Findings out;
    for (const SourceFile& file : tree) {
        const bool by_slashes =
            file.is_cpp() || file.path.ends_with(".ts") || file.path.ends_with(".mjs");
        if (!by_slashes && !file.is_script()) continue;
        const std::string mark = by_slashes ? "// " : "# ";
        const auto lines = lines_of(file.text);
        const std::size_t first = file.text.starts_with("#!") ? 1 : 0;
        const bool has = lines.size() > first + 1 &&
                         lines[first].text == mark + "SPDX-License-Identifier: Apache-2.0" &&
                         lines[first + 1].text == mark + "Copyright The Breakwater Authors";
        if (!has) out.push_back(file.path + ": no SPDX and copyright lines at the top");
    }
    return out;
}

Findings absolute_paths(const Tree& tree) {
    Findings out;
    for (const SourceFile& file : tree)
        for (const Line& line : lines_of(file.text))
            for (const std::string& path : machine_paths()) {
                const std::size_t at = line.text.find(path);
                if (at != std::string_view::npos && begins_a_path(line.text, at))
                    out.push_back(place(file, line.number) + path);
            }
    return out;
}

Findings dead_links(const Tree& tree) {
    std::set<std::string> known;
    for (const SourceFile& file : tree) {
        known.insert(file.path);
        for (auto folder = std::filesystem::path(file.path).parent_path(); !folder.empty();
             folder = folder.parent_path())
            known.insert(folder.generic_string());
    }
    Findings out;
    for (const SourceFile& file : tree) {
        if (!file.path.ends_with(".md")) continue;
        const auto folder = std::filesystem::path(file.path).parent_path();
        for (const Line& line : lines_of(file.text))
            for (std::size_t at = line.text.find("]("); at != std::string_view::npos;
                 at = line.text.find("](", at + 2)) {
                const std::size_t end = line.text.find_first_of(")#", at + 2);
                const std::string target(line.text.substr(at + 2, end - at - 2));
                if (target.empty() || target.find("://") != std::string::npos) continue;
                auto path = (folder / target).lexically_normal().generic_string();
                if (path.ends_with('/')) path.pop_back();
                if (!known.contains(path))
                    out.push_back(place(file, line.number) + "no such file: " + target);
            }
    }
    return out;
}

}  // namespace breakwater::tidy
