// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/text_file.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include "breakwater/io/error.hpp"

namespace breakwater {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

std::string system_message() {
    return std::generic_category().message(errno);
}

}  // namespace

std::string show(const std::filesystem::path& path) {
    return path.string();
}

std::string quote(std::string_view text) {
    constexpr std::size_t shown_max = 40;
    std::string out = "'";
    for (const char c : text.substr(0, shown_max)) {
        const auto code = static_cast<unsigned char>(c);
        out += code < 0x20 || code == 0x7f ? '?' : c;
    }
    out += "'";
    if (text.size() > shown_max) out += " (" + std::to_string(text.size()) + " characters)";
    return out;
}

TextFile::TextFile(const std::filesystem::path& path) : name_(show(path)) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0)
        throw InputError(name_, 0, "cannot be opened: " + system_message(), "a readable file");
    struct stat status {};
    const bool known = ::fstat(file, &status) == 0;
    const auto size = static_cast<std::size_t>(status.st_size);
    void* memory = MAP_FAILED;
    const bool is_file = known && S_ISREG(status.st_mode);
    if (is_file && size != 0) memory = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
    const std::string message = system_message();
    ::close(file);
    if (!is_file) throw InputError(name_, 0, "is not a file", "a readable file");
    if (size == 0) throw InputError(name_, 0, "is empty", "text");
    if (memory == MAP_FAILED)
        throw InputError(name_, 0, "cannot be read: " + message, "a readable file");
    bytes_ = {static_cast<const char*>(memory), size};
    text_ = bytes_;
    if (text_.starts_with(byte_order_mark)) text_.remove_prefix(byte_order_mark.size());
    const bool compressed =
        bytes_.starts_with("\x1f\x8b") || bytes_.starts_with("\x28\xb5\x2f\xfd");
    if (compressed || text_.substr(0, 4'096).find('\0') != std::string_view::npos) {
        ::munmap(memory, size);
        throw InputError(name_, 0, compressed ? "is compressed" : "is not text",
                         compressed ? "plain text: decompress it first" : "UTF-8 text");
    }
}

TextFile::~TextFile() {
    // The mapping was never writable; munmap only asks for the address.
    ::munmap(const_cast<char*>(bytes_.data()), bytes_.size());  // NOLINT(*-pro-type-const-cast)
}

void TextFile::absorb_into(Digest& digest) const {
    digest.absorb(std::uint64_t{bytes_.size()});
    std::size_t at = 0;
    std::uint64_t word = 0;
    for (; at + sizeof word <= bytes_.size(); at += sizeof word) {
        std::memcpy(&word, bytes_.data() + at, sizeof word);
        digest.absorb(word);
    }
    word = 0;
    std::memcpy(&word, bytes_.data() + at, bytes_.size() - at);
    digest.absorb(word);
}

void TextFile::add_notes(std::vector<std::string>& notes) const {
    if (text_.size() != bytes_.size()) notes.push_back(name_ + ": byte order mark skipped");
    const std::size_t first_line = text_.find('\n');
    if (first_line != std::string_view::npos && first_line > 0 && text_[first_line - 1] == '\r')
        notes.push_back(name_ + ": line ends are CRLF, accepted");
}

std::string hash_of(std::initializer_list<const TextFile*> files) {
    Digest digest;
    for (const TextFile* file : files) file->absorb_into(digest);
    return digest.hex();
}

void TextFile::add_row_notes(std::vector<std::string>& notes) const {
    add_notes(notes);
    if (!ends_with_newline()) notes.push_back(name_ + ": no line end after the last row");
}

bool Lines::next(std::string_view& line) {
    if (rest_.empty()) return false;
    ++number_;
    const void* found = std::memchr(rest_.data(), '\n', rest_.size());
    const std::size_t length =
        found == nullptr ? rest_.size()
                         : static_cast<std::size_t>(static_cast<const char*>(found) - rest_.data());
    line = rest_.substr(0, length);
    rest_.remove_prefix(found == nullptr ? length : length + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return true;
}

}  // namespace breakwater
