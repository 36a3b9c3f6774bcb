#include "harness/aws/side_call.h"

#include <algorithm>
#include <utility>

#include "harness/text/escape.h"

namespace conformance::aws {
namespace {

constexpr std::size_t most_answer_bytes = 1U << 20;
constexpr std::size_t most_quoted = 300;
constexpr std::size_t window = 12;  // what is shorter is found by chance, and of no use

bool repeats(std::string_view text, std::string_view secret) {
  if (secret.empty()) return false;
  if (secret.size() < window) return text.find(secret) != std::string_view::npos;
  for (std::size_t i = 0; i + window <= secret.size(); ++i)
    if (text.find(secret.substr(i, window)) != std::string_view::npos) return true;
  return false;
}

// Whether the failure leaves room for somebody who answers.
bool is_answered(wire::TransportFailure failure, const wire::Exchange& exchange) {
  return failure == wire::TransportFailure::malformed || failure == wire::TransportFailure::too_large ||
         !exchange.received.empty();
}

}  // namespace

SideAnswer ask(const wire::Url& server, wire::Request request, wire::ClientOptions options) {
  options.connections = 1;
  options.max_response_bytes = most_answer_bytes;
  options.rate = 0;
  options.give_up_after = 0;
  request.scheme = server.scheme;
  if (wire::find_header(request.headers, "Host") == nullptr)
    request.headers.insert(request.headers.begin(), {"Host", server.authority()});
  request.headers.push_back({"User-Agent", "glue-conformance"});
  request.headers.push_back({"Connection", "close"});
  wire::Client client(server, options);
  wire::Exchange exchange = client.exchange(wire::serialise(request));
  SideAnswer answer;
  if (exchange.response) {
    answer.is_there = true;
    answer.response = std::move(exchange.response);
    return answer;
  }
  answer.is_there = is_answered(exchange.failure, exchange);
  answer.why_not = std::string(wire::name_of(exchange.failure));
  if (!exchange.detail.empty()) answer.why_not += ": " + text::elide(text::visible(exchange.detail), most_quoted);
  return answer;
}

std::string shown(std::string_view text) {
  constexpr std::string_view broken = ":\\u003a";
  std::string result = text::visible(text);
  for (std::size_t at = 1; (at = result.find(broken, at)) != std::string::npos; ++at)
    result.replace(at, broken.size(), "::");
  return result;
}

std::string quote(std::string_view text, const std::vector<std::string>& secrets) {
  // Before it is searched, so that no answer costs more than a short one.
  text = text.substr(0, 4 * most_quoted);
  if (std::any_of(secrets.begin(), secrets.end(), [text](const std::string& secret) { return repeats(text, secret); }))
    return "(left out, as it repeats a secret)";
  return text::elide(shown(text), most_quoted);
}

}  // namespace conformance::aws
