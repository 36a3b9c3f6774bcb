#include "harness/aws/credential_chain.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include "harness/aws/metadata_service.h"
#include "harness/aws/service_endpoint.h"
#include "harness/aws/side_call.h"
#include "harness/aws/sts.h"
#include "harness/shell/command.h"
#include "harness/text/escape.h"
#include "harness/text/suggest.h"
#include "harness/wire/ascii.h"

namespace conformance::aws {
namespace {

using Because = CredentialError::Because;

constexpr std::size_t most_process_output = 65536;
constexpr std::size_t most_web_token_bytes = 20000;         // STS takes no longer ones
constexpr int least_duration = 900, most_duration = 43200;  // seconds, of a role's session

[[noreturn]] void fail(Because because, const std::string& why) { throw CredentialError(because, why); }

// Keys of one section of a file.
std::optional<wire::Credentials> keys_in(const Settings* settings, const std::string& where) {
  if (settings == nullptr) return std::nullopt;
  const auto value = [settings](const char* name) {
    const auto found = settings->find(name);
    return found == settings->end() ? std::string() : found->second.value;
  };
  wire::Credentials keys{value("aws_access_key_id"), value("aws_secret_access_key"), value("aws_session_token")};
  if (keys.session_token.empty()) keys.session_token = value("aws_security_token");  // its name of before
  if (keys.access_key.empty() && keys.secret_key.empty()) return std::nullopt;
  if (keys.access_key.empty())
    fail(Because::setup, where + ": there is an aws_secret_access_key and no aws_access_key_id");
  if (keys.secret_key.empty())
    fail(Because::setup, where + ": there is an aws_access_key_id and no aws_secret_access_key");
  if (const std::string fault = fault_of_keys(keys); !fault.empty()) fail(Because::setup, where + ": " + fault);
  return keys;
}

// A program that makes secrets may say one anywhere.
std::string said_on(const std::string& standard_error) {
  if (standard_error.empty()) return {};
  return fmt::format(
      ", and it said {} bytes on its standard error, which may hold a secret: run it by hand to see them",
      standard_error.size());
}

class Chain {
 public:
  Chain(const Configuration& configuration, const ChainOptions& options)
      : configuration_(configuration), options_(options) {}

  std::optional<FoundCredentials> find() {
    const std::string& profile = configuration_.profile;
    if (auto found = of_environment()) return found;
    if (auto found = of_role(profile)) return found;
    if (auto found = of_profile(profile, !configuration_.profile_by_option)) return found;
    refuse_sso_session(profile);
    const MetadataOptions metadata{options_.client, options_.now, options_.container_host};
    if (auto found = asked("the container", ask_container(configuration_, metadata))) return found;
    return asked("the EC2 instance", ask_instance(configuration_, metadata));
  }

 private:
  // Those of one profile, but for roles that are assumed.
  std::optional<FoundCredentials> of_profile(const std::string& profile, bool with_environment) {
    if (auto found = of_web_identity(profile, with_environment)) return found;
    refuse_sso(profile);
    if (auto found = of_file(profile, configuration_.files.in_credentials_file(profile),
                             configuration_.files.credentials_file()))
      return found;
    refuse_login(profile);
    if (auto found = of_process(profile)) return found;
    return of_file(profile, configuration_.files.in_config_file(profile), configuration_.files.config_file());
  }

  std::optional<FoundCredentials> of_environment() {
    const std::string source = "the environment (AWS_ACCESS_KEY_ID)";
    if (configuration_.profile_by_option) {
      if (configuration_.variable("AWS_ACCESS_KEY_ID"))
        pass_over(source, fmt::format("{} is named by an option", configuration_.profile_in_words()));
      return std::nullopt;
    }
    auto found = keys_of_environment(source);
    if (!found) pass_over(source, "AWS_ACCESS_KEY_ID is not set");
    return found;
  }

