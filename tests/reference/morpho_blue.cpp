// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "morpho_blue.hpp"

#include <algorithm>

namespace breakwater::reference {
namespace {

const Integer wad_one("1000000000000000000");
const Integer price_scale = wad_one * wad_one;  // 10^36
const Integer year = 31'536'000;

/// Thrown inside an event; the book is put back.
struct Refused {
    Error error;
};
[[noreturn]] void give_up(Error error) {
    throw Refused{error};
}
void demand(bool holds, Error error) {
    if (!holds) give_up(error);
}

/// Toward zero, as the interest model divides.
Integer wad_product(const Integer& a, const Integer& b) {
    return a * b / wad_one;
}

/// e^x in wad as the model's library has it: 2^q · (1 + r + r²/2).
Integer exponential(const Integer& x) {
    const Integer ln_2("693147180559945309");
    const Integer lower("-41446531673892822312");
    const Integer upper("93859467695000404319");
    if (x < lower) return 0;
    // The library's constant for everything from the upper bound on.
    if (x >= upper) return Integer("57716089161558943949701069502944508345128422502756744429568");
    const Integer half = ln_2 / 2;
    const Integer q = (x < 0 ? Integer(x - half) : Integer(x + half)) / ln_2;
    const Integer r = x - q * ln_2;
    const Integer mantissa = wad_one + r + r * r / wad_one / 2;
    const auto shift = static_cast<int>(q);
    return shift >= 0 ? Integer(mantissa << shift) : Integer(mantissa >> -shift);
}

}  // namespace

Integer integer(uint128 v) {
    return (Integer(static_cast<std::uint64_t>(v >> 64U)) << 64) |
           Integer(static_cast<std::uint64_t>(v));
}
Integer integer(const Uint256& v) {
    return (integer(v.high()) << 128) | integer(v.low());
}

MorphoTwin::MorphoTwin(const State& state) {
    const auto& market = std::get<morpho_blue::Market>(state.markets[0]);
    const morpho_blue::Totals& t = market.totals[0];
    book_ = {.supply_assets = integer(t.supply_assets.raw),
             .supply_shares = integer(t.supply_shares.raw),
             .borrow_assets = integer(t.borrow_assets.raw),
             .borrow_shares = integer(t.borrow_shares.raw),
             .collateral = integer(t.collateral.raw),
             .cash = integer(t.cash.raw),
             .price = integer(t.price()),
             .rate_at_target = t.rate_at_target,
             .lltv = t.lltv,
             .fee = t.fee,
             .updated = t.updated,
             .has_price = t.has_price != 0,
             .positions = std::vector<Position>(t.accounts)};
    for (std::size_t i = 0; i < market.positions.size(); ++i) {
        const morpho_blue::Position& p = market.positions[i];
        book_.positions[i] = {integer(p.supply_shares.raw), integer(p.borrow_shares.raw),
                              integer(p.collateral.raw)};
    }
    rate_model_ = t.rate_model;
    fee_recipient_ = index(t.fee_recipient);
    loan_ = t.loan;
    collateral_asset_ = t.collateral_asset;
}

/// A number that the engine has to hold in 128 bits.
Integer MorphoTwin::kept(Integer v) {
    if (v < 0 || (v >> 128) != 0) too_wide_ = true;
    return v;
}
Integer MorphoTwin::ratio_down(const Integer& a, const Integer& b, const Integer& c) {
    return kept(a * b / c);
}
Integer MorphoTwin::ratio_up(const Integer& a, const Integer& b, const Integer& c) {
    return kept((a * b + c - 1) / c);
}

// MORPHO-001: 10^6 virtual shares and one virtual atom.
Integer MorphoTwin::supply_shares_of(const Integer& assets, bool up) {
    const Integer shares = kept(book_.supply_shares + 1'000'000);
    const Integer all = kept(book_.supply_assets + 1);
    return up ? ratio_up(assets, shares, all) : ratio_down(assets, shares, all);
}
Integer MorphoTwin::supply_assets_of(const Integer& shares, bool up) {
    const Integer all = kept(book_.supply_shares + 1'000'000);
    const Integer assets = kept(book_.supply_assets + 1);
    return up ? ratio_up(shares, assets, all) : ratio_down(shares, assets, all);
}
Integer MorphoTwin::borrow_shares_of(const Integer& assets, bool up) {
    const Integer shares = kept(book_.borrow_shares + 1'000'000);
    const Integer all = kept(book_.borrow_assets + 1);
    return up ? ratio_up(assets, shares, all) : ratio_down(assets, shares, all);
}
Integer MorphoTwin::borrow_assets_of(const Integer& shares, bool up) {
    const Integer all = kept(book_.borrow_shares + 1'000'000);
    const Integer assets = kept(book_.borrow_assets + 1);
    return up ? ratio_up(shares, assets, all) : ratio_down(shares, assets, all);
}

// MORPHO-003.
Integer MorphoTwin::yearly_curve(const Integer& elapsed) {
    const Integer target = wad_one * 9 / 10;
    const Integer use =
        book_.supply_assets == 0 ? Integer(0) : book_.borrow_assets * wad_one / book_.supply_assets;
    const Integer room = use > target ? wad_one - target : target;
    const Integer error = (use - target) * wad_one / room;
    const Integer first = wad_one * 4 / 100 / year;
    const Integer least = wad_one / 1'000 / year;
    const Integer most = wad_one * 2 / year;
    const Integer start = book_.rate_at_target;
    Integer average = first;
    Integer end = first;
    if (start != 0) {
        const Integer speed = wad_one * 50 / year;
        const Integer adaptation = wad_product(speed, error) * elapsed;
        const auto moved = [&](const Integer& by) {
            return std::clamp(Integer(start * exponential(by) / wad_one), least, most);
        };
        average = start;
        end = start;
        if (adaptation != 0) {
            end = moved(adaptation);
            average = (start + end + 2 * moved(adaptation / 2)) / 4;
        }
    }
    book_.rate_at_target = end;
    const Integer slope = error < 0 ? Integer(wad_one * 3 / 4) : Integer(wad_one * 3);
    return wad_product(wad_product(slope, error) + wad_one, average);
}

// MORPHO-002.
void MorphoTwin::accrue() {
    if (now_ <= book_.updated) return;
    const Integer elapsed = now_ - book_.updated;
    book_.updated = now_;
    if (rate_model_ == morpho_blue::RateModel::none) return;
    Integer rate;
    if (rate_model_ == morpho_blue::RateModel::utilization)
        rate = book_.supply_assets == 0
                   ? Integer(0)
                   : book_.borrow_assets * wad_one / book_.supply_assets / year;
    else
        rate = yearly_curve(elapsed);
    const Integer x = kept(rate * elapsed);
    const Integer second = kept(x * x / (2 * wad_one));
    const Integer third = kept(second * x / (3 * wad_one));
    const Integer growth = kept(x + second + third);
    const Integer interest = kept(book_.borrow_assets * growth / wad_one);
    book_.borrow_assets = kept(book_.borrow_assets + interest);
    book_.supply_assets = kept(book_.supply_assets + interest);
    if (book_.fee == 0) return;
    const Integer fee = interest * book_.fee / wad_one;
    const Integer with_interest = book_.supply_assets;
    book_.supply_assets -= fee;
    const Integer shares = supply_shares_of(fee, false);
    book_.supply_assets = with_interest;
    book_.positions[fee_recipient_].supply_shares =
        kept(book_.positions[fee_recipient_].supply_shares + shares);
    book_.supply_shares = kept(book_.supply_shares + shares);
}

// MORPHO-004.
bool MorphoTwin::is_healthy(const Position& p) {
    if (p.borrow_shares == 0) return true;
    const Integer worth = p.collateral * book_.price / price_scale;
    if ((worth >> 256) != 0) too_wide_ = true;
    return worth * book_.lltv / wad_one >= borrow_assets_of(p.borrow_shares, true);
}

void MorphoTwin::act(const morpho_blue::Supply& e) {
    demand(e.assets.is_zero() != e.shares.is_zero(), Error::amount_inconsistent);
    accrue();
    Integer assets = integer(e.assets.raw);
    Integer shares = integer(e.shares.raw);
    if (shares == 0)
        shares = supply_shares_of(assets, false);
    else
        assets = supply_assets_of(shares, true);
    Position& p = book_.positions[index(e.account)];
    p.supply_shares = kept(p.supply_shares + shares);
    book_.supply_shares = kept(book_.supply_shares + shares);
    book_.supply_assets = kept(book_.supply_assets + assets);
    book_.cash = kept(book_.cash + assets);
}

void MorphoTwin::act(const morpho_blue::Withdraw& e) {
    demand(e.assets.is_zero() != e.shares.is_zero(), Error::amount_inconsistent);
    accrue();
    Integer assets = integer(e.assets.raw);
    Integer shares = integer(e.shares.raw);
    if (shares == 0)
        shares = supply_shares_of(assets, true);
    else
        assets = supply_assets_of(shares, false);
    Position& p = book_.positions[index(e.account)];
    demand(shares <= p.supply_shares && assets <= book_.supply_assets, Error::balance_insufficient);
    p.supply_shares -= shares;
    book_.supply_shares -= shares;
    book_.supply_assets -= assets;
    demand(book_.borrow_assets <= book_.supply_assets, Error::cash_insufficient);
    book_.cash = kept(book_.cash - assets);
}

void MorphoTwin::act(const morpho_blue::Borrow& e) {
    demand(e.assets.is_zero() != e.shares.is_zero(), Error::amount_inconsistent);
    accrue();
    Integer assets = integer(e.assets.raw);
    Integer shares = integer(e.shares.raw);
    if (shares == 0)
        shares = borrow_shares_of(assets, true);
    else
        assets = borrow_assets_of(shares, false);
    Position& p = book_.positions[index(e.account)];
    p.borrow_shares = kept(p.borrow_shares + shares);
    book_.borrow_shares = kept(book_.borrow_shares + shares);
    book_.borrow_assets = kept(book_.borrow_assets + assets);
    demand(p.borrow_shares == 0 || book_.has_price, Error::price_missing);
    demand(is_healthy(p), Error::collateral_insufficient);
    demand(book_.borrow_assets <= book_.supply_assets, Error::cash_insufficient);
    book_.cash = kept(book_.cash - assets);
}

void MorphoTwin::act(const morpho_blue::Repay& e) {
    demand(e.assets.is_zero() != e.shares.is_zero(), Error::amount_inconsistent);
    accrue();
    Integer assets = integer(e.assets.raw);
    Integer shares = integer(e.shares.raw);
    if (shares == 0)
        shares = borrow_shares_of(assets, false);
    else
        assets = borrow_assets_of(shares, true);
    Position& p = book_.positions[index(e.account)];
    demand(shares <= p.borrow_shares, Error::balance_insufficient);
    p.borrow_shares -= shares;
    book_.borrow_shares -= shares;
    book_.borrow_assets = std::max(Integer(0), Integer(book_.borrow_assets - assets));
    book_.cash = kept(book_.cash + assets);
}

void MorphoTwin::act(const morpho_blue::SupplyCollateral& e) {
    demand(!e.assets.is_zero(), Error::amount_zero);
    Position& p = book_.positions[index(e.account)];
    p.collateral = kept(p.collateral + integer(e.assets.raw));
    book_.collateral = kept(book_.collateral + integer(e.assets.raw));
}

void MorphoTwin::act(const morpho_blue::WithdrawCollateral& e) {
    demand(!e.assets.is_zero(), Error::amount_zero);
    accrue();
    Position& p = book_.positions[index(e.account)];
    const Integer assets = integer(e.assets.raw);
    demand(assets <= p.collateral, Error::balance_insufficient);
    p.collateral -= assets;
    book_.collateral -= assets;
    demand(p.borrow_shares == 0 || book_.has_price, Error::price_missing);
    demand(is_healthy(p), Error::collateral_insufficient);
}

// MORPHO-008 and MORPHO-009.
void MorphoTwin::act(const morpho_blue::Liquidate& e) {
    demand(e.seized.is_zero() != e.repaid.is_zero(), Error::amount_inconsistent);
    accrue();
    Position& p = book_.positions[index(e.borrower)];
    demand(book_.has_price, Error::price_missing);
    demand(!is_healthy(p), Error::health_factor_not_below_one);
    demand(!e.seized.is_zero() || book_.price != 0, Error::price_out_of_bounds);

    const Integer cursor = wad_one * 3 / 10 * (wad_one - book_.lltv) / wad_one;
    const Integer incentive =
        std::min(Integer(wad_one * 115 / 100), Integer(wad_one * wad_one / (wad_one - cursor)));
    Integer seized = integer(e.seized.raw);
    Integer shares = integer(e.repaid.raw);
    if (seized != 0) {
        const Integer quoted = (seized * book_.price + price_scale - 1) / price_scale;
        shares = borrow_shares_of(kept((quoted * wad_one + incentive - 1) / incentive), true);
    } else {
        const Integer worth = kept(borrow_assets_of(shares, false) * incentive / wad_one);
        seized = kept(worth * price_scale / book_.price);
    }
    const Integer repaid = borrow_assets_of(shares, true);
    demand(shares <= p.borrow_shares && seized <= p.collateral, Error::balance_insufficient);
    p.borrow_shares -= shares;
    p.collateral -= seized;
    book_.borrow_shares -= shares;
    book_.borrow_assets = std::max(Integer(0), Integer(book_.borrow_assets - repaid));
    book_.collateral -= seized;
    book_.cash = kept(book_.cash + repaid);
    if (p.collateral != 0 || p.borrow_shares == 0) return;
    const Integer lost = std::min(book_.borrow_assets, borrow_assets_of(p.borrow_shares, true));
    book_.borrow_assets -= lost;
    book_.supply_assets = kept(book_.supply_assets - lost);
    book_.borrow_shares -= p.borrow_shares;
    p.borrow_shares = 0;
}

void MorphoTwin::act(const morpho_blue::Accrue& /*e*/) {
    accrue();
}

void MorphoTwin::act(const morpho_blue::ReportPrice& e) {
    book_.price = integer(e.price);
    book_.has_price = true;
}

// MORPHO-010.
void MorphoTwin::act(const morpho_blue::SetFee& e) {
    demand(e.fee <= wad_one / 4, Error::parameters_invalid);
    accrue();
    book_.fee = e.fee;
}

std::optional<Error> MorphoTwin::apply(const State& /*feeds*/, const Event& event) {
    const Time time = event.time;
    const auto& action = std::get<morpho_blue::Action>(event.action);
    too_wide_ = false;
    if (seconds(time) < now_) return Error::time_before_state;
    const Book before = book_;
    const std::uint64_t now_before = now_;
    try {
        now_ = seconds(time);
        std::visit(
            [this](const auto& e) {
                const auto known = [this](AccountId a) {
                    demand(index(a) < book_.positions.size(), Error::account_unknown);
                };
                if constexpr (requires { e.account; }) known(e.account);
                if constexpr (requires { e.borrower; }) known(e.borrower);
                act(e);
            },
            action);
        demand(!too_wide_, Error::amount_overflow);
        return std::nullopt;
    } catch (const Refused& refused) {
        book_ = before;
        now_ = now_before;
        return too_wide_ ? Error::amount_overflow : refused.error;
    }
}

std::string MorphoTwin::difference(const State& state) const {
    const auto& market = std::get<morpho_blue::Market>(state.markets[0]);
    const morpho_blue::Totals& t = market.totals[0];
    std::string found;
    const auto compare = [&found](std::string_view what, const Integer& ours,
                                  const Integer& engines) {
        if (!found.empty() || ours == engines) return;
        found = std::string(what) + ": twin " + ours.str() + ", engine " + engines.str();
    };
    compare("supply assets", book_.supply_assets, integer(t.supply_assets.raw));
    compare("supply shares", book_.supply_shares, integer(t.supply_shares.raw));
    compare("borrow assets", book_.borrow_assets, integer(t.borrow_assets.raw));
    compare("borrow shares", book_.borrow_shares, integer(t.borrow_shares.raw));
    compare("collateral", book_.collateral, integer(t.collateral.raw));
    compare("cash", book_.cash, integer(t.cash.raw));
    compare("rate at target", book_.rate_at_target, t.rate_at_target);
    compare("updated", book_.updated, t.updated);
    compare("fee", book_.fee, t.fee);
    compare("loan tokens in custody", book_.cash, integer(state.custody[index(loan_)].held.raw));
    compare("collateral in custody", book_.collateral,
            integer(state.custody[index(collateral_asset_)].held.raw));
    for (std::size_t i = 0; i < book_.positions.size(); ++i) {
        const morpho_blue::Position p =
            i < market.positions.size() ? market.positions[i] : morpho_blue::Position{};
        const std::string who = " of account " + std::to_string(i);
        compare("supply shares" + who, book_.positions[i].supply_shares,
                integer(p.supply_shares.raw));
        compare("borrow shares" + who, book_.positions[i].borrow_shares,
                integer(p.borrow_shares.raw));
        compare("collateral" + who, book_.positions[i].collateral, integer(p.collateral.raw));
    }
    return found;
}

}  // namespace breakwater::reference
