#include "harness/aws/found_credentials.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace conformance::aws::found_credentials_test {
namespace {

using std::chrono::seconds;
using std::chrono::system_clock;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const TimePoint now = system_clock::from_time_t(1440938160);  // 2015-08-30T12:36:00Z

TEST(Timestamp, IsADateInTheFormOfAws) {
  EXPECT_EQ(parse_timestamp("2015-08-30T12:36:00Z"), now);
  EXPECT_EQ(parse_timestamp("2015-08-30T12:36:00.999999999999Z"), now);
  EXPECT_EQ(parse_timestamp("2015-08-30 12:36:00Z"), now);
  EXPECT_EQ(parse_timestamp("2015-08-30T14:36:00+02:00"), now);
  EXPECT_EQ(parse_timestamp("2015-08-30T08:06:00-0430"), now);
  EXPECT_EQ(parse_timestamp("2015-08-30T12:35:60Z"), now);
  EXPECT_EQ(timestamp(now), "2015-08-30T12:36:00Z");
}

TEST(Timestamp, OfAFarFutureIsAFarFuture) {
  EXPECT_GT(parse_timestamp("9999-12-31T23:59:59Z"), now + std::chrono::hours(24 * 365 * 100));
}

TEST(Timestamp, IsNothingElse) {
  for (const char* text :
       {"", "now", "2015-08-30", "2015-08-30T12:36:00", "2015-02-30T12:36:00Z", "2015-13-01T12:36:00Z",
        "2015-08-30T24:00:00Z", "2015-08-30T12:60:00Z", "2015-08-30T12:36:61Z", "2015-08-30T12:36:00.Z",
        "2015-08-30T12:36:00Zx", "2015-08-30T12:36:00+1", "2015-08-30T12:36:00+25:00", "0000-00-00T00:00:00Z",
        "1440938160", "-015-08-30T12:36:00Z", "2015-08-30T12:36:00 Z", "1969-12-31T23:59:59Z"})
    EXPECT_EQ(parse_timestamp(text), std::nullopt) << text;
}

TEST(Keys, CanBeSentIfTheyFitIntoAHeader) {
  EXPECT_EQ(fault_of_keys({"AKIDEXAMPLE", "wJalr/+=", ""}), "");
  EXPECT_THAT(fault_of_keys({"", "s", ""}), HasSubstr("access key's id is empty"));
  EXPECT_THAT(fault_of_keys({"wJalrXUtnFEMIxK7MDENGxbPxRfiCYEXAMPLEKEY", "AKIDEXAMPLE", ""}), HasSubstr("swapped"));
  EXPECT_THAT(fault_of_keys({"a", "", ""}), HasSubstr("secret key is empty"));
  EXPECT_THAT(fault_of_keys({"a\r\nX: y", "s", ""}), HasSubstr("access key's id"));
  EXPECT_THAT(fault_of_keys({"a\nb", "s", ""}), HasSubstr("control character"));
  EXPECT_THAT(fault_of_keys({"a/b", "s", ""}), HasSubstr("cannot stand there"));
  EXPECT_THAT(fault_of_keys({"a", "s\n", ""}), HasSubstr("control character in the secret key"));
  EXPECT_THAT(fault_of_keys({"a", "s", "t\n"}), HasSubstr("control character in the session token"));
  EXPECT_THAT(fault_of_keys({"a", "s", "\xff"}), HasSubstr("not UTF-8"));
  EXPECT_THAT(fault_of_keys({"a", "s", std::string(100000, 't')}), HasSubstr("more than any"));
}

TEST(KeyDocument, GivesKeysTokenAndEnd) {
  const KeyDocument full = read_key_document(
      R"({"Version":1,"AccessKeyId":"a","SecretAccessKey":"s","SessionToken":"t","Expiration":"2015-08-30T12:36:01Z"})",
      {.needs_version = true}, now);
  EXPECT_EQ(full.fault, "");
  EXPECT_EQ(full.found.keys.access_key, "a");
  EXPECT_EQ(full.found.keys.secret_key, "s");
  EXPECT_EQ(full.found.keys.session_token, "t");
  EXPECT_EQ(full.found.expires, now + seconds(1));
  const KeyDocument least =
      read_key_document(R"({"AccessKeyId":"a","SecretAccessKey":"s","SessionToken":null})", {}, now);
  EXPECT_EQ(least.fault, "");
  EXPECT_EQ(least.found.keys.session_token, "");
  EXPECT_EQ(least.found.expires, std::nullopt);
}

TEST(KeyDocument, TakesTheTokenByTheNameOfItsForm) {
  const KeyDocumentForm form{.token_name = "Token", .is_temporary = true};
  const std::string rest = R"("AccessKeyId":"a","SecretAccessKey":"s","Expiration":"2030-01-01T00:00:00Z"})";
  EXPECT_EQ(read_key_document(R"({"Token":"t",)" + rest, form, now).found.keys.session_token, "t");
  EXPECT_EQ(read_key_document(R"({"SessionToken":"t",)" + rest, form, now).fault, "has no Token");
}

TEST(KeyDocument, SaysWhatIsWrongAndQuotesNothing) {
  const auto fault = [](const std::string& text) {
    const std::string all = read_key_document(text, {.needs_version = true, .is_temporary = true}, now).fault;
    EXPECT_THAT(all, Not(HasSubstr("hidden"))) << text;
    return all;
  };
  const std::string start = R"({"Version":1,"AccessKeyId":"a","SecretAccessKey":"hidden")";
  EXPECT_EQ(fault(""), "is no JSON object");
  EXPECT_EQ(fault("hidden"), "is no JSON object");
  EXPECT_EQ(fault("[1]"), "is no JSON object");
  EXPECT_EQ(fault(std::string(1000000, '[')), "is no JSON object");
  EXPECT_EQ(fault("{\"AccessKeyId\":\"\xff\"}"), "is no JSON object");
  EXPECT_EQ(fault(R"({})"), "has no \"Version\": 1");
  EXPECT_EQ(fault(R"({"Version":2})"), "has no \"Version\": 1");
  EXPECT_EQ(fault(R"({"Version":"1"})"), "has no \"Version\": 1");
  EXPECT_EQ(fault(R"({"Version":1})"), "has no AccessKeyId");
  EXPECT_EQ(fault(R"({"Version":1,"AccessKeyId":"hidden"})"), "has no SecretAccessKey");
  EXPECT_EQ(fault(R"({"Version":1,"AccessKeyId":["hidden"]})"), "has a value of AccessKeyId that is no string");
  EXPECT_EQ(fault(start + "}"), "has no SessionToken");
  EXPECT_EQ(fault(start + R"(,"SessionToken":7})"), "has a value of SessionToken that is no string");
  EXPECT_EQ(fault(start + R"(,"SessionToken":"t"})"), "has no Expiration");
  EXPECT_EQ(fault(start + R"(,"SessionToken":"t","Expiration":1440938160})"),
            "has a value of Expiration that is no string");
  EXPECT_EQ(fault(start + R"(,"SessionToken":"t","Expiration":"soon"})"), "has an Expiration that is no date");
  EXPECT_EQ(fault(start + R"(,"SessionToken":"t","Expiration":"2015-08-30T12:36:00Z"})"),
            "holds credentials that ended at 2015-08-30T12:36:00Z");
  EXPECT_THAT(fault(start + R"(,"SessionToken":"hidden\n","Expiration":"2030-01-01T00:00:00Z"})"),
              AllOf(HasSubstr("cannot be used"), HasSubstr("control character in the session token")));
}

}  // namespace
}  // namespace conformance::aws::found_credentials_test
