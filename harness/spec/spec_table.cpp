#include "harness/spec/spec_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "harness/spec/json_schema.h"

namespace conformance::embedded {
std::string_view delete_session_json();
std::string_view delete_session_schema_json();
}  // namespace conformance::embedded

namespace conformance::spec {
namespace {

using nlohmann::json;

// The names of the table, in the order of the enumerations.
constexpr std::array<std::string_view, 3> level_names = {"must", "should", "may"};
constexpr std::array<std::string_view, 4> evidence_names = {"documented", "modelled", "observed", "inferred"};
constexpr std::array<std::string_view, 11> outcome_names = {
    "success",           "rejected_as_invalid", "rejected_as_unreadable",
    "unknown_operation", "not_found",           "wrong_state",
    "unauthenticated",   "throttled",           "server_fault",
    "unrecognised",      "no_response"};

constexpr std::array<std::pair<std::string_view, std::string Checks::*>, 19> check_fields = {{
    {"http", &Checks::http},
    {"content_type", &Checks::content_type},
    {"json", &Checks::json},
    {"request_id", &Checks::request_id},
    {"request_id_unique", &Checks::request_id_unique},
    {"error_body", &Checks::error_body},
    {"error_type", &Checks::error_type},
    {"error_status", &Checks::error_status},
    {"error_message", &Checks::error_message},
    {"no_leak", &Checks::no_leak},
    {"success", &Checks::success},
    {"echo", &Checks::echo},
    {"effect", &Checks::effect},
    {"identity", &Checks::identity},
    {"no_effect", &Checks::no_effect},
    {"not_refused", &Checks::not_refused},
    {"too_long", &Checks::too_long},
    {"alive", &Checks::alive},
    {"close_announced", &Checks::close_announced},
}};

constexpr std::array<std::pair<std::string_view, std::string StoryChecks::*>, 11> story_check_fields = {{
    {"ungettable", &StoryChecks::ungettable},
    {"unlisted", &StoryChecks::unlisted},
    {"permanent", &StoryChecks::permanent},
    {"recreate", &StoryChecks::recreate},
    {"again", &StoryChecks::again},
    {"stopped", &StoryChecks::stopped},
    {"ended", &StoryChecks::ended},
    {"passing", &StoryChecks::passing},
    {"option", &StoryChecks::option},
    {"concurrent", &StoryChecks::concurrent},
    {"order", &StoryChecks::order},
}};
constexpr std::array<std::pair<std::string_view, std::string StoryChecks::*>, 6> story_characteristic_fields = {{
    {"order_of_all", &StoryChecks::order_of_all},
    {"delay", &StoryChecks::delay},
    {"again_answer", &StoryChecks::again_answer},
    {"provisioning_answer", &StoryChecks::provisioning_answer},
    {"stopping_answer", &StoryChecks::stopping_answer},
    {"concurrent_answers", &StoryChecks::concurrent_answers},
}};

constexpr std::array<std::pair<std::string_view, std::string Fidelity::*>, 14> fidelity_fields = {{
    {"host", &Fidelity::host},
    {"signature", &Fidelity::signature},
    {"path", &Fidelity::path},
    {"body_limit", &Fidelity::body_limit},
    {"header_limit", &Fidelity::header_limit},
    {"content_coding", &Fidelity::content_coding},
    {"error_body", &Fidelity::error_body},
    {"http", &Fidelity::http},
    {"outcome", &Fidelity::outcome},
    {"status", &Fidelity::status},
    {"type", &Fidelity::type},
    {"body", &Fidelity::body},
    {"headers", &Fidelity::headers},
    {"effect", &Fidelity::effect},
}};
constexpr std::array<std::pair<std::string_view, std::string Fidelity::*>, 5> proxy_characteristic_fields = {{
    {"header_names", &Fidelity::header_names},
    {"added", &Fidelity::added},
    {"framing", &Fidelity::framing},
    {"compressed", &Fidelity::compressed},
    {"answers_itself", &Fidelity::answers_itself},
}};

template <typename Enum, std::size_t Size>
Enum named(const std::array<std::string_view, Size>& names, const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) throw TableError("no such name: " + name);  // the schema has excluded it
  return static_cast<Enum>(found - names.begin());
}

// "U+0009"; the schema has made sure of the form.
std::uint32_t code_point_of(const std::string& text) {
  std::uint32_t value = 0;
  std::from_chars(text.data() + 2, text.data() + text.size(), value, 16);
  return value;
}

// nlohmann keeps the last of two equal keys without a word, which would hide half of an edit.
json parse_without_duplicate_keys(std::string_view text) {
  std::vector<std::set<std::string>> open;  // the keys seen in each object that is still open
  std::vector<std::string> duplicates;
  const auto on_event = [&](int, json::parse_event_t event, json& parsed) {
    if (event == json::parse_event_t::object_start) {
      open.emplace_back();
    } else if (event == json::parse_event_t::object_end) {
      open.pop_back();
    } else if (event == json::parse_event_t::key) {
      const std::string key = parsed.get<std::string>();
      if (!open.back().insert(key).second) duplicates.push_back(key);
    }
    return true;
  };
  json document;
  try {
    document = json::parse(text, on_event);
  } catch (const json::exception& e) {
    throw TableError(fmt::format("/: the spec table is not JSON: {}", e.what()));
  }
  if (!duplicates.empty()) {
    throw TableError(fmt::format("/: the spec table has an object with the key \"{}\" twice", duplicates.front()));
  }
  return document;
}

Member member_of(const json& j) {
  Member m;
  m.name = j.at("name");
  m.type = j.at("type");
  m.required = j.at("required");
  m.min_length = j.at("min_length");
  m.max_length = j.at("max_length");
  m.length_unit = j.at("length_unit");
  m.pattern = j.at("pattern");
  for (const json& range : j.at("allowed")) {
    m.allowed.push_back({code_point_of(range.at(0).get<std::string>()), code_point_of(range.at(1).get<std::string>())});
  }
  return m;
}

LifecycleCall call_of(const json& j) {
  LifecycleCall call;
  call.target = j.at("target");
  call.body = j.at("body");
  call.result = j.at("result");
  call.id_pointer = j.at("id_pointer");
  call.state_pointer = j.at("state_pointer");
  call.next_token = j.at("next_token");
  return call;
}

// Reads what the schema has let through.
SpecTable table_of(const json& j) {
  SpecTable t;
  t.version = j.at("version");
  t.service = j.at("service");
  t.service_shape = j.at("service_shape");
  t.operation = j.at("operation");
  t.target = j.at("target");
  t.protocol = j.at("protocol");
  t.content_type = j.at("content_type");
  t.success_status = j.at("success_status");
  t.identifier = j.at("identifier");
  t.echo = j.at("echo");
  for (const json& m : j.at("request_members")) t.request_members.push_back(member_of(m));
  for (const json& m : j.at("response_members")) t.response_members.push_back(member_of(m));
  for (const json& e : j.at("errors")) {
    t.errors.push_back({e.at("name"), e.at("statuses"), named<Outcome>(outcome_names, e.at("outcome")), e.at("origin"),
                        e.at("sources")});
  }
  for (const json& r : j.at("requirements")) {
    t.requirements.push_back({r.at("id"), r.at("sentence"), named<Level>(level_names, r.at("level")),
                              named<Evidence>(evidence_names, r.at("evidence")), r.at("sources"), r.at("accept")});
  }
  for (const json& c : j.at("characteristics")) {
    t.characteristics.push_back({c.at("id"), c.at("sentence"), c.at("sources"), false, c.value("varies", "")});
  }
  t.sources = j.at("sources").get<std::map<std::string, std::string>>();
  const json& l = j.at("lifecycle");
  t.lifecycle.create = call_of(l.at("create"));
  t.lifecycle.get = call_of(l.at("get"));
  t.lifecycle.list = call_of(l.at("list"));
  t.lifecycle.stop = call_of(l.at("stop"));
  t.lifecycle.remove = call_of(l.at("remove"));
  t.lifecycle.pending_states = l.at("pending_states").get<std::vector<std::string>>();
  t.lifecycle.stopping_states = l.at("stopping_states").get<std::vector<std::string>>();
  t.lifecycle.already_exists = l.at("already_exists").get<std::vector<std::string>>();
  t.lifecycle.missing_answers = l.at("missing_answers").get<std::vector<std::string>>();
  t.too_large_answers = j.at("too_large_answers").get<std::vector<std::string>>();
  for (const auto& [name, field] : check_fields) t.checks.*field = j.at("checks").at(std::string(name));
  t.authentication = j.at("authentication");
  for (const auto& [name, field] : story_check_fields)
    t.story_checks.*field = j.at("story_checks").at(std::string(name));
  for (const auto& [name, field] : story_characteristic_fields)
    t.story_checks.*field = j.at("story_checks").at(std::string(name));
  for (const auto& [name, field] : fidelity_fields) t.fidelity.*field = j.at("fidelity").at(std::string(name));
  for (const auto& [name, field] : proxy_characteristic_fields)
    t.fidelity.*field = j.at("fidelity").at(std::string(name));
  for (Characteristic& c : t.characteristics)
    c.of_proxies = std::any_of(proxy_characteristic_fields.begin(), proxy_characteristic_fields.end(),
                               [&](const auto& one) { return t.fidelity.*one.second == c.id; });
  t.fidelity.own = j.at("fidelity").at("own").get<std::map<std::string, std::string>>();
  t.liveness = {j.at("liveness").at("factor"), j.at("liveness").at("slack_ms")};
  return t;
}

template <typename Items, typename Projection>
auto find_by(Items& items, std::string_view name, Projection projection) {
  return std::find_if(items.begin(), items.end(),
                      [&](const auto& item) { return std::invoke(projection, item) == name; });
}

// What a schema cannot say: one line per fault.
class Checker {
 public:
  explicit Checker(const SpecTable& table) : table_(table) {}

