// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <array>
#include <bit>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <vector>

#include "breakwater/world/calibrate.hpp"
#include "breakwater/world/correlation.hpp"
#include "breakwater/world/math.hpp"
#include "breakwater/world/mixing.hpp"
#include "breakwater/world/prices.hpp"
#include "breakwater/world/random.hpp"
#include "breakwater/world/volatility_surface.hpp"

/// Prints one FNV-1a digest a line over the bits of a million draws and of everything that is made
/// from them. The lines must be those of golden.txt whatever compiler, optimisation level and CPU
/// made them (golden_test.sh).
namespace {

using namespace breakwater;  // NOLINT(google-build-using-namespace): a program, not a header

constexpr std::uint64_t seed = 0x5EED'2020'0312ULL;

class Digest {
  public:
    void add(double x) {
        const auto bits = std::bit_cast<std::uint64_t>(x);
        for (unsigned shift = 0; shift < 64; shift += 8) {
            state_ = (state_ ^ ((bits >> shift) & 0xffU)) * 0x100000001b3ULL;
        }
    }
    void add(std::span<const double> values) {
        for (const double x : values)
            add(x);
    }
    void print(const char* section) const {
        std::printf("%s %016llx\n", section, static_cast<unsigned long long>(state_));
    }

  private:
    std::uint64_t state_ = 0xcbf29ce484222325ULL;
};

void draws() {
    Digest uniforms;
    for (std::uint32_t i = 0; i < 100'000; ++i) {
        uniforms.add(uniform(seed, i, Stream::keepers, 2 * i, i % 5));
    }
    uniforms.print("uniforms");

    Digest normals_of_paths;
    std::vector<double> z(100'000);
    for (std::uint32_t path = 0; path < 10; ++path) {
        fill_normals(seed, path, Stream::diffusion, 10'000, z);
        normals_of_paths.add(z);
    }
    normals_of_paths.print("million_normals");

    Digest counts;
    for (std::uint32_t i = 0; i < 10'000; ++i) {
        counts.add(poisson_quantile(0.05 * i, uniform(seed, i, Stream::own_jump, 0, 0)));
    }
    counts.print("poisson");
}

void functions() {
    Digest exponentials;
    Digest logarithms;
    Digest normal;
    Digest gamma;
    std::vector<double> batch;
    for (std::uint32_t i = 0; i < 100'000; ++i) {
        const double u = uniform(seed, i, Stream::sampling, 0, 0);
        const double x = -720 + 1440 * u;
        exponentials.add(exp_(x));
        batch.push_back(x);
        logarithms.add(log_(exp_(x)));
        logarithms.add(log_(0.5 + u));
        logarithms.add(pow_(u, 1 + u));
        normal.add(normal_cdf(x / 20));
        normal.add(normal_density(x / 50));
        normal.add(normal_quantile(u));
        normal.add(normal_quantile(exp_(-37 * u)));
        if (i % 20 != 0) continue;
        gamma.add(log_gamma(100 * u));
        const GammaTails tails =
            gamma_tails(0.1 + 20 * u, 40 * uniform(seed, i, Stream::sampling, 1, 0));
        gamma.add(tails.lower);
        gamma.add(tails.upper);
    }
    exp_batch(batch);
    exponentials.add(batch);
    exponentials.print("exp");
    logarithms.print("log_pow");
    normal.print("normal_cdf_quantile");
    gamma.print("gamma");
}

PriceParameters ten_assets() {
    PriceParameters p;
    std::array<std::size_t, 10> group = {};
    for (std::size_t a = 0; a < 10; ++a) {
        p.assets.push_back({.name = "x",
                            .start = 1000.0 / (1.0 + static_cast<double>(a)),
                            .volatility = 0.5 + 0.1 * static_cast<double>(a)});
        group[a] = a < 7 ? 0 : 1;
    }
    p.correlation = group_correlation(group, std::array{0.85, 0.3});
    return p;
}

void paths(const char* section, const PriceParameters& parameters) {
    Digest digest;
    const auto model = PriceModel::create(parameters);
    if (!model) {
        std::fprintf(stderr, "%s: %s\n", section, model.error().c_str());
        std::exit(1);
    }
    PricePath path;
    for (std::uint32_t number = 0; number < 200; ++number) {
        model->generate(seed, number, path);
        digest.add(path.matrix());
    }
    digest.print(section);
}

void models() {
    const PriceParameters gbm = ten_assets();
    paths("gbm", gbm);

    PriceParameters merton = gbm;
    merton.common_jump = {.intensity = 20, .mean = -0.135, .deviation = 0.045};
    merton.forced_jumps = 1;
    for (auto& asset : merton.assets) {
        asset.beta = asset.volatility;
        asset.drift = -1;
        asset.jump = {.intensity = 12, .mean = -0.1, .deviation = 0.1};
    }
    paths("merton", merton);

    PriceParameters student = gbm;
    student.degrees_of_freedom = 3.3;
    student.mixing_steps = 12;
    paths("student_t", student);

    PriceParameters pegs = gbm;
    pegs.assets[7] = {
        .name = "stable", .start = 0.97, .volatility = 0.03, .half_life_hours = 3, .level = 1};
    pegs.assets[8] = {
        .name = "pegged", .start = 1200, .volatility = 0.02, .half_life_hours = 6, .base = 0};
    pegs.assets[9] = {.name = "levered", .volatility = 0.2, .base = 1, .exposure = 1.5};
    paths("stable_and_pegged", pegs);

    PriceParameters history = gbm;
    history.histories = {{{0, 194.5, 195.0, 166.0},
                          {10'800, 173.0, 173.0, 119.25},
                          {36'000, 125.0, 140.0, 88.0},
                          {72'000, 131.0, 131.0, 90.0},
                          {90'000, 127.0, 0, 0}}};
    for (std::size_t a = 0; a < 5; ++a)
        history.assets[a].history = 0;
    history.assets[9].base = 0;
    paths("history", history);
}

void estimates() {
    Digest minima;
    for (std::uint32_t i = 0; i < 100'000; ++i) {
        const auto [u, v] = uniform_pair(seed, i, Stream::minimum, 0, 0);
        minima.add(bridge_minimum(u - 0.5, 0.1, v, 0.5 * (u + v)));
    }
    minima.print("bridge_minimum");

    PriceParameters p = ten_assets();
    p.steps = 5'000;
    p.step_seconds = 3600;
    p.degrees_of_freedom = 4;
    PricePath path;
    std::vector<CandleSeries> series(10);
    if (const auto model = PriceModel::create(p)) model->generate(seed, 1, path);
    for (std::size_t s = 0; s <= path.steps(); ++s) {
        for (std::size_t a = 0; a < path.assets(); ++a) {
            const double x = path.price(s, a);
            series[a].candles.push_back({static_cast<std::int64_t>(s) * 3600, x, x, x, x});
        }
    }
    Digest fitted;
    if (const auto fit = calibrate(series)) {
        fitted.add(fit->volatility);
        fitted.add(fit->correlation);
        fitted.add(fit->degrees_of_freedom);
    }
    fitted.print("calibration");
}

void surfaces() {
    Digest fitted;
    std::vector<ExpiryQuotes> expiries;
    for (int e = 1; e <= 4; ++e) {
        ExpiryQuotes quotes{.expiry = e, .years = 0.1 * e * e, .forward = 100.0, .quotes = {}};
        for (std::uint32_t i = 0; i < 40; ++i) {
            const double k = 0.05 * i - 1.0;
            const double middle =
                0.6 + 0.2 * k * k - 0.05 * k +
                0.02 * uniform(seed, i, Stream::keepers, 0, static_cast<std::uint32_t>(e));
            quotes.quotes.push_back(
                {.k = k, .bid = middle - 0.01, .ask = middle + 0.01, .counts_middle = true});
        }
        expiries.push_back(quotes);
    }
    const VolatilitySurface surface = fit_surface(expiries, 0, nullptr);
    for (const Smile& s : surface.smiles)
        for (const double x : {s.svi.a, s.svi.b, s.svi.rho, s.svi.m, s.svi.s})
            fitted.add(x);
    for (int i = 0; i < 1'000; ++i)
        fitted.add(surface_volatility(surface, 0.004 * i - 2.0, 0.002 * i));
    fitted.print("surface");
}

}  // namespace

int main() {
    draws();
    functions();
    models();
    estimates();
    surfaces();
    return 0;
}
