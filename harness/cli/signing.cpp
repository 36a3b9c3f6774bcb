#include "harness/cli/signing.h"

#include <fmt/format.h>

#include <utility>

#include "harness/aws/credential_chain.h"
#include "harness/aws/service_endpoint.h"
#include "harness/aws/sts.h"
#include "harness/cli/sandbox.h"
#include "harness/spec/spec_table.h"
#include "harness/text/escape.h"

namespace conformance::cli {
namespace {

constexpr std::chrono::seconds side_call_deadline{10};

wire::ClientOptions for_side_calls(const wire::ClientOptions& client) {
  wire::ClientOptions options;
  options.connections = 1;
  options.timeout = side_call_deadline;
  options.ca_bundle = client.ca_bundle;
  options.connect_to = client.connect_to;
  return options;
}

// The same without endpoints that somebody configured: who says whose credentials these are must be AWS itself.
aws::Configuration of_aws_alone(const aws::Configuration& configuration) {
  aws::Configuration own = configuration;
  own.env = [env = configuration.env](const char* name) {
    return std::string_view(name) == "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS" ? "true" : env(name);
  };
  return own;
}

std::string find_region(const Options& options, const std::string& url, const aws::Configuration* configuration) {
  if (options.chosen.contains("--region")) return options.region;
  if (!url.empty())
    if (std::string region = wire::region_of_aws_host(wire::parse_url(url).host); !region.empty()) return region;
  if (configuration != nullptr)
    if (const auto region = aws::find_region(*configuration, "")) return region->name;
  return options.region;
}

// Who names a profile does not mean the embedded endpoint.
std::string endpoint_of_profile(const Options& options, const aws::Configuration& configuration) {
  const aws::ServiceEndpoint found = aws::endpoint_of(spec::builtin_table().service, options.region, configuration);
  if (found.is_configured && !is_real_service(found.url)) return found.url;
  throw wire::UsageError(
      "credentials of AWS are asked for, and no endpoint: give its URL by --endpoint, or --endpoint aws with "
      "--sandbox-account ID for the real service; nothing was sent");
}

template <typename Get>
auto asking_aws(const Get& get) {
  try {
    return get();
  } catch (const aws::ConfigError& error) {
    throw wire::UsageError(fmt::format("{}; nothing was sent", error.what()));
  } catch (const aws::CredentialError& error) {
    if (error.because() == aws::CredentialError::Because::source) throw Untestable(error.what());
    throw wire::UsageError(fmt::format("{}; nothing was sent", error.what()));
  } catch (const aws::StsError& error) {
    throw Untestable(error.what());
  }
}

}  // namespace

wire::Credentials test_credentials() { return {"test", "test", ""}; }

bool asks_chain(const Options& options) {
  switch (options.credentials) {
    case CredentialChoice::chain:
      return true;
    case CredentialChoice::automatic:
      return is_real_service(options.endpoint) || !options.aws_profile.empty();
    case CredentialChoice::environment:
    case CredentialChoice::test:
      return false;
  }
  return false;
}

Destination find_destination(const Options& options, const wire::Lookup& env) {
  return asking_aws([&] {
    Destination to;
    to.is_real = is_real_service(options.endpoint);
    if (asks_chain(options) || to.is_real) to.configuration = aws::load_configuration(env, options.aws_profile);
    const aws::Configuration* const configuration = to.configuration ? &*to.configuration : nullptr;
    if (options.endpoint != real_service) {
      to.url = options.endpoint.empty() && configuration != nullptr ? endpoint_of_profile(options, *configuration)
                                                                    : options.endpoint;
      to.region = find_region(options, to.url, configuration);
      return to;
    }
    to.region = find_region(options, "", configuration);
    const aws::ServiceEndpoint found =
        aws::endpoint_of(spec::builtin_table().service, to.region, of_aws_alone(*to.configuration));
    to.url = found.url;
    return to;
  });
}

std::shared_ptr<aws::CredentialSource> find_source(const Options& options, const wire::Lookup& env,
                                                   const Destination& to, const wire::ClientOptions& client,
                                                   Accept accept) {
  if (!asks_chain(options)) {
    const bool from_env = options.credentials != CredentialChoice::test;
    const auto keys = from_env ? wire::from_environment(env) : std::nullopt;
    aws::FoundCredentials found{.keys = keys.value_or(test_credentials()),
                                .source = keys ? "the environment" : "test and test"};
    accept(found);
    return std::make_shared<aws::CredentialSource>(std::move(found));
  }
  return asking_aws([&] {
    aws::ChainOptions chain{.profile = options.aws_profile, .region = to.region, .client = for_side_calls(client)};
    const auto get = [configuration = *to.configuration, chain] { return aws::find_credentials(configuration, chain); };
    std::optional<aws::FoundCredentials> first = get();
    if (!first)
      throw wire::UsageError(
          "there are no credentials of AWS here: `glue-conformance credentials` says where they were looked for; "
          "nothing was sent");
    accept(*first);
    return std::make_shared<aws::CredentialSource>(std::move(*first), get, std::chrono::system_clock::now, accept);
  });
}

std::string who_of(const std::string& arn) { return text::visible(arn.substr(arn.rfind(':') + 1)); }

Verified verify_account(const Options& options, const Destination& to, const wire::Credentials& keys,
                        const wire::ClientOptions& client) {
  return asking_aws([&] {
    const aws::ServiceEndpoint sts = aws::endpoint_of("sts", to.region, of_aws_alone(to.configuration.value()));
    aws::Identity identity = aws::caller_identity(
        keys, {.endpoint = wire::parse_url(sts.url), .region = to.region, .client = for_side_calls(client)});
    if (identity.account != options.sandbox_account)
      throw wire::UsageError(fmt::format(
          "the credentials are of account {} ({}), and --sandbox-account names {}: nothing was sent to the service",
          identity.account, who_of(identity.arn), options.sandbox_account));
    return Verified{identity.account, identity.arn, identity.clock_offset};
  });
}

}  // namespace conformance::cli
