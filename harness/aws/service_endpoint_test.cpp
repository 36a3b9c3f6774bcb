#include "harness/aws/service_endpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "fixtures/testing/aws_setup.h"
#include "harness/wire/url.h"

namespace conformance::aws::service_endpoint_test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing_support::AwsSetup;

std::string url(const AwsSetup& setup, std::string_view service = "glue", std::string_view region = "eu-west-1") {
  const ServiceEndpoint endpoint = endpoint_of(service, region, load_configuration(setup.env(), ""));
  if (!endpoint.is_configured) {
    EXPECT_TRUE(wire::is_aws_host(wire::parse_url(endpoint.url).host)) << endpoint.url;
  }
  return endpoint.url;
}

std::string refusal(const AwsSetup& setup, std::string_view region = "eu-west-1") {
  try {
    (void)endpoint_of("glue", region, load_configuration(setup.env(), ""));
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Region, IsThatOfTheOptionElseOfTheEnvironmentElseOfTheProfile) {
  AwsSetup setup;
  const auto found = [&setup](const std::string& option = "") {
    return find_region(load_configuration(setup.env(), ""), option);
  };
  EXPECT_FALSE(found());
  setup.config("[default]\nregion = r-profile\n");
  EXPECT_EQ(found()->name, "r-profile");
  EXPECT_EQ(found()->from, "region of the profile 'default'");
  setup.set("AWS_DEFAULT_REGION", "r-default");
  EXPECT_EQ(found()->name, "r-default");
  setup.set("AWS_REGION", "r-env");
  EXPECT_EQ(found()->name, "r-env");
  EXPECT_EQ(found()->from, "AWS_REGION");
  EXPECT_EQ(found("r-option")->name, "r-option");
  EXPECT_EQ(found("r-option")->from, "--region");
}

TEST(Region, IsPartOfAHostName) {
  const AwsSetup setup;
  const Configuration configuration = load_configuration(setup.env(), "");
  for (const std::string name :
       {"us east", "us-east-1\n", "a.b", "x/../y", "-a", "a-", "h\xc3\xa4", "a@b", "#", "a_b"}) {
    EXPECT_THROW((void)find_region(configuration, name), ConfigError) << name;
    EXPECT_THAT(refusal(setup, name), HasSubstr("is no region")) << name;
  }
  EXPECT_THROW((void)find_region(configuration, std::string(64, 'a')), ConfigError);
  EXPECT_EQ(find_region(configuration, std::string(63, 'a'))->name.size(), 63U);
}

TEST(Endpoint, IsAwsOwnInEveryPartition) {
  const AwsSetup setup;
  EXPECT_EQ(url(setup, "glue", "us-east-1"), "https://glue.us-east-1.amazonaws.com");
  EXPECT_EQ(url(setup, "sts", "eu-west-1"), "https://sts.eu-west-1.amazonaws.com");
  EXPECT_EQ(url(setup, "glue", "cn-north-1"), "https://glue.cn-north-1.amazonaws.com.cn");
  EXPECT_EQ(url(setup, "glue", "us-gov-west-1"), "https://glue.us-gov-west-1.amazonaws.com");
  EXPECT_EQ(url(setup, "glue", "eusc-de-east-1"), "https://glue.eusc-de-east-1.amazonaws.eu");
  EXPECT_EQ(url(setup, "glue", "us-iso-east-1"), "https://glue.us-iso-east-1.c2s.ic.gov");
  EXPECT_EQ(url(setup, "glue", "us-isob-east-1"), "https://glue.us-isob-east-1.sc2s.sgov.gov");
  EXPECT_EQ(url(setup, "glue", "xx-new-9"), "https://glue.xx-new-9.amazonaws.com");
}

TEST(Endpoint, IsOfFipsIfThatIsAskedFor) {
  AwsSetup setup;
  setup.set("AWS_USE_FIPS_ENDPOINT", "true");
  EXPECT_EQ(url(setup), "https://glue-fips.eu-west-1.amazonaws.com");
  EXPECT_EQ(url(setup, "glue", "us-gov-west-1"), "https://glue-fips.us-gov-west-1.amazonaws.com");
  EXPECT_EQ(url(setup, "sts", "us-gov-west-1"), "https://sts.us-gov-west-1.amazonaws.com");
  setup.set("AWS_USE_DUALSTACK_ENDPOINT", "true");
  EXPECT_EQ(url(setup), "https://glue-fips.eu-west-1.api.aws");
}

TEST(Endpoint, IsDualStackIfThatIsAskedFor) {
  AwsSetup setup;
  setup.config("[default]\nuse_dualstack_endpoint = true\n");
  EXPECT_EQ(url(setup), "https://glue.eu-west-1.api.aws");
  EXPECT_EQ(url(setup, "glue", "cn-north-1"), "https://glue.cn-north-1.api.amazonwebservices.com.cn");
  setup.set("AWS_USE_DUALSTACK_ENDPOINT", "false");
  EXPECT_EQ(url(setup), "https://glue.eu-west-1.amazonaws.com");
}

TEST(Endpoint, IsTheNearestThatIsConfigured) {
  AwsSetup setup;
  setup.config("[default]\nendpoint_url = http://profile:1\n");
  EXPECT_EQ(url(setup), "http://profile:1");
  setup.config(
      "[default]\nendpoint_url = http://profile:1\nservices = s\n[services s]\nglue =\n  endpoint_url = "
      "http://services:1\n");
  EXPECT_EQ(url(setup), "http://services:1");
  EXPECT_EQ(url(setup, "sts"), "http://profile:1");
  setup.set("AWS_ENDPOINT_URL", "http://all:1");
  EXPECT_EQ(url(setup), "http://all:1");
  setup.set("AWS_ENDPOINT_URL_GLUE", "http://glue:1");
  EXPECT_EQ(url(setup), "http://glue:1");
  EXPECT_EQ(url(setup, "sts"), "http://all:1");
  const ServiceEndpoint endpoint = endpoint_of("glue", "r", load_configuration(setup.env(), ""));
  EXPECT_EQ(endpoint.from, "AWS_ENDPOINT_URL_GLUE");
  EXPECT_TRUE(endpoint.is_configured);
}

TEST(Endpoint, IsAwsOwnIfWhatIsConfiguredIsToBeIgnored) {
  AwsSetup setup;
  setup.set("AWS_ENDPOINT_URL_GLUE", "http://glue:1");
  setup.set("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true");
  EXPECT_EQ(url(setup), "https://glue.eu-west-1.amazonaws.com");
  setup.unset("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
  setup.config("[default]\nignore_configured_endpoint_urls = true\n");
  EXPECT_EQ(url(setup), "https://glue.eu-west-1.amazonaws.com");
}

TEST(Endpoint, IsRefusedWhereTheConfigurationIsWrong) {
  AwsSetup bad_url;
  bad_url.set("AWS_ENDPOINT_URL", "https://user:hidden@h");
  EXPECT_THAT(refusal(bad_url), AllOf(HasSubstr("AWS_ENDPOINT_URL: bad URL"), Not(HasSubstr("hidden"))));
  AwsSetup both;
  both.set("AWS_ENDPOINT_URL", "http://h:1");
  both.set("AWS_USE_FIPS_ENDPOINT", "true");
  EXPECT_THAT(refusal(both), HasSubstr("leave one of them out"));
  AwsSetup no_section;
  no_section.config("[default]\nservices = s\n");
  EXPECT_THAT(refusal(no_section), HasSubstr("the services section 's'"));
  AwsSetup no_flag;
  no_flag.set("AWS_USE_FIPS_ENDPOINT", "yes");
  EXPECT_THAT(refusal(no_flag), HasSubstr("AWS_USE_FIPS_ENDPOINT is neither true nor false"));
}

}  // namespace
}  // namespace conformance::aws::service_endpoint_test
