// sweep: deletes what the runs of a ledger left behind.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <ostream>

#include "harness/cli/commands.h"
#include "harness/cli/options.h"
#include "harness/cli/sandbox.h"
#include "harness/cli/setup.h"
#include "harness/run/ledger.h"
#include "harness/run/sweep.h"
#include "harness/text/escape.h"

namespace conformance::cli {
namespace {

constexpr int swept_all = 0, something_left = 1, unreachable = 3;

// What is open, by endpoint. --endpoint decides: for what the ledger says was created there or, if it says nothing of
// there, for everything, as one endpoint may have several names. Without it the ledger decides.
std::map<std::string, std::vector<std::string>> to_sweep(const Options& options, const std::vector<OpenSession>& open) {
  const auto there = [&options](const OpenSession& one) {
    return one.endpoint.empty() || one.endpoint == options.endpoint;
  };
  const bool known = std::any_of(open.begin(), open.end(), there);
  std::map<std::string, std::vector<std::string>> all;
  for (const OpenSession& one : open) {
    if (options.endpoint.empty() && one.endpoint.empty())
      throw LedgerError("the ledger does not say where its sessions are: name it by --endpoint; nothing was sent");
    if (options.endpoint.empty())
      all[one.endpoint].push_back(one.id);
    else if (!known || there(one))
      all[options.endpoint].push_back(one.id);
  }
  for (auto& [endpoint, ids] : all) {
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  }
  return all;
}

int sweep_one(const Setup& setup, const Options& options, const std::string& endpoint,
              const std::vector<std::string>& ids, std::ostream& out) {
  const SweepConfig config{.endpoint = setup.config.endpoint,
                           .client = setup.config.client,
                           .signer = setup.config.signer,
                           .sending = setup.config.sending,
                           .effect_wait = setup.config.effect_wait,
                           .ready_wait = setup.config.ready_wait};
  Ledger ledger(options.subject, {endpoint, setup.info.tool_version, ""});
  ledger.adopt(ids);
  std::size_t gone = 0;
  const Swept swept = sweep(config, spec::builtin_table(), ids, [&](const std::string& id) {
    ledger.gone(id);
    ++gone;
  });
  for (const auto& [id, why] : swept.left)
    out << fmt::format("LEFT BEHIND \"{}\": {}\n", text::visible(id),
                       text::elide(text::visible(setup.scrubber.scrubbed(why)), 200));
  out << fmt::format("{}: {} of {} {} gone\n", text::visible(endpoint), gone, ids.size(),
                     ids.size() == 1 ? "session is" : "sessions are");
  if (swept.unreachable.empty()) return swept.left.empty() ? swept_all : something_left;
  out << fmt::format("The endpoint could not be asked: {}\n",
                     text::elide(text::visible(setup.scrubber.scrubbed(swept.unreachable)), 200));
  return unreachable;
}

}  // namespace

int sweep_command(const Options& options, const std::function<const char*(const char*)>& env, std::ostream& out,
                  std::ostream& err) {
  if (is_being_written(options.subject)) {
    err << fmt::format("glue-conformance: a run is still writing {}: wait for it to end; nothing was sent\n",
                       text::visible(options.subject));
    return 2;
  }
  const auto all = to_sweep(options, read_ledger(options.subject));
  if (all.empty()) {
    out << text::visible(options.subject) << " names nothing that was left behind. (exit status 0)\n";
    return swept_all;
  }
  std::map<std::string, Setup> setups;  // all, before anything is sent
  for (const auto& [endpoint, ids] : all) {
    Options there = options;
    there.endpoint = endpoint;
    if (!is_real_service(endpoint)) there.sandbox_account.clear();  // it is for the others of the ledger
    use_sandbox_defaults(there);
    setups.emplace(endpoint, set_up(there, env));
  }
  int worst = swept_all;
  for (const auto& [endpoint, ids] : all)
    worst = std::max(worst, sweep_one(setups.at(endpoint), options, endpoint, ids, out));
  const char* sentence = worst == swept_all        ? "Nothing is left behind."
                         : worst == something_left ? "Something is left behind."
                                                   : "Something may be left behind.";
  out << fmt::format("{} (exit status {})\n", sentence, worst);
  return worst;
}

}  // namespace conformance::cli
