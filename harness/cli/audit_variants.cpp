#include "harness/cli/audit_variants.h"

#include <fmt/format.h>

#include <chrono>
#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "harness/cli/setup.h"

namespace conformance::cli {
namespace {

// One that must be all green: whatever the specification leaves open, done differently.
struct Variant {
  const char* name;
  reference::Options options;
  SessionMode sessions;
  bool skips;            // may skip what needs a session
  bool verifies = true;  // signatures
};

std::vector<Variant> all_variants() {
  using reference::MissingSession;
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
  using reference::AuthPolicy;
  const auto refusing = [](AuthPolicy::Place place, AuthPolicy::Names names, int status) {
    reference::Options o;
    o.auth.place = place;
    o.auth.names = names;
    o.auth.refusal_status = status;
    o.auth.window = std::chrono::minutes(5);
    return o;
  };
  constexpr std::chrono::milliseconds a_while{30};
  return {
      Variant{"deleted sessions are still seen for a while", taking({.deletion = a_while}), SessionMode::create, false},
      Variant{"sessions take a while to stop", taking({.stopping = a_while}), SessionMode::create, false},
      Variant{"signatures are not verified", {}, SessionMode::create, true, false},
      Variant{"signatures are verified first, with 403",
              refusing(AuthPolicy::Place::before_routing, AuthPolicy::Names::exceptions, 403), SessionMode::create,
              false},
      Variant{"signatures are verified last, by common errors",
              refusing(AuthPolicy::Place::after_body, AuthPolicy::Names::common, 400), SessionMode::create, false},
      Variant{"there is no StopSession", without_stop, SessionMode::create, true},
      Variant{"sessions are given, in states that no call makes", with_ended, SessionMode::provided, true},
      Variant{"the reference endpoint as it is", with(MissingSession::ok, 0), SessionMode::create, false},
      Variant{"a missing session is not found", with(MissingSession::not_found, 0), SessionMode::create, false},
      Variant{"a missing session is invalid input", with(MissingSession::invalid_input, 0), SessionMode::create, true},
      Variant{"sessions take a while to be ready", with(MissingSession::ok, 30), SessionMode::create, false},
      Variant{"without sessions", with(MissingSession::ok, 0), SessionMode::none, true},
      Variant{"without sessions, not found", with(MissingSession::not_found, 0), SessionMode::none, true},
      Variant{"the first of two members counts",
              reading([](BodyPolicy& body) { body.duplicates = BodyPolicy::Duplicates::first; }), SessionMode::create,
              false},
      Variant{"a member that stands twice is refused",
              reading([](BodyPolicy& body) { body.duplicates = BodyPolicy::Duplicates::refused; }), SessionMode::create,
              false},
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
      Variant{"chunks are refused for want of a length", speaking([](HttpPolicy& http) { http.reads_chunks = false; }),
              SessionMode::create, false},
      Variant{"equal lengths count once",
              speaking([](HttpPolicy& http) { http.joins_equal_lengths = http.ignores_other_expectations = true; }),
              SessionMode::create, false},
      Variant{"chunks count beside a length",
              speaking([](HttpPolicy& http) { http.ignores_length_beside_chunks = true; }), SessionMode::create, false},
      Variant{"heads have at most 4 KiB", speaking([](HttpPolicy& http) { http.largest_head = 4096; }),
              SessionMode::create, false}};
}

}  // namespace

bool check_variants(const AuditPlan& plan, std::ostream& out) {
  std::vector<Variant> variants = all_variants();
  for (Variant& variant : variants) {
    if (!variant.verifies) continue;
    const reference::AuthPolicy own = verifying(own_credentials(), plan.region);
    variant.options.auth.accounts = own.accounts;
    variant.options.auth.region = own.region;
  }
  std::vector<AuditRun> runs(variants.size());
  bool green = true;
  const auto compute = [&](std::size_t i) { runs[i] = run_against(variants[i].options, variants[i].sessions, plan); };
  in_order(variants.size(), compute, [&](std::size_t i) {
    const Variant& variant = variants[i];
    const AuditRun& result = runs[i];
    const bool ok = result.fatal.empty() && result.failed.empty() && result.passed > 0 &&
                    (variant.skips || result.passed + result.of_other_states == result.cases);
    green = green && ok;
    out << fmt::format("{:<7} {:<40} {} of {} pass\n", ok ? "green" : "NOT SO", variant.name, result.passed,
                       result.cases);
    for (const auto& [requirement, count] : result.failed)
      out << fmt::format("        {} failed {} cases\n", requirement, count);
    if (!ok && !result.first_other.empty()) out << "        " << result.first_other << "\n";
    if (!ok && !result.fatal.empty()) out << "        " << result.fatal << "\n";
  });
  return green;
}

}  // namespace conformance::cli
