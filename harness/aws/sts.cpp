#include "harness/aws/sts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <pugixml.hpp>
#include <thread>
#include <utility>
#include <vector>

#include "harness/aws/side_call.h"
#include "harness/text/escape.h"
#include "harness/text/utf8.h"
#include "harness/wire/ascii.h"
#include "harness/wire/credentials.h"

namespace conformance::aws {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int most_tries = 3;
constexpr milliseconds first_pause{100};
constexpr std::size_t most_name_bytes = 2048;  // of an ARN, the longest of the names
constexpr seconds least_offset{60};            // less is not what the service refuses

using Form = std::vector<std::pair<std::string_view, std::string>>;

std::string body_of(const Form& form) {
  std::string body = "Version=2011-06-15";
  for (const auto& [name, value] : form) body += fmt::format("&{}={}", name, text::percent_encoded(value));
  return body;
}

// What was sent: how it is signed, and what of it no message may repeat.
struct Call {
  std::string action;
  Form form;
  const wire::Credentials* keys = nullptr;  // none: not signed
  std::vector<std::string> secrets;
};

wire::Request request_of(const Call& call, const StsOptions& options, seconds clock_offset) {
  Form form{{"Action", call.action}};
  form.insert(form.end(), call.form.begin(), call.form.end());
  wire::Request request{.method = "POST",
                        .target = options.endpoint.path,
                        .headers = {{"Host", options.endpoint.authority()},
                                    {"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"},
                                    {"Accept", "text/xml"}},
                        .body = body_of(form)};
  if (call.keys != nullptr) wire::Signer(*call.keys, options.region, "sts").sign(request, options.now() + clock_offset);
  return request;
}

struct Fault {
  std::string code, message;
};

// Of an answer that is no success.
Fault fault_of(const wire::Response& response, const std::vector<std::string>& secrets) {
  pugi::xml_document document;
  if (text::is_valid(response.body) &&
      document.load_buffer(response.body.data(), response.body.size(), pugi::parse_default, pugi::encoding_utf8)) {
    pugi::xml_node error = document.first_child().child("Error");
    if (!error) error = document.first_child().child("Errors").child("Error");
    const std::string code = error.child_value("Code");
    if (!code.empty()) return {quote(code, secrets), quote(error.child_value("Message"), secrets)};
  }
  return {"", fmt::format("status {}, and no error that could be read", response.status)};
}

bool is_transient(const wire::Response& response, const Fault& fault) {
  static constexpr std::array<std::string_view, 5> codes{"Throttling", "ThrottlingException", "RequestLimitExceeded",
                                                         "IDPCommunicationError", "ServiceUnavailable"};
  return response.status >= 500 || response.status == 429 ||
         std::find(codes.begin(), codes.end(), fault.code) != codes.end();
}

bool is_about_time(const Fault& fault) {
  if (fault.code == "RequestExpired" || fault.code == "RequestTimeTooSkewed" || fault.code == "RequestInTheFuture")
    return true;
  const bool about_signature = fault.code == "SignatureDoesNotMatch" || fault.code == "InvalidSignatureException";
  return about_signature && (fault.message.find("expired") != std::string::npos ||
                             fault.message.find("not yet current") != std::string::npos);
}

struct Answered {
  std::string body;
  seconds clock_offset{0};
};

[[noreturn]] void refuse(const Call& call, const StsOptions& options, const Fault& fault) {
  throw StsError(fmt::format("{} at {}: {}{}{}", call.action, text::visible(options.endpoint.host_and_port()),
                             fault.code, fault.code.empty() || fault.message.empty() ? "" : ": ", fault.message),
                 fault.code);
}

Answered answer_to(const Call& call, const StsOptions& options) {
  seconds clock_offset{0};
  for (int tries = 1;;) {
    const SideAnswer answer = ask(options.endpoint, request_of(call, options, clock_offset), options.client);
    Fault fault{"", fmt::format("no answer ({})", answer.why_not)};
    if (answer.response) {
      if (answer.response->status == 200) return {answer.response->body, clock_offset};
      fault = fault_of(*answer.response, call.secrets);
      const auto offset =
          is_about_time(fault) ? wire::clock_skew(*answer.response, options.now(), least_offset) : std::nullopt;
      if (offset && clock_offset == seconds(0) && call.keys != nullptr) {
        clock_offset = *offset;
        continue;
      }
      if (is_about_time(fault)) fault.message += "; set this machine's clock";
    }
    const bool again = answer.response && is_transient(*answer.response, fault);
    if (!again || tries == most_tries) refuse(call, options, fault);
    std::this_thread::sleep_for(first_pause * tries);
    ++tries;
  }
}

// The result of an action, inside its response; throws if it is not there.
class Result {
 public:
  Result(const Call& call, const StsOptions& options, const std::string& body) : call_(call), options_(options) {
    if (!text::is_valid(body) ||
        !document_.load_buffer(body.data(), body.size(), pugi::parse_default, pugi::encoding_utf8))
      unreadable("its answer is no XML");
    node_ = document_.child((call.action + "Response").c_str()).child((call.action + "Result").c_str());
    if (!node_) unreadable(fmt::format("its answer has no {}Result", call.action));
  }

