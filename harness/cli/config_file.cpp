#include "harness/cli/config_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <set>

#include "harness/cli/settings_error.h"
#include "harness/text/escape.h"
#include "harness/text/suggest.h"
#include "harness/toml/value.h"

namespace conformance::cli {
namespace {

using toml::Value;
using Lookup = std::function<const char*(const char*)>;
using Takes = OptionShape::Takes;

constexpr const char* profiles_key = "profiles";
constexpr std::size_t most_bytes = 1U << 20U;

// "${NAME}" put in. Throws std::string: what is wrong.
std::string substituted(std::string_view text, const Lookup& env) {
  std::string result;
  while (true) {
    const std::size_t at = text.find("${");
    result += text.substr(0, at);
    if (at == std::string_view::npos) return result;
    if (at > 0 && text[at - 1] == '$') {
      result += "{";  // the dollar before it stands for this one
      text.remove_prefix(at + 2);
      continue;
    }
    const std::size_t end = text.find('}', at);
    if (end == std::string_view::npos) throw std::string("there is no } for a ${");
    const std::string_view inside = text.substr(at + 2, end - at - 2);
    const std::size_t otherwise = inside.find(":-");
    const std::string name(inside.substr(0, otherwise));
    const char* value = name.empty() ? nullptr : env(name.c_str());
    const bool is_set = value != nullptr && *value != '\0';
    if (!is_set && otherwise == std::string_view::npos)
      throw fmt::format("the variable {} is not set: set it, or write ${{{}:-VALUE}}", text::visible(name),
                        text::visible(name));
    result += is_set ? std::string_view(value) : inside.substr(otherwise + 2);
    text.remove_prefix(end + 1);
  }
}

// Of an option that names a file, seen from the folder of the configuration.
std::string in_folder(const std::string& value, const OptionShape& shape, const std::filesystem::path& folder) {
  std::size_t begin = 0;
  if (shape.type.ends_with(":PATH"))
    begin = value.find(':') + 1;  // junit:PATH
  else if (shape.type.find("file:PATH") != std::string::npos && value.starts_with("file:"))
    begin = 5;
  else if (shape.type == "FILE|NAME") {
    if (value.find_first_of("./") == std::string::npos) return value;  // a name
  } else if (shape.type != "FILE" && shape.type != "DIR")
    return value;
  if (begin == value.size()) return value;
  return value.substr(0, begin) + (folder / value.substr(begin)).lexically_normal().string();
}

// A single value as it would be typed; nothing if it is of no such kind.
std::optional<std::string> as_typed(const Value& value) {
  if (const std::string* text = value.text()) return *text;
  if (const auto whole = value.integer()) {
    using Limits = std::numeric_limits<std::int64_t>;
    // What is larger is read as the largest.
    return *whole == Limits::max() || *whole == Limits::min() ? std::nullopt : std::optional(fmt::format("{}", *whole));
  }
  if (const auto fraction = value.fraction()) return fmt::format("{}", *fraction);
  return std::nullopt;
}

class Reader {
 public:
  Reader(std::string path, const CommandShapes& shapes) : path_(std::move(path)), shapes_(shapes) {}

  void check_file(const Value& file);
  // Only after check_file found nothing.
  [[nodiscard]] std::vector<Setting> read(const Value& file, const ConfigChoice& choice, const Lookup& env);
  [[nodiscard]] const std::vector<std::pair<std::size_t, std::string>>& faults() const { return faults_; }

 private:
  void fault(const Value& at, const std::string& what) { faults_.emplace_back(at.line(), what); }
  [[nodiscard]] std::string place(const Value& at) const {
    return fmt::format("{}:{}", text::visible(path_), at.line());
  }
  void check_layer(const Value& layer, bool is_whole);
  void check_options(const Value& table, const std::string& command);
  void check_group(const Value& table, const std::string& group);
  // The names of the commands that are in it; none: it is no command of commands.
  [[nodiscard]] std::vector<std::string> commands_in(const std::string& group) const;
  // What to do about a key that means nothing where it stands, among these words.
  [[nodiscard]] std::string hint_for(const std::string& key, const std::vector<std::string>& words) const;
  void check_value(const std::string& key, const Value& value, const OptionShape& shape);
  [[nodiscard]] const OptionShape* shape_of_any(const std::string& option) const;
  void take(const Value& table, const std::vector<OptionShape>& options, const Lookup& env,
            std::map<std::string, Setting>& settings);
  [[nodiscard]] Setting setting_of(const Value& value, const OptionShape& shape, const Lookup& env) const;

