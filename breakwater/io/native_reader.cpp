// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/native_reader.hpp"

#include "breakwater/core/invariants.hpp"
#include "breakwater/core/require.hpp"
#include "breakwater/core/rulebooks/compound_v3_invariants.hpp"
#include "breakwater/core/rulebooks/morpho_blue_invariants.hpp"
#include "breakwater/io/book_reader.hpp"
#include "breakwater/io/error.hpp"

namespace breakwater {
namespace {

/// Custody is what all markets count.
void settle_custody(State& state) {
    std::vector<uint128> held(state.custody.size());
    for (const Market& any : state.markets) {
        if (const auto* market = std::get_if<morpho_blue::Market>(&any))
            morpho_blue::count_holdings(*market, held);
        if (const auto* market = std::get_if<compound_v3::Market>(&any))
            compound_v3::count_holdings(*market, held);
    }
    for (std::size_t a = 0; a < held.size(); ++a)
        state.custody[a].held = {held[a]};
}

}  // namespace

NativeFile read_native(const std::filesystem::path& folder) {
    if (!std::filesystem::is_directory(folder))
        throw InputError(show(folder), 0, "is not a folder",
                         "a folder with market.toml and accounts.csv");
    const TextFile market_text(folder / market_file_name);
    NativeFile file = parse_native(market_text);
    const TextFile accounts_text(folder / accounts_file_name);
    Book& book = file.book;
    if (book.rulebook == "compound_v3")
        parse_comet_accounts(accounts_text, file);
    else
        parse_morpho_accounts(accounts_text, file);
    accounts_text.add_row_notes(book.notes);
    settle_custody(book.state);
    REQUIRE(!check_state(book.state).has_value());
    book.input_hash = hash_of({&market_text, &accounts_text});
    return file;
}

Book read_native_book(const std::filesystem::path& folder) {
    return read_native(folder).book;
}

}  // namespace breakwater
