#include "harness/wire/url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conformance::wire::url_test {
namespace {

using testing::HasSubstr;

std::string refusal(std::string_view text) {
  try {
    (void)parse_url(text);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "";
}

TEST(Url, FillsInTheDefaults) {
  const Url url = parse_url("HTTP://LocalHost");
  EXPECT_EQ(url.scheme, "http");
  EXPECT_EQ(url.host, "localhost");
  EXPECT_EQ(url.port, "80");
  EXPECT_EQ(url.path, "/");
  EXPECT_FALSE(url.is_ip_literal);
  EXPECT_EQ(url.authority(), "localhost");
  EXPECT_EQ(parse_url("https://h/").port, "443");
}

TEST(Url, KeepsPortAndPath) {
  const Url url = parse_url("https://moto_server:5000/a/b");
  EXPECT_EQ(url.port, "5000");
  EXPECT_EQ(url.path, "/a/b");
  EXPECT_EQ(url.authority(), "moto_server:5000");
}

TEST(Url, OmitsOnlyTheDefaultPortOfItsOwnScheme) {
  EXPECT_EQ(parse_url("https://h:443").authority(), "h");
  EXPECT_EQ(parse_url("https://h:443").host_and_port(), "h:443");
  EXPECT_EQ(parse_url("http://[::1]").host_and_port(), "[::1]:80");
  EXPECT_EQ(parse_url("http://h:443").authority(), "h:443");
  EXPECT_EQ(parse_url("http://h:0080").authority(), "h");
}

TEST(Url, KnowsAddresses) {
  EXPECT_TRUE(parse_url("http://127.0.0.1:1").is_ip_literal);
  const Url six = parse_url("http://[::1]:5000/");
  EXPECT_TRUE(six.is_ip_literal);
  EXPECT_EQ(six.host, "::1");
  EXPECT_EQ(six.authority(), "[::1]:5000");
  EXPECT_EQ(parse_url("http://[::1]").authority(), "[::1]");
}

TEST(Url, SaysWhatIsWrong) {
  EXPECT_THAT(refusal("localhost:5000"), HasSubstr("no scheme"));
  EXPECT_THAT(refusal(""), HasSubstr("no scheme"));
  EXPECT_THAT(refusal("ftp://h"), HasSubstr("http or https"));
  EXPECT_THAT(refusal("http://"), HasSubstr("no host"));
  EXPECT_THAT(refusal("http://:80"), HasSubstr("no host"));
  EXPECT_THAT(refusal("http://u:secret@h"), HasSubstr("user name"));
  EXPECT_EQ(refusal("http://u:secret@h").find("secret"), std::string::npos);
  EXPECT_THAT(refusal("http://h/?a=b"), HasSubstr("query"));
  EXPECT_THAT(refusal("http://h#f"), HasSubstr("fragment"));
  EXPECT_THAT(refusal("http://h:"), HasSubstr("port"));
  EXPECT_THAT(refusal("http://h:0"), HasSubstr("port"));
  EXPECT_THAT(refusal("http://h:65536"), HasSubstr("port"));
  EXPECT_THAT(refusal("http://h:+5"), HasSubstr("port"));
  EXPECT_THAT(refusal("http://h:5x"), HasSubstr("port"));
  EXPECT_THAT(refusal("http://::1"), HasSubstr("brackets"));
  EXPECT_THAT(refusal("http://[::1"), HasSubstr("not closed"));
  EXPECT_THAT(refusal("http://[::g]"), HasSubstr("no IPv6"));
  EXPECT_THAT(refusal("http://[::1]x"), HasSubstr("port"));
  EXPECT_THAT(refusal("http://a b"), HasSubstr("space"));
  EXPECT_THAT(refusal("http://h\xc3\xa4"), HasSubstr("outside ASCII"));
  EXPECT_THAT(refusal("http://a,b"), HasSubstr("character"));
}

TEST(Url, RecognisesAwsInEveryPartition) {
  for (const char* host :
       {"glue.us-east-1.amazonaws.com", "GLUE.US-EAST-1.AMAZONAWS.COM.", "glue.cn-north-1.amazonaws.com.cn",
        "glue.us-east-1.api.aws", "glue.eusc-de-east-1.amazonaws.eu", "x.aws.dev", "amazonaws.com",
        "glue.us-iso-east-1.c2s.ic.gov", "glue.us-gov-west-1.amazonaws-us-gov.com",
        "glue.eu-isoe-west-1.cloud.adc-e.uk.", "Glue.CN-North-1.api.AmazonWebServices.com.cn",
        "glue.api.amazonwebservices.eu", "glue.us-iso-east-1.api.aws.ic.gov", "glue.us-isob-east-1.api.aws.scloud",
        "glue.us-isof-south-1.api.aws.hci.ic.gov", "glue.us-isob-east-1.sc2s.sgov.gov",
        "glue.us-isof-south-1.csp.hci.ic.gov"})
    EXPECT_TRUE(is_aws_host(host)) << host;
  for (const char* host :
       {"localhost", "notamazonaws.com", "amazonaws.eu.example.org", "adc-e.uk.example.org", "ic.gov",
        "amazonaws.com.example.org", "localhost.localstack.cloud", "", ".", "127.0.0.1", "laws"})
    EXPECT_FALSE(is_aws_host(host)) << host;
}

TEST(ConnectTo, IsReadAsCurlReadsIt) {
  const ConnectTo plain = parse_connect_to("glue.us-east-1.amazonaws.com:443:127.0.0.1:8443");
  EXPECT_EQ(plain.host, "glue.us-east-1.amazonaws.com");
  EXPECT_EQ(plain.port, "443");
  EXPECT_EQ(plain.address.host, "127.0.0.1");
  EXPECT_EQ(plain.address.port, "8443");
  EXPECT_TRUE(plain.address.is_ip_literal);
  const ConnectTo six = parse_connect_to("[::1]:80:[::2]:81");
  EXPECT_EQ(six.host, "::1");
  EXPECT_EQ(six.address.host, "::2");
  EXPECT_EQ(six.address.port, "81");
}

TEST(ConnectTo, RefusesWhatIsNone) {
  for (const char* none :
       {"", "a", "a:1", "a:1:b", "a:1:b:2:3", ":1:b:2", "a:1::2", "a:x:b:2", "a:1:b:70000", "a:1:b:2/x?"})
    EXPECT_THROW((void)parse_connect_to(none), UsageError) << none;
}

TEST(AwsHost, NamesItsRegion) {
  EXPECT_EQ(region_of_aws_host("glue.eu-west-1.amazonaws.com"), "eu-west-1");
  EXPECT_EQ(region_of_aws_host("GLUE-fips.us-gov-west-1.amazonaws.com"), "us-gov-west-1");
  EXPECT_EQ(region_of_aws_host("glue.cn-north-1.amazonaws.com.cn"), "cn-north-1");
  EXPECT_EQ(region_of_aws_host("glue.us-east-2.api.aws"), "us-east-2");
  EXPECT_EQ(region_of_aws_host("glue.amazonaws.com"), "");
  EXPECT_EQ(region_of_aws_host("glue.eu-west-1.example.com"), "");
}

}  // namespace
}  // namespace conformance::wire::url_test
