// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/core/require.hpp"

#include <cstdio>
#include <cstdlib>

namespace breakwater {

void require_failed(const char* sentence, const char* file, int line) {
    std::fprintf(stderr, "breakwater: broken promise: %s (%s:%d)\n", sentence, file, line);
    std::abort();
}

}  // namespace breakwater
