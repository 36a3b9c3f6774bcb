#include "harness/judge/sdk_view.h"

#include <gtest/gtest.h>

namespace conformance::sdk_view_test {
namespace {

wire::Response answer(int status, std::string body, std::string header = {}) {
  wire::Response response;
  response.status = status;
  response.body = std::move(body);
  if (!header.empty()) response.headers = {{"X-Amzn-ErrorType", std::move(header)}};
  return response;
}

std::string line(const wire::Response& response) { return in_one_line(sdk_views(response, spec::builtin_table())); }

TEST(SdkView, IsTheSameForAllWhereTheAnswerIsRight) {
  EXPECT_EQ(line(answer(200, R"({"Id":"a"})")), "botocore, JavaScript, Java, C++: a success");
  EXPECT_EQ(line(answer(400, R"({"__type":"com.amazonaws.glue#EntityNotFoundException"})")),
            "botocore, JavaScript, Java, C++: EntityNotFoundException");
}

TEST(SdkView, TellsAnErrorThatNoModelKnowsByItsCode) {
  EXPECT_EQ(line(answer(400, R"({"__type":"ThrottledByUs"})")),
            "botocore: ClientError 'ThrottledByUs'; JavaScript: GlueServiceException 'ThrottledByUs'; Java: "
            "GlueException 'ThrottledByUs'; C++: UNKNOWN 'ThrottledByUs'");
}

TEST(SdkView, DependsOnWhereTheNameStands) {
  EXPECT_EQ(line(answer(400, "{}", "ValidationException")),
            "botocore: ClientError '400'; JavaScript, Java, C++: ValidationException");
  EXPECT_EQ(line(answer(400, R"({"code":"ValidationException"})")),
            "botocore: ClientError '400'; JavaScript, Java: ValidationException; C++: UNKNOWN");
  EXPECT_EQ(line(answer(400, R"({"__type":"ValidationException"})", "EntityNotFoundException")),
            "botocore, JavaScript: ValidationException; Java, C++: EntityNotFoundException");
  EXPECT_EQ(line(answer(400, R"({"__type":"ns#ValidationException:http://x"})")),
            "botocore, JavaScript, Java: ValidationException; C++: UNKNOWN 'ValidationException:http://x'");
}

TEST(SdkView, ShowsWhichParsersGiveUp) {
  EXPECT_EQ(
      line(answer(503, "<html>busy</html>")),
      "botocore: ClientError '503'; JavaScript: SyntaxError: the body is no JSON; Java: GlueException with status "
      "503; C++: UNKNOWN");
  EXPECT_EQ(
      line(answer(400, "[]")),
      "botocore: AttributeError: the body is JSON and no object; JavaScript: GlueServiceException 'UnknownError'; "
      "Java: GlueException with status 400; C++: UNKNOWN");
  EXPECT_EQ(line(answer(400, R"({"__type":5})")),
            "botocore: TypeError: __type is no string; JavaScript: GlueServiceException 'UnknownError'; Java: "
            "GlueException with status 400; C++: UNKNOWN");
  EXPECT_EQ(line(answer(400, "\xff")).substr(0, 60), "botocore: UnicodeDecodeError: the body is no UTF-8; JavaScri");
}

TEST(SdkView, ShowsASuccessThatIsNone) {
  EXPECT_EQ(line(answer(200, "")), "botocore, JavaScript, Java, C++: a success without Id");
  EXPECT_EQ(line(answer(200, R"({"__type":"ValidationException"})")),
            "botocore, JavaScript, Java, C++: a success without Id");
  EXPECT_EQ(
      line(answer(200, "{")),
      "botocore: a success without Id; JavaScript: SyntaxError: the body is no JSON; Java: SdkClientException: the "
      "body is no JSON; C++: UNKNOWN: the body is no JSON");
  EXPECT_EQ(line(answer(200, "null")).substr(0, 36), "botocore: None in place of an answer");
}

TEST(SdkView, KnowsWhatAnEmptyBodyMeans) {
  EXPECT_EQ(line(answer(403, "")),
            "botocore: ClientError '403'; JavaScript: GlueServiceException 'UnknownError'; Java: GlueException with "
            "status 403; C++: ACCESS_DENIED");
  EXPECT_EQ(sdk_views(answer(404, ""), spec::builtin_table()).back().sees, "RESOURCE_NOT_FOUND");
}

}  // namespace
}  // namespace conformance::sdk_view_test
