#include "reports/markdown.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "fixtures/testing/harmless.h"
#include "fixtures/testing/process.h"
#include "fixtures/testing/temporary_folder.h"
#include "reports/markdown_text.h"
#include "reports/run_examples.h"
#include "reports/whole_file.h"

namespace conformance::reports::markdown_test {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string summary_of(const std::vector<CaseResult>& results, const RunEnd& end, std::size_t room = markdown_bytes) {
  MarkdownSummary summary;
  summary.start(examples::info(), spec::builtin_table());
  for (const CaseResult& r : results) summary.add(r);
  return summary.text(end, room);
}

// What of a Markdown text is no code, as CommonMark has it: a run of backticks opens a span that the next run of the
// same length closes; a line that begins with three or more opens a fence.
std::string outside_of_code(std::string_view text) {
  std::string out, fence;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (!fence.empty()) {
      if (line == fence) fence.clear();
      continue;
    }
    if (line.starts_with("```")) {
      fence = line.substr(0, line.find_first_not_of('`'));
      continue;
    }
    while (!line.empty()) {
      if (line.front() != '`') {
        out += line.front();
        line.remove_prefix(1);
        continue;
      }
      const std::size_t run = std::min(line.find_first_not_of('`'), line.size());
      std::size_t close = std::string_view::npos;
      for (std::size_t at = run; at < line.size();) {
        if (line[at] != '`') {
          ++at;
          continue;
        }
        const std::size_t length = std::min(line.find_first_not_of('`', at), line.size()) - at;
        if (length == run) {
          close = at;
          break;
        }
        at += length;
      }
      line.remove_prefix(close == std::string_view::npos ? run : close + run);
    }
    out += '\n';
  }
  return out;
}

TEST(Markdown, ReadsAsAgreed) {
  const std::string text =
      summary_of({examples::result("a.b.pass", Verdict::pass), examples::result("a.b.fail", Verdict::fail, "200")},
                 examples::end("code_points"));
  for (const char* part :
       {"# DeleteSession conformance of ` http://localhost:5000 `\n\n"
        "❌ **The endpoint does not conform: 1 requirement failed.** (exit status 1)\n\n",
        "| 6 | 2 | 1 | 0 | 1 | 1 | 1 | 1 | 12 | 2.5 |\n", "## Failures\n\n### ❌ ` id.length.max `\n\n",
        "(must, documented)\n", "1 of 1 case that checked it; the smallest:\n\n",
        "- case ` a.b.fail `: ` a title `\n- expected ` 400 ValidationException `\n- actual ` 200 `\n",
        "<details><summary>See it again</summary>\n\n```sh\nglue-conformance replay a.b.fail --endpoint ",
        "\nprintf '{\"Id\":\"a\"}' | curl -sS ",
        "<details><summary>What the specification leaves open, as this endpoint does it</summary>\n\n"
        "- ` id.length.unit `: ` code_points `\n"})
    EXPECT_THAT(text, HasSubstr(part));
}

TEST(Markdown, ShowsFailuresBeforeEverythingElse) {
  const std::string text = summary_of(examples::one_of_each("x"), examples::end("x"));
  std::size_t last = 0;
  CaseResult warned = examples::result("a.w", Verdict::fail);
  for (const char* title :
       {"## Failures", "## Errors", "## Inconclusive", "## Skipped", "<details><summary>What the"}) {
    const std::size_t at = text.find(title);
    ASSERT_NE(at, std::string::npos) << title;
    EXPECT_GT(at, last) << title;
    last = at;
  }
}

// Nothing of it is outside of code, where it could be Markdown, HTML, a mention or a link.
TEST(Markdown, IsNothingThatAnEndpointSays) {
  std::vector<CaseResult> results = examples::one_of_each(examples::hostile());
  for (CaseResult& r : results) r.test.title = r.judgement.note = examples::hostile();
  RunEnd end = examples::full_end(examples::hostile());
  end.fatal.clear();
  const std::string text = summary_of(results, end);
  EXPECT_EQ(testing_support::fault_of_console(text), "");
  const std::string plain = outside_of_code(text);
  for (const char* part : {"script", "img", "javascript", "onerror", "everyone", "n.example", "[a]", "![", "**f", "~~",
                           "# i", "injected", "&<"})
    EXPECT_THAT(plain, Not(HasSubstr(part)));
  end.fatal = examples::hostile();
  EXPECT_THAT(outside_of_code(summary_of(results, end)), Not(HasSubstr("script")));
}

TEST(Markdown, CodeEndsWhereItsTextEnds) {
  for (const char* text : {"a", "`", "``", "a`b``c", "```", " ` ", "a``"}) {
    EXPECT_EQ(outside_of_code("x" + markdown::code(text) + "y"), "xy\n") << text;
    EXPECT_EQ(outside_of_code("x\n" + markdown::block("sh", std::string(text) + "\n```\n") + "y"), "x\ny\n") << text;
  }
  EXPECT_EQ(markdown::code(""), "(empty)");
  EXPECT_EQ(markdown::code("a\nb"), "` a\\nb `");
}

TEST(Markdown, ProseIsNoMarkup) {
  EXPECT_EQ(markdown::prose("An *Id* has <255> [characters](x)"), R"(An \*Id\* has \<255\> \[characters\]\(x\))");
  EXPECT_EQ(markdown::prose("see https://a.example/b?c=d, or http://b"),
            R"(see <https://a.example/b?c=d>, or http\:\/\/b)");
  EXPECT_EQ(markdown::prose("ask @everyone"), "` ask @everyone `");
}

TEST(Markdown, StaysBelowTheSizeThatGithubTakes) {
  std::vector<CaseResult> results;
  for (int i = 0; i < 2000; ++i) {
    results.push_back(examples::result("a.case" + std::to_string(i), Verdict::fail, std::string(5000, '&')));
    results.back().judgement.requirement = "requirement." + std::to_string(i);
  }
  const std::string text = summary_of(results, examples::end("x"));
  EXPECT_LE(text.size(), markdown_bytes);
  EXPECT_GT(text.size(), markdown_bytes / 2);
  EXPECT_THAT(text, HasSubstr(" parts left out: the summary would become too large.\n"));
  EXPECT_THAT(text, HasSubstr("requirement.0 "));
  EXPECT_EQ(summary_of(results, examples::end("x"), 10), "");
}

TEST(Markdown, SaysWhatCouldNotBeTested) {
  RunEnd end;
  end.fatal = "nobody listens";
  end.exit_status = 3;
  const std::string text = summary_of(examples::one_of_each("x"), end);
  EXPECT_THAT(text, HasSubstr("⚠️ **The endpoint could not be tested.** (exit status 3)"));
  EXPECT_THAT(text, HasSubstr("Not tested: ` nobody listens `"));
  EXPECT_THAT(text, Not(HasSubstr("## Failures"))) << "every case failed for this one reason";
}

TEST(Markdown, IsWrittenToItsFile) {
  const testing_support::TemporaryFolder folder;
  MarkdownReport report(folder.file("summary.md"));
  examples::tell(report, examples::one_of_each("x"), examples::info(), examples::end("x"));
  EXPECT_EQ(testing_support::contents(folder.file("summary.md")),
            summary_of(examples::one_of_each("x"), examples::end("x")));
  MarkdownReport full("/dev/full");
  EXPECT_THROW(examples::tell(full, examples::one_of_each("x"), examples::info(), {}), ReportError);
}

}  // namespace
}  // namespace conformance::reports::markdown_test
