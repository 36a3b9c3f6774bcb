#include "harness/aws/metadata_service.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "harness/aws/side_call.h"
#include "harness/text/escape.h"
#include "harness/wire/ascii.h"
#include "harness/wire/credentials.h"
#include "harness/wire/url.h"

namespace conformance::aws {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds container_deadline{2};
constexpr int container_tries = 3;
constexpr milliseconds container_pause{100};
constexpr std::size_t most_metadata_token_bytes = 16384, most_role_bytes = 64;
constexpr std::string_view token_path = "/latest/api/token", role_path = "/latest/meta-data/iam/security-credentials/";

using Because = CredentialError::Because;

[[noreturn]] void fail(Because because, const std::string& source, const std::string& why) {
  throw CredentialError(because, fmt::format("{}: {}", source, why));
}

// Where it is to be asked, taken apart: an endpoint has no query, this may have one.
struct Place {
  wire::Url server;
  std::string target;
};

Place place_of(const std::string& url) {
  const std::size_t query = std::min(url.find('?'), url.size());
  Place place{wire::parse_url(std::string_view(url).substr(0, query)), ""};
  const std::string rest = url.substr(query);
  if (!std::all_of(rest.begin(), rest.end(), [](char c) { return c > ' ' && c <= '~' && c != '#'; }))
    throw wire::UsageError("bad URL: its query has a character that cannot stand there");
  place.target = place.server.path + rest;
  return place;
}

// On this machine, or one of the addresses that AWS gives to such services.
bool is_near(const wire::Url& url) {
  if (url.host == "localhost") return true;
  if (!url.is_ip_literal) return false;
  if (in_addr four{}; ::inet_pton(AF_INET, url.host.c_str(), &four) == 1) {
    const std::uint32_t address = ntohl(four.s_addr);
    constexpr std::uint32_t ecs = 0xA9FEAA02, eks = 0xA9FEAA17;  // 169.254.170.2, 169.254.170.23
    return address >> 24 == 127 || address == ecs || address == eks;
  }
  in6_addr six{};
  if (::inet_pton(AF_INET6, url.host.c_str(), &six) != 1) return false;
  const auto is = [&six](const char* text) {
    in6_addr other{};
    return ::inet_pton(AF_INET6, text, &other) == 1 && std::equal(six.s6_addr, six.s6_addr + 16, other.s6_addr);
  };
  return is("::1") || is("fd00:ec2::23");
}

// What goes into the Authorization header; empty if nothing.
std::string container_authorization(const Configuration& configuration, const std::string& source) {
  std::string token = configuration.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN").value_or("");
  std::string name = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
  if (const auto path = configuration.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")) {
    name = fmt::format("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE ({})", text::visible(*path));
    const auto text = read_small_file(*path, most_metadata_token_bytes);
    if (!text) fail(Because::setup, source, name + ": there is no such file");
    token = text->substr(0, text->find_last_not_of("\r\n") + 1);
    if (token.empty()) fail(Because::setup, source, name + ": it is empty");
  }
  if (wire::has_control_character(token))
    fail(Because::setup, source, fmt::format("there is a control character in {}", name));
  return token;
}

wire::Request get(std::string target, std::vector<wire::Header> headers) {
  return {.method = "GET", .target = std::move(target), .headers = std::move(headers), .body = ""};
}

// The whole number in seconds or of tries that a variable or a setting gives.
int whole_number(const Configuration& configuration, const char* variable, const char* setting, int usual, int most) {
  const auto text = configuration.value(variable, setting);
  if (!text) return usual;
  int number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc() || end != text->data() + text->size() || number < 1 || number > most)
    throw ConfigError(fmt::format("{} ({}) is no whole number from 1 to {}", variable, setting, most));
  return number;
}

// What a server says of its error, by the names that these services give it; nothing else is quoted, as the rest may
// be credentials.
std::string error_in(const std::string& body, const std::vector<std::string>& secrets) {
  const nlohmann::json object = nlohmann::json::parse(body, nullptr, false);
  if (!object.is_object()) return {};
  std::string all;
  for (const char* name : {"Code", "code", "Message", "message"}) {
    const auto found = object.find(name);
    if (found != object.end() && found->is_string()) all += ": " + quote(found->get<std::string>(), secrets);
  }
  return all;
}

