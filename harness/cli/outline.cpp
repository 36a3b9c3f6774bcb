#include "harness/cli/outline.h"

#include <CLI/CLI.hpp>
#include <algorithm>

namespace conformance::cli {
namespace {

bool is_word(std::string_view text) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  };
  // What is in capitals stands for something else: URL, PATH.
  return std::all_of(text.begin(), text.end(), is_plain) &&
         std::any_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

std::vector<std::string> parts_of(std::string_view type) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t bar = type.find('|');
    parts.emplace_back(type.substr(0, bar));
    if (bar == std::string_view::npos) return parts;
    type.remove_prefix(bar + 1);
  }
}

// Of "auto|file:PATH|INDEX/TOTAL": "auto" and "file:".
std::vector<std::string> words_of(std::string_view type) {
  std::vector<std::string> words;
  if (type.find('|') == std::string_view::npos) return words;
  for (const std::string& part : parts_of(type)) {
    const std::size_t colon = part.find(':');
    if (is_word(part)) words.push_back(part);
    if (colon != std::string::npos && is_word(part.substr(0, colon))) words.push_back(part.substr(0, colon + 1));
  }
  return words;
}

void decide_completion(Argument& argument) {
  const std::string& type = argument.type;
  argument.words = words_of(type);
  if (argument.name == "--report") {
    // "junit|html:PATH": a path is behind each of them.
    for (std::string& word : argument.words)
      if (!word.ends_with(':')) word += ':';
  }
  argument.completes = !argument.words.empty()                                  ? Completes::words
                       : argument.name == "--deviation"                         ? Completes::deviations
                       : type == "FILE" || type == "RECORD" || type == "LEDGER" ? Completes::files
                       : type == "DIR"                                          ? Completes::folders
                       : type == "CASE" || type == "PATTERN"                    ? Completes::cases
                       : argument.name == "ID"                                  ? Completes::subjects
                                                                                : Completes::nothing;
}

Argument argument_of(const CLI::Option& option) {
  Argument argument;
  argument.type = option.get_type_size() == 0 ? "" : option.get_type_name();
  argument.name = option.get_positional() ? argument.type : "--" + option.get_lnames().front();
  if (!option.get_snames().empty()) argument.brief = "-" + option.get_snames().front();
  argument.description = option.get_description();
  argument.default_text = option.get_default_str();
  argument.group = option.get_group();
  argument.is_repeatable = option.get_items_expected_max() > 1;
  argument.is_required = option.get_required();
  decide_completion(argument);
  return argument;
}

CommandOutline outline_named(const CLI::App& app, const std::string& name) {
  CommandOutline outline{.name = name,
                         .description = app.get_description(),
                         .footer = app.get_footer(),
                         .options = {},
                         .positionals = {},
                         .commands = {}};
  for (const CLI::Option* option : app.get_options())
    (option->get_positional() ? outline.positionals : outline.options).push_back(argument_of(*option));
  for (const CLI::App* command : app.get_subcommands([](const CLI::App* c) { return !c->get_name().empty(); }))
    outline.commands.push_back(outline_named(*command, (name.empty() ? "" : name + " ") + command->get_name()));
  return outline;
}

void add_commands(const CommandOutline& of, std::vector<const CommandOutline*>& all) {
  for (const CommandOutline& command : of.commands) {
    all.push_back(&command);
    add_commands(command, all);
  }
}

}  // namespace

CommandOutline outline_of(const CLI::App& app) { return outline_named(app, ""); }

std::vector<const CommandOutline*> all_commands(const CommandOutline& all) {
  std::vector<const CommandOutline*> commands;
  add_commands(all, commands);
  return commands;
}

std::string short_description(std::string_view description) {
  for (const std::string_view end : {"; ", " (", ": "}) description = description.substr(0, description.find(end));
  return std::string(description);
}

}  // namespace conformance::cli
