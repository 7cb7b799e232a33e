// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>

#include "breakwater/report/buffer_words.hpp"

namespace breakwater {

/// Format `breakwater-buffer/1`: docs/buffer.md.
std::string buffer_json(const BufferReport& report);

}  // namespace breakwater
