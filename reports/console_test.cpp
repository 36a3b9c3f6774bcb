#include "reports/console.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "harness/text/utf8.h"
#include "reports/columns.h"

namespace conformance::reports::console_test {
namespace {

spec::SpecTable table() {
  spec::SpecTable t;
  t.operation = "DeleteSession";
  t.service = "glue";
  t.requirements = {{.id = "id.length.max",
                     .sentence = "An Id of more than 255 characters is refused.",
                     .level = spec::Level::must,
                     .evidence = spec::Evidence::documented,
                     .sources = {"D1", "M1"},
                     .accept = {}},
                    {.id = "message.string",
                     .sentence = "An error says why.",
                     .level = spec::Level::should,
                     .evidence = spec::Evidence::modelled,
                     .sources = {"M1"},
                     .accept = {}}};
  t.sources = {{"D1", "API reference, DeleteSession"}, {"M1", "service model, shape NameString"}};
  return t;
}

RunInfo info() {
  RunInfo i;
  i.endpoint = "http://localhost:5000";
  i.endpoint_arg = "--endpoint http://localhost:5000";
  i.replay_args = "--seed 7";
  i.curl_url = "http://localhost:5000";
  i.region = "us-east-1";
  i.signed_requests = false;
  i.seed = 7;
  i.sessions = "create (CreateSession)";
  i.planned = 8;
  return i;
}

CaseResult result(const std::string& id, Verdict verdict, const std::string& requirement = "id.length.max") {
  CaseResult r;
  r.test.id = id;
  r.test.title = "Title of " + id;
  r.judgement.verdict = verdict;
  r.judgement.requirement = requirement;
  r.judgement.expected = "400 ValidationException or InvalidInputException";
  r.judgement.actual = "200 with \"a\"";
  r.judgement.reason = "throttled: 429";
  r.judgement.checks = {{requirement, verdict != Verdict::fail}};
  r.request.headers = {{"Host", "localhost:5000"}, {"Content-Type", "application/x-amz-json-1.1"}};
  r.request.body = "{\"Id\":\"" + std::string(256, 'a') + "\"}";
  return r;
}

std::string summary(const std::vector<CaseResult>& results, const RunEnd& end, bool color = false) {
  std::ostringstream out, progress;
  ConsoleReport report(out, progress, {.color = color});
  const spec::SpecTable t = table();
  report.on_start(info(), t);
  for (const CaseResult& r : results) report.on_case(r);
  report.on_end(end);
  EXPECT_EQ(progress.str(), "");
  return out.str();
}

TEST(Console, ReadsAsAgreed) {
  CaseResult longer = result("id.length.max.300", Verdict::fail);
  longer.request.body += std::string(44, 'a');
  CaseResult warning = result("message.absent", Verdict::fail, "message.string");
  warning.warning = true;
  warning.request.body = "{}";
  warning.judgement.actual = "\x1b[31m::error::no\xff";
  RunEnd end;
  end.totals = {
      .planned = 8, .pass = 2, .fail = 2, .known = 0, .inconclusive = 2, .skipped = 1, .error = 1, .warnings = 1};
  end.characteristics = {{"id.length.unit", "code_points", {}}, {"missing", "EntityNotFoundException", {}}};
  end.leftovers = {"gc-7-a"};
  end.exit_status = 1;
  end.elapsed = std::chrono::milliseconds(412);
  end.requests = 1234;
  CaseResult error = result("x.error", Verdict::error), skipped = result("x.skipped", Verdict::skipped);
  error.judgement.reason = "connection closed";
  skipped.judgement.reason = "needs a session";
  EXPECT_EQ(summary({longer, result("id.length.max.256", Verdict::fail), result("ok.1", Verdict::pass), warning, error,
                     result("x.1", Verdict::inconclusive), result("x.2", Verdict::inconclusive), skipped},
                    end),
            R"(DeleteSession conformance of http://localhost:5000
8 cases, seed 7, unsigned, sessions: create (CreateSession)

FAIL id.length.max  must · documented · D1, M1
     An Id of more than 255 characters is refused.
     D1: API reference, DeleteSession
     M1: service model, shape NameString
     2 of 7 cases that checked it; the smallest:
       case      id.length.max.256  Title of id.length.max.256
       expected  400 ValidationException or InvalidInputException
       actual    200 with "a"
       replay    glue-conformance replay id.length.max.256 --endpoint http://localhost:5000 --seed 7
       curl      { printf '{"Id":"'; head -c 256 /dev/zero | LC_ALL=C tr '\000' '\141'; printf '"}'; } | curl -sS -i -X POST http://localhost:5000 -H 'Content-Type: application/x-amz-json-1.1' -H Accept: -H User-Agent: --data-binary @-
       also      id.length.max.300

WARN message.string  should · modelled · M1
     An error says why.
     M1: service model, shape NameString
     1 of 1 case that checked it; the smallest:
       case      message.absent  Title of message.absent
       expected  400 ValidationException or InvalidInputException
       actual    \u001b[31m:\u003aerror:\u003ano\xff
       replay    glue-conformance replay message.absent --endpoint http://localhost:5000 --seed 7
       curl      printf '{}' | curl -sS -i -X POST http://localhost:5000 -H 'Content-Type: application/x-amz-json-1.1' -H Accept: -H User-Agent: --data-binary @-

ERROR 1 case, one is x.error
     connection closed

INCONCLUSIVE 2 cases, one is x.1
     throttled: 429

SKIPPED 1 case, one is x.skipped
     needs a session

What the specification leaves open, as this endpoint does it
     id.length.unit  code_points
     missing         EntityNotFoundException

LEFT BEHIND "gc-7-a": the run created this session, or may have, and could not delete it

8 planned: 2 passed, 2 failed, 0 known, 2 inconclusive, 1 skipped, 1 error (1 with a warning); 1,234 requests in 0.4 s
Next:
  replay   glue-conformance replay id.length.max.256 --endpoint http://localhost:5000 --seed 7
  explain  glue-conformance explain id.length.max
  report   glue-conformance run --endpoint http://localhost:5000 --seed 7 --report-dir report
The endpoint does not conform: 1 requirement failed. (exit status 1)
)");
}

TEST(Console, EveryExitStatusHasItsSentence) {
  const std::map<int, std::string> sentences = {{0, "The endpoint conforms. (exit status 0)\n"},
                                                {3, "The endpoint could not be tested. (exit status 3)\n"},
                                                {4, "Not proved: no case was executed. (exit status 4)\n"},
                                                {130, "complete for what ran. (exit status 130)\n"}};
  for (const auto& [status, sentence] : sentences) {
    RunEnd end;
    end.exit_status = status;
    end.totals.planned = end.totals.pass = status == 0 ? 8 : 0;
    EXPECT_TRUE(summary({}, end).ends_with(sentence)) << summary({}, end);
  }
}

TEST(Console, AShardWithoutCasesSaysSo) {
  EXPECT_TRUE(summary({}, RunEnd{}).ends_with("This shard holds none of the cases. (exit status 0)\n"));
}

std::string last_line(RunInfo run, const RunEnd& end) {
  std::ostringstream out, progress;
  ConsoleReport report(out, progress, {});
  const spec::SpecTable t = table();
  report.on_start(std::move(run), t);
  report.on_end(end);
  const std::string text = out.str().substr(0, out.str().size() - 1);
  return text.substr(text.rfind('\n') + 1);
}

TEST(Console, OnlyAWholePlanSaysThatTheEndpointConforms) {
  RunInfo run = info();
  run.available = 831;
  RunEnd end;
  end.totals = {.planned = 12, .pass = 12};
  EXPECT_EQ(last_line(run, end), "The 12 selected of 831 cases pass. (exit status 0)");
  end.totals = {.planned = 1, .pass = 1};
  EXPECT_EQ(last_line(run, end), "The 1 selected of 831 cases passes. (exit status 0)");
  end.totals = {.planned = 12, .pass = 10, .skipped = 2};
  EXPECT_EQ(last_line(run, end), "The 12 selected of 831 cases pass as far as they apply here. (exit status 0)");
  end.totals = {.planned = 831, .pass = 831};
  EXPECT_EQ(last_line(run, end), "The endpoint conforms. (exit status 0)");
  run.upstream = "http://upstream";
  EXPECT_EQ(last_line(run, end), "Through the proxy everything is as without it. (exit status 0)");
}

TEST(Console, WarningsAreSaidBesideASuccess) {
  RunInfo run = info();
  run.available = 831;
  RunEnd end;
  end.totals = {.planned = 12, .pass = 12, .warnings = 1};
  EXPECT_EQ(last_line(run, end), "The 12 selected of 831 cases pass, with 1 warning. (exit status 0)");
  end.totals = {.planned = 831, .pass = 828, .known = 1, .skipped = 2, .warnings = 16};
  EXPECT_EQ(last_line(run, end),
            "The endpoint conforms in all that applies to it here, but for 1 case known to fail, with 16 warnings. "
            "(exit status 0)");
  run.upstream = "http://upstream";
  EXPECT_EQ(last_line(run, end),
            "Through the proxy all that applies to it here is as without it, but for 1 case known to fail, with 16 "
            "warnings. (exit status 0)");
}

TEST(Console, OfASelectionShowsOnlyWhatWasMeasured) {
  RunEnd end;
  end.totals = {.planned = 8, .pass = 8};
  end.characteristics = {{"unit", "not measured: no case", {}}, {"missing", "200", {}}};
  for (const std::size_t available : {std::size_t{8}, std::size_t{831}}) {
    RunInfo run = info();
    run.available = available;
    std::ostringstream out, progress;
    ConsoleReport report(out, progress, {});
    const spec::SpecTable t = table();
    report.on_start(run, t);
    report.on_end(end);
    EXPECT_NE(out.str().find("missing"), std::string::npos);
    EXPECT_EQ(out.str().find("not measured") == std::string::npos, available > 8) << out.str();
  }
}

TEST(Console, SaysHowManyCasesWereSelected) {
  RunInfo run = info();
  run.available = 831;
  std::ostringstream out, progress;
  ConsoleReport report(out, progress, {});
  const spec::SpecTable t = table();
  report.on_start(run, t);
  EXPECT_NE(out.str().find("\n8 of 831 cases, seed 7,"), std::string::npos) << out.str();
}

TEST(Console, NamesTenSessionsThatWereLeftAndCountsTheRest) {
  RunEnd end;
  for (int i = 0; i < 1234; ++i) end.leftovers.push_back("gc-" + std::to_string(i));
  const std::string shown = summary({}, end);
  EXPECT_NE(shown.find("\"gc-9\": the run created this session"), std::string::npos) << shown;
  EXPECT_EQ(shown.find("gc-10\""), std::string::npos) << shown;
  EXPECT_NE(shown.find("1,224 more"), std::string::npos) << shown;
  EXPECT_EQ(shown.find("To delete what is left"), std::string::npos) << "the embedded endpoint takes it along";
}

TEST(Console, CallsNothingConformingThatDidNotFitIntoTheBounds) {
  CaseResult left_out = result("a", Verdict::skipped);
  left_out.out_of_bounds = true;
  left_out.judgement.reason = "does not fit into --max-requests 7";
  RunEnd end;
  end.totals = {.planned = 1234, .pass = 1, .skipped = 1233};
  const std::string shown = summary({left_out, left_out}, end);
  EXPECT_NE(shown.find("The 1 case that fit into the bounds of the run passes; 1 did not. (exit status 0)"),
            std::string::npos)
      << shown;
}

TEST(Console, SaysHowToDeleteWhatWasLeft) {
  RunInfo run = info();
  run.sweep_line = "glue-conformance sweep 'a b/ledger.jsonl'";
  RunEnd end;
  std::ostringstream out, progress;
  ConsoleReport report(out, progress, {});
  const spec::SpecTable t = table();
  report.on_start(run, t);
  report.on_end(end);
  EXPECT_EQ(out.str().find("sweep"), std::string::npos) << out.str();
  end.leftovers = {"gc-7"};
  report.on_end(end);
  EXPECT_NE(out.str().find("glue-conformance sweep 'a b/ledger.jsonl'\n"), std::string::npos) << out.str();
}

TEST(Console, ShowsTenReasonsAndCountsTheRest) {
  std::vector<CaseResult> results;
  for (int i = 0; i < 13; ++i) {
    results.push_back(result("a." + std::to_string(i), Verdict::inconclusive));
    results.back().judgement.reason = "reason " + std::to_string(i);
  }
  results.push_back(results.back());
  results.back().test.id = "a.again";
  const std::string shown = summary(results, {});
  EXPECT_NE(shown.find("reason 9\n"), std::string::npos) << shown;
  EXPECT_EQ(shown.find("reason 10\n"), std::string::npos) << shown;
  EXPECT_NE(shown.find("\nINCONCLUSIVE 4 more cases, for 3 other reasons\n"), std::string::npos) << shown;
}

TEST(Console, TellsAReportThatIsMissingFromAnEndpointThatIs) {
  RunEnd end;
  end.totals = {.planned = 8, .pass = 8};
  end.unwritten = {"cannot write the JUnit report /dev/full"};
  end.exit_status = 3;
  EXPECT_EQ(last_line(info(), end), "A report could not be written. (exit status 3)");
  EXPECT_NE(summary({}, end).find("NO REPORT cannot write the JUnit report /dev/full\n"), std::string::npos);
  end.unwritten.clear();
  end.leftovers = {"gc-7"};
  EXPECT_EQ(last_line(info(), end), "The run could not delete what it created. (exit status 3)");
}

TEST(Console, SaysHowToStartAnEndpointThatIsGone) {
  RunInfo run = info();
  run.serve_line = "glue-conformance serve --port 5000";
  std::ostringstream out, progress;
  ConsoleReport report(out, progress, {});
  const spec::SpecTable t = table();
  report.on_start(run, t);
  report.on_case(result("a", Verdict::fail));
  report.on_end({});
  EXPECT_NE(out.str().find("       serve     glue-conformance serve --port 5000\n       curl"), std::string::npos);
}

TEST(Console, AnnouncesTheFirstFailureOfEachRequirementAtOnce) {
  std::ostringstream out, progress;
  ConsoleReport report(out, progress, {.progress = Progress::counter});
  const spec::SpecTable t = table();
  report.on_start(info(), t);
  const std::string start = out.str();
  report.on_case(result("ok", Verdict::pass));
  EXPECT_EQ(progress.str(), "");
  for (const char* id : {"a", "b"}) report.on_case(result(id, Verdict::fail));
  CaseResult warning = result("c", Verdict::fail, "message.string");
  warning.warning = true;
  report.on_case(warning);
  EXPECT_EQ(
      progress.str(),
      "  FAIL id.length.max by a: expected 400 ValidationException or InvalidInputException; got 200 with \"a\"\n"
      "  WARN message.string by c: expected 400 ValidationException or InvalidInputException; got 200 with \"a\"\n");
  EXPECT_EQ(out.str(), start);
  const std::string announced = progress.str();
  report.on_progress(3, 900);
  EXPECT_EQ(progress.str(), announced);
}

TEST(Console, AFailureIsNotMixedIntoTheBar) {
  std::ostringstream out, progress;
  ConsoleReport report(out, progress, {.progress = Progress::bar, .width = 10});
  const spec::SpecTable t = table();
  report.on_start(info(), t);
  report.on_progress(400, 900);
  CaseResult failed = result("a", Verdict::fail);
  failed.judgement.actual = "\x1b[31m\n::error::";
  report.on_case(failed);
  report.on_progress(401, 900);
  const std::string shown = progress.str();
  const std::size_t line = shown.find("  FAIL id.length.max by a");
  ASSERT_NE(line, std::string::npos) << shown;
  EXPECT_TRUE(shown.substr(0, line).ends_with("\r\x1b[K")) << shown;
  EXPECT_TRUE(shown.substr(shown.find('\n', line)).starts_with("\n\r[====")) << shown;
  EXPECT_EQ(shown.find("::error"), std::string::npos) << shown;
  EXPECT_EQ(shown.find("\x1b[31m"), std::string::npos) << shown;
}

TEST(Console, AnUntestedEndpointIsSaidOnce) {
  RunEnd end;
  end.fatal = "nobody listens";
  end.exit_status = 3;
  const std::string shown = summary({result("a", Verdict::error), result("b", Verdict::error)}, end);
  EXPECT_NE(shown.find("NOT TESTED nobody listens\n"), std::string::npos) << shown;
  EXPECT_EQ(shown.find("ERROR"), std::string::npos) << shown;
}

TEST(Console, HostileTextActsOnNothing) {
  std::string hostile = "\n::error::x ##vso[task.complete] ##[error] \u202E\xff";
  for (char c = 0; c < 0x20; ++c) hostile += c;
  hostile += std::string(100000, 'a');
  std::vector<CaseResult> all;
  for (const Verdict v : {Verdict::fail, Verdict::error, Verdict::inconclusive, Verdict::skipped}) {
    all.push_back(result("id." + std::string(name_of(v)), v));
    all.back().test.title = all.back().judgement.reason = all.back().judgement.actual = hostile;
    all.back().judgement.expected = all.back().judgement.note = hostile;
  }
  all.push_back(result("unknown", Verdict::fail, "no.such.requirement"));
  RunEnd end;
  end.leftovers = {hostile};
  end.characteristics = {{"c", hostile, {hostile}}};
  const std::string shown = summary(all, end);
  EXPECT_TRUE(text::is_valid(shown));
  for (const char* token : {"::", "##", "\x1b", "\r", "\u202E"})
    EXPECT_EQ(shown.find(token), std::string::npos) << token;
  for (const char c : shown) EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\n');
  EXPECT_LT(shown.size(), 10000U);
}

TEST(Console, ColorsOnlyIfAsked) {
  EXPECT_NE(summary({result("a", Verdict::fail)}, {}, true).find("\x1b[31mFAIL\x1b[0m"), std::string::npos);
  EXPECT_EQ(summary({result("a", Verdict::fail)}, {}, false).find('\x1b'), std::string::npos);
}

TEST(Console, ProgressGoesToItsOwnStream) {
  std::ostringstream out, counter, bar;
  ConsoleReport counting(out, counter, {.progress = Progress::counter});
  ConsoleReport drawing(out, bar, {.progress = Progress::bar, .width = 10});
  for (std::size_t done = 1; done <= 900; ++done) {
    counting.on_progress(done, 900);
    drawing.on_progress(done, 900);
  }
  EXPECT_EQ(out.str(), "");
  EXPECT_LT(counter.str().size(), 200U);
  EXPECT_TRUE(counter.str().ends_with("  900/900 cases\n")) << counter.str();
  EXPECT_NE(bar.str().find("\r[=====     ] 45"), std::string::npos) << bar.str();
  EXPECT_TRUE(bar.str().ends_with("\r\x1b[K"));
}

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

TEST(Console, ProseFitsTheWidthAndCommandsStayWhole) {
  RunEnd end;
  end.exit_status = 1;
  end.characteristics = {{"unit", std::string(30, 'r') + " " + std::string(30, 's'), {}}};
  CaseResult failed = result("id.length.max.256", Verdict::fail);
  failed.test.title =
      "\u4e2d\u6587 \u4e2d\u6587\u4e2d\u6587 \u4e2d\u6587\u4e2d\u6587\u4e2d\u6587\u4e2d\u6587 e\u0301e\u0301e\u0301";
  for (const std::size_t columns : {40U, 60U, 80U, 120U}) {
    std::ostringstream out, progress;
    ConsoleReport report(out, progress, {.columns = columns});
    const spec::SpecTable t = table();
    report.on_start(info(), t);
    report.on_case(failed);
    report.on_end(end);
    for (const std::string& line : lines_of(out.str())) {
      const bool is_command =
          line.find("glue-conformance ") != std::string::npos || line.find("curl -sS") != std::string::npos;
      const std::string words = line.substr(std::min(line.find_first_not_of(' '), line.size()));
      EXPECT_TRUE(is_command || columns_of(line) <= columns || words.find(' ') == std::string::npos)
          << columns << ": " << line;
    }
    EXPECT_NE(out.str().find("replay id.length.max.256 --endpoint http://localhost:5000 --seed 7\n"),
              std::string::npos);
    EXPECT_NE(out.str().find(" --data-binary @-\n"), std::string::npos);
  }
}

TEST(Console, TheBarFitsTheWidth) {
  for (const std::size_t columns : {5U, 9U, 15U, 16U, 20U, 60U, 200U}) {
    std::ostringstream out, bar;
    ConsoleReport drawing(out, bar, {.progress = Progress::bar, .progress_columns = columns});
    drawing.on_progress(400, 3252);
    const std::string shown = bar.str().substr(1);
    EXPECT_LT(shown.size(), columns) << shown;
    EXPECT_EQ(shown.find('[') != std::string::npos, columns >= 16) << shown;
    EXPECT_EQ(columns_of(shown) == 52, columns >= 60) << "and is no longer than it was: " << shown;
  }
}

TEST(Console, FailuresOfARequirementAreGroupedByTheKindOfAnswer) {
  std::vector<CaseResult> all;
  const auto fails = [&all](const std::string& id, int status, const std::string& type, std::size_t size) {
    all.push_back(result(id, Verdict::fail));
    all.back().judgement.answer.status = status;
    all.back().judgement.answer.type = type;
    all.back().judgement.answer.outcome = spec::Outcome::success;
    all.back().judgement.actual = "it was " + id;
    all.back().request.body = std::string(size, 'b');
  };
  fails("one", 200, "", 3);
  fails("two", 500, "Internal\x1b[31mFailure", 9);
  fails("three", 500, "Internal\x1b[31mFailure", 8);
  fails("four", 500, "Internal\x1b[31mFailure", 10);
  const std::string shown = summary(all, {});
  EXPECT_NE(shown.find(R"(     4 of 4 cases that checked it; the smallest:
       case      one  Title of one
)"),
            std::string::npos)
      << shown;
  EXPECT_NE(shown.find(R"(     2 kinds of answer:
       500 Internal\u001b[31mFailure: 3 cases, the smallest is three
         expected  400 ValidationException or InvalidInputException
         actual    it was three
       200: 1 case, the smallest is one
)"),
            std::string::npos)
      << shown;
  EXPECT_EQ(shown.find("also"), std::string::npos) << shown;
  for (int i = 0; i < 60; ++i) fails("more" + std::to_string(i), 400, "Type" + std::to_string(i), 20);
  const std::string many = summary(all, {});
  EXPECT_NE(many.find("     51 kinds of answer:\n"), std::string::npos) << many;
  EXPECT_NE(many.find("       and 47 more kinds, of "), std::string::npos) << many;
}

TEST(Console, AReplayDoesNotSayWhatToDoNext) {
  std::ostringstream out, progress;
  ConsoleReport report(out, progress, {.next = false});
  const spec::SpecTable t = table();
  report.on_start(info(), t);
  report.on_case(result("a", Verdict::fail));
  RunEnd end;
  end.exit_status = 1;
  report.on_end(end);
  EXPECT_EQ(out.str().find("Next:"), std::string::npos);
}

TEST(WantColor, FollowsTheOrderOfPrecedence) {
  const auto decide = [](std::string_view flag, bool terminal, const std::map<std::string, std::string>& variables) {
    return want_color(flag, terminal, [&](const char* name) {
      const auto found = variables.find(name);
      return found == variables.end() ? nullptr : found->second.c_str();
    });
  };
  EXPECT_TRUE(decide("always", false, {{"NO_COLOR", "1"}}));
  EXPECT_FALSE(decide("never", true, {{"FORCE_COLOR", "1"}}));
  EXPECT_FALSE(decide("auto", true, {{"NO_COLOR", "1"}, {"FORCE_COLOR", "1"}}));
  EXPECT_TRUE(decide("auto", true, {{"NO_COLOR", ""}}));
  EXPECT_TRUE(decide("auto", false, {{"CLICOLOR_FORCE", "1"}}));
  EXPECT_TRUE(decide("auto", true, {}));
  EXPECT_FALSE(decide("auto", true, {{"TERM", "dumb"}}));
  EXPECT_FALSE(decide("auto", false, {}));
}

}  // namespace
}  // namespace conformance::reports::console_test
