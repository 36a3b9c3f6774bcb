#include "harness/cli/option_sources.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <string_view>

#include "harness/cli/config_file.h"
#include "harness/cli/settings_error.h"
#include "harness/text/escape.h"

namespace conformance::cli {
namespace {

using Takes = OptionShape::Takes;

// They say which settings there are, and are none themselves.
constexpr std::array options_of_config{"config", "config-profile", "no-config", "show-config"};

bool is_of_config(const std::string& name) {
  return std::find(options_of_config.begin(), options_of_config.end(), name) != options_of_config.end();
}

// Variables of AWS's own tools, which beat the file as all of the environment does. The first that is set counts.
std::optional<std::string> aws_variable(const std::string& option, const Environment& env) {
  const auto is_set = [&env](const char* name) {
    const char* value = env(name);
    return value != nullptr && *value != '\0';
  };
  struct Named {
    std::string_view option;
    std::array<const char*, 2> variables;
  };
  constexpr std::array all{Named{"endpoint", {"AWS_ENDPOINT_URL_GLUE", "AWS_ENDPOINT_URL"}},
                           Named{"region", {"AWS_REGION", "AWS_DEFAULT_REGION"}},
                           Named{"aws-profile", {"AWS_PROFILE", "AWS_DEFAULT_PROFILE"}},
                           Named{"ca-bundle", {"AWS_CA_BUNDLE", "AWS_CA_BUNDLE"}}};
  const auto named = std::find_if(all.begin(), all.end(), [&option](const Named& n) { return n.option == option; });
  if (named == all.end()) return std::nullopt;
  if (option == "endpoint" && is_set("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") &&
      read_switch(env("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"), "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"))
    return std::nullopt;
  for (const char* variable : named->variables)
    if (is_set(variable)) return variable;
  return std::nullopt;
}

std::string name_of(const CLI::Option& option) {
  const std::vector<std::string>& names = option.get_lnames();
  return names.empty() ? "" : names.front();
}

bool is_flag(const CLI::Option& option) { return option.get_expected_max() == 0; }

std::vector<OptionShape> shapes_of_command(const CLI::App& command) {
  std::vector<OptionShape> shapes;
  for (const CLI::Option* option : command.get_options()) {
    const std::string name = name_of(*option);
    if (name.empty() || name == "help" || is_of_config(name)) continue;
    shapes.push_back({name,
                      is_flag(*option)                       ? Takes::flag
                      : option->get_items_expected_max() > 1 ? Takes::many
                                                             : Takes::one,
                      option->get_type_name()});
  }
  return shapes;
}

// As if it had been typed.
void give(CLI::App& command, const Setting& setting) {
  CLI::Option& option = *command.get_option("--" + setting.option);
  try {
    for (const std::string& value : setting.values) option.add_result(value);
    option.run_callback();
  } catch (const CLI::Error& error) {
    throw SettingsError(setting.source + ": " + text::visible(error.what()));
  }
}

std::string value_of_variable(const char* name, const Environment& env) {
  const char* value = env(name);
  return value == nullptr ? "" : value;
}

// --config, else GLUE_CONFORMANCE_CONFIG, else what lies in the folder or above it; empty: none.
std::string choose_file(const ConfigOptions& config, const CLI::App& command, const Surroundings& surroundings,
                        const Environment& env) {
  if (config.none) return "";
  std::string file = config.file, source = "--config";
  const std::string variable = variable_of("config");
  if (command.count("--config") == 0) {
    const char* value = env(variable.c_str());
    if (value == nullptr) return surroundings.folder.empty() ? "" : find_config(surroundings.folder).value_or("");
    file = value;
    source = variable;
  }
  if (file.empty()) throw SettingsError(source + " is empty: name a file, or leave it out");
  std::error_code error;
  if (!std::filesystem::exists(file, error))
    throw SettingsError(fmt::format("{}: there is no file {}", source, text::visible(file)));
  return file;
}

// Who made the endpoint of a ledger its own is not the environment: what is swept is said on the line, or in the
// ledger.
bool is_for_the_line_alone(const CLI::App& command, const std::string& option) {
  return command.get_name() == "sweep" && option == "endpoint";
}

bool is_on_the_line(const CLI::App& command, const std::string& option) { return command.count("--" + option) > 0; }

// Whoever may see the settings need not see what a command carries: its words may be a token.
std::string without_secrets(const std::string& option, std::string shown, const Environment& env) {
  if (option == "sessions" && shown.starts_with("command:")) {
    const std::size_t blank = shown.find(' ');
    if (blank != std::string::npos) shown = shown.substr(0, blank) + " …";
  }
  // A URL may have a password, or a token in its query, though no command takes such a one.
  if (const std::size_t host = shown.find("://"); host != std::string::npos) {
    const std::size_t end = std::min(shown.find('/', host + 3), shown.size());
    const std::size_t user = shown.rfind('@', end);
    if (user != std::string::npos && user > host) shown.replace(host + 3, user - host - 3, "…");
    if (const std::size_t query = shown.find('?'); query != std::string::npos) shown = shown.substr(0, query) + "?…";
  }
  for (const char* variable : {"AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"}) {
    const std::string secret = value_of_variable(variable, env);
    if (secret.empty()) continue;
    for (std::size_t at = shown.find(secret); at != std::string::npos; at = shown.find(secret))
      shown.replace(at, secret.size(), fmt::format("({})", variable));
  }
  return shown;
}

struct Shown {
  std::string value, source;
};

Shown shown_of(const CLI::App& command, const CLI::Option& option, const Settled& settled, const Environment& env) {
  const std::string name = name_of(option);
  const auto setting = std::find_if(settled.settings.begin(), settled.settings.end(),
                                    [&name](const Setting& s) { return s.option == name; });
  if (setting != settled.settings.end()) return {setting->shown, setting->source};
  if (is_on_the_line(command, name)) {
    return {fmt::format("{}", fmt::join(option.results(), ", ")), "command line"};
  }
  if (!is_for_the_line_alone(command, name)) {
    if (const auto variable = aws_variable(name, env)) return {value_of_variable(variable->c_str(), env), *variable};
  }
  return {is_flag(option) ? "false" : option.get_default_str(), "default"};
}

}  // namespace

std::string in_words(const Settled& settled) {
  if (settled.file.empty()) return "";
  return text::visible(settled.file) + (settled.profile.empty() ? "" : ", profile " + text::visible(settled.profile));
}

void add_configuration(CLI::App& command, ConfigOptions& config) {
  command.option_defaults()->group("Configuration");
  command
      .add_option("--config", config.file,
                  "The configuration file (default: glue-conformance.toml here or in a folder above)")
      ->type_name("FILE");
  command
      .add_option("--config-profile", config.profile, "Also what its table [profiles.NAME] says, which beats the rest")
      ->type_name("NAME");
  command.add_flag_callback(
      "--no-config", [&config] { config.none = true; }, "Read no configuration file");
  command.add_flag_callback(
      "--show-config", [&config] { config.show = true; },
      "Show each option, its value and what set it; do nothing else");
  command.option_defaults()->group("Options");
}

bool has_commands(const CLI::App& command) {
  return !command.get_subcommands([](const CLI::App*) { return true; }).empty();
}

std::vector<CLI::App*> all_commands(CLI::App& app) {
  std::vector<CLI::App*> all;
  for (CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (!has_commands(*command)) {
      all.push_back(command);
      continue;
    }
    const std::vector<CLI::App*> inner = all_commands(*command);
    all.insert(all.end(), inner.begin(), inner.end());
  }
  return all;
}

std::string full_name(const CLI::App& command) {
  const CLI::App* parent = command.get_parent();
  const bool is_inner = parent != nullptr && parent->get_parent() != nullptr;
  return is_inner ? full_name(*parent) + " " + command.get_name() : command.get_name();
}

CommandShapes shapes_of(CLI::App& app) {
  CommandShapes shapes;
  for (const CLI::App* command : all_commands(app)) shapes[full_name(*command)] = shapes_of_command(*command);
  return shapes;
}

Settled settle(CLI::App& app, CLI::App& command, const ConfigOptions& config, const Surroundings& surroundings,
               const Environment& env) {
  const CommandShapes shapes = shapes_of(app);
  std::vector<std::string> others;
  for (const std::string& name : surroundings.variables)
    if (name != variable_of("config") && name != variable_of("config-profile")) others.push_back(name);
  if (const std::vector<std::string> faults = faults_of_variables(others, shapes); !faults.empty())
    throw SettingsError(fmt::format("{}", fmt::join(faults, "\n")));

  Settled settled;
  settled.profile = command.count("--config-profile") > 0
                        ? config.profile
                        : value_of_variable(variable_of("config-profile").c_str(), env);
  settled.file = choose_file(config, command, surroundings, env);
  if (settled.file.empty() && !settled.profile.empty())
    throw SettingsError(
        fmt::format("there is no configuration file to take the profile '{}' from: name it with --config",
                    text::visible(settled.profile)));
  std::vector<Setting> all = settings_of_environment(full_name(command), shapes, env);
  if (!settled.file.empty()) {
    for (Setting& setting : settings_of_config(settled.file, read_config(settled.file), shapes,
                                               {full_name(command), settled.profile}, env)) {
      const bool is_beaten =
          aws_variable(setting.option, env).has_value() ||
          std::any_of(all.begin(), all.end(), [&setting](const Setting& s) { return s.option == setting.option; });
      if (!is_beaten) all.push_back(std::move(setting));
    }
  }
  for (Setting& setting : all) {
    if (is_on_the_line(command, setting.option) || is_for_the_line_alone(command, setting.option)) continue;
    give(command, setting);
    settled.settings.push_back(std::move(setting));
  }
  return settled;
}

std::string show_configuration(const CLI::App& command, const Settled& settled, const Environment& env) {
  struct Line {
    std::string option, value, source;
  };
  std::vector<Line> lines;
  std::size_t widest_option = 0, widest_value = 0;
  constexpr std::size_t most = 40;
  for (const CLI::Option* option : command.get_options()) {
    const std::string name = name_of(*option);
    if (name.empty() || name == "help" || is_of_config(name)) continue;
    const auto [value, source] = shown_of(command, *option, settled, env);
    lines.push_back({name, text::visible(without_secrets(name, value, env)), source});
    widest_option = std::max(widest_option, name.size());
    widest_value = std::max(widest_value, std::min(lines.back().value.size(), most));
  }
  std::string text = fmt::format("Configuration file: {}\n", settled.file.empty() ? "none" : in_words(settled));
  for (const Line& line : lines)
    text += fmt::format("--{:<{}}  {:<{}}  {}\n", line.option, widest_option, line.value.empty() ? "-" : line.value,
                        widest_value, line.source);
  return text;
}

}  // namespace conformance::cli
