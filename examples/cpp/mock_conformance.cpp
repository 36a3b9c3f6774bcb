// The tests of a mock of AWS Glue, the conformance suite among them. In the mock's place is the reference endpoint: it
// is green as it is, and red with one of its defects,
//
//     mock_conformance --defect id-max-256
//
// or with an endpoint elsewhere that deviates: mock_conformance --endpoint URL
#include <glue_conformance/reference_endpoint.h>
#include <glue_conformance/suite.h>
#include <gtest/gtest.h>

#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace {

using Mock = glue_conformance::ReferenceEndpoint;

// A test of the mock's own, beside the suite.
TEST(Mock, ListensOnThisMachine) {
  const Mock mock;
  EXPECT_EQ(mock.url().substr(0, 17), "http://127.0.0.1:");
}

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  std::vector<std::string> defects;
  std::string elsewhere;
  for (std::size_t i = 0; i + 1 < arguments.size(); i += 2)
    (arguments[i] == "--defect" ? defects.emplace_back() : elsewhere) = arguments[i + 1];

  std::unique_ptr<Mock> mock;
  const auto url = [&] {
    if (!elsewhere.empty()) return elsewhere;
    mock = std::make_unique<Mock>(defects);
    return mock->url();
  };
  try {
    glue_conformance::register_suite(url, {.tier = glue_conformance::Tier::smoke, .seed = 1});
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 2;
  }
  return RUN_ALL_TESTS();
}
