// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/report/buffer_words.hpp"

#include <algorithm>
#include <cmath>

#include "breakwater/report/format.hpp"

namespace breakwater {
namespace {

/// Percentage points with two digits, no sign.
std::string points_text(double ratio) {
    return fixed(std::fabs(ratio) * 100, 2) + " pp";
}

std::string three_digits(double value, const char* unit) {
    return number_text(rounded(value, 3)) + " " + unit;
}

}  // namespace

std::string seconds_text(double seconds) {
    constexpr double minute = 60;
    constexpr double hour = 3'600;
    constexpr double day = 86'400;
    if (seconds < 2 * minute) return three_digits(seconds, "s");
    if (seconds < 2 * hour) return three_digits(seconds / minute, "min");
    if (seconds < 2 * day) return three_digits(seconds / hour, "h");
    return three_digits(seconds / day, "d");
}

const char* to_string(BufferVerdict verdict) {
    switch (verdict) {
        case BufferVerdict::enough:
            return "enough";
        case BufferVerdict::too_little:
            return "short";
        case BufferVerdict::cannot_tell:
            break;
    }
    return "cannot_tell";
}

std::string verdict_text(const BufferAt& at) {
    std::string out = at.verdict == BufferVerdict::enough
                          ? "enough, " + points_text(at.margin) + " over"
                          : "short by " + points_text(at.margin);
    if (at.verdict_simulated == at.verdict || !at.needed_simulated.supported) return out;
    return out + (at.verdict_simulated == BufferVerdict::cannot_tell ? "; simulation cannot tell"
                  : at.verdict_simulated == BufferVerdict::enough    ? "; simulation: enough"
                                                                     : "; simulation: short");
}

std::string verdict_summary(const BufferReport& report) {
    std::string enough;
    std::string short_of_it;
    for (const BufferRow& row : report.buffers->rows) {
        const std::string& symbol = report.book->assets[index(row.asset)].symbol;
        const auto& worst = row.at.back();
        std::string& list = worst.verdict == BufferVerdict::enough ? enough : short_of_it;
        list += (list.empty() ? "" : ", ") + symbol;
        if (worst.verdict != BufferVerdict::enough) list += " by " + points_text(worst.margin);
    }
    std::string out = "At 99.9 %";
    if (!short_of_it.empty()) out += " too little room: " + short_of_it;
    if (!enough.empty())
        out += std::string(short_of_it.empty() ? "" : ";") + " enough room: " + enough;
    return report.buffers->rows.empty() ? "No asset has borrowers whose room could be measured."
                                        : out + ".";
}

std::string support_text(const Buffers& buffers) {
    for (const BufferRow& row : buffers.rows)
        for (const BufferAt& at : row.at)
            if (!at.fall_simulated.supported)
                return "n/s: " + percent_text(at.level) + " is not supported by " +
                       count_text(buffers.options.paths) +
                       " simulated moves: fewer than 20 lie beyond it.";
    return {};
}

std::string model_text(const Scenario& scenario) {
    const PriceScenario& price = scenario.price;
    switch (price.model) {
        case PriceScenario::Model::gbm:
            return "geometric Brownian motion";
        case PriceScenario::Model::merton: {
            std::string out = "Merton jump diffusion";
            if (price.jump.intensity > 0)
                out += ", " + number_text(price.jump.intensity) + " jumps a year";
            if (price.jump.forced > 0)
                out += ", " + std::to_string(price.jump.forced) + " forced in " +
                       seconds_text(scenario.horizon_seconds);
            return out + ", median " + percent_text(price.jump.mean);
        }
        case PriceScenario::Model::student_t:
            return "Student t, " + number_text(price.degrees_of_freedom) +
                   " degrees of freedom, one size per " +
                   (price.mixing == PriceScenario::Mixing::day
                        ? "day"
                        : seconds_text(scenario.step_seconds));
        case PriceScenario::Model::history:
            break;
    }
    return "price history";
}

}  // namespace breakwater
