#include "harness/known/known_failures.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "harness/run/plan.h"
#include "harness/text/escape.h"
#include "harness/text/suggest.h"

namespace conformance::known {
namespace {

constexpr std::size_t kind_bytes = 200;  // an endpoint may make up a type

std::vector<std::string> known_ids(const Catalogue& catalogue) {
  std::vector<std::string> ids = catalogue.requirements;
  for (const Catalogue::CaseName& name : catalogue.cases) ids.push_back(name.id);
  return ids;
}

std::string hint_at(std::string_view pattern, const Catalogue& catalogue) {
  if (std::any_of(catalogue.cases.begin(), catalogue.cases.end(),
                  [&](const Catalogue::CaseName& name) { return name.id.starts_with(std::string(pattern) + "."); }))
    return fmt::format("ids of cases begin with it: '{}.*'", text::visible(pattern));
  const std::string near = text::nearest(pattern, known_ids(catalogue));
  return near.empty() ? "correct or remove it; `glue-conformance list` shows all ids" : "did you mean '" + near + "'?";
}

std::string kind_of_failure(const CaseResult& result) {
  if (result.test.gathers) return std::string(kind_answers);
  const Answer& answer = result.judgement.answer;
  if (answer.outcome == spec::Outcome::no_response && answer.body_fault.empty() && !result.stimulus)
    return std::string(kind_effects);
  return text::elide(text::visible(kind_of(answer)), kind_bytes);
}

// Which requirements an entry pins for a case.
std::set<std::string> pinned_requirements(const Entry& entry, const std::string& asked) {
  std::set<std::string> all;
  for (const Pin& pin : entry.pins) all.insert(pin.requirement.empty() ? asked : pin.requirement);
  return all;
}

std::string with_cause(std::string_view kind, std::string_view cause) {
  return cause.empty() ? std::string(kind) : fmt::format("{} ({})", kind, cause);
}

class Matcher {
 public:
  Matcher(const std::vector<Entry>& entries, const Catalogue& catalogue, std::vector<Fault>& faults)
      : entries_(entries), catalogue_(catalogue), faults_(faults) {}

  Matched match() {
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      for (const Pin& pin : entries_[i].pins) check(pin, entries_[i]);
      for (const std::string& pattern : entries_[i].match) take(i, pattern);
    }
    refuse_covered();
    for (const Catalogue::CaseName& name : catalogue_.cases)
      if (name.gathers) matched_.gathering.emplace(name.requirement, name.id);
    return std::move(matched_);
  }

 private:
  void check(const Pin& pin, const Entry& entry) {
    const auto& all = catalogue_.requirements;
    if (pin.requirement.empty() || std::find(all.begin(), all.end(), pin.requirement) != all.end()) return;
    const std::string near = text::nearest(pin.requirement, all);
    faults_.push_back(
        {entry.line, fmt::format("outcome: there is no requirement {}{}", text::in_quotes(pin.requirement),
                                 near.empty() ? "" : "; did you mean '" + near + "'?")});
  }

  void take(std::size_t index, const std::string& pattern) {
    const Entry& entry = entries_[index];
    const Reach reach = reach_of(pattern, catalogue_);
    if (reach.cases.empty() && reach.requirements.empty())
      faults_.push_back({entry.line, fmt::format("{} is unused: no case and no requirement has such an id; {}",
                                                 text::in_quotes(pattern), hint_at(pattern, catalogue_))});
    claim(matched_.cases, reach.cases, index, pattern, "case");
    claim(matched_.requirements, reach.requirements, index, pattern, "requirement");
  }

