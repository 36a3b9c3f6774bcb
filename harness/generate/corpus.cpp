#include "harness/generate/corpus.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>

#include "harness/oracle/json_reader.h"
#include "harness/spec/json_schema.h"
#include "harness/text/json_string.h"
#include "harness/text/suggest.h"
#include "harness/text/utf8.h"

namespace conformance::embedded {
std::string_view corpus_encoding_json();
std::string_view corpus_members_json();
std::string_view corpus_numbers_json();
std::string_view corpus_schema_json();
std::string_view corpus_size_json();
std::string_view corpus_strings_json();
std::string_view corpus_syntax_json();
std::string_view corpus_toplevel_json();
}  // namespace conformance::embedded

namespace conformance::generate {
namespace {

using nlohmann::json;

// The names of the files, in the order of the enumerations.
constexpr std::array<std::string_view, 3> expectation_names = {"must_accept", "must_reject", "free"};
constexpr std::array<std::string_view, 4> encoding_names = {"UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"};

constexpr std::string_view id_placeholder = "Id";
constexpr std::string_view raw_placeholder = "id_raw";
constexpr std::string_view escaped_placeholder = "id_escaped";

constexpr std::size_t max_bytes = 67'108'864;  // 64 MiB
constexpr std::size_t max_nesting = 8;         // of recipes; the corpus needs two
constexpr std::size_t max_count = 16'777'216;

// ---- Placeholders ------------------------------------------------------------------------------------------------

struct Placeholder {
  std::size_t begin;  // of "${"
  std::size_t end;    // past "}", or npos where there is none
  std::string_view name;
};

std::optional<Placeholder> next_placeholder(std::string_view text, std::size_t from) {
  const std::size_t begin = text.find("${", from);
  if (begin == std::string_view::npos) return std::nullopt;
  const std::size_t close = text.find('}', begin);
  if (close == std::string_view::npos) return Placeholder{begin, close, text.substr(begin + 2)};
  return Placeholder{begin, close + 1, text.substr(begin + 2, close - begin - 2)};
}

// The three spellings of one identifier.
struct Spellings {
  explicit Spellings(std::string_view identifier) : raw(identifier) {
    const std::string quoted = text::quote_raw(identifier);
    json_escaped = quoted.substr(1, quoted.size() - 2);
    const std::optional<std::u32string> points = text::decode(identifier);
    if (!points) throw std::invalid_argument("the identifier of a corpus entry is no valid UTF-8");
    for (const char32_t c : *points) {
      if (c < 0x10000) {
        all_escaped += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(c));
      } else {
        const std::uint32_t rest = static_cast<std::uint32_t>(c) - 0x10000;
        all_escaped += fmt::format("\\u{:04x}\\u{:04x}", 0xD800 + (rest >> 10), 0xDC00 + (rest & 0x3FF));
      }
    }
  }

  [[nodiscard]] const std::string& named(std::string_view placeholder) const {
    if (placeholder == raw_placeholder) return raw;
    return placeholder == escaped_placeholder ? all_escaped : json_escaped;
  }

  std::string raw, json_escaped, all_escaped;
};

std::string filled(std::string_view text, const Spellings& spellings) {
  std::string out;
  std::size_t at = 0;
  while (const std::optional<Placeholder> next = next_placeholder(text, at)) {
    out += text.substr(at, next->begin - at);
    out += spellings.named(next->name);
    at = next->end;
  }
  out += text.substr(at);
  return out;
}

// ---- Bytes -------------------------------------------------------------------------------------------------------

void append_unit(std::string& out, char32_t unit, std::size_t bytes, bool little_endian) {
  for (std::size_t i = 0; i < bytes; ++i) {
    const std::size_t place = little_endian ? i : bytes - 1 - i;
    out += static_cast<char>(static_cast<unsigned char>(unit >> (8 * place)));
  }
}

std::string encoded(const std::u32string& points, Encoding encoding) {
  const bool little = encoding == Encoding::utf16_le || encoding == Encoding::utf32_le;
  const bool utf16 = encoding == Encoding::utf16_le || encoding == Encoding::utf16_be;
  std::string out;
  for (const char32_t c : points) {
    if (!utf16) {
      append_unit(out, c, 4, little);
    } else if (c < 0x10000) {
      append_unit(out, c, 2, little);
    } else {
      append_unit(out, 0xD800 + ((c - 0x10000) >> 10), 2, little);
      append_unit(out, 0xDC00 + ((c - 0x10000) & 0x3FF), 2, little);
    }
  }
  return out;
}

// Recipes nest at most max_nesting deep.
std::string bytes_of(const Recipe& recipe, const Spellings& spellings) {  // NOLINT(misc-no-recursion)
  switch (recipe.kind) {
    case Recipe::Kind::text:
      return filled(recipe.text, spellings);
    case Recipe::Kind::bytes:
      return recipe.text;
    case Recipe::Kind::encode:
      // The loader lets only text into it.
      return encoded(text::decode(bytes_of(recipe.parts.front(), spellings)).value_or(U""), recipe.encoding);
    default:
      break;
  }
  std::string out;
  for (const Recipe& part : recipe.parts) {
    const std::string unit = bytes_of(part, spellings);
    if (unit.size() == 1) {
      out.append(recipe.count, unit.front());
      continue;
    }
    out.reserve(out.size() + unit.size() * recipe.count);
    for (std::size_t i = 0; i < recipe.count; ++i) out += unit;
  }
  return out;
}

// With an empty identifier, and no more than max_bytes + 1, so that nothing overflows.
std::size_t size_of(const Recipe& recipe) {  // NOLINT(misc-no-recursion)
  if (recipe.parts.empty()) return std::min(recipe.text.size(), max_bytes + 1);
  std::size_t size = 0;
  for (const Recipe& part : recipe.parts) size = std::min(size + size_of(part), max_bytes + 1);
  const std::size_t factor = recipe.kind == Recipe::Kind::encode ? 4 : recipe.count;
  return size > max_bytes / factor ? max_bytes + 1 : size * factor;
}

// ---- Reading -----------------------------------------------------------------------------------------------------

class Faults {
 public:
  explicit Faults(std::string_view file) : file_(file) {}

