#include "reports/curl.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "harness/text/escape.h"
#include "harness/wire/url.h"
#include "reports/story_script.h"

namespace conformance::reports {
namespace {

// curl makes these itself, from the URL, the body and the credentials; the last four are also where secrets could be.
constexpr std::array<std::string_view, 6> made_by_curl{"host",       "content-length",       "authorization",
                                                       "x-amz-date", "x-amz-security-token", "proxy-authorization"};

std::string lower(std::string_view name) {
  std::string out(name);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

// Where curl is to send the request: the endpoint with the request's target, so that it is signed too, or else the
// endpoint, and the target beside it as it is.
std::string address(const RunInfo& info, const wire::Url& endpoint, const std::string& target) {
  if (target == endpoint.path) return text::shell_quote(info.curl_url);
  const std::string origin = endpoint.scheme + "://" + endpoint.authority();
  const bool is_path = target.starts_with("/") && target.find('#') == std::string::npos;
  if (is_path) return "-g --path-as-is " + text::shell_quote(origin + target);
  return "--request-target " + text::shell_quote(target) + " " + text::shell_quote(info.curl_url);
}

// What the case puts on its connection, unsigned; empty unless it is one piece, and is followed by nothing.
std::string bytes_in_one_piece(const CaseResult& result) {
  const bool made = !result.request.headers.empty();
  if (!made || !result.test.speak || !result.test.companions.empty()) return {};
  const wire::Conversation conversation = result.test.speak({wire::in_parts(wire::serialise(result.request))});
  if (conversation.turns.size() != 1 || conversation.end == wire::Conversation::End::leave) return {};
  const bool closes =
      conversation.end == wire::Conversation::End::half_close && conversation.half_close_after.count() == 0;
  const wire::Turn& turn = conversation.turns.front();
  return closes || turn.piece != 0 ? std::string() : turn.bytes;
}

}  // namespace

std::string curl_line(const RunInfo& info, const std::string& service, const wire::Request& request) {
  const wire::Url endpoint = wire::parse_url(info.curl_url);
  std::string line = text::printf_command(request.body) + " | curl -sS -i -X " + text::shell_quote(request.method) +
                     " " + address(info, endpoint, request.target);
  // curl waits for the body that the length of such an answer speaks of, and that does not come.
  if (request.method == "HEAD") line += " --max-time 5";
  const wire::Header* host = wire::find_header(request.headers, "Host");
  if (host == nullptr || host->value != endpoint.authority())
    line += " -H " + text::shell_quote("Host:" + (host == nullptr ? std::string() : " " + host->value));
  for (const wire::Header& header : request.headers) {
    if (std::find(made_by_curl.begin(), made_by_curl.end(), lower(header.name)) != made_by_curl.end()) continue;
    // "Name:" without a value takes a header away from curl; an empty one is spelt "Name;".
    line += " -H " + text::shell_quote(header.value.empty() ? header.name + ";" : header.name + ": " + header.value);
  }
  // Without this, --data-binary says that the body is a form.
  if (wire::find_header(request.headers, "Content-Type") == nullptr) line += " -H Content-Type:";
  // These it adds of its own. What is taken away it would sign all the same (7.88), and nobody could verify that.
  for (const char* name : {"Accept", "User-Agent"})
    if (!info.signed_requests && wire::find_header(request.headers, name) == nullptr)
      line += fmt::format(" -H {}:", name);
  if (info.signed_requests) {
    line += " --aws-sigv4 " + text::shell_quote("aws:amz:" + info.region + ":" + service) +
            (info.keys_in_environment ? R"( --user "${AWS_ACCESS_KEY_ID:-test}:${AWS_SECRET_ACCESS_KEY:-test}")"
                                      : R"( --user "${AWS_ACCESS_KEY_ID:?}:${AWS_SECRET_ACCESS_KEY:?}")") +
            R"( ${AWS_SESSION_TOKEN:+-H "X-Amz-Security-Token: $AWS_SESSION_TOKEN"})";
  }
  return line + " --data-binary @-";
}

std::string curl_line(const RunInfo& info, const std::string& service, const CaseResult& result) {
  return result.reproduction ? result.reproduction->curl : curl_line(info, service, result.request);
}

bool curl_can_send(const CaseResult& result) {
  if (result.reproduction) return !result.reproduction->curl.empty();
  // It signs by itself, and right.
  if (result.request.headers.empty() || result.test.story || result.test.forgery) return false;
  // That something repeats shows in no request by itself.
  if (result.test.gathers && result.met_in.empty()) return false;
  return !result.test.speak || bytes_in_one_piece(result) == wire::serialise(result.request);
}

std::string bytes_line(const RunInfo& info, const CaseResult& result) {
  if (result.reproduction) return result.reproduction->bytes;
  if (result.test.story) return {};
  const std::string bytes = bytes_in_one_piece(result);
  // curl would send that byte twice, as Telnet has it (RFC 854).
  if (bytes.empty() || bytes.find('\xFF') != std::string::npos) return {};
  const wire::Url endpoint = wire::parse_url(info.curl_url);
  // Whoever closes at once may be given up.
  std::string line = "{ " + text::printf_command(bytes) + "; sleep 2; } | ";
  if (endpoint.scheme == "http")
    return line + "curl -sSN -m 5 " + text::shell_quote("telnet://" + endpoint.host_and_port());
  return line + "openssl s_client -quiet -no_ign_eof -connect " + text::shell_quote(endpoint.host_and_port());
}

std::string replay_line(const RunInfo& info, const CaseResult& result) {
  if (result.reproduction) return result.reproduction->replay;
  const Case& test = result.test;
  std::string line = info.program;
  if (test.gathers) {
    line += " run";
    for (const std::string& id : result.met_in) line += " --filter " + text::shell_quote(id);
    if (!result.met_in.empty()) line += " --filter " + text::shell_quote(test.id);
  } else {
    // A generated one is sent again from its file: by its id all examples would be.
    const bool saved = test.property && !info.counterexamples.empty();
    line += " replay " + (saved ? text::shell_quote(info.counterexamples + "/" + test.id + ".json") : test.id);
  }
  for (const std::string& arguments : {info.endpoint_arg, info.replay_args})
    if (!arguments.empty()) line += " " + arguments;
  return line;
}

Reproduction reproduction_of(const RunInfo& info, const spec::SpecTable& table, const CaseResult& result) {
  if (result.reproduction) return *result.reproduction;
  return {.replay = replay_line(info, result),
          .curl = curl_can_send(result) ? curl_line(info, table.service, result.request) : std::string(),
          .bytes = bytes_line(info, result),
          .story = story_script(info, table, result)};
}

}  // namespace conformance::reports