  void claim(std::unordered_map<std::string, std::size_t>& by, const std::vector<std::string>& ids, std::size_t index,
             const std::string& pattern, std::string_view noun) {
    std::map<std::string, std::pair<std::size_t, std::string>> others;  // by their patterns: how many ids, the first
    std::size_t line = 0;
    for (const std::string& id : ids) {
      const auto [found, is_new] = by.try_emplace(id, index);
      if (is_new) {
        matched_.pattern_of.emplace(id, pattern);
        continue;
      }
      line = entries_[found->second].line;
      auto& [count, first] = others[matched_.pattern_of.at(id)];
      if (count++ == 0) first = id;
    }
    for (const auto& [other, what] : others)
      faults_.push_back({entries_[index].line,
                         fmt::format("{} overlaps with {} of the entry in line {}: both match the {} {}{}; match each "
                                     "only once",
                                     text::in_quotes(pattern), text::in_quotes(other), line, noun, what.second,
                                     what.first == 1 ? "" : fmt::format(" and {} more", what.first - 1))});
  }

  // A failure that one entry has as the case's, and another as the requirement's.
  void refuse_covered() {
    std::map<std::pair<std::size_t, std::string>, std::pair<std::size_t, std::string>> covered;
    for (const Catalogue::CaseName& name : catalogue_.cases) {
      const auto found = matched_.cases.find(name.id);
      if (found == matched_.cases.end()) continue;
      for (const std::string& requirement : pinned_requirements(entries_[found->second], name.requirement)) {
        if (!matched_.requirements.contains(requirement)) continue;
        auto& [count, first] = covered[{found->second, requirement}];
        if (count++ == 0) first = name.id;
      }
    }
    for (const auto& [key, what] : covered)
      faults_.push_back(
          {entries_[key.first].line,
           fmt::format("it overlaps with the entry in line {}: that is about the requirement {}, and so about the case "
                       "{}{} too; leave one of them out",
                       entries_[matched_.requirements.at(key.second)].line, text::in_quotes(key.second), what.second,
                       what.first == 1 ? "" : fmt::format(" and {} more", what.first - 1))});
  }

  const std::vector<Entry>& entries_;
  const Catalogue& catalogue_;
  std::vector<Fault>& faults_;
  Matched matched_;
};

}  // namespace

Catalogue catalogue_of(const spec::SpecTable& table, const std::vector<Case>& all) {
  Catalogue catalogue;
  for (const Case& c : all) catalogue.cases.push_back({c.id, c.requirement, c.tier, c.gathers});
  for (const spec::Requirement& r : table.requirements) catalogue.requirements.push_back(r.id);
  return catalogue;
}

std::string Broken::outcome() const { return with_cause(kind, cause); }

std::vector<Broken> broken_by(const CaseResult& result) {
  const Judgement& j = result.judgement;
  const std::string kind = kind_of_failure(result);
  std::vector<Broken> all;
  for (const auto& [requirement, cause] : j.form)
    all.push_back({requirement, kind, text::elide(text::visible(cause), kind_bytes), true});
  if (!all.empty()) return all;
  if (j.causes.empty()) return {{j.requirement, kind, ""}};
  for (const std::string& cause : j.causes)
    all.push_back({j.requirement, kind, text::elide(text::visible(cause), kind_bytes)});
  return all;
}

std::optional<Matched::Found> Matched::find(const std::string& case_id, const Broken& broken) const {
  if (const auto found = cases.find(case_id); found != cases.end()) return Found{found->second, case_id, true};
  if (const auto found = requirements.find(broken.requirement); found != requirements.end())
    return Found{found->second, broken.requirement, false};
  const auto gathers = gathering.find(broken.requirement);
  if (!broken.is_of_form || gathers == gathering.end()) return std::nullopt;
  const auto found = cases.find(gathers->second);
  if (found == cases.end()) return std::nullopt;
  return Found{found->second, gathers->second, false};
}

Reach reach_of(std::string_view pattern, const Catalogue& catalogue) {
  Reach reach;
  for (const Catalogue::CaseName& name : catalogue.cases)
    if (glob_match(pattern, name.id)) reach.cases.push_back(name.id);
  if (!reach.cases.empty()) return reach;
  for (const std::string& id : catalogue.requirements)
    if (glob_match(pattern, id)) reach.requirements.push_back(id);
  return reach;
}

