#include "reports/whole_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>

#include "fixtures/testing/temporary_folder.h"

namespace conformance::reports::whole_file_test {
namespace {

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::ptrdiff_t files_in(const std::string& folder) {
  const std::filesystem::directory_iterator files(folder);
  return std::distance(begin(files), end(files));
}

TEST(WholeFile, HasItsNameOnlyWhenItIsComplete) {
  const testing_support::TemporaryFolder folder;
  const std::string path = folder.file("report");
  write_whole(path, "the report", [](std::ostream& out) { out << "before"; });
  write_whole(path, "the report", [&path](std::ostream& out) {
    out << "half" << std::flush;
    EXPECT_EQ(read(path), "before");
    out << " and half";
  });
  EXPECT_EQ(read(path), "half and half");
  EXPECT_EQ(files_in(folder.path()), 1);
}

TEST(WholeFile, LeavesWhatWasThereIfItCannotBeWritten) {
  const testing_support::TemporaryFolder folder;
  const std::string path = folder.file("report");
  std::ofstream(path) << "before";
  EXPECT_THROW(write_whole(path, "the report", [](std::ostream& out) { out.setstate(std::ios::failbit); }),
               ReportError);
  EXPECT_EQ(read(path), "before");
  EXPECT_EQ(files_in(folder.path()), 1);
}

TEST(WholeFile, IsWrittenAsARunGoesOn) {
  const testing_support::TemporaryFolder folder;
  const std::string path = folder.file("report");
  {
    WholeFile file(path, "the report");
    file.stream() << "half" << std::flush;
    EXPECT_FALSE(std::filesystem::exists(path));
    file.stream() << " and half";
    file.commit();
    EXPECT_EQ(read(path), "half and half");
  }
  {
    WholeFile given_up(path, "the report");
    given_up.stream() << "other" << std::flush;
  }
  EXPECT_EQ(read(path), "half and half");
  EXPECT_EQ(files_in(folder.path()), 1);
}

TEST(WholeFile, ThatCannotBeOpenedIsSaidWhenItIsToBeComplete) {
  WholeFile file("/proc/no/such/file", "the report");
  file.stream() << "lost";
  EXPECT_THROW(file.commit(), ReportError);
}

TEST(GrowingFile, IsThereFromTheBeginningAndOfOneWriter) {
  const testing_support::TemporaryFolder folder;
  const std::string path = folder.file("report");
  std::ofstream one, other;
  EXPECT_EQ(open_growing(path, one), "");
  one << "one" << std::flush;
  EXPECT_EQ(read(path), "one");
  EXPECT_EQ(open_growing(path, other), "");
  one << " more" << std::flush;
  other << "other" << std::flush;
  EXPECT_EQ(read(path), "other");
  EXPECT_EQ(files_in(folder.path()), 1);
  std::ofstream none;
  EXPECT_NE(open_growing(folder.file("no/folder"), none), "");
}

TEST(WholeFile, NamesWhatCouldNotBeWritten) {
  try {
    write_whole("/proc/no/such/file", "the report", [](std::ostream&) {});
    FAIL() << "no error";
  } catch (const ReportError& error) {
    EXPECT_THAT(error.what(), testing::StartsWith("cannot write the report /proc/no/such/file: "));
  }
}

}  // namespace
}  // namespace conformance::reports::whole_file_test
