#include "reports/boundary_picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>
#include <utility>

#include "harness/text/utf8.h"
#include "reports/html_case.h"
#include "reports/html_text.h"
#include "reports/sentence.h"

namespace conformance::reports {
namespace {

using spec::Outcome;

struct Area {
  std::string_view prefix;  // of case ids
  std::size_t member;
  Probe::Asks asks;
};
constexpr std::array areas{Area{"id.length.", 0, Probe::Asks::length}, Area{"id.pattern.", 0, Probe::Asks::point},
                           Area{"origin.length.", 1, Probe::Asks::length}, Area{"origin.", 1, Probe::Asks::point}};

Probe::Came came_of(const CaseResult& result) {
  switch (result.judgement.answer.outcome) {
    case Outcome::success:
    case Outcome::not_found:
    case Outcome::wrong_state:
      return Probe::Came::taken;
    case Outcome::rejected_as_invalid:
    case Outcome::rejected_as_unreadable:
      return Probe::Came::refused;
    case Outcome::no_response:
      return Probe::Came::nothing;
    default:
      return Probe::Came::fault;
  }
}

// The first "U+00E9" of a title.
std::optional<std::uint32_t> code_point_in(std::string_view title) {
  const std::size_t at = title.find("U+");
  if (at == std::string_view::npos) return std::nullopt;
  std::uint32_t point = 0;
  std::size_t digits = 0;
  for (const char c : title.substr(at + 2)) {
    const bool is_digit = c >= '0' && c <= '9', is_letter = c >= 'A' && c <= 'F';
    if ((!is_digit && !is_letter) || digits == 6) break;
    point = point * 16 + static_cast<std::uint32_t>(is_digit ? c - '0' : c - 'A' + 10);
    ++digits;
  }
  if (digits < 4 || point > 0x10FFFF) return std::nullopt;
  return point;
}

// A failure may be about something else: a session that stays, the form of the answer.
bool breaks(const CaseResult& result, std::string_view requirements) {
  const Judgement& j = result.judgement;
  if (j.verdict != Verdict::fail && j.verdict != Verdict::known) return false;
  return j.requirement.starts_with(requirements) ||
         std::any_of(j.checks.begin(), j.checks.end(), [requirements](const Check& check) {
           return !check.held && check.requirement.starts_with(requirements);
         });
}

std::optional<std::u32string> value_in(const std::string& body, const std::string& member) {
  const auto json = nlohmann::json::parse(body, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  const auto found = json.find(member);
  if (found == json.end() || !found->is_string()) return std::nullopt;
  return text::decode(found->get_ref<const std::string&>());
}

// What became of all that asked for one value.
struct Mark {
  std::set<Probe::Came> came;
  bool right = true;
  std::size_t asked = 0;
  std::string case_id;  // of the first, or the first that is wrong
  std::string answer;
};

void add(Mark& mark, const Probe& probe) {
  ++mark.asked;
  mark.came.insert(probe.came);
  if (mark.case_id.empty() || (mark.right && !probe.right)) {
    mark.case_id = probe.case_id;
    mark.answer = probe.answer;
  }
  mark.right = mark.right && probe.right;
}

struct Look {
  std::string_view key, word;
};
Look look_of(const Mark& mark) {
  if (mark.came.size() > 1) return {"mixed", "not always the same"};
  switch (*mark.came.begin()) {
    case Probe::Came::taken:
      return {"taken", "accepted"};
    case Probe::Came::refused:
      return {"refused", "refused"};
    case Probe::Came::fault:
      return {"other", "answered otherwise"};
    case Probe::Came::nothing:
      break;
  }
  return {"nothing", "no answer"};
}

// A link to the case, which says in words what its colour says. `shown` is HTML.
std::string tile(const std::string& shown, const std::string& name, const Mark& mark) {
  const Look look = look_of(mark);
  const std::string words =
      fmt::format("{}: {}{}{}{}", name, look.word, mark.answer.empty() ? "" : " (" + mark.answer + ")",
                  mark.right ? "" : ", which is wrong", mark.asked > 1 ? ", " + counted(mark.asked, "case") : "");
  return fmt::format(R"(<a class="t" data-t="{}"{} href="#{}" title="{}" aria-label="{}">{}</a>)", look.key,
                     mark.right ? "" : " data-wrong=\"\"", html::anchor("case", mark.case_id), html::attribute(words),
                     html::attribute(words), shown);
}

std::string point_name(std::uint32_t point) { return fmt::format("U+{:04X}", point); }

std::string not_asked() { return "<p class=\"none\">not asked</p>"; }

constexpr std::array<std::string_view, 4> widths{"ASCII", "2 bytes each", "3 bytes each", "4 bytes each"};

std::string length_table(const spec::Member& member, const std::vector<Probe>& probes) {
  std::map<std::size_t, std::map<std::uint32_t, Mark>> lanes;
  std::set<std::uint32_t> lengths;
  for (const Probe& probe : probes) {
    add(lanes[probe.width][probe.value], probe);
    lengths.insert(probe.value);
  }
  std::array<std::size_t, 3> bands{};
  const auto band_of = [&](std::uint32_t length) {
    return length < member.min_length ? 0U : length > member.max_length ? 2U : 1U;
  };
  for (const std::uint32_t length : lengths) ++bands[band_of(length)];
  constexpr std::array<std::string_view, 3> band_names{"too short", "allowed", "too long"};
  std::string out = fmt::format(
      R"(<div class="scroll" tabindex="0" role="region" aria-label="Outcome by length of {0}"><table class="len"><caption class="sr">Outcome by length of {0} in code points</caption><thead><tr><th scope="col" class="sr">Characters</th>)",
      html::attribute(member.name));
  for (std::size_t i = 0; i < bands.size(); ++i)
    if (bands[i] > 0)
      out += fmt::format(R"(<th scope="colgroup" class="band b{}" colspan="{}">{}</th>)", i, bands[i],
                         i == 1 ? fmt::format("{} ({} to {})", band_names[i], member.min_length, member.max_length)
                                : std::string(band_names[i]));
  out += "</tr><tr><th scope=\"col\">code points</th>";
  for (const std::uint32_t length : lengths)
    out += fmt::format(R"(<th scope="col" class="b{}">{}</th>)", band_of(length), length);
  out += "</tr></thead><tbody>";
  for (const auto& [width, lane] : lanes) {
    out += fmt::format("<tr><th scope=\"row\">{}</th>", widths[std::clamp<std::size_t>(width, 1, 4) - 1]);
    for (const std::uint32_t length : lengths) {
      const auto found = lane.find(length);
      out += fmt::format("<td class=\"b{}\">", band_of(length));
      if (found != lane.end())
        out += tile("", fmt::format("{} code points, {}", length, widths[std::clamp<std::size_t>(width, 1, 4) - 1]),
                    found->second);
      out += "</td>";
    }
    out += "</tr>";
  }
  return out + "</tbody></table></div>";
}

struct Range {
  std::uint32_t first, last;
  bool allowed;
};
// All code points from `from` on, in turn allowed and not.
std::vector<Range> ranges_of(const spec::Member& member, std::uint32_t from) {
  std::vector<Range> all;
  std::uint32_t next = from;
  for (const spec::CodePointRange& range : member.allowed) {
    if (range.last < from) continue;
    if (range.first > next) all.push_back({next, range.first - 1, false});
    all.push_back({std::max(range.first, from), range.last, true});
    next = range.last + 1;
  }
  if (next <= 0x10FFFF) all.push_back({next, 0x10FFFF, false});
  return all;
}

std::string range_list(const spec::Member& member, const std::map<std::uint32_t, Mark>& marks, std::uint32_t from) {
  std::string out = "<dl class=\"ranges\">";
  for (const Range& range : ranges_of(member, from)) {
    const std::string name = range.first == range.last
                                 ? point_name(range.first)
                                 : point_name(range.first) + "–" + point_name(range.last).substr(2);
    out += fmt::format("<div><dt><code>{}</code> <span>{}</span></dt><dd>", name,
                       range.allowed ? "allowed" : "not allowed");
    const auto first = marks.lower_bound(range.first), last = marks.upper_bound(range.last);
    for (auto mark = first; mark != last; ++mark)
      out += tile(point_name(mark->first).substr(2), point_name(mark->first), mark->second);
    if (first == last) out += "<span class=\"none\">not asked</span>";
    out += "</dd></div>";
  }
  return out + "</dl>";
}

std::string ascii_grid(const spec::Member& member, const std::map<std::uint32_t, Mark>& marks) {
  std::string out = fmt::format(
      R"(<div class="scroll" tabindex="0" role="region" aria-label="Outcome by ASCII character of {0}"><table class="grid"><caption class="sr">Outcome by ASCII character of {0}</caption><thead><tr><td></td>)",
      html::attribute(member.name));
  for (unsigned low = 0; low < 16; ++low) out += fmt::format("<th scope=\"col\">{:X}</th>", low);
  out += "</tr></thead><tbody>";
  for (std::uint32_t high = 0; high < 8; ++high) {
    out += fmt::format("<tr><th scope=\"row\">{:X}_</th>", high);
    for (std::uint32_t low = 0; low < 16; ++low) {
      const std::uint32_t point = high * 16 + low;
      const bool printable = point > 0x20 && point < 0x7F;
      const std::string shown = printable ? html::text(std::string(1, static_cast<char>(point)))
                                          : fmt::format("<small>{:02X}</small>", point);
      const auto found = marks.find(point);
      out += member.allows(point) ? "<td class=\"may\">" : "<td>";
      out += found == marks.end() ? fmt::format("<span class=\"t none\" title=\"not asked\">{}</span>", shown)
                                  : tile(shown, point_name(point), found->second);
      out += "</td>";
    }
    out += "</tr>";
  }
  return out + "</tbody></table></div>";
}

bool is_narrow(const spec::Member& member) { return !member.allowed.empty() && member.allowed.back().last < 0x80; }

std::string legend() {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> all{
      {{"taken\"", "accepted"},
       {"refused\"", "refused"},
       {"mixed\"", "not always the same"},
       {"other\"", "answered otherwise"},
       {"nothing\"", "no answer"},
       {"taken\" data-wrong=\"\"", "ringed: against the specification"}}};
  std::string out = "<p class=\"tiles\">";
  for (const auto& [look, word] : all)
    out += fmt::format("<span><span class=\"t\" data-t=\"{}></span> {}</span> ", look, word);
  return out + "</p>";
}

std::string picture_of(const spec::Member& member, std::size_t index, const std::vector<Probe>& probes) {
  std::vector<Probe> lengths;
  std::map<std::uint32_t, Mark> points;
  for (const Probe& probe : probes) {
    if (probe.member != index) continue;
    if (probe.asks == Probe::Asks::length)
      lengths.push_back(probe);
    else
      add(points[probe.value], probe);
  }
  std::string out = fmt::format("<h3>{} by its length</h3>", html::text(member.name));
  out += lengths.empty() ? not_asked() : length_table(member, lengths);
  out += fmt::format("<h3>{} by its characters</h3>", html::text(member.name));
  if (points.empty()) return out + not_asked();
  const bool narrow = is_narrow(member);
  if (narrow) out += ascii_grid(member, points);
  return out + range_list(member, points, narrow ? 0x80 : 0);
}

}  // namespace

std::optional<Probe> probe_of(const spec::SpecTable& table, const CaseResult& result) {
  const Case& test = result.test;
  const auto area =
      std::find_if(areas.begin(), areas.end(), [&](const Area& a) { return test.id.starts_with(a.prefix); });
  if (area == areas.end() || area->member >= table.request_members.size()) return std::nullopt;
  if (result.judgement.verdict == Verdict::skipped || !result.stimulus) return std::nullopt;
  Probe probe{.asks = area->asks,
              .member = area->member,
              .came = came_of(result),
              .right = !breaks(result, area->prefix.substr(0, area->prefix.find('.') + 1)),
              .case_id = test.id,
              .answer = html::answer_of(result)};
  const auto value =
      value_in(result.request.body.empty() ? test.body : result.request.body, table.request_members[area->member].name);
  if (probe.asks == Probe::Asks::point) {
    const std::optional<std::uint32_t> point = code_point_in(test.title);
    // Of what is no JSON text the title alone must do.
    if (!point || (value && value->find(static_cast<char32_t>(*point)) == std::u32string::npos)) return std::nullopt;
    probe.value = *point;
    return probe;
  }
  if (!value) return std::nullopt;
  probe.value = static_cast<std::uint32_t>(value->size());
  for (const char32_t c : *value) probe.width = std::max(probe.width, text::encoded_size(c));
  return probe;
}

std::string boundary_picture(const spec::SpecTable& table, const std::vector<Probe>& probes) {
  std::string out = legend();
  for (std::size_t i = 0; i < std::min<std::size_t>(table.request_members.size(), 2); ++i)
    out += "<section class=\"bound\">" + picture_of(table.request_members[i], i, probes) + "</section>";
  return out;
}

}  // namespace conformance::reports
