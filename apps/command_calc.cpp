// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include <cstdio>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>

#include "breakwater/calc/function.hpp"
#include "breakwater/io/error.hpp"
#include "breakwater/io/text_file.hpp"
#include "commands.hpp"

namespace breakwater {
namespace {

struct CalcOptions {
    std::string function;
    std::string file;
    bool list = false;
};

int run_calc(const CalcOptions& o) {
    if (o.list) {
        std::fputs(calc::list_functions().c_str(), stdout);
        return 0;
    }
    if (o.function.empty())
        throw InputError("command line", 0, "calc needs a function",
                         "a name of breakwater calc --list");
    const calc::Function* function = calc::find_function(o.function);
    if (function == nullptr)
        throw InputError("command line", 0, "unknown function " + quote(o.function),
                         "a name of breakwater calc --list");
    std::string from = "standard input";
    std::string text;
    if (o.file.empty() || o.file == "-") {
        text.assign(std::istreambuf_iterator<char>(std::cin), {});
    } else {
        const TextFile file(o.file);
        from = file.name();
        text = file.text();
    }
    const auto answer = calc::call(*function, calc::parse_object(text, from), from);
    std::printf("%s\n", answer.dump(2).c_str());
    return 0;
}

}  // namespace

void add_calc(CLI::App& app, int& result) {
    const auto o = std::make_shared<CalcOptions>();
    CLI::App* c = app.add_subcommand(
        "calc", "One formula by its name: JSON in, JSON out (calc --list, docs/calc.md)");
    c->add_option("FUNCTION", o->function, "a name of --list");
    c->add_option("FILE", o->file, "the input; default: standard input");
    c->add_flag("--list", o->list, "the functions: name, what it answers, units");
    c->callback([o, &result] { result = run_calc(*o); });
}

}  // namespace breakwater
