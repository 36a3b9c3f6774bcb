#include "harness/generate/request_example.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <span>

#include "harness/generate/numbers.h"
#include "harness/text/stable_hash.h"
#include "harness/text/utf8.h"

namespace conformance::generate {
namespace {

using spec::CodePointRange;
using Kind = std::span<const CodePointRange>;

// Characters that are known to be mishandled by their kind, or when they meet.
constexpr std::array<CodePointRange, 5> combining = {
    {{0x0300, 0x036F}, {0x1AB0, 0x1AC0}, {0x20D0, 0x20F0}, {0xFE20, 0xFE2F}, {0x0591, 0x05BD}}};
constexpr std::array<CodePointRange, 4> bidirectional = {
    {{0x200E, 0x200F}, {0x202A, 0x202E}, {0x2066, 0x2069}, {0x061C, 0x061C}}};
constexpr std::array<CodePointRange, 5> zero_width = {
    {{0x200B, 0x200D}, {0x2060, 0x2064}, {0xFEFF, 0xFEFF}, {0xFE00, 0xFE0F}, {0x00AD, 0x00AD}}};
constexpr std::array<CodePointRange, 5> case_specials = {
    {{0x0130, 0x0131}, {0x017F, 0x017F}, {0x1E9E, 0x1E9E}, {0x212A, 0x212B}, {0xFB00, 0xFB06}}};
constexpr std::array<CodePointRange, 4> scripts = {
    {{0x00C0, 0x024F}, {0x05D0, 0x05EA}, {0x0621, 0x064A}, {0x4E00, 0x9FFF}}};
constexpr std::array<CodePointRange, 3> jamo = {{{0x1100, 0x1112}, {0x1161, 0x1175}, {0x11A8, 0x11C2}}};
constexpr std::array<CodePointRange, 4> emoji = {
    {{0x1F600, 0x1F64F}, {0x1F468, 0x1F469}, {0x1F1E6, 0x1F1FF}, {0x1F3FB, 0x1F3FF}}};
constexpr std::array<CodePointRange, 5> planes = {
    {{0x10000, 0x1FFFF}, {0x20000, 0xDFFFF}, {0xE0000, 0xEFFFF}, {0xF0000, 0xFFFFF}, {0x100000, 0x10FFFF}}};
constexpr std::array<CodePointRange, 4> letters = {{{'a', 'z'}, {'A', 'Z'}, {'0', '9'}, {'-', '.'}}};
constexpr std::array<CodePointRange, 5> syntax = {{{'"', '"'}, {'\\', '\\'}, {'/', '/'}, {'{', '}'}, {' ', '\''}}};
constexpr std::array<CodePointRange, 4> controls = {{{0x00, 0x1F}, {0x7F, 0x9F}, {0x2028, 0x2029}, {0xFFF0, 0xFFFF}}};

// Plain letters twice: what is special must stand among what is not.
constexpr std::array<Kind, 11> kinds = {letters,       letters, syntax, combining, bidirectional, zero_width,
                                        case_specials, scripts, jamo,   emoji,     planes};

char32_t within(Numbers& draw, const CodePointRange& range) {
  return range.first + static_cast<char32_t>(draw.below(range.last - range.first + 1));
}

bool is_scalar(char32_t c) { return c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF); }

// An end of an allowed range, or next to one.
char32_t at_an_edge(Numbers& draw, const spec::Member& member) {
  const CodePointRange& range = draw.of(member.allowed);
  const char32_t end = draw.one_in(2) ? range.first : range.last;
  return end + static_cast<char32_t>(draw.below(3)) - 1;
}

char32_t allowed_character(Numbers& draw, const spec::Member& member, Kind kind) {
  for (int attempt = 0; attempt < 4; ++attempt) {
    const char32_t c = draw.one_in(16) ? at_an_edge(draw, member) : within(draw, draw.of(kind));
    if (is_scalar(c) && member.allows(c)) return c;
  }
  for (;;) {
    const char32_t c = within(draw, draw.of(member.allowed));
    if (is_scalar(c)) return c;
  }
}

// Empty if there is none to be found: then every character is allowed.
std::optional<char32_t> forbidden_character(Numbers& draw, const spec::Member& member) {
  for (int attempt = 0; attempt < 32; ++attempt) {
    const char32_t c = draw.one_in(3)   ? at_an_edge(draw, member)
                       : draw.one_in(2) ? within(draw, draw.of(controls))
                                        : within(draw, draw.of(draw.of(kinds)));
    if (is_scalar(c) && !member.allows(c)) return c;
  }
  return std::nullopt;
}

// 0 to `most`, the ends more often than what lies between.
std::size_t length_up_to(Numbers& draw, std::size_t most) {
  switch (draw.below(6)) {
    case 0:
      return std::min<std::size_t>(draw.below(4), most);
    case 1:
      return most - std::min<std::size_t>(draw.below(3), most);
    case 2:
    case 3:
      return std::min<std::size_t>(draw.below(12), most);
    default:
      return draw.below(most + 1);
  }
}

// At least `least` characters, of at most `room` bytes: so within the limit in every unit of length.
std::u32string allowed_text(Numbers& draw, const spec::Member& member, std::size_t least, std::size_t room) {
  const std::size_t wanted = std::max(least, length_up_to(draw, room));
  // Few kinds in one text, so that they meet often; or all, so that any two meet.
  const std::array<Kind, 3> few = {draw.of(kinds), draw.of(kinds), draw.of(kinds)};
  const bool all = draw.one_in(2);
  std::u32string text;
  text.reserve(wanted);
  std::size_t bytes = 0;
  while (bytes < wanted) {
    const char32_t c = allowed_character(draw, member, all ? draw.of(kinds) : draw.of(few));
    const std::size_t size = text::encoded_size(c);
    if (bytes + size > room) break;
    text += c;
    bytes += size;
  }
  while (text.size() < least) text += static_cast<char32_t>(member.allowed.front().first);
  return text;
}

const spec::Member& identifier_member(const spec::SpecTable& table) { return table.member(table.identifier); }

RequestExample draw_valid(Numbers& draw, const spec::SpecTable& table) {
  RequestExample example;
  const spec::Member& identifier = identifier_member(table);
  example.identifier.text = allowed_text(draw, identifier, 0, identifier.max_length - token_room);
  example.text_before_token = draw.one_in(3);
  const spec::Member* option = table.option();
  if (option == nullptr || draw.one_in(2)) return example;
  if (draw.one_in(8)) {
    example.option.shape = Shape::null;
  } else {
    example.option = {Shape::text, allowed_text(draw, *option, option->min_length, option->max_length)};
  }
  return example;
}

// Breaks the constraints of a member; false if it could not.
bool spoil(Numbers& draw, MemberExample& example, const spec::Member& member) {
  constexpr std::array<Shape, 4> wrong_types = {Shape::number, Shape::boolean, Shape::array, Shape::object};
  switch (draw.below(8)) {
    case 0:
      example = {draw.of(wrong_types), {}};
      return true;
    case 1:
      example = {Shape::text, {}};
      example.text.assign(member.max_length + 1 + (draw.one_in(2) ? 0 : draw.below(1000)),
                          allowed_character(draw, member, letters));
      return true;
    case 2:
      if (!member.required) example = {Shape::text, {}};
      if (member.required) example = {draw.one_in(2) ? Shape::null : Shape::absent, {}};
      return member.required || member.min_length > 0;
    default:
      break;
  }
  const std::optional<char32_t> bad = forbidden_character(draw, member);
  if (!bad) return false;
  if (example.shape != Shape::text) example = {Shape::text, allowed_text(draw, member, 0, 20)};
  for (std::size_t count = draw.one_in(4) ? 2 : 1; count > 0; --count)
    example.text.insert(draw.below(example.text.size() + 1), 1, *bad);
  return true;
}

RequestExample draw_invalid(Numbers& draw, const spec::SpecTable& table) {
  RequestExample example = draw_valid(draw, table);
  const spec::Member* option = table.option();
  const bool both = draw.one_in(4);
  bool spoiled = false;
  if (option != nullptr && (both || draw.one_in(2))) spoiled = spoil(draw, example.option, *option);
  if (!spoiled || both) spoiled = spoil(draw, example.identifier, identifier_member(table)) || spoiled;
  if (!spoiled) example.identifier = {Shape::null, {}};
  return example;
}

// What bytes are put in: those with a meaning in JSON, and those that no text has.
constexpr std::array<std::string_view, 40> dictionary = {"{",     "}",        "[",
                                                         "]",     "\"",       ":",
                                                         ",",     "\\",       "/",
                                                         "'",     " ",        "\n",
                                                         "\t",    "\r",       "\x0B",
                                                         "\f",    "0",        "-",
                                                         "+",     ".",        "e",
                                                         "null",  "true",     "NaN",
                                                         "//",    "/*",       "*/",
                                                         "#",     "\\u",      "\\u0000",
                                                         "\\x41", "\\u00e9",  "\x01",
                                                         "\x7F",  "\xC3\xA9", "\xEF\xBB\xBF",
                                                         "\xFF",  "\xC0\x80", "\xED\xA0\x80",
                                                         "{}"};

Mutation draw_mutation(Numbers& draw) {
  Mutation mutation;
  mutation.place = static_cast<std::uint32_t>(draw.next());
  mutation.kind = static_cast<Mutation::Kind>(draw.below(6));
  if (mutation.kind == Mutation::Kind::truncate && draw.one_in(2)) mutation.kind = Mutation::Kind::insert;
  const bool any = draw.one_in(4);
  mutation.bytes = any ? std::string(1, static_cast<char>(draw.below(256))) : std::string(draw.of(dictionary));
  const std::size_t amount = draw.one_in(2) ? 1 : 1 + draw.below(8);
  mutation.amount = static_cast<std::uint32_t>(mutation.kind == Mutation::Kind::flip ? draw.below(8) : amount);
  return mutation;
}

rc::Seq<char32_t> simpler(char32_t c) {
  if (c == U'a') return {};
  if (c < 0x80) return rc::seq::just(U'a');
  return rc::seq::just(U'a', U'\u00E9');
}

rc::Seq<MemberExample> smaller_member(const MemberExample& example) {
  if (example.shape != Shape::text) return {};
  const auto with = [](std::u32string text) { return MemberExample{Shape::text, std::move(text)}; };
  return rc::seq::concat(rc::seq::map(rc::shrink::removeChunks(example.text), with),
                         rc::seq::map(rc::shrink::eachElement(example.text, simpler), with));
}

rc::Seq<RequestExample> smaller_example(const RequestExample& example) {
  const auto with_option = [example](MemberExample option) {
    RequestExample smaller = example;
    smaller.option = std::move(option);
    return smaller;
  };
  const auto with_identifier = [example](MemberExample identifier) {
    RequestExample smaller = example;
    smaller.identifier = std::move(identifier);
    return smaller;
  };
  const auto with_mutations = [example](std::vector<Mutation> mutations) {
    RequestExample smaller = example;
    smaller.mutations = std::move(mutations);
    return smaller;
  };
  std::vector<RequestExample> plain;
  if (example.option.shape != Shape::absent) plain.push_back(with_option({Shape::absent, {}}));
  if (example.spelling != 0) {
    plain.push_back(example);
    plain.back().spelling = 0;
  }
  if (example.identifier.shape != Shape::text || example.text_before_token) {
    plain.push_back(example);
    plain.back().identifier.shape = Shape::text;
    plain.back().text_before_token = false;
  }
  return rc::seq::concat(rc::seq::fromContainer(std::move(plain)),
                         rc::seq::map(rc::shrink::removeChunks(example.mutations), with_mutations),
                         rc::seq::map(smaller_member(example.identifier), with_identifier),
                         rc::seq::map(smaller_member(example.option), with_option));
}

template <typename Function>
rc::Gen<RequestExample> generator(Function draw_example) {
  return [draw_example](rc::Random random, int /*size*/) {
    Numbers draw(random.next());
    return rc::shrinkable::shrinkRecur(draw_example(draw), [](const RequestExample& e) { return smaller_example(e); });
  };
}

// Writes a body in one of JSON's spellings, chosen by a number; 0 is the plain one.
class Speller {
 public:
  Speller(std::uint64_t spelling, std::string& out) : plain_(spelling == 0), draw_(spelling), out_(out) {}