  std::string path_;
  const CommandShapes& shapes_;
  std::vector<std::pair<std::size_t, std::string>> faults_;  // line, what
};

const OptionShape* Reader::shape_of_any(const std::string& option) const {
  for (const auto& [command, options] : shapes_)
    if (const OptionShape* shape = find_shape(options, option); shape != nullptr && takes_common_settings(command))
      return shape;
  return nullptr;
}

void Reader::check_value(const std::string& key, const Value& value, const OptionShape& shape) {
  if (shape.takes == Takes::flag) {
    if (!value.flag()) fault(value, fmt::format("{} is true or false", key));
    return;
  }
  if (const auto all = value.list(); all && shape.takes == Takes::many) {
    if (all->empty()) fault(value, fmt::format("{} is an empty list: leave it out", key));
    if (!std::all_of(all->begin(), all->end(), [](const Value& one) { return as_typed(one).has_value(); }))
      fault(value, fmt::format("{} is a list of strings", key));
    return;
  }
  if (as_typed(value)) return;
  fault(value, fmt::format("{} is {}", key,
                           shape.takes == Takes::many ? "a string, or a list of strings" : "one string or number"));
}

void Reader::check_options(const Value& table, const std::string& command) {
  const std::vector<OptionShape>& options = shapes_.at(command);
  for (const auto& [key, value] : table.members()) {
    if (const OptionShape* shape = find_shape(options, key)) {
      check_value(key, value, *shape);
      continue;
    }
    std::vector<std::string> names;
    for (const OptionShape& option : options) names.push_back(option.name);
    const std::string near = text::nearest(key, names);
    fault(value, fmt::format("'{}' is no option of {}{}", text::visible(key), command,
                             near.empty() ? "" : "; did you mean '" + near + "'?"));
  }
}

std::vector<std::string> Reader::commands_in(const std::string& group) const {
  std::vector<std::string> names;
  for (const auto& [command, options] : shapes_)
    if (command.starts_with(group + " ")) names.push_back(command.substr(group.size() + 1));
  return names;
}

std::string Reader::hint_for(const std::string& key, const std::vector<std::string>& words) const {
  for (const auto& [command, options] : shapes_) {
    if (takes_common_settings(command) || find_shape(options, key) == nullptr) continue;
    std::string table = command;
    std::replace(table.begin(), table.end(), ' ', '.');
    return fmt::format("; {} has one of that name: write it below [{}]", command, table);
  }
  const std::string near = text::nearest(key, words);
  return near.empty() ? "" : "; did you mean '" + near + "'?";
}

void Reader::check_group(const Value& table, const std::string& group) {
  const std::vector<std::string> commands = commands_in(group);
  for (const auto& [key, value] : table.members()) {
    if (std::find(commands.begin(), commands.end(), key) == commands.end()) {
      fault(value, fmt::format("'{}' is no command of {}{}", text::visible(key), group, hint_for(key, commands)));
    } else if (!value.is_table()) {
      fault(value, fmt::format("{} of {} is a table: [{}.{}]", key, group, group, key));
    } else {
      check_options(value, fmt::format("{} {}", group, key));
    }
  }
}

void Reader::check_layer(const Value& layer, bool is_whole) {
  for (const auto& [key, value] : layer.members()) {
    if (is_whole && key == profiles_key) continue;
    if (shapes_.contains(key) && value.is_table()) {
      check_options(value, key);
    } else if (value.is_table() && !commands_in(key).empty()) {
      check_group(value, key);
    } else if (const OptionShape* shape = shape_of_any(key)) {
      check_value(key, value, *shape);
    } else if (shapes_.contains(key) || !commands_in(key).empty()) {
      fault(value, fmt::format("what {} takes is one table: [{}]", key, key));
    } else {
      std::vector<std::string> words = option_names(shapes_);
      for (const auto& [command, options] : shapes_) words.push_back(command.substr(0, command.find(' ')));
      if (is_whole) words.emplace_back(profiles_key);
      fault(value, fmt::format("there is no option '{}'{}", text::visible(key), hint_for(key, words)));
    }
  }
}

void Reader::check_file(const Value& file) {
  check_layer(file, true);
  const std::optional<Value> profiles = file.find(profiles_key);
  if (!profiles) return;
  if (!profiles->is_table()) return fault(*profiles, "profiles are tables: [profiles.NAME]");
  for (const auto& [name, profile] : profiles->members()) {
    if (profile.is_table()) {
      check_layer(profile, false);
    } else {
      fault(profile, fmt::format("a profile is a table: [profiles.{}]", text::visible(name)));
    }
  }
}

Setting Reader::setting_of(const Value& value, const OptionShape& shape, const Lookup& env) const {
  Setting setting{shape.name, {}, "", place(value)};
  if (shape.takes == Takes::flag) {
    setting.shown = value.flag().value() ? "true" : "false";
    setting.values = {setting.shown};
    return setting;
  }
  std::vector<std::string> written;
  if (const auto list = value.list()) {
    for (const Value& one : *list) written.push_back(as_typed(one).value());
  } else {
    written.push_back(as_typed(value).value());
  }
  const std::filesystem::path folder = std::filesystem::path(path_).parent_path();
  for (const std::string& text : written) {
    const std::string typed = substituted(text, env);
    if (typed.empty()) throw std::string("it is empty: give a value, or leave it out");
    setting.values.push_back(in_folder(typed, shape, folder));
    setting.shown += (setting.shown.empty() ? "" : ", ") + (typed == text ? setting.values.back() : text);
  }
  return setting;
}

void Reader::take(const Value& table, const std::vector<OptionShape>& options, const Lookup& env,
                  std::map<std::string, Setting>& settings) {
  for (const auto& [key, value] : table.members()) {
    const OptionShape* shape = find_shape(options, key);
    if (shape == nullptr || value.is_table()) continue;  // a table is a command's
    try {
      settings.insert_or_assign(key, setting_of(value, *shape, env));
    } catch (const std::string& what) {
      fault(value, fmt::format("{}: {}", key, what));
    }
  }
}

// What a layer says to the command alone.
std::optional<Value> table_of(const Value& layer, std::string_view command) {
  Value at = layer;
  while (true) {
    const std::size_t end = command.find(' ');
    std::optional<Value> inner = at.find(std::string(command.substr(0, end)));
    if (!inner || !inner->is_table()) return std::nullopt;
    if (end == std::string_view::npos) return inner;
    at = *std::move(inner);
    command.remove_prefix(end + 1);
  }
}

std::vector<Setting> Reader::read(const Value& file, const ConfigChoice& choice, const Lookup& env) {
  std::map<std::string, Setting> settings;
  const std::vector<OptionShape>& options = shapes_.at(choice.command);
  const auto take_layer = [&](const Value& layer) {
    if (takes_common_settings(choice.command)) take(layer, options, env, settings);
    if (const auto own = table_of(layer, choice.command)) take(*own, options, env, settings);
  };
  take_layer(file);
  if (!choice.profile.empty()) {
    const std::optional<Value> profiles = file.find(profiles_key);
    const std::optional<Value> profile = profiles ? profiles->find(choice.profile) : std::nullopt;
    if (!profile) {
      std::vector<std::string> names;
      if (profiles)
        for (const auto& [name, other] : profiles->members()) names.push_back(text::visible(name));
      throw SettingsError(
          fmt::format("{}: there is no [profiles.{}]; {}", text::visible(path_), text::visible(choice.profile),
                      names.empty() ? "it has no profiles" : fmt::format("there are {}", fmt::join(names, ", "))));
    }
    take_layer(*profile);
  }
  std::vector<Setting> all;
  for (auto& [option, setting] : settings) all.push_back(std::move(setting));
  return all;
}

Value parsed(const std::string& path, std::string_view text) {
  try {
    return toml::parse(text);
  } catch (const toml::Error& error) {
    throw SettingsError(error.in_file(path));
  }
}

[[noreturn]] void refuse(const std::string& path, std::vector<std::pair<std::size_t, std::string>> faults) {
  std::sort(faults.begin(), faults.end());
  std::string text;
  for (const auto& [line, what] : faults)
    text += fmt::format("{}{}:{}: {}", text.empty() ? "" : "\n", text::visible(path), line, what);
  throw SettingsError(text);
}

}  // namespace

std::optional<std::string> find_config(const std::string& folder) {
  std::filesystem::path at(folder);
  while (true) {
    std::error_code ignored;  // a folder that cannot be looked into has none for us
    const std::filesystem::path file = at / config_file_name;
    if (std::filesystem::is_regular_file(file, ignored)) return file.string();
    if (at == at.parent_path()) return std::nullopt;
    at = at.parent_path();
  }
}

std::string read_config(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) throw SettingsError(text::visible(path) + " is a folder, not a file");
  std::ifstream file(path, std::ios::binary);
  std::string text(most_bytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad() || (!file && !file.eof())) throw SettingsError(text::visible(path) + " cannot be read");
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > most_bytes)
    throw SettingsError(text::visible(path) + " has more than a mebibyte: is it a configuration file?");
  return text;
}

std::vector<Setting> settings_of_config(const std::string& path, std::string_view text, const CommandShapes& shapes,
                                        const ConfigChoice& choice, const Lookup& env) {
  const Value file = parsed(path, text);
  Reader reader(path, shapes);
  reader.check_file(file);
  if (!reader.faults().empty()) refuse(path, reader.faults());
  std::vector<Setting> settings = reader.read(file, choice, env);
  if (!reader.faults().empty()) refuse(path, reader.faults());
  return settings;
}

}  // namespace conformance::cli
