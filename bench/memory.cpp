// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

/// A million accounts: how long loading takes, and how much memory load and stress need. The book is written by a child
/// process, so that making it does not count.

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "breakwater/io/book_reader.hpp"
#include "breakwater/io/book_writer.hpp"
#include "breakwater/io/folders.hpp"
#include "breakwater/io/generator.hpp"
#include "breakwater/io/scenario_file.hpp"
#include "breakwater/stress/run.hpp"
#include "figures.hpp"

namespace breakwater::bench {
namespace {

std::filesystem::path in_share(const char* folder, const char* file) {
    for (const auto& f : share_folders(folder))
        if (std::filesystem::exists(f / file)) return f / file;
    std::fprintf(stderr, "%s/%s not found\n", folder, file);
    std::exit(1);
}

void make_book(const std::filesystem::path& folder, std::uint32_t accounts) {
    const pid_t child = fork();
    if (child == 0) {
        write_book(generate_book(read_market(in_share("examples", "aave-v3-ethereum/market.toml")),
                                 accounts, 1),
                   folder);
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (status != 0) std::exit(1);
}

double peak_mb() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

}  // namespace
}  // namespace breakwater::bench

int main(int argc, char** argv) {
    using namespace breakwater;
    using namespace breakwater::bench;
    bool json = false;
    std::uint32_t accounts = 1'000'000;
    for (int i = 1; i < argc; ++i) {
        if (std::strcmp(argv[i], "--json") == 0) json = true;
        if (std::strcmp(argv[i], "--accounts") == 0 && i + 1 < argc)
            accounts = static_cast<std::uint32_t>(std::atoi(argv[++i]));
    }
    const auto folder =
        std::filesystem::temp_directory_path() / ("breakwater-bench-" + std::to_string(getpid()));
    make_book(folder, accounts);
    const double before = cpu_seconds();
    const Book book = read_book(folder);
    const double load = cpu_seconds() - before;
    std::size_t rows = 0;
    for (const auto& row : aave_market(book.state).accounts)
        rows += row.count;
    std::filesystem::remove_all(folder);

    char text[256];
    std::snprintf(text, sizeof text,
                  "CPU; %u accounts, %zu rows read in %.2f s, scaled to 1,000,000 rows", accounts,
                  rows, load);
    print({"load_1m_s", load * 1e6 / static_cast<double>(rows), "s", "-", text}, json);

    const auto setup =
        prepare_storm(book, read_scenario(in_share("scenarios", "flash-crash.toml")), 1);
    if (!setup) return 1;
    const RunResult run = run_storms(*setup, {.paths = 4, .threads = 2, .progress = {}});
    std::snprintf(text, sizeof text,
                  "%u accounts loaded and stressed, 4 paths of flash-crash on 2 threads, %.0f B an "
                  "account and worker",
                  accounts, static_cast<double>(run.effort.worker_bytes) / accounts);
    print({"memory_1m_mb", peak_mb(), "MB", "peak resident set", text}, json);
    return 0;
}
