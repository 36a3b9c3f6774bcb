#include "harness/spec/json_schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace conformance::spec::json_schema_test {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

const json& schema() {
  static const json value = json::parse(R"({
    "type": "object", "additionalProperties": false, "required": ["list"],
    "properties": {
      "list": {"type": "array", "items": {"$ref": "#/definitions/item"}},
      "a/b": {"type": "integer"}
    },
    "definitions": {"item": {
      "type": "object", "additionalProperties": false,
      "properties": {"level": {"enum": ["must"]}, "n": {"type": "integer"}, "id": {"type": "string", "pattern": "^[a-z]+$"}}
    }}})");
  return value;
}

std::vector<SchemaFault> faults(const char* document) { return validate(schema(), json::parse(document)); }

TEST(JsonSchema, AValidDocumentHasNoFault) { EXPECT_TRUE(faults(R"({"list":[{"level":"must","n":1}]})").empty()); }

TEST(JsonSchema, AFaultIsReportedOnceAtItsPlace) {
  const auto found = faults(R"({"list":[{},{"level":"may"}]})");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].pointer, "/list/1/level");
  EXPECT_THAT(found[0].message, HasSubstr("enum"));
}

TEST(JsonSchema, EveryFaultIsReported) {
  const auto found = faults(R"({"list":[{"level":"may"},{"id":"UPPER"}]})");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].pointer, "/list/0/level");
  EXPECT_EQ(found[1].pointer, "/list/1/id");
}

TEST(JsonSchema, AnUnknownKeyIsNamed) {
  const auto found = faults(R"({"list":[{"lvl":"must"}]})");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].pointer, "/list/0");
  EXPECT_THAT(found[0].message, HasSubstr("lvl"));
}

TEST(JsonSchema, AMissingKeyIsNamed) {
  const auto found = faults("{}");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].pointer, "");
  EXPECT_THAT(found[0].message, HasSubstr("list"));
}

TEST(JsonSchema, TypesAreStrict) { EXPECT_EQ(faults(R"({"list":[{"n":"1"}]})").size(), 1U); }

TEST(JsonSchema, PointersAreEscaped) {
  const auto found = faults(R"({"list":[],"a/b":"x"})");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].pointer, "/a~1b");
  EXPECT_EQ(pointer_segment("a/b~c"), "a~1b~0c");
}

}  // namespace
}  // namespace conformance::spec::json_schema_test
