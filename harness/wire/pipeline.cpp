#include "harness/wire/pipeline.h"

#include <algorithm>
#include <charconv>

#include "harness/wire/ascii.h"
#include "harness/wire/response_reader.h"

namespace conformance::wire {
namespace {

constexpr std::size_t longest_head = 16U << 10U;
constexpr std::size_t longest_body = 64U << 10U;
constexpr std::size_t unusual = std::string_view::npos;

// Of "HTTP/1.1 200 …": a final status.
bool is_final_status_line(std::string_view line) {
  constexpr std::string_view version = "HTTP/1.1 ";
  return line.starts_with(version) && line.size() > version.size() + 3 && line[version.size()] >= '2' &&
         line[version.size()] <= '5';
}

// Whether an answer with this field is of the usual form; its length, if the field says that.
bool take_field(std::string_view line, std::size_t& length) {
  // Nearly all fields begin with another letter.
  const char initial = line.empty() ? '\0' : ascii::to_lower(line[0]);
  if (initial != 't' && initial != 'c') return true;
  const std::string_view name = line.substr(0, line.find(':'));
  if (ascii::equal_ignoring_case(name, "Transfer-Encoding")) return false;
  const std::string_view value = ascii::trim(line.substr(std::min(line.size(), name.size() + 1)));
  if (ascii::equal_ignoring_case(name, "Connection")) return ascii::equal_ignoring_case(value, "keep-alive");
  if (!ascii::equal_ignoring_case(name, "Content-Length")) return true;
  if (length != unusual) return false;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), length);
  return error == std::errc() && end == value.data() + value.size() && length <= longest_body;
}

}  // namespace

std::size_t usual_answer_size(std::string_view bytes) {
  std::size_t length = unusual;
  for (std::size_t begin = 0;;) {
    const std::size_t end = bytes.find("\r\n", begin);
    if (end == std::string_view::npos) return bytes.size() > longest_head ? unusual : 0;
    const std::string_view line = bytes.substr(begin, end - begin);
    const bool is_first = begin == 0;
    begin = end + 2;
    if (is_first ? !is_final_status_line(line) : !take_field(line, length)) return unusual;
    if (!is_first && line.empty()) {
      if (length == unusual) return unusual;
      return bytes.size() - begin < length ? 0 : begin + length;
    }
  }
}

std::optional<Exchange> exchange_of(const PipelinedAnswer& answer) {
  ResponseReader reader({});
  if (reader.feed(answer.received) != ResponseReader::State::complete) return std::nullopt;
  Exchange exchange;
  exchange.sent = answer.sent;
  exchange.received = answer.received;
  exchange.response = reader.take();
  exchange.elapsed = answer.elapsed;
  return exchange;
}

}  // namespace conformance::wire
