#include "harness/cli/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "harness/cli/settings_error.h"
#include "harness/text/escape.h"
#include "harness/text/suggest.h"

namespace conformance::cli {
namespace {

constexpr std::string_view prefix = "GLUE_CONFORMANCE_";

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) lines.emplace_back(line);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

Setting setting_of_variable(const OptionShape& shape, const std::string& variable, const std::string& value) {
  if (value.empty()) throw SettingsError(variable + " is set, but to nothing: give it a value, or unset it");
  Setting setting{shape.name, {value}, value, variable};
  if (shape.takes == OptionShape::Takes::flag) setting.values = {read_switch(value, variable) ? "true" : "false"};
  if (shape.takes == OptionShape::Takes::many) setting.values = lines_of(value);
  return setting;
}

}  // namespace

const OptionShape* find_shape(const std::vector<OptionShape>& shapes, const std::string& name) {
  const auto found =
      std::find_if(shapes.begin(), shapes.end(), [&name](const OptionShape& shape) { return shape.name == name; });
  return found == shapes.end() ? nullptr : &*found;
}

std::vector<std::string> option_names(const CommandShapes& shapes) {
  std::set<std::string> names;
  for (const auto& [command, options] : shapes)
    for (const OptionShape& option : options) names.insert(option.name);
  return {names.begin(), names.end()};
}

bool takes_common_settings(const std::string& command) {
  constexpr std::array of_runs{"run",   "list",  "explain",      "replay",      "serve",
                               "audit", "sweep", "characterize", "credentials", "iam-policy"};
  return std::find(of_runs.begin(), of_runs.end(), command) != of_runs.end();
}

std::string variable_of(const std::string& option) {
  std::string name(prefix);
  for (const char c : option) name += c == '-' ? '_' : upper(c);
  return name;
}

std::vector<Setting> settings_of_environment(const std::string& command, const CommandShapes& shapes,
                                             const std::function<const char*(const char*)>& env) {
  std::vector<Setting> settings;
  const auto options = shapes.find(command);
  if (options == shapes.end() || !takes_common_settings(command)) return settings;
  for (const OptionShape& shape : options->second) {
    const std::string variable = variable_of(shape.name);
    if (const char* value = env(variable.c_str()); value != nullptr)
      settings.push_back(setting_of_variable(shape, variable, value));
  }
  return settings;
}

std::vector<std::string> faults_of_variables(const std::vector<std::string>& names, const CommandShapes& shapes) {
  std::vector<std::string> known;
  for (const auto& [command, options] : shapes) {
    if (!takes_common_settings(command)) continue;  // what is said to them alone is no variable
    for (const OptionShape& option : options) known.push_back(variable_of(option.name));
  }
  std::vector<std::string> faults;
  for (const std::string& name : names) {
    if (!name.starts_with(prefix) || std::find(known.begin(), known.end(), name) != known.end()) continue;
    const std::string near = text::nearest(name, known);
    faults.push_back(fmt::format("the variable {} is set, but there is no such option{}", text::visible(name),
                                 near.empty() ? "" : "; did you mean " + near + "?"));
  }
  return faults;
}

bool read_switch(const std::string& text, const std::string& source) {
  std::string word = text;
  std::transform(word.begin(), word.end(), word.begin(), lower);
  if (word == "true" || word == "1" || word == "yes" || word == "on") return true;
  if (word == "false" || word == "0" || word == "no" || word == "off") return false;
  throw SettingsError(fmt::format("{}: '{}' is neither true nor false", source, text::visible(text)));
}

}  // namespace conformance::cli
