// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/journal.hpp"

#include <utility>

#include "breakwater/io/atomic_output.hpp"
#include "breakwater/io/decimal.hpp"
#include "breakwater/io/event_lines.hpp"
#include "breakwater/io/feed_lines.hpp"
#include "breakwater/io/json_line.hpp"
#include "breakwater/io/json_reader.hpp"
#include "breakwater/io/native_lines.hpp"
#include "breakwater/io/venue_lines.hpp"

namespace breakwater {
namespace {

constexpr std::uint64_t any_integer = ~std::uint64_t{0};

nlohmann::json parse_line(std::string_view line, const std::string& file, std::uint64_t number) {
    try {
        return nlohmann::json::parse(line);
    } catch (const nlohmann::json::parse_error&) {
        throw InputError(file, number, "not a complete JSON object",
                         "one object a line, with a line end");
    }
}

std::vector<Wallets> read_wallets(const nlohmann::json& list, const std::string& file) {
    std::vector<Wallets> out;
    std::uint64_t all = 0;
    if (!list.is_array())
        throw InputError(file, 1, "attackers is no list", R"([{"wallets":1,"linked":false},...])");
    for (const nlohmann::json& one : list) {
        JsonReader in(one, file, 1);
        out.push_back({.count = static_cast<std::uint32_t>(in.integer("wallets", wallets_max)),
                       .are_linked = in.flag("linked")});
        in.finish();
        all += out.back().count;
    }
    if (all > wallets_max)
        throw InputError(file, 1, "attackers with " + std::to_string(all) + " wallets",
                         "at most " + std::to_string(wallets_max));
    return out;
}

/// Whether amounts are whole tokens.
struct Head {
    JournalHead head;
    bool tokens = false;
};

Head head_of(const nlohmann::json& object, const std::string& file) {
    Head out;
    const auto fail = [&](const std::string& fault, const std::string& expected) {
        throw InputError(file, 1, fault, expected);
    };
    JsonReader in(object, file, 1);
    if (!in.has("format"))
        fail("no head", R"({"format":"breakwater-events/1",...} as the first line)");
    if (const std::string format = in.text("format"); format != events_format)
        fail("format is " + quote(format), "\"" + std::string(events_format) + "\"");
    const std::string amounts = in.text("amounts");
    if (amounts != "atomic" && amounts != "tokens")
        fail("amounts is " + quote(amounts), "\"atomic\" or \"tokens\"");
    out.tokens = amounts == "tokens";
    JournalHead& head = out.head;
    head.version = in.text_or("version", "");
    head.input_hash = in.text_or("input_hash", "");
    head.scenario = in.text_or("scenario", "");
    if (in.has("seed")) head.seed = in.integer("seed", any_integer);
    if (in.has("path")) head.path = in.integer("path", any_integer);
    if (in.has("attackers")) head.attackers = read_wallets(in.at("attackers", "a list"), file);
    in.finish();
    return out;
}

DeficitPart part(JsonReader& in) {
    const std::string word = in.text_or("part", std::string(deficit_parts.front()));
    for (std::size_t i = 0; i < deficit_parts.size(); ++i)
        if (deficit_parts[i] == word) return static_cast<DeficitPart>(i);
    in.fail("part is " + quote(word), "whole, offset or pending");
}

}  // namespace

class EventReader::Impl {
  public:
    Impl(const std::filesystem::path& path, const Book& book)
        : file_(path), book_(book), names_(NameIndex::of(book.accounts)), lines_(file_.text()) {
        read_head();
    }

    std::optional<Event> next();
    [[nodiscard]] std::uint64_t line() const { return lines_.number(); }

    JournalHead head;
    std::optional<JournalEnd> end;

