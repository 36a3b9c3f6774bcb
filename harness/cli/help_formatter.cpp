#include "harness/cli/help_formatter.h"

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace conformance::cli {
namespace {

constexpr std::size_t help_width = 80;
constexpr std::size_t left_column = 28;

constexpr char unbroken_blank = '\t';

// The text in lines of at most `columns`; its own line feeds are kept, and its unbroken blanks are not broken at.
std::vector<std::string> wrapped(std::string_view text, std::size_t columns) {
  std::vector<std::string> lines(1);
  while (!text.empty()) {
    if (text.front() == '\n') {
      lines.emplace_back();
      text.remove_prefix(1);
      continue;
    }
    const std::string_view word = text.substr(0, text.find_first_of(" \n"));
    if (!lines.back().empty() && lines.back().size() + 1 + word.size() > columns) lines.emplace_back();
    if (!lines.back().empty()) lines.back() += ' ';
    for (const char c : word) lines.back() += c == unbroken_blank ? ' ' : c;
    text.remove_prefix(word.size());
    if (text.starts_with(' ')) text.remove_prefix(1);
  }
  return lines;
}

std::string paragraph(std::string_view text) {
  std::string all;
  for (const std::string& line : wrapped(text, help_width)) all += line + "\n";
  return all;
}

std::string row(const std::string& left, std::string_view right) {
  std::string all = "  " + left;
  // What is too long for its column has a line of its own.
  all += left.size() + 4 > left_column ? "\n" + std::string(left_column, ' ')
                                       : std::string(left_column - 2 - left.size(), ' ');
  bool first = true;
  for (const std::string& line : wrapped(right, help_width - left_column)) {
    if (!first) all += std::string(left_column, ' ');
    all += line + "\n";
    first = false;
  }
  return all;
}

std::string row_of(const CLI::Option& option) {
  const std::string type = option.get_type_size() == 0 ? "" : option.get_type_name();
  std::string left = option.get_positional() ? type : option.get_name(false, true);
  if (const std::size_t comma = left.find(','); comma != std::string::npos) left.insert(comma + 1, " ");
  if (!option.get_positional() && !type.empty()) left += " " + type;
  std::string right = option.get_description();
  if (!option.get_default_str().empty())
    right += std::string(" (default:") + unbroken_blank + option.get_default_str() + ")";
  return row(left, right);
}

class HelpFormatter : public CLI::Formatter {
 public:
  std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const override;
};

std::string HelpFormatter::make_help(const CLI::App* app, std::string name, CLI::AppFormatMode /*mode*/) const {
  const auto commands = app->get_subcommands([](const CLI::App* command) { return !command->get_name().empty(); });
  const auto positionals = app->get_options([](const CLI::Option* option) { return option->get_positional(); });
  std::string all = paragraph(app->get_description()) + "\nUsage: " + name + " [OPTION]...";
  for (const CLI::Option* positional : positionals) all += " " + positional->get_type_name();
  all += commands.empty() ? "\n" : " COMMAND\n";
  if (!positionals.empty()) all += "\n";
  for (const CLI::Option* positional : positionals) all += row_of(*positional);
  if (!commands.empty()) all += "\nCommands:\n";
  for (const CLI::App* command : commands) all += row(command->get_name(), command->get_description());
  for (const std::string& group : app->get_groups()) {
    const auto options = app->get_options(
        [&group](const CLI::Option* option) { return option->get_group() == group && !option->get_positional(); });
    if (options.empty()) continue;
    all += "\n" + group + ":\n";
    for (const CLI::Option* option : options) all += row_of(*option);
  }
  if (!app->get_footer().empty()) all += "\n" + paragraph(app->get_footer());
  return all;
}

}  // namespace

std::shared_ptr<CLI::FormatterBase> help_formatter() { return std::make_shared<HelpFormatter>(); }

}  // namespace conformance::cli
