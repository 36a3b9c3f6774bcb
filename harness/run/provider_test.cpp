#include "harness/run/provider.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "fixtures/testing/temporary_folder.h"
#include "harness/text/json_string.h"

namespace conformance::provider_test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class FileOfSessions : public testing::Test {
 protected:
  std::unique_ptr<SessionProvider> read(const std::string& text) {
    std::ofstream(path_, std::ios::trunc) << text;
    return sessions_of_file(path_);
  }
  std::string refusal(const std::string& text) {
    try {
      (void)read(text);
    } catch (const ProviderError& error) {
      return error.what();
    }
    return "";
  }

  testing_support::TemporaryFolder folder_;
  std::string path_ = folder_.file("ids.txt");
};

TEST_F(FileOfSessions, GivesEachOnceInTheirOrder) {
  const auto sessions = read("\xEF\xBB\xBF# mine\na b \n\n\u00E9\r\nlast");
  EXPECT_EQ(sessions->remaining(), 3U);
  EXPECT_FALSE(sessions->makes_them());
  for (const char* id : {"a b ", "\u00E9", "last"}) EXPECT_EQ(sessions->next().id, id);
  const SessionProvider::Given given = sessions->next();
  EXPECT_EQ(given.id, "");
  EXPECT_FALSE(given.failed);
  EXPECT_THAT(given.why_not, HasSubstr("used up"));
  sessions->give_back("a b ");
  EXPECT_EQ(sessions->next().id, "a b ");
}

TEST_F(FileOfSessions, IsRefusedWhereItCannotBeMeant) {
  EXPECT_THAT(refusal(""), HasSubstr("names no session"));
  EXPECT_THAT(refusal("# none\n\n"), HasSubstr("names no session"));
  EXPECT_THAT(refusal("a\nb\na\n"), HasSubstr("line 3 names \"a\" again"));
  EXPECT_THAT(refusal("a\n\xff\n"), HasSubstr("line 2 is not UTF-8"));
  EXPECT_THAT(refusal(std::string(2000, 'x')), HasSubstr("line 1 has 2000 bytes"));
  EXPECT_THAT(refusal("a\nb\na\n"), HasSubstr("nothing was sent"));
  EXPECT_THROW((void)sessions_of_file(folder_.file("none")), ProviderError);
  EXPECT_THROW((void)sessions_of_file(folder_.path()), ProviderError);
}

SessionProvider::Given given_by(const std::string& command, milliseconds deadline = seconds(30)) {
  return sessions_of_command(command, deadline)->next();
}

TEST(CommandForSessions, GivesTheLineThatItPrints) {
  EXPECT_EQ(given_by("echo a b").id, "a b");
  EXPECT_EQ(given_by("printf a").id, "a");
  EXPECT_EQ(given_by("printf 'a\\r\\n'").id, "a");
  EXPECT_EQ(given_by("echo warning >&2; printf '\\303\\251\\n'").id, "\u00E9");
  const auto sessions = sessions_of_command("echo $$", seconds(30));
  EXPECT_NE(sessions->next().id, sessions->next().id) << "it is run for each";
  EXPECT_TRUE(sessions->makes_them());
}

TEST(CommandForSessions, FailsWithTheReason) {
  const auto reason = [](const std::string& command, milliseconds deadline = seconds(30)) {
    const SessionProvider::Given given = given_by(command, deadline);
    EXPECT_EQ(given.id, "") << command;
    EXPECT_TRUE(given.failed) << command;
    return given.why_not;
  };
  EXPECT_THAT(reason("echo a; exit 3"), HasSubstr("status 3"));
  EXPECT_THAT(reason("printf 'no\\033[1m role' >&2; exit 1"), AllOf(HasSubstr("no"), Not(HasSubstr("\x1b"))));
  EXPECT_THAT(reason("kill -9 $$"), HasSubstr("signal 9"));
  EXPECT_THAT(reason("true"), HasSubstr("printed nothing"));
  EXPECT_THAT(reason("echo"), HasSubstr("printed nothing"));
  EXPECT_THAT(reason("echo a; echo b"), HasSubstr("more than one line"));
  EXPECT_THAT(reason("printf '\\377\\n'"), HasSubstr("is not UTF-8"));
  EXPECT_THAT(reason("head -c 100000 /dev/zero | tr '\\0' x"), HasSubstr("printed more than 16384 bytes"));
  EXPECT_THAT(reason("no-such-program-at-all"), HasSubstr("status 127"));
  EXPECT_THAT(reason("sleep 1000", milliseconds(100)), HasSubstr("did not end in 0.1 s"));
}