  [[nodiscard]] bool flips() { return !plain_ && draw_.one_in(2); }
  void put(std::string_view plain) { out_ += plain; }

  void space() {
    constexpr std::string_view characters = " \t\n\r";
    if (plain_ || !draw_.one_in(2)) return;
    for (std::size_t count = 1 + draw_.below(3); count > 0; --count) out_ += draw_.of(characters);
  }

  // Of a string, what stands between the quotation marks.
  void characters(std::u32string_view text) {
    for (const char32_t c : text) character(c);
  }
  void characters(std::string_view ascii) {
    for (const char c : ascii) character(static_cast<unsigned char>(c));
  }

 private:
  void character(char32_t c) {
    if (!plain_ && draw_.one_in(4)) {
      escape(c);
    } else if (c >= 0x20 && c < 0x80 && c != '"' && c != '\\') {
      out_ += static_cast<char>(c);
    } else if (c >= 0x80) {
      text::append(out_, c);
    } else {
      short_escape(c);
    }
  }

  // Of what must be escaped: the shortest that there is.
  void short_escape(char32_t c) {
    constexpr std::u32string_view meanings = U"\"\\\n\r\t";
    constexpr std::string_view short_forms = "\"\\nrt";
    const std::size_t which = meanings.find(c);
    if (which == std::u32string_view::npos) return unit(c, "0123456789abcdef");
    out_ += '\\';
    out_ += short_forms[which];
  }

