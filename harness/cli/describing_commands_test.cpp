#include "harness/cli/describing_commands.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/cli/options.h"

namespace conformance::cli::describing_commands_test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

Exit exit_of(const std::vector<std::string>& arguments, const Surroundings& surroundings = {}) {
  const auto parsed = parse_options(
      arguments, [](const char*) -> const char* { return nullptr; }, surroundings);
  const Exit* exit = std::get_if<Exit>(&parsed);
  return exit == nullptr ? Exit{-1, "", ""} : *exit;
}

TEST(DescribingCommands, PrintAScriptForEachShell) {
  EXPECT_THAT(exit_of({"completion", "bash"}).out, StartsWith("# bash completion"));
  EXPECT_THAT(exit_of({"completion", "zsh"}).out, StartsWith("#compdef glue-conformance\n"));
  EXPECT_THAT(exit_of({"completion", "fish"}).out, StartsWith("# fish completion"));
}

TEST(DescribingCommands, PrintAManualOfAllCommandsThemselvesIncluded) {
  const std::string page = exit_of({"man"}).out;
  for (const char* section : {".SS run\n", ".SS known\\-failures init\n", ".SS man\n", ".SS completion\n"})
    EXPECT_THAT(page, HasSubstr(section));
}

TEST(DescribingCommands, PrintIds) {
  EXPECT_THAT(exit_of({"completion", "deviations"}).out, HasSubstr("\nid-max-256\n"));
  EXPECT_THAT(exit_of({"completion", "cases"}).out, HasSubstr("\nid.length.ascii.256\n"));
}

TEST(DescribingCommands, AreKeptFromTheirWorkByNoConfiguration) {
  EXPECT_EQ(exit_of({"man"}, {"/", {"GLUE_CONFORMANCE_MISSPELT"}}).status, 0);
}

TEST(DescribingCommands, RefuseWhatIsNoShell) {
  const Exit exit = exit_of({"completion", "tcsh"});
  EXPECT_EQ(exit.status, 2);
  EXPECT_THAT(exit.err, HasSubstr("tcsh"));
  EXPECT_EQ(exit_of({"completion"}).status, 2);
}

}  // namespace
}  // namespace conformance::cli::describing_commands_test
