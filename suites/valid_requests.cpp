#include <fmt/format.h>

#include "harness/text/json_string.h"
#include "harness/text/utf8.h"
#include "suites/suites.h"

namespace conformance::suites {
namespace {

Case named(const CaseBuilder& b, const std::string& id, const std::string& title, const std::string& requirement,
           std::string_view before, std::string_view after) {
  Case c = CaseBuilder::start(id, title, requirement, Kind::valid);
  const std::string session = std::string(before) + b.token(c) + std::string(after);
  b.accept(c, session, text::quote_raw(session));
  // These ask for an effect, or for an answer that only a deletion gives.
  c.needs_session = requirement == "delete.effect" || requirement == "delete.echo";
  return c;
}

void add_plain(const CaseBuilder& b, std::vector<Case>& cases) {
  cases.push_back(named(b, "delete.plain.id", "a session by its Id", "delete.success", "", ""));
  Case with_option = CaseBuilder::start("delete.plain.id_and_origin", "a session by its Id, with a RequestOrigin",
                                        "delete.success", Kind::valid);
  b.accept(with_option, b.token(with_option), text::quote_raw(b.token(with_option)),
           text::quote_raw(CaseBuilder::plain_option));
  cases.push_back(with_option);
  cases.push_back(named(b, "delete.effect.plain", "the session is gone afterwards", "delete.effect", "", ""));
  cases.push_back(named(b, "delete.echo.plain", "the answer carries the Id", "delete.echo", "", ""));

  Case missing =
      CaseBuilder::start("delete.missing.plain", "a well-formed Id that names no session", "", Kind::free_form);
  missing.characteristic = "missing.session";
  missing.body = b.body(text::quote_raw(b.token(missing)));
  cases.push_back(missing);
}

// The promise that needs no session: whatever the endpoint says of a session that does not exist, it is not "invalid".
void add_missing(const CaseBuilder& b, std::vector<Case>& cases) {
  struct Shape {
    const char* name;
    std::string_view option_json;
    std::string_view after;
  };
  for (const Shape& shape : {Shape{"plain", "", ""}, Shape{"with_origin", R"("glue-conformance")", ""},
                             Shape{"punctuation", "", " !~"}, Shape{"beyond_ascii", "", "\u00E9\U0001F600"}}) {
    Case c = CaseBuilder::start(fmt::format("valid.not_refused.{}", shape.name),
                                fmt::format("a well-formed request for a session that does not exist: {}", shape.name),
                                "valid.not_refused", Kind::valid);
    c.body = b.body(text::quote_raw(b.token(c) + std::string(shape.after)), shape.option_json);
    cases.push_back(std::move(c));
  }
}

void add_echoes(const CaseBuilder& b, std::vector<Case>& cases) {
  struct Text {
    const char* name;
    std::string text;
  };
  for (const Text& t : {Text{"quote", "\"q\""},
                        Text{"apostrophe", "it's"},
                        Text{"backslash", "a\\b\\\\c\\n"},
                        Text{"tab", "a\tb"},
                        Text{"script", "</script><script>alert(1)</script>"},
                        Text{"markup", "<b>&amp;</b>]]>"},
                        Text{"percent", "%00%2f%25"},
                        Text{"path", "../../etc/passwd"},
                        Text{"template", "${jndi:x}{{7*7}}"},
                        Text{"sql", "' OR '1'='1"},
                        Text{"upper_case", "UPPER"},
                        Text{"slash", "a/b"},
                        Text{"plus", "a+b c"},
                        Text{"latin", "\u00E9\u00DF\u00D8"},
                        Text{"emoji", "\U0001F468\u200D\U0001F469\u200D\U0001F467"},
                        Text{"right_to_left", "\u05E9\u05DC\u05D5\u05DD"},
                        Text{"combining", "e\u0301"},
                        Text{"bom", "\uFEFF"},
                        Text{"separators", "\u2028\u2029"},
                        Text{"private_use", "\uE000\U0010FFFD"}}) {
    cases.push_back(named(b, fmt::format("delete.echo.{}", t.name), fmt::format("the exact Id back: {}", t.name),
                          "delete.echo", "", t.text));
  }
}

// Two spellings of what some layer takes for one text: each names its own session. Deleting one must leave the other.
void add_identities(const CaseBuilder& b, std::vector<Case>& cases) {
  struct Pair {
    const char* name;
    std::string one, other;
  };
  for (const Pair& pair :
       {Pair{"normal_form", "\u00E9", "e\u0301"}, Pair{"singleton", "\u212B", "\u00C5"},
        Pair{"compatibility", "\uFB01", "fi"}, Pair{"full_width", "\uFF21", "A"}, Pair{"letter_case", "A", "a"},
        Pair{"letter_case_beyond_ascii", "\u00C9", "\u00E9"}, Pair{"sharp_s", "\u00DF", "ss"},
        Pair{"trailing_space", " ", ""}, Pair{"trailing_tab", "\t", ""}, Pair{"trailing_bom", "\uFEFF", ""},
        Pair{"trailing_nbsp", "\u00A0", ""}, Pair{"zero_width", "\u200B", ""}, Pair{"prefix", "1", "12"},
        Pair{"backslash", "\\", "\\\\"}, Pair{"escape_text", "\\u0061", "a"}, Pair{"percent", "%61", "a"}}) {
    for (const bool swapped : {false, true}) {
      Case c = CaseBuilder::start(fmt::format("id.identity.{}.{}", pair.name, swapped ? "other" : "one"),
                                  fmt::format("two sessions, not one: {}", pair.name), "id.identity", Kind::valid);
      const std::string token = b.token(c);
      const std::string session = token + (swapped ? pair.other : pair.one);
      b.accept(c, session, text::quote_raw(session));
      c.bystanders = {token + (swapped ? pair.one : pair.other)};
      c.needs_session = c.asks_which_session = true;
      cases.push_back(std::move(c));
    }
  }
  for (const Pair& pair :
       {Pair{"leading_space", " ", ""}, Pair{"leading_tab", "\t", ""}, Pair{"leading_bom", "\uFEFF", ""}}) {
    Case c = CaseBuilder::start(fmt::format("id.identity.{}.one", pair.name),
                                fmt::format("two sessions, not one: {}", pair.name), "id.identity", Kind::valid);
    const std::string token = b.token(c);
    b.accept(c, pair.one + token, text::quote_raw(pair.one + token));
    c.bystanders = {token};
    c.needs_session = c.asks_which_session = true;
    cases.push_back(std::move(c));
  }
}

// The same identifier in every spelling that JSON has for it (RFC 8259 section 7).
void add_encodings(const CaseBuilder& b, std::vector<Case>& cases) {
  struct Spelling {
    const char* name;
    std::string text;  // what is meant
    std::string json;  // how it is written, inside of the quotes
  };
  for (const Spelling& s :
       {Spelling{"escaped_letter", "a", "\\u0061"}, Spelling{"lower_case_digits", "\u00E9", "\\u00e9"},
        Spelling{"upper_case_digits", "\u00E9", "\\u00E9"}, Spelling{"raw", "\u00E9", "\u00E9"},
        Spelling{"surrogate_pair", "\U0001F600", "\\ud83d\\ude00"}, Spelling{"raw_astral", "\U0001F600", "\U0001F600"},
        Spelling{"solidus", "/", "\\/"}, Spelling{"quote", "\"", "\\\""}, Spelling{"quote_by_number", "\"", "\\u0022"},
        Spelling{"backslash", "\\", "\\\\"}, Spelling{"backslash_by_number", "\\", "\\u005c"},
        Spelling{"tab", "\t", "\\t"}, Spelling{"tab_by_number", "\t", "\\u0009"},
        Spelling{"delete_raw", "\x7f", "\x7f"}}) {
    Case c = CaseBuilder::start(fmt::format("id.encoding.{}", s.name), fmt::format("Id spelt with {}", s.name),
                                "id.encoding", Kind::valid);
    const std::string token = b.token(c);
    b.accept(c, token + s.text, "\"" + token + s.json + "\"");
    c.needs_session = c.asks_which_session = true;
    cases.push_back(std::move(c));
  }
}

}  // namespace

std::vector<Case> valid_requests(const CaseBuilder& b) {
  std::vector<Case> cases;
  add_plain(b, cases);
  add_missing(b, cases);
  add_echoes(b, cases);
  add_identities(b, cases);
  add_encodings(b, cases);
  return cases;
}

}  // namespace conformance::suites
