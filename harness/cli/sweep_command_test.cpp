// The command as a user meets it: what it says, how it ends, and what it leaves alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "fixtures/reference/reference_endpoint.h"
#include "fixtures/reference/session_service.h"
#include "fixtures/scripted/scripted_server.h"
#include "fixtures/testing/answer_well.h"
#include "fixtures/testing/process.h"
#include "fixtures/testing/temporary_folder.h"
#include "harness/cli/commands.h"
#include "harness/run/ledger.h"
#include "harness/run/resource.h"

namespace conformance::cli::sweep_command_test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

void create(const reference::ReferenceEndpoint& endpoint, const std::vector<std::string>& ids) {
  const wire::Url url = wire::parse_url(endpoint.url());
  const spec::SpecTable& table = spec::builtin_table();
  const RequestFactory factory(url, table.content_type, std::nullopt);
  wire::Client client(url, {});
  Sender sender(client, table, {}, real_time([] { return false; }));
  for (const Created& created : Resource(table, factory, sender).create(ids)) ASSERT_TRUE(created.ok);
}

class SweepCommand : public testing::Test {
 protected:
  int sweep(const std::vector<std::string>& options = {}, const char* endpoint_of_environment = nullptr) {
    std::vector<std::string> arguments{"sweep", path_, "--throttle-wait", "0", "--effect-wait", "0.1"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    std::ostringstream out, err;
    const int status = run_main(
        arguments,
        [&](const char* name) {
          return std::string_view(name) == "AWS_ENDPOINT_URL" ? endpoint_of_environment : nullptr;
        },
        out, err);
    out_ = out.str();
    err_ = err.str();
    return status;
  }
  void leave(const std::string& endpoint, const std::vector<std::string>& ids) {
    Ledger(path_, {.endpoint = endpoint}).creating(ids);
  }

  testing_support::TemporaryFolder folder_;
  std::string path_ = folder_.file("ledger.jsonl");
  std::string out_, err_;
};

TEST_F(SweepCommand, DeletesWhatTheLedgerNamesWhereItWasCreated) {
  const reference::ReferenceEndpoint endpoint;
  create(endpoint, {"a", "b", "gone", "somebody's"});
  {
    Ledger ledger(path_, {.endpoint = endpoint.url()});
    ledger.creating({"a", "b", "gone"});
    ledger.gone("gone");  // and created again by somebody else
  }
  // What the environment names is another endpoint.
  EXPECT_EQ(sweep({}, "http://127.0.0.1:1"), 0) << out_ << err_;
  EXPECT_THAT(out_, HasSubstr("2 of 2 sessions are gone"));
  EXPECT_THAT(out_, HasSubstr("Nothing is left behind. (exit status 0)"));
  EXPECT_EQ(endpoint.session_count(), 2U);
  EXPECT_THAT(read_ledger(path_), IsEmpty());
  EXPECT_EQ(sweep(), 0) << "twice";
  EXPECT_THAT(out_, HasSubstr("names nothing that was left behind"));
}

TEST_F(SweepCommand, SweepsEveryEndpointOfTheLedgerOrTheOneThatIsNamed) {
  const reference::ReferenceEndpoint one, other;
  create(one, {"a"});
  create(other, {"a", "b"});
  leave(one.url(), {"a"});
  leave(other.url(), {"a"});
  EXPECT_EQ(sweep({"--endpoint", one.url()}), 0) << out_ << err_;
  EXPECT_EQ(one.session_count(), 0U);
  EXPECT_EQ(other.session_count(), 2U);
  EXPECT_THAT(read_ledger(path_), SizeIs(1));
  EXPECT_EQ(sweep(), 0) << out_ << err_;
  EXPECT_EQ(other.session_count(), 1U);
}

TEST_F(SweepCommand, TakesTheNameOfAnEndpointThatTheLedgerKnowsByAnother) {
  const reference::ReferenceEndpoint endpoint;
  create(endpoint, {"a"});
  leave("http://name-of-before:1", {"a"});
  EXPECT_EQ(sweep({"--endpoint", endpoint.url()}), 0) << out_ << err_;
  EXPECT_EQ(endpoint.session_count(), 0U);
}

TEST_F(SweepCommand, NamesWhatItCouldNotDelete) {
  const reference::ReferenceEndpoint endpoint({.deviations = {"not-deleted"}});
  create(endpoint, {"a"});
  leave(endpoint.url(), {"a"});
  EXPECT_EQ(sweep(), 1);
  EXPECT_THAT(out_, HasSubstr("LEFT BEHIND \"a\": 200"));
  EXPECT_THAT(out_, HasSubstr("(exit status 1)"));
  EXPECT_THAT(read_ledger(path_), SizeIs(1));
}

TEST_F(SweepCommand, SaysWhereNobodyCouldBeAsked) {
  leave("http://127.0.0.1:1", {"a"});
  EXPECT_EQ(sweep(), 3);
  EXPECT_THAT(out_, HasSubstr("could not be asked: no response (connect"));
  EXPECT_THAT(read_ledger(path_), SizeIs(1));
}

TEST_F(SweepCommand, SendsNothingOfWhatIsNoLedger) {
  const reference::ReferenceEndpoint endpoint;
  create(endpoint, {"a"});
  std::ofstream(path_) << "{\"event\":\"create\",\"id\":\"a\"}\nrubbish\n{\"event\":\"create\",\"id\":\"b\"}\n";
  EXPECT_EQ(sweep({"--endpoint", endpoint.url()}), 2);
  EXPECT_THAT(err_, HasSubstr("line 2 is none of a ledger: rubbish"));
  path_ = folder_.file("none");
  EXPECT_EQ(sweep(), 2);
  EXPECT_THAT(err_, HasSubstr("cannot be read"));
  EXPECT_EQ(endpoint.session_count(), 1U);
}

TEST_F(SweepCommand, AsksWhereTheSessionsOfAnOldLedgerAre) {
  const reference::ReferenceEndpoint endpoint;
  create(endpoint, {"a"});
  std::ofstream(path_) << "{\"event\":\"create\",\"id\":\"a\"}\n";
  EXPECT_EQ(sweep(), 2);
  EXPECT_THAT(err_, HasSubstr("--endpoint"));
  EXPECT_EQ(endpoint.session_count(), 1U);
  EXPECT_EQ(sweep({"--endpoint", endpoint.url()}), 0) << out_ << err_;
  EXPECT_EQ(endpoint.session_count(), 0U);
}

TEST_F(SweepCommand, DoesNotTakeTheSessionsOfARunThatIsNotAtItsEnd) {
  const reference::ReferenceEndpoint endpoint;
  create(endpoint, {"a"});
  Ledger running(path_, {.endpoint = endpoint.url()});
  running.creating({"a"});
  EXPECT_EQ(sweep(), 2);
  EXPECT_THAT(err_, HasSubstr("a run is still writing"));
  EXPECT_EQ(endpoint.session_count(), 1U);
}

TEST_F(SweepCommand, RefusesAddressesOfAws) {
  leave("https://glue.us-east-1.amazonaws.com", {"a"});
  EXPECT_EQ(sweep(), 2);
  EXPECT_THAT(err_, HasSubstr("belongs to AWS"));
}

// A run without reports keeps a ledger all the same, as long as it is of use.
TEST_F(SweepCommand, FindsTheLedgerOfARunThatLeftSomething) {
  const reference::ReferenceEndpoint good, bad({.deviations = {"not-deleted"}});
  const auto run = [&](const reference::ReferenceEndpoint& endpoint) {
    return testing_support::Process({PROGRAM_PATH, "run", "--endpoint", endpoint.url(), "--filter", "delete.plain.id",
                                     "--effect-wait", "0.1"},
                                    {"HOME=" + folder_.path()})
        .wait();
  };
  const std::string state = folder_.file(".local/state/glue-conformance");
  const auto kept = [&state] {
    std::vector<std::string> files;
    for (const auto& file : std::filesystem::directory_iterator(state)) files.push_back(file.path());
    return files;
  };
  EXPECT_EQ(run(good).status, 0);
  EXPECT_THAT(kept(), IsEmpty());
  const auto ended = run(bad);
  EXPECT_NE(ended.status, 0);
  ASSERT_THAT(kept(), SizeIs(1));
  EXPECT_THAT(ended.out, HasSubstr("sweep " + kept().front()));
  EXPECT_THAT(read_ledger(kept().front()), Not(IsEmpty()));
}

// All is well but that something is left: that is no success.
TEST_F(SweepCommand, IsWhatARunThatCouldNotCleanUpEndsWith) {
  reference::SessionService service({});
  std::atomic<bool> deletes{false};
  const scripted::Server server([&](scripted::Peer& peer) {
    for (std::string head, body; peer.read_request(head, body);) {
      const bool refuses = !deletes && testing_support::field_of(head, "X-Amz-Target") == "AWSGlue.DeleteSession" &&
                           body.find("-probe") != std::string::npos;
      const std::string refusal = R"({"__type":"IllegalSessionStateException"})";
      if (!peer.send(refuses
                         ? "HTTP/1.1 400 -\r\nContent-Length: " + std::to_string(refusal.size()) + "\r\n\r\n" + refusal
                         : testing_support::answer_well(service, head, body)))
        return;
    }
  });
  const auto ended =
      testing_support::Process({PROGRAM_PATH, "run", "--endpoint", server.url(), "--filter", "delete.plain.id",
                                "--effect-wait", "0.1", "--report-dir", folder_.path()},
                               {})
          .wait();
  EXPECT_EQ(ended.status, 3) << ended.out;
  EXPECT_THAT(ended.out, HasSubstr("1 passed, 0 failed"));
  EXPECT_THAT(ended.out, HasSubstr("LEFT BEHIND \"gc"));
  EXPECT_THAT(ended.out, HasSubstr("sweep " + path_));
  EXPECT_THAT(ended.out, HasSubstr("The run could not delete what it created. (exit status 3)"));
  const std::string report = testing_support::contents(folder_.file("junit.xml"));
  EXPECT_THAT(report, HasSubstr("a session that the run created could not be deleted"));
  EXPECT_EQ(service.session_count(), 1U);
  EXPECT_EQ(sweep(), 1);
  deletes = true;
  EXPECT_EQ(sweep(), 0) << out_;
  EXPECT_EQ(service.session_count(), 0U);
}

}  // namespace
}  // namespace conformance::cli::sweep_command_test