  private:
    [[noreturn]] void fail(const std::string& fault, const std::string& expected) const {
        throw InputError(file_.name(), lines_.number(), fault, expected);
    }
    [[nodiscard]] nlohmann::json parse(std::string_view line) const;
    void read_head();
    void read_end(JsonReader& in);
    [[nodiscard]] Action action(std::string_view name, JsonReader& in, MarketId market) const;
    [[nodiscard]] AssetId asset(JsonReader& in, std::string_view key) const;
    [[nodiscard]] AssetId asset_named(const std::string& symbol) const;
    [[nodiscard]] AccountId account(JsonReader& in, std::string_view key) const;
    [[nodiscard]] AccountId account_named(const std::string& name) const;
    [[nodiscard]] Size size(JsonReader& in, std::string_view key, AssetId asset) const;
    [[nodiscard]] Amount amount(JsonReader& in, AssetId asset) const;
    [[nodiscard]] ReportPrices prices(JsonReader& in) const;
    [[nodiscard]] Liquidate liquidate(JsonReader& in) const;
    [[nodiscard]] aave_v3::Parameters parameters(JsonReader& in, AssetId asset) const;
    [[nodiscard]] aave_v3::EMode emode(JsonReader& in) const;
    [[nodiscard]] uint128 map(JsonReader& in, std::string_view key) const;

