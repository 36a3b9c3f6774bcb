// What options are set to beside the command line: by variables of the environment, and by a configuration file.
//
// Why: the command line beats the environment, which beats the file, which beats the defaults, and of each value it can
// be said where it came from. Both sources are lists of settings, which are then given to the parser of the command
// line as if they had been typed: so there is one place that knows what an option takes.
//
//     for (const Setting& s : settings_of_environment("run", shapes, env)) …  // {"tier", {"smoke"}, …}
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace conformance::cli {

// What an option of a command takes.
struct OptionShape {
  enum class Takes { flag, one, many };
  std::string name;  // without "--"
  Takes takes = Takes::one;
  std::string type;  // as the help shows it: "FILE", "N", "junit|…:PATH"
};

// By the command's name; of a command of commands by both: "known-failures init".
using CommandShapes = std::map<std::string, std::vector<OptionShape>>;

struct Setting {
  std::string option;               // without "--"
  std::vector<std::string> values;  // of a flag "true" or "false"
  std::string shown;                // as a person wrote it: what was put in for ${NAME} may be a secret
  std::string source;               // "GLUE_CONFORMANCE_TIER", "glue-conformance.toml:3"
};

[[nodiscard]] const OptionShape* find_shape(const std::vector<OptionShape>& shapes, const std::string& name);
// Of all commands, each once.
[[nodiscard]] std::vector<std::string> option_names(const CommandShapes& shapes);

// False of commands that only read what a run wrote: a setting that is meant for runs, like where reports go, would
// have them write over it. They take what is said to them alone.
[[nodiscard]] bool takes_common_settings(const std::string& command);

// "GLUE_CONFORMANCE_EFFECT_WAIT" for "effect-wait".
[[nodiscard]] std::string variable_of(const std::string& option);

// What GLUE_CONFORMANCE_… variables say for the options of this command; an option that takes many values has one a
// line. Throws SettingsError of one that is set to nothing: an empty variable of a pipeline must not turn a gate into a
// test of something else.
[[nodiscard]] std::vector<Setting> settings_of_environment(const std::string& command, const CommandShapes& shapes,
                                                           const std::function<const char*(const char*)>& env);

// What is wrong with the names of the variables that are set, a message each: a GLUE_CONFORMANCE_… that means nothing
// is misspelt.
[[nodiscard]] std::vector<std::string> faults_of_variables(const std::vector<std::string>& names,
                                                           const CommandShapes& shapes);

// "yes" and its like: true, false, 1, 0, yes, no, on, off, in any case; throws SettingsError of anything else.
[[nodiscard]] bool read_switch(const std::string& text, const std::string& source);

}  // namespace conformance::cli
