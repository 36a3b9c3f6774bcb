// The same requests as the official SDKs put them on the wire: which headers, in which order and spelling, what of it
// is signed, and how the body is written. scripts/dialects.py compares them with what those SDKs really send.
//
// botocore 1.43 and the AWS CLI 1.45 and @aws-sdk/client-glue 3.1168 as captured; the SDK for C++ 1.11 as its sources
// have it (AWSAuthV4Signer.cpp, CurlHttpClient.cpp, DeleteSessionRequest.cpp).
#include <fmt/format.h>

#include <optional>
#include <utility>

#include "harness/text/json_string.h"
#include "harness/text/stable_hash.h"
#include "harness/wire/sigv4.h"
#include "suites/body_case.h"
#include "suites/suites.h"

namespace conformance::suites {
namespace {

// The members of a request; `identifier` is JSON text, as it may be no string. Absent ones are left out.
struct Members {
  std::optional<std::string> identifier;
  std::optional<std::string> option;  // UTF-8
};

using Quote = std::string (*)(std::string_view);

struct JsonLayout {
  const char *open, *after_name, *between, *close, *empty;
  Quote quote;
};

struct Dialect {
  const char* id;
  const char* title;
  // In {braces} what differs from request to request. Empty: for the signature to fill in.
  std::vector<wire::Header> headers;
  std::vector<std::string> sign_also;
  const char *first_attempt, *second_attempt;  // amz-sdk-request
  JsonLayout layout;
  bool sends_missing, sends_wrong_type;  // what the SDK lets its user send
};

std::vector<Dialect> dialects() {
  const JsonLayout python{"{", ": ", ", ", "}", "{}", text::quote_ascii};
  const JsonLayout compact{"{", ":", ",", "}", "{}", text::quote_raw};
  const JsonLayout pretty{"{\n\t", ":\t", ",\n\t", "\n}", "{\n}", text::quote_raw};
  const auto botocore_headers = [](const char* user_agent) {
    return std::vector<wire::Header>{{"Host", "{host}"},
                                     {"Accept-Encoding", "identity"},
                                     {"X-Amz-Target", "{target}"},
                                     {"Content-Type", "{type}"},
                                     {"User-Agent", user_agent},
                                     {"X-Amz-Date", ""},
                                     {"X-Amz-Security-Token", ""},
                                     {"Authorization", ""},
                                     {"amz-sdk-invocation-id", "{invocation}"},
                                     {"amz-sdk-request", "{attempt}"},
                                     {"Content-Length", "{length}"}};
  };
  const std::vector<std::string> sdk_headers{"amz-sdk-invocation-id", "amz-sdk-request", "content-length"};
  return {
      {"botocore",
       "botocore",
       botocore_headers("Botocore/1.43.11 ua/2.1 os/linux#6.12.0 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython "
                        "m/N,Z,D,e,b cfg/retry-mode#legacy"),
       {},
       "attempt=1",
       "ttl=20261124T180206Z; attempt=2; max=5",
       python,
       true,
       true},
      {"aws_cli",
       "the AWS CLI",
       botocore_headers("aws-cli/1.45.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.12.0 md/arch#x86_64 lang/python#3.11.7 "
                        "md/pyimpl#CPython m/b,D,N,Z,g cfg/retry-mode#legacy botocore/1.43.11"),
       {},
       "attempt=1",
       "ttl=20261124T180206Z; attempt=2; max=5",
       python,
       false,
       false},
      {"javascript",
       "the SDK for JavaScript v3",
       {{"content-type", "{type}"},
        {"x-amz-target", "{target}"},
        {"content-length", "{length}"},
        {"x-amz-user-agent", "aws-sdk-js/3.1168.0"},
        {"user-agent",
         "aws-sdk-js/3.1168.0 ua/2.1 os/linux#6.12.0 lang/js md/nodejs#20.20.2 api/glue#3.1168.0 m/N,E,e"},
        {"host", "{host}"},
        {"amz-sdk-invocation-id", "{invocation}"},
        {"amz-sdk-request", "{attempt}"},
        {"x-amz-date", ""},
        {"x-amz-security-token", ""},
        {"x-amz-content-sha256", "{hash}"},
        {"authorization", ""},
        {"Connection", "keep-alive"}},
       sdk_headers,
       "attempt=1; max=3",
       "attempt=2; max=3",
       compact,
       true,
       true},
      {"cpp",
       "the SDK for C++",
       {{"Host", "{host}"},
        {"Accept", "*/*"},
        {"amz-sdk-invocation-id", "{invocation}"},
        {"amz-sdk-request", "{attempt}"},
        {"authorization", ""},
        {"content-length", "{length}"},
        {"content-type", "{type}"},
        {"user-agent",
         "aws-sdk-cpp/1.11.500 ua/2.1 api/Glue#1.11.500 os/Linux#6.12.0 md/arch#x86_64 lang/C++#201703L md/GCC#14.2.0"},
        {"x-amz-api-version", "2017-03-31"},
        {"x-amz-content-sha256", "{hash}"},
        {"x-amz-date", ""},
        {"x-amz-security-token", ""},
        {"x-amz-target", "{target}"}},
       sdk_headers,
       "attempt=1",
       "attempt=2; max=11",
       pretty,
       true,
       false},
  };
}

std::string written(const CaseBuilder& b, const JsonLayout& layout, const Members& members) {
  std::vector<std::string> parts;
  const auto add = [&](const std::string& name, const std::string& value) {
    parts.push_back(text::quote_raw(name) + layout.after_name + value);
  };
  if (members.identifier) add(b.identifier().name, *members.identifier);
  if (members.option) add(b.option().name, layout.quote(*members.option));
  if (parts.empty()) return layout.empty;
  return layout.open + fmt::format("{}", fmt::join(parts, layout.between)) + layout.close;
}

// A UUID of version 4 that the case's id determines: the same seed sends the same bytes.
std::string invocation_of(const Case& c) {
  const std::uint64_t hash = text::stable_hash(c.id);
  return fmt::format("{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}", hash >> 32U, (hash >> 16U) & 0xFFFFU, hash & 0xFFFU,
                     (hash >> 4U) & 0xFFFU, text::stable_hash(c.title) & 0xFFFFFFFFFFFFU);
}

std::string value_of(const wire::Request& request, std::string_view name) {
  const wire::Header* header = wire::find_header(request.headers, name);
  return header == nullptr ? "" : header->value;
}

void speak_dialect(Case& c, const Dialect& dialect, const char* attempt) {
  c.edit = [headers = dialect.headers, also = dialect.sign_also, invocation = invocation_of(c),
            attempt](wire::Request& request) {
    const std::vector<std::pair<std::string_view, std::string>> values{
        {"{host}", value_of(request, "Host")},
        {"{target}", value_of(request, "X-Amz-Target")},
        {"{type}", value_of(request, "Content-Type")},
        {"{length}", std::to_string(request.body.size())},
        {"{hash}", wire::payload_hash(request.body)},
        {"{invocation}", invocation},
        {"{attempt}", attempt}};
    request.headers = headers;
    request.sign_also = also;
    for (wire::Header& header : request.headers) {
      for (const auto& [place, value] : values)
        if (header.value == place) header.value = value;
    }
  };
}

Case start(const Dialect& dialect, const char* name, const std::string& what, const std::string& requirement,
           Kind kind) {
  return CaseBuilder::start(fmt::format("dialect.{}.{}", dialect.id, name),
                            fmt::format("{}, as {} writes it", what, dialect.title), requirement, kind);
}

void add_valid(const CaseBuilder& b, const Dialect& dialect, std::vector<Case>& cases) {
  struct Valid {
    const char* name;
    const char* what;
    const char* after;  // in the identifier
    bool with_option, again;
  };
  for (const Valid& v : {Valid{"valid", "a valid request", "", false, false},
                         Valid{"with_option", "a valid request with both members", "", true, false},
                         Valid{"beyond_ascii", "an Id beyond ASCII", " \u00E9\U0001F600\"\\/\t\x7f", true, false},
                         Valid{"retry", "a valid request, sent again", "", false, true}}) {
    Case c = start(dialect, v.name, v.what, "dialect.served", Kind::valid);
    c.session = c.expected_echo = b.token(c) + v.after;
    Members members{.identifier = dialect.layout.quote(c.session), .option = {}};
    if (v.with_option) members.option = CaseBuilder::plain_option;
    c.body = written(b, dialect.layout, members);
    c.any_form = true;  // whoever stands before the operation may not know the SDK
    speak_dialect(c, dialect, v.again ? dialect.second_attempt : dialect.first_attempt);
    cases.push_back(std::move(c));
  }
}

void add_malformed(const CaseBuilder& b, const Dialect& dialect, std::vector<Case>& cases) {
  const JsonLayout& layout = dialect.layout;
  const auto add = [&](const char* name, const std::string& what, const std::string& requirement, const auto& members) {
    Case c = start(dialect, name, what, requirement, Kind::malformed);
    ask_of_body(b, c, written(b, layout, members(c)), b.token(c));
    speak_dialect(c, dialect, dialect.first_attempt);
    cases.push_back(std::move(c));
  };
  const std::string& id = b.identifier().name;
  const std::string& option = b.option().name;
  add("too_long", id + " of 256 characters", "id.length.max", [&](const Case& c) {
    return Members{.identifier = layout.quote(b.padded(c, b.identifier().max_length + 1)), .option = {}};
  });
  add("forbidden", "U+0001 in " + id, "id.pattern.reject",
      [&](const Case& c) { return Members{.identifier = layout.quote(b.token(c) + "\x01"), .option = {}}; });
  add("option_forbidden", "a slash in " + option, "origin.pattern.reject",
      [&](const Case& c) { return Members{.identifier = layout.quote(b.token(c)), .option = "a/b"}; });
  if (dialect.sends_missing) {
    add("missing", "no " + id, "id.required", [](const Case&) { return Members{}; });
  }
  if (dialect.sends_wrong_type) {
    add("wrong_type", id + " is 5", "id.type", [](const Case&) { return Members{.identifier = "5", .option = {}}; });
  }
}

}  // namespace

std::vector<Case> dialects(const CaseBuilder& b) {
  std::vector<Case> cases;
  for (const Dialect& dialect : dialects()) {
    add_valid(b, dialect, cases);
    add_malformed(b, dialect, cases);
  }
  return cases;
}

}  // namespace conformance::suites
