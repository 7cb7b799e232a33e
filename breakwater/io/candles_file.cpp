// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/candles_file.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "breakwater/io/csv.hpp"
#include "breakwater/io/decimal.hpp"
#include "breakwater/io/json_reader.hpp"
#include "breakwater/io/time_text.hpp"
#include "breakwater/io/toml.hpp"

namespace breakwater {
namespace {

constexpr std::size_t columns_max = 32;
constexpr double milliseconds_from =
    1e11;  ///< as seconds the year 5138, as milliseconds March 1973
constexpr std::string_view columns_expected =
    "a header with time (or date, timestamp, open_time, unix), open, high, low, close";

/// A candle and where it was read.
struct Row {
    Candle candle;
    std::uint64_t line = 0;
};

struct Rows {
    std::string symbol;
    std::vector<Row> rows;
};

class CandleReader {
  public:
    CandleReader(const TextFile& file, std::string_view symbol)
        : file_(file), symbol_(symbol.empty() ? "" : base_symbol(symbol)) {}

    CandleFile run() {
        const std::size_t start = file_.text().find_first_not_of(" \t\r\n");
        if (start != std::string_view::npos && file_.text()[start] == '[')
            read_json();
        else
            read_csv();
        return finish();
    }

  private:
    [[noreturn]] void fail(const std::string& fault, const std::string& expected) const {
        throw InputError(file_.name(), line_, fault, expected);
    }
    void read_csv();
    void read_json();
    [[nodiscard]] std::int64_t time(std::string_view text);
    [[nodiscard]] double price(std::string_view name, std::string_view text) const;
    void add(const std::string& symbol, const Candle& candle);
    CandleFile finish();
    void finish_series(Rows& rows, CandleFile& out);

