#include "harness/oracle/body_class.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pcre2.h>

#include <algorithm>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "harness/text/json_string.h"
#include "harness/text/utf8.h"

namespace conformance::oracle::body_class_test {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Classification classified(std::string_view body) { return classify(body, spec::builtin_table()); }

void expect_class(std::string_view body, BodyClass expected) {
  const Classification c = classified(body);
  EXPECT_EQ(name_of(c.body_class), name_of(expected)) << body << "\n" << c.reason;
  EXPECT_FALSE(c.reason.empty()) << body;
}

void expect_violation(std::string_view body, std::string_view member, Violation violation) {
  const Classification c = classified(body);
  ASSERT_EQ(name_of(c.body_class), name_of(BodyClass::invalid)) << body;
  ASSERT_THAT(c.faults, SizeIs(1)) << body;
  EXPECT_EQ(c.faults[0].member, member) << body;
  EXPECT_EQ(name_of(c.faults[0].violation), name_of(violation)) << body;
  EXPECT_EQ(c.reason, c.faults[0].detail);
  EXPECT_THAT(c.identifiers, IsEmpty());
}

void expect_free(std::string_view body, Freedom freedom) {
  const Classification c = classified(body);
  EXPECT_EQ(name_of(c.body_class), name_of(BodyClass::free)) << body << "\n" << c.reason;
  EXPECT_TRUE(c.has(freedom)) << body << "\n" << c.reason;
  EXPECT_THAT(c.reason, HasSubstr(std::string(reason_of(freedom)))) << body;
}

std::string body_with_id(std::string_view id) { return "{\"Id\":" + text::quote_raw(id) + "}"; }

std::string utf16le(std::string_view ascii) {
  std::string out;
  for (const char c : ascii) out += {c, '\0'};
  return out;
}

TEST(BodyClass, AMinimalRequestIsValidAndNamesItsSession) {
  const Classification c = classified(R"({"Id":"my-session"})");
  EXPECT_EQ(c.body_class, BodyClass::valid);
  EXPECT_THAT(c.identifiers, ElementsAre("my-session"));
  EXPECT_FALSE(c.refusal_as_invalid);
  EXPECT_FALSE(c.refusal_as_unreadable);
}

TEST(BodyClass, HowAValidRequestIsSpelledDoesNotMatter) {
  expect_class(" \t\r\n{ \"RequestOrigin\" : \"b\" , \"Id\" : \"a\" } ", BodyClass::valid);
  const Classification c = classified(R"({"\u0049d":"\ud83d\ude00\u002f\/"})");
  EXPECT_EQ(c.body_class, BodyClass::valid);
  EXPECT_THAT(c.identifiers, ElementsAre("\xF0\x9F\x98\x80//"));
}

TEST(BodyClass, NullCountsAsAbsent) {
  expect_class(R"({"Id":"a","RequestOrigin":null})", BodyClass::valid);
  expect_violation(R"({"Id":null})", "Id", Violation::null);
}

TEST(BodyClass, EveryConstraintIsNamed) {
  expect_violation("{}", "Id", Violation::missing);
  expect_violation(R"({"RequestOrigin":"b"})", "Id", Violation::missing);
  for (const char* value : {"0", "true", "false", "[]", "[\"a\"]", "{}", "{\"Id\":\"a\"}"}) {
    expect_violation("{\"Id\":"s + value + "}", "Id", Violation::type);
    expect_violation("{\"Id\":\"a\",\"RequestOrigin\":"s + value + "}", "RequestOrigin", Violation::type);
  }
  expect_violation(R"({"Id":""})", "Id", Violation::length_min);
  expect_violation(body_with_id(std::string(256, 'a')), "Id", Violation::length_max);
  expect_violation(R"({"Id":"a\n"})", "Id", Violation::pattern);
  expect_violation(R"({"Id":"a","RequestOrigin":"b c"})", "RequestOrigin", Violation::pattern);
}

TEST(BodyClass, TheLimitsThemselvesAreWithin) {
  expect_class(body_with_id("a"), BodyClass::valid);
  expect_class(body_with_id(std::string(255, 'a')), BodyClass::valid);
}

TEST(BodyClass, FaultsOfSeveralMembersAddUp) {
  const Classification c = classified(R"({"Id":"","RequestOrigin":5})");
  ASSERT_THAT(c.faults, SizeIs(2));
  EXPECT_EQ(c.faults[0].violation, Violation::length_min);
  EXPECT_EQ(c.faults[1].violation, Violation::type);
  EXPECT_THAT(c.reason, HasSubstr("; "));
}

TEST(BodyClass, ARefusalHasTheKindThatItsFaultAllows) {
  const Classification pattern = classified(R"({"Id":"\u0000"})");
  EXPECT_TRUE(pattern.refusal_as_invalid);
  EXPECT_FALSE(pattern.refusal_as_unreadable) << "it can be read";
  for (const char* body : {"{}", R"({"Id":null})", R"({"Id":1})", R"({"Id":"","RequestOrigin":1})", "", "[]", "null"}) {
    EXPECT_TRUE(classified(body).refusal_as_invalid) << body;
    EXPECT_TRUE(classified(body).refusal_as_unreadable) << body;
  }
  EXPECT_FALSE(classified("{").refusal_as_invalid);
  EXPECT_TRUE(classified("{").refusal_as_unreadable);
}

TEST(BodyClass, WhatIsNoJsonIsUnreadableWithItsFault) {
  const Classification c = classified(R"({"Id":"a",})");
  EXPECT_EQ(c.body_class, BodyClass::unreadable);
  ASSERT_TRUE(c.fault);
  EXPECT_EQ(c.fault->kind, FaultKind::object);
  EXPECT_THAT(c.reason, HasSubstr("RFC 8259 section 4"));
  for (const std::string_view body :
       {"{'Id':'a'}"sv, "{\"Id\":\"a\"}{}"sv, "{\"Id\":\"a\"}\0"sv, "\xFF"sv, ""sv, " "sv}) {
    expect_class(body, BodyClass::unreadable);
  }
}

TEST(BodyClass, WhatIsNoObjectIsUnreadable) {
  for (const char* body : {"null", "true", "0", "\"a\"", "[]", "[\"a\"]", "[{\"Id\":\"a\"}]"}) {
    expect_class(body, BodyClass::unreadable);
    EXPECT_FALSE(classified(body).fault) << body;
  }
}

TEST(BodyClass, AnotherCaseIsAnotherMember) {
  for (const char* body :
       {R"({"id":"a"})", R"({"ID":"a"})", R"({"iD":"a"})", R"({" Id":"a"})", R"({"Id\u0000":"a"})"}) {
    expect_violation(body, "Id", Violation::missing);
  }
  const Classification both = classified(R"({"Id":"a","id":"b"})");
  EXPECT_EQ(both.body_class, BodyClass::free);
  EXPECT_THAT(both.identifiers, ElementsAre("a"));
}

TEST(BodyClass, AnUnknownMemberIsFreeWhateverItHolds) {
  for (const char* value : {"null", "0", "\"\"", "[]", "{}", "[[{\"Id\":\"b\"}]]"}) {
    const std::string body = "{\"Id\":\"a\",\"Unknown\":"s + value + "}";
    expect_free(body, Freedom::unknown_member);
    EXPECT_THAT(classified(body).identifiers, ElementsAre("a"));
  }
}

TEST(BodyClass, AByteOrderMarkIsFreeUnlessTheRestIsRefused) {
  expect_free("\xEF\xBB\xBF{\"Id\":\"a\"}", Freedom::byte_order_mark);
  expect_class("\xEF\xBB\xBF{\"Id\":\"\"}", BodyClass::invalid);
  EXPECT_TRUE(classified("\xEF\xBB\xBF{\"Id\":\"\"}").refusal_as_unreadable);
  expect_class("\xEF\xBB\xBF{", BodyClass::unreadable);
}

TEST(BodyClass, DuplicatesAreFreeAndMayNameEither) {
  expect_free(R"({"Id":"a","\u0049d":"b"})", Freedom::duplicate_member);
  EXPECT_THAT(classified(R"({"Id":"b","Id":"a","Id":"b"})").identifiers, ElementsAre("b", "a"));
  EXPECT_THAT(classified(R"({"Id":"","Id":"a"})").identifiers, ElementsAre("a")) << "the empty one is always refused";
  expect_free(R"({"Id":"a","x":[{"b":1,"b":2}]})", Freedom::duplicate_member);
  expect_free(R"({"Id":"a","RequestOrigin":"b","RequestOrigin":" "})", Freedom::duplicate_member);
}

TEST(BodyClass, DuplicatesOfWhichNoneIsRightAreInvalid) {
  expect_class(R"({"Id":"","Id":null,"Id":5})", BodyClass::invalid);
  EXPECT_THAT(classified(R"({"Id":"","Id":null,"Id":5})").faults, SizeIs(3));
  expect_class(R"({"Id":"a","RequestOrigin":"","RequestOrigin":" "})", BodyClass::invalid);
}

TEST(BodyClass, AFreedomDoesNotExcuseTheFaultOfAnotherMember) {
  expect_class("{\"Id\":\"\xFF\",\"RequestOrigin\":\"\"}", BodyClass::invalid);
  expect_class(R"({"Id":"\ud800","RequestOrigin":5})", BodyClass::invalid);
  expect_class(R"({"Id":"","Unknown":1})", BodyClass::invalid);
}

TEST(BodyClass, ALoneSurrogateIsFreeAndNamesNoSession) {
  for (const char* body : {R"({"Id":"\ud800"})", R"({"Id":"a\udfff"})", R"({"Id":"\udc00\ud800"})"}) {
    expect_free(body, Freedom::lone_surrogate);
    EXPECT_THAT(classified(body).identifiers, IsEmpty());
  }
  expect_free(R"({"Id":"a","RequestOrigin":"\ud800"})", Freedom::lone_surrogate);
}

TEST(BodyClass, IllFormedUtf8IsFreeInAStringAndNowhereElse) {
  expect_free("{\"Id\":\"a\xC0\x80\"}", Freedom::invalid_utf8);
  EXPECT_THAT(classified("{\"Id\":\"a\xFF\"}").identifiers, IsEmpty());
  expect_free("{\"Id\":\"a\",\"RequestOrigin\":\"\xFF\"}", Freedom::invalid_utf8);
  expect_free("{\"Id\":\"a\",\"\xFF\":1}", Freedom::invalid_utf8);
  expect_class("{\"I\xFF\x64\":\"a\"}", BodyClass::invalid);
  expect_class("{\"Id\":\"a\"\xFF}", BodyClass::unreadable);
  expect_class("{\"Id\":\"\xFF\",}", BodyClass::unreadable);
}

TEST(BodyClass, Utf16AndUtf32AreFreeUnlessWhatTheySayIsRefused) {
  expect_free(utf16le(R"({"Id":"a"})"), Freedom::encoding);
  EXPECT_THAT(classified("\xFF\xFE" + utf16le(R"({"Id":"a"})")).identifiers, ElementsAre("a"));
  expect_class(utf16le(R"({"Id":""})"), BodyClass::invalid);
  expect_class(utf16le(R"({"Id":"a",})"), BodyClass::unreadable);
  expect_class(utf16le("[]"), BodyClass::unreadable);
  expect_class(utf16le(utf16le(utf16le(R"({"Id":"a"})"))), BodyClass::unreadable);
}

TEST(BodyClass, ALengthThatIsWithinTheLimitInOneUnitOnlyIsFree) {
  std::string longest;
  for (int i = 0; i < 255; ++i) longest += "\xC3\xA9";
  expect_free(body_with_id(longest), Freedom::length_unit);
  expect_violation(body_with_id(longest + "\xC3\xA9"), "Id", Violation::length_max);
  std::string within;
  for (int i = 0; i < 63; ++i) within += "\xF0\x9F\x98\x80";
  expect_class(body_with_id(within), BodyClass::valid);
  expect_free(body_with_id(within + "\xF0\x9F\x98\x80"), Freedom::length_unit);
}

TEST(BodyClass, ATextMayBeRefusedForItsSizeOnlyBeyondWhatARequestNeeds) {
  const std::size_t longest = longest_needed(spec::builtin_table());
  const std::string body = R"({"Id":"a"})";
  expect_class(body + std::string(longest - body.size(), ' '), BodyClass::valid);
  expect_free(body + std::string(longest - body.size() + 1, ' '), Freedom::size);
}

TEST(BodyClass, EveryValidRequestFitsIntoTheSizeThatIsNeeded) {
  std::string id;
  std::string origin;
  for (int i = 0; i < 255; ++i) id += "\\ud83d\\ude00";
  for (int i = 0; i < 128; ++i) origin += "\\u0061";
  const std::string body = R"({"\u0049\u0064":")" + id +
                           R"(","\u0052\u0065\u0071\u0075\u0065\u0073\u0074\u004f\u0072\u0069\u0067\u0069\u006e":")" +
                           origin + "\"}";
  EXPECT_LE(body.size(), longest_needed(spec::builtin_table()));
  EXPECT_FALSE(classified(body).has(Freedom::size));
}

