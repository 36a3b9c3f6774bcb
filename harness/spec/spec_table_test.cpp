#include "harness/spec/spec_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <vector>

namespace conformance::embedded {
std::string_view delete_session_json();
}

namespace conformance::spec::spec_table_test {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

json builtin_json() { return json::parse(embedded::delete_session_json()); }

// What parse_table() says about the table after one edit; "" if it takes it.
std::string complaint(const std::function<void(json&)>& edit) {
  json table = builtin_json();
  edit(table);
  try {
    (void)parse_table(table.dump());
    return "";
  } catch (const TableError& e) {
    return e.what();
  }
}

struct Fault {
  const char* name;
  const char* pointer;  // the message must begin with it, or hold it in a line of its own
  const char* message;
  std::function<void(json&)> edit;
};

void PrintTo(const Fault& fault, std::ostream* out) { *out << fault.name; }

class TableFault : public ::testing::TestWithParam<Fault> {};

TEST_P(TableFault, IsNamedWithItsPlace) {
  const std::string said = complaint(GetParam().edit);
  EXPECT_THAT(said, HasSubstr(std::string(GetParam().pointer) + ": "));
  EXPECT_THAT(said, HasSubstr(GetParam().message));
}

// Outside of the macro: its generated function has a parameter that a lambda's would shadow.
const std::vector<Fault>& table_faults() {
  static const std::vector<Fault> faults = {
      // The schema.
      Fault{"unknown_key", "/", "extra", [](json& t) { t["extra"] = 1; }},
      Fault{"unknown_key_below", "/requirements/3", "evidense", [](json& t) { t["requirements"][3]["evidense"] = 1; }},
      Fault{"missing_key", "/", "target", [](json& t) { t.erase("target"); }},
      Fault{"version", "/version", "enum", [](json& t) { t["version"] = 2; }},
      Fault{"level", "/requirements/3/level", "enum", [](json& t) { t["requirements"][3]["level"] = "most"; }},
      Fault{"evidence", "/requirements/0/evidence", "enum",
            [](json& t) { t["requirements"][0]["evidence"] = "rumour"; }},
      Fault{"outcome", "/errors/1/outcome", "enum", [](json& t) { t["errors"][1]["outcome"] = "sad"; }},
      Fault{"outcome_success", "/errors/1/outcome", "enum", [](json& t) { t["errors"][1]["outcome"] = "success"; }},
      Fault{"status", "/errors/0/statuses/0", "400", [](json& t) { t["errors"][0]["statuses"][0] = 200; }},
      Fault{"no_status", "/errors/0/statuses", "fewer than",
            [](json& t) { t["errors"][0]["statuses"] = json::array(); }},
      Fault{"id_pattern", "/requirements/0/id", "pattern", [](json& t) { t["requirements"][0]["id"] = "Id Max"; }},
      Fault{"type", "/request_members/0/required", "type",
            [](json& t) { t["request_members"][0]["required"] = "yes"; }},
      Fault{"no_source", "/requirements/0/sources", "fewer than",
            [](json& t) { t["requirements"][0]["sources"] = json::array(); }},
      Fault{"code_point", "/request_members/0/allowed/0/0", "pattern",
            [](json& t) { t["request_members"][0]["allowed"][0][0] = "9"; }},
      // What the schema cannot say.
      Fault{"member_twice", "/request_members/2", "twice",
            [](json& t) {
              t["request_members"].push_back(t["request_members"][1]);
              t["request_members"][2]["max_length"] = 9;
            }},
      Fault{"error_twice", "/errors/1", "twice", [](json& t) { t["errors"][1]["name"] = t["errors"][0]["name"]; }},
      Fault{"requirement_twice", "/requirements/1", "twice",
            [](json& t) { t["requirements"][1]["id"] = t["requirements"][0]["id"]; }},
      Fault{"characteristic_twice", "/characteristics/1", "twice",
            [](json& t) { t["characteristics"][1]["id"] = t["characteristics"][0]["id"]; }},
      Fault{"accept", "/requirements/0/accept/1", "NoSuchException",
            [](json& t) { t["requirements"][0]["accept"][1] = "NoSuchException"; }},
      Fault{"requirement_source", "/requirements/0/sources/0", "Z9",
            [](json& t) { t["requirements"][0]["sources"][0] = "Z9"; }},
      Fault{"error_source", "/errors/0/sources/0", "Z9", [](json& t) { t["errors"][0]["sources"][0] = "Z9"; }},
      Fault{"characteristic_source", "/characteristics/0/sources/0", "Z9",
            [](json& t) { t["characteristics"][0]["sources"][0] = "Z9"; }},
      Fault{"identifier", "/identifier", "Name", [](json& t) { t["identifier"] = "Name"; }},
      Fault{"identifier_optional", "/identifier", "not required",
            [](json& t) { t["request_members"][0]["required"] = false; }},
      Fault{"echo", "/echo", "Name", [](json& t) { t["echo"] = "Name"; }},
      Fault{"target", "/target", "AWSGlue.DeleteSession", [](json& t) { t["target"] = "AWSGlue.Delete"; }},
      Fault{"lengths", "/request_members/0/min_length", "max_length",
            [](json& t) { t["request_members"][0]["min_length"] = 256; }},
      Fault{"range_reversed", "/request_members/0/allowed/1", "before it begins",
            [](json& t) {
              t["request_members"][0]["allowed"][1] = {"U+0030", "U+0020"};
            }},
      Fault{"ranges_descend", "/request_members/0/allowed/1", "ascend",
            [](json& t) {
              t["request_members"][0]["allowed"][1] = {"U+0001", "U+0002"};
            }},
      Fault{"ranges_overlap", "/response_members/0/allowed/1", "overlap",
            [](json& t) { t["response_members"][0]["allowed"][1][0] = "U+0009"; }},
      Fault{"range_surrogates", "/request_members/0/allowed/1", "surrogates",
            [](json& t) { t["request_members"][0]["allowed"][1][1] = "U+D800"; }},
      Fault{"range_beyond", "/request_members/0/allowed/3", "beyond",
            [](json& t) { t["request_members"][0]["allowed"][3][1] = "U+110000"; }},
      Fault{"lifecycle_target", "/lifecycle/create/target", "AWSGlue",
            [](json& t) { t["lifecycle"]["create"]["target"] = "Other.CreateSession"; }},
      Fault{"lifecycle_body", "/lifecycle/list/body", "JSON", [](json& t) { t["lifecycle"]["list"]["body"] = "{"; }},
      Fault{"lifecycle_id", "/lifecycle/remove/body", "{id}",
            [](json& t) { t["lifecycle"]["remove"]["body"] = R"({"Id":"mine"})"; }},
      Fault{"lifecycle_pointer", "/lifecycle/get/result", "pattern",
            [](json& t) { t["lifecycle"]["get"]["result"] = "Session"; }},
      Fault{"lifecycle_stop", "/lifecycle/stop/body", "{id}",
            [](json& t) { t["lifecycle"]["stop"]["body"] = R"({"Id":"mine"})"; }},
      Fault{"story_check", "/story_checks/recreate", "delete.nowhere",
            [](json& t) { t["story_checks"]["recreate"] = "delete.nowhere"; }},
      Fault{"fidelity", "/fidelity/host", "proxy.nowhere", [](json& t) { t["fidelity"]["host"] = "proxy.nowhere"; }},
      Fault{"proxy_characteristic", "/fidelity/added", "proxy.nowhere",
            [](json& t) { t["fidelity"]["added"] = "proxy.nowhere"; }},
      Fault{"own_of_proxies", "/fidelity/own", "http.nowhere",
            [](json& t) { t["fidelity"]["own"]["http.nowhere"] = "Direct"; }},
      Fault{"source_of_own", "/fidelity/own/route.host", "Nowhere",
            [](json& t) { t["fidelity"]["own"]["route.host"] = "Nowhere"; }},
      Fault{"story_characteristic", "/story_checks/delay", "delete.nowhere",
            [](json& t) { t["story_checks"]["delay"] = "delete.nowhere"; }},
      Fault{"already_exists", "/lifecycle/already_exists/0", "NoSuchException",
            [](json& t) { t["lifecycle"]["already_exists"][0] = "NoSuchException"; }},
  };
  return faults;
}

INSTANTIATE_TEST_SUITE_P(Table, TableFault, ::testing::ValuesIn(table_faults()),
                         [](const ::testing::TestParamInfo<Fault>& tested) { return tested.param.name; });

TEST(SpecTable, EveryFaultHasItsLine) {
  const std::string said = complaint([](json& t) {
    t["target"] = "X";
    t["echo"] = "Y";
  });
  EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1);
}

