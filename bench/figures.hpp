// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <algorithm>
#include <cstdio>
#include <string>
#include <time.h>
#include <vector>

/// What every benchmark says: a figure, its unit, what it was compared with and how it was set up.
namespace breakwater::bench {

/// [s] CPU time of this process, which other work on the machine does not lengthen.
inline double cpu_seconds() {
    timespec t{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

inline double median(std::vector<double> v) {
    std::sort(v.begin(), v.end());
    return v.empty() ? 0 : v[v.size() / 2];
}

struct Figure {
    std::string name;
    double value = 0;
    std::string unit;
    std::string baseline;
    std::string setup;
};

/// One JSON object a line, or an aligned table. The texts are our own and need no escaping.
inline void print(const Figure& f, bool json) {
    if (json) {
        std::printf(
            "{\"figure\": \"%s\", \"value\": %.6g, \"unit\": \"%s\", \"baseline\": \"%s\", "
            "\"setup\": \"%s\"}\n",
            f.name.c_str(), f.value, f.unit.c_str(), f.baseline.c_str(), f.setup.c_str());
    } else {
        std::printf("%-36s %12.5g %-10s %-44s %s\n", f.name.c_str(), f.value, f.unit.c_str(),
                    f.baseline.c_str(), f.setup.c_str());
    }
    std::fflush(stdout);
}

}  // namespace breakwater::bench
