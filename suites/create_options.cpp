#include "suites/create_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <set>

#include "harness/text/escape.h"
#include "harness/text/utf8.h"

namespace conformance::suites {
namespace {

using nlohmann::json;
using Takes = CreateOption::Takes;

// The members of CreateSession's request (API reference of AWS Glue, "CreateSession").
constexpr std::array all_options{
    CreateOption{"--session-role", "ARN", "/Role", Takes::text, "The IAM role of created sessions"},
    CreateOption{"--session-command", "NAME", "/Command/Name", Takes::text, "Their command: glueetl or gluestreaming"},
    CreateOption{"--session-python", "VERSION", "/Command/PythonVersion", Takes::text, "Their version of Python"},
    CreateOption{"--session-worker-type", "NAME", "/WorkerType", Takes::text, "The type of their workers, as G.1X"},
    CreateOption{"--session-workers", "N", "/NumberOfWorkers", Takes::count, "The number of their workers"},
    CreateOption{"--session-timeout", "MINUTES", "/Timeout", Takes::count, "Minutes after which they time out"},
    CreateOption{"--session-idle-timeout", "MINUTES", "/IdleTimeout", Takes::count,
                 "Minutes without use after which they time out"},
    CreateOption{"--session-tag", "KEY=VALUE", "/Tags", Takes::pair, "A tag that they get; repeatable"},
};

const CreateOption& option_named(std::string_view name) {
  return *std::find_if(all_options.begin(), all_options.end(), [&](const CreateOption& o) { return o.name == name; });
}

// 0 if it is none.
int count_in(const std::string& text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && value > 0 ? value : 0;
}

}  // namespace

std::span<const CreateOption> create_options() { return all_options; }

std::string fault_of(const GivenOptions& given) {
  std::set<std::pair<std::string, std::string>> seen;
  for (const auto& [name, value] : given) {
    const CreateOption& option = option_named(name);
    const std::string shown = text::visible(value);
    if (value.empty()) return fmt::format("{} is empty: give a value, or leave the option out", name);
    if (!text::is_valid(value)) return fmt::format("{}: '{}' is not UTF-8", name, shown);
    if (option.takes == Takes::count && count_in(value) == 0)
      return fmt::format("{}: '{}' is no whole number from 1", name, shown);
    const std::size_t equals = value.find('=');
    const bool pair = option.takes == Takes::pair;
    if (pair && (equals == std::string::npos || equals == 0))
      return fmt::format("{}: write '{}' as KEY=VALUE", name, shown);
    if (!seen.emplace(name, pair ? value.substr(0, equals) : "").second)
      return pair ? fmt::format("{}: the key of '{}' is given twice", name, shown)
                  : fmt::format("{} may be given only once", name);
  }
  return {};
}

std::string with_create_options(const std::string& body, const GivenOptions& given) {
  json patch = json::object();
  for (const auto& [name, value] : given) {
    const CreateOption& option = option_named(name);
    json& place = patch[json::json_pointer(std::string(option.place))];
    const std::size_t equals = value.find('=');
    switch (option.takes) {
      case Takes::text:
        place = value;
        break;
      case Takes::count:
        place = count_in(value);
        break;
      case Takes::pair:
        place[value.substr(0, equals)] = value.substr(equals + 1);
        break;
    }
  }
  json merged = json::parse(body);
  merged.merge_patch(patch);
  return merged.dump(-1, ' ', /*ensure_ascii=*/true);
}

}  // namespace conformance::suites
