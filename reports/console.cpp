#include "reports/console.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <ostream>
#include <utility>

#include "harness/text/escape.h"
#include "reports/columns.h"
#include "reports/curl.h"
#include "reports/next_steps.h"
#include "reports/not_held.h"
#include "reports/own_text.h"
#include "reports/sentence.h"
#include "reports/story_script.h"

namespace conformance::reports {
namespace {

constexpr std::size_t console_text = 300;
constexpr std::size_t announced_text = 80;
constexpr std::size_t max_others = 5;
constexpr std::size_t max_known = 40;
constexpr std::size_t max_causes = 4;
constexpr std::size_t max_groups = 10;  // an endpoint may give each case a reason of its own

constexpr std::size_t block_hang = 17;  // of what is named in a block

constexpr std::string_view erase_line = "\r\x1b[K";
constexpr std::string_view red = "31", green = "32", yellow = "33", bold = "1", faint = "2";

std::string fit_text(std::string_view text) { return text::elide(text::visible(text), console_text); }

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
    : out_(out), progress_(progress), options_(std::move(options)) {}

std::string ConsoleReport::paint(std::string_view text, std::string_view code) const {
  return options_.color ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
}

void ConsoleReport::say(std::string_view line, std::size_t hang) {
  out_ << wrapped(line, options_.columns, hang) << "\n";
}

void ConsoleReport::on_start(const RunInfo& info, const spec::SpecTable& table) {
  info_ = info;
  table_ = &table;
  say(fmt::format("{} conformance of {}", paint(fit_text(table.operation), bold), fit_text(info.endpoint)), 2);
  say(fmt::format("{}, seed {}, {}, sessions: {}",
                  info.planned < info.available
                      ? fmt::format("{} of {}", with_commas(info.planned), counted(info.available, "case"))
                      : counted(info.planned, "case"),
                  info.seed, info.signed_requests ? "signed for " + fit_text(info.region) : "unsigned",
                  fit_text(info.sessions)),
      2);
  for (const std::string& note : info.notes) say(fit_text(note), 2);
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
    progress_ << fmt::format("  {}/{} cases\n", with_commas(done), with_commas(planned));
    return;
  }
  // The last column stays free: some terminals begin another line when it is written to.
  const std::size_t beside = fmt::formatted_size("[] {0}/{0}", with_commas(planned)) + 1;
  const std::size_t width = options_.progress_columns == 0 ? options_.width
                            : options_.progress_columns > beside
                                ? std::min(options_.width, options_.progress_columns - beside)
                                : 0;
  if (width == 0) {
    const std::string count = fmt::format("{}/{}", with_commas(done), with_commas(planned));
    progress_ << "\r" << (count.size() < options_.progress_columns ? count : std::string())
              << (done == planned ? erase_line : "") << std::flush;
    return;
  }
  const std::size_t filled = planned == 0 ? width : std::min(done, planned) * width / planned;
  progress_ << fmt::format("\r[{:=<{}}{:>{}}] {}/{}", "", filled, "", width - filled, with_commas(done),
                           with_commas(planned))
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
  progress_ << wrapped(fmt::format("  {} {} by {}: expected {}; got {}", result.warning ? "WARN" : "FAIL",
                                   fit_text(j.requirement), fit_text(result.test.id), announced(j.expected),
                                   announced(j.actual)),
                       options_.progress_columns, 7)
            << "\n"
            << std::flush;
}

void ConsoleReport::print_failing(const RequirementTally& failing) {
  const CaseResult& example = *failing.smallest;
  const std::string word = failing.warning ? paint("WARN", yellow) : paint("FAIL", red);
  out_ << "\n";
  const std::string title = fmt::format("{} {}", word, paint(fit_text(failing.id), bold));
  if (const spec::Requirement* r = table_->find_requirement(failing.id)) {
    say(fmt::format("{}  {} · {} · {}", title, spec::name_of(r->level), spec::name_of(r->evidence),
                    own(fmt::format("{}", fmt::join(r->sources, ", ")))),
        5);
    say("     " + own(r->sentence), 5);
    for (const std::string& key : r->sources) {
      const auto found = table_->sources.find(key);
      if (found != table_->sources.end())
        say("     " + paint(own(fmt::format("{}: {}", key, found->second)), faint), 5);
    }
  } else {
    say(title, 5);
  }
  say(fmt::format("     {} of {} that checked it; the smallest:", with_commas(failing.failed),
                  counted(failing.checked, "case")),
      5);
  say(fmt::format("       case      {}  {}", fit_text(example.test.id), fit_text(example.test.title)), block_hang);
  say("       expected  " + fit_text(example.judgement.expected), block_hang);
  say("       actual    " + fit_text(example.judgement.actual), block_hang);
  if (!example.sdks.empty()) say("       SDKs see  " + fit_text(example.sdks), block_hang);
  out_ << fmt::format("       replay    {}\n", own(replay_line(info_, example)));
  if (!info_.serve_line.empty()) out_ << fmt::format("       serve     {}\n", own(info_.serve_line));
  print_story(example);
  if (curl_can_send(example))
    out_ << fmt::format("       curl      {}\n", own(curl_line(info_, table_->service, example)));
  else if (const std::string bytes = bytes_line(info_, example); !bytes.empty())
    out_ << fmt::format("       bytes     {}\n", own(bytes));
  if (failing.causes.size() > 1) return print_causes(failing);
  std::vector<std::string> others;
  for (const std::string& id : failing.failing_ids)
    if (id != example.test.id && others.size() < max_others) others.push_back(fit_text(id));
  if (others.empty()) return;
  const std::size_t more = failing.failed - 1 - others.size();
  say(fmt::format("       also      {}{}", fmt::join(others, ", "),
                  more == 0 ? "" : fmt::format(" and {} more", with_commas(more))),
      block_hang);
}

// One root cause of a requirement is one kind of answer.
void ConsoleReport::print_causes(const RequirementTally& failing) {
  say(fmt::format("     {} of answer:", counted(failing.causes.size(), "kind")), 5);
  for (std::size_t i = 0; i < std::min(failing.causes.size(), max_causes); ++i) {
    const CauseTally& cause = failing.causes[i];
    say(fmt::format("       {}: {}, the smallest is {}", own(cause.kind), counted(cause.failed, "case"),
                    fit_text(cause.example)),
        9);
    if (cause.example == failing.smallest->test.id) continue;  // it is shown above
    say("         expected  " + fit_text(cause.expected), block_hang + 2);
    say("         actual    " + fit_text(cause.actual), block_hang + 2);
  }
  if (failing.causes.size() <= max_causes) return;
  std::size_t cases = 0;
  for (std::size_t i = max_causes; i < failing.causes.size(); ++i) cases += failing.causes[i].failed;
  out_ << fmt::format("       and {}, of {}\n", counted(failing.causes.size() - max_causes, "more kind"),
                      counted(cases, "case"));
}

void ConsoleReport::print_next(const RunEnd& end) {
  if (!options_.next) return;
  const std::vector<RequirementTally> requirements = tally_.requirements();
  const std::vector<ReasonTally> inconclusive = tally_.reasons(Verdict::inconclusive),
                                 errors = tally_.reasons(Verdict::error);
  const std::vector<NextStep> steps =
      next_steps({info_, *table_, end, requirements, inconclusive, errors, options_.html});
  if (steps.empty()) return;
  out_ << "Next:\n";
  for (const NextStep& step : steps) out_ << fmt::format("  {:<8} {}\n", step.label, own(step.command));
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
    out_ << "\n";
    say(fmt::format("{} {}, one is {}", paint(title, yellow), counted(group.cases, "case"), fit_text(group.example)),
        5);
    say("     " + fit_text(group.reason.empty() ? "no reason given" : group.reason), 5);
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
                        counted(known.cases, "case"), fit_text(known.example), fit_text(in_words(known.known)));
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
  out_ << "\n";
  say("What the specification leaves open, as this endpoint does it", 2);
  for (const Measured* m : shown)
    say(fmt::format("     {:<{}}  {}", own(m->id), widest, fit_text(m->reading)), widest + 7);
}

