#include "harness/aws/metadata_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>

#include "fixtures/testing/aws_server.h"
#include "fixtures/testing/aws_setup.h"
#include "fixtures/testing/harmless.h"

namespace conformance::aws::metadata_service_test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;
using testing_support::AwsServer;
using testing_support::AwsSetup;
using testing_support::http_answer;
using testing_support::key_document;

using Ask = MetadataAnswer (*)(const Configuration&, const MetadataOptions&);

std::string refusal(const AwsSetup& setup, Ask ask, CredentialError::Because because,
                    const MetadataOptions& options = {}) {
  try {
    const MetadataAnswer answer = ask(load_configuration(setup.env(), ""), options);
    return answer.found ? "found" : "passed over: " + answer.why_not;
  } catch (const CredentialError& error) {
    EXPECT_EQ(error.because(), because) << error.what();
    EXPECT_EQ(testing_support::fault_of_console(error.what()), "");
    EXPECT_THAT(error.what(), AllOf(Not(HasSubstr("hidden")), Not(HasSubstr("document-secret"))));
    return error.what();
  }
}

std::string container_refusal(const AwsSetup& setup,
                              CredentialError::Because because = CredentialError::Because::source) {
  return refusal(setup, ask_container, because);
}

std::string instance_refusal(const AwsSetup& setup) {
  return refusal(setup, ask_instance, CredentialError::Because::source);
}

TEST(Container, IsPassedOverWhereNothingNamesIt) {
  const AwsSetup setup;
  EXPECT_THAT(container_refusal(setup), AllOf(StartsWith("passed over"), HasSubstr("RELATIVE_URI")));
}

TEST(Container, GivesCredentialsAtItsFullUri) {
  const AwsServer server([](const std::string&, const std::string&) { return http_answer(200, key_document("ASIA")); });
  AwsSetup setup;
  setup.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", server.url() + "/keys?of=me");
  setup.set("AWS_CONTAINER_AUTHORIZATION_TOKEN", "Basic x");
  const MetadataAnswer answer = ask_container(load_configuration(setup.env(), ""), {});
  ASSERT_TRUE(answer.found);
  EXPECT_EQ(answer.found->keys.access_key, "ASIA");
  EXPECT_EQ(answer.found->keys.session_token, "document-token");
  EXPECT_TRUE(answer.found->expires);
  EXPECT_THAT(answer.found->source, HasSubstr("AWS_CONTAINER_CREDENTIALS_FULL_URI"));
  EXPECT_THAT(server.requests().front(),
              AllOf(StartsWith("GET /keys?of=me HTTP/1.1\r\n"), HasSubstr("Authorization: Basic x\r\n")));
}

TEST(Container, GivesCredentialsAtItsRelativeUriFirst) {
  const AwsServer server([](const std::string&, const std::string&) { return http_answer(200, key_document("ASIA")); });
  AwsSetup setup;
  setup.set("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/x?a=1");
  setup.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/");
  EXPECT_TRUE(ask_container(load_configuration(setup.env(), ""), {.container_host = server.url()}).found);
  EXPECT_THAT(server.requests().front(),
              AllOf(StartsWith("GET /v2/credentials/x?a=1 HTTP/1.1\r\n"), Not(HasSubstr("Authorization"))));
}

TEST(Container, ReadsItsTokenAnewFromAFile) {
  const AwsServer server([](const std::string&, const std::string&) { return http_answer(200, key_document("ASIA")); });
  AwsSetup setup;
  setup.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", server.url());
  setup.set("AWS_CONTAINER_AUTHORIZATION_TOKEN", "of the variable");
  setup.set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", setup.file("token"));
  setup.write("token", "of-the-file\n");
  EXPECT_TRUE(ask_container(load_configuration(setup.env(), ""), {}).found);
  EXPECT_THAT(server.requests().front(), HasSubstr("Authorization: of-the-file\r\n"));
}

