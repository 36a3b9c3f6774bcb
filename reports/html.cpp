#include "reports/html.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ostream>
#include <string_view>
#include <utility>

#include "harness/run/scrub.h"
#include "reports/html_page.h"
#include "reports/html_text.h"
#include "reports/sentence.h"
#include "reports/whole_file.h"

namespace conformance::embedded {
std::string_view report_css();
std::string_view report_js();
}  // namespace conformance::embedded

namespace conformance::reports {
namespace {

// Beyond this the whole of failing cases is too much as well: one root cause has hundreds of examples.
constexpr std::size_t whole_details_bytes = 4UL * 1024 * 1024;
constexpr std::size_t whole_examples = 25;  // of a requirement
constexpr std::string_view left_out = "<p class=\"why\">Left out: the report would become too large.</p>";

bool is_notable(const html::Row& row) {
  return row.status != "pass" && row.status != "skipped" && row.status != "known";
}

// What the tally needs: it keeps some results for good, and an answer may have megabytes.
CaseResult without_messages(const CaseResult& result) {
  CaseResult bare;
  bare.test.id = result.test.id;
  bare.judgement = result.judgement;
  bare.judgement.answer = {};
  bare.request.body = result.request.body;
  bare.warning = result.warning;
  bare.known = result.known;
  return bare;
}

std::string replay_of(const RunInfo& info, const std::string& id) {
  std::string line = info.program + " replay " + id;
  for (const std::string& arguments : {info.endpoint_arg, info.replay_args})
    if (!arguments.empty()) line += " " + arguments;
  return "<p class=\"cmd\" data-c=\"replay\">" + html::text(line) + "</p>";
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> places{{{"requirements", "Requirements"},
                                                                               {"areas", "Areas"},
                                                                               {"boundaries", "Boundaries"},
                                                                               {"characteristics", "Characteristics"},
                                                                               {"latency", "Latency"},
                                                                               {"cases", "Cases"}}};

void write_top(std::ostream& out) {
  out << "<body><a class=\"skip\" href=\"#main\">Skip to the verdict</a>\n<header class=\"top\"><nav "
         "aria-label=\"Sections\"><a href=\"#verdict\" class=\"brand\">glue-conformance</a>";
  for (const auto& [id, name] : places) out << "<a href=\"#" << id << "\">" << name << "</a>";
  out << "</nav><button type=\"button\" id=\"theme\" hidden=\"\">dark</button></header>\n<main id=\"main\">\n";
}

}  // namespace

HtmlReport::HtmlReport(std::string path) : path_(std::move(path)) {}

void HtmlReport::on_start(const RunInfo& info, const spec::SpecTable& table) {
  info_ = info;
  table_ = table;
}

const html::Extent& HtmlReport::extent_of(const html::Row& row) {
  if (!is_notable(row)) return html::brief;
  const bool has_room = notable_bytes_ < whole_details_bytes && shown_whole_[row.requirement]++ < whole_examples;
  return has_room ? html::whole : html::medium;
}

html::Row HtmlReport::row_of(const CaseResult& result) {
  html::Row row;
  row.id = result.test.id;
  row.area = result.test.area.empty() ? "cases" : result.test.area;
  row.requirement = result.judgement.requirement.empty() ? result.test.requirement : result.judgement.requirement;
  row.status = html::status_of(result);
  row.answer = html::answer_of(result);
  row.latency = html::latency_of(result);
  row.probe = probe_of(table_, result);
  row.badness = badness(result);
  const bool notable = is_notable(row);
  html::CaseView view = html::view_of(info_, table_, result, extent_of(row));
  row.line = std::move(view.line);
  row.line.shrink_to_fit();
  std::size_t& held = notable ? notable_bytes_ : other_bytes_;
  if (held < most_details_bytes) row.details = std::move(view.details);
  row.details.shrink_to_fit();
  held += row.details.size();
  return row;
}

void HtmlReport::on_case(const CaseResult& told) {
  // Once more: a file is kept and passed on, whoever tells us of the case.
  const CaseResult result = Scrubber().scrubbed(told);
  tally_.add(without_messages(result));
  const auto [at, is_new] = at_.try_emplace(result.test.id, rows_.size());
  if (is_new) {
    rows_.push_back(row_of(result));
  } else if (badness(result) > rows_[at->second].badness) {
    rows_[at->second] = row_of(result);
  }
}

void HtmlReport::leave_out_details() {
  std::size_t total = 0;
  std::vector<html::Row*> others;
  for (html::Row& row : rows_) {
    total += row.details.size();
    if (!is_notable(row)) others.push_back(&row);
  }
  std::stable_sort(others.begin(), others.end(),
                   [](const html::Row* a, const html::Row* b) { return a->details.size() > b->details.size(); });
  for (html::Row* row : others) {
    if (total <= most_details_bytes) return;
    total -= row->details.size();
    row->details.clear();
  }
}

void HtmlReport::write(std::ostream& out, const html::Run& run) const {
  out << html::page_head({.title = html::verdict_sentence(run) + " — " + run.info.endpoint,
                          .styles = {embedded::report_css()},
                          .scripts = {embedded::report_js()}});
  write_top(out);
  out << html::verdict_section(run) << '\n'
      << html::requirements_section(run) << '\n'
      << html::areas_section(run) << '\n'
      << html::boundaries_section(run) << '\n'
      << html::characteristics_section(run) << '\n'
      << html::latency_section(run) << '\n'
      << "<section id=\"cases\" aria-labelledby=\"cases-h\"><h2 id=\"cases-h\">Cases</h2>\n"
      << html::filters(run)
      << "\n<p id=\"empty\" hidden=\"\">No case is left: clear the filters.</p>\n<div id=\"list\">\n";
  const std::size_t listed = std::min(run.rows.size(), most_cases);
  for (std::size_t i = 0; i < listed; ++i) {
    const html::Row& row = *run.rows[i];
    out << "<details class=\"c\" id=\"" << html::anchor("case", row.id) << "\" data-v=\"" << row.status
        << "\" data-a=\"" << html::attribute(row.area) << "\" data-r=\"" << html::attribute(row.requirement) << "\">"
        << row.line << "<div class=\"in\">";
    if (row.details.empty())
      out << left_out << replay_of(info_, row.id);
    else
      out << row.details;
    out << "</div></details>\n";
  }
  out << "</div>\n";
  if (listed < run.rows.size())
    out << "<p class=\"why\">" << counted(run.rows.size() - listed, "more case")
        << " not listed, the best last: the report would become too large.</p>\n";
  out << "</section>\n</main>\n</body></html>\n";
}

void HtmlReport::on_end(const RunEnd& end) {
  leave_out_details();
  std::vector<const html::Row*> sorted;
  for (const html::Row& row : rows_) sorted.push_back(&row);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const html::Row* a, const html::Row* b) { return a->badness > b->badness; });
  const std::vector<RequirementTally> requirements = tally_.requirements();
  const html::Run run{info_, table_, end, sorted, requirements};
  write_whole(path_, "the HTML report", [&](std::ostream& out) { write(out, run); });
}

}  // namespace conformance::reports
