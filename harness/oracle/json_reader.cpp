#include "harness/oracle/json_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <tuple>
#include <utility>

#include "harness/oracle/surrogates.h"
#include "harness/text/eight_bytes.h"
#include "harness/text/utf8.h"

namespace conformance::oracle {
namespace {

struct FaultWords {
  std::string_view name;
  std::string_view section;
  std::string_view sentence;
};

// In the order of FaultKind.
constexpr std::array<FaultWords, 11> fault_words = {{
    {"empty", "2", "there is no value"},
    {"truncated", "2", "the text ends before its value does"},
    {"trailing", "2", "something follows the value"},
    {"value", "3", "no value begins like this"},
    {"literal", "3", "neither true, false nor null"},
    {"number", "6", "not a number's form"},
    {"object", "4", "not what an object needs here"},
    {"array", "5", "not what an array needs here"},
    {"control", "7", "a bare control character in a string"},
    {"escape", "7", "no such escape"},
    {"utf8", "8.1", "bytes that are no UTF-8"},
}};

constexpr std::array<std::string_view, 6> value_names = {"null", "boolean", "number", "string", "array", "object"};

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::size_t exact_digits = 15;  // that every binary64 keeps

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// How many bytes at the front of a string's rest are ASCII that stands for itself. Most of a long text is.
std::size_t plain_size(std::string_view rest) {
  const auto is_plain = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';
  };
  std::size_t size = 0;
  for (; rest.size() - size >= 8; size += 8) {
    const std::uint64_t eight = text::eight_at(rest, size);
    if (text::has_non_ascii(eight) || text::has_less(eight, 0x20) || text::has_byte(eight, '"') ||
        text::has_byte(eight, '\\'))
      break;
  }
  while (size < rest.size() && is_plain(rest[size])) ++size;
  return size;
}

void append_ascii(std::u32string& out, std::string_view text) {
  const std::size_t before = out.size();
  out.resize(before + text.size());
  std::copy(text.begin(), text.end(), out.begin() + static_cast<std::ptrdiff_t>(before));
}

// A name of an object that is still open.
struct Name {
  std::u32string text;
  std::size_t offset;
};

struct Open {
  bool object;
  std::size_t first_name;  // index into Reader::names_
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  Document run() {
    if (bytes_.starts_with(byte_order_mark)) {
      document_.byte_order_mark = true;
      at_ = byte_order_mark.size();
    }
    State state = State::value;
    while (state != State::failed && state != State::done) state = advance(state);
    return std::move(document_);
  }

 private:
  enum class State {
    value,          // a value must begin
    first_element,  // after [
    first_name,     // after {
    name,           // after , in an object
    after_value,    // within whatever is open
    done,
    failed,
  };

  State advance(State state) {
    while (at_ < bytes_.size() && is_space(bytes_[at_])) ++at_;
    switch (state) {
      case State::value:
        return value();
      case State::first_element:
        return next_is(']') ? close() : value();
      case State::first_name:
        return next_is('}') ? close() : name();
      case State::name:
        return name();
      default:
        return after_value();
    }
  }

  [[nodiscard]] bool next_is(char c) const { return at_ < bytes_.size() && bytes_[at_] == c; }

  State fail(FaultKind kind, std::size_t offset) {
    if (!document_.fault) document_.fault = Fault{kind, offset};
    document_.grammar_fault = Fault{kind, offset};
    return State::failed;
  }

  // Something other than `expected` is at the cursor. Bytes that are no UTF-8 are that first of all.
  State unexpected(FaultKind expected) {
    if (at_ == bytes_.size()) return fail(FaultKind::truncated, at_);
    if (text::step(bytes_.substr(at_, 4)).bytes == 0) return fail(FaultKind::utf8, at_);
    return fail(expected, at_);
  }

  State value() {
    if (at_ == bytes_.size()) return fail(started_ ? FaultKind::truncated : FaultKind::empty, at_);
    started_ = true;
    const std::size_t offset = at_;
    const char c = bytes_[at_];
    if (c == '{') return open(ValueKind::object, State::first_name);
    if (c == '[') return open(ValueKind::array, State::first_element);
    if (c == '"') {
      std::u32string text;
      // Only what the caller gets to see is collected.
      if (!string(at_top_level_object() ? &text : nullptr)) return State::failed;
      note(ValueKind::string, offset, std::move(text));
      return State::after_value;
    }
    if (c == '-' || is_digit(c)) return number();
    if (c >= 'a' && c <= 'z') return literal();
    return unexpected(FaultKind::value);
  }