Matched match_entries(const std::vector<Entry>& entries, const Catalogue& catalogue, std::vector<Fault>& faults) {
  return Matcher(entries, catalogue, faults).match();
}

bool is_pinned(const Pin& pin, std::string_view asked, const Broken& broken) {
  if (broken.requirement != (pin.requirement.empty() ? asked : std::string_view(pin.requirement))) return false;
  if (pin.kind == broken.kind || pin.kind == broken.outcome()) return true;
  return broken.is_of_form && (pin.kind == kind_answers || pin.kind == with_cause(kind_answers, broken.cause));
}

bool is_pinned(const Entry& entry, std::string_view asked, const Broken& broken) {
  return std::any_of(entry.pins.begin(), entry.pins.end(),
                     [&](const Pin& pin) { return is_pinned(pin, asked, broken); });
}

std::string in_lines(const std::vector<Fault>& faults, std::string_view path) {
  std::string lines;
  for (const Fault& fault : faults)
    lines += fmt::format("{}{}:{}: {}", lines.empty() ? "" : "\n", text::visible(path), fault.line, fault.what);
  return lines;
}

KnownFailures::KnownFailures(std::vector<Entry> entries, std::string path, const Catalogue& catalogue)
    : entries_(std::move(entries)), path_(std::move(path)) {
  std::vector<Fault> faults;
  matched_ = match_entries(entries_, catalogue, faults);
  if (!faults.empty()) throw KnownFailuresError(in_lines(faults, path_));
  for (const auto& [id, index] : matched_.requirements)
    if (!entries_[index].flaky) watched_[id];
  for (const Catalogue::CaseName& name : catalogue.cases) {
    const auto watched = watched_.find(name.requirement);
    if (watched == watched_.end() || name.tier == Tier::exhaustive) continue;
    watched->second.open.insert(name.id);
    ++watched->second.cases;
  }
}

KnownFailure KnownFailures::told(std::size_t index, const std::string& id, KnownFailure::State state) const {
  const Entry& entry = entries_[index];
  return {state,
          entry.flaky,
          matched_.pattern_of.at(id),
          fmt::format("{}", fmt::join(entry.outcomes, " or ")),
          entry.reason,
          entry.issue,
          entry.owner,
          day_text(entry.until),
          fmt::format("{}:{}", path_, entry.line)};
}

void KnownFailures::watch(const CaseResult& result) {
  const Judgement& j = result.judgement;
  if (j.verdict != Verdict::pass && j.verdict != Verdict::fail) return;
  if (const auto asked = watched_.find(result.test.requirement); asked != watched_.end())
    asked->second.open.erase(result.test.id);
  if (j.verdict == Verdict::pass) return;
  std::set<std::string> blamed{j.requirement};
  for (const auto& [requirement, cause] : j.form) blamed.insert(requirement);
  for (const std::string& requirement : blamed)
    if (const auto found = watched_.find(requirement); found != watched_.end()) ++found->second.failed;
}

void KnownFailures::rule(CaseResult& result) {
  watch(result);
  if (result.judgement.verdict == Verdict::pass) rule_pass(result);
  if (result.judgement.verdict == Verdict::fail && !result.known) rule_failure(result);
}

void KnownFailures::rule_pass(CaseResult& result) {
  const auto found = matched_.cases.find(result.test.id);
  if (found == matched_.cases.end() || entries_[found->second].flaky) return;
  result.known = told(found->second, result.test.id, KnownFailure::State::passed);
  Judgement& j = result.judgement;
  j.verdict = Verdict::fail;
  j.requirement = stale_requirement;
  j.expected = fmt::format("to fail as known ({}): {}", result.known->place, result.known->outcome);
  j.actual = "it passes: remove it from the entry, or the entry";
  Passed& passed = passed_[found->second];
  if (passed.cases++ == 0) passed.first = result.test.id;
}

