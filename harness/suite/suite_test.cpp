#include "glue_conformance/suite.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "glue_conformance/reference_endpoint.h"

namespace glue_conformance {
namespace {

using testing::HasSubstr;

// As in a program of a user's own: these are tests of this program, and pass. That they fail where they should is shown
// by examples/cpp (scripts/install.sh).
int endpoints_started = 0;

const std::size_t registered = register_suite(
    [] {
      ++endpoints_started;
      static const ReferenceEndpoint endpoint;
      return endpoint.url();
    },
    {.tier = Tier::smoke, .name = "Conforming"});

TEST(Suite, RegistersEachCaseAsATest) {
  EXPECT_GT(registered, 50U);
  std::size_t found = 0;
  const testing::UnitTest& unit = *testing::UnitTest::GetInstance();
  for (int i = 0; i < unit.total_test_suite_count(); ++i) {
    const testing::TestSuite& suite = *unit.GetTestSuite(i);
    if (std::string(suite.name()).starts_with("Conforming/"))
      found += static_cast<std::size_t>(suite.total_test_count());
  }
  EXPECT_EQ(found, registered);
}

TEST(Suite, StartsTheEndpointOnceAtMost) { EXPECT_LE(endpoints_started, 1); }

TEST(Suite, RefusesAFilterThatMatchesNothing) {
  try {
    register_suite([] { return std::string(); }, {.filters = {"id.lenght.*"}});
    FAIL() << "it was taken";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("id.lenght.*"));
  }
}

TEST(ReferenceEndpointOfUsers, RefusesADeviationThatThereIsNot) {
  EXPECT_THROW(ReferenceEndpoint({"nonsense"}), std::runtime_error);
}

}  // namespace
}  // namespace glue_conformance
