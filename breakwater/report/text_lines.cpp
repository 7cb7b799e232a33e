// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/report/text_lines.hpp"

#include "breakwater/report/text_table.hpp"

namespace breakwater {
namespace {

constexpr std::size_t page_width = 110;
constexpr std::size_t label_width = 14;

}  // namespace

std::string heading(const std::string& title) {
    return "\n" + printable(title) + "\n\n";
}

std::string line(const std::string& text) {
    return printable(text) + "\n";
}

std::string note(const std::string& text) {
    std::string out;
    for (const std::string& part : wrapped(printable(text), page_width))
        out += part + "\n";
    return out;
}

std::string labelled(const std::string& label, const std::string& text) {
    std::string out;
    for (const std::string& part : wrapped(printable(text), page_width - label_width)) {
        const std::string start = out.empty() ? label : "";
        out.append(start).append(label_width - start.size(), ' ').append(part).append("\n");
    }
    return out;
}

std::string value_text(const Estimate& e, Unit unit) {
    return e.supported ? quantity_text(e.value, unit) : "n/s";
}

std::string interval_text(const Estimate& e, Unit unit) {
    if (!e.supported) return reason_text(e.reason);
    if (e.low == e.high) return "exact";
    return quantity_text(e.low, unit) + " to " + quantity_text(e.high, unit);
}

std::string interval_in_words(const Estimate& e, Unit unit) {
    if (!e.supported) return " (" + reason_text(e.reason) + ")";
    return e.low == e.high ? "" : " [" + interval_text(e, unit) + "]";
}

}  // namespace breakwater