  [[nodiscard]] std::optional<FoundCredentials> keys_of_environment(const std::string& source) const {
    auto keys = wire::from_environment(configuration_.env);
    if (!keys) return std::nullopt;
    if (keys->session_token.empty())  // its name of before
      keys->session_token = configuration_.variable("AWS_SECURITY_TOKEN").value_or("");
    if (const std::string fault = fault_of_keys(*keys); !fault.empty()) fail(Because::setup, source + ": " + fault);
    FoundCredentials found{*keys, std::nullopt, source};
    const auto expiration = configuration_.variable("AWS_CREDENTIAL_EXPIRATION");
    if (!expiration) return found;
    found.expires = parse_timestamp(*expiration);
    if (!found.expires) fail(Because::setup, "AWS_CREDENTIAL_EXPIRATION is no date like 2026-11-27T18:00:00Z");
    if (*found.expires <= options_.now())
      fail(Because::setup, fmt::format("{}: these credentials ended at {}; get new ones, or unset them", source,
                                       timestamp(*found.expires)));
    return found;
  }

  // A role that the profile names, assumed with the credentials of another profile or source.
  std::optional<FoundCredentials> of_role(const std::string& profile) {
    if (is_role(profile)) return assume(profile);
    pass_over("a role to assume", fmt::format("{} has no role_arn", in_words(profile)));
    return std::nullopt;
  }

  // One with a token file is of a web identity, also as somebody's source_profile.
  [[nodiscard]] bool is_role(const std::string& profile) const {
    return value(profile, "role_arn") && !value(profile, "web_identity_token_file");
  }

  FoundCredentials assume(const std::string& profile) {
    const RoleRequest role = role_of(profile);
    const FoundCredentials source = source_of_role(profile);
    try {
      FoundCredentials found = assume_role(source.keys, role, sts_options()).found;
      found.source =
          fmt::format("the role {} of {}, assumed with {}", shown(role.role_arn), in_words(profile), source.source);
      return found;
    } catch (const StsError& error) {
      fail(Because::source, fmt::format("the role {} of {} cannot be assumed with {}: {}", shown(role.role_arn),
                                        in_words(profile), source.source, error.what()));
    }
  }

  [[nodiscard]] RoleRequest role_of(const std::string& profile) const {
    if (value(profile, "mfa_serial"))
      fail(Because::setup,
           fmt::format("{} needs a code of multi-factor authentication, which is not asked for here: run "
                       "`eval \"$(aws configure export-credentials --profile {} --format env)\"`, and name no profile",
                       in_words(profile), shown_in_command(profile)));
    RoleRequest role{value(profile, "role_arn").value_or(""),
                     value(profile, "role_session_name").value_or(session_name()),
                     value(profile, "external_id").value_or(""), std::nullopt};
    const auto duration = value(profile, "duration_seconds");
    if (!duration) return role;
    int seconds = 0;
    const auto [end, error] = std::from_chars(duration->data(), duration->data() + duration->size(), seconds);
    if (error != std::errc() || end != duration->data() + duration->size() || seconds < least_duration ||
        seconds > most_duration)
      fail(Because::setup, fmt::format("duration_seconds of {} is no whole number from {} to {}", in_words(profile),
                                       least_duration, most_duration));
    role.duration_seconds = seconds;
    return role;
  }

  FoundCredentials source_of_role(const std::string& profile) {
    const auto named = value(profile, "credential_source");
    const auto source = value(profile, "source_profile");
    if (named && source)
      fail(Because::setup,
           fmt::format("{} has both source_profile and credential_source: leave one out", in_words(profile)));
    if (!named && !source)
      fail(Because::setup, fmt::format("{} has a role_arn, but neither source_profile nor credential_source says whose "
                                       "credentials assume it",
                                       in_words(profile)));
    return named ? of_named_source(profile, *named) : of_source_profile(profile, *source);
  }

  FoundCredentials of_named_source(const std::string& profile, const std::string& name) {
    const MetadataOptions metadata{options_.client, options_.now, options_.container_host};
    MetadataAnswer answer;
    if (name == "Environment")
      answer = {keys_of_environment("the environment (AWS_ACCESS_KEY_ID)"), "AWS_ACCESS_KEY_ID is not set"};
    else if (name == "EcsContainer")
      answer = ask_container(configuration_, metadata);
    else if (name == "Ec2InstanceMetadata")
      answer = ask_instance(configuration_, metadata);
    else
      fail(Because::setup, fmt::format("credential_source of {} is none of Environment, EcsContainer and "
                                       "Ec2InstanceMetadata",
                                       in_words(profile)));
    if (answer.found) return *answer.found;
    fail(Because::source,
         fmt::format("credential_source {} of {} has no credentials: {}", name, in_words(profile), answer.why_not));
  }

