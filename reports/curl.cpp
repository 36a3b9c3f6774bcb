#include "reports/curl.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "harness/text/escape.h"

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

}  // namespace

std::string curl_line(const RunInfo& info, const std::string& service, const wire::Request& request) {
  std::string line = text::printf_command(request.body) + " | curl -sS -i -X " + text::shell_quote(request.method) +
                     " " + text::shell_quote(info.curl_url);
  for (const wire::Header& header : request.headers) {
    if (std::find(made_by_curl.begin(), made_by_curl.end(), lower(header.name)) != made_by_curl.end()) continue;
    // "Name:" without a value takes a header away from curl; an empty one is spelt "Name;".
    line += " -H " + text::shell_quote(header.value.empty() ? header.name + ";" : header.name + ": " + header.value);
  }
  // Without this, --data-binary says that the body is a form.
  if (wire::find_header(request.headers, "Content-Type") == nullptr) line += " -H Content-Type:";
  // These it adds of its own.
  for (const char* name : {"Accept", "User-Agent"})
    if (wire::find_header(request.headers, name) == nullptr) line += fmt::format(" -H {}:", name);
  if (info.signed_requests) {
    line += " --aws-sigv4 " + text::shell_quote("aws:amz:" + info.region + ":" + service) +
            R"( --user "${AWS_ACCESS_KEY_ID:-test}:${AWS_SECRET_ACCESS_KEY:-test}")"
            R"( ${AWS_SESSION_TOKEN:+-H "X-Amz-Security-Token: $AWS_SESSION_TOKEN"})";
  }
  return line + " --data-binary @-";
}

std::string replay_line(const RunInfo& info, const Case& test) {
  // A generated one is sent again from its file: by its id all examples would be.
  const bool saved = test.property && !info.counterexamples.empty();
  std::string line =
      info.program + " replay " + (saved ? text::shell_quote(info.counterexamples + "/" + test.id + ".json") : test.id);
  for (const std::string& arguments : {info.endpoint_arg, info.replay_args})
    if (!arguments.empty()) line += " " + arguments;
  return line;
}

}  // namespace conformance::reports
