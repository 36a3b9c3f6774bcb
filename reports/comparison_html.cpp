#include "reports/comparison_html.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <string_view>

#include "reports/html_page.h"
#include "reports/html_text.h"
#include "reports/sentence.h"

namespace conformance::embedded {
std::string_view report_css();
std::string_view compare_css();
}  // namespace conformance::embedded

namespace conformance::reports {
namespace {

using html::text;

// Of each kind of row; the JSON has all. Those that differ come first.
constexpr std::size_t most_rows = 20000;
// So many share the width of the page; a table of more is scrolled.
constexpr std::size_t narrow_runs = 4;

// As the style sheet knows them, each with an icon and a colour; empty: neither.
std::string_view status_of(const std::optional<ComparedRequirement::Cell>& cell) {
  if (!cell || cell->checked == 0) return "";
  return cell->failed == 0 ? "pass" : cell->warning ? "warning" : "fail";
}

std::string_view status_of(const std::optional<ComparedCase::Cell>& cell) {
  if (!cell) return "";
  return cell->warning ? "warning" : name_of(cell->verdict);
}

std::string_view status_of(const std::optional<std::string>& /*reading*/) { return "none"; }

std::string contents_of(const std::optional<ComparedRequirement::Cell>& cell) { return text(in_words(cell)); }

std::string contents_of(const std::optional<ComparedCase::Cell>& cell) {
  if (!cell) return text(in_words(cell));
  std::string out(cell->warning ? "warning" : name_of(cell->verdict));
  if (!cell->answer.empty()) out += " <code>" + text(cell->answer) + "</code>";
  if (!cell->blamed.empty()) out += " <small>" + text(cell->blamed) + "</small>";
  return out;
}

std::string contents_of(const std::optional<std::string>& reading) {
  return reading ? "<code>" + text(*reading) + "</code>" : text(in_words(reading));
}

const std::string& words_of(const ComparedRequirement& row) { return row.sentence; }
const std::string& words_of(const ComparedCase& row) { return row.title; }
const std::string& words_of(const ComparedCharacteristic& /*row*/) {
  static const std::string none;
  return none;
}

// Whether the cell of `run` is another than the first: what holds in as many cases as there happen to be is no other.
template <typename Cell>
bool is_other(const std::vector<std::optional<Cell>>& cells, std::size_t run) {
  return run > 0 && (status_of(cells[run]) != status_of(cells[0]) || contents_of(cells[run]) != contents_of(cells[0]));
}

bool is_other(const std::vector<std::optional<ComparedRequirement::Cell>>& cells, std::size_t run) {
  return run > 0 && status_of(cells[run]) != status_of(cells[0]);
}

template <typename Row>
std::string row_of(const Row& row, std::string_view kind) {
  std::string out =
      fmt::format("<tr id=\"{}\"><th scope=\"row\"><code>{}</code>", html::anchor(kind, row.id), text(row.id));
  if (!words_of(row).empty()) out += "<span>" + text(words_of(row)) + "</span>";
  out += "</th>";
  for (std::size_t run = 0; run < cells_of(row).size(); ++run) {
    const std::string_view status = status_of(cells_of(row)[run]);
    out += fmt::format("<td data-l=\"{}\"{}{}>{}</td>", label_of_run(run),
                       status == "none" ? "" : fmt::format(" data-v=\"{}\"", status),
                       row.differs && is_other(cells_of(row), run) ? " class=\"other\"" : "",
                       contents_of(cells_of(row)[run]));
  }
  return out + "</tr>\n";
}

template <typename Row>
std::string table_of(const std::vector<Row>& rows, std::size_t first, std::size_t last, std::string_view kind,
                     std::string_view title, std::size_t runs) {
  std::string out = fmt::format(
      "<div class=\"scroll\" role=\"region\" aria-label=\"{}\" tabindex=\"0\"><table class="
      "\"cmp{}\"><thead><tr><th scope=\"col\"><span class=\"sr\">What</span></th>",
      title, runs > narrow_runs ? " many" : "");
  for (std::size_t run = 0; run < runs; ++run)
    out += fmt::format("<th scope=\"col\"><a href=\"#run-{0}\" class=\"run\" aria-label=\"Run {0}\">{0}</a></th>",
                       label_of_run(run));
  out += "</tr></thead><tbody>\n";
  const std::size_t shown = std::min(last, first + most_rows);
  for (std::size_t i = first; i < shown; ++i) out += row_of(rows[i], kind);
  out += "</tbody></table></div>";
  if (shown < last)
    out +=
        fmt::format("<p class=\"why\">and {} more; <code>--format json</code> has all.</p>", with_commas(last - shown));
  return out;
}

template <typename Row>
std::string section_of(const std::vector<Row>& rows, std::string_view id, std::string_view noun, std::string_view title,
                       std::size_t runs) {
  const auto same = std::find_if(rows.begin(), rows.end(), [](const Row& row) { return !row.differs; });
  const auto differing = static_cast<std::size_t>(same - rows.begin());
  std::string out = fmt::format("<section id=\"{0}\" aria-labelledby=\"{0}-h\"><h2 id=\"{0}-h\">{1}</h2>\n", id, title);
  if (differing == 0)
    out += fmt::format("<p class=\"none\">{}</p>\n", rows.empty() ? "There are none." : "None differs.");
  if (differing > 0) out += table_of(rows, 0, differing, noun, fmt::format("{} that differ", title), runs) + "\n";
  if (differing < rows.size())
    out += fmt::format("<details class=\"same\"><summary>{} not differ</summary>{}</details>\n",
                       counted(rows.size() - differing, noun) + (rows.size() - differing == 1 ? " does" : " do"),
                       table_of(rows, differing, rows.size(), noun, fmt::format("{} that do not differ", title), runs));
  return out + "</section>\n";
}

std::string utc(std::chrono::system_clock::time_point t) {
  const std::time_t time = std::chrono::system_clock::to_time_t(t);
  std::tm tm{};
  gmtime_r(&time, &tm);
  std::array<char, 32> buffer{};
  return {buffer.data(), std::strftime(buffer.data(), buffer.size(), "%Y-%m-%d %H:%M:%S UTC", &tm)};
}

std::string_view verdict_of(const RunEnd& end) {
  switch (end.exit_status) {
    case 0:
      return "pass";
    case 1:
      return "fail";
    case 4:
    case 130:
      return "inconclusive";
    default:
      return "error";
  }
}

std::string totals_of(const Totals& t) {
  std::string out;
  const auto add = [&out](std::string_view status, std::size_t number, std::string_view word) {
    if (number > 0)
      out += fmt::format("<li data-v=\"{}\"><strong>{}</strong> {}</li>", status, with_commas(number), word);
  };
  add("fail", t.fail, "failed");
  add("warning", t.warnings, t.warnings == 1 ? "warning" : "warnings");
  add("inconclusive", t.inconclusive, "inconclusive");
  add("error", t.error, t.error == 1 ? "error" : "errors");
  add("known", t.known, "known to fail");
  add("skipped", t.skipped, "skipped");
  add("pass", t.pass, "passed");
  return out.empty() ? out : "<ul class=\"counts\">" + out + "</ul>";
}

std::string run_of(const ComparedRun& run, std::size_t place) {
  const std::string label = label_of_run(place);
  return fmt::format(
      "<li id=\"run-{0}\"><h3><span class=\"run\" aria-label=\"Run {0}\">{0}</span> <code>{1}</code></h3>"
      "<p class=\"says\" data-v=\"{2}\">{3}</p>{4}"
      "<p class=\"meta\">{5} · version {6} · seed {7} · tier {8} · <span class=\"nb\">{9}</span></p></li>\n",
      label, text(run.info.endpoint), verdict_of(run.end), text(run.sentence), totals_of(run.end.totals),
      "<code>" + text(run.file) + "</code>", text(run.info.tool_version), run.info.seed, name_of(run.info.tier),
      utc(run.info.started));
}

}  // namespace

std::string to_html(const Compared& compared) {
  const std::size_t runs = compared.runs.size();
  std::string out = html::page_head({.title = "Runs compared: " + counts_in_words(compared),
                                     .styles = {embedded::report_css(), embedded::compare_css()},
                                     .scripts = {}});
  out +=
      "<body><a class=\"skip\" href=\"#main\">Skip to what differs</a>\n<header class=\"top\"><nav "
      "aria-label=\"Sections\">"
      "<a href=\"#verdict\" class=\"brand\">glue-conformance</a><a href=\"#requirements\">Requirements</a>"
      "<a href=\"#characteristics\">Characteristics</a><a href=\"#cases\">Cases</a></nav></header>\n<main "
      "id=\"main\">\n";
  out += fmt::format(
      "<section id=\"verdict\"><p class=\"kicker\">{} compared</p><h1 data-v=\"{}\">{}</h1><p "
      "class=\"endpoint\">{}</p>\n"
      "<ol class=\"runs\">\n",
      counted(runs, "run"), compared.differs() ? "warning" : "pass",
      compared.differs() ? "The runs differ." : "Nothing differs.", text(counts_in_words(compared)));
  for (std::size_t i = 0; i < runs; ++i) out += run_of(compared.runs[i], i);
  out += "</ol></section>\n";
  out += section_of(compared.requirements, "requirements", "requirement", "Requirements", runs);
  out += section_of(compared.characteristics, "characteristics", "characteristic", "Characteristics", runs);
  out += section_of(compared.cases, "cases", "case", "Cases", runs);
  return out + "</main>\n</body></html>\n";
}

}  // namespace conformance::reports
