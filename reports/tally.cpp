#include "reports/tally.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "harness/text/escape.h"

namespace conformance::reports {
namespace {

// Or of one that is not in English, or a control character, escaped as text::visible() does or not.
bool is_of_a_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_' ||
         c == '\\' || static_cast<unsigned char>(c) >= 0x80 || static_cast<unsigned char>(c) < 0x20;
}

// A session's or a request's, as endpoints put them into their messages: a long word that has a digit. Or the end of
// one that text::elide() has cut.
bool is_identifier(std::string_view before, std::string_view word) {
  constexpr std::size_t shortest = 8;
  if (before.ends_with(" more bytes)")) return true;
  return word.size() >= shortest && word.find_first_of("0123456789") != std::string_view::npos;
}

// From the first to the last: an identifier of a session may hold anything, blanks as well.
std::string without_identifiers(const std::string& text) {
  const std::string_view all = text;
  std::size_t first = all.size(), last = 0;
  for (std::size_t begin = 0; begin < all.size();) {
    std::size_t end = begin;
    while (end < all.size() && is_of_a_word(all[end])) ++end;
    if (end > begin && is_identifier(all.substr(0, begin), all.substr(begin, end - begin))) {
      first = std::min(first, begin);
      last = end;
    }
    begin = end + 1;
  }
  return last == 0 ? text : fmt::format("{}…{}", all.substr(0, first), all.substr(last));
}

// Reasons that differ only in what they quote or in identifiers are one. Quotes come in pairs, or the rest stays.
std::string without_what_varies(const std::string& reason) {
  std::string out;
  std::size_t kept = 0;
  for (std::size_t open = reason.find('"'); open != std::string::npos; open = reason.find('"', kept)) {
    const std::size_t close = reason.find('"', open + 1);
    if (close == std::string::npos) break;
    out.append(reason, kept, open - kept);
    out += R"("…")";
    kept = close + 1;
  }
  return without_identifiers(out.append(reason, kept));
}

std::vector<ReasonTally> grouped(const std::vector<std::pair<const std::string*, const std::string*>>& reasons_of_ids) {
  std::vector<ReasonTally> all;
  std::unordered_map<std::string, std::size_t> at;
  for (const auto& [reason, id] : reasons_of_ids) {
    const auto [found, is_new] = at.try_emplace(without_what_varies(*reason), all.size());
    if (is_new) all.push_back({*reason, 0, *id});
    ReasonTally& r = all[found->second];
    ++r.cases;
    if (r.reason != *reason) r.reason = found->first;  // no longer the one of all
  }
  return all;
}

// Not copied and then emptied: an answer may have many megabytes.
CaseResult without_messages(const CaseResult& result) {
  CaseResult bare;
  bare.test = result.test;
  bare.judgement = result.judgement;
  bare.request = result.request;
  bare.elapsed = result.elapsed;
  bare.sdks = result.sdks;
  bare.deeds = result.deeds;
  bare.met_in = result.met_in;
  bare.warning = result.warning;
  bare.out_of_bounds = result.out_of_bounds;
  bare.known = result.known;
  bare.reproduction = result.reproduction;
  return bare;
}

constexpr std::size_t kind_bytes = 120;
constexpr std::size_t value_bytes = 600;

// Of an answer to one request; what has none is one kind too.
std::string kind_of_failure(const CaseResult& result) {
  const Answer& answer = result.judgement.answer;
  if (answer.status == 0 && answer.outcome != spec::Outcome::no_response) return "no single answer";
  return text::elide(text::visible(kind_of(answer)), kind_bytes);
}

// The entry of `key`, made at the end if there is none.
template <typename T>
T& entry_of(std::vector<T>& all, std::unordered_map<std::string, std::size_t>& at, const std::string& key,
            std::string T::*member) {
  const auto [found, is_new] = at.try_emplace(key, all.size());
  if (is_new) all.emplace_back().*member = key;
  return all[found->second];
}

}  // namespace

int badness(const CaseResult& result) {
  if (result.warning) return 2;
  switch (result.judgement.verdict) {
    case Verdict::pass:
      return 0;
    case Verdict::skipped:
      return 1;
    case Verdict::known:
      return 3;
    case Verdict::inconclusive:
      return 4;
    case Verdict::error:
      return 5;
    case Verdict::fail:
      return 6;
  }
  return 6;
}

std::size_t failing_requirements(const std::vector<RequirementTally>& all) {
  return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [](const RequirementTally& r) {
    return r.failed > 0 && !r.warning && r.id != stale_requirement;
  }));
}

std::string in_words(const KnownFailure& known) {
  return fmt::format("{}: {} ({}, until {}, {}; {})", known.outcome, known.reason, known.issue, known.until,
                     known.owner, known.place);
}

