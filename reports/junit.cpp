#include "reports/junit.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <ostream>
#include <pugixml.hpp>
#include <string_view>
#include <utility>

#include "harness/run/scrub.h"
#include "harness/text/escape.h"
#include "reports/curl.h"
#include "reports/story_script.h"
#include "reports/tally.h"

namespace conformance::reports {
namespace {

constexpr std::size_t message_bytes = 150;  // elide() adds its own words: at most 200 characters in all
constexpr std::size_t curl_bytes = 4000;
constexpr std::size_t half_dump_bytes = 8000;  // sent and received: 16 KiB a case
constexpr std::size_t value_bytes = 4000;
constexpr std::size_t all_bodies_bytes = 3UL * 1024 * 1024;
constexpr std::size_t all_dumps_bytes = 6UL * 1024 * 1024;  // consumers refuse files over 10 MB

// Text of our own (commands, sentences): as it is where that is harmless, so that commands can be copied.
std::string own(const std::string& s) {
  const bool plain = std::all_of(s.begin(), s.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
  return plain ? s : text::visible(s);
}

std::string message_of(const std::string& s) {
  std::string m = text::elide(text::visible(s), message_bytes);
  return m.empty() ? "no reason given" : m;
}

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

std::size_t size_in_xml(std::string_view s) {
  std::size_t n = s.size();
  for (const char c : s) n += c == '&' ? 4U : (c == '<' || c == '>') ? 3U : 0U;
  return n;
}

std::string seconds(std::chrono::microseconds t) {
  return fmt::format("{:.3f}", static_cast<double>(std::max<std::int64_t>(t.count(), 0)) / 1e6);
}

std::string utc(std::chrono::system_clock::time_point t) {
  const std::time_t time = std::chrono::system_clock::to_time_t(t);
  std::tm tm{};
  gmtime_r(&time, &tm);
  std::array<char, 32> buffer{};
  return {buffer.data(), std::strftime(buffer.data(), buffer.size(), "%Y-%m-%dT%H:%M:%S", &tm)};
}

void set(pugi::xml_node node, const char* name, const std::string& value) {
  node.append_attribute(name).set_value(value.c_str());
}

}  // namespace

JunitReport::JunitReport(std::string path) : path_(std::move(path)) {}

void JunitReport::on_start(const RunInfo& info, const spec::SpecTable& table) {
  info_ = info;
  table_ = table;
}

std::string JunitReport::body_of(const CaseResult& result) const {
  const Judgement& j = result.judgement;
  std::string body;
  if (const spec::Requirement* r = table_.find_requirement(j.requirement)) {
    body += fmt::format("{}: {}\nlevel: {}\nevidence: {}\n", own(r->id), own(r->sentence), spec::name_of(r->level),
                        spec::name_of(r->evidence));
    for (const std::string& key : r->sources) {
      const auto source = table_.sources.find(key);
      body += fmt::format("source: {}{}\n", own(key),
                          source == table_.sources.end() ? std::string() : ": " + own(source->second));
    }
  } else if (!j.requirement.empty()) {
    body += own(j.requirement) + "\n";
  }
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

JunitReport::Row JunitReport::row_of(const CaseResult& result) const {
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
  row.body = row.element == "skipped" ? row.message : body_of(result);
  if (result.stimulus) row.system_out = dump_of(*result.stimulus);
  return row;
}

void JunitReport::on_case(const CaseResult& told) {
  // Once more: a file is kept and passed on, whoever tells us of the case.
  const CaseResult result = Scrubber().scrubbed(told);
  const auto [at, is_new] = at_.try_emplace(result.test.id, rows_.size());
  Row row = row_of(result);
  if (is_new) {
    rows_.push_back(shortened(std::move(row)));
  } else if (row.badness > rows_[at->second].badness) {
    rows_[at->second] = shortened(std::move(row));
  }
}

// What the file has no room for is not kept either.
JunitReport::Row JunitReport::shortened(Row row) {
  bodies_bytes_ += size_in_xml(row.body);
  if (bodies_bytes_ > all_bodies_bytes) row.body = row.message;  // never empty: GitLab shows the body and nothing else
  dumps_bytes_ += size_in_xml(row.system_out);
  if (dumps_bytes_ > all_dumps_bytes && !row.system_out.empty())
    row.system_out = "(left out: the report would become too large)";
  return row;
}

JunitReport::Row JunitReport::row_of_leftovers(const std::vector<std::string>& leftovers) const {
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

JunitReport::Row JunitReport::row_of_stale(const std::vector<std::string>& stale) {
  Row row;
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
  std::vector<std::pair<std::string, std::vector<Row>>> suites;  // in the order of their first case
  const auto add = [&](Row row) {
    auto suite = std::find_if(suites.begin(), suites.end(), [&](const auto& s) { return s.first == row.area; });
    if (suite == suites.end()) suite = suites.insert(suites.end(), {row.area, {}});
    suite->second.push_back(std::move(row));
  };
  for (Row& row : rows_) add(std::move(row));
  if (!end.fatal.empty() || rows_.empty()) {
    Row row;
    row.area = "run";
    row.name = end.fatal.empty() ? "cases were executed" : "the endpoint can be tested";
    row.element = "error";
    row.type = "conformance.error";
    row.message = end.fatal.empty() ? "nothing was executed" : message_of(end.fatal);
    row.body = end.fatal.empty() ? "nothing was executed" : text::visible(end.fatal);
    add(std::move(row));
  }
  if (!end.stale.empty()) add(row_of_stale(end.stale));
  if (!end.leftovers.empty()) add(row_of_leftovers(end.leftovers));
  rows_.clear();
  at_.clear();

  pugi::xml_document document;
  pugi::xml_node root = document.append_child("testsuites");
  struct Counts {
    std::size_t tests = 0, failures = 0, errors = 0, skipped = 0;
    std::chrono::microseconds elapsed{0};
  } all;
  for (const auto& [area, rows] : suites) {
    Counts counts;
    for (const Row& row : rows) {
      ++counts.tests;
      if (row.element == "failure") ++counts.failures;
      if (row.element == "error") ++counts.errors;
      if (row.element == "skipped") ++counts.skipped;
      counts.elapsed += std::max(row.elapsed, std::chrono::microseconds{0});
    }
    pugi::xml_node suite = root.append_child("testsuite");
    set(suite, "name", area);
    set(suite, "tests", std::to_string(counts.tests));
    set(suite, "failures", std::to_string(counts.failures));
    set(suite, "errors", std::to_string(counts.errors));
    set(suite, "skipped", std::to_string(counts.skipped));
    set(suite, "time", seconds(counts.elapsed));
    set(suite, "timestamp", utc(info_.started));
    pugi::xml_node properties = suite.append_child("properties");
    const std::vector<std::pair<std::string, std::string>> values = {{"tool version", info_.tool_version},
                                                                     {"endpoint", info_.endpoint},
                                                                     {"seed", std::to_string(info_.seed)},
                                                                     {"region", info_.region},
                                                                     {"sessions", info_.sessions}};
    for (const auto& [name, value] : values) {
      pugi::xml_node property = properties.append_child("property");
      set(property, "name", name);
      set(property, "value", text::visible(value));
    }
    for (const Row& row : rows) {
      pugi::xml_node test = suite.append_child("testcase");
      set(test, "name", row.name);
      set(test, "classname", area);
      set(test, "time", seconds(row.elapsed));
      if (row.element.empty()) continue;
      pugi::xml_node finding = test.append_child(row.element.c_str());
      if (!row.type.empty()) set(finding, "type", row.type);
      set(finding, "message", row.message);
      finding.text().set(row.body.c_str());
      if (!row.system_out.empty()) test.append_child("system-out").text().set(row.system_out.c_str());
    }
    all.tests += counts.tests;
    all.failures += counts.failures;
    all.errors += counts.errors;
  }
  set(root, "name", "glue-conformance");
  set(root, "tests", std::to_string(all.tests));
  set(root, "failures", std::to_string(all.failures));
  set(root, "errors", std::to_string(all.errors));
  set(root, "time", seconds(end.elapsed));

  pugi::xml_node declaration = document.prepend_child(pugi::node_declaration);
  set(declaration, "version", "1.0");
  set(declaration, "encoding", "UTF-8");
  write_whole(path_, "the JUnit report",
              [&](std::ostream& out) { document.save(out, "  ", pugi::format_indent, pugi::encoding_utf8); });
}

}  // namespace conformance::reports
