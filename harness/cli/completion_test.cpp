#include "harness/cli/completion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>

namespace conformance::cli::completion_test {
namespace {

using testing::HasSubstr;
using testing::Not;

// Whether shells take the scripts is tried by scripts/install.sh, in the shells.
CommandOutline outline() {
  CLI::App app("What it is");
  std::string text;
  CLI::App* run = app.add_subcommand("run", "Do the user's bidding [now]: all of it");
  run->add_option("--tier", text, "It's [much]")->type_name("smoke|standard");
  run->add_option("--report", text, "Where")->type_name("junit|html:PATH");
  run->add_option("--deviation", text, "Which")->type_name("NAME");
  app.add_subcommand("known", "Two")
      ->add_subcommand("init", "One")
      ->add_option("record", text, "It")
      ->type_name("RECORD");
  return outline_of(app);
}

TEST(Completion, OfBashKnowsWhatStandsBehindAnOptionOfACommand) {
  const std::string script = bash_completion(outline());
  EXPECT_THAT(script, HasSubstr("'run --tier')\n      kind='words smoke standard'"));
  EXPECT_THAT(script, HasSubstr("'run --report')\n      kind='words junit: html:'"));
  EXPECT_THAT(script, HasSubstr("'run --deviation')\n      kind='deviations'"));
  EXPECT_THAT(script, HasSubstr("'known init')\n      options='-h --help'\n      positional='files'"));
  EXPECT_THAT(script, Not(HasSubstr("(commands)")));
}

TEST(Completion, OfZshQuotesWhatMeansSomethingToIt) {
  const std::string script = zsh_completion(outline());
  EXPECT_THAT(script,
              HasSubstr(R"('--tier=[It'\''s \[much\]]:smoke|standard: _glue_conformance_words smoke standard')"));
  EXPECT_THAT(script, HasSubstr(R"('run:Do the user'\''s bidding [now]')"));
  EXPECT_THAT(script, HasSubstr("_glue_conformance__known_init() {"));
  EXPECT_THAT(script, Not(HasSubstr("(commands)")));
}

TEST(Completion, OfFishIsOfOneCommand) {
  const std::string script = fish_completion(outline());
  EXPECT_THAT(script, HasSubstr("-n '__glue_conformance_at run' -l tier -x -a 'smoke standard'"));
  EXPECT_THAT(script, HasSubstr("-n '__glue_conformance_next known' -a init"));
  EXPECT_THAT(script, HasSubstr("-n '__glue_conformance_at known init' -F"));
  EXPECT_THAT(script, Not(HasSubstr("(commands)")));
}

}  // namespace
}  // namespace conformance::cli::completion_test
