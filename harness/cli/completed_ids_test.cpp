#include "harness/cli/completed_ids.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conformance::cli::completed_ids_test {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(CompletedIds, AreThoseThatTheOptionTakes) {
  EXPECT_THAT(completed_ids(Completes::cases), HasSubstr("\nid.length.ascii.256\n"));
  EXPECT_THAT(completed_ids(Completes::cases), Not(HasSubstr("\nid.length.max\n")));
  EXPECT_THAT(completed_ids(Completes::deviations), HasSubstr("\nid-max-256\n"));
  EXPECT_THAT(completed_ids(Completes::deviations), Not(HasSubstr("id.length")));
}

TEST(CompletedIds, OfSubjectsAreAllThatIsExplained) {
  const std::string all = completed_ids(Completes::subjects);
  for (const char* id : {"id.length.ascii.256", "id.length.max", "delete.linearizable", "id-max-256"})
    EXPECT_THAT(all, HasSubstr(std::string("\n") + id + "\n"));
}

TEST(CompletedIds, AreNoneOfWhatIsNoId) { EXPECT_EQ(completed_ids(Completes::files), ""); }

}  // namespace
}  // namespace conformance::cli::completed_ids_test
