#include "harness/spec/model_check.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <nlohmann/json.hpp>

#include "fixtures/testing/temporary_folder.h"

namespace conformance::spec::model_check_test {
namespace {

using nlohmann::json;

json botocore_model() {
  const std::string id_pattern = builtin_table().member("Id").pattern;
  return json{{"metadata",
               {{"targetPrefix", "AWSGlue"}, {"endpointPrefix", "glue"}, {"protocol", "json"}, {"jsonVersion", "1.1"}}},
              {"operations",
               {{"DeleteSession",
                 {{"input", {{"shape", "In"}}},
                  {"output", {{"shape", "Out"}}},
                  {"errors", json::array({{{"shape", "AccessDeniedException"}},
                                          {{"shape", "InternalServiceException"}},
                                          {{"shape", "OperationTimeoutException"}},
                                          {{"shape", "InvalidInputException"}},
                                          {{"shape", "IllegalSessionStateException"}},
                                          {{"shape", "ConcurrentModificationException"}}})}}}}},
              {"shapes",
               {{"In",
                 {{"required", json::array({"Id"})},
                  {"members", {{"Id", {{"shape", "Name"}}}, {"RequestOrigin", {{"shape", "Origin"}}}}}}},
                {"Out", {{"members", {{"Id", {{"shape", "Name"}}}}}}},
                {"Name", {{"type", "string"}, {"min", 1}, {"max", 255}, {"pattern", id_pattern}}},
                {"Origin", {{"type", "string"}, {"min", 1}, {"max", 128}, {"pattern", "[\\.\\-_A-Za-z0-9]+"}}}}}};
}

json smithy_model() {
  json errors = json::array();
  for (const Error& error : builtin_table().errors)
    if (error.origin == "operation") errors.push_back({{"target", "com.amazonaws.glue#" + error.name}});
  const auto text = [](int max, const std::string& pattern) {
    return json{
        {"type", "string"},
        {"traits", {{"smithy.api#length", {{"min", 1}, {"max", max}}}, {"smithy.api#pattern", "^" + pattern + "$"}}}};
  };
  return json{{"smithy", "2.0"},
              {"shapes",
               {{"com.amazonaws.glue#AWSGlue",
                 {{"type", "service"},
                  {"traits", {{"aws.auth#sigv4", {{"name", "glue"}}}, {"aws.protocols#awsJson1_1", json::object()}}}}},
                {"com.amazonaws.glue#DeleteSession",
                 {{"type", "operation"},
                  {"input", {{"target", "x#In"}}},
                  {"output", {{"target", "x#Out"}}},
                  {"errors", errors}}},
                {"x#In",
                 {{"type", "structure"},
                  {"members",
                   {{"Id", {{"target", "x#Name"}, {"traits", {{"smithy.api#required", json::object()}}}}},
                    {"RequestOrigin", {{"target", "x#Origin"}}}}}}},
                {"x#Out", {{"type", "structure"}, {"members", {{"Id", {{"target", "x#Name"}}}}}}},
                {"x#Name", text(255, builtin_table().member("Id").pattern)},
                {"x#Origin", text(128, "[\\.\\-_A-Za-z0-9]+")}}}};
}

std::vector<Drift> drifts(const json& model) { return check_model(builtin_table(), model.dump()); }

TEST(ModelCheck, FindsNoDriftInModelsThatAgree) {
  EXPECT_TRUE(drifts(botocore_model()).empty());
  EXPECT_TRUE(drifts(smithy_model()).empty());
}

TEST(ModelCheck, FindsEachKindOfDrift) {
  struct Change {
    const char* pointer;
    json value;
    const char* place;
  };
  for (const Change& change :
       {Change{"/metadata/targetPrefix", "Glue", "target"}, Change{"/metadata/endpointPrefix", "g", "signing name"},
        Change{"/metadata/jsonVersion", "1.0", "protocol"},
        Change{"/shapes/Name/max", 256, "request Id maximum length"},
        Change{"/shapes/Name/min", 0, "request Id minimum length"},
        Change{"/shapes/Origin/pattern", ".*", "request RequestOrigin pattern"},
        Change{"/shapes/Name/type", "blob", "request Id type"},
        Change{"/shapes/In/required", json::array(), "request Id required"},
        Change{"/shapes/In/members/More", {{"shape", "Name"}}, "request More"},
        Change{"/operations/DeleteSession/errors/0/shape", "NewException", "error AccessDeniedException"}}) {
    json model = botocore_model();
    model[json::json_pointer(change.pointer)] = change.value;
    const std::vector<Drift> found = drifts(model);
    ASSERT_FALSE(found.empty()) << change.pointer;
    EXPECT_EQ(found.front().place, change.place);
    EXPECT_NE(found.front().table_says, found.front().model_says);
  }
  json smithy = smithy_model();
  smithy["shapes"]["x#Name"]["traits"]["smithy.api#length"]["max"] = 254;
  const std::vector<Drift> found = drifts(smithy);
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found.front().place, "request Id maximum length");
}

TEST(ModelCheck, RefusesWhatIsNoModel) {
  for (const char* text : {"", "[]", "{}", R"({"metadata":{},"operations":{}})", R"({"smithy":"2.0","shapes":{}})",
                           R"({"metadata":{},"operations":{"DeleteSession":{}}})"})
    EXPECT_THROW((void)check_model(builtin_table(), text), ModelError) << text;
  EXPECT_THROW((void)read_model("/no/such/model"), ModelError);
}

TEST(ModelCheck, ReadsPlainAndPackedFiles) {
  const testing_support::TemporaryFolder folder;
  const std::string path = folder.file("model.json.gz");
  gzFile file = gzopen(path.c_str(), "wb");
  gzputs(file, "{\"a\":1}");
  gzclose(file);
  EXPECT_EQ(read_model(path), "{\"a\":1}");
}

}  // namespace
}  // namespace conformance::spec::model_check_test
