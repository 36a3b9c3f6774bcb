#include "harness/judge/known_answers.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "harness/judge/answer_checks.h"
#include "harness/oracle/surrogates.h"
#include "harness/text/eight_bytes.h"
#include "harness/text/utf8.h"
#include "harness/wire/ascii.h"

namespace conformance {
namespace {

using wire::ascii::equal_ignoring_case;

// How many bytes at the front are no control characters: eight at a time, as a field's value has none.
std::size_t printable_size(std::string_view bytes) {
  std::size_t size = 0;
  for (; bytes.size() - size >= 8; size += 8) {
    const std::uint64_t eight = text::eight_at(bytes, size);
    if (text::has_less(eight, 0x20) || text::has_byte(eight, 0x7F)) break;
  }
  while (size < bytes.size() && static_cast<unsigned char>(bytes[size]) >= 0x20 && bytes[size] != 0x7F) ++size;
  return size;
}

// Where a field's value ends.
std::size_t value_size(std::string_view bytes) {
  std::size_t size = printable_size(bytes);
  while (size < bytes.size() && bytes[size] != '\r' && bytes[size] != '\n') ++size;
  return size;
}

// Where a string ends; npos if it does not.
std::size_t string_size(std::string_view bytes) {
  std::size_t end = bytes.find('"');
  // An odd number of backslashes before it makes it a part of the string.
  while (end != std::string_view::npos) {
    const std::size_t before = bytes.substr(0, end).find_last_not_of('\\');
    const std::size_t backslashes = before == std::string_view::npos ? end : end - before - 1;
    if (backslashes % 2 == 0) break;
    end = bytes.find('"', end + 1);
  }
  return end;
}

// Where a member's text begins and ends in a JSON text, without its quotation marks.
struct Span {
  std::size_t begin, end;
};

// Of the first member with such a name; nullopt if there is none, or if it is no string. `name` with its quotation
// marks and the colon: so it stands in no string.
std::optional<Span> string_in(std::string_view body, std::string_view name) {
  std::size_t at = body.find(name);
  if (at == std::string_view::npos) return std::nullopt;
  at += name.size();
  while (at < body.size() && body[at] == ' ') ++at;
  if (at == body.size() || body[at] != '"') return std::nullopt;
  const std::size_t begin = at + 1;
  const std::size_t size = string_size(body.substr(begin));
  if (size == std::string_view::npos) return std::nullopt;
  return Span{begin, begin + size};
}

std::optional<Span> message_in(std::string_view body) {
  for (const std::string_view name : {"\"message\":", "\"Message\":"})
    if (body.find(name) != std::string_view::npos) return string_in(body, name);
  return std::nullopt;
}

bool is_success(std::string_view answer) {
  constexpr std::string_view version = "HTTP/1.1 ";
  return answer.starts_with(version) && answer.substr(version.size()).starts_with('2');
}

bool is_plain_ascii(std::uint64_t eight) {
  return !text::has_non_ascii(eight) && !text::has_less(eight, 0x20) && !text::has_byte(eight, '\\');
}

// Of escapes only those of a character that stands for itself: what others mean is for a reader to say.
bool is_plain(std::string_view text) {
  bool is_ascii = true;
  std::size_t one_by_one = 0;  // up to there, as one of them is not plain
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i >= one_by_one) {
      while (text.size() - i > 8 && is_plain_ascii(text::eight_at(text, i))) i += 8;
      one_by_one = i + 8;
    }
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20) return false;
    is_ascii = is_ascii && byte < 0x80;
    if (byte == '\\' && (++i == text.size() || std::string_view("\"\\/").find(text[i]) == std::string_view::npos))
      return false;
  }
  return is_ascii || text::is_valid(text);
}

bool gives_nothing_away(std::string_view text) { return is_plain(text) && leak_in(text, {}).empty(); }

// The UTF-16 unit that the escape at the front is; nothing if there is none.
std::optional<unsigned> unit_at(std::string_view text) {
  if (text.size() < 6 || !text.starts_with("\\u")) return std::nullopt;
  unsigned unit = 0;
  for (const char c : text.substr(2, 4)) {
    const int digit = wire::ascii::hex_value(c);
    if (digit < 0) return std::nullopt;
    unit = unit * 16 + static_cast<unsigned>(digit);
  }
  return unit;
}

// The size of the escape at the front, of a pair of surrogates too; 0 if it is none, or half a pair.
std::size_t escape_size(std::string_view text) {
  const bool is_short = text.size() > 1 && std::string_view("\"\\/bfnrt").find(text[1]) != std::string_view::npos;
  if (is_short) return 2;
  const std::optional<unsigned> unit = unit_at(text);
  if (!unit || oracle::is_low_surrogate(*unit)) return 0;
  if (!oracle::is_high_surrogate(*unit)) return 6;
  const std::optional<unsigned> low = unit_at(text.substr(6));
  return low && oracle::is_low_surrogate(*low) ? 12 : 0;
}

