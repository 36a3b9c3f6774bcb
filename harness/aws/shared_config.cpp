#include "harness/aws/shared_config.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <system_error>
#include <utility>

#include "harness/text/escape.h"
#include "harness/text/suggest.h"
#include "harness/text/utf8.h"
#include "harness/wire/ascii.h"

namespace conformance::aws {
namespace {

namespace ascii = wire::ascii;

constexpr std::size_t most_file_bytes = 1U << 20;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

std::size_t indentation_of(std::string_view line) {
  const std::size_t at = line.find_first_not_of(" \t");
  return at == std::string_view::npos ? line.size() : at;
}

bool is_text(std::string_view line) {
  const auto is_control = [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == '\x7f'; };
  return text::is_valid(line) && std::none_of(line.begin(), line.end(), is_control);
}

// Line by line, with the section and the setting that further lines may belong to.
class Parser {
 public:
  explicit Parser(std::string file) : file_(std::move(file)) {}

  void take(std::string_view line) {
    ++number_;
    if (!is_text(line)) refuse("it has a control character or is not UTF-8");
    const std::string_view text = ascii::trim(line);
    if (text.empty() || text.front() == '#' || text.front() == ';') return;
    const std::size_t indentation = indentation_of(line);
    if (setting_ != nullptr && indentation > setting_indentation_) return take_further(text);
    if (text.front() == '[') return take_section(text);
    take_setting(text, indentation);
  }

  Sections sections;

 private:
  [[noreturn]] void refuse(std::string_view why) const {
    throw ConfigError(fmt::format("{} line {}: {}", file_, number_, why));
  }

  void take_section(std::string_view text) {
    const std::size_t end = text.rfind(']');
    if (end == std::string_view::npos) refuse("the '[' of a section is not closed");
    const std::string name(ascii::trim(text.substr(1, end - 1)));
    if (name.empty()) refuse("the section has no name");
    const auto [section, is_new] = sections.try_emplace(name);
    if (!is_new) refuse("there is a section of this name before it: put both into one");
    section_ = &section->second;
    setting_ = nullptr;
  }

  void take_setting(std::string_view text, std::size_t indentation) {
    if (section_ == nullptr) refuse("it stands before any section: begin with a line like [default]");
    const std::size_t delimiter = text.find_first_of("=:");
    const std::string name = ascii::lower(ascii::trim(text.substr(0, delimiter)));
    if (delimiter == std::string_view::npos || name.empty())
      refuse("it is neither a section, nor NAME = VALUE, nor a comment");
    const auto [setting, is_new] = section_->try_emplace(name);
    if (!is_new) refuse("its section has a setting of this name before it: leave one out");
    setting_ = &setting->second;
    setting_->value = ascii::trim(text.substr(delimiter + 1));
    setting_indentation_ = indentation;
    nests_ = setting_->value.empty();
  }

  void take_further(std::string_view text) {
    if (!nests_) {
      setting_->value.append("\n").append(text);
      return;
    }
    const std::size_t equals = text.find('=');
    const std::string_view name = ascii::trim(text.substr(0, equals));
    if (equals == std::string_view::npos || name.empty()) refuse("it is indented, and not NAME = VALUE");
    setting_->nested.insert_or_assign(std::string(name), std::string(ascii::trim(text.substr(equals + 1))));
  }

  std::string file_;
  std::size_t number_ = 0;
  Settings* section_ = nullptr;
  Setting* setting_ = nullptr;
  std::size_t setting_indentation_ = 0;
  bool nests_ = false;
};

// "profile 'my one'" is the profile "my one"; nothing if it is not of this kind, or of more words than one.
std::optional<std::string> name_after(std::string_view section, std::string_view kind) {
  if (!section.starts_with(kind)) return std::nullopt;
  const std::string_view rest = section.substr(kind.size());
  const std::string_view name = ascii::trim(rest);
  if (name.empty() || name.size() == rest.size()) return std::nullopt;
  if (const char quote = name.front(); quote == '"' || quote == '\'') {
    if (name.size() < 3 || name.find(quote, 1) != name.size() - 1) return std::nullopt;
    return std::string(name.substr(1, name.size() - 2));
  }
  if (name.find_first_of(" \t\"'") != std::string_view::npos) return std::nullopt;
  return std::string(name);
}

std::string value_of(const wire::Lookup& env, const char* name) {
  const char* value = env(name);
  return value == nullptr ? "" : value;
}

std::string place_of(const wire::Lookup& env, const char* variable, const std::string& usual) {
  std::string path = value_of(env, variable);
  if (path.empty()) path = usual;
  const std::string home = value_of(env, "HOME");
  return home.empty() || !path.starts_with("~/") ? path : home + path.substr(1);
}

Sections sections_of(const std::string& path) {
  if (path.starts_with("~/")) return {};
  const std::optional<std::string> text = read_small_file(path, most_file_bytes);
  return text ? parse_sections(*text, text::visible(path)) : Sections{};
}

const Settings* find(const Sections& sections, std::string_view name) {
  const auto found = sections.find(name);
  return found == sections.end() ? nullptr : &found->second;
}

const Setting* find(const Settings* settings, std::string_view name) {
  if (settings == nullptr) return nullptr;
  const auto found = settings->find(name);
  return found == settings->end() ? nullptr : &found->second;
}

}  // namespace

std::optional<std::string> read_small_file(const std::filesystem::path& path, std::size_t most_bytes) {
  const std::string name = text::visible(path.string());
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found) return std::nullopt;
  if (error) throw ConfigError(fmt::format("{} cannot be read: {}", name, error.message()));
  if (path == "/dev/null") return std::nullopt;
  // A pipe or a device would hold everything up.
  if (!std::filesystem::is_regular_file(status)) throw ConfigError(fmt::format("{} is no file", name));
  std::ifstream file(path, std::ios::binary);
  std::string bytes(most_bytes + 1, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!file.is_open() || file.bad()) throw ConfigError(fmt::format("{} cannot be read", name));
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  if (bytes.size() > most_bytes)
    throw ConfigError(fmt::format("{} has more than {} bytes: it is not what it should be", name, most_bytes));
  return bytes;
}