  std::vector<std::string> faults() {
    unique("/request_members", table_.request_members, &Member::name);
    unique("/response_members", table_.response_members, &Member::name);
    unique("/errors", table_.errors, &Error::name);
    unique("/requirements", table_.requirements, &Requirement::id);
    unique("/characteristics", table_.characteristics, &Characteristic::id);
    operation();
    members("/request_members", table_.request_members);
    members("/response_members", table_.response_members);
    sources("/errors", table_.errors);
    sources("/requirements", table_.requirements);
    sources("/characteristics", table_.characteristics);
    for (std::size_t i = 0; i < table_.requirements.size(); ++i) {
      const std::vector<std::string>& accept = table_.requirements[i].accept;
      for (std::size_t k = 0; k < accept.size(); ++k) {
        if (!is_answer_class(accept[k])) error_name(fmt::format("/requirements/{}/accept/{}", i, k), accept[k]);
      }
    }
    for (const auto& [name, field] : check_fields) {
      if (!table_.find_requirement(table_.checks.*field))
        fault(fmt::format("/checks/{}", name), fmt::format("/requirements has no \"{}\"", table_.checks.*field));
    }
    characteristic("/authentication", table_.authentication);
    story_checks();
    fidelity();
    lifecycle();
    return std::move(faults_);
  }

