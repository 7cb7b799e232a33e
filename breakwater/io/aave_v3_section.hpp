// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include "breakwater/io/market_file.hpp"
#include "breakwater/io/toml_reader.hpp"

/// [asset.aave_v3] and [[emode]] of market.toml: what the rulebook `aave_v3` needs to know. A
/// missing field is an error that names it; what governance could not set is an error that names
/// the rule. Source: docs/rules.md, AAVE-030.
namespace breakwater {

/// Parameters, indices, treasury, deficit and cash of one asset; its description must be filled.
/// @param unit how `cash` is written
void read_aave_v3_section(TomlReader& section, AmountUnit unit, MarketAsset& asset);

/// All [[emode]] tables into `market.emodes`, whose assets must be filled.
void read_aave_v3_emodes(TomlReader& root, MarketFile& market);

}  // namespace breakwater
