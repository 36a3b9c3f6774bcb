#include "harness/cli/manual.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <sstream>

namespace conformance::cli::manual_test {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string page_with(const std::string& description) {
  CLI::App app("What it is");
  std::string tier;
  CLI::App* run = app.add_subcommand("run", "Do it");
  run->add_option("--tier", tier, description)->type_name("smoke|standard")->default_str("smoke");
  return manual_page(outline_of(app), "1.2.3", "2026-01-31");
}

TEST(Manual, HasEachOptionWithItsTypeAndItsDefault) {
  const std::string page = page_with("How much");
  EXPECT_THAT(page, HasSubstr(".TP\n\\fB\\-\\-tier\\fR \\fIsmoke|standard\\fR\nHow much (default: smoke)\n"));
  EXPECT_THAT(page, HasSubstr("glue\\-conformance 1.2.3"));
}

TEST(Manual, TakesNoTextForARequest) {
  EXPECT_THAT(page_with(".so /etc/passwd"), HasSubstr("\n\\&.so /etc/passwd"));
  EXPECT_THAT(page_with("a\n'br b\\c"), HasSubstr("\na\n.br\n\\&\\(aqbr b\\ec"));
}

TEST(Manual, HasNoLineThatIsTooLong) {
  std::string words;
  for (int i = 0; i < 100; ++i) words += "word .and ";
  std::istringstream lines(page_with(words));
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), 80U) << line;
    EXPECT_THAT(line, Not(HasSubstr("\n.and")));
    EXPECT_FALSE(line.starts_with(".and")) << line;
  }
}

}  // namespace
}  // namespace conformance::cli::manual_test
