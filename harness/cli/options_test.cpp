#include "harness/cli/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace conformance::cli::options_test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

using Arguments = std::vector<std::string>;
using Variables = std::map<std::string, std::string>;

std::variant<Options, Exit> parse(const Arguments& arguments, const Variables& variables = {}) {
  return parse_options(arguments, [&variables](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  });
}

// The options of a line that must be right.
Options options(const Arguments& arguments, const Variables& variables = {}) {
  const auto parsed = parse(arguments, variables);
  if (const Exit* exit = std::get_if<Exit>(&parsed)) {
    ADD_FAILURE() << exit->out << exit->err;
    return {};
  }
  return std::get<Options>(parsed);
}

// What is said of a line that must be wrong: on standard error, with status 2 (a usage error, before anything is sent).
std::string refusal(const Arguments& arguments, const Variables& variables = {}) {
  const auto parsed = parse(arguments, variables);
  const Exit* exit = std::get_if<Exit>(&parsed);
  if (exit == nullptr) {
    ADD_FAILURE() << "accepted: " << testing::PrintToString(arguments);
    return "";
  }
  EXPECT_EQ(exit->status, 2);
  EXPECT_EQ(exit->out, "");
  EXPECT_TRUE(exit->err.ends_with('\n')) << exit->err;
  return exit->err;
}

TEST(Command, IsTheFirstWord) {
  EXPECT_EQ(options({"run"}).command, Command::run);
  EXPECT_EQ(options({"list"}).command, Command::list);
  EXPECT_EQ(options({"explain", "id.x"}).command, Command::explain);
  EXPECT_EQ(options({"replay", "id.x"}).command, Command::replay);
  EXPECT_EQ(options({"serve"}).command, Command::serve);
  EXPECT_EQ(options({"audit"}).command, Command::audit);
  EXPECT_EQ(options({"sweep", "ledger.jsonl"}).command, Command::sweep);
  EXPECT_EQ(options({"spec", "check", "model.json"}).command, Command::spec_check);
  EXPECT_EQ(options({"credentials"}).command, Command::credentials);
}

TEST(Credentials, HaveTheOptionsOfAwsTools) {
  const Options none = options({"credentials"}, {{"AWS_REGION", "r"}, {"AWS_CA_BUNDLE", "b"}});
  EXPECT_EQ(none.region, "") << "the files have a say in it";
  EXPECT_EQ(none.ca_bundle, "b");
  EXPECT_FALSE(none.verify);
  const Options all = options({"credentials", "--aws-profile", "p", "--region", "r", "--ca-bundle", "c", "--verify"});
  EXPECT_EQ(all.aws_profile, "p");
  EXPECT_EQ(all.region, "r");
  EXPECT_EQ(all.ca_bundle, "c");
  EXPECT_TRUE(all.verify);
  for (const char* name : {"--aws-profile", "--region", "--ca-bundle"})
    EXPECT_THAT(refusal({"credentials", name, ""}), HasSubstr(std::string(name) + " is empty"));
}

TEST(Command, IsNeeded) {
  EXPECT_THAT(refusal({}), HasSubstr("subcommand is required"));
  EXPECT_THAT(refusal({"spec"}), HasSubstr("subcommand is required"));
  EXPECT_THAT(refusal({"frobnicate"}), Not(IsEmpty()));
}

TEST(Command, HasItsSubject) {
  EXPECT_EQ(options({"explain", "id.length.max"}).subject, "id.length.max");
  EXPECT_EQ(options({"replay", "id.length.max"}).subject, "id.length.max");
  EXPECT_EQ(options({"spec", "check", "a/model.json"}).subject, "a/model.json");
  EXPECT_THAT(refusal({"explain"}), HasSubstr("id is required"));
  EXPECT_THAT(refusal({"replay"}), HasSubstr("id is required"));
  EXPECT_THAT(refusal({"spec", "check"}), HasSubstr("model is required"));
}

