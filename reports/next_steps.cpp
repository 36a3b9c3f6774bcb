#include "reports/next_steps.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/text/escape.h"
#include "reports/curl.h"

namespace conformance::reports {
namespace {

constexpr std::size_t most_steps = 3;

std::string with_arguments(const RunInfo& info, std::string command) {
  for (const std::string& arguments : {info.endpoint_arg, info.replay_args})
    if (!arguments.empty()) command += " " + arguments;
  return command;
}

// Held to the same as the run was, or it would end otherwise.
std::string run_again(const RunInfo& info, Tier tier) {
  std::string command = with_arguments(info, info.program + " run");
  if (!info.gate_args.empty()) command += " " + info.gate_args;
  if (tier != Tier::standard) command += fmt::format(" --tier {}", name_of(tier));
  return command;
}

std::string run_again(const RunInfo& info) { return run_again(info, info.tier); }

std::string replay_of(const RunInfo& info, const std::string& id) {
  return with_arguments(info, info.program + " replay " + text::shell_quote(id));
}

bool has(const RunInfo& info, std::string_view argument) {
  return info.replay_args.find(argument) != std::string::npos;
}

// The requirement with the most failures that fail the run, or else with the most warnings.
const RequirementTally* most_failing(const std::vector<RequirementTally>& all) {
  const RequirementTally* most = nullptr;
  for (const RequirementTally& r : all) {
    if (r.failed == 0) continue;
    if (most == nullptr || (most->warning && !r.warning) || (most->warning == r.warning && r.failed > most->failed))
      most = &r;
  }
  return most;
}

// Where curl reaches the endpoint as the run does.
std::string knock(const RunInfo& info, std::string_view options) {
  if (info.serve_line.empty() && !info.curl_url.empty() && !has(info, "--connect-to") && !has(info, "--ca-bundle"))
    return fmt::format("curl -sS {} --max-time 5{} {}", options, has(info, "--insecure") ? " -k" : "",
                       text::shell_quote(info.curl_url));
  return {};
}

void add_untested(std::vector<NextStep>& steps, const RunOutcome& o) {
  if (o.end.fatal.find("credentials") != std::string::npos) {
    if (!o.info.keys_in_environment) steps.push_back({"look", o.info.program + " credentials --verify"});
    return;
  }
  if (const std::string look = knock(o.info, "-i"); !look.empty()) {
    steps.push_back({"look", look});
    steps.push_back(
        {"wait", fmt::format("until {}; do sleep 1; done; {}", knock(o.info, "-o /dev/null"), run_again(o.info))});
  }
}

// Half of what it was sent a second.
std::size_t gentle_rate(const RunEnd& end) {
  const double seconds = std::max(static_cast<double>(end.elapsed.count()) / 1e6, 0.001);
  return std::max<std::size_t>(static_cast<std::size_t>(static_cast<double>(end.requests) / seconds / 2), 1);
}

void add_unproved(std::vector<NextStep>& steps, const RunOutcome& o) {
  const auto throttled = std::find_if(o.inconclusive.begin(), o.inconclusive.end(), [](const ReasonTally& reason) {
    return reason.reason.find("throttled") != std::string::npos;
  });
  if (throttled != o.inconclusive.end())
    steps.push_back({"slower", fmt::format("{} --rate {}", run_again(o.info), gentle_rate(o.end))});
  else if (!o.inconclusive.empty())
    steps.push_back({"replay", replay_of(o.info, o.inconclusive.front().example)});
  if (!o.errors.empty()) steps.push_back({"replay", replay_of(o.info, o.errors.front().example)});
}

void add_page(std::vector<NextStep>& steps, const RunOutcome& o) {
  if (!o.html.empty() && o.end.unwritten.empty())
    steps.push_back({"open", "\"${BROWSER:-xdg-open}\" " + text::shell_quote(o.html)});
  // Of a selection it would be another run.
  else if (o.html.empty() && o.info.planned >= o.info.available)
    steps.push_back({"report", run_again(o.info) + " --report-dir report"});
}

}  // namespace

std::vector<NextStep> next_steps(const RunOutcome& o) {
  std::vector<NextStep> steps;
  if (!o.end.leftovers.empty() && !o.info.sweep_line.empty()) steps.push_back({"sweep", o.info.sweep_line});
  if (!o.end.fatal.empty()) {
    add_untested(steps, o);
  } else if (!o.end.interrupted) {
    const RequirementTally* failing = o.end.exit_status == 0 ? nullptr : most_failing(o.requirements);
    if (failing != nullptr && failing->smallest != nullptr) {
      steps.push_back({"replay", replay_line(o.info, *failing->smallest)});
      if (o.table.find_requirement(failing->id) != nullptr)
        steps.push_back({"explain", o.info.program + " explain " + text::shell_quote(failing->id)});
    }
    if (failing != nullptr) add_page(steps, o);
    add_unproved(steps, o);
    const bool is_whole = o.info.planned >= o.info.available && o.info.shards <= 1;
    if (o.end.exit_status == 0 && o.info.tier == Tier::smoke && is_whole && o.end.totals.pass > 0)
      steps.push_back({"more", run_again(o.info, Tier::standard) + " --tier standard"});
  }
  if (steps.size() > most_steps) steps.resize(most_steps);
  return steps;
}

}  // namespace conformance::reports
