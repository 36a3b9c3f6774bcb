#include "harness/judge/sdk_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "harness/text/utf8.h"

namespace conformance {
namespace {

using Kind = SdkView::Kind;
using nlohmann::json;

// Of an answer, as all SDKs begin: discarded if the body is no JSON.
struct Read {
  const wire::Response& response;
  const spec::SpecTable& table;
  bool empty = true, is_utf8 = true;
  json body;

  Read(const wire::Response& answer, const spec::SpecTable& spec_table)
      : response(answer),
        table(spec_table),
        empty(answer.body.empty()),
        is_utf8(text::is_valid(answer.body)),
        body(json::parse(answer.body, nullptr, /*allow_exceptions=*/false)) {}

  [[nodiscard]] bool is_json() const { return !body.is_discarded(); }
  [[nodiscard]] std::string header(std::string_view name) const {
    const wire::Header* const found = wire::find_header(response.headers, name);
    return found == nullptr ? std::string() : found->value;
  }
  // A string member of an object; empty if there is none.
  [[nodiscard]] std::string member(const char* name) const {
    if (!body.is_object()) return {};
    const auto found = body.find(name);
    return found != body.end() && found->is_string() ? found->get<std::string>() : std::string();
  }
};

// "ns#Name:uri" as its bare name (Smithy, awsJson1.1, "operation error serialization").
std::string bare(std::string code) {
  code = code.substr(0, code.find(':'));
  const std::size_t hash = code.rfind('#');
  return hash == std::string::npos ? code : code.substr(hash + 1);
}

// The service's model knows it, so that the SDK has a class for it.
bool is_modelled(const spec::SpecTable& table, std::string_view code) {
  const spec::Error* const error = table.find_error(code);
  return error != nullptr && (error->origin == "operation" || error->origin == "service");
}

SdkView error_named(std::string_view sdk, const Read& read, const std::string& code, std::string generic) {
  if (is_modelled(read.table, code)) return {sdk, Kind::typed, code};
  return {sdk, Kind::generic, std::move(generic)};
}

SdkView success(std::string_view sdk, const Read& read) {
  const bool has_echo = read.body.is_object() && read.body.contains(read.table.echo);
  return {sdk, Kind::success, has_echo ? "a success" : "a success without " + read.table.echo};
}

bool begins_like_html(std::string body) {
  const std::size_t begin = body.find_first_not_of(" \t\r\n\v\f");
  body = begin == std::string::npos ? "" : body.substr(begin, 6);
  std::transform(body.begin(), body.end(), body.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return body.empty() || body == "<html>";
}

// What its parser does with a value that is no object.
std::string python_error(const Read& read) {
  return read.is_utf8 ? "AttributeError: the body is JSON and no object" : "UnicodeDecodeError: the body is no UTF-8";
}

SdkView botocore(const Read& read) {
  constexpr std::string_view sdk = "botocore";
  const bool unreadable = !read.empty && (!read.is_utf8 || (read.is_json() && !read.body.is_object()));
  const int status = read.response.status;
  if (status <= 300) {
    if (read.is_json() && read.body.is_null()) return {sdk, Kind::broken, "None in place of an answer"};
    return unreadable ? SdkView{sdk, Kind::broken, python_error(read)} : success(sdk, read);
  }
  const auto by_status = [&] { return SdkView{sdk, Kind::generic, fmt::format("ClientError '{}'", status)}; };
  if (status >= 500 && begins_like_html(read.response.body)) return by_status();
  if (unreadable) return {sdk, Kind::broken, python_error(read)};
  if (!read.is_json() || !read.body.contains("__type")) return by_status();
  const json& type = read.body.at("__type");
  if (type.is_number() || type.is_boolean()) return {sdk, Kind::broken, "TypeError: __type is no string"};
  const std::string code = bare(read.member("__type"));
  return error_named(sdk, read, code, fmt::format("ClientError '{}'", code));
}

SdkView javascript(const Read& read) {
  constexpr std::string_view sdk = "JavaScript";
  if (!read.empty && !read.is_json()) return {sdk, Kind::broken, "SyntaxError: the body is no JSON"};
  if (read.response.status < 300) return success(sdk, read);
  for (const std::string& code : {read.member("__type"), read.member("code"), read.header("x-amzn-errortype")})
    if (!code.empty()) return error_named(sdk, read, bare(code), fmt::format("GlueServiceException '{}'", bare(code)));
  return {sdk, Kind::generic, "GlueServiceException 'UnknownError'"};
}

SdkView java(const Read& read) {
  constexpr std::string_view sdk = "Java";
  const int status = read.response.status;
  if (status < 300) {
    if (!read.empty && !read.is_json()) return {sdk, Kind::broken, "SdkClientException: the body is no JSON"};
    return success(sdk, read);
  }
  for (const std::string& code : {read.header("x-amzn-errortype"), read.member("__type"), read.member("code")})
    if (!code.empty()) return error_named(sdk, read, bare(code), fmt::format("GlueException '{}'", bare(code)));
  return {sdk, Kind::generic, fmt::format("GlueException with status {}", status)};
}

SdkView cpp(const Read& read) {
  constexpr std::string_view sdk = "C++";
  const int status = read.response.status;
  if (status < 300) {
    if (!read.empty && !read.is_json()) return {sdk, Kind::generic, "UNKNOWN: the body is no JSON"};
    return success(sdk, read);
  }
  if (read.empty && read.header("x-amzn-errortype").empty())
    return {sdk, Kind::generic, status == 403 ? "ACCESS_DENIED" : status == 404 ? "RESOURCE_NOT_FOUND" : "UNKNOWN"};
  const std::string header = read.header("x-amzn-errortype");
  std::string code = header.empty() ? read.member("__type") : bare(header);
  // It keeps what stands behind a colon in a body.
  if (const std::size_t hash = code.rfind('#'); hash != std::string::npos) code = code.substr(hash + 1);
  if (code.empty()) return {sdk, Kind::generic, "UNKNOWN"};
  return error_named(sdk, read, code, fmt::format("UNKNOWN '{}'", code));
}

}  // namespace

std::vector<SdkView> sdk_views(const wire::Response& response, const spec::SpecTable& table) {
  const Read read(response, table);
  return {botocore(read), javascript(read), java(read), cpp(read)};
}

std::string in_one_line(const std::vector<SdkView>& views) {
  std::vector<std::pair<std::string, std::string>> groups;  // what is seen, by whom
  for (const SdkView& view : views) {
    const auto found =
        std::find_if(groups.begin(), groups.end(), [&view](const auto& group) { return group.first == view.sees; });
    if (found == groups.end())
      groups.emplace_back(view.sees, view.sdk);
    else
      found->second.append(", ").append(view.sdk);
  }
  std::string line;
  for (const auto& [sees, who] : groups) line += fmt::format("{}{}: {}", line.empty() ? "" : "; ", who, sees);
  return line;
}

}  // namespace conformance