TEST(Exit, OfHelpAndVersionIsASuccessOnStandardOutput) {
  for (const Arguments& arguments : {Arguments{"--help"}, Arguments{"run", "--help"}, Arguments{"--version"}}) {
    const auto parsed = parse(arguments);
    const Exit* exit = std::get_if<Exit>(&parsed);
    ASSERT_NE(exit, nullptr) << arguments.front();
    EXPECT_EQ(exit->status, 0);
    EXPECT_EQ(exit->err, "");
    EXPECT_FALSE(exit->out.empty()) << arguments.front();
  }
  EXPECT_THAT(std::get<Exit>(parse({"--version"})).out, StartsWith("glue-conformance "));
  EXPECT_THAT(std::get<Exit>(parse({"run", "--help"})).out, AllOf(HasSubstr("--gtest_filter"), HasSubstr("130 ")));
}

TEST(Defaults, AreThoseOfTheHelp) {
  const Options o = options({"run"});
  EXPECT_EQ(o.endpoint, "");
  EXPECT_THAT(o.filters, IsEmpty());
  EXPECT_FALSE(o.seed.has_value());
  EXPECT_EQ(o.jobs, 16U);
  EXPECT_EQ(o.timeout_seconds, 10);
  EXPECT_EQ(o.rate, 0);
  EXPECT_EQ(o.sessions, SessionMode::automatic);
  EXPECT_EQ(o.fail_level, spec::Level::should);
  EXPECT_EQ(o.region, "us-east-1");
  EXPECT_TRUE(o.sign);
  EXPECT_EQ(o.ca_bundle, "");
  EXPECT_TRUE(o.reports.empty());
  EXPECT_EQ(o.report_dir, "");
  EXPECT_EQ(o.color, "auto");
  EXPECT_EQ(o.progress, "auto");
  EXPECT_EQ(options({"list"}).format, "text");
  EXPECT_THAT(o.deviations, IsEmpty());
  EXPECT_EQ(o.missing, "ok");
  EXPECT_EQ(o.provisioning_ms, 0U);
  EXPECT_EQ(options({"serve"}).port, 0);
  EXPECT_EQ(options({"serve"}).host, "127.0.0.1") << "a mock that the network can reach must be asked for";
}