  // A profile may name itself: then its own keys assume its role.
  FoundCredentials of_source_profile(const std::string& profile, const std::string& source) {
    if (!configuration_.files.has_profile(source)) {
      const std::string near = text::nearest(source, configuration_.files.profile_names());
      fail(Because::setup,
           fmt::format("source_profile '{}' of {} does not exist{}", text::visible(source), in_words(profile),
                       near.empty() ? "" : "; did you mean '" + text::visible(near) + "'?"));
    }
    visited_.push_back(profile);
    const bool has_keys = value(source, "aws_access_key_id") || value(source, "aws_secret_access_key");
    const bool is_loop = std::find(visited_.begin(), visited_.end(), source) != visited_.end();
    if (is_loop && !(source == profile && has_keys))
      fail(Because::setup, fmt::format("source_profile of {} leads back to {}, which has no keys of its own",
                                       in_words(profile), in_words(source)));
    if (!has_keys && is_role(source)) return assume(source);
    if (auto found = of_profile(source, false)) return *found;
    refuse_sso_session(source);
    fail(Because::setup,
         fmt::format("source_profile '{}' of {} has no credentials", text::visible(source), in_words(profile)));
  }

  std::optional<FoundCredentials> of_web_identity(const std::string& profile, bool with_environment) {
    const auto setting = [&](const char* variable, const char* name) {
      auto found = with_environment ? configuration_.variable(variable) : std::nullopt;
      return found ? found : value(profile, name);
    };
    const auto path = setting("AWS_WEB_IDENTITY_TOKEN_FILE", "web_identity_token_file");
    if (!path) {
      pass_over("a web identity",
                fmt::format("{}{} has no web_identity_token_file",
                            with_environment ? "AWS_WEB_IDENTITY_TOKEN_FILE is not set, and " : "", in_words(profile)));
      return std::nullopt;
    }
    const auto role_arn = setting("AWS_ROLE_ARN", "role_arn");
    const std::string source = fmt::format("the web identity of {}", text::visible(*path));
    if (!role_arn)
      fail(Because::setup,
           fmt::format("{}: neither AWS_ROLE_ARN nor role_arn of {} names its role", source, in_words(profile)));
    const RoleRequest role{*role_arn, setting("AWS_ROLE_SESSION_NAME", "role_session_name").value_or(session_name())};
    const auto text = read_small_file(*path, most_web_token_bytes);
    if (!text) fail(Because::setup, source + ": there is no such file");
    const std::string token = text->substr(0, text->find_last_not_of("\r\n \t") + 1);
    if (token.empty() || wire::has_control_character(token)) fail(Because::setup, source + ": the file holds no token");
    try {
      FoundCredentials found = assume_role_with_web_identity(token, role, sts_options()).found;
      found.source = fmt::format("the role {}, assumed with {}", shown(role.role_arn), source);
      return found;
    } catch (const StsError& error) {
      fail(Because::source,
           fmt::format("the role {} cannot be assumed with {}: {}", shown(role.role_arn), source, error.what()));
    }
  }

  // As AWS's tools have it, these two make it a profile of SSO; what refuse_sso_session() knows is used for other
  // things too.
  void refuse_sso(const std::string& profile) const {
    if (value(profile, "sso_account_id") || value(profile, "sso_role_name"))
      refuse_what_aws_exports(profile, "IAM Identity Center (SSO)", "aws sso login");
  }
  void refuse_sso_session(const std::string& profile) const {
    if (value(profile, "sso_session") || value(profile, "sso_start_url"))
      refuse_what_aws_exports(profile, "IAM Identity Center (SSO)", "aws sso login");
  }
  void refuse_login(const std::string& profile) const {
    if (value(profile, "login_session")) refuse_what_aws_exports(profile, "a login in the browser", "aws login");
  }

