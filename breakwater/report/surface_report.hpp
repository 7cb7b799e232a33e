// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <string>
#include <vector>

#include "breakwater/io/option_chain_file.hpp"
#include "breakwater/stress/chain_study.hpp"

/// Option chains judged, as tables for a terminal and as JSON. Source: docs/surface.md.
namespace breakwater {

struct SurfaceReport {
    struct Snapshot {
        OptionChainFile file;  ///< its chains may have been moved from
        std::vector<ChainStudy> studies;
    };
    std::vector<Snapshot> snapshots;
};

std::string surface_table(const SurfaceReport& report);
std::string surface_json(const SurfaceReport& report);

}  // namespace breakwater