// What goes to the endpoint, for both commands that send.
class Sending : public testing::TestWithParam<Arguments> {
 protected:
  static Arguments with(const Arguments& more) {
    Arguments all = GetParam();
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
};

INSTANTIATE_TEST_SUITE_P(Commands, Sending, testing::Values(Arguments{"run"}, Arguments{"replay", "id.x"}),
                         [](const auto& tested) { return tested.param.front(); });

TEST_P(Sending, TakesItsOptions) {
  EXPECT_EQ(options(with({"--endpoint", "http://127.0.0.1:5000"})).endpoint, "http://127.0.0.1:5000");
  EXPECT_EQ(options(with({"--endpoint=http://h"})).endpoint, "http://h");
  EXPECT_EQ(options(with({"--seed", "0"})).seed, 0U);
  EXPECT_EQ(options(with({"--seed", "18446744073709551615"})).seed, 18446744073709551615U);
  EXPECT_EQ(options(with({"--jobs", "1"})).jobs, 1U);
  EXPECT_EQ(options(with({"--jobs", "1024"})).jobs, 1024U);
  EXPECT_EQ(options(with({"--timeout", "0.5"})).timeout_seconds, 0.5);
  EXPECT_EQ(options(with({"--rate", "2.5"})).rate, 2.5);
  EXPECT_EQ(options(with({"--effect-wait", "0.5"})).effect_wait_seconds, 0.5);
  EXPECT_EQ(options(with({"--examples", "7"})).limits.examples, 7U);
  EXPECT_EQ(options(with({"--max-shrink-requests", "0"})).limits.max_shrink_requests, 0U);
  EXPECT_EQ(options(with({"--region", "eu-west-1"})).region, "eu-west-1");
  EXPECT_FALSE(options(with({"--no-sign"})).sign);
  EXPECT_EQ(options(with({"--ca-bundle", "roots.pem"})).ca_bundle, "roots.pem");
  EXPECT_EQ(options(with({"--color", "never"})).color, "never");
  EXPECT_EQ(options(with({"--progress", "bar"})).progress, "bar");
  EXPECT_THAT(options(with({"--deviation", "a", "--deviation", "b"})).deviations, ElementsAre("a", "b"));
  EXPECT_EQ(options(with({"--missing", "not-found"})).missing, "not-found");
  EXPECT_EQ(options(with({"--provisioning-delay", "30"})).provisioning_ms, 30U);
}

TEST_P(Sending, KnowsEverySessionMode) {
  EXPECT_EQ(options(with({"--sessions", "auto"})).sessions, SessionMode::automatic);
  EXPECT_EQ(options(with({"--sessions", "create"})).sessions, SessionMode::create);
  EXPECT_EQ(options(with({"--sessions", "NONE"})).sessions, SessionMode::none);
}

TEST_P(Sending, KnowsTheLevelsThatCanFailARun) {
  EXPECT_EQ(options(with({"--level", "must"})).fail_level, spec::Level::must);
  EXPECT_EQ(options(with({"--level", "should"})).fail_level, spec::Level::should);
  EXPECT_THAT(refusal(with({"--level", "may"})), AllOf(HasSubstr("--level"), HasSubstr("may")));
}

TEST_P(Sending, RefusesAnEmptyEndpoint) {
  // An unset variable in a pipeline must not turn the gate into a test of the embedded reference.
  EXPECT_THAT(refusal(with({"--endpoint", ""})), HasSubstr("--endpoint is empty: give the URL of the endpoint"));
  EXPECT_THAT(refusal(with({"--endpoint="})), HasSubstr("--endpoint"));
  EXPECT_THAT(refusal(with({"--endpoint", ""}), {{"AWS_ENDPOINT_URL", "http://h"}}), HasSubstr("--endpoint is empty"));
}

TEST_P(Sending, RefusesValuesOutOfTheirRange) {
  const auto expect_refused = [](const Arguments& more) {
    EXPECT_THAT(refusal(with(more)), AllOf(HasSubstr(more[0]), HasSubstr(more[1]))) << testing::PrintToString(more);
  };
  expect_refused({"--jobs", "0"});
  expect_refused({"--jobs", "1025"});
  expect_refused({"--jobs", "many"});
  expect_refused({"--timeout", "0"});
  expect_refused({"--timeout", "3601"});
  expect_refused({"--timeout", "soon"});
  expect_refused({"--rate", "-1"});
  expect_refused({"--effect-wait", "-1"});
  expect_refused({"--examples", "0"});
  expect_refused({"--seed", "x"});
  expect_refused({"--sessions", "maybe"});
  expect_refused({"--color", "blue"});
  expect_refused({"--progress", "dots"});
  expect_refused({"--missing", "gone"});
}

TEST_P(Sending, RefusesAnOptionWithoutItsValue) {
  for (const char* option :
       {"--endpoint", "--seed", "--jobs", "--timeout", "--rate", "--sessions", "--level", "--region"})
    EXPECT_THAT(refusal(with({option})), HasSubstr(option));
}

TEST_P(Sending, RefusesAnOptionThatIsGivenTwice) {
  EXPECT_THAT(refusal(with({"--seed", "1", "--seed", "2"})), HasSubstr("--seed"));
  EXPECT_THAT(refusal(with({"--endpoint", "http://a", "--endpoint", "http://b"})), HasSubstr("--endpoint"));
}

TEST_P(Sending, RefusesDeviationsOfAnEndpointThatIsNotTheReference) {
  for (const Arguments& more : {Arguments{"--deviation", "id-max-256"}, Arguments{"--missing", "ok"}}) {
    Arguments all = with(more);
    all.insert(all.end(), {"--endpoint", "http://h"});
    EXPECT_THAT(refusal(all), HasSubstr("--deviation and --missing are of the embedded reference endpoint"));
    EXPECT_THAT(refusal(with(more), {{"AWS_ENDPOINT_URL", "http://h"}}), HasSubstr("embedded reference endpoint"));
  }
}

TEST_P(Sending, RefusesAnUnknownOption) {
  EXPECT_THAT(refusal(with({"--no-such-option"})), HasSubstr("--no-such-option"));
  EXPECT_THAT(refusal(with({"--Endpoint", "http://h"})), HasSubstr("--Endpoint"));
  EXPECT_THAT(refusal(with({"extra"})), HasSubstr("extra"));
}

// Command line beats environment beats defaults.

TEST_P(Sending, TakesTheEndpointFromTheEnvironment) {
  const Variables both{{"AWS_ENDPOINT_URL_GLUE", "http://glue"}, {"AWS_ENDPOINT_URL", "http://all"}};
  EXPECT_EQ(options(with({"--endpoint", "http://line"}), both).endpoint, "http://line");
  EXPECT_EQ(options(with({}), both).endpoint, "http://glue");
  EXPECT_EQ(options(with({}), {{"AWS_ENDPOINT_URL", "http://all"}}).endpoint, "http://all");
  EXPECT_EQ(options(with({}), {{"AWS_ENDPOINT_URL_GLUE", ""}, {"AWS_ENDPOINT_URL", "http://all"}}).endpoint,
            "http://all");
}

TEST_P(Sending, IgnoresTheEndpointOfTheEnvironmentWhereItIsToldTo) {
  const Variables ignored{{"AWS_ENDPOINT_URL_GLUE", "http://glue"}, {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "True"}};
  EXPECT_EQ(options(with({}), ignored).endpoint, "");
  EXPECT_EQ(options(with({"--endpoint", "http://line"}), ignored).endpoint, "http://line");
}

TEST_P(Sending, ReadsWhomToReachAndAsWhom) {
  const Options o = options(with({"--endpoint", "https://h", "--insecure", "--connect-to", "h:443:127.0.0.1:8443",
                                  "--credentials", "chain", "--aws-profile", "p", "--sign-like", "javascript"}));
  EXPECT_TRUE(o.insecure);
  ASSERT_EQ(o.connect_to.size(), 1U);
  EXPECT_EQ(o.connect_to[0].address.port, "8443");
  EXPECT_EQ(o.credentials, CredentialChoice::chain);
  EXPECT_EQ(o.aws_profile, "p");
  EXPECT_EQ(o.headers, HeaderSet::javascript);
  EXPECT_TRUE(o.chosen.contains("--insecure"));
  EXPECT_FALSE(o.chosen.contains("--rate"));
  EXPECT_THAT(refusal(with({"--connect-to", "h:443"})), HasSubstr("--connect-to 'h:443' is no HOST:PORT:ADDRESS:PORT"));
}

TEST(Options, NamesAnAccountOnlyWhereTheRealServiceMayBeMeant) {
  const Arguments account{"--sandbox-account", "123456789012"};
  EXPECT_THAT(refusal({"run", account[0], account[1]}), HasSubstr("give --endpoint aws"));
  EXPECT_THAT(refusal({"replay", "a", account[0], account[1]}), HasSubstr("give --endpoint aws"));
  // The ledger says where its sessions are.
  EXPECT_EQ(options({"sweep", "ledger", account[0], account[1]}).sandbox_account, "123456789012");
}

TEST_P(Sending, TakesTheRegionFromTheEnvironment) {
  const Variables both{{"AWS_REGION", "eu-west-1"}, {"AWS_DEFAULT_REGION", "eu-west-2"}};
  EXPECT_EQ(options(with({"--region", "eu-north-1"}), both).region, "eu-north-1");
  EXPECT_EQ(options(with({}), both).region, "eu-west-1");
  EXPECT_EQ(options(with({}), {{"AWS_DEFAULT_REGION", "eu-west-2"}}).region, "eu-west-2");
  EXPECT_EQ(options(with({}), {{"AWS_REGION", ""}}).region, "us-east-1");
}

TEST_P(Sending, TakesTheCaBundleFromTheEnvironment) {
  const Variables bundle{{"AWS_CA_BUNDLE", "env.pem"}};
  EXPECT_EQ(options(with({"--ca-bundle", "line.pem"}), bundle).ca_bundle, "line.pem");
  EXPECT_EQ(options(with({}), bundle).ca_bundle, "env.pem");
}

TEST(KnownFailures, AreForEndpointsOfTheUsersOwn) {
  EXPECT_EQ(options({"run", "--endpoint", "http://a", "--known-failures", "k.toml"}).known_failures, "k.toml");
  EXPECT_EQ(options({"run", "--known-failures", "k.toml"}, {{"AWS_ENDPOINT_URL", "http://a"}}).known_failures,
            "k.toml");
  EXPECT_THAT(refusal({"run", "--known-failures", "k.toml"}), HasSubstr("the embedded reference endpoint has none"));
  for (const char* aws : {"aws", "https://glue.us-east-1.amazonaws.com"})
    EXPECT_THAT(refusal({"run", "--endpoint", aws, "--known-failures", "k.toml"}), HasSubstr("what AWS does"));
  EXPECT_THAT(refusal({"run", "--endpoint", "http://a", "--known-failures", ""}), HasSubstr("is empty"));
}

TEST(KnownFailures, OfANewFileNeedAnOwnerAnIssueAndAnEnd) {
  const Arguments init{"known-failures", "init",      "r.json",  "--owner",   "team",
                       "--issue",        "https://a", "--until", "2027-01-31"};
  EXPECT_EQ(options(init).command, Command::known_init);
  EXPECT_EQ(options(init).until, "2027-01-31");
  EXPECT_THAT(refusal({init.begin(), init.end() - 2}), HasSubstr("--until"));
  EXPECT_THAT(refusal({"known-failures"}), HasSubstr("init"));
  EXPECT_EQ(options({"known-failures", "update", "r.json", "k.toml"}).command, Command::known_update);
  EXPECT_TRUE(options({"known-failures", "update", "r.json", "k.toml", "--dry-run"}).dry_run);
}

TEST(Direct, IsTheUpstreamOfAProxy) {
  const Options o = options({"run", "--endpoint", "http://localhost:1", "--direct", "http://localhost:2"});
  EXPECT_EQ(o.direct, "http://localhost:2");
  const auto with = [](const char* direct, const char* more = "--no-sign") {
    return Arguments{"run", "--endpoint", "http://localhost:1", "--direct", direct, more};
  };
  EXPECT_THAT(refusal({"run", "--direct", "http://localhost:2"}), HasSubstr("--endpoint"));
  EXPECT_THAT(refusal(with("")), HasSubstr("--direct is empty"));
  EXPECT_THAT(refusal(with("http://localhost:1")), HasSubstr("--endpoint itself"));
  EXPECT_THAT(refusal(with("localhost:2")), HasSubstr("--direct: "));
  EXPECT_THAT(refusal(with("http://localhost:2", "--max-sessions=2")), HasSubstr("3 at least"));
  EXPECT_THAT(refusal(with("http://localhost:2", "--sessions=file:ids")), HasSubstr("--sessions create or none"));
}

TEST(Run, CollectsFilters) {
  EXPECT_THAT(options({"run", "--filter", "id.*", "--filter", "!id.type.*"}).filters,
              ElementsAre("id.*", "!id.type.*"));
  EXPECT_THAT(options({"list", "--filter", "id.*"}).filters, ElementsAre("id.*"));
}

TEST(Run, CollectsReports) {
  const Options o = options({"run", "--report", "junit:a.xml", "--report", "junit:C:\\b:c.xml", "--report-dir", "out"});
  ASSERT_EQ(o.reports.size(), 2U);
  EXPECT_EQ(o.reports[0].format, "junit");
  EXPECT_EQ(o.reports[0].path, "a.xml");
  EXPECT_EQ(o.reports[1].path, "C:\\b:c.xml") << "only the first colon ends the format";
  EXPECT_EQ(o.report_dir, "out");
}

TEST(JunitOptions, AreOfAllThatWritesReports) {
  for (const Arguments& command : {Arguments{"run"}, Arguments{"report", "a.json"}, Arguments{"merge", "a.json"}}) {
    Arguments line = command;
    EXPECT_EQ(options(line).report_options.junit_by, reports::JunitBy::test_case);
    EXPECT_EQ(options(line).report_options.junit_split, 0U);
    line.insert(line.end(), {"--junit-by", "requirement", "--junit-split", "500"});
    EXPECT_EQ(options(line).report_options.junit_by, reports::JunitBy::requirement);
    EXPECT_EQ(options(line).report_options.junit_split, 500U);
  }
  EXPECT_THAT(refusal({"run", "--junit-by", "suite"}), HasSubstr("'suite' is none of case|requirement"));
  EXPECT_THAT(refusal({"run", "--junit-split", "-1"}), HasSubstr("'-1' is no whole number"));
  EXPECT_THAT(refusal({"compare", "a", "b", "--junit-split", "5"}), HasSubstr("--junit-split is not understood here"));
}

TEST(Run, SaysWhatIsWrongWithAReport) {
  EXPECT_THAT(refusal({"run", "--report", "html2:x"}), HasSubstr("--report html2:x: unknown format 'html2'"));
  EXPECT_THAT(refusal({"run", "--report", "a.xml"}), HasSubstr("unknown format 'a.xml'"));
  EXPECT_THAT(refusal({"run", "--report", "JUnit:x"}), HasSubstr("unknown format 'JUnit'"));
  EXPECT_THAT(refusal({"run", "--report", ":x"}), HasSubstr("unknown format ''"));
  EXPECT_THAT(refusal({"run", "--report", "junit"}), HasSubstr("--report junit: write it as junit:PATH"));
  EXPECT_THAT(refusal({"run", "--report", "junit:"}), HasSubstr("write it as junit:PATH"));
  EXPECT_THAT(refusal({"run", "--report", "junit:a", "--report", "html2:x"}), HasSubstr("html2"));
}

TEST(Show, TakesItsOptions) {
  for (const char* format : {"text", "json", "markdown"})
    EXPECT_EQ(options({"list", "--format", format}).format, format);
  EXPECT_THAT(refusal({"list", "--format", "xml"}), AllOf(HasSubstr("--format"), HasSubstr("xml")));
  EXPECT_EQ(options({"list", "--seed", "7"}).seed, 7U);
  EXPECT_EQ(options({"explain", "id.x", "--seed", "7"}).seed, 7U);
}

TEST(Serve, TakesItsOptions) {
  EXPECT_EQ(options({"serve", "--port", "65535"}).port, 65535);
  EXPECT_EQ(options({"serve", "--host", "::1"}).host, "::1");
  EXPECT_THAT(options({"serve", "--deviation", "a"}).deviations, ElementsAre("a"));
  EXPECT_EQ(options({"serve", "--missing", "invalid-input"}).missing, "invalid-input");
  EXPECT_EQ(options({"serve", "--provisioning-delay", "5"}).provisioning_ms, 5U);
  EXPECT_THAT(refusal({"serve", "--port", "65536"}), AllOf(HasSubstr("--port"), HasSubstr("65536")));
  EXPECT_THAT(refusal({"serve", "--port", "-1"}), HasSubstr("--port"));
}

TEST(Serve, MayVerifySignatures) {
  EXPECT_FALSE(options({"serve"}).authenticate);
  EXPECT_TRUE(options({"serve", "--authenticate"}).authenticate);
  EXPECT_EQ(options({"serve", "--authenticate"}, {{"AWS_REGION", "eu-west-1"}}).region, "eu-west-1");
  EXPECT_EQ(options({"serve", "--region", "a-1"}, {{"AWS_REGION", "eu-west-1"}}).region, "a-1");
}

TEST(Serve, TakesACertificateWithItsKeyOnly) {
  const Options o = options({"serve", "--certificate", "c.pem", "--key", "k.pem"});
  EXPECT_EQ(reference_options(o).tls_certificate, "c.pem");
  EXPECT_EQ(reference_options(o).tls_key, "k.pem");
  EXPECT_THAT(refusal({"serve", "--certificate", "c.pem"}), HasSubstr("--certificate and --key belong together"));
  EXPECT_THAT(refusal({"serve", "--key", "k.pem"}), HasSubstr("--certificate and --key belong together"));
}

// The endpoint that everything else is pointed at in a developer's shell is no endpoint of these.
TEST(Serve, MayDeviateWhateverTheEnvironmentNames) {
  EXPECT_THAT(options({"serve", "--deviation", "a"}, {{"AWS_ENDPOINT_URL", "http://h"}}).deviations, ElementsAre("a"));
  EXPECT_THAT(options({"audit", "--deviation", "a"}, {{"AWS_ENDPOINT_URL", "http://h"}}).deviations, ElementsAre("a"));
}

TEST(Audit, TakesItsOptions) {
  const Options o = options({"audit", "--deviation", "a", "--deviation", "b", "--seed", "7", "--jobs", "4"});
  EXPECT_THAT(o.deviations, ElementsAre("a", "b"));
  EXPECT_EQ(o.seed, 7U);
  EXPECT_EQ(o.jobs, 4U);
}

TEST(Options, BelongToTheCommandsThatUseThem) {
  for (const Arguments& arguments :
       {Arguments{"list", "--endpoint", "http://h"}, Arguments{"audit", "--endpoint", "http://h"},
        Arguments{"serve", "--endpoint", "http://h"}, Arguments{"replay", "id.x", "--filter", "id.*"},
        Arguments{"explain", "id.x", "--report", "junit:a"}, Arguments{"run", "--port", "1"},
        Arguments{"spec", "check", "m", "--seed", "1"}})
    EXPECT_THAT(refusal(arguments), HasSubstr(arguments[arguments.size() - 2]));
}

TEST(Region, WithAControlCharacterIsRefusedByItsName) {
  const std::string bad = "hidden\r\nX-Injected: yes";
  for (const char* command : {"run", "replay"}) {
    Arguments arguments{command};
    if (arguments.front() == "replay") arguments.emplace_back("id.x");
    for (const char* name : {"AWS_REGION", "AWS_DEFAULT_REGION"})
      EXPECT_THAT(refusal(arguments, {{name, bad}}),
                  AllOf(HasSubstr(std::string("a control character in ") + name), Not(HasSubstr("hidden"))));
    arguments.insert(arguments.end(), {"--region", bad});
    EXPECT_THAT(refusal(arguments), AllOf(HasSubstr("a control character in --region"), Not(HasSubstr("hidden"))));
  }
}

TEST(Sessions, ComeFromWhereTheUserSays) {
  EXPECT_EQ(options({"run", "--sessions", "None"}).sessions, SessionMode::none);
  EXPECT_EQ(options({"run", "--sessions", "create"}).sessions, SessionMode::create);
  const Options file = options({"run", "--sessions", "file:a b:c"});
  EXPECT_EQ(file.sessions, SessionMode::provided);
  EXPECT_EQ(file.session_source, "file:a b:c");
  EXPECT_EQ(options({"replay", "x", "--sessions", "command:echo a"}).session_source, "command:echo a");
  for (const char* value : {"", "x", "file:", "command:", "File:a", "files:a"})
    EXPECT_THAT(refusal({"run", "--sessions", value}), HasSubstr("none of auto|create|none|file:PATH|command:CMD"))
        << value;
}

TEST(Sessions, AreCreatedAsTheUserSays) {
  const Options o = options({"run", "--session-tag", "a=b", "--session-role", "r", "--session-tag", "c=d"});
  EXPECT_THAT(o.create_options, testing::UnorderedElementsAre(testing::Pair("--session-tag", "a=b"),
                                                              testing::Pair("--session-tag", "c=d"),
                                                              testing::Pair("--session-role", "r")));
  EXPECT_THAT(refusal({"run", "--session-workers", "0"}), HasSubstr("--session-workers: '0' is no whole number"));
  EXPECT_THAT(refusal({"run", "--session-role", "a", "--session-role", "b"}), HasSubstr("only once"));
  EXPECT_THAT(refusal({"run", "--session-role", "a", "--sessions", "none"}), HasSubstr("--sessions create"));
  EXPECT_THAT(refusal({"run", "--session-role", "a", "--sessions", "file:x"}), HasSubstr("--sessions create"));
}

TEST(Bounds, AreNoneUnlessGiven) {
  EXPECT_EQ(options({"run"}).max_requests, 0U);
  EXPECT_EQ(options({"run"}).max_sessions, 0U);
  EXPECT_EQ(options({"run", "--max-requests", "7"}).max_requests, 7U);
  EXPECT_EQ(options({"run", "--max-sessions", "7"}).max_sessions, 7U);
  for (const char* option : {"--max-requests", "--max-sessions"})
    EXPECT_THAT(refusal({"run", option, "-1"}), HasSubstr("is no whole number")) << option;
}

TEST(Waits, AreSeconds) {
  EXPECT_EQ(options({"run"}).throttle_wait_seconds, 30);
  EXPECT_EQ(options({"run"}).ready_wait_seconds, 120);
  for (const char* option : {"--throttle-wait", "--ready-wait", "--effect-wait"}) {
    EXPECT_THAT(refusal({"run", option, "nan"}), HasSubstr("is no number from 0 to 3600")) << option;
    (void)options({"sweep", "ledger", option, "0.5"});
  }
  EXPECT_EQ(options({"sweep", "ledger", "--throttle-wait", "0.5"}).throttle_wait_seconds, 0.5);
}

// What is deleted is not for the environment to say.
TEST(Sweep, TakesItsEndpointFromTheCommandLineAlone) {
  EXPECT_EQ(options({"sweep", "a"}, {{"AWS_ENDPOINT_URL", "http://elsewhere"}}).endpoint, "");
  EXPECT_EQ(options({"sweep", "a", "--endpoint", "http://here"}).endpoint, "http://here");
  EXPECT_EQ(options({"sweep", "a"}).subject, "a");
  EXPECT_THAT(refusal({"sweep"}), HasSubstr("ledger is required"));
  EXPECT_THAT(refusal({"sweep", "a", "--endpoint", ""}), HasSubstr("--endpoint is empty"));
  EXPECT_THAT(refusal({"sweep", "a", "--endpoint", "here"}), HasSubstr("bad URL"));
  EXPECT_THAT(refusal({"sweep", "a", "--sessions", "none"}), HasSubstr("not understood here"));
}

TEST(Ledger, IsWhereTheUserSays) {
  EXPECT_EQ(options({"run"}).ledger, "");
  EXPECT_EQ(options({"run", "--ledger", "a"}).ledger, "a");
  EXPECT_EQ(options({"replay", "x", "--ledger", "a"}).ledger, "a");
  EXPECT_THAT(refusal({"run", "--ledger", ""}), HasSubstr("--ledger is empty"));
}

TEST(Shard, ThatIsEmptyIsRefused) { EXPECT_THAT(refusal({"run", "--shard", ""}), HasSubstr("--shard is empty")); }

TEST(WaitForEndpoint, NeedsOneThatIsNotEmbedded) {
  EXPECT_THAT(refusal({"run", "--wait-for-endpoint", "5"}), HasSubstr("give --endpoint URL"));
  EXPECT_EQ(options({"run", "--wait-for-endpoint", "5", "--endpoint", "http://h"}).wait_for_endpoint_seconds, 5);
}

}  // namespace
}  // namespace conformance::cli::options_test
