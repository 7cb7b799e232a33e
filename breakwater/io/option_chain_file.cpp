// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/option_chain_file.hpp"

#include <algorithm>
#include <array>
#include <expected>
#include <map>
#include <span>
#include <tuple>

#include "breakwater/io/csv.hpp"
#include "breakwater/io/decimal.hpp"
#include "breakwater/io/error.hpp"
#include "breakwater/io/text_file.hpp"
#include "breakwater/io/time_text.hpp"

namespace breakwater {
namespace {

enum Column : std::uint8_t {
    timestamp,
    instrument,
    type,
    strike,
    expiry,
    bid,
    ask,
    forward,
    interest,
    currency,
    index_price
};
constexpr std::array<std::string_view, 11> columns{
    "timestamp", "instrument_name", "option_type",   "strike",   "expiry_datetime", "bid_price",
    "ask_price", "futures_price",   "open_interest", "currency", "index_price"};
constexpr std::size_t fields_max = 64;
constexpr double largest = 1e9;

using Fields = std::array<std::string_view, fields_max>;

class ChainReader {
  public:
    explicit ChainReader(const TextFile& file) : file_(file), lines_(file.text()) {}

    OptionChainFile run() {
        read_header();
        for (std::string_view line; lines_.next(line);) {
            if (line.empty()) continue;
            ++out_.rows;
            if (const auto done = read_row(line); !done)
                out_.refused.push_back({.line = lines_.number(), .reason = done.error()});
        }
        return finish();
    }

  private:
    using Done = std::expected<void, std::string>;

    void read_header() {
        std::string_view line;
        lines_.next(line);
        Fields names{};
        count_ = split_fields(line, names);
        const auto known = std::span(names).first(std::min(count_, fields_max));
        for (std::size_t i = 0; i < columns.size(); ++i) {
            const auto at = std::ranges::find(known, columns[i]);
            if (at == known.end())
                throw InputError(file_.name(), 1, "no column " + std::string(columns[i]),
                                 "a header with it");
            at_[i] = static_cast<std::size_t>(at - known.begin());
        }
    }

    Done read_row(std::string_view line) {
        if (split_fields(line, fields_) != count_)
            return fault("the row has another number of fields than the header");
        QuotedOption option{.instrument = std::string(field(instrument))};
        if (field(type) != "call" && field(type) != "put")
            return fault("option_type is " + quote(field(type)) + ", not call or put");
        option.kind = field(type) == "call" ? OptionKind::call : OptionKind::put;
        if (!option.instrument.ends_with(option.kind == OptionKind::call ? "-C" : "-P"))
            return fault("option_type differs from the end of " + quote(option.instrument));
        double index = 0.0;
        for (const auto& [column, out] : {std::pair{strike, &option.strike},
                                          {forward, &option.forward},
                                          {index_price, &index}}) {
            if (column == forward && field(forward).empty()) continue;
            const auto number = parse_number(field(column));
            if (!number || !(*number > 0.0) || *number > largest)
                return wrong(column, "a number above 0, at most 1e9");
            *out = *number;
        }
        for (const auto& [column, out] :
             {std::pair{bid, &option.bid}, {ask, &option.ask}, {interest, &option.open_interest}}) {
            if (field(column).empty()) continue;
            const auto number = parse_number(field(column));
            if (!number || *number < 0.0 || *number > largest)
                return wrong(column, "empty or a number from 0 to 1e9");
            *out = *number;
        }
        if (option.ask > 0.0 && option.bid > option.ask)
            return fault("bid_price is above ask_price");
        const auto now = parse_utc(field(timestamp));
        if (!now) return wrong(timestamp, "a time in UTC");
        const auto end = parse_utc(field(expiry));
        if (!end) return wrong(expiry, "a time in UTC");
        if (*end <= *now) return fault("expiry_datetime is not after timestamp");
        option.expiry = *end;
        return add(std::move(option), *now, index);
    }

    Done add(QuotedOption option, std::int64_t now, double index) {
        const std::string name(field(currency));
        if (name.empty()) return fault("currency is empty");
        if (const auto at = chains_.find(name); at != chains_.end() && at->second.as_of != now)
            return fault("timestamp differs from the first row's of " + name);
        if (line_of_.contains(option.instrument))
            return fault("a second row of " + quote(option.instrument));
        OptionChain& chain = chains_[name];
        chain.currency = name;
        chain.as_of = now;
        chain.index = index;
        line_of_[option.instrument] = lines_.number();
        chain.options.push_back(std::move(option));
        return {};
    }

    /// Rows of an expiry whose forward nobody stated get the one that its quotes imply, or go.
    void complete_forwards(OptionChain& chain) {
        const auto is_open = [](const QuotedOption& q) { return !(q.forward > 0.0); };
        const std::vector<QuotedOption> all = chain.options;
        for (QuotedOption& q : chain.options)
            if (is_open(q)) q.forward = implied_forward(all, q.expiry);
        for (const QuotedOption& q : chain.options)
            if (is_open(q))
                out_.refused.push_back(
                    {.line = line_of_[q.instrument],
                     .reason = "futures_price is empty and no call and put imply it"});
        out_.forwards_implied += static_cast<std::uint64_t>(
            std::ranges::count_if(all, is_open) - std::ranges::count_if(chain.options, is_open));
        std::erase_if(chain.options, is_open);
    }

    OptionChainFile finish() {
        if (chains_.empty())
            throw InputError(file_.name(), out_.refused.empty() ? 1 : out_.refused.front().line,
                             out_.refused.empty() ? "no rows" : out_.refused.front().reason,
                             "a row for each option");
        for (auto& [name, chain] : chains_) {
            std::ranges::sort(chain.options, {}, [](const QuotedOption& q) {
                return std::tuple(q.expiry, q.strike, q.kind);
            });
            complete_forwards(chain);
            out_.chains.push_back(std::move(chain));
        }
        std::ranges::sort(out_.refused, {}, &RefusedRow::line);
        out_.source = file_.name();
        return std::move(out_);
    }

    [[nodiscard]] std::string_view field(Column c) const { return fields_[at_[c]]; }
    static Done fault(std::string reason) { return std::unexpected(std::move(reason)); }
    [[nodiscard]] Done wrong(Column c, const char* expected) const {
        return fault(std::string(columns[c]) + " is " + quote(field(c)) + "; expected " + expected);
    }

    const TextFile& file_;
    Lines lines_;
    Fields fields_{};
    std::size_t count_ = 0;
    std::array<std::size_t, columns.size()> at_{};
    std::map<std::string, OptionChain> chains_;
    std::map<std::string, std::uint64_t> line_of_;  ///< by instrument
    OptionChainFile out_;
};

}  // namespace

OptionChainFile read_option_chains(const std::filesystem::path& path) {
    const TextFile file(path);
    return ChainReader(file).run();
}

}  // namespace breakwater
