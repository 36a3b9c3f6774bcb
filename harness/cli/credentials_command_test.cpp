// The command as a user meets it: what it says of what is set up, how it ends, and that it keeps secrets.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "fixtures/testing/aws_server.h"
#include "fixtures/testing/aws_setup.h"
#include "fixtures/testing/harmless.h"
#include "harness/cli/commands.h"

namespace conformance::cli::credentials_command_test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing_support::AwsServer;
using testing_support::http_answer;

class CredentialsCommand : public testing::Test {
 protected:
  int credentials(std::vector<std::string> options = {}) {
    options.insert(options.begin(), "credentials");
    std::ostringstream out, err;
    const int status = run_main(options, setup_.env(), out, err);
    out_ = out.str();
    err_ = err.str();
    for (const std::string& text : {out_, err_}) {
      EXPECT_EQ(testing_support::fault_of_console(text), "");
      EXPECT_THAT(text, Not(HasSubstr("hidden")));
    }
    return status;
  }
  void set_keys(const std::string& token = "") {
    setup_.set("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
    setup_.set("AWS_SECRET_ACCESS_KEY", "hidden-secret");
    setup_.set("AWS_SESSION_TOKEN", token);
  }

  testing_support::AwsSetup setup_;
  std::string out_, err_;
};

TEST_F(CredentialsCommand, SaysWhatItFoundAndWhere) {
  set_keys("hidden-token");
  setup_.set("AWS_CREDENTIAL_EXPIRATION", "2100-01-01T00:00:00Z");
  setup_.set("AWS_REGION", "eu-west-1");
  EXPECT_EQ(credentials(), 0) << err_;
  EXPECT_THAT(out_, AllOf(HasSubstr("source         the environment (AWS_ACCESS_KEY_ID)\n"),
                          HasSubstr("access key     AKIDEXAMPLE\n"), HasSubstr("session token  there is one\n"),
                          HasSubstr("end            2100-01-01T00:00:00Z, in "),
                          HasSubstr("region         eu-west-1 (AWS_REGION)\n"),
                          HasSubstr("Glue           https://glue.eu-west-1.amazonaws.com (AWS's own in eu-west-1)\n")));
  EXPECT_EQ(err_, "");
}

TEST_F(CredentialsCommand, ReadsTheProfileThatAnOptionNames) {
  set_keys();
  setup_.config("[profile p]\nregion = eu-west-3\naws_access_key_id = OTHER\naws_secret_access_key = hidden\n");
  EXPECT_EQ(credentials({"--aws-profile", "p"}), 0) << err_;
  EXPECT_THAT(
      out_, AllOf(HasSubstr("access key     OTHER\n"), HasSubstr("session token  none\n"),
                  HasSubstr("end            not known to end\n"), HasSubstr("eu-west-3 (region of the profile 'p')")));
  EXPECT_EQ(credentials({"--aws-profile", "p", "--region", "eu-west-1"}), 0);
  EXPECT_THAT(out_, HasSubstr("region         eu-west-1 (--region)\n"));
}

TEST_F(CredentialsCommand, SaysThatARegionIsMissing) {
  set_keys();
  EXPECT_EQ(credentials(), 0);
  EXPECT_THAT(out_, AllOf(HasSubstr("region         none: set AWS_REGION"), HasSubstr("no endpoint without a region")));
  setup_.set("AWS_ENDPOINT_URL_GLUE", "http://127.0.0.1:5000");
  EXPECT_EQ(credentials(), 0);
  EXPECT_THAT(out_, HasSubstr("http://127.0.0.1:5000 (AWS_ENDPOINT_URL_GLUE)\n"));
}

TEST_F(CredentialsCommand, ListsWhereItLookedInVain) {
  EXPECT_EQ(credentials(), 2);
  EXPECT_EQ(out_, "");
  EXPECT_THAT(
      err_,
      AllOf(HasSubstr("there are no credentials of AWS"), HasSubstr("\n  the environment (AWS_ACCESS_KEY_ID): "),
            HasSubstr("\n  the EC2 instance: AWS_EC2_METADATA_DISABLED is true\n"), HasSubstr("`aws configure`")));
}

TEST_F(CredentialsCommand, EndsWithTwoWhereTheSetupIsWrong) {
  EXPECT_EQ(credentials({"--aws-profile", "none"}), 2);
  EXPECT_THAT(err_, HasSubstr("the profile 'none' of --aws-profile"));
  set_keys();
  EXPECT_EQ(credentials({"--region", "a b"}), 2);
  EXPECT_THAT(err_, HasSubstr("'a b' is no region"));
  setup_.set("AWS_ENDPOINT_URL", "rubbish");
  EXPECT_EQ(credentials(), 2);
  EXPECT_THAT(err_, HasSubstr("AWS_ENDPOINT_URL: bad URL"));
  setup_.unset("AWS_SECRET_ACCESS_KEY");
  EXPECT_EQ(credentials(), 2);
  setup_.config("[default]\nhidden\n");
  EXPECT_EQ(credentials(), 2);
  EXPECT_THAT(err_, HasSubstr("config line 2"));
}

TEST_F(CredentialsCommand, EndsWithThreeWhereASourceCannotBeAsked) {
  setup_.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/");
  EXPECT_EQ(credentials(), 3);
  EXPECT_THAT(err_, HasSubstr("no answer from 127.0.0.1:1"));
}

TEST_F(CredentialsCommand, VerifiesWhoseTheyAre) {
  const AwsServer server([](const std::string&, const std::string&) {
    return http_answer(200,
                       "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/u</Arn>"
                       "<UserId>A</UserId><Account>123456789012</Account></GetCallerIdentityResult>"
                       "</GetCallerIdentityResponse>");
  });
  set_keys("hidden-token");
  setup_.set("AWS_ENDPOINT_URL_STS", server.url());
  EXPECT_EQ(credentials(), 0);
  EXPECT_THAT(server.requests(), testing::IsEmpty());
  EXPECT_EQ(credentials({"--verify"}), 0) << err_;
  EXPECT_THAT(out_, AllOf(HasSubstr("account        123456789012\n"),
                          HasSubstr("arn            arn:aws:iam::123456789012:user/u\n"), Not(HasSubstr("clock"))));
}

TEST_F(CredentialsCommand, SaysThatTheyAreRefused) {
  const AwsServer server([](const std::string&, const std::string&) {
    return http_answer(403, testing_support::sts_error("InvalidClientTokenId", "hidden-token\x1b[31m"));
  });
  set_keys("hidden-token");
  setup_.set("AWS_ENDPOINT_URL_STS", server.url());
  EXPECT_EQ(credentials({"--verify"}), 3);
  EXPECT_THAT(err_, HasSubstr("InvalidClientTokenId"));
  setup_.set("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1");
  EXPECT_EQ(credentials({"--verify"}), 3);
  EXPECT_THAT(err_, HasSubstr("no answer (connect"));
}

}  // namespace
}  // namespace conformance::cli::credentials_command_test