TEST(BodyClass, DepthAndWideNumbersAreNamed) {
  expect_free(R"({"Id":"a","x":[]})", Freedom::depth);
  expect_free(R"({"Id":"a","x":1e400})", Freedom::number_range);
  EXPECT_FALSE(classified(R"({"Id":"a","x":1})").has(Freedom::depth));
  constexpr std::size_t depth = 1'000'000;
  expect_class("{\"Id\":\"a\",\"x\":" + std::string(depth, '[') + std::string(depth, ']') + "}", BodyClass::free);
  expect_class(std::string(depth, '['), BodyClass::unreadable);
}

TEST(BodyClass, TheNamesOfAnotherOperationAreTakenFromItsTable) {
  spec::SpecTable table = spec::builtin_table();
  table.request_members[0].name = "Name";
  table.identifier = "Name";
  table.request_members[0].max_length = 2;
  EXPECT_THAT(classify(R"({"Name":"ab"})", table).identifiers, ElementsAre("ab"));
  EXPECT_EQ(classify(R"({"Name":"abc"})", table).body_class, BodyClass::invalid);
  EXPECT_EQ(classify(R"({"Id":"ab"})", table).faults.at(0).member, "Name");
}

// ---- Against independent implementations -------------------------------------------------------------------------

class Pattern {
 public:
  // The whole value must match. PCRE2 understands \uXXXX itself (ALT_BSUX), but not a range between pairs of
  // surrogates.
  explicit Pattern(std::string documented) {
    const std::string pairs = "\\uD800\\uDC00-\\uDBFF\\uDFFF";
    if (const std::size_t at = documented.find(pairs); at != std::string::npos) {
      documented.replace(at, pairs.size(), text::encode(0x10000) + "-" + text::encode(0x10FFFF));
    }
    int error = 0;
    PCRE2_SIZE offset = 0;
    code_.reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(documented.data()), documented.size(),
                              PCRE2_UTF | PCRE2_ALT_BSUX | PCRE2_ANCHORED | PCRE2_ENDANCHORED, &error, &offset,
                              nullptr));
    EXPECT_TRUE(code_) << documented << " at " << offset << ", error " << error;
    if (code_) match_.reset(pcre2_match_data_create_from_pattern(code_.get(), nullptr));
  }

  [[nodiscard]] bool usable() const { return code_ && match_; }
  [[nodiscard]] bool matches(const std::string& text) const {
    return pcre2_match(code_.get(), reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), 0, 0, match_.get(),
                       nullptr) > 0;
  }

 private:
  std::unique_ptr<pcre2_code, void (*)(pcre2_code*)> code_{nullptr, pcre2_code_free};
  std::unique_ptr<pcre2_match_data, void (*)(pcre2_match_data*)> match_{nullptr, pcre2_match_data_free};
};

