#include "harness/oracle/json_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "harness/text/utf8.h"

namespace conformance::oracle::json_reader_test {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

std::string repeated(std::string_view unit, std::size_t count) {
  std::string out;
  out.reserve(unit.size() * count);
  for (std::size_t i = 0; i < count; ++i) out += unit;
  return out;
}

std::string described(std::string_view text) {
  const Document document = read(text);
  return document.fault ? describe(*document.fault) : "well-formed";
}

void expect_fault(std::string_view text, FaultKind kind, std::size_t offset) {
  const Document document = read(text);
  ASSERT_TRUE(document.fault) << text;
  EXPECT_EQ(name_of(document.fault->kind), name_of(kind)) << text;
  EXPECT_EQ(document.fault->offset, offset) << text;
}

std::u32string only_text(std::string_view value) {
  const Document document = read("{\"k\":" + std::string(value) + "}");
  EXPECT_FALSE(document.grammar_fault) << value;
  EXPECT_EQ(document.members.size(), 1U) << value;
  return document.members.empty() ? std::u32string() : document.members.front().text;
}

TEST(JsonReader, EveryKindOfValueIsAText) {
  const std::vector<std::pair<std::string_view, ValueKind>> texts = {
      {"null", ValueKind::null},         {"true", ValueKind::boolean}, {"false", ValueKind::boolean},
      {"-0.5e+7", ValueKind::number},    {"\"\"", ValueKind::string},  {"[]", ValueKind::array},
      {" \t\r\n{ } ", ValueKind::object}};
  for (const auto& [text, kind] : texts) {
    EXPECT_EQ(described(text), "well-formed") << text;
    EXPECT_EQ(name_of(read(text).kind), name_of(kind)) << text;
  }
}

TEST(JsonReader, MembersComeInOrderWithTheirKindsAndPlaces) {
  const Document d = read(R"({"b":"x", "a" : [{"c":1}] ,"n":null})");
  ASSERT_FALSE(d.fault);
  ASSERT_EQ(d.members.size(), 3U);
  EXPECT_EQ(d.members[0].name, U"b");
  EXPECT_EQ(d.members[0].kind, ValueKind::string);
  EXPECT_EQ(d.members[0].text, U"x");
  EXPECT_EQ(d.members[1].name, U"a");
  EXPECT_EQ(d.members[1].kind, ValueKind::array);
  EXPECT_EQ(d.members[1].name_offset, 10U);
  EXPECT_EQ(d.members[1].value_offset, 16U);
  EXPECT_EQ(d.members[2].kind, ValueKind::null);
  EXPECT_EQ(d.depth, 3U);
}

TEST(JsonReader, StringsAreUnescaped) {
  EXPECT_EQ(only_text(R"("\"\\\/\b\f\n\r\t")"), U"\"\\/\b\f\n\r\t");
  EXPECT_EQ(only_text(R"("\u0049\u00e9\uFFFF\u0000")"), U"I\u00E9\uFFFF\0"s);
  EXPECT_EQ(only_text(R"("\ud83d\uDE00")"), U"\U0001F600");
  EXPECT_EQ(only_text("\"\x7F\xC3\xA9\xF4\x8F\xBF\xBF\""), U"\x7F\u00E9\U0010FFFF");
}

TEST(JsonReader, ALoneSurrogateEscapeStandsAsItself) {
  const auto text_of = [](std::initializer_list<std::uint32_t> units) {
    std::u32string text;
    for (const std::uint32_t unit : units) text += static_cast<char32_t>(unit);
    return text;
  };
  EXPECT_EQ(only_text(R"("\ud800")"), text_of({0xD800}));
  EXPECT_EQ(only_text(R"("\udc00")"), text_of({0xDC00}));
  EXPECT_EQ(only_text(R"("\ud800x")"), text_of({0xD800, 'x'}));
  EXPECT_EQ(only_text(R"("\ud800\n")"), text_of({0xD800, '\n'}));
  EXPECT_EQ(only_text(R"("\ud800\ud83d\ude00")"), text_of({0xD800, 0x1F600}));
  EXPECT_EQ(only_text(R"("\udc00\ud800")"), text_of({0xDC00, 0xD800}));
  EXPECT_EQ(read(R"(["\ud83d\ude00"])").lone_surrogate, std::nullopt);
  EXPECT_EQ(read(R"(["a\ud83d"])").lone_surrogate, 3U);
  EXPECT_EQ(read(R"({"\ude00":1})").lone_surrogate, 2U);
}

TEST(JsonReader, DuplicateNamesAreSeenHoweverTheyAreSpelledAndHoweverDeepTheyAre) {
  EXPECT_EQ(read(R"({"Id":1,"\u0049d":2})").duplicate_name, 8U);
  EXPECT_EQ(read(R"([{"a":{"x":1,"y":2,"x":3}}])").duplicate_name, 19U);
  EXPECT_EQ(read(R"({"a":{"a":{"a":[{"a":1},{"a":1}]}}})").duplicate_name, std::nullopt);
  EXPECT_EQ(read(R"({"Id":1,"id":2})").duplicate_name, std::nullopt);
  EXPECT_EQ(read(R"({"a":1,"a":{"b":1,"b":2}})").duplicate_name, 7U) << "the first in the text, not the first closed";
}

TEST(JsonReader, AByteOrderMarkIsToldApart) {
  const Document d = read("\xEF\xBB\xBF{}");
  EXPECT_FALSE(d.fault);
  EXPECT_TRUE(d.byte_order_mark);
  EXPECT_FALSE(read("{\"\xEF\xBB\xBF\":1}").byte_order_mark);
  expect_fault("\xEF\xBB\xBF\xEF\xBB\xBF{}", FaultKind::value, 3);
  expect_fault("{}\xEF\xBB\xBF", FaultKind::trailing, 2);
  expect_fault("\xEF\xBB{}", FaultKind::utf8, 0);
  expect_fault("\xEF\xBB\xBF", FaultKind::empty, 3);
}

TEST(JsonReader, ATextWithoutAValueIsEmpty) {
  expect_fault("", FaultKind::empty, 0);
  expect_fault(" \n", FaultKind::empty, 2);
}

TEST(JsonReader, EveryPrefixOfATextIsTruncated) {
  const std::string text = "{\"a\\n\\u00e9\xC3\xA9\":[true,false,null,-1.5e-7,\"\\ud83d\\ude00\"],\"b\":{\"c\":{}}}";
  ASSERT_EQ(described(text), "well-formed");
  for (std::size_t length = 1; length < text.size(); ++length) {
    const Document d = read(std::string_view(text).substr(0, length));
    ASSERT_TRUE(d.grammar_fault) << length;
    EXPECT_EQ(d.grammar_fault->kind, FaultKind::truncated) << length;
    EXPECT_EQ(d.grammar_fault->offset, length);
  }
}

TEST(JsonReader, WhatFollowsTheValueIsNamed) {
  expect_fault("{}x", FaultKind::trailing, 2);
  expect_fault("{} {}", FaultKind::trailing, 3);
  expect_fault("{}\0"sv, FaultKind::trailing, 2);
  expect_fault("nulll", FaultKind::trailing, 4);
  expect_fault("1 2", FaultKind::trailing, 2);
}

TEST(JsonReader, FaultsOfGrammarAreNamedWhereTheyAre) {
  expect_fault("{'a':1}", FaultKind::object, 1);
  expect_fault("{a:1}", FaultKind::object, 1);
  expect_fault("{\"a\":1,}", FaultKind::object, 7);
  expect_fault("{,\"a\":1}", FaultKind::object, 1);
  expect_fault("{\"a\" 1}", FaultKind::object, 5);
  expect_fault("{\"a\":1 \"b\":2}", FaultKind::object, 7);
  expect_fault("{\"a\":1]", FaultKind::object, 6);
  expect_fault("{\"a\":}", FaultKind::value, 5);
  expect_fault("[1,]", FaultKind::value, 3);
  expect_fault("[,1]", FaultKind::value, 1);
  expect_fault("[1 2]", FaultKind::array, 3);
  expect_fault("[1}", FaultKind::array, 2);
  expect_fault("/**/{}", FaultKind::value, 0);
  expect_fault("{}//", FaultKind::trailing, 2);
  expect_fault("True", FaultKind::value, 0);
  expect_fault("tRue", FaultKind::literal, 0);
  expect_fault("NaN", FaultKind::value, 0);
  expect_fault("nan", FaultKind::literal, 0);
  expect_fault("-Infinity", FaultKind::number, 1);
  expect_fault("{\"a\":\f1}", FaultKind::value, 5);
}

TEST(JsonReader, FaultsOfNumbersAreNamedWhereTheyAre) {
  expect_fault("01", FaultKind::number, 0);
  expect_fault("-01", FaultKind::number, 0);
  expect_fault("00", FaultKind::number, 0);
  expect_fault("+1", FaultKind::value, 0);
  expect_fault(".5", FaultKind::value, 0);
  expect_fault("[1.]", FaultKind::number, 3);
  expect_fault("[1.e5]", FaultKind::number, 3);
  expect_fault("[1e]", FaultKind::number, 3);
  expect_fault("[1e+]", FaultKind::number, 4);
  expect_fault("[-]", FaultKind::number, 2);
  expect_fault("0x1F", FaultKind::trailing, 1);
  for (const char* good : {"0", "-0", "-0.0", "0e0", "0E+00", "1.25", "10", "-9e-9", "123456789012345"}) {
    EXPECT_EQ(described(good), "well-formed") << good;
  }
}

TEST(JsonReader, ANumberThatAParserMayNotHoldIsNoted) {
  EXPECT_FALSE(read("[123456789012345]").wide_number);
  EXPECT_TRUE(read("[1234567890123456]").wide_number);
  EXPECT_TRUE(read("[1e2]").wide_number);
}

TEST(JsonReader, FaultsOfStringsAreNamedWhereTheyAre) {
  expect_fault("[\"a\n\"]", FaultKind::control, 3);
  expect_fault("[\"\t\"]", FaultKind::control, 2);
  expect_fault("[\"\0\"]"sv, FaultKind::control, 2);
  expect_fault(R"(["a\x41"])", FaultKind::escape, 3);
  expect_fault(R"(["\'"])", FaultKind::escape, 2);
  expect_fault(R"(["\u12g4"])", FaultKind::escape, 2);
  expect_fault(R"(["\u123"])", FaultKind::escape, 2);
  expect_fault(R"(["\U0041"])", FaultKind::escape, 2);
  expect_fault("[\"\\\n\"]", FaultKind::escape, 2);
}

TEST(JsonReader, WhatIsSpecialInALongStringIsSeenInEveryPlace) {
  for (std::size_t place = 0; place < 20; ++place) {
    for (int c = 0; c < 256; ++c) {
      std::string text(20, '~');
      text[place] = static_cast<char>(c);
      const std::string quoted = '"' + text + '"';
      if (c < 0x20) {
        expect_fault(quoted, FaultKind::control, place + 1);
      } else if (c == '"') {
        expect_fault(quoted, FaultKind::trailing, place + 2);
      } else if (c == '\\' && place < 19) {
        expect_fault(quoted, FaultKind::escape, place + 1);
      } else if (c == '\\') {
        expect_fault(quoted, FaultKind::truncated, quoted.size());
      } else if (c > 0x7F) {
        expect_fault(quoted, FaultKind::utf8, place + 1);
      } else {
        EXPECT_EQ(described(quoted), "well-formed") << quoted;
      }
    }
  }
}

TEST(JsonReader, IllFormedUtf8InAStringIsAFaultButNotOfGrammar) {
  for (const std::string_view bytes :
       {"\x80"sv, "\xC3"sv, "\xC0\x80"sv, "\xC1\xBF"sv, "\xE0\x80\x80"sv, "\xED\xA0\x80"sv, "\xF0\x80\x80\x80"sv,
        "\xF4\x90\x80\x80"sv, "\xF5\x80\x80\x80"sv, "\xFE"sv, "\xFF"sv}) {
    const Document d = read("{\"a\":\"" + std::string(bytes) + "\"}");
    ASSERT_TRUE(d.fault);
    EXPECT_EQ(d.fault->kind, FaultKind::utf8);
    EXPECT_EQ(d.fault->offset, 6U);
    EXPECT_FALSE(d.grammar_fault);
    ASSERT_EQ(d.members.size(), 1U);
    EXPECT_FALSE(d.members[0].exact);
  }
}

TEST(JsonReader, IllFormedUtf8DoesNotHideAFaultBehindIt) {
  const Document d = read("{\"a\":\"\xFF\",}");
  ASSERT_TRUE(d.fault);
  EXPECT_EQ(d.fault->kind, FaultKind::utf8);
  ASSERT_TRUE(d.grammar_fault);
  EXPECT_EQ(d.grammar_fault->kind, FaultKind::object);
  EXPECT_EQ(d.grammar_fault->offset, 9U);
}

TEST(JsonReader, IllFormedUtf8MarksOnlyTheMemberThatHoldsIt) {
  const Document d = read("{\"a\":\"\xFF\",\"b\":\"x\",\"c\xFF\":{},\"d\":[\"\xFF\"],\"e\":1}");
  ASSERT_EQ(d.members.size(), 5U);
  EXPECT_FALSE(d.members[0].exact);
  EXPECT_TRUE(d.members[1].exact);
  EXPECT_FALSE(d.members[2].exact);
  EXPECT_TRUE(d.members[3].exact) << "its own text is none";
  EXPECT_TRUE(d.members[4].exact);
}

TEST(JsonReader, IllFormedUtf8OutsideOfAStringIsAFaultOfGrammar) {
  const Document d = read("{\xFF}");
  ASSERT_TRUE(d.grammar_fault);
  EXPECT_EQ(d.grammar_fault->kind, FaultKind::utf8);
  EXPECT_EQ(d.grammar_fault->offset, 1U);
}

TEST(JsonReader, DepthHasNoLimit) {
  constexpr std::size_t depth = 1'000'000;
  const Document arrays = read(repeated("[", depth) + repeated("]", depth));
  EXPECT_FALSE(arrays.fault);
  EXPECT_EQ(arrays.depth, depth);
  const Document objects = read(repeated("{\"a\":", depth) + "1" + repeated("}", depth));
  EXPECT_FALSE(objects.fault);
  EXPECT_EQ(objects.depth, depth);
  expect_fault(repeated("[{\"\":", depth), FaultKind::truncated, 5 * depth);
}

TEST(JsonReader, AFaultIsDescribedWithItsPlaceAndItsSection) {
  EXPECT_EQ(described("[01]"), "at byte 1: not a number's form (RFC 8259 section 6)");
  EXPECT_EQ(described("[\"\xC0\x80\"]"), "at byte 2: bytes that are no UTF-8 (RFC 8259 section 8.1)");
}

// ---- Against an independent reader -------------------------------------------------------------------------------

// The members of the top-level object as nlohmann's parser reports them.
class Events : public nlohmann::json_sax<nlohmann::json> {
 public:
  struct Value {
    std::string name;
    ValueKind kind;
    std::string text;
  };
  std::vector<Value> members;
  bool number_overflow = false;

  bool null() override { return value(ValueKind::null); }
  bool boolean(bool) override { return value(ValueKind::boolean); }
  bool number_integer(number_integer_t) override { return value(ValueKind::number); }
  bool number_unsigned(number_unsigned_t) override { return value(ValueKind::number); }
  bool number_float(number_float_t, const string_t&) override { return value(ValueKind::number); }
  bool string(string_t& text) override { return value(ValueKind::string, text); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return value(ValueKind::object) && descend(); }
  bool start_array(std::size_t) override { return value(ValueKind::array) && descend(); }
  bool end_object() override { return ascend(); }
  bool end_array() override { return ascend(); }
  bool key(string_t& name) override {
    if (depth_ == 1) name_ = name;
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception& e) override {
    number_overflow = e.id == 406;
    return false;
  }

 private:
  bool value(ValueKind kind, const std::string& text = {}) {
    if (depth_ == 0) in_object_ = kind == ValueKind::object;
    if (depth_ == 1 && in_object_) members.push_back({name_, kind, text});
    return true;
  }
  bool descend() { return ++depth_ > 0; }
  bool ascend() {
    --depth_;
    return true;
  }

  std::size_t depth_ = 0;
  bool in_object_ = false;
  std::string name_;
};

std::string to_utf8(const std::u32string& text) {
  std::string out;
  for (const char32_t c : text) text::append(out, c);
  return out;
}

// Where the two may differ: nlohmann takes NUL for the end of its input, refuses lone surrogates and numbers beyond
// binary64, of which RFC 8259 leaves the latter two open.
void expect_agreement(const std::string& text) {
  const Document ours = read(text);
  if (text.find('\0') != std::string::npos) {
    EXPECT_TRUE(ours.fault) << "a NUL has no place in a JSON text";
    return;
  }
  Events theirs;
  const bool accepted = nlohmann::json::sax_parse(text, &theirs);
  if (!accepted && !ours.fault) {
    EXPECT_TRUE(ours.lone_surrogate || (theirs.number_overflow && ours.wide_number)) << text;
    return;
  }
  ASSERT_EQ(!ours.fault, accepted) << text << "\n" << described(text);
  if (!accepted) return;
  ASSERT_EQ(ours.members.size(), theirs.members.size()) << text;
  for (std::size_t i = 0; i < ours.members.size(); ++i) {
    EXPECT_EQ(to_utf8(ours.members[i].name), theirs.members[i].name) << text;
    EXPECT_EQ(name_of(ours.members[i].kind), name_of(theirs.members[i].kind)) << text;
    EXPECT_EQ(to_utf8(ours.members[i].text), theirs.members[i].text) << text;
  }
}

const std::vector<std::string>& seeds() {
  static const std::vector<std::string> texts = {
      R"({"Id":"my-session"})",
      R"({"Id":"a","RequestOrigin":"b"})",
      " {\t\"Id\" :\r\n\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\" } ",
      R"({"\u0049d":"\ud83d\ude00\/\"\\\b\f\n\r\t"})",
      R"({"Id":null,"x":[1,-2.5e+3,true,false,[[],{}],{"a":{"b":"c"}}],"x":0.1})",
      R"([{"Id":"x"},"y",-0,1E2])",
      "\xEF\xBB\xBF{\"Id\":\"x\"}",
      R"("text")",
      "-12.5e-3",
  };
  return texts;
}