  void add(const std::string& pointer, std::string_view message) {
    pointers_.push_back(pointer);
    lines_.push_back(fmt::format("{}: {}: {}", file_, pointer.empty() ? "/" : pointer, message));
  }

  [[nodiscard]] bool any_below(std::string_view pointer) const {
    return std::any_of(pointers_.begin(), pointers_.end(),
                       [pointer](const std::string& p) { return p.starts_with(pointer); });
  }

  void throw_if_any() const {
    if (!lines_.empty()) throw CorpusError(fmt::format("{}", fmt::join(lines_, "\n")));
  }

 private:
  std::string_view file_;
  std::vector<std::string> pointers_, lines_;
};

// Reads recipes, of which a schema with its alternatives could only say that none of them fits.
class RecipeReader {
 public:
  explicit RecipeReader(Faults& faults) : faults_(faults) {}

  Recipe read(const json& j, const std::string& pointer, std::size_t nesting = 0) {  // NOLINT(misc-no-recursion)
    if (nesting > max_nesting) return bad(pointer, fmt::format("recipes nest at most {} deep", max_nesting));
    if (j.is_string()) return text(j.get<std::string>(), pointer);
    if (j.is_array()) return sequence(j, pointer, nesting);
    if (!j.is_object()) return bad(pointer, "a recipe is a text, an array of recipes or an object");
    if (j.contains("hex")) return has_only(j, pointer, {"hex"}) ? hex(j["hex"], pointer + "/hex") : Recipe{};
    if (j.contains("repeat")) return has_only(j, pointer, {"repeat", "count"}) ? repeat(j, pointer, nesting) : Recipe{};
    if (j.contains("encode")) return has_only(j, pointer, {"encode", "of"}) ? encode(j, pointer, nesting) : Recipe{};
    return bad(pointer, "a recipe that is an object has a \"hex\", a \"repeat\" or an \"encode\"");
  }

 private:
  Recipe bad(const std::string& pointer, std::string_view message) {
    faults_.add(pointer, message);
    return {};
  }

  // Exactly these keys.
  bool has_only(const json& j, const std::string& pointer, const std::vector<std::string>& keys) {
    bool good = true;
    for (const std::string& key : keys) {
      if (!j.contains(key)) good = (faults_.add(pointer, fmt::format("\"{}\" is missing", key)), false);
    }
    for (const auto& [key, value] : j.items()) {
      if (std::find(keys.begin(), keys.end(), key) != keys.end()) continue;
      faults_.add(pointer + "/" + spec::pointer_segment(key),
                  fmt::format("unknown key; beside \"{}\" there may be only: {}", keys[0], fmt::join(keys, ", ")));
      good = false;
    }
    return good;
  }

  Recipe text(std::string value, const std::string& pointer) {
    static const std::vector<std::string> names = {std::string(id_placeholder), std::string(raw_placeholder),
                                                   std::string(escaped_placeholder)};
    std::size_t at = 0;
    while (const std::optional<Placeholder> next = next_placeholder(value, at)) {
      at = next->end;
      if (next->end == std::string::npos) return bad(pointer, "a placeholder is not closed");
      if (std::find(names.begin(), names.end(), next->name) != names.end()) continue;
      const std::string near = text::nearest(next->name, names);
      return bad(pointer, fmt::format("no such placeholder: ${{{}}}; {}", next->name,
                                      near.empty() ? fmt::format("there are {}", fmt::join(names, ", "))
                                                   : fmt::format("did you mean ${{{}}}?", near)));
    }
    Recipe recipe;
    recipe.text = std::move(value);
    return recipe;
  }