 private:
  void fault(const std::string& pointer, const std::string& message) { faults_.push_back(pointer + ": " + message); }

  void error_name(const std::string& pointer, const std::string& name) {
    if (!table_.find_error(name)) fault(pointer, fmt::format("/errors has no \"{}\"", name));
  }

  template <typename Item>
  void unique(const std::string& pointer, const std::vector<Item>& items, std::string Item::*field) {
    std::set<std::string> seen;
    for (std::size_t i = 0; i < items.size(); ++i) {
      const std::string& name = items[i].*field;
      if (!seen.insert(name).second)
        fault(fmt::format("{}/{}", pointer, i), fmt::format("\"{}\" is there twice", name));
    }
  }

  template <typename Item>
  void sources(const std::string& pointer, const std::vector<Item>& items) {
    for (std::size_t i = 0; i < items.size(); ++i) {
      for (std::size_t k = 0; k < items[i].sources.size(); ++k) {
        if (table_.sources.contains(items[i].sources[k])) continue;
        fault(fmt::format("{}/{}/sources/{}", pointer, i, k),
              fmt::format("/sources has no \"{}\"", items[i].sources[k]));
      }
    }
  }

  void operation() {
    if (const std::string target = table_.service_shape + "." + table_.operation; table_.target != target) {
      fault("/target", fmt::format("awsJson names the operation \"{}\", not \"{}\"", target, table_.target));
    }
    const auto id = find_by(table_.request_members, table_.identifier, &Member::name);
    if (id == table_.request_members.end()) {
      fault("/identifier", fmt::format("/request_members has no \"{}\"", table_.identifier));
    } else if (!id->required) {
      fault("/identifier", fmt::format("\"{}\" names the resource, yet it is not required", table_.identifier));
    }
    if (find_by(table_.response_members, table_.echo, &Member::name) == table_.response_members.end()) {
      fault("/echo", fmt::format("/response_members has no \"{}\"", table_.echo));
    }
  }

