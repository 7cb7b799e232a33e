// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <ctime>
#include <functional>
#include <memory>
#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/enumerable_thread_specific.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/info.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>
#include <vector>

#include "breakwater/stress/handover.hpp"

/// Paths on a few threads, a worker each: what every kind of storm shares.
namespace breakwater {

struct RunOptions {
    std::uint32_t paths = 2'000;
    std::uint32_t threads = 0;  ///< 0: as many as the machine has
    /// Called now and then from the calling thread's point of view with the number of finished paths.
    std::function<void(std::uint32_t)> progress;
};

/// CPU seconds that each thread spent in paths, for the scaling figure.
struct Effort {
    std::vector<double> thread_seconds;
    std::size_t worker_bytes = 0;
};

/// [s] CPU time of the calling thread.
inline double thread_seconds() {
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

/// Runs every path once; `each(worker, path)` is called on the worker's thread, `make()` gives a
/// thread its worker, whose `seconds` grows by the time that its paths take.
template <class Worker, class Make, class Each>
std::vector<std::unique_ptr<Worker>> run_paths(const RunOptions& options, Make make, Each each) {
    const int threads =
        options.threads != 0 ? static_cast<int>(options.threads) : tbb::info::default_concurrency();
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                    static_cast<std::size_t>(threads));
    tbb::task_arena arena(threads);
    tbb::enumerable_thread_specific<std::unique_ptr<Worker>> workers;
    std::atomic<std::uint32_t> finished{0};
    const Handover end;
    arena.execute([&] {
        const std::uint32_t grain =
            std::max(1U, std::min(16U, options.paths / (4U * static_cast<unsigned>(threads))));
        tbb::parallel_for(tbb::blocked_range<std::uint32_t>(0, options.paths, grain),
                          HandedOver([&](const tbb::blocked_range<std::uint32_t>& range) {
                              auto& worker = workers.local();
                              if (!worker) worker = make();
                              const double before = thread_seconds();
                              for (std::uint32_t p = range.begin(); p != range.end(); ++p)
                                  each(*worker, p);
                              worker->seconds += thread_seconds() - before;
                              const std::uint32_t count = static_cast<std::uint32_t>(range.size());
                              const std::uint32_t now = finished.fetch_add(count) + count;
                              if (options.progress) options.progress(now);
                              end.give();
                          }),
                          tbb::simple_partitioner());
    });
    end.take();
    std::vector<std::unique_ptr<Worker>> out;
    for (auto& w : workers)
        if (w) out.push_back(std::move(w));
    return out;
}

}  // namespace breakwater
