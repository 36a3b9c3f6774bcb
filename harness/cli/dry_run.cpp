#include "harness/cli/dry_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "harness/case/case_builder.h"
#include "harness/cli/sandbox.h"
#include "harness/run/budget.h"
#include "harness/text/escape.h"
#include "harness/text/numbers.h"

namespace conformance::cli {
namespace {

Prices prices_of(const Options& options) {
  return {.creates = options.sessions != SessionMode::none,
          .lists = true,
          .pages = 1,
          .wave = RunConfig{}.wave,
          .examples = options.limits.examples,
          .prefix = run_prefix(options.seed.value_or(0))};
}

// What is asked before the first case: whether it answers, whether it verifies signatures, and what sessions it has.
std::size_t requests_before(const std::vector<Case>& plan, const Options& options) {
  constexpr std::size_t asked_for_sessions = 6;  // a creation, a listing, two gets, a deletion, a look at it
  const auto forged = std::count_if(plan.begin(), plan.end(), [](const Case& c) { return c.forgery != nullptr; });
  return 1 + static_cast<std::size_t>(options.sign ? forged : 0) +
         (options.sessions == SessionMode::none ? 0 : asked_for_sessions) + (reaches_real_service(options) ? 1 : 0);
}

std::string duration_of(double seconds) {
  if (seconds < 120) return fmt::format("{:.0f} s", seconds);
  return fmt::format("{:.0f} minutes", seconds / 60);
}

std::string_view in_words(SessionMode mode) {
  switch (mode) {
    case SessionMode::automatic:
      return "created if the endpoint can (--sessions auto)";
    case SessionMode::create:
      return "created (--sessions create)";
    case SessionMode::none:
      return "none (--sessions none)";
    case SessionMode::provided:
      return "those that are given, which the run deletes";
  }
  return "";
}

}  // namespace

Estimate estimate(const std::vector<Case>& plan, const Options& options) {
  const Prices prices = prices_of(options);
  const std::size_t before = requests_before(plan, options);
  Cost budget{no_bound, no_bound};
  if (options.max_requests > 0) budget.requests = options.max_requests - std::min(options.max_requests, before);
  if (options.max_sessions > 0) budget.sessions = options.max_sessions - 1;
  std::vector<const Case*> cases;
  for (const Case& c : plan) cases.push_back(&c);
  const Choice choice = choose(cases, prices, budget);
  const Choice whole = choose(cases, prices, {no_bound, no_bound});
  const bool probes = prices.creates && options.sessions != SessionMode::provided;  // one session, to see how it goes
  Estimate result;
  result.cases = static_cast<std::size_t>(std::count(choice.fits.begin(), choice.fits.end(), true));
  result.requests = before + choice.cost.requests;
  result.unbounded = before + whole.cost.requests;
  result.sessions = choice.cost.sessions + (probes ? 1 : 0);
  return result;
}

void print_plan(const std::vector<Case>& plan, const Options& options, const std::string& url, std::ostream& out) {
  const Estimate e = estimate(plan, options);
  out << fmt::format("Plan for {}, tier {}, seed {}\n",
                     url.empty() ? "the embedded reference endpoint" : text::visible(url), name_of(options.tier),
                     options.seed.value_or(0));
  out << fmt::format("  cases     {} of {} fit into the bounds\n", text::with_commas(e.cases),
                     text::with_commas(plan.size()));
  out << fmt::format(
      "  requests  about {} at most{}", text::with_commas(e.requests),
      e.requests < e.unbounded ? fmt::format(" of {} without bounds", text::with_commas(e.unbounded)) : "");
  if (options.rate > 0)
    out << fmt::format("; at {:g} a second at least {}", options.rate,
                       duration_of(static_cast<double>(e.requests) / options.rate));
  out << fmt::format("\n  sessions  {}{}\n", in_words(options.sessions),
                     e.sessions > 0 ? fmt::format(", at most {}", text::with_commas(e.sessions)) : "");
  if (!options.direct.empty())
    out << "  ways      two, and a third time what differs: up to three times these requests, within the bounds\n";
  if (reaches_real_service(options)) {
    out << fmt::format("  account   {}, if STS says that the credentials are of it\n", options.sandbox_account);
    out << fmt::format("  cost      {}\n", in_words(worst_case(options), options));
  }
  out << "Nothing was sent. (exit status 0)\n";
}

}  // namespace conformance::cli
