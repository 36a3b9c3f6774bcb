#include "harness/run/counterexample.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "harness/case/case_builder.h"
#include "harness/oracle/body_class.h"
#include "harness/text/escape.h"

namespace conformance {
namespace {

using nlohmann::ordered_json;

constexpr const char* format_name = "glue-conformance counterexample 2";
constexpr const char* format_before = "glue-conformance counterexample 1";  // knew no stories

std::string base64(std::string_view bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::string from_base64(const std::string& where, std::string_view text) {
  std::string out(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (size < 0 || text.size() % 4 != 0) throw CounterexampleError(where + ": no base64");
  out.resize(static_cast<std::size_t>(size));
  // The decoder counts the padding as zero bytes.
  for (std::size_t i = text.size(); i > 0 && text[i - 1] == '=' && text.size() - i < 2; --i) out.pop_back();
  return out;
}

ordered_json bytes_json(std::string_view bytes) {
  return {{"base64", base64(bytes)}, {"text", text::elide(text::visible(bytes), 2000)}};
}

// Reads members and remembers which, so that one that nobody knows is found.
class Object {
 public:
  Object(const ordered_json& value, std::string where) : value_(value), where_(std::move(where)) {
    if (!value.is_object()) throw CounterexampleError(where_ + ": no object");
  }

  template <typename T>
  [[nodiscard]] T get(const std::string& name) {
    try {
      return at(name).get<T>();
    } catch (const ordered_json::exception&) {
      throw CounterexampleError(where_ + "/" + name + ": of another type");
    }
  }

  [[nodiscard]] std::string bytes(const std::string& name) {
    Object object(at(name), where_ + "/" + name);
    std::string read = from_base64(where_ + "/" + name + "/base64", object.get<std::string>("base64"));
    (void)object.get<std::string>("text");
    object.finish();
    return read;
  }

  [[nodiscard]] bool is_unsigned(const std::string& name) { return at(name).is_number_unsigned(); }

  [[nodiscard]] bool is_null(const std::string& name) { return at(name).is_null(); }

  void finish() const {
    for (const auto& [name, value] : value_.items()) {
      if (!known_.contains(name)) throw CounterexampleError(where_ + "/" + name + ": unknown member");
    }
  }

 private:
  [[nodiscard]] const ordered_json& at(const std::string& name) {
    known_.insert(name);
    const auto found = value_.find(name);
    if (found == value_.end()) throw CounterexampleError(where_ + "/" + name + ": missing");
    return *found;
  }

  const ordered_json& value_;
  std::string where_;
  std::set<std::string> known_;
};

// Promise 5: a file may have been edited. Every session that it can be read to name is of the run that found it.
void check_safety(const Case& c, const std::string& prefix, const spec::SpecTable& table) {
  const auto own = [&prefix](const std::string& where, const std::string& id) {
    if (id.find(prefix) == std::string::npos)
      throw CounterexampleError(fmt::format("{}: the session \"{}\" is not of the run with this seed (\"{}…\")", where,
                                            text::elide(text::visible(id), 60), prefix));
  };
  if (c.story) {
    if (c.story->turns.empty()) throw CounterexampleError("/case/story/turns: no call");
    std::set<std::string> distinct;
    for (const std::string& id : c.story->sessions) {
      own("/case/story/sessions", id);
      if (!distinct.insert(id).second) throw CounterexampleError("/case/story/sessions: one is there twice");
    }
  }
  const oracle::Classification body = oracle::classify(c.body, table);
  for (const std::string& id : body.identifiers) own("/case/body", id);
  if (c.control_body) {
    for (const std::string& id : oracle::classify(*c.control_body, table).identifiers) own("/case/control", id);
  }
  if (!c.session.empty()) own("/case/session", c.session);
  const Kind kind = body.body_class == oracle::BodyClass::valid  ? Kind::valid
                    : body.body_class == oracle::BodyClass::free ? Kind::free_form
                                                                 : Kind::malformed;
  if (kind != c.kind)
    throw CounterexampleError(
        fmt::format("/case/kind: the body is {} ({})", oracle::name_of(body.body_class), body.reason));
  if (kind == Kind::valid && !c.story && (body.identifiers.front() != c.session || c.session != c.expected_echo))
    throw CounterexampleError("/case/session: not the one that the body names");
}

ordered_json story_json(const Story& story) {
  ordered_json turns = ordered_json::array();
  for (const Turn& turn : story.turns) {
    ordered_json calls = ordered_json::array();
    for (const StoryCall& call : turn)
      calls.push_back({{"verb", std::string(name_of(call.verb))},
                       {"session", call.session},
                       {"option", call.option},
                       {"waits", call.waits}});
    turns.push_back(std::move(calls));
  }
  return {{"sessions", story.sessions}, {"turns", std::move(turns)}};
}

Verb verb_of(const std::string& where, const std::string& name) {
  for (const Verb verb : {Verb::create, Verb::get, Verb::list, Verb::stop, Verb::remove}) {
    if (name_of(verb) == name) return verb;
  }
  throw CounterexampleError(where + "/verb: '" + text::visible(name) + "' is no call of the life cycle");
}

StoryCall call_of(const ordered_json& value, const std::string& where, std::size_t sessions) {
  Object object(value, where);
  StoryCall call;
  call.verb = verb_of(where, object.get<std::string>("verb"));
  call.session = object.get<std::size_t>("session");
  call.option = object.get<std::string>("option");
  call.waits = object.get<bool>("waits");
  object.finish();
  if (call.session >= sessions) throw CounterexampleError(where + "/session: there is no such session");
  return call;
}

Story story_of(const ordered_json& value) {
  constexpr std::size_t most_calls = 10'000;
  Object object(value, "/case/story");
  Story story;
  story.sessions = object.get<std::vector<std::string>>("sessions");
  const auto turns = object.get<std::vector<ordered_json>>("turns");
  object.finish();
  std::size_t calls = 0;
  for (std::size_t i = 0; i < turns.size(); ++i) {
    const std::string where = fmt::format("/case/story/turns/{}", i);
    if (!turns[i].is_array() || turns[i].empty()) throw CounterexampleError(where + ": no array of calls");
    calls += turns[i].size();
    if (calls > most_calls) throw CounterexampleError(fmt::format("{}: more than {} calls", where, most_calls));
    Turn turn;
    for (std::size_t k = 0; k < turns[i].size(); ++k)
      turn.push_back(call_of(turns[i][k], fmt::format("{}/{}", where, k), story.sessions.size()));
    story.turns.push_back(std::move(turn));
  }
  return story;
}

Kind kind_of(const std::string& name) {
  for (const Kind kind : {Kind::valid, Kind::malformed, Kind::free_form}) {
    if (name_of(kind) == name) return kind;
  }
  throw CounterexampleError("/case/kind: '" + text::visible(name) + "' is no kind of case");
}

}  // namespace

std::string to_json(const Counterexample& counterexample) {
  const Case& c = counterexample.test;
  ordered_json test = {{"id", c.id},
                       {"title", c.title},
                       {"kind", std::string(name_of(c.kind))},
                       {"requirement", c.requirement},
                       {"faults", c.faults},
                       {"body", bytes_json(c.body)},
                       {"control", c.control_body ? bytes_json(*c.control_body) : ordered_json(nullptr)},
                       {"session", c.session},
                       {"expected_echo", c.expected_echo},
                       {"readings", c.readings},
                       {"needs_session", c.needs_session},
                       {"names_missing_session", c.names_missing_session},
                       {"spares_session", c.spares_session},
                       {"oversize", c.oversize},
                       {"story", c.story ? story_json(*c.story) : ordered_json(nullptr)}};
  const ordered_json document = {{"format", format_name},
                                 {"tool_version", counterexample.tool_version},
                                 {"seed", counterexample.seed},
                                 {"blamed", counterexample.requirement},
                                 {"expected", text::visible(counterexample.expected)},
                                 {"actual", text::visible(counterexample.actual)},
                                 {"case", test}};
  return document.dump(2) + "\n";
}

Counterexample parse_counterexample(std::string_view json_text, const spec::SpecTable& table) {
  const ordered_json document = ordered_json::parse(json_text, nullptr, /*allow_exceptions=*/false);
  if (document.is_discarded()) throw CounterexampleError("the file is no JSON");
  Object root(document, "");
  Counterexample read;
  const auto format = root.get<std::string>("format");
  if (format != format_name && format != format_before)
    throw CounterexampleError("/format: this version reads '" + std::string(format_name) + "'");
  read.tool_version = root.get<std::string>("tool_version");
  if (!root.is_unsigned("seed")) throw CounterexampleError("/seed: no whole number from 0");
  read.seed = root.get<std::uint64_t>("seed");
  read.requirement = root.get<std::string>("blamed");
  read.expected = root.get<std::string>("expected");
  read.actual = root.get<std::string>("actual");
  const auto test_json = root.get<ordered_json>("case");
  root.finish();

  Object test(test_json, "/case");
  Case& c = read.test;
  c.id = test.get<std::string>("id");
  const bool plain = std::all_of(c.id.begin(), c.id.end(), [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '.' || letter == '_';
  });
  const std::size_t dot = c.id.rfind('.');
  if (!plain || dot == std::string::npos || dot == 0 || dot + 1 == c.id.size())
    throw CounterexampleError("/case/id: not of the form 'area.rest'");
  c.area = c.id.substr(0, c.id.rfind('.'));
  c.title = test.get<std::string>("title");
  c.kind = kind_of(test.get<std::string>("kind"));
  c.requirement = test.get<std::string>("requirement");
  c.faults = test.get<std::vector<std::string>>("faults");
  c.body = test.bytes("body");
  if (!test.is_null("control")) c.control_body = test.bytes("control");
  c.session = test.get<std::string>("session");
  c.expected_echo = test.get<std::string>("expected_echo");
  c.readings = test.get<std::vector<std::string>>("readings");
  c.needs_session = test.get<bool>("needs_session");
  c.names_missing_session = test.get<bool>("names_missing_session");
  c.spares_session = test.get<bool>("spares_session");
  c.oversize = test.get<bool>("oversize");
  if (format == format_name && !test.is_null("story"))
    c.story = std::make_shared<const Story>(story_of(test.get<ordered_json>("story")));
  test.finish();

  std::vector<std::string> requirements = c.faults;
  // Of a story what happens decides which is blamed.
  if (!c.story || !c.requirement.empty()) requirements.push_back(c.requirement);
  for (const std::string& requirement : requirements) {
    if (table.find_requirement(requirement) == nullptr)
      throw CounterexampleError("/case: this version has no requirement '" + text::visible(requirement) + "'");
  }
  check_safety(c, run_prefix(read.seed), table);
  return read;
}

}  // namespace conformance
