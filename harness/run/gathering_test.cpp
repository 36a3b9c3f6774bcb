#include "harness/run/gathering.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace conformance::gathering_test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

wire::Exchange answered(const std::string& request_id, std::string type = "application/x-amz-json-1.1") {
  wire::Exchange exchange;
  wire::Response response;
  response.status = 200;
  response.body = R"({"Id":"a"})";
  response.headers = {{"Content-Type", std::move(type)}, {"x-amzn-RequestId", request_id}};
  exchange.response = std::move(response);
  return exchange;
}

class GatheringTest : public testing::Test {
 protected:
  [[nodiscard]] CaseResult conclude(const std::string& requirement) const {
    Case c;
    c.id = "every." + requirement;
    c.requirement = requirement;
    c.gathers = true;
    return gathering_.conclude(c);
  }

  const spec::SpecTable& table_ = spec::builtin_table();
  Gathering gathering_{table_};
};

TEST_F(GatheringTest, PassesWhatHoldsOfEveryAnswer) {
  gathering_.add("a.b", answered("1"));
  gathering_.add("a.c", answered("2"));
  const CaseResult result = conclude(table_.checks.content_type);
  EXPECT_EQ(result.judgement.verdict, Verdict::pass);
  EXPECT_EQ(result.judgement.note, "2 answers");
}

TEST_F(GatheringTest, FailsOnceWithItsFirstExampleAndTheNamesOfOthers) {
  gathering_.add("a.good", answered("1"));
  for (int i = 0; i < 9; ++i)
    gathering_.add("a.bad" + std::to_string(i), answered(std::to_string(i + 2), i == 0 ? "text/html" : "text/plain"));
  const CaseResult result = conclude(table_.checks.content_type);
  EXPECT_EQ(result.judgement.verdict, Verdict::fail);
  EXPECT_EQ(result.judgement.requirement, table_.checks.content_type);
  EXPECT_EQ(result.judgement.actual, "9 of 10 answers: Content-Type: text/html");
  EXPECT_THAT(result.judgement.note, HasSubstr("a.bad0, a.bad1"));
  EXPECT_THAT(result.judgement.note, Not(HasSubstr("a.bad8")));
  ASSERT_TRUE(result.stimulus && result.stimulus->response);
  EXPECT_EQ(result.stimulus->response->headers.front().value, "text/html");
  EXPECT_THAT(result.met_in, ElementsAre("a.bad0", "a.bad1", "a.bad2", "a.bad3", "a.bad4"));
}

TEST_F(GatheringTest, SeesARequestIdThatComesTwice) {
  gathering_.add("a.b", answered("1"));
  EXPECT_EQ(conclude(table_.checks.request_id_unique).judgement.verdict, Verdict::pass);
  gathering_.add("a.c", answered("1"));
  const CaseResult twice = conclude(table_.checks.request_id_unique);
  EXPECT_EQ(twice.judgement.verdict, Verdict::fail);
  EXPECT_TRUE(twice.met_in.empty()) << "one of two answers shows nothing by itself";
}

TEST_F(GatheringTest, CountsAnswersThatAreLikeAnotherAsThatOne) {
  gathering_.add("a.b", answered("1", "text/html"));
  const std::size_t like = gathering_.remember("",
                                               "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nx-amzn-RequestId: 1\r\n"
                                               "Content-Length: 10\r\n\r\n{\"Id\":\"a\"}");
  gathering_.add_known(like, "2");
  gathering_.add_known(like, "3");
  gathering_.add_known(like, "");
  EXPECT_THAT(conclude(table_.checks.content_type).judgement.actual, HasSubstr("4 of 4 answers"));
  EXPECT_EQ(conclude(table_.checks.http).judgement.note, "4 answers");
  EXPECT_EQ(conclude(table_.checks.json).judgement.note, "4 answers");
  EXPECT_EQ(conclude(table_.checks.request_id_unique).judgement.note, "3 answers");
  gathering_.add_known(like, "3");
  EXPECT_THAT(conclude(table_.checks.request_id_unique).judgement.actual, HasSubstr("1 of 4 answers"));
}

TEST_F(GatheringTest, PassesNothingThatNoAnswerCouldShow) {
  gathering_.add("a.b", answered("1"));
  EXPECT_EQ(conclude(table_.checks.error_body).judgement.verdict, Verdict::skipped);
}

}  // namespace
}  // namespace conformance::gathering_test
