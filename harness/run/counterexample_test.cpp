#include "harness/run/counterexample.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "harness/case/case_builder.h"

namespace conformance::counterexample_test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

const spec::SpecTable& table() { return spec::builtin_table(); }

Counterexample sample() {
  Counterexample sample;
  sample.test.id = "generated.body.mutated";
  sample.test.area = "generated.body";
  sample.test.title = "any body";
  sample.test.kind = Kind::malformed;
  sample.test.requirement = "request.refuse";
  sample.test.faults = {"id.type", "json.reject"};
  for (int byte = 0; byte < 256; ++byte) sample.test.body += static_cast<char>(byte);
  sample.seed = 18446744073709551615ULL;
  sample.test.session = run_prefix(sample.seed) + "-é";
  sample.test.control_body = R"({"Id":")" + sample.test.session + R"("})";
  sample.test.readings = {"a", "b"};
  sample.test.spares_session = true;
  sample.tool_version = "0.1.0";
  sample.requirement = "request.refuse";
  sample.actual = "500";
  return sample;
}

std::string refusal(const std::string& text) {
  try {
    (void)parse_counterexample(text, table());
  } catch (const CounterexampleError& error) {
    return error.what();
  }
  return "";
}

TEST(Counterexample, ComesBackToTheByte) {
  for (std::size_t length = 0; length < 5; ++length) {
    Counterexample written = sample();
    written.test.body.resize(256 - length);
    const Counterexample read = parse_counterexample(to_json(written), table());
    EXPECT_EQ(read.test.body, written.test.body);
    EXPECT_EQ(read.test.control_body, written.test.control_body);
    EXPECT_EQ(read.test.id, written.test.id);
    EXPECT_EQ(read.test.area, written.test.area);
    EXPECT_EQ(read.test.kind, written.test.kind);
    EXPECT_EQ(read.test.requirement, written.test.requirement);
    EXPECT_EQ(read.test.faults, written.test.faults);
    EXPECT_EQ(read.test.session, written.test.session);
    EXPECT_EQ(read.test.readings, written.test.readings);
    EXPECT_TRUE(read.test.spares_session);
    EXPECT_FALSE(read.test.oversize);
    EXPECT_EQ(read.seed, written.seed);
    EXPECT_EQ(read.requirement, written.requirement);
    EXPECT_EQ(read.actual, "500");
  }
}

TEST(Counterexample, KeepsABodyWithoutAControlApartFromOneWithAnEmptyOne) {
  Counterexample written = sample();
  written.test.control_body.reset();
  EXPECT_FALSE(parse_counterexample(to_json(written), table()).test.control_body.has_value());
  written.test.control_body = "";
  EXPECT_EQ(parse_counterexample(to_json(written), table()).test.control_body, "");
}

// A file that was edited must not delete what the run did not create.
TEST(Counterexample, NamesNoSessionOfAnybodyElses) {
  const auto naming = [](const std::string& body_id, const std::string& control_id, const std::string& session) {
    Counterexample edited = sample();
    edited.test.kind = Kind::valid;
    edited.test.faults.clear();
    edited.test.requirement = "json.accept";
    edited.test.body = R"({"Id":")" + body_id + R"("})";
    edited.test.control_body = R"({"Id":")" + control_id + R"("})";
    edited.test.session = edited.test.expected_echo = session;
    return refusal(to_json(edited));
  };
  const std::string own = run_prefix(sample().seed) + "-a";
  EXPECT_EQ(naming(own, own, own), "");
  EXPECT_THAT(naming("prod", own, own), HasSubstr("/case/body"));
  EXPECT_THAT(naming(own, "prod", own), HasSubstr("/case/control"));
  EXPECT_THAT(naming(own, own, "prod"), HasSubstr("/case/session"));
  EXPECT_THAT(naming(own, own, ""), HasSubstr("/case/session"));
  Counterexample relabelled = sample();
  relabelled.test.kind = Kind::free_form;
  EXPECT_THAT(refusal(to_json(relabelled)), HasSubstr("/case/kind"));
}

