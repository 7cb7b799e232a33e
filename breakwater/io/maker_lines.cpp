// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/maker_lines.hpp"

#include <array>

#include "breakwater/io/decimal.hpp"
#include "breakwater/io/event_lines.hpp"

namespace breakwater {
namespace {

std::string_view name_of(maker::Curve curve) {
    constexpr std::array<std::string_view, 3> names{"linear", "stairstep", "exponential"};
    return names[static_cast<std::size_t>(curve)];
}
std::string_view name_of(maker::Stopped stopped) {
    constexpr std::array<std::string_view, 4> names{"none", "new_auctions", "resets", "takes"};
    return names[static_cast<std::size_t>(stopped)];
}

/// The fields of events and effects, by their names in the records.
struct MakerAdding {
    const Book& book;
    JsonLine& line;

    void add(const char* key, AccountId v) const { line.text(key, account_text(book, v)); }
    void add(const char* key, maker::IlkId v) const { line.integer(key, index(v)); }
    void add(const char* key, const Uint256& v) const { line.text(key, format_integer(v)); }
    template <class Kind>
    void add(const char* key, Quantity<Kind> v) const {
        line.text(key, format_integer(v.raw));
    }

    void operator()(const maker::Join& e) const { flow(e); }
    void operator()(const maker::Exit& e) const { flow(e); }
    void operator()(const maker::Adjust& e) const {
        add("account", e.account);
        add("ilk", e.ilk);
        add("lock", e.lock);
        add("free", e.free);
        add("draw", e.draw);
        add("wipe", e.wipe);
    }
    void operator()(const maker::Move& e) const {
        add("from", e.from);
        add("to", e.to);
        add("amount", e.amount);
    }
    void operator()(const maker::Poke& e) const {
        add("ilk", e.ilk);
        add("price", e.price);
    }
    void operator()(const maker::Drip& e) const { add("ilk", e.ilk); }
    void operator()(const maker::Bark& e) const {
        add("ilk", e.ilk);
        add("borrower", e.borrower);
        add("keeper", e.keeper);
    }
    void operator()(const maker::Take& e) const {
        auction(e);
        add("buyer", e.buyer);
        add("amount_max", e.amount_max);
        if (e.price_max) add("price_max", *e.price_max);
    }
    void operator()(const maker::Redo& e) const {
        auction(e);
        add("keeper", e.keeper);
    }
    void operator()(const maker::Flog& e) const { line.integer("era", seconds(e.era)); }
    void operator()(const maker::Heal& e) const { add("amount", e.amount); }
    void operator()(const maker::UpdateChost& e) const { add("ilk", e.ilk); }
    void operator()(const maker::SetIlk& e) const {
        add("ilk", e.ilk);
        terms(e.parameters);
    }
    void operator()(const maker::AuctionStarted& e) const {
        auction(e);
        add("borrower", e.borrower);
        add("tab", e.tab);
        add("lot", e.lot);
        add("top", e.top);
        add("paid", e.paid);
    }
    void operator()(const maker::AuctionRestarted& e) const {
        auction(e);
        add("top", e.top);
        add("paid", e.paid);
    }
    void operator()(const maker::AuctionEnded& e) const {
        auction(e);
        add("unpaid", e.unpaid);
        add("returned", e.returned);
    }

  private:
    void flow(const auto& e) const {
        add("account", e.account);
        add("ilk", e.ilk);
        add("amount", e.amount);
    }
    void auction(const auto& e) const {
        add("ilk", e.ilk);
        line.integer("sale", e.sale);
    }
    void terms(const maker::IlkParameters& p) const {
        add("line", p.line);
        add("dust", p.dust);
        add("hole", p.hole);
        add("tip", p.tip);
        add("chip", p.chip);
        add("chop", p.chop);
        add("liquidation_ratio", p.liquidation_ratio);
        add("duty", p.duty);
        add("buf", p.buf);
        add("cusp", p.cusp);
        add("cut", p.cut);
        line.integer("tail", p.tail).integer("step", p.step).integer("tau", p.tau);
        line.text("curve", name_of(p.curve)).text("stopped", name_of(p.stopped));
        line.text("asset", book.assets[index(p.asset)].symbol).integer("decimals", p.decimals);
    }
};

// In the order of the variants.
constexpr std::array<std::string_view, 13> actions{
    "maker.join", "maker.exit",         "maker.adjust", "maker.move", "maker.poke",
    "maker.drip", "maker.bark",         "maker.take",   "maker.redo", "maker.flog",
    "maker.heal", "maker.update_chost", "maker.set_ilk"};
constexpr std::array<std::string_view, 3> maker_effects{"maker.auction_started",
                                                  "maker.auction_restarted", "maker.auction_ended"};
static_assert(actions.size() == std::variant_size_v<maker::Action>);
static_assert(maker_effects.size() == std::variant_size_v<maker::Effect>);

}  // namespace

std::string_view native_name(const maker::Action& action) {
    return actions[action.index()];
}
std::string_view native_name(const maker::Effect& effect) {
    return maker_effects[effect.index()];
}

void add_native(const Book& book, JsonLine& line, const maker::Action& action) {
    std::visit(MakerAdding{.book = book, .line = line}, action);
}
void add_native(const Book& book, JsonLine& line, const maker::Effect& effect) {
    std::visit(MakerAdding{.book = book, .line = line}, effect);
}

}  // namespace breakwater
