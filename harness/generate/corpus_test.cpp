#include "harness/generate/corpus.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <string_view>

#include "harness/oracle/body_class.h"
#include "harness/spec/json_schema.h"
#include "harness/text/utf8.h"

namespace conformance::generate::corpus_test {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// ---- The corpus --------------------------------------------------------------------------------------------------

// Identifiers that put every escape to use.
constexpr std::array<std::string_view, 4> identifiers = {"conformance-1"sv, "a \"b\"\\c/d"sv, "\xC3\xA9\xE2\x82\xAC"sv,
                                                         "s\xF0\x9F\x98\x80\t"sv};

// The bodies of megabytes are expanded with one identifier only: in them, it is the size that matters.
bool is_large(const std::string& body) { return body.size() > 100'000; }

template <typename Check>
void for_each_body(Check check) {
  for (const Entry& entry : builtin_corpus()) {
    for (const std::string_view identifier : identifiers) {
      const std::string body = expand(entry, identifier);
      check(entry, identifier, body);
      if (is_large(body)) break;
    }
  }
}

Expectation expectation_of(oracle::BodyClass body_class) {
  if (body_class == oracle::BodyClass::valid) return Expectation::must_accept;
  return body_class == oracle::BodyClass::free ? Expectation::free : Expectation::must_reject;
}

TEST(Corpus, EveryClassIsTheOnesThatTheOracleFinds) {
  for_each_body([](const Entry& entry, std::string_view identifier, const std::string& body) {
    const oracle::Classification found = oracle::classify(body, spec::builtin_table());
    EXPECT_EQ(name_of(entry.expectation), name_of(expectation_of(found.body_class)))
        << entry.id << " with the identifier " << identifier << ": " << found.reason;
  });
}

TEST(Corpus, ACharacteristicIsAFreedomThatTheBodyTakes) {
  for_each_body([](const Entry& entry, std::string_view, const std::string& body) {
    if (entry.expectation != Expectation::free) return;
    const oracle::Classification found = oracle::classify(body, spec::builtin_table());
    const bool named = std::any_of(found.freedoms.begin(), found.freedoms.end(), [&entry](oracle::Freedom freedom) {
      return entry.characteristic == "body." + std::string(name_of(freedom));
    });
    EXPECT_TRUE(named) << entry.id << " measures " << entry.characteristic << ", but it is free because "
                       << found.reason;
  });
}

TEST(Corpus, ABodyThatIsAcceptedNamesTheSessionOfItsIdentifier) {
  for_each_body([](const Entry& entry, std::string_view identifier, const std::string& body) {
    const oracle::Classification found = oracle::classify(body, spec::builtin_table());
    if (entry.expectation == Expectation::must_accept) {
      EXPECT_EQ(found.identifiers.size(), 1U) << entry.id;
    }
    for (const std::string& named : found.identifiers) EXPECT_TRUE(named.starts_with(identifier)) << entry.id;
  });
}

// Also of a body that must be refused, since the endpoint may not know that.
TEST(Corpus, NoBodyNamesASessionOfAnybodyElse) {
  // What somebody might take for the Id: in another case, cut at a NUL, trimmed, or by the name of other operations.
  const auto is_like_id = [](const std::u32string& name) {
    std::u32string letters;
    for (const char32_t c : name) {
      const char32_t lower = c | 0x20U;
      if (lower >= U'a' && lower <= U'z') letters += lower;
    }
    return letters == U"id" || letters == U"sessionid";
  };
  for_each_body([&](const Entry& entry, std::string_view identifier, const std::string& body) {
    const std::u32string expected = text::decode(identifier).value();
    for (const oracle::Member& member : oracle::read(body).members) {
      if (!is_like_id(member.name) || member.text.empty()) continue;
      EXPECT_TRUE(member.text.starts_with(expected) || !member.exact) << entry.id;
    }
  });
}

TEST(Corpus, EveryClassAndEveryAreaIsWellRepresented) {
  std::map<Expectation, int> classes;
  std::map<std::string, int> areas;
  for (const Entry& entry : builtin_corpus()) {
    ++classes[entry.expectation];
    ++areas[entry.id.substr(0, entry.id.find('.'))];
  }
  EXPECT_GE(builtin_corpus().size(), 500U);
  EXPECT_GE(classes[Expectation::must_accept], 50);
  EXPECT_GE(classes[Expectation::must_reject], 300);
  EXPECT_GE(classes[Expectation::free], 130);
  EXPECT_EQ(areas.size(), 7U);
  for (const auto& [area, count] : areas) EXPECT_GE(count, 25) << area;
}

TEST(Corpus, IdsAreUniqueAndNoTwoEntriesAreTheSameBytes) {
  std::set<std::string> ids;
  std::map<std::string, std::string> bodies;
  for (const Entry& entry : builtin_corpus()) {
    EXPECT_TRUE(ids.insert(entry.id).second) << entry.id;
    const auto [found, fresh] = bodies.emplace(expand(entry, "conformance-1"), entry.id);
    EXPECT_TRUE(fresh) << entry.id << " is " << found->second;
  }
}

TEST(Corpus, SentencesAreSentences) {
  for (const Entry& entry : builtin_corpus()) {
    EXPECT_FALSE(std::islower(static_cast<unsigned char>(entry.sentence.front()))) << entry.id;
    EXPECT_EQ(entry.sentence.back(), '.') << entry.id;
  }
}

// ---- Recipes -----------------------------------------------------------------------------------------------------

std::string file_with(const std::string& body, const std::string& rest = R"("class":"must_reject")") {
  return R"({"version":1,"area":"a","about":"b","entries":[{"id":"a.b","sentence":"C.",)" + rest +
         R"(,"source":"d","body":)" + body + "}]}";
}

std::string expanded(const std::string& recipe, std::string_view identifier = "x") {
  return expand(parse_corpus("a.json", file_with(recipe)).at(0), identifier);
}

TEST(CorpusRecipe, TextGoesAsItIs) {
  EXPECT_EQ(expanded(R"("")"), "");
  EXPECT_EQ(expanded(R"("{\"Id\":\"\\u0049\"}")"), R"({"Id":"\u0049"})");
  EXPECT_EQ(expanded(R"("$ {} $$")"), "$ {} $$");
}

TEST(CorpusRecipe, PlaceholdersSpellTheIdentifierInThreeWays) {
  const std::string_view identifier = "a\"\n\xC3\xA9\xF0\x9F\x98\x80";
  EXPECT_EQ(expanded(R"("<${Id}>")", identifier), "<a\\\"\\n\xC3\xA9\xF0\x9F\x98\x80>");
  EXPECT_EQ(expanded(R"("${id_raw}${id_raw}")", "a\""), "a\"a\"");
  EXPECT_EQ(expanded(R"("${id_escaped}")", identifier), "\\u0061\\u0022\\u000a\\u00e9\\ud83d\\ude00");
}

TEST(CorpusRecipe, AnIdentifierIsNotSearchedForPlaceholders) {
  EXPECT_EQ(expanded(R"("${Id}")", "${id_raw}"), "${id_raw}");
}

TEST(CorpusRecipe, AnIdentifierThatIsNoUtf8IsRefused) {
  EXPECT_THROW((void)expanded(R"("${Id}")", "\xFF"), std::invalid_argument);
}

TEST(CorpusRecipe, BytesSequencesAndRepetitions) {
  EXPECT_EQ(expanded(R"({"hex":"00 FF 7B"})"), "\0\xFF{"s);
  EXPECT_EQ(expanded(R"(["a",{"hex":"80"},["b","c"]])"), "a\x80"s + "bc");
  EXPECT_EQ(expanded(R"({"repeat":["a","${Id}"],"count":3})"), "axaxax");
}

TEST(CorpusRecipe, OtherEncodings) {
  const std::string_view identifier = "a\xF0\x9F\x98\x80";
  EXPECT_EQ(expanded(R"({"encode":"UTF-16LE","of":"${Id}"})", identifier), "a\0\x3D\xD8\0\xDE"s);
  EXPECT_EQ(expanded(R"({"encode":"UTF-16BE","of":"${Id}"})", identifier), "\0a\xD8\x3D\xDE\0"s);
  EXPECT_EQ(expanded(R"({"encode":"UTF-32LE","of":"${Id}"})", identifier), "a\0\0\0\0\xF6\1\0"s);
  EXPECT_EQ(expanded(R"({"encode":"UTF-32BE","of":"${Id}"})", identifier), "\0\0\0a\0\1\xF6\0"s);
}

// ---- Strictness --------------------------------------------------------------------------------------------------

std::string fault_of(const std::string& text) {
  try {
    (void)parse_corpus("a.json", text);
  } catch (const CorpusError& e) {
    return e.what();
  }
  return "accepted";
}

TEST(CorpusStrictness, AFileOfTheRightFormIsAccepted) { EXPECT_EQ(fault_of(file_with(R"("")")), "accepted"); }

TEST(CorpusStrictness, WhatIsNoJsonIsNamedWithItsPlace) {
  EXPECT_THAT(fault_of("{"), AllOf(HasSubstr("a.json: /: "), HasSubstr("at byte 1")));
}

TEST(CorpusStrictness, ANameThatStandsTwiceIsRefused) {
  EXPECT_THAT(fault_of(file_with(R"("")", R"("class":"must_reject","class":"must_reject")")), HasSubstr("twice"));
}

TEST(CorpusStrictness, UnknownAndMissingKeysAreNamed) {
  EXPECT_THAT(fault_of(file_with(R"("")", R"("class":"must_reject","clas":1)")),
              AllOf(HasSubstr("/entries/0"), HasSubstr("clas")));
  EXPECT_THAT(fault_of(R"({"version":1,"area":"a","about":"b"})"), HasSubstr("entries"));
  EXPECT_THAT(fault_of("[]"), HasSubstr("a.json: /"));
  EXPECT_THAT(fault_of(R"({"version":1,"area":"a","about":"b","entries":[1]})"), HasSubstr("/entries/0"));
}

TEST(CorpusStrictness, AClassThatDoesNotExistIsRefused) {
  EXPECT_THAT(fault_of(file_with(R"("")", R"("class":"reject")")), HasSubstr("/entries/0/class"));
}

TEST(CorpusStrictness, FreeEntriesAloneHaveACharacteristic) {
  EXPECT_THAT(fault_of(file_with(R"("")", R"("class":"free")")), HasSubstr("/entries/0: a free entry"));
  EXPECT_THAT(fault_of(file_with(R"("")", R"("class":"must_accept","characteristic":"body.x")")),
              HasSubstr("/entries/0/characteristic: only a free entry"));
}

TEST(CorpusStrictness, AnIdBeginsWithTheAreaAndIsThereOnce) {
  const std::string entry = R"({"id":"a.b","sentence":"C.","class":"must_reject","source":"d","body":""})";
  const std::string head = R"({"version":1,"about":"b","entries":[)";
  EXPECT_THAT(fault_of(head + entry + "," + entry + R"(],"area":"a"})"),
              HasSubstr("/entries/1/id: \"a.b\" is there twice"));
  EXPECT_THAT(fault_of(head + entry + R"(],"area":"z"})"), HasSubstr("/entries/0/id: \"a.b\" does not begin with"));
}

struct BadRecipe {
  std::string recipe;
  std::string pointer;
  std::string message;
};

const std::vector<BadRecipe>& bad_recipes() {
  static const std::vector<BadRecipe> recipes = {
      {R"(5)", "/entries/0/body", "a recipe is"},
      {R"(null)", "/entries/0/body", "a recipe is"},
      {R"([])", "/entries/0/body", "at least one"},
      {R"({})", "/entries/0/body", "\"hex\""},
      {R"({"text":"a"})", "/entries/0/body", "\"hex\""},
      {R"(["a",{"hex":"0g"}])", "/entries/0/body/1/hex", "hexadecimal"},
      {R"({"hex":""})", "/entries/0/body/hex", "hexadecimal"},
      {R"({"hex":"ff"})", "/entries/0/body/hex", "hexadecimal"},
      {R"({"hex":"FFFF"})", "/entries/0/body/hex", "hexadecimal"},
      {R"({"hex":"FF-FF"})", "/entries/0/body/hex", "hexadecimal"},
      {R"({"hex":"FF "})", "/entries/0/body/hex", "hexadecimal"},
      {R"({"hex":7})", "/entries/0/body/hex", "hexadecimal"},
      {R"({"hex":"FF","cnt":1})", "/entries/0/body/cnt", "unknown key"},
      {R"({"repeat":"a"})", "/entries/0/body", "\"count\" is missing"},
      {R"({"repeat":"a","count":0})", "/entries/0/body/count", "whole number"},
      {R"({"repeat":"a","count":-1})", "/entries/0/body/count", "whole number"},
      {R"({"repeat":"a","count":1.5})", "/entries/0/body/count", "whole number"},
      {R"({"repeat":"a","count":"1"})", "/entries/0/body/count", "whole number"},
      {R"({"repeat":"a","count":16777217})", "/entries/0/body/count", "whole number"},
      {R"({"repeat":[7],"count":2})", "/entries/0/body/repeat/0", "a recipe is"},
      {R"({"encode":"UTF-7","of":"a"})", "/entries/0/body/encode", "UTF-16LE"},
      {R"({"encode":"UTF-16LE"})", "/entries/0/body", "\"of\" is missing"},
  };
  return recipes;
}

TEST(CorpusStrictness, ABadRecipeIsNamedWhereItIs) {
  for (const BadRecipe& bad : bad_recipes()) {
    const std::string fault = fault_of(file_with(bad.recipe));
    EXPECT_THAT(fault, AllOf(HasSubstr("a.json: " + bad.pointer + ": "), HasSubstr(bad.message))) << bad.recipe;
    EXPECT_THAT(fault, Not(HasSubstr("\n"))) << "one fault is one line: " << bad.recipe;
  }
}

std::string content_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream content;
  content << in.rdbuf();
  return content.str();
}

// Who edits the files by the schema alone is told the same.
TEST(CorpusStrictness, TheSchemaRefusesABadRecipeToo) {
  const nlohmann::json schema =
      nlohmann::json::parse(content_of(PROJECT_SOURCE_DIR "/fixtures/corpus/json/corpus.schema.json"));
  EXPECT_TRUE(spec::validate(schema, nlohmann::json::parse(file_with(R"(["a",{"hex":"FF"}])"))).empty());
  for (const BadRecipe& bad : bad_recipes()) {
    EXPECT_FALSE(spec::validate(schema, nlohmann::json::parse(file_with(bad.recipe))).empty()) << bad.recipe;
  }
}

TEST(CorpusStrictness, WhatOnlyTheLoaderKnowsIsRefusedToo) {
  EXPECT_THAT(fault_of(file_with(R"("${id}")")), HasSubstr("/entries/0/body: no such placeholder: ${id}"));
  EXPECT_THAT(fault_of(file_with(R"("${id_escapd}")")), HasSubstr("did you mean ${id_escaped}?"));
  EXPECT_THAT(fault_of(file_with(R"("${Id")")), HasSubstr("/entries/0/body: a placeholder is not closed"));
  EXPECT_THAT(fault_of(file_with(R"({"encode":"UTF-16LE","of":["a",{"hex":"FF"}]})")),
              HasSubstr("/entries/0/body/of: only text"));
  EXPECT_THAT(fault_of(file_with(R"({"repeat":{"repeat":"ab","count":10000000},"count":10000000})")),
              HasSubstr("/entries/0/body: the body is longer than"));
  EXPECT_THAT(fault_of(file_with(R"([[[[[[[[[["a"]]]]]]]]]])")), HasSubstr("nest at most"));
}

TEST(CorpusStrictness, EveryFaultIsReported) {
  const std::string fault = fault_of(file_with(R"({"hex":"x"})", R"("class":"no")"));
  EXPECT_THAT(fault, AllOf(HasSubstr("/entries/0/body/hex"), HasSubstr("/entries/0/class")));
}

}  // namespace
}  // namespace conformance::generate::corpus_test
