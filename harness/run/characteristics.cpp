#include "harness/run/characteristics.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace conformance {
namespace {

constexpr std::size_t max_observations = 40;
// Of the errors of all cases, whatever they ask.
constexpr const char* undeclared_errors = "error.undeclared";

bool is_refused(const Answer& answer) { return answer.outcome == spec::Outcome::rejected_as_invalid; }

bool is_taken(const Answer& answer) {
  return answer.outcome == spec::Outcome::success || answer.outcome == spec::Outcome::not_found;
}

// Of a body that can be read to name one of several: which was taken.
std::string reading_taken(const Case& test, const Answer& answer) {
  if (test.readings.size() < 2 || !answer.echo) return {};
  if (*answer.echo == test.readings.front()) return ", the first of them";
  return *answer.echo == test.readings.back() ? ", the last of them" : "";
}

}  // namespace

std::vector<std::string> consistent_units(const std::vector<std::pair<Lengths, bool>>& observations,
                                          std::uint32_t max) {
  struct Unit {
    const char* name;
    std::uint32_t Lengths::*length;
  };
  std::vector<std::string> units;
  for (const Unit& unit : {Unit{"code_points", &Lengths::code_points}, Unit{"utf16_units", &Lengths::utf16_units},
                           Unit{"bytes", &Lengths::bytes}}) {
    const bool consistent = std::all_of(observations.begin(), observations.end(), [&](const auto& observation) {
      return observation.second == (observation.first.*unit.length <= max);
    });
    if (consistent) units.emplace_back(unit.name);
  }
  return units;
}

void Characteristics::add(const CaseResult& result) {
  const Verdict verdict = result.judgement.verdict;
  const std::optional<bool>& carried_out = result.judgement.carried_out;
  add_readings(result);
  if (!result.stimulus || !(result.stimulus->response || carried_out)) return;
  if (verdict == Verdict::inconclusive || verdict == Verdict::skipped || verdict == Verdict::error) return;
  if (result.test.kind == Kind::malformed && result.test.requirement == table_.checks.too_long) {
    took_too_long_ = took_too_long_ || is_taken(result.judgement.answer);
    refused_too_long_ = refused_too_long_ || is_refused(result.judgement.answer);
  }
  add_error(result);
  if (result.test.characteristic.empty()) return;
  Seen& seen = seen_[result.test.characteristic];
  const Answer& answer = result.judgement.answer;
  const std::string summary = carried_out ? (*carried_out ? "carried out" : "not carried out")
                                          : kind_of(answer) + reading_taken(result.test, answer);
  ++seen.answers[summary];
  if (seen.observations.size() < max_observations)
    seen.observations.push_back(fmt::format("{}: {}", result.test.title, summary));
  if (result.test.lengths) {
    if (is_refused(answer) || is_taken(answer)) seen.lengths.emplace_back(*result.test.lengths, is_taken(answer));
  }
}

void Characteristics::add_readings(const CaseResult& result) {
  for (const auto& [id, reading] : result.judgement.readings) {
    Seen& seen = seen_[id];
    ++seen.answers[reading];
    if (seen.observations.size() < max_observations)
      seen.observations.push_back(fmt::format("{}: {}", result.test.title, reading));
  }
}

void Characteristics::add_error(const CaseResult& result) {
  const Answer& answer = result.judgement.answer;
  const spec::Error* error = table_.find_error(answer.type);
  if (error == nullptr) return;
  Seen& seen = seen_[undeclared_errors];
  if (error->origin != "service") return;
  if (seen.answers[answer.type]++ == 0)
    seen.observations.push_back(fmt::format("{}: {}", result.test.title, kind_of(answer)));
}

std::string Characteristics::reading_of(const Seen& seen) const {
  if (!seen.lengths.empty()) {
    // Who takes what is too long in every unit counts in none.
    const bool all_taken = std::all_of(seen.lengths.begin(), seen.lengths.end(),
                                       [](const auto& seen_length) { return seen_length.second; });
    if (all_taken && took_too_long_ && !refused_too_long_) return "no limit seen";
    const auto units = consistent_units(seen.lengths, table_.member(table_.identifier).max_length);
    return units.empty() ? "no unit explains what was seen" : fmt::format("{}", fmt::join(units, " or "));
  }
  if (seen.answers.empty()) return "none";
  std::vector<std::string> parts;
  for (const auto& [answer, count] : seen.answers)
    parts.push_back(seen.answers.size() == 1 ? answer : fmt::format("{} ({} times)", answer, count));
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::vector<Measured> Characteristics::read() const {
  std::vector<Measured> all;
  for (const spec::Characteristic& characteristic : table_.characteristics) {
    const auto found = seen_.find(characteristic.id);
    if (found == seen_.end() && table_.is_of_proxies(characteristic.id)) continue;
    if (found == seen_.end()) {
      all.push_back({characteristic.id, "not measured", {}});
    } else {
      all.push_back({characteristic.id, reading_of(found->second), found->second.observations});
    }
  }
  return all;
}

}  // namespace conformance
