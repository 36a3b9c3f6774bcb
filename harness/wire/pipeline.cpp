#include "harness/wire/pipeline.h"

#include <algorithm>
#include <charconv>

#include "harness/wire/ascii.h"

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

}  // namespace

std::size_t usual_answer_size(std::string_view bytes) {
  const std::size_t head_end = bytes.find("\r\n\r\n");
  if (head_end == std::string_view::npos) return bytes.size() > longest_head ? unusual : 0;
  std::string_view head = bytes.substr(0, head_end);
  const std::size_t first_end = head.find("\r\n");
  if (!is_final_status_line(head)) return unusual;
  head.remove_prefix(first_end == std::string_view::npos ? head.size() : first_end + 2);
  std::size_t length = unusual;
  while (!head.empty()) {
    const std::string_view line = head.substr(0, head.find("\r\n"));
    head.remove_prefix(std::min(head.size(), line.size() + 2));
    const std::string_view name = line.substr(0, line.find(':'));
    if (ascii::equal_ignoring_case(name, "Transfer-Encoding") || ascii::equal_ignoring_case(name, "Connection"))
      return unusual;
    if (!ascii::equal_ignoring_case(name, "Content-Length")) continue;
    const std::string_view value = ascii::trim(line.substr(std::min(line.size(), name.size() + 1)));
    if (length != unusual) return unusual;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), length);
    if (error != std::errc() || end != value.data() + value.size() || length > longest_body) return unusual;
  }
  if (length == unusual) return unusual;
  const std::size_t size = head_end + 4 + length;
  return bytes.size() < size ? 0 : size;
}

}  // namespace conformance::wire
