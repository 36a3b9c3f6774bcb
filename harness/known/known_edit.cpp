#include "harness/known/known_edit.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>

#include "harness/known/toml_text.h"
#include "harness/run/case_patterns.h"
#include "harness/run/plan.h"
#include "harness/text/escape.h"
#include "harness/text/toml_string.h"

namespace conformance::known {
namespace {

using Failures = std::set<Broken>;

bool has_passed(const Finding& finding) { return finding.passed && finding.failures.empty() && !finding.open; }
bool is_settled(const Finding& finding) { return !finding.open && (finding.passed || !finding.failures.empty()); }

std::set<std::string> blamed_by(const Finding& finding) {
  std::set<std::string> requirements;
  for (const Broken& broken : finding.failures) requirements.insert(broken.requirement);
  return requirements;
}

std::string outcome_of(const Broken& broken, bool is_asked) {
  return is_asked ? broken.outcome() : fmt::format("{}: {}", broken.requirement, broken.outcome());
}

std::set<std::string> ids_of(const Catalogue& catalogue) {
  std::set<std::string> ids;
  for (const Catalogue::CaseName& name : catalogue.cases) ids.insert(name.id);
  return ids;
}

// --- new entries

struct NewEntry {
  bool flaky = false;
  std::vector<std::string> match, outcomes;
  std::string requirement;  // that it is about; empty: several
  std::size_t cases = 0;
};

// Sorts failures into the fewest entries that match nothing that passed.
class Grouping {
 public:
  Grouping(const std::vector<const Finding*>& failed, const Findings& findings, const Catalogue& catalogue,
           const std::set<std::string>& taken)
      : failed_(failed), catalogue_(catalogue), ids_(ids_of(catalogue)) {
    for (const Finding* finding : failed)
      for (const std::string& blamed : blamed_by(*finding)) by_requirement_[blamed].push_back(finding);
    for (const auto& [requirement, of_it] : by_requirement_)
      if (!taken.contains(requirement) && is_whole(requirement, of_it, findings)) whole_.insert(requirement);
  }

  std::vector<NewEntry> entries() const {
    std::vector<NewEntry> all;
    for (const std::string& requirement : whole_) {
      std::set<std::string> outcomes;
      const std::vector<const Finding*>& of_it = by_requirement_.at(requirement);
      for (const Finding* finding : of_it)
        for (const Broken& broken : finding->failures) outcomes.insert(broken.outcome());
      all.push_back({false, {requirement}, {outcomes.begin(), outcomes.end()}, requirement, of_it.size()});
    }
    std::map<std::pair<bool, Failures>, std::vector<const Finding*>> groups;
    for (const Finding* finding : failed_)
      if (!is_in_whole(*finding)) groups[{finding->passed, finding->failures}].push_back(finding);
    for (const auto& [key, group] : groups) all.push_back(of_cases(key.first, key.second, group));
    return all;
  }

 private:
  // Then an entry about the requirement says no more than one about its cases.
  [[nodiscard]] bool is_whole(const std::string& requirement, const std::vector<const Finding*>& of_it,
                              const Findings& findings) const {
    const auto& all = catalogue_.requirements;
    if (ids_.contains(requirement) || std::find(all.begin(), all.end(), requirement) == all.end()) return false;
    return std::all_of(of_it.begin(), of_it.end(),
                       [&](const Finding* finding) {
                         return finding->asked == requirement && !finding->passed &&
                                std::all_of(finding->failures.begin(), finding->failures.end(),
                                            [&](const Broken& broken) { return broken.requirement == requirement; });
                       }) &&
           std::none_of(findings.all().begin(), findings.all().end(),
                        [&](const Finding& finding) { return finding.asked == requirement && finding.passed; });
  }
  [[nodiscard]] bool is_in_whole(const Finding& finding) const {
    return std::all_of(finding.failures.begin(), finding.failures.end(),
                       [this](const Broken& broken) { return whole_.contains(broken.requirement); });
  }

