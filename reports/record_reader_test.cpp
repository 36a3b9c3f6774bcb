#include "reports/record_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "fixtures/testing/process.h"
#include "fixtures/testing/temporary_folder.h"
#include "harness/spec/json_schema.h"
#include "reports/formats.h"
#include "reports/json_report.h"
#include "reports/jsonl_report.h"
#include "reports/run_examples.h"
#include "reports/whole_file.h"

namespace conformance::reports::record_reader_test {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing_support::contents;

class Listening : public RunListener {
 public:
  void on_start(const RunInfo& told, const spec::SpecTable& of) override {
    info = told;
    requirements = of.requirements.size();
  }
  void on_case(const CaseResult& result) override { cases.push_back(to_json(result)); }
  void on_end(const RunEnd& told) override {
    end = told;
    ++ends;
  }

  RunInfo info;
  std::size_t requirements = 0;
  std::vector<std::string> cases;
  RunEnd end;
  int ends = 0;
};

class RecordFile : public testing::Test {
 protected:
  [[nodiscard]] std::string path(const std::string& name = "report.json") const { return folder_.file(name); }
  void write(const std::string& text, const std::string& name = "report.json") const {
    std::ofstream(path(name), std::ios::binary) << text;
  }
  [[nodiscard]] std::string refusal(const std::string& name = "report.json") const {
    Listening listener;
    try {
      RecordReader(path(name)).tell(listener);
    } catch (const RecordError& error) {
      return error.what();
    }
    return "(read)";
  }
  [[nodiscard]] std::string document() const {
    JsonReport report(path("document"));
    examples::tell(report, examples::one_of_each("x"), examples::info(), examples::end("x"));
    return contents(path("document"));
  }
  [[nodiscard]] std::string lines() const {
    JsonLinesReport report(path("lines"));
    examples::tell(report, examples::one_of_each("x"), examples::info(), examples::end("x"));
    return contents(path("lines"));
  }