  // The value of a member of the top-level object, or the top-level value itself, is of this kind.
  void note(ValueKind kind, std::size_t offset, std::u32string text = {}) {
    if (open_.empty()) document_.kind = kind;
    if (!at_top_level_object()) return;
    Member& member = document_.members.back();
    member.kind = kind;
    member.value_offset = offset;
    member.text = std::move(text);
    member.exact = member.exact && string_exact_;
  }

  [[nodiscard]] bool at_top_level_object() const { return open_.size() == 1 && open_.front().object; }

  State open(ValueKind kind, State next) {
    string_exact_ = true;
    note(kind, at_);
    ++at_;
    open_.push_back({kind == ValueKind::object, names_.size()});
    document_.depth = std::max(document_.depth, open_.size());
    return next;
  }

  State close() {
    ++at_;
    if (open_.back().object) find_duplicates(open_.back().first_name);
    names_.resize(open_.back().first_name);
    open_.pop_back();
    return State::after_value;
  }

  // Keeps the smallest offset of a second name, so that the answer does not depend on the order of closing.
  void find_duplicates(std::size_t first) {
    const auto begin = names_.begin() + static_cast<std::ptrdiff_t>(first);
    std::sort(begin, names_.end(),
              [](const Name& a, const Name& b) { return std::tie(a.text, a.offset) < std::tie(b.text, b.offset); });
    for (auto it = begin; it != names_.end() && it + 1 != names_.end(); ++it) {
      if (it->text != (it + 1)->text) continue;
      const std::size_t offset = (it + 1)->offset;
      document_.duplicate_name = std::min(document_.duplicate_name.value_or(offset), offset);
    }
  }

  State name() {
    if (!next_is('"')) return unexpected(FaultKind::object);
    const std::size_t offset = at_;
    std::u32string text;
    if (!string(&text)) return State::failed;
    if (at_top_level_object()) {
      Member member;
      member.name = text;
      member.name_offset = offset;
      member.exact = string_exact_;
      document_.members.push_back(std::move(member));
    }
    names_.push_back({std::move(text), offset});
    while (at_ < bytes_.size() && is_space(bytes_[at_])) ++at_;
    if (!next_is(':')) return unexpected(FaultKind::object);
    ++at_;
    return State::value;
  }

  State after_value() {
    if (open_.empty()) {
      if (at_ == bytes_.size()) return State::done;
      return unexpected(FaultKind::trailing);
    }
    const bool object = open_.back().object;
    if (next_is(object ? '}' : ']')) return close();
    if (!next_is(',')) return unexpected(object ? FaultKind::object : FaultKind::array);
    ++at_;
    return object ? State::name : State::value;
  }

  State literal() {
    static constexpr std::array<std::pair<std::string_view, ValueKind>, 3> literals = {
        {{"true", ValueKind::boolean}, {"false", ValueKind::boolean}, {"null", ValueKind::null}}};
    const std::string_view rest = bytes_.substr(at_);
    for (const auto& [word, kind] : literals) {
      if (rest.starts_with(word)) {
        string_exact_ = true;
        note(kind, at_);
        at_ += word.size();
        return State::after_value;
      }
      if (word.starts_with(rest)) return fail(FaultKind::truncated, bytes_.size());
    }
    return fail(FaultKind::literal, at_);
  }

  // number = [ minus ] int [ frac ] [ exp ]
  State number() {
    string_exact_ = true;
    note(ValueKind::number, at_);
    const std::size_t start = at_;
    if (next_is('-')) ++at_;
    std::size_t digits = 0;
    if (next_is('0')) {
      ++at_;
      digits = 1;
      if (at_ < bytes_.size() && is_digit(bytes_[at_])) return fail(FaultKind::number, start);  // a leading zero
    } else if (!some_digits(digits)) {
      return unexpected(FaultKind::number);
    }
    if (next_is('.')) {
      ++at_;
      if (!some_digits(digits)) return unexpected(FaultKind::number);
    }
    if (next_is('e') || next_is('E')) {
      ++at_;
      document_.wide_number = true;
      if (next_is('+') || next_is('-')) ++at_;
      std::size_t exponent_digits = 0;
      if (!some_digits(exponent_digits)) return unexpected(FaultKind::number);
    }
    if (digits > exact_digits) document_.wide_number = true;
    return State::after_value;
  }

  bool some_digits(std::size_t& count) {
    const std::size_t start = at_;
    while (at_ < bytes_.size() && is_digit(bytes_[at_])) ++at_;
    count += at_ - start;
    return at_ > start;
  }

