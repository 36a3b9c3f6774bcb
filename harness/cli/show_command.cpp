// list and explain: the plan and the table, for people and for scripts.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>
#include <sstream>

#include "fixtures/reference/deviant_proxy.h"
#include "fixtures/reference/deviations.h"
#include "harness/cli/commands.h"
#include "harness/cli/options.h"
#include "harness/judge/fidelity.h"
#include "harness/profile/held.h"
#include "harness/run/gtest_runner.h"
#include "harness/run/plan.h"
#include "harness/run/request_factory.h"
#include "harness/spec/spec_table.h"
#include "harness/text/escape.h"
#include "harness/text/suggest.h"
#include "suites/suites.h"

namespace conformance::cli {
namespace {

constexpr std::size_t shown_bytes = 1024;
constexpr std::size_t shown_text = 120;
constexpr std::size_t max_cases = 40, shown_cases = 20;  // of a requirement

std::vector<Case> cases_of(const Options& options, Tier tier) {
  return suites::all_cases(spec::builtin_table(), options.seed.value_or(0), tier);
}

// What a case is held to; in parentheses if it is only measured.
std::string asked_by(const Case& c) { return c.requirement.empty() ? "(" + c.characteristic + ")" : c.requirement; }

std::string accepted_in_words(const spec::SpecTable& table, const std::vector<std::string>& names) {
  std::vector<std::string> lines;
  for (const std::string& name : names) {
    if (name == "success") {
      lines.push_back(fmt::format("  {} success", table.success_status));
    } else if (name == "foreign_success") {
      lines.emplace_back("  a success that is no answer of the operation");
    } else if (name == "client_error") {
      lines.emplace_back("  any 4xx");
    } else if (name == "unauthenticated") {
      lines.emplace_back("  any error of authentication, with its status");
    } else if (name == "no_server_fault") {
      lines.emplace_back("  any answer below 500");
    } else if (spec::is_answer_class(name)) {
      lines.push_back("  " + name);
    } else if (const spec::Error* error = table.find_error(name)) {
      lines.push_back(fmt::format("  {} {} ({})", fmt::join(error->statuses, " or "), name, name_of(error->outcome)));
    }
  }
  return lines.empty() ? "  (whatever is right for the case: this is not about the answer's type)"
                       : fmt::format("{}", fmt::join(lines, "\n"));
}

std::string_view meaning_of(spec::Level level) {
  return level == spec::Level::may
             ? "reported, fails no run"
             : (level == spec::Level::must ? "fails the run" : "fails the run, unless --level must");
}

std::string_view meaning_of(spec::Evidence evidence) {
  switch (evidence) {
    case spec::Evidence::documented:
      return "the API reference says so";
    case spec::Evidence::modelled:
      return "the service model or the protocol says so";
    case spec::Evidence::observed:
      return "the real service was seen to do so";
    case spec::Evidence::inferred:
      break;
  }
  return "it follows from the others";
}

std::string_view meaning_of(Kind kind) {
  switch (kind) {
    case Kind::valid:
      return "must be accepted";
    case Kind::malformed:
      return "must be refused for its own reason, while its control is not";
    case Kind::free_form:
      break;
  }
  return "the specification leaves the answer open";
}

std::string one_line(std::string_view bytes) { return text::elide(text::visible(bytes), shown_text); }

void print_sources(std::ostream& out, const std::vector<std::string>& keys, const spec::SpecTable& table) {
  out << "sources\n";
  for (const std::string& key : keys) {
    const auto found = table.sources.find(key);
    out << fmt::format("  {}: {}\n", key, found == table.sources.end() ? "?" : found->second);
  }
}

void print_requirement(std::ostream& out, const spec::Requirement& r, const spec::SpecTable& table) {
  out << fmt::format(
      "requirement {}\n  {}\n  level {}: {}\n  evidence {}: {}\n", r.id, r.sentence, name_of(r.level),
      meaning_of(r.level), name_of(r.evidence),
      is_on_proxies(table, r.id) ? "it is what the upstream itself does, in the same run" : meaning_of(r.evidence));
  print_sources(out, r.sources, table);
  out << "accepted\n" << accepted_in_words(table, r.accept) << "\n";
}

// Those of the plan for which `belongs` holds, the first of them if they are many.
template <typename Predicate>
void print_cases(std::ostream& out, const std::vector<Case>& cases, std::string_view if_none, Predicate belongs) {
  std::vector<const Case*> own;
  for (const Case& c : cases)
    if (belongs(c)) own.push_back(&c);
  const std::size_t shown = own.size() > max_cases ? shown_cases : own.size();
  std::size_t widest = 0;
  for (std::size_t i = 0; i < shown; ++i) widest = std::max(widest, own[i]->id.size());
  out << "cases\n";
  for (std::size_t i = 0; i < shown; ++i)
    out << fmt::format("  {:<{}}  {}\n", own[i]->id, widest, one_line(own[i]->title));
  if (own.empty()) out << "  " << if_none << "\n";
  if (shown < own.size())
    out << fmt::format("  … and {} more; `glue-conformance list --format json` has them all\n", own.size() - shown);
}

void print_deviations(std::ostream& out, std::string_view requirement) {
  std::vector<const reference::Deviation*> breaking;
  std::size_t widest = 0;
  for (const reference::Deviation& deviation : reference::all_deviations()) {
    if (std::find(deviation.violates.begin(), deviation.violates.end(), requirement) == deviation.violates.end())
      continue;
    breaking.push_back(&deviation);
    widest = std::max(widest, deviation.name.size());
  }
  if (breaking.empty()) return;
  out << "deviations of the reference endpoint that break it (run, replay or serve with --deviation NAME)\n";
  for (const reference::Deviation* deviation : breaking)
    out << fmt::format("  {:<{}}  {}\n", deviation->name, widest, deviation->sentence);
}

void print_deviation(std::ostream& out, const reference::Deviation& deviation) {
  out << fmt::format("deviation {}\n  {}\nbreaks\n", deviation.name, deviation.sentence);
  for (const std::string_view requirement : deviation.violates) out << "  " << requirement << "\n";
  out << fmt::format("to see it\n  glue-conformance {} --deviation {}\n",
                     reference::DeviantProxy::knows(deviation.name) ? "audit" : "run", deviation.name);
}

// Whether a story can show the characteristic.
bool is_shown_by(const Story& story, const std::string& characteristic, const spec::StoryChecks& checks) {
  if (characteristic == checks.order_of_all || characteristic == checks.concurrent_answers) return is_concurrent(story);
  return characteristic == checks.delay || characteristic == checks.again_answer ||
         characteristic == checks.provisioning_answer || characteristic == checks.stopping_answer;
}

void print_characteristic(std::ostream& out, const spec::Characteristic& c, const std::vector<Case>& cases,
                          const spec::SpecTable& table) {
  out << fmt::format("characteristic {}\n  {}\n  measured and reported; the specification leaves it open\n", c.id,
                     c.sentence);
  print_sources(out, c.sources, table);
  print_cases(out, cases, table.is_of_proxies(c.id) ? "any, through a proxy (run --direct)" : "none",
              [&](const Case& one) {
                return one.characteristic == c.id || (one.story && is_shown_by(*one.story, c.id, table.story_checks));
              });
}

// With one '*' for lines that repeat the one before, as hexdump(1) has it.
std::string folded_hexdump(const std::string& bytes) {
  std::istringstream lines(text::hexdump(bytes, shown_bytes));
  constexpr std::size_t offset = 8;  // two blanks and six digits
  std::string all, before;
  bool folding = false;
  for (std::string line; std::getline(lines, line);) {
    const std::string content = line.substr(std::min(offset, line.size()));
    if (content != before || content.empty()) {
      all += line + "\n";
      folding = false;
    } else if (!folding) {
      all += "  *\n";
      folding = true;
    }
    before = content;
  }
  return all;
}

RequestFactory unsigned_requests(const spec::SpecTable& table) {
  return {wire::parse_url("http://localhost"), table.content_type, std::nullopt};
}

// All that is written, one turn after another.
std::string bytes_of(const wire::Outgoing& outgoing) {
  std::string all = outgoing.bytes;
  for (const wire::Turn& turn : outgoing.conversation.turns) all += turn.bytes;
  return all;
}

void print_request(std::ostream& out, const char* title, const std::string& bytes, const std::string& body) {
  out << fmt::format("{} ({} bytes before signing)\n", title, bytes.size());
  out << text::elide(text::visible_lines(bytes), 4 * shown_bytes) << "\n";
  out << fmt::format("{} body as bytes ({})\n", title, body.size()) << folded_hexdump(body);
}

// What is called when; what is at once stands under one number.
void print_story(std::ostream& out, const Story& story) {
  out << "story\n";
  if (!story.given_state.empty())
    out << fmt::format("  of a session in {} that is given (--sessions file:PATH)\n", story.given_state);
  for (std::size_t turn = 0; turn < story.turns.size(); ++turn) {
    bool first = true;
    for (const StoryCall& call : story.turns[turn]) {
      const std::string number = first ? fmt::format("{:>3}.", turn + 1) : std::string(4, ' ');
      const std::string session = call.verb == Verb::list ? "" : " \"" + one_line(story.sessions[call.session]) + "\"";
      out << fmt::format("  {} {}{}{}{}\n", number, name_of(call.verb), session,
                         call.option.empty() ? "" : " by " + one_line(call.option),
                         call.waits ? "" : ", and not waited for");
      first = false;
    }
  }
}

void print_case(std::ostream& out, const Case& asked, const spec::SpecTable& table) {
  const Case c = made_whole(asked);
  out << fmt::format("case {}\n  {}\n  {}: {}\n", c.id, one_line(c.title), name_of(c.kind), meaning_of(c.kind));
  if (!c.characteristic.empty())
    out << fmt::format("  measures {}: {}\n", c.characteristic, table.characteristic(c.characteristic).sentence);
  if (!c.session.empty()) out << fmt::format("  session \"{}\"\n", one_line(c.session));
  for (const std::string& id : c.bystanders) out << fmt::format("  bystander \"{}\"\n", one_line(id));
  if (!c.requirement.empty()) print_requirement(out, table.requirement(c.requirement), table);
  if (c.story) {
    print_story(out, *c.story);
    out << fmt::format("to tell it\n  glue-conformance replay {} --endpoint URL\n", c.id);
    return;
  }
  const RequestFactory factory = unsigned_requests(table);
  Case plain = c;
  plain.forgery.reset();
  if (c.forgery) out << "the request is signed, and made into one that nobody signed as the title has it\n";
  print_request(out, "request", bytes_of(factory.outgoing(table.target, plain)), factory.request(table.target, c).body);
  if (c.control_body) print_request(out, "control", factory.bytes(table.target, *c.control_body), *c.control_body);
  out << fmt::format("to send it\n  glue-conformance replay {} --endpoint URL\n", c.id);
}

void list_json(std::ostream& out, const std::vector<Case>& cases) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const Case& c : cases) {
    all.push_back({{"id", c.id},
                   {"title", c.title},
                   {"kind", name_of(c.kind)},
                   {"requirement", c.requirement},
                   {"characteristic", c.characteristic}});
  }
  out << all.dump(2) << "\n";
}

