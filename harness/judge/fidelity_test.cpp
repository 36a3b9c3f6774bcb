#include "harness/judge/fidelity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "harness/judge/classify.h"

namespace conformance::fidelity_test {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Pair;

const spec::SpecTable& table() { return spec::builtin_table(); }
const Way directly{"upstream:1", "/", "gc00000001"}, by_proxy{"proxy:2", "/", "gc00000002"};

Case plain() {
  Case c;
  c.id = "delete.plain.id";
  c.requirement = "delete.success";
  c.session = c.expected_echo = "gc00000002-a";
  return c;
}

// What one way gave, to be changed.
struct Given {
  int status = 200;
  std::string body = R"({"Id":"gc00000001-a"})";
  std::vector<wire::Header> headers{{"Content-Type", "application/x-amz-json-1.1"}, {"x-amzn-RequestId", "1"}};
  std::optional<bool> gone = true;
  Verdict verdict = Verdict::pass;
  std::string blamed = "delete.success";
  std::string target = "/";
  std::string codings = "identity";
  std::string sent = "POST / HTTP/1.1\r\n\r\n{}";
  wire::TransportFailure failure = wire::TransportFailure::none;
};

Given error(const char* type, int status = 400) {
  Given given;
  given.status = status;
  given.body = std::string(R"({"__type":")") + type + R"(","message":"no"})";
  given.gone = false;
  return given;
}

Given page(int status) {
  Given given = error("", status);
  given.body = "<html>no</html>";
  given.headers = {{"content-type", "text/html"}};
  return given;
}

wire::Response response_of(const Given& given) {
  wire::Response response;
  response.status = given.status;
  response.headers = given.headers;
  response.body = given.body;
  return response;
}

ProxyFacts facts_with(const std::function<void(ProxyFacts&)>& change) {
  ProxyFacts facts;
  change(facts);
  return facts;
}

Course course(const Case& test, const Given& given, const Way& way) {
  wire::Exchange exchange;
  exchange.sent = given.sent;
  exchange.failure = given.failure;
  if (given.failure == wire::TransportFailure::none) exchange.response = response_of(given);
  Judgement judgement;
  judgement.verdict = given.verdict;
  judgement.requirement = given.blamed;
  judgement.answer = classify(exchange, table());
  judgement.gone = given.gone;
  wire::Request request;
  request.target = given.target;
  request.headers = {{"Host", way.authority}, {"Accept-Encoding", given.codings}};
  return course_of(test, judgement, request, exchange, way);
}

Fidelity compared(const Given& one, const Given& other, const Case& test = plain(), const ProxyFacts& facts = {}) {
  return compare(test, course(test, one, directly), course(test, other, by_proxy), facts, table());
}

std::string blamed(const Given& one, const Given& other, const Case& test = plain()) {
  const Fidelity found = compared(one, other, test);
  return found.verdict == Verdict::fail ? found.requirement : std::string(name_of(found.verdict));
}

Given other_run(Given given) {
  if (const std::size_t at = given.body.find(directly.prefix); at != std::string::npos)
    given.body.replace(at, directly.prefix.size(), by_proxy.prefix);
  return given;
}

TEST(Fidelity, IsThereWhereOnlyTheIdentifiersOfTheRunsDiffer) {
  EXPECT_EQ(blamed(Given{}, other_run(Given{})), "pass");
  EXPECT_EQ(blamed(error("ValidationException"), error("ValidationException")), "pass");
}

TEST(Fidelity, KnowsTheRequirementsOnProxies) {
  for (const spec::Requirement& r : table().requirements)
    EXPECT_EQ(is_on_proxies(table(), r.id), r.id.starts_with("proxy.")) << r.id;
}

TEST(Fidelity, DoesNotJudgeTheUpstream) {
  Given wrong = error("InternalServiceException", 500);
  wrong.verdict = Verdict::fail;
  EXPECT_EQ(blamed(wrong, wrong), "pass");
}

TEST(Fidelity, BlamesWhatSaysMostOfTheCause) {
  EXPECT_EQ(blamed(error("ValidationException"), page(400)), "proxy.error_body");
  EXPECT_EQ(blamed(error("ValidationException"), page(502)), "proxy.outcome");
  EXPECT_EQ(blamed(error("ValidationException"), error("ValidationException", 422)), "proxy.status");
  EXPECT_EQ(blamed(error("ValidationException"), error("InvalidInputException")), "proxy.type");
  EXPECT_EQ(blamed(error("ValidationException"), error("InvalidSignatureException")), "proxy.signature");
  EXPECT_EQ(blamed(Given{}, page(413)), "proxy.body_limit");
  EXPECT_EQ(blamed(Given{}, page(431)), "proxy.header_limit");
  Given large = page(400);
  large.sent = "POST / HTTP/1.1\r\nX: " + std::string(9000, 'x') + "\r\n\r\n{}";
  EXPECT_EQ(blamed(Given{}, large), "proxy.header_limit");
  Given longer = other_run(Given{});
  longer.body += "\n";
  EXPECT_EQ(blamed(Given{}, longer), "proxy.body");
  Given kept = other_run(Given{});
  kept.gone = false;
  EXPECT_EQ(blamed(Given{}, kept), "proxy.effect");
  Given silent;
  silent.failure = wire::TransportFailure::timeout;
  EXPECT_EQ(blamed(Given{}, silent), "proxy.outcome");
}

TEST(Fidelity, NamesAHostThatIsShownToBeRewritten) {
  const Fidelity found = compared(Given{}, error("InvalidSignatureException"), plain(),
                                  facts_with([](ProxyFacts& f) { f.host_seen = "upstream:1"; }));
  EXPECT_EQ(found.requirement, "proxy.host");
  EXPECT_THAT(found.actual, HasSubstr("upstream:1"));
}

TEST(Fidelity, LetsAProxyChangeWhatIsOfItsConnection) {
  Given other = other_run(Given{});
  other.headers = {{"content-type", "application/x-amz-json-1.1"},
                   {"x-amzn-requestid", "2"},
                   {"server", "proxy"},
                   {"via", "1.1 proxy"},
                   {"transfer-encoding", "chunked"}};
  Given one;
  one.headers.push_back({"Content-Length", "5"});
  const Fidelity found = compared(one, other);
  EXPECT_EQ(found.verdict, Verdict::pass);
  EXPECT_THAT(found.traits, Contains(Pair("proxy.header_names", "in lower case")));
  EXPECT_THAT(found.traits, Contains(Pair("proxy.added_headers", "server, transfer-encoding, via")));
  EXPECT_THAT(found.traits, Contains(Pair("proxy.framing", "chunks in place of a length")));
}

TEST(Fidelity, AsksForTheOtherHeaderFields) {
  Given other = other_run(Given{});
  other.headers.pop_back();
  EXPECT_EQ(blamed(Given{}, other), "proxy.headers");
  EXPECT_THAT(compared(Given{}, other).actual, HasSubstr("no x-amzn-RequestId"));
  other = other_run(Given{});
  other.headers.front().value = "application/json";
  EXPECT_EQ(blamed(Given{}, other), "proxy.headers");
}

TEST(Fidelity, DoesNotAskForWhatTheUpstreamSaysOtherwiseEachTime) {
  Given other = other_run(Given{});
  other.body = R"({"Id":"gc00000002-a","at":2})";
  other.headers.push_back({"X-Served-By", "2"});
  Given one;
  one.headers.push_back({"X-Served-By", "1"});
  EXPECT_EQ(compared(one, other).requirement, "proxy.body");
  EXPECT_EQ(compared(one, other, plain(), facts_with([](ProxyFacts& f) { f.unstable = {"proxy.body"}; })).requirement,
            "proxy.headers");
  EXPECT_EQ(compared(one, other, plain(), facts_with([](ProxyFacts& f) {
                       f.unstable = {"proxy.body", "proxy.headers"};
                     }))
                .verdict,
            Verdict::pass);
}

TEST(Fidelity, AllowsACodingOnlyWhereItIsAskedFor) {
  Given other = other_run(Given{});
  other.headers.push_back({"Content-Encoding", "gzip"});
  EXPECT_EQ(blamed(Given{}, other), "proxy.content_coding");
  other.codings = "gzip, deflate";
  const Fidelity found = compared(Given{}, other);
  EXPECT_EQ(found.verdict, Verdict::pass);
  EXPECT_THAT(found.traits, Contains(Pair("proxy.compressed", HasSubstr("gzip"))));
}

TEST(Fidelity, HoldsAPathToComingThrough) {
  Given one = error("UnknownOperationException", 404), other = other_run(Given{});
  one.target = other.target = "//";
  EXPECT_EQ(blamed(one, other), "proxy.path");
  Given refused = page(400);
  refused.target = "//";
  EXPECT_EQ(blamed(one, refused), "pass");  // RFC 9112 section 3: whoever reads it first may
  Given redirected = page(301);
  redirected.target = "//";
  EXPECT_EQ(blamed(one, redirected), "proxy.path");
}

TEST(Fidelity, BlamesThePathForASignatureThatFailsForItAlone) {
  Given one, other = error("InvalidSignatureException");
  one.target = other.target = "//";
  EXPECT_EQ(compared(one, other).requirement, "proxy.path");
  EXPECT_EQ(compared(one, other, plain(), facts_with([](ProxyFacts& f) { f.refuses_all = true; })).requirement,
            "proxy.signature");
}

TEST(Fidelity, TakesAGatewaysWordForAnUpstreamThatDoesNotAnswer) {
  Given silent;
  silent.failure = wire::TransportFailure::closed;
  silent.gone = false;
  EXPECT_EQ(blamed(silent, page(502)), "pass");
  EXPECT_EQ(blamed(silent, other_run(Given{})), "proxy.outcome");
}

Case about_the_message(const char* requirement, Kind kind) {
  Case c = plain();
  c.requirement = requirement;
  c.kind = kind;
  c.speak = [](const std::vector<wire::Message>&) { return wire::Conversation{}; };
  return c;
}

Given failing(Given given, const char* requirement) {
  given.verdict = Verdict::fail;
  given.blamed = requirement;
  return given;
}

TEST(FidelityOfMessages, HoldsAProxyToWhatHttpRequires) {
  const Case malformed = about_the_message("http.length.invalid", Kind::malformed);
  const Given refused = error("MalformedHttpRequestException");
  EXPECT_EQ(blamed(refused, page(400), malformed), "pass");
  EXPECT_EQ(blamed(refused, failing(other_run(Given{}), "http.length.invalid"), malformed), "proxy.http");
  const Case valid = about_the_message("http.chunked.read", Kind::valid);
  EXPECT_EQ(blamed(Given{}, failing(page(400), "http.chunked.read"), valid), "proxy.http");
  const Given both = failing(page(400), "http.chunked.read");
  EXPECT_EQ(blamed(both, both, valid), "pass");
}

TEST(FidelityOfMessages, LetsAProxyBeSilentToWhatIsNoMessage) {
  const Case broken = about_the_message("http.incomplete", Kind::malformed);
  Given silent = failing(Given{}, "http.incomplete");
  silent.failure = wire::TransportFailure::timeout;
  silent.gone = false;
  EXPECT_EQ(blamed(error("MalformedHttpRequestException"), silent, broken), "pass");
  silent.gone = true;
  EXPECT_EQ(blamed(error("MalformedHttpRequestException"), silent, broken), "proxy.http");
}

TEST(FidelityOfMessages, LetsAProxyMendWhatTheTableNames) {
  const Case header = about_the_message("http.header.grammar", Kind::malformed);
  const Given refused = error("MalformedHttpRequestException");
  const Fidelity found = compared(refused, failing(other_run(Given{}), "http.header.grammar"), header);
  EXPECT_EQ(found.verdict, Verdict::pass);
  EXPECT_THAT(found.note, HasSubstr("RFC 9110 section 2.4"));
  EXPECT_THAT(found.traits, Contains(Pair("proxy.answers_itself", "http.header.grammar: 200")));
}

TEST(FidelityOfVerdicts, BlamesWhatAnAnswerLikeThisWasBlamedFor) {
  Case property = plain();
  property.property = std::make_shared<const Property>();
  const Given failed = failing(page(400), "request.refuse");
  EXPECT_EQ(compared(Given{}, failed, property).requirement, "proxy.outcome");
  ProxyFacts facts;
  facts.blamed_for[kind_of(course(property, failed, by_proxy).answer)] = "proxy.error_body";
  EXPECT_EQ(compared(Given{}, failed, property, facts).requirement, "proxy.error_body");
  EXPECT_EQ(compared(failed, failed, property).verdict, Verdict::pass);
  EXPECT_EQ(compared(failed, Given{}, property).requirement, "proxy.outcome");
}

TEST(FidelityOfVerdicts, BlamesForAllAnswersWhatTheCasesAreBlamedFor) {
  Case gathering = plain();
  gathering.gathers = true;
  const Given failed = failing(Given{}, "answer.request_id");
  EXPECT_EQ(
      compared(Given{}, failed, gathering, facts_with([](ProxyFacts& f) { f.blamed_where_met = "proxy.headers"; }))
          .requirement,
      "proxy.headers");
  EXPECT_EQ(compared(failed, Given{}, gathering).verdict, Verdict::pass);
}

TEST(Fidelity, IsNeverASilentPass) {
  const Case test = plain();
  Course unsent;
  unsent.verdict = Verdict::skipped;
  unsent.reason = "needs a session";
  const Course sent = course(test, Given{}, directly);
  EXPECT_EQ(compare(test, sent, unsent, {}, table()).verdict, Verdict::inconclusive);
  EXPECT_EQ(compare(test, unsent, sent, {}, table()).verdict, Verdict::inconclusive);
  EXPECT_EQ(compare(test, unsent, unsent, {}, table()).verdict, Verdict::skipped);
  EXPECT_EQ(blamed(Given{}, error("ThrottlingException")), "inconclusive");
}

}  // namespace
}  // namespace conformance::fidelity_test
