// run and replay: the endpoint, the executor and the reports put together.
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <ostream>
#include <random>
#include <sstream>

#include "fixtures/reference/reference_endpoint.h"
#include "harness/cli/commands.h"
#include "harness/cli/interrupt.h"
#include "harness/run/gtest_runner.h"
#include "harness/run/plan.h"
#include "harness/text/escape.h"
#include "harness/text/suggest.h"
#include "harness/wire/credentials.h"
#include "reports/console.h"
#include "reports/junit.h"
#include "suites/suites.h"

namespace conformance::cli {
namespace {

using Environment = std::function<const char*(const char*)>;

// What most emulators expect: they verify nothing, and route by the scope.
const wire::Credentials dummy_credentials{"test", "test", ""};

std::uint64_t random_seed() {
  std::random_device device;
  return device();  // 32 bits: short enough to type
}

std::unique_ptr<reference::ReferenceEndpoint> embedded_reference(const Options& options) {
  reference::Options reference;
  reference.deviations = options.deviations;
  reference.missing = options.missing == "not-found"       ? reference::MissingSession::not_found
                      : options.missing == "invalid-input" ? reference::MissingSession::invalid_input
                                                           : reference::MissingSession::ok;
  reference.provisioning_delay = std::chrono::milliseconds(options.provisioning_ms);
  return std::make_unique<reference::ReferenceEndpoint>(std::move(reference));
}

// An endpoint that is ready to be run against: where it is, how to sign, and what to print of it.
struct Setup {
  std::unique_ptr<reference::ReferenceEndpoint> embedded;
  RunConfig config;
  RunInfo info;
};

Setup set_up(const Options& options, const Environment& env) {
  Setup setup;
  const std::uint64_t seed = options.seed.value_or(random_seed());
  std::string url = options.endpoint;
  if (!url.empty() && wire::is_aws_host(wire::parse_url(url).host))
    throw wire::UsageError("'" + wire::parse_url(url).host +
                           "' belongs to AWS: this version does not run against the real service; nothing was sent");
  if (url.empty()) {
    setup.embedded = embedded_reference(options);
    url = setup.embedded->url();
  }
  RunConfig& config = setup.config;
  config.endpoint = wire::parse_url(url);
  config.client.connections = options.jobs;
  config.client.timeout = std::chrono::milliseconds(static_cast<std::int64_t>(options.timeout_seconds * 1000));
  config.client.rate = options.rate;
  config.client.give_up_after = 3 * options.jobs;
  config.client.ca_bundle = options.ca_bundle;
  config.sessions = options.sessions;
  config.prefix = run_prefix(seed);
  config.fail_level = options.fail_level;
  if (options.sign) {
    const wire::Credentials credentials = wire::from_environment(env).value_or(dummy_credentials);
    config.signer.emplace(credentials, options.region, spec::builtin_table().service);
  }

  RunInfo& info = setup.info;
  info.tool_version = GLUE_CONFORMANCE_VERSION;
  info.endpoint = setup.embedded ? "the embedded reference endpoint" : url;
  for (const std::string& name : options.deviations) info.endpoint += ", deviation " + name;
  info.endpoint_arg = setup.embedded ? "" : "--endpoint " + text::shell_quote(url);
  info.replay_args = fmt::format("--seed {}", seed);
  for (const std::string& name : options.deviations) info.replay_args += " --deviation " + text::shell_quote(name);
  if (options.missing != "ok") info.replay_args += " --missing " + options.missing;
  if (options.sessions == SessionMode::none) info.replay_args += " --sessions none";
  if (!options.sign) info.replay_args += " --no-sign";
  if (options.sign && options.region != "us-east-1")
    info.replay_args += " --region " + text::shell_quote(options.region);
  if (!options.ca_bundle.empty()) info.replay_args += " --ca-bundle " + text::shell_quote(options.ca_bundle);
  info.curl_url = url;
  info.region = options.region;
  info.signed_requests = options.sign;
  info.seed = seed;
  info.fail_level = options.fail_level;
  info.started = std::chrono::system_clock::now();
  return setup;
}

// "auto" is a terminal and no wish to the contrary.
reports::ConsoleOptions console_options(const Options& options, const Environment& env) {
  reports::ConsoleOptions console;
  console.color = reports::want_color(options.color, isatty(STDOUT_FILENO) != 0, env);
  const std::string progress =
      options.progress == "auto" ? (isatty(STDERR_FILENO) != 0 ? "bar" : "counter") : options.progress;
  console.progress = progress == "bar"       ? reports::Progress::bar
                     : progress == "counter" ? reports::Progress::counter
                                             : reports::Progress::none;
  return console;
}

std::vector<std::unique_ptr<reports::JunitReport>> junit_reports(const Options& options) {
  std::vector<std::unique_ptr<reports::JunitReport>> all;
  const auto add = [&all](const std::string& path) {
    reports::check_writable(path);
    all.push_back(std::make_unique<reports::JunitReport>(path));
  };
  for (const ReportRequest& request : options.reports) add(request.path);
  if (!options.report_dir.empty()) add((std::filesystem::path(options.report_dir) / "junit.xml").string());
  return all;
}

// The endpoint could not be tested: the reports say so, and every planned case is an error.
int end_untested(const std::vector<Case>& plan, const RunInfo& info, const std::string& why, std::size_t requests,
                 const std::vector<RunListener*>& listeners) {
  RunEnd end;
  end.fatal = why;
  end.exit_status = 3;
  end.requests = requests;
  end.totals.planned = end.totals.error = plan.size();
  for (RunListener* listener : listeners) listener->on_start(info, spec::builtin_table());
  for (const Case& c : plan) {
    CaseResult result;
    result.test = c;
    result.judgement.verdict = Verdict::error;
    result.judgement.requirement = c.requirement;
    result.judgement.reason = "the endpoint could not be tested: " + why;
    for (RunListener* listener : listeners) listener->on_case(result);
  }
  for (RunListener* listener : listeners) listener->on_end(end);
  return end.exit_status;
}

void show_message(std::ostream& out, const char* title, const wire::Exchange& exchange) {
  constexpr std::size_t shown = 16384;
  // The signature is a secret of the run that made it, and of no use to a reader.
  std::string sent = exchange.sent;
  if (const std::size_t at = sent.find("Authorization: "); at != std::string::npos) {
    const std::size_t end = sent.find("\r\n", at);
    sent.replace(at, end - at, "Authorization: (left out)");
  }
  if (const std::size_t at = sent.find("X-Amz-Security-Token: "); at != std::string::npos) {
    const std::size_t end = sent.find("\r\n", at);
    sent.replace(at, end - at, "X-Amz-Security-Token: (left out)");
  }
  out << fmt::format("--- {}: request, {} bytes\n", title, exchange.sent.size())
      << text::elide(text::visible_lines(sent), shown) << "\n";
  out << fmt::format("--- {}: response, {} bytes in {:.1f} ms\n", title, exchange.received.size(),
                     static_cast<double>(exchange.elapsed.count()) / 1000)
      << text::elide(text::visible_lines(exchange.received), shown) << "\n";
  if (!exchange.response)
    out << fmt::format("({}: {})\n", wire::name_of(exchange.failure), text::visible(exchange.detail));
}

// Shows both messages of each case, before the summary.
class MessagesReport : public RunListener {
 public:
  explicit MessagesReport(std::ostream& out) : out_(out) {}
  void on_case(const CaseResult& result) override {
    out_ << fmt::format("case {}: {}\n", result.test.id, text::visible(result.test.title));
    if (result.stimulus) show_message(out_, "stimulus", *result.stimulus);
    if (result.control) show_message(out_, "control", *result.control);
    out_ << fmt::format("verdict: {}\n\n", name_of(result.judgement.verdict));
  }

