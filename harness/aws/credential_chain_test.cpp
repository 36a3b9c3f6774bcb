#include "harness/aws/credential_chain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "fixtures/scripted/tls_identity.h"
#include "fixtures/testing/aws_server.h"
#include "fixtures/testing/aws_setup.h"
#include "fixtures/testing/harmless.h"

namespace conformance::aws::credential_chain_test {
namespace {

using std::chrono::milliseconds;
using std::chrono::system_clock;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing_support::assumed_role;
using testing_support::AwsServer;
using testing_support::AwsSetup;
using testing_support::http_answer;
using testing_support::key_document;
using testing_support::sts_error;

const TimePoint now = system_clock::from_time_t(1440938160);  // 2015-08-30T12:36:00Z

// Keys as a file has them, of which the secret is never to be seen.
std::string keys(const std::string& access_key) {
  return "aws_access_key_id = " + access_key + "\naws_secret_access_key = hidden-secret\n";
}

std::string process(const std::string& access_key) {
  return "credential_process = printf '{\"Version\":1,\"AccessKeyId\":\"" + access_key +
         "\",\"SecretAccessKey\":\"hidden-secret\"}'\n";
}

ChainOptions options(const std::string& profile = "") {
  return {.profile = profile, .region = "", .client = {}, .now = [] { return now; }};
}

std::string found(const AwsSetup& setup, const ChainOptions& how = options()) {
  const auto credentials = find_credentials(setup.env(), how);
  if (!credentials) return "none";
  EXPECT_NE(credentials->source, "");
  EXPECT_THAT(credentials->source, Not(HasSubstr("hidden")));
  return credentials->keys.access_key;
}

std::string refusal(const AwsSetup& setup, CredentialError::Because because = CredentialError::Because::setup,
                    const ChainOptions& how = options()) {
  try {
    return "found " + found(setup, how);
  } catch (const CredentialError& error) {
    EXPECT_EQ(error.because(), because) << error.what();
    EXPECT_EQ(testing_support::fault_of_console(error.what()), "");
    EXPECT_THAT(error.what(), Not(HasSubstr("hidden")));
    return error.what();
  }
}

constexpr auto source_failed = CredentialError::Because::source;

// STS, a container's and an instance's service in one: each gives keys of its own name.
std::string all_services(const std::string& head, const std::string& body) {
  if (head.starts_with("PUT /latest/api/token")) return http_answer(200, "t");
  if (head.starts_with("GET /latest/meta-data/iam/security-credentials/ ")) return http_answer(200, "r");
  if (head.starts_with("GET /latest/")) return http_answer(200, key_document("INSTANCE"));
  if (head.starts_with("GET /container")) return http_answer(200, key_document("CONTAINER"));
  if (body.find("Action=AssumeRoleWithWebIdentity&") != std::string::npos)
    return http_answer(200, assumed_role("WEB", "AssumeRoleWithWebIdentity"));
  // The name of the role is that of its key; who assumed it is part of it.
  const std::size_t role = body.find("role%2F"), user = head.find("Credential=");
  if (role == std::string::npos || user == std::string::npos) return http_answer(400, sts_error("Bad", "no role"));
  const std::string name = body.substr(role + 7, body.find('&', role) - role - 7);
  const std::string by = head.substr(user + 11, head.find('/', user) - user - 11);
  return http_answer(200, assumed_role(name + "-by-" + by));
}

class CredentialChain : public testing::Test {
 protected:
  CredentialChain() { setup_.set("AWS_ENDPOINT_URL_STS", server_.url()); }

