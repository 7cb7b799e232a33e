// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/venue_generator.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "breakwater/core/math_signed.hpp"
#include "breakwater/core/rulebooks/venue_margin.hpp"
#include "breakwater/core/rulebooks/venue_value.hpp"
#include "breakwater/io/error.hpp"
#include "breakwater/io/generator_sketch.hpp"
#include "breakwater/io/venue_reader.hpp"
#include "breakwater/io/venue_sketch.hpp"
#include "breakwater/stress/venue_arrays.hpp"
#include "breakwater/world/math.hpp"

namespace breakwater {
namespace {

const std::string origin = "generate";
constexpr double long_share = 0.62;
constexpr double dollars_as_collateral = 0.62;
constexpr double depth_multiple = 4;      ///< a position is at most this many times the depth
constexpr double entry_deviation = 0.04;  ///< of the log of entry over mark
constexpr double idle_share = 0.25;       ///< of what is lent out, still there
constexpr double vault_share = 0.08;      ///< of the equity of the traders

/// Draws of a trader beyond those of the sketch.
enum Draw : std::uint32_t {
    contract = first_free_draw,
    contract_2,
    contract_3,
    several,
    side,
    side_2,
    side_3,
    entry,
    entry_2,
    entry_3,
    asset,
    kind,
    usage,
    beside,
    option_kind,
    loan_asset,
};

std::string trader_name(std::uint32_t i, std::uint32_t traders) {
    const std::string digits = std::to_string(i + 1);
    const std::size_t width = std::max<std::size_t>(5, std::to_string(traders).size());
    return "a" + std::string(width - digits.size(), '0') + digits;
}

/// An index drawn with these weights.
std::size_t weighted(std::span<const double> weights, double u) {
    double left = u * std::accumulate(weights.begin(), weights.end(), 0.0);
    for (std::size_t k = 0; k + 1 < weights.size(); ++k) {
        if (left < weights[k]) return k;
        left -= weights[k];
    }
    return weights.size() - 1;
}

class VenueGenerator {
  public:
    VenueGenerator(VenueFile market, std::uint32_t accounts, std::uint64_t seed);
    VenueBook make();

  private:
    using Id = venue::ContractId;
    struct Trader {
        TraderSketch sketch;
        AccountId account{};
        AssetId collateral{};  ///< what its margin is paid in
        double base = 0;       ///< [USD] of collateral beside margin: what carries a loan
    };

    void sort_contracts();
    void add_accounts();
    void hold(AccountId account, Id contract, std::int64_t lots, double entry_noise);
    void trade(Trader& t, Id contract, double usd, double u_side, double u_entry);
    Id perpetual_for(double u) const { return perpetuals_[weighted(perpetual_weights_, u)]; }
    void fill_trader(std::uint32_t i, Trader& t);
    void fill_perpetuals(std::uint32_t i, Trader& t);
    void fill_options(std::uint32_t i, Trader& t);
    void fill_loan(std::uint32_t i, Trader& t);
    void balance_contracts();
    void margin_trader(Trader& t);
    void margin_maker(AccountId account, double u);
    void pay_in(AccountId account, AssetId asset, double usd);
    void lend_enough();
    void endow();

    [[nodiscard]] double draw(std::uint32_t i, std::uint32_t d) const {
        return trader_draw(seed_, i, d);
    }
    [[nodiscard]] venue::Market& m() { return file_.market(); }
    [[nodiscard]] double price(AssetId a) const {
        return static_cast<double>(file_.venue.book.state.feeds[index(a)].point) / 1e8;
    }
    /// [USD] a lot's notional; of an option that of its underlying.
    [[nodiscard]] double lot_usd(Id id) const {
        const ContractDescription& d = file_.venue.contracts[venue::index(id)];
        const venue::Terms& t = file_.venue.market().terms[venue::index(id)];
        return t.is_inverse() ? d.lot() : d.lot() * price(t.underlying);
    }
    [[nodiscard]] venue::View view() {
        return {file_.venue.book.state, m(), file_.venue.book.state.now()};
    }
    [[nodiscard]] Standing standing(AccountId account, venue::Purpose purpose);
    [[nodiscard]] AssetId collateral_for(double u, bool is_loan) const;