// One sentence, and the exit status that goes with it: the log of a CI job shows no other.
void ConsoleReport::print_verdict(const RunEnd& end, std::size_t failing) {
  const std::string sentence = sentence_of(info_, end, {.failing = failing, .left_out = left_out_.size()});
  const bool is_unsure = end.exit_status == 4 || end.exit_status == 130;
  const std::string_view color = end.exit_status == 0 ? green : is_unsure ? yellow : red;
  say(fmt::format("{} (exit status {})", paint(sentence, color), end.exit_status), 2);
  out_ << std::flush;
}

void ConsoleReport::print_leftovers(const RunEnd& end) {
  constexpr std::size_t most = 10;  // an endpoint that deletes nothing leaves one a case
  if (!end.leftovers.empty()) out_ << "\n";
  for (std::size_t i = 0; i < std::min(end.leftovers.size(), most); ++i)
    say(fmt::format("{} \"{}\": the run created this session, or may have, and could not delete it",
                    paint("LEFT BEHIND", red), fit_text(end.leftovers[i])),
        2);
  if (end.leftovers.size() > most)
    out_ << fmt::format("{} {} more\n", paint("LEFT BEHIND", red), with_commas(end.leftovers.size() - most));
}

void ConsoleReport::on_end(const RunEnd& end) {
  // An interrupted run leaves its bar behind.
  if (options_.progress == Progress::bar && last_shown_ != info_.planned) progress_ << erase_line << std::flush;
  if (!end.fatal.empty()) {
    // Every case failed for this one reason: it is said once.
    out_ << "\n";
    say(fmt::format("{} {}", paint("NOT TESTED", red), fit_text(end.fatal)), 2);
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
  if (const std::vector<std::string> lines = not_held_in_words(end); end.fatal.empty() && !lines.empty()) {
    out_ << "\n";
    for (const std::string& line : lines) say(fmt::format("{} {}", paint("NOT HELD", yellow), fit_text(line)), 5);
  }
  print_leftovers(end);
  if (!end.stale.empty()) out_ << "\n";
  for (const std::string& what : end.stale) out_ << fmt::format("{} {}\n", paint("STALE", red), fit_text(what));
  if (!end.unwritten.empty()) out_ << "\n";
  for (const std::string& what : end.unwritten)
    say(fmt::format("{} {}", paint("NO REPORT", red), text::visible(what)), 2);
  const Totals& t = end.totals;
  out_ << "\n";
  say(fmt::format("{} planned: {} passed, {} failed, {} known, {} inconclusive, {} skipped, {}{}; {} in {:.1f} s",
                  with_commas(t.planned), with_commas(t.pass), with_commas(t.fail), with_commas(t.known),
                  with_commas(t.inconclusive), with_commas(t.skipped), counted(t.error, "error"),
                  t.warnings > 0 ? fmt::format(" ({} with a warning)", with_commas(t.warnings)) : "",
                  counted(end.requests, "request"), static_cast<double>(end.elapsed.count()) / 1e6),
      2);
  print_next(end);
  print_verdict(end, end.fatal.empty() ? failing_requirements(tally_.requirements()) : 0);
}

}  // namespace conformance::reports
