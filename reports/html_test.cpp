#include "reports/html.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <pugixml.hpp>

#include "fixtures/testing/harmless.h"
#include "fixtures/testing/temporary_folder.h"
#include "reports/whole_file.h"

namespace conformance::reports::html_test {
namespace {

using testing_support::without_style_and_script;

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string path_of_test(const std::string& name = "report.html") {
  static const testing_support::TemporaryFolder folder;  // of the whole program; gone when it ends
  return folder.file(std::string(testing::UnitTest::GetInstance()->current_test_info()->name()) + "/" + name);
}

spec::SpecTable table() {
  spec::SpecTable t;
  t.service = "glue";
  t.operation = "DeleteSession";
  t.identifier = "Id";
  t.request_members = {{.name = "Id",
                        .type = "string",
                        .required = true,
                        .min_length = 1,
                        .max_length = 255,
                        .length_unit = "code_points",
                        .pattern = "",
                        .allowed = {{0x20, 0xD7FF}}}};
  t.requirements = {{.id = "id.length.max",
                     .sentence = "An Id has at most 255 characters.",
                     .level = spec::Level::must,
                     .evidence = spec::Evidence::documented,
                     .sources = {"api"},
                     .accept = {"ValidationException"}},
                    {.id = "id.required",
                     .sentence = "An Id is required.",
                     .level = spec::Level::should,
                     .evidence = spec::Evidence::modelled,
                     .sources = {},
                     .accept = {}}};
  t.characteristics = {{.id = "id.length.unit", .sentence = "In which unit?", .sources = {}}};
  t.sources["api"] = "the API reference: https://docs.example/x";
  return t;
}

CaseResult result(const std::string& id, Verdict verdict, const std::string& said = "x") {
  CaseResult r;
  r.test.id = id;
  r.test.title = "A title";
  r.test.area = id.substr(0, id.rfind('.'));
  r.test.body = R"({"Id":"abc"})";
  r.judgement.verdict = verdict;
  r.judgement.requirement = "id.length.max";
  r.judgement.checks = {{"id.length.max", verdict == Verdict::pass}};
  r.judgement.expected = "400 ValidationException";
  r.judgement.actual = r.judgement.reason = said;
  r.judgement.answer.outcome = spec::Outcome::success;
  r.judgement.answer.status = 200;
  r.request.headers = {{"Host", "localhost:5000"}};
  r.request.body = r.test.body;
  wire::Exchange e;
  e.sent = "POST / HTTP/1.1\r\nAuthorization: AWS4 SECRET1\r\n\r\n" + r.test.body;
  e.received = "HTTP/1.1 200 OK\r\n\r\n" + said;
  e.response.emplace().status = 200;
  e.elapsed = std::chrono::microseconds(1500);
  r.stimulus = e;
  return r;
}

std::vector<CaseResult> one_of_each(const std::string& said) {
  std::vector<CaseResult> all = {
      result("id.length.pass", Verdict::pass, said),     result("id.length.fail", Verdict::fail, said),
      result("wire.slow.error", Verdict::error, said),   result("wire.slow.throttled", Verdict::inconclusive, said),
      result("id.type.skipped", Verdict::skipped, said), result("id.length.warned", Verdict::fail, said)};
  all.back().warning = true;
  return all;
}

RunEnd end_of(const std::vector<CaseResult>& results) {
  RunEnd end;
  end.totals.planned = results.size();
  for (const CaseResult& r : results) {
    std::map<Verdict, std::size_t*> counts = {{Verdict::pass, &end.totals.pass},
                                              {Verdict::fail, &end.totals.fail},
                                              {Verdict::error, &end.totals.error},
                                              {Verdict::inconclusive, &end.totals.inconclusive},
                                              {Verdict::skipped, &end.totals.skipped}};
    ++*counts[r.judgement.verdict];
  }
  end.exit_status = end.totals.fail > 0 ? 1 : 0;
  end.elapsed = std::chrono::milliseconds(2500);
  return end;
}

RunInfo info() {
  RunInfo i;
  i.tool_version = "0.1.0";
  i.endpoint = "http://localhost:5000";
  i.endpoint_arg = "--endpoint http://localhost:5000";
  i.replay_args = "--seed 7";
  i.curl_url = "http://localhost:5000/";
  i.region = "us-east-1";
  i.seed = 7;
  i.sessions = "created";
  i.notes = {"credentials of the environment"};
  return i;
}

std::string written(const std::vector<CaseResult>& results, const RunEnd& end,
                    const std::string& name = "report.html") {
  const std::string path = path_of_test(name);
  HtmlReport report(path);
  report.on_start(info(), table());
  for (const CaseResult& r : results) report.on_case(r);
  report.on_end(end);
  return read(path);
}
std::string written(const std::vector<CaseResult>& results) { return written(results, end_of(results)); }

// A page is written so that it is well-formed XML too: what opens ends.
pugi::xml_document parsed(const std::string& page) {
  pugi::xml_document document;
  const pugi::xml_parse_result parse = document.load_string(without_style_and_script(page).c_str(), pugi::parse_full);
  EXPECT_TRUE(parse) << parse.description() << " at " << page.substr(static_cast<std::size_t>(parse.offset), 200);
  return document;
}

const std::string& hostile() {
  static const std::string text = std::string("\0\x01\x1b[31m\r\n]]>&<\"'", 17) +
                                  "\xff\xc0\x80\xed\xa0\x80\u202E\u2028\uFFFE</script></style><script>alert(1)</script>"
                                  "<img src=x onerror=alert(1)><!-- " +
                                  std::string(70000, 'a');
  return text;
}

TEST(Html, CountsAreThoseOfTheCases) {
  const auto results = one_of_each("x");
  const pugi::xml_document page = parsed(written(results));
  EXPECT_EQ(page.select_nodes("//details[@class='c']").size(), results.size());
  for (const char* status : {"pass", "fail", "error", "inconclusive", "skipped", "warning"})
    EXPECT_EQ(page.select_nodes(("//details[@class='c'][@data-v='" + std::string(status) + "']").c_str()).size(), 1U);
  EXPECT_STREQ(page.select_node("//ul[@class='counts']/li[@data-v='pass']//strong").node().text().get(), "1");
}

TEST(Html, TheVerdictIsTheHeading) {
  EXPECT_STREQ(parsed(written(one_of_each("x"))).select_node("//h1").node().text().get(),
               "The endpoint does not conform: 1 requirement failed");
  EXPECT_STREQ(parsed(written({result("a.b.c", Verdict::pass)})).select_node("//h1").node().text().get(),
               "The endpoint conforms");
}

TEST(Html, WhatFailsComesFirst) {
  const pugi::xml_document page = parsed(written(one_of_each("x")));
  EXPECT_STREQ(page.select_node("//details[@class='c']").node().attribute("id").value(), "case-id.length.fail");
  EXPECT_STREQ(page.select_node("//details[@class='r']").node().attribute("data-v").value(), "fail");
}

TEST(Html, EveryCaseHasItsLine) {
  const auto results = one_of_each("x");
  EXPECT_EQ(parsed(written(results)).select_nodes("//details[@class='c']/summary/code").size(), results.size());
}

TEST(Html, HeadingsAreInOrder) {
  const pugi::xml_document page = parsed(written(one_of_each("x")));
  int before = 0;
  for (const auto& heading : page.select_nodes("//h1|//h2|//h3")) {
    const int rank = heading.node().name()[1] - '0';
    EXPECT_LE(rank, before + 1);
    before = rank;
  }
  EXPECT_GT(before, 0);
}

TEST(Html, EveryLinkWithinThePageLeadsSomewhere) {
  const pugi::xml_document page = parsed(written(one_of_each("x")));
  std::map<std::string, int> ids;
  for (const auto& node : page.select_nodes("//*[@id]")) ++ids[node.node().attribute("id").value()];
  for (const auto& [id, times] : ids) EXPECT_EQ(times, 1) << id;
  for (const auto& link : page.select_nodes("//a[starts-with(@href,'#')]"))
    EXPECT_TRUE(ids.contains(link.node().attribute("href").value() + 1)) << link.node().attribute("href").value();
}

TEST(Html, ItsPolicyAllowsItsOwnStyleAndScriptOnly) {
  const pugi::xml_document page = parsed(written(one_of_each("x")));
  const std::string policy =
      page.select_node("//meta[@http-equiv='Content-Security-Policy']").node().attribute("content").value();
  EXPECT_EQ(policy.find("default-src 'none'; style-src 'sha256-"), 0U) << policy;
  EXPECT_NE(policy.find("script-src 'sha256-"), std::string::npos);
  EXPECT_EQ(policy.find("unsafe"), std::string::npos);
  EXPECT_EQ(page.select_nodes("//script").size(), 1U);
  EXPECT_EQ(page.select_nodes("//style").size(), 1U);
  EXPECT_EQ(page.select_nodes("//@style|//@src|//link|//img|//iframe|//object|//form/@action").size(), 0U);
  for (const auto& attribute : page.select_nodes("//@*"))
    EXPECT_NE(std::string(attribute.attribute().name()).substr(0, 2), "on");
}

TEST(Html, HostileTextsStayText) {
  std::vector<CaseResult> results = one_of_each(hostile());
  for (CaseResult& r : results) {
    r.test.title = r.judgement.expected = r.judgement.note = hostile();
    r.judgement.answer.type = r.judgement.answer.message = hostile();
    r.judgement.answer.outcome = spec::Outcome::unrecognised;
  }
  RunEnd end = end_of(results);
  end.fatal = hostile();
  end.leftovers = {hostile()};
  end.unwritten = {hostile()};
  end.characteristics = {{"id.length.unit", hostile(), {hostile(), hostile()}}};
  const std::string page = written(results, end);
  for (const char c : page) ASSERT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\n') << static_cast<int>(c);
  for (const char* bad : {"\xff", "\u202E", "\u2028", "\uFFFE", "<img", "alert(1)</script>", "SECRET1", "<!--"})
    EXPECT_EQ(without_style_and_script(page).find(bad), std::string::npos) << bad;
  parsed(page);
}

TEST(Html, ABrowsersParserAgreesThatItIsWellFormed) {
  ASSERT_EQ(std::system("command -v xmllint >/dev/null 2>&1"), 0) << "install libxml2-utils, as ./test does";
  const std::string path = path_of_test("clean.html");
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path) << without_style_and_script(written(one_of_each(hostile())));
  EXPECT_EQ(std::system(("xmllint --noout '" + path + "'").c_str()), 0);
}

TEST(Html, SameEventsSameBytes) {
  EXPECT_EQ(written(one_of_each("x"), end_of({}), "one.html"), written(one_of_each("x"), end_of({}), "other.html"));
}

TEST(Html, TheWorstOfRepeatedCasesIsKept) {
  const pugi::xml_document page =
      parsed(written({result("a.b.x", Verdict::pass), result("a.b.x", Verdict::fail), result("a.b.x", Verdict::pass)}));
  ASSERT_EQ(page.select_nodes("//details[@class='c']").size(), 1U);
  EXPECT_STREQ(page.select_node("//details[@class='c']").node().attribute("data-v").value(), "fail");
}

TEST(Html, ItStaysSmallEnoughToBeOpened) {
  std::vector<CaseResult> results;
  for (int i = 0; i < 6000; ++i) {
    results.push_back(
        result("a.b.case" + std::to_string(i), i % 3 == 0 ? Verdict::fail : Verdict::pass, hostile().substr(0, 4000)));
  }
  const std::string page = written(results);
  EXPECT_LT(page.size(), 11'000'000U);
  EXPECT_EQ(parsed(page).select_nodes("//details[@class='c']").size(), results.size());
}

TEST(Html, WhatCouldNotBeTestedIsSaid) {
  RunEnd end;
  end.exit_status = 3;
  end.fatal = "nobody listens";
  end.interrupted = true;
  const pugi::xml_document page = parsed(written({}, end));
  EXPECT_STREQ(page.select_node("//h1").node().text().get(), "The endpoint could not be tested");
  EXPECT_STREQ(page.select_node("//div[@class='alert']/p").node().text().get(), "nobody listens");
}

TEST(Html, UnwritablePathIsAReportError) {
  HtmlReport report("/proc/no/such/report.html");
  report.on_start(info(), table());
  EXPECT_THROW(report.on_end({}), ReportError);
}

// reports/html/approved.html is the page of a small run. To approve another: GLUE_CONFORMANCE_APPROVE=1 and this test.
TEST(Html, ReadsAsApproved) {
  std::vector<CaseResult> results = one_of_each("200 with \"a\"");
  results.push_back(result("id.length.ascii.3", Verdict::pass, "{}"));
  results.back().control = results.back().stimulus;
  results.back().control->sent += " ";
  RunEnd end = end_of(results);
  end.characteristics = {{"id.length.unit", "code_points", {"255 x U+00E9: 200", "256 x U+00E9: 400"}}};
  const std::string page = without_style_and_script(written(results, end));
  const std::string approved = std::string(PROJECT_SOURCE_DIR) + "/reports/html/approved.html";
  const std::size_t policy = page.find("style-src"), after = page.find("base-uri");
  const std::string stable = page.substr(0, policy) + page.substr(after);
  if (std::getenv("GLUE_CONFORMANCE_APPROVE") != nullptr) std::ofstream(approved, std::ios::binary) << stable;
  const std::string before = read(approved);
  const auto [now, then] = std::mismatch(stable.begin(), stable.end(), before.begin(), before.end());
  EXPECT_TRUE(stable == before) << "now:    " << std::string(now, std::min(now + 200, stable.end()))
                                << "\nbefore: " << std::string(then, std::min(then + 200, before.end()));
}

}  // namespace
}  // namespace conformance::reports::html_test
