#include "harness/run/two_ways.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "harness/case/case_builder.h"
#include "harness/text/stable_hash.h"

namespace conformance {
namespace {

// Of cases that differ in the same requirement: so many are confirmed, and then it is no whim of the upstream's.
constexpr std::size_t enough = 8;
constexpr std::size_t most_kinds = 256;
constexpr std::size_t ways = 3;  // direct, through the proxy, and directly again

Way way_of(const RunConfig& config) {
  return {.authority = config.endpoint.authority(), .path = config.endpoint.path, .prefix = config.prefix};
}

// What a run may have is shared out: bounds are three at least.
RunConfig share_of(RunConfig config) {
  for (std::size_t* bound : {&config.sending.max_requests, &config.max_sessions})
    if (*bound > 0) *bound = std::max<std::size_t>(1, *bound / ways);  // 0 is none
  return config;
}

}  // namespace

std::string direct_prefix(std::uint64_t seed) {
  return run_prefix(text::stable_hash(fmt::format("directly {}", seed)));
}

// The result of a single request, before its messages are shortened.
struct TwoWays::Seen {
  std::optional<Course> course;
  std::string id;

  void take(const CaseResult& result, const Way& way) {
    id = result.test.id;
    course = course_of(result.test, result.judgement, result.request, result.stimulus, way);
  }
  // Of this result, of which only what is shown is left.
  [[nodiscard]] Course of(const CaseResult& result, const Way& way) {
    std::optional<Course> taken = std::exchange(course, std::nullopt);
    if (taken && id == result.test.id) return std::move(*taken);
    return course_of(result.test, result.judgement, result.request, std::nullopt, way);
  }
};

TwoWays::TwoWays(const spec::SpecTable& table, OneWay direct, OneWay proxied)
    : table_(table),
      plan_(proxied.plan),
      again_config_(share_of(direct.config)),
      direct_way_(way_of(direct.config)),
      proxied_way_(way_of(proxied.config)),
      seen_(std::make_unique<Seen>()) {
  direct.config = share_of(std::move(direct.config));
  proxied.config = share_of(std::move(proxied.config));
  proxied.config.refusal_is_an_answer = true;
  again_config_.prefix = proxied.config.prefix;
  again_config_.ledger_run.prefix = proxied.config.prefix;
  again_config_.shard += "-again";
  direct.config.in_full = [this](const CaseResult& result) { seen_->take(result, direct_way_); };
  proxied.config.in_full = [this](const CaseResult& result) { seen_->take(result, proxied_way_); };
  again_config_.in_full = [this](const CaseResult& result) {
    seen_->take(result, {direct_way_.authority, direct_way_.path, proxied_way_.prefix});
  };
  direct_ = std::make_unique<Executor>(std::move(direct.config), table, direct.plan);
  proxied_ = std::make_unique<Executor>(std::move(proxied.config), table, proxied.plan);
  again_ = std::make_unique<Executor>(again_config_, table, proxied.plan);
}

TwoWays::~TwoWays() = default;

std::string TwoWays::prepare() {
  if (std::string why = direct_->prepare(); !why.empty()) return "without the proxy: " + why;
  // What it says of forged requests is to be the same through the proxy.
  if (direct_->baseline().authenticates) {
    proxied_->require_auth();
    again_->require_auth();
  }
  if (std::string why = proxied_->prepare(); !why.empty()) return "through the proxy: " + why;
  find_host();
  return {};
}

// A request that is signed for another Host, and sent with the proxy's as any: if it is taken, that is what arrives.
void TwoWays::find_host() {
  const auto& missing = proxied_->baseline().missing;
  facts_.refuses_all = missing && missing->outcome == spec::Outcome::unauthenticated;
  if (!facts_.refuses_all || !again_config_.signer || interrupted_) return;
  const auto with_host = [](std::string host) {
    return [host = std::move(host)](wire::Request& request) {
      for (wire::Header& header : request.headers)
        if (header.name == "Host") header.value = host;
    };
  };
  // Of the upstream, and of the proxy without its port.
  const wire::Url& upstream = again_config_.endpoint;
  const std::string own = proxied_way_.authority.substr(0, proxied_way_.authority.rfind(':'));
  for (const std::string& host : {upstream.authority(), upstream.host, own}) {
    if (host == proxied_way_.authority) continue;
    Case probe = CaseBuilder::start("proxy.host", "a request that is signed for another Host", "", Kind::valid);
    probe.edit = with_host(host);
    probe.forgery = std::make_shared<const Forgery>(Forgery{.afterwards = with_host(proxied_way_.authority)});
    if (proxied_->ask(std::move(probe)).outcome == spec::Outcome::unauthenticated) continue;
    facts_.host_seen = host;
    return;
  }
}

std::vector<std::string> TwoWays::run(const std::vector<std::size_t>& selected, const Done& done) {
  courses_.clear();
  blamed_.clear();
  std::vector<std::string> left = direct_->run(selected, [this](std::size_t index, const CaseResult& result) {
    courses_.insert_or_assign(index, seen_->of(result, direct_way_));
  });
  const std::vector<std::string> not_through = proxied_->run(
      selected, [&](std::size_t index, CaseResult result) { done(index, judged(index, std::move(result))); });
  for (std::string& id : swept(not_through)) left.push_back(std::move(id));
  for (std::string& id : again_->finish()) left.push_back(std::move(id));
  return left;
}

// What the proxy does not let go is deleted without it.
std::vector<std::string> TwoWays::swept(const std::vector<std::string>& ids) {
  if (ids.empty()) return {};
  direct_->adopt(ids);
  const std::vector<std::string> still = direct_->finish();
  std::vector<std::string> left;
  for (const std::string& id : ids) {
    if (std::find(still.begin(), still.end(), id) == still.end())
      proxied_->note_gone(id);
    else
      left.push_back(id);
  }
  return left;
}

CaseResult TwoWays::judged(std::size_t index, CaseResult result) {
  const Course proxied = seen_->of(result, proxied_way_);
  if (result.out_of_bounds || (interrupted_ && !proxied.sent)) return result;
  const auto direct = courses_.find(index);
  ProxyFacts facts = facts_;
  facts.blamed_where_met = blamed_where_met(result);
  const Case& test = plan_[index];
  Fidelity found = compare(test, direct == courses_.end() ? Course{} : direct->second, proxied, facts, table_);
  if (direct != courses_.end() && found.verdict == Verdict::fail && comparison_of(test, proxied) == Comparison::whole)
    found = confirmed(index, direct->second, proxied, std::move(found));
  if (direct != courses_.end()) courses_.erase(direct);
  remember(test, proxied, found);
  Judgement& judgement = result.judgement;
  judgement.verdict = found.verdict;
  judgement.requirement = found.verdict == Verdict::fail   ? found.requirement
                          : found.verdict == Verdict::pass ? table_.fidelity.outcome
                                                           : test.requirement;
  judgement.expected = std::move(found.expected);
  judgement.actual = std::move(found.actual);
  judgement.causes.clear();
  judgement.form.clear();
  if (!found.cause.empty()) judgement.causes.push_back(std::move(found.cause));
  judgement.reason = std::move(found.reason);
  if (!found.note.empty()) judgement.note = std::move(found.note);
  judgement.checks = std::move(found.checks);
  judgement.readings = std::move(found.traits);
  result.warning = found.verdict == Verdict::fail &&
                   !fails_run(table_.requirement(judgement.requirement).level, again_config_.fail_level);
  if (found.verdict != Verdict::fail) result.sdks.clear();
  return result;
}

std::string TwoWays::blamed_where_met(const CaseResult& result) const {
  for (const std::string& id : result.met_in) {
    const auto found = blamed_.find(id);
    if (found != blamed_.end()) return found->second;
  }
  return {};
}

void TwoWays::remember(const Case& test, const Course& proxied, const Fidelity& found) {
  if (found.verdict != Verdict::fail) return;
  blamed_[test.id] = found.requirement;
  const bool of_the_whole = comparison_of(test, proxied) == Comparison::whole;
  if (of_the_whole && facts_.blamed_for.size() < most_kinds)
    facts_.blamed_for.try_emplace(kind_of(proxied.answer), found.requirement);
}

Fidelity TwoWays::confirmed(std::size_t index, const Course& direct, const Course& proxied, Fidelity found) {
  const Case& test = plan_[index];
  std::set<std::string> tried;
  while (found.verdict == Verdict::fail && confirmed_[found.requirement] < enough && !interrupted_ &&
         tried.insert(found.requirement).second) {
    const std::optional<Course> again = asked_again(index);
    if (!again || !again->sent) return found;
    Fidelity anew = compare(test, *again, proxied, facts_, table_);
    if (anew.verdict == Verdict::pass) return anew;
    const Fidelity itself = compare(test, direct, *again, facts_, table_);
    if (itself.verdict != Verdict::fail || itself.requirement != found.requirement) {
      ++confirmed_[found.requirement];
      return found;
    }
    const bool is_form = itself.requirement == table_.fidelity.body || itself.requirement == table_.fidelity.headers;
    if (!is_form) {
      Fidelity unclear;
      unclear.verdict = Verdict::inconclusive;
      unclear.reason = fmt::format("the upstream answers it otherwise each time: {}, then {}",
                                   summary_of(direct.answer), summary_of(again->answer));
      return unclear;
    }
    facts_.unstable.insert(itself.requirement);
    found = compare(test, direct, proxied, facts_, table_);
  }
  return found;
}

std::optional<Course> TwoWays::asked_again(std::size_t index) {
  if (!std::exchange(again_prepared_, true) && !again_->prepare().empty()) again_->interrupt();
  if (again_->interrupted()) return std::nullopt;
  std::optional<Course> course;
  const Way way{direct_way_.authority, direct_way_.path, proxied_way_.prefix};
  (void)again_->run({index}, [&](std::size_t, const CaseResult& result) { course = seen_->of(result, way); });
  return course;
}

std::vector<std::string> TwoWays::finish() noexcept {
  std::vector<std::string> left = direct_->finish();
  for (std::string& id : swept(proxied_->finish())) left.push_back(std::move(id));
  for (std::string& id : again_->finish()) left.push_back(std::move(id));
  return left;
}

bool TwoWays::left_nothing() const {
  return direct_->left_nothing() && proxied_->left_nothing() && again_->left_nothing();
}

std::string TwoWays::sessions_in_words() const {
  return fmt::format("{}; without the proxy: {}", proxied_->sessions_in_words(), direct_->sessions_in_words());
}

std::size_t TwoWays::requests() const { return direct_->requests() + proxied_->requests() + again_->requests(); }

void TwoWays::interrupt() noexcept {
  interrupted_ = true;
  for (Executor* executor : {direct_.get(), proxied_.get(), again_.get()}) executor->interrupt();
}

}  // namespace conformance
