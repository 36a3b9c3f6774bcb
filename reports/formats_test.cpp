#include "reports/formats.h"

#include <gtest/gtest.h>

#include <set>

namespace conformance::reports::formats_test {
namespace {

TEST(Formats, AreFoundByTheirNames) {
  for (const Format& format : formats()) EXPECT_EQ(find_format(format.name), &format);
  EXPECT_EQ(find_format("junit")->file, "junit.xml");
  EXPECT_EQ(find_format("JUnit"), nullptr);
  EXPECT_EQ(find_format(""), nullptr);
}

TEST(Formats, WriteFilesOfTheirOwn) {
  std::set<std::string_view> files, names;
  for (const Format& format : formats()) {
    EXPECT_TRUE(files.insert(format.file).second) << format.file;
    EXPECT_TRUE(names.insert(format.name).second) << format.name;
    EXPECT_NE(format_names().find(format.name), std::string::npos);
  }
}

}  // namespace
}  // namespace conformance::reports::formats_test
