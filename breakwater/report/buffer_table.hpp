// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>

#include "breakwater/report/buffer_words.hpp"

namespace breakwater {

/// The room an orderly liquidation needs, as text for a terminal: time, room at each level,
/// probability, definitions.
std::string buffer_table(const BufferReport& report);

}  // namespace breakwater
