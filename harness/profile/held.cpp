#include "harness/profile/held.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

#include "harness/run/characteristics.h"
#include "harness/run/header_set.h"
#include "harness/text/escape.h"

namespace conformance::profile {
namespace {

constexpr const char* source_key = "Profile";
constexpr std::size_t most_cause_bytes = 200;

// Whether one of the units explains that a text of these lengths was taken, or was not.
bool is_explained(const std::vector<std::string>& units, const Lengths& lengths, bool taken, std::uint32_t max) {
  return std::any_of(units.begin(), units.end(), [&](const std::string& unit) {
    if (unit == no_limit) return taken;
    const std::vector<std::string> consistent = consistent_units({{lengths, taken}}, max);
    return std::find(consistent.begin(), consistent.end(), unit) != consistent.end();
  });
}

// A set of header fields with a kind of error before it is about that kind, one without about all others; of a kind
// that neither speaks of nothing is said.
bool holds_of_its_kind(const std::vector<std::string>& answers, const std::string& reading) {
  const std::string_view kind = kind_before(reading);
  std::vector<std::string_view> of_kind, of_others;
  for (const std::string& answer : answers) {
    if (kind_before(answer).empty()) of_others.push_back(answer);
    if (kind_before(answer) == kind) of_kind.push_back(set_of(answer));
  }
  const std::vector<std::string_view>& sets = of_kind.empty() ? of_others : of_kind;
  return sets.empty() || std::find(sets.begin(), sets.end(), set_of(reading)) != sets.end();
}

bool holds(const std::vector<std::string>& answers, const Reading& reading, const CaseResult& result,
           const spec::SpecTable& table) {
  if (reading.text.empty()) return true;  // of errors that are declared nothing is said
  if (reading.taken && result.test.lengths)
    return is_explained(answers, *result.test.lengths, *reading.taken, table.member(table.identifier).max_length);
  const std::string shown = text::visible(reading.text);
  if (reading.characteristic == error_headers) return holds_of_its_kind(answers, shown);
  return std::find(answers.begin(), answers.end(), shown) != answers.end();
}

}  // namespace

std::string requirement_of(std::string_view characteristic) { return fmt::format("profile.{}", characteristic); }

spec::SpecTable with_requirements(spec::SpecTable table, const Profile& profile) {
  if (profile.pins.empty()) return table;
  std::string source = "the profile " + text::visible(profile.name);
  if (!profile.measured.empty()) source += ", measured on " + text::visible(profile.measured);
  if (!profile.endpoint.empty()) source += " from " + text::visible(profile.endpoint);
  if (!profile.tool.empty()) source += " by " + text::visible(profile.tool);
  table.sources.insert_or_assign(source_key, source);
  for (const Pin& pin : profile.pins)
    table.requirements.push_back(
        {requirement_of(pin.characteristic),
         fmt::format("{} As the profile has it: {}.", table.characteristic(pin.characteristic).sentence, to_toml(pin)),
         spec::Level::must,
         spec::Evidence::observed,
         {source_key},
         {}});
  return table;
}

void Held::rule(CaseResult& result) {
  Judgement& j = result.judgement;
  if (!j.reason.empty())
    skipped_.emplace(result.test.characteristic, text::elide(text::visible(j.reason), most_cause_bytes));
  const bool has_asked = profile_.has_asked(result.test.id, result.test.tier);
  for (const Reading& reading : readings_of(result, table_)) {
    const Pin* pin = profile_.find(reading.characteristic);
    if (pin == nullptr) continue;
    const std::vector<std::string> answers = answers_for(*pin, result.test.id);
    if (answers.empty()) continue;
    if (!has_asked) {
      not_asked_.insert(reading.characteristic);
      continue;
    }
    held_to_.insert(reading.characteristic);
    const bool held = holds(answers, reading, result, table_);
    const std::string requirement = requirement_of(reading.characteristic);
    j.checks.push_back({requirement, held});
    // What is skipped may show something all the same: that nothing is verified, say.
    if (held || (j.verdict != Verdict::pass && j.verdict != Verdict::skipped)) continue;
    j.verdict = Verdict::fail;
    j.requirement = requirement;
    j.expected = fmt::format("{}, as {}:{} has it", fmt::join(answers, " or "), profile_.name, pin->line);
    j.actual =
        reading.taken ? fmt::format("{} ({})", reading.text, *reading.taken ? "accepted" : "refused") : reading.text;
    if (reading.text != kind_of(j.answer) && !reading.taken)
      j.causes = {text::elide(text::visible(set_of(reading.text)), most_cause_bytes)};
    result.warning = false;
  }
}

std::string Held::why_not(const std::string& characteristic) const {
  if (const auto skipped = skipped_.find(characteristic); skipped != skipped_.end()) return skipped->second;
  if (not_asked_.contains(characteristic)) return "the profile was not measured with the cases that show it here";
  if (table_.is_of_proxies(characteristic))
    return "only a run through a proxy, with --direct, shows it, and this did not";
  return "no case that shows it was asked";
}

void Held::conclude(RunEnd& end) {
  for (const Pin& pin : profile_.pins)
    if (!held_to_.contains(pin.characteristic))
      end.not_held.push_back({pin.characteristic, why_not(pin.characteristic)});
}

}  // namespace conformance::profile
