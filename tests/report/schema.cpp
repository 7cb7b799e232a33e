// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors
#include "schema.hpp"

#include <algorithm>
#include <fstream>
#include <regex>
#include <set>

namespace breakwater::test {
namespace {

using nlohmann::json;

class Validator {
  public:
    explicit Validator(const json& root) : root_(root) {}

    void check(const json& value, const json& schema, const std::string& path) {
        for (const auto& [keyword, rule] : schema.items())
            apply(keyword, rule, value, schema, path);
    }
    std::vector<std::string> faults;

  private:
    void fault(const std::string& path, const std::string& what) {
        faults.push_back(path + ": " + what);
    }

    static bool has_type(const json& value, const std::string& type) {
        if (type == "object") return value.is_object();
        if (type == "array") return value.is_array();
        if (type == "string") return value.is_string();
        if (type == "number") return value.is_number();
        if (type == "integer") return value.is_number_integer();
        if (type == "boolean") return value.is_boolean();
        return type == "null" && value.is_null();
    }

    void apply(const std::string& keyword, const json& rule, const json& value, const json& schema,
               const std::string& path) {
        static const std::set<std::string> notes{"$schema", "title", "description", "$defs"};
        if (notes.contains(keyword)) return;
        if (keyword == "$ref") {
            check(value, root_.at(json::json_pointer(rule.get<std::string>().substr(1))), path);
        } else if (keyword == "type") {
            const bool fits =
                rule.is_array()
                    ? std::ranges::any_of(rule, [&](const json& t) { return has_type(value, t); })
                    : has_type(value, rule);
            if (!fits) fault(path, "is not of type " + rule.dump());
        } else if (keyword == "const" || keyword == "enum") {
            const bool fits =
                keyword == "const" ? value == rule : std::ranges::count(rule, value) > 0;
            if (!fits) fault(path, value.dump() + " is not in " + rule.dump());
        } else if (keyword == "oneOf") {
            check_one_of(value, rule, path);
        } else if (!apply_to_object(keyword, rule, value, schema, path) &&
                   !apply_to_scalar(keyword, rule, value, path)) {
            fault(path, "the schema uses " + keyword);
        }
    }

    void check_one_of(const json& value, const json& rules, const std::string& path) {
        std::size_t fitting = 0;
        for (const json& one : rules) {
            Validator inner(root_);
            inner.check(value, one, path);
            if (inner.faults.empty()) ++fitting;
        }
        if (fitting != 1)
            fault(path, value.dump() + " fits " + std::to_string(fitting) + " alternatives");
    }

    bool apply_to_object(const std::string& keyword, const json& rule, const json& value,
                         const json& schema, const std::string& path) {
        if (keyword == "properties") {
            for (const auto& [name, one] : rule.items())
                if (value.is_object() && value.contains(name))
                    check(value.at(name), one, path + "/" + name);
        } else if (keyword == "required") {
            for (const json& name : rule)
                if (!value.contains(name.get<std::string>()))
                    fault(path, "has no " + name.get<std::string>());
        } else if (keyword == "additionalProperties") {
            if (!value.is_object()) return true;
            for (const auto& [name, unused] : value.items())
                if (!schema.at("properties").contains(name))
                    fault(path, "has an unknown field " + name);
        } else if (keyword == "items") {
            for (std::size_t i = 0; value.is_array() && i < value.size(); ++i)
                check(value[i], rule, path + "/" + std::to_string(i));
        } else {
            return false;
        }
        return true;
    }

    bool apply_to_scalar(const std::string& keyword, const json& rule, const json& value,
                         const std::string& path) {
        const auto at_least = [&](bool it) {
            if (!it) fault(path, value.dump() + " breaks " + keyword + " " + rule.dump());
        };
        if (keyword == "minimum")
            at_least(!value.is_number() || value >= rule);
        else if (keyword == "maximum")
            at_least(!value.is_number() || value <= rule);
        else if (keyword == "exclusiveMinimum")
            at_least(!value.is_number() || value > rule);
        else if (keyword == "exclusiveMaximum")
            at_least(!value.is_number() || value < rule);
        else if (keyword == "minItems")
            at_least(value.size() >= rule.get<std::size_t>());
        else if (keyword == "maxItems")
            at_least(value.size() <= rule.get<std::size_t>());
        else if (keyword == "minLength")
            at_least(value.get<std::string>().size() >= rule.get<std::size_t>());
        else if (keyword == "pattern")
            at_least(
                std::regex_search(value.get<std::string>(), std::regex(rule.get<std::string>())));
        else
            return false;
        return true;
    }

    const json& root_;
};

void intervals(const json& node, const std::string& path, std::vector<std::string>& faults) {
    if (node.is_object() && node.contains("low") && node.contains("value") &&
        node["value"].is_number())
        if (node["low"] > node["value"] || node["value"] > node["high"])
            faults.push_back(path + " misses its value");
    if (!node.is_structured()) return;
    for (const auto& [key, child] : node.items())
        intervals(child, path + "/" + key, faults);
}

void lengths(const json& axis, const json& column, const std::string& path,
             std::vector<std::string>& faults) {
    if (column.size() != axis.size()) faults.push_back(path + " has another length than its axis");
}

void quantiles(const json& axis, const json& levels, const json& all, const std::string& path,
               std::vector<std::string>& faults) {
    if (all.size() != levels.size())
        faults.push_back(path + " has another number of columns than levels");
    for (std::size_t l = 0; l < all.size(); ++l) {
        lengths(axis, all[l], path, faults);
        for (std::size_t i = 0; l > 0 && i < all[l].size(); ++i)
            if (all[l - 1][i] > all[l][i]) faults.push_back(path + " crosses");
    }
}

}  // namespace

std::vector<std::string> schema_faults(const json& document, const std::string& name) {
    std::ifstream file(std::string(BREAKWATER_DOCS) + "/" + name);
    if (!file) return {"the schema " + name + " cannot be read"};
    const json schema = json::parse(file);
    Validator validator(schema);
    validator.check(document, schema, "");
    return validator.faults;
}

std::vector<std::string> chart_faults(const json& report) {
    std::vector<std::string> faults;
    intervals(report, "", faults);
    const json& curve = report.at("exceedance");
    for (const char* name : {"probability", "low", "high"})
        lengths(curve["loss"], curve[name], name, faults);
    if (!std::ranges::is_sorted(curve["loss"], std::less_equal<>()))
        faults.push_back("exceedance does not rise");
    const json& fan = report.at("price_fan");
    for (const json& asset : fan["assets"]) {
        quantiles(fan["hours"], fan["levels"], asset["quantiles"], asset["symbol"], faults);
        lengths(fan["hours"], asset["worst"], "worst", faults);
        lengths(fan["hours"], asset["median"], "median", faults);
    }
    const json& flow = report.at("liquidation_over_time");
    for (const char* name : {"volume", "backlog"}) {
        quantiles(flow["hours"], flow["levels"], flow[name]["quantiles"], name, faults);
        lengths(flow["hours"], flow[name]["mean"], name, faults);
    }
    for (const json& asset : report.at("wall")["assets"])
        for (const char* name : {"liquidatable_usd", "bad_debt_usd", "capacity_usd"})
            lengths(report["wall"]["moves"], asset[name], name, faults);
    for (const json& table : report.at("parameters")["tables"])
        for (const json& row : table["rows"])
            lengths(table["columns"], row, table["id"], faults);
    return faults;
}

}  // namespace breakwater::test
