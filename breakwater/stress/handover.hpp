// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#if defined(__SANITIZE_THREAD__)
#include <sanitizer/tsan_interface.h>
#endif

/// Tells the thread sanitizer of an order that oneTBB makes where the sanitizer cannot see it,
/// because the library is not built with it: everything before a give() comes before what follows a
/// take(). Without the sanitizer it is nothing. Takers are not ordered among each other, nor
/// givers, so that races between tasks are still found.
namespace breakwater {

class Handover {
  public:
    void give() {
#if defined(__SANITIZE_THREAD__)
        __tsan_release(this);
#endif
    }
    void take() {
#if defined(__SANITIZE_THREAD__)
        __tsan_acquire(this);
#endif
    }
};

}  // namespace breakwater