std::string Tally::add_cause(const CaseResult& result) {
  std::map<std::string, Cause>& causes = causes_[result.judgement.requirement];
  std::string kind = kind_of_failure(result);
  if (causes.size() >= max_causes && !causes.contains(kind)) kind = "other answers";
  const std::size_t size = result.request.body.size();
  const auto [found, is_new] = causes.try_emplace(kind);
  if (!is_new && size >= found->second.size) return kind;
  // Bounded, as an answer may have megabytes.
  const auto bounded = [](const std::string& value) { return value.substr(0, value_bytes); };
  found->second = {size,
                   {kind, 0, result.test.id, bounded(result.judgement.expected), bounded(result.judgement.actual)}};
  return kind;
}

std::vector<CauseTally> Tally::causes_of(const std::string& requirement) const {
  std::map<std::string, std::size_t> counts;
  for (const Entry& entry : entries_)
    if (entry.verdict == Verdict::fail && entry.requirement == requirement) ++counts[entry.cause];
  std::vector<CauseTally> all;
  for (const auto& [kind, count] : counts) {
    all.push_back(causes_.at(requirement).at(kind).tally);
    all.back().failed = count;
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const CauseTally& a, const CauseTally& b) { return a.failed > b.failed; });
  return all;
}

void Tally::add(const CaseResult& result) {
  const Judgement& j = result.judgement;
  const auto [at, is_new] = at_.try_emplace(result.test.id, entries_.size());
  if (is_new) entries_.emplace_back();
  Entry& entry = entries_[at->second];
  if (!is_new && badness(result) <= entry.badness) return;
  entry = {result.test.id, j.requirement,  j.reason,        j.note,   {},
           j.verdict,      result.warning, badness(result), j.checks, result.known};
  if (j.verdict != Verdict::fail) return;
  entry.cause = add_cause(result);
  const auto smallest = smallest_.find(j.requirement);
  const bool is_first = smallest == smallest_.end();
  if (is_first || result.request.body.size() < smallest->second.request.body.size())
    smallest_.insert_or_assign(j.requirement, without_messages(result));
}

std::vector<RequirementTally> Tally::requirements() const {
  std::vector<RequirementTally> all;
  std::unordered_map<std::string, std::size_t> at;
  for (const Entry& entry : entries_) {
    std::map<std::string, bool> checked;  // a case counts once for a requirement, however often it checked it
    for (const Check& check : entry.checks) {
      const auto [found, is_new] = checked.try_emplace(check.requirement, check.held);
      if (!is_new) found->second = found->second && check.held;
    }
    if (entry.verdict == Verdict::fail || entry.verdict == Verdict::known) checked[entry.requirement] = false;
    for (const auto& [id, held] : checked) {
      RequirementTally& r = entry_of(all, at, id, &RequirementTally::id);
      ++r.checked;
      if (held) ++r.held;
    }
    if (entry.verdict == Verdict::known) ++entry_of(all, at, entry.requirement, &RequirementTally::id).known;
    if (entry.verdict != Verdict::fail) continue;
    RequirementTally& r = entry_of(all, at, entry.requirement, &RequirementTally::id);
    r.warning = entry.warning && (r.failed == 0 || r.warning);
    ++r.failed;
    if (r.failing_ids.size() < max_ids) r.failing_ids.push_back(entry.id);
    r.smallest = &smallest_.at(entry.requirement);
  }
  for (RequirementTally& r : all)
    if (r.failed > 0) r.causes = causes_of(r.id);
  return all;
}

std::vector<ReasonTally> Tally::reasons(Verdict verdict) const {
  std::vector<std::pair<const std::string*, const std::string*>> all;
  for (const Entry& entry : entries_)
    if (entry.verdict == verdict) all.emplace_back(&entry.reason, &entry.id);
  return grouped(all);
}

std::vector<KnownTally> Tally::known() const {
  std::vector<KnownTally> all;
  std::unordered_map<std::string, std::size_t> at;
  for (const Entry& entry : entries_) {
    if (entry.verdict != Verdict::known || !entry.known) continue;
    const auto [found, is_new] = at.try_emplace(entry.known->place, all.size());
    if (is_new) all.push_back({*entry.known, 0, entry.id});
    ++all[found->second].cases;
  }
  return all;
}

std::vector<ReasonTally> Tally::notes() const {
  std::vector<std::pair<const std::string*, const std::string*>> all;
  for (const Entry& entry : entries_)
    if (!entry.note.empty()) all.emplace_back(&entry.note, &entry.id);
  return grouped(all);
}

}  // namespace conformance::reports