    TextFile file_;
    const Book& book_;
    NameIndex names_;
    Lines lines_;
    bool tokens_ = false;  ///< amounts are whole tokens
    std::uint64_t events_ = 0;
};

nlohmann::json EventReader::Impl::parse(std::string_view line) const {
    return parse_line(line, file_.name(), lines_.number());
}

void EventReader::Impl::read_head() {
    std::string_view line;
    lines_.next(line);
    Head read = head_of(parse(line), file_.name());
    tokens_ = read.tokens;
    head = std::move(read.head);
    if (!head.input_hash.empty() && head.input_hash != book_.input_hash)
        fail("written for a book with input hash " + head.input_hash,
             "that book; this one has " + book_.input_hash);
}

void EventReader::Impl::read_end(JsonReader& in) {
    JournalEnd last;
    last.events = in.integer("end", any_integer);
    last.digest = in.text("digest");
    in.finish();
    if (last.events != events_)
        fail("the end counts " + std::to_string(last.events) + " events",
             std::to_string(events_) + ", as many as there are");
    end = last;
}

std::optional<Event> EventReader::Impl::next() {
    std::string_view line;
    if (!lines_.next(line)) return std::nullopt;
    if (end) fail("a line after the end", "nothing");
    const nlohmann::json object = parse(line);
    JsonReader in(object, file_.name(), lines_.number());
    if (in.has("end")) {
        read_end(in);
        return next();
    }
    Event event;
    event.time = Time{in.integer("time", any_integer >> 1U)};
    event.market = MarketId{static_cast<std::uint8_t>(in.integer_or("market", 255, 0))};
    event.action = action(in.text("event"), in, event.market);
    in.finish();
    ++events_;
    return event;
}

AssetId EventReader::Impl::asset_named(const std::string& symbol) const {
    for (std::size_t i = 0; i < book_.assets.size(); ++i)
        if (book_.assets[i].symbol == symbol) return AssetId{static_cast<std::uint8_t>(i)};
    fail("unknown asset " + quote(symbol), "the symbol of an asset of the book");
}

AssetId EventReader::Impl::asset(JsonReader& in, std::string_view key) const {
    return asset_named(in.text(key));
}

AccountId EventReader::Impl::account_named(const std::string& name) const {
    if (const auto found = names_.find(book_.accounts, name)) return *found;
    if (name.starts_with('#')) {
        const auto row = parse_integer(std::string_view(name).substr(1));
        if (row && *row < book_.accounts.size()) return AccountId{static_cast<std::uint32_t>(*row)};
    }
    fail("unknown account " + quote(name),
         "the name of an account of the book, or \"#\" and its row");
}

AccountId EventReader::Impl::account(JsonReader& in, std::string_view key) const {
    return account_named(in.text(key));
}

Size EventReader::Impl::size(JsonReader& in, std::string_view key, AssetId asset) const {
    const std::string text = in.text(key);
    if (text == "all") return Size::all();
    const unsigned decimals = tokens_ ? book_.assets[index(asset)].decimals : 0;
    const auto value = tokens_ ? parse_decimal(text, decimals) : parse_integer(text);
    if (!value)
        fail(std::string(key) + " " + quote(text) + " " + describe(value.error(), decimals),
             tokens_ ? "a decimal number of tokens" : "an integer of atomic units");
    return Size::exactly({*value});
}

Amount EventReader::Impl::amount(JsonReader& in, AssetId asset) const {
    const Size value = size(in, "amount", asset);
    if (value.is_all()) fail("amount is 'all'", "a number; supply and borrow do not take all");
    return value.amount;
}

ReportPrices EventReader::Impl::prices(JsonReader& in) const {
    ReportPrices out;
    out.prices.resize(book_.assets.size());
    const nlohmann::json& object = in.at("prices", R"({"SYMBOL":"price",...})");
    if (!object.is_object()) fail("prices is not an object", R"({"SYMBOL":"price",...})");
    for (const auto& [symbol, value] : object.items()) {
        const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
        const auto price = parse_decimal(text, price_decimals);
        if (!value.is_string() || !price || *price == 0)
            fail("price of " + symbol + " is " + quote(text),
                 "a positive decimal number in quotes");
        out.prices[index(asset_named(symbol))] = {*price};
    }
    return out;
}

Liquidate EventReader::Impl::liquidate(JsonReader& in) const {
    Liquidate out;
    out.borrower = account(in, "borrower");
    out.collateral = asset(in, "collateral");
    out.debt = asset(in, "debt");
    out.debt_to_cover = size(in, "debt_to_cover", out.debt);
    const std::string liquidator = in.text_or("liquidator", "(outside)");
    if (liquidator != "(outside)") out.liquidator = account_named(liquidator);
    out.receive_supply = in.flag_or("receive_supply", false);
    return out;
}

aave_v3::Parameters EventReader::Impl::parameters(JsonReader& in, AssetId asset) const {
    aave_v3::Parameters p;
    const auto small = [&in](const char* key) {
        return static_cast<std::uint16_t>(in.integer(key, 0xffff));
    };
    const auto rate = [&in](const char* key) {
        return static_cast<std::uint32_t>(in.integer(key, 0xffff'ffff));
    };
    p.ltv = small("ltv");
    p.liquidation_threshold = small("liquidation_threshold");
    p.liquidation_bonus = small("liquidation_bonus");
    p.liquidation_protocol_fee = small("liquidation_protocol_fee");
    p.reserve_factor = small("reserve_factor");
    p.optimal_usage = small("optimal_usage");
    p.base_rate = rate("base_rate");
    p.slope1 = rate("slope1");
    p.slope2 = rate("slope2");
    p.supply_cap = in.integer("supply_cap", any_integer);
    p.borrow_cap = in.integer("borrow_cap", any_integer);
    p.grace_until = in.integer_or("grace_until", any_integer, 0);
    unsigned flags = 0;
    if (in.flag_or("active", true)) flags |= aave_v3::active;
    if (in.flag_or("frozen", false)) flags |= aave_v3::frozen;
    if (in.flag_or("paused", false)) flags |= aave_v3::paused;
    if (in.flag("borrowing")) flags |= aave_v3::borrowing;
    p.flags = static_cast<std::uint16_t>(flags);
    p.decimals = static_cast<std::uint16_t>(book_.assets[index(asset)].decimals);
    return p;
}

uint128 EventReader::Impl::map(JsonReader& in, std::string_view key) const {
    uint128 out = 0;
    const nlohmann::json& list = in.at(key, R"(["SYMBOL",...])");
    if (!list.is_array()) fail(std::string(key) + " is not a list", R"(["SYMBOL",...])");
    for (const nlohmann::json& symbol : list) {
        if (!symbol.is_string())
            fail(std::string(key) + " is not a list of texts", R"(["SYMBOL",...])");
        out |= uint128{1} << index(asset_named(symbol.get<std::string>()));
    }
    return out;
}

aave_v3::EMode EventReader::Impl::emode(JsonReader& in) const {
    aave_v3::EMode out;
    out.ltv = static_cast<std::uint16_t>(in.integer("ltv", 0xffff));
    out.liquidation_threshold =
        static_cast<std::uint16_t>(in.integer("liquidation_threshold", 0xffff));
    out.liquidation_bonus = static_cast<std::uint16_t>(in.integer("liquidation_bonus", 0xffff));
    out.isolated = in.flag_or("isolated", false) ? 1 : 0;
    out.collateral = map(in, "collateral");
    out.borrowable = map(in, "borrowable");
    if (in.has("ltv_zero")) out.ltv_zero = map(in, "ltv_zero");
    return out;
}

Action EventReader::Impl::action(std::string_view name, JsonReader& in, MarketId market) const {
    const auto who = [&] { return account(in, "account"); };
    const auto what = [&] { return asset(in, "asset"); };
    if (name == "report_prices") return prices(in);
    if (name == "liquidate") return liquidate(in);
    if (name == "set_emode")
        return SetEMode{.account = who(),
                        .emode = static_cast<std::uint16_t>(in.integer("emode", 255))};
    if (name == "set_emode_parameters")
        return SetEModeParameters{.emode = static_cast<std::uint16_t>(in.integer("emode", 255)),
                                  .parameters = emode(in),
                                  .notice = read_notice(in)};
    if (auto of_feed = read_feed_event(
            name, in, [this](const std::string& symbol) { return asset_named(symbol); }))
        return std::move(*of_feed);
    const LineNames names{.book = book_,
                          .asset = [this](const std::string& n) { return asset_named(n); },
                          .account = [this](const std::string& n) { return account_named(n); },
                          .tokens = tokens_};
    if (auto of_venue = read_venue_event(name, in, names)) return std::move(*of_venue);
    if (auto of_native = read_native_event(name, in, names, market)) return std::move(*of_native);
    constexpr std::string_view others[] = {
        "supply",           "withdraw",          "borrow",        "repay",         "set_collateral",
        "mint_to_treasury", "eliminate_deficit", "cover_deficit", "slash_stake",   "set_parameters"};
    if (std::ranges::find(others, name) == std::end(others))
        fail("unknown event " + quote(name), "one of those of docs/formats.md");
    const AssetId asset = what();
    if (name == "mint_to_treasury") return MintToTreasury{asset};
    if (name == "cover_deficit") return CoverDeficit{asset};
    if (name == "slash_stake") return SlashStake{asset};
    if (name == "set_parameters")
        return SetParameters{
            .asset = asset, .parameters = parameters(in, asset), .notice = read_notice(in)};
    const AccountId account = who();
    if (name == "supply") return Supply{account, asset, amount(in, asset)};
    if (name == "withdraw") return Withdraw{account, asset, size(in, "amount", asset)};
    if (name == "borrow") return Borrow{account, asset, amount(in, asset)};
    if (name == "repay") return Repay{account, asset, size(in, "amount", asset)};
    if (name == "eliminate_deficit")
        return EliminateDeficit{account, asset, size(in, "amount", asset), part(in)};
    return SetCollateral{account, asset, in.flag("enabled")};
}

EventReader::EventReader(const std::filesystem::path& path, const Book& book)
    : impl_(std::make_unique<Impl>(path, book)) {}
EventReader::~EventReader() = default;
std::optional<Event> EventReader::next() {
    return impl_->next();
}
std::uint64_t EventReader::line() const {
    return impl_->line();
}
const JournalHead& EventReader::head() const {
    return impl_->head;
}
const std::optional<JournalEnd>& EventReader::end() const {
    return impl_->end;
}

JournalHead read_journal_head(const std::filesystem::path& path) {
    const TextFile file(path);
    Lines lines(file.text());
    std::string_view line;
    lines.next(line);
    return head_of(parse_line(line, file.name(), lines.number()), file.name()).head;
}

JournalWriter::JournalWriter(std::filesystem::path path, const Book& book, const JournalHead& head)
    : path_(std::move(path)), book_(book) {
    JsonLine line;
    line.text("format", events_format).text("amounts", "atomic").text("version", head.version);
    line.text("input_hash", head.input_hash);
    if (!head.scenario.empty()) line.text("scenario", head.scenario);
    if (head.seed) line.integer("seed", *head.seed);
    if (head.path) line.integer("path", *head.path);
    if (!head.attackers.empty()) {
        std::string list;
        for (const Wallets& w : head.attackers) {
            JsonLine one;
            one.integer("wallets", w.count).flag("linked", w.are_linked);
            list += (list.empty() ? "" : ",") + one.finish();
        }
        line.raw("attackers", "[" + list + "]");
    }
    text_ = line.finish() + "\n";
}

void JournalWriter::write(const Event& event) {
    text_ += event_line(book_, event) + "\n";
    ++events_;
}

void JournalWriter::finish(const std::string& digest) {
    JsonLine line;
    line.integer("end", events_).text("digest", digest);
    text_ += line.finish() + "\n";
    write_file_atomically(path_, text_);
}

}  // namespace breakwater
