#include "harness/oracle/body_class.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <utility>

#include "harness/oracle/utf16_utf32.h"
#include "harness/text/utf8.h"

namespace conformance::oracle {
namespace {

constexpr std::array<std::string_view, 4> class_names = {"valid", "invalid", "unreadable", "free"};
constexpr std::array<std::string_view, 6> violation_names = {"missing",    "null",       "type",
                                                             "length_min", "length_max", "pattern"};

struct FreedomWords {
  std::string_view name;
  std::string_view reason;
};

// In the order of Freedom.
constexpr std::array<FreedomWords, 10> freedom_words = {{
    {"byte_order_mark", "a parser may ignore a byte order mark rather than refuse it (RFC 8259 section 8.1)"},
    {"encoding",
     "JSON is to be sent as UTF-8 (RFC 8259 section 8.1), but a parser may accept more (section 9), and RFC 7159 "
     "section "
     "8.1 had UTF-16 and UTF-32"},
    {"invalid_utf8",
     "no source says what the service makes of ill-formed UTF-8 in a string: decoders refuse it or put U+FFFD in its "
     "place (The Unicode Standard section 3.9)"},
    {"lone_surrogate", "what comes of an unpaired surrogate escape is unpredictable (RFC 8259 section 8.2)"},
    {"duplicate_member", "what comes of a name that stands twice is unpredictable (RFC 8259 section 4)"},
    {"unknown_member", "the protocol does not say whether an unknown member is ignored or refused"},
    {"length_unit",
     "the service model counts characters and the developer guide bytes, and this length is within the limit only in "
     "the former"},
    {"size", "a parser may limit the size of texts (RFC 8259 section 9), and no valid request needs one of this size"},
    {"depth", "a parser may limit the depth of nesting (RFC 8259 section 9)"},
    {"number_range", "a parser may limit the range and precision of numbers (RFC 8259 sections 6 and 9)"},
}};

constexpr std::size_t longest_escape = 12;  // \uXXXX\uXXXX

bool is_surrogate(char32_t c) { return c >= 0xD800 && c <= 0xDFFF; }

bool has_surrogate(std::u32string_view text) { return std::any_of(text.begin(), text.end(), is_surrogate); }

std::string to_utf8(std::u32string_view scalars) {
  std::string out;
  for (const char32_t c : scalars) text::append(out, c);
  return out;
}

// Within the limit in characters, but not in bytes, of which there are never fewer than of any other unit.
bool depends_on_unit(std::u32string_view text, const spec::Member& member) {
  return to_utf8(text).size() > member.max_length;
}

// One way to read one member: what there is against it.
struct Reading {
  std::vector<ConstraintFault> faults;
  std::optional<std::string> identifier;  // the value in UTF-8, if it has one
  [[nodiscard]] bool refused() const { return !faults.empty(); }
};

class Classifier {
 public:
  enum class Encodings { utf8, all };

  Classifier(std::string_view body, const spec::SpecTable& table, Encodings encodings)
      : body_(body), table_(table), encodings_(encodings) {}

  Classification run() {
    const Document document = read(body_);
    if (document.grammar_fault) return not_json(*document.fault);
    note_freedoms(document);
    if (document.kind != ValueKind::object) return no_object(document.kind);
    bool may_be_accepted = true;
    for (const spec::Member& member : table_.request_members) {
      if (!judge(member, document.members)) may_be_accepted = false;
    }
    return may_be_accepted ? acceptable() : refused();
  }

 private:
  // Empty bodies are taken for an absent payload by Smithy (and refused for want of a member) and for malformed JSON by
  // others: refused by all.
  Classification not_json(const Fault& fault) {
    if (std::optional<Classification> other = in_another_encoding()) return std::move(*other);
    result_.body_class = BodyClass::unreadable;
    result_.fault = fault;
    result_.refusal_as_unreadable = true;
    result_.refusal_as_invalid = fault.kind == FaultKind::empty;
    result_.reason = "no JSON: " + describe(fault);
    return std::move(result_);
  }

