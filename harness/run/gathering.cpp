#include "harness/run/gathering.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "harness/judge/classify.h"
#include "harness/text/stable_hash.h"

namespace conformance {

void Gathering::add(const std::string& case_id, const wire::Exchange& exchange) {
  for (const AnswerCheck& check : check_answer(exchange, classify(exchange, table_), table_))
    take(check, case_id, exchange);
  if (!exchange.response) return;
  if (wire::find_header(exchange.response->headers, "x-amzn-RequestId") == nullptr) return;
  take({table_.checks.request_id_unique, is_new_id(*exchange.response), "a request id that no other answer has",
        "one that an earlier answer had"},
       case_id, exchange);
}

bool Gathering::is_new_id(const wire::Response& response) {
  if (ids_.size() >= most_ids) return true;
  return ids_.insert(text::stable_hash(wire::find_header(response.headers, "x-amzn-RequestId")->value)).second;
}

void Gathering::take(const AnswerCheck& check, const std::string& case_id, const wire::Exchange& exchange) {
  Tally& tally = tallies_[check.requirement];
  ++tally.answers;
  if (check.held) return;
  if (tally.failed++ == 0) {
    tally.first = exchange;
    tally.expected = check.expected;
    tally.actual = check.actual;
  }
  if (tally.examples.size() < most_examples &&
      std::find(tally.examples.begin(), tally.examples.end(), case_id) == tally.examples.end())
    tally.examples.push_back(case_id);
}

CaseResult Gathering::conclude(const Case& test) const {
  CaseResult result;
  result.test = test;
  Judgement& judgement = result.judgement;
  judgement.requirement = test.requirement;
  const auto found = tallies_.find(test.requirement);
  if (found == tallies_.end()) {
    judgement.verdict = Verdict::skipped;
    judgement.reason = "no answer of this run could show it";
    return result;
  }
  const Tally& tally = found->second;
  judgement.checks.push_back({test.requirement, tally.failed == 0});
  if (tally.failed == 0) {
    judgement.verdict = Verdict::pass;
    judgement.note = fmt::format("{} answers", tally.answers);
    return result;
  }
  judgement.verdict = Verdict::fail;
  judgement.expected = tally.expected;
  judgement.actual = fmt::format("{} of {} answers: {}", tally.failed, tally.answers, tally.actual);
  judgement.note =
      fmt::format("in {}{}", fmt::join(tally.examples, ", "), tally.failed > tally.examples.size() ? ", …" : "");
  judgement.answer = classify(*tally.first, table_);
  result.stimulus = tally.first;
  result.elapsed = tally.first->elapsed;
  return result;
}

}  // namespace conformance