  void members(const std::string& pointer, const std::vector<Member>& members) {
    for (std::size_t i = 0; i < members.size(); ++i) {
      const Member& m = members[i];
      if (m.min_length > m.max_length) {
        fault(fmt::format("{}/{}/min_length", pointer, i),
              fmt::format("{} is more than max_length, {}", m.min_length, m.max_length));
      }
      for (std::size_t k = 0; k < m.allowed.size(); ++k) {
        const CodePointRange& range = m.allowed[k];
        const std::string place = fmt::format("{}/{}/allowed/{}", pointer, i, k);
        if (range.last < range.first) fault(place, "the range ends before it begins");
        if (range.last > 0x10FFFF) fault(place, "the range ends beyond U+10FFFF");
        // A surrogate is no character: no JSON string that is Unicode text holds one.
        if (range.first <= 0xDFFF && range.last >= 0xD800) fault(place, "the range holds surrogates");
        if (k > 0 && range.first <= m.allowed[k - 1].last) fault(place, "the ranges do not ascend, or overlap");
      }
    }
  }

  void story_checks() {
    for (const auto& [name, field] : story_check_fields) {
      if (!table_.find_requirement(table_.story_checks.*field))
        fault(fmt::format("/story_checks/{}", name),
              fmt::format("/requirements has no \"{}\"", table_.story_checks.*field));
    }
    for (const auto& [name, field] : story_characteristic_fields) {
      characteristic(fmt::format("/story_checks/{}", name), table_.story_checks.*field);
    }
  }

  void fidelity() {
    for (const auto& [name, field] : fidelity_fields) {
      if (!table_.find_requirement(table_.fidelity.*field))
        fault(fmt::format("/fidelity/{}", name), fmt::format("/requirements has no \"{}\"", table_.fidelity.*field));
    }
    for (const auto& [name, field] : proxy_characteristic_fields)
      characteristic(fmt::format("/fidelity/{}", name), table_.fidelity.*field);
    for (const auto& [requirement, source] : table_.fidelity.own) {
      if (!table_.find_requirement(requirement))
        fault("/fidelity/own", fmt::format("/requirements has no \"{}\"", requirement));
      if (!table_.sources.contains(source))
        fault(fmt::format("/fidelity/own/{}", requirement), fmt::format("/sources has no \"{}\"", source));
    }
  }

  void characteristic(const std::string& pointer, const std::string& id) {
    if (find_by(table_.characteristics, id, &Characteristic::id) == table_.characteristics.end())
      fault(pointer, fmt::format("/characteristics has no \"{}\"", id));
  }

  // A call whose body lost its place for the identifier would create, or delete, one and the same session.
  void call(const std::string& name, const LifecycleCall& call, bool takes_id) {
    const std::string pointer = "/lifecycle/" + name;
    if (!call.target.starts_with(table_.service_shape + ".")) {
      fault(pointer + "/target", fmt::format("\"{}\" is no operation of {}", call.target, table_.service_shape));
    }
    const json body = json::parse(call.body, nullptr, false);
    if (!body.is_object()) {
      fault(pointer + "/body", "the body is no JSON object");
    } else if (takes_id) {
      const bool has_id = std::any_of(body.begin(), body.end(), [](const json& value) { return value == "{id}"; });
      if (!has_id) fault(pointer + "/body", "no member has the value \"{id}\"");
    }
  }

