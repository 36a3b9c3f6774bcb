#include "reports/curl.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

#include "reports/story_script.h"

namespace conformance::reports::curl_test {
namespace {

RunInfo info() {
  RunInfo i;
  i.endpoint_arg = "--endpoint http://localhost:5000";
  i.replay_args = "--seed 7";
  i.curl_url = "http://localhost:5000/";
  i.region = "eu-west-1";
  return i;
}

wire::Request request(std::string body) {
  wire::Request r;
  r.headers = {{"Host", "localhost:5000"},
               {"Content-Type", "application/x-amz-json-1.1"},
               {"X-Amz-Target", "AWSGlue.DeleteSession"},
               {"Authorization", "AWS4-HMAC-SHA256 SECRET"},
               {"Content-Length", "3"}};
  r.body = std::move(body);
  return r;
}

std::string output_of(const std::string& command) {
  std::string out;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return "popen failed";
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) out += static_cast<char>(c);
  pclose(pipe);
  return out;
}

TEST(CurlLine, SaysWhatIsSent) {
  const std::string line = curl_line(info(), "glue", request("{}"));
  EXPECT_NE(line.find(" | curl -sS -i -X POST http://localhost:5000/ -H "), std::string::npos) << line;
  EXPECT_NE(line.find("-H 'X-Amz-Target: AWSGlue.DeleteSession'"), std::string::npos) << line;
  EXPECT_NE(line.find("--aws-sigv4 aws:amz:eu-west-1:glue --user "), std::string::npos) << line;
  EXPECT_NE(line.find("${AWS_SESSION_TOKEN:+-H \"X-Amz-Security-Token: $AWS_SESSION_TOKEN\"}"), std::string::npos);
  EXPECT_TRUE(line.ends_with(" --data-binary @-")) << line;
  EXPECT_EQ(line.find("Host:"), std::string::npos);
  EXPECT_EQ(line.find("Content-Length"), std::string::npos);
}

TEST(CurlLine, SignsWithTheDummyCredentialsOfARunWhereThereAreNone) {
  const std::string line = curl_line(info(), "glue", request("{}"));
  EXPECT_NE(line.find(R"(--user "${AWS_ACCESS_KEY_ID:-test}:${AWS_SECRET_ACCESS_KEY:-test}")"), std::string::npos);
}

TEST(CurlLine, HoldsNoSecret) {
  const std::string line = curl_line(info(), "glue", request("{}"));
  EXPECT_EQ(line.find("AWS4-HMAC-SHA256"), std::string::npos);
}

TEST(CurlLine, HoldsNoSecretWhateverTheCase) {
  wire::Request r;
  r.headers = {{"authorization", "AWS4-HMAC-SHA256 SECRET"}, {"X-Amz-Security-Token", "TOKEN"}};
  const std::string line = curl_line(info(), "glue", r);
  EXPECT_EQ(line.find("AWS4-HMAC-SHA256"), std::string::npos) << line;
  EXPECT_EQ(line.find(": TOKEN"), std::string::npos) << line;
}

TEST(CurlLine, UnsignedWithoutCredentials) {
  RunInfo i = info();
  i.signed_requests = false;
  const std::string line = curl_line(i, "glue", request("{}"));
  EXPECT_EQ(line.find("sigv4"), std::string::npos);
  EXPECT_EQ(line.find("AWS_"), std::string::npos);
}

// curl drops a header given as "Name:", and adds the Content-Type of a form where there is none.
TEST(CurlLine, EmptyAndMissingHeaders) {
  wire::Request r;
  r.headers = {{"X-Empty", ""}};
  const std::string line = curl_line(info(), "glue", r);
  EXPECT_NE(line.find("-H 'X-Empty;'"), std::string::npos) << line;
  EXPECT_NE(line.find("-H Content-Type: "), std::string::npos) << line;
}

TEST(CurlLine, ShellWritesTheBodyByteForByte) {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  for (const std::string& body : {std::string(R"({"Id":"it's \"%s\" \\ $HOME `id`"})"), all, std::string(),
                                  "{\"Id\":\"" + std::string(70000, 'a') + "\"}"}) {
    const std::string line = curl_line(info(), "glue", request(body));
    const std::string command = line.substr(0, line.rfind(" | curl "));
    EXPECT_TRUE(output_of(command) == body) << command.substr(0, 300);
  }
}

TEST(CurlLine, ShellWritesABodyThatBeginsWithADash) {
  const std::string line = curl_line(info(), "glue", request("-n"));
  EXPECT_EQ(output_of(line.substr(0, line.rfind(" | curl "))), "-n");
}

// Answers one request with 200 and keeps its bytes.
class OneShotServer {
 public:
  OneShotServer() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(socket_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(socket_, 1) != 0 ||
        ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
      return;
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~OneShotServer() {
    if (thread_.joinable()) thread_.join();
    ::close(socket_);
  }
  OneShotServer(const OneShotServer&) = delete;
  OneShotServer& operator=(const OneShotServer&) = delete;

  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/"; }
  // Waits for the request.
  const std::string& request() {
    if (thread_.joinable()) thread_.join();
    return request_;
  }

 private:
  void serve() {
    // A client that never comes must not hang the test.
    pollfd waiting{.fd = socket_, .events = POLLIN, .revents = 0};
    if (::poll(&waiting, 1, 10000) != 1) return;
    const int peer = ::accept(socket_, nullptr, nullptr);
    std::size_t wanted = std::string::npos;
    std::array<char, 16384> buffer{};
    while (request_.size() < wanted) {
      const auto n = ::read(peer, buffer.data(), buffer.size());
      if (n <= 0) break;
      request_.append(buffer.data(), static_cast<std::size_t>(n));
      const std::size_t head = request_.find("\r\n\r\n"), length = request_.find("Content-Length: ");
      if (head != std::string::npos && length != std::string::npos && wanted == std::string::npos) {
        wanted = head + 4 + std::stoul(request_.substr(length + 16));
        // curl asks before it sends a large body.
        const std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
        if (request_.find("Expect: 100-continue") < head && ::write(peer, go_on.data(), go_on.size()) < 0) break;
      }
    }
    const std::string_view answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
    if (::write(peer, answer.data(), answer.size()) < 0) request_ += "(no answer was sent)";
    ::close(peer);
  }

  int socket_;
  int port_ = 0;
  std::string request_;
  std::thread thread_;
};

class CurlLineRun : public testing::TestWithParam<bool> {};  // signed or not

TEST_P(CurlLineRun, SendsTheRequest) {
  ASSERT_EQ(std::system("command -v curl >/dev/null 2>&1"), 0) << "install curl, as ./test does";
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  for (const std::string& body : {std::string(R"({"Id":"it's \"%s\" \\ $HOME `id`"})"), all, std::string(),
                                  std::string("-n"), "{\"Id\":\"" + std::string(70000, 'a') + "\"}"}) {
    OneShotServer server;
    RunInfo i = info();
    i.curl_url = server.url();
    i.signed_requests = GetParam();
    wire::Request r = request(body);
    r.headers.push_back({"X-Quoted", "it's $HOME"});
    r.headers.push_back({"X-Empty", ""});
    const std::string output = output_of(
        "export no_proxy='*' AWS_ACCESS_KEY_ID=AKID AWS_SECRET_ACCESS_KEY=hidden AWS_SESSION_TOKEN='to ken'; " +
        curl_line(i, "glue", r));
    EXPECT_TRUE(output.starts_with("HTTP/1.1 ")) << output;
    EXPECT_TRUE(output.ends_with("\r\n\r\n{}")) << output;
    const std::string& sent = server.request();
    const std::size_t end = sent.find("\r\n\r\n");
    ASSERT_NE(end, std::string::npos) << output;
    const std::string head = sent.substr(0, end + 2);
    EXPECT_TRUE(sent.substr(end + 4) == body) << head;
    EXPECT_TRUE(head.starts_with("POST / HTTP/1.1\r\n")) << head;
    for (const char* line : {"\r\nContent-Type: application/x-amz-json-1.1\r\n",
                             "\r\nX-Amz-Target: AWSGlue.DeleteSession\r\n", "\r\nX-Quoted: it's $HOME\r\n"})
      EXPECT_NE(head.find(line), std::string::npos) << head;
    EXPECT_NE(head.find("\r\nX-Empty:"), std::string::npos) << head;
    EXPECT_EQ(head.find("hidden"), std::string::npos);
    // What curl adds may stay where it signs: it would sign what it leaves out.
    for (const char* added : {"\r\nAccept:", "\r\nUser-Agent:"})
      EXPECT_EQ(head.find(added) != std::string::npos, GetParam()) << head;
    for (const char* signed_too : {"SignedHeaders=accept;", ";accept;", "SignedHeaders=user-agent;", ";user-agent;"})
      EXPECT_EQ(head.find(signed_too), std::string::npos) << head;
    const bool is_signed = head.find("\r\nAuthorization: AWS4-HMAC-SHA256 Credential=AKID/") != std::string::npos &&
                           head.find("/eu-west-1/glue/aws4_request") != std::string::npos &&
                           head.find("\r\nX-Amz-Security-Token: to ken\r\n") != std::string::npos;
    EXPECT_EQ(is_signed, GetParam()) << head;
    EXPECT_EQ(head.find("\r\nAuthorization:") != std::string::npos, GetParam()) << head;
  }
}

INSTANTIATE_TEST_SUITE_P(Signed, CurlLineRun, testing::Values(false, true),
                         [](const auto& run) { return run.param ? "Signed" : "Unsigned"; });

TEST(CurlLine, SendsAnotherTargetAndHost) {
  ASSERT_EQ(std::system("command -v curl >/dev/null 2>&1"), 0) << "install curl, as ./test does";
  for (const char* target : {"/x/../y?a=[b]&c=%20", "*", "http://example.com/z"}) {
    for (const bool is_signed : {false, true}) {
      OneShotServer server;
      RunInfo i = info();
      i.curl_url = server.url();
      i.signed_requests = is_signed;
      wire::Request r = request("{}");
      r.target = target;
      r.headers.front().value = "example.com:81";
      const std::string output = output_of("export no_proxy='*'; " + curl_line(i, "glue", r));
      EXPECT_TRUE(output.ends_with("\r\n\r\n{}")) << output;
      const std::string& sent = server.request();
      EXPECT_TRUE(sent.starts_with("POST " + std::string(target) + " HTTP/1.1\r\n")) << sent;
      EXPECT_NE(sent.find("\r\nHost: example.com:81\r\n"), std::string::npos) << sent;
      EXPECT_EQ(sent.find("Host:"), sent.rfind("Host:")) << sent;
    }
  }
}

wire::Conversation spoken_as(const std::vector<wire::Message>& messages, std::size_t piece) {
  return {.turns = {{.bytes = messages.back().bytes(), .piece = piece}}};
}

TEST(CurlCanSend, WhatIsPutOnTheWireInOneAsItIs) {
  CaseResult result;
  result.request = request("{}");
  EXPECT_TRUE(curl_can_send(result));
  result.test.speak = [](const auto& messages) { return spoken_as(messages, 0); };
  EXPECT_TRUE(curl_can_send(result));
}

TEST(CurlCanSend, NotWhatIsAboutTheWire) {
  CaseResult result;
  result.request = request("{}");
  result.test.speak = [](const auto& messages) { return spoken_as(messages, 1); };
  EXPECT_FALSE(curl_can_send(result)) << "a byte at a time";
  result.test.speak = [](const auto& messages) {
    wire::Conversation conversation = spoken_as(messages, 0);
    conversation.turns.front().bytes.erase(9, 1);
    return conversation;
  };
  EXPECT_FALSE(curl_can_send(result)) << "other bytes";
  result.test.speak = [](const auto& messages) {
    wire::Conversation conversation = spoken_as(messages, 0);
    conversation.end = wire::Conversation::End::leave;
    return conversation;
  };
  EXPECT_FALSE(curl_can_send(result)) << "leaves";
  result.test.speak = [](const auto& messages) { return spoken_as(messages, 0); };
  result.test.companions.emplace_back();
  EXPECT_FALSE(curl_can_send(result)) << "after another";
}

TEST(BytesLine, WritesWhatGoesOutInOnePiece) {
  CaseResult result;
  result.request = request("{}");
  EXPECT_EQ(bytes_line(info(), result), "") << "curl sends it";
  result.test.speak = [](const auto& messages) {
    wire::Conversation conversation = spoken_as(messages, 0);
    conversation.turns.front().bytes = "POST / HTTP/1.1\r\n\tfolded\r\n\r\n";
    return conversation;
  };
  const std::string line = bytes_line(info(), result);
  EXPECT_TRUE(line.ends_with("; sleep 2; } | curl -sSN -m 5 telnet://localhost:5000")) << line;
  EXPECT_EQ(output_of(line.substr(2, line.find("; sleep") - 2)), "POST / HTTP/1.1\r\n\tfolded\r\n\r\n");
  RunInfo encrypted = info();
  encrypted.curl_url = "https://[::1]:5000/";
  EXPECT_TRUE(bytes_line(encrypted, result).ends_with(" | openssl s_client -quiet -no_ign_eof -connect '[::1]:5000'"))
      << bytes_line(encrypted, result);
}

TEST(BytesLine, SendsThemAndShowsTheAnswer) {
  ASSERT_EQ(std::system("command -v curl >/dev/null 2>&1"), 0) << "install curl, as ./test does";
  OneShotServer server;
  RunInfo i = info();
  i.curl_url = server.url();
  std::string bytes = "POST / HTTP/1.1\r\nHost: h\r\nX:\tfolded\r\n\tand \x80\x01\xFE\r\nContent-Length: 2\r\n\r\n{}";
  CaseResult result;
  result.request = request("{}");
  result.test.speak = [&bytes](const auto& messages) {
    wire::Conversation conversation = spoken_as(messages, 0);
    conversation.turns.front().bytes = bytes;
    return conversation;
  };
  EXPECT_TRUE(output_of(bytes_line(i, result)).ends_with("\r\n\r\n{}"));
  EXPECT_EQ(server.request(), bytes);
  bytes += '\xFF';
  EXPECT_EQ(bytes_line(i, result), "") << "Telnet doubles it";
}

TEST(BytesLine, IsNoneWhereNoRequestWasMade) {
  CaseResult result;
  EXPECT_FALSE(curl_can_send(result));
  result.test.speak = [](const auto& messages) {
    wire::Conversation conversation = spoken_as(messages, 0);
    conversation.turns.front().bytes.insert(conversation.turns.front().bytes.find("Host:"), "X");
    return conversation;
  };
  EXPECT_FALSE(curl_can_send(result));
  EXPECT_EQ(bytes_line(info(), result), "");
}

TEST(BytesLine, IsNoneWhereTheTimesOrWhatComesBeforeMatter) {
  CaseResult result;
  result.request = request("{}");
  result.test.speak = [](const auto& messages) { return spoken_as(messages, 1); };
  EXPECT_EQ(bytes_line(info(), result), "");
  result.test.speak = [](const auto& messages) { return spoken_as(messages, 0); };
  result.test.companions.emplace_back();
  EXPECT_EQ(bytes_line(info(), result), "");
}

CaseResult named(const std::string& id) {
  CaseResult result;
  result.test.id = id;
  return result;
}

TEST(ReplayLine, RunsTheCasesInWhichAVerdictOnAllAnswersWasMet) {
  CaseResult all = named("every.answer.json");
  all.test.gathers = true;
  all.met_in = {"id.a", "id.b"};
  EXPECT_EQ(replay_line(info(), all),
            "glue-conformance run --filter id.a --filter id.b --filter every.answer.json --endpoint "
            "http://localhost:5000 --seed 7");
  all.met_in.clear();
  EXPECT_EQ(replay_line(info(), all), "glue-conformance run --endpoint http://localhost:5000 --seed 7");
}

TEST(ReplayLine, SendsAGeneratedCaseFromItsFileIfThereIsOne) {
  RunInfo i = info();
  i.endpoint_arg.clear();
  CaseResult generated = named("generated.a");
  generated.test.property = std::make_shared<Property>();
  EXPECT_EQ(replay_line(i, generated), "glue-conformance replay generated.a --seed 7");
  i.counterexamples = "build/report/counter examples";
  EXPECT_EQ(replay_line(i, generated),
            "glue-conformance replay 'build/report/counter examples/generated.a.json' --seed 7");
  EXPECT_EQ(replay_line(i, named("id.a")), "glue-conformance replay id.a --seed 7");
}

TEST(ReplayLine, BeginsAsTheProgramWasInvoked) {
  RunInfo i = info();
  i.program = "build/release/glue-conformance";
  EXPECT_EQ(replay_line(i, named("id.a")),
            "build/release/glue-conformance replay id.a --endpoint http://localhost:5000 --seed 7");
}

TEST(ReplayLine, HasSingleSpaces) {
  RunInfo i = info();
  EXPECT_EQ(replay_line(i, named("id.a")), "glue-conformance replay id.a --endpoint http://localhost:5000 --seed 7");
  i.endpoint_arg.clear();
  EXPECT_EQ(replay_line(i, named("id.a")), "glue-conformance replay id.a --seed 7");
  i.replay_args.clear();
  EXPECT_EQ(replay_line(i, named("id.a")), "glue-conformance replay id.a");
}

TEST(Reproduction, OfARecordIsWhatItHolds) {
  CaseResult result;
  result.test.id = "a.b";
  result.request.headers = {{"Host", "localhost"}};
  result.reproduction = Reproduction{.replay = "r", .curl = "c", .bytes = "b", .story = {"s"}};
  RunInfo info;
  info.curl_url = "http://localhost/";
  EXPECT_TRUE(curl_can_send(result));
  EXPECT_EQ(curl_line(info, "glue", result), "c");
  EXPECT_EQ(bytes_line(info, result), "b");
  EXPECT_EQ(replay_line(info, result), "r");
  EXPECT_EQ(story_script(info, {}, result), std::vector<std::string>{"s"});
  EXPECT_EQ(reproduction_of(info, {}, result), result.reproduction);
  result.reproduction->curl.clear();
  EXPECT_FALSE(curl_can_send(result));
}

TEST(Reproduction, IsWhatTheLinesOfARunAre) {
  CaseResult result;
  result.test.id = "a.b";
  result.request.headers = {{"Host", "localhost"}};
  RunInfo info;
  info.curl_url = "http://localhost/";
  const Reproduction kept = reproduction_of(info, {}, result);
  EXPECT_EQ(kept.curl, curl_line(info, "", result.request));
  EXPECT_EQ(kept.replay, replay_line(info, result));
  result.test.forgery = std::make_shared<const Forgery>();
  EXPECT_EQ(reproduction_of(info, {}, result).curl, "") << "curl signs right";
}

}  // namespace
}  // namespace conformance::reports::curl_test