// One to four edits; what is put in is mostly what means something to a reader of JSON.
std::string mutated(std::string text, std::mt19937& random) {
  static const std::vector<std::string> pieces = {"{",
                                                  "}",
                                                  "[",
                                                  "]",
                                                  ",",
                                                  ":",
                                                  "\"",
                                                  "\\",
                                                  "\\u",
                                                  "\\ud83d",
                                                  "0",
                                                  "1",
                                                  "-",
                                                  "+",
                                                  ".",
                                                  "e",
                                                  "E9",
                                                  "1e999",
                                                  "true",
                                                  "null",
                                                  "nul",
                                                  " ",
                                                  "\t",
                                                  "\n",
                                                  "\f",
                                                  "//",
                                                  "'",
                                                  "NaN",
                                                  "\x80",
                                                  "\xC0\x80",
                                                  "\xC3",
                                                  "\xC3\xA9",
                                                  "\xED\xA0\x80",
                                                  "\xF4\x90\x80\x80",
                                                  "\xEF\xBB\xBF",
                                                  "\xFF",
                                                  "\x7F",
                                                  "\\ude00",
                                                  "\"a\":1,",
                                                  "Id"};
  const auto below = [&random](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  for (std::size_t edits = 1 + below(4); edits > 0; --edits) {
    const std::size_t at = below(text.size() + 1);
    switch (below(5)) {
      case 0:
        text.insert(at, pieces[below(pieces.size())]);
        break;
      case 1:
        text.erase(at, 1 + below(3));
        break;
      case 2:
        if (at < text.size()) text[at] = static_cast<char>(static_cast<unsigned char>(random()));
        break;
      case 3:
        if (at < text.size()) text[at] = static_cast<char>(static_cast<unsigned char>(text[at]) ^ (1U << below(8)));
        break;
      default:
        text.insert(at, text.substr(below(text.size() + 1), below(8)));
    }
  }
  return text;
}

TEST(JsonReaderAgainstNlohmann, TheSeedsAgree) {
  for (const std::string& seed : seeds()) expect_agreement(seed);
}

TEST(JsonReaderAgainstNlohmann, ThousandsOfMutatedTextsAgree) {
  std::mt19937 random(8259);
  int well_formed = 0;
  constexpr int count = 40'000;
  for (int i = 0; i < count && !HasFailure(); ++i) {
    const std::string text = mutated(seeds()[static_cast<std::size_t>(i) % seeds().size()], random);
    well_formed += !read(text).fault;
    expect_agreement(text);
  }
  // Both answers must have been compared often, or the test says little.
  EXPECT_GT(well_formed, count / 20);
  EXPECT_LT(well_formed, count - count / 20);
}

TEST(JsonReaderAgainstNlohmann, EveryPairOfBytesInAStringAgrees) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256 && !HasFailure(); ++second) {
      expect_agreement("{\"k\":\"" + std::string{static_cast<char>(first), static_cast<char>(second)} + "\"}");
    }
  }
}

TEST(JsonReaderAgainstNlohmann, EveryByteInEveryPlaceAgrees) {
  const std::string text = R"({"k":[1.5e2,"a\n"],"l":true})";
  for (std::size_t at = 0; at <= text.size(); ++at) {
    for (int byte = 0; byte < 256 && !HasFailure(); ++byte) {
      std::string inserted = text;
      expect_agreement(inserted.insert(at, 1, static_cast<char>(byte)));
    }
  }
}

}  // namespace
}  // namespace conformance::oracle::json_reader_test
