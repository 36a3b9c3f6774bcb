// The suite of glue-conformance in a GoogleTest program of your own, against an endpoint that it starts itself.
//
//     int main(int argc, char** argv) {
//       testing::InitGoogleTest(&argc, argv);
//       MyMock mock;                                                          // listens on a port of its own
//       glue_conformance::register_suite([&mock] { return mock.url(); });     // "http://127.0.0.1:43211"
//       return RUN_ALL_TESTS();
//     }
//
// Each case is a test, named DeleteSession/AREA.CASE, that ends as the case does: --gtest_filter='DeleteSession/id.*'.
// What it does not apply to is skipped with the reason. A failing one says what is required, by whom, what came, and
// the curl line that sends the same again.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace glue_conformance {

enum class Tier {
  smoke,      // each requirement once
  standard,   // every named boundary, generated requests, HTTP byte by byte
  exhaustive  // every code point: a million requests
};

enum class Sessions {
  automatic,  // created by CreateSession, if the endpoint can
  create,     // created, or every case is an error
  none        // nothing is created, and the endpoint held to what can be asked without
};

struct SuiteOptions {
  Tier tier = Tier::standard;
  std::vector<std::string> filters = {};  // "id.length.*", "!*.65536", as `glue-conformance run --filter` takes them
  std::uint64_t seed = 0;                 // the same seed sends the same bytes
  std::uint64_t examples = 400;           // of each generated property
  Sessions sessions = Sessions::automatic;
  bool should_fails = true;  // false: only requirements of the level `must` fail
  bool sign = true;
  std::string region = "us-east-1";
  std::string access_key = "test", secret_key = "test", session_token = {};
  bool require_auth = false;  // hold it to verifying signatures, even if it verifies none
  std::size_t connections = 16;
  std::chrono::milliseconds timeout{10000};
  std::string name = "DeleteSession";  // what stands before the name of each test suite
};

// Registers the cases as tests, and returns how many. `endpoint` is called once for each time that the tests are run,
// when the first of them is: it returns the URL. The requests are sent by a thread of the suite's own, ahead of the
// tests. To be called before RUN_ALL_TESTS(), for each endpoint once, under different names.
//
// Throws std::runtime_error if a filter matches no case. The hosts of AWS are refused: they are for the program, which
// knows what is safe there.
std::size_t register_suite(std::function<std::string()> endpoint, const SuiteOptions& options = {});

}  // namespace glue_conformance
