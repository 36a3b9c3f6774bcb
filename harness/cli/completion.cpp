#include "harness/cli/completion.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <string_view>

namespace conformance::embedded {
std::string_view completion_bash();
std::string_view completion_zsh();
std::string_view completion_fish();
}  // namespace conformance::embedded

namespace conformance::cli {
namespace {

// The script, which is kept beside this file, with what is made of the command line in its place.
std::string with_commands(std::string_view script, const std::string& commands) {
  constexpr std::string_view place = "# (commands)\n";
  const std::size_t at = script.find(place);
  return std::string(script.substr(0, at)) + commands.substr(1) + std::string(script.substr(at + place.size()));
}

// 'as it is', whatever is in it.
std::string in_quotes(std::string_view text) {
  std::string all = "'";
  for (const char c : text) all += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return all + "'";
}

std::string_view last_word(const CommandOutline& command) {
  return std::string_view(command.name).substr(command.name.rfind(' ') + 1);
}

std::string_view name_of_ids(Completes completes) {
  switch (completes) {
    case Completes::cases:
      return "cases";
    case Completes::subjects:
      return "subjects";
    case Completes::deviations:
      return "deviations";
    default:
      return "";
  }
}

// How the script for bash names what stands behind an option.
std::string kind_in_bash(const Argument& argument) {
  if (argument.completes == Completes::words) return fmt::format("words {}", fmt::join(argument.words, " "));
  if (argument.completes == Completes::files) return "files";
  if (argument.completes == Completes::folders) return "folders";
  const std::string_view ids = name_of_ids(argument.completes);
  return ids.empty() ? "nothing" : std::string(ids);
}

std::string options_of(const CommandOutline& command) {
  std::string all;
  for (const Argument& option : command.options) {
    if (!option.brief.empty()) all += option.brief + " ";
    all += option.name + " ";
  }
  if (!all.empty()) all.pop_back();
  return all;
}

// What is offered where no option is typed.
std::string positional_in_bash(const CommandOutline& command) {
  if (!command.commands.empty()) {
    std::string names = "words";
    for (const CommandOutline& one : command.commands) (names += ' ') += last_word(one);
    return names;
  }
  if (command.positionals.empty()) return "nothing";
  // A counterexample's file has the place of a case's id: the shell knows the ids.
  return kind_in_bash(command.positionals.back());
}

// Which command is typed: a command of commands has one more word.
std::string commands_in_bash(const CommandOutline& all) {
  std::string patterns, deeper;
  for (const CommandOutline& command : all.commands) {
    patterns += (patterns.empty() ? "" : " | ") + command.name;
    for (const CommandOutline& inner : command.commands)
      deeper += (deeper.empty() ? "" : " | ") + in_quotes(inner.name);
  }
  std::string script = "\n_glue_conformance_command() {\n  command=\n  ((last > 0)) || return\n";
  script += fmt::format("  case ${{words[0]}} in\n    {}) command=${{words[0]}} ;;\n  esac\n", patterns);
  if (!deeper.empty())
    script += fmt::format(
        "  ((last > 1)) || return\n  case \"${{words[0]}} ${{words[1]}}\" in\n    {}) command=\"${{words[0]}} "
        "${{words[1]}}\" ;;\n  esac\n",
        deeper);
  return script + "}\n";
}

std::string describe_in_bash(const CommandOutline& all) {
  std::string script = "\n_glue_conformance_describe() { # a command and an option\n  case $1 in\n";
  std::vector<const CommandOutline*> commands = all_commands(all);
  commands.push_back(&all);
  for (const CommandOutline* command : commands)
    script += fmt::format("    {})\n      options={}\n      positional={}\n      ;;\n", in_quotes(command->name),
                          in_quotes(options_of(*command)), in_quotes(positional_in_bash(*command)));
  script += "  esac\n  case \"$1 $2\" in\n";
  std::map<std::string, std::vector<std::string>> by_kind;
  for (const CommandOutline* command : commands)
    for (const Argument& option : command->options)
      if (!option.type.empty()) by_kind[kind_in_bash(option)].push_back(in_quotes(command->name + " " + option.name));
  for (const auto& [kind, patterns] : by_kind)
    script += fmt::format("    {})\n      kind={}\n      ;;\n", fmt::join(patterns, " | \\\n      "), in_quotes(kind));
  return script + "  esac\n}\n";
}

// ---- zsh

// Inside [...] of a specification of _arguments.
std::string explained(const Argument& argument) {
  std::string all;
  for (const char c : short_description(argument.description)) {
    if (c == '[' || c == ']' || c == '\\') all += '\\';
    all += c;
  }
  return all;
}

// What begins with a blank is called as it is; other functions get what compadd takes as well.
std::string action_in_zsh(const Argument& argument) {
  switch (argument.completes) {
    case Completes::words:
      return fmt::format(" _glue_conformance_words {}", fmt::join(argument.words, " "));
    case Completes::files:
      return "_files";
    case Completes::folders:
      return "_files -/";
    case Completes::nothing:
      return " ";
    default:
      return fmt::format(" _glue_conformance_ids {}", name_of_ids(argument.completes));
  }
}

// In a specification of _arguments a colon would be its end.
std::string without_ends(std::string_view text) {
  std::string all;
  for (const char c : text) {
    if (c == ':') all += '\\';
    all += c;
  }
  return all;
}

std::string option_in_zsh(const Argument& option) {
  const std::string what = "[" + explained(option) + "]";
  if (!option.brief.empty())
    return fmt::format("'({0} {1})'{{{0},{1}}}{2}", option.brief, option.name, in_quotes(what));
  if (option.type.empty()) return in_quotes(option.name + what);
  return in_quotes(fmt::format("{}{}={}:{}:{}", option.is_repeatable ? "*" : "", option.name, what,
                               without_ends(option.type), without_ends(action_in_zsh(option))));
}

std::string function_name(const CommandOutline& command) {
  std::string name = "_glue_conformance";
  if (!command.name.empty()) name += "__" + command.name;
  for (char& c : name)
    if (c == ' ' || c == '-') c = '_';
  return name;
}

std::string function_in_zsh(const CommandOutline& command) {
  std::string script = fmt::format("\n{}() {{\n", function_name(command));
  const bool is_program = command.name.empty();
  if (is_program) script += "  local program=$words[1]\n";
  if (!command.commands.empty()) script += "  local curcontext=\"$curcontext\" state line\n  typeset -A opt_args\n";
  script += command.commands.empty() ? "  _arguments" : "  _arguments -C";
  for (const Argument& option : command.options) script += " \\\n    " + option_in_zsh(option);
  for (const Argument& positional : command.positionals)
    script +=
        " \\\n    " + in_quotes(fmt::format("{}:{}:{}", positional.is_repeatable ? "*" : "",
                                            without_ends(positional.type), without_ends(action_in_zsh(positional))));
  if (command.commands.empty()) return script + "\n}\n";
  script += " \\\n    '1: :->command' '*:: :->argument'\n  case $state in\n    command)\n      local -a commands=(";
  for (const CommandOutline& one : command.commands)
    script += "\n        " + in_quotes(fmt::format("{}:{}", last_word(one), short_description(one.description)));
  script += "\n      )\n      _describe command commands\n      ;;\n    argument)\n      case $words[1] in\n";
  for (const CommandOutline& one : command.commands)
    script += fmt::format("        {}) {} ;;\n", last_word(one), function_name(one));
  return script + "      esac\n      ;;\n  esac\n}\n";
}

// ---- fish

std::string arguments_in_fish(const Argument& argument) {
  switch (argument.completes) {
    case Completes::words: {
      for (const std::string& word : argument.words)
        if (word.ends_with(':'))
          return fmt::format("-x -a {}",
                             in_quotes(fmt::format("(__glue_conformance_words {})", fmt::join(argument.words, " "))));
      return fmt::format("-x -a {}", in_quotes(fmt::format("{}", fmt::join(argument.words, " "))));
    }
    case Completes::files:
      return "-r -F";
    case Completes::folders:
      return "-x -a '(__fish_complete_directories (__glue_conformance_value))'";
    case Completes::nothing:
      return "-x";
    default:
      return fmt::format("-x -a '(__glue_conformance_ids {})'", name_of_ids(argument.completes));
  }
}

std::string condition_in_fish(const CommandOutline& command) {
  return command.name.empty() ? "__glue_conformance_next" : "__glue_conformance_at " + command.name;
}

std::string command_in_fish(const CommandOutline& command) {
  const std::string line = "complete -c glue-conformance -n ";
  std::string script = "\n";
  for (const CommandOutline& one : command.commands)
    script += fmt::format("{}{} -a {} -d {}\n", line,
                          in_quotes("__glue_conformance_next" + (command.name.empty() ? "" : " " + command.name)),
                          last_word(one), in_quotes(short_description(one.description)));
  for (const Argument& option : command.options) {
    script += fmt::format("{}{}{} -l {}", line, in_quotes(condition_in_fish(command)),
                          option.brief.empty() ? "" : " -s " + option.brief.substr(1), option.name.substr(2));
    if (!option.type.empty()) script += " " + arguments_in_fish(option);
    script += fmt::format(" -d {}\n", in_quotes(short_description(option.description)));
  }
  if (!command.positionals.empty() && command.positionals.back().completes != Completes::nothing)
    script += fmt::format("{}{} {}\n", line, in_quotes(condition_in_fish(command)),
                          command.positionals.back().completes == Completes::files
                              ? "-F"
                              : arguments_in_fish(command.positionals.back()).substr(3));
  return script;
}

}  // namespace

std::string bash_completion(const CommandOutline& all) {
  return with_commands(embedded::completion_bash(), commands_in_bash(all) + describe_in_bash(all));
}

std::string zsh_completion(const CommandOutline& all) {
  std::string commands = function_in_zsh(all);
  for (const CommandOutline* command : all_commands(all)) commands += function_in_zsh(*command);
  return with_commands(embedded::completion_zsh(), commands);
}

std::string fish_completion(const CommandOutline& all) {
  std::string commands = command_in_fish(all);
  for (const CommandOutline* command : all_commands(all)) commands += command_in_fish(*command);
  return with_commands(embedded::completion_fish(), commands);
}

}  // namespace conformance::cli
