#include <fmt/format.h>

#include "harness/text/json_string.h"
#include "suites/suites.h"

namespace conformance::suites {
namespace {

struct Value {
  const char* name;
  std::string json;
};

void add(const CaseBuilder& b, const std::string& name, const std::string& title, const std::string& requirement,
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
  add(b, "absent", "no " + id + ": an empty object", "id.required", "required.error", "{}", cases);
  add(b, "absent_with_option", "no " + id + ", only " + b.option().name, "id.required", "required.error",
      fmt::format(R"({{"{}":{}}})", b.option().name, text::quote_raw(CaseBuilder::plain_option)), cases);
  add(b, "null", id + " is null", "id.null", "required.error", b.body("null"), cases);
  for (const Value& value :
       {Value{"true", "true"}, Value{"false", "false"}, Value{"zero", "0"}, Value{"one", "1"}, Value{"negative", "-1"},
        Value{"fraction", "1.5"}, Value{"exponent", "1e3"}, Value{"big", "123456789012345678901234567890"},
        Value{"empty_array", "[]"}, Value{"empty_object", "{}"}, Value{"array_of_null", "[null]"}}) {
    add(b, value.name, fmt::format("{} is {}", id, value.json), "id.type", "type.error", b.body(value.json), cases);
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