  [[nodiscard]] NewEntry of_cases(bool flaky, const Failures& failures,
                                  const std::vector<const Finding*>& group) const {
    std::set<std::string> wanted, outcomes, requirements;
    for (const Finding* finding : group) wanted.insert(finding->id);
    for (const Broken& broken : failures) {
      const bool is_asked = std::all_of(group.begin(), group.end(), [&broken](const Finding* finding) {
        return finding->asked == broken.requirement;
      });
      outcomes.insert(outcome_of(broken, is_asked));
      requirements.insert(broken.requirement);
    }
    return {flaky,
            case_patterns(wanted, ids_),
            {outcomes.begin(), outcomes.end()},
            requirements.size() == 1 ? *requirements.begin() : std::string(),
            group.size()};
  }

  const std::vector<const Finding*>& failed_;
  const Catalogue& catalogue_;
  std::set<std::string> ids_;
  std::map<std::string, std::vector<const Finding*>> by_requirement_;
  std::set<std::string> whole_;  // requirements that are entries
};

std::string text_of(const NewEntry& entry, const spec::SpecTable& table, const Fresh& fresh) {
  std::string out;
  if (const spec::Requirement* r = table.find_requirement(entry.requirement))
    out += "# " + text::visible(r->sentence) + "\n";
  out += fmt::format("[[{}]]\n", entry.flaky ? "flaky" : "known");
  out += "match = " + toml_strings(entry.match) + "\n";
  out += "outcome = " + toml_strings(entry.outcomes) + "\n";
  const std::string reason =
      !fresh.reason.empty()
          ? fresh.reason
          : fmt::format("{} so, and nobody has looked into it",
                        entry.cases == 1 ? "1 case fails" : fmt::format("{} cases fail", entry.cases));
  out += "reason = " + text::toml_string(reason) + "\n";
  out += "issue = " + text::toml_string(fresh.issue) + "\n";
  out += "owner = " + text::toml_string(fresh.owner) + "\n";
  return out + "until = " + day_text(fresh.until) + "\n";
}

std::string entries_for(const std::vector<const Finding*>& failed, const Findings& findings, const Catalogue& catalogue,
                        const std::set<std::string>& taken, const spec::SpecTable& table, const Fresh& fresh) {
  std::vector<NewEntry> entries = Grouping(failed, findings, catalogue, taken).entries();
  const auto rank = [&table](const NewEntry& entry) {
    const auto found = std::find_if(table.requirements.begin(), table.requirements.end(),
                                    [&](const spec::Requirement& r) { return r.id == entry.requirement; });
    return found - table.requirements.begin();
  };
  std::stable_sort(entries.begin(), entries.end(),
                   [&](const NewEntry& a, const NewEntry& b) { return rank(a) < rank(b); });
  std::string out;
  for (const NewEntry& entry : entries) out += (out.empty() ? "" : "\n") + text_of(entry, table, fresh);
  return out;
}

// --- changes of a text

struct Edit {
  Stretch place;
  std::string text;
};

std::string with(std::string_view text, std::vector<Edit> edits) {
  std::stable_sort(edits.begin(), edits.end(),
                   [](const Edit& a, const Edit& b) { return a.place.begin < b.place.begin; });
  std::string out;
  std::size_t at = 0;
  for (const Edit& edit : edits) {
    // The last block is removed with the blank line before it, which the one before it may have taken already.
    if (edit.place.begin >= at)
      out += text.substr(at, edit.place.begin - at);
    else if (out.ends_with("\n\n"))
      out.pop_back();
    out += edit.text;
    at = edit.place.end;
  }
  return out.append(text.substr(at));
}

Edit removal_of(std::string_view text, const Block& block) {
  Stretch place = block.lines;
  if (place.end < text.size() && text[place.end] == '\n') {
    ++place.end;
  } else if (place.end == text.size() && text.substr(0, place.begin).ends_with("\n\n")) {
    --place.begin;
  }
  return {place, ""};
}

// The element with its line, where it has one of its own.
Stretch element(std::string_view text, Stretch token) {
  const std::size_t begin = token.begin == 0 ? 0 : text.rfind('\n', token.begin - 1) + 1;
  const std::size_t end = std::min(text.find('\n', token.end), text.size() - 1) + 1;
  const auto skip = [&](std::size_t at) { return std::min(text.find_first_not_of(" \t\r", at), text.size()); };
  std::size_t after = skip(token.end);
  if (after < text.size() && text[after] == ',') after = skip(after + 1);
  const bool is_alone = skip(begin) == token.begin && (after >= end || text[after] == '\n' || text[after] == '#');
  return is_alone ? Stretch{begin, end} : Stretch{token.begin, after};
}

// Of a list as it is written: what becomes of each of its texts, and what is added at the end.
void edit_list(std::string_view text, const ValuePlace& place, const std::vector<std::string>& before,
               std::vector<std::vector<std::string>> after, std::vector<std::string> added, std::vector<Edit>& edits) {
  std::vector<std::string> all;
  bool is_same = added.empty();
  for (std::size_t i = 0; i < after.size(); ++i) {
    is_same = is_same && after[i] == std::vector{before[i]};
    all.insert(all.end(), after[i].begin(), after[i].end());
  }
  all.insert(all.end(), added.begin(), added.end());
  if (is_same || all.empty()) return;
  const std::string_view written = text.substr(place.whole.begin, place.whole.end - place.whole.begin);
  if (written.find('\n') == std::string_view::npos || place.texts.size() != before.size()) {
    edits.push_back({place.whole, toml_strings(all)});
    return;
  }
  const auto is_kept = [](const std::vector<std::string>& texts) { return !texts.empty(); };
  auto last = std::find_if(after.rbegin(), after.rend(), is_kept);
  if (last == after.rend()) last = std::prev(after.rend());
  last->insert(last->end(), added.begin(), added.end());
  for (std::size_t i = 0; i < after.size(); ++i) {
    if (after[i] == std::vector{before[i]}) continue;
    std::string texts;
    for (const std::string& one : after[i]) texts += (texts.empty() ? "" : ",\n  ") + text::toml_string(one);
    edits.push_back({after[i].empty() ? element(text, place.texts[i]) : place.texts[i], texts});
  }
}

// --- bringing up to date

class Update {
 public:
  Update(std::string_view text, std::string path, const Findings& findings, const Catalogue& catalogue,
         const Circumstances& circumstances)
      : text_(text), path_(std::move(path)), findings_(findings), catalogue_(catalogue), ids_(ids_of(catalogue)) {
    KnownFile file = parse_known_file(text);
    if (!file.faults.empty()) throw KnownFailuresError(in_lines(file.faults, path_));
    for (Entry& entry : file.entries) {
      if (!entry.version.empty() && !glob_match(entry.version, circumstances.version)) {
        notes_.push_back(fmt::format("{}:{}: left as it is: it is of another version", path_, entry.line));
        continue;
      }
      if (std::chrono::sys_days(entry.until) < std::chrono::sys_days(circumstances.today))
        notes_.push_back(
            fmt::format("{}:{}: the entry has ended on {}: agree with {} on a later day, or mend what it is about",
                        path_, entry.line, day_text(entry.until), entry.owner));
      entries_.push_back(std::move(entry));
    }
    std::vector<Fault> faults;
    matched_ = match_entries(entries_, catalogue_, faults);
    // What matches nothing any more is removed.
    std::erase_if(faults, [](const Fault& fault) { return fault.what.find(" is unused: ") != std::string::npos; });
    if (!faults.empty()) throw KnownFailuresError(in_lines(faults, path_));
    for (const auto& [id, index] : matched_.requirements)
      if (entries_[index].flaky || !passes(id)) requirements_.insert(id);
    note_what_may_be_mended();
    is_whole_run_ = std::all_of(catalogue_.cases.begin(), catalogue_.cases.end(), [&](const auto& name) {
      return name.tier == Tier::exhaustive || findings_.find(name.id) != nullptr;
    });
  }