void list_markdown(std::ostream& out, const std::vector<Case>& cases) {
  out << "| case | kind | requirement | title |\n|---|---|---|---|\n";
  for (const Case& c : cases)
    out << fmt::format("| `{}` | {} | {} | {} |\n", c.id, name_of(c.kind), asked_by(c), text::visible(c.title));
}

void list_text(std::ostream& out, const std::vector<Case>& cases) {
  std::size_t id = 0, asked = 0;
  for (const Case& c : cases) {
    id = std::max(id, c.id.size());
    asked = std::max(asked, asked_by(c).size());
  }
  for (const Case& c : cases)
    out << fmt::format("{:<{}}  {:<9}  {:<{}}  {}\n", c.id, id, name_of(c.kind), asked_by(c), asked, one_line(c.title));
  out << fmt::format("{} case{}\n", cases.size(), cases.size() == 1 ? "" : "s");
}

// The nearest id, or how to list what begins with the subject.
std::string hint_at(const std::string& subject, const std::vector<Case>& cases, const spec::SpecTable& table) {
  const std::string all = subject + ".*";
  const auto count = std::count_if(cases.begin(), cases.end(), [&](const Case& c) { return glob_match(all, c.id); });
  if (!subject.empty() && count > 0)
    return fmt::format("; {} {} with it: `glue-conformance list --filter {}`", count,
                       count == 1 ? "case begins" : "cases begin", text::shell_quote(all));
  std::vector<std::string> ids;
  for (const Case& c : cases) ids.push_back(c.id);
  for (const spec::Requirement& r : table.requirements) ids.push_back(r.id);
  for (const spec::Characteristic& c : table.characteristics) ids.push_back(c.id);
  for (const reference::Deviation& d : reference::all_deviations()) ids.emplace_back(d.name);
  const std::string near = text::nearest(subject, ids);
  return near.empty() ? "; `glue-conformance list` shows all cases" : "; did you mean '" + near + "'?";
}

}  // namespace

