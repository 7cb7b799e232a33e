// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "breakwater/io/atomic_output.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "breakwater/io/error.hpp"
#include "breakwater/io/text_file.hpp"

namespace breakwater {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void refuse(const fs::path& path, const std::string& what) {
    throw InputError(show(path), 0, what, "a place that can be written");
}

fs::path sibling(const fs::path& path, const char* ending) {
    fs::path out = path;
    if (!out.has_filename()) out = out.parent_path();  // "folder/"
    out += "." + std::to_string(::getpid()) + ending;
    return out;
}

void write_new_file(const fs::path& path, std::string_view text) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file < 0) refuse(path, "cannot be written: " + std::generic_category().message(errno));
    while (!text.empty()) {
        const ::ssize_t written = ::write(file, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) {
            const std::string message = std::generic_category().message(errno);
            ::close(file);
            refuse(path, "cannot be written: " + message);
        }
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    const bool is_kept = ::fsync(file) == 0;
    if (::close(file) != 0 || !is_kept) refuse(path, "cannot be written");
}

}  // namespace

void write_file_atomically(const fs::path& path, std::string_view text) {
    const fs::path temporary = sibling(path, ".tmp");
    std::error_code error;
    try {
        write_new_file(temporary, text);
    } catch (const InputError&) {
        fs::remove(temporary, error);
        throw;
    }
    fs::rename(temporary, path, error);
    if (!error) return;
    const std::string message = error.message();
    fs::remove(temporary, error);
    refuse(path, "cannot be written: " + message);
}

FolderInTheMaking::FolderInTheMaking(fs::path target, Existing existing,
                                     std::initializer_list<std::string_view> names)
    : target_(std::move(target)), making_(sibling(target_, ".tmp")) {
    std::error_code error;
    if (fs::exists(target_, error)) {
        if (!fs::is_directory(target_, error)) refuse(target_, "is a file");
        for (const auto& entry : fs::directory_iterator(target_)) {
            const std::string name = entry.path().filename().string();
            const bool may_go =
                existing == Existing::replace && std::ranges::find(names, name) != names.end();
            if (!may_go)
                throw InputError(show(target_), 0, "already holds " + quote(name), "a new folder");
        }
    }
    if (target_.has_parent_path()) fs::create_directories(making_.parent_path(), error);
    fs::create_directory(making_, error);
    if (error) refuse(making_, "cannot be made: " + error.message());
}

FolderInTheMaking::~FolderInTheMaking() {
    std::error_code error;
    if (!committed_) fs::remove_all(making_, error);
}

void FolderInTheMaking::write(std::string_view name, std::string_view text) {
    write_new_file(making_ / name, text);
}

void FolderInTheMaking::commit() {
    std::error_code error;
    const fs::path old = sibling(target_, ".old");
    const bool replaces = fs::exists(target_, error);
    if (replaces) fs::rename(target_, old, error);
    if (!error) fs::rename(making_, target_, error);
    if (error) {
        const std::string message = error.message();
        if (replaces) fs::rename(old, target_, error);
        refuse(target_, "cannot be written: " + message);
    }
    committed_ = true;
    if (replaces) fs::remove_all(old, error);
}

}  // namespace breakwater
