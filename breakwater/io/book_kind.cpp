// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/book_kind.hpp"

#include <algorithm>

#include "breakwater/io/book_reader.hpp"
#include "breakwater/io/native_file.hpp"
#include "breakwater/io/venue_file.hpp"

namespace breakwater {

BookKind kind_of(const std::filesystem::path& folder) {
    const auto path = std::filesystem::is_directory(folder) ? folder / market_file_name : folder;
    if (!std::filesystem::exists(path)) return BookKind::lending;
    const TextFile text(path);
    const TomlValue document = parse_toml(text);
    TomlReader root(document, text.name(), "");
    if (root.has("format") && root.text("format") == venue_format) return BookKind::venue;
    const bool is_native =
        root.has("rulebook") &&
        std::ranges::find(native_rulebooks, root.text("rulebook")) != native_rulebooks.end();
    return is_native ? BookKind::native : BookKind::lending;
}

}  // namespace breakwater
