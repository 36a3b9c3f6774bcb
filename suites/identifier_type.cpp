#include <fmt/format.h>

#include "harness/text/json_string.h"
#include "suites/suites.h"

namespace conformance::suites {
namespace {

struct WrongType {
  const char* name;
  std::string json;
};

void add_typed(const CaseBuilder& b, const std::string& name, const std::string& title, const std::string& requirement,
               const std::string& characteristic, const std::string& body, std::vector<Case>& cases) {
  Case c = CaseBuilder::start("id.type." + name, title, requirement, Kind::malformed);
  const std::string token = b.token(c);
  b.refuse_identifier(c, token, "null");
  c.body = body;
  c.characteristic = characteristic;
  cases.push_back(std::move(c));
}

}  // namespace

std::vector<Case> identifier_type(const CaseBuilder& b) {
  const std::string& id = b.identifier().name;
  std::vector<Case> cases;
  add_typed(b, "absent", "no " + id + ": an empty object", "id.required", "required.error", "{}", cases);
  add_typed(b, "absent_with_option", "no " + id + ", only " + b.option().name, "id.required", "required.error",
            fmt::format(R"({{"{}":{}}})", b.option().name, text::quote_raw(CaseBuilder::plain_option)), cases);
  add_typed(b, "null", id + " is null", "id.null", "required.error", b.body("null"), cases);
  for (const WrongType& value :
       {WrongType{"true", "true"}, WrongType{"false", "false"}, WrongType{"zero", "0"}, WrongType{"one", "1"},
        WrongType{"negative", "-1"}, WrongType{"fraction", "1.5"}, WrongType{"exponent", "1e3"},
        WrongType{"big", "123456789012345678901234567890"}, WrongType{"empty_array", "[]"},
        WrongType{"empty_object", "{}"}, WrongType{"array_of_null", "[null]"}}) {
    add_typed(b, value.name, fmt::format("{} is {}", id, value.json), "id.type", "type.error", b.body(value.json),
              cases);
  }
  // Containers around the right identifier: an endpoint that unwraps them deletes the session that it must not touch.
  for (const bool array : {true, false}) {
    Case c = CaseBuilder::start(array ? "id.type.array_of_id" : "id.type.object_with_id",
                                fmt::format("{} inside of a container", id), "id.type", Kind::malformed);
    const std::string token = b.token(c);
    const std::string inner = text::quote_raw(token);
    b.refuse_identifier(c, token, array ? "[" + inner + "]" : b.body(inner));
    c.characteristic = "type.error";
    cases.push_back(std::move(c));
  }
  return cases;
}

}  // namespace conformance::suites
