#include "harness/run/header_set.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

namespace conformance {
namespace {

// A kind has none (a type ends before a colon), nor has the name of a field.
constexpr std::string_view between_kind_and_set = ": ";
constexpr std::size_t most_names = 50;  // an endpoint may send any number

constexpr std::array<std::string_view, 9> of_one_hop{
    "connection", "content-length",    "keep-alive", "proxy-connection", "te",
    "trailer",    "transfer-encoding", "upgrade",    "http2-settings"};

std::string in_lower_case(std::string_view name) {
  std::string lower(name);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

// The fields that Connection names are the connection's too.
void leave_out_named(std::string_view connection, std::set<std::string>& names) {
  while (!connection.empty()) {
    const std::size_t end = connection.find(',');
    std::string_view option = connection.substr(0, end);
    while (!option.empty() && (option.front() == ' ' || option.front() == '\t')) option.remove_prefix(1);
    while (!option.empty() && (option.back() == ' ' || option.back() == '\t')) option.remove_suffix(1);
    names.erase(in_lower_case(option));
    if (end == std::string_view::npos) return;
    connection.remove_prefix(end + 1);
  }
}

}  // namespace

std::string header_set(const std::vector<wire::Header>& headers) {
  std::set<std::string> names;
  for (const wire::Header& header : headers) names.insert(in_lower_case(header.name));
  for (const wire::Header& header : headers)
    if (in_lower_case(header.name) == "connection") leave_out_named(header.value, names);
  for (const std::string_view name : of_one_hop) names.erase(std::string(name));
  if (names.empty()) return std::string(no_header_fields);
  if (names.size() <= most_names) return fmt::format("{}", fmt::join(names, ", "));
  const auto last = std::next(names.begin(), most_names);
  return fmt::format("{} and {} more", fmt::join(names.begin(), last, ", "), names.size() - most_names);
}

std::string with_kind(std::string_view kind, std::string_view set) {
  return fmt::format("{}{}{}", kind, between_kind_and_set, set);
}

std::string_view kind_before(std::string_view text) {
  const std::size_t at = text.find(between_kind_and_set);
  return at == std::string_view::npos ? std::string_view() : text.substr(0, at);
}

std::string_view set_of(std::string_view text) {
  const std::size_t at = text.find(between_kind_and_set);
  return at == std::string_view::npos ? text : text.substr(at + between_kind_and_set.size());
}

}  // namespace conformance
