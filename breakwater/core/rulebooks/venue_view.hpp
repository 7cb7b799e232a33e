// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <span>

#include "breakwater/core/desk.hpp"

/// Rows of a venue as they are, or as the event on a desk would leave them: margin is asked of
/// both.
namespace breakwater::venue {

class View {
  public:
    /// Both must outlive the view.
    View(const State& state, const Market& market, Time now)
        : state_(&state), market_(&market), now_(now) {}
    explicit View(const Desk<Market>& desk)
        : state_(&desk.state()), market_(&desk.stored()), desk_(&desk), now_(desk.now()) {}

    template <auto Member>
    [[nodiscard]] const auto& read(std::uint32_t row) const {
        if (desk_ != nullptr) return desk_->read<Member>(row);
        const auto& rows = market_->*Member;
        static const typename std::remove_cvref_t<decltype(rows)>::value_type nothing{};
        return row < rows.size() ? rows[row] : nothing;
    }
    /// `count` rows where they stand; none where the desk has changed one of them, or may have.
    template <auto Member>
    [[nodiscard]] auto stored(std::uint32_t first, std::uint32_t count) const {
        const auto& rows = market_->*Member;
        using Rows = std::span<const typename std::remove_cvref_t<decltype(rows)>::value_type>;
        if (std::size_t{first} + count > rows.size()) return Rows{};
        if (desk_ != nullptr) {
            const auto& touched = desk_->touched<Member>();
            if (touched.size() > few) return Rows{};
            for (const auto& e : touched)
                if (e.row - first < count) return Rows{};
        }
        return Rows(rows).subspan(first, count);
    }
    /// Whether the table has a row at all, or the desk has touched one.
    template <auto Member>
    [[nodiscard]] bool may_have() const {
        return !(market_->*Member).empty() || (desk_ != nullptr && !desk_->touched<Member>().empty());
    }
    [[nodiscard]] const Market& market() const { return *market_; }
    [[nodiscard]] const Settings& settings() const { return market_->set(); }
    [[nodiscard]] const Terms& terms(ContractId c) const { return market_->terms[index(c)]; }
    [[nodiscard]] const Contract& contract(ContractId c) const {
        return read<&Market::contracts>(index(c));
    }
    [[nodiscard]] const Position& position(AccountId account, std::uint32_t slot) const {
        return read<&Market::positions>(market_->first_slot(account) + slot);
    }
    [[nodiscard]] const FeedRow& feed(AssetId asset) const {
        return state_->feeds[breakwater::index(asset)];
    }
    [[nodiscard]] Time now() const { return now_; }

  private:
    static constexpr std::size_t few = 24;

    const State* state_;
    const Market* market_;
    const Desk<Market>* desk_ = nullptr;
    Time now_;
};

/// Asks for the rows of an account before it is assessed: in a large book they are in no cache.
inline void fetch(const Market& m, AccountId account) {
    const auto ask = [](const auto& rows, std::uint32_t first, std::uint32_t count) {
        constexpr std::uint32_t a_line = 64 / sizeof(rows[0]);
        for (std::uint32_t k = 0; k < count && first + k < rows.size(); k += a_line)
            __builtin_prefetch(rows.data() + first + k);
    };
    ask(m.positions, m.first_slot(account), m.set().slots);
    ask(m.balances, m.row(account, AssetId{0}), m.assets());
    ask(m.accounts, breakwater::index(account), 1);
}

}  // namespace breakwater::venue