class Instance {
 public:
  Instance(const Configuration& configuration, const MetadataOptions& options)
      : options_(options), client_(options.client) {
    const auto given = configuration.value("AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint");
    const std::string mode = wire::ascii::lower(
        configuration.value("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ec2_metadata_service_endpoint_mode")
            .value_or("ipv4"));
    if (mode != "ipv4" && mode != "ipv6")
      throw ConfigError(
          "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE (ec2_metadata_service_endpoint_mode) is neither IPv4 nor IPv6");
    const std::string usual = mode == "ipv6" ? "http://[fd00:ec2::254]" : "http://169.254.169.254";
    try {
      server_ = wire::parse_url(given.value_or(usual));
    } catch (const wire::UsageError& error) {
      throw ConfigError(fmt::format("AWS_EC2_METADATA_SERVICE_ENDPOINT: {}", error.what()));
    }
    prefix_ = server_.path.ends_with('/') ? server_.path.substr(0, server_.path.size() - 1) : server_.path;
    constexpr int most_seconds = 60, most_tries = 10;
    client_.timeout = seconds(
        whole_number(configuration, "AWS_METADATA_SERVICE_TIMEOUT", "metadata_service_timeout", 1, most_seconds));
    tries_ = whole_number(configuration, "AWS_METADATA_SERVICE_NUM_ATTEMPTS", "metadata_service_num_attempts", 1,
                          most_tries);
  }

  MetadataAnswer ask() {
    if (const std::string why_not = take_token(); !why_not.empty()) return {std::nullopt, why_not};
    const wire::Response role = answer_to(role_path);
    if (role.status == 404) return {std::nullopt, "the instance has no role"};
    if (role.status != 200) refuse_status(role);
    const std::string name(wire::ascii::trim(std::string_view(role.body).substr(0, role.body.find_first_of("\r\n"))));
    if (name.empty()) return {std::nullopt, "the instance has no role"};
    if (!is_role(name)) refuse("what it names as the instance's role is none");
    const wire::Response keys = answer_to(std::string(role_path) + name);
    if (keys.status != 200) refuse_status(keys);
    refuse_fault_of(keys.body);
    const KeyDocument document =
        read_key_document(keys.body, {.token_name = "Token", .is_temporary = true}, options_.now());
    if (!document.fault.empty()) refuse("its answer " + document.fault);
    MetadataAnswer answer{document.found};
    answer.found->source = fmt::format("the EC2 instance's role '{}' ({})", name, server_.host_and_port());
    return answer;
  }

 private:
  [[nodiscard]] std::string in_words() const {
    return fmt::format("the instance metadata service at {}", server_.host_and_port());
  }
  [[noreturn]] void refuse(const std::string& why) const { fail(Because::source, in_words(), why); }
  [[noreturn]] void refuse_status(const wire::Response& response) const {
    refuse(fmt::format("it answered with status {}", response.status));
  }

  // A document may be an error of its own: {"Code": "AssumeRoleUnauthorizedAccess", "Message": …}.
  void refuse_fault_of(const std::string& body) const {
    const nlohmann::json object = nlohmann::json::parse(body, nullptr, false);
    const auto code = object.is_object() ? object.find("Code") : object.end();
    if (code == object.end() || *code == "Success") return;
    refuse("it answered with an error" + error_in(body, {token_}));
  }

  // Why there is none; empty if there is one.
  std::string take_token() {
    const wire::Request request{.method = "PUT",
                                .target = prefix_ + std::string(token_path),
                                .headers = {{"X-aws-ec2-metadata-token-ttl-seconds", "21600"}},
                                .body = ""};
    SideAnswer answer;
    for (int i = 0; i < tries_ && !answer.response; ++i) answer = aws::ask(server_, request, client_);
    if (!answer.response && !answer.is_there)
      return fmt::format("nobody answers at {} ({})", server_.host_and_port(), answer.why_not);
    if (!answer.response) refuse(fmt::format("its answer cannot be read ({})", answer.why_not));
    const int status = answer.response->status;
    // Of another cloud's service, of one of the first version only, or switched off.
    if (status >= 400 && status < 500)
      return fmt::format("what answers at {} gives no token (status {})", server_.host_and_port(), status);
    if (status != 200) refuse_status(*answer.response);
    token_ = answer.response->body;
    if (token_.empty() || token_.size() > most_metadata_token_bytes || wire::has_control_character(token_))
      refuse("the token that it gave is none");
    return {};
  }

