#include "harness/profile/measured_profile.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "harness/run/case_patterns.h"
#include "harness/run/characteristics.h"
#include "harness/run/header_set.h"
#include "harness/text/escape.h"
#include "harness/text/toml_string.h"

namespace conformance::profile {
namespace {

constexpr std::string_view no_error = "none";

using Answers = std::set<std::string>;  // of one case: a story may show several

// What most cases are answered is said of all, the rest of what has nothing else in it.
std::vector<PinnedAnswer> grouped(const std::map<std::string, Answers>& answers_of_cases) {
  std::map<Answers, std::set<std::string>> cases;
  std::set<std::string> all;
  for (const auto& [id, answers] : answers_of_cases) {
    cases[answers].insert(id);
    all.insert(id);
  }
  const auto most = std::max_element(cases.begin(), cases.end(),
                                     [](const auto& a, const auto& b) { return a.second.size() < b.second.size(); });
  std::map<std::string, std::vector<std::string>> patterns;
  for (const std::string& answer : most->first) patterns[answer] = {"*"};
  for (auto group = cases.begin(); group != cases.end(); ++group) {
    if (group == most) continue;
    for (const std::string& pattern : case_patterns(group->second, all))
      for (const std::string& answer : group->first) patterns[answer].push_back(pattern);
  }
  std::vector<PinnedAnswer> pinned;
  for (auto& [answer, matching] : patterns) pinned.push_back({answer, std::move(matching)});
  return pinned;
}

// Any case may have any of them, or none.
std::vector<PinnedAnswer> errors_of(const std::map<std::string, Answers>& answers_of_cases) {
  Answers errors;
  for (const auto& [id, answers] : answers_of_cases) errors.insert(answers.begin(), answers.end());
  if (errors.size() > 1) errors.erase(std::string(no_error));
  std::vector<PinnedAnswer> pinned;
  for (const std::string& error : errors) pinned.push_back({error, {"*"}});
  return pinned;
}

// Of errors that have the same header fields, whatever their kinds, these; else each kind with its own.
std::vector<PinnedAnswer> header_sets_of(const std::map<std::string, Answers>& answers_of_cases) {
  std::set<std::string> sets, by_kind;
  for (const auto& [id, answers] : answers_of_cases) {
    for (const std::string& answer : answers) {
      by_kind.insert(answer);
      sets.emplace(set_of(answer));
    }
  }
  std::vector<PinnedAnswer> pinned;
  for (const std::string& answer : sets.size() == 1 ? sets : by_kind) pinned.push_back({answer, {"*"}});
  return pinned;
}

// "code_points or bytes" as its parts.
std::vector<PinnedAnswer> units_of(std::string_view reading) {
  constexpr std::string_view between = " or ";
  std::vector<PinnedAnswer> units;
  while (true) {
    const std::size_t end = reading.find(between);
    units.push_back({std::string(reading.substr(0, end)), {"*"}});
    if (end == std::string_view::npos) return units;
    reading.remove_prefix(end + between.size());
  }
}

}  // namespace

void MeasuredProfile::on_start(const RunInfo& info, const spec::SpecTable& /*table*/) { info_ = info; }

void MeasuredProfile::on_case(const CaseResult& result) {
  for (const Reading& reading : readings_of(result, table_)) {
    answers_[reading.characteristic][result.test.id].insert(reading.text.empty() ? std::string(no_error)
                                                                                 : text::visible(reading.text));
    if (reading.taken) units_[reading.characteristic];
  }
  if (!result.judgement.reason.empty() && !result.test.characteristic.empty())
    why_not_.emplace(result.test.characteristic, text::visible(result.judgement.reason));
}

void MeasuredProfile::on_end(const RunEnd& end) {
  for (auto& [characteristic, unit] : units_) {
    for (const Measured& measured : end.characteristics)
      if (measured.id == characteristic) unit = measured.reading;
  }
}

std::vector<Pin> MeasuredProfile::pins() const {
  std::vector<Pin> pins;
  for (const spec::Characteristic& c : table_.characteristics) {
    const auto answers = answers_.find(c.id);
    if (answers == answers_.end()) continue;
    const auto unit = units_.find(c.id);
    const bool is_unit = unit != units_.end() && unit->second != unexplained_lengths;
    pins.push_back({c.id,
                    is_unit                     ? units_of(unit->second)
                    : c.id == undeclared_errors ? errors_of(answers->second)
                    : c.id == error_headers     ? header_sets_of(answers->second)
                                                : grouped(answers->second),
                    0});
  }
  return pins;
}

std::vector<std::string> MeasuredProfile::not_measured() const {
  std::vector<std::string> ids;
  for (const spec::Characteristic& c : table_.characteristics)
    if (!answers_.contains(c.id) && !table_.is_of_proxies(c.id)) ids.push_back(c.id);
  return ids;
}

std::string MeasuredProfile::to_toml(std::string_view day) const {
  std::string text = fmt::format(
      "# What an endpoint does where the specification of {} leaves it open. `glue-conformance run --profile FILE` "
      "holds\n"
      "# another to every line of [characteristics]; take out what it need not do.\n"
      "endpoint = {}\nmeasured = {}\ntool = {}\n"
      "# Only cases of this tier{} are held to it: nothing was asked of others.\n"
      "tier = {}\n{}\n[characteristics]\n",
      table_.operation, text::toml_string(info_.endpoint), text::toml_string(day),
      text::toml_string("glue-conformance " + info_.tool_version), filters_.empty() ? "" : " and these filters",
      text::toml_string(std::string(name_of(info_.tier))),
      filters_.empty() ? "" : fmt::format("filters = {}\n", text::toml_list(filters_)));
  std::map<std::string, Pin> by_id;
  bool has_unseen_proxy = false;
  for (Pin& pin : pins()) by_id.emplace(pin.characteristic, pin);
  for (const spec::Characteristic& c : table_.characteristics) {
    const auto pin = by_id.find(c.id);
    if (pin == by_id.end() && table_.is_of_proxies(c.id)) {
      has_unseen_proxy = true;
      continue;
    }
    if (pin == by_id.end()) {
      const auto why = why_not_.find(c.id);
      text += fmt::format("# {}\n# {}: not measured{}\n", c.sentence, text::toml_string(c.id),
                          why == why_not_.end() ? "" : ": " + text::elide(why->second, 200));
      continue;
    }
    const std::size_t cases = answers_.at(c.id).size();
    text += fmt::format("# {} ({} case{}{})\n{}{} = {}\n", c.sentence, cases, cases == 1 ? "" : "s",
                        c.varies.empty() ? "" : "; not pinned, for " + c.varies, c.varies.empty() ? "" : "# ",
                        text::toml_string(c.id), profile::to_toml(pin->second));
  }
  if (has_unseen_proxy)
    text += "# What proxies do (proxy.*) is measured by a run with --direct, and not written here.\n";
  return text;
}

}  // namespace conformance::profile
