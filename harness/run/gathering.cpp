#include "harness/run/gathering.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "harness/judge/classify.h"
#include "harness/text/escape.h"
#include "harness/text/numbers.h"
#include "harness/text/stable_hash.h"
#include "harness/wire/response_reader.h"

namespace conformance {
namespace {

constexpr std::string_view id_header = "x-amzn-RequestId";
constexpr std::size_t most_cause_bytes = 200;  // endpoints have a say in them

}  // namespace

void Gathering::add(const std::string& case_id, const wire::Exchange& exchange) {
  for (const wire::Response& response : exchange.earlier) {
    wire::Exchange one;
    one.sent = exchange.sent;
    one.response = response;
    add_one(case_id, one);
  }
  add_one(case_id, exchange);
}

void Gathering::add_one(const std::string& case_id, const wire::Exchange& exchange) {
  for (const AnswerCheck& check : check_answer(exchange, classify(exchange, table_), table_))
    take(check, case_id, exchange);
  if (!exchange.response) return;
  if (const wire::Header* id = find_header(exchange.response->headers, id_header))
    take(unique_id(is_new_id(id->value)), case_id, exchange);
}

std::size_t Gathering::remember(std::string_view sent, std::string_view received) {
  wire::Exchange exchange;
  wire::ResponseReader reader({});
  if (reader.feed(received) == wire::ResponseReader::State::complete) exchange.response = reader.take();
  exchange.sent = sent;
  exchange.received = received;
  known_.push_back({.checks = check_answer(exchange, classify(exchange, table_), table_)});
  return known_.size() - 1;
}

void Gathering::add_known(std::size_t like, std::string_view request_id) {
  Known& known = known_.at(like);
  ++known.answers;
  if (request_id.empty()) return;
  ++known.identified;
  if (is_new_id(request_id)) return;
  ++known.repeated;
  wire::Exchange exchange;
  exchange.detail = "one of very many that are not kept";
  take(unique_id(false), "a sweep", exchange);
}

AnswerCheck Gathering::unique_id(bool held) const {
  return {table_.checks.request_id_unique, held, "a request id that no other answer has",
          "one that an earlier answer had"};
}

bool Gathering::is_new_id(std::string_view request_id) { return ids_.insert(text::stable_hash(request_id)); }

void Gathering::take(const AnswerCheck& check, const std::string& case_id, const wire::Exchange& exchange) {
  Tally& tally = tallies_[check.requirement];
  ++tally.answers;
  if (check.held) return;
  if (tally.failed++ == 0) {
    tally.first = exchange;
    tally.expected = check.expected;
    tally.actual = check.actual;
  }
  if (!check.cause.empty() && tally.causes.size() < most_causes)
    tally.causes.insert(text::elide(text::visible(check.cause), most_cause_bytes));
  if (tally.examples.size() < most_examples &&
      std::find(tally.examples.begin(), tally.examples.end(), case_id) == tally.examples.end())
    tally.examples.push_back(case_id);
}

// With those that are like others.
Gathering::Tally Gathering::tally_of(const std::string& requirement) const {
  Tally tally = tallies_.at(requirement);
  for (const Known& known : known_) {
    // Those with an old one are in the tally.
    if (requirement == table_.checks.request_id_unique) tally.answers += known.identified - known.repeated;
    for (const AnswerCheck& check : known.checks) {
      if (check.requirement != requirement) continue;
      tally.answers += known.answers;
      tally.failed += check.held ? 0 : known.answers;
    }
  }
  return tally;
}

CaseResult Gathering::conclude(const Case& test) const {
  CaseResult result;
  result.test = test;
  Judgement& judgement = result.judgement;
  judgement.requirement = test.requirement;
  if (!tallies_.contains(test.requirement)) {
    judgement.verdict = Verdict::skipped;
    judgement.reason = "no answer of this run could show it";
    return result;
  }
  const Tally tally = tally_of(test.requirement);
  judgement.checks.push_back({test.requirement, tally.failed == 0});
  if (tally.failed == 0) {
    judgement.verdict = Verdict::pass;
    judgement.note = fmt::format("{} answers", text::with_commas(tally.answers));
    return result;
  }
  judgement.verdict = Verdict::fail;
  judgement.expected = tally.expected;
  judgement.causes.assign(tally.causes.begin(), tally.causes.end());
  judgement.actual = fmt::format("{} of {} answers: {}", text::with_commas(tally.failed),
                                 text::with_commas(tally.answers), tally.actual);
  judgement.note =
      fmt::format("in {}{}", fmt::join(tally.examples, ", "), tally.failed > tally.examples.size() ? ", …" : "");
  judgement.answer = classify(*tally.first, table_);
  result.stimulus = tally.first;
  // That an answer repeats an earlier one shows in neither by itself.
  if (test.requirement != table_.checks.request_id_unique) result.met_in = tally.examples;
  result.elapsed = tally.first->elapsed;
  return result;
}

}  // namespace conformance
