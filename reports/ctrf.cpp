#include "reports/ctrf.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <ostream>
#include <set>
#include <utility>

#include "harness/run/scrub.h"
#include "harness/text/escape.h"
#include "reports/curl.h"
#include "reports/own_text.h"
#include "reports/tally.h"
#include "reports/whole_file.h"

namespace conformance::reports {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t message_bytes = 1000;
constexpr std::size_t line_bytes = 4000;

std::string shown(const std::string& text) { return text::elide(text::visible(text), message_bytes); }

std::string_view status_of(const CaseResult& result) {
  if (result.warning) return "other";
  switch (result.judgement.verdict) {
    case Verdict::pass:
      return "passed";
    case Verdict::fail:
    case Verdict::error:
      return "failed";
    case Verdict::skipped:
    case Verdict::known:
      return "skipped";
    case Verdict::inconclusive:
      break;
  }
  return "other";
}

std::int64_t milliseconds(std::chrono::microseconds time) {
  return std::max<std::int64_t>(std::chrono::round<std::chrono::milliseconds>(time).count(), 0);
}

std::int64_t milliseconds(std::chrono::system_clock::time_point moment) {
  return std::chrono::floor<std::chrono::milliseconds>(moment.time_since_epoch()).count();
}

// In full where it is to be understood: the sentence and the sources of every case that passed would be most of a file.
ordered_json extra_of(const spec::SpecTable& table, const Judgement& judgement, bool in_full) {
  const spec::Requirement* r = table.find_requirement(judgement.requirement);
  if (r == nullptr) return {{"requirement", text::visible(judgement.requirement)}};
  ordered_json extra{{"requirement", text::visible(r->id)},
                     {"level", spec::name_of(r->level)},
                     {"evidence", spec::name_of(r->evidence)},
                     {"sources", ordered_json::array()}};
  for (const std::string& key : r->sources) {
    const auto found = table.sources.find(key);
    const bool is_said = in_full && found != table.sources.end();
    extra["sources"].push_back(text::visible(key) + (is_said ? ": " + text::visible(found->second) : ""));
  }
  if (in_full) extra["sentence"] = own(r->sentence);
  return extra;
}

}  // namespace

void CtrfReport::on_start(const RunInfo& info, const spec::SpecTable& table) {
  info_ = info;
  table_ = table;
}

CtrfReport::Row CtrfReport::row_of(const CaseResult& result) const {
  const Judgement& j = result.judgement;
  Row row;
  row.status = status_of(result);
  row.area = result.test.area.empty() ? "cases" : text::visible(result.test.area);
  row.badness = badness(result);
  ordered_json test{{"testId", text::visible(result.test.id)},
                    {"name", text::visible(result.test.id + " " + result.test.title)},
                    {"status", row.status},
                    {"duration", milliseconds(result.elapsed)},
                    {"suite", {row.area}},
                    {"rawStatus", result.warning ? "warning" : name_of(j.verdict)},
                    {"tags", {name_of(result.test.kind), name_of(result.test.tier)}}};
  if (row.status != "passed") {
    test["message"] = j.verdict == Verdict::known && result.known ? shown("known: " + in_words(*result.known))
                      : j.verdict == Verdict::fail
                          ? shown(fmt::format("{}: expected {}; got {}", j.requirement, j.expected, j.actual))
                          : shown(j.reason.empty() ? "no reason given" : j.reason);
  }
  ordered_json extra = extra_of(table_, j, row.status != "passed");
  if (row.status == "failed" || row.status == "other" || j.verdict == Verdict::known) {
    if (!j.expected.empty()) extra["expected"] = shown(j.expected);
    if (!j.actual.empty()) extra["actual"] = shown(j.actual);
    if (!result.sdks.empty()) extra["sdks"] = shown(result.sdks);
    extra["replay"] = own(replay_line(info_, result));
    // All of it or none: a line with a hole in it would run, and send something else.
    const std::string curl = curl_can_send(result) ? curl_line(info_, table_.service, result) : std::string();
    if (!curl.empty() && curl.size() <= line_bytes) extra["curl"] = own(curl);
  }
  test["extra"] = std::move(extra);
  row.json = test.dump();
  return row;
}

void CtrfReport::on_case(const CaseResult& told) {
  // Once more: a file is kept and passed on, whoever tells us of the case.
  const CaseResult result = Scrubber().scrubbed(told);
  const auto [at, is_new] = at_.try_emplace(result.test.id, rows_.size());
  Row row = row_of(result);
  if (is_new)
    rows_.push_back(std::move(row));
  else if (row.badness > rows_[at->second].badness)
    rows_[at->second] = std::move(row);
}

void CtrfReport::add_of_run(const std::string& name, const std::string& message) {
  const ordered_json test{{"name", name},     {"status", "failed"},   {"duration", 0},
                          {"suite", {"run"}}, {"rawStatus", "error"}, {"message", shown(message)}};
  rows_.push_back({.status = "failed", .area = "run", .json = test.dump()});
}

void CtrfReport::on_end(const RunEnd& end) {
  if (!end.fatal.empty()) {
    add_of_run("the endpoint can be tested", end.fatal);
  } else if (rows_.empty()) {
    add_of_run("cases were executed", "nothing was executed");
  }
  if (!end.leftovers.empty())
    add_of_run("what the run created is deleted",
               fmt::format("{} sessions that the run created could not be deleted", end.leftovers.size()));
  for (const std::string& stale : end.stale) add_of_run("the known failures are up to date", stale);
  std::set<std::string_view> areas_seen;
  for (const Row& row : rows_) areas_seen.insert(row.area);
  const auto count = [this](std::string_view status) {
    return std::count_if(rows_.begin(), rows_.end(), [status](const Row& row) { return row.status == status; });
  };
  const std::int64_t start = milliseconds(info_.started);
  const ordered_json summary{{"tests", rows_.size()},
                             {"passed", count("passed")},
                             {"failed", count("failed")},
                             {"skipped", count("skipped")},
                             {"pending", 0},
                             {"other", count("other")},
                             {"suites", areas_seen.size()},
                             {"start", start},
                             {"stop", start + milliseconds(end.elapsed)},
                             {"duration", milliseconds(end.elapsed)}};
  const ordered_json tool{{"name", "glue-conformance"}, {"version", text::visible(info_.tool_version)}};
  const ordered_json environment{
      {"appName", text::visible(info_.endpoint)},
      {"healthy", end.exit_status == 0},
      {"extra", {{"seed", std::to_string(info_.seed)}, {"region", text::visible(info_.region)}}}};
  write_whole(path_, "the CTRF report", [&](std::ostream& out) {
    out << R"({"reportFormat": "CTRF", "specVersion": "0.0.0", "generatedBy": "glue-conformance", "results": {)"
        << "\n\"tool\": " << tool << ",\n\"summary\": " << summary << ",\n\"tests\": [";
    for (std::size_t i = 0; i < rows_.size(); ++i) out << (i == 0 ? "\n" : ",\n") << rows_[i].json;
    out << "\n],\n\"environment\": " << environment << "}}\n";
  });
  rows_.clear();
  at_.clear();
}

}  // namespace conformance::reports