 private:
  testing_support::TemporaryFolder folder_;
};

TEST_F(RecordFile, TellsAgainWhatTheRunTold) {
  for (const char* format : {"json", "jsonl"}) {
    for (const std::string& text : {std::string("x"), examples::hostile(), std::string(200'000, '\xff')}) {
      std::vector<CaseResult> results = examples::one_of_each(text);
      results.push_back(examples::full_result(text));
      examples::tell(*find_format(format)->make(path()), results, examples::full_info(text), examples::full_end(text));
      Listening listener;
      RecordReader reader(path());
      reader.tell(listener);
      EXPECT_THAT(reader.notes(), ElementsAre());
      EXPECT_EQ(to_json(listener.info), to_json(examples::full_info(text)));
      EXPECT_EQ(to_json(listener.end), to_json(examples::full_end(text)));
      EXPECT_EQ(listener.requirements, spec::builtin_table().requirements.size());
      ASSERT_EQ(listener.cases.size(), results.size());
      EXPECT_EQ(listener.cases.back(), to_json(results.back()));
    }
  }
}

// Whatever a run can write can be made again, byte for byte.
TEST_F(RecordFile, MakesEveryReportAgain) {
  for (const Format& format : formats()) {
    for (const std::string& text : {std::string("x"), examples::hostile()}) {
      const auto told = [&](RunListener& report) {
        RunInfo info = examples::full_info(text);
        info.program = "glue-conformance";
        examples::tell(report, examples::one_of_each(text), info, examples::full_end(text));
      };
      told(*format.make(path("first")));
      for (const char* record : {"json", "jsonl"}) {
        told(*find_format(record)->make(path("record")));
        RecordReader(path("record")).tell(*format.make(path("again")));
        EXPECT_EQ(contents(path("again")), contents(path("first"))) << format.name << " from " << record;
      }
    }
  }
}

TEST_F(RecordFile, IsValidAgainstTheSchema) {
  std::ifstream file(PROJECT_SOURCE_DIR "/reports/schema/run.schema.json");
  json schema = json::parse(file);
  const auto fault = [&schema](const json& value) {
    const auto faults = spec::validate(schema, value);
    return faults.empty() ? std::string() : faults.front().pointer + ": " + faults.front().message;
  };
  EXPECT_EQ(fault(json::parse(document())), "");
  for (const char* member : {"type", "required", "properties", "additionalProperties"}) schema.erase(member);
  schema["allOf"] = {{{"$ref", "#/definitions/line"}}};
  std::istringstream all(lines());
  std::size_t count = 0;
  for (std::string line; std::getline(all, line); ++count) EXPECT_EQ(fault(json::parse(line)), "") << line;
  EXPECT_EQ(count, 8U);
}

TEST_F(RecordFile, IsReadInWhateverOrderItsMembersAre) {
  write(json::parse(document()).dump(4));  // the cases come first
  Listening listener;
  RecordReader(path()).tell(listener);
  EXPECT_EQ(listener.cases.size(), 6U);
  EXPECT_EQ(listener.ends, 1);
}

TEST_F(RecordFile, AppearsWholeOrNotAtAll) {
  {
    JsonReport report(path());
    report.on_start(examples::info(), spec::builtin_table());
    report.on_case(examples::result("a.b", Verdict::pass));
    EXPECT_FALSE(std::filesystem::exists(path()));
  }
  EXPECT_TRUE(std::filesystem::is_empty(std::filesystem::path(path()).parent_path()));
}

TEST_F(RecordFile, OfTwoRunsAtOnceIsThatOfOne) {
  JsonLinesReport one(path("report.jsonl")), other(path("report.jsonl"));
  for (RunListener* report : {static_cast<RunListener*>(&one), static_cast<RunListener*>(&other)})
    report->on_start(examples::info(), spec::builtin_table());
  for (int i = 0; i < 100; ++i) {
    one.on_case(examples::result("one." + std::to_string(i), Verdict::pass));
    other.on_case(examples::result("other." + std::to_string(i), Verdict::pass));
  }
  one.on_end(examples::end(""));
  other.on_end(examples::end(""));
  Listening listener;
  RecordReader(path("report.jsonl")).tell(listener);
  EXPECT_EQ(listener.cases.size(), 100U);
}

TEST_F(RecordFile, ThatCannotBeWrittenIsSaidAtTheEnd) {
  for (const char* format : {"json", "jsonl"}) {
    for (const std::string& place : {std::string("/dev/full"), path("no/such/folder/file")})
      EXPECT_THROW(examples::tell(*find_format(format)->make(place), examples::one_of_each("x"), examples::info(), {}),
                   ReportError)
          << format << " " << place;
  }
}

TEST_F(RecordFile, OfLinesCanBeReadWhileTheRunGoesOn) {
  JsonLinesReport report(path("report.jsonl"));
  report.on_start(examples::info(), spec::builtin_table());
  report.on_case(examples::result("a.b", Verdict::fail));
  report.on_case(examples::result("a.c", Verdict::pass));
  Listening listener;
  RecordReader reader(path("report.jsonl"));
  reader.tell(listener);
  EXPECT_EQ(listener.cases.size(), 2U);
  EXPECT_TRUE(listener.end.interrupted);
  EXPECT_EQ(listener.end.exit_status, 130);
  EXPECT_EQ(listener.end.totals.planned, 2U);
  EXPECT_EQ(listener.end.totals.fail, 1U);
  EXPECT_THAT(reader.notes(), ElementsAre("the run was killed: 2 of 6 planned cases are in its record"));
}

TEST_F(RecordFile, OfAKilledRunTellsWhatIsMissingIfAskedTo) {
  RunInfo info = examples::info();
  info.plan = std::make_shared<const std::vector<std::string>>(std::vector<std::string>{"a.b", "a.c", "a.d.e"});
  JsonLinesReport report(path("report.jsonl"));
  report.on_start(info, spec::builtin_table());
  report.on_case(examples::result("a.c", Verdict::pass));
  Listening listener;
  RecordReader reader(path("report.jsonl"));
  reader.tell(listener, RecordReader::Missing::told);
  ASSERT_EQ(listener.cases.size(), 3U);
  EXPECT_THAT(listener.cases[1], HasSubstr(R"("id":"a.b")"));
  for (const char* part :
       {R"("id":"a.d.e")", R"("area":"a.d")", R"("verdict":"error")", "the run was killed before it", " replay a.d.e "})
    EXPECT_THAT(listener.cases[2], HasSubstr(part));
  EXPECT_EQ(listener.end.totals.planned, 3U);
  EXPECT_EQ(listener.end.totals.error, 2U);
  EXPECT_THAT(reader.notes(), ElementsAre(HasSubstr("1 of 6 planned cases are in its record")));
}

// Wherever it was cut off.
TEST_F(RecordFile, OfLinesLosesOnlyTheLastHalfLine) {
  const std::string all = lines();
  const std::size_t first = all.find('\n') + 1;
  for (std::size_t size = 0; size < all.size(); size += 97) {
    write(all.substr(0, size), "report.jsonl");
    Listening listener;
    RecordReader reader(path("report.jsonl"));
    if (size + 1 < first) {
      EXPECT_NE(refusal("report.jsonl"), "(read)") << size;
      continue;
    }
    reader.tell(listener);
    const auto whole = static_cast<std::size_t>(std::count(all.begin(), all.begin() + static_cast<long>(size), '\n'));
    EXPECT_EQ(listener.cases.size(), whole - 1) << size;
    EXPECT_EQ(reader.notes().size(), all[size - 1] == '\n' ? 1U : 2U) << size;
  }
}

TEST_F(RecordFile, OfLinesIsReadStrictly) {
  const std::string all = lines();
  const std::size_t second = all.find('\n') + 1;
  const std::size_t third = all.find('\n', second) + 1;
  const std::string start = all.substr(0, second), one_case = all.substr(second, third - second);
  const std::string end = all.substr(all.rfind('\n', all.size() - 2) + 1);
  const auto fault_of = [this](const std::string& text) {
    write(text, "report.jsonl");
    return refusal("report.jsonl");
  };
  EXPECT_EQ(fault_of(start + one_case + end), "(read)");
  EXPECT_EQ(fault_of(start + end), "(read)");
  EXPECT_THAT(fault_of(""), HasSubstr("it is empty"));
  EXPECT_THAT(fault_of(one_case + end), HasSubstr("line 1: /event: no such event is expected here"));
  EXPECT_THAT(fault_of(start + start + end), HasSubstr("line 2: /event"));
  EXPECT_THAT(fault_of(start + end + one_case), HasSubstr("line 3: /: the record has ended before"));
  EXPECT_THAT(fault_of(start + "\n" + end), HasSubstr("line 2: "));
  EXPECT_THAT(fault_of(start + "{\"event\":\"case\"}\n" + end), HasSubstr("there is no member \"case\""));
  EXPECT_THAT(fault_of(start + "{\"event\":\"end\",\"more\":1," + end.substr(end.find("\"end\":{"))),
              HasSubstr("line 2: "));
}

TEST_F(RecordFile, IsReadStrictly) {
  const std::string all = document();
  const auto fault_of = [this](const std::string& text) {
    write(text);
    return refusal();
  };
  const auto with = [&all](const std::string& what, const std::string& other) {
    std::string text = all;
    return text.replace(text.find(what), what.size(), other);
  };
  EXPECT_EQ(fault_of(all), "(read)");
  EXPECT_THAT(fault_of(""), HasSubstr("byte "));
  EXPECT_THAT(fault_of("[]"), HasSubstr("it is no object"));
  EXPECT_THAT(fault_of("{}"), HasSubstr("/format: "));
  EXPECT_THAT(fault_of(all.substr(0, all.size() / 2)), HasSubstr("it is no JSON"));
  EXPECT_THAT(fault_of(all + "{}"), HasSubstr("it is no JSON"));
  EXPECT_THAT(fault_of(with("\"version\": 1", "\"version\": 2")), HasSubstr("/version: this program reads version 1"));
  EXPECT_THAT(fault_of(with("\"version\"", "\"more\"")), HasSubstr("/more: "));
  EXPECT_THAT(fault_of(with("\"version\": 1", "\"version\": 1, \"version\": 1")),
              HasSubstr("/version: it is there twice"));
  EXPECT_THAT(fault_of(with("\"cases\": [", "\"cases\": 1, \"more\": [")), HasSubstr("/cases: it is no array"));
  EXPECT_THAT(fault_of(with("\"cases\": [", "\"cases\": [1,")), HasSubstr("/cases/0: it is no object"));
  EXPECT_THAT(fault_of(with("\"verdict\":\"fail\"", "\"verdict\":\"pass\",\"verdict\":\"fail\"")),
              HasSubstr("/cases/1/judgement/verdict: it is there twice"));
  EXPECT_THAT(fault_of(with("\"verdict\":\"fail\"", "\"verdict\":\"failed\"")),
              HasSubstr("/cases/1/judgement/verdict: it is none of"));
  EXPECT_THAT(fault_of(with("\"a.b.fail\"", "\"\xff\"")), HasSubstr("it is no JSON"));
  EXPECT_THAT(fault_of(with("\"a.b.fail\"", std::string(100'000, '['))), HasSubstr("nested more than"));
  EXPECT_THAT(fault_of(with("\"end\"", "\"run2\"")), HasSubstr("/run2"));
}

TEST_F(RecordFile, ThatIsNoneIsSaid) {
  EXPECT_THAT(refusal("missing"), HasSubstr("it cannot be read"));
  EXPECT_THAT(refusal("."), HasSubstr("it is a folder"));
}

}  // namespace
}  // namespace conformance::reports::record_reader_test
