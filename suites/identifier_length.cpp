#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "harness/text/json_string.h"
#include "harness/text/utf8.h"
#include "suites/suites.h"

namespace conformance::suites {
namespace {

Lengths lengths_of(std::string_view id) {
  return {static_cast<std::uint32_t>(text::code_points(id)), static_cast<std::uint32_t>(text::utf16_units(id)),
          static_cast<std::uint32_t>(id.size())};
}

std::string in_words(const Lengths& l) {
  return fmt::format("{} code points, {} UTF-16 units, {} bytes", l.code_points, l.utf16_units, l.bytes);
}

void add_ascii_lengths(const CaseBuilder& b, std::vector<Case>& cases) {
  const spec::Member& id = b.identifier();
  for (const std::size_t n : {0UL, 1UL, 2UL, 254UL, 255UL, 256UL, 257UL, 1024UL, 65536UL}) {
    const std::string case_id = fmt::format("id.length.ascii.{}", n);
    const std::string title = fmt::format("{} of {} ASCII characters", id.name, n);
    if (n < id.min_length) {
      Case c = CaseBuilder::start(case_id, title, "id.length.min", Kind::malformed);
      b.refuse_identifier(c, b.token(c), "\"\"");
      c.characteristic = "constraint.error";
      cases.push_back(std::move(c));
    } else if (n > id.max_length) {
      Case c = CaseBuilder::start(case_id, title, "id.length.max", Kind::malformed);
      // The twin is what an endpoint that truncates would delete.
      b.refuse_identifier(c, b.padded(c, id.max_length), text::quote_raw(b.padded(c, n)));
      c.characteristic = "constraint.error";
      cases.push_back(std::move(c));
    } else {
      Case c = CaseBuilder::start(case_id, title, "id.length.accept", Kind::valid);
      const std::string session = b.padded(c, n);
      b.accept(c, session, text::quote_raw(session));
      cases.push_back(std::move(c));
    }
  }
}

// Judged where every unit of counting agrees; measured where they do not, since the sources contradict each other.
void add_measured(const CaseBuilder& b, Case c, const std::string& id, std::vector<Case>& cases) {
  const std::uint32_t max = b.identifier().max_length;
  const Lengths l = lengths_of(id);
  c.title += " (" + in_words(l) + ")";
  const auto [shortest, longest] = std::minmax({l.code_points, l.utf16_units, l.bytes});
  if (longest <= max) {
    c.requirement = "id.length.accept";
    b.accept(c, id, text::quote_raw(id));
  } else if (shortest > max) {
    c.requirement = "id.length.max";
    c.kind = Kind::malformed;
    b.refuse_identifier(c, b.token(c), text::quote_raw(id));
  } else {
    c.kind = Kind::free_form;
    c.characteristic = "id.length.unit";
    c.lengths = l;
    b.accept(c, id, text::quote_raw(id));
  }
  cases.push_back(std::move(c));
}

void add_wide(const CaseBuilder& b, std::vector<Case>& cases) {
  struct Wide {
    const char* name;
    char32_t code_point;
  };
  constexpr std::array wides{Wide{"two_byte", U'\u00E9'}, Wide{"three_byte", U'\u20AC'},
                             Wide{"four_byte", U'\U0001F600'}};
  for (const Wide& wide : wides) {
    const std::string filler = text::encode(wide.code_point);
    for (const std::size_t n : {254UL, 255UL, 256UL, 1024UL}) {
      Case c = CaseBuilder::start(
          fmt::format("id.length.{}.characters_{}", wide.name, n),
          fmt::format("{} filled with U+{:04X}", b.identifier().name, static_cast<std::uint32_t>(wide.code_point)), "",
          Kind::valid);
      add_measured(b, c, b.padded(c, n, filler), cases);
    }
    // The same bounds counted the other ways: as many wide characters as fit, then ASCII up to the exact length.
    for (const bool in_bytes : {true, false}) {
      const std::size_t width = in_bytes ? filler.size() : text::utf16_units(filler);
      if (!in_bytes && width == 1) continue;
      for (const std::size_t n : {254UL, 255UL, 256UL}) {
        Case c = CaseBuilder::start(
            fmt::format("id.length.{}.{}_{}", wide.name, in_bytes ? "bytes" : "units", n),
            fmt::format("{} filled with U+{:04X}", b.identifier().name, static_cast<std::uint32_t>(wide.code_point)),
            "", Kind::valid);
        std::string id = b.token(c);
        std::size_t length = id.size();
        for (; length + width <= n; length += width) id += filler;
        id.append(n - length, 'x');
        add_measured(b, c, id, cases);
      }
    }
  }
}

}  // namespace

std::vector<Case> identifier_length(const CaseBuilder& b) {
  std::vector<Case> cases;
  add_ascii_lengths(b, cases);
  add_wide(b, cases);
  return cases;
}

}  // namespace conformance::suites
