// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <utility>

#if defined(__SANITIZE_THREAD__)
#include <sanitizer/tsan_interface.h>
#endif

/// Tells the thread sanitizer of the orders that oneTBB makes where the sanitizer cannot see them,
/// because the library is not built with it. Without the sanitizer it is nothing. Only what is
/// handed over is ordered, so that races between tasks are still found.
namespace breakwater {

/// Everything before a give() comes before what follows a take() of the same object. oneTBB gives the memory of
/// tasks that have ended to new ones, on any thread: the end of one object comes before the beginning of the next in
/// its place.
class Handover {
  public:
    Handover() { take(); }
    ~Handover() { give(); }
    Handover(const Handover&) = delete;
    Handover& operator=(const Handover&) = delete;

    void give() const {
#if defined(__SANITIZE_THREAD__)
        __tsan_release(const_cast<Handover*>(this));
#endif
    }
    void take() const {
#if defined(__SANITIZE_THREAD__)
        __tsan_acquire(const_cast<Handover*>(this));
#endif
    }
};

/// The body of a parallel loop. oneTBB copies it into each task that it splits off, and another
/// thread may run that copy: writing the copy comes before running it.
template <class Body>
class HandedOver {
  public:
    explicit HandedOver(Body body) : body_(std::move(body)) { handover_.give(); }
    HandedOver(const HandedOver& other) : body_(other.taken()) { handover_.give(); }
    HandedOver& operator=(const HandedOver&) = delete;
    ~HandedOver() = default;

    template <class Range>
    void operator()(const Range& range) const {
        taken()(range);
    }

  private:
    /// Before anything of this copy is read.
    const Body& taken() const {
        handover_.take();
        return body_;
    }

    Handover handover_;  // before the body: begins first and ends last
    Body body_;
};

}  // namespace breakwater
