// The configuration file: options that need not be typed, in TOML.
//
//     endpoint = "http://localhost:5000"       # options as on the command line, without "--"
//     filter = ["id.*", "!id.alphabet.*"]
//     [serve]                                  # for one command only
//     port = 4566
//     [known-failures.init]                    # also for one in another
//     owner = "team-glue"
//     [profiles.nightly]                       # chosen with --config-profile nightly
//     tier = "exhaustive"
//
// A key that is no option is refused, and so is a value of the wrong kind, everywhere in the file and all at once: a
// misspelt setting would else be one that is silently not in force.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/cli/settings.h"

namespace conformance::cli {

inline constexpr std::string_view config_file_name = "glue-conformance.toml";

// The nearest file of that name, in `folder` or a folder above it. `folder` is absolute; nothing if there is none.
[[nodiscard]] std::optional<std::string> find_config(const std::string& folder);

struct ConfigChoice {
  std::string command;  // whose options
  std::string profile;  // of [profiles.NAME]; empty: none
};

// What the text of the file at `path` says for one command, each option at most once: a table of the command beats the
// file, and the profile beats both. ${NAME} in a string is replaced by the variable, ${NAME:-otherwise} by the text
// behind if it is not set; $${ is a plain ${. A path is taken from the folder of the file. Throws SettingsError.
[[nodiscard]] std::vector<Setting> settings_of_config(const std::string& path, std::string_view text,
                                                      const CommandShapes& shapes, const ConfigChoice& choice,
                                                      const std::function<const char*(const char*)>& env);

// The file's text; throws SettingsError if it cannot be read, or has more than a mebibyte.
[[nodiscard]] std::string read_config(const std::string& path);

}  // namespace conformance::cli