// What stands between the quotation marks of a JSON string that every reader reads alike (RFC 8259 section 7).
bool is_well_formed(std::string_view text) {
  if (!text::is_valid(text)) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (static_cast<unsigned char>(text[i]) < 0x20) return false;
    if (text[i] != '\\') continue;
    const std::size_t size = escape_size(text.substr(i));
    if (size == 0) return false;
    i += size - 1;
  }
  return true;
}

// Of a header: what a strict reader takes (RFC 9110 section 5.5).
bool is_field_value(std::string_view value) {
  const auto first = value.begin() + static_cast<std::ptrdiff_t>(printable_size(value));
  return std::none_of(first, value.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7F;
  });
}

}  // namespace

KnownAnswers::Form KnownAnswers::form_of(std::string_view answer) const {
  const std::size_t head_end = answer.find("\r\n\r\n");
  if (head_end == std::string_view::npos) return {};
  Form form;
  std::string text;
  const auto leave_gap = [&form, &text](Gap gap) {
    form.texts.push_back(std::exchange(text, {}));
    form.gaps.push_back(gap);
  };
  for (std::string_view head = answer.substr(0, head_end + 2); !head.empty();) {
    const std::string_view line = head.substr(0, head.find('\n') + 1);
    head.remove_prefix(line.size());
    const std::size_t colon = line.find(':');
    const std::string_view name = line.substr(0, colon == std::string_view::npos ? 0 : colon);
    const bool is_id = equal_ignoring_case(name, "x-amzn-RequestId");
    if (!is_id && !equal_ignoring_case(name, "Date") && !equal_ignoring_case(name, "Content-Length")) {
      text.append(line);
      continue;
    }
    text.append(name).append(":");
    leave_gap(is_id ? Gap::id : Gap::value);
    const std::string_view value = line.substr(colon + 1);
    text.append(value.substr(value_size(value)));
  }
  text.append("\r\n");
  const std::string_view body = answer.substr(head_end + 4);
  const bool echoes = !echo_.empty() && is_success(answer);
  const std::optional<Span> gap = echoes ? string_in(body, "\"" + echo_ + "\":") : message_in(body);
  if (!gap) {
    form.texts.push_back(text.append(body));
    return form;
  }
  const std::string_view filling = body.substr(gap->begin, gap->end - gap->begin);
  if (echoes ? !is_well_formed(filling) : !gives_nothing_away(filling)) return {};
  text.append(body.substr(0, gap->begin));
  leave_gap(echoes ? Gap::echo : Gap::message);
  form.texts.emplace_back(body.substr(gap->end));
  return form;
}

bool KnownAnswers::fits(const Form& form, std::string_view answer) {
  request_id_ = {};
  for (std::size_t i = 0; i < form.gaps.size(); ++i) {
    if (!answer.starts_with(form.texts[i])) return false;
    answer.remove_prefix(form.texts[i].size());
    const Gap gap = form.gaps[i];
    const bool is_string = gap == Gap::message || gap == Gap::echo;
    const std::size_t size = is_string ? string_size(answer) : value_size(answer);
    if (size == std::string_view::npos) return false;
    const std::string_view filling = answer.substr(0, size);
    if (gap == Gap::message && !gives_nothing_away(filling)) return false;
    if (gap == Gap::echo && !is_well_formed(filling)) return false;
    if (!is_string && !is_field_value(filling)) return false;
    if (gap == Gap::id) request_id_ = wire::ascii::trim(filling);
    answer.remove_prefix(size);
  }
  return answer == form.texts.back();
}

std::optional<std::size_t> KnownAnswers::learn(std::string_view answer) {
  if (known_.size() >= most_known) return std::nullopt;
  Form form = form_of(answer);
  if (form.texts.empty() ||
      std::any_of(known_.begin(), known_.end(), [&form](const Form& known) { return known.is_like(form); }))
    return std::nullopt;
  form.number = known_.size();
  known_.push_back(std::move(form));
  return known_.back().number;
}

bool KnownAnswers::recognises(std::string_view answer) {
  const auto found =
      std::find_if(known_.begin(), known_.end(), [this, answer](const Form& form) { return fits(form, answer); });
  if (found == known_.end()) return false;
  which_ = found->number;
  // The next is most likely the same.
  std::iter_swap(known_.begin(), found);
  return true;
}

}  // namespace conformance