  Recipe sequence(const json& j, const std::string& pointer, std::size_t nesting) {  // NOLINT(misc-no-recursion)
    if (j.empty()) return bad(pointer, "an array of recipes holds at least one");
    Recipe recipe;
    recipe.kind = Recipe::Kind::sequence;
    for (std::size_t i = 0; i < j.size(); ++i) {
      recipe.parts.push_back(read(j[i], fmt::format("{}/{}", pointer, i), nesting + 1));
    }
    return recipe;
  }

  Recipe hex(const json& j, const std::string& pointer) {
    constexpr std::string_view message = "bytes are pairs of capital hexadecimal digits with a space between them";
    if (!j.is_string()) return bad(pointer, message);
    const std::string& digits = j.get_ref<const std::string&>();
    if (digits.size() % 3 != 2) return bad(pointer, message);
    Recipe recipe;
    recipe.kind = Recipe::Kind::bytes;
    for (std::size_t at = 0; at < digits.size(); at += 3) {
      const auto is_capital_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'); };
      const bool spaced = at + 2 == digits.size() || digits[at + 2] == ' ';
      if (!is_capital_hex(digits[at]) || !is_capital_hex(digits[at + 1]) || !spaced) return bad(pointer, message);
      unsigned byte = 0;
      std::from_chars(digits.data() + at, digits.data() + at + 2, byte, 16);
      recipe.text += static_cast<char>(static_cast<unsigned char>(byte));
    }
    return recipe;
  }

  Recipe repeat(const json& j, const std::string& pointer, std::size_t nesting) {  // NOLINT(misc-no-recursion)
    const json& count = j["count"];
    if (!count.is_number_unsigned() || count.get<std::uint64_t>() == 0 || count.get<std::uint64_t>() > max_count) {
      return bad(pointer + "/count", fmt::format("a count is a whole number from 1 to {}", max_count));
    }
    Recipe recipe;
    recipe.kind = Recipe::Kind::repeat;
    recipe.count = count.get<std::size_t>();
    recipe.parts.push_back(read(j["repeat"], pointer + "/repeat", nesting + 1));
    return recipe;
  }

  Recipe encode(const json& j, const std::string& pointer, std::size_t nesting) {  // NOLINT(misc-no-recursion)
    const auto found = std::find(encoding_names.begin(), encoding_names.end(), j["encode"]);
    if (found == encoding_names.end()) {
      return bad(pointer + "/encode", fmt::format("an encoding is one of {}", fmt::join(encoding_names, ", ")));
    }
    Recipe recipe;
    recipe.kind = Recipe::Kind::encode;
    recipe.encoding = static_cast<Encoding>(found - encoding_names.begin());
    recipe.parts.push_back(read(j["of"], pointer + "/of", nesting + 1));
    if (holds_bytes(recipe.parts.front())) return bad(pointer + "/of", "only text can be encoded, not bytes");
    return recipe;
  }

  static bool holds_bytes(const Recipe& recipe) {  // NOLINT(misc-no-recursion)
    return recipe.kind == Recipe::Kind::bytes || recipe.kind == Recipe::Kind::encode ||
           std::any_of(recipe.parts.begin(), recipe.parts.end(), holds_bytes);
  }

