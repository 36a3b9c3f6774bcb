#include "reports/boundary_picture.h"

#include <gtest/gtest.h>

#include <pugixml.hpp>

namespace conformance::reports::boundary_picture_test {
namespace {

CaseResult asked(const std::string& id, const std::string& title, const std::string& body, spec::Outcome outcome,
                 Verdict verdict = Verdict::pass) {
  CaseResult r;
  r.test.id = id;
  r.test.title = title;
  r.test.body = body;
  r.judgement.verdict = verdict;
  r.judgement.answer.outcome = outcome;
  r.judgement.answer.status = 200;
  r.stimulus.emplace();
  r.stimulus->response.emplace();
  return r;
}

std::string id_of(const std::string& value) { return "{\"Id\":\"" + value + "\"}"; }

TEST(BoundaryPicture, TakesLengthsFromBodies) {
  const auto& table = spec::builtin_table();
  const auto ascii = probe_of(table, asked("id.length.ascii.5", "", id_of("abcde"), spec::Outcome::success));
  ASSERT_TRUE(ascii);
  EXPECT_EQ(ascii->asks, Probe::Asks::length);
  EXPECT_EQ(ascii->value, 5U);
  EXPECT_EQ(ascii->width, 1U);
  EXPECT_EQ(ascii->came, Probe::Came::taken);
  const auto wide = probe_of(table, asked("id.length.four_byte.2", "", id_of("a\\ud83d\\ude00"),
                                          spec::Outcome::rejected_as_invalid, Verdict::fail));
  ASSERT_TRUE(wide);
  EXPECT_TRUE(wide->right);  // whatever failed, it was not the length
  EXPECT_EQ(wide->value, 2U);
  EXPECT_EQ(wide->width, 4U);
  EXPECT_EQ(wide->came, Probe::Came::refused);
}

TEST(BoundaryPicture, IsWrongWhereARequirementOfTheMemberIsBroken) {
  const auto& table = spec::builtin_table();
  CaseResult result = asked("id.length.ascii.1", "", id_of("A"), spec::Outcome::rejected_as_invalid, Verdict::fail);
  result.judgement.requirement = "delete.effect";
  EXPECT_TRUE(probe_of(table, result)->right);
  result.judgement.checks = {{"id.length.accept", false}};
  EXPECT_FALSE(probe_of(table, result)->right);
  result.judgement.checks.clear();
  result.judgement.requirement = "id.length.accept";
  EXPECT_FALSE(probe_of(table, result)->right);
}

TEST(BoundaryPicture, TakesCodePointsFromTitlesThatTheBodyBearsOut) {
  const auto& table = spec::builtin_table();
  const auto probe = probe_of(table, asked("id.pattern.raw.u00e9.first", "Id with U+00E9 first, as UTF-8",
                                           id_of("\u00E9a"), spec::Outcome::not_found));
  ASSERT_TRUE(probe);
  EXPECT_EQ(probe->value, 0xE9U);
  EXPECT_EQ(probe->came, Probe::Came::taken);  // it was looked for
  EXPECT_FALSE(probe_of(table, asked("id.pattern.x", "Id with U+00E9", id_of("a"), spec::Outcome::success)));
  EXPECT_FALSE(probe_of(table, asked("id.pattern.x", "Id with line ends", id_of("a"), spec::Outcome::success)));
  EXPECT_FALSE(probe_of(table, asked("id.pattern.x", "Id with U+FFFFFF", id_of("a"), spec::Outcome::success)));
}

TEST(BoundaryPicture, TakesNothingOfOtherAreasOrOfWhatWasNotAsked) {
  const auto& table = spec::builtin_table();
  EXPECT_FALSE(probe_of(table, asked("body.size.1", "U+0041", id_of("A"), spec::Outcome::success)));
  CaseResult skipped = asked("id.length.ascii.1", "", id_of("A"), spec::Outcome::success, Verdict::skipped);
  EXPECT_FALSE(probe_of(table, skipped));
  EXPECT_FALSE(probe_of(table, asked("id.length.ascii.1", "", "no JSON", spec::Outcome::success)));
  EXPECT_FALSE(probe_of(table, asked("id.length.ascii.1", "", "[]", spec::Outcome::success)));
  EXPECT_FALSE(probe_of(table, asked("id.length.ascii.1", "", "{\"Id\":5}", spec::Outcome::success)));
}

pugi::xml_document parsed(const std::vector<Probe>& probes) {
  pugi::xml_document document;
  const std::string html = boundary_picture(spec::builtin_table(), probes);
  EXPECT_TRUE(document.load_string(("<div>" + html + "</div>").c_str())) << html;
  return document;
}

std::string look_of(const pugi::xml_document& document, const std::string& case_id) {
  return document.select_node(("//a[@href='#case-" + case_id + "']").c_str()).node().attribute("data-t").value();
}

TEST(BoundaryPicture, SaysWhatWasNotAsked) {
  const pugi::xml_document document = parsed({});
  EXPECT_EQ(document.select_nodes("//p[@class='none']").size(), 4U);
}

TEST(BoundaryPicture, ShowsEveryLengthAndRingsWhatIsWrong) {
  const auto length = [](std::uint32_t value, Probe::Came came, bool right) {
    return Probe{.value = value, .came = came, .right = right, .case_id = std::to_string(value), .answer = "x"};
  };
  const pugi::xml_document document =
      parsed({length(0, Probe::Came::refused, true), length(255, Probe::Came::taken, true),
              length(256, Probe::Came::taken, false), length(300, Probe::Came::fault, false),
              length(400, Probe::Came::nothing, false)});
  EXPECT_EQ(look_of(document, "0"), "refused");
  EXPECT_EQ(look_of(document, "255"), "taken");
  EXPECT_EQ(look_of(document, "300"), "other");
  EXPECT_EQ(look_of(document, "400"), "nothing");
  EXPECT_EQ(document.select_nodes("//table//a[@data-wrong]").size(), 3U);
  EXPECT_STREQ(document.select_node("//a[@href='#case-256']").node().attribute("aria-label").value(),
               "256 code points, ASCII: accepted (x), which is wrong");
}

TEST(BoundaryPicture, OneTileStandsForAllCasesOfACharacter) {
  const auto point = [](std::uint32_t value, Probe::Came came, bool right, const std::string& id) {
    return Probe{.asks = Probe::Asks::point,
                 .member = 1,
                 .value = value,
                 .came = came,
                 .right = right,
                 .case_id = id,
                 .answer = ""};
  };
  const pugi::xml_document document =
      parsed({point('/', Probe::Came::refused, true, "good"), point('/', Probe::Came::taken, false, "bad"),
              point(0xE9, Probe::Came::refused, true, "beyond")});
  EXPECT_EQ(look_of(document, "bad"), "mixed");
  EXPECT_EQ(look_of(document, "good"), "");  // the wrong one is linked
  EXPECT_EQ(look_of(document, "beyond"), "refused");
  EXPECT_EQ(document.select_nodes("//table[@class='grid']//td/*[contains(@class,'t')]").size(), 128U);
}

}  // namespace
}  // namespace conformance::reports::boundary_picture_test
