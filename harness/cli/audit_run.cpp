#include "harness/cli/audit_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include "harness/run/characteristics.h"
#include "harness/run/provider.h"
#include "harness/run/two_ways.h"

namespace conformance::cli {

wire::Credentials own_credentials() { return {"test", "test", "a-session-token-for-tests"}; }

namespace {

RunConfig config_of(const reference::Options& reference, const std::string& url, SessionMode sessions,
                    const AuditPlan& audit) {
  RunConfig config;
  config.endpoint = wire::parse_url(url);
  config.client.connections = audit.jobs;
  config.client.timeout = std::chrono::seconds(3);  // in memory: what does not answer by then never does
  config.sessions = sessions;
  if (!reference.sessions.empty()) {
    std::vector<std::string> ids;
    for (const reference::Session& session : reference.sessions) ids.push_back(session.id);
    config.sessions = SessionMode::provided;
    config.provider = given_sessions(std::move(ids), "given");
  }
  config.prefix = audit.prefix;
  config.limits = {.examples = audit.examples, .max_shrink_requests = 0};  // found is enough
  config.effect_wait = std::chrono::milliseconds(200);                     // in memory: what is not gone by then stays
  config.signer.emplace(own_credentials(), audit.region, spec::builtin_table().service);
  config.require_auth = !reference.auth.accounts.empty();
  return config;
}

AuditRun run_with(Performer& performer, const AuditPlan& audit) {
  const spec::SpecTable& table = spec::builtin_table();
  AuditRun result;
  result.fatal = performer.prepare();
  if (!result.fatal.empty()) return result;
  std::vector<std::size_t> all(audit.plan.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  Characteristics characteristics(table);
  (void)performer.run(all, [&](std::size_t, const CaseResult& r) {
    characteristics.add(r);
    ++result.cases;
    if (r.judgement.verdict == Verdict::pass) {
      ++result.passed;
    } else if (r.judgement.verdict == Verdict::fail) {
      ++result.failed[r.judgement.requirement];
    } else if (r.judgement.verdict == Verdict::skipped && (r.judgement.requirement == table.story_checks.passing ||
                                                           r.judgement.requirement == table.story_checks.ended)) {
      ++result.of_other_states;
    } else if (result.other++ == 0) {
      result.first_other = fmt::format("{} {}: {}", r.test.id, name_of(r.judgement.verdict), r.judgement.reason);
    }
  });
  for (const Measured& measured : characteristics.read()) result.readings[measured.id] = measured.reading;
  result.requests = performer.requests();
  return result;
}

}  // namespace

AuditRun run_against(const reference::Options& reference, SessionMode sessions, const AuditPlan& audit) {
  const reference::ReferenceEndpoint endpoint(reference);
  Executor executor(config_of(reference, endpoint.url(), sessions, audit), spec::builtin_table(), audit.plan);
  return run_with(executor, audit);
}

AuditRun run_as_proxy(const reference::Options& reference, const AuditPlan& audit, const std::vector<Case>& direct_plan,
                      const std::string& direct_prefix) {
  reference::Options conforming = reference;
  conforming.deviations.clear();
  const reference::ReferenceEndpoint upstream(conforming), proxy(reference);
  RunConfig direct = config_of(reference, upstream.url(), SessionMode::create, audit);
  direct.prefix = direct_prefix;
  TwoWays both(spec::builtin_table(), {std::move(direct), direct_plan},
               {config_of(reference, proxy.url(), SessionMode::create, audit), audit.plan});
  return run_with(both, audit);
}

// Sessions in states that no call makes.
std::vector<reference::Session> ended_sessions() {
  using reference::Status;
  const auto in = [](const char* id, Status status) {
    return reference::Session{.id = id, .role = "role", .command_json = "{}", .status = status};
  };
  return {in("given-failed", Status::failed), in("given-timeout", Status::timeout),
          in("given-stopped", Status::stopped)};
}

void in_order(std::size_t count, const std::function<void(std::size_t)>& compute,
              const std::function<void(std::size_t)>& done) {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<bool> computed(count);
  std::exception_ptr thrown;
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t mine = 0; (mine = next++) < count;) {
      try {
        compute(mine);
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!thrown) thrown = std::current_exception();
        next = count;
      }
      const std::lock_guard lock(mutex);
      computed[mine] = true;
      changed.notify_one();
    }
  };
  std::vector<std::jthread> workers;
  const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
  for (std::size_t i = 0; i < std::min(cores, count); ++i) workers.emplace_back(work);
  for (std::size_t i = 0; i < count; ++i) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return computed[i] || thrown; });
    if (thrown) break;
    lock.unlock();
    done(i);
  }
  workers.clear();
  if (thrown) std::rethrow_exception(thrown);
}

}  // namespace conformance::cli
