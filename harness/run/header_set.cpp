#include "harness/run/header_set.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>

#include "harness/wire/ascii.h"

namespace conformance {
namespace {

// A kind has none (a type ends before a colon), nor has the name of a field.
constexpr std::string_view between_kind_and_set = ": ";
constexpr std::size_t most_names = 50;  // an endpoint may send any number

constexpr std::array<std::string_view, 9> of_one_hop{
    "connection", "content-length",    "keep-alive", "proxy-connection", "te",
    "trailer",    "transfer-encoding", "upgrade",    "http2-settings"};

// The fields that Connection names are the connection's too.
void leave_out_named(std::string_view connection, std::set<std::string>& names) {
  while (!connection.empty()) {
    const std::size_t end = connection.find(',');
    names.erase(wire::ascii::lower(wire::ascii::trim(connection.substr(0, end))));
    if (end == std::string_view::npos) return;
    connection.remove_prefix(end + 1);
  }
}

}  // namespace

std::string header_set(const std::vector<wire::Header>& headers) {
  std::set<std::string> names;
  for (const wire::Header& header : headers) names.insert(wire::ascii::lower(header.name));
  for (const wire::Header& header : headers)
    if (wire::ascii::lower(header.name) == "connection") leave_out_named(header.value, names);
  for (const std::string_view name : of_one_hop) names.erase(std::string(name));
  if (names.empty()) return std::string(no_header_fields);
  if (names.size() <= most_names) return fmt::format("{}", fmt::join(names, ", "));
  const auto last = std::next(names.begin(), most_names);
  return fmt::format("{} and {} more", fmt::join(names.begin(), last, ", "), names.size() - most_names);
}

std::string header_set_text(std::string_view written) {
  const std::size_t colon = written.find(':');
  const bool has_kind = colon != std::string_view::npos;
  std::string_view rest = has_kind ? written.substr(colon + 1) : written;
  std::set<std::string> names;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    names.insert(wire::ascii::lower(wire::ascii::trim(rest.substr(0, end))));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  names.erase("");
  for (const std::string_view name : of_one_hop) names.erase(std::string(name));
  const std::string set = names.empty() ? std::string(no_header_fields) : fmt::format("{}", fmt::join(names, ", "));
  return has_kind ? with_kind(wire::ascii::trim(written.substr(0, colon)), set) : set;
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
