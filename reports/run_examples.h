// Runs for the tests of reports: with every member set, and with what an endpoint says of whatever one likes.
//
//     for (const CaseResult& result : examples::one_of_each(examples::hostile())) report.on_case(result);
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "harness/run/events.h"
#include "harness/spec/spec_table.h"

namespace conformance::reports::examples {

// Illegal in XML, in JSON, in UTF-8; commands of terminals and of CI runners; markup.
inline std::string hostile() {
  return std::string("\0\x01\x1b[31m\r\n]]>&<\"'`", 18) + "\xff\xc0\x80\xed\xa0\x80\xef\xbf\xbf\xef\xbf\xbe" +
         "\n::error::injected\n ##[error]injected ##vso[task.x]injected\n</script><script>alert(1)</script>" +
         "<img src=x onerror=alert(1)> [a](javascript:b) ![c](http://d) | e | **f** _g_ ~~h~~ # i\n# j\n- k\n> l\n"
         "```\nm\n@everyone #1 http://n.example \u202eo";
}

inline RunInfo info() {
  RunInfo i;
  i.tool_version = "0.1.0";
  i.endpoint = "http://localhost:5000";
  i.endpoint_arg = "--endpoint http://localhost:5000";
  i.curl_url = "http://localhost:5000/";
  i.region = "us-east-1";
  i.seed = 18446744073709551615U;
  i.sessions = "created";
  i.planned = 6;
  i.available = 3000;
  i.started = std::chrono::sys_days(std::chrono::year(2026) / 11 / 27) + std::chrono::microseconds(3661000001);
  return i;
}

inline RunInfo full_info(const std::string& text) {
  RunInfo i = info();
  i.program = i.upstream = i.replay_args = i.gate_args = i.counterexamples = i.serve_line = i.sweep_line = text;
  i.notes = {text, ""};
  i.plan = std::make_shared<const std::vector<std::string>>(std::vector<std::string>{"a.b", text});
  i.shard = 1;
  i.shards = 3;
  i.tier = Tier::exhaustive;
  i.signed_requests = i.keys_in_environment = false;
  i.fail_level = spec::Level::must;
  return i;
}

inline wire::Response response(const std::string& text) {
  return {.status = 400,
          .reason = text,
          .headers = {{"X-A", text}, {text, ""}},
          .body = text,
          .keep_alive = true,
          .interim = {100, 103}};
}

inline wire::Exchange full_exchange(const std::string& text) {
  wire::Exchange e;
  e.sent = "POST / HTTP/1.1\r\n\r\n" + text;
  e.sent_not_kept = 1;
  e.received = "HTTP/1.1 400 \r\n\r\n" + text;
  e.received_not_kept = 2;
  e.response = response(text);
  e.detail = text;
  e.elapsed = std::chrono::microseconds(1234);
  e.resent = e.peer_closed = true;
  e.earlier = {response(text)};
  e.answered_bytes = 3;
  e.answers_on_connection = 4;
  return e;
}

inline Case full_case(const std::string& text) {
  Case c;
  c.id = "a.b.full";
  c.title = c.requirement = c.characteristic = c.body = c.session = c.expected_echo = text;
  c.area = "a.b";
  c.kind = Kind::free_form;
  c.control_body = text + "!";
  c.bystanders = c.faults = c.readings = {text, "b"};
  c.lengths = {.code_points = 1, .utf16_units = 2, .bytes = 4294967295U};
  c.tier = Tier::smoke;
  c.companions = {{text, Companion::Expected::refused, text}, {"", Companion::Expected::any}};
  c.needs_session = c.asks_which_session = c.names_missing_session = c.spares_session = c.without_session = true;
  c.oversize = c.any_form = c.may_be_dropped = c.must_close = c.gathers = c.looks_back = c.liveness = true;
  c.must_continue = c.is_no_http = c.alone = true;
  c.property = std::make_shared<const Property>(Property{.example = {}, .share = 7});
  c.sweep =
      std::make_shared<const Sweep>(Sweep{.ranges = {{0, 0x10FFFF}}, .room = 1, .most = 2, .stimulus = {}, .body = {}});
  c.story = std::make_shared<const Story>(
      Story{.sessions = {text}, .turns = {{{Verb::stop, 1, text, false}, {}}, {}}, .given_state = text});
  c.forgery = std::make_shared<const Forgery>(Forgery{.of_token = true});
  c.edit = [](wire::Request&) {};
  c.speak = [](const std::vector<wire::Message>&) { return wire::Conversation{}; };
  return c;
}

// Every member is set, and to another value than its default.
inline CaseResult full_result(const std::string& text) {
  CaseResult r;
  r.test = full_case(text);
  Judgement& j = r.judgement;
  j.verdict = Verdict::inconclusive;
  j.requirement = j.expected = j.actual = j.reason = j.note = text;
  j.causes = {text, "b"};
  j.form = {{text, text}};
  j.checks = {{text, true}, {"b", false}};
  j.answer = {.outcome = spec::Outcome::wrong_state,
              .status = 400,
              .type = text,
              .type_place = text,
              .message = text,
              .echo = text,
              .echo_is_no_string = true,
              .body_is_object = true,
              .body_is_empty = true,
              .body_fault = text,
              .message_is_string = false};
  j.carried_out = false;
  j.gone = true;
  j.readings = {{text, text}};
  r.request = {.method = "PUT",
               .target = text,
               .headers = {{"Host", text}},
               .body = text + "?",
               .sign_also = {"x-a"},
               .scheme = "https"};
  r.stimulus = full_exchange(text);
  wire::Exchange lost;
  lost.failure = wire::TransportFailure::timeout;
  r.control = lost;
  r.elapsed = std::chrono::microseconds(5);
  r.sdks = text;
  r.deeds = {{1, "AWSGlue.GetSession", text, text, 2, 3, 4}};
  r.met_in = {"a.b.c"};
  r.warning = r.out_of_bounds = true;
  r.known = KnownFailure{KnownFailure::State::passed, true, text, text, text, text, text, text, text};
  r.reproduction = Reproduction{text, text, text, {text, ""}};
  return r;
}

inline CaseResult result(const std::string& id, Verdict verdict, const std::string& text = "x") {
  CaseResult r;
  r.test.id = id;
  r.test.title = "a title";
  r.test.area = id.substr(0, id.rfind('.'));
  r.test.requirement = r.judgement.requirement = "id.length.max";
  r.judgement.verdict = verdict;
  if (verdict == Verdict::fail) r.judgement.expected = "400 ValidationException";
  if (verdict == Verdict::fail) r.judgement.actual = text;
  if (verdict != Verdict::fail && verdict != Verdict::pass) r.judgement.reason = text;
  r.judgement.answer.message = text;
  r.request.headers = {{"Host", "localhost:5000"}};
  r.test.body = r.request.body = R"({"Id":"a"})";
  r.elapsed = std::chrono::microseconds(1500);
  r.stimulus = wire::Exchange{};
  r.stimulus->sent = "POST / HTTP/1.1\r\n\r\n{}";
  r.stimulus->received = "HTTP/1.1 200 OK\r\n\r\n" + text;
  r.stimulus->response = wire::Response{.status = 200, .reason = "OK", .headers = {}, .body = text, .interim = {}};
  return r;
}

inline std::vector<CaseResult> one_of_each(const std::string& text) {
  std::vector<CaseResult> all = {
      result("a.b.pass", Verdict::pass, text),       result("a.b.fail", Verdict::fail, text),
      result("a.c.error", Verdict::error, text),     result("a.c.inconclusive", Verdict::inconclusive, text),
      result("a.b.skipped", Verdict::skipped, text), result("a.b.warning", Verdict::fail, text)};
  all.back().warning = true;
  return all;
}

inline RunEnd end(const std::string& text) {
  RunEnd e;
  e.totals = {
      .planned = 6, .pass = 2, .fail = 1, .known = 0, .inconclusive = 1, .skipped = 1, .error = 1, .warnings = 1};
  e.characteristics = {{"id.length.unit", text, {text, "b"}}};
  e.exit_status = 1;
  e.elapsed = std::chrono::microseconds(2500000);
  e.requests = 12;
  return e;
}

inline RunEnd full_end(const std::string& text) {
  RunEnd e = end(text);
  e.totals.known = 1;
  e.leftovers = {text};
  e.interrupted = true;
  e.fatal = text;
  e.unwritten = {text};
  e.stale = {text};
  e.not_held = {{text, text}};
  e.watched = {{text, 3, 2, 1}};
  return e;
}

inline void tell(RunListener& listener, const std::vector<CaseResult>& results, const RunInfo& told,
                 const RunEnd& ended) {
  listener.on_start(told, spec::builtin_table());
  for (const CaseResult& r : results) listener.on_case(r);
  listener.on_end(ended);
}

}  // namespace conformance::reports::examples
