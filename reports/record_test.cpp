#include "reports/record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <string>

#include "harness/spec/json_schema.h"
#include "reports/run_examples.h"

namespace conformance::reports::record_test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

json plain(const std::string& text) { return json::parse(text); }

std::string refusal(const std::function<void()>& read) {
  try {
    read();
  } catch (const RecordError& error) {
    return error.what();
  }
  return "(read)";
}

std::string refusal_of_case(const json& value) {
  return refusal([&value] { (void)case_of(value, "/cases/7"); });
}

const json& schema() {
  static const json text = [] {
    std::ifstream file(PROJECT_SOURCE_DIR "/reports/schema/run.schema.json");
    return json::parse(file);
  }();
  return text;
}

std::string faults(const json& document) {
  std::string all;
  for (const spec::SchemaFault& fault : spec::validate(schema(), document))
    all += fault.pointer + ": " + fault.message + "\n";
  return all;
}

json document(const std::string& text) {
  return {{"format", record_format},
          {"version", record_version},
          {"run", plain(to_json(examples::full_info(text)))},
          {"table", plain(to_json(spec::builtin_table()))},
          {"cases", {plain(to_json(examples::full_result(text)))}},
          {"end", plain(to_json(examples::full_end(text)))}};
}

TEST(Record, LosesNothingOfACase) {
  for (const std::string& text : {std::string("x"), examples::hostile(), std::string(300'000, '\xfe')}) {
    const json written = plain(to_json(examples::full_result(text)));
    const CaseResult read = case_of(written, "");
    EXPECT_EQ(plain(to_json(read)), written);
    EXPECT_EQ(read.test.body, text);
    EXPECT_EQ(read.request.body, text + "?");
    EXPECT_EQ(read.test.companions.at(0).identifier, text);
    EXPECT_EQ(*read.test.story, *examples::full_result(text).test.story);
    EXPECT_EQ(read.stimulus->received, examples::full_result(text).stimulus->received);
    EXPECT_EQ(read.stimulus->response->headers, examples::response(text).headers);
    EXPECT_EQ(read.judgement.answer.echo, text);
    EXPECT_EQ(read.reproduction, examples::full_result(text).reproduction);
  }
}

TEST(Record, LosesNothingOfTheRun) {
  for (const std::string& text : {std::string("x"), examples::hostile()}) {
    const json info = plain(to_json(examples::full_info(text))), end = plain(to_json(examples::full_end(text)));
    EXPECT_EQ(plain(to_json(info_of(info, ""))), info);
    EXPECT_EQ(info_of(info, "").seed, examples::info().seed);
    EXPECT_EQ(info_of(info, "").started, examples::info().started);
    EXPECT_EQ(plain(to_json(end_of(end, ""))), end);
    EXPECT_EQ(end_of(end, "").fatal, text);
  }
  EXPECT_EQ(plain(to_json(examples::info()))["started"], "2026-11-27T01:01:01.000001Z");
}

TEST(Record, KeepsOfTheTableWhatReportsUse) {
  const spec::SpecTable& table = spec::builtin_table();
  const json written = plain(to_json(table));
  const spec::SpecTable read = table_of(written, "");
  EXPECT_EQ(plain(to_json(read)), written);
  EXPECT_EQ(read.requirements.size(), table.requirements.size());
  EXPECT_EQ(read.requirement("id.length.max").sentence, table.requirement("id.length.max").sentence);
  EXPECT_EQ(read.sources, table.sources);
  EXPECT_EQ(read.member("Id").allowed.size(), table.member("Id").allowed.size());
}

// Whoever adds a member to what listeners are told must add it here too: every one of the example has a value.
TEST(Record, LeavesOutOnlyWhatHasItsDefault) {
  const json full = plain(to_json(examples::full_result("x")));
  EXPECT_EQ(full.size(), 13U);
  EXPECT_EQ(full["case"].size(), 23U);
  EXPECT_EQ(full["case"]["flags"].size(), 15U);
  EXPECT_EQ(full["stimulus"].size(), 12U);
  EXPECT_EQ(full["control"], (json{{"failure", "timeout"}}));
  EXPECT_EQ(full["request"].size(), 6U);
  const json small = plain(to_json([] {
    CaseResult r = examples::result("a.b", Verdict::pass, "");
    r.reproduction.emplace();
    return r;
  }()));
  EXPECT_FALSE(small["request"].contains("body"));  // it is that of the case
  EXPECT_EQ(case_of(small, "").request.body, R"({"Id":"a"})");
}

TEST(Record, IsAsItsSchemaSays) {
  EXPECT_EQ(faults(document("x")), "");
  EXPECT_EQ(faults(document(examples::hostile())), "");
  for (const char* pointer : {"/run/seed", "/cases/0/case/id", "/cases/0/judgement/verdict", "/end/totals/fail",
                              "/cases/0/stimulus/response/status", "/table/requirements/0/level"}) {
    json changed = document("x");
    changed[json::json_pointer(pointer)] = json::array();
    EXPECT_NE(faults(changed), "") << pointer;
  }
  json more = document("x");
  more["cases"][0]["case"]["more"] = 1;
  EXPECT_NE(faults(more), "");
}

// Of the whole example each member in turn is taken away, and is given each of these values: the reader takes it as it
// is, or says where the fault is.
void change_each(json& root, json& at, const std::string& pointer,
                 const std::function<void(const std::string&)>& look) {
  for (const json& other : {json(nullptr), json(true), json(-1), json(1.5), json("\u0001"), json::array({1}),
                            json{{"base64", "/w=="}}, json{{"base64", "YQ=="}}, json(1e300)}) {
    const json was = at;
    at = other;
    look(pointer);
    at = was;
  }
  if (at.is_object()) {
    at["another"] = 1;
    look(pointer);
    at.erase("another");
  }
  if (!at.is_structured()) return;
  const json keys = at;
  for (const auto& [key, value] : keys.items()) {
    json& inner = at.is_array() ? at[std::stoul(key)] : at[key];
    change_each(root, inner, pointer + "/" + key, look);
  }
}

TEST(Record, SaysWhereAFaultIs) {
  json value = plain(to_json(examples::full_result("x")));
  std::size_t refused = 0;
  change_each(value, value, "/cases/7", [&](const std::string& pointer) {
    const std::string what = refusal_of_case(value);
    if (what == "(read)") return;
    ++refused;
    EXPECT_THAT(what, testing::StartsWith("/cases/7")) << pointer;
    EXPECT_TRUE(what.starts_with(pointer) || pointer.starts_with(what.substr(0, what.find(": "))) ||
                what.starts_with(pointer.substr(0, pointer.rfind('/'))))
        << pointer << " " << what;
  });
  EXPECT_GT(refused, 500U);
}

TEST(Record, RefusesWhatItDoesNotKnow) {
  const json value = plain(to_json(examples::full_result("x")));
  const auto changed = [&value](const char* pointer, const json& to) {
    json other = value;
    other[json::json_pointer(pointer)] = to;
    return refusal_of_case(other);
  };
  EXPECT_THAT(changed("/case/colour", "red"), HasSubstr("/cases/7/case/colour: this version knows no such member"));
  EXPECT_THAT(changed("/judgement/verdict", "passed"),
              HasSubstr("/cases/7/judgement/verdict: it is none of pass, fail"));
  EXPECT_THAT(changed("/case/body", "not base64"), HasSubstr("/cases/7/case/body: it is no base64"));
  EXPECT_THAT(changed("/case/lengths/bytes", 4294967296),
              HasSubstr("/cases/7/case/lengths/bytes: it is not from 0 to"));
  EXPECT_THAT(changed("/case/flags/0", "brave"), HasSubstr("/cases/7/case/flags/0: this version knows no such flag"));
  EXPECT_THAT(changed("/case/flags/0", "alone"), HasSubstr("/cases/7/case/flags/14: it is there twice"));
  EXPECT_THAT(changed("/case/id", ""), HasSubstr("/cases/7/case/id: it is empty"));
  EXPECT_THAT(changed("/stimulus/failure", "timeout"), HasSubstr("/cases/7/stimulus/response: "));
  EXPECT_THAT(changed("/stimulus/response/body_bytes", 1000), HasSubstr("/stimulus/response/body_bytes: that is more"));
  EXPECT_THAT(changed("/stimulus/response/body", "YQ=="), HasSubstr("/stimulus/response/body: it is said by"));
  EXPECT_THAT(changed("/elapsed_us", 9223372036854775807), HasSubstr("/cases/7/elapsed_us: it is more than a year"));
  EXPECT_THAT(changed("/case/title", json{{"base64", "YQ=="}}), HasSubstr("what is UTF-8 is no base64 here"));
  json without = value;
  without.erase("judgement");
  EXPECT_THAT(refusal_of_case(without), HasSubstr("/cases/7: there is no member \"judgement\""));
}

TEST(Record, RefusesWhatNoReportCouldBeMadeOf) {
  const auto changed = [](const char* name, const json& to) {
    json info = plain(to_json(examples::info()));
    info[name] = to;
    return refusal([&info] { (void)info_of(info, "/run"); });
  };
  EXPECT_THAT(changed("curl_url", "gopher://"), HasSubstr("/run/curl_url: "));
  EXPECT_THAT(changed("seed", "18446744073709551616"), HasSubstr("/run/seed: "));
  EXPECT_THAT(changed("seed", "01"), HasSubstr("/run/seed: "));
  EXPECT_THAT(changed("seed", 1), HasSubstr("/run/seed: "));
  for (const char* moment : {"", "2026-02-30T00:00:00.000000Z", "2026-01-01T24:00:00.000000Z",
                             "9999-01-01T00:00:00.000000Z", "2026-01-01T00:00:00Z", "2026-01-01 00:00:00.000000Z"})
    EXPECT_THAT(changed("started", moment), HasSubstr("/run/started: ")) << moment;
}

TEST(Record, IsOfThisVersion) {
  EXPECT_EQ(refusal([] { check_version("glue-conformance run", 1); }), "(read)");
  EXPECT_THAT(refusal([] { check_version("glue-conformance run", 2); }), HasSubstr("/version: "));
  EXPECT_THAT(refusal([] { check_version(nullptr, 1); }), HasSubstr("/format: "));
}

}  // namespace
}  // namespace conformance::reports::record_test
