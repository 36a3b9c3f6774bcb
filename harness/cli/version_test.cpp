#include "harness/cli/version.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conformance::cli::version_test {
namespace {

using testing::AnyOf;
using testing::MatchesRegex;

TEST(Version, SaysProgramCommitAndSpecTableALineEach) {
  EXPECT_THAT(version_in_words(), MatchesRegex("glue-conformance [0-9]+\\.[0-9]+\\.[0-9]+\n"
                                               "commit ([0-9a-f]+|unknown)\n"
                                               "spec table [0-9]+ of AWSGlue\\.DeleteSession"));
}

TEST(Version, KnowsTheWholeCommitOrNone) {
  EXPECT_THAT(std::string(commit()), AnyOf("unknown", MatchesRegex("[0-9a-f]{40}|[0-9a-f]{64}")));
}

TEST(Version, KnowsTheDayOfTheCommitThatItKnows) {
  EXPECT_THAT(std::string(commit_date()), MatchesRegex("|[0-9]{4}-[0-9]{2}-[0-9]{2}"));
  EXPECT_TRUE(commit() != "unknown" || commit_date().empty());
}

}  // namespace
}  // namespace conformance::cli::version_test