  wire::Response answer_to(std::string_view path) {
    SideAnswer answer;
    for (int i = 0; i < tries_ && !answer.response; ++i)
      answer = aws::ask(server_, get(prefix_ + std::string(path), {{"X-aws-ec2-metadata-token", token_}}), client_);
    if (!answer.response) refuse(fmt::format("no answer ({})", answer.why_not));
    return *answer.response;
  }

  // IAM's alphabet: nothing that would be another path.
  static bool is_role(std::string_view name) {
    return name.size() <= most_role_bytes && name != "." && name != ".." &&
           std::all_of(name.begin(), name.end(), [](char c) {
             return wire::ascii::is_alnum(c) || std::string_view("+=,.@_-").find(c) != std::string_view::npos;
           });
  }

  const MetadataOptions& options_;
  wire::ClientOptions client_;
  wire::Url server_;
  std::string prefix_, token_;
  int tries_ = 1;
};

}  // namespace

MetadataAnswer ask_container(const Configuration& configuration, const MetadataOptions& options) {
  const auto relative = configuration.variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  const auto full = configuration.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI");
  if (!relative && !full)
    return {std::nullopt,
            "neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor AWS_CONTAINER_CREDENTIALS_FULL_URI is set"};
  const std::string variable =
      relative ? "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI" : "AWS_CONTAINER_CREDENTIALS_FULL_URI";
  const std::string source = fmt::format("the container's credentials ({})", variable);
  if (relative && !relative->starts_with('/')) fail(Because::setup, source, "it does not begin with '/'");
  Place place;
  try {
    place = place_of(relative ? options.container_host + *relative : *full);
  } catch (const wire::UsageError& error) {
    fail(Because::setup, source, error.what());
  }
  if (!relative && place.server.scheme != "https" && !is_near(place.server))
    fail(Because::setup, source,
         "without https its host must be a loopback address, localhost, 169.254.170.2, 169.254.170.23 or fd00:ec2::23");
  std::vector<wire::Header> headers{{"Accept", "application/json"}};
  const std::string authorization = container_authorization(configuration, source);
  if (!authorization.empty()) headers.push_back({"Authorization", authorization});
  wire::ClientOptions client = options.client;
  client.timeout = container_deadline;
  SideAnswer answer;
  for (int i = 0; i < container_tries; ++i) {
    if (i > 0) std::this_thread::sleep_for(container_pause);
    answer = ask(place.server, get(place.target, headers), client);
    if (answer.response && answer.response->status < 500) break;
  }
  const std::string where = place.server.host_and_port();
  if (!answer.response) fail(Because::source, source, fmt::format("no answer from {} ({})", where, answer.why_not));
  if (answer.response->status != 200)
    fail(Because::source, source,
         fmt::format("{} answered with status {}{}", where, answer.response->status,
                     error_in(answer.response->body, {authorization})));
  const KeyDocument document =
      read_key_document(answer.response->body, {.token_name = "Token", .is_temporary = true}, options.now());
  if (!document.fault.empty()) fail(Because::source, source, fmt::format("the answer of {} {}", where, document.fault));
  MetadataAnswer all{document.found};
  all.found->source = fmt::format("{} at {}", source, where);
  return all;
}

MetadataAnswer ask_instance(const Configuration& configuration, const MetadataOptions& options) {
  if (wire::ascii::lower(configuration.variable("AWS_EC2_METADATA_DISABLED").value_or("")) == "true")
    return {std::nullopt, "AWS_EC2_METADATA_DISABLED is true"};
  return Instance(configuration, options).ask();
}

}  // namespace conformance::aws
