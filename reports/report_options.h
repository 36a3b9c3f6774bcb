// What a user may say of reports beside where they go: handed to each format, which takes what concerns it.
//
//     find_format("junit")->make("out/junit.xml", {.junit_by = JunitBy::requirement, .junit_split = 500});
#pragma once

#include <cstddef>

namespace conformance::reports {

// What a test case of the JUnit report is.
enum class JunitBy { test_case, requirement };

struct ReportOptions {
  JunitBy junit_by = JunitBy::test_case;
  std::size_t junit_split = 0;  // test cases a file at most; 0: no bound
};

}  // namespace conformance::reports