  Updated changed(const spec::SpecTable& table, const std::optional<Fresh>& fresh) {
    const std::vector<Block> blocks = blocks_of(text_);
    for (const Entry& entry : entries_) {
      const auto block =
          std::find_if(blocks.begin(), blocks.end(), [&](const Block& b) { return b.line == entry.line; });
      if (block == blocks.end() || !block->keys.contains("match") || !block->keys.contains("outcome"))
        throw KnownFailuresError(
            fmt::format("{}:{}: it cannot be changed by a program: write the entry below a line "
                        "[[known]], each key on its own line",
                        path_, entry.line));
      change(entry, *block);
    }
    std::string text = with(text_, edits_);
    const std::vector<const Finding*> others = uncovered();
    if (!others.empty()) {
      if (!fresh)
        throw KnownFailuresError(
            fmt::format("there are new failures, {} in all, {} among them: give --owner, --issue and "
                        "--until for their entries; nothing was written",
                        others.size(), others.front()->id));
      if (!text.empty() && !text.ends_with('\n')) text += '\n';
      text += (text.empty() || text.ends_with("\n\n") ? "" : "\n") +
              entries_for(others, findings_, catalogue_, pinned_, table, *fresh);
    }
    return {std::move(text), notes_};
  }

 private:
  // As a run says so: all its cases up to the standard tier passed, and nothing blamed it.
  [[nodiscard]] bool passes(const std::string& requirement) const {
    if (!is_asked_whole(requirement)) return false;
    return std::none_of(findings_.all().begin(), findings_.all().end(), [&](const Finding& finding) {
      return std::any_of(finding.failures.begin(), finding.failures.end(),
                         [&](const Broken& broken) { return broken.requirement == requirement; });
    });
  }
  // A run of a selection cannot show that a requirement holds, but who never asks more would keep its entry for ever.
  void note_what_may_be_mended() {
    for (const std::string& requirement : requirements_) {
      const Entry& entry = entries_[matched_.requirements.at(requirement)];
      if (entry.flaky || is_asked_whole(requirement)) continue;
      std::size_t asked = 0, cases = 0;
      for (const Catalogue::CaseName& name : catalogue_.cases) {
        if (name.requirement != requirement || name.tier == Tier::exhaustive) continue;
        ++cases;
        const Finding* finding = findings_.find(name.id);
        if (finding != nullptr && is_settled(*finding)) ++asked;
      }
      const bool is_blamed = std::any_of(findings_.all().begin(), findings_.all().end(), [&](const Finding& finding) {
        return blamed_by(finding).contains(requirement);
      });
      if (asked == 0 || is_blamed) continue;
      notes_.push_back(fmt::format(
          "{}:{}: {} may be mended: none of the {} of its {} cases that were asked failed; run them all to be sure, "
          "or take it out if these are all that is ever asked",
          path_, entry.line, requirement, asked, cases));
    }
  }
  [[nodiscard]] bool is_asked_whole(const std::string& requirement) const {
    std::size_t cases = 0;
    for (const Catalogue::CaseName& name : catalogue_.cases) {
      if (name.requirement != requirement || name.tier == Tier::exhaustive) continue;
      const Finding* finding = findings_.find(name.id);
      if (finding == nullptr || !is_settled(*finding)) return false;
      ++cases;
    }
    return cases > 0;
  }

