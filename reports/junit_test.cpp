#include "reports/junit.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <pugixml.hpp>
#include <string>
#include <vector>

#include "fixtures/testing/temporary_folder.h"
#include "harness/text/escape.h"

namespace conformance::reports::junit_test {
namespace {

std::string path_of_test() {
  const auto* test = testing::UnitTest::GetInstance()->current_test_info();
  static const testing_support::TemporaryFolder folder;  // of the whole program; gone when it ends
  return folder.file(std::string(test->name()) + "/deeper/report.xml");
}

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// In the report's folder, the report included: a temporary file that stays behind is seen whatever its name.
std::ptrdiff_t files_beside(const std::string& path) {
  const std::filesystem::directory_iterator files(std::filesystem::path(path).parent_path());
  return std::distance(begin(files), end(files));
}

spec::SpecTable table() {
  spec::SpecTable t;
  t.service = "glue";
  t.requirements = {{.id = "id.max",
                     .sentence = "An Id has at most 255 characters.",
                     .level = spec::Level::must,
                     .evidence = spec::Evidence::documented,
                     .sources = {"api"},
                     .accept = {}}};
  t.sources["api"] = "the API reference";
  return t;
}

CaseResult result(const std::string& id, Verdict verdict, const std::string& text = "x") {
  CaseResult r;
  r.test.id = id;
  r.test.title = "A title";
  r.test.area = id.substr(0, id.rfind('.'));
  r.judgement.verdict = verdict;
  r.judgement.requirement = "id.max";
  r.judgement.expected = "400 InvalidInputException";
  r.judgement.actual = text;
  r.judgement.reason = text;
  r.request.headers = {{"Host", "localhost:5000"}};
  r.request.body = "{\"Id\":\"\\u0001\"}";
  r.elapsed = std::chrono::microseconds(1234567);
  wire::Exchange e;
  e.sent = "POST / HTTP/1.1\r\nAuthorization: AWS4 SECRET1\r\nx-amz-security-token: SECRETTOKEN2\r\n\r\n{}";
  e.received = "HTTP/1.1 200 OK\r\n\r\nSECRETTOKEN2 " + text;
  r.stimulus = e;
  return r;
}

std::string write(const std::vector<CaseResult>& results, const RunEnd& end = {}, const ReportOptions& options = {}) {
  const std::string path = path_of_test();
  JunitReport report(path, options);
  RunInfo info;
  info.tool_version = "0.1.0";
  info.endpoint = "http://localhost:5000";
  info.curl_url = "http://localhost:5000/";
  info.region = "us-east-1";
  report.on_start(info, table());
  for (const CaseResult& r : results) report.on_case(r);
  report.on_end(end);
  EXPECT_EQ(files_beside(path), 1);
  return path;
}

const std::string& hostile() {
  static const std::string text =
      std::string("\0\x01\x1b[31m\r\n]]>&<\"'", 17) +
      "\xff\xc0\x80\xed\xa0\x80\xef\xbf\xbf\xef\xbf\xbe ::error:: " + std::string(70000, 'a');
  return text;
}

std::vector<CaseResult> one_of_each(const std::string& text) {
  std::vector<CaseResult> all = {result("a.b.pass", Verdict::pass, text), result("a.b.fail", Verdict::fail, text),
                                 result("a.c.error", Verdict::error, text),
                                 result("a.c.inconclusive", Verdict::inconclusive, text),
                                 result("a.b.skipped", Verdict::skipped, text)};
  all.push_back(result("a.b.warning", Verdict::fail, text));
  all.back().warning = true;
  return all;
}

std::size_t children(pugi::xml_node suite, const char* name) {
  std::size_t n = 0;
  for (const pugi::xml_node test : suite.children("testcase")) n += test.child(name) ? 1U : 0U;
  return n;
}

pugi::xml_node test_named(const pugi::xml_document& d, const std::string& name) {
  return d.child("testsuites").find_node([&](pugi::xml_node n) { return n.attribute("name").value() == name; });
}

TEST(Junit, CountsEqualTheChildren) {
  pugi::xml_document d;
  ASSERT_TRUE(d.load_file(write(one_of_each("x")).c_str()));
  const pugi::xml_node root = d.child("testsuites");
  unsigned tests = 0, failures = 0, errors = 0, suites = 0;
  for (const pugi::xml_node suite : root.children("testsuite")) {
    ++suites;
    const auto all = std::distance(suite.children("testcase").begin(), suite.children("testcase").end());
    EXPECT_EQ(suite.attribute("tests").as_llong(), all);
    EXPECT_EQ(suite.attribute("failures").as_uint(), children(suite, "failure"));
    EXPECT_EQ(suite.attribute("errors").as_uint(), children(suite, "error"));
    EXPECT_EQ(suite.attribute("skipped").as_uint(), children(suite, "skipped"));
    tests += suite.attribute("tests").as_uint();
    failures += suite.attribute("failures").as_uint();
    errors += suite.attribute("errors").as_uint();
    for (const pugi::xml_node test : suite.children("testcase")) {
      EXPECT_STREQ(test.attribute("classname").value(), suite.attribute("name").value());
    }
  }
  EXPECT_EQ(suites, 2U);
  EXPECT_EQ(tests, 6U);
  EXPECT_EQ(root.attribute("tests").as_uint(), tests);
  EXPECT_EQ(root.attribute("failures").as_uint(), failures);
  EXPECT_EQ(failures, 1U);
  EXPECT_EQ(root.attribute("errors").as_uint(), errors);
  EXPECT_EQ(errors, 2U);
}

TEST(Junit, HostileTextsParse) {
  const std::string path = write(one_of_each(hostile()));
  const std::string bytes = read(path);
  for (const char c : bytes) {
    ASSERT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\n') << static_cast<int>(c);
  }
  for (const char* bad : {"\xff", "\xef\xbf\xbf", "\xef\xbf\xbe", "&#", "CDATA", "SECRET1", "SECRETTOKEN2"}) {
    EXPECT_EQ(bytes.find(bad), std::string::npos) << bad;
  }
  pugi::xml_document d;
  ASSERT_TRUE(d.load_file(path.c_str()));
  for (const char* name : {"a.b.fail A title", "a.c.error A title", "a.b.skipped A title"}) {
    const pugi::xml_node finding = test_named(d, name).first_child();
    EXPECT_GT(std::string(finding.attribute("message").value()).size(), 0U) << name;
    EXPECT_LE(std::string(finding.attribute("message").value()).size(), 200U) << name;
    EXPECT_LE(std::string(test_named(d, name).child_value("system-out")).size(), 16U * 1024) << name;
  }
}

// Of the schemas that can hold: junit-4's knows no message of a skip, so that a run without one is held to it; that of
// Ant wants a package of each suite and a file without counts, and Surefire's one suite a file.
std::string schema(const std::string& name) {
  const char* shared = std::getenv("GLUE_CONFORMANCE_SHARED");
  return (shared != nullptr ? std::string(shared) : std::string(PROJECT_SOURCE_DIR) + "/../shared") + "/schemas/" +
         name;
}

bool is_valid(const std::string& path, const std::string& xsd) {
  return std::system(("xmllint --noout --schema '" + xsd + "' '" + path + "'").c_str()) == 0;
}

struct JunitSchema : testing::TestWithParam<JunitBy> {};
INSTANTIATE_TEST_SUITE_P(By, JunitSchema, testing::Values(JunitBy::test_case, JunitBy::requirement));

TEST_P(JunitSchema, IsKept) {
  const std::string jenkins = schema("jenkins-xunit-junit-10.xsd"), junit4 = schema("jenkins-junit.xsd");
  if (!std::filesystem::exists(jenkins) || !std::filesystem::exists(junit4)) GTEST_SKIP() << "no schema at " << jenkins;
  ASSERT_EQ(std::system("command -v xmllint >/dev/null 2>&1"), 0) << "install libxml2-utils, as ./test does";
  RunEnd end;
  end.fatal = hostile();
  end.leftovers = {hostile()};
  std::vector<CaseResult> results = one_of_each(hostile());
  const ReportOptions options{.junit_by = GetParam()};
  EXPECT_TRUE(is_valid(write(results, end, options), jenkins));
  std::erase_if(results, [](const CaseResult& r) { return r.warning || r.judgement.verdict == Verdict::skipped; });
  EXPECT_TRUE(is_valid(write(results, end, options), junit4));
  // That a schema can fail at all.
  const std::string broken = write(results, end, options) + ".broken";
  std::string bytes = read(broken.substr(0, broken.size() - 7));
  bytes.replace(bytes.find(" tests="), 7, " texts=");
  std::ofstream(broken) << bytes;
  EXPECT_FALSE(is_valid(broken, jenkins));
  std::filesystem::remove(broken);
}

// reports/junit/approved*.xml is a small run of every verdict, whose endpoint answers every awkward character. To
// approve another: GLUE_CONFORMANCE_APPROVE=1 and this test.
TEST(Junit, ReadsAsApproved) {
  std::vector<CaseResult> results;
  for (CaseResult& each : one_of_each("200 <a> & \"b\" 'c' \\ ]]> \t\r\n\x1b[31m\x7f \xff\xed\xa0\x80 \uFFFE\uFFFF "
                                      "\u0085\u2028\u202E\uFDD0 \u00E9\u4E2D\U0001F600 ::error::x ##vso[y]z" +
                                      std::string("\0", 1)))
    results.push_back(each);
  results.push_back(result("a.b.second", Verdict::fail, "500"));
  results.back().judgement.checks = {{"id.max", false}, {"http", false}};
  RunEnd end;
  end.elapsed = std::chrono::milliseconds(2500);
  end.leftovers = {"left \x01 behind"};
  for (const JunitBy by : {JunitBy::test_case, JunitBy::requirement}) {
    const std::string now = read(write(results, end, {.junit_by = by}));
    const std::string approved = std::string(PROJECT_SOURCE_DIR) + "/reports/junit/" +
                                 (by == JunitBy::test_case ? "approved.xml" : "approved_by_requirement.xml");
    if (std::getenv("GLUE_CONFORMANCE_APPROVE") != nullptr) std::ofstream(approved, std::ios::binary) << now;
    EXPECT_EQ(now, read(approved)) << approved;
  }
}

// By requirement, the checklist of a file is the same: flat suites, names, one finding a case, counts, no secret.
TEST(Junit, ByRequirementKeepsTheRulesOfTheFile) {
  const std::string path = write(one_of_each(hostile()), {}, {.junit_by = JunitBy::requirement});
  const std::string bytes = read(path);
  for (const char* bad : {"\xff", "&#", "CDATA", "SECRET1", "SECRETTOKEN2", "::error"})
    EXPECT_EQ(bytes.find(bad), std::string::npos) << bad;
  pugi::xml_document d;
  ASSERT_TRUE(d.load_file(path.c_str()));
  const pugi::xml_node suite = d.child("testsuites").child("testsuite");
  EXPECT_STREQ(suite.attribute("name").value(), "id");
  EXPECT_STREQ(suite.attribute("tests").value(), "1");
  EXPECT_STREQ(suite.attribute("failures").value(), "1");
  const pugi::xml_node test = suite.child("testcase");
  EXPECT_STREQ(test.attribute("classname").value(), "id");
  EXPECT_STREQ(test.attribute("name").value(), "id.max An Id has at most 255 characters.");
  EXPECT_STREQ(test.child("failure").attribute("type").value(), "conformance.id.max");
  EXPECT_LE(std::string(test.child("failure").attribute("message").value()).size(), 250U);
  EXPECT_STREQ(test.last_child().name(), "system-out");
  EXPECT_NE(std::string(test.child_value("failure")).find("case: a.b.fail A title\nreason: "), std::string::npos);
}

TEST(Junit, SplitWritesPartsBesideTheFile) {
  const std::string path = path_of_test();
  JunitReport report(path, {.junit_by = JunitBy::test_case, .junit_split = 2});
  RunInfo info;
  info.curl_url = "http://localhost:5000/";
  report.on_start(info, table());
  for (const CaseResult& r : one_of_each("x")) report.on_case(r);
  report.on_end({});
  EXPECT_EQ(files_beside(path), 3);
  EXPECT_THROW(JunitReport("/dev/null", {.junit_by = JunitBy::test_case, .junit_split = 2}), ReportError);
}

// Every character that a parser refuses, one at a time, so that none hides behind another.
TEST(Junit, LosesNoHostileCharacter) {
  std::vector<std::string> texts = {"\xff", "\xed\xa0\x80", "\xc0\x80",      "\uFFFE",       "\uFFFF",
                                    "]]>",  "::error::",    "##vso[task.x]", "<a>&amp;</a>", "\x1b[31mred"};
  for (char c = 0; c < 0x20; ++c) texts.emplace_back(1, c);
  std::vector<CaseResult> all;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    all.push_back(result("a.case" + std::to_string(i), Verdict::fail, "before " + texts[i] + " after"));
    all.back().test.title = texts[i];
  }
  pugi::xml_document d;
  const std::string path = write(all);
  ASSERT_TRUE(d.load_file(path.c_str()));
  EXPECT_EQ(d.child("testsuites").attribute("tests").as_uint(), texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::string shown = text::visible(texts[i]);
    const pugi::xml_node test = test_named(d, ("a.case" + std::to_string(i) + " " + shown).c_str());
    ASSERT_TRUE(test) << shown;
    EXPECT_NE(std::string(test.child_value("failure")).find("actual: before " + shown + " after\n"), std::string::npos);
    EXPECT_NE(std::string(test.child("failure").attribute("message").value()).find(shown), std::string::npos);
  }
  const std::string bytes = read(path);
  for (const char* token : {"::", "##", "CDATA", "\r", "\x1b"})
    EXPECT_EQ(bytes.find(token), std::string::npos) << token;
}

TEST(Junit, StaysUnderTheSizeThatConsumersRefuse) {
  std::vector<CaseResult> all;
  for (int i = 0; i < 600; ++i) {
    all.push_back(result("a.case" + std::to_string(i), Verdict::fail, hostile()));
    for (int k = 0; k < 20000; ++k) all.back().request.body += k % 2 == 0 ? '&' : '<';
  }
  const std::string path = write(all);
  EXPECT_LT(std::filesystem::file_size(path), 10'000'000U);
  pugi::xml_document d;
  ASSERT_TRUE(d.load_file(path.c_str()));
  for (const pugi::xml_node test : d.child("testsuites").child("testsuite").children("testcase"))
    EXPECT_STRNE(test.child_value("failure"), "");
}

TEST(Junit, ReadsAsAgreed) {
  std::vector<CaseResult> all = {result("id.ok", Verdict::pass), result("id.max.256", Verdict::fail, "200 with \"a\""),
                                 result("wire.slow", Verdict::inconclusive, "throttled")};
  for (CaseResult& r : all) {
    r.stimulus->sent = "POST / HTTP/1.1\r\n\r\n{}";
    r.stimulus->received = "HTTP/1.1 200 OK\r\n\r\n<\x1b>";
  }
  all[2].stimulus.reset();
  RunEnd end;
  end.elapsed = std::chrono::milliseconds(2500);
  EXPECT_EQ(read(write(all, end)), R"xml(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="glue-conformance" tests="3" failures="1" errors="1" time="2.500">
  <testsuite name="id" tests="1" failures="0" errors="0" skipped="0" time="1.235" timestamp="1970-01-01T00:00:00">
    <properties>
      <property name="tool version" value="0.1.0" />
      <property name="endpoint" value="http://localhost:5000" />
      <property name="seed" value="0" />
      <property name="region" value="us-east-1" />
      <property name="sessions" value="" />
    </properties>
    <testcase name="id.ok A title" classname="id" time="1.235" />
  </testsuite>
  <testsuite name="id.max" tests="1" failures="1" errors="0" skipped="0" time="1.235" timestamp="1970-01-01T00:00:00">
    <properties>
      <property name="tool version" value="0.1.0" />
      <property name="endpoint" value="http://localhost:5000" />
      <property name="seed" value="0" />
      <property name="region" value="us-east-1" />
      <property name="sessions" value="" />
    </properties>
    <testcase name="id.max.256 A title" classname="id.max" time="1.235">
      <failure type="conformance.id.max" message="id.max: expected 400 InvalidInputException; got 200 with &quot;a&quot;">id.max: An Id has at most 255 characters.
level: must
evidence: documented
source: api: the API reference
reason: 200 with "a"
expected: 400 InvalidInputException
actual: 200 with "a"
replay: glue-conformance replay id.max.256
curl: printf '{"Id":"\134u0001"}' | curl -sS -i -X POST http://localhost:5000/ -H Content-Type: --aws-sigv4 aws:amz:us-east-1:glue --user "${AWS_ACCESS_KEY_ID:-test}:${AWS_SECRET_ACCESS_KEY:-test}" ${AWS_SESSION_TOKEN:+-H "X-Amz-Security-Token: $AWS_SESSION_TOKEN"} --data-binary @-
</failure>
      <system-out>--- sent
POST / HTTP/1.1

{}
--- received
HTTP/1.1 200 OK

&lt;\u001b&gt;</system-out>
    </testcase>
  </testsuite>
  <testsuite name="wire" tests="1" failures="0" errors="1" skipped="0" time="1.235" timestamp="1970-01-01T00:00:00">
    <properties>
      <property name="tool version" value="0.1.0" />
      <property name="endpoint" value="http://localhost:5000" />
      <property name="seed" value="0" />
      <property name="region" value="us-east-1" />
      <property name="sessions" value="" />
    </properties>
    <testcase name="wire.slow A title" classname="wire" time="1.235">
      <error type="conformance.inconclusive" message="throttled">id.max: An Id has at most 255 characters.
level: must
evidence: documented
source: api: the API reference
reason: throttled
expected: 400 InvalidInputException
actual: throttled
replay: glue-conformance replay wire.slow
curl: printf '{"Id":"\134u0001"}' | curl -sS -i -X POST http://localhost:5000/ -H Content-Type: --aws-sigv4 aws:amz:us-east-1:glue --user "${AWS_ACCESS_KEY_ID:-test}:${AWS_SECRET_ACCESS_KEY:-test}" ${AWS_SESSION_TOKEN:+-H "X-Amz-Security-Token: $AWS_SESSION_TOKEN"} --data-binary @-
</error>
    </testcase>
  </testsuite>
</testsuites>
)xml");
}

TEST(Junit, PassingCaseHasNoChildren) {
  pugi::xml_document d;
  ASSERT_TRUE(d.load_file(write({result("a.pass", Verdict::pass)}).c_str()));
  const pugi::xml_node test = test_named(d, "a.pass A title");
  ASSERT_TRUE(test);
  EXPECT_FALSE(test.first_child());
  EXPECT_STREQ(test.attribute("time").value(), "1.235");
}

TEST(Junit, FailureSaysAll) {
  pugi::xml_document d;
  ASSERT_TRUE(d.load_file(write({result("a.fail", Verdict::fail, "200")}).c_str()));
  const pugi::xml_node test = test_named(d, "a.fail A title");
  EXPECT_STREQ(test.child("failure").attribute("type").value(), "conformance.id.max");
  EXPECT_STREQ(test.child("failure").attribute("message").value(),
               "id.max: expected 400 InvalidInputException; got 200");
  const std::string body = test.child_value("failure");
  for (const char* part :
       {"An Id has at most 255 characters.", "level: must", "evidence: documented", "source: api: the API reference",
        "expected: 400 InvalidInputException", "actual: 200", "replay: glue-conformance replay a.fail", "curl: "}) {
    EXPECT_NE(body.find(part), std::string::npos) << part << "\n" << body;
  }
  EXPECT_STREQ(test.last_child().name(), "system-out");
  const std::string dump = test.child_value("system-out");
  EXPECT_NE(dump.find("Authorization: (secret left out)\n"), std::string::npos) << dump;
  EXPECT_NE(dump.find("x-amz-security-token: (secret left out)\n"), std::string::npos) << dump;
  EXPECT_EQ(dump.find("SECRET"), std::string::npos) << dump;
}

TEST(Junit, SaysHowToStartAnEndpointThatIsGone) {
  const std::string path = path_of_test();
  JunitReport report(path);
  RunInfo info;
  info.curl_url = "http://localhost:5000/";
  info.serve_line = "glue-conformance serve --port 5000";
  report.on_start(info, table());
  report.on_case(result("a.fail", Verdict::fail));
  report.on_end({});
  EXPECT_NE(read(path).find("\nserve: glue-conformance serve --port 5000\ncurl: "), std::string::npos);
}

TEST(Junit, SkippedSaysItTwiceAndWarningsAreSkipped) {
  CaseResult warning = result("a.warning", Verdict::fail, "200");
  warning.warning = true;
  pugi::xml_document d;
  ASSERT_TRUE(d.load_file(write({result("a.skipped", Verdict::skipped, "no session"), warning}).c_str()));
  const pugi::xml_node skipped = test_named(d, "a.skipped A title").child("skipped");
  EXPECT_STREQ(skipped.attribute("message").value(), "no session");
  EXPECT_STREQ(skipped.child_value(), "no session");
  const pugi::xml_node warned = test_named(d, "a.warning A title").child("skipped");
  EXPECT_STREQ(warned.attribute("message").value(), "warning: id.max: expected 400 InvalidInputException; got 200");
  EXPECT_STREQ(warned.child_value(), warned.attribute("message").value());
}

TEST(Junit, WorstVerdictIsKept) {
  pugi::xml_document d;
  ASSERT_TRUE(d.load_file(write({result("a.x", Verdict::pass), result("a.x", Verdict::fail),
                                 result("a.x", Verdict::error), result("a.x", Verdict::pass)})
                              .c_str()));
  EXPECT_EQ(d.child("testsuites").attribute("tests").as_uint(), 1U);
  EXPECT_STREQ(test_named(d, "a.x A title").first_child().name(), "failure");
}

TEST(Junit, FatalAndEmptyRunsAreErrors) {
  pugi::xml_document d;
  RunEnd end;
  end.fatal = "nobody listens";
  ASSERT_TRUE(d.load_file(write({result("a.x", Verdict::pass)}, end).c_str()));
  EXPECT_STREQ(test_named(d, "run").child("testcase").child("error").attribute("message").value(), "nobody listens");
  ASSERT_TRUE(d.load_file(write({}).c_str()));
  EXPECT_STREQ(test_named(d, "run").child("testcase").child("error").attribute("message").value(),
               "nothing was executed");
}

TEST(Junit, UnwritablePathIsAReportError) {
  for (const std::string path : {"/proc/no/such/junit.xml", "/dev/null/junit.xml", "/tmp", ""}) {
    EXPECT_THROW(check_writable(path, "the JUnit report"), ReportError) << path;
    JunitReport report(path);
    report.on_start({}, table());
    EXPECT_THROW(report.on_end({}), ReportError) << path;
  }
  const std::string good = path_of_test();
  EXPECT_NO_THROW(check_writable(good, "the JUnit report"));
  EXPECT_EQ(files_beside(good), 0);
}

TEST(Junit, AMessageOfAReportErrorReadsAsASentence) {
  try {
    check_writable("/proc/no/such/junit.xml", "the JUnit report");
    FAIL() << "no error";
  } catch (const ReportError& error) {
    EXPECT_EQ(
        std::string(error.what()),
        "cannot write the JUnit report /proc/no/such/junit.xml: No such file or directory; name a file in a folder "
        "that you may write to");
  }
}

TEST(Junit, APipeTakesTheReportAndStaysAPipe) {
  const std::string path = path_of_test();
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::filesystem::remove(path);
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  std::future<std::string> reader = std::async(std::launch::async, [&path] { return read(path); });
  write({result("a.pass", Verdict::pass)});
  pugi::xml_document d;
  EXPECT_TRUE(d.load_string(reader.get().c_str()));
  EXPECT_TRUE(std::filesystem::is_fifo(path));
  std::filesystem::remove(path);
}

TEST(Junit, SaysWhatWasLeftBehindAndHowToDeleteIt) {
  const std::string path = path_of_test();
  JunitReport report(path);
  RunInfo info;
  info.sweep_line = "glue-conformance sweep a/ledger.jsonl";
  report.on_start(info, table());
  report.on_case(result("a.pass", Verdict::pass));
  RunEnd end;
  for (int i = 0; i < 1000; ++i) end.leftovers.push_back("gc-" + std::to_string(i) + "\x1b[31m");
  report.on_end(end);
  pugi::xml_document d;
  ASSERT_TRUE(d.load_file(path.c_str()));
  const pugi::xml_node test = test_named(d, "what the run created is deleted");
  EXPECT_STREQ(test.parent().attribute("name").value(), "run");
  const std::string body = test.child("error").text().get();
  EXPECT_STREQ(test.child("error").attribute("message").value(),
               "1000 sessions that the run created could not be deleted");
  EXPECT_NE(body.find("to delete them: glue-conformance sweep a/ledger.jsonl\n"), std::string::npos) << body;
  EXPECT_NE(body.find("gc-0\\u001b[31m"), std::string::npos) << body;
  EXPECT_LT(body.size(), 10000U);
  EXPECT_STREQ(d.child("testsuites").attribute("errors").value(), "1");
}

TEST(Junit, ASymbolicLinkStaysOne) {
  const std::string path = path_of_test();
  const std::filesystem::path target = std::filesystem::path(path).parent_path().parent_path() / "target.xml";
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::filesystem::remove(path);
  std::filesystem::create_symlink(target, path);
  write({result("a.pass", Verdict::pass)});
  EXPECT_TRUE(std::filesystem::is_symlink(path));
  EXPECT_TRUE(std::filesystem::is_regular_file(target));
  std::filesystem::remove(path);
}

TEST(Junit, RunsThatWriteTheSameReportLeaveAWholeOne) {
  const std::string path = path_of_test();
  check_writable(path, "the JUnit report");
  std::vector<std::future<void>> writers;
  for (int i = 0; i < 8; ++i)
    writers.push_back(std::async(std::launch::async, [&path] {
      JunitReport report(path);
      report.on_start({}, table());
      report.on_case(result("a.pass", Verdict::pass));
      report.on_end({});
    }));
  for (std::future<void>& writer : writers) EXPECT_NO_THROW(writer.get());
  pugi::xml_document d;
  EXPECT_TRUE(d.load_file(path.c_str()));
  EXPECT_EQ(files_beside(path), 1);
}

}  // namespace
}  // namespace conformance::reports::junit_test
