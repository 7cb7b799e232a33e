// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <algorithm>
#include <cmath>

#include "breakwater/core/require.hpp"
#include "breakwater/stress/amounts.hpp"
#include "breakwater/stress/venue_storm.hpp"
#include "breakwater/world/math.hpp"

/// The part of venue_storm.hpp in which the venue says what it sees: prices, marks, funding, risk
/// arrays, settlements. Here a double becomes a tick of a contract.
namespace breakwater {
namespace {

constexpr double rate_one = 1e9;
constexpr std::int64_t ticks_max = std::int64_t{1} << 40U;

std::int64_t ticks_of(double value, std::int64_t least) {
    return std::clamp(static_cast<std::int64_t>(std::floor(value + 0.5)), least, ticks_max);
}

}  // namespace

void VenueStorm::publish(const venue::Action& action) {
    REQUIRE(apply_now({.time = now_, .market = {}, .action = action}, How::publication) != nullptr);
}

void VenueStorm::report_prices() {
    auto& prices = std::get<ReportPrices>(report_.action).prices;
    std::ranges::fill(prices, Price{});
    for (const Report& r : world_.reports())
        prices[index(r.asset)] = r.price;
    for (std::size_t a = 0; opens_again_ && a < prices.size(); ++a)
        if (prices[a].is_zero()) prices[a] = to_price(world_.market()[a]);
    if (std::ranges::all_of(prices, [](Price p) { return p.is_zero(); })) return;
    report_.time = now_;
    REQUIRE(apply_now(report_, How::publication) != nullptr);
    for (std::size_t a = 0; a < prices.size(); ++a) {
        if (prices[a].is_zero()) continue;
        price_[a] = to_double(prices[a].raw) * 1e-8;
        tell_asset(a);
    }
}

/// [USD] Of every live option of the underlying, by the order of its contracts.
std::span<const double> VenueStorm::option_prices(std::size_t u) {
    const VolatilitySurface surface = world_.surface(u, static_cast<std::int64_t>(seconds(now_)));
    options_.clear();
    for (const std::uint16_t k : contracts_of_[u]) {
        const venue::Terms& t = market().terms[k];
        if (!t.is_option() || market().contracts[k].phase == venue::Phase::expired) continue;
        const double forward = forward_of(venue::ContractId{k});
        // The smile is that of the expiry; what is being averaged varies for a shorter time.
        const double years =
            static_cast<double>(static_cast<std::int64_t>(t.expiry) - surface.as_of) / seconds_per_year;
        const Option option{
            .kind = t.form == venue::Form::call ? OptionKind::call : OptionKind::put,
            .strike = strike_[k],
            .years = average_[k].variance_seconds(world_.seconds_in()) / seconds_per_year};
        options_.add(option, forward,
                     surface_volatility(surface, log_(option.strike / forward), years));
    }
    return options_.prices();
}

/// Without a mark where it is an option.
/// @param depth [USD] of the underlying
venue::MarkOf VenueStorm::mark_of(venue::ContractId contract, double depth) const {
    const VenueBook& v = setup_.venue;
    const VenueScenario& scenario = setup_.scenario.venue;
    const std::size_t k = venue::index(contract);
    const venue::Terms& t = market().terms[k];
    const ContractDescription& c = v.contracts[k];
    const std::size_t u = c.underlying;
    const AssetId asset = v.underlyings[u].asset;
    const double index_price = price_[index(asset)];
    venue::MarkOf out{.contract = contract};
    const double share = t.is_option() ? scenario.option_depth : scenario.perpetual_depth;
    const double lot_usd = t.is_inverse() ? c.lot() : c.lot() * index_price;
    out.depth = ticks_of(depth * share / lot_usd, 1);
    out.open_part = static_cast<std::uint32_t>(std::ceil(1e6 * average_[k].open()));
    if (!t.is_option())
        out.mark = ticks_of(average_[k].with(delivery_of(contract) * world_.mark_factor(u)) / c.tick(), 1);
    return out;
}

/// [USD] What the contract is expected to end at: of its average what is fixed, and delivery for the rest.
double VenueStorm::forward_of(venue::ContractId contract) const {
    return average_[venue::index(contract)].with(delivery_of(contract));
}

/// [USD] Delivery at the contract's expiry: index × what the book's forward stood above its index,
/// which goes to one as the expiry comes.
double VenueStorm::delivery_of(venue::ContractId contract) const {
    const std::size_t k = venue::index(contract);
    const ContractDescription& c = setup_.venue.contracts[k];
    const double index_price = price_[index(setup_.venue.underlyings[c.underlying].asset)];
    const std::uint64_t expiry = market().terms[k].expiry;
    if (expiry == 0) return index_price;
    const double whole = static_cast<double>(expiry - std::min(expiry, seconds(start_)));
    const double left = static_cast<double>(expiry - std::min(expiry, seconds(now_)));
    const double part = whole > 0 ? left / whole : 0;
    return index_price * (1 + (carry_[k] - 1) * part);
}

void VenueStorm::publish_marks() {
    const VenueScenario& scenario = setup_.scenario.venue;
    const double hours = setup_.scenario.step_seconds / 3'600;
    auto& marks = std::get<venue::PublishMarks>(std::get<venue::Action>(marks_.action)).marks;
    marks.clear();
    for (std::size_t u = 0; u < contracts_of_.size(); ++u) {
        const double index_price = price_[index(setup_.venue.underlyings[u].asset)];
        const double age = world_.seconds_in() - option_at_[u];
        const bool with_options =
            opens_again_ || age >= mark_seconds_ ||
            std::fabs(index_price / option_index_[u] - 1) >= scenario.option_move ||
            (is_averaging() && std::ranges::any_of(contracts_of_[u], [this](std::uint16_t k) {
                 return average_[k].is_begun() &&
                        market().contracts[k].phase != venue::Phase::expired;
             }));
        const double depth = world_.depth(setup_.venue.underlyings[u].asset);
        std::span<const double> options;
        if (with_options && has_options_[u]) {
            options = option_prices(u);
            option_index_[u] = index_price;
            option_at_[u] = world_.seconds_in();
        }
        for (const std::uint16_t k : contracts_of_[u]) {
            const venue::Contract& c = market().contracts[k];
            if (c.phase == venue::Phase::expired) continue;
            if (market().terms[k].is_option() && !with_options) continue;
            venue::MarkOf m = mark_of(venue::ContractId{k}, depth);
            if (market().terms[k].is_option()) {
                const bool in_coins = market().terms[k].settled == venue::Settled::coin;
                const double unit = in_coins ? forward_of(venue::ContractId{k}) : 1;
                m.mark = ticks_of(options.front() / unit / setup_.venue.contracts[k].tick(), 0);
                options = options.subspan(1);
            }
            const double most = scenario.slow_per_hour * hours *
                                (1 + (opens_again_ ? age / setup_.scenario.step_seconds : 0));
            const double move = static_cast<double>(m.mark) - slow_[k];
            if (!market().terms[k].is_option())
                slow_[k] += std::clamp(move, -most * slow_[k], most * slow_[k]);
            else
                slow_[k] = static_cast<double>(m.mark);
            m.slow = ticks_of(slow_[k], market().terms[k].is_option() ? 0 : 1);
            marks.push_back(m);
        }
    }
    if (marks.empty()) return;
    marks_.time = now_;
    REQUIRE(apply_now(marks_, How::publication) != nullptr);
    for (const venue::MarkOf& m : marks)
        tell_contract(venue::index(m.contract));
}

void VenueStorm::pay_funding(std::uint32_t step) {
    const double interval = setup_.scenario.venue.funding.interval_hours * 3'600;
    const double before = setup_.scenario.step_seconds * (step - 1);
    if (std::floor(world_.seconds_in() / interval) == std::floor(before / interval)) return;
    for (std::size_t u = 0; u < contracts_of_.size(); ++u) {
        const auto rate =
            static_cast<std::int64_t>(std::floor(world_.funding_rate(u) * rate_one + 0.5));
        if (rate == 0) continue;
        for (const std::uint16_t k : contracts_of_[u]) {
            if (market().terms[k].form != venue::Form::perpetual) continue;
            publish(venue::PayFunding{.contract = venue::ContractId{k}, .rate = rate});
            tell_contract(k);
        }
    }
}

void VenueStorm::publish_arrays() {
    const VenueScenario& scenario = setup_.scenario.venue;
    for (std::size_t u = 0; u < contracts_of_.size(); ++u) {
        if (!has_arrays_[u]) continue;
        const double index_price = price_[index(setup_.venue.underlyings[u].asset)];
        const bool is_due = opens_again_ || world_.seconds_in() - array_at_[u] >= array_seconds_ ||
                            std::fabs(index_price / array_index_[u] - 1) >= scenario.array_move;
        if (!is_due) continue;
        array_index_[u] = index_price;
        array_at_[u] = world_.seconds_in();
        const VolatilitySurface surface =
            world_.surface(u, static_cast<std::int64_t>(seconds(now_)));
        double moved = 0;
        for (const std::uint16_t k : contracts_of_[u]) {
            if (market().terms[k].by_arrays == 0) continue;
            if (market().contracts[k].phase == venue::Phase::expired) continue;
            const venue::ContractId contract{k};
            const double price = market().terms[k].is_option()
                                     ? forward_of(contract)
                                     : forward_of(contract) * world_.mark_factor(u);
            const auto array = arrays_.array_of(contract, surface,
                                                {.now = now_,
                                                 .price = price,
                                                 .index = index_price,
                                                 .version = market().arrays[k].version + 1});
            REQUIRE(array.has_value());
            moved = std::max(moved, array_moved(k, market().arrays[k], *array));
            publish(venue::PublishRiskArray{.contract = contract, .array = *array});
        }
        array_clock_[u] += moved;
        watch_.set(array_side(u), array_clock_[u]);
    }
}

/// [1] The most that one lot's requirement may have risen, in the contract's scale.
double VenueStorm::array_moved(std::size_t contract, const venue::RiskArray& before,
                               const venue::RiskArray& after) const {
    std::int64_t most = 0;
    for (std::size_t s = 0; s < after.count; ++s)
        most = std::max(most, std::abs(after.values[s] - before.values[s]));
    const double rolled = 1e-6 * std::fabs(static_cast<double>(after.delta) * after.roll -
                                           static_cast<double>(before.delta) * before.roll);
    const auto minimum = static_cast<double>(std::abs(after.short_minimum - before.short_minimum));
    return (static_cast<double>(most) + rolled + minimum) * 1e-8 / array_scale_[contract];
}

/// Whether the first average may have begun: before that no contract need be asked.
bool VenueStorm::is_averaging() const {
    return static_cast<double>(seconds(now_)) + setup_.scenario.venue.settlement_seconds >=
           static_cast<double>(first_expiry_);
}

/// What the index was in this step is part of the averages that are being fixed; in an outage it stands still.
void VenueStorm::fix_averages() {
    if (!is_averaging()) return;
    const double now = world_.seconds_in();
    for (std::size_t k = 0; k < contracts_; ++k) {
        const UnderlyingDescription& u =
            setup_.venue.underlyings[setup_.venue.contracts[k].underlying];
        average_[k].pass(now - setup_.scenario.step_seconds, now, price_[index(u.asset)]);
    }
}

/// Dated contracts end at the average of their index; who held them is looked at.
void VenueStorm::settle_expiries() {
    for (std::size_t k = 0; k < contracts_; ++k) {
        const venue::Terms& t = market().terms[k];
        if (t.expiry == 0 || seconds(now_) < t.expiry) continue;
        if (market().contracts[k].phase == venue::Phase::expired) continue;
        const UnderlyingDescription& u =
            setup_.venue.underlyings[setup_.venue.contracts[k].underlying];
        publish(venue::SettleExpiry{
            .contract = venue::ContractId{static_cast<std::uint16_t>(k)},
            .average =
                ticks_of(average_[k].with(price_[index(u.asset)]) / (1e-8 * static_cast<double>(u.tick_e8)), 1)});
        for (std::uint32_t a = 0; a < market().set().accounts; ++a)
            for (std::uint32_t s = 0; s < market().set().slots; ++s) {
                const venue::Position& p =
                    market().positions[market().first_slot(AccountId{a}) + s];
                if (p.lots != 0 && venue::index(p.contract) == k) touch(AccountId{a});
            }
        tell_contract(k);
    }
}

void VenueStorm::tell_contract(std::size_t contract) {
    const auto worth = static_cast<double>(market().contracts[contract].worth());
    watch_.set(2 * contract, worth);
    watch_.set(2 * contract + 1, -worth);
}

void VenueStorm::tell_asset(std::size_t asset) {
    watch_.set(2 * (contracts_ + asset), price_[asset]);
    watch_.set(2 * (contracts_ + asset) + 1, -price_[asset]);
}

}  // namespace breakwater