TEST(Container, SendsNoTokenThatWouldBeAHeaderOfItsOwn) {
  AwsSetup setup;
  setup.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/");
  setup.set("AWS_CONTAINER_AUTHORIZATION_TOKEN", "hidden\r\nX: y");
  const auto setup_is_wrong = CredentialError::Because::setup;
  EXPECT_THAT(container_refusal(setup, setup_is_wrong), HasSubstr("control character"));
  setup.set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", setup.file("token"));
  EXPECT_THAT(container_refusal(setup, setup_is_wrong), HasSubstr("no such file"));
  setup.write("token", "hidden\nX: y");
  EXPECT_THAT(container_refusal(setup, setup_is_wrong), HasSubstr("control character"));
  setup.write("token", "\n");
  EXPECT_THAT(container_refusal(setup, setup_is_wrong), HasSubstr("is empty"));
}

TEST(Container, IsAskedWithoutEncryptionOnlyWhereItIsNear) {
  const auto setup_is_wrong = CredentialError::Because::setup;
  for (const char* url :
       {"http://example.org/", "http://169.254.170.3/", "http://127.0.0.1.example.org/", "http://[fd00:ec2::24]/",
        "http://128.0.0.1/", "http://localhost.example.org", "http://0x7f000001/", "http://2130706433/"}) {
    AwsSetup setup;
    setup.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", url);
    EXPECT_THAT(container_refusal(setup, setup_is_wrong), HasSubstr("without https its host must be")) << url;
  }
  // Refused by who is there, or nobody is: but they were asked.
  for (const char* url : {"http://127.1.2.3:1/", "http://localhost:1/x", "http://[::1]:1", "https://127.0.0.1:1/"}) {
    AwsSetup setup;
    setup.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", url);
    EXPECT_THAT(container_refusal(setup), HasSubstr("no answer from")) << url;
  }
}

TEST(Container, HasAUriThatIsOne) {
  const auto setup_is_wrong = CredentialError::Because::setup;
  for (const char* uri : {"x", "http://127.0.0.1/", " /x"}) {
    AwsSetup setup;
    setup.set("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", uri);
    EXPECT_THAT(container_refusal(setup, setup_is_wrong), HasSubstr("does not begin with '/'")) << uri;
  }
  for (const char* uri : {"ftp://127.0.0.1/", "127.0.0.1", "http://127.0.0.1/?a b", "http://127.0.0.1/?a#b",
                          "http://127.0.0.1/?a\r\nX: y", "http://u:hidden@127.0.0.1/"}) {
    AwsSetup setup;
    setup.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", uri);
    EXPECT_THAT(container_refusal(setup, setup_is_wrong), HasSubstr("bad URL")) << uri;
  }
}

