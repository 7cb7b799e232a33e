// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "figures.hpp"
#include "full_scan.hpp"
#include "reference.hpp"
#include "synthetic.hpp"

/// The watch against the fastest full scans: the same book, the same steps, the same exact look, the same accounts
/// found. Both get integer prices and indices and convert them themselves; found accounts leave both.
namespace breakwater::bench {
namespace {

constexpr int steps = 1440;

struct Run {
    double seconds = 0;
    std::uint64_t looks = 0;
    std::uint64_t found = 0;
    std::uint64_t hash = 0;  ///< of who was found when, whatever the order within a step
};

std::uint64_t mix(std::uint64_t x) {
    x = (x ^ (x >> 31U)) * 0x7fb5d329728ea185U;
    x = (x ^ (x >> 27U)) * 0x81dadef4bc2dd44dU;
    return x ^ (x >> 33U);
}

/// The exact look, counted, with a hint for whom it comes to next.
struct Look {
    const Book& book;
    std::span<const std::uint64_t> tens;
    const Step& now;
    std::uint64_t& looks;
    std::optional<Confirm> confirm;  ///< made when somebody is looked at

    bool operator()(AccountId id) {
        ++looks;
        if (!confirm) confirm.emplace(book, tens, now);
        return confirm->is_unhealthy(id);
    }
    [[nodiscard]] Watch::Rows rows() const { return {book.first.data(), sizeof(book.first[0])}; }
    [[nodiscard]] const void* address(AccountId id) const {
        return &book.legs[book.first[index(id)]];
    }
};

/// `collect(step, look, found)`.
template <class Collect>
Run run(const Book& book, const Path& path, Collect&& collect) {
    Run run;
    const auto tens = scales(book);
    std::vector<AccountId> found;
    const double start = cpu_seconds();
    for (std::size_t i = 0; i < path.size(); ++i) {
        const Step& now = path[i];
        found.clear();
        collect(now, Look{book, tens, now, run.looks, {}}, found);
        for (const AccountId id : found)
            run.hash += mix(i << 32U | index(id));
        run.found += found.size();
    }
    run.seconds = cpu_seconds() - start;
    return run;
}

template <class T>
Run run_scan(const Book& book, const Path& path, FullScan<T>& scan) {
    scan.reset();
    return run(book, path, [&](const Step& now, auto&& look, std::vector<AccountId>& found) {
        scan.collect(now, look, found);
    });
}

Watch make_watch(const Book& book, bool confirm_all) {
    Watch watch(book.assets.size(), watch_slop, confirm_all ? Doubt{} : watch_doubt);
    for (std::uint32_t a = 0; a < book.assets.size(); ++a) {
        const int leader = book.assets[a].follows;
        const double own = book.assets[a].volatility;
        const double with =
            leader >= 0 ? book.assets[static_cast<std::size_t>(leader)].volatility : 0.0;
        watch.set_stride(AssetId{static_cast<std::uint8_t>(a)},
                         600 + static_cast<std::uint32_t>((own + with) * 60'000));
    }
    set_units(watch, scales(book), book.start);
    watch.build(book.size(),
                [&](AccountId id, std::span<WatchLeg> out) { return watch_legs(book, id, out); });
    return watch;
}

Run run_watch(const Book& book, const Path& path, Watch& watch,
              std::span<const std::uint64_t> tens) {
    const double start = cpu_seconds();
    watch.rewind();
    const double rewound = cpu_seconds() - start;
    Run r = run(book, path, [&](const Step& now, auto&& look, std::vector<AccountId>& found) {
        set_units(watch, tens, now);
        watch.collect(look, found);
    });
    r.seconds += rewound;
    return r;
}

/// A few paths, each several times; counts are sums over the paths, seconds the median of a path.
template <class RunPath>
Run repeat(const std::vector<Path>& paths, int times, RunPath&& run_path) {
    Run total;
    std::vector<double> seconds;
    for (int t = 0; t < times; ++t) {
        for (const Path& path : paths) {
            const Run r = run_path(path);
            seconds.push_back(r.seconds);
            if (t != 0) continue;
            total.looks += r.looks;
            total.found += r.found;
            total.hash += r.hash;
        }
    }
    total.seconds = median(seconds);
    return total;
}

/// The full assessment of everybody who is found, at that step and the one before, and of every account at a few steps:
/// the look that both contenders use says the same there, and whoever is unhealthy has been found.
bool is_exact(const Book& book, const std::vector<Path>& paths, Watch& watch) {
    const auto tens = scales(book);
    bool same = true;
    std::vector<AccountId> found;
    for (const Path& path : paths) {
        watch.rewind();
        std::vector<bool> is_found(book.size());
        std::uint64_t looks = 0;
        for (std::size_t i = 0; i < path.size(); ++i) {
            const Step& now = path[i];
            found.clear();
            set_units(watch, tens, now);
            watch.collect(Look{book, tens, now, looks, {}}, found);
            for (const AccountId id : found) {
                is_found[index(id)] = true;
                same = same && is_unhealthy_exactly(book, now, id) &&
                       (i == 0 || !is_unhealthy_exactly(book, path[i - 1], id));
            }
            if (i % 240 != 0) continue;
            const Confirm confirm(book, tens, now);
            for (std::uint32_t a = 0; a < book.size(); ++a) {
                const bool unhealthy = is_unhealthy_exactly(book, now, AccountId{a});
                same = same && confirm.is_unhealthy(AccountId{a}) == unhealthy &&
                       (is_found[a] || !unhealthy);
            }
        }
    }
    return same;
}

struct Options {
    std::uint32_t accounts = 100'000;
    bool synthetic = false;    ///< the benchmark's own book instead of that of `generate`
    bool confirm_all = false;  ///< every crossing gets a look, on both sides
    bool json = false;
};

std::string setup_of(const Book& book, const char* storm, std::uint64_t found) {
    char text[200];
    std::snprintf(text, sizeof text,
                  "%u accounts, %zu legs, 8 assets, %d steps, %s, %llu found a path, %.1f %% of "
                  "debt below health 1.10",
                  book.size(), book.legs.size(), steps, storm,
                  static_cast<unsigned long long>(found), 100 * below_health(book, 1.10).debt);
    return text;
}

/// Both contenders on one storm. False when they found different accounts.
bool compare(const Book& book, Watch& watch, const char* storm, const std::vector<Path>& paths,
             const Options& options) {
    const auto tens = scales(book);
    const auto before = watch.counters();
    const Run w = repeat(paths, 1, [&](const Path& p) { return run_watch(book, p, watch, tens); });
    const auto after = watch.counters();
    const Run timed =
        repeat(paths, 9, [&](const Path& p) { return run_watch(book, p, watch, tens); });
    const auto n = static_cast<double>(paths.size());
    const std::string setup = setup_of(book, storm, w.found / paths.size());
    const auto figure = [&](const char* what, double value, const char* unit,
                            const std::string& baseline) {
        print({std::string("watch_") + what + "_" + storm, value, unit, baseline, setup},
              options.json);
    };
    figure("ms", 1e3 * timed.seconds, "ms/path", "");
    figure("looks_per_crossing", static_cast<double>(w.looks) / static_cast<double>(w.found), "",
           "");
    figure("visits_per_crossing",
           static_cast<double>(after.visits - before.visits) / static_cast<double>(w.found), "",
           "");
    figure("crossings", static_cast<double>(w.found) / n, "a path", "");

    bool same = true;
    const auto against = [&](const char* what, const char* layout, auto scan) {
        const Run s = repeat(paths, 2, [&](const Path& p) { return run_scan(book, p, scan); });
        same = same && s.hash == w.hash && s.found == w.found;
        char baseline[200];
        std::snprintf(baseline, sizeof baseline,
                      "AVX-512 full scan, %s: %.4g ms/path, %.1f MB a step", layout,
                      1e3 * s.seconds, 1e-6 * static_cast<double>(scan.bytes()));
        figure(what, s.seconds / timed.seconds, "x", baseline);
    };
    against("speedup", "a float column for each asset side in use", FullScan<float>(book, false, options.confirm_all));
    against("speedup_double", "a double column for each asset side in use",
            FullScan<double>(book, false, options.confirm_all));
    against("speedup_grouped", "float, accounts grouped by the assets they hold",
            FullScan<float>(book, true, options.confirm_all));

    if (!same) std::fprintf(stderr, "bench_watch: the contenders found different accounts\n");
    if (!is_exact(book, paths, watch)) {
        std::fprintf(stderr, "bench_watch: the full assessment says otherwise\n");
        same = false;
    }
    return same;
}

}  // namespace

int bench_watch(const Options& options) {
    std::string input;
    const auto make_book = [&](std::uint32_t accounts) {
        if (options.synthetic) return synthetic_book(accounts, 1);
        ReferenceBook made = reference_book(accounts, 1);
        input = "input hash " + made.input_hash + ", ";
        return std::move(made.book);
    };
    const Book book = make_book(options.accounts);
    const double start = cpu_seconds();
    Watch watch = make_watch(book, options.confirm_all);
    const double built = cpu_seconds() - start;
    const std::string setup = input + "health deciles " + health_deciles(book);
    print({"watch_build_ms", 1e3 * built, "ms", "", setup}, options.json);
    print({"watch_bytes_per_account", static_cast<double>(watch.memory_bytes()) / book.size(), "B",
           "", setup},
          options.json);

    const auto paths = [&](auto&& make) {
        std::vector<Path> all;
        for (const std::uint64_t seed : {7U, 8U, 9U})
            all.push_back(make(book, steps, seed));
        return all;
    };
    bool same = compare(book, watch, "calm", paths(calm_path), options);
    same = compare(book, watch, "crash", paths(crash_path), options) && same;

    const auto calm_seconds = [&](std::uint32_t accounts) {
        const Book sized = make_book(accounts);
        Watch w = make_watch(sized, options.confirm_all);
        const auto tens = scales(sized);
        return repeat(paths(calm_path), 5,
                      [&](const Path& p) { return run_watch(sized, p, w, tens); })
            .seconds;
    };
    const double small = calm_seconds(10'000);
    const double large = calm_seconds(1'000'000);
    char baseline[100];
    std::snprintf(baseline, sizeof baseline, "%.4g ms/path at 10,000 accounts, %.4g at 1,000,000",
                  1e3 * small, 1e3 * large);
    print({"watch_growth", large / small, "x", baseline, "calm, 8 assets, 1440 steps"},
          options.json);
    return same ? 0 : 1;
}

}  // namespace breakwater::bench

int main(int argc, char** argv) {
    breakwater::bench::Options options;
    for (int i = 1; i < argc; ++i) {
        if (std::strcmp(argv[i], "--json") == 0) {
            options.json = true;
        } else if (std::strcmp(argv[i], "--synthetic") == 0) {
            options.synthetic = true;
        } else if (std::strcmp(argv[i], "--confirm-all") == 0) {
            options.confirm_all = true;
        } else if (std::strcmp(argv[i], "--accounts") == 0 && i + 1 < argc) {
            options.accounts = static_cast<std::uint32_t>(std::strtoul(argv[++i], nullptr, 10));
        } else {
            std::fprintf(stderr,
                         "usage: bench_watch [--json] [--synthetic] [--confirm-all] [--accounts "
                         "N]\n");
            return 2;
        }
    }
    if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512dq")) {
        std::fprintf(stderr, "bench_watch: the full scan needs AVX-512\n");
        return 2;
    }
    return breakwater::bench::bench_watch(options);
}
