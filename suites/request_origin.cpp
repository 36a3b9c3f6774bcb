#include <fmt/format.h>

#include "harness/text/json_string.h"
#include "harness/text/utf8.h"
#include "suites/suites.h"

namespace conformance::suites {
namespace {

Case refused(const CaseBuilder& b, const std::string& id, const std::string& title, const std::string& requirement,
             std::string_view option_json) {
  Case c = CaseBuilder::start(id, title, requirement, Kind::malformed);
  b.refuse_option(c, option_json);
  return c;
}

Case accepted(const CaseBuilder& b, const std::string& id, const std::string& title, const std::string& requirement,
              std::string_view option_json) {
  Case c = CaseBuilder::start(id, title, requirement, Kind::valid);
  const std::string token = b.token(c);
  b.accept(c, token, text::quote_raw(token), option_json);
  return c;
}

void add_lengths(const CaseBuilder& b, std::vector<Case>& cases) {
  const spec::Member& option = b.option();
  for (const std::size_t n : {0UL, 1UL, 2UL, 127UL, 128UL, 129UL, 4096UL}) {
    const std::string id = fmt::format("origin.length.{}", n);
    const std::string title = fmt::format("{} of {} characters", option.name, n);
    const std::string json = text::quote_raw(std::string(n, 'o'));
    if (n < option.min_length) {
      cases.push_back(refused(b, id, title, "origin.length.min", json));
    } else if (n > option.max_length) {
      cases.push_back(refused(b, id, title, "origin.length.max", json));
    } else {
      cases.push_back(accepted(b, id, title, "origin.length.accept", json));
    }
  }
}

void add_types(const CaseBuilder& b, std::vector<Case>& cases) {
  const std::string& name = b.option().name;
  cases.push_back(accepted(b, "origin.optional.absent", "no " + name, "origin.optional", ""));
  cases.push_back(accepted(b, "origin.optional.null", name + " is null", "origin.optional", "null"));
  struct Value {
    const char* name;
    const char* json;
  };
  for (const Value& value : {Value{"true", "true"}, Value{"false", "false"}, Value{"zero", "0"}, Value{"one", "1"},
                             Value{"fraction", "1.5"}, Value{"empty_array", "[]"}, Value{"array", R"(["origin"])"},
                             Value{"empty_object", "{}"}, Value{"object", R"({"a":"b"})"}}) {
    Case c = refused(b, fmt::format("origin.type.{}", value.name), fmt::format("{} is {}", name, value.json),
                     "origin.type", value.json);
    c.characteristic = "type.error";
    cases.push_back(std::move(c));
  }
}

void add_ascii_origins(const CaseBuilder& b, std::vector<Case>& cases) {
  const std::string& name = b.option().name;
  std::string every;
  for (std::uint32_t point = 0; point < 0x80; ++point) {
    const std::string json = text::quote_ascii(text::encode(static_cast<char32_t>(point)));
    const std::string inner = json.substr(1, json.size() - 2);
    if (b.option().allows(point)) {
      every += static_cast<char>(point);
      cases.push_back(accepted(b, fmt::format("origin.allowed.x{:02x}", point),
                               fmt::format("{} of U+{:04X} alone", name, point), "origin.pattern.accept", json));
      continue;
    }
    struct OriginSpot {
      const char* name;
      const char* before;
      const char* after;
    };
    for (const OriginSpot& spot : {OriginSpot{"alone", "", ""}, OriginSpot{"first", "", "origin"},
                                   OriginSpot{"middle", "ori", "gin"}, OriginSpot{"last", "origin", ""}}) {
      Case c = refused(b, fmt::format("origin.ascii.x{:02x}.{}", point, spot.name),
                       fmt::format("{} with U+{:04X} {}", name, point, spot.name), "origin.pattern.reject",
                       "\"" + std::string(spot.before) + inner + spot.after + "\"");
      c.characteristic = "constraint.error";
      cases.push_back(std::move(c));
    }
  }
  cases.push_back(accepted(b, "origin.allowed.every", name + " of every allowed character", "origin.pattern.accept",
                           text::quote_raw(every)));
}

// Letters, digits, dots and dashes of other scripts: what \w, \d or a case-insensitive match of Unicode lets through.
void add_look_alikes(const CaseBuilder& b, std::vector<Case>& cases) {
  for (const char32_t point :
       {U'\u00AA',     U'\u00B2',     U'\u00B5',     U'\u00E9',    U'\u0131', U'\u017F', U'\u0301', U'\u03BF',
        U'\u0430',     U'\u05D0',     U'\u0661',     U'\u0967',    U'\u200B', U'\u200D', U'\u2010', U'\u2011',
        U'\u2013',     U'\u2024',     U'\u202E',     U'\u2063',    U'\u212A', U'\u2160', U'\u2212', U'\u3002',
        U'\u4E00',     U'\uFE4D',     U'\uFEFF',     U'\uFF0D',    U'\uFF0E', U'\uFF11', U'\uFF21', U'\uFF3F',
        U'\U0001D400', U'\U0001D7CE', U'\U0001F600', U'\U000E0041'}) {
    const auto number = static_cast<std::uint32_t>(point);
    for (const bool raw : {true, false}) {
      const std::string value = "ori" + text::encode(point) + "gin";
      cases.push_back(refused(b, fmt::format("origin.look_alike.u{:04x}.{}", number, raw ? "raw" : "escape"),
                              fmt::format("{} with the look-alike U+{:04X}", b.option().name, number),
                              "origin.pattern.reject", raw ? text::quote_raw(value) : text::quote_ascii(value)));
    }
  }
}

void add_lines(const CaseBuilder& b, std::vector<Case>& cases) {
  struct Line {
    const char* name;
    const char* json;
  };
  for (const Line& line :
       {Line{"newline_last", R"("origin\n")"}, Line{"crlf_last", R"("origin\r\n")"},
        Line{"good_then_bad", R"("origin\nb/d")"}, Line{"bad_then_good", R"("b/d\norigin")"},
        Line{"newline_first", R"("\norigin")"}, Line{"good_good", R"("a\nb")"}, Line{"nul_last", R"("origin\u0000")"},
        Line{"nul_then_bad", R"("origin\u0000/")"}, Line{"spaces_around", R"(" origin ")"}}) {
    cases.push_back(refused(b, fmt::format("origin.lines.{}", line.name),
                            fmt::format("{} is {}", b.option().name, line.json), "origin.pattern.reject", line.json));
  }
  // The value with which the real service was seen to refuse (source Q1 of the facts).
  cases.push_back(refused(b, "origin.observed.slash", b.option().name + " with a slash, as reported from the service",
                          "origin.pattern.reject", R"("dbt-glue-foo/iam_usr_role_dev")"));
}

}  // namespace

std::vector<Case> request_origin(const CaseBuilder& b) {
  std::vector<Case> cases;
  add_lengths(b, cases);
  add_types(b, cases);
  add_ascii_origins(b, cases);
  add_look_alikes(b, cases);
  add_lines(b, cases);
  return cases;
}

}  // namespace conformance::suites
