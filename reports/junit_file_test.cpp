#include "reports/junit_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <pugixml.hpp>
#include <set>

#include "fixtures/testing/temporary_folder.h"
#include "reports/whole_file.h"

namespace conformance::reports::junit::junit_file_test {
namespace {

namespace fs = std::filesystem;

struct JunitFile : testing::Test {
  [[nodiscard]] std::string path() const { return folder.file("junit.xml"); }

  [[nodiscard]] std::set<std::string> names() const {
    std::set<std::string> all;
    for (const fs::directory_entry& file : fs::directory_iterator(fs::path(path()).parent_path()))
      all.insert(file.path().filename().string());
    return all;
  }

  void put(const std::string& name, const std::string& text) const { std::ofstream(folder.file(name)) << text; }

  testing_support::TemporaryFolder folder;
};

std::vector<Row> rows(std::size_t count) {
  std::vector<Row> all;
  for (std::size_t i = 0; i < count; ++i) {
    Row row;
    row.area = i % 2 == 0 ? "even" : "odd";
    row.name = "case " + std::to_string(i);
    row.elapsed = std::chrono::milliseconds(i);
    if (i % 3 == 0) {
      row.element = i % 2 == 0 ? "failure" : "error";
      row.type = "conformance.x";
      row.message = row.body = "why";
    }
    all.push_back(row);
  }
  return all;
}

void write_rows(const std::string& path, std::size_t count, std::size_t split) {
  const RunInfo info;
  write(path, rows(count), {.info = info, .elapsed = std::chrono::seconds(7), .split = split});
}

TEST_F(JunitFile, PartsHoldEveryCaseOnceAndCountTheirOwn) {
  for (const std::size_t split : {1U, 2U, 3U, 9U, 10U, 11U}) {
    write_rows(path(), 10, split);
    std::multiset<std::string> seen;
    double seconds = 0;
    const std::size_t parts = (10 + split - 1) / split;
    for (std::size_t part = 1; part <= parts; ++part) {
      pugi::xml_document d;
      ASSERT_TRUE(d.load_file(path_of_part(path(), part).c_str())) << split << " " << part;
      const pugi::xml_node root = d.child("testsuites");
      std::size_t tests = 0, failures = 0, errors = 0;
      for (const pugi::xml_node suite : root.children("testsuite")) {
        std::size_t in_suite = 0;
        for (const pugi::xml_node test : suite.children("testcase")) {
          seen.insert(test.attribute("name").value());
          ++in_suite;
          failures += test.child("failure") ? 1U : 0U;
          errors += test.child("error") ? 1U : 0U;
        }
        EXPECT_EQ(suite.attribute("tests").as_uint(), in_suite);
        EXPECT_GT(in_suite, 0U);
        tests += in_suite;
      }
      EXPECT_LE(tests, split);
      EXPECT_EQ(root.attribute("tests").as_uint(), tests);
      EXPECT_EQ(root.attribute("failures").as_uint(), failures);
      EXPECT_EQ(root.attribute("errors").as_uint(), errors);
      seconds += root.attribute("time").as_double();
    }
    EXPECT_EQ(seen.size(), 10U);
    EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), 10U);
    EXPECT_DOUBLE_EQ(seconds, 7) << "what the run took is counted once";
    EXPECT_EQ(names().size(), parts) << "and no other file";
  }
}

TEST_F(JunitFile, PartsOfALargerRunGo) {
  write_rows(path(), 10, 2);
  ASSERT_EQ(names().size(), 5U);
  write_rows(path(), 3, 2);
  EXPECT_EQ(names(), (std::set<std::string>{"junit.xml", "junit-2.xml"}));
  write_rows(path(), 10, 1);
  write_rows(path(), 10, 0);
  EXPECT_EQ(names(), std::set<std::string>{"junit.xml"}) << "also of a run that is not split";
}

TEST_F(JunitFile, NothingElseIsRemoved) {
  write_rows(path(), 10, 2);
  // A report of its own by such a name, another base name, other spellings of a number, and what is no report at all.
  write_rows(folder.file("junit-7.xml"), 3, 0);
  fs::copy(folder.file("junit-2.xml"), folder.file("other-2.xml"));
  for (const char* name : {"junit-02.xml", "junit-2b.xml", "junit-2.xml.bak", "junit-+2.xml", "my-junit-2.xml",
                           "junit-99999999999999999999.xml", "junit-.xml", "junit-0.xml", "junit-1.xml"})
    fs::copy(folder.file("junit-3.xml"), folder.file(name));
  put("junit-9.xml", "mine");
  put("junit-10.xml", "");
  fs::create_directory(folder.file("junit-11.xml"));
  fs::create_symlink(folder.file("junit-3.xml"), folder.file("junit-12.xml"));
  std::set<std::string> expected = names();
  for (const char* stale : {"junit-2.xml", "junit-3.xml", "junit-4.xml", "junit-5.xml"}) expected.erase(stale);
  write_rows(path(), 10, 0);
  EXPECT_EQ(names(), expected);
}

TEST_F(JunitFile, ADeviceCannotBeSplit) {
  EXPECT_THROW(check_can_be_split("/dev/null"), ReportError);
  const std::string pipe = folder.file("pipe");
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_THROW(check_can_be_split(pipe), ReportError);
  EXPECT_THROW(write_rows(pipe, 3, 1), ReportError);
  EXPECT_EQ(names(), std::set<std::string>{"pipe"});
  EXPECT_NO_THROW(check_can_be_split(path()));
  EXPECT_NO_THROW(write_rows("/dev/null", 3, 0));
}

TEST(JunitFilePart, IsNamedBesideTheFirst) {
  EXPECT_EQ(path_of_part("out/junit.xml", 1), "out/junit.xml");
  EXPECT_EQ(path_of_part("out/junit.xml", 2), "out/junit-2.xml");
  EXPECT_EQ(path_of_part("junit", 12), "junit-12");
  EXPECT_EQ(path_of_part("/a.b/TEST-x.y.xml", 3), "/a.b/TEST-x.y-3.xml");
}

}  // namespace
}  // namespace conformance::reports::junit::junit_file_test
