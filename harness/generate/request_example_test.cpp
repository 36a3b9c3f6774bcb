#include "harness/generate/request_example.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "harness/oracle/body_class.h"
#include "harness/text/utf8.h"

namespace conformance::generate::request_example_test {
namespace {

using oracle::BodyClass;

constexpr std::string_view token = "gc00000001-0123456789";
constexpr std::uint64_t examples = 2000;

const spec::SpecTable& table() { return spec::builtin_table(); }

RequestExample example(const rc::Gen<RequestExample>& gen, std::uint64_t index, std::uint64_t seed = 1) {
  return gen(random_of(seed, "test", index)).value();
}

TEST(RequestExample, IsTheSameForTheSameSeedAndAnotherForAnother) {
  const auto gen = valid_requests(table());
  std::set<std::string> bodies;
  for (std::uint64_t i = 0; i < 100; ++i) {
    EXPECT_EQ(example(gen, i), example(gen, i));
    bodies.insert(write(example(gen, i), token, table()));
  }
  EXPECT_GT(bodies.size(), 80U);
  EXPECT_FALSE(example(gen, 5, 1) == example(gen, 5, 2) && example(gen, 6, 1) == example(gen, 6, 2));
}

TEST(RequestExample, OfAValidRequestKeepsEveryConstraint) {
  for (const auto& gen : {valid_requests(table()), spelled_requests(table())}) {
    for (std::uint64_t i = 0; i < examples; ++i) {
      const RequestExample made = example(gen, i);
      const std::string body = write(made, token, table());
      const oracle::Classification c = oracle::classify(body, table());
      ASSERT_EQ(c.body_class, BodyClass::valid) << body << ": " << c.reason;
      EXPECT_EQ(c.identifiers.front(), identifier_of(made, token));
    }
  }
}

TEST(RequestExample, OfAnInvalidRequestBreaksAConstraint) {
  const auto gen = invalid_requests(table());
  std::set<std::pair<std::string, oracle::Violation>> violations;
  std::size_t both = 0;
  for (std::uint64_t i = 0; i < examples; ++i) {
    const std::string body = write(example(gen, i), token, table());
    const oracle::Classification c = oracle::classify(body, table());
    ASSERT_EQ(c.body_class, BodyClass::invalid) << body << ": " << c.reason;
    std::set<std::string> members;
    for (const oracle::ConstraintFault& fault : c.faults) {
      violations.emplace(fault.member, fault.violation);
      members.insert(fault.member);
    }
    both += members.size() == 2 ? 1U : 0U;
  }
  // Of Id: missing, null, type, too long, pattern; of RequestOrigin: type, too short, too long, pattern.
  EXPECT_GE(violations.size(), 9U);
  EXPECT_GT(both, examples / 20);
}

TEST(RequestExample, OfAMutatedRequestIsOfEveryClass) {
  const auto gen = mutated_requests(table());
  std::map<BodyClass, std::size_t> classes;
  for (std::uint64_t i = 0; i < examples; ++i)
    ++classes[oracle::classify(write(example(gen, i), token, table()), table()).body_class];
  for (const BodyClass c : {BodyClass::valid, BodyClass::invalid, BodyClass::unreadable, BodyClass::free})
    EXPECT_GT(classes[c], examples / 50) << oracle::name_of(c);
}

TEST(RequestExample, ReachesTheLimitsAndEveryPlane) {
  const auto gen = valid_requests(table());
  std::size_t longest = 0, at_limit = 0;
  std::set<char32_t> seen_planes;
  for (std::uint64_t i = 0; i < examples; ++i) {
    const RequestExample made = example(gen, i);
    longest = std::max(longest, identifier_of(made, token).size());
    at_limit += made.option.text.size() == 128 ? 1U : 0U;
    for (const char32_t c : made.identifier.text) seen_planes.insert(c >> 16U);
  }
  EXPECT_GE(longest, 250U);
  EXPECT_LE(longest, 255U);
  EXPECT_GT(at_limit, 0U);
  EXPECT_GE(seen_planes.size(), 15U);
}

TEST(RequestExample, ShrinksToTheFewestCharactersThatStillMatter) {
  const auto gen = valid_requests(table());
  const auto matters = [](const RequestExample& e) {
    return e.identifier.text.find(U'\u0301') != std::u32string::npos;
  };
  std::uint64_t index = 0;
  while (!matters(example(gen, index))) ++index;
  rc::Shrinkable<RequestExample> smallest = gen(random_of(1, "test", index));
  for (bool smaller = true; smaller;) {
    smaller = false;
    rc::Seq<rc::Shrinkable<RequestExample>> shrinks = smallest.shrinks();
    for (auto next = shrinks.next(); next; next = shrinks.next()) {
      if (!matters(next->value())) continue;
      smallest = *next;
      smaller = true;
      break;
    }
  }
  EXPECT_EQ(smallest.value().identifier.text, std::u32string(U"\u0301"));
  EXPECT_EQ(smallest.value().option.shape, Shape::absent);
}

}  // namespace
}  // namespace conformance::generate::request_example_test
