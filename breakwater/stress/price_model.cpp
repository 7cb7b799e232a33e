// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/stress/price_model.hpp"

#include <algorithm>
#include <cmath>

namespace breakwater {
namespace {

using History = PriceScenario::History;
using Rule = PriceScenario::Rule;

/// Noise of a peg and of a stable coin comes back to par with this half-life [h]: judgement, docs/models.md.
constexpr double reversion_hours = 24;

class Builder {
  public:
    Builder(const Book& book, const Scenario& scenario) : book_(book), scenario_(scenario) {}

    std::expected<BookPrices, std::string> build();

  private:
    [[nodiscard]] std::size_t find_asset(const std::string& symbol) const {
        for (std::size_t i = 0; i < book_.assets.size(); ++i)
            if (book_.assets[i].symbol == symbol) return i;
        return book_.assets.size();
    }
    /// The end of the chain of pegs, at most as long as the book.
    [[nodiscard]] std::size_t root_of(std::size_t asset) const {
        for (std::size_t hops = 0; hops < book_.assets.size(); ++hops) {
            if (book_.assets[asset].kind != AssetKind::pegged) return asset;
            const std::size_t next = find_asset(book_.assets[asset].peg);
            if (next == book_.assets.size()) return asset;
            asset = next;
        }
        return asset;
    }
    template <class T>
    [[nodiscard]] const T* match(const std::vector<T>& rules, std::size_t asset) const {
        for (const T& r : rules) {
            if (r.kind ? *r.kind == book_.assets[asset].kind
                       : r.symbol == book_.assets[asset].symbol || r.symbol == "*")
                return &r;
        }
        return nullptr;
    }
    /// A rule for this very symbol or kind, not the rest.
    [[nodiscard]] const Rule* own_rule(std::size_t asset) const {
        const Rule* r = match(scenario_.price.rules, asset);
        return r != nullptr && r->symbol != "*" ? r : nullptr;
    }
    [[nodiscard]] double start(std::size_t asset) const {
        return static_cast<double>(book_.state.feeds[asset].point) * 1e-8;
    }

    std::string add(std::size_t asset);
    std::string add_history(std::size_t asset, AssetDynamics& out);
    std::string follow(const History& history, AssetDynamics& out);
    std::size_t history_row(const History& history);
    void correlate();

