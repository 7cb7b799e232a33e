// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "breakwater/core/book.hpp"
#include "breakwater/core/event.hpp"
#include "morpho_blue.hpp"

/// The slow twin of a Maker market: every call over again from docs/rules.md (MAKER-001 to MAKER-018), in integers of
/// any width, on a state of its own: maps and lists where the engine has tables.
namespace breakwater::reference {

class MakerTwin {
  public:
    /// Begins where `state`, whose only market is a Maker one without auctions, stands.
    explicit MakerTwin(const State& state);

    /// Nothing where the event is done; otherwise why it is refused, and then nothing has changed.
    std::optional<Error> apply(const State& /*feeds*/, const Event& event);

    /// The first number in which the engine's state differs, in words; empty where none does.
    [[nodiscard]] std::string difference(const State& state) const;


  private:
    struct Vault {
        Integer ink, art, gem;
    };
    struct Sale {
        Integer tab, lot, top;
        std::uint64_t tic = 0;
        std::uint32_t usr = 0;
    };
    struct Ilk {
        Integer art, rate, spot, price, gem, dirt, chost;
        std::uint64_t rho = 0;
        std::uint32_t kicks = 0;
        maker::IlkParameters terms;
        std::map<std::uint32_t, Vault> vaults;
        std::map<std::uint32_t, Sale> sales;  ///< that run
        std::vector<std::uint32_t> active;    ///< their numbers in the protocol's order
    };
    struct Book {
        Integer debt, vice, dirt, queued;
        std::vector<Integer> dai, sin;
        std::vector<Ilk> ilks;
        std::map<std::uint64_t, Integer> eras;
        std::vector<Integer> custody;
    };
    struct Asking {
        Integer price;
        bool is_void = false;
    };

    void act(const maker::Join& e);
    void act(const maker::Exit& e);
    void act(const maker::Adjust& e);
    void act(const maker::Move& e);
    void act(const maker::Poke& e);
    void act(const maker::Drip& e);
    void act(const maker::Bark& e);
    void act(const maker::Take& e);
    void act(const maker::Redo& e);
    void act(const maker::Flog& e);
    void act(const maker::Heal& e);
    void act(const maker::UpdateChost& e);
    void act(const maker::SetIlk& e);

    Ilk& ilk_of(maker::IlkId id) { return book_.ilks[maker::index(id)]; }
    void suck(std::uint32_t to, const Integer& amount);
    void move(std::uint32_t from, std::uint32_t to, const Integer& amount);
    Integer feed_of(const Ilk& ilk);
    Integer starting_price(const Ilk& ilk);
    Asking asking(const Ilk& ilk, const Sale& sale);
    Sale& running(Ilk& ilk, std::uint32_t number);
    void end(Ilk& ilk, std::uint32_t number);
    Integer within(Integer v, unsigned bits);

    Book book_;
    maker::SystemParameters rules_;
    std::uint64_t now_ = 0;
    bool too_wide_ = false;  ///< a number of this event does not fit the engine's widths
};

}  // namespace breakwater::reference
