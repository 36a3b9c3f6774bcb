#include "harness/wire/sigv4.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "fixtures/testing/aws_signing_vectors.h"
#include "harness/wire/ascii.h"

namespace conformance::wire::sigv4_test {
namespace {

constexpr const char* secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
constexpr std::string_view scope = "20150830/us-east-1/glue/aws4_request";
// 2015-08-30T12:36:00Z
const std::chrono::system_clock::time_point now{std::chrono::seconds(1440938160)};

Request delete_session() {
  return {.method = "POST",
          .target = "/",
          .headers = {{"Host", "glue.us-east-1.amazonaws.com"},
                      {"Content-Type", "application/x-amz-json-1.1"},
                      {"X-Amz-Target", "AWSGlue.DeleteSession"}},
          .body = R"({"Id":"my-session"})"};
}

std::string header(const Request& request, std::string_view name) {
  const Header* found = find_header(request.headers, name);
  return found ? found->value : "";
}

struct Vector {
  std::string token, canonical, to_sign, authorization;
};

void check(const Vector& vector) {
  Request request = delete_session();
  const Signer signer({"AKIDEXAMPLE", secret, vector.token}, "us-east-1", "glue");
  // Twice: the second time the key is the kept one, and the headers of the first are replaced.
  for (int i = 0; i < 2; ++i) {
    signer.sign(request, now);
    EXPECT_EQ(header(request, "X-Amz-Date"), "20150830T123600Z");
    EXPECT_EQ(header(request, "X-Amz-Security-Token"), vector.token);
    EXPECT_EQ(canonical_request(request), vector.canonical);
    EXPECT_EQ(string_to_sign("20150830T123600Z", scope, vector.canonical), vector.to_sign);
    EXPECT_EQ(header(request, "Authorization"), vector.authorization);
    EXPECT_EQ(request.headers.size(), vector.token.empty() ? 5U : 6U);
  }
}

TEST(SigV4, SignsDeleteSession) {
  check({"",
         "POST\n/\n\ncontent-type:application/x-amz-json-1.1\nhost:glue.us-east-1.amazonaws.com\n"
         "x-amz-date:20150830T123600Z\nx-amz-target:AWSGlue.DeleteSession\n\n"
         "content-type;host;x-amz-date;x-amz-target\n"
         "027838a645dc2bb7cc2602ea91e2f6ef62279bbdb342534226c21b47efea3504",
         "AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/glue/aws4_request\n"
         "924c8828468ac046f445dee3e6294157d777d4469b865d50a60be12bcbf08ce5",
         "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/glue/aws4_request, "
         "SignedHeaders=content-type;host;x-amz-date;x-amz-target, "
         "Signature=ec469b7b82f734a443a65d20a5c9e67bc58e699924f08e6062bacdc51a8147ad"});
}

TEST(SigV4, SignsTheSessionToken) {
  check({"TOKEN/EXAMPLE==",
         "POST\n/\n\ncontent-type:application/x-amz-json-1.1\nhost:glue.us-east-1.amazonaws.com\n"
         "x-amz-date:20150830T123600Z\nx-amz-security-token:TOKEN/EXAMPLE==\nx-amz-target:AWSGlue.DeleteSession\n\n"
         "content-type;host;x-amz-date;x-amz-security-token;x-amz-target\n"
         "027838a645dc2bb7cc2602ea91e2f6ef62279bbdb342534226c21b47efea3504",
         "AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/glue/aws4_request\n"
         "7ae484c6f532fe21e2251bf8492d62e515b18e79220fb87f36e2464d9e938b6c",
         "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/glue/aws4_request, "
         "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, "
         "Signature=5aa8d717ae374fecebab6ecf3a6d6feeb282027854cc41b51cbe7c20f679f6d0"});
}

TEST(SigV4, AgreesWithTheVectorFile) {
  const char* shared = std::getenv("GLUE_CONFORMANCE_SHARED");
  const std::filesystem::path file =
      (shared ? std::filesystem::path(shared) / "vectors"
              : std::filesystem::path(PROJECT_SOURCE_DIR) / ".." / "shared" / "vectors") /
      "sigv4_delete_session.json";
  std::ifstream stream(file);
  if (!stream) GTEST_SKIP() << "no " << file << "; the same vectors are embedded above";
  const nlohmann::json vectors = nlohmann::json::parse(stream, nullptr, false);
  ASSERT_TRUE(vectors.is_array());
  ASSERT_FALSE(vectors.empty());
  for (const nlohmann::json& vector : vectors)
    check({vector["token"].is_null() ? "" : vector["token"].get<std::string>(), vector["canonical_request"],
           vector["string_to_sign"], vector["authorization"]});
}

bool is_signed(const testing_support::AwsSigningVector& vector, const std::string& lower_case) {
  return (";" + std::string(vector.signed_headers) + ";").find(";" + lower_case + ";") != std::string::npos;
}

TEST(SigV4, SignsWhatAwsSigned) {
  for (const testing_support::AwsSigningVector& vector : testing_support::aws_signing_vectors()) {
    Request request{.method = std::string(vector.method),
                    .target = std::string(vector.target),
                    .headers = {{"Host", "example.amazonaws.com"}},
                    .body = std::string(vector.body)};
    Credentials credentials{"AKIDEXAMPLE", std::string(testing_support::aws_vector_secret), ""};
    for (const auto& [name, value] : vector.headers) {
      const std::string lower_case = ascii::lower(name);
      if (!is_signed(vector, lower_case)) continue;  // it was added afterwards
      if (lower_case == "x-amz-security-token") credentials.session_token = value;
      if (!lower_case.starts_with("x-amz-")) request.sign_also.push_back(lower_case);
      request.headers.push_back({std::string(name), std::string(value)});
    }
    Signer(credentials, "us-east-1", "service").sign(request, now);
    EXPECT_EQ(header(request, "Authorization"), "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/" +
                                                    std::string(testing_support::aws_vector_scope) +
                                                    ", SignedHeaders=" + std::string(vector.signed_headers) +
                                                    ", Signature=" + std::string(vector.signature))
        << vector.name;
  }
}

// Captured from @aws-sdk/client-glue 3.1168, which signs its framing and the hash of its body too.
TEST(SigV4, SignsWhatTheSdkForJavaScriptSigns) {
  const std::string body = R"({"Id":5})";
  Request request{.headers = {{"content-type", "application/x-amz-json-1.1"},
                              {"x-amz-target", "AWSGlue.DeleteSession"},
                              {"content-length", "8"},
                              {"x-amz-user-agent", "aws-sdk-js/3.1168.0"},
                              {"user-agent", "aws-sdk-js/3.1168.0 ua/2.1"},
                              {"host", "127.0.0.1:59271"},
                              {"amz-sdk-invocation-id", "1d6bcb16-c2ab-45fa-891c-ec0c07ee9904"},
                              {"amz-sdk-request", "attempt=1; max=3"},
                              {"x-amz-date", ""},
                              {"x-amz-security-token", ""},
                              {"x-amz-content-sha256", payload_hash(body)},
                              {"authorization", ""},
                              {"Connection", "keep-alive"}},
                  .body = body,
                  .sign_also = {"amz-sdk-invocation-id", "amz-sdk-request", "content-length"}};
  const Signer signer({"AK", "s", ""}, "us-east-1", "glue");
  signer.sign(request, std::chrono::system_clock::time_point(std::chrono::seconds(1795543267)));
  ASSERT_EQ(request.headers.size(), 12U);
  EXPECT_EQ(request.headers[8], (Header{"x-amz-date", "20261124T180107Z"}));
  EXPECT_EQ(request.headers[9].value, "8847d7680d75ab178dbb2cc913091429e893707632ad1abb330a5f50ed0b1b00");
  EXPECT_EQ(request.headers[10],
            (Header{"authorization",
                    "AWS4-HMAC-SHA256 Credential=AK/20261124/us-east-1/glue/aws4_request, "
                    "SignedHeaders=amz-sdk-invocation-id;amz-sdk-request;content-length;content-type;host;"
                    "x-amz-content-sha256;x-amz-date;x-amz-target;x-amz-user-agent, "
                    "Signature=842689eea19b15b2e08c9141debcee303064fb2ec9c085a8fd9c7da61595fa87"}));
}

TEST(SigV4, FillsThePlacesThatAreKeptForIt) {
  Request request{.headers = {{"X-AMZ-DATE", ""}, {"Host", "h"}, {"authorization", "old"}, {"Authorization", "older"}},
                  .body = {}};
  Signer({"AK", "s", "TOKEN"}, "us-east-1", "glue").sign(request, now);
  ASSERT_EQ(request.headers.size(), 4U);
  EXPECT_EQ(request.headers[0], (Header{"X-AMZ-DATE", "20150830T123600Z"}));
  EXPECT_EQ(request.headers[2].name, "authorization");
  EXPECT_TRUE(request.headers[2].value.starts_with("AWS4-HMAC-SHA256 "));
  EXPECT_EQ(request.headers[3], (Header{"X-Amz-Security-Token", "TOKEN"}));
}

TEST(SigV4, TakesAwayPlacesThatAreNotFilled) {
  Request request{.headers = {{"X-Amz-Date", ""}, {"x-amz-security-token", ""}, {"authorization", ""}, {"Host", "h"}},
                  .body = {}};
  remove_signature_places(request);
  EXPECT_EQ(request.headers, (std::vector<Header>{{"Host", "h"}}));
}

TEST(SigV4, ChangesTheKeyWithTheDay) {
  const Signer signer({"AKIDEXAMPLE", secret, ""}, "us-east-1", "glue");
  Request kept = delete_session();
  signer.sign(kept, now - std::chrono::hours(24));
  signer.sign(kept, now);
  Request fresh = delete_session();
  Signer({"AKIDEXAMPLE", secret, ""}, "us-east-1", "glue").sign(fresh, now);
  EXPECT_EQ(header(kept, "Authorization"), header(fresh, "Authorization"));
}

// From AWS's test suite: get-header-value-trim, post-header-key-sort, get-header-key-duplicate in kind.
TEST(SigV4, CanonicalisesHeaders) {
  const Request request{.headers = {{"x-amz-b", "  a   b  "},
                                    {"Host", "h"},
                                    {"X-Amz-A", "2"},
                                    {"x-amz-a", " 1"},
                                    {"User-Agent", "not signed"}},
                        .body = {}};
  EXPECT_EQ(signed_headers(request), "host;x-amz-a;x-amz-b");
  EXPECT_NE(canonical_request(request).find("\nhost:h\nx-amz-a:2,1\nx-amz-b:a b\n\n"), std::string::npos);
}

TEST(SigV4, CanonicalisesTheTarget) {
  const auto start = [](const char* target) {
    const std::string all =
        canonical_request(Request{.method = "GET", .target = target, .headers = {{"Host", "h"}}, .body = {}});
    return all.substr(4, all.find("\nhost:") - 4);
  };
  EXPECT_EQ(start("/"), "/\n");
  EXPECT_EQ(start("/a%20b"), "/a%2520b\n");
  EXPECT_EQ(start("//a/./b/../c/"), "/a/c/\n");
  EXPECT_EQ(start("/a/."), "/a\n");
  EXPECT_EQ(start("/a/b/.."), "/a\n");
  EXPECT_EQ(start("/a/.."), "/\n");
  EXPECT_EQ(start("/?b=2&a=%7e&a=1&c"), "/\na=1&a=~&b=2&c=");
  EXPECT_EQ(start("/?a=b%2Fc"), "/\na=b%2Fc");
  EXPECT_EQ(start("http://h:1/a?b=c"), "/a\nb=c");
  EXPECT_EQ(start("https://h"), "/\n");
}

TEST(SigV4, SignsWithWhatItIsGivenAsASignerDoes) {
  Request by_signer = delete_session(), by_hand = delete_session();
  Signer({"AKIDEXAMPLE", secret, "TOKEN"}, "us-east-1", "glue").sign(by_signer, now);
  sign(by_hand, {{"AKIDEXAMPLE", secret, "TOKEN"}, "us-east-1", "glue", now});
  EXPECT_EQ(by_hand.headers, by_signer.headers);
  sign(by_hand, {{"AKIDEXAMPLE", secret, "TOKEN"}, "us-east-1", "kinesis", now});
  EXPECT_NE(by_hand.headers, by_signer.headers);
}

TEST(SigV4, LeavesOutOfTheSignatureWhatItIsToldTo) {
  Request request = delete_session();
  sign(request, {{"AKIDEXAMPLE", secret, ""}, "us-east-1", "glue", now, {"host", "x-amz-target"}});
  EXPECT_NE(header(request, "Authorization").find("SignedHeaders=content-type;x-amz-date, "), std::string::npos);
}

TEST(SigV4, SignsWithNewCredentialsAsSoonAsThereAreSome) {
  Credentials current{"FIRST", "first", ""};
  const Signer signer([&current]() -> const Credentials& { return current; }, "us-east-1", "glue");
  const Signer copy = signer;
  Request request = delete_session();
  signer.sign(request, now);
  current = {"SECOND", "second", ""};
  Request expected = delete_session();
  Signer(current, "us-east-1", "glue").sign(expected, now);
  for (const Signer& each : {signer, copy}) {
    each.sign(request, now);
    EXPECT_EQ(header(request, "Authorization"), header(expected, "Authorization"));
  }
  EXPECT_EQ(signer.signing().credentials.access_key, "SECOND");
}

TEST(SigV4, SignsByTheCorrectedClock) {
  const Signer signer({"AK", "s", ""}, "us-east-1", "glue");
  const Signer copy = signer;
  signer.correct_clock(std::chrono::hours(48));
  EXPECT_EQ(copy.clock_correction(), std::chrono::hours(48));
  EXPECT_GT(copy.now(), std::chrono::system_clock::now() + std::chrono::hours(47));
  Request request = delete_session(), today = delete_session();
  copy.sign(request);
  sign(today, {{"AK", "s", ""}, "us-east-1", "glue", std::chrono::system_clock::now()});
  EXPECT_NE(header(request, "X-Amz-Date").substr(0, 8), header(today, "X-Amz-Date").substr(0, 8));
}

TEST(ClockSkew, IsReadFromADateThatIsFarAway) {
  const auto skew = [](const char* date) {
    Response answer;
    answer.headers = {{"date", date}};
    return clock_skew(answer, now);
  };
  EXPECT_EQ(skew("Sun, 30 Aug 2015 13:36:00 GMT"), std::chrono::hours(1));
  EXPECT_EQ(skew("Sun, 30 Aug 2015 12:26:00 GMT"), std::chrono::minutes(-10));
  EXPECT_EQ(skew("Sun, 30 Aug 2015 12:38:00 GMT"), std::nullopt) << "near enough";
  for (const char* no_date : {"", "soon", "Sun, 30 Aug 2015", "Sun, 30 Aug 2015 13:36:00 GMT and more"})
    EXPECT_EQ(skew(no_date), std::nullopt) << no_date;
  for (const char* nobodys : {"Fri, 31 Dec 9999 23:59:59 GMT", "Thu, 01 Jan 1970 00:00:00 GMT"})
    EXPECT_EQ(skew(nobodys), std::nullopt) << nobodys;
  EXPECT_EQ(clock_skew({}, now), std::nullopt);
}

}  // namespace
}  // namespace conformance::wire::sigv4_test
