#include "reports/console.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <ostream>

#include "harness/text/escape.h"
#include "reports/curl.h"
#include "reports/own_text.h"
#include "reports/sentence.h"
#include "reports/story_script.h"

namespace conformance::reports {
namespace {

constexpr std::size_t shown_text = 300;
constexpr std::size_t announced_text = 80;
constexpr std::size_t max_others = 5;
constexpr std::size_t max_known = 40;
constexpr std::size_t max_groups = 10;  // an endpoint may give each case a reason of its own

constexpr std::string_view erase_line = "\r\x1b[K";
constexpr std::string_view red = "31", green = "32", yellow = "33", bold = "1", faint = "2";

std::string safe(std::string_view text) { return text::elide(text::visible(text), shown_text); }

std::string announced(std::string_view text) { return text::elide(text::visible(text), announced_text); }

bool is_set(const char* value) { return value != nullptr && *value != '\0'; }

}  // namespace

bool want_color(std::string_view flag, bool is_terminal, const std::function<const char*(const char*)>& env) {
  if (flag == "always") return true;
  if (flag == "never" || is_set(env("NO_COLOR"))) return false;
  if (is_set(env("CLICOLOR_FORCE")) || is_set(env("FORCE_COLOR"))) return true;
  const char* term = env("TERM");
  return is_terminal && !(term != nullptr && std::string_view(term) == "dumb");
}

ConsoleReport::ConsoleReport(std::ostream& out, std::ostream& progress, ConsoleOptions options)
    : out_(out), progress_(progress), options_(options) {}

std::string ConsoleReport::paint(std::string_view text, std::string_view code) const {
  return options_.color ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
}

void ConsoleReport::on_start(const RunInfo& info, const spec::SpecTable& table) {
  info_ = info;
  table_ = &table;
  out_ << fmt::format("{} conformance of {}\n", paint(safe(table.operation), bold), safe(info.endpoint))
       << fmt::format("{}, seed {}, {}, sessions: {}\n",
                      info.planned < info.available
                          ? fmt::format("{} of {}", with_commas(info.planned), counted(info.available, "case"))
                          : counted(info.planned, "case"),
                      info.seed, info.signed_requests ? "signed for " + safe(info.region) : "unsigned",
                      safe(info.sessions));
  for (const std::string& note : info.notes) out_ << safe(note) << "\n";
  out_ << std::flush;
}

void ConsoleReport::on_progress(std::size_t done, std::size_t planned) {
  if (options_.progress == Progress::none) return;
  const std::size_t step = options_.progress == Progress::bar ? std::max<std::size_t>(planned / 100, 1)
                                                              : std::max<std::size_t>(planned / 4, 1);
  if (!redraw_ && done != planned && done - last_shown_ < step && done > last_shown_) return;
  redraw_ = false;
  last_shown_ = done;
  if (options_.progress == Progress::counter) {
    progress_ << fmt::format("  {}/{} cases\n", done, planned);
    return;
  }
  const std::size_t width = options_.width;
  const std::size_t filled = planned == 0 ? width : std::min(done, planned) * width / planned;
  progress_ << fmt::format("\r[{:=<{}}{:>{}}] {}/{}", "", filled, "", width - filled, done, planned)
            << (done == planned ? erase_line : "") << std::flush;
}

void ConsoleReport::on_case(const CaseResult& result) {
  tally_.add(result);
  if (result.out_of_bounds) left_out_.insert(result.test.id);
  if (options_.progress != Progress::none && result.judgement.verdict == Verdict::fail) announce_failure(result);
}

// In one line, and without color: that is decided for the other stream.
void ConsoleReport::announce_failure(const CaseResult& result) {
  const Judgement& j = result.judgement;
  if (!announced_.insert(j.requirement).second) return;
  redraw_ = options_.progress == Progress::bar;
  if (redraw_) progress_ << erase_line;
  progress_ << fmt::format("  {} {} by {}: expected {}; got {}\n", result.warning ? "WARN" : "FAIL",
                           safe(j.requirement), safe(result.test.id), announced(j.expected), announced(j.actual))
            << std::flush;
}

void ConsoleReport::print_failing(const RequirementTally& failing) {
  const CaseResult& example = *failing.smallest;
  const std::string word = failing.warning ? paint("WARN", yellow) : paint("FAIL", red);
  out_ << fmt::format("\n{} {}", word, paint(safe(failing.id), bold));
  if (const spec::Requirement* r = table_->find_requirement(failing.id)) {
    out_ << fmt::format("  {} · {} · {}\n", spec::name_of(r->level), spec::name_of(r->evidence),
                        own(fmt::format("{}", fmt::join(r->sources, ", "))));
    out_ << fmt::format("     {}\n", own(r->sentence));
    for (const std::string& key : r->sources) {
      const auto found = table_->sources.find(key);
      if (found != table_->sources.end())
        out_ << fmt::format("     {}\n", paint(own(fmt::format("{}: {}", key, found->second)), faint));
    }
  } else {
    out_ << "\n";
  }
  out_ << fmt::format("     {} of {} that checked it; the smallest:\n", failing.failed,
                      counted(failing.checked, "case"));
  out_ << fmt::format("       case      {}  {}\n", safe(example.test.id), safe(example.test.title));
  out_ << fmt::format("       expected  {}\n", safe(example.judgement.expected));
  out_ << fmt::format("       actual    {}\n", safe(example.judgement.actual));
  if (!example.sdks.empty()) out_ << fmt::format("       SDKs see  {}\n", safe(example.sdks));
  out_ << fmt::format("       replay    {}\n", own(replay_line(info_, example)));
  if (!info_.serve_line.empty()) out_ << fmt::format("       serve     {}\n", own(info_.serve_line));
  print_story(example);
  if (curl_can_send(example))
    out_ << fmt::format("       curl      {}\n", own(curl_line(info_, table_->service, example)));
  else if (const std::string bytes = bytes_line(info_, example); !bytes.empty())
    out_ << fmt::format("       bytes     {}\n", own(bytes));
  std::vector<std::string> others;
  for (const std::string& id : failing.failing_ids)
    if (id != example.test.id && others.size() < max_others) others.push_back(safe(id));
  if (others.empty()) return;
  const std::size_t more = failing.failed - 1 - others.size();
  out_ << fmt::format("       also      {}{}\n", fmt::join(others, ", "),
                      more == 0 ? "" : fmt::format(" and {} more", with_commas(more)));
}

void ConsoleReport::print_story(const CaseResult& example) {
  constexpr std::size_t most = 24;
  const std::vector<std::string> lines = story_script(info_, *table_, example);
  for (std::size_t i = 0; i < std::min(lines.size(), most); ++i)
    out_ << fmt::format("       {}  {}\n", i == 0 ? "story   " : "        ", own(lines[i]));
  if (lines.size() > most)
    out_ << fmt::format("                 (and {} more; the replay makes the same calls)\n", lines.size() - most);
}

void ConsoleReport::print_groups(const std::vector<ReasonTally>& groups, std::string_view title) {
  for (std::size_t i = 0; i < std::min(groups.size(), max_groups); ++i) {
    const ReasonTally& group = groups[i];
    out_ << fmt::format("\n{} {}, one is {}\n     {}\n", paint(title, yellow), counted(group.cases, "case"),
                        safe(group.example), safe(group.reason.empty() ? "no reason given" : group.reason));
  }
  if (groups.size() <= max_groups) return;
  std::size_t cases = 0;
  for (std::size_t i = max_groups; i < groups.size(); ++i) cases += groups[i].cases;
  out_ << fmt::format("\n{} {}, for {}\n", paint(title, yellow),
                      cases == 1 ? "1 more case" : with_commas(cases) + " more cases",
                      counted(groups.size() - max_groups, "other reason"));
}

void ConsoleReport::print_known() {
  const std::vector<KnownTally> all = tally_.known();
  if (!all.empty()) out_ << "\n";
  for (std::size_t i = 0; i < std::min(all.size(), max_known); ++i) {
    const KnownTally& known = all[i];
    out_ << fmt::format("{} {} failed as expected, one is {}: {}\n", paint("KNOWN", yellow),
                        counted(known.cases, "case"), safe(known.example), safe(in_words(known.known)));
  }
  if (all.size() > max_known)
    out_ << fmt::format("{} and {} more\n", paint("KNOWN", yellow),
                        all.size() - max_known == 1 ? "1 entry" : with_commas(all.size() - max_known) + " entries");
}

void ConsoleReport::print_characteristics(const RunEnd& end) {
  std::vector<const Measured*> shown;
  std::size_t widest = 0;
  for (const Measured& m : end.characteristics) {
    // Of a selection it goes without saying.
    if (end.totals.planned < info_.available && m.reading.starts_with("not measured")) continue;
    shown.push_back(&m);
    widest = std::max(widest, m.id.size());
  }
  if (shown.empty()) return;
  out_ << "\nWhat the specification leaves open, as this endpoint does it\n";
  for (const Measured* m : shown) out_ << fmt::format("     {:<{}}  {}\n", own(m->id), widest, safe(m->reading));
}

// One sentence, and the exit status that goes with it: the log of a CI job shows no other.
void ConsoleReport::print_verdict(const RunEnd& end, std::size_t failing) {
  const std::string sentence = sentence_of(info_, end, {.failing = failing, .left_out = left_out_.size()});
  const bool is_unsure = end.exit_status == 4 || end.exit_status == 130;
  const std::string_view color = end.exit_status == 0 ? green : is_unsure ? yellow : red;
  out_ << fmt::format("{} (exit status {})\n", paint(sentence, color), end.exit_status) << std::flush;
}

void ConsoleReport::print_leftovers(const RunEnd& end) {
  constexpr std::size_t most = 10;  // an endpoint that deletes nothing leaves one a case
  if (!end.leftovers.empty()) out_ << "\n";
  for (std::size_t i = 0; i < std::min(end.leftovers.size(), most); ++i)
    out_ << fmt::format("{} \"{}\": the run created this session and could not delete it\n", paint("LEFT BEHIND", red),
                        safe(end.leftovers[i]));
  if (end.leftovers.size() > most)
    out_ << fmt::format("{} {} more\n", paint("LEFT BEHIND", red), with_commas(end.leftovers.size() - most));
  if (!end.leftovers.empty() && !info_.sweep_line.empty())
    out_ << fmt::format("     To delete what is left, and see all of it: {}\n", own(info_.sweep_line));
}

void ConsoleReport::on_end(const RunEnd& end) {
  // An interrupted run leaves its bar behind.
  if (options_.progress == Progress::bar && last_shown_ != info_.planned) progress_ << erase_line << std::flush;
  if (!end.fatal.empty()) {
    // Every case failed for this one reason: it is said once.
    out_ << fmt::format("\n{} {}\n", paint("NOT TESTED", red), safe(end.fatal));
  } else {
    const std::vector<RequirementTally> all = tally_.requirements();
    for (const bool warnings : {false, true})
      for (const RequirementTally& r : all)
        if (r.failed > 0 && r.warning == warnings) {
          print_failing(r);
        }
    print_known();
    print_groups(tally_.reasons(Verdict::error), "ERROR");
    print_groups(tally_.reasons(Verdict::inconclusive), "INCONCLUSIVE");
    print_groups(tally_.reasons(Verdict::skipped), "SKIPPED");
    print_groups(tally_.notes(), "NOTE");
  }
  if (end.fatal.empty()) print_characteristics(end);
  print_leftovers(end);
  if (!end.stale.empty()) out_ << "\n";
  for (const std::string& what : end.stale) out_ << fmt::format("{} {}\n", paint("STALE", red), safe(what));
  if (!end.unwritten.empty()) out_ << "\n";
  for (const std::string& what : end.unwritten)
    out_ << fmt::format("{} {}\n", paint("NO REPORT", red), text::visible(what));
  const Totals& t = end.totals;
  out_ << fmt::format("\n{} planned: {} passed, {} failed, {} known, {} inconclusive, {} skipped, {}",
                      with_commas(t.planned), with_commas(t.pass), with_commas(t.fail), with_commas(t.known),
                      with_commas(t.inconclusive), with_commas(t.skipped), counted(t.error, "error"));
  if (t.warnings > 0) out_ << fmt::format(" ({} with a warning)", with_commas(t.warnings));
  out_ << fmt::format("; {} in {:.1f} s\n", counted(end.requests, "request"),
                      static_cast<double>(end.elapsed.count()) / 1e6);
  print_verdict(end, end.fatal.empty() ? failing_requirements(tally_.requirements()) : 0);
}

}  // namespace conformance::reports