  void escape(char32_t c) {
    if (c == U'/') {
      out_ += "\\/";
    } else if (c > 0xFFFF) {
      unit_in_some_case(0xD800 + ((c - 0x10000) >> 10U));
      unit_in_some_case(0xDC00 + ((c - 0x10000) & 0x3FFU));
    } else {
      unit_in_some_case(c);
    }
  }

  void unit_in_some_case(char32_t c) { unit(c, draw_.one_in(2) ? "0123456789abcdef" : "0123456789ABCDEF"); }

  void unit(char32_t c, std::string_view digits) {
    out_ += "\\u";
    for (const unsigned shift : {12U, 8U, 4U, 0U}) out_ += digits[(c >> shift) & 15U];
  }

  bool plain_;
  Numbers draw_;
  std::string& out_;
};

// What the string of a member is made of, in its order.
struct MemberText {
  std::string_view token_before;
  std::u32string_view text;
  std::string_view token_after;
};

void put_string(Speller& speller, const MemberText& text) {
  speller.put("\"");
  speller.characters(text.token_before);
  speller.characters(text.text);
  speller.characters(text.token_after);
  speller.put("\"");
}

void put_value(Speller& speller, Shape shape, const MemberText& text) {
  switch (shape) {
    case Shape::text:
      return put_string(speller, text);
    case Shape::absent:
    case Shape::null:
      return speller.put("null");
    case Shape::number:
      return speller.put("7");
    case Shape::boolean:
      return speller.put("true");
    case Shape::array:
      speller.put("[");
      put_string(speller, text);
      return speller.put("]");
    case Shape::object:
      return speller.put("{}");
  }
}

void put_member(Speller& speller, std::string_view name, Shape shape, const MemberText& text) {
  speller.space();
  put_string(speller, {name, {}, {}});
  speller.space();
  speller.put(":");
  speller.space();
  put_value(speller, shape, text);
  speller.space();
}

void apply(const Mutation& mutation, std::string& body) {
  const auto place = static_cast<std::size_t>((std::uint64_t{mutation.place} * (body.size() + 1)) >> 32U);
  switch (mutation.kind) {
    case Mutation::Kind::insert:
      body.insert(place, mutation.bytes);
      break;
    case Mutation::Kind::replace:
      body.replace(place, std::min(mutation.bytes.size(), body.size() - place), mutation.bytes);
      break;
    case Mutation::Kind::flip:
      if (place < body.size()) body[place] = static_cast<char>(body[place] ^ (1 << (mutation.amount % 8)));
      break;
    case Mutation::Kind::erase:
      body.erase(place, mutation.amount);
      break;
    case Mutation::Kind::repeat:
      body.insert(place, body.substr(place, mutation.amount));
      break;
    case Mutation::Kind::truncate:
      body.erase(place);
      break;
  }
}

}  // namespace

