#include "reports/html_case.h"

#include <gtest/gtest.h>

#include <pugixml.hpp>

#include "reports/curl.h"

namespace conformance::reports::html::html_case_test {
namespace {

RunInfo info() {
  RunInfo i;
  i.endpoint = "http://localhost:5000";
  i.endpoint_arg = "--endpoint http://localhost:5000";
  i.curl_url = "http://localhost:5000/";
  i.region = "us-east-1";
  return i;
}

std::string message(const std::string& head, const std::string& body) {
  return head + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

wire::Exchange exchange(const std::string& body, const std::string& answer) {
  wire::Exchange e;
  e.sent = message("POST / HTTP/1.1\r\nHost: localhost:5000", body);
  e.received = message("HTTP/1.1 200 OK", answer);
  e.response.emplace().status = 200;
  e.elapsed = std::chrono::microseconds(1234);
  return e;
}

CaseResult failed() {
  CaseResult r;
  r.test.id = "id.length.ascii.256";
  r.test.title = "Id of 256 characters";
  r.test.kind = Kind::malformed;
  r.judgement.verdict = Verdict::fail;
  r.judgement.requirement = "id.length.max";
  r.judgement.expected = "400 ValidationException";
  r.judgement.actual = "200";
  r.judgement.answer.outcome = spec::Outcome::success;
  r.judgement.answer.status = 200;
  r.judgement.checks = {{"id.length.max", false}, {"malformed.no_effect", false}};
  r.request.headers = {{"Host", "localhost:5000"}};
  r.request.body = R"({"Id":"aaX"})";
  r.stimulus = exchange(R"({"Id":"aaX"})", "{}");
  r.control = exchange(R"({"Id":"aa"})", "{}");
  return r;
}

pugi::xml_document parsed(const CaseView& view) {
  pugi::xml_document document;
  const std::string all = "<details>" + view.line + view.details + "</details>";
  EXPECT_TRUE(document.load_string(all.c_str(), pugi::parse_full | pugi::parse_ws_pcdata)) << all;
  return document;
}

pugi::xml_document shown(const CaseResult& result, const Extent& extent = whole) {
  return parsed(view_of(info(), spec::builtin_table(), result, extent));
}

std::string text_of(const pugi::xml_node& node) {
  std::string all;
  for (const auto& found : node.select_nodes(".//text()")) all += found.node().value();
  return all;
}

std::string command(const pugi::xml_document& document, const std::string& name) {
  return text_of(document.select_node(("//*[@data-c='" + name + "']").c_str()).node());
}

TEST(HtmlCase, ItsLineSaysVerdictNameAnswerAndTime) {
  const auto document = shown(failed());
  EXPECT_EQ(text_of(document.select_node("//summary").node()),
            "fail id.length.ascii.256 Id of 256 characters 200 1.2 ms");
}

TEST(HtmlCase, AFailureShowsExpectedBesideActual) {
  const auto document = shown(failed());
  EXPECT_EQ(text_of(document.select_node("//dl[@class='ea']").node()), "Expected400 ValidationExceptionActual200");
  EXPECT_EQ(document.select_nodes("//a[@href='#req-malformed.no_effect']").size(), 1U);
}

TEST(HtmlCase, MarksWhatTheControlHasNot) {
  const auto document = shown(failed());
  const auto marks = document.select_nodes("//pre[@class='w']//mark");
  ASSERT_EQ(marks.size(), 2U);  // and the place in the control where it is missing
  EXPECT_STREQ(marks[0].node().text().get(), "X");
  EXPECT_STREQ(marks[1].node().text().get(), "");
  EXPECT_EQ(std::string(document.select_node("//pre[@class='x']//mark").node().text().get()), "58 ");
}

TEST(HtmlCase, ItsCommandsAreThoseOfTheOtherReports) {
  const CaseResult result = failed();
  const auto document = shown(result);
  EXPECT_EQ(command(document, "replay"), replay_line(info(), result));
  EXPECT_EQ(command(document, "curl"), curl_line(info(), spec::builtin_table().service, result));
}

TEST(HtmlCase, AStoryIsAScriptOfTheAwsCli) {
  CaseResult result = failed();
  result.test.story = std::make_shared<const Story>();
  result.deeds = {{.turn = 0, .target = "AWSGlue.DeleteSession", .body = R"({"Id":"a"})", .answer = "200"},
                  {.turn = 1, .target = "AWSGlue.GetSession", .body = R"({"Id":"a"})", .answer = "400"}};
  const std::string script = command(shown(result), "AWS CLI");
  EXPECT_NE(script.find("aws glue delete-session"), std::string::npos);
  EXPECT_NE(script.find("\naws glue get-session"), std::string::npos);
}

TEST(HtmlCase, ACommandIsWholeOrLeftOut) {
  CaseResult result = failed();
  for (int i = 0; i < 9000; ++i) result.request.body += i % 2 == 0 ? 'a' : 'b';
  EXPECT_NE(command(shown(result), "curl").find("left out"), std::string::npos);
  result = failed();
  result.request.headers.push_back({"X-A", "\xff"});
  EXPECT_EQ(shown(result).select_nodes("//pre[@data-c='curl']").size(), 0U);  // nothing to copy that is not the same
}

TEST(HtmlCase, APassingOneIsBrief) {
  CaseResult result = failed();
  result.judgement.verdict = Verdict::pass;
  result.stimulus->received += std::string(100000, 'x');
  const CaseView view = view_of(info(), spec::builtin_table(), result, brief);
  EXPECT_LT(view.details.size(), 5000U);
  const auto document = parsed(view);
  EXPECT_EQ(document.select_nodes("//pre[@class='x']").size(), 0U);
  EXPECT_EQ(document.select_nodes("//dl[@class='ea']").size(), 0U);
}

TEST(HtmlCase, HostileTextsStayText) {
  CaseResult result = failed();
  const std::string hostile = std::string("</pre><script>x\0", 16) + "\xff\u202E\u2028]]>&\"'";
  result.test.title = result.judgement.actual = result.judgement.note = hostile;
  result.judgement.answer.type = hostile;
  result.stimulus->received = hostile;
  result.stimulus->response.reset();
  result.stimulus->failure = wire::TransportFailure::malformed;
  result.stimulus->detail = hostile;
  const CaseView view = view_of(info(), spec::builtin_table(), result, whole);
  EXPECT_EQ(view.details.find("<script"), std::string::npos);
  EXPECT_EQ(view.details.find("\u202E"), std::string::npos);
  EXPECT_EQ(view.details.find("\u2028"), std::string::npos);
  EXPECT_EQ(view.details.find('\xff'), std::string::npos);
  EXPECT_EQ(view.details.find('\0'), std::string::npos);
  EXPECT_NE(view.details.find("&lt;/pre&gt;&lt;script&gt;x<b>U+0000</b><b>xFF</b>"), std::string::npos);
  parsed(view);
}

TEST(HtmlCase, DurationsReadWell) {
  EXPECT_EQ(duration(std::chrono::microseconds(850)), "850 µs");
  EXPECT_EQ(duration(std::chrono::microseconds(1234)), "1.2 ms");
  EXPECT_EQ(duration(std::chrono::microseconds(45600)), "46 ms");
  EXPECT_EQ(duration(std::chrono::microseconds(3'400'000)), "3.4 s");
  EXPECT_EQ(duration(std::chrono::microseconds(-5)), "0 µs");
}

TEST(HtmlCase, AWarningIsNoFailure) {
  CaseResult result = failed();
  EXPECT_EQ(status_of(result), "fail");
  result.warning = true;
  EXPECT_EQ(status_of(result), "warning");
}

}  // namespace
}  // namespace conformance::reports::html::html_case_test