bool violates_pattern(const Classification& c) {
  return std::any_of(c.faults.begin(), c.faults.end(),
                     [](const ConstraintFault& f) { return f.violation == Violation::pattern; });
}

TEST(BodyClassAgainstPcre2, ValuesOfCharactersAtTheEdgesAgree) {
  const std::vector<char32_t> edges = {0x00,   0x08,   0x09,   0x0A,   0x0D,   0x1F,   0x20,    '-',     '.',
                                       '/',    '0',    '9',    ':',    '@',    'A',    'Z',     '[',     '^',
                                       '_',    '`',    'a',    'z',    '{',    0x7F,   0x85,    0xA0,    0x2028,
                                       0xD7FF, 0xE000, 0xFEFF, 0xFFFD, 0xFFFE, 0xFFFF, 0x10000, 0x1F600, 0x10FFFF};
  std::mt19937 random(2);
  for (const spec::Member& member : spec::builtin_table().request_members) {
    const Pattern pattern(member.pattern);
    ASSERT_TRUE(pattern.usable());
    int matched = 0;
    constexpr int count = 5'000;
    for (int i = 0; i < count; ++i) {
      std::string value;
      // From an empty value up; half of them of the member's own characters alone, so that both answers are frequent.
      for (std::size_t length = random() % 4; length > 0; --length) {
        char32_t c = edges[random() % edges.size()];
        while (i % 2 == 0 && !member.allows(c)) c = edges[random() % edges.size()];
        text::append(value, c);
      }
      if (value.empty()) continue;  // a fault of length for both, of the pattern for one
      const std::string others = member.name == "Id" ? "" : "\"Id\":\"a\",";
      const std::string body = "{" + others + text::quote_raw(member.name) + ":" + text::quote_raw(value) + "}";
      const Classification c = classified(body);
      const bool matches = pattern.matches(value);
      matched += matches;
      ASSERT_EQ(violates_pattern(c), !matches) << body;
      ASSERT_EQ(name_of(c.body_class), name_of(matches ? BodyClass::valid : BodyClass::invalid)) << body;
    }
    EXPECT_GT(matched, count / 10);
    EXPECT_LT(matched, count - count / 10);
  }
}

