#include "reports/comparison_html.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <pugixml.hpp>

#include "fixtures/testing/harmless.h"
#include "reports/run_examples.h"

namespace conformance::reports::comparison_html_test {
namespace {

using testing::HasSubstr;
using testing::Not;

CaseResult answered(const std::string& id, Verdict verdict, int status, const std::string& type = "") {
  CaseResult r = examples::result(id, verdict);
  r.judgement.answer.status = status;
  r.judgement.answer.type = type;
  r.judgement.answer.outcome = spec::Outcome::success;
  r.judgement.checks = {{"id.length.max", verdict == Verdict::pass}};
  return r;
}

std::string page_of(const std::vector<std::vector<CaseResult>>& runs, const std::vector<RunEnd>& ends = {}) {
  Comparison comparison;
  for (std::size_t i = 0; i < runs.size(); ++i)
    examples::tell(comparison.add("run" + std::to_string(i) + ".json"), runs[i], examples::info(),
                   i < ends.size() ? ends[i] : RunEnd{});
  return to_html(comparison.read());
}

pugi::xml_document parsed(const std::string& page) {
  pugi::xml_document d;
  const pugi::xml_parse_result result = d.load_string(page.c_str(), pugi::parse_default | pugi::parse_doctype);
  EXPECT_TRUE(result) << result.description() << " at " << page.substr(static_cast<std::size_t>(result.offset), 100);
  return d;
}

pugi::xml_node with_id(const pugi::xml_document& d, const std::string& id) {
  return d.find_node([&](pugi::xml_node n) { return n.attribute("id").value() == id; });
}

std::string text_of(pugi::xml_node node) {
  std::string out;
  for (const pugi::xml_node child : node.children())
    out += child.type() == pugi::node_element ? text_of(child) : std::string(child.value());
  return out;
}

TEST(ComparisonHtml, ShowsWhatDiffersAndFoldsTheRest) {
  RunEnd one, other;
  one.characteristics = {{"unit", "code_points", {}}, {"missing", "200", {}}};
  other.characteristics = {{"unit", "bytes", {}}, {"missing", "200", {}}};
  const pugi::xml_document d =
      parsed(page_of({{answered("a.same", Verdict::pass, 200), answered("a.max", Verdict::pass, 400, "Invalid")},
                      {answered("a.same", Verdict::pass, 200), answered("a.max", Verdict::fail, 200)}},
                     {one, other}));
  EXPECT_STREQ(with_id(d, "verdict").child("h1").child_value(), "The runs differ.");
  const pugi::xml_node differing = with_id(d, "case-a.max"), same = with_id(d, "case-a.same");
  const auto folded = [](pugi::xml_node row) {
    for (pugi::xml_node n = row; n; n = n.parent())
      if (std::string_view(n.name()) == "details") return true;
    return false;
  };
  EXPECT_FALSE(folded(differing));
  EXPECT_TRUE(folded(same));
  EXPECT_EQ(text_of(differing.child("td")), "pass 400 Invalid");
  EXPECT_STREQ(differing.child("td").attribute("data-v").value(), "pass");
  EXPECT_STREQ(differing.child("td").attribute("class").value(), "");
  EXPECT_EQ(text_of(differing.last_child()), "fail 200id.length.max") << "pugixml keeps no blank between elements";
  EXPECT_STREQ(differing.last_child().attribute("data-l").value(), "B");
  EXPECT_STREQ(differing.last_child().attribute("class").value(), "other");
  EXPECT_EQ(text_of(with_id(d, "requirement-id.length.max").last_child()), "fails in 1 of 2 cases");
  EXPECT_EQ(text_of(with_id(d, "characteristic-unit").last_child()), "bytes");
  EXPECT_TRUE(folded(with_id(d, "characteristic-missing")));
}

TEST(ComparisonHtml, OfRunsThatDoNotDifferSaysSo) {
  const std::vector<CaseResult> run = examples::one_of_each("x");
  const std::string page = page_of({run, run});
  EXPECT_THAT(page, HasSubstr("<h1 data-v=\"pass\">Nothing differs.</h1>"));
  EXPECT_THAT(page, HasSubstr("<summary>6 cases do not differ</summary>"));
  EXPECT_THAT(page, HasSubstr("<summary>1 requirement does not differ</summary>"));
  EXPECT_THAT(page, Not(HasSubstr("class=\"other\"")));
}

TEST(ComparisonHtml, SaysWhatARunDoesNotHave) {
  const pugi::xml_document d = parsed(page_of({{answered("a.max", Verdict::pass, 400)}, {}, {}, {}, {}}));
  EXPECT_EQ(text_of(with_id(d, "case-a.max").last_child()), "not run");
  EXPECT_EQ(text_of(with_id(d, "requirement-id.length.max").last_child()), "not asked");
  EXPECT_TRUE(with_id(d, "run-E"));
}

TEST(ComparisonHtml, ActsOnNothingWhateverAnEndpointSays) {
  std::vector<CaseResult> hostile = examples::one_of_each(examples::hostile());
  for (CaseResult& r : hostile) {
    r.test.id += examples::hostile();
    r.judgement.answer.type = r.judgement.requirement = r.test.title = examples::hostile();
  }
  Comparison comparison;
  examples::tell(comparison.add(examples::hostile()), hostile, examples::full_info(examples::hostile()),
                 examples::full_end(examples::hostile()));
  examples::tell(comparison.add("b"), {}, examples::info(), {});
  const std::string page = to_html(comparison.read());
  (void)parsed(page);
  EXPECT_EQ(testing_support::fault_of_hidden(testing_support::without_style_and_script(page)), "");
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("<img")));
  EXPECT_THAT(page, Not(HasSubstr(" style=")));
  EXPECT_THAT(page, HasSubstr("content=\"default-src &#39;none&#39;; style-src &#39;sha256-"));
  EXPECT_THAT(page, Not(HasSubstr("script-src"))) << "it has none";
}

}  // namespace
}  // namespace conformance::reports::comparison_html_test
