#include "reports/markdown.h"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <vector>

#include "reports/curl.h"
#include "reports/markdown_text.h"
#include "reports/not_held.h"
#include "reports/own_text.h"
#include "reports/sentence.h"
#include "reports/story_script.h"
#include "reports/whole_file.h"

namespace conformance::reports {
namespace {

using markdown::block;
using markdown::code;
using markdown::prose;

constexpr std::size_t max_others = 5;
constexpr std::size_t max_groups = 20;
constexpr std::size_t max_known = 40;
constexpr std::size_t max_leftovers = 10;
constexpr std::size_t line_bytes = 8000;  // of a line that is to be copied

std::string_view sign_of(const RunEnd& end) {
  return end.exit_status == 0 ? "✅" : end.exit_status == 1 ? "❌" : "⚠️";
}

std::string groups(const std::vector<ReasonTally>& all, std::string_view title) {
  if (all.empty()) return {};
  std::string out = fmt::format("## {}\n\n", title);
  for (std::size_t i = 0; i < std::min(all.size(), max_groups); ++i)
    out += fmt::format("- {}, one is {}: {}\n", counted(all[i].cases, "case"), code(all[i].example),
                       all[i].reason.empty() ? "no reason given" : code(all[i].reason));
  if (all.size() > max_groups) out += fmt::format("- and {} more\n", counted(all.size() - max_groups, "reason"));
  return out + "\n";
}

// All of a line or none: one with a hole in it would run, and do something else.
std::string copied(const std::string& line) {
  return line.size() > line_bytes ? fmt::format("# left out: {} bytes; the replay does the same\n", line.size())
                                  : own(line) + "\n";
}

}  // namespace

void MarkdownSummary::start(const RunInfo& info, const spec::SpecTable& table) {
  info_ = info;
  table_ = table;
}

void MarkdownSummary::add(const CaseResult& result) {
  tally_.add(result);
  if (result.out_of_bounds) left_out_.insert(result.test.id);
}

std::string MarkdownSummary::sentence(const RunEnd& end) const {
  return sentence_of(info_, end,
                     {.failing = failing_requirements(tally_.requirements()), .left_out = left_out_.size()});
}

std::string MarkdownSummary::head(const RunEnd& end) const {
  const Totals& t = end.totals;
  std::string out = fmt::format("# {} conformance of {}\n\n", prose(table_.operation), code(info_.endpoint));
  out += fmt::format("{} **{}** (exit status {})\n\n", sign_of(end), sentence(end), end.exit_status);
  if (!end.fatal.empty()) out += fmt::format("Not tested: {}\n\n", code(end.fatal, 2000));
  out += "| planned | passed | failed | known | inconclusive | skipped | errors | warnings | requests | seconds |\n";
  out += "|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n";
  out += fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} | {} | {:.1f} |\n\n", with_commas(t.planned),
                     with_commas(t.pass), with_commas(t.fail), with_commas(t.known), with_commas(t.inconclusive),
                     with_commas(t.skipped), with_commas(t.error), with_commas(t.warnings), with_commas(end.requests),
                     static_cast<double>(end.elapsed.count()) / 1e6);
  out += fmt::format("Version {}, seed {}, {}, sessions: {}\n\n", code(info_.tool_version), info_.seed,
                     info_.signed_requests ? "signed for " + code(info_.region) : "unsigned", code(info_.sessions));
  for (const std::string& note : info_.notes) out += fmt::format("- {}\n", code(note));
  return out + (info_.notes.empty() ? "" : "\n");
}

std::string MarkdownSummary::reproduction(const CaseResult& example) const {
  std::string lines = own(replay_line(info_, example)) + "\n";
  if (!info_.serve_line.empty()) lines = own(info_.serve_line) + "  # in another terminal\n" + lines;
  const std::vector<std::string> story = story_script(info_, table_, example);
  std::string script;
  for (const std::string& line : story) script += line + "\n";
  if (script.size() > line_bytes) {
    lines += fmt::format("# left out: {} calls; the replay makes the same\n", story.size());
  } else {
    for (const std::string& line : story) lines += own(line) + "\n";
  }
  if (curl_can_send(example)) {
    lines += copied(curl_line(info_, table_.service, example));
  } else if (const std::string bytes = bytes_line(info_, example); !bytes.empty()) {
    lines += copied(bytes);
  }
  return "<details><summary>See it again</summary>\n\n" + block("sh", lines) + "\n</details>\n\n";
}