 private:
  std::ostream& out_;
};

int perform(const Options& options, const Environment& env, const std::vector<Case>& plan,
            const std::string& ledger_path, const std::vector<RunListener*>& listeners) {
  InterruptGuard guard;
  Setup setup = set_up(options, env);
  setup.config.ledger_path = ledger_path;
  setup.info.planned = plan.size();
  Executor executor(setup.config, spec::builtin_table(), plan);
  guard.on_interrupt([&executor] { executor.interrupt(); });
  const std::string fatal = executor.prepare();
  setup.info.sessions = executor.sessions_in_words();
  const int status = !fatal.empty() && !executor.interrupted()
                         ? end_untested(plan, setup.info, fatal, executor.requests(), listeners)
                         : run_with_gtest(plan, executor, spec::builtin_table(), setup.info, listeners).exit_status;
  guard.on_interrupt({});
  return status;
}

}  // namespace

int run_command(const Options& options, const Environment& env, std::ostream& out, std::ostream& err) {
  std::vector<Case> plan =
      make_plan(suites::all_cases(spec::builtin_table(), options.seed.value_or(0)), options.filters);
  if (only_lists()) {
    list_with_gtest(plan);
    return 0;
  }
  Options seeded = options;
  if (!seeded.seed) {
    seeded.seed = random_seed();
    plan = make_plan(suites::all_cases(spec::builtin_table(), *seeded.seed), options.filters);
  }
  reports::ConsoleReport console(out, err, console_options(options, env));
  const auto junit = junit_reports(options);
  std::vector<RunListener*> listeners{&console};
  for (const auto& report : junit) listeners.push_back(report.get());
  const std::string ledger =
      options.report_dir.empty() ? "" : (std::filesystem::path(options.report_dir) / "ledger.jsonl").string();
  return perform(seeded, env, plan, ledger, listeners);
}

int replay_command(const Options& options, const Environment& env, std::ostream& out, std::ostream& err) {
  Options seeded = options;
  if (!seeded.seed) seeded.seed = random_seed();
  std::vector<Case> all = suites::all_cases(spec::builtin_table(), *seeded.seed);
  std::vector<std::string> ids;
  for (const Case& c : all) ids.push_back(c.id);
  std::erase_if(all, [&](const Case& c) { return c.id != options.subject; });
  if (all.empty()) {
    const std::string near = text::nearest(options.subject, ids);
    err << fmt::format("glue-conformance: there is no case '{}'{}; nothing was sent\n", text::visible(options.subject),
                       near.empty() ? "" : "; did you mean '" + near + "'?");
    return 2;
  }
  MessagesReport messages(out);
  reports::ConsoleOptions quiet = console_options(options, env);
  quiet.progress = reports::Progress::none;
  reports::ConsoleReport console(out, err, quiet);
  return perform(seeded, env, all, "", {&messages, &console});
}

}  // namespace conformance::cli