TEST(Counterexample, IsReadStrictlyAndSaysWhatIsWrong) {
  EXPECT_THAT(refusal("{"), HasSubstr("no JSON"));
  EXPECT_THAT(refusal("[]"), HasSubstr("no object"));
  const json good = json::parse(to_json(sample()));
  json changed = good;
  changed["more"] = 1;
  EXPECT_THAT(refusal(changed.dump()), HasSubstr("/more: unknown member"));
  changed = good;
  changed.erase("seed");
  EXPECT_THAT(refusal(changed.dump()), HasSubstr("/seed: missing"));
  changed = good;
  changed["case"]["body"]["base64"] = "a";
  EXPECT_THAT(refusal(changed.dump()), HasSubstr("/case/body/base64: no base64"));
  changed = good;
  changed["case"]["requirement"] = "no.such";
  EXPECT_THAT(refusal(changed.dump()), HasSubstr("no requirement 'no.such'"));
  changed = good;
  changed["case"]["kind"] = "odd";
  EXPECT_THAT(refusal(changed.dump()), HasSubstr("/case/kind"));
  changed = good;
  changed["seed"] = -1;
  EXPECT_THAT(refusal(changed.dump()), HasSubstr("/seed"));
  for (const char* id : {".", "a.", "a", "a.b\n", "a.<x>"}) {
    changed = good;
    changed["case"]["id"] = id;
    EXPECT_THAT(refusal(changed.dump()), HasSubstr("/case/id")) << id;
  }
  changed = good;
  changed["format"] = "2";
  EXPECT_THAT(refusal(changed.dump()), HasSubstr("/format"));
  EXPECT_EQ(refusal(good.dump()), "");
}

Counterexample story_sample() {
  Counterexample sample;
  sample.test.id = "generated.session.sequence";
  sample.test.area = "generated.session";
  sample.test.title = "any sequence";
  sample.test.kind = Kind::valid;
  sample.seed = 7;
  Story story{.sessions = {run_prefix(7) + "-a", run_prefix(7) + "-b"}, .turns = {}};
  story.then({Verb::create, 1, "x", false}).at_once({{Verb::remove, 0, "y"}, {Verb::get, 1}}).then({Verb::list});
  sample.test.body = R"({"Id":")" + story.sessions[0] + R"("})";
  sample.test.story = std::make_shared<const Story>(story);
  return sample;
}

TEST(Counterexample, KeepsAStory) {
  const Counterexample written = story_sample();
  const Counterexample read = parse_counterexample(to_json(written), table());
  ASSERT_TRUE(read.test.story);
  EXPECT_EQ(*read.test.story, *written.test.story);
  EXPECT_FALSE(parse_counterexample(to_json(sample()), table()).test.story);
}

TEST(Counterexample, OfTheVersionBeforeKnowsNoStory) {
  json document = json::parse(to_json(sample()));
  document["format"] = "glue-conformance counterexample 1";
  EXPECT_THAT(refusal(document.dump()), HasSubstr("/case/story"));
  document["case"].erase("story");
  EXPECT_EQ(refusal(document.dump()), "");
  document["format"] = "glue-conformance counterexample 2";
  EXPECT_THAT(refusal(document.dump()), HasSubstr("/case/story: missing"));
}

TEST(Counterexample, RefusesAStoryThatItCannotTell) {
  const auto edited = [](const std::function<void(json&)>& edit) {
    json document = json::parse(to_json(story_sample()));
    edit(document["case"]["story"]);
    return refusal(document.dump());
  };
  EXPECT_EQ(edited([](json&) {}), "");
  EXPECT_THAT(edited([](json& story) { story["sessions"][0] = "somebody's"; }), HasSubstr("/case/story/sessions"));
  EXPECT_THAT(edited([](json& story) { story["sessions"][1] = story["sessions"][0]; }), HasSubstr("twice"));
  EXPECT_THAT(edited([](json& story) { story["turns"][0][0]["session"] = 2; }), HasSubstr("/turns/0/0/session"));
  EXPECT_THAT(edited([](json& story) { story["turns"][0][0]["verb"] = "drop"; }), HasSubstr("/turns/0/0/verb"));
  EXPECT_THAT(edited([](json& story) { story["turns"][1] = json::array(); }), HasSubstr("/turns/1"));
  EXPECT_THAT(edited([](json& story) { story["turns"] = json::array(); }), HasSubstr("no call"));
  EXPECT_THAT(edited([](json& story) { story["turns"][0][0]["more"] = 1; }), HasSubstr("unknown member"));
  EXPECT_THAT(edited([](json& story) { story["turns"][0] = json::array({"x"}); }), HasSubstr("no object"));
}

}  // namespace
}  // namespace conformance::counterexample_test
