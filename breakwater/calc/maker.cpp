// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

/// Maker's rates, auction prices and auction sizes, by name.

#include <algorithm>
#include <array>

#include "breakwater/calc/exact.hpp"
#include "breakwater/calc/families.hpp"
#include "breakwater/core/rulebooks/maker_auction.hpp"

namespace breakwater::calc {
namespace {

using nlohmann::json;

json run_rpow(Input& in) {
    Checked math;
    const Ray z = maker::power_half_up(math, {in.natural("x")}, seconds_of(in, "n"));
    refuse_overflow(in, math);
    return {{"z", decimal(z.raw)}};
}

json run_rate(Input& in) {
    Checked math;
    const uint128 growth = math.add(in.natural_or("base", 0), in.natural("duty"));
    const Ray power = maker::power_half_up(math, {growth}, seconds_of(in, "seconds"));
    const uint128 rate = math.ray_mul_down(power.raw, in.natural("rate"));
    refuse_overflow(in, math);
    return {{"rate", decimal(rate)}};
}

json run_spot(Input& in) {
    Checked math;
    const Ray feed = maker::feed_price_down(math, {in.natural("price")},
                                            {in.has("par") ? natural_above_zero(in, "par") : ray});
    const uint128 spot = math.ray_div_down(feed.raw, natural_above_zero(in, "mat"));
    refuse_overflow(in, math);
    return {{"spot", decimal(spot)}, {"feed_price", decimal(feed.raw)}};
}

maker::PriceCurve curve_of(Input& in) {
    maker::PriceCurve out;
    out.curve = maker::Curve(in.choice("curve", {"linear", "stairstep", "exponential"}));
    if (out.curve == maker::Curve::linear)
        out.tau = seconds_of(in, "tau");
    else
        out.cut.raw = in.natural("cut");
    if (out.curve == maker::Curve::stairstep)
        out.step = static_cast<std::uint64_t>(natural_above_zero(in, "step", ~std::uint64_t{0}));
    return out;
}

json run_auction_price(Input& in) {
    Checked math;
    const Ray top{natural_above_zero(in, "top")};
    const std::uint64_t age = seconds_of(in, "age");
    const Ray price = maker::auction_price_down(math, curve_of(in), top, age);
    json out = {{"price", decimal(price.raw)}};
    if (in.has("tail") || in.has("cusp"))
        out["needs_redo"] =
            maker::is_void(math, price, top, age, seconds_of(in, "tail"), {in.natural("cusp")});
    refuse_overflow(in, math);
    return out;
}

json run_chost(Input& in) {
    Checked math;
    const auto chost = mul_div_down(math, in.wide_natural("dust"), in.natural("chop"), wad);
    refuse_overflow(in, math);
    return {{"chost", decimal(chost)}};
}

json run_incentive(Input& in) {
    Checked math;
    const auto coin = maker::incentive_down(math, in.wide_natural("tab"), in.wide_natural("tip"),
                                            {in.natural("chip")});
    refuse_overflow(in, math);
    return {{"coin", decimal(coin)}};
}

json run_bark(Input& in) {
    Checked math;
    const maker::BarkInputs inputs{.locked = {in.natural("ink")},
                                   .debt = {in.natural("art")},
                                   .rate = {in.natural("rate")},
                                   .spot = {in.natural("spot")},
                                   .dust = in.wide_natural("dust"),
                                   .chop = {natural_above_zero(in, "chop")},
                                   .room = in.wide_natural("room")};
    const auto size = maker::bark_size(math, inputs);
    refuse_overflow(in, math);
    if (!size) return refusal(size.error());
    return {{"dink", decimal(size->sold.raw)},
            {"dart", decimal(size->debt.raw)},
            {"due", decimal(size->due)},
            {"tab", decimal(size->tab)}};
}

json run_take(Input& in) {
    Checked math;
    const maker::TakeInputs inputs{.tab = in.wide_natural("tab"),
                                   .lot = {in.natural("lot")},
                                   .price = {in.natural("price")},
                                   .chost = in.wide_natural("chost")};
    const auto size = maker::take_size(math, inputs, {in.natural("amt")});
    refuse_overflow(in, math);
    if (!size) return refusal(size.error());
    const auto tab = sub_wide(math, inputs.tab, size->paid);
    const Amount lot = inputs.lot - size->bought;
    return {{"slice", decimal(size->bought.raw)},
            {"owe", decimal(size->paid)},
            {"tab", decimal(tab)},
            {"lot", decimal(lot.raw)},
            {"ends", lot.is_zero() || is_zero(tab)}};
}

constexpr std::array<Function, 8> table{{
    {.name = "maker.rpow",
     .summary = "A power by squaring, each product half up",
     .units = "x, z: ray; n: count",
     .source = "dss abaci.sol, jug.sol; MAKER-005",
     .run = run_rpow},
    {.name = "maker.rate",
     .summary = "The accumulated rate after some seconds of stability fee",
     .units = "base (or none), duty, rate: ray; seconds: s",
     .source = "dss jug.sol, drip; MAKER-005",
     .run = run_rate},
    {.name = "maker.spot",
     .summary = "The price at which a vault is still safe",
     .units = "price: wad USD per token; mat, par (or 1), spot, feed_price: ray",
     .source = "dss spot.sol, poke; MAKER-004",
     .run = run_spot},
    {.name = "maker.auction_price",
     .summary = "What an auction asks at an age: linear, stairstep or exponential decrease",
     .units = "top, cut, cusp, price: ray; age, tau, step, tail: s",
     .source = "dss abaci.sol; clip.sol, status; MAKER-011, MAKER-012",
     .run = run_auction_price},
    {.name = "maker.chost",
     .summary = "The least rest of an auction",
     .units = "dust, chost: rad; chop: wad",
     .source = "dss clip.sol, upchost; MAKER-006",
     .run = run_chost},
    {.name = "maker.incentive",
     .summary = "What a keeper receives for starting an auction",
     .units = "tab, tip, coin: rad; chip: wad",
     .source = "dss clip.sol, kick; MAKER-014",
     .run = run_incentive},
    {.name = "maker.bark",
     .summary = "How much of an unsafe vault is put up for sale",
     .units = "ink, art, chop, dink, dart: wad; rate, spot: ray; dust, room, due, tab: rad",
     .source = "dss dog.sol, bark; MAKER-010",
     .run = run_bark},
    {.name = "maker.take",
     .summary = "How much a take buys and pays, and what is left",
     .units = "lot, amt, slice: wad; price: ray; tab, chost, owe: rad",
     .source = "dss clip.sol, take; MAKER-013",
     .run = run_take},
}};

}  // namespace

std::span<const Function> maker_functions() {
    return table;
}

}  // namespace breakwater::calc