  // What was wrong with answers to cases that a run leaves out shows in no other.
  [[nodiscard]] static bool is_of_all_answers(const Pin& pin) { return pin.kind.starts_with(kind_answers); }

  // Cases of a pattern that stay in it.
  [[nodiscard]] bool stays(const Entry& entry, const std::string& id) const {
    const Finding* finding = findings_.find(id);
    if (finding == nullptr) return true;
    if (!entry.flaky && has_passed(*finding)) return false;
    // Another entry is about it now.
    return finding->failures.empty() ||
           !std::all_of(finding->failures.begin(), finding->failures.end(),
                        [this](const Broken& broken) { return requirements_.contains(broken.requirement); });
  }

  [[nodiscard]] std::vector<std::string> left_of(const Entry& entry, const std::string& pattern,
                                                 std::set<std::string>& cases,
                                                 std::set<std::string>& requirements) const {
    const Reach reach = reach_of(pattern, catalogue_);
    std::set<std::string> left;
    for (const std::string& id : reach.cases)
      if (stays(entry, id)) left.insert(id);
    cases.insert(left.begin(), left.end());
    if (!left.empty()) return left.size() == reach.cases.size() ? std::vector{pattern} : case_patterns(left, ids_);
    std::vector<std::string> of_requirements;
    for (const std::string& id : reach.requirements)
      if (requirements_.contains(id)) of_requirements.push_back(id);
    requirements.insert(of_requirements.begin(), of_requirements.end());
    return of_requirements.size() == reach.requirements.size() && !of_requirements.empty() ? std::vector{pattern}
                                                                                           : of_requirements;
  }

