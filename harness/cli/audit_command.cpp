// audit: is every requirement proved both ways? Runs the whole plan against every deviation of the reference endpoint.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <ostream>
#include <set>

#include "fixtures/reference/deviations.h"
#include "fixtures/reference/reference_endpoint.h"
#include "harness/cli/commands.h"
#include "harness/run/characteristics.h"
#include "harness/run/executor.h"
#include "harness/run/plan.h"
#include "suites/suites.h"

namespace conformance::cli {
namespace {

constexpr std::uint64_t quick_examples = 100;
constexpr std::string_view characteristic_mark = "characteristic:";

struct Result {
  std::map<std::string, std::size_t> failed;  // requirement -> failing cases
  std::map<std::string, std::string> readings;
  std::size_t cases = 0, passed = 0, other = 0;
  std::size_t of_other_states = 0;  // skipped, as the endpoint shows no session in the state that they ask about
  std::string first_other;
  std::size_t requests = 0;
  std::string fatal;
};

Result run_against(const reference::Options& reference, SessionMode sessions, const Options& options,
                   const std::vector<Case>& plan, const std::string& prefix) {
  const spec::SpecTable& table = spec::builtin_table();
  const reference::ReferenceEndpoint endpoint(reference);
  RunConfig config;
  config.endpoint = wire::parse_url(endpoint.url());
  config.client.connections = options.jobs;
  config.client.timeout = std::chrono::seconds(3);  // in memory: what does not answer by then never does
  config.sessions = sessions;
  if (!reference.sessions.empty()) {
    std::vector<std::string> ids;
    for (const reference::Session& session : reference.sessions) ids.push_back(session.id);
    config.sessions = SessionMode::provided;
    config.provider = given_sessions(std::move(ids), "given");
  }
  config.prefix = prefix;
  config.limits = {.examples = options.limits.examples, .max_shrink_requests = 0};  // found is enough
  config.effect_wait = std::chrono::milliseconds(200);  // in memory: what is not gone by then stays
  config.signer.emplace(wire::Credentials{"test", "test", ""}, options.region, table.service);
  Executor executor(config, table, plan);
  Result result;
  result.fatal = executor.prepare();
  if (!result.fatal.empty()) return result;
  std::vector<std::size_t> all(plan.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  Characteristics characteristics(table);
  (void)executor.run(all, [&](std::size_t, const CaseResult& r) {
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
  result.requests = executor.requests();
  return result;
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

// What `violates` promises and the run did not show; empty if the deviation is killed as promised.
std::vector<std::string> missed(const reference::Deviation& deviation, const Result& result) {
  std::vector<std::string> all;
  for (const std::string_view promise : deviation.violates) {
    if (promise.starts_with(characteristic_mark)) {
      const std::string_view rest = promise.substr(characteristic_mark.size());
      const std::size_t equals = rest.find('=');
      const auto found = result.readings.find(std::string(rest.substr(0, equals)));
      const std::string_view wanted = rest.substr(equals + 1);
      // Among others: "no (2 times), yes (9 times)".
      const bool read =
          found != result.readings.end() &&
          (found->second == wanted || found->second.find(std::string(wanted) + " (") != std::string::npos);
      if (!read) all.emplace_back(promise);
    } else if (!result.failed.contains(std::string(promise))) {
      all.emplace_back(promise);
    }
  }
  return all;
}

// One that must be all green: whatever the specification leaves open, done differently.
struct Variant {
  const char* name;
  reference::Options options;
  SessionMode sessions;
  bool skips;  // may skip what needs a session
};

bool check_variants(const Options& options, const std::vector<Case>& plan, const std::string& prefix,
                    std::ostream& out) {
  using reference::MissingSession;
  bool green = true;
  const auto with = [](MissingSession missing, int delay) {
    reference::Options o;
    o.missing = missing;
    o.delays.provisioning = std::chrono::milliseconds(delay);
    return o;
  };
  using reference::BodyPolicy;
  const auto reading = [](const std::function<void(BodyPolicy&)>& change) {
    reference::Options o;
    change(o.body);
    return o;
  };
  using reference::RoutePolicy;
  const auto routing = [](const std::function<void(RoutePolicy&)>& change) {
    reference::Options o;
    change(o.routing);
    return o;
  };
  using reference::HttpPolicy;
  const auto speaking = [](const std::function<void(HttpPolicy&)>& change) {
    reference::Options o;
    change(o.http);
    return o;
  };
  using Delays = reference::SessionStore::Delays;
  const auto taking = [](const Delays& delays) {
    reference::Options o;
    o.delays = delays;
    return o;
  };
  reference::Options without_stop;
  without_stop.stops = false;
  reference::Options with_ended;
  with_ended.sessions = ended_sessions();
  constexpr std::chrono::milliseconds a_while{30};
  for (const Variant& variant :
       {Variant{"deleted sessions are still seen for a while", taking({.deletion = a_while}), SessionMode::create,
                false},
        Variant{"sessions take a while to stop", taking({.stopping = a_while}), SessionMode::create, false},
        Variant{"there is no StopSession", without_stop, SessionMode::create, true},
        Variant{"sessions are given, in states that no call makes", with_ended, SessionMode::provided, true},
        Variant{"the reference endpoint as it is", with(MissingSession::ok, 0), SessionMode::create, false},
        Variant{"a missing session is not found", with(MissingSession::not_found, 0), SessionMode::create, false},
        Variant{"a missing session is invalid input", with(MissingSession::invalid_input, 0), SessionMode::create,
                true},
        Variant{"sessions take a while to be ready", with(MissingSession::ok, 30), SessionMode::create, false},
        Variant{"without sessions", with(MissingSession::ok, 0), SessionMode::none, true},
        Variant{"without sessions, not found", with(MissingSession::not_found, 0), SessionMode::none, true},
        Variant{"the first of two members counts",
                reading([](BodyPolicy& body) { body.duplicates = BodyPolicy::Duplicates::first; }), SessionMode::create,
                false},
        Variant{"a member that stands twice is refused",
                reading([](BodyPolicy& body) { body.duplicates = BodyPolicy::Duplicates::refused; }),
                SessionMode::create, false},
        Variant{"unknown members are refused",
                reading([](BodyPolicy& body) { body.unknown_members = BodyPolicy::UnknownMembers::refused; }),
                SessionMode::create, false},
        Variant{"ill-formed text is replaced",
                reading([](BodyPolicy& body) { body.ill_formed_text = BodyPolicy::IllFormedText::replaced; }),
                SessionMode::create, false},
        Variant{"no byte order mark, no empty body", reading([](BodyPolicy& body) {
                  body.byte_order_mark = false;
                  body.empty_is_object = false;
                }),
                SessionMode::create, false},
        Variant{"UTF-16 is read", reading([](BodyPolicy& body) { body.utf16 = true; }), SessionMode::create, false},
        Variant{"bodies nest at most 20 levels", reading([](BodyPolicy& body) { body.deepest = 20; }),
                SessionMode::create, false},
        Variant{"bodies have at most 64 KiB", reading([](BodyPolicy& body) { body.largest = 65536; }),
                SessionMode::create, false},
        Variant{"any path, any media type, any case", routing([](RoutePolicy& routes) {
                  routes.any_path = routes.any_media_type = routes.target_in_any_case = true;
                }),
                SessionMode::create, false},
        Variant{"unknown operations are not found, as XML", routing([](RoutePolicy& routes) {
                  routes.unknown_status = 404;
                  routes.unknown_form = RoutePolicy::Form::xml;
                }),
                SessionMode::create, false},
        Variant{"an error page, and a health check by GET", routing([](RoutePolicy& routes) {
                  routes.unknown_form = RoutePolicy::Form::html;
                  routes.health_check = true;
                }),
                SessionMode::create, false},
        Variant{"an empty 403 for what is not served", routing([](RoutePolicy& routes) {
                  routes.unknown_status = 403;
                  routes.unknown_form = RoutePolicy::Form::empty;
                }),
                SessionMode::create, false},
        Variant{"each answer ends its connection", speaking([](HttpPolicy& http) { http.keeps_connections = false; }),
                SessionMode::create, true},
        Variant{"chunks are refused for want of a length",
                speaking([](HttpPolicy& http) { http.reads_chunks = false; }), SessionMode::create, false},
        Variant{"equal lengths count once",
                speaking([](HttpPolicy& http) { http.joins_equal_lengths = http.ignores_other_expectations = true; }),
                SessionMode::create, false},
        Variant{"chunks count beside a length",
                speaking([](HttpPolicy& http) { http.ignores_length_beside_chunks = true; }), SessionMode::create,
                false},
        Variant{"heads have at most 4 KiB", speaking([](HttpPolicy& http) { http.largest_head = 4096; }),
                SessionMode::create, false}}) {
    const Result result = run_against(variant.options, variant.sessions, options, plan, prefix);
    const bool ok = result.fatal.empty() && result.failed.empty() && result.passed > 0 &&
                    (variant.skips || result.passed + result.of_other_states == result.cases);
    green = green && ok;
    out << fmt::format("{:<7} {:<40} {} of {} pass\n", ok ? "green" : "NOT SO", variant.name, result.passed,
                       result.cases);
    for (const auto& [requirement, count] : result.failed)
      out << fmt::format("        {} failed {} cases\n", requirement, count);
    if (!ok && !result.first_other.empty()) out << "        " << result.first_other << "\n";
    if (!ok && !result.fatal.empty()) out << "        " << result.fatal << "\n";
  }
  return green;
}

// A part of the plan that kills nearly all at half the cost. What a part kills the whole does; what it misses is given
// more, and at last the whole.
std::vector<Case> without_damaged_bodies(std::vector<Case> plan) {
  std::erase_if(plan,
                [](const Case& c) { return c.id.starts_with("body.inserted.") || c.id.starts_with("body.flipped."); });
  return plan;
}

// The cases that are there to find what the deviation promises to violate, and those that gather.
std::vector<Case> meant_for(const reference::Deviation& deviation, const std::vector<Case>& plan) {
  const std::set<std::string_view> violated(deviation.violates.begin(), deviation.violates.end());
  std::vector<Case> meant;
  for (const Case& c : plan)
    if (c.gathers || violated.contains(c.requirement)) meant.push_back(c);
  return meant;
}

bool asks_of_ended(const reference::Deviation& deviation, const spec::SpecTable& table) {
  const auto& violates = deviation.violates;
  return std::find(violates.begin(), violates.end(), table.story_checks.ended) != violates.end();
}

}  // namespace

int audit_command(const Options& options, std::ostream& out) {
  const spec::SpecTable& table = spec::builtin_table();
  const std::string prefix = run_prefix(options.seed.value_or(0));
  const std::vector<Case> plan = suites::all_cases(table, options.seed.value_or(0), Tier::standard);
  (void)reference::DeviationSet(options.deviations);  // throws if there is no such deviation
  const bool whole = options.deviations.empty();
  bool good = !whole || check_variants(options, plan, prefix, out);
  const std::vector<Case> quick_plan = without_damaged_bodies(plan);
  Options quick = options;
  quick.limits.examples = std::min(quick_examples, options.limits.examples);

  std::map<std::string, std::size_t> killers;  // requirement -> deviations that it kills
  std::size_t tried = 0, killed = 0, requests = 0;
  for (const reference::Deviation& deviation : reference::all_deviations()) {
    const std::string name(deviation.name);
    if (!whole && std::find(options.deviations.begin(), options.deviations.end(), name) == options.deviations.end())
      continue;
    Options deviating = options;
    deviating.deviations = {name};
    Result result;
    std::vector<std::string> left;
    const std::vector<Case> meant = meant_for(deviation, quick_plan);
    using Attempt = std::pair<const std::vector<Case>*, const Options*>;
    for (const auto& [some, how] : {Attempt{&meant, &quick}, Attempt{&quick_plan, &quick}, Attempt{&plan, &options}}) {
      requests += result.requests;
      reference::Options endpoint = reference_options(deviating);
      if (asks_of_ended(deviation, table)) endpoint.sessions = ended_sessions();
      result = run_against(endpoint, SessionMode::automatic, *how, *some, prefix);
      left = missed(deviation, result);
      if (left.empty()) break;
    }
    // Where a missing session is an error, what is gone takes its control along: that must hide nothing.
    if (std::find(deviation.violates.begin(), deviation.violates.end(), table.checks.no_effect) !=
        deviation.violates.end()) {
      deviating.missing = "not-found";
      const Result strict =
          run_against(reference_options(deviating), SessionMode::automatic, quick, quick_plan, prefix);
      requests += strict.requests;
      if (!strict.failed.contains(table.checks.no_effect)) left.push_back(table.checks.no_effect + " (not-found)");
    }
    const bool dead = result.fatal.empty() && left.empty();
    ++tried;
    killed += dead;
    requests += result.requests;
    out << fmt::format("{:<8} {:<34}", dead ? "killed" : "SURVIVES", name);
    for (const auto& [requirement, count] : result.failed) {
      out << fmt::format(" {}({})", requirement, count);
      if (dead) ++killers[requirement];
    }
    for (const std::string_view promise : deviation.violates)
      if (promise.starts_with(characteristic_mark)) out << " " << promise;
    for (const std::string& promise : left) out << " !missed:" << promise;
    if (!result.fatal.empty()) out << " !" << result.fatal;
    out << std::endl;
  }
  good = good && killed == tried;

  if (whole) {
    out << "\nrequirement                 deviations that it kills\n";
    for (const spec::Requirement& requirement : table.requirements) {
      const std::size_t count = killers[requirement.id];
      out << fmt::format("{:<27} {}{}\n", requirement.id, count, count == 0 ? "  NEVER FAILS" : "");
      good = good && count > 0;
    }
  }
  out << fmt::format("\n{} of {} deviations killed by {} cases; {} requests\n", killed, tried, plan.size(), requests);
  return good ? 0 : 1;
}

}  // namespace conformance::cli