Sections parse_sections(std::string_view text, const std::string& file) {
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  Parser parser(file);
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    parser.take(line);
  }
  return std::move(parser.sections);
}

SharedConfig SharedConfig::read(const wire::Lookup& env) {
  SharedConfig config;
  config.credentials_file_ = place_of(env, "AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials");
  config.config_file_ = place_of(env, "AWS_CONFIG_FILE", "~/.aws/config");
  config.credentials_ = sections_of(config.credentials_file_);
  for (auto& [section, settings] : sections_of(config.config_file_)) {
    if (const auto services = name_after(section, "services")) config.services_.insert_or_assign(*services, settings);
    const auto profile = name_after(section, "profile");
    // Of both ways to write it, [profile default] is the one that is meant.
    if (profile) config.profiles_.insert_or_assign(*profile, settings);
    if (section == "default") config.profiles_.try_emplace(section, settings);
  }
  return config;
}

bool SharedConfig::has_profile(std::string_view name) const {
  return in_credentials_file(name) != nullptr || in_config_file(name) != nullptr;
}

std::vector<std::string> SharedConfig::profile_names() const {
  std::vector<std::string> names;
  for (const Sections* sections : {&credentials_, &profiles_})
    for (const auto& [name, settings] : *sections) names.push_back(name);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

const Setting* SharedConfig::setting(std::string_view profile, std::string_view name) const {
  const Setting* setting = find(in_credentials_file(profile), name);
  return setting != nullptr ? setting : find(in_config_file(profile), name);
}

std::optional<std::string> SharedConfig::value(std::string_view profile, std::string_view name) const {
  const Setting* found = setting(profile, name);
  if (found == nullptr || found->value.empty()) return std::nullopt;
  return found->value;
}

const Settings* SharedConfig::in_credentials_file(std::string_view profile) const {
  return find(credentials_, profile);
}

const Settings* SharedConfig::in_config_file(std::string_view profile) const { return find(profiles_, profile); }

const Settings* SharedConfig::services(std::string_view name) const { return find(services_, name); }

std::optional<std::string> Configuration::variable(const char* name) const {
  std::string found = value_of(env, name);
  if (found.empty()) return std::nullopt;
  return found;
}

std::optional<std::string> Configuration::profile_value(std::string_view name) const {
  return files.value(profile, name);
}

std::optional<std::string> Configuration::value(const char* variable_name, const char* setting_name) const {
  auto found = variable(variable_name);
  return found ? found : profile_value(setting_name);
}

bool Configuration::flag(const char* variable_name, const char* setting_name) const {
  const auto found = value(variable_name, setting_name);
  if (!found) return false;
  if (ascii::equal_ignoring_case(*found, "true")) return true;
  if (ascii::equal_ignoring_case(*found, "false")) return false;
  throw ConfigError(variable(variable_name)
                        ? fmt::format("{} is neither true nor false", variable_name)
                        : fmt::format("{} of {} is neither true nor false", setting_name, profile_in_words()));
}

std::string Configuration::profile_in_words() const { return fmt::format("the profile '{}'", text::visible(profile)); }

Configuration load_configuration(const wire::Lookup& env, const std::string& profile_option) {
  Configuration all{.env = env, .files = SharedConfig::read(env), .profile_from = ""};
  all.profile_by_option = !profile_option.empty();
  if (all.profile_by_option) {
    all.profile = profile_option;
    all.profile_from = "--aws-profile";
  }
  for (const char* name : {"AWS_PROFILE", "AWS_DEFAULT_PROFILE"}) {
    const auto named = all.variable(name);
    if (!all.profile_from.empty() || !named) continue;
    all.profile = *named;
    all.profile_from = name;
  }
  if (all.profile == "default" || all.files.has_profile(all.profile)) return all;
  const std::vector<std::string> names = all.files.profile_names();
  const std::string near = text::nearest(all.profile, names);
  std::string help;
  if (!near.empty())
    help = fmt::format("; did you mean '{}'?", text::visible(near));
  else if (names.empty())
    help = "; they have none";
  else
    help = fmt::format("; there are {}", text::elide(text::visible(fmt::format("{}", fmt::join(names, ", "))), 300));
  throw ConfigError(fmt::format("{} of {} is neither in {} nor in {}{}", all.profile_in_words(), all.profile_from,
                                text::visible(all.files.config_file()), text::visible(all.files.credentials_file()),
                                help));
}

}  // namespace conformance::aws
