#include <fmt/format.h>

#include <array>
#include <set>

#include "harness/text/json_string.h"
#include "harness/text/utf8.h"
#include "suites/suites.h"

namespace conformance::suites {
namespace {

constexpr std::uint32_t last_code_point = 0x10FFFF;

constexpr std::array places{"first", "middle", "last"};

bool is_surrogate(std::uint32_t c) { return c >= 0xD800 && c <= 0xDFFF; }

// Both ends of every allowed range and of every excluded one, and the characters on which implementations are known to
// differ: what one language calls a control, a space, a line end or not a character at all.
std::set<std::uint32_t> interesting_code_points(const spec::Member& member) {
  std::set<std::uint32_t> points{
      0x00,   0x01,   0x08,    0x09,    0x0A,    0x0B,    0x0C,    0x0D,    0x1B,     0x1F,    0x20,   0x22,   0x27,
      0x2F,   0x5C,   0x7E,    0x7F,    0x80,    0x85,    0x9F,    0xA0,    0xAD,     0xE9,    0x301,  0x61C,  0x180E,
      0x200B, 0x200D, 0x2028,  0x2029,  0x202E,  0x3000,  0xD7FF,  0xE000,  0xF8FF,   0xFDD0,  0xFEFF, 0xFFFC, 0xFFFD,
      0xFFFE, 0xFFFF, 0x10000, 0x1F600, 0x1FFFE, 0x1FFFF, 0xE0001, 0xF0000, 0x10FFFE, 0x10FFFF};
  for (const spec::CodePointRange& range : member.allowed) {
    points.insert({range.first, range.last});
    if (range.first > 0) points.insert(range.first - 1);
    if (range.last < last_code_point) points.insert(range.last + 1);
  }
  std::erase_if(points, is_surrogate);
  return points;
}

std::string escaped(std::uint32_t c) {
  if (c < 0x10000) return fmt::format("\\u{:04x}", c);
  return fmt::format("\\u{:04x}\\u{:04x}", 0xD800 + ((c - 0x10000) >> 10), 0xDC00 + ((c - 0x10000) & 0x3FF));
}

// What the token is split into around the character.
struct Spot {
  std::string before, after;
};

std::array<Spot, 3> spots_in(const std::string& token) {
  const std::size_t half = token.size() / 2;
  return {Spot{"", token}, Spot{token.substr(0, half), token.substr(half)}, Spot{token, ""}};
}

void add_code_point(const CaseBuilder& b, std::uint32_t point, std::vector<Case>& cases) {
  const bool allowed = b.identifier().allows(point);
  for (const bool raw : {true, false}) {
    // JSON has no raw control characters (RFC 8259 section 7); quote and backslash have escapes of their own.
    if (raw && (point < 0x20 || point == '"' || point == '\\')) continue;
    for (std::size_t i = 0; i < 3; ++i) {
      const char* how = raw ? "raw" : "escape";
      Case c = CaseBuilder::start(fmt::format("id.pattern.{}.u{:04x}.{}", how, point, places[i]),
                                  fmt::format("{} with U+{:04X} {}, {}", b.identifier().name, point, places[i],
                                              raw ? "as UTF-8" : "as \\u escape"),
                                  allowed ? "id.pattern.accept" : "id.pattern.reject",
                                  allowed ? Kind::valid : Kind::malformed);
      const std::string token = b.token(c);
      const Spot spot = spots_in(token)[i];
      const std::string character = text::encode(static_cast<char32_t>(point));
      const std::string id_json = "\"" + spot.before + (raw ? character : escaped(point)) + spot.after + "\"";
      if (allowed) {
        b.accept(c, spot.before + character + spot.after, id_json);
      } else {
        b.refuse_identifier(c, token, id_json);
        c.characteristic = "constraint.error";
      }
      cases.push_back(std::move(c));
    }
  }
}

// Refused characters as the whole identifier, and the line ends that the `$` of many regex engines lets through.
void add_whole(const CaseBuilder& b, std::vector<Case>& cases) {
  for (const std::uint32_t point : {0x00U, 0x0AU, 0x0DU, 0x1FU, 0xFFFEU, 0xFFFFU}) {
    if (b.identifier().allows(point)) continue;
    Case c = CaseBuilder::start(fmt::format("id.pattern.alone.u{:04x}", point),
                                fmt::format("{} of U+{:04X} alone", b.identifier().name, point), "id.pattern.reject",
                                Kind::malformed);
    b.refuse_identifier(c, b.token(c), "\"" + escaped(point) + "\"");
    cases.push_back(std::move(c));
  }
  struct Tail {
    const char* name;
    const char* before;
    const char* after;
  };
  for (const Tail& tail : {Tail{"crlf_last", "", "\\r\\n"}, Tail{"newlines_last", "", "\\n\\n"},
                           Tail{"newline_both_ends", "\\n", "\\n"}, Tail{"newline_then_more", "", "\\nx"}}) {
    Case c = CaseBuilder::start(fmt::format("id.pattern.lines.{}", tail.name),
                                fmt::format("{} with line ends: {}", b.identifier().name, tail.name),
                                "id.pattern.reject", Kind::malformed);
    const std::string token = b.token(c);
    b.refuse_identifier(c, token, "\"" + std::string(tail.before) + token + tail.after + "\"");
    cases.push_back(std::move(c));
  }
}

void add_surrogates(const CaseBuilder& b, std::vector<Case>& cases) {
  struct Broken {
    const char* name;
    const char* json;
  };
  for (const Broken& broken :
       {Broken{"high_first", "\\ud800"}, Broken{"high_last", "\\udbff"}, Broken{"low_first", "\\udc00"},
        Broken{"low_last", "\\udfff"}, Broken{"reversed", "\\udc00\\ud800"}, Broken{"two_highs", "\\ud83d\\ud83d"}}) {
    for (std::size_t i = 0; i < 3; ++i) {
      Case c = CaseBuilder::start(fmt::format("id.surrogate.{}.{}", broken.name, places[i]),
                                  fmt::format("{} with {} {}", b.identifier().name, broken.json, places[i]),
                                  "id.surrogate", Kind::free_form);
      c.characteristic = "surrogate.answer";
      const std::string token = b.token(c);
      const Spot spot = spots_in(token)[i];
      b.refuse_identifier(c, token, "\"" + spot.before + broken.json + spot.after + "\"");
      cases.push_back(std::move(c));
    }
  }
}

}  // namespace

std::vector<Case> identifier_pattern(const CaseBuilder& b) {
  std::vector<Case> cases;
  for (const std::uint32_t point : interesting_code_points(b.identifier())) add_code_point(b, point, cases);
  add_whole(b, cases);
  add_surrogates(b, cases);
  return cases;
}

}  // namespace conformance::suites
