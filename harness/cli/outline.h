// The command line as data: commands, their options, and what may stand behind each.
//
// Why: the manual page and the completions of shells must say what the parser understands, so they are made from the
// parser itself, and nothing is written down a second time.
//
//     const CommandOutline all = outline_of(app);
//     all.commands.front().options.front().name;   // "--endpoint"
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}  // namespace CLI

namespace conformance::cli {

// What a shell may put in for a value.
enum class Completes {
  nothing,  // it is the user's alone: a number, a URL
  words,    // those of Argument::words, of which one that ends with a colon has the path of a file behind it
  files,
  folders,
  cases,       // ids of cases
  subjects,    // whatever `explain` takes
  deviations,  // names of deviations
};

struct Argument {
  std::string name;   // "--tier"; of a positional "RECORD"
  std::string brief;  // "-h"; empty: none
  std::string type;   // as the help shows it; empty: it is a flag
  std::string description, default_text;
  std::string group;
  bool is_repeatable = false;
  bool is_required = false;
  Completes completes = Completes::nothing;
  std::vector<std::string> words;
};

struct CommandOutline {
  std::string name;  // "known-failures init"; empty: the program itself
  std::string description, footer;
  std::vector<Argument> options, positionals;
  std::vector<CommandOutline> commands;
};

[[nodiscard]] CommandOutline outline_of(const CLI::App& app);

// All that can be typed: a command of commands before its own, in the order of the help; the program itself is not
// among them.
[[nodiscard]] std::vector<const CommandOutline*> all_commands(const CommandOutline& all);

// Of a description what fits on the line of a shell: its first clause.
[[nodiscard]] std::string short_description(std::string_view description);

}  // namespace conformance::cli
