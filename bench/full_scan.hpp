// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "book.hpp"

/// The baseline of the watch: look at every account at every step, as fast as this machine can.
///
/// health margin = Σ weight × unit over the columns, debt negative and enlarged by 2·10^-5, so that rounding in the sum
/// never hides an account. Who falls below 0 by more than can be wrong in that sum is surely unhealthy, the others get
/// the exact look. Found accounts get weights 0.
namespace breakwater::bench {

/// Accounts that hold the same columns: one array a column.
template <class T>
struct Block {
    std::vector<std::uint32_t> columns;   ///< 2·asset + (1 for debt)
    std::vector<std::vector<T>> weights;  ///< by column, padded with zeros to a multiple of 64
    std::vector<std::uint32_t> accounts;
    std::vector<std::uint8_t> is_steady;  ///< by row: no leg is so small that a unit of it matters
};

struct Candidate {
    std::uint32_t row;
    bool is_sure;  ///< falls short by more than rounding, if the row is steady
};

template <class T>
class FullScan {
  public:
    /// Dense: one block with every column that the book uses. Grouped: a block for each set of columns.
    /// `confirm_all`: nobody is found without a look.
    FullScan(const Book& book, bool grouped, bool confirm_all);

    template <class Look>
    void collect(const Step& now, Look&& look, std::vector<AccountId>& found) {
        set_units(now);
        for (std::uint32_t b = 0; b < blocks_.size(); ++b) {
            candidates_.clear();
            scan(blocks_[b]);
            const std::vector<std::uint32_t>& accounts = blocks_[b].accounts;
            const Watch::Rows rows = look.rows();
            doubtful_.clear();
            for (const Candidate& candidate : candidates_) {
                const std::uint32_t row = candidate.row;
                const AccountId account{accounts[row]};
                if (candidate.is_sure && blocks_[b].is_steady[row] != 0) {
                    found.push_back(account);
                    clear(b, row);
                    continue;
                }
                doubtful_.push_back(row);
                __builtin_prefetch(static_cast<const char*>(rows.first) +
                                   index(account) * rows.bytes);
            }
            constexpr std::size_t ahead = 12;
            for (std::size_t i = 0; i < doubtful_.size() + ahead; ++i) {
                if (i < doubtful_.size()) {
                    const auto* at =
                        static_cast<const char*>(look.address(AccountId{accounts[doubtful_[i]]}));
                    __builtin_prefetch(at);
                    __builtin_prefetch(at + 63);
                }
                if (i < ahead) continue;
                const std::uint32_t row = doubtful_[i - ahead];
                const AccountId account{accounts[row]};
                if (!look(account)) continue;
                found.push_back(account);
                clear(b, row);
            }
        }
    }
    void reset();
    [[nodiscard]] std::size_t bytes() const;

  private:
    struct Cleared {
        std::uint32_t block;
        std::uint32_t row;
    };
    void set_units(const Step& now);
    void scan(const Block<T>& block);
    void clear(std::uint32_t block, std::uint32_t row);
    void fill(std::uint32_t block, std::uint32_t row);

    const Book& book_;
    bool confirm_all_;
    std::vector<T> unit_;  ///< by column [USD × bps per atomic unit]
    std::vector<Block<T>> blocks_;
    std::vector<Candidate> candidates_;
    std::vector<std::uint32_t> doubtful_;  ///< rows
    std::vector<Cleared> cleared_;
};

extern template class FullScan<float>;
extern template class FullScan<double>;

}  // namespace breakwater::bench