  void change(const Entry& entry, const Block& block) {
    std::set<std::string> cases, requirements;
    std::vector<std::vector<std::string>> match;
    bool is_empty = true;
    for (const std::string& pattern : entry.match) {
      match.push_back(left_of(entry, pattern, cases, requirements));
      is_empty = is_empty && match.back().empty();
    }
    if (is_empty) {
      edits_.push_back(removal_of(text_, block));
      return;
    }
    edit_list(text_, block.keys.at("match"), entry.match, match, {}, edits_);
    change_outcomes(entry, block, cases, requirements);
    covered_cases_.insert(cases.begin(), cases.end());
    for (const std::string& id : cases)
      for (const Pin& pin : entry.pins) pinned_.insert(pin.requirement.empty() ? asked_by(id) : pin.requirement);
    pinned_.insert(requirements.begin(), requirements.end());
  }

  [[nodiscard]] std::string asked_by(const std::string& id) const {
    const auto found = std::find_if(catalogue_.cases.begin(), catalogue_.cases.end(),
                                    [&](const Catalogue::CaseName& name) { return name.id == id; });
    return found == catalogue_.cases.end() ? "" : found->requirement;
  }

  void change_outcomes(const Entry& entry, const Block& block, const std::set<std::string>& cases,
                       const std::set<std::string>& requirements) {
    std::set<std::size_t> seen;
    std::set<std::string> added;
    for (const Finding& finding : findings_.all()) {
      const bool is_by_case = cases.contains(finding.id);
      if (!is_by_case && matched_.cases.contains(finding.id)) continue;
      for (const Broken& broken : finding.failures) {
        if (!is_by_case && !requirements.contains(broken.requirement)) continue;
        const std::string& asked = is_by_case ? finding.asked : broken.requirement;
        bool is_known = false;
        for (std::size_t i = 0; i < entry.pins.size(); ++i) {
          if (!is_pinned(entry.pins[i], asked, broken)) continue;
          seen.insert(i);
          is_known = true;
        }
        if (!is_known && !finding.warned) added.insert(outcome_of(broken, broken.requirement == asked));
      }
    }
    const bool is_whole = !entry.flaky && std::all_of(cases.begin(), cases.end(), [this](const std::string& id) {
      const Finding* finding = findings_.find(id);
      return finding != nullptr && is_settled(*finding);
    }) && std::all_of(requirements.begin(), requirements.end(), [this](const std::string& id) {
      return is_asked_whole(id);
    });
    std::vector<std::vector<std::string>> outcomes;
    for (std::size_t i = 0; i < entry.outcomes.size(); ++i)
      outcomes.push_back(is_whole && !seen.contains(i) && (is_whole_run_ || !is_of_all_answers(entry.pins[i]))
                             ? std::vector<std::string>{}
                             : std::vector{entry.outcomes[i]});
    edit_list(text_, block.keys.at("outcome"), entry.outcomes, outcomes, {added.begin(), added.end()}, edits_);
  }

  // Failures of the run that no entry is about.
  [[nodiscard]] std::vector<const Finding*> uncovered() const {
    std::vector<const Finding*> all;
    for (const Finding& finding : findings_.all()) {
      if (finding.failures.empty() || finding.warned || covered_cases_.contains(finding.id)) continue;
      if (!std::all_of(finding.failures.begin(), finding.failures.end(), [this](const Broken& broken) {
            return requirements_.contains(broken.requirement) || is_covered_form(broken);
          }))
        all.push_back(&finding);
    }
    return all;
  }

