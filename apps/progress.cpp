// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "progress.hpp"

#include <cstdio>

#include <sys/ioctl.h>
#include <unistd.h>

namespace breakwater {
namespace {

using Steady = std::chrono::steady_clock;

double seconds_since(Steady::time_point t) { return std::chrono::duration<double>(Steady::now() - t).count(); }

unsigned terminal_columns() {
    winsize size{};
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
    return 80;
}

}  // namespace

Progress::Progress(std::string what, std::uint32_t total, bool quiet)
    : what_(std::move(what)), total_(total), shown_(!quiet && isatty(STDERR_FILENO) != 0), start_(Steady::now()),
      last_(start_) {}

Progress::~Progress() {
    if (shown_) std::fprintf(stderr, "\r\033[K");
}

void Progress::at(std::uint32_t done) {
    if (!shown_) return;
    const std::lock_guard lock(mutex_);
    if (std::chrono::duration<double>(Steady::now() - last_).count() < 0.1 && done != total_) return;
    last_ = Steady::now();
    draw(done);
}

void Progress::draw(std::uint32_t done) {
    const double part = total_ == 0 ? 1 : static_cast<double>(done) / total_;
    const double spent = seconds_since(start_);
    const double left = done == 0 ? 0 : spent * (1 - part) / part;
    const unsigned columns = terminal_columns();
    const unsigned width = columns > 70 ? 30 : 10;
    const auto filled = static_cast<unsigned>(part * width);
    std::string bar(width, '.');
    for (unsigned i = 0; i < filled; ++i) bar[i] = '#';
    std::fprintf(stderr, "\r\033[K%s [%s] %3.0f %%  %u/%u  %.0f s left", what_.c_str(), bar.c_str(), 100 * part, done,
                 total_, left);
    std::fflush(stderr);
}

}  // namespace breakwater
