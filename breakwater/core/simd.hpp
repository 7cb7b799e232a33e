// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

/// One loop, compiled for several widths of vector register, chosen at run time. All widths give
/// the same bits: a kernel is a plain loop of integer operations, or of IEEE operations without
/// reductions, and no width may fuse a product with a sum (-ffp-contract=off). Chosen by a branch
/// and not by an ifunc, which sanitizers do not survive.
namespace breakwater::simd {

// A build that already asks for wide registers (-march=x86-64-v3 and above) needs no choice.
#if defined(__x86_64__) && !defined(__AVX__) && !defined(BREAKWATER_NO_DISPATCH)
#define BREAKWATER_DISPATCH 1
#endif

#ifdef BREAKWATER_DISPATCH
template <class Kernel, class... Args>
[[gnu::target("arch=x86-64-v4"), gnu::noinline]] void run_v4(Args... args) {
    Kernel::run(args...);
}

template <class Kernel, class... Args>
[[gnu::target("arch=x86-64-v3"), gnu::noinline]] void run_v3(Args... args) {
    Kernel::run(args...);
}
#endif

/// Runs Kernel::run(args...), which must be static and always_inline.
template <class Kernel, class... Args>
void run(Args... args) {
#ifdef BREAKWATER_DISPATCH
    if (__builtin_cpu_supports("x86-64-v4")) return run_v4<Kernel, Args...>(args...);
    if (__builtin_cpu_supports("x86-64-v3")) return run_v3<Kernel, Args...>(args...);
#endif
    Kernel::run(args...);
}

}  // namespace breakwater::simd