  // What a reader of UTF-16 or UTF-32 would read, if it is one of these.
  [[nodiscard]] std::optional<Classification> in_another_encoding() const {
    if (encodings_ == Encodings::utf8) return std::nullopt;
    const std::optional<Decoded> decoded = decode_utf16_utf32(body_);
    if (!decoded) return std::nullopt;
    Classification inner = Classifier(decoded->text, table_, Encodings::utf8).run();
    if (inner.body_class == BodyClass::unreadable) return std::nullopt;  // no JSON, either way
    inner.refusal_as_unreadable = true;
    inner.freedoms.push_back(Freedom::encoding);
    std::sort(inner.freedoms.begin(), inner.freedoms.end());
    if (inner.body_class == BodyClass::valid) inner.body_class = BodyClass::free;
    inner.reason = fmt::format("{}: {}; read so: {}", decoded->encoding, reason_of(Freedom::encoding), inner.reason);
    return inner;
  }

  Classification no_object(ValueKind kind) {
    result_.body_class = BodyClass::unreadable;
    // A null or an array that is taken for an empty structure lacks what is required; a type that does not fit is
    // answered by either kind of error.
    result_.refusal_as_unreadable = true;
    result_.refusal_as_invalid = true;
    result_.reason = fmt::format("a request is a JSON object, and this is of kind {}", name_of(kind));
    return std::move(result_);
  }

  void note_freedoms(const Document& document) {
    const auto is_known = [this](const Member& member) {
      return std::any_of(table_.request_members.begin(), table_.request_members.end(),
                         [&member](const spec::Member& known) { return is_named(member, known); });
    };
    const bool unknown =
        !std::all_of(document.members.begin(), document.members.end(), [&](const Member& m) { return is_known(m); });
    const std::array<std::pair<Freedom, bool>, 8> found = {{
        {Freedom::byte_order_mark, document.byte_order_mark},
        {Freedom::invalid_utf8, document.fault.has_value()},
        {Freedom::lone_surrogate, document.lone_surrogate.has_value()},
        {Freedom::duplicate_member, document.duplicate_name.has_value()},
        {Freedom::unknown_member, unknown},
        {Freedom::size, body_.size() > longest_needed(table_)},
        {Freedom::depth, document.depth > 1},
        {Freedom::number_range, document.wide_number},
    }};
    for (const auto& [freedom, there] : found) {
      if (there) add(freedom);
    }
  }

  void add(Freedom freedom) {
    if (!result_.has(freedom)) result_.freedoms.push_back(freedom);
  }

  static bool is_named(const Member& member, const spec::Member& known) {
    // Names of the table are ASCII, as Smithy's identifiers are.
    return std::equal(member.name.begin(), member.name.end(), known.name.begin(), known.name.end(),
                      [](char32_t a, char b) { return a == static_cast<unsigned char>(b); });
  }

  // Reads `known` in every way that duplicates leave open; false if each of them is refused.
  bool judge(const spec::Member& known, const std::vector<Member>& members) {
    std::vector<Reading> readings;
    for (const Member& member : members) {
      if (is_named(member, known)) readings.push_back(reading_of(member, known));
    }
    if (readings.empty()) readings.push_back(absent(known, Violation::missing, "is missing"));
    const bool refused = std::all_of(readings.begin(), readings.end(), [](const Reading& r) { return r.refused(); });
    for (Reading& reading : readings) {
      if (refused) std::move(reading.faults.begin(), reading.faults.end(), std::back_inserter(result_.faults));
      if (reading.refused() || known.name != table_.identifier || !reading.identifier) continue;
      if (std::find(identifiers_.begin(), identifiers_.end(), *reading.identifier) == identifiers_.end()) {
        identifiers_.push_back(std::move(*reading.identifier));
      }
    }
    return !refused;
  }

  static Reading absent(const spec::Member& known, Violation violation, std::string_view how) {
    Reading reading;
    if (known.required) {
      reading.faults.push_back({known.name, violation, fmt::format("{} {}, and it is required", known.name, how)});
    }
    return reading;
  }

  Reading reading_of(const Member& member, const spec::Member& known) {
    if (member.kind == ValueKind::null) return absent(known, Violation::null, "is null, which counts as absent");
    Reading reading;
    if (member.kind != ValueKind::string) {
      reading.faults.push_back({known.name, Violation::type,
                                fmt::format("{} is of kind {}, not a string", known.name, name_of(member.kind))});
      return reading;
    }
    // Of such a value nobody knows which characters a reader sees, nor how many: one of the freedoms that are noted.
    if (!member.exact || has_surrogate(member.text)) return reading;
    lengths(member.text, known, reading);
    pattern(member.text, known, reading);
    reading.identifier = to_utf8(member.text);
    return reading;
  }