void KnownFailures::rule_failure(CaseResult& result) {
  Judgement& j = result.judgement;
  std::optional<Matched::Found> first;
  bool is_waived = true;
  for (const Broken& broken : broken_by(result)) {
    const std::optional<Matched::Found> found = matched_.find(result.test.id, broken);
    if (!first) first = found;
    const std::string& asked = found && found->is_by_case ? result.test.requirement : broken.requirement;
    is_waived = is_waived && found && is_pinned(entries_[found->entry], asked, broken);
  }
  if (!first) return;
  if (is_waived) {
    result.known = told(first->entry, first->id, KnownFailure::State::waived);
    j.verdict = Verdict::known;
    result.warning = false;
    return;
  }
  result.known = told(first->entry, first->id, KnownFailure::State::otherwise);
  j.expected += fmt::format("; or, as known ({}), {}", result.known->place, result.known->outcome);
}

void KnownFailures::conclude(RunEnd& end) {
  for (const auto& [index, passed] : passed_)
    end.stale.push_back(fmt::format("{}:{}: {} known to fail passes{}: remove {} from the entry, or the entry", path_,
                                    entries_[index].line, passed.first,
                                    passed.cases == 1 ? "" : fmt::format(", and so do {} more", passed.cases - 1),
                                    passed.cases == 1 ? "it" : "them"));
  for (const auto& [id, watched] : watched_) {
    if (watched.cases == 0) continue;
    std::string stale = fmt::format(
        "{}:{}: {} known to fail passes: none of its {} cases breaks it any more; remove {} from the "
        "entry, or the entry",
        path_, entries_[matched_.requirements.at(id)].line, id, watched.cases, matched_.pattern_of.at(id));
    if (!watched.open.empty()) {
      end.watched.push_back({std::move(stale), watched.cases, watched.cases - watched.open.size(), watched.failed});
    } else if (watched.failed == 0) {
      end.stale.push_back(std::move(stale));
    }
  }
}

KnownFailures read_known_failures(std::string_view text, const std::string& path, const Catalogue& catalogue,
                                  const Circumstances& circumstances) {
  KnownFile file = parse_known_file(text);
  std::vector<Entry> here;
  std::size_t of_others = 0;
  for (Entry& entry : file.entries) {
    if (std::chrono::sys_days(entry.until) < std::chrono::sys_days(circumstances.today))
      file.faults.push_back(
          {entry.line, fmt::format("the entry has ended on {}: mend what it is about, or agree with {} "
                                   "on a later day",
                                   day_text(entry.until), text::visible(entry.owner))});
    if (!entry.version.empty() && circumstances.version.empty())
      file.faults.push_back({entry.line,
                             "the entry is of a version: say which the endpoint has, by "
                             "--endpoint-version, or leave `version` out"});
    const bool applies = entry.version.empty() || glob_match(entry.version, circumstances.version);
    if (applies) {
      here.push_back(std::move(entry));
      continue;
    }
    ++of_others;
    // By itself: it may match what another entry of another version does.
    (void)match_entries({entry}, catalogue, file.faults);
  }
  (void)match_entries(here, catalogue, file.faults);
  std::stable_sort(file.faults.begin(), file.faults.end(),
                   [](const Fault& a, const Fault& b) { return a.line < b.line; });
  if (!file.faults.empty()) throw KnownFailuresError(in_lines(file.faults, path));
  const std::size_t entries = here.size();
  KnownFailures known(std::move(here), path, catalogue);
  known.add_note(fmt::format("known failures: {} {} of {}{}", entries, entries == 1 ? "entry" : "entries", path,
                             of_others == 0 ? ""
                                            : fmt::format("; {} {} of another version than {}", of_others,
                                                          of_others == 1 ? "is" : "are", circumstances.version)));
  return known;
}

}  // namespace conformance::known
