// The two files in which AWS's own tools keep profiles, ~/.aws/credentials and ~/.aws/config, and which profile is
// meant.
//
// They are read as the AWS CLI reads them, so that what works there works here: by the same rules of white space and
// nesting, and with the same refusals (a section or a setting that is there twice). Files hold secrets: a message names
// file and line, never what stands there.
//
//     const Configuration configuration = load_configuration(getenv, "");  // throws ConfigError
//     configuration.value("AWS_REGION", "region");                        // the environment, else the profile
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "harness/wire/credentials.h"

namespace conformance::aws {

// What is set up is wrong, and what to do about it.
class ConfigError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Setting {
  std::string value;  // of several lines joined by line feeds, if further ones are indented
  std::map<std::string, std::string, std::less<>> nested;  // of "glue =" and indented lines "endpoint_url = …"
};

using Settings = std::map<std::string, Setting, std::less<>>;  // by name in lower case

// The sections of one file by what stands in the brackets, each with its settings.
using Sections = std::map<std::string, Settings, std::less<>>;

// Throws ConfigError; `file` is what messages call it.
[[nodiscard]] Sections parse_sections(std::string_view text, const std::string& file);

class SharedConfig {
 public:
  // A file that is not there is an empty one. Throws ConfigError.
  [[nodiscard]] static SharedConfig read(const wire::Lookup& env);

  [[nodiscard]] bool has_profile(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> profile_names() const;

  // Of a profile, in the credentials file or else in the config file. nullptr if it is in neither.
  [[nodiscard]] const Setting* setting(std::string_view profile, std::string_view name) const;
  // The same as text; one that is empty counts as none.
  [[nodiscard]] std::optional<std::string> value(std::string_view profile, std::string_view name) const;

  // All of a profile in one of the files; nullptr if it is not there.
  [[nodiscard]] const Settings* in_credentials_file(std::string_view profile) const;
  [[nodiscard]] const Settings* in_config_file(std::string_view profile) const;
  // Of a section [services NAME]; nullptr if there is none.
  [[nodiscard]] const Settings* services(std::string_view name) const;

  // Their paths; "~/.aws/config" where nobody says what "~" is.
  [[nodiscard]] const std::string& credentials_file() const { return credentials_file_; }
  [[nodiscard]] const std::string& config_file() const { return config_file_; }

 private:
  std::string credentials_file_, config_file_;
  Sections credentials_, profiles_, services_;
};

// What was set up: the environment, the files, and the profile that is meant.
struct Configuration {
  wire::Lookup env;
  SharedConfig files;
  std::string profile = "default";
  bool profile_by_option = false;  // then it beats the keys of the environment, as with AWS's tools
  std::string profile_from;        // in words: "--aws-profile", "AWS_PROFILE"; empty if nobody named it

  // Of an environment variable; empty counts as none.
  [[nodiscard]] std::optional<std::string> variable(const char* name) const;
  // Of the profile.
  [[nodiscard]] std::optional<std::string> profile_value(std::string_view name) const;
  // Of the environment, else of the profile.
  [[nodiscard]] std::optional<std::string> value(const char* variable_name, const char* setting_name) const;
  // The same as yes or no; false if it is not set. Throws ConfigError for what is neither true nor false.
  [[nodiscard]] bool flag(const char* variable_name, const char* setting_name) const;
  // "the profile 'x'", harmless.
  [[nodiscard]] std::string profile_in_words() const;
};

// The profile is `profile_option`, else AWS_PROFILE, else AWS_DEFAULT_PROFILE, else "default", which need not be there.
// Throws ConfigError for any other that is in neither file; it names the nearest.
[[nodiscard]] Configuration load_configuration(const wire::Lookup& env, const std::string& profile_option);

// A small file that the user named. Nothing if there is none; throws ConfigError if it is no file or cannot be read.
[[nodiscard]] std::optional<std::string> read_small_file(const std::filesystem::path& path, std::size_t most_bytes);

}  // namespace conformance::aws