  // From the opening quotation mark past the closing one; false after a fault. Appends to `out` if there is one.
  bool string(std::u32string* out) {
    string_exact_ = true;
    pending_high_.reset();
    for (++at_; at_ < bytes_.size();) {
      const char c = bytes_[at_];
      if (c == '\\') {
        if (!escape(out)) return false;
        continue;
      }
      settle_surrogate(out);
      if (c == '"') {
        ++at_;
        return true;
      }
      if (const std::size_t plain = plain_size(bytes_.substr(at_)); plain > 0) {
        if (out != nullptr) append_ascii(*out, bytes_.substr(at_, plain));
        at_ += plain;
        continue;
      }
      if (static_cast<unsigned char>(c) < 0x20) return fail(FaultKind::control, at_), false;
      const text::Step step = text::step(bytes_.substr(at_, 4));
      if (step.bytes == 0) {
        // A decoder that goes on past ill-formed bytes must not swallow the ASCII behind them (The Unicode Standard,
        // section 3.9, on U+FFFD substitution), so that the string ends at the same quotation mark for everybody.
        if (!document_.fault) document_.fault = Fault{FaultKind::utf8, at_};
        string_exact_ = false;
      }
      if (out != nullptr) out->push_back(step.bytes == 0 ? U'\uFFFD' : step.code_point);
      at_ += std::max<std::size_t>(step.bytes, 1);
    }
    return fail(FaultKind::truncated, at_), false;
  }

  bool escape(std::u32string* out) {
    static constexpr std::string_view letters = "\"\\/bfnrt";
    static constexpr std::u32string_view meanings = U"\"\\/\b\f\n\r\t";
    const std::size_t start = at_;
    if (++at_ == bytes_.size()) return fail(FaultKind::truncated, at_), false;
    if (bytes_[at_] == 'u') return unicode_escape(start, out);
    const std::size_t which = letters.find(bytes_[at_]);
    if (which == std::string_view::npos) return fail(FaultKind::escape, start), false;
    settle_surrogate(out);
    if (out != nullptr) out->push_back(meanings[which]);
    ++at_;
    return true;
  }

  bool unicode_escape(std::size_t start, std::u32string* out) {
    ++at_;
    char32_t unit = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      if (at_ == bytes_.size()) return fail(FaultKind::truncated, at_), false;
      const int digit = hex_value(bytes_[at_]);
      if (digit < 0) return fail(FaultKind::escape, start), false;
      unit = unit * 16 + static_cast<char32_t>(digit);
    }
    if (pending_high_ && is_low_surrogate(unit)) {
      if (out != nullptr) out->push_back(joined(pending_high_->unit, unit));
      pending_high_.reset();
      return true;
    }
    settle_surrogate(out);
    if (is_high_surrogate(unit)) {
      pending_high_ = Pending{unit, start};
      return true;
    }
    if (is_low_surrogate(unit)) note_lone_surrogate(start);
    if (out != nullptr) out->push_back(unit);
    return true;
  }

  // What follows a high surrogate is not its low one.
  void settle_surrogate(std::u32string* out) {
    if (!pending_high_) return;
    note_lone_surrogate(pending_high_->offset);
    if (out != nullptr) out->push_back(pending_high_->unit);
    pending_high_.reset();
  }

  void note_lone_surrogate(std::size_t offset) {
    if (!document_.lone_surrogate) document_.lone_surrogate = offset;
  }

  struct Pending {
    char32_t unit;
    std::size_t offset;
  };

  std::string_view bytes_;
  std::size_t at_ = 0;
  bool started_ = false;
  bool string_exact_ = true;  // of the string read last; true after any other value
  std::optional<Pending> pending_high_;
  std::vector<Open> open_;
  std::vector<Name> names_;  // of all objects that are open, outermost first
  Document document_;
};

}  // namespace

std::string_view name_of(ValueKind kind) { return value_names.at(static_cast<std::size_t>(kind)); }
std::string_view name_of(FaultKind kind) { return fault_words.at(static_cast<std::size_t>(kind)).name; }
std::string_view section_of(FaultKind kind) { return fault_words.at(static_cast<std::size_t>(kind)).section; }

std::string describe(const Fault& fault) {
  return fmt::format("at byte {}: {} (RFC 8259 section {})", fault.offset,
                     fault_words.at(static_cast<std::size_t>(fault.kind)).sentence, section_of(fault.kind));
}

Document read(std::string_view bytes) { return Reader(bytes).run(); }

}  // namespace conformance::oracle
