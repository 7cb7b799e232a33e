// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/io/toml_reader.hpp"
#include "breakwater/io/toml_text.hpp"
#include "breakwater/stress/book.hpp"

/// [asset.feed] of market.toml: how one feed reports, or the sources of a price with the limits of their machine of
/// trust. Source: docs/formats.md.
namespace breakwater {

void read_feed(TomlReader table, AssetDescription& asset);
/// Nothing where the asset has one feed with the default reporting.
void write_feed(TomlText& out, const AssetDescription& d);

}  // namespace breakwater