  Faults& faults_;
};

json document_of(std::string_view json_text, Faults& faults) {
  const oracle::Document read = oracle::read(json_text);
  if (read.fault) {
    faults.add("", "no JSON: " + oracle::describe(*read.fault));
  } else if (read.duplicate_name) {
    faults.add("", fmt::format("a name stands twice in one object, the second time at byte {}", *read.duplicate_name));
  }
  faults.throw_if_any();
  return json::parse(json_text);
}

std::string entry_pointer(std::size_t index) { return fmt::format("/entries/{}", index); }

// The recipes of all entries that have one, whatever else is wrong with the file.
std::vector<Recipe> read_recipes(const json& document, Faults& faults) {
  std::vector<Recipe> recipes;
  if (!document.is_object() || !document.contains("entries") || !document["entries"].is_array()) return recipes;
  const json& entries = document["entries"];
  for (std::size_t i = 0; i < entries.size(); ++i) {
    Recipe recipe;
    const std::string pointer = entry_pointer(i) + "/body";
    if (entries[i].is_object() && entries[i].contains("body")) {
      recipe = RecipeReader(faults).read(entries[i]["body"], pointer);
    }
    if (size_of(recipe) > max_bytes) faults.add(pointer, fmt::format("the body is longer than {} bytes", max_bytes));
    recipes.push_back(std::move(recipe));
  }
  return recipes;
}

// "/entries/3/body/repeat/1" lies within "/entries/3/body"; empty for what lies within no recipe.
std::string recipe_pointer(const std::string& pointer) {
  constexpr std::string_view entries = "/entries/";
  if (!pointer.starts_with(entries)) return {};
  const std::size_t index_end = pointer.find('/', entries.size());
  if (index_end == std::string::npos) return {};
  const std::string body = pointer.substr(0, index_end) + "/body";
  return pointer == body || pointer.starts_with(body + "/") ? body : std::string();
}

void check_schema(const json& document, Faults& faults) {
  static const json schema = json::parse(embedded::corpus_schema_json());
  for (const spec::SchemaFault& fault : spec::validate(schema, document)) {
    // What is wrong with a recipe has been said better already.
    const std::string recipe = recipe_pointer(fault.pointer);
    if (recipe.empty() || !faults.any_below(recipe)) faults.add(fault.pointer, fault.message);
  }
}

Expectation expectation_of(const std::string& name) {
  const auto found = std::find(expectation_names.begin(), expectation_names.end(), name);
  if (found == expectation_names.end()) throw CorpusError("no such class: " + name);  // the schema has excluded it
  return static_cast<Expectation>(found - expectation_names.begin());
}

void check_entry(const Entry& entry, const std::string& area, const std::string& pointer, Faults& faults) {
  if (!entry.id.starts_with(area + ".")) {
    faults.add(pointer + "/id", fmt::format("\"{}\" does not begin with \"{}.\"", entry.id, area));
  }
  const bool free = entry.expectation == Expectation::free;
  if (free && entry.characteristic.empty()) faults.add(pointer, "a free entry has a \"characteristic\"");
  if (!free && !entry.characteristic.empty()) {
    faults.add(pointer + "/characteristic", "only a free entry has a \"characteristic\"");
  }
  if (entry.expectation != Expectation::must_reject && !entry.requirement.empty()) {
    faults.add(pointer + "/requirement", "only an entry that is to be refused has a \"requirement\"");
  }
}

}  // namespace

std::string_view name_of(Expectation expectation) {
  return expectation_names.at(static_cast<std::size_t>(expectation));
}

std::vector<Entry> parse_corpus(std::string_view file, std::string_view json_text) {
  Faults faults(file);
  const json document = document_of(json_text, faults);
  std::vector<Recipe> recipes = read_recipes(document, faults);
  check_schema(document, faults);
  faults.throw_if_any();

  const std::string area = document.at("area");
  const json& items = document.at("entries");
  std::vector<Entry> entries;
  std::set<std::string> ids;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const json& j = items[i];
    Entry entry{j.at("id"),
                j.at("sentence"),
                expectation_of(j.at("class")),
                j.value("characteristic", ""),
                j.value("requirement", ""),
                j.at("source"),
                std::move(recipes[i])};
    check_entry(entry, area, entry_pointer(i), faults);
    if (!ids.insert(entry.id).second) {
      faults.add(entry_pointer(i) + "/id", fmt::format("\"{}\" is there twice", entry.id));
    }
    entries.push_back(std::move(entry));
  }
  faults.throw_if_any();
  return entries;
}

const std::vector<Entry>& builtin_corpus() {
  // Ids begin with the area, which is the file's name: they cannot collide across files.
  static const std::vector<Entry> corpus = [] {
    const std::array<std::pair<std::string_view, std::string_view>, 7> files = {{
        {"syntax", embedded::corpus_syntax_json()},
        {"strings", embedded::corpus_strings_json()},
        {"encoding", embedded::corpus_encoding_json()},
        {"toplevel", embedded::corpus_toplevel_json()},
        {"members", embedded::corpus_members_json()},
        {"numbers", embedded::corpus_numbers_json()},
        {"size", embedded::corpus_size_json()},
    }};
    std::vector<Entry> all;
    for (const auto& [area, text] : files) {
      std::vector<Entry> entries = parse_corpus(fmt::format("{}.json", area), text);
      std::move(entries.begin(), entries.end(), std::back_inserter(all));
    }
    return all;
  }();
  return corpus;
}

std::string expand(const Entry& entry, std::string_view identifier) {
  return bytes_of(entry.body, Spellings(identifier));
}

std::size_t expanded_size(const Entry& entry) { return size_of(entry.body); }

}  // namespace conformance::generate
