// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdio>
#include <string>

#include "breakwater/io/atomic_output.hpp"
#include "breakwater/io/journal.hpp"
#include "breakwater/report/html.hpp"
#include "breakwater/stress/storm.hpp"

/// Where reports and journals of a stress go.
namespace breakwater {

/// "-" is standard output.
inline void write_output(const std::string& target, const std::string& text) {
    if (target == "-") {
        std::fwrite(text.data(), 1, text.size(), stdout);
        return;
    }
    write_file_atomically(target, text);
}

struct ReportTargets {
    std::string json;  ///< file, "-" or empty for none
    std::string html;  ///< file, or empty for none
    bool is_quiet = false;
};
/// The table to the terminal, unless quiet or the JSON goes there; JSON and page to their files.
template <class MakeJson>
void tell_report(const ReportTargets& to, const std::string& table, MakeJson make_json) {
    const bool speaks = !to.is_quiet && to.json != "-";
    if (speaks) std::fputs(table.c_str(), stdout);
    if (to.json.empty() && to.html.empty()) return;
    const std::string json = make_json();
    if (!to.json.empty()) write_output(to.json, json + "\n");
    if (to.html.empty()) return;
    write_output(to.html, report_html(json));
    if (speaks) std::printf("\nreport: %s\n", to.html.c_str());
}

/// Every event of one path into a file that `replay` takes.
class FileJournal : public JournalPort {
  public:
    explicit FileJournal(JournalWriter& writer) : writer_(&writer) {}
    void applied(const Event& event) override { writer_->write(event); }

  private:
    JournalWriter* writer_;
};

}  // namespace breakwater
