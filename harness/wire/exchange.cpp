#include "harness/wire/exchange.h"

#include <algorithm>

#include "harness/wire/ascii.h"

namespace conformance::wire {

const Header* find_header(const std::vector<Header>& headers, std::string_view name) {
  for (const Header& header : headers)
    if (ascii::equal_ignoring_case(header.name, name)) return &header;
  return nullptr;
}

std::string serialise(const Request& request) {
  std::size_t size = request.method.size() + request.target.size() + request.body.size() + 64;
  for (const Header& header : request.headers) size += header.name.size() + header.value.size() + 4;
  std::string bytes;
  bytes.reserve(size);
  bytes.append(request.method).append(" ").append(request.target).append(" HTTP/1.1\r\n");
  for (const Header& header : request.headers)
    bytes.append(header.name).append(": ").append(header.value).append("\r\n");
  if (!find_header(request.headers, "Content-Length"))
    bytes.append("Content-Length: ").append(std::to_string(request.body.size())).append("\r\n");
  return bytes.append("\r\n").append(request.body);
}

bool broke_off(const Exchange& exchange) {
  const std::string_view rest =
      std::string_view(exchange.received).substr(std::min(exchange.answered_bytes, exchange.received.size()));
  if (rest.empty()) return false;
  if (exchange.failure == TransportFailure::closed) return true;
  constexpr std::string_view interim = "HTTP/1.1 1";
  return exchange.failure == TransportFailure::timeout && !rest.starts_with(interim.substr(0, rest.size()));
}

std::string_view name_of(TransportFailure failure) {
  switch (failure) {
    case TransportFailure::none:
      return "none";
    case TransportFailure::resolve:
      return "resolve";
    case TransportFailure::connect:
      return "connect";
    case TransportFailure::tls:
      return "tls";
    case TransportFailure::timeout:
      return "timeout";
    case TransportFailure::closed:
      return "closed";
    case TransportFailure::malformed:
      return "malformed";
    case TransportFailure::too_large:
      return "too_large";
    case TransportFailure::interrupted:
      return "interrupted";
    case TransportFailure::given_up:
      return "given_up";
    case TransportFailure::left:
      return "left";
  }
  return "unknown";
}

}  // namespace conformance::wire
