#include "harness/judge/known_answers.h"

#include <algorithm>
#include <optional>

#include "harness/judge/answer_checks.h"
#include "harness/text/utf8.h"
#include "harness/wire/ascii.h"

namespace conformance {
namespace {

using wire::ascii::equal_ignoring_case;

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
    const std::size_t begin = ++at;
    while (at < body.size() && body[at] != '"') at += body[at] == '\\' ? 2 : 1;
    if (at >= body.size()) return std::nullopt;
    return Span{begin, at};
  }
  return std::nullopt;
}

// Of escapes only those of a character that stands for itself: what others mean is for a reader to say.
bool is_plain(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (static_cast<unsigned char>(text[i]) < 0x20) return false;
    if (text[i] != '\\') continue;
    if (++i == text.size() || std::string_view("\"\\/").find(text[i]) == std::string_view::npos) return false;
  }
  return text::is_valid(text);
}

}  // namespace

bool KnownAnswers::take_shape(std::string_view answer) {
  shape_.clear();
  request_id_ = {};
  const std::size_t head_end = answer.find("\r\n\r\n");
  if (head_end == std::string_view::npos) return false;
  for (std::string_view head = answer.substr(0, head_end + 2); !head.empty();) {
    const std::string_view line = head.substr(0, head.find('\n') + 1);
    head.remove_prefix(line.size());
    const std::size_t colon = line.find(':');
    const std::string_view name = line.substr(0, colon == std::string_view::npos ? 0 : colon);
    const bool is_id = equal_ignoring_case(name, "x-amzn-RequestId");
    if (is_id) request_id_ = wire::ascii::trim(line.substr(colon + 1, line.size() - colon - 3));
    if (is_id || equal_ignoring_case(name, "Date") || equal_ignoring_case(name, "Content-Length"))
      shape_.append(name).append("\n");
    else
      shape_.append(line);
  }
  shape_.append("\n");
  const std::string_view body = answer.substr(head_end + 4);
  const std::optional<Span> message = message_in(body);
  if (!message) {
    shape_.append(body);
    return true;
  }
  const std::string_view text = body.substr(message->begin, message->end - message->begin);
  if (!is_plain(text) || !leak_in(text, {}).empty()) return false;
  shape_.append(body.substr(0, message->begin)).append(body.substr(message->end));
  return true;
}

void KnownAnswers::learn(std::string_view answer) {
  if (known_.size() >= most_known || !take_shape(answer)) return;
  if (std::find(known_.begin(), known_.end(), shape_) == known_.end()) known_.push_back(shape_);
}

bool KnownAnswers::recognises(std::string_view answer) {
  return take_shape(answer) && std::find(known_.begin(), known_.end(), shape_) != known_.end();
}

}  // namespace conformance