rc::Random random_of(std::uint64_t seed, std::string_view property, std::uint64_t index) {
  return rc::Random(rc::Random::Key{seed, text::stable_hash(property), index, 0});
}

rc::Gen<RequestExample> valid_requests(const spec::SpecTable& table) {
  return generator([&table](Numbers& draw) { return draw_valid(draw, table); });
}

rc::Gen<RequestExample> spelled_requests(const spec::SpecTable& table) {
  return generator([&table](Numbers& draw) {
    RequestExample example = draw_valid(draw, table);
    example.spelling = draw.next() | 1U;
    return example;
  });
}

rc::Gen<RequestExample> invalid_requests(const spec::SpecTable& table) {
  return generator([&table](Numbers& draw) { return draw_invalid(draw, table); });
}

rc::Gen<RequestExample> mutated_requests(const spec::SpecTable& table) {
  return generator([&table](Numbers& draw) {
    RequestExample example = draw_valid(draw, table);
    // Short ones, so that the few places that matter are hit.
    if (example.identifier.text.size() > 8) example.identifier.text.resize(8);
    if (example.option.text.size() > 8) example.option.text.resize(8);
    if (draw.one_in(3)) example.spelling = draw.next() | 1U;
    for (std::size_t count = 1 + draw.below(3); count > 0; --count) example.mutations.push_back(draw_mutation(draw));
    return example;
  });
}