    const TextFile& file_;
    std::string symbol_;
    std::uint64_t line_ = 0;
    std::vector<Rows> found_;
    bool has_seconds_ = false;
    bool has_milliseconds_ = false;
};

std::int64_t CandleReader::time(std::string_view text) {
    if (const auto moment = parse_utc(text)) return *moment;
    const auto number = parse_number(text);
    if (!number || *number < 0 || *number > 1e14)
        fail("time is " + quote(text), "a UTC time, or seconds or milliseconds since 1970");
    const bool is_milliseconds = *number >= milliseconds_from;
    (is_milliseconds ? has_milliseconds_ : has_seconds_) = true;
    return static_cast<std::int64_t>(is_milliseconds ? *number / 1'000 : *number);
}

double CandleReader::price(std::string_view name, std::string_view text) const {
    const auto value = parse_number(text);
    if (!value || !(*value > 0))
        fail(std::string(name) + " is " + quote(text), "a positive number");
    return *value;
}

void CandleReader::add(const std::string& symbol, const Candle& c) {
    if (c.low > std::min(c.open, c.close) || c.high < std::max(c.open, c.close))
        fail("open and close do not lie between low and high", "low <= open, close <= high");
    auto at = std::ranges::find(found_, symbol, &Rows::symbol);
    if (at == found_.end()) at = found_.insert(found_.end(), Rows{.symbol = symbol, .rows = {}});
    at->rows.push_back({.candle = c, .line = line_});
}

void CandleReader::read_csv() {
    constexpr std::array<std::string_view, 8> time_names{
        "open_time", "timestamp", "time", "datetime", "unix", "unix_timestamp", "ts", "date"};
    constexpr std::array<std::string_view, 4> price_names{"open", "high", "low", "close"};
    constexpr std::array<std::string_view, 3> symbol_names{"symbol", "ticker", "asset"};
    Lines lines(file_.text());
    std::string_view line;
    std::array<std::string_view, columns_max> fields;
    lines.next(line);
    line_ = 1;
    const std::size_t columns = split_fields(line, fields);
    if (columns > columns_max) fail("more than 32 columns", std::string(columns_expected));
    const auto column = [&](std::string_view name) {
        for (std::size_t i = 0; i < columns; ++i)
            if (lower(fields[i]) == name) return i;
        return columns_max;
    };
    const auto first_of = [&](std::span<const std::string_view> names) {
        for (const std::string_view name : names)
            if (const std::size_t i = column(name); i != columns_max) return i;
        return columns_max;
    };
    const std::size_t time_at = first_of(time_names);
    const std::size_t symbol_at = symbol_.empty() ? first_of(symbol_names) : columns_max;
    if (time_at == columns_max) fail("no column of times", std::string(columns_expected));
    std::array<std::size_t, 4> price_at{};
    for (std::size_t i = 0; i < price_at.size(); ++i) {
        price_at[i] = column(price_names[i]);
        if (price_at[i] == columns_max)
            fail("no column " + quote(price_names[i]), std::string(columns_expected));
    }
    if (symbol_.empty() && symbol_at == columns_max)
        symbol_ = base_symbol(std::filesystem::path(file_.name()).filename().string());
    while (lines.next(line)) {
        line_ = lines.number();
        const std::size_t count = split_fields(line, fields);
        if (count != columns)
            fail(std::to_string(count) + " fields", std::to_string(columns) + " as in the header");
        std::array<double, 4> p{};
        for (std::size_t i = 0; i < p.size(); ++i)
            p[i] = price(price_names[i], fields[price_at[i]]);
        add(symbol_at == columns_max ? symbol_ : base_symbol(fields[symbol_at]),
            {.time = time(fields[time_at]),
             .open = p[0],
             .high = p[1],
             .low = p[2],
             .close = p[3]});
    }
}

void CandleReader::read_json() {
    constexpr auto expected = "[[milliseconds, open, high, low, close, ...], ...]";
    nlohmann::json rows;
    try {
        rows = nlohmann::json::parse(file_.text());
    } catch (const nlohmann::json::parse_error&) {
        fail("not complete JSON", expected);
    }
    if (symbol_.empty())
        symbol_ = base_symbol(std::filesystem::path(file_.name()).filename().string());
    const auto text_of = [](const nlohmann::json& value) {
        return value.is_string() ? value.get<std::string>() : value.dump();
    };
    constexpr std::array<std::string_view, 4> names{"open", "high", "low", "close"};
    for (const nlohmann::json& row : rows) {
        if (!row.is_array() || row.size() < 5)
            fail("a row is not a list of five or more", expected);
        std::array<double, 4> p{};
        for (std::size_t i = 0; i < p.size(); ++i)
            p[i] = price(names[i], text_of(row[i + 1]));
        add(symbol_, {.time = time(text_of(row[0])),
                      .open = p[0],
                      .high = p[1],
                      .low = p[2],
                      .close = p[3]});
    }
}

void CandleReader::finish_series(Rows& rows, CandleFile& out) {
    const auto time_of = [](const Row& row) { return row.candle.time; };
    if (!std::ranges::is_sorted(rows.rows, {}, time_of)) {
        std::ranges::stable_sort(rows.rows, {}, time_of);
        out.notes.push_back(file_.name() + ": " + rows.symbol +
                            " was not in the order of time, sorted");
    }
    CandleSeries series{.name = rows.symbol, .candles = {}};
    std::size_t repeated = 0;
    for (const Row& row : rows.rows) {
        if (!series.candles.empty() && series.candles.back().time == row.candle.time) {
            const Candle& before = series.candles.back();
            const Candle& c = row.candle;
            line_ = row.line;
            if (before.open != c.open || before.high != c.high || before.low != c.low ||
                before.close != c.close)
                fail("a second, different candle of " + rows.symbol + " at " + format_utc(c.time),
                     "one candle for each time");
            ++repeated;
            continue;
        }
        series.candles.push_back(row.candle);
    }
    if (repeated != 0)
        out.notes.push_back(file_.name() + ": " + std::to_string(repeated) + " repeated rows of " +
                            rows.symbol + " skipped");
    out.series.push_back(std::move(series));
}

CandleFile CandleReader::finish() {
    CandleFile out;
    file_.add_notes(out.notes);
    if (found_.empty()) {
        line_ = 0;
        fail("no candles", "a row for each candle below the header");
    }
    if (has_seconds_ && has_milliseconds_)
        out.notes.push_back(file_.name() +
                            ": seconds and milliseconds are mixed, told apart by size");
    for (Rows& rows : found_)
        finish_series(rows, out);
    return out;
}

}  // namespace

CandleFile read_candles(const std::filesystem::path& path, std::string_view symbol) {
    const TextFile file(path);
    return CandleReader(file, symbol).run();
}

std::string base_symbol(std::string_view text) {
    constexpr std::array<std::string_view, 6> venues{"BINANCE",  "BINANCEUS", "KRAKEN",
                                                     "COINBASE", "BITSTAMP",  "BYBIT"};
    constexpr std::array<std::string_view, 5> quotes{"USDT", "USDC", "BUSD", "USD", "DAI"};
    while (!text.empty()) {
        const std::size_t length = std::min(text.find_first_of("_-/. :"), text.size());
        std::string token(text.substr(0, length));
        for (char& c : token)
            c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
        text.remove_prefix(std::min(length + 1, text.size()));
        if (token.empty() || std::ranges::find(venues, token) != venues.end()) continue;
        for (const std::string_view quote : quotes)
            if (token.size() > quote.size() && token.ends_with(quote))
                return token.substr(0, token.size() - quote.size());
        return token;
    }
    return {};
}

bool prices_asset(std::string_view series, std::string_view asset) {
    const std::string name = base_symbol(asset);
    return name == series || name == "W" + std::string(series);
}

std::vector<HistoryPoint> candles_to_history(const CandleFile& candles, std::string_view symbol,
                                             std::int64_t from, std::int64_t seconds) {
    for (const CandleSeries& series : candles.series) {
        if (!prices_asset(series.name, symbol)) continue;
        auto points = history_from_candles(series, from, seconds);
        if (!points)
            throw InputError(
                "candles of " + series.name, 0, points.error(),
                "candles from " + format_utc(from) + " to " + format_utc(from + seconds));
        return *points;
    }
    throw InputError("candles", 0, "none of " + std::string(symbol), "a series with its name");
}

std::vector<std::string> use_candles(Scenario& scenario, const CandleFile& candles,
                                     std::int64_t from, std::span<const AssetDescription> assets) {
    using History = PriceScenario::History;
    std::vector<History>& histories = scenario.price.histories;
    if (scenario.price.model != PriceScenario::Model::history)
        throw InputError("scenario " + scenario.name, 0, "has no price history to replace",
                         "a scenario with model = \"history\"");
    const auto seconds = static_cast<std::int64_t>(scenario.horizon_seconds);
    std::vector<std::string> said;
    for (const CandleSeries& series : candles.series) {
        const auto at = std::ranges::find_if(histories, [&](const History& h) {
            return !h.kind && prices_asset(series.name, h.symbol);
        });
        const auto asset = std::ranges::find_if(
            assets, [&](const AssetDescription& a) { return prices_asset(series.name, a.symbol); });
        if (at == histories.end() && asset == assets.end()) {
            said.push_back("candles of " + series.name +
                           ": no asset or history has this name, not used");
            continue;
        }
        const std::string name = at != histories.end() ? at->symbol : asset->symbol;
        History own;
        own.symbol = name;
        own.source = "own candles";
        own.points = candles_to_history(candles, name, from, seconds);
        said.push_back("candles of " + series.name + " are the history of " + name + " from " +
                       format_utc(from) + " on");
        if (at != histories.end())
            *at = std::move(own);
        else
            histories.insert(histories.begin(), std::move(own));
    }
    return said;
}

std::optional<std::int64_t> scenario_start(const std::filesystem::path& path) {
    const TextFile file(path);
    const TomlValue root = parse_toml(file);
    const auto member = [](const TomlValue* value, std::string_view key) -> const TomlValue* {
        const auto* table = value == nullptr ? nullptr : std::get_if<TomlTable>(&value->data);
        if (table == nullptr) return nullptr;
        const auto at = std::ranges::find(*table, key, &TomlMember::key);
        return at == table->end() ? nullptr : &at->value;
    };
    const auto front = [](const TomlValue* value) -> const TomlValue* {
        const auto* array = value == nullptr ? nullptr : std::get_if<TomlArray>(&value->data);
        return array == nullptr || array->empty() ? nullptr : &array->front();
    };
    const TomlValue* histories = member(member(&root, "price"), "history");
    if (histories == nullptr) return std::nullopt;
    const auto* list = std::get_if<TomlArray>(&histories->data);
    if (list == nullptr) return std::nullopt;
    for (const TomlValue& history : *list) {
        const TomlValue* time = front(front(member(&history, "points")));
        if (time == nullptr) continue;
        if (const auto* text = std::get_if<std::string>(&time->data)) return parse_utc(*text);
        if (const auto* moment = std::get_if<TomlTime>(&time->data)) return moment->seconds;
    }
    return std::nullopt;
}

}  // namespace breakwater
