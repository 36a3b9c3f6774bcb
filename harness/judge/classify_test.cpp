#include "harness/judge/classify.h"

#include <gtest/gtest.h>

#include <string>

namespace conformance::classify_test {
namespace {

using spec::Outcome;

Answer classified(int status, std::string body, std::vector<wire::Header> headers = {}) {
  wire::Exchange exchange;
  wire::Response response;
  response.status = status;
  response.body = std::move(body);
  response.headers = std::move(headers);
  exchange.response = std::move(response);
  return classify(exchange, spec::builtin_table());
}

TEST(BareType, DropsNamespaceAndUri) {
  EXPECT_EQ(bare_type("FooError"), "FooError");
  EXPECT_EQ(bare_type("aws.x#FooError"), "FooError");
  EXPECT_EQ(bare_type("FooError:http://a/b#c"), "FooError");
  EXPECT_EQ(bare_type("aws.x#FooError:http://a"), "FooError");
  EXPECT_EQ(bare_type(""), "");
}

TEST(MediaType, DropsParametersAndCase) {
  EXPECT_EQ(media_type("Application/X-Amz-Json-1.1 ; charset=utf-8"), "application/x-amz-json-1.1");
}

TEST(Classify, ReadsTheOutcomeFromTheTable) {
  EXPECT_EQ(classified(200, "{}").outcome, Outcome::success);
  EXPECT_EQ(classified(400, R"({"__type":"ValidationException"})").outcome, Outcome::rejected_as_invalid);
  EXPECT_EQ(classified(400, R"({"__type":"SerializationException"})").outcome, Outcome::rejected_as_unreadable);
  EXPECT_EQ(classified(400, R"({"__type":"EntityNotFoundException"})").outcome, Outcome::not_found);
  EXPECT_EQ(classified(400, R"({"__type":"IllegalSessionStateException"})").outcome, Outcome::wrong_state);
  EXPECT_EQ(classified(400, R"({"__type":"ThrottlingException"})").outcome, Outcome::throttled);
  EXPECT_EQ(classified(500, R"({"__type":"InternalServiceException"})").outcome, Outcome::server_fault);
  EXPECT_EQ(classified(400, R"({"__type":"UnrecognizedClientException"})").outcome, Outcome::unauthenticated);
  EXPECT_EQ(classified(404, R"({"__type":"UnknownOperationException"})").outcome, Outcome::unknown_operation);
  EXPECT_EQ(classified(400, R"({"__type":"NoSuchThing"})").outcome, Outcome::unrecognised);
  EXPECT_EQ(classified(502, "<html>").outcome, Outcome::server_fault);
  EXPECT_EQ(classified(302, "").outcome, Outcome::unrecognised);
}

TEST(Classify, TakesASuccessWithATypeForASuccessAsSdksDo) {
  EXPECT_EQ(classified(200, R"({"__type":"ValidationException"})").outcome, Outcome::success);
}

TEST(Classify, LooksForTheTypeWhereClientsDo) {
  EXPECT_EQ(classified(400, R"({"code":"ValidationException"})").type_place, "code");
  EXPECT_EQ(classified(400, "", {{"x-amzn-errortype", "ValidationException"}}).type_place, "X-Amzn-ErrorType");
  const Answer both = classified(400, R"({"__type":"A","code":"B"})", {{"X-Amzn-ErrorType", "C"}});
  EXPECT_EQ(both.type, "A");
  EXPECT_EQ(both.type_place, "__type");
}

TEST(Classify, SaysWhyABodyIsNoObject) {
  EXPECT_EQ(classified(400, "").body_fault, "empty body");
  EXPECT_EQ(classified(400, "<").body_fault, "body is not JSON");
  EXPECT_EQ(classified(400, "[]").body_fault, "body is not an object but JSON array");
  EXPECT_EQ(classified(400, "{}").body_fault, "");
}

TEST(Classify, SurvivesAHundredThousandLevels) {
  const Answer answer = classified(400, std::string(100000, '[') + std::string(100000, ']'));
  EXPECT_FALSE(answer.body_is_object);
}

TEST(Classify, ReadsTheEcho) {
  EXPECT_EQ(classified(200, R"({"Id":"\u00e9"})").echo, "\u00e9");
  EXPECT_FALSE(classified(200, R"({"Id":1})").echo.has_value());
}

TEST(Classify, TakesATypeThatIsNothingButItsNamespaceForNone) {
  for (const char* type : {"", "#", "com.example#", ":http://example.com/", "com.example#:x"}) {
    wire::Exchange exchange;
    exchange.response.emplace();
    exchange.response->status = 400;
    exchange.response->body = R"({"__type":")" + std::string(type) + R"(","code":"FooException"})";
    const Answer answer = classify(exchange, spec::builtin_table());
    EXPECT_EQ(answer.type, "FooException") << type;
    EXPECT_EQ(answer.type_place, "code") << type;
  }
}

TEST(Classify, KeepsOnlyPartOfALongText) {
  const std::string text(100'000, 'x');
  for (const bool success : {false, true}) {
    wire::Exchange exchange;
    exchange.response.emplace();
    exchange.response->status = success ? 200 : 400;
    exchange.response->body = R"({"__type":")" + text + R"(","message":")" + text + R"(","Id":")" + text + "\"}";
    const Answer answer = classify(exchange, spec::builtin_table());
    for (const std::string& kept :
         {answer.type, answer.message, answer.echo.value_or(std::string(longest_text, 'x'))}) {
      EXPECT_GT(kept.size(), longest_text / 2);
      EXPECT_LT(kept.size(), longest_text + 100);
    }
  }
}

}  // namespace
}  // namespace conformance::classify_test