std::string MarkdownSummary::failing(const RequirementTally& failing) const {
  const CaseResult& example = *failing.smallest;
  std::string out = fmt::format("### {} {}\n\n", failing.warning ? "⚠️" : "❌", code(failing.id));
  if (const spec::Requirement* r = table_.find_requirement(failing.id)) {
    out += fmt::format("{} ({}, {})\n\n", prose(r->sentence), spec::name_of(r->level), spec::name_of(r->evidence));
    for (const std::string& key : r->sources) {
      const auto found = table_.sources.find(key);
      out += fmt::format("- {}{}\n", prose(key), found == table_.sources.end() ? "" : ": " + prose(found->second));
    }
    if (!r->sources.empty()) out += "\n";
  }
  out += fmt::format("{} of {} that checked it; the smallest:\n\n", with_commas(failing.failed),
                     counted(failing.checked, "case"));
  out += fmt::format("- case {}: {}\n- expected {}\n- actual {}\n", code(example.test.id), code(example.test.title),
                     code(example.judgement.expected), code(example.judgement.actual, 1000));
  if (!example.sdks.empty()) out += fmt::format("- SDKs see {}\n", code(example.sdks, 1000));
  std::string others;
  std::size_t shown = 0;
  for (const std::string& id : failing.failing_ids) {
    if (id == example.test.id || shown == max_others) continue;
    others += (shown++ == 0 ? "" : ", ") + code(id);
  }
  const std::size_t more = failing.failed - 1 - std::min(shown, failing.failed - 1);
  if (shown > 0) out += fmt::format("- also {}{}\n", others, more == 0 ? "" : fmt::format(" and {} more", more));
  return out + "\n" + reproduction(example);
}

std::string MarkdownSummary::known() const {
  const std::vector<KnownTally> all = tally_.known();
  if (all.empty()) return {};
  std::string out = "## Known failures\n\n";
  for (std::size_t i = 0; i < std::min(all.size(), max_known); ++i) {
    const KnownFailure& known = all[i].known;
    out += fmt::format("- {} failed as expected, one is {} with {}: {} ({}, until {}, {}; {})\n",
                       counted(all[i].cases, "case"), code(all[i].example), code(known.outcome), code(known.reason),
                       code(known.issue), code(known.until), code(known.owner), code(known.place));
  }
  if (all.size() > max_known) out += fmt::format("- and {} more\n", all.size() - max_known);
  return out + "\n";
}

std::string MarkdownSummary::stale(const RunEnd& end) {
  if (end.stale.empty()) return {};
  std::string out = "## Known failures that are none any more\n\n";
  for (std::size_t i = 0; i < std::min(end.stale.size(), max_known); ++i)
    out += fmt::format("- {}\n", code(end.stale[i], 1000));
  if (end.stale.size() > max_known) out += fmt::format("- and {} more\n", end.stale.size() - max_known);
  return out + "\n";
}

std::string MarkdownSummary::pins_not_held(const RunEnd& end) {
  const std::vector<std::string> lines = not_held_in_words(end);
  if (lines.empty() || !end.fatal.empty()) return {};
  std::string out = "## Not held\n\n";
  for (const std::string& line : lines) out += fmt::format("- {}\n", code(line, 1000));
  return out + "\n";
}

std::string MarkdownSummary::leftovers(const RunEnd& end) const {
  if (end.leftovers.empty()) return {};
  std::string out = fmt::format("## Left behind: {}\n\n", counted(end.leftovers.size(), "session"));
  for (std::size_t i = 0; i < std::min(end.leftovers.size(), max_leftovers); ++i)
    out += fmt::format("- {}\n", code(end.leftovers[i]));
  if (end.leftovers.size() > max_leftovers) out += fmt::format("- and {} more\n", end.leftovers.size() - max_leftovers);
  if (!info_.sweep_line.empty()) out += "\nTo delete them:\n\n" + block("sh", own(info_.sweep_line));
  return out + "\n";
}

std::string MarkdownSummary::characteristics(const RunEnd& end) const {
  std::string list;
  for (const Measured& m : end.characteristics) {
    // Of a selection it goes without saying.
    if (end.totals.planned < info_.available && m.reading.starts_with("not measured")) continue;
    list += fmt::format("- {}: {}\n", code(m.id), code(m.reading));
  }
  if (list.empty()) return {};
  return "<details><summary>What the specification leaves open, as this endpoint does it</summary>\n\n" + list +
         "\n</details>\n";
}

std::string MarkdownSummary::text(const RunEnd& end, std::size_t room) const {
  constexpr std::size_t for_the_rest = 200;  // a line that says what was left out
  std::string out = head(end);
  std::size_t left_out = 0;
  const auto add = [&](const std::string& part) {
    const bool fits = out.size() + part.size() + for_the_rest <= room;
    if (fits) out += part;
    if (!fits) ++left_out;
  };
  if (end.fatal.empty()) {
    const std::vector<RequirementTally> all = tally_.requirements();
    for (const bool warnings : {false, true}) {
      std::string title = warnings ? "## Warnings\n\n" : "## Failures\n\n";
      for (const RequirementTally& r : all) {
        if (r.failed == 0 || r.warning != warnings) continue;
        add(title + failing(r));
        title.clear();
      }
    }
    add(known());
    add(groups(tally_.reasons(Verdict::error), "Errors"));
    add(groups(tally_.reasons(Verdict::inconclusive), "Inconclusive"));
    add(groups(tally_.reasons(Verdict::skipped), "Skipped"));
    add(groups(tally_.notes(), "Notes"));
  }
  add(stale(end));
  add(pins_not_held(end));
  add(leftovers(end));
  if (end.fatal.empty()) add(characteristics(end));
  if (left_out > 0)
    out += fmt::format("\n{} left out: the summary would become too large.\n", counted(left_out, "part"));
  return out.size() <= room ? out : std::string();
}

void MarkdownReport::on_end(const RunEnd& end) {
  write_whole(path_, "the Markdown summary", [&](std::ostream& out) { out << summary_.text(end); });
}

}  // namespace conformance::reports
