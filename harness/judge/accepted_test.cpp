#include "harness/judge/accepted.h"

#include <gtest/gtest.h>

namespace conformance::accepted_test {
namespace {

using spec::Outcome;

Answer answer_of(int status, const std::string& type, Outcome outcome) {
  Answer answer;
  answer.status = status;
  answer.type = type;
  answer.outcome = outcome;
  return answer;
}

TEST(Accepted, ASuccessIsNoErrorAndAnErrorNoSuccess) {
  const Answer success = answer_of(200, "", Outcome::success);
  const Answer error = answer_of(400, "ValidationException", Outcome::rejected_as_invalid);
  EXPECT_TRUE(is_named({"ValidationException", "success"}, success));
  EXPECT_FALSE(is_named({"ValidationException"}, success));
  EXPECT_FALSE(is_named({"success"}, error));
  EXPECT_TRUE(is_named({"success", "ValidationException"}, error));
  EXPECT_FALSE(is_named({}, error));
}

TEST(Accepted, AClassGoesByTheStatus) {
  const Answer error = answer_of(413, "", Outcome::unrecognised);
  EXPECT_TRUE(is_named({"client_error"}, error));
  EXPECT_TRUE(is_named({"413"}, error));
  EXPECT_FALSE(is_named({"414"}, error));
  EXPECT_TRUE(is_named({"no_server_fault"}, error));
  EXPECT_FALSE(is_named({"no_server_fault"}, answer_of(503, "", Outcome::server_fault)));
}

TEST(Accepted, IsPutIntoWordsWithTheStatusOfEachError) {
  EXPECT_EQ(in_words({"success", "ValidationException", "client_error"}, spec::builtin_table()),
            "200 or 400 ValidationException or any 4xx");
}

TEST(Accepted, AnErrorOfAuthenticationIsOneByItsNameOrIfItHasNoneByItsStatus) {
  EXPECT_TRUE(is_named({"unauthenticated"}, answer_of(400, "RequestExpired", Outcome::unauthenticated)));
  EXPECT_TRUE(is_named({"unauthenticated"}, answer_of(403, "", Outcome::unrecognised)));
  EXPECT_TRUE(is_named({"unauthenticated"}, answer_of(401, "", Outcome::unrecognised)));
  EXPECT_FALSE(is_named({"unauthenticated"}, answer_of(400, "", Outcome::unrecognised)));
  EXPECT_FALSE(is_named({"unauthenticated"}, answer_of(403, "ValidationException", Outcome::rejected_as_invalid)));
  EXPECT_EQ(in_words({"unauthenticated"}, spec::builtin_table()), "an error of authentication (400/403)");
}

}  // namespace
}  // namespace conformance::accepted_test
