#include "reports/html_sections.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <map>
#include <utility>

#include "reports/html_case.h"
#include "reports/html_text.h"
#include "reports/latency_chart.h"
#include "reports/not_held.h"
#include "reports/sentence.h"

namespace conformance::reports::html {
namespace {

constexpr std::array<std::string_view, 7> statuses{"fail",  "warning", "inconclusive", "error",
                                                   "known", "skipped", "pass"};
constexpr std::size_t slowest_shown = 10;
constexpr std::size_t examples_shown = 12;
constexpr std::size_t kinds_shown = 12;
constexpr std::size_t leftovers_shown = 20;
constexpr std::size_t listed_sentence_bytes = 180;

std::string utc(std::chrono::system_clock::time_point t) {
  const std::time_t time = std::chrono::system_clock::to_time_t(t);
  std::tm tm{};
  gmtime_r(&time, &tm);
  std::array<char, 32> buffer{};
  return {buffer.data(), std::strftime(buffer.data(), buffer.size(), "%Y-%m-%d %H:%M:%S UTC", &tm)};
}

std::string section(std::string_view id, std::string_view title, const std::string& contents) {
  return fmt::format(R"(<section id="{0}" aria-labelledby="{0}-h"><h2 id="{0}-h">{1}</h2>{2}</section>)", id, title,
                     contents);
}

std::string fact(std::string_view name, const std::string& value_html) {
  return value_html.empty() ? std::string() : fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", name, value_html);
}

std::string code(std::string_view value) { return "<code>" + text(value) + "</code>"; }

std::string meaning_of(int exit_status) {
  switch (exit_status) {
    case 0:
      return "everything that was planned passed, was waived or does not apply";
    case 1:
      return "the endpoint does not conform";
    case 2:
      return "usage or configuration error";
    case 3:
      return "the endpoint could not be tested";
    case 4:
      return "nothing was executed, or a case stayed inconclusive";
    case 130:
      return "interrupted";
    default:
      return "unknown";
  }
}

struct Count {
  std::string_view status, word;
  std::size_t number;
};

std::vector<Count> counts_of(const Totals& t) {
  return {{"fail", "failed", t.fail},
          {"warning", t.warnings == 1 ? "warning" : "warnings", t.warnings},
          {"inconclusive", "inconclusive", t.inconclusive},
          {"error", t.error == 1 ? "error" : "errors", t.error},
          {"known", "known to fail", t.known},
          {"skipped", "skipped", t.skipped},
          {"pass", "passed", t.pass}};
}

// A bar whose parts are as wide as their shares; none of them vanishes. Warnings are among the others already.
std::string bar(const Totals& totals) {
  constexpr double width = 1000, least = 4;
  double x = 0;
  std::string out = R"(<svg class="bar" viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true">)";
  std::size_t all = 0;
  for (const Count& count : counts_of(totals))
    if (count.status != "warning") all += count.number;
  for (const Count& count : counts_of(totals)) {
    if (count.number == 0 || count.status == "warning") continue;
    const double wide = std::max(least, width * static_cast<double>(count.number) / static_cast<double>(all));
    out += fmt::format(R"(<rect data-v="{}" x="{:.1f}" y="0" width="{:.1f}" height="8"/>)", count.status, x, wide);
    x += wide;
  }
  return out + "</svg>";
}

std::string legend(const Totals& totals) {
  std::string out = "<ul class=\"counts\">";
  for (const Count& count : counts_of(totals)) {
    if (count.number == 0 && count.status != "fail" && count.status != "pass") continue;
    const std::string words = fmt::format("<strong>{}</strong> {}", with_commas(count.number), count.word);
    out += fmt::format("<li data-v=\"{}\"{}>", count.status, count.number == 0 ? " class=\"zero\"" : "");
    out += count.number == 0 ? words : fmt::format(R"(<a href="{}">{}</a>)", filter_link({}, count.status, {}), words);
    out += "</li>";
  }
  return out + "</ul>";
}

std::string alerts(const Run& run) {
  std::string out;
  const auto add = [&out](const std::string& contents) { out += "<div class=\"alert\">" + contents + "</div>"; };
  if (!run.end.fatal.empty()) add("<p>" + text(run.end.fatal) + "</p>");
  if (run.end.interrupted) add("<p>The run was interrupted: this report is complete for what ran.</p>");
  if (!run.end.leftovers.empty()) {
    std::string list;
    for (std::size_t i = 0; i < std::min(run.end.leftovers.size(), leftovers_shown); ++i)
      list += "<li>" + code(std::string_view(run.end.leftovers[i]).substr(0, 300)) + "</li>";
    if (run.end.leftovers.size() > leftovers_shown)
      list += fmt::format("<li>and {} more</li>", with_commas(run.end.leftovers.size() - leftovers_shown));
    add(fmt::format(
        "<p>{} of this run could not be deleted{}</p><details><summary>which</summary><ul>{}</ul></details>",
        counted(run.end.leftovers.size(), "session"),
        run.info.sweep_line.empty() ? "." : ". To delete what is left: " + code(run.info.sweep_line), list));
  }
  for (const std::string& stale : run.end.stale) add("<p>" + text(stale) + "</p>");
  if (run.end.fatal.empty())
    for (const std::string& line : not_held_in_words(run.end)) add("<p>Not held: " + text(line) + "</p>");
  for (const std::string& unwritten : run.end.unwritten) add("<p>" + text(unwritten) + "</p>");
  return out;
}

std::string facts(const Run& run) {
  const RunInfo& info = run.info;
  std::string out = "<dl class=\"facts\">";
  out += fact("Exit status", fmt::format("{} <span>{}</span>", run.end.exit_status, meaning_of(run.end.exit_status)));
  out += fact("Planned", with_commas(run.end.totals.planned) +
                             (info.available > run.end.totals.planned ? " of " + with_commas(info.available) : ""));
  out += fact("Requests", with_commas(run.end.requests));
  out += fact("Duration", duration(run.end.elapsed));
  out += fact("Started", utc(info.started));
  out += fact("Seed", std::to_string(info.seed));
  out += fact("Region", text(info.region));
  out += fact("Signed", info.signed_requests ? "yes" : "no");
  out += fact("Fails from level", std::string(spec::name_of(info.fail_level)));
  out += fact("Sessions", text(info.sessions));
  out += fact("Options", info.replay_args.empty() ? std::string() : code(info.replay_args));
  out += "</dl>";
  if (info.notes.empty()) return out;
  out += "<ul class=\"notes\">";
  for (const std::string& note : info.notes) out += "<li>" + text(note) + "</li>";
  return out + "</ul>";
}

// Requirements.

struct Standing {
  const spec::Requirement* requirement = nullptr;  // nullptr if the table does not know it
  const RequirementTally* tally = nullptr;         // nullptr if nothing asked it
  std::string_view status = "none";
};

Standing standing_of(const spec::Requirement* requirement, const RequirementTally* tally) {
  Standing s{requirement, tally, "none"};
  if (tally == nullptr || tally->checked == 0) return s;
  s.status = tally->failed > 0              ? (tally->warning ? "warning" : "fail")
             : tally->known > 0             ? "known"
             : tally->held < tally->checked ? "beside"
                                            : "pass";
  return s;
}

int rank_of(std::string_view status) {
  constexpr std::array<std::string_view, 6> order{"fail", "warning", "beside", "known", "pass", "none"};
  return static_cast<int>(std::find(order.begin(), order.end(), status) - order.begin());
}

std::vector<Standing> standings_of(const Run& run) {
  std::map<std::string_view, const RequirementTally*> tallies;
  for (const RequirementTally& tally : run.requirements) tallies.emplace(tally.id, &tally);
  std::vector<Standing> all;
  for (const spec::Requirement& requirement : run.table.requirements) {
    const auto found = tallies.find(requirement.id);
    all.push_back(standing_of(&requirement, found == tallies.end() ? nullptr : found->second));
    if (found != tallies.end()) tallies.erase(found);
  }
  for (const auto& [id, tally] : tallies)
    if (!id.empty()) all.push_back(standing_of(nullptr, tally));
  std::stable_sort(all.begin(), all.end(),
                   [](const Standing& a, const Standing& b) { return rank_of(a.status) < rank_of(b.status); });
  return all;
}

std::string case_link(const std::string& id) {
  return fmt::format(R"(<a href="#{}"><code>{}</code></a>)", anchor("case", id), text(id));
}

// The cases that fail it, by what they were answered: one root is mostly one kind of answer.
std::string examples(const Run& run, const std::string& id) {
  std::vector<std::pair<std::string, std::vector<const Row*>>> kinds;
  for (const Row* row : run.rows) {
    if (row->requirement != id || (row->status != "fail" && row->status != "warning")) continue;
    auto kind = std::find_if(kinds.begin(), kinds.end(), [row](const auto& k) { return k.first == row->answer; });
    if (kind == kinds.end()) kind = kinds.insert(kinds.end(), {row->answer, {}});
    kind->second.push_back(row);
  }
  std::stable_sort(kinds.begin(), kinds.end(),
                   [](const auto& a, const auto& b) { return a.second.size() > b.second.size(); });
  std::string out = "<ul class=\"kinds\">";
  for (std::size_t k = 0; k < std::min(kinds.size(), kinds_shown); ++k) {
    const auto& [answer, rows] = kinds[k];
    out += fmt::format("<li><span class=\"k\">{} answered {}</span> ", counted(rows.size(), "case"),
                       answer.empty() ? "as shown" : code(std::string_view(answer).substr(0, 120)));
    for (std::size_t i = 0; i < std::min(rows.size(), examples_shown); ++i)
      out += (i == 0 ? "" : " ") + case_link(rows[i]->id);
    if (rows.size() > examples_shown)
      out += fmt::format(R"( <a href="{}">and {} more</a>)", filter_link({}, rows.front()->status, id),
                         with_commas(rows.size() - examples_shown));
    out += "</li>";
  }
  if (kinds.size() > kinds_shown)
    out += fmt::format("<li>and {} of answers</li>", counted(kinds.size() - kinds_shown, "more kind"));
  return out + "</ul>";
}

std::string requirement_body(const Run& run, const Standing& s) {
  std::string out;
  if (s.tally != nullptr && s.tally->smallest != nullptr) {
    const CaseResult& smallest = *s.tally->smallest;
    const auto cut = [](const std::string& said) { return wire_text(said, {}, listed_sentence_bytes); };
    out += fmt::format(
        R"(<dl class="ea"><div><dt>Expected</dt><dd>{}</dd></div><div><dt>Actual, in {}</dt><dd>{}</dd></div></dl>)",
        cut(smallest.judgement.expected), case_link(smallest.test.id), cut(smallest.judgement.actual));
    out += examples(run, s.tally->id);
  }
  if (s.status == "beside")
    out += fmt::format("<p>It did not hold in {} that failed for another requirement.</p>",
                       counted(s.tally->checked - s.tally->held, "case"));
  if (s.requirement == nullptr) return out;
  const bool is_shown = s.tally != nullptr && s.tally->smallest != nullptr;  // as what was expected
  if (!is_shown && !s.requirement->accept.empty()) {
    out += "<p class=\"meta\">Accepted: ";
    for (std::size_t i = 0; i < s.requirement->accept.size(); ++i)
      out += (i == 0 ? "" : ", ") + code(s.requirement->accept[i]);
    out += "</p>";
  }
  out += "<ul class=\"sources\">";
  for (const std::string& key : s.requirement->sources) {
    const auto source = run.table.sources.find(key);
    out += "<li>" + (source == run.table.sources.end() ? text(key) : linked(source->second)) + "</li>";
  }
  return out + "</ul>";
}

std::string requirement_item(const Run& run, const Standing& s) {
  const std::string& id = s.requirement != nullptr ? s.requirement->id : s.tally->id;
  std::string out = fmt::format(
      R"(<details class="r" id="{}" data-v="{}"{}><summary><span>{}</span> <code>{}</code> <span>{}</span> )",
      anchor("req", id), s.status, s.status == "fail" ? " open=\"\"" : "",
      s.status == "none"     ? "not asked"
      : s.status == "beside" ? "in doubt"
                             : s.status,
      text(id), s.requirement == nullptr ? "" : text(s.requirement->sentence));
  if (s.requirement != nullptr)
    out += fmt::format(R"(<span class="tag">{}</span> <span class="tag">{}</span> )",
                       spec::name_of(s.requirement->level), spec::name_of(s.requirement->evidence));
  else
    out += "<span></span><span></span>";
  const std::size_t checked = s.tally == nullptr ? 0 : s.tally->checked;
  const std::size_t failed = s.tally == nullptr ? 0 : s.tally->failed + s.tally->known;
  out += checked == 0  ? std::string("<span></span>")
         : failed == 0 ? fmt::format("<span>{}</span>", with_commas(checked))
                       : fmt::format("<span>{} of {}</span>", with_commas(failed), with_commas(checked));
  out += "</summary><div class=\"in\">" + requirement_body(run, s);
  if (checked > 0)
    out += fmt::format(R"(<p class="meta"><a href="{}">its cases in the list</a></p>)", filter_link({}, {}, id));
  return out + "</div></details>";
}

// Areas.

std::pair<std::string_view, std::string_view> family_of(std::string_view area) {
  const std::size_t first = area.find('.');
  if (first == std::string_view::npos) return {area, {}};
  const std::size_t second = area.find('.', first + 1);
  return {area.substr(0, first), area.substr(0, second)};
}

struct Group {
  std::array<std::size_t, statuses.size()> counts{};
  std::size_t all = 0;
};

void add(Group& group, const Row& row) {
  ++group.all;
  const auto at = std::find(statuses.begin(), statuses.end(), row.status);
  if (at != statuses.end()) ++group.counts[static_cast<std::size_t>(at - statuses.begin())];
}

std::string_view worst_of(const Group& group) {
  for (const std::string_view status : statuses) {
    const auto at = static_cast<std::size_t>(std::find(statuses.begin(), statuses.end(), status) - statuses.begin());
    // What is skipped in part is no less passed.
    if (group.counts[at] > 0 && (status != "skipped" || group.counts[at] == group.all)) return status;
  }
  return "pass";
}

struct Family {
  Group sum;
  std::vector<std::pair<std::string_view, Group>> parts;
};

std::vector<std::pair<std::string_view, Family>> families_of(const Run& run) {
  std::map<std::string_view, std::map<std::string_view, Group>> groups;
  for (const Row* row : run.rows) {
    const auto [family, part] = family_of(row->area);
    add(groups[family][part.empty() ? family : part], *row);
  }
  std::vector<std::pair<std::string_view, Family>> all;
  for (const auto& [name, parts] : groups) {
    Family family;
    for (const auto& [part, group] : parts) {
      family.parts.emplace_back(part, group);
      family.sum.all += group.all;
      for (std::size_t i = 0; i < statuses.size(); ++i) family.sum.counts[i] += group.counts[i];
    }
    all.emplace_back(name, std::move(family));
  }
  return all;
}

std::string chip(std::string_view family, std::string_view part, const Group& group) {
  std::string_view name = part == family ? part : part.substr(family.size() + 1);
  const std::string_view worst = worst_of(group);
  std::string words = fmt::format("{}: {}", attribute(part), counted(group.all, "case"));
  for (std::size_t i = 0; i < statuses.size(); ++i)
    if (group.counts[i] > 0) words += fmt::format(", {} {}", with_commas(group.counts[i]), statuses[i]);
  const std::size_t bad = group.all - group.counts.back() - group.counts[statuses.size() - 2];
  return fmt::format(R"(<a class="chip" data-v="{}" href="{}" title="{}">{} <small>{}</small></a> )", worst,
                     filter_link(part, {}, {}), words, text(name),
                     bad > 0 ? fmt::format("{}/{}", with_commas(bad), with_commas(group.all)) : with_commas(group.all));
}

std::string characteristic_row(const Run& run, const Measured& measured) {
  const auto known = std::find_if(run.table.characteristics.begin(), run.table.characteristics.end(),
                                  [&](const spec::Characteristic& c) { return c.id == measured.id; });
  std::string seen;
  for (const std::string& observation : measured.observations)
    seen += "<li>" + text(std::string_view(observation).substr(0, 400)) + "</li>";
  if (!seen.empty())
    seen = measured.observations.size() == 1 ? "<ul>" + seen + "</ul>"
                                             : fmt::format("<details><summary>{}</summary><ul>{}</ul></details>",
                                                           counted(measured.observations.size(), "observation"), seen);
  const bool measured_at_all = !measured.reading.starts_with("not measured");
  return fmt::format(
      R"(<tr id="{}"{}><th scope="row"><code>{}</code></th><td>{}</td><td><strong>{}</strong>{}</td></tr>)",
      anchor("char", measured.id), measured_at_all ? "" : " class=\"none\"", text(measured.id),
      known == run.table.characteristics.end() ? "" : text(known->sentence), text(measured.reading), seen);
}

std::string option(std::string_view value, std::string_view shown) {
  return fmt::format(R"(<option value="{}">{}</option>)", attribute(value), attribute(shown));
}

}  // namespace

std::string filter_link(std::string_view area, std::string_view verdict, std::string_view requirement) {
  std::string query;
  for (const auto& [key, value] : {std::pair<std::string_view, std::string_view>{"area", area},
                                   {"verdict", verdict},
                                   {"requirement", requirement}})
    if (!value.empty()) query += fmt::format("{}{}={}", query.empty() ? "?" : "&amp;", key, query_value(value));
  return query + "#cases";
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

namespace {

std::string but_for(const Totals& totals) {
  return totals.known == 0 ? "" : fmt::format(", but for {} known to fail", counted(totals.known, "case"));
}

}  // namespace

std::string verdict_sentence(const Run& run) {
  const Totals& t = run.end.totals;
  switch (run.end.exit_status) {
    case 0:
      if (t.planned < run.info.available)
        return fmt::format("The {} selected of {} pass{}{}{}", with_commas(t.planned), with_commas(run.info.available),
                           t.skipped == 0 ? "" : " as far as they apply here", but_for(t), with_warnings(t));
      if (!run.info.upstream.empty())
        return fmt::format("Through the proxy {} is as without it{}{}",
                           t.skipped == 0 ? "everything" : "all that applies to it here", but_for(t), with_warnings(t));
      return fmt::format("The endpoint conforms{}{}{}", t.skipped == 0 ? "" : " in all that applies to it here",
                         but_for(t), with_warnings(t));
    case 1:
      if (failing_requirements(run.requirements) == 0 && !run.end.stale.empty())
        return "The list of known failures is not up to date";
      if (!run.info.upstream.empty())
        return fmt::format("Through the proxy not all is as without it: {} failed",
                           counted(failing_requirements(run.requirements), "requirement"));
      return fmt::format("The endpoint does not conform: {} failed",
                         counted(failing_requirements(run.requirements), "requirement"));
    case 4:
      return t.inconclusive > 0 ? fmt::format("Not proved: {} stayed inconclusive", counted(t.inconclusive, "case"))
                                : "Not proved: no case was executed";
    case 130:
      return "Interrupted";
    default:
      if (run.end.fatal.empty() && t.error == 0 && !run.end.leftovers.empty())
        return "The run could not delete what it created";
      if (run.end.fatal.empty() && t.error == 0 && !run.end.unwritten.empty()) return "A report could not be written";
      return "The endpoint could not be tested";
  }
}

std::string verdict_section(const Run& run) {
  std::string out = fmt::format(
      R"(<section id="verdict" data-v="{}"><p class="kicker">{} · glue-conformance {}</p><h1>{}</h1><p class="endpoint">{}</p>)",
      verdict_of(run.end), text(run.table.operation), text(run.info.tool_version), verdict_sentence(run),
      code(run.info.endpoint));
  return out + alerts(run) + bar(run.end.totals) + legend(run.end.totals) + facts(run) + "</section>";
}

std::string requirements_section(const Run& run) {
  const std::vector<Standing> all = standings_of(run);
  const auto part = [&](std::string_view status, std::string_view title, std::string_view remark) {
    std::string items;
    std::size_t number = 0;
    for (const Standing& s : all) {
      if (s.status != status) continue;
      ++number;
      items += requirement_item(run, s);
    }
    if (number == 0) return std::string();
    return fmt::format("<h3>{} <small>{}{}</small></h3>{}", title, with_commas(number), remark, items);
  };
  return section("requirements", "Requirements",
                 part("fail", "Not met", "") + part("warning", "Warnings", ", which do not fail the run") +
                     part("beside", "In doubt", "") + part("known", "Known not to be met", "") +
                     part("pass", "Met", "") + part("none", "Not asked", ""));
}

std::string areas_section(const Run& run) {
  std::string out =
      R"(<div class="scroll" tabindex="0" role="region" aria-label="Areas by verdict"><table class="matrix"><caption class="sr">Areas by verdict</caption><thead><tr><th scope="col">area</th>)";
  for (const std::string_view status : statuses) out += fmt::format("<th scope=\"col\">{}</th>", status);
  out += "<th scope=\"col\">parts</th></tr></thead><tbody>";
  for (const auto& [name, family] : families_of(run)) {
    out += fmt::format(R"(<tr><th scope="row"><a href="{}">{}</a></th>)", filter_link(name, {}, {}), text(name));
    for (std::size_t i = 0; i < statuses.size(); ++i)
      out += family.sum.counts[i] == 0
                 ? std::string("<td>·</td>")
                 : fmt::format(R"(<td data-v="{}"><a href="{}">{}</a></td>)", statuses[i],
                               filter_link(name, statuses[i], {}), with_commas(family.sum.counts[i]));
    out += "<td>";
    for (const auto& [part, group] : family.parts) out += chip(name, part, group);
    out += "</td></tr>";
  }
  return section("areas", "Areas", out + "</tbody></table></div>");
}

std::string boundaries_section(const Run& run) {
  std::vector<Probe> probes;
  for (const Row* row : run.rows)
    if (row->probe) probes.push_back(*row->probe);
  return section("boundaries", "Boundaries", boundary_picture(run.table, probes));
}

std::string characteristics_section(const Run& run) {
  if (run.end.characteristics.empty())
    return section("characteristics", "Characteristics", "<p class=\"none\">none was measured</p>");
  std::string out =
      "<p>What the specification leaves open, as this endpoint does it: measured, not judged.</p><div class=\"scroll\" "
      "tabindex=\"0\" role=\"region\" aria-label=\"Characteristics\"><table class=\"chars\"><caption "
      "class=\"sr\">Characteristics</caption><thead><tr><th "
      "scope=\"col\">characteristic</th><th scope=\"col\">question</th><th "
      "scope=\"col\">this endpoint</th></tr></thead><tbody>";
  for (const Measured& measured : run.end.characteristics) out += characteristic_row(run, measured);
  return section("characteristics", "Characteristics", out + "</tbody></table></div>");
}

std::string latency_section(const Run& run) {
  std::vector<std::chrono::microseconds> times;
  std::vector<const Row*> answered;
  for (const Row* row : run.rows) {
    if (!row->latency) continue;
    times.push_back(*row->latency);
    answered.push_back(row);
  }
  std::stable_sort(answered.begin(), answered.end(),
                   [](const Row* a, const Row* b) { return *a->latency > *b->latency; });
  std::string out = latency_chart(std::move(times));
  if (answered.empty()) return section("latency", "Latency", out);
  out += "<h3>Slowest</h3><ol class=\"slow\">";
  for (std::size_t i = 0; i < std::min(answered.size(), slowest_shown); ++i)
    out += fmt::format("<li><span>{}</span> {}</li>", duration(*answered[i]->latency), case_link(answered[i]->id));
  return section("latency", "Latency", out + "</ol>");
}

std::string filters(const Run& run) {
  std::string out =
      R"(<form class="filters" id="filters" role="search" aria-label="Cases"><input type="search" id="q" placeholder="Search cases" aria-label="Search cases" autocomplete="off" spellcheck="false"/><span class="verdicts" role="group" aria-label="Verdict">)";
  std::map<std::string_view, std::size_t> counts;
  for (const Row* row : run.rows) ++counts[row->status];
  for (const std::string_view status : statuses)
    if (counts.contains(status))
      out += fmt::format(
          R"(<button type="button" class="toggle" data-v="{0}" aria-pressed="false">{0} <small>{1}</small></button>)",
          status, with_commas(counts[status]));
  out += R"(</span><select id="area" aria-label="Area"><option value="">any area</option>)";
  for (const auto& [name, family] : families_of(run)) {
    out += option(name, name);
    for (const auto& [part, group] : family.parts)
      if (part != name) out += option(part, part);
  }
  out += R"(</select><select id="requirement" aria-label="Requirement"><option value="">any requirement</option>)";
  std::map<std::string_view, bool> requirements;
  for (const Row* row : run.rows)
    if (!row->requirement.empty()) requirements.emplace(row->requirement, true);
  for (const auto& [id, there] : requirements) out += option(id, id);
  return out + R"(</select><button type="button" id="reset">clear</button><output id="shown"></output></form>)";
}

}  // namespace conformance::reports::html