  [[nodiscard]] pugi::xml_node node() const { return node_; }
  [[noreturn]] void unreadable(const std::string& why) const { refuse(call_, options_, {"", why}); }

  // What can be printed and is not too long.
  [[nodiscard]] std::string name(const char* element) const {
    std::string value = node_.child_value(element);
    if (value.size() > most_name_bytes || wire::has_control_character(value))
      unreadable(fmt::format("its {} is none", element));
    return value;
  }

 private:
  const Call& call_;
  const StsOptions& options_;
  pugi::xml_document document_;
  pugi::xml_node node_;
};

Assumed assumed(const Call& call, const StsOptions& options) {
  const Answered answer = answer_to(call, options);
  const Result result(call, options, answer.body);
  const pugi::xml_node given = result.node().child("Credentials");
  Assumed all;
  all.clock_offset = answer.clock_offset;
  all.found.keys = {given.child_value("AccessKeyId"), given.child_value("SecretAccessKey"),
                    given.child_value("SessionToken")};
  if (const std::string fault = fault_of_keys(all.found.keys); !fault.empty())
    result.unreadable("its credentials cannot be used: " + fault);
  if (all.found.keys.session_token.empty()) result.unreadable("its credentials have no session token");
  all.found.expires = parse_timestamp(given.child_value("Expiration"));
  if (!all.found.expires) result.unreadable("its credentials have an Expiration that is no date");
  if (*all.found.expires <= options.now() + answer.clock_offset)
    result.unreadable(fmt::format("its credentials ended at {}", timestamp(*all.found.expires)));
  // By this machine's clock, which is what will be asked.
  *all.found.expires -= answer.clock_offset;
  return all;
}

Form form_of(const RoleRequest& role) {
  Form form{{"RoleArn", role.role_arn}, {"RoleSessionName", role.session_name}};
  if (!role.external_id.empty()) form.emplace_back("ExternalId", role.external_id);
  if (role.duration_seconds) form.emplace_back("DurationSeconds", std::to_string(*role.duration_seconds));
  return form;
}

}  // namespace

Identity caller_identity(const wire::Credentials& keys, const StsOptions& options) {
  const Call call{"GetCallerIdentity", {}, &keys, {keys.secret_key, keys.session_token}};
  const Answered answer = answer_to(call, options);
  const Result result(call, options, answer.body);
  Identity identity{result.name("Account"), result.name("Arn"), result.name("UserId"), answer.clock_offset};
  const bool is_account = identity.account.size() == 12 &&
                          std::all_of(identity.account.begin(), identity.account.end(), wire::ascii::is_digit);
  if (!is_account) result.unreadable("its Account is no 12 digits");
  if (!identity.arn.starts_with("arn:")) result.unreadable("its Arn is none");
  return identity;
}

Assumed assume_role(const wire::Credentials& keys, const RoleRequest& role, const StsOptions& options) {
  return assumed({"AssumeRole", form_of(role), &keys, {keys.secret_key, keys.session_token, role.external_id}},
                 options);
}

Assumed assume_role_with_web_identity(const std::string& token, const RoleRequest& role, const StsOptions& options) {
  Form form = form_of(role);
  form.emplace_back("WebIdentityToken", token);
  return assumed({"AssumeRoleWithWebIdentity", form, nullptr, {token}}, options);
}

}  // namespace conformance::aws