TEST(CommandForSessions, IsNotWaitedForWhereItLeavesSomethingInTheBackground) {
  EXPECT_EQ(given_by("sleep 2 & echo a").id, "a");
  EXPECT_EQ(given_by("timeout 2 yes >&2 & echo a").id, "a");
}

TEST(CommandForSessions, IsNotRunForEverWhereItFails) {
  const testing_support::TemporaryFolder folder;
  const auto sessions = sessions_of_command("echo x >>" + folder.file("runs") + "; exit 1", seconds(30));
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(sessions->next().failed);
  EXPECT_THAT(sessions->next().why_not, HasSubstr("not run again after 3 failures"));
  std::ifstream runs(folder.file("runs"));
  EXPECT_EQ(std::count(std::istreambuf_iterator<char>(runs), {}, '\n'), 3);
}

class WithIdentifier : public testing::Test {
 protected:
  Case start(Kind kind) const {
    return CaseBuilder::start("area.name", "title", kind == Kind::valid ? "delete.success" : "id.length.min", kind);
  }
  Case valid() const {
    Case c = start(Kind::valid);
    builder_.accept(c, builder_.token(c), text::quote_raw(builder_.token(c)), "\"o\"");
    return c;
  }

  CaseBuilder builder_{spec::builtin_table(), "gc00000001"};
};

TEST_F(WithIdentifier, NamesItInAllThatIsSent) {
  const auto changed = with_identifier(valid(), builder_, "a\"\u00E9");
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->body, "{\"Id\":\"a\\\"\u00E9\",\"RequestOrigin\":\"o\"}");
  EXPECT_EQ(changed->session, "a\"\u00E9");
  EXPECT_EQ(changed->expected_echo, "a\"\u00E9");
}

TEST_F(WithIdentifier, NamesItInTheControlOfAMalformedRequest) {
  Case option = start(Kind::malformed);
  builder_.refuse_option(option, "\"\"");
  const auto changed = with_identifier(option, builder_, "a");
  ASSERT_TRUE(changed);
  EXPECT_THAT(changed->body, HasSubstr("{\"Id\":\"a\","));
  EXPECT_THAT(*changed->control_body, HasSubstr("{\"Id\":\"a\","));
  Case empty = start(Kind::malformed);
  builder_.refuse_identifier(empty, builder_.token(empty), "\"\"");
  const auto with_control = with_identifier(empty, builder_, "a");
  ASSERT_TRUE(with_control);
  EXPECT_EQ(with_control->body, "{\"Id\":\"\"}");
  EXPECT_EQ(*with_control->control_body, "{\"Id\":\"a\"}");
}

TEST_F(WithIdentifier, IsNothingWhereTheCaseAsksForOneOfItsOwn) {
  const auto changes = [this](const std::function<void(Case&)>& change) {
    Case c = valid();
    change(c);
    return with_identifier(c, builder_, "a").has_value();
  };
  EXPECT_TRUE(changes([](Case&) {}));
  EXPECT_FALSE(changes([this](Case& c) { builder_.accept(c, c.session + "x", text::quote_raw(c.session + "x")); }));
  EXPECT_FALSE(changes([](Case& c) { c.session = ""; }));
  EXPECT_FALSE(changes([](Case& c) { c.bystanders = {"a"}; }));
  EXPECT_FALSE(changes([](Case& c) { c.kind = Kind::free_form; }));
  EXPECT_FALSE(changes([](Case& c) { c.body = "{\"Id\":\"\\u0067" + c.session.substr(1) + "\"}"; })) << "its spelling";
  EXPECT_FALSE(changes([](Case& c) { c.body += " " + c.session; }));
  EXPECT_FALSE(changes([](Case& c) { c.edit = [](wire::Request&) {}; }));
  EXPECT_FALSE(changes([](Case& c) { c.companions = {{.body = "{}"}}; }));
}

}  // namespace
}  // namespace conformance::provider_test