  [[noreturn]] void refuse_what_aws_exports(const std::string& profile, const char* what, const char* login) const {
    const std::string name = shown_in_command(profile);
    fail(Because::setup,
         fmt::format("{} is one of {}, which is not implemented here. Give {} a profile of another name, e.g. [profile "
                     "glue-conformance], with this one line, and name that one:\n"
                     "credential_process = aws configure export-credentials --profile {} --format process\n"
                     "Sign in before by `{} --profile {}`",
                     in_words(profile), what, text::visible(configuration_.files.config_file()), name, login, name));
  }

  std::optional<FoundCredentials> of_file(const std::string& profile, const Settings* settings,
                                          const std::string& file) {
    const std::string source = fmt::format("{} in {}", in_words(profile), text::visible(file));
    const auto keys = keys_in(settings, source);
    if (keys) return FoundCredentials{*keys, std::nullopt, source};
    pass_over(fmt::format("the file {}", text::visible(file)),
              settings == nullptr ? fmt::format("there is no profile '{}' in it", text::visible(profile))
                                  : fmt::format("{} has no aws_access_key_id there", in_words(profile)));
    return std::nullopt;
  }

  std::optional<FoundCredentials> of_process(const std::string& profile) {
    const auto command = value(profile, "credential_process");
    if (!command) {
      pass_over("a credential_process", fmt::format("{} has none", in_words(profile)));
      return std::nullopt;
    }
    const std::string source = fmt::format("credential_process of {}", in_words(profile));
    const shell::Ran ran =
        shell::run(*command, {.deadline = options_.process_deadline, .most_output = most_process_output});
    if (!ran.fault.empty()) fail(Because::source, fmt::format("{}: {}{}", source, ran.fault, said_on(ran.err)));
    if (ran.out.size() > most_process_output)
      fail(Because::source, fmt::format("{}: it printed more than {} bytes", source, most_process_output));
    const KeyDocument document = read_key_document(ran.out, {.needs_version = true}, options_.now());
    if (!document.fault.empty()) fail(Because::source, fmt::format("{}: what it printed {}", source, document.fault));
    FoundCredentials found = document.found;
    found.source = source;
    return found;
  }

  std::optional<FoundCredentials> asked(const std::string& source, MetadataAnswer answer) const {
    if (!answer.found) pass_over(source, answer.why_not);
    return std::move(answer.found);
  }

  void pass_over(const std::string& source, const std::string& why_not) const {
    if (options_.passed_over) options_.passed_over(source, why_not);
  }

  [[nodiscard]] StsOptions sts_options() const {
    const auto region = find_region(configuration_, options_.region);
    const std::string name = region ? region->name : "us-east-1";
    return {wire::parse_url(endpoint_of("sts", name, configuration_).url), name, options_.client, options_.now};
  }

  [[nodiscard]] std::string session_name() const {
    return fmt::format("glue-conformance-{}", std::chrono::system_clock::to_time_t(options_.now()));
  }

  [[nodiscard]] std::optional<std::string> value(const std::string& profile, const char* name) const {
    return configuration_.files.value(profile, name);
  }
  static std::string in_words(const std::string& profile) {
    return fmt::format("the profile '{}'", text::visible(profile));
  }
  static std::string shown_in_command(const std::string& profile) { return text::visible(text::shell_quote(profile)); }

  const Configuration& configuration_;
  const ChainOptions& options_;
  std::vector<std::string> visited_;  // profiles whose role is being assumed
};

}  // namespace

std::optional<FoundCredentials> find_credentials(const Configuration& configuration, const ChainOptions& options) {
  try {
    return Chain(configuration, options).find();
  } catch (const ConfigError& error) {
    throw CredentialError(Because::setup, error.what());
  } catch (const wire::UsageError& error) {
    throw CredentialError(Because::setup, error.what());
  }
}

std::optional<FoundCredentials> find_credentials(const wire::Lookup& env, const ChainOptions& options) {
  try {
    return find_credentials(load_configuration(env, options.profile), options);
  } catch (const ConfigError& error) {
    throw CredentialError(Because::setup, error.what());
  }
}

}  // namespace conformance::aws