std::string identifier_of(const RequestExample& example, std::string_view token) {
  std::string id;
  if (!example.text_before_token) id += token;
  if (example.identifier.shape == Shape::text) {
    for (const char32_t c : example.identifier.text) text::append(id, c);
  }
  if (example.text_before_token) id += token;
  return id;
}

std::string write(const RequestExample& example, std::string_view token, const spec::SpecTable& table) {
  constexpr std::size_t most_punctuation = 32;
  const spec::Member* option = table.option();
  std::string body;
  body.reserve(4 * (example.identifier.text.size() + example.option.text.size()) + token.size() +
               table.identifier.size() + (option ? option->name.size() : 0) + most_punctuation);
  Speller speller(example.spelling, body);
  const bool token_first = !example.text_before_token;
  const auto put_identifier = [&] {
    const MemberText text{token_first ? token : "", example.identifier.text, token_first ? "" : token};
    put_member(speller, table.identifier, example.identifier.shape, text);
  };
  const auto put_option = [&] {
    put_member(speller, option->name, example.option.shape, {{}, example.option.text, {}});
  };
  const bool has_identifier = example.identifier.shape != Shape::absent;
  const bool has_option = option != nullptr && example.option.shape != Shape::absent;
  const bool flips = speller.flips();
  speller.space();
  speller.put("{");
  if (has_option && flips) put_option();
  if (has_option && has_identifier && flips) speller.put(",");
  if (has_identifier) put_identifier();
  if (has_option && has_identifier && !flips) speller.put(",");
  if (has_option && !flips) put_option();
  speller.put("}");
  speller.space();
  for (const Mutation& mutation : example.mutations) apply(mutation, body);
  return body;
}

}  // namespace conformance::generate
