// credentials: which credentials, region and endpoint of AWS would be used here, and where each is from.
#include <fmt/format.h>

#include <chrono>
#include <ostream>
#include <utility>
#include <vector>

#include "harness/aws/credential_chain.h"
#include "harness/aws/service_endpoint.h"
#include "harness/aws/shared_config.h"
#include "harness/aws/side_call.h"
#include "harness/aws/sts.h"
#include "harness/cli/commands.h"
#include "harness/cli/options.h"
#include "harness/text/escape.h"

namespace conformance::cli {
namespace {

constexpr int found = 0, not_set_up = 2, not_asked = 3;
constexpr std::chrono::milliseconds deadline{10000};
constexpr const char* usual_region = "us-east-1";  // of STS, whose answer is the same everywhere

using aws::CredentialError;

void print(std::ostream& out, std::string_view name, std::string_view value) {
  out << fmt::format("{:<15}{}\n", name, value);
}

std::string end_in_words(const std::optional<aws::TimePoint>& expires) {
  if (!expires) return "not known to end";
  const auto left = std::chrono::duration_cast<std::chrono::minutes>(*expires - std::chrono::system_clock::now());
  return fmt::format("{}, in {} minutes", aws::timestamp(*expires), left.count());
}

void print_place(std::ostream& out, const aws::Configuration& configuration, const std::optional<aws::Region>& region) {
  print(out, "region",
        region ? fmt::format("{} ({})", region->name, region->from) : "none: set AWS_REGION, or give --region");
  const aws::ServiceEndpoint endpoint = aws::endpoint_of("glue", region ? region->name : usual_region, configuration);
  // AWS's own is that of a region.
  print(out, "Glue",
        region || endpoint.is_configured ? fmt::format("{} ({})", text::visible(endpoint.url), endpoint.from)
                                         : "no endpoint without a region");
}

void print_identity(std::ostream& out, const aws::Identity& identity) {
  print(out, "account", identity.account);
  print(out, "arn", aws::shown(identity.arn));
  if (identity.clock_offset != std::chrono::seconds(0))
    print(out, "clock",
          fmt::format("this machine's is {} s {} that of AWS: set it", std::abs(identity.clock_offset.count()),
                      identity.clock_offset.count() > 0 ? "behind" : "ahead of"));
}

int complain(std::ostream& err, int status, std::string_view what) {
  err << "glue-conformance: " << what << "\n";
  return status;
}

using PassedOver = std::vector<std::pair<std::string, std::string>>;

int complain_of_none(std::ostream& err, const PassedOver& passed_over) {
  std::string all = "there are no credentials of AWS. These sources were looked at:\n";
  for (const auto& [source, why_not] : passed_over) all += fmt::format("  {}: {}\n", source, why_not);
  return complain(err, not_set_up,
                  all +
                      "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN for temporary ones), or "
                      "name a profile by AWS_PROFILE or --aws-profile; `aws configure` writes one.");
}

int show(const Options& options, const aws::Configuration& configuration, std::ostream& out, std::ostream& err) {
  const auto region = aws::find_region(configuration, options.region);
  PassedOver passed_over;
  aws::ChainOptions chain{.profile = options.aws_profile, .region = options.region, .client = {}};
  chain.client.timeout = deadline;
  chain.client.ca_bundle =
      options.ca_bundle.empty() ? configuration.profile_value("ca_bundle").value_or("") : options.ca_bundle;
  chain.passed_over = [&passed_over](const std::string& source, const std::string& why_not) {
    passed_over.emplace_back(source, why_not);
  };
  const auto credentials = aws::find_credentials(configuration, chain);
  if (!credentials) return complain_of_none(err, passed_over);
  print(out, "source", credentials->source);
  print(out, "access key", text::visible(credentials->keys.access_key));
  print(out, "session token", credentials->keys.session_token.empty() ? "none" : "there is one");
  print(out, "end", end_in_words(credentials->expires));
  print_place(out, configuration, region);
  if (!options.verify) return found;
  const std::string where = region ? region->name : usual_region;
  print_identity(out,
                 aws::caller_identity(credentials->keys,
                                      {.endpoint = wire::parse_url(aws::endpoint_of("sts", where, configuration).url),
                                       .region = where,
                                       .client = chain.client}));
  return found;
}

}  // namespace

int credentials_command(const Options& options, const std::function<const char*(const char*)>& env, std::ostream& out,
                        std::ostream& err) {
  try {
    return show(options, aws::load_configuration(env, options.aws_profile), out, err);
  } catch (const CredentialError& error) {
    return complain(err, error.because() == CredentialError::Because::source ? not_asked : not_set_up, error.what());
  } catch (const aws::StsError& error) {
    return complain(err, not_asked, error.what());
  }
}

}  // namespace conformance::cli
