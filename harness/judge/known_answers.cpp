#include "harness/judge/known_answers.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "harness/judge/answer_checks.h"
#include "harness/text/eight_bytes.h"
#include "harness/text/utf8.h"
#include "harness/wire/ascii.h"

namespace conformance {
namespace {

using wire::ascii::equal_ignoring_case;

// Where a field's value ends.
std::size_t value_size(std::string_view bytes) {
  std::size_t size = 0;
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

// Where the text of "message" begins and ends in a JSON text, without its quotation marks; nullopt if there is no such
// member, or if it is no plain string.
struct Span {
  std::size_t begin, end;
};
std::optional<Span> message_in(std::string_view body) {
  for (const std::string_view name : {"\"message\":", "\"Message\":"}) {
    std::size_t at = body.find(name);
    if (at == std::string_view::npos) continue;
    at += name.size();
    while (at < body.size() && body[at] == ' ') ++at;
    if (at == body.size() || body[at] != '"') return std::nullopt;
    const std::size_t begin = at + 1;
    const std::size_t size = string_size(body.substr(begin));
    if (size == std::string_view::npos) return std::nullopt;
    return Span{begin, begin + size};
  }
  return std::nullopt;
}

bool is_plain_ascii(std::uint64_t eight) {
  return !text::has_non_ascii(eight) && !text::has_less(eight, 0x20) && !text::has_byte(eight, '\\');
}

// Of escapes only those of a character that stands for itself: what others mean is for a reader to say.
bool is_plain(std::string_view text) {
  bool is_ascii = true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    while (text.size() - i > 8 && is_plain_ascii(text::eight_at(text, i))) i += 8;
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20) return false;
    is_ascii = is_ascii && byte < 0x80;
    if (byte == '\\' && (++i == text.size() || std::string_view("\"\\/").find(text[i]) == std::string_view::npos))
      return false;
  }
  return is_ascii || text::is_valid(text);
}

bool gives_nothing_away(std::string_view text) { return is_plain(text) && leak_in(text, {}).empty(); }

}  // namespace

KnownAnswers::Form KnownAnswers::form_of(std::string_view answer) {
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
  const std::optional<Span> message = message_in(body);
  if (!message) {
    form.texts.push_back(text.append(body));
    return form;
  }
  if (!gives_nothing_away(body.substr(message->begin, message->end - message->begin))) return {};
  text.append(body.substr(0, message->begin));
  leave_gap(Gap::message);
  form.texts.emplace_back(body.substr(message->end));
  return form;
}

bool KnownAnswers::fits(const Form& form, std::string_view answer) {
  request_id_ = {};
  for (std::size_t i = 0; i < form.gaps.size(); ++i) {
    if (!answer.starts_with(form.texts[i])) return false;
    answer.remove_prefix(form.texts[i].size());
    const bool is_message = form.gaps[i] == Gap::message;
    const std::size_t size = is_message ? string_size(answer) : value_size(answer);
    if (size == std::string_view::npos) return false;
    const std::string_view filling = answer.substr(0, size);
    if (is_message && !gives_nothing_away(filling)) return false;
    if (form.gaps[i] == Gap::id) request_id_ = wire::ascii::trim(filling);
    answer.remove_prefix(size);
  }
  return answer == form.texts.back();
}

void KnownAnswers::learn(std::string_view answer) {
  if (known_.size() >= most_known) return;
  Form form = form_of(answer);
  if (!form.texts.empty() && std::find(known_.begin(), known_.end(), form) == known_.end())
    known_.push_back(std::move(form));
}

bool KnownAnswers::recognises(std::string_view answer) {
  const auto found =
      std::find_if(known_.begin(), known_.end(), [this, answer](const Form& form) { return fits(form, answer); });
  if (found == known_.end()) return false;
  // The next is most likely the same.
  std::iter_swap(known_.begin(), found);
  return true;
}

}  // namespace conformance
