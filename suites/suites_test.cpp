#include "suites/suites.h"

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "harness/oracle/body_class.h"
#include "harness/text/utf8.h"
#include "suites/body_case.h"

namespace conformance::suites::suites_test {
namespace {

const spec::SpecTable& table() { return spec::builtin_table(); }

std::vector<Case> cases() {
  std::vector<Case> all = all_cases(table(), 7);
  for (Case& c : all) c = made_whole(std::move(c));
  return all;
}

// The question is the message around a plain body, so that the body says nothing of the kind.
bool asks_about_the_message(const Case& c) {
  return c.speak || c.forgery || (c.edit && (!c.control_body || *c.control_body == c.body));
}

// What happens in it decides which requirement is asked for.
bool asks_about_sessions(const Case& c) { return c.story || (c.property && c.property->example(0).story); }

// The tests below go over the cases of a kind: none of them may be about nothing.
TEST(Suites, HaveCasesOfEveryKind) {
  std::map<Kind, std::size_t> kinds;
  std::size_t with_bystanders = 0;
  for (const Case& c : cases()) {
    ++kinds[c.kind];
    with_bystanders += !c.bystanders.empty();
  }
  for (const Kind kind : {Kind::valid, Kind::malformed, Kind::free_form}) EXPECT_GT(kinds[kind], 0U) << name_of(kind);
  EXPECT_GT(with_bystanders, 0U);
}

TEST(Suites, GiveEveryCaseAnIdOfItsOwn) {
  std::set<std::string> ids;
  for (const Case& c : cases()) {
    EXPECT_TRUE(ids.insert(c.id).second) << c.id;
    EXPECT_EQ(c.id.find('-'), std::string::npos) << "a '-' negates in GoogleTest's filters: " << c.id;
    EXPECT_EQ(c.area + ".", c.id.substr(0, c.area.size() + 1));
    EXPECT_FALSE(c.title.empty()) << c.id;
  }
}

// What is said of a case before its body is made is what the body, once it is there, would have said.
TEST(Suites, SayOfALargeBodyBeforeItIsMadeWhatItIs) {
  const CaseBuilder b(table(), run_prefix(7));
  std::size_t deferred = 0;
  for (const Case& said : all_cases(table(), 7, Tier::exhaustive)) {
    if (!said.complete) continue;
    ++deferred;
    EXPECT_TRUE(said.body.empty()) << said.id;
    const Case whole = made_whole(said);
    EXPECT_FALSE(whole.complete);
    EXPECT_GT(whole.body.size(), 10'000U) << said.id;
    Case anew = CaseBuilder::start(said.id, said.title, "", Kind::valid);
    if (said.kind == Kind::free_form) anew.characteristic = said.characteristic;
    ask_of_body(b, anew, whole.body, whole.session);
    for (const Case* c : {&whole, &std::as_const(anew)}) {
      EXPECT_EQ(c->kind, said.kind) << said.id;
      EXPECT_EQ(c->requirement, said.requirement) << said.id;
      EXPECT_EQ(c->characteristic, said.characteristic) << said.id;
      EXPECT_EQ(c->session, said.session) << said.id;
      EXPECT_EQ(c->control_body, said.control_body) << said.id;
      EXPECT_EQ(c->oversize, said.oversize) << said.id;
    }
    EXPECT_EQ(whole.faults, anew.faults) << said.id;
    EXPECT_EQ(whole.readings, anew.readings) << said.id;
    EXPECT_EQ(whole.spares_session, anew.spares_session) << said.id;
    EXPECT_EQ(whole.names_missing_session, anew.names_missing_session) << said.id;
  }
  EXPECT_GT(deferred, 20U);
}

TEST(Suites, GiveEverySessionToOneCaseOnly) {
  std::map<std::string, std::string> owner;
  for (const Case& c : cases()) {
    std::vector<std::string> sessions = c.bystanders;
    if (!c.session.empty()) sessions.push_back(c.session);
    if (c.story) sessions.insert(sessions.end(), c.story->sessions.begin(), c.story->sessions.end());
    for (const std::string& session : sessions) {
      const auto [found, fresh] = owner.emplace(session, c.id);
      EXPECT_TRUE(fresh) << c.id << " and " << found->second;
    }
  }
}

TEST(Suites, NameOnlyWhatTheTableHas) {
  for (const Case& c : cases()) {
    if (!c.requirement.empty()) {
      EXPECT_NO_THROW((void)table().requirement(c.requirement)) << c.id;
    } else if (!asks_about_sessions(c)) {
      EXPECT_EQ(c.kind, Kind::free_form) << c.id;
    }
    if (!c.characteristic.empty()) {
      EXPECT_NO_THROW((void)table().characteristic(c.characteristic)) << c.id;
    }
    EXPECT_FALSE(c.requirement.empty() && c.characteristic.empty() && !asks_about_sessions(c))
        << c.id << " asks nothing";
  }
}

TEST(Suites, GiveEveryMalformedCaseAControlAndALiveSession) {
  for (const Case& c : cases()) {
    if (c.kind != Kind::malformed) continue;
    ASSERT_TRUE(c.control_body.has_value()) << c.id;
    if (!asks_about_the_message(c)) {
      EXPECT_NE(*c.control_body, c.body) << c.id;
    }
    if (c.sweep) continue;  // a million of them: those of the standard tier have sessions
    EXPECT_FALSE(c.session.empty()) << c.id;
    EXPECT_EQ(nlohmann::json::parse(*c.control_body)[table().identifier], c.session) << c.id;
  }
}

// The oracle of the cases against the table, by another way: what a valid case sends is within every constraint.
TEST(Suites, KeepValidCasesWithinTheConstraints) {
  for (const Case& c : cases()) {
    if (c.kind != Kind::valid) continue;
    const nlohmann::json body = nlohmann::json::parse(c.body);
    for (const spec::Member& member : table().request_members) {
      if (!body.contains(member.name) || body[member.name].is_null()) {
        EXPECT_FALSE(member.required) << c.id;
        continue;
      }
      const auto text = text::decode(body[member.name].get<std::string>());
      ASSERT_TRUE(text.has_value()) << c.id;
      EXPECT_GE(text->size(), member.min_length) << c.id;
      EXPECT_LE(text->size(), member.max_length) << c.id;
      for (const char32_t point : *text) EXPECT_TRUE(member.allows(point)) << c.id;
    }
    if (!c.session.empty()) {
      EXPECT_EQ(body[table().identifier], c.session) << c.id;
    }
  }
}

// And what a malformed case sends breaks at least one.
TEST(Suites, BreakAConstraintInEveryMalformedCase) {
  for (const Case& c : cases()) {
    if (c.kind != Kind::malformed || asks_about_the_message(c)) continue;
    const nlohmann::json body = nlohmann::json::parse(c.body, nullptr, /*allow_exceptions=*/false);
    // That is its fault; and this parser takes a byte of zero for the end.
    if (!body.is_object() || c.body.find('\0') != std::string::npos) continue;
    bool broken = false;
    for (const spec::Member& member : table().request_members) {
      const bool absent = !body.contains(member.name) || body[member.name].is_null();
      if (absent) {
        broken = broken || member.required;
        continue;
      }
      if (!body[member.name].is_string()) {
        broken = true;
        continue;
      }
      const std::u32string text = text::decode(body[member.name].get<std::string>()).value();
      broken = broken || text.size() < member.min_length || text.size() > member.max_length;
      for (const char32_t point : text) broken = broken || !member.allows(point);
    }
    EXPECT_TRUE(broken) << c.id;
  }
}

TEST(Suites, SayWhatTheOracleSaysOfEveryBody) {
  for (const Case& c : cases()) {
    if (c.property || c.sweep || asks_about_the_message(c)) continue;
    const oracle::BodyClass said = oracle::classify(c.body, table()).body_class;
    const Kind kind = said == oracle::BodyClass::valid  ? Kind::valid
                      : said == oracle::BodyClass::free ? Kind::free_form
                                                        : Kind::malformed;
    if (!c.characteristic.empty() && c.kind == Kind::free_form) continue;  // measured, whatever it is
    EXPECT_EQ(c.kind, kind) << c.id << ": " << c.title;
  }
}

TEST(Suites, SweepEachCodePointThatAMemberAllowsOrForbidsOnce) {
  const std::vector<Case> all = cases();
  const auto ranges_of = [&all](const char* id) {
    return std::find_if(all.begin(), all.end(), [id](const Case& c) { return c.id == id; })->sweep->ranges;
  };
  for (const auto& [member, allowed, forbidden] :
       {std::tuple(table().identifier, "id.alphabet.allowed", "id.alphabet.forbidden"),
        std::tuple(std::string("RequestOrigin"), "origin.alphabet.allowed", "origin.alphabet.forbidden")}) {
    std::vector<int> swept(0x110000);
    for (const bool is_allowed : {true, false}) {
      for (const spec::CodePointRange& range : ranges_of(is_allowed ? allowed : forbidden)) {
        for (std::uint32_t point = range.first; point <= range.last; ++point) {
          ++swept[point];
          ASSERT_EQ(table().member(member).allows(point), is_allowed) << point;
        }
      }
    }
    for (std::uint32_t point = 0; point < swept.size(); ++point)
      ASSERT_EQ(swept[point], point >= 0xD800 && point <= 0xDFFF ? 0 : 1) << point;
  }
}

TEST(Suites, AskInBulkWhatTheyAskOneByOne) {
  std::size_t in_bulk = 0;
  for (const Case& c : cases()) {
    if (!c.sweep || !c.sweep->body) continue;
    ++in_bulk;
    for (const char32_t point : {U'\0', U'"', U'\u00E9', U'\U0001F600'}) {
      const Case one = c.sweep->stimulus(std::span(&point, 1));
      std::string body;
      c.sweep->body(point, body);
      EXPECT_EQ(body, one.body);
      EXPECT_EQ(one.control_body, c.control_body);
      EXPECT_TRUE(one.session.empty());
    }
  }
  EXPECT_GT(in_bulk, 0U);
}

TEST(Suites, SendTheSameBytesForTheSameSeed) {
  const std::vector<Case> one = cases(), two = cases(), other = all_cases(table(), 8);
  ASSERT_EQ(one.size(), two.size());
  bool differs = false;
  for (std::size_t i = 0; i < one.size(); ++i) {
    EXPECT_EQ(one[i].body, two[i].body);
    EXPECT_EQ(one[i].id, other[i].id);
    differs = differs || one[i].body != other[i].body;
  }
  EXPECT_TRUE(differs);
}

// Promise 5. The few that are too short for a prefix are asked about by the executor before they are sent.
TEST(Suites, NameOnlySessionsThatCarryTheRunsPrefix) {
  const std::string prefix = run_prefix(7);
  for (const Case& c : cases()) {
    if (!c.session.empty() && c.session.find(prefix) == std::string::npos) continue;
    EXPECT_TRUE(oracle::classify(c.body, table()).names_only(prefix)) << c.id;
    const std::string control = c.control_body.value_or("");
    EXPECT_TRUE(oracle::classify(control, table()).names_only(prefix)) << c.id;
  }
}

TEST(Suites, AskTheSameCasesForEverySeed) {
  const std::vector<Case> one = all_cases(table(), 0, Tier::standard);
  for (std::uint64_t seed = 1; seed < 6; ++seed) {
    const std::vector<Case> other = all_cases(table(), seed, Tier::standard);
    ASSERT_EQ(other.size(), one.size()) << seed;
    for (std::size_t i = 0; i < one.size(); ++i) {
      EXPECT_EQ(other[i].id, one[i].id);
      EXPECT_TRUE(one[i].property || other[i].kind == one[i].kind) << one[i].id;
    }
  }
}

TEST(Suites, AskEveryRequirementThatHasAnAnswerOfItsOwn) {
  std::set<std::string> asked;
  for (const Case& c : cases()) asked.insert(c.requirement);
  for (const spec::Requirement& r : table().requirements) {
    if (!r.accept.empty()) {
      EXPECT_TRUE(asked.contains(r.id)) << r.id;
    }
  }
}

TEST(Suites, LetStoriesNameOnlyTheRunsOwnSessions) {
  const std::string prefix = run_prefix(7);
  std::size_t stories = 0;
  const auto check = [&](const Case& c) {
    ASSERT_TRUE(c.story);
    ++stories;
    for (const std::string& session : c.story->sessions) EXPECT_TRUE(session.starts_with(prefix)) << c.id;
    for (const Turn& turn : c.story->turns) {
      EXPECT_FALSE(turn.empty()) << c.id;
      for (const StoryCall& call : turn) EXPECT_LT(call.session, c.story->sessions.size()) << c.id;
    }
  };
  for (const Case& c : cases()) {
    if (c.story) check(c);
    if (!c.property || !c.property->example(0).story) continue;
    for (std::uint64_t i = 0; i < 50; ++i) check(c.property->example(i));
  }
  EXPECT_GT(stories, 100U);
}

// What is asked in bulk is what would be asked one by one, and the oracle agrees that all of it is valid.
TEST(Suites, AskTheSameExamplesInBulk) {
  std::size_t properties = 0;
  for (const Case& c : cases()) {
    if (!c.property || !c.property->valid_body) continue;
    ++properties;
    for (std::uint64_t i = 0; i < 2000; ++i) {
      const Case example = c.property->example(i);
      std::string body;
      c.property->valid_body(i, body);
      ASSERT_EQ(body, example.body) << example.id;
      ASSERT_EQ(example.kind, Kind::valid) << example.id;
      ASSERT_FALSE(example.control_body || example.needs_session || example.edit || example.speak) << example.id;
      ASSERT_EQ(example.requirement, c.requirement) << example.id;
    }
  }
  EXPECT_EQ(properties, 2U);
}

// The same calls, so that the failure is the same; other sessions, as an Id may be given once only.
TEST(Suites, AskAGeneratedStoryAnewWithOtherSessions) {
  for (const Case& c : cases()) {
    if (!c.property || !c.property->example(0).story) continue;
    const Case example = c.property->example(3);
    const Case anew = example.anew();
    EXPECT_EQ(anew.story->turns, example.story->turns);
    EXPECT_NE(anew.story->sessions, example.story->sessions);
    EXPECT_EQ(anew.anew().story->turns, example.story->turns);
  }
}

wire::Request plain_request(const Case& c) {
  wire::Request request{.headers = {{"Host", "h"}, {"X-Amz-Target", "T"}, {"Content-Type", "t"}}, .body = c.body};
  if (c.edit) c.edit(request);
  return request;
}

// What is asked would be nothing if the forgery were the signed request itself.
TEST(Suites, ForgeEachRequestByOneChangeFromTheSignedOne) {
  const wire::Signing honest{{"AKID", "secret", "token"}, "us-east-1", "glue", std::chrono::system_clock::now()};
  std::set<std::string> seen;
  for (const Case& c : cases()) {
    if (!c.forgery) continue;
    wire::Request forged = plain_request(c), control = plain_request(c);
    wire::sign(control, honest);
    wire::Signing signing = honest;
    if (c.forgery->with) c.forgery->with(signing);
    wire::sign(forged, signing);
    if (c.forgery->afterwards) c.forgery->afterwards(forged);
    EXPECT_NE(wire::serialise(forged), wire::serialise(control)) << c.id;
    EXPECT_EQ(*c.control_body, c.body) << c.id;
    seen.insert(c.requirement);
  }
  for (const spec::Requirement& r : table().requirements) {
    if (r.id.starts_with("auth.")) {
      EXPECT_TRUE(seen.contains(r.id)) << r.id << " is asked by no case";
    }
  }
}

}  // namespace
}  // namespace conformance::suites::suites_test
