#include "reports/story_script.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conformance::reports::story_script_test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

RunInfo info_of() {
  RunInfo info;
  info.curl_url = "http://127.0.0.1:5000";
  info.region = "eu-west-1";
  info.signed_requests = false;
  return info;
}

Deed deed(std::size_t turn, const std::string& operation, const std::string& body, const std::string& answer) {
  return {.turn = turn, .target = "AWSGlue." + operation, .body = body, .answer = answer, .begun = 0, .ended = 1};
}

TEST(StoryScript, IsOneCommandOfTheAwsCliForEachCallWithItsAnswer) {
  CaseResult result;
  result.deeds = {deed(0, "DeleteSession", R"({"Id":"it's"})", "200"), deed(1, "ListSessions", "{}", "200, none")};
  result.deeds[1].times = 3;
  EXPECT_THAT(
      story_script(info_of(), spec::builtin_table(), result),
      ElementsAre(R"(aws glue delete-session --cli-input-json '{"Id":"it'\''s"}' --endpoint-url http://127.0.0.1:5000)"
                  " --region eu-west-1 --no-sign-request  # 200",
                  "aws glue list-sessions --cli-input-json '{}' --endpoint-url http://127.0.0.1:5000"
                  " --region eu-west-1 --no-sign-request  # 200, none, asked 3 times"));
}

TEST(StoryScript, RunsWhatWasAtOnceInTheBackground) {
  CaseResult result;
  result.deeds = {deed(0, "CreateSession", "{}", "200"), deed(1, "DeleteSession", "{}", "200"),
                  deed(1, "GetSession", "{}", "400 EntityNotFoundException"), deed(2, "GetSession", "{}", "200")};
  const std::vector<std::string> lines = story_script(info_of(), spec::builtin_table(), result);
  ASSERT_EQ(lines.size(), 5U);
  EXPECT_THAT(lines[0], testing::Not(HasSubstr(" &")));
  EXPECT_THAT(lines[1], HasSubstr(" &  # 200"));
  EXPECT_THAT(lines[2], HasSubstr(" &  # 400"));
  EXPECT_EQ(lines[3], "wait");
  EXPECT_THAT(lines[4], testing::Not(HasSubstr(" &")));
}

TEST(StoryScript, TakesCredentialsFromTheEnvironmentAndHoldsNone) {
  RunInfo info = info_of();
  info.signed_requests = true;
  CaseResult result;
  result.deeds = {deed(0, "DeleteSession", "{}", "200")};
  EXPECT_THAT(story_script(info, spec::builtin_table(), result).front(),
              HasSubstr(R"("${AWS_SECRET_ACCESS_KEY:-test}")"));
}

TEST(StoryScript, LetsNoAnswerEndItsComment) {
  CaseResult result;
  result.deeds = {deed(0, "DeleteSession", "{}", "400 X\nrm -rf /\r\x1b[2J")};
  const std::vector<std::string> lines = story_script(info_of(), spec::builtin_table(), result);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].find_first_of("\n\r\x1b"), std::string::npos);
}

TEST(StoryScript, OfNoStoryIsEmpty) {
  EXPECT_TRUE(story_script(info_of(), spec::builtin_table(), CaseResult{}).empty());
}

}  // namespace
}  // namespace conformance::reports::story_script_test