// The class by nlohmann's document, where it settles one: without what is free, of which it sees little.
std::optional<BodyClass> by_nlohmann(const std::string& body) {
  const nlohmann::json document = nlohmann::json::parse(body, nullptr, false);
  if (!document.is_object()) return BodyClass::unreadable;
  bool valid = document.contains("Id");
  for (const auto& [name, value] : document.items()) {
    if (name != "Id" && name != "RequestOrigin") return std::nullopt;
    const spec::Member& member = spec::builtin_table().member(name);
    if (value.is_null() && !member.required) continue;
    if (!value.is_string()) {
      valid = false;
      continue;
    }
    const std::u32string text = text::decode(value.get<std::string>()).value();
    valid = valid && text.size() >= member.min_length && text.size() <= member.max_length &&
            std::all_of(text.begin(), text.end(), [&](char32_t c) { return member.allows(c); });
  }
  return valid ? BodyClass::valid : BodyClass::invalid;
}

TEST(BodyClassAgainstNlohmann, ThousandsOfMutatedBodiesAgree) {
  const std::vector<std::string> seeds = {R"({"Id":"a"})", R"({"Id":"a b","RequestOrigin":"c"})",
                                          R"({"RequestOrigin":null, "Id":"\u00e9\t"})",
                                          "{\"Id\":\"\xF0\x9F\x98\x80\"}"};
  const std::vector<std::string> pieces = {"{", "}", "[", "]", ",", ":", "\"", "\\n", "\\t", "null", "\"\"", "1", " "};
  std::mt19937 random(8259);
  std::map<BodyClass, int> seen;
  for (std::size_t i = 0; i < 40'000; ++i) {
    std::string body = seeds[i % seeds.size()];
    for (std::size_t edits = 1 + random() % 3; edits > 0; --edits) {
      const std::size_t at = random() % body.size();
      if (random() % 2 == 0) {
        body.insert(at, pieces[random() % pieces.size()]);
      } else {
        body.erase(at, 1);
      }
    }
    const Classification c = classified(body);
    ++seen[c.body_class];
    const bool refused = c.body_class == BodyClass::invalid || c.body_class == BodyClass::unreadable;
    EXPECT_EQ(c.identifiers.empty(), refused || c.has(Freedom::invalid_utf8)) << body;
    const std::optional<BodyClass> expected = by_nlohmann(body);
    if (!expected || c.body_class == BodyClass::free) continue;
    // nlohmann refuses ill-formed UTF-8 and keeps the last of duplicates, so a class may differ only where one is
    // noted.
    if (!c.freedoms.empty()) continue;
    ASSERT_EQ(name_of(c.body_class), name_of(*expected)) << body << "\n" << c.reason;
  }
  for (const BodyClass each : {BodyClass::valid, BodyClass::invalid, BodyClass::unreadable}) {
    EXPECT_GT(seen[each], 500) << name_of(each);
  }
}

}  // namespace
}  // namespace conformance::oracle::body_class_test
