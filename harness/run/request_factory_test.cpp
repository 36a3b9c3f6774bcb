#include "harness/run/request_factory.h"

#include <gtest/gtest.h>

#include <chrono>
#include <ctime>
#include <iomanip>
#include <sstream>
#include <string>

namespace conformance::request_factory_test {
namespace {

using std::chrono::system_clock;

constexpr std::string_view content_type = "application/x-amz-json-1.1";
constexpr std::string_view body = R"({"Id":"a"})";

RequestFactory factory(const char* url, std::optional<wire::Signer> signer = {}) {
  return {wire::parse_url(url), std::string(content_type), std::move(signer)};
}

wire::Signer signer(const std::string& token = "") { return {{"AKID", "secret", token}, "eu-west-1", "glue"}; }

std::string value_of(const std::string& message, const std::string& name) {
  const std::string start = "\r\n" + name + ": ";
  const std::size_t at = message.find(start);
  if (at == std::string::npos) return "(no " + name + ")";
  const std::size_t from = at + start.size();
  return message.substr(from, message.find("\r\n", from) - from);
}

// 20150830T123600Z; the epoch if it is no such text.
system_clock::time_point time_of(const std::string& timestamp) {
  std::tm parts{};
  std::istringstream stream(timestamp);
  stream >> std::get_time(&parts, "%Y%m%dT%H%M%SZ");
  return stream ? system_clock::from_time_t(timegm(&parts)) : system_clock::time_point();
}

TEST(RequestFactory, WritesAnUnsignedRequestToTheByte) {
  EXPECT_EQ(factory("http://127.0.0.1:5000").bytes("AWSGlue.DeleteSession", std::string(body)),
            "POST / HTTP/1.1\r\n"
            "Host: 127.0.0.1:5000\r\n"
            "X-Amz-Target: AWSGlue.DeleteSession\r\n"
            "Content-Type: application/x-amz-json-1.1\r\n"
            "Accept-Encoding: identity\r\n"
            "User-Agent: glue-conformance\r\n"
            "Content-Length: 10\r\n"
            "\r\n"
            R"({"Id":"a"})");
}

TEST(RequestFactory, WritesASignedRequestToTheByte) {
  const std::string bytes =
      factory("http://127.0.0.1:5000", signer()).bytes("AWSGlue.DeleteSession", std::string(body));
  const std::string date = value_of(bytes, "X-Amz-Date");
  const std::string authorization = value_of(bytes, "Authorization");
  EXPECT_EQ(bytes,
            "POST / HTTP/1.1\r\n"
            "Host: 127.0.0.1:5000\r\n"
            "X-Amz-Target: AWSGlue.DeleteSession\r\n"
            "Content-Type: application/x-amz-json-1.1\r\n"
            "Accept-Encoding: identity\r\n"
            "User-Agent: glue-conformance\r\n"
            "X-Amz-Date: " +
                date +
                "\r\n"
                "Authorization: " +
                authorization +
                "\r\n"
                "Content-Length: 10\r\n"
                "\r\n"
                R"({"Id":"a"})");
  EXPECT_TRUE(authorization.starts_with("AWS4-HMAC-SHA256 Credential=AKID/" + date.substr(0, 8) +
                                        "/eu-west-1/glue/aws4_request, "
                                        "SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature="))
      << authorization;
}

// The signature is that of the request as it goes out, at the time that it carries.
TEST(RequestFactory, SignsWhatItSends) {
  for (const char* token : {"", "TOKEN=="}) {
    const RequestFactory made = factory("https://h/base", signer(token));
    const std::string bytes = made.bytes("AWSGlue.GetSession", "{}");
    wire::Request again = made.request("AWSGlue.GetSession", "{}");
    signer(token).sign(again, time_of(value_of(bytes, "X-Amz-Date")));
    EXPECT_EQ(bytes, wire::serialise(again));
    EXPECT_EQ(bytes.find("\r\nX-Amz-Security-Token: TOKEN==\r\n") != std::string::npos, *token != '\0');
  }
}

// A service refuses a signature of another day: the date is the clock's, to the second, and no constant.
TEST(RequestFactory, SignsAsOfNow) {
  using std::chrono::floor;
  using std::chrono::seconds;
  const RequestFactory made = factory("http://h", signer());
  const auto before = floor<seconds>(system_clock::now());
  const auto signed_at = time_of(value_of(made.bytes("T", "{}"), "X-Amz-Date"));
  EXPECT_LE(before, signed_at);
  EXPECT_LE(signed_at, system_clock::now());
}

TEST(RequestFactory, AsksForTheEndpointsPathAndHost) {
  const wire::Request request = factory("https://[::1]:4566/base/path").request("T", "{}");
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "/base/path");
  EXPECT_EQ(wire::find_header(request.headers, "Host")->value, "[::1]:4566");
  EXPECT_EQ(factory("http://h:80").request("T", "{}").headers.front(), (wire::Header{"Host", "h"}));
}

TEST(RequestFactory, LeavesLengthAndSignatureToTheBytes) {
  const wire::Request request = factory("http://h", signer()).request("T", "{}");
  EXPECT_EQ(wire::find_header(request.headers, "Content-Length"), nullptr);
  EXPECT_EQ(wire::find_header(request.headers, "Authorization"), nullptr);
  EXPECT_EQ(wire::find_header(request.headers, "X-Amz-Date"), nullptr);
}

TEST(RequestFactory, SignsTheRequestAsItsCaseEditsIt) {
  Case c;
  c.body = body;
  c.edit = [](wire::Request& request) {
    request.target = request.scheme + "://h/other?a=b";
    request.headers = {{"host", "h"}, {"authorization", ""}, {"x-amz-date", ""}, {"X-Last", "1"}};
  };
  const std::string bytes = factory("https://h/base", signer()).outgoing("T", c).bytes;
  EXPECT_TRUE(bytes.starts_with("POST https://h/other?a=b HTTP/1.1\r\nhost: h\r\nauthorization: AWS4-HMAC-SHA256 "))
      << bytes;
  EXPECT_NE(bytes.find("\r\nX-Last: 1\r\nContent-Length: 10\r\n\r\n"), std::string::npos) << bytes;
  EXPECT_EQ(factory("http://h").outgoing("T", c).bytes,
            "POST http://h/other?a=b HTTP/1.1\r\nhost: h\r\nX-Last: 1\r\nContent-Length: 10\r\n\r\n" + c.body);
}

TEST(RequestFactory, ChangesNoByteOfTheBody) {
  std::string every;
  for (int i = 0; i < 256; ++i) every += static_cast<char>(i);
  const std::string bytes = factory("http://h", signer()).bytes("T", every);
  EXPECT_EQ(bytes.substr(bytes.find("\r\n\r\n") + 4), every);
  EXPECT_EQ(value_of(bytes, "Content-Length"), "256");
  EXPECT_EQ(value_of(factory("http://h").bytes("T", ""), "Content-Length"), "0");
}

TEST(RequestFactory, WritesOneAfterTheOtherTheSameBytes) {
  for (const std::string text : {"", "{}", "0", R"({"Id":"abcdefghijk"})"}) {
    const RequestFactory plain = factory("http://127.0.0.1:5000/base");
    std::string written = "before";
    plain.writer("AWSGlue.DeleteSession")(written, text);
    EXPECT_EQ(written, "before" + plain.bytes("AWSGlue.DeleteSession", text));
  }
  const RequestFactory signing = factory("http://127.0.0.1:5000", signer());
  std::string written;
  signing.writer("AWSGlue.DeleteSession")(written, "{}");
  EXPECT_NE(written.find("\r\nAuthorization: AWS4-HMAC-SHA256 Credential=AKID/"), std::string::npos);
}

TEST(RequestFactory, SignsWhatTheSdkForJavaScriptSigns) {
  const RequestFactory made(wire::parse_url("http://h"), std::string(content_type), signer(), HeaderSet::javascript);
  const std::string bytes = made.bytes("T", std::string(body));
  EXPECT_NE(value_of(bytes, "Authorization")
                .find("SignedHeaders=amz-sdk-invocation-id;amz-sdk-request;content-length;content-type;host;"
                      "x-amz-content-sha256;x-amz-date;x-amz-target;x-amz-user-agent, "),
            std::string::npos);
  EXPECT_EQ(value_of(bytes, "X-Amz-Content-Sha256"), wire::payload_hash(body));
  EXPECT_EQ(value_of(bytes, "Content-Length"), "10");
}

TEST(RequestFactory, SignsNoLengthThatAConversationMayPutOtherwise) {
  const RequestFactory made(wire::parse_url("http://h"), std::string(content_type), signer(), HeaderSet::javascript);
  Case c;
  c.body = body;
  std::string seen;
  c.speak = [&seen](const std::vector<wire::Message>& messages) {
    seen = messages.back().bytes();
    return wire::Conversation{};
  };
  (void)made.outgoing("T", c);
  EXPECT_NE(value_of(seen, "Authorization").find("SignedHeaders=amz-sdk-invocation-id;amz-sdk-request;content-type;"),
            std::string::npos);
}

TEST(RequestFactory, ForgesWhatIsSignedWithAndWhatIsSentAfterwards) {
  const RequestFactory made = factory("http://h", signer());
  Case c;
  c.body = body;
  c.forgery =
      std::make_shared<const Forgery>(Forgery{.with = [](wire::Signing& signing) { signing.service = "kinesis"; },
                                              .afterwards = [](wire::Request& request) { request.body += " "; }});
  const std::string bytes = made.outgoing("T", c).bytes;
  EXPECT_NE(value_of(bytes, "Authorization").find("/kinesis/aws4_request"), std::string::npos);
  EXPECT_TRUE(bytes.ends_with("\r\n\r\n{\"Id\":\"a\"} "));
  EXPECT_EQ(value_of(bytes, "Content-Length"), "11");
  EXPECT_EQ(value_of(made.bytes("T", c.body), "Authorization").find("kinesis"), std::string::npos)
      << "only what is forged is signed so";
}

}  // namespace
}  // namespace conformance::request_factory_test
