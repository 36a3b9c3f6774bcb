// What model_check_test.cpp leaves: both forms of model held to the same drifts, and files that are broken.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "fixtures/testing/temporary_folder.h"
#include "harness/spec/model_check.h"

namespace conformance::spec::model_drift_test {
namespace {

using nlohmann::json;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A small operation: only the members and errors that the tests edit.
SpecTable table() {
  SpecTable t;
  t.service = "sv";
  t.service_shape = "Svc";
  t.operation = "Op";
  t.protocol = "awsJson1_1";
  t.request_members = {{"Id", "string", true, 1, 9, "code_points", "[a-z]+", {{0x61, 0x7A}}}};
  t.response_members = {{"Id", "string", false, 1, 9, "code_points", "[a-z]+", {{0x61, 0x7A}}}};
  t.errors = {{"Bad", {400}, Outcome::rejected_as_invalid, "operation", {}},
              {"Slow", {400}, Outcome::throttled, "common", {}}};
  return t;
}

json botocore() {
  return json::parse(R"({
    "metadata": {"targetPrefix": "Svc", "protocol": "json", "jsonVersion": "1.1", "endpointPrefix": "host", "signingName": "sv"},
    "operations": {"Op": {"input": {"shape": "In"}, "output": {"shape": "Out"}, "errors": [{"shape": "Bad"}]}},
    "shapes": {
      "In": {"type": "structure", "required": ["Id"], "members": {"Id": {"shape": "S"}}},
      "Out": {"type": "structure", "members": {"Id": {"shape": "S"}}},
      "S": {"type": "string", "min": 1, "max": 9, "pattern": "[a-z]+"}}})");
}

json smithy() {
  return json::parse(R"({
    "smithy": "2.0",
    "shapes": {
      "n#Svc": {"type": "service", "traits": {"aws.auth#sigv4": {"name": "sv"}, "aws.protocols#awsJson1_1": {}}},
      "n#Op": {"type": "operation", "input": {"target": "n#In"}, "output": {"target": "n#Out"}, "errors": [{"target": "n#Bad"}]},
      "n#In": {"type": "structure", "members": {"Id": {"target": "n#S", "traits": {"smithy.api#required": {}}}}},
      "n#Out": {"type": "structure", "members": {"Id": {"target": "n#S"}}},
      "n#S": {"type": "string", "traits": {"smithy.api#length": {"min": 1, "max": 9}, "smithy.api#pattern": "^[a-z]+$"}}}})");
}

json& at(json& document, const char* pointer) { return document[json::json_pointer(pointer)]; }

std::vector<Drift> check(const json& model) { return check_model(table(), model.dump()); }

TEST(ModelDrift, BothFormsAgree) {
  EXPECT_THAT(check(botocore()), IsEmpty());
  EXPECT_THAT(check(smithy()), IsEmpty());
}

TEST(ModelDrift, IsTheSameInBothForms) {
  struct Edit {
    const char* botocore;
    json botocore_value;
    const char* smithy;
    json smithy_value;
    Drift drift;  // among those found
  };
  const std::vector<Edit> edits = {
      {"/metadata/signingName",
       "other",
       "/shapes/n#Svc/traits/aws.auth#sigv4/name",
       "other",
       {"signing name", "sv", "other"}},
      {"/operations/Op/errors",
       json::array(),
       "/shapes/n#Op/errors",
       json::array(),
       {"error Bad", "present", "absent"}},
      {"/operations/Op/errors/1",
       json{{"shape", "New"}},
       "/shapes/n#Op/errors/1",
       json{{"target", "n#New"}},
       {"error New", "absent", "present"}},
      {"/operations/Op/errors/1",
       json{{"shape", "Slow"}},
       "/shapes/n#Op/errors/1",
       json{{"target", "n#Slow"}},
       {"error Slow origin", "common", "operation"}},
      {"/shapes/S/type", "integer", "/shapes/n#S/type", "integer", {"request Id type", "string", "integer"}},
      {"/shapes/S/min", 2, "/shapes/n#S/traits/smithy.api#length/min", 2, {"request Id minimum length", "1", "2"}},
      {"/shapes/S/max", 8, "/shapes/n#S/traits/smithy.api#length/max", 8, {"response Id maximum length", "9", "8"}},
      {"/shapes/S/pattern",
       "^[A-Z]+$",
       "/shapes/n#S/traits/smithy.api#pattern",
       "[A-Z]+",
       {"request Id pattern", "[a-z]+", "[A-Z]+"}},
      {"/shapes/In/required",
       json::array(),
       "/shapes/n#In/members/Id/traits",
       json::object(),
       {"request Id required", "true", "false"}},
      {"/shapes/In/members",
       json::object(),
       "/shapes/n#In/members",
       json::object(),
       {"request Id", "present", "absent"}},
      {"/shapes/Out/members/More",
       json{{"shape", "S"}},
       "/shapes/n#Out/members/More",
       json{{"target", "n#S"}},
       {"response More", "absent", "present"}},
  };
  for (const Edit& edit : edits) {
    json b = botocore();
    at(b, edit.botocore) = edit.botocore_value;
    EXPECT_THAT(check(b), Contains(edit.drift)) << edit.botocore;
    json s = smithy();
    at(s, edit.smithy) = edit.smithy_value;
    EXPECT_THAT(check(s), Contains(edit.drift)) << edit.smithy;
  }
}