TEST(SpecTable, TextThatIsNoJsonIsRefused) {
  EXPECT_THROW((void)parse_table(""), TableError);
  EXPECT_THROW((void)parse_table("{\"version\":1"), TableError);
  EXPECT_THROW((void)parse_table("[]"), TableError);
  EXPECT_THROW((void)parse_table(std::string(embedded::delete_session_json()) + "x"), TableError);
}

TEST(SpecTable, AKeyThatIsThereTwiceIsRefused) {
  std::string text(embedded::delete_session_json());
  text.insert(text.find('{') + 1, "\"version\": 1, ");
  try {
    (void)parse_table(text);
    FAIL() << "accepted";
  } catch (const TableError& e) {
    EXPECT_THAT(e.what(), HasSubstr("\"version\" twice"));
  }
}

TEST(SpecTable, TheEmbeddedTextIsTheFile) {
  std::ifstream file(PROJECT_SOURCE_DIR "/fixtures/spec/delete_session.json", std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_EQ(text.str(), embedded::delete_session_json());
}

TEST(BuiltinTable, IsTheOperation) {
  const SpecTable& t = builtin_table();
  EXPECT_EQ(t.target, "AWSGlue.DeleteSession");
  EXPECT_EQ(t.content_type, "application/x-amz-json-1.1");
  EXPECT_EQ(t.success_status, 200);
  const Member& id = t.member("Id");
  EXPECT_TRUE(id.required);
  EXPECT_EQ(id.min_length, 1U);
  EXPECT_EQ(id.max_length, 255U);
  EXPECT_FALSE(t.member("RequestOrigin").required);
  EXPECT_EQ(t.member("RequestOrigin").max_length, 128U);
  EXPECT_EQ(t.response_members.size(), 1U);
}

TEST(BuiltinTable, NamesWhatItDoesNotHave) {
  const SpecTable& t = builtin_table();
  EXPECT_THROW((void)t.member("id"), std::out_of_range);  // names are case-sensitive
  EXPECT_THROW((void)t.requirement("id.length"), std::out_of_range);
  EXPECT_EQ(t.find_requirement("id.length"), nullptr);
  EXPECT_EQ(t.find_error("NoSuchException"), nullptr);
  try {
    (void)t.characteristic("nothing");
    FAIL() << "found";
  } catch (const std::out_of_range& e) {
    EXPECT_THAT(e.what(), HasSubstr("nothing"));
  }
}

TEST(BuiltinTable, ErrorsAreWhatTheirSourcesSay) {
  const SpecTable& t = builtin_table();
  ASSERT_NE(t.find_error("OperationTimeoutException"), nullptr);
  EXPECT_EQ(t.find_error("OperationTimeoutException")->outcome, Outcome::server_fault);
  EXPECT_THAT(t.find_error("OperationTimeoutException")->statuses, ElementsAre(400));
  EXPECT_THAT(t.find_error("InternalServiceException")->statuses, ElementsAre(500));
  EXPECT_EQ(t.find_error("ValidationException")->origin, "service");
  EXPECT_THAT(t.find_error("UnknownOperationException")->statuses, ElementsAre(400, 404));
  EXPECT_EQ(std::count_if(t.errors.begin(), t.errors.end(), [](const Error& e) { return e.origin == "operation"; }), 6);
}

TEST(BuiltinTable, NothingThatIsOnlyInferredFailsARun) {
  for (const Requirement& r : builtin_table().requirements) {
    EXPECT_TRUE(r.evidence != Evidence::inferred || r.level == Level::may) << r.id;
  }
}

TEST(BuiltinTable, EverySourceIsCited) {
  const SpecTable& t = builtin_table();
  std::set<std::string> cited;
  for (const Error& e : t.errors) cited.insert(e.sources.begin(), e.sources.end());
  for (const Requirement& r : t.requirements) cited.insert(r.sources.begin(), r.sources.end());
  for (const Characteristic& c : t.characteristics) cited.insert(c.sources.begin(), c.sources.end());
  for (const auto& [requirement, source] : t.fidelity.own) cited.insert(source);
  for (const auto& [key, where] : t.sources) EXPECT_TRUE(cited.contains(key)) << key;
}

TEST(Names, AreThoseOfTheTable) {
  EXPECT_EQ(name_of(Level::should), "should");
  EXPECT_EQ(name_of(Evidence::observed), "observed");
  EXPECT_EQ(name_of(Outcome::rejected_as_unreadable), "rejected_as_unreadable");
  EXPECT_EQ(name_of(Outcome::no_response), "no_response");
}

}  // namespace
}  // namespace conformance::spec::spec_table_test