TEST(Container, ThatFailsIsAnError) {
  const auto said = [](const std::string& answer) {
    const AwsServer server([&](const std::string&, const std::string&) { return answer; });
    AwsSetup setup;
    setup.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", server.url());
    setup.set("AWS_CONTAINER_AUTHORIZATION_TOKEN", "the-hidden-of-a-container");
    return container_refusal(setup);
  };
  EXPECT_THAT(said(http_answer(403, R"({"code":"Denied","message":"no \u001b[31m the-hidden-of-a-container"})")),
              AllOf(HasSubstr("status 403: Denied: (left out")));
  EXPECT_THAT(said(http_answer(400, R"({"SecretAccessKey":"hidden"})")), HasSubstr("answered with status 400"));
  EXPECT_THAT(said(http_answer(500, "hidden")), HasSubstr("answered with status 500"));
  EXPECT_THAT(said(http_answer(200, "hidden")), HasSubstr("is no JSON object"));
  EXPECT_THAT(said(http_answer(200, R"({"AccessKeyId":"a","SecretAccessKey":7,"Token":"t"})")), HasSubstr("no string"));
  EXPECT_THAT(said(http_answer(200, key_document("a", "2001-01-01T00:00:00Z"))), HasSubstr("ended at 2001"));
  EXPECT_THAT(said(http_answer(200, key_document("a\\r\\nX: y"))), HasSubstr("cannot be used"));
  EXPECT_THAT(said("HTTP/1.1 200 -\r\nContent-Length: 100000000\r\n\r\n" + std::string(2U << 20, 'x')),
              HasSubstr("too_large"));
  EXPECT_THAT(said("hidden\r\n\r\n"), HasSubstr("malformed"));
}

TEST(Container, IsAskedAgainWhileItCannot) {
  std::atomic<int> asked{0};
  const AwsServer server([&](const std::string&, const std::string&) {
    return ++asked < 3 ? http_answer(500, "") : http_answer(200, key_document("ASIA"));
  });
  AwsSetup setup;
  setup.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", server.url());
  EXPECT_TRUE(ask_container(load_configuration(setup.env(), ""), {}).found);
}

// What an instance's service answers, each part of which a test may spoil.
struct InstanceAnswers {
  std::string token = http_answer(200, "the-instance-token"), role = http_answer(200, "a-role\n"),
              keys = http_answer(200, key_document("ASIA"));

  std::string operator()(const std::string& head, const std::string&) const {
    if (head.starts_with("PUT /latest/api/token HTTP")) return token;
    if (head.find("X-aws-ec2-metadata-token: the-instance-token\r\n") == std::string::npos) return http_answer(401, "");
    if (head.starts_with("GET /latest/meta-data/iam/security-credentials/ HTTP")) return role;
    if (head.starts_with("GET /latest/meta-data/iam/security-credentials/a-role HTTP")) return keys;
    return http_answer(404, "");
  }
};

AwsSetup& at(AwsSetup& setup, const AwsServer& server) {
  setup.unset("AWS_EC2_METADATA_DISABLED");
  setup.set("AWS_EC2_METADATA_SERVICE_ENDPOINT", server.url());
  setup.set("AWS_METADATA_SERVICE_TIMEOUT", "30");  // whatever else the machine has to do
  return setup;
}

std::string said(const InstanceAnswers& answers) {
  const AwsServer server(answers);
  AwsSetup setup;
  at(setup, server);
  // What is not answered is not worth waiting for.
  if (answers.token.empty() || answers.keys.empty()) setup.unset("AWS_METADATA_SERVICE_TIMEOUT");
  return instance_refusal(setup);
}

TEST(Instance, GivesTheCredentialsOfItsRoleByTheSecondVersion) {
  const AwsServer server{InstanceAnswers{}};
  AwsSetup setup;
  const MetadataAnswer answer = ask_instance(load_configuration(at(setup, server).env(), ""), {});
  ASSERT_TRUE(answer.found);
  EXPECT_EQ(answer.found->keys.access_key, "ASIA");
  EXPECT_EQ(answer.found->keys.session_token, "document-token");
  EXPECT_THAT(answer.found->source, HasSubstr("the EC2 instance's role 'a-role'"));
  ASSERT_THAT(server.requests(), SizeIs(3));
  EXPECT_THAT(server.requests().front(), HasSubstr("X-aws-ec2-metadata-token-ttl-seconds: 21600\r\n"));
}

TEST(Instance, IsNotAskedWhereThatIsForbidden) {
  const AwsServer server{InstanceAnswers{}};
  AwsSetup setup;
  at(setup, server).set("AWS_EC2_METADATA_DISABLED", "True");
  EXPECT_EQ(instance_refusal(setup), "passed over: AWS_EC2_METADATA_DISABLED is true");
  EXPECT_THAT(server.requests(), IsEmpty());
}

TEST(Instance, IsPassedOverWhereNobodyAnswers) {
  AwsSetup setup;
  setup.unset("AWS_EC2_METADATA_DISABLED");
  setup.config("[default]\nec2_metadata_service_endpoint = http://127.0.0.1:1\n");
  EXPECT_THAT(instance_refusal(setup), HasSubstr("passed over: nobody answers at 127.0.0.1:1"));
  EXPECT_THAT(said({.token = ""}), HasSubstr("passed over: nobody answers")) << "not within its deadline";
}

TEST(Instance, IsPassedOverWhereSomebodyElseAnswers) {
  for (const int status : {400, 403, 404, 405})
    EXPECT_THAT(said({.token = http_answer(status, "<html>")}), HasSubstr("passed over: what answers at")) << status;
}

TEST(Instance, IsNeverAskedByTheFirstVersion) {
  const AwsServer server{InstanceAnswers{.token = http_answer(404, "")}};
  AwsSetup setup;
  (void)ask_instance(load_configuration(at(setup, server).env(), ""), {});
  EXPECT_THAT(server.requests(), SizeIs(1));
}

TEST(Instance, IsPassedOverWithoutARole) {
  EXPECT_EQ(said({.role = http_answer(404, "")}), "passed over: the instance has no role");
  EXPECT_EQ(said({.role = http_answer(200, "")}), "passed over: the instance has no role");
}

TEST(Instance, ThatFailsIsAnError) {
  EXPECT_THAT(said({.token = http_answer(500, "")}), HasSubstr("status 500"));
  EXPECT_THAT(said({.token = http_answer(200, "")}), HasSubstr("the token that it gave is none"));
  EXPECT_THAT(said({.token = http_answer(200, "x\r\nX: y")}), HasSubstr("the token that it gave is none"));
  EXPECT_THAT(said({.token = "rubbish\r\n\r\n"}), HasSubstr("cannot be read"));
  EXPECT_THAT(said({.role = http_answer(500, "")}), HasSubstr("status 500"));
  EXPECT_THAT(said({.role = http_answer(200, "../../user-data")}), HasSubstr("role is none"));
  EXPECT_THAT(said({.role = http_answer(200, "a b")}), HasSubstr("role is none"));
  EXPECT_THAT(said({.role = http_answer(200, "..")}), HasSubstr("role is none"));
  EXPECT_THAT(said({.role = http_answer(200, std::string(65, 'r'))}), HasSubstr("role is none"));
  EXPECT_THAT(said({.keys = http_answer(404, "")}), HasSubstr("status 404"));
  EXPECT_THAT(said({.keys = http_answer(200, R"({"Code":"AssumeRoleUnauthorizedAccess","Message":"not allowed"})")}),
              HasSubstr("it answered with an error: AssumeRoleUnauthorizedAccess: not allowed"));
  EXPECT_THAT(said({.keys = http_answer(200, "{")}), HasSubstr("is no JSON object"));
  EXPECT_THAT(said({.keys = http_answer(200, key_document("a", "2001-01-01T00:00:00Z"))}), HasSubstr("ended at 2001"));
  EXPECT_THAT(said({.keys = ""}), HasSubstr("no answer (timeout"));
}

TEST(Instance, IsAskedAsOftenAsItIsSet) {
  std::atomic<int> asked{0};
  const AwsServer server([&](const std::string& head, const std::string& body) {
    return asked++ == 0 ? std::string() : InstanceAnswers{}(head, body);
  });
  AwsSetup setup;
  at(setup, server).set("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "2");
  setup.set("AWS_METADATA_SERVICE_TIMEOUT", "2");
  EXPECT_EQ(instance_refusal(setup), "found");
}

TEST(Instance, HasSettingsThatAreChecked) {
  const auto refused = [](const std::string& name, const std::string& value) {
    AwsSetup setup;
    setup.unset("AWS_EC2_METADATA_DISABLED");
    setup.set("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:1");
    setup.set(name, value);
    EXPECT_THROW((void)ask_instance(load_configuration(setup.env(), ""), {}), ConfigError) << name << " " << value;
  };
  refused("AWS_EC2_METADATA_SERVICE_ENDPOINT", "127.0.0.1");
  refused("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv5");
  refused("AWS_METADATA_SERVICE_TIMEOUT", "0");
  refused("AWS_METADATA_SERVICE_TIMEOUT", "1.5");
  refused("AWS_METADATA_SERVICE_TIMEOUT", "99999999999999");
  refused("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "many");
}

}  // namespace
}  // namespace conformance::aws::metadata_service_test
