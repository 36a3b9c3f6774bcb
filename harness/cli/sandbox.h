// What makes a run against the real service safe by construction.
//
// A host that belongs to AWS is refused unless the user names the account that may be used, and STS says that the
// credentials are those of that very account. What is not chosen otherwise is then as harmless as it can be: few
// requests a second, the smoke tier, no session created. Sessions cost money: whoever wants some says how many and for
// which role, gets the smallest that there are with the shortest lives, and is told the worst case before it starts.
//
//     Options options = …;                        // --endpoint https://glue.us-east-1.amazonaws.com
//     use_sandbox_defaults(options);
//     std::string fault = sandbox_fault(options); // "… belongs to AWS: name the account by --sandbox-account …"
#pragma once

#include <string>
#include <string_view>

#include "harness/cli/options.h"

namespace conformance::cli {

// "aws", which stands for the service in the chosen region, or a URL whose host belongs to AWS.
[[nodiscard]] bool is_real_service(const std::string& endpoint);

// Whether the requests of these options end up there: those to a proxy do, of which it is the upstream.
[[nodiscard]] bool reaches_real_service(const Options& options);

// 12 digits.
[[nodiscard]] bool is_account(std::string_view text);

// Of the options that the user did not choose; nothing unless the endpoint is the real service.
void use_sandbox_defaults(Options& options);

// Why a run with these options is refused; empty if it may begin, as any run against anything else may.
[[nodiscard]] std::string sandbox_fault(const Options& options);

// What the sessions of a run can cost at most.
struct SandboxCost {
  std::size_t sessions = 0;
  double dpus = 0;  // of each
  double minutes = 0;
  double dollars = 0;
};
// Of a run that may create sessions; --max-sessions must be bounded.
[[nodiscard]] SandboxCost worst_case(const Options& options);
// One line.
[[nodiscard]] std::string in_words(const SandboxCost& cost, const Options& options);

}  // namespace conformance::cli
