#include "harness/run/characteristics.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "harness/run/header_set.h"

namespace conformance {
namespace {

constexpr std::size_t max_observations = 40;

bool is_refused(const Answer& answer) { return answer.outcome == spec::Outcome::rejected_as_invalid; }

bool is_taken(const Answer& answer) {
  return answer.outcome == spec::Outcome::success || answer.outcome == spec::Outcome::not_found;
}

bool shows_something(const CaseResult& result) {
  const Judgement& j = result.judgement;
  if (!result.stimulus || !(result.stimulus->response || j.carried_out)) return false;
  return j.verdict != Verdict::inconclusive && j.verdict != Verdict::skipped && j.verdict != Verdict::error;
}

// Of a body that can be read to name one of several: which was taken.
std::string reading_taken(const Case& test, const Answer& answer) {
  if (test.readings.size() < 2 || !answer.echo) return {};
  if (*answer.echo == test.readings.front()) return ", the first of them";
  return *answer.echo == test.readings.back() ? ", the last of them" : "";
}

// Of the characteristic that the case measures.
Reading own_reading(const CaseResult& result) {
  const Answer& answer = result.judgement.answer;
  const std::optional<bool>& carried_out = result.judgement.carried_out;
  Reading own{result.test.characteristic,
              carried_out ? (*carried_out ? "carried out" : "not carried out")
                          : kind_of(answer) + reading_taken(result.test, answer),
              std::nullopt};
  if (result.test.lengths && (is_refused(answer) || is_taken(answer))) own.taken = is_taken(answer);
  return own;
}

// What errors show whatever is asked: one observation of each is enough.
bool is_asked_by_none(std::string_view characteristic) {
  return characteristic == undeclared_errors || characteristic == error_headers;
}

std::string observed(const CaseResult& result, const Reading& reading) {
  return fmt::format("{}: {}", result.test.title,
                     reading.characteristic == undeclared_errors ? kind_of(result.judgement.answer) : reading.text);
}

// Most have one for all errors; else the kinds of each.
std::string sets_in_words(const std::map<std::string, std::size_t>& readings) {
  std::map<std::string_view, std::set<std::string_view>> kinds;
  for (const auto& [reading, count] : readings) kinds[set_of(reading)].insert(kind_before(reading));
  if (kinds.size() == 1) return std::string(kinds.begin()->first);
  std::vector<std::string> parts;
  for (const auto& [set, of_set] : kinds) parts.push_back(with_kind(fmt::format("{}", fmt::join(of_set, " or ")), set));
  return fmt::format("{}", fmt::join(parts, "; "));
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

std::vector<Reading> readings_of(const CaseResult& result, const spec::SpecTable& table) {
  const Answer& answer = result.judgement.answer;
  std::vector<Reading> all;
  for (const auto& [id, reading] : result.judgement.readings) all.push_back({id, reading, std::nullopt});
  if (!shows_something(result)) return all;
  if (!result.test.characteristic.empty()) all.push_back(own_reading(result));
  // Last, so that whoever is held to both is blamed for what the case asks.
  if (const spec::Error* error = table.find_error(answer.type))
    all.push_back({std::string(undeclared_errors), error->origin == "service" ? answer.type : "", std::nullopt});
  // Of the cases that a measurement asks: who is measured is not held to what a front end answers to the others.
  if (result.stimulus->response && answer.status >= 400 && !result.test.characteristic.empty())
    all.push_back({std::string(error_headers),
                   with_kind(kind_of(answer), header_set(result.stimulus->response->headers)), std::nullopt});
  return all;
}

void Characteristics::add(const CaseResult& result) {
  const Answer& answer = result.judgement.answer;
  const std::vector<Reading> readings = readings_of(result, table_);
  if (shows_something(result) && result.test.kind == Kind::malformed &&
      result.test.requirement == table_.checks.too_long) {
    took_too_long_ = took_too_long_ || is_taken(answer);
    refused_too_long_ = refused_too_long_ || is_refused(answer);
  }
  for (const Reading& reading : readings) {
    Seen& seen = seen_[reading.characteristic];
    if (reading.text.empty()) continue;
    const bool is_known = seen.answers[reading.text]++ > 0;
    if (is_asked_by_none(reading.characteristic) && is_known) continue;
    if (seen.observations.size() < max_observations) seen.observations.push_back(observed(result, reading));
    if (reading.taken) seen.lengths.emplace_back(*result.test.lengths, *reading.taken);
  }
}

std::string Characteristics::reading_of(std::string_view characteristic, const Seen& seen) const {
  if (!seen.lengths.empty()) {
    // Who takes what is too long in every unit counts in none.
    const bool all_taken = std::all_of(seen.lengths.begin(), seen.lengths.end(),
                                       [](const auto& seen_length) { return seen_length.second; });
    if (all_taken && took_too_long_ && !refused_too_long_) return std::string(no_limit);
    const auto units = consistent_units(seen.lengths, table_.member(table_.identifier).max_length);
    return units.empty() ? std::string(unexplained_lengths) : fmt::format("{}", fmt::join(units, " or "));
  }
  if (seen.answers.empty()) return "none";
  if (characteristic == error_headers) return sets_in_words(seen.answers);
  std::vector<std::string> parts;
  for (const auto& [answer, count] : seen.answers)
    parts.push_back(seen.answers.size() == 1 ? answer
                    : count == 1             ? fmt::format("{} (once)", answer)
                                             : fmt::format("{} ({} times)", answer, count));
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
      all.push_back({characteristic.id, reading_of(characteristic.id, found->second), found->second.observations});
    }
  }
  return all;
}

}  // namespace conformance