  // By an entry that is still about the case which gathers it.
  [[nodiscard]] bool is_covered_form(const Broken& broken) const {
    const auto gathers = matched_.gathering.find(broken.requirement);
    if (!broken.is_of_form || gathers == matched_.gathering.end() || !covered_cases_.contains(gathers->second))
      return false;
    return is_pinned(entries_[matched_.cases.at(gathers->second)], broken.requirement, broken);
  }

  std::string_view text_;
  std::string path_;
  const Findings& findings_;
  const Catalogue& catalogue_;
  std::set<std::string> ids_;
  std::vector<Entry> entries_;
  Matched matched_;
  bool is_whole_run_ = true;             // every case up to the standard tier has been asked
  std::set<std::string> requirements_;   // that entries are still about
  std::set<std::string> covered_cases_;  // that entries are still about
  std::set<std::string> pinned_;         // requirements that entries blame
  std::vector<Edit> edits_;
  std::vector<std::string> notes_;
};

// Whether a run that finds the same would be green.
void verify(std::string_view text, const std::string& path, const Findings& findings, const Catalogue& catalogue,
            const std::string& version) {
  KnownFile file = parse_known_file(text);
  std::erase_if(file.entries,
                [&](const Entry& entry) { return !entry.version.empty() && !glob_match(entry.version, version); });
  const Matched matched = match_entries(file.entries, catalogue, file.faults);
  for (const Finding& finding : findings.all()) {
    if (finding.warned) continue;
    for (const Broken& broken : finding.failures) {
      const std::optional<Matched::Found> found = matched.find(finding.id, broken);
      if (found &&
          is_pinned(file.entries[found->entry], found->is_by_case ? finding.asked : broken.requirement, broken))
        continue;
      file.faults.push_back(
          {0, fmt::format("{} of the case {} can be written by hand only", outcome_of(broken, false), finding.id)});
    }
  }
  if (!file.faults.empty())
    throw KnownFailuresError("what would be written is not right; nothing was written:\n" +
                             in_lines(file.faults, path));
}

}  // namespace

void Findings::add(const CaseResult& result) {
  const auto [at, is_new] = at_.try_emplace(result.test.id, all_.size());
  if (is_new) {
    all_.emplace_back();
    all_.back().id = result.test.id;
    all_.back().asked = result.test.requirement;
  }
  Finding& finding = all_[at->second];
  const bool is_stale = result.known && result.known->state == KnownFailure::State::passed;
  switch (is_stale ? Verdict::pass : result.judgement.verdict) {
    case Verdict::pass:
      finding.passed = true;
      break;
    case Verdict::fail:
    case Verdict::known:
      for (Broken& broken : broken_by(result)) finding.failures.insert(std::move(broken));
      finding.warned = result.warning;
      break;
    case Verdict::inconclusive:
    case Verdict::skipped:
    case Verdict::error:
      finding.open = true;
  }
}

const Finding* Findings::find(const std::string& id) const {
  const auto found = at_.find(id);
  return found == at_.end() ? nullptr : &all_[found->second];
}

std::string new_entries(const Findings& findings, const Catalogue& catalogue, const spec::SpecTable& table,
                        const Fresh& fresh) {
  std::vector<const Finding*> failed;
  for (const Finding& finding : findings.all())
    if (!finding.failures.empty() && !finding.warned) failed.push_back(&finding);
  std::string text = entries_for(failed, findings, catalogue, {}, table, fresh);
  verify(text, "known failures", findings, catalogue, "");
  return text;
}

Updated update_file(std::string_view text, const std::string& path, const Findings& findings,
                    const Catalogue& catalogue, const spec::SpecTable& table, const std::optional<Fresh>& fresh,
                    const Circumstances& circumstances) {
  Updated updated = Update(text, path, findings, catalogue, circumstances).changed(table, fresh);
  verify(updated.text, path, findings, catalogue, circumstances.version);
  return updated;
}

}  // namespace conformance::known
