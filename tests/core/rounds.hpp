// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <concepts>

namespace breakwater::given {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool sanitized = true;
#elif defined(__has_feature)
inline constexpr bool sanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
inline constexpr bool sanitized = false;
#endif

/// How many random books a property goes through: `wanted`, or an eighth of them where a sanitizer makes each many
/// times dearer. The sanitizer sees the same code; the property is shown by the other builds.
template <std::integral Count>
constexpr Count rounds(Count wanted) {
    return sanitized ? wanted / 8 + 1 : wanted;
}

}  // namespace breakwater::given
