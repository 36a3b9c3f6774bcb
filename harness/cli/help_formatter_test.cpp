#include "harness/cli/help_formatter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "harness/cli/options.h"
#include "harness/known/known_file.h"

namespace conformance::cli::help_formatter_test {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string help(std::vector<std::string> command) {
  command.emplace_back("--help");
  const auto parsed = parse_options(command, [](const char*) -> const char* { return nullptr; });
  const Exit* exit = std::get_if<Exit>(&parsed);
  return exit == nullptr ? std::string() : exit->out;
}

const std::vector<std::vector<std::string>>& commands() {
  static const std::vector<std::vector<std::string>> all{
      {},        {"run"},   {"list"}, {"explain"},       {"replay"},
      {"serve"}, {"audit"}, {"spec"}, {"spec", "check"}, {"known-failures"}};
  return all;
}

TEST(Help, FitsATerminal) {
  for (const std::vector<std::string>& command : commands()) {
    std::istringstream lines(help(command));
    std::size_t count = 0;
    for (std::string line; std::getline(lines, line); ++count) {
      EXPECT_LE(line.size(), 80U) << line;
      EXPECT_FALSE(line.ends_with(' ')) << line;
    }
    EXPECT_GT(count, 4U) << testing::PrintToString(command);
  }
}

TEST(Help, ShowsWhatToTypeAndNothingOfTheParser) {
  for (const std::vector<std::string>& command : commands())
    for (const char* internal : {"{", "->", " TEXT", "UINT", "FLOAT", "ENUM", "REQUIRED"})
      EXPECT_THAT(help(command), Not(HasSubstr(internal)));
  EXPECT_THAT(help({"run"}), HasSubstr("--sessions auto|create|none|file:PATH|command:CMD\n"));
  EXPECT_THAT(help({"replay"}), HasSubstr("Usage: glue-conformance replay [OPTION]... CASE\n"));
}

TEST(Help, ShowsDefaults) {
  for (const char* shown : {"(default: 16)", "(default: 10)", "(default: auto)", "(default: should)", "(default: ok)"})
    EXPECT_THAT(help({"run"}), HasSubstr(shown));
  EXPECT_THAT(help({"serve"}), HasSubstr("(default: 127.0.0.1)"));
  EXPECT_THAT(help({"list"}), HasSubstr("(default: text)"));
}

TEST(Help, ShowsAnEntryOfKnownFailuresThatCanBeCopied) {
  const std::string shown = help({"known-failures"});
  const known::KnownFile file = known::parse_known_file(shown.substr(shown.find("[[known]]")));
  EXPECT_THAT(file.faults, testing::IsEmpty());
  ASSERT_EQ(file.entries.size(), 1U);
  EXPECT_EQ(file.entries[0].version, "5.*");
  std::set<std::size_t> columns;
  std::istringstream lines(shown.substr(shown.find("[[known]]")));
  for (std::string line; std::getline(lines, line);)
    if (line.find('#') != std::string::npos) columns.insert(line.find('#'));
  EXPECT_EQ(columns.size(), 1U) << "its comments stand below each other";
}

TEST(Help, IsReachedFromTheList) {
  for (const char* command : {"run", "list", "explain", "replay", "serve", "audit", "spec"})
    EXPECT_THAT(help({}), HasSubstr("\n  " + std::string(command) + "  "));
}

}  // namespace
}  // namespace conformance::cli::help_formatter_test
