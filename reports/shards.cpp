#include "reports/shards.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "harness/run/characteristics.h"
#include "harness/run/totals.h"
#include "harness/text/escape.h"

namespace conformance::reports {
namespace {

const std::vector<std::string>& plan_of(const RunInfo& info) {
  static const std::vector<std::string> none;
  return info.plan ? *info.plan : none;
}

// What must be the same in all, in words.
struct Mark {
  const char* name;
  std::string (*of)(const RunInfo&);
};

constexpr std::array marks{
    Mark{"version", [](const RunInfo& i) { return i.tool_version; }},
    Mark{"endpoint", [](const RunInfo& i) { return i.endpoint; }},
    Mark{"seed", [](const RunInfo& i) { return std::to_string(i.seed); }},
    Mark{"tier", [](const RunInfo& i) { return std::string(name_of(i.tier)); }},
    Mark{"number of shards", [](const RunInfo& i) { return std::to_string(i.shards); }},
    Mark{"level that fails", [](const RunInfo& i) { return std::string(spec::name_of(i.fail_level)); }},
    Mark{"region", [](const RunInfo& i) { return i.region; }},
    Mark{"signing", [](const RunInfo& i) { return std::string(i.signed_requests ? "signed" : "unsigned"); }},
};

void add_once(std::vector<std::string>& all, const std::string& one) {
  if (std::find(all.begin(), all.end(), one) == all.end()) all.push_back(one);
}

}  // namespace

struct Shards::Shard {
  std::string file;
  RunInfo info;
  spec::SpecTable table;
  std::vector<CaseResult> results;
  RunEnd end;
};

class Shards::Listener : public RunListener {
 public:
  explicit Listener(Shard& shard) : shard_(shard) {}
  void on_start(const RunInfo& info, const spec::SpecTable& table) override {
    shard_.info = info;
    shard_.table = table;
  }
  void on_case(const CaseResult& result) override { shard_.results.push_back(result); }
  void on_end(const RunEnd& end) override { shard_.end = end; }

 private:
  Shard& shard_;
};

RunListener& Shards::add(const std::string& file) {
  shards_.push_back(std::make_shared<Shard>());
  shards_.back()->file = file;
  listeners_.push_back(std::make_shared<Listener>(*shards_.back()));
  return *listeners_.back();
}

std::vector<std::string> Shards::faults() const {
  std::vector<std::string> faults;
  if (shards_.empty()) return {"there is no shard"};
  const Shard& first = *shards_.front();
  for (const auto& shard : shards_) {
    for (const Mark& mark : marks) {
      const std::string expected = mark.of(first.info), got = mark.of(shard->info);
      if (got != expected)
        faults.push_back(fmt::format("{} is of another plan than {}: its {} is {}, not {}",
                                     text::in_quotes(shard->file), text::in_quotes(first.file), mark.name,
                                     text::in_quotes(got), text::in_quotes(expected)));
    }
    if (plan_of(shard->info) != plan_of(first.info))
      faults.push_back(fmt::format("{} is of another plan than {}: its cases are others", text::in_quotes(shard->file),
                                   text::in_quotes(first.file)));
    if (plan_of(shard->info).empty()) faults.push_back(text::in_quotes(shard->file) + " does not say what was planned");
  }
  if (!faults.empty()) return faults;
  std::unordered_map<std::string, const Shard*> seen_in;
  std::unordered_set<std::string> doubled;
  for (const std::string& id : plan_of(first.info)) seen_in.emplace(id, nullptr);
  for (const auto& shard : shards_) {
    for (const CaseResult& result : shard->results) {
      const auto found = seen_in.find(result.test.id);
      if (found == seen_in.end()) {
        faults.push_back(
            fmt::format("{} is in {}, but not planned", text::in_quotes(result.test.id), text::in_quotes(shard->file)));
      } else if (found->second == nullptr) {
        found->second = shard.get();
      } else if (found->second != shard.get() && doubled.insert(result.test.id).second) {
        faults.push_back(fmt::format("{} is doubled: it is in {} and in {}", text::in_quotes(result.test.id),
                                     text::in_quotes(found->second->file), text::in_quotes(shard->file)));
      }
    }
  }
  for (const std::string& id : plan_of(first.info))
    if (seen_in.at(id) == nullptr)
      faults.push_back(fmt::format("{} is missing: it is in no shard", text::in_quotes(id)));
  return faults;
}

RunInfo Shards::merged_info() const {
  RunInfo info = shards_.front()->info;
  info.planned = plan_of(info).size();
  info.shard = 0;
  info.shards = 1;
  std::vector<std::string> sessions, notes;
  for (const auto& shard : shards_) {
    info.started = std::min(info.started, shard->info.started);
    add_once(sessions, shard->info.sessions);
    for (const std::string& note : shard->info.notes) add_once(notes, note);
  }
  info.sessions.clear();
  for (const std::string& one : sessions) info.sessions.append(info.sessions.empty() ? "" : "; ").append(one);
  info.notes = std::move(notes);
  return info;
}

// Requirements that are known to fail, and of which the shards together asked every case without a failure.
void Shards::add_stale(RunEnd& end) const {
  std::map<std::string, Watched> sums;
  for (const auto& shard : shards_) {
    for (const Watched& one : shard->end.watched) {
      Watched& sum = sums[one.stale];
      sum.cases = one.cases;
      sum.settled += one.settled;
      sum.failed += one.failed;
    }
  }
  for (const auto& [stale, sum] : sums)
    if (sum.failed == 0 && sum.settled >= sum.cases) add_once(end.stale, stale);
}

// What no shard held.
void Shards::add_not_held(RunEnd& end) const {
  for (const NotHeld& pin : shards_.front()->end.not_held) {
    const bool in_none = std::all_of(shards_.begin(), shards_.end(), [&pin](const auto& shard) {
      const std::vector<NotHeld>& all = shard->end.not_held;
      return std::any_of(all.begin(), all.end(), [&pin](const NotHeld& one) { return one.id == pin.id; });
    });
    if (in_none) end.not_held.push_back(pin);
  }
}

int Shards::tell(RunListener& listener) const {
  const RunInfo info = merged_info();
  const spec::SpecTable& table = shards_.front()->table;
  std::unordered_map<std::string_view, std::vector<const CaseResult*>> results;
  for (const auto& shard : shards_)
    for (const CaseResult& result : shard->results) results[result.test.id].push_back(&result);
  Characteristics characteristics(table);
  TotalsByCase totals;
  listener.on_start(info, table);
  for (const std::string& id : plan_of(info)) {
    for (const CaseResult* result : results.at(id)) {
      characteristics.add(*result);
      totals.add(*result);
      listener.on_case(*result);
    }
  }
  RunEnd end;
  end.totals = totals.read();
  end.characteristics = characteristics.read();
  for (const auto& shard : shards_) {
    const RunEnd& one = shard->end;
    end.leftovers.insert(end.leftovers.end(), one.leftovers.begin(), one.leftovers.end());
    end.interrupted = end.interrupted || one.interrupted;
    for (const std::string& stale : one.stale) add_once(end.stale, stale);
    if (end.fatal.empty()) end.fatal = one.fatal;
    end.elapsed = std::max(end.elapsed, one.elapsed);  // they run beside each other
    end.requests += one.requests;
  }
  add_stale(end);
  add_not_held(end);
  end.exit_status = exit_status(end.totals, end.interrupted, end.fatal, !end.stale.empty());
  if (end.exit_status == 0 && !end.leftovers.empty()) end.exit_status = 3;
  listener.on_end(end);
  return end.exit_status;
}

}  // namespace conformance::reports
