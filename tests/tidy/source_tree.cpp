// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "source_tree.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>

namespace breakwater::tidy {
namespace {

bool is_word_character(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

/// Copies `text` and blanks what a compiler does not read as code. Line breaks stay.
class Blanker {
  public:
    explicit Blanker(std::string_view text) : text_(text), out_(text) {}

    std::string run() {
        while (at_ < text_.size())
            step();
        return std::move(out_);
    }

  private:
    void step() {
        const char c = text_[at_];
        if (starts("//")) return blank_to(text_.find('\n', at_));
        if (starts("/*")) return blank_past("*/", at_ + 2);
        if (starts("R\"") && !in_word_) return raw_string();
        if (c == '"') return literal('"');
        if (c == '\'' && !in_number_) return literal('\'');
        if (is_word_character(c) || (c == '\'' && in_number_)) {
            if (!in_word_) in_number_ = std::isdigit(static_cast<unsigned char>(c)) != 0;
            in_word_ = true;
        } else {
            in_word_ = in_number_ = false;
        }
        ++at_;
    }

    [[nodiscard]] bool starts(std::string_view what) const {
        return text_.substr(at_).starts_with(what);
    }

    void blank_to(std::size_t end) {
        end = std::min(end, text_.size());
        for (; at_ < end; ++at_)
            if (out_[at_] != '\n') out_[at_] = ' ';
        in_word_ = in_number_ = false;
    }
    void blank_past(std::string_view mark, std::size_t from) {
        const std::size_t found = text_.find(mark, from);
        blank_to(found == std::string_view::npos ? found : found + mark.size());
    }
    void raw_string() {
        const std::size_t open = text_.find('(', at_);
        if (open == std::string_view::npos) return blank_to(open);
        blank_past(")" + std::string(text_.substr(at_ + 2, open - at_ - 2)) + "\"", open);
    }
    void literal(char quote) {
        std::size_t end = at_ + 1;
        while (end < text_.size() && text_[end] != quote && text_[end] != '\n')
            end += text_[end] == '\\' ? 2U : 1U;
        blank_to(end + 1);
    }

    std::string_view text_;
    std::string out_;
    std::size_t at_ = 0;
    bool in_word_ = false;
    bool in_number_ = false;
};

bool is_left_out(const std::filesystem::path& name) {
    constexpr std::string_view folders[] = {".git", "build", "node_modules", "__pycache__"};
    return std::ranges::count(folders, name.string()) != 0 || name.extension() == ".profraw";
}

}  // namespace

SourceFile::SourceFile(std::string path_, std::string text_)
    : path(std::move(path_)), text(std::move(text_)) {
    if (is_cpp()) code = Blanker(text).run();
}

bool SourceFile::is_cpp() const {
    return path.ends_with(".cpp") || path.ends_with(".hpp");
}
bool SourceFile::is_header() const {
    return path.ends_with(".hpp");
}
bool SourceFile::is_script() const {
    return path.ends_with(".sh") || path.ends_with(".py") || text.starts_with("#!");
}
bool SourceFile::is_under(std::string_view folder) const {
    return path.starts_with(folder) && path.size() > folder.size() && path[folder.size()] == '/';
}

Tree read_tree(const std::filesystem::path& root) {
    Tree out;
    for (auto i = std::filesystem::recursive_directory_iterator(root); i != std::filesystem::end(i);
         ++i) {
        if (is_left_out(i->path().filename())) {
            if (i->is_directory()) i.disable_recursion_pending();
            continue;
        }
        if (!i->is_regular_file()) continue;
        std::ifstream in(i->path(), std::ios::binary);
        std::string text{std::istreambuf_iterator<char>(in), {}};
        if (text.find('\0') != std::string::npos) continue;  // not text
        out.emplace_back(std::filesystem::relative(i->path(), root).generic_string(),
                         std::move(text));
    }
    std::ranges::sort(out, {}, &SourceFile::path);
    return out;
}

std::vector<Line> lines_of(std::string_view text) {
    std::vector<Line> out;
    for (std::size_t begin = 0, number = 1; begin < text.size(); ++number) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        out.push_back({number, text.substr(begin, end - begin)});
        begin = end + 1;
    }
    return out;
}

std::vector<Word> words_of(std::string_view code) {
    std::vector<Word> out;
    std::size_t line = 1;
    for (std::size_t i = 0; i < code.size();) {
        std::size_t end = i;
        while (end < code.size() && is_word_character(code[end]))
            ++end;
        if (end > i) out.push_back({code.substr(i, end - i), i, line});
        if (end < code.size() && code[end] == '\n') ++line;
        i = end + 1;
    }
    return out;
}

std::vector<Include> includes_of(const SourceFile& file) {
    std::vector<Include> out;
    const auto code = lines_of(file.code);
    for (const Line& line : lines_of(file.text)) {
        if (!code[line.number - 1].text.starts_with("#include"))
            continue;  // in a comment or a raw string
        const std::size_t open = line.text.find_first_of("<\"");
        const std::size_t close = line.text.find_first_of(">\"", open + 1);
        if (open == std::string_view::npos || close == std::string_view::npos) continue;
        out.push_back({std::string(line.text.substr(open + 1, close - open - 1)),
                       line.text[open] == '"', line.number});
    }
    return out;
}

}  // namespace breakwater::tidy
