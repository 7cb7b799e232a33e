// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdio>
#include <string>

#include "breakwater/io/atomic_output.hpp"
#include "breakwater/io/journal.hpp"
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

/// Every event of one path into a file that `replay` takes.
class FileJournal : public JournalPort {
  public:
    explicit FileJournal(JournalWriter& writer) : writer_(&writer) {}
    void applied(const Event& event) override { writer_->write(event); }

  private:
    JournalWriter* writer_;
};

}  // namespace breakwater
