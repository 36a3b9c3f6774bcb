#include "suites/create_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "harness/spec/spec_table.h"

namespace conformance::suites::create_options_test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

json merged(const GivenOptions& given) {
  EXPECT_EQ(fault_of(given), "");
  return json::parse(with_create_options(spec::builtin_table().lifecycle.create.body, given));
}

TEST(CreateOptions, GoWhereTheCallHasThem) {
  const json body = merged({{"--session-role", "arn:aws:iam::1:role/\"r\""},
                            {"--session-command", "gluestreaming"},
                            {"--session-python", "3.9"},
                            {"--session-worker-type", "G.1X"},
                            {"--session-workers", "2"},
                            {"--session-timeout", "30"},
                            {"--session-idle-timeout", "5"},
                            {"--session-tag", "a=b=c"},
                            {"--session-tag", "empty="}});
  EXPECT_EQ(body, json::parse(R"({"Id":"{id}","Role":"arn:aws:iam::1:role/\"r\"",
      "Command":{"Name":"gluestreaming","PythonVersion":"3.9"},"WorkerType":"G.1X","NumberOfWorkers":2,"Timeout":30,
      "IdleTimeout":5,"Tags":{"a":"b=c","empty":""}})"));
}

TEST(CreateOptions, LeaveTheRestAsItIs) {
  const json before = json::parse(spec::builtin_table().lifecycle.create.body);
  EXPECT_EQ(merged({}), before);
  const json after = merged({{"--session-command", "gluestreaming"}});
  EXPECT_EQ(after["Command"]["PythonVersion"], before["Command"]["PythonVersion"]);
  EXPECT_EQ(after["Role"], before["Role"]);
}

TEST(CreateOptions, AreRefusedWhereTheyCannotBeMeant) {
  EXPECT_THAT(fault_of({{"--session-role", ""}}), HasSubstr("--session-role is empty"));
  for (const char* value : {"0", "-1", "1.5", "x", "99999999999"})
    EXPECT_THAT(fault_of({{"--session-workers", value}}), HasSubstr("no whole number from 1")) << value;
  for (const char* value : {"a", "=b"})
    EXPECT_THAT(fault_of({{"--session-tag", value}}), HasSubstr("as KEY=VALUE")) << value;
  EXPECT_THAT(fault_of({{"--session-tag", "a=b"}, {"--session-tag", "a=c"}}), HasSubstr("given twice"));
  EXPECT_THAT(fault_of({{"--session-role", "a"}, {"--session-role", "b"}}), HasSubstr("only once"));
  EXPECT_THAT(fault_of({{"--session-role", "\xff"}}), HasSubstr("not UTF-8"));
}

}  // namespace
}  // namespace conformance::suites::create_options_test