  void lengths(const std::u32string& text, const spec::Member& known, Reading& reading) {
    if (text.size() < known.min_length) {
      reading.faults.push_back(
          {known.name, Violation::length_min,
           fmt::format("{} has {} characters, at least {} are needed", known.name, text.size(), known.min_length)});
    }
    if (text.size() > known.max_length) {
      reading.faults.push_back(
          {known.name, Violation::length_max,
           fmt::format("{} has {} characters, at most {} are allowed", known.name, text.size(), known.max_length)});
    } else if (depends_on_unit(text, known)) {
      add(Freedom::length_unit);
    }
  }

  static void pattern(const std::u32string& text, const spec::Member& known, Reading& reading) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      const auto code_point = static_cast<std::uint32_t>(text[i]);
      if (known.allows(code_point)) continue;
      reading.faults.push_back(
          {known.name, Violation::pattern,
           fmt::format("character {} of {} is U+{:04X}, outside of its pattern", i, known.name, code_point)});
      return;
    }
  }

  Classification acceptable() {
    result_.identifiers = std::move(identifiers_);
    if (result_.freedoms.empty()) {
      result_.body_class = BodyClass::valid;
      result_.reason = "well-formed, and every constraint holds";
      return std::move(result_);
    }
    std::sort(result_.freedoms.begin(), result_.freedoms.end());
    result_.body_class = BodyClass::free;
    result_.refusal_as_invalid = true;
    result_.refusal_as_unreadable = true;
    std::vector<std::string_view> reasons;
    for (const Freedom freedom : result_.freedoms) reasons.push_back(reason_of(freedom));
    result_.reason = fmt::format("{}", fmt::join(reasons, "; "));
    return std::move(result_);
  }

  Classification refused() {
    std::sort(result_.freedoms.begin(), result_.freedoms.end());
    result_.body_class = BodyClass::invalid;
    result_.refusal_as_invalid = true;
    // Whoever refuses the text for another reason refuses it rightly; and so does the deserialiser that finds no
    // string.
    result_.refusal_as_unreadable = !result_.freedoms.empty();
    std::vector<std::string_view> details;
    for (const ConstraintFault& fault : result_.faults) {
      details.push_back(fault.detail);
      const bool shape = fault.violation == Violation::missing || fault.violation == Violation::null ||
                         fault.violation == Violation::type;
      if (shape) result_.refusal_as_unreadable = true;
    }
    result_.reason = fmt::format("{}", fmt::join(details, "; "));
    return std::move(result_);
  }

  std::string_view body_;
  const spec::SpecTable& table_;
  Encodings encodings_;
  std::vector<std::string> identifiers_;
  Classification result_;
};

}  // namespace

std::string_view name_of(BodyClass body_class) { return class_names.at(static_cast<std::size_t>(body_class)); }
std::string_view name_of(Violation violation) { return violation_names.at(static_cast<std::size_t>(violation)); }
std::string_view name_of(Freedom freedom) { return freedom_words.at(static_cast<std::size_t>(freedom)).name; }
std::string_view reason_of(Freedom freedom) { return freedom_words.at(static_cast<std::size_t>(freedom)).reason; }

bool Classification::names_only(std::string_view part) const {
  return std::all_of(identifiers.begin(), identifiers.end(),
                     [part](const std::string& id) { return id.find(part) != std::string::npos; });
}

bool Classification::has(Freedom freedom) const {
  return std::find(freedoms.begin(), freedoms.end(), freedom) != freedoms.end();
}

Classification classify(std::string_view body, const spec::SpecTable& table) {
  return Classifier(body, table, Classifier::Encodings::all).run();
}

std::size_t longest_needed(const spec::SpecTable& table) {
  constexpr std::size_t punctuation = 6;  // two pairs of quotation marks, a colon, a comma or brace
  constexpr std::size_t ascii_escape = 6;
  std::size_t bytes = 1;
  for (const spec::Member& member : table.request_members) {
    bytes += punctuation + ascii_escape * member.name.size() + longest_escape * member.max_length;
  }
  return bytes;
}

}  // namespace conformance::oracle