int list_command(const Options& options, std::ostream& out) {
  const std::vector<Case> cases = make_plan(cases_of(options, options.tier), options.filters);
  if (options.format == "json") {
    list_json(out, cases);
  } else if (options.format == "markdown") {
    list_markdown(out, cases);
  } else {
    list_text(out, cases);
  }
  return 0;
}

int explain_command(const Options& options, std::ostream& out, std::ostream& err) {
  const spec::SpecTable& table = spec::builtin_table();
  const std::vector<Case> cases = cases_of(options, Tier::exhaustive);
  const auto found = std::find_if(cases.begin(), cases.end(), [&](const Case& c) { return c.id == options.subject; });
  if (found != cases.end()) {
    print_case(out, *found, table);
    return 0;
  }
  if (const spec::Requirement* requirement = table.find_requirement(options.subject)) {
    print_requirement(out, *requirement, table);
    print_cases(out, cases,
                is_on_proxies(table, requirement->id)
                    ? "none of its own: every answer through a proxy is held to it (run --direct)"
                    : "none of its own: every answer is held to it",
                [requirement](const Case& c) { return c.requirement == requirement->id; });
    print_deviations(out, requirement->id);
    return 0;
  }
  for (const spec::Characteristic& characteristic : table.characteristics) {
    const bool is_pinned = options.subject == profile::requirement_of(characteristic.id);
    if (characteristic.id != options.subject && !is_pinned) continue;
    if (is_pinned)
      out << fmt::format("{}  a requirement of the profile that a run is given (--profile): as it has it of\n",
                         options.subject);
    print_characteristic(out, characteristic, cases, table);
    return 0;
  }
  if (const reference::Deviation* deviation = reference::find_deviation(options.subject)) {
    print_deviation(out, *deviation);
    return 0;
  }
  err << fmt::format("glue-conformance: there is no case or requirement '{}'{}\n", text::visible(options.subject),
                     hint_at(options.subject, cases, table));
  return 2;
}

}  // namespace conformance::cli
