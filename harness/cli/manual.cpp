#include "harness/cli/manual.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace conformance::cli {
namespace {

// As roff reads it back: no request at the beginning of a line, hyphens that can be copied, quotes as they are.
std::string roff(std::string_view text) {
  std::string all;
  for (const char c : text) {
    const bool begins = all.empty() || all.back() == '\n';
    if (begins && (c == '.' || c == '\'')) all += "\\&";
    if (c == '\\') {
      all += "\\e";
    } else if (c == '-') {
      all += "\\-";
    } else if (c == '\'') {
      all += "\\(aq";
    } else if (c == '`') {
      all += "\\(ga";
    } else if (c == '~') {
      all += "\\(ti";
    } else if (c == '^') {
      all += "\\(ha";
    } else {
      all += c;
    }
  }
  return all;
}

// In lines of at most 80 bytes, which mean nothing to roff.
std::string filled(std::string_view line) {
  constexpr std::size_t width = 80;
  std::string all, current;
  while (!line.empty()) {
    const std::string_view word = line.substr(0, line.find(' '));
    line.remove_prefix(std::min(line.size(), word.size() + 1));
    const std::string longer = current.empty() ? roff(word) : current + " " + roff(word);
    if (longer.size() <= width || current.empty()) {
      current = longer;
      continue;
    }
    all += current + "\n";
    current = roff(word);
  }
  return all + current + "\n";
}

// Line feeds of its own are kept, and an empty line begins a paragraph.
std::string text_block(std::string_view text) {
  std::string all;
  bool first = true;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.empty()) {
      all += ".PP\n";
      first = true;
      continue;
    }
    if (!first) all += ".br\n";
    all += filled(line);
    first = false;
  }
  return all;
}

std::string bold(std::string_view text) { return "\\fB" + roff(text) + "\\fR"; }
std::string italic(std::string_view text) { return "\\fI" + roff(text) + "\\fR"; }

std::string entry(const std::string& tag, const Argument& argument) {
  std::string text = argument.description;
  if (!argument.default_text.empty()) text += " (default: " + argument.default_text + ")";
  return ".TP\n" + tag + "\n" + text_block(text);
}

std::string option_entry(const Argument& option) {
  std::string tag = option.brief.empty() ? "" : bold(option.brief) + ", ";
  tag += bold(option.name);
  if (!option.type.empty()) tag += " " + italic(option.type);
  return entry(tag, option);
}

std::string usage_of(const CommandOutline& command) {
  std::string line = bold("glue-conformance " + command.name) + " [" + italic("OPTION") + "]...";
  for (const Argument& positional : command.positionals)
    line += " " + italic(positional.type) + (positional.is_repeatable ? "..." : "");
  return line;
}

std::string section_of(const CommandOutline& command) {
  std::string all = ".SS " + roff(command.name) + "\n" + text_block(command.description) +
                    (command.commands.empty() ? ".PP\n" + usage_of(command) + "\n" : "");
  for (const Argument& positional : command.positionals) all += entry(italic(positional.type), positional);
  for (const Argument& option : command.options)
    if (option.name != "--help" && option.group != "Configuration") all += option_entry(option);
  if (!command.footer.empty()) all += ".PP\n" + text_block(command.footer);
  return all;
}

constexpr std::string_view ending = R"(.SH ENVIRONMENT
.TP
\fBGLUE_CONFORMANCE_\fIOPTION\fR
Any option, in capitals and with underscores, like GLUE_CONFORMANCE_TIER.
The command line beats it, and it beats the configuration file.
.TP
\fBAWS_ENDPOINT_URL_GLUE\fR, \fBAWS_ENDPOINT_URL\fR
The endpoint, where \fB\-\-endpoint\fR is not given.
.TP
\fBAWS_REGION\fR, \fBAWS_DEFAULT_REGION\fR
The region of signatures.
.TP
\fBAWS_PROFILE\fR, \fBAWS_CA_BUNDLE\fR
As for the tools of AWS.
.TP
\fBAWS_ACCESS_KEY_ID\fR, \fBAWS_SECRET_ACCESS_KEY\fR, \fBAWS_SESSION_TOKEN\fR
What requests are signed with; without them test and test.
.TP
\fBGTEST_TOTAL_SHARDS\fR, \fBGTEST_SHARD_INDEX\fR
The part of the cases that is asked, where \fB\-\-shard\fR is not given.
.TP
\fBNO_COLOR\fR, \fBCLICOLOR_FORCE\fR
Whether the summary has colors.
.SH FILES
.TP
.I glue\-conformance.toml
Options, found in the working directory or above it;
\fB\-\-config\fR names another.
.TP
.I \(ti/.local/state/glue\-conformance
Ledgers of runs that were told of no other place.
)";

}  // namespace

std::string manual_page(const CommandOutline& all, const std::string& version, const std::string& date) {
  std::string page = fmt::format(
      ".\\\" Made by `glue-conformance man`.\n"
      ".TH GLUE\\-CONFORMANCE 1 \"{}\" \"glue\\-conformance {}\" \"User Commands\"\n"
      ".SH NAME\nglue\\-conformance \\- test an endpoint against DeleteSession of AWS Glue\n"
      ".SH SYNOPSIS\n{} {} [{}]...\n",
      date, roff(version), bold("glue-conformance"), italic("COMMAND"), italic("OPTION"));
  for (const Argument& option : all.options) page += ".br\n" + bold("glue-conformance " + option.name) + "\n";
  page += ".SH DESCRIPTION\n" + text_block(all.description) + ".PP\n" + text_block(all.footer);
  page += ".SH COMMANDS\n";
  for (const CommandOutline* command : all_commands(all)) page += section_of(*command);
  std::vector<Argument> common;
  for (const CommandOutline& command : all.commands) {
    if (command.name != "run") continue;
    for (const Argument& option : command.options)
      if (option.group == "Configuration") common.push_back(option);
  }
  if (!common.empty()) page += ".SH CONFIGURATION\nEach command that has settings takes these too.\n";
  for (const Argument& option : common) page += option_entry(option);
  return page + std::string(ending);
}

}  // namespace conformance::cli
