// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <array>
#include <expected>
#include <string>
#include <vector>

#include "breakwater/stress/buffer_time.hpp"
#include "breakwater/stress/estimates.hpp"
#include "breakwater/world/smart_ltv.hpp"

/// How much room does an orderly liquidation need between "liquidatable" and "insolvent", and does
/// the threshold in force leave it? Per unit of collateral at the venue's price, an account is
/// liquidatable at a debt of LT. Until it is sold the price is lower by
///   the gap g      what the feed does not report: min(deviation, fall in one heartbeat),
///   the fall F     the quantile of the move over the time to liquidate,
///   the impact s   of this book's own sale,
/// and the bonus b is paid on top of the debt. It ends without loss where (1−g)(1−F)(1−s) ≥ LT(1+b):
///   room needed = 1 − (1−g)(1−F)(1−s)/(1+b)   against   room in force = 1 − LT.
/// F twice: from the law of the move (world/move_law.hpp), and from N simulated moves. Source:
/// docs/rules.md, BUFFER-001, BUFFER-003 and BUFFER-004; docs/buffer.md.
namespace breakwater {

inline constexpr std::array<double, 2> buffer_levels{0.99, 0.999};
/// The confidence level factor at which the quick screen is shown.
inline constexpr double smart_ltv_factor = 7;

enum class BufferVerdict : std::uint8_t { enough, too_little, cannot_tell };

struct BufferAt {
    double level = 0;
    double gap = 0;                     ///< [1]
    double fall = 0;                    ///< [1] F of the law
    Estimate fall_simulated;            ///< [1]
    double needed = 0;                  ///< [1] with F of the law
    Estimate needed_simulated;          ///< [1]
    double margin = 0;                  ///< [1] room in force − needed; negative: short
    BufferVerdict verdict{};            ///< of the law
    BufferVerdict verdict_simulated{};  ///< cannot_tell where the interval straddles the room
    double probability = 0;             ///< P(F > what the room leaves for it), with this gap
    Estimate probability_simulated;
};

struct BufferRow {
    AssetId asset{};
    double collateral = 0;    ///< [USD] of borrowers, that counts for them
    double emode_share = 0;   ///< [1] of it under a threshold of an e-mode
    double threshold = 0;     ///< [1] LT outside e-mode
    double bonus = 0;         ///< [1] b, the protocol's part included
    double room = 0;          ///< [1] 1 − LT
    double room_of_fall = 0;  ///< [1] 1 − LT(1 + b): what gap, fall and impact may use
    double rise = 0;          ///< [1] 1/LT − 1 − b: the same as a part of the debt
    Unwinding unwinding;
    TimeToLiquidate time;
    std::array<BufferAt, buffer_levels.size()> at;
    SmartLtvInput screen_input;
    double screen = 0;        ///< [1] SmartLTV at smart_ltv_factor
    double screen_level = 0;  ///< c at which the screen gives LT
};

/// Why an asset has no row.
struct BufferLeftOut {
    AssetId asset{};
    std::string reason;
};

struct BufferOptions {
    std::uint32_t paths = 100'000;
    std::uint64_t seed = 1;
};

struct Buffers {
    BufferOptions options;
    std::vector<BufferRow> rows;  ///< by AssetId
    std::vector<BufferLeftOut> left_out;
};

/// A sentence where the book cannot be valued or the scenario has no law of moves (a replayed
/// history).
std::expected<Buffers, std::string> buffers_of(const Book& book, const Scenario& scenario,
                                               const BufferOptions& options);

}  // namespace breakwater