    const Book& book_;
    const Scenario& scenario_;
    BookPrices out_;
    std::vector<AssetDynamics> hidden_;
    std::vector<std::pair<const History*, std::size_t>> rows_;
};

std::size_t Builder::history_row(const History& history) {
    for (const auto& [known, row] : rows_)
        if (known == &history) return row;
    const std::size_t row = out_.parameters.histories.size();
    out_.parameters.histories.push_back(history.points);
    rows_.emplace_back(&history, row);
    return row;
}

/// The asset moves as `beta` times the path of another symbol, which may stand outside the book.
std::string Builder::follow(const History& history, AssetDynamics& out) {
    if (history.beta == 0) return {};  // constant at the price of the book
    std::size_t base = find_asset(history.follows);
    if (base == book_.assets.size()) {
        const auto leader = std::ranges::find(scenario_.price.histories, history.follows, &History::symbol);
        if (leader == scenario_.price.histories.end() || leader->points.empty())
            return "price.history '" + history.symbol + "' follows '" + history.follows + "', which has no points";
        for (std::size_t i = 0; i < hidden_.size(); ++i)
            if (hidden_[i].name == history.follows) base = book_.assets.size() + i;
        if (base == book_.assets.size() && (hidden_.empty() || hidden_[0].name != history.follows)) {
            AssetDynamics path{.name = history.follows, .start = leader->points.front().price};
            path.history = history_row(*leader);
            base = book_.assets.size() + hidden_.size();
            hidden_.push_back(path);
        }
    }
    out.base = base;
    out.exposure = history.beta;
    return {};
}

std::string Builder::add_history(std::size_t asset, AssetDynamics& out) {
    const History* h = match(scenario_.price.histories, asset);
    if (h == nullptr) return "asset '" + out.name + "' has no [[price.history]], and there is none for '*'";
    if (h->points.empty()) return follow(*h, out);
    const double end = h->points.back().time;
    if (end + 0.5 * scenario_.step_seconds < scenario_.horizon_seconds)
        return "the path of '" + h->symbol + "' ends after " + std::to_string(static_cast<std::int64_t>(end)) +
               " s, before the horizon";
    out.history = history_row(*h);
    return {};
}

std::string Builder::add(std::size_t asset) {
    const AssetDescription& description = book_.assets[asset];
    AssetDynamics d{.name = description.symbol, .start = start(asset)};
    const std::size_t root = root_of(asset);
    const bool history = scenario_.price.model == PriceScenario::Model::history;
    const bool own_history = history && [&] {
        const History* h = match(scenario_.price.histories, asset);
        return h != nullptr && h->symbol == description.symbol;
    }();
    if (root != asset && !own_history) {
        d.base = root;
        if (const Rule* r = own_rule(asset)) d.volatility = r->volatility;
        if (d.volatility > 0) d.half_life_hours = reversion_hours;
    } else {
        const Rule* r = match(scenario_.price.rules, asset);
        if (r == nullptr && !history) return "no [[price.asset]] of the scenario matches asset '" + d.name + "'";
        if (r != nullptr) {
            d.volatility = r->volatility;
            d.drift = r->drift;
            d.beta = r->beta;
        }
        if (history) {
            d.drift = 0;
            if (auto fault = add_history(asset, d); !fault.empty()) return fault;
            if (!d.history) d.volatility = 0;
        } else if (description.kind == AssetKind::stable) {
            d.half_life_hours = reversion_hours;
            d.drift = 0;
        }
    }
    out_.parameters.assets.push_back(d);
    return {};
}

/// One factor: volatile assets share `correlation` ρ with each other, everything else moves on its own. Where
/// correlations R were measured they hold between those assets, and any other volatile asset is
///   x_u = √ρ · Σ x_k / √(ΣΣ R) + √(1 − ρ) · own,
/// which keeps the whole matrix positive semidefinite: corr(u, k) = √ρ · Σ_j R_kj / √(ΣΣ R), corr(u, v) = ρ.
void Builder::correlate() {
    const std::size_t n = out_.parameters.assets.size();
    out_.parameters.correlation.assign(n * n, 0);
    const auto is_common = [this](std::size_t i) {
        return i >= book_.assets.size() ||
               (book_.assets[i].kind == AssetKind::volatile_ && !out_.parameters.assets[i].base);
    };
    const auto& [symbols, measured] = scenario_.price.measured;
    const std::size_t m = symbols.size();
    const auto row_of = [&](std::size_t i) {
        if (m < 2 || i >= book_.assets.size()) return m;
        return static_cast<std::size_t>(std::ranges::find(symbols, book_.assets[i].symbol) -
                                        symbols.begin());
    };
    std::vector<double> sums(m);
    double whole = 0;
    for (std::size_t k = 0; k < m * m; ++k) {
        sums[k / m] += measured[k];
        whole += measured[k];
    }
    const double rho = scenario_.price.correlation;
    const auto between = [&](std::size_t i, std::size_t j) {
        const std::size_t a = row_of(i);
        const std::size_t b = row_of(j);
        if (a < m && b < m) return measured[a * m + b];
        if (a == m && b == m) return rho;
        return whole > 0 ? std::sqrt(std::max(0.0, rho) / whole) * sums[std::min(a, b)] : 0.0;
    };
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j)
            if (i == j || (is_common(i) && is_common(j)))
                out_.parameters.correlation[i * n + j] = i == j ? 1.0 : between(i, j);
}

std::expected<BookPrices, std::string> Builder::build() {
    PriceParameters& p = out_.parameters;
    const PriceScenario& price = scenario_.price;
    p.step_seconds = scenario_.step_seconds;
    p.steps = static_cast<std::uint32_t>(std::floor(scenario_.horizon_seconds / scenario_.step_seconds + 0.5));
    for (std::size_t i = 0; i < book_.assets.size(); ++i)
        if (auto fault = add(i); !fault.empty()) return std::unexpected(std::move(fault));
    p.assets.insert(p.assets.end(), hidden_.begin(), hidden_.end());
    // A base may not itself follow another: follow its leader instead.
    for (AssetDynamics& d : p.assets)
        for (std::size_t hops = 0; d.base && p.assets[*d.base].base && hops < p.assets.size(); ++hops) {
            d.exposure *= p.assets[*d.base].exposure;
            d.base = p.assets[*d.base].base;
        }
    correlate();
    if (price.model == PriceScenario::Model::student_t) {
        p.degrees_of_freedom = price.degrees_of_freedom;
        if (price.mixing == PriceScenario::Mixing::day)
            p.mixing_steps = static_cast<std::uint32_t>(std::max(1.0, std::floor(86'400 / p.step_seconds + 0.5)));
        if (price.mixing_seconds > 0)
            p.mixing_steps = static_cast<std::uint32_t>(
                std::max(1.0, std::floor(price.mixing_seconds / p.step_seconds + 0.5)));
    }
    if (price.model == PriceScenario::Model::merton) {
        p.common_jump = {.intensity = price.jump.intensity, .mean = price.jump.mean, .deviation = price.jump.deviation};
        p.forced_jumps = static_cast<std::uint32_t>(std::max(0, price.jump.forced));
    }
    out_.market_asset = find_asset("WETH");
    for (std::size_t i = 0; i < book_.assets.size() && out_.market_asset == book_.assets.size(); ++i)
        if (book_.assets[i].kind == AssetKind::volatile_) out_.market_asset = i;
    if (out_.market_asset == book_.assets.size()) out_.market_asset = 0;
    for (std::size_t i = 0; i < book_.assets.size(); ++i) {
        const Rule* r = match(price.rules, root_of(i));
        out_.root.push_back(root_of(i));
        out_.volatility.push_back(r != nullptr && r->volatility > 0 ? r->volatility : 0.8);
    }
    out_.market_volatility = out_.volatility[out_.market_asset];
    return out_;
}

}  // namespace

std::expected<BookPrices, std::string> book_prices(const Book& book, const Scenario& scenario) {
    return Builder(book, scenario).build();
}

}  // namespace breakwater