    VenueFile file_;
    std::uint32_t accounts_;
    std::uint64_t seed_;
    std::vector<Trader> traders_;
    std::vector<AccountId> makers_;
    std::vector<Id> perpetuals_;  ///< linear ones
    std::vector<double> perpetual_weights_;
    std::vector<Id> inverse_;
    std::vector<Id> options_;
    std::vector<double> option_weights_;
    std::vector<Id> thin_;  ///< perpetuals by depth, thinnest first
    AssetId dollar_{};      ///< the linear contracts' settlement asset
};

VenueGenerator::VenueGenerator(VenueFile market, std::uint32_t accounts, std::uint64_t seed)
    : file_(std::move(market)), accounts_(accounts), seed_(seed) {
    const auto named = static_cast<std::uint32_t>(2 + file_.liquidators.size());
    if (file_.liquidators.empty())
        throw InputError(file_.file, 0, "no liquidators",
                         "accounts that hold what is left between longs and shorts");
    if (accounts < named + generated_traders_min)
        throw InputError(origin, 0, std::to_string(accounts) + " accounts",
                         "at least " + std::to_string(named + generated_traders_min));
    sort_contracts();
    add_accounts();
}

void VenueGenerator::sort_contracts() {
    const venue::Market& market = m();
    for (std::uint16_t k = 0; k < market.terms.size(); ++k) {
        const venue::Terms& t = market.terms[k];
        const Id id{k};
        if (t.settled == venue::Settled::linear) dollar_ = t.settlement;
        if (t.is_option()) {
            // Most of the interest is near the money and soon.
            const double away = log_(file_.venue.strike(id) / price(t.underlying));
            const double years =
                static_cast<double>(t.expiry - file_.venue.book.state.clock.now) / 31'536'000;
            options_.push_back(id);
            option_weights_.push_back(exp_(-8 * away * away / std::max(years, 0.02) / 4 - years));
        } else if (t.is_inverse() && t.form == venue::Form::perpetual) {
            inverse_.push_back(id);
        } else if (t.form == venue::Form::perpetual && t.by_arrays == 0) {
            perpetuals_.push_back(id);
            const double depth = static_cast<double>(market.contracts[k].depth) * lot_usd(id);
            perpetual_weights_.push_back(std::sqrt(depth));
        }
    }
    if (perpetuals_.empty())
        throw InputError(file_.file, 0, "no linear perpetual", "one with [contract.margin]");
    thin_ = perpetuals_;
    std::ranges::stable_sort(thin_, {}, [&](Id id) {
        return static_cast<double>(market.contracts[venue::index(id)].depth) * lot_usd(id);
    });
}

void VenueGenerator::add_accounts() {
    Book& book = file_.venue.book;
    const auto add = [&](const std::string& name) {
        book.accounts.push_back(name);
        m().accounts.emplace_back();
        return AccountId{static_cast<std::uint32_t>(m().accounts.size() - 1)};
    };
    venue::Settings& s = m().settings[0];
    s.fund = add(file_.fund.name);
    s.vault = add(file_.vault.name);
    for (const NamedAccount& l : file_.liquidators)
        makers_.push_back(add(l.name));
    file_.venue.liquidators = makers_;
    const auto count = static_cast<std::uint32_t>(accounts_ - m().accounts.size());
    const std::vector<TraderSketch> sketches = sketch_traders(count, seed_);
    for (std::uint32_t i = 0; i < count; ++i) {
        const AccountId id = add(trader_name(i, count));
        venue::Account& row = m().accounts[index(id)];
        row.cluster = sketches[i].cluster;
        if (sketches[i].role == TraderRole::isolated) row.parent = index(id);  // the one before it
        traders_.push_back(
            {.sketch = sketches[i], .account = id, .collateral = dollar_, .base = 0});
    }
    s.accounts = accounts_;
    s.clusters = 3;
    m().balances.resize(std::size_t{s.accounts} * m().assets());
    m().positions.resize(std::size_t{s.accounts} * s.slots);
    m().clusters.resize(s.clusters * m().terms.size());
}

/// Adds to a position, or opens one, at a tick near the mark.
void VenueGenerator::hold(AccountId account, Id id, std::int64_t lots, double entry_noise) {
    const venue::Terms& t = m().terms[venue::index(id)];
    const venue::Contract& c = m().contracts[venue::index(id)];
    for (std::uint32_t s = 0; s < m().set().slots; ++s) {
        venue::Position& p = m().positions[m().first_slot(account) + s];
        if (p.lots != 0 && p.contract != id) continue;
        const double moved = static_cast<double>(c.mark) * exp_(entry_noise) + 0.5;
        const auto ticks = std::max<std::int64_t>(1, static_cast<std::int64_t>(moved));
        const auto value = venue::unit_value(t, p.lots == 0 ? ticks : c.mark);
        REQUIRE(value.has_value());
        if (!t.is_option()) p.basis += int128{lots} * *value;
        p.contract = id;
        p.lots += lots;
        if (p.lots == 0) p = {};
        return;
    }
    throw InputError(origin, 0, "an account has no slot left", "more slots in [venue]");
}

void VenueGenerator::trade(Trader& t, Id id, double usd, double u_side, double u_entry) {
    const double depth = static_cast<double>(m().contracts[venue::index(id)].depth) * lot_usd(id);
    const double size = std::min(usd, depth_multiple * depth);
    const auto lots = std::max<std::int64_t>(1, static_cast<std::int64_t>(size / lot_usd(id)));
    const double noise = std::clamp(entry_deviation * normal_quantile(u_entry), -0.15, 0.15);
    hold(t.account, id, u_side < long_share ? lots : -lots, noise);
}

/// One to three perpetuals; the first takes the larger part.
void VenueGenerator::fill_perpetuals(std::uint32_t i, Trader& t) {
    const double u = draw(i, several);
    const std::uint32_t count = u < 0.65 ? 1 : u < 0.90 ? 2 : 3;
    for (std::uint32_t k = 0; k < count; ++k) {
        const double part = count == 1 ? 1.0 : k == 0 ? 0.6 : 0.4 / (count - 1);
        const Id id = perpetual_for(draw(i, contract + k));
        bool is_held = false;
        for (std::uint32_t s = 0; s < k; ++s)
            is_held |= m().positions[m().first_slot(t.account) + s].contract == id;
        if (!is_held) trade(t, id, part * t.sketch.size, draw(i, side + k), draw(i, entry + k));
    }
}

/// Bought; written; or written and hedged with the future of the same expiry.
void VenueGenerator::fill_options(std::uint32_t i, Trader& t) {
    if (options_.empty()) return fill_perpetuals(i, t);
    const Id id = options_[weighted(option_weights_, draw(i, contract))];
    const venue::Terms& terms = m().terms[venue::index(id)];
    const auto lots = std::max<std::int64_t>(
        1, static_cast<std::int64_t>(std::min(t.sketch.size, 5e6) / lot_usd(id)));
    const double u = draw(i, option_kind);
    hold(t.account, id, u < 0.45 ? lots : -lots, 0);
    if (terms.settlement != dollar_) t.collateral = terms.settlement;
    if (u < 0.8) return;
    for (std::uint16_t k = 0; k < m().terms.size(); ++k) {
        const venue::Terms& f = m().terms[k];
        if (f.form != venue::Form::future || f.underlying != terms.underlying) continue;
        if (f.expiry != terms.expiry) continue;
        const double half = 0.5 * static_cast<double>(lots) * lot_usd(id);
        const auto hedge = static_cast<std::int64_t>(half / lot_usd(Id{k}));
        const bool is_call = terms.form == venue::Form::call;
        if (hedge > 0) hold(t.account, Id{k}, is_call ? hedge : -hedge, 0);
        return;
    }
}

AssetId VenueGenerator::collateral_for(double u, bool is_loan) const {
    std::vector<double> weights;
    const auto& book = file_.venue.book;
    for (std::size_t a = 0; a < file_.venue.market().assets(); ++a) {
        const AssetId id{static_cast<std::uint8_t>(a)};
        const bool taken = file_.venue.market().has(id) && id != dollar_;
        const bool is_coin = book.assets[a].kind != AssetKind::stable;
        const bool is_weak = !is_coin && file_.venue.market().collaterals[a].haircut >= 20'000;
        const bool fits = taken && (!is_loan || is_coin || is_weak);
        weights.push_back(fits ? std::sqrt(std::min(book.assets[a].liquidity.depth_2pct, 1e8)) : 0);
    }
    if (std::ranges::max(weights) == 0) return dollar_;
    return AssetId{static_cast<std::uint8_t>(weighted(weights, u))};
}

/// Dollars borrowed against something else: `usage` of what its haircut value allows.
void VenueGenerator::fill_loan(std::uint32_t i, Trader& t) {
    t.collateral = collateral_for(draw(i, asset), true);
    if (t.collateral == dollar_) return;
    const double u = draw(i, usage);
    const double used = draw(i, kind) < 0.02 ? 0.95 + 0.04 * u : 0.15 + 0.70 * u;
    pay_in(t.account, dollar_, -t.sketch.size);
    t.base = t.sketch.size / used;
}

void VenueGenerator::fill_trader(std::uint32_t i, Trader& t) {
    const double size = t.sketch.size;
    const auto trade_one = [&](Id id, double usd, double u_side) {
        trade(t, id, usd, u_side, draw(i, entry));
    };
    switch (t.sketch.role) {
        case TraderRole::perpetual:
            if (draw(i, kind) > dollars_as_collateral)
                t.collateral = collateral_for(draw(i, asset), false);
            return fill_perpetuals(i, t);
        case TraderRole::inverse:
            if (inverse_.empty()) return fill_perpetuals(i, t);
            t.collateral = m().terms[venue::index(inverse_[0])].settlement;
            return trade_one(inverse_[0], size, draw(i, side));
        case TraderRole::isolated:
            return trade_one(perpetual_for(draw(i, contract)), size, draw(i, side));
        case TraderRole::options:
            return fill_options(i, t);
        case TraderRole::borrower:
            fill_loan(i, t);
            if (draw(i, beside) < 0.3)
                trade_one(perpetual_for(draw(i, contract)), 0.5 * size, draw(i, side));
            return;
        case TraderRole::basis: {
            const Id id = perpetual_for(draw(i, contract));
            const AssetId coin = m().terms[venue::index(id)].underlying;
            if (m().has(coin)) t.collateral = coin;
            trade_one(id, size, 1.0);
            pay_in(t.account, dollar_, -(0.2 + 0.4 * draw(i, usage)) * size);
            t.base = size;
            return;
        }
        case TraderRole::lender:
            if (draw(i, kind) > 0.75) t.collateral = collateral_for(draw(i, asset), false);
            t.base = size;
            return;
        case TraderRole::linked:
            return trade_one(thin_[t.sketch.cluster == 1 && thin_.size() > 1 ? 1 : 0], size, 0.0);
    }
}

/// The liquidators take the other side of what traders hold together.
void VenueGenerator::balance_contracts() {
    std::vector<int128> net(m().terms.size());
    for (const venue::Position& p : m().positions)
        if (p.lots != 0) net[venue::index(p.contract)] += p.lots;
    std::vector<std::uint32_t> used(makers_.size());
    for (std::uint16_t k = 0; k < net.size(); ++k) {
        if (net[k] == 0) continue;
        const bool is_option = m().terms[k].is_option();
        const std::size_t wanted = is_option ? 2 : makers_.size() / 3 + 1;
        std::vector<std::size_t> chosen;
        for (std::size_t j = 0; j < makers_.size() && chosen.size() < wanted; ++j) {
            const std::size_t at = (std::size_t{k} * 5 + j) % makers_.size();
            if (used[at] < m().set().slots) chosen.push_back(at);
        }
        if (chosen.empty())
            throw InputError(file_.file, 0, "the liquidators have no slot for all contracts",
                             "more liquidators, or more slots in [venue]");
        auto left = static_cast<std::int64_t>(-net[k]);
        for (std::size_t j = 0; j < chosen.size(); ++j) {
            const std::int64_t part = left / static_cast<std::int64_t>(chosen.size() - j);
            left -= part;
            if (part == 0) continue;
            ++used[chosen[j]];
            hold(makers_[chosen[j]], Id{k}, part, 0);
        }
    }
}

/// Six significant digits, as a deposit above zero or a loan below.
void VenueGenerator::pay_in(AccountId account, AssetId asset, double usd) {
    venue::Balance& b = m().balances[m().row(account, asset)];
    const unsigned decimals = file_.venue.book.assets[index(asset)].decimals;
    if (usd != 0) {
        const auto atoms = static_cast<int128>(six_digits(std::fabs(usd) / price(asset), decimals));
        b.cash = usd < 0 ? -atoms : atoms;
    } else {
        b.cash = 0;
    }
    b.index = b.cash < 0 ? m().collaterals[index(asset)].borrow_index : Ray{};
}

Standing VenueGenerator::standing(AccountId account, venue::Purpose purpose) {
    const auto a = venue::assess(view(), account, purpose);
    REQUIRE(a.has_value());
    return a->standing;
}

constexpr double standing_usd = 1e-14;

/// Collateral until equity is what leverage and cushion ask for. The requirement may depend on the
/// collateral, which moves in the scenarios: a few rounds.
void VenueGenerator::margin_trader(Trader& t) {
    const std::uint32_t a = index(t.collateral);
    const double kept = 1.0 - m().collaterals[a].haircut / 1e6;
    double notional = 0;
    for (std::uint32_t s = 0; s < m().set().slots; ++s) {
        const venue::Position& p = m().positions[m().first_slot(t.account) + s];
        if (p.lots != 0 && !m().terms[venue::index(p.contract)].is_option())
            notional += std::fabs(static_cast<double>(p.lots)) * lot_usd(p.contract);
    }
    const double borrowed = t.sketch.role == TraderRole::borrower ? t.base - t.sketch.size : 0;
    double deposit = t.base / kept;
    const double aimed = notional / t.sketch.leverage + borrowed;
    constexpr int rounds = 6;
    for (int round = 0; round < rounds; ++round) {
        pay_in(t.account, t.collateral, deposit);
        const Standing now = standing(t.account, venue::Purpose::liquidation);
        const double needed =
            static_cast<double>(now.requirement) * standing_usd * t.sketch.cushion;
        const double least = t.sketch.role == TraderRole::borrower ? needed + borrowed : needed;
        const double short_of =
            std::max(aimed, least) - static_cast<double>(now.equity) * standing_usd;
        if (t.sketch.role == TraderRole::lender) return;
        if (std::fabs(short_of) < 1e-5 * std::max(1.0, aimed)) return;
        deposit =
            std::max(deposit + short_of / kept, t.sketch.role == TraderRole::basis ? t.base : 0.0);
    }
    pay_in(t.account, t.collateral, deposit);
}

/// Coins for what it owes in coins, and dollars until it has a multiple of its initial margin.
void VenueGenerator::margin_maker(AccountId account, double u) {
    for (std::uint8_t k = 0; k < m().assets(); ++k) {
        const AssetId id{k};
        if (!m().has(id) || id == dollar_) continue;
        const int128 net = venue::net_of_asset(view(), account, id);
        if (net >= 0) continue;
        const double unit = pow_(10, m().collaterals[k].decimals);
        pay_in(account, id, 1.5 * static_cast<double>(-net) / unit * price(id));
    }
    double deposit = 250'000;
    constexpr int rounds = 6;
    for (int round = 0; round < rounds; ++round) {
        pay_in(account, dollar_, deposit);
        const Standing now = standing(account, venue::Purpose::opening);
        const double short_of = (static_cast<double>(now.requirement) * (2.0 + 2.0 * u) -
                                 static_cast<double>(now.equity)) *
                                standing_usd;
        if (short_of <= 0) return;
        deposit += short_of;
    }
    pay_in(account, dollar_, deposit);
}

/// What is lent out was deposited, and a part of it is still there.
void VenueGenerator::lend_enough() {
    for (std::uint8_t k = 0; k < m().assets(); ++k) {
        if (!m().has(AssetId{k})) continue;
        int128 sum = 0;
        int128 lent = 0;
        int128 offered = 0;
        for (std::uint32_t a = 0; a < accounts_; ++a) {
            const int128 cash = m().balances[m().row(AccountId{a}, AssetId{k})].cash;
            sum += cash;
            if (cash < 0) lent -= cash;
        }
        for (const Trader& t : traders_)
            if (t.sketch.role == TraderRole::lender)
                offered += m().balances[m().row(t.account, AssetId{k})].cash;
        const double short_of = idle_share * static_cast<double>(lent) - static_cast<double>(sum);
        if (short_of <= 0 || offered == 0) continue;
        const double factor = 1 + short_of / static_cast<double>(offered);
        const double unit = pow_(10, m().collaterals[k].decimals);
        for (const Trader& t : traders_) {
            const int128 cash = m().balances[m().row(t.account, AssetId{k})].cash;
            if (t.sketch.role == TraderRole::lender && cash > 0)
                pay_in(t.account, AssetId{k},
                       static_cast<double>(cash) / unit * price(AssetId{k}) * factor);
        }
    }
}

/// The fund holds what its tiers may pay, in proportion to the accounts; the vault a share of what
/// the traders have.
void VenueGenerator::endow() {
    const double scale = std::min(1.0, accounts_ / 10'000.0);
    for (std::uint8_t k = 0; k < m().assets(); ++k) {
        if (!m().has(AssetId{k})) continue;
        double limit = 0;
        for (std::uint32_t t = 0; t < m().set().tiers; ++t)
            limit += static_cast<double>(m().fund_tiers[m().tier_row(t, AssetId{k})].limit.raw);
        const double unit = pow_(10, m().collaterals[k].decimals);
        pay_in(m().set().fund, AssetId{k}, scale * limit / unit * price(AssetId{k}));
    }
    double equity = 0;
    for (const Trader& t : traders_)
        equity += static_cast<double>(standing(t.account, venue::Purpose::closing).equity);
    pay_in(m().set().vault, dollar_, vault_share * equity * standing_usd);
}

VenueBook VenueGenerator::make() {
    for (std::uint32_t i = 0; i < traders_.size(); ++i)
        fill_trader(i, traders_[i]);
    balance_contracts();
    settle_positions(file_, origin);
    if (!publish_arrays(file_.venue))
        throw InputError(file_.file, 0, "a risk array does not fit", "smaller lots");
    for (Trader& t : traders_)
        margin_trader(t);
    for (std::uint32_t k = 0; k < makers_.size(); ++k)
        margin_maker(makers_[k],
                     trader_draw(seed_, static_cast<std::uint32_t>(traders_.size()) + k, 0));
    lend_enough();
    endow();
    for (VenueFile::Custody& c : file_.custody)
        c.amount.reset();
    settle_venue(file_, origin);
    Book& book = file_.venue.book;
    Digest digest;
    for (const char c : book.input_hash)
        digest.absorb(static_cast<std::uint64_t>(c));
    digest.absorb(std::uint64_t{accounts_});
    digest.absorb(seed_);
    book.input_hash = digest.hex();
    book.notes.push_back("synthetic: " + std::to_string(accounts_) + " accounts, seed " +
                         std::to_string(seed_));
    return std::move(file_.venue);
}

}  // namespace

VenueBook generate_venue(VenueFile market, std::uint32_t accounts, std::uint64_t seed) {
    return VenueGenerator(std::move(market), accounts, seed).make();
}

}  // namespace breakwater
