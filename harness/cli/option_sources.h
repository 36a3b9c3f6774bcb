// Gives the options of a command what the environment and the configuration file say, where the command line is silent;
// and shows of each option what is in force and since where.
//
//     add_configuration(*run, config);                       // --config, --config-profile, --no-config, --show-config
//     app.parse(line);
//     const Settled settled = settle(app, *run, config, surroundings, env);
//     if (config.show) out << show_configuration(*run, settled, env);
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "harness/cli/settings.h"

namespace CLI {
class App;
}  // namespace CLI

namespace conformance::cli {

// Looks up a variable; nullptr: it is not set.
using Environment = std::function<const char*(const char*)>;

// What the program was started among.
struct Surroundings {
  std::string folder;                  // the working directory; empty: no configuration file is looked for
  std::vector<std::string> variables;  // the names of all that are set, to find those that are misspelt
};

struct ConfigOptions {
  std::string file, profile;
  bool none = false;  // no file
  bool show = false;
};

struct Settled {
  std::string file;               // that was read; empty: none
  std::string profile;            // of it; empty: none
  std::vector<Setting> settings;  // in force, beside the command line
};

// "glue-conformance.toml, profile nightly"; empty if no file was read.
[[nodiscard]] std::string in_words(const Settled& settled);

void add_configuration(CLI::App& command, ConfigOptions& config);

// Whether it is a command of commands, like `known-failures`: these have no settings, but what is in them has.
[[nodiscard]] bool has_commands(const CLI::App& command);

// The commands of `app`, also those in others: `known-failures init` in place of `known-failures`.
[[nodiscard]] std::vector<CLI::App*> all_commands(CLI::App& app);
// "known-failures init": as it is typed behind the program's name.
[[nodiscard]] std::string full_name(const CLI::App& command);

// Of every command of `app` that has settings.
[[nodiscard]] CommandShapes shapes_of(CLI::App& app);

// After `app` has parsed a line for `command`. Throws SettingsError, also for a value that an option refuses.
[[nodiscard]] Settled settle(CLI::App& app, CLI::App& command, const ConfigOptions& config,
                             const Surroundings& surroundings, const Environment& env);

// One line an option: its value, and whether the command line, a variable, a line of the file or nobody set it. Without
// secrets.
[[nodiscard]] std::string show_configuration(const CLI::App& command, const Settled& settled, const Environment& env);

}  // namespace conformance::cli
