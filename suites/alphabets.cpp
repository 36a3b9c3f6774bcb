// The exhaustive tier: every code point decided, for each string member.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "harness/text/json_string.h"
#include "harness/text/utf8.h"
#include "suites/suites.h"

namespace conformance::suites {
namespace {

using spec::CodePointRange;

constexpr std::uint32_t first_surrogate = 0xD800, last_surrogate = 0xDFFF, last_code_point = 0x10FFFF;

// The code points that are no surrogates and that `member` allows, or does not.
std::vector<CodePointRange> scalars(const spec::Member& member, bool allowed) {
  std::vector<CodePointRange> ranges;
  const auto add = [&ranges](std::uint32_t first, std::uint32_t end) {
    for (const auto& [from, to] :
         {std::pair(first, std::min(end, first_surrogate)), std::pair(std::max(first, last_surrogate + 1), end)}) {
      if (from >= to) continue;
      if (!ranges.empty() && ranges.back().last + 1 == from)
        ranges.back().last = to - 1;
      else
        ranges.push_back({from, to - 1});
    }
  };
  std::uint32_t next = 0;
  for (const CodePointRange& range : member.allowed) {
    if (allowed)
      add(range.first, range.last + 1);
    else
      add(next, range.first);
    next = range.last + 1;
  }
  if (!allowed) add(next, last_code_point + 1);
  return ranges;
}

std::string utf8(std::span<const char32_t> points) {
  std::string text;
  for (const char32_t point : points) text::append(text, point);
  return text;
}

Case sweep(const std::string& id, const std::string& title, const std::string& requirement, Kind kind,
           std::vector<CodePointRange> ranges, std::size_t room,
           std::function<Case(Case, std::span<const char32_t>)> ask,
           std::function<void(char32_t, std::string&)> body = {}, std::size_t most = 0) {
  Case c = CaseBuilder::start(id, title, requirement, kind);
  c.tier = Tier::exhaustive;
  auto made = std::make_shared<Sweep>();
  made->ranges = std::move(ranges);
  made->room = room;
  made->most = most;
  made->body = std::move(body);
  made->stimulus = [c, ask = std::move(ask)](std::span<const char32_t> points) {
    Case stimulus = c;
    stimulus.id += fmt::format(".u{:04x}", static_cast<std::uint32_t>(points.front()));
    return ask(std::move(stimulus), points);
  };
  const char32_t first = made->ranges.front().first;
  Case example = made->stimulus(std::span(&first, 1));
  c.body = example.body;
  c.control_body = example.control_body;
  c.session = example.session;
  c.expected_echo = example.expected_echo;
  c.sweep = std::move(made);
  return c;
}

// One JSON string of a lone surrogate, by escape: it has no other form.
std::string surrogate_json(std::string_view before, char32_t surrogate) {
  return fmt::format("\"{}\\u{:04x}\"", before, static_cast<std::uint32_t>(surrogate));
}

}  // namespace

std::vector<Case> alphabets(const CaseBuilder& b) {
  const spec::Member& id = b.identifier();
  const spec::Member& option = b.option();
  const auto characters = [](const spec::Member& member, const char* what) {
    return fmt::format("every character that the pattern of {} {}", member.name, what);
  };
  // Beside the token there is room for so many bytes, within the limit in every unit of length, and for as many code
  // points if those are what is counted.
  constexpr std::size_t token_bytes = 24;
  std::vector<Case> cases;
  cases.push_back(sweep(
      "id.alphabet.allowed", characters(id, "allows"), "id.pattern.accept", Kind::valid, scalars(id, true),
      id.max_length - token_bytes,
      [b](Case c, auto points) {
        const std::string session = b.token(c) + utf8(points);
        b.accept(c, session, text::quote_raw(session));
        return c;
      },
      {}, id.max_length - token_bytes));
  cases.push_back(sweep("id.alphabet.forbidden", characters(id, "forbids"), "id.pattern.reject", Kind::malformed,
                        scalars(id, false), 0, [b](Case c, auto points) {
                          const std::string token = b.token(c);
                          b.refuse_identifier(c, token, text::quote_raw(token + utf8(points)));
                          return c;
                        }));
  cases.push_back(sweep("id.alphabet.surrogates", "every lone surrogate in " + id.name, "id.surrogate", Kind::free_form,
                        {{first_surrogate, last_surrogate}}, 0, [b](Case c, auto points) {
                          const std::string token = b.token(c);
                          b.refuse_identifier(c, token, surrogate_json(token, points.front()));
                          return c;
                        }));
  cases.push_back(sweep("origin.alphabet.allowed", characters(option, "allows"), "origin.pattern.accept", Kind::valid,
                        scalars(option, true), option.max_length, [b](Case c, auto points) {
                          const std::string token = b.token(c);
                          b.accept(c, token, text::quote_raw(token), text::quote_raw(utf8(points)));
                          return c;
                        }));
  // A million of them: no session each, and one control for all that go together.
  const std::string nobody = b.token(CaseBuilder::start("origin.alphabet.forbidden", "", "", Kind::malformed));
  const auto without_session = [b, nobody](Case c, const std::string& option_json) {
    c.body = b.body(text::quote_raw(nobody), option_json);
    c.control_body = b.body(text::quote_raw(nobody), text::quote_raw(CaseBuilder::plain_option));
    return c;
  };
  const std::string before = b.body(text::quote_raw(nobody), "\n");
  cases.push_back(sweep(
      "origin.alphabet.forbidden", characters(option, "forbids"), "origin.pattern.reject", Kind::malformed,
      scalars(option, false), 0,
      [without_session](const Case& c, auto points) { return without_session(c, text::quote_raw(utf8(points))); },
      [before = before.substr(0, before.find('\n')), after = before.substr(before.find('\n') + 1)](char32_t point,
                                                                                                   std::string& to) {
        to.append(before).append(text::quote_raw(text::encode(point))).append(after);
      }));
  cases.push_back(sweep("origin.alphabet.surrogates", "every lone surrogate in " + option.name, "json.answered",
                        Kind::free_form, {{first_surrogate, last_surrogate}}, 0,
                        [without_session](const Case& c, auto points) {
                          return without_session(c, surrogate_json("", points.front()));
                        }));
  return cases;
}

}  // namespace conformance::suites
