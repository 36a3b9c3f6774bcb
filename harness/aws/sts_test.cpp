#include "harness/aws/sts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>

#include "fixtures/testing/aws_server.h"
#include "fixtures/testing/harmless.h"

namespace conformance::aws::sts_test {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::system_clock;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using testing_support::assumed_role;
using testing_support::AwsServer;
using testing_support::http_answer;
using testing_support::sts_error;

const TimePoint now = system_clock::from_time_t(1440938160);  // 2015-08-30T12:36:00Z
const wire::Credentials keys{"AKIDEXAMPLE", "the-secret-key-of-a-user", "the-session-token-of-a-user"};

const std::string identity_xml =
    "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>"
    "<Arn>arn:aws:iam::123456789012:user/u</Arn><UserId>AIDA</UserId><Account>123456789012</Account>"
    "</GetCallerIdentityResult></GetCallerIdentityResponse>";

StsOptions options(const AwsServer& server, wire::ClientOptions client = {}) {
  return {wire::parse_url(server.url()), "eu-west-1", std::move(client), [] { return now; }};
}

std::string refusal(const std::string& answer, std::string* code = nullptr, wire::ClientOptions client = {}) {
  const AwsServer server([&](const std::string&, const std::string&) { return answer; });
  try {
    (void)caller_identity(keys, options(server, client));
  } catch (const StsError& error) {
    EXPECT_EQ(testing_support::fault_of_console(error.what()), "");
    EXPECT_THAT(error.what(), AllOf(HasSubstr("GetCallerIdentity at 127.0.0.1:"), Not(HasSubstr(keys.session_token))));
    if (code != nullptr) *code = error.code();
    return error.what();
  }
  return "accepted";
}

TEST(CallerIdentity, AsksByASignedFormAndReadsTheAnswer) {
  const AwsServer server([](const std::string&, const std::string&) { return http_answer(200, identity_xml); });
  const Identity identity = caller_identity(keys, options(server));
  EXPECT_EQ(identity.account, "123456789012");
  EXPECT_EQ(identity.arn, "arn:aws:iam::123456789012:user/u");
  EXPECT_EQ(identity.user_id, "AIDA");
  EXPECT_EQ(identity.clock_offset, seconds(0));
  ASSERT_THAT(server.requests(), SizeIs(1));
  EXPECT_THAT(server.requests().front(),
              AllOf(HasSubstr("POST / HTTP/1.1\r\n"), HasSubstr("X-Amz-Date: 20150830T123600Z\r\n"),
                    HasSubstr("Credential=AKIDEXAMPLE/20150830/eu-west-1/sts/aws4_request"),
                    HasSubstr("Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\n"),
                    HasSubstr("\r\n\r\nVersion=2011-06-15&Action=GetCallerIdentity")));
}

TEST(CallerIdentity, RefusesAnAnswerThatIsNone) {
  const auto with = [](const std::string& from, const std::string& to) {
    std::string xml = identity_xml;
    xml.replace(xml.find(from), from.size(), to);
    return refusal(http_answer(200, xml));
  };
  EXPECT_THAT(with("<Account>123456789012<", "<Account>12345678901<"), HasSubstr("Account is no 12 digits"));
  EXPECT_THAT(with("<Account>123456789012<", "<Account>12345678901x<"), HasSubstr("Account is no 12 digits"));
  EXPECT_THAT(with("<Account>123456789012</Account>", ""), HasSubstr("Account is no 12 digits"));
  EXPECT_THAT(with("<Arn>arn:", "<Arn>"), HasSubstr("Arn is none"));
  EXPECT_THAT(with("<Arn>arn:", "<Arn>arn:&#27;[31m"), HasSubstr("Arn is none"));
  EXPECT_THAT(with("<UserId>", "<UserId>" + std::string(5000, 'x')), HasSubstr("UserId is none"));
  EXPECT_THAT(with("GetCallerIdentityResult>", "Other>"), HasSubstr("no XML"));
  EXPECT_THAT(refusal(http_answer(200, "{}")), HasSubstr("no XML"));
  EXPECT_THAT(refusal(http_answer(200, "")), HasSubstr("no XML"));
  EXPECT_THAT(refusal(http_answer(200, "<a>\xff</a>")), HasSubstr("no XML"));
  EXPECT_THAT(refusal(http_answer(200, "<html/>")), HasSubstr("no GetCallerIdentityResult"));
  std::string deep;
  for (int i = 0; i < 200000; ++i) deep += "<a>";
  EXPECT_THAT(refusal(http_answer(200, deep)), HasSubstr("no XML"));
}

TEST(CallerIdentity, TellsTheErrorOfTheService) {
  std::string code;
  EXPECT_THAT(refusal(http_answer(403, sts_error("InvalidClientTokenId", "The security token is invalid.")), &code),
              HasSubstr("InvalidClientTokenId: The security token is invalid."));
  EXPECT_EQ(code, "InvalidClientTokenId");
  EXPECT_THAT(refusal(http_answer(400, "<Response><Errors><Error><Code>C</Code></Error></Errors></Response>")),
              HasSubstr(": C"));
  EXPECT_THAT(refusal(http_answer(404, "<html>not here</html>")), HasSubstr("status 404, and no error"));
  EXPECT_THAT(refusal(http_answer(302, "", "Location: http://elsewhere/\r\n")), HasSubstr("status 302"));
}

TEST(CallerIdentity, TellsErrorsInHarmlessWordsWithoutSecrets) {
  EXPECT_THAT(refusal(http_answer(403, sts_error("C", "&#27;[31m\n::error::x"))), HasSubstr("\\u001b[31m"));
  EXPECT_THAT(refusal(http_answer(403, sts_error("C", "you said " + keys.session_token))), HasSubstr("left out"));
  EXPECT_LT(refusal(http_answer(403, sts_error("C", std::string(500000, 'x')))).size(), 600U);
}

TEST(CallerIdentity, SaysWhereThereIsNoAnswer) {
  EXPECT_THAT(refusal("", nullptr, {.timeout = milliseconds(100)}), HasSubstr("no answer (timeout"));
  EXPECT_THAT(refusal("rubbish\r\n\r\n"), HasSubstr("no answer (malformed"));
  EXPECT_THAT(refusal("HTTP/1.1 200 -\r\nContent-Length: 100000000\r\n\r\n" + std::string(3U << 20, 'x')),
              HasSubstr("no answer (too_large"));
}

TEST(CallerIdentity, AsksAgainWhileTheServiceCannot) {
  std::atomic<int> asked{0};
  const AwsServer server([&](const std::string&, const std::string&) {
    ++asked;
    if (asked == 1) return http_answer(503, "");
    if (asked == 2) return http_answer(400, sts_error("Throttling", "Rate exceeded"));
    return http_answer(200, identity_xml);
  });
  EXPECT_EQ(caller_identity(keys, options(server)).account, "123456789012");
  EXPECT_EQ(asked, 3);
}

TEST(CallerIdentity, DoesNotAskForEver) {
  std::atomic<int> asked{0};
  const AwsServer server([&](const std::string&, const std::string&) {
    ++asked;
    return http_answer(500, "");
  });
  EXPECT_THROW((void)caller_identity(keys, options(server)), StsError);
  EXPECT_EQ(asked, 3);
}

// Refuses any time but that of 2015-08-30T14:36:xx.
std::string two_hours_ahead(const std::string& head, const std::string& date) {
  if (head.find("X-Amz-Date: 20150830T1436") != std::string::npos) return http_answer(200, identity_xml);
  return http_answer(403, sts_error("SignatureDoesNotMatch", "Signature expired: 1 is now earlier than 2"),
                     date.empty() ? "" : "Date: " + date + "\r\n");
}

TEST(Clock, IsCorrectedByThatOfTheServiceOnce) {
  const AwsServer server([](const std::string& head, const std::string&) {
    return two_hours_ahead(head, "Sun, 30 Aug 2015 14:36:05 GMT");
  });
  EXPECT_EQ(caller_identity(keys, options(server)).clock_offset, hours(2) + seconds(5));
  EXPECT_THAT(server.requests(), SizeIs(2));
}

TEST(Clock, IsNotCorrectedBeyondReason) {
  for (const std::string date : {"", "yesterday", "Sun, 30 Aug 2015 12:36:20 GMT", "Mon, 30 Aug 2055 14:36:05 GMT",
                                 "Fri, 31 Dec 9999 23:59:59 GMT"}) {
    const AwsServer server([&](const std::string& head, const std::string&) { return two_hours_ahead(head, date); });
    try {
      (void)caller_identity(keys, options(server));
      ADD_FAILURE() << date;
    } catch (const StsError& error) {
      EXPECT_THAT(error.what(), HasSubstr("set this machine's clock")) << date;
    }
    EXPECT_THAT(server.requests(), SizeIs(1)) << date;
  }
}

TEST(Clock, IsCorrectedNoMoreThanOnce) {
  const AwsServer server(
      [](const std::string&, const std::string&) { return two_hours_ahead("", "Sun, 30 Aug 2015 14:36:05 GMT"); });
  EXPECT_THROW((void)caller_identity(keys, options(server)), StsError);
  EXPECT_THAT(server.requests(), SizeIs(2));
}

TEST(AssumeRole, GivesTemporaryCredentials) {
  const AwsServer server([](const std::string&, const std::string&) { return http_answer(200, assumed_role("ASIA")); });
  const Assumed assumed =
      assume_role(keys, {"arn:aws:iam::123456789012:role/a b", "me", "x/&=\xc3\xa4", 900}, options(server));
  EXPECT_EQ(assumed.found.keys.access_key, "ASIA");
  EXPECT_EQ(assumed.found.keys.secret_key, "role-secret");
  EXPECT_EQ(assumed.found.keys.session_token, "role-token");
  EXPECT_GT(assumed.found.expires, now);
  EXPECT_THAT(server.requests().front(),
              HasSubstr("&Action=AssumeRole&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fa%20b&RoleSessionName=me"
                        "&ExternalId=x%2F%26%3D%C3%A4&DurationSeconds=900"));
}

TEST(AssumeRole, RefusesCredentialsThatCannotBeUsed) {
  const auto refused = [](const std::string& xml) -> std::string {
    const AwsServer server([&](const std::string&, const std::string&) { return http_answer(200, xml); });
    try {
      (void)assume_role(keys, {"r", "me"}, options(server));
    } catch (const StsError& error) {
      return error.what();
    }
    return "accepted";
  };
  EXPECT_THAT(refused(assumed_role("")), HasSubstr("access key's id is empty"));
  EXPECT_THAT(refused(assumed_role("A&#13;&#10;X: y")), HasSubstr("cannot be used"));
  EXPECT_THAT(refused(assumed_role("A", "AssumeRole", "2015-08-30T12:36:00Z")), HasSubstr("ended at 2015"));
  EXPECT_THAT(refused(assumed_role("A", "AssumeRole", "soon")), HasSubstr("no date"));
  EXPECT_THAT(refused(assumed_role("A", "AssumeRoleWithWebIdentity")), HasSubstr("no AssumeRoleResult"));
}

TEST(AssumeRole, CountsTheEndOfCredentialsByThisMachinesClock) {
  const AwsServer server([](const std::string& head, const std::string&) {
    if (head.find("X-Amz-Date: 20150830T1436") == std::string::npos)
      return two_hours_ahead("", "Sun, 30 Aug 2015 14:36:00 GMT");
    return http_answer(200, assumed_role("A", "AssumeRole", "2015-08-30T15:36:00Z"));
  });
  const Assumed assumed = assume_role(keys, {"r", "me"}, options(server));
  EXPECT_EQ(assumed.clock_offset, hours(2));
  EXPECT_EQ(assumed.found.expires, now + hours(1));
}

TEST(WebIdentity, IsSentUnsigned) {
  const AwsServer server([](const std::string&, const std::string&) {
    return http_answer(200, assumed_role("ASIA", "AssumeRoleWithWebIdentity"));
  });
  const Assumed assumed = assume_role_with_web_identity("e30.e30.sig+", {"r", "me"}, options(server));
  EXPECT_EQ(assumed.found.keys.access_key, "ASIA");
  EXPECT_THAT(server.requests().front(),
              AllOf(HasSubstr("Action=AssumeRoleWithWebIdentity&RoleArn=r&RoleSessionName=me"),
                    HasSubstr("WebIdentityToken=e30.e30.sig%2B"), Not(HasSubstr("Authorization"))));
}

}  // namespace
}  // namespace conformance::aws::sts_test
