#include "reports/junit.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "harness/run/scrub.h"
#include "harness/text/escape.h"
#include "reports/curl.h"
#include "reports/story_script.h"
#include "reports/tally.h"

namespace conformance::reports {
namespace {

constexpr std::size_t message_bytes = 150;
constexpr std::size_t curl_bytes = 4000;
constexpr std::size_t half_dump_bytes = 8000;  // sent and received: 16 KiB a case
constexpr std::size_t value_bytes = 4000;

using junit::message_of;
using junit::own;
using junit::Row;

std::string dump_of(const wire::Exchange& exchange) {
  const auto part = [](std::string_view bytes, std::size_t not_kept) {
    return text::elide(text::visible_lines(bytes), half_dump_bytes) +
           (not_kept == 0 ? "" : fmt::format("\n--- and {} bytes more", not_kept));
  };
  std::string out = "--- sent\n" + part(exchange.sent, exchange.sent_not_kept);
  out += "\n--- received\n" + part(exchange.received, exchange.received_not_kept);
  if (exchange.failure != wire::TransportFailure::none) {
    out += "\n--- " + std::string(wire::name_of(exchange.failure)) + ": " + text::visible(exchange.detail);
  }
  return out;
}

}  // namespace

JunitReport::JunitReport(std::string path, ReportOptions options) : path_(std::move(path)), options_(options) {
  if (options_.junit_split != 0) junit::check_can_be_split(path_);
}

void JunitReport::on_start(const RunInfo& info, const spec::SpecTable& table) {
  info_ = info;
  table_ = table;
}

std::string JunitReport::body_of(const CaseResult& result) const {
  const Judgement& j = result.judgement;
  std::string body;
  const auto add = [&](const char* label, const std::string& value) {
    if (!value.empty()) body += fmt::format("{}: {}\n", label, text::elide(text::visible(value), value_bytes));
  };
  add("reason", j.reason);
  add("expected", j.expected);
  add("actual", j.actual);
  add("SDKs see", result.sdks);
  add("note", j.note);
  for (const Check& check : j.checks) {
    if (!check.held && check.requirement != j.requirement) add("did not hold either", check.requirement);
  }
  body += "replay: " + own(replay_line(info_, result)) + "\n";
  if (!info_.serve_line.empty()) body += "serve: " + own(info_.serve_line) + "\n";
  const std::vector<std::string> story = story_script(info_, table_, result);
  if (!story.empty()) {
    std::string script;
    for (const std::string& one : story) script += "\n  " + own(one);
    body += script.size() > curl_bytes
                ? fmt::format("story: (left out: {} calls; the replay makes the same)\n", story.size())
                : "story:" + script + "\n";
  }
  const bool by_curl = curl_can_send(result);
  const std::string_view label = by_curl ? "curl" : "bytes";
  const std::string line = own(by_curl ? curl_line(info_, table_.service, result) : bytes_line(info_, result));
  // All of it or none: a line with a hole in it would run, and send something else.
  if (line.size() > curl_bytes)
    body += fmt::format("{}: (left out: {} bytes; the replay sends the same)\n", label, line.size());
  else if (!line.empty())
    body += fmt::format("{}: {}\n", label, line);
  return body;
}

junit::Row JunitReport::row_of(const CaseResult& result) const {
  const Judgement& j = result.judgement;
  Row row;
  row.area = result.test.area.empty() ? "cases" : text::visible(result.test.area);
  row.name = text::visible(result.test.title.empty() ? result.test.id : result.test.id + " " + result.test.title);
  row.elapsed = result.elapsed;
  row.badness = badness(result);
  if (result.warning) {
    row.element = "skipped";
    row.message = message_of(fmt::format("warning: {}: expected {}; got {}", j.requirement, j.expected, j.actual));
  } else {
    switch (j.verdict) {
      case Verdict::pass:
        return row;
      case Verdict::known:
        row.element = "skipped";
        row.message = message_of("known: " + (result.known ? in_words(*result.known) : std::string()));
        break;
      case Verdict::skipped:
        row.element = "skipped";
        row.message = message_of(j.reason);
        break;
      case Verdict::inconclusive:
        row.element = "error";
        row.type = "conformance.inconclusive";
        row.message = message_of(j.reason);
        break;
      case Verdict::error:
        row.element = "error";
        row.type = "conformance.error";
        row.message = message_of(j.reason);
        break;
      case Verdict::fail:
        row.element = "failure";
        row.type = "conformance." + (j.requirement.empty() ? "requirement" : text::visible(j.requirement));
        row.message = message_of(fmt::format("{}: expected {}; got {}", j.requirement, j.expected, j.actual));
        break;
    }
  }
  const bool stands_alone = options_.junit_by == JunitBy::test_case;
  row.body = row.element == "skipped" ? row.message
                                      : (stands_alone ? junit::about(table_, j.requirement) : "") + body_of(result);
  if (result.stimulus) row.system_out = dump_of(*result.stimulus);
  return row;
}

void JunitReport::on_case(const CaseResult& told) {
  // Once more: a file is kept and passed on, whoever tells us of the case.
  const CaseResult result = Scrubber().scrubbed(told);
  Row row = row_of(result);
  if (options_.junit_by == JunitBy::requirement) {
    requirements_.add(result, std::move(row));
  } else {
    keep(result, std::move(row));
  }
}

// What the file has no room for is not kept either.
void JunitReport::keep(const CaseResult& result, Row row) {
  const auto [at, is_new] = at_.try_emplace(result.test.id, rows_.size());
  if (is_new) {
    rows_.push_back(room_.shortened(std::move(row)));
  } else if (row.badness > rows_[at->second].badness) {
    rows_[at->second] = room_.shortened(std::move(row));
  }
}

junit::Row JunitReport::row_of_leftovers(const std::vector<std::string>& leftovers) const {
  Row row;
  row.area = "run";
  row.name = "what the run created is deleted";
  row.element = "error";
  row.type = "conformance.error";
  row.message = leftovers.size() == 1
                    ? "a session that the run created could not be deleted"
                    : fmt::format("{} sessions that the run created could not be deleted", leftovers.size());
  row.body = row.message + "\n";
  if (!info_.sweep_line.empty()) row.body += "to delete them: " + own(info_.sweep_line) + "\n";
  for (const std::string& id : leftovers) {
    row.body += fmt::format("left behind: \"{}\"\n", text::elide(text::visible(id), message_bytes));
    if (row.body.size() < value_bytes) continue;
    row.body += "…\n";
    break;
  }
  return row;
}

junit::Row JunitReport::row_of_stale(const std::vector<std::string>& stale) {
  junit::Row row;
  row.area = "run";
  row.name = "the known failures are up to date";
  row.element = "failure";
  row.type = "conformance." + std::string(stale_requirement);
  row.message = message_of(stale.front());
  for (const std::string& one : stale) {
    row.body += text::elide(text::visible(one), value_bytes) + "\n";
    if (row.body.size() < value_bytes) continue;
    row.body += "…\n";
    break;
  }
  return row;
}

void JunitReport::on_end(const RunEnd& end) {
  std::vector<Row> rows = std::move(rows_);
  rows_.clear();
  at_.clear();
  if (options_.junit_by == JunitBy::requirement) {
    for (Row& row : requirements_.rows(table_)) rows.push_back(room_.shortened(std::move(row)));
    requirements_ = {};
  }
  if (!end.fatal.empty() || rows.empty()) {
    Row row;
    row.area = "run";
    row.name = end.fatal.empty() ? "cases were executed" : "the endpoint can be tested";
    row.element = "error";
    row.type = "conformance.error";
    row.message = end.fatal.empty() ? "nothing was executed" : message_of(end.fatal);
    row.body = end.fatal.empty() ? "nothing was executed" : text::visible(end.fatal);
    rows.push_back(std::move(row));
  }
  if (!end.stale.empty()) rows.push_back(row_of_stale(end.stale));
  if (!end.leftovers.empty()) rows.push_back(row_of_leftovers(end.leftovers));
  junit::write(path_, rows, {.info = info_, .elapsed = end.elapsed, .split = options_.junit_split});
}

}  // namespace conformance::reports
