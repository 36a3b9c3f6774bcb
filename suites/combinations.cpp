// Two faults in one request. Which of them is named is the endpoint's choice; that it is one of them is not.
#include <fmt/format.h>

#include "harness/text/json_string.h"
#include "suites/body_case.h"
#include "suites/suites.h"

namespace conformance::suites {
namespace {

struct Fault {
  const char* name;
  std::string json;  // the member's value; empty: the member is left out
};

// One fault of each class that a member can have.
std::vector<Fault> faults_of(const spec::Member& member, const std::string& stem) {
  std::vector<Fault> all = {{"number", "17"},
                            {"boolean", "true"},
                            {"array", "[" + text::quote_raw(stem) + "]"},
                            {"object", "{}"},
                            {"empty", R"("")"},
                            {"too_long", text::quote_raw(stem + std::string(member.max_length, 'x'))},
                            {"bad_character", "\"" + stem + "\\n\""},
                            {"bad_and_too_long", "\"" + stem + "\\n" + std::string(member.max_length, 'x') + "\""},
                            {"array_too_long", "[" + text::quote_raw(std::string(member.max_length + 1, 'x')) + "]"}};
  if (member.required) {
    all.push_back({"absent", ""});
    all.push_back({"null", "null"});
  }
  return all;
}

std::string member_json(const spec::Member& member, const Fault& fault) {
  return fault.json.empty() ? "" : fmt::format(R"("{}":{})", member.name, fault.json);
}

std::string object_of(const std::vector<std::string>& members) {
  std::string body = "{";
  for (const std::string& member : members) {
    if (member.empty()) continue;
    if (body.size() > 1) body += ',';
    body += member;
  }
  return body + "}";
}

void add_combination(const CaseBuilder& b, const std::string& id, const std::string& title, std::vector<Case>& cases,
                     const std::function<std::string(const std::string& token)>& body) {
  Case c = CaseBuilder::start(id, title, "", Kind::malformed);
  c.characteristic = "faults.first";
  const std::string token = b.token(c);
  ask_of_body(b, c, body(token), token);
  cases.push_back(std::move(c));
}

void add_pairs_of_members(const CaseBuilder& b, std::vector<Case>& cases) {
  const spec::Member& id = b.identifier();
  const spec::Member& option = b.option();
  for (const Fault& one : faults_of(id, "x")) {
    for (const Fault& other : faults_of(option, "o")) {
      const std::string name = fmt::format("{}.{}", one.name, other.name);
      const std::string title = fmt::format("{} {} and {} {}", id.name, one.name, option.name, other.name);
      add_combination(b, "combination." + name, title, cases, [&](const std::string&) {
        return object_of({member_json(id, one), member_json(option, other)});
      });
      if (one.json.empty()) continue;
      add_combination(b, "combination.reversed." + name, title + ", members reversed", cases, [&](const std::string&) {
        return object_of({member_json(option, other), member_json(id, one)});
      });
    }
  }
}

// A fault of a member in a body that is no JSON, and in one that means nothing.
void add_pairs_with_syntax(const CaseBuilder& b, std::vector<Case>& cases) {
  struct Damage {
    const char* name;
    const char* before;
    const char* after;
  };
  for (const Damage& damage : {Damage{"trailing_comma", "", ","}, Damage{"cut_off", "", nullptr},
                               Damage{"garbage_after", "", "}x"}, Damage{"comment", "/**/", ""}}) {
    for (const auto* member : {&b.identifier(), &b.option()}) {
      for (const Fault& fault : faults_of(*member, "x")) {
        const std::string name = fmt::format("combination.syntax.{}.{}.{}", damage.name,
                                             member == &b.identifier() ? "id" : "origin", fault.name);
        add_combination(b, name, fmt::format("{} {} in a body with {}", member->name, fault.name, damage.name), cases,
                        [&](const std::string& token) {
                          const bool is_id = member == &b.identifier();
                          const std::string good_id = fmt::format(R"("{}":"{}")", b.identifier().name, token);
                          const std::string faulty = member_json(*member, fault);
                          std::string body = is_id ? object_of({faulty}) : object_of({good_id, faulty});
                          body.pop_back();
                          if (damage.after == nullptr) return damage.before + body;
                          const bool closes = damage.after[0] == '}';
                          return damage.before + body + damage.after + (closes ? "" : "}");
                        });
      }
    }
  }
}

// A fault beside a member that nobody knows: refused whether that is ignored or not.
void add_pairs_with_unknown_member(const CaseBuilder& b, std::vector<Case>& cases) {
  for (const auto* member : {&b.identifier(), &b.option()}) {
    const bool is_id = member == &b.identifier();
    for (const Fault& fault : faults_of(*member, "x")) {
      const std::string name = fmt::format("combination.unknown.{}.{}", is_id ? "id" : "origin", fault.name);
      add_combination(b, name, fmt::format("{} {} beside an unknown member", member->name, fault.name), cases,
                      [&](const std::string& token) {
                        const std::string good_id =
                            is_id ? "" : fmt::format(R"("{}":"{}")", b.identifier().name, token);
                        return object_of({R"("Unknown":1)", good_id, member_json(*member, fault)});
                      });
    }
  }
}

}  // namespace

std::vector<Case> combinations(const CaseBuilder& b) {
  std::vector<Case> cases;
  add_pairs_of_members(b, cases);
  add_pairs_with_syntax(b, cases);
  add_pairs_with_unknown_member(b, cases);
  return cases;
}

}  // namespace conformance::suites
