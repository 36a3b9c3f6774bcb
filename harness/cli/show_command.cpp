// list and explain: the plan and the table, for people and for scripts.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "harness/cli/commands.h"
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

std::vector<Case> cases_of(const Options& options) {
  return suites::all_cases(spec::builtin_table(), options.seed.value_or(0));
}

std::string accepted_in_words(const spec::SpecTable& table, const std::vector<std::string>& names) {
  std::vector<std::string> lines;
  for (const std::string& name : names) {
    if (name == "success") {
      lines.push_back(fmt::format("  {} success", table.success_status));
    } else if (const spec::Error* error = table.find_error(name)) {
      lines.push_back(fmt::format("  {} {} ({})", fmt::join(error->statuses, " or "), name, name_of(error->outcome)));
    }
  }
  return lines.empty() ? "  (not a question of the answer's type)" : fmt::format("{}", fmt::join(lines, "\n"));
}

void print_requirement(std::ostream& out, const spec::Requirement& r, const spec::SpecTable& table) {
  out << fmt::format("requirement {}\n  {}\n  level {}, evidence {}\nsources\n", r.id, r.sentence, name_of(r.level),
                     name_of(r.evidence));
  for (const std::string& key : r.sources) {
    const auto found = table.sources.find(key);
    out << fmt::format("  {}: {}\n", key, found == table.sources.end() ? "?" : found->second);
  }
  out << "accepted\n" << accepted_in_words(table, r.accept) << "\n";
}

void print_request(std::ostream& out, const char* title, const std::string& body, const spec::SpecTable& table) {
  const RequestFactory factory(wire::parse_url("http://localhost"), table.content_type, std::nullopt);
  const std::string bytes = factory.bytes(table.target, body);
  out << fmt::format("{} ({} bytes before signing)\n", title, bytes.size());
  out << text::elide(text::visible_lines(bytes), 4 * shown_bytes) << "\n";
  out << fmt::format("{} body as bytes ({})\n", title, body.size()) << text::hexdump(body, shown_bytes) << "\n";
}

void print_case(std::ostream& out, const Case& c, const spec::SpecTable& table) {
  out << fmt::format("case {}\n  {}\n  {}\n", c.id, text::visible(c.title), name_of(c.kind));
  if (!c.characteristic.empty())
    out << fmt::format("  measures {}: {}\n", c.characteristic, table.characteristic(c.characteristic).sentence);
  if (!c.session.empty()) out << fmt::format("  session \"{}\"\n", text::elide(text::visible(c.session), 300));
  for (const std::string& id : c.bystanders) out << fmt::format("  bystander \"{}\"\n", text::visible(id));
  if (!c.requirement.empty()) print_requirement(out, table.requirement(c.requirement), table);
  print_request(out, "request", c.body, table);
  if (c.control_body) print_request(out, "control", *c.control_body, table);
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

}  // namespace

int list_command(const Options& options, std::ostream& out) {
  const std::vector<Case> cases = make_plan(cases_of(options), options.filters);
  if (options.format == "json") {
    list_json(out, cases);
    return 0;
  }
  if (options.format == "markdown") {
    out << "| case | kind | requirement | title |\n|---|---|---|---|\n";
    for (const Case& c : cases)
      out << fmt::format("| `{}` | {} | {} | {} |\n", c.id, name_of(c.kind),
                         c.requirement.empty() ? c.characteristic : c.requirement, text::visible(c.title));
    return 0;
  }
  for (const Case& c : cases)
    out << fmt::format("{:<44} {:<9} {:<22} {}\n", c.id, name_of(c.kind),
                       c.requirement.empty() ? "(" + c.characteristic + ")" : c.requirement, text::visible(c.title));
  out << fmt::format("{} cases\n", cases.size());
  return 0;
}

int explain_command(const Options& options, std::ostream& out, std::ostream& err) {
  const spec::SpecTable& table = spec::builtin_table();
  const std::vector<Case> cases = cases_of(options);
  const auto found = std::find_if(cases.begin(), cases.end(), [&](const Case& c) { return c.id == options.subject; });
  if (found != cases.end()) {
    print_case(out, *found, table);
    return 0;
  }
  if (const spec::Requirement* requirement = table.find_requirement(options.subject)) {
    print_requirement(out, *requirement, table);
    out << "cases\n";
    for (const Case& c : cases)
      if (c.requirement == requirement->id) out << fmt::format("  {:<44} {}\n", c.id, text::visible(c.title));
    return 0;
  }
  std::vector<std::string> ids;
  for (const Case& c : cases) ids.push_back(c.id);
  for (const spec::Requirement& r : table.requirements) ids.push_back(r.id);
  const std::string near = text::nearest(options.subject, ids);
  err << fmt::format("glue-conformance: there is no case or requirement '{}'{}\n", text::visible(options.subject),
                     near.empty() ? "; `glue-conformance list` shows all" : "; did you mean '" + near + "'?");
  return 2;
}

}  // namespace conformance::cli