  void lifecycle() {
    const Lifecycle& l = table_.lifecycle;
    call("create", l.create, true);
    call("get", l.get, true);
    call("list", l.list, false);
    call("stop", l.stop, true);
    call("remove", l.remove, true);
    for (std::size_t i = 0; i < l.already_exists.size(); ++i) {
      error_name(fmt::format("/lifecycle/already_exists/{}", i), l.already_exists[i]);
    }
    for (std::size_t i = 0; i < l.missing_answers.size(); ++i) {
      error_name(fmt::format("/lifecycle/missing_answers/{}", i), l.missing_answers[i]);
    }
    for (std::size_t i = 0; i < table_.too_large_answers.size(); ++i) {
      if (!is_answer_class(table_.too_large_answers[i]))
        error_name(fmt::format("/too_large_answers/{}", i), table_.too_large_answers[i]);
    }
  }

  const SpecTable& table_;
  std::vector<std::string> faults_;
};

template <typename Items, typename Projection>
const auto& required_of(const Items& items, std::string_view name, Projection projection, const char* what) {
  const auto found = find_by(items, name, projection);
  if (found == items.end()) throw std::out_of_range(fmt::format("the spec table has no {} \"{}\"", what, name));
  return *found;
}

template <typename Items, typename Projection>
auto pointer_to(const Items& items, std::string_view name, Projection projection) -> decltype(&*items.begin()) {
  const auto found = find_by(items, name, projection);
  return found == items.end() ? nullptr : &*found;
}

}  // namespace

std::string_view name_of(Level level) { return level_names.at(static_cast<std::size_t>(level)); }
std::string_view name_of(Evidence evidence) { return evidence_names.at(static_cast<std::size_t>(evidence)); }
std::string_view name_of(Outcome outcome) { return outcome_names.at(static_cast<std::size_t>(outcome)); }

bool Member::allows(std::uint32_t code_point) const {
  // A plain loop: it is asked of every character, and most are in the first range that has room for them.
  for (const CodePointRange& range : allowed)
    if (code_point <= range.last) return range.first <= code_point;
  return false;
}

const Member& SpecTable::member(std::string_view name) const {
  return required_of(request_members, name, &Member::name, "request member");
}

const Requirement& SpecTable::requirement(std::string_view id) const {
  return required_of(requirements, id, &Requirement::id, "requirement");
}

const Characteristic& SpecTable::characteristic(std::string_view id) const {
  return required_of(characteristics, id, &Characteristic::id, "characteristic");
}

const Member* SpecTable::option() const {
  const auto found = std::find_if(request_members.begin(), request_members.end(),
                                  [this](const Member& member) { return member.name != identifier; });
  return found == request_members.end() ? nullptr : &*found;
}

bool SpecTable::may_be_missing(std::string_view error_name) const {
  const auto& known = lifecycle.missing_answers;
  return std::find(known.begin(), known.end(), error_name) != known.end();
}

bool SpecTable::is_of_proxies(std::string_view characteristic) const {
  return std::any_of(characteristics.begin(), characteristics.end(),
                     [&](const Characteristic& c) { return c.of_proxies && c.id == characteristic; });
}

const Error* SpecTable::find_error(std::string_view name) const { return pointer_to(errors, name, &Error::name); }

const Requirement* SpecTable::find_requirement(std::string_view id) const {
  return pointer_to(requirements, id, &Requirement::id);
}

bool is_answer_class(std::string_view accepted) {
  if (accepted == "success" || accepted == "foreign_success" || accepted == "client_error" ||
      accepted == "unauthenticated" || accepted == "no_server_fault")
    return true;
  return accepted.size() == 3 && accepted.find_first_not_of("0123456789") == std::string_view::npos;
}

SpecTable parse_table(std::string_view json_text) {
  const json document = parse_without_duplicate_keys(json_text);
  static const json schema = json::parse(embedded::delete_session_schema_json());
  std::vector<std::string> lines;
  for (const SchemaFault& fault : validate(schema, document)) {
    lines.push_back(fmt::format("{}: {}", fault.pointer.empty() ? "/" : fault.pointer, fault.message));
  }
  // Only a table of the right form can be read any further.
  SpecTable table;
  if (lines.empty()) {
    table = table_of(document);
    lines = Checker(table).faults();
  }
  if (!lines.empty()) throw TableError(fmt::format("{}", fmt::join(lines, "\n")));
  return table;
}

const SpecTable& builtin_table() {
  static const SpecTable table = parse_table(embedded::delete_session_json());
  return table;
}

}  // namespace conformance::spec
