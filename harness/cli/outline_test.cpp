#include "harness/cli/outline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>

namespace conformance::cli::outline_test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Argument described(const std::string& names, const std::string& type) {
  CLI::App app;
  app.set_help_flag();
  std::string target;
  app.add_option(names, target, "What it does")->type_name(type);
  const CommandOutline outline = outline_of(app);
  return outline.options.empty() ? outline.positionals.at(0) : outline.options.at(0);
}

TEST(Outline, TakesWordsFromTheTypeThatTheHelpShows) {
  const Argument tier = described("--tier", "standard|smoke");
  EXPECT_EQ(tier.completes, Completes::words);
  EXPECT_THAT(tier.words, ElementsAre("standard", "smoke"));
}

TEST(Outline, KnowsWhatStandsForSomethingElse) {
  EXPECT_THAT(described("--shard", "INDEX/TOTAL|auto|auto/TOTAL").words, ElementsAre("auto"));
  EXPECT_THAT(described("--sessions", "auto|file:PATH").words, ElementsAre("auto", "file:"));
  EXPECT_EQ(described("--jobs", "N").completes, Completes::nothing);
  EXPECT_THAT(described("--session", "ID=STATE").words, IsEmpty());
}

TEST(Outline, PutsAPathBehindEachFormatOfAReport) {
  EXPECT_THAT(described("--report", "junit|html:PATH").words, ElementsAre("junit:", "html:"));
}

TEST(Outline, KnowsFilesFoldersAndIds) {
  EXPECT_EQ(described("--config", "FILE").completes, Completes::files);
  EXPECT_EQ(described("--report-dir", "DIR").completes, Completes::folders);
  EXPECT_EQ(described("--deviation", "NAME").completes, Completes::deviations);
  EXPECT_EQ(described("--region", "NAME").completes, Completes::nothing);
  EXPECT_EQ(described("record", "RECORD").completes, Completes::files);
  EXPECT_EQ(described("id", "ID").completes, Completes::subjects);
  EXPECT_EQ(described("--sandbox-account", "ID").completes, Completes::nothing);
}

TEST(Outline, HasCommandsWithinCommands) {
  CLI::App app;
  app.add_subcommand("known", "Two of them")->add_subcommand("init", "One");
  app.add_subcommand("run", "Three");
  const CommandOutline outline = outline_of(app);
  std::vector<std::string> names;
  for (const CommandOutline* command : all_commands(outline)) names.push_back(command->name);
  EXPECT_THAT(names, ElementsAre("known", "known init", "run"));
}

TEST(Outline, ShortensADescriptionToItsFirstClause) {
  EXPECT_EQ(short_description("Where it is, in full; or not (default: here)"), "Where it is, in full");
  EXPECT_EQ(short_description("All"), "All");
}

}  // namespace
}  // namespace conformance::cli::outline_test