TEST(ModelDrift, AConstraintThatIsGone) {
  json b = botocore();
  at(b, "/shapes/S") = json{{"type", "string"}};
  EXPECT_THAT(check(b), Contains(Drift{"request Id maximum length", "9", "absent"}));
  EXPECT_THAT(check(b), Contains(Drift{"request Id pattern", "[a-z]+", "absent"}));
}

TEST(ModelDrift, AnOperationThatIsGoneIsOneDrift) {
  json b = botocore();
  at(b, "/operations").erase("Op");
  EXPECT_THAT(check(b), ElementsAre(Drift{"operation", "Op", "absent"}));
  json s = smithy();
  at(s, "/shapes").erase("n#Op");
  EXPECT_THAT(check(s), ElementsAre(Drift{"operation", "Op", "absent"}));
}

TEST(ModelDrift, ADollarSignIsNoAnchor) {
  json b = botocore();
  at(b, "/shapes/S/pattern") = "[a-z]+\\$";
  EXPECT_THAT(check(b), Contains(Drift{"request Id pattern", "[a-z]+", "[a-z]+\\$"}));
}

TEST(ModelDrift, WithoutASigningNameTheEndpointPrefixSigns) {
  json b = botocore();
  at(b, "/metadata").erase("signingName");
  EXPECT_THAT(check(b), ElementsAre(Drift{"signing name", "sv", "host"}));
}

TEST(ModelDrift, SmithysTraitsOnAMemberOverrideItsTargets) {
  json s = smithy();
  at(s, "/shapes/n#Out/members/Id/traits") = json{{"smithy.api#length", {{"min", 1}, {"max", 5}}}};
  EXPECT_THAT(check(s), ElementsAre(Drift{"response Id maximum length", "9", "5"}));
}

TEST(ModelDrift, AShapeThatIsNotThereIsNamed) {
  json b = botocore();
  at(b, "/shapes").erase("S");
  try {
    (void)check(b);
    FAIL() << "accepted";
  } catch (const ModelError& e) {
    EXPECT_THAT(e.what(), HasSubstr("\"S\""));
  }
}

TEST(ReadModel, PlainFilesAreReadAsTheyAre) {
  const testing_support::TemporaryFolder folder;
  const std::string path = folder.file("plain.json");
  std::ofstream(path) << "{}";
  EXPECT_EQ(read_model(path), "{}");
}

TEST(ReadModel, ATruncatedArchiveIsRefused) {
  const testing_support::TemporaryFolder folder;
  const std::string path = folder.file("truncated.json.gz");
  gzFile file = gzopen(path.c_str(), "wb");
  for (int i = 0; i < 20000; ++i) gzprintf(file, "%d", i * 7919 % 10007);
  gzclose(file);
  std::ifstream in(path, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes.substr(0, bytes.size() / 2);
  EXPECT_THROW((void)read_model(path), ModelError);
}

TEST(ReadModel, ADirectoryIsRefused) {
  const testing_support::TemporaryFolder folder;
  EXPECT_THROW((void)read_model(folder.path()), ModelError);
}

}  // namespace
}  // namespace conformance::spec::model_drift_test
