#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>

#include "harness/cli/commands.h"
#include "harness/cli/options.h"
#include "harness/run/plan.h"
#include "suites/suites.h"

namespace conformance::cli::show_command_test {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::vector<Case> cases() { return suites::all_cases(spec::builtin_table(), 0, Tier::standard); }

std::string listed(const std::string& format, const std::vector<std::string>& filters = {}) {
  Options options;
  options.format = format;
  options.filters = filters;
  std::ostringstream out;
  EXPECT_EQ(list_command(options, out), 0);
  return out.str();
}

struct Explained {
  int status;
  std::string out, err;
};

Explained explain(const std::string& subject) {
  Options options;
  options.subject = subject;
  std::ostringstream out, err;
  const int status = explain_command(options, out, err);
  return {status, out.str(), err.str()};
}

TEST(List, HasALineForEveryCaseAndTheirNumber) {
  const std::string text = listed("text");
  EXPECT_EQ(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')), cases().size() + 1);
  EXPECT_TRUE(text.ends_with("\n" + std::to_string(cases().size()) + " cases\n"));
}

TEST(List, AsJsonIsThePlanForScripts) {
  const nlohmann::json all = nlohmann::json::parse(listed("json"));
  const std::vector<Case> plan = cases();
  ASSERT_EQ(all.size(), plan.size());
  for (std::size_t i = 0; i < plan.size(); ++i) {
    EXPECT_EQ(all[i]["id"], plan[i].id);
    EXPECT_EQ(all[i]["kind"], name_of(plan[i].kind));
    EXPECT_EQ(all[i]["requirement"], plan[i].requirement);
  }
}

TEST(List, AsMarkdownIsATable) {
  const std::string table = listed("markdown", {"id.type.null"});
  EXPECT_THAT(table,
              StartsWith("| case | kind | requirement | title |\n|---|---|---|---|\n| `id.type.null` | malformed |"));
  EXPECT_EQ(std::count(table.begin(), table.end(), '\n'), 3);
}

TEST(List, HonoursFilters) {
  EXPECT_TRUE(listed("text", {"id.type.*", "!id.type.null"}).find("id.type.null") == std::string::npos);
  EXPECT_THROW((void)listed("text", {"no.such"}), PlanError);
}

TEST(Explain, ShowsACaseWithItsRequirementAndItsBytes) {
  const Explained shown = explain("id.length.ascii.256");
  EXPECT_EQ(shown.status, 0);
  EXPECT_EQ(shown.err, "");
  for (const char* part : {"case id.length.ascii.256\n", "requirement id.length.max\n", "level must", "sources\n",
                           "X-Amz-Target: AWSGlue.DeleteSession", "request body as bytes", "control body as bytes"})
    EXPECT_THAT(shown.out, HasSubstr(part));
}

TEST(Explain, ShowsARequirementWithItsCases) {
  const Explained shown = explain("id.length.max");
  EXPECT_EQ(shown.status, 0);
  EXPECT_THAT(shown.out, StartsWith("requirement id.length.max\n"));
  EXPECT_THAT(shown.out, HasSubstr("  id.length.ascii.256 "));
  EXPECT_THAT(shown.out, Not(HasSubstr("  id.length.ascii.255 ")));
}

TEST(Explain, KnowsEveryAreaAndEveryRequirement) {
  std::set<std::string> areas;
  for (const Case& c : cases()) {
    if (!areas.insert(c.id.substr(0, c.id.find('.'))).second) continue;
    EXPECT_EQ(explain(c.id).status, 0) << c.id;
  }
  for (const spec::Requirement& r : spec::builtin_table().requirements) EXPECT_EQ(explain(r.id).status, 0) << r.id;
}

TEST(Explain, SuggestsWhatThereIs) {
  const Explained near = explain("id.length.maxx");
  EXPECT_EQ(near.status, 2);
  EXPECT_EQ(near.out, "");
  EXPECT_THAT(near.err, HasSubstr("'id.length.maxx'; did you mean 'id.length.max'?"));
  EXPECT_THAT(explain("wholly/different").err, Not(HasSubstr("did you mean")));
  EXPECT_THAT(explain("\x1b[31m").err, HasSubstr("'\\u001b[31m'")) << "what a user pastes acts on no terminal";
}

}  // namespace
}  // namespace conformance::cli::show_command_test