  AwsSetup setup_;
  AwsServer server_{all_services};
};

TEST_F(CredentialChain, FindsNothingWhereNothingIsSetUp) {
  std::vector<std::string> looked_at;
  ChainOptions how = options();
  how.passed_over = [&](const std::string& source, const std::string& why_not) {
    looked_at.push_back(source + ": " + why_not);
  };
  EXPECT_EQ(found(setup_, how), "none");
  EXPECT_THAT(looked_at,
              testing::ElementsAre(HasSubstr("the environment"), HasSubstr("a role"), HasSubstr("a web identity"),
                                   HasSubstr("credentials: there is no profile 'default' in it"),
                                   HasSubstr("a credential_process"), HasSubstr("config: there is no profile"),
                                   HasSubstr("the container: neither"),
                                   HasSubstr("the EC2 instance: AWS_EC2_METADATA_DISABLED is true")));
  EXPECT_THAT(server_.requests(), IsEmpty());
}

TEST_F(CredentialChain, LooksWhereAwsToolsLookInTheirOrder) {
  EXPECT_EQ(found(setup_), "none");
  setup_.unset("AWS_EC2_METADATA_DISABLED");
  setup_.set("AWS_EC2_METADATA_SERVICE_ENDPOINT", server_.url());
  EXPECT_EQ(found(setup_), "INSTANCE");
  setup_.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", server_.url() + "/container");
  EXPECT_EQ(found(setup_), "CONTAINER");
  std::string config = "[default]\n" + keys("CONFIG");
  setup_.config(config);
  EXPECT_EQ(found(setup_), "CONFIG");
  config += process("PROCESS");
  setup_.config(config);
  EXPECT_EQ(found(setup_), "PROCESS");
  setup_.config(config + "login_session = x\n");
  EXPECT_THAT(refusal(setup_), HasSubstr("aws login"));
  setup_.credentials("[default]\n" + keys("FILE"));
  EXPECT_EQ(found(setup_), "FILE");
  setup_.config(config + "sso_account_id = 1\n");
  EXPECT_THAT(refusal(setup_), HasSubstr("aws sso login"));
  setup_.write("token", "e30\n");
  setup_.config(config + "sso_account_id = 1\nweb_identity_token_file = " + setup_.file("token") +
                "\nrole_arn = arn:aws:iam::1:role/WEB\n");
  EXPECT_EQ(found(setup_), "WEB");
  setup_.config(config + "role_arn = arn:aws:iam::1:role/ROLE\nsource_profile = other\n[profile other]\n" +
                keys("OTHER"));
  setup_.set("AWS_WEB_IDENTITY_TOKEN_FILE", setup_.file("token"));
  EXPECT_EQ(found(setup_), "ROLE-by-OTHER");
  setup_.set("AWS_ACCESS_KEY_ID", "ENVIRONMENT");
  setup_.set("AWS_SECRET_ACCESS_KEY", "hidden");
  EXPECT_EQ(found(setup_), "ENVIRONMENT");
}

TEST_F(CredentialChain, TakesTheProfileOfAnOptionBeforeTheEnvironment) {
  setup_.set("AWS_ACCESS_KEY_ID", "ENVIRONMENT");
  setup_.set("AWS_SECRET_ACCESS_KEY", "hidden");
  setup_.set("AWS_WEB_IDENTITY_TOKEN_FILE", "/does/not/exist");
  setup_.config("[profile p]\n" + keys("P") + "[profile q]\n" + keys("Q"));
  setup_.set("AWS_PROFILE", "q");
  EXPECT_EQ(found(setup_), "ENVIRONMENT");
  EXPECT_EQ(found(setup_, options("p")), "P");
}

TEST_F(CredentialChain, TakesTheProfileOfTheEnvironment) {
  setup_.config("[default]\n" + keys("D") + "[profile q]\n" + keys("Q"));
  EXPECT_EQ(found(setup_), "D");
  setup_.set("AWS_PROFILE", "q");
  EXPECT_EQ(found(setup_), "Q");
  setup_.set("AWS_PROFILE", "none");
  EXPECT_THAT(refusal(setup_), HasSubstr("the profile 'none' of AWS_PROFILE"));
}

TEST_F(CredentialChain, DoesNotGoOnPastWhatIsBroken) {
  setup_.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", server_.url() + "/container");
  setup_.config("[default]\nrubbish\n");
  EXPECT_THAT(refusal(setup_), HasSubstr("config line 2"));
  setup_.config("[default]\naws_access_key_id = hidden\n");
  EXPECT_THAT(refusal(setup_), HasSubstr("there is an aws_access_key_id and no aws_secret_access_key"));
  setup_.config("[default]\naws_secret_access_key = hidden\n");
  EXPECT_THAT(refusal(setup_), HasSubstr("no aws_access_key_id"));
  setup_.config("[default]\naws_access_key_id = hidden\n two lines\naws_secret_access_key = hidden\n");
  EXPECT_THAT(refusal(setup_), HasSubstr("cannot stand there"));
}

TEST_F(CredentialChain, TakesTheTokenUnderBothItsNames) {
  setup_.credentials("[default]\n" + keys("A") + "aws_security_token = old\n");
  EXPECT_EQ(find_credentials(setup_.env(), options())->keys.session_token, "old");
  setup_.credentials("[default]\n" + keys("A") + "aws_security_token = old\naws_session_token = new\n");
  EXPECT_EQ(find_credentials(setup_.env(), options())->keys.session_token, "new");
  setup_.set("AWS_ACCESS_KEY_ID", "E");
  setup_.set("AWS_SECRET_ACCESS_KEY", "hidden");
  setup_.set("AWS_SECURITY_TOKEN", "old");
  EXPECT_EQ(find_credentials(setup_.env(), options())->keys.session_token, "old");
}

TEST_F(CredentialChain, KnowsWhenThoseOfTheEnvironmentEnd) {
  setup_.set("AWS_ACCESS_KEY_ID", "E");
  setup_.set("AWS_SECRET_ACCESS_KEY", "hidden");
  EXPECT_EQ(find_credentials(setup_.env(), options())->expires, std::nullopt);
  setup_.set("AWS_CREDENTIAL_EXPIRATION", "2015-08-30T13:36:00Z");
  EXPECT_EQ(find_credentials(setup_.env(), options())->expires, now + std::chrono::hours(1));
  setup_.set("AWS_CREDENTIAL_EXPIRATION", "2015-08-30T12:36:00Z");
  EXPECT_THAT(refusal(setup_), HasSubstr("these credentials ended at 2015"));
  setup_.set("AWS_CREDENTIAL_EXPIRATION", "soon");
  EXPECT_THAT(refusal(setup_), HasSubstr("AWS_CREDENTIAL_EXPIRATION is no date"));
}

TEST_F(CredentialChain, RefusesHalfAPairOfTheEnvironment) {
  setup_.set("AWS_ACCESS_KEY_ID", "hidden");
  EXPECT_THAT(refusal(setup_), HasSubstr("AWS_SECRET_ACCESS_KEY is not"));
}

TEST_F(CredentialChain, AssumesARoleAsTheProfileSays) {
  setup_.config(
      "[profile p]\nrole_arn = arn:aws:iam::1:role/R\nsource_profile = q\nexternal_id = x\nduration_seconds = 900\n"
      "role_session_name = me\nregion = eu-west-3\n[profile q]\n" +
      keys("Q"));
  const auto credentials = find_credentials(setup_.env(), options("p"));
  EXPECT_EQ(credentials->keys.access_key, "R-by-Q");
  EXPECT_EQ(credentials->keys.session_token, "role-token");
  EXPECT_TRUE(credentials->expires);
  EXPECT_THAT(credentials->source, HasSubstr("the role arn:aws:iam::1:role/R of the profile 'p', assumed with the "
                                             "profile 'q' in"));
  EXPECT_THAT(server_.requests().front(), AllOf(HasSubstr("ExternalId=x"), HasSubstr("DurationSeconds=900"),
                                                HasSubstr("RoleSessionName=me"), HasSubstr("/eu-west-3/sts/")));
}

TEST_F(CredentialChain, AssumesARoleByAName) {
  setup_.config("[default]\nrole_arn = arn:aws:iam::1:role/R\nsource_profile = default\n" + keys("D"));
  EXPECT_EQ(found(setup_), "R-by-D") << "a profile's own keys may assume its role";
  EXPECT_THAT(server_.requests().front(),
              AllOf(HasSubstr("RoleSessionName=glue-conformance-1440938160"), HasSubstr("/us-east-1/sts/")));
}

TEST_F(CredentialChain, AssumesRolesInAChain) {
  setup_.config(
      "[profile a]\nrole_arn = arn:aws:iam::1:role/A\nsource_profile = b\n"
      "[profile b]\nrole_arn = arn:aws:iam::1:role/B\nsource_profile = c\n"
      "[profile c]\nrole_arn = arn:aws:iam::1:role/C\nsource_profile = d\n[profile d]\n" +
      process("D"));
  EXPECT_EQ(found(setup_, options("a")), "A-by-B-by-C-by-D");
  EXPECT_THAT(server_.requests(), SizeIs(3));
}

TEST_F(CredentialChain, TakesTheKeysOfASourceProfileBeforeItsRole) {
  setup_.config(
      "[profile a]\nrole_arn = arn:aws:iam::1:role/A\nsource_profile = b\n"
      "[profile b]\nrole_arn = arn:aws:iam::1:role/B\nsource_profile = a\n" +
      keys("B"));
  EXPECT_EQ(found(setup_, options("a")), "A-by-B");
}

TEST_F(CredentialChain, AssumesARoleWithAWebIdentityAsItsSource) {
  setup_.write("token", "e30");
  setup_.config(
      "[profile a]\nrole_arn = arn:aws:iam::1:role/A\nsource_profile = b\n"
      "[profile b]\nrole_arn = arn:aws:iam::1:role/B\nweb_identity_token_file = " +
      setup_.file("token") + "\n");
  EXPECT_EQ(found(setup_, options("a")), "A-by-WEB");
}

TEST_F(CredentialChain, AssumesARoleWithANamedSource) {
  const auto with = [&](const std::string& source) {
    setup_.config("[profile p]\nrole_arn = arn:aws:iam::1:role/R\ncredential_source = " + source + "\n");
  };
  with("Environment");
  EXPECT_THAT(refusal(setup_, source_failed, options("p")), HasSubstr("AWS_ACCESS_KEY_ID is not set"));
  setup_.set("AWS_ACCESS_KEY_ID", "E");
  setup_.set("AWS_SECRET_ACCESS_KEY", "hidden");
  EXPECT_EQ(found(setup_, options("p")), "R-by-E");
  with("EcsContainer");
  EXPECT_THAT(refusal(setup_, source_failed, options("p")), HasSubstr("RELATIVE_URI"));
  setup_.set("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/container");
  ChainOptions how = options("p");
  how.container_host = server_.url();
  EXPECT_EQ(found(setup_, how), "R-by-CONTAINER");
  with("Ec2InstanceMetadata");
  EXPECT_THAT(refusal(setup_, source_failed, options("p")), HasSubstr("AWS_EC2_METADATA_DISABLED is true"));
  setup_.unset("AWS_EC2_METADATA_DISABLED");
  setup_.set("AWS_EC2_METADATA_SERVICE_ENDPOINT", server_.url());
  EXPECT_EQ(found(setup_, options("p")), "R-by-INSTANCE");
  with("Elsewhere");
  EXPECT_THAT(refusal(setup_, CredentialError::Because::setup, options("p")), HasSubstr("none of Environment"));
}

TEST_F(CredentialChain, SaysWhatIsWrongWithARole) {
  const auto with = [&](const std::string& rest) {
    setup_.config("[default]\nrole_arn = arn:aws:iam::1:role/R\n" + rest + "[profile production]\n" + keys("P"));
    return refusal(setup_);
  };
  EXPECT_THAT(with(""), HasSubstr("neither source_profile nor credential_source"));
  EXPECT_THAT(with("source_profile = production\ncredential_source = Environment\n"), HasSubstr("leave one out"));
  EXPECT_THAT(with("source_profile = prodution\n"), HasSubstr("did you mean 'production'?"));
  EXPECT_THAT(with("source_profile = default\n"), HasSubstr("leads back to the profile 'default'"));
  EXPECT_THAT(with("source_profile = production\nduration_seconds = 899\n"), HasSubstr("from 900 to 43200"));
  EXPECT_THAT(with("source_profile = production\nduration_seconds = 1h\n"), HasSubstr("from 900 to 43200"));
  EXPECT_THAT(with("source_profile = production\nmfa_serial = arn\n"),
              HasSubstr("eval \"$(aws configure export-credentials --profile default --format env)\""));
  EXPECT_THAT(with("source_profile = a\n[profile a]\nregion = x\n"),
              HasSubstr("'a' of the profile 'default' has no cred"));
  EXPECT_THAT(with("source_profile = a\n[profile a]\nsso_session = x\n"), HasSubstr("aws sso login --profile a"));
  EXPECT_THAT(server_.requests(), IsEmpty());
}

TEST_F(CredentialChain, EndsWhereProfilesLeadBackToThemselves) {
  const auto role = [](const std::string& name, const std::string& source) {
    return "[profile " + name + "]\nrole_arn = arn:aws:iam::1:role/R\nsource_profile = " + source + "\n";
  };
  setup_.config(role("a", "b") + role("b", "c") + role("c", "b"));
  EXPECT_THAT(refusal(setup_, CredentialError::Because::setup, options("a")),
              HasSubstr("leads back to the profile 'b'"));
  setup_.config(role("a", "b") + role("b", "a"));
  EXPECT_THAT(refusal(setup_, CredentialError::Because::setup, options("a")),
              HasSubstr("leads back to the profile 'a'"));
  EXPECT_THAT(server_.requests(), IsEmpty());
}

TEST_F(CredentialChain, TellsWhatStsRefuses) {
  setup_.config("[default]\nrole_arn = arn:aws:iam::1:user/U\nsource_profile = q\n[profile q]\n" + keys("Q"));
  EXPECT_THAT(refusal(setup_, source_failed), AllOf(HasSubstr("arn:aws:iam::1:user/U"), HasSubstr("Bad: no role")));
  setup_.set("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1");
  EXPECT_THAT(refusal(setup_, source_failed), HasSubstr("no answer (connect"));
  setup_.set("AWS_ENDPOINT_URL_STS", "rubbish");
  EXPECT_THAT(refusal(setup_), HasSubstr("AWS_ENDPOINT_URL_STS: bad URL"));
}

TEST_F(CredentialChain, HandsTheTrustedCertificatesThroughToSts) {
  const scripted::TlsIdentity identity;
  const scripted::Server server([&](scripted::Peer& peer) {
    std::string head, body;
    if (peer.start_tls(identity) && peer.read_request(head, body)) peer.send(all_services(head, body));
  });
  setup_.set("AWS_ENDPOINT_URL_STS", "https://localhost:" + server.port());
  setup_.config("[default]\nrole_arn = arn:aws:iam::1:role/R\nsource_profile = q\n[profile q]\n" + keys("Q"));
  EXPECT_THAT(refusal(setup_, source_failed), HasSubstr("no answer (tls"));
  ChainOptions how = options();
  how.client.ca_bundle = identity.path();
  EXPECT_EQ(found(setup_, how), "R-by-Q");
  how.client.ca_bundle = "/does/not/exist";
  EXPECT_THAT(refusal(setup_, CredentialError::Because::setup, how), HasSubstr("CA bundle"));
}

TEST_F(CredentialChain, TakesAWebIdentityOfTheEnvironment) {
  setup_.write("token", "hidden-token\n");
  setup_.set("AWS_WEB_IDENTITY_TOKEN_FILE", setup_.file("token"));
  EXPECT_THAT(refusal(setup_), HasSubstr("neither AWS_ROLE_ARN nor role_arn"));
  setup_.set("AWS_ROLE_ARN", "arn:aws:iam::1:role/W");
  EXPECT_EQ(find_credentials(setup_.env(), options())->keys.access_key, "WEB");
  EXPECT_THAT(server_.requests().front(), AllOf(HasSubstr("WebIdentityToken=hidden-token"),
                                                HasSubstr("RoleSessionName=glue-conformance-1440938160")));
  setup_.set("AWS_ROLE_SESSION_NAME", "me");
  EXPECT_EQ(find_credentials(setup_.env(), options())->keys.access_key, "WEB");
  EXPECT_THAT(server_.requests().back(), HasSubstr("RoleSessionName=me"));
}

TEST_F(CredentialChain, RefusesATokenFileThatIsNone) {
  setup_.set("AWS_WEB_IDENTITY_TOKEN_FILE", setup_.file("token"));
  setup_.set("AWS_ROLE_ARN", "arn:aws:iam::1:role/W");
  EXPECT_THAT(refusal(setup_), HasSubstr("there is no such file"));
  setup_.write("token", "\n");
  EXPECT_THAT(refusal(setup_), HasSubstr("holds no token"));
  setup_.write("token", "hidden\nhidden");
  EXPECT_THAT(refusal(setup_), HasSubstr("holds no token"));
  setup_.write("token", std::string(30000, 'x'));
  EXPECT_THAT(refusal(setup_), HasSubstr("more than 20000 bytes"));
}

TEST_F(CredentialChain, DoesNotShowATokenThatStsSaysBack) {
  const AwsServer server([](const std::string&, const std::string& body) {
    return http_answer(400, sts_error("InvalidIdentityToken", body));
  });
  setup_.set("AWS_ENDPOINT_URL_STS", server.url());
  setup_.write("token", "hidden-token-of-somebody");
  setup_.set("AWS_WEB_IDENTITY_TOKEN_FILE", setup_.file("token"));
  setup_.set("AWS_ROLE_ARN", "arn:aws:iam::1:role/W");
  EXPECT_THAT(refusal(setup_, source_failed), HasSubstr("InvalidIdentityToken"));
}

TEST_F(CredentialChain, SaysHowProfilesOfSsoCanBeUsed) {
  for (const std::string setting : {"sso_session = s", "sso_start_url = https://x", "sso_account_id = 1"}) {
    setup_.config("[profile \"my one\"]\n" + setting + "\n");
    EXPECT_THAT(refusal(setup_, CredentialError::Because::setup, options("my one")),
                AllOf(HasSubstr("\ncredential_process = aws configure export-credentials --profile "),
                      HasSubstr(" --format process\n"), HasSubstr("aws sso login")))
        << setting;
  }
  setup_.config("[default]\nsso_session = s\n" + keys("D"));
  EXPECT_EQ(found(setup_), "D") << "an sso_session alone is no source, as with AWS's tools";
}

TEST_F(CredentialChain, RunsACredentialProcess) {
  setup_.config(
      "[default]\ncredential_process = echo noise >&2; printf '{\"Version\":1,\"AccessKeyId\":\"%s\",'"
      "'\"SecretAccessKey\":\"s\",\"SessionToken\":\"t\",\"Expiration\":\"2015-08-30T13:36:00Z\"}' P\n");
  const auto credentials = find_credentials(setup_.env(), options());
  EXPECT_EQ(credentials->keys.access_key, "P");
  EXPECT_EQ(credentials->keys.session_token, "t");
  EXPECT_EQ(credentials->expires, now + std::chrono::hours(1));
  EXPECT_EQ(credentials->source, "credential_process of the profile 'default'");
}

TEST_F(CredentialChain, SaysWhyACredentialProcessGaveNone) {
  const auto with = [&](const std::string& command, milliseconds deadline = std::chrono::minutes(1)) {
    setup_.config("[default]\ncredential_process = " + command + "\n");
    ChainOptions how = options();
    how.process_deadline = deadline;
    return refusal(setup_, source_failed, how);
  };
  EXPECT_THAT(with("echo 'sign in first' >&2; exit 7"),
              HasSubstr("it ended with status 7, and it said 14 bytes on its standard error"));
  EXPECT_THAT(with("printf 'hidden' >&2; exit 7"), Not(HasSubstr("hidden")));
  EXPECT_THAT(with("exec sleep 600", milliseconds(200)), HasSubstr("did not end in 0.2 s"));
  EXPECT_THAT(with("yes hidden | head -c 70000"), HasSubstr("printed more than 65536 bytes"));
  EXPECT_THAT(with("echo hidden"), HasSubstr("what it printed is no JSON object"));
  EXPECT_THAT(with("true"), HasSubstr("what it printed is no JSON object"));
  EXPECT_THAT(with("printf '{\"AccessKeyId\":\"hidden\"}'"), HasSubstr("has no \"Version\": 1"));
  EXPECT_THAT(with("printf '{\"Version\":1,\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"hidden\",\"Expiration\":"
                   "\"2001-01-01T00:00:00Z\"}'"),
              HasSubstr("ended at 2001"));
  EXPECT_THAT(with("cat"), HasSubstr("is no JSON object")) << "there is nothing to read";
}

}  // namespace
}  // namespace conformance::aws::credential_chain_test
