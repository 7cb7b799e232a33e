// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>

#include "breakwater/core/rulebooks/maker_ledger.hpp"

namespace breakwater::maker {

void dig(MakerDesk& desk, Ilk& ilk, const Rad& amount) {
    System& all = system(desk);
    all.dirt = sub_wide(desk.math, all.dirt, amount);
    ilk.dirt = sub_wide(desk.math, ilk.dirt, amount);
}

namespace {

/// What of the hole is left; none where it is overfull.
Rad room_in(Checked& math, const Rad& hole, const Rad& dirt) {
    return hole > dirt ? sub_wide(math, hole, dirt) : Rad{};
}

Result<Ray> starting_price(MakerDesk& desk, const Ilk& ilk, const IlkParameters& p) {
    const Ray feed = feed_price_down(desk.math, ilk.price, system_parameters(desk).par);
    const Ray top{desk.math.ray_mul_down(feed.raw, p.buf.raw)};
    if (top.is_zero()) return std::unexpected(Error::price_missing);
    return top;
}

Sale& change_sale(MakerDesk& desk, IlkId ilk, std::uint32_t id) {
    return desk.change<&Market::sales>(desk.stored().row(id - 1, ilk));
}
Active& change_active(MakerDesk& desk, IlkId ilk, std::uint32_t place) {
    return desk.change<&Market::active>(desk.stored().row(place - 1, ilk));
}

/// clip._remove: the auction that stands last takes the place of the one that ends.
void remove(MakerDesk& desk, IlkId id, Ilk& ilk, Sale& sale) {
    Active& last = change_active(desk, id, ilk.count);
    if (sale.place != ilk.count) {
        change_active(desk, id, sale.place) = last;
#if !BREAKWATER_MUTANT_MAKER_023
        change_sale(desk, id, static_cast<std::uint32_t>(last.sale)).place = sale.place;
#endif
    }
    last = {};
    --ilk.count;
    sale = {};
}

/// clip.kick
Status kick(MakerDesk& desk, const Bark& event, Ilk& ilk, const BarkSize& size) {
    const IlkParameters& p = parameters(desk, event.ilk);
    if (p.stopped >= Stopped::new_auctions) return refuse(Error::auctions_stopped);
    const auto top = starting_price(desk, ilk, p);
    if (!top) return refuse(top.error());
    ++ilk.kicks;
    ++ilk.count;
    change_active(desk, event.ilk, ilk.count).sale = ilk.kicks;
    change_sale(desk, event.ilk, ilk.kicks) = {.tab = size.tab,
                                               .lot = size.sold,
                                               .top = *top,
                                               .penalty = sub_wide(desk.math, size.tab, size.due),
                                               .tic = seconds(desk.now()),
                                               .usr = event.borrower,
                                               .place = ilk.count};
    const Rad paid = incentive_down(desk.math, size.tab, p.tip, p.chip);
    suck(desk, event.keeper, paid);
    desk.emit(Effect{AuctionStarted{.ilk = event.ilk,
                                    .sale = ilk.kicks,
                                    .borrower = event.borrower,
                                    .tab = size.tab,
                                    .lot = size.sold,
                                    .top = *top,
                                    .paid = paid}});
    return {};
}

/// What is left to raise and was not penalty is lost: the vow keeps it as sin. Source: MAKER-015.
void realise_loss(MakerDesk& desk, const Sale& sale, const Rad& tab) {
    if (tab <= sale.penalty) return;
    const Rad loss = div_wide_up(desk.math, sub_wide(desk.math, tab, sale.penalty), ray);
    const AssetId dai = desk.stored().dai();
    desk.emit(LossRealised{.id = desk.event_number() * 256 + index(dai),
                           .account = sale.usr,
                           .asset = dai,
                           .amount = {desk.math.narrow(loss)}});
}

/// A sale that has begun and not ended.
Result<Sale*> running_sale(MakerDesk& desk, IlkId id, const Ilk& ilk, std::uint32_t number) {
    if (number == 0 || number > ilk.kicks) return std::unexpected(Error::auction_not_running);
    Sale& sale = change_sale(desk, id, number);
    if (sale.place == 0) return std::unexpected(Error::auction_not_running);
    return &sale;
}

/// What a sale asks for, and whether it has run too long or fallen too far for that to hold.
struct Asking {
    Ray price;
    bool is_void = false;
};
Asking asking_now(MakerDesk& desk, const IlkParameters& p, const Sale& sale) {
    const std::uint64_t age = seconds(desk.now()) - sale.tic;
    const Ray price = auction_price_down(desk.math, curve_of(p), sale.top, age);
    return {.price = price, .is_void = is_void(desk.math, price, sale.top, age, p.tail, p.cusp)};
}

}  // namespace

Status bark(MakerDesk& desk, const Bark& event) {
    Checked& math = desk.math;
    const IlkParameters& p = parameters(desk, event.ilk);
    Ilk& ilk = change_ilk(desk, event.ilk);
    System& all = system(desk);
    Vault& vault = change_vault(desk, event.borrower, event.ilk);
    const Rad room = std::min(room_in(math, system_parameters(desk).hole, all.dirt),
                              room_in(math, p.hole, ilk.dirt));
    const auto size = bark_size(math, {.locked = vault.locked,
                                       .debt = vault.debt,
                                       .rate = ilk.rate,
                                       .spot = ilk.spot,
                                       .dust = p.dust,
                                       .chop = p.chop,
                                       .room = room});
    if (!size) return refuse(size.error());

    // vat.grab: from the vault to the clip, the debt to the vow.
    Account& vow = change_account(desk, desk.stored().vow());
    vault.locked -= size->sold;
    vault.debt -= size->debt;
    ilk.debt.raw = math.sub(ilk.debt.raw, size->debt.raw);
    ilk.auctioned.raw = math.add(ilk.auctioned.raw, size->sold.raw);
    vow.sin = math.add_wide(vow.sin, size->due);
    all.vice = math.add_wide(all.vice, size->due);
    enqueue(desk, size->due);
    all.dirt = math.add_wide(all.dirt, size->tab);
    ilk.dirt = math.add_wide(ilk.dirt, size->tab);
    return kick(desk, event, ilk, *size);
}

Status take(MakerDesk& desk, const Take& event) {
    Checked& math = desk.math;
    const IlkParameters& p = parameters(desk, event.ilk);
    if (p.stopped >= Stopped::takes) return refuse(Error::auctions_stopped);
    Ilk& ilk = change_ilk(desk, event.ilk);
    const auto running = running_sale(desk, event.ilk, ilk, event.sale);
    if (!running) return refuse(running.error());
    Sale& sale = **running;
    const Asking asking = asking_now(desk, p, sale);
#if !BREAKWATER_MUTANT_MAKER_012
    if (asking.is_void) return refuse(Error::auction_needs_reset);
#endif
    const Ray price = asking.price;
    if (event.price_max && *event.price_max < price) return refuse(Error::slippage_exceeded);
    const auto size =
        take_size(math, {.tab = sale.tab, .lot = sale.lot, .price = price, .chost = ilk.chost},
                  event.amount_max);
    if (!size) return refuse(size.error());

    const Rad tab = sub_wide(math, sale.tab, size->paid);
    const Amount lot = sale.lot - size->bought;
    Vault& buyer = change_vault(desk, event.buyer, event.ilk);
    ilk.auctioned.raw = math.sub(ilk.auctioned.raw, size->bought.raw);
    buyer.free.raw = math.add(buyer.free.raw, size->bought.raw);
    if (const Status paid = move(desk, Move{event.buyer, desk.stored().vow(), size->paid}); !paid)
        return paid;
    desk.emit(Liquidated{.borrower = sale.usr,
                         .liquidator = event.buyer,
                         .collateral = p.asset,
                         .debt = desk.stored().dai(),
                         .repaid = {math.narrow(div_wide_down(size->paid, ray))},
                         .seized = size->bought,
                         .protocol_fee = {}});
#if BREAKWATER_MUTANT_MAKER_022
    dig(desk, ilk, size->paid);
#else
    dig(desk, ilk, lot.is_zero() ? sale.tab : size->paid);
#endif
    if (!lot.is_zero() && !is_zero(tab)) {
        sale.tab = tab;
        sale.lot = lot;
        return {};
    }
    if (lot.is_zero()) realise_loss(desk, sale, tab);
    Vault& back = change_vault(desk, sale.usr, event.ilk);
    ilk.auctioned.raw = math.sub(ilk.auctioned.raw, lot.raw);
    back.free.raw = math.add(back.free.raw, lot.raw);
    desk.emit(
        Effect{AuctionEnded{.ilk = event.ilk, .sale = event.sale, .unpaid = tab, .returned = lot}});
    remove(desk, event.ilk, ilk, sale);
    return {};
}

Status redo(MakerDesk& desk, const Redo& event) {
    Checked& math = desk.math;
    const IlkParameters& p = parameters(desk, event.ilk);
    if (p.stopped >= Stopped::resets) return refuse(Error::auctions_stopped);
    const Ilk& ilk = change_ilk(desk, event.ilk);
    const auto running = running_sale(desk, event.ilk, ilk, event.sale);
    if (!running) return refuse(running.error());
    Sale& sale = **running;
    const Asking asking = asking_now(desk, p, sale);
    if (!asking.is_void) return refuse(Error::auction_still_runs);
    const auto top = starting_price(desk, ilk, p);
    if (!top) return refuse(top.error());
    sale.tic = seconds(desk.now());
    sale.top = *top;
    const Ray feed = feed_price_down(math, ilk.price, system_parameters(desk).par);
    // Nobody is paid for an auction that nobody would buy.
    Rad paid;
    if (sale.tab >= ilk.chost && mul_wide(sale.lot.raw, feed.raw) >= ilk.chost)
        paid = incentive_down(math, sale.tab, p.tip, p.chip);
    suck(desk, event.keeper, paid);
    desk.emit(Effect{
        AuctionRestarted{.ilk = event.ilk, .sale = event.sale, .top = sale.top, .paid = paid}});
    return {};
}

}  // namespace breakwater::maker
