// Asks examples of a property in bulk: pipelined, and an answer like one that was judged is not judged again.
//
// A request by itself costs the kernel ten times what it costs in a crowd, and nearly all of a property's examples are
// answered alike. What is answered otherwise is judged as it came; what is not answered, or in a form that only the
// strict reader can tell the faults of, is left open and asked by itself. So nothing depends on this but speed, and
// whoever fails is confirmed by itself.
//
//     BulkExamples bulk(property, factory.writer(target), sender, table, gathering, judge_one, 16);
//     bulk.learn(judged);                                     // of those that were asked by themselves
//     while (bulk.is_worth_it() && …) campaign.settle_examples(bulk.ask(campaign.unasked_examples()));
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/judge/known_answers.h"
#include "harness/run/campaign.h"
#include "harness/run/gathering.h"
#include "harness/run/sender.h"

namespace conformance {

class BulkExamples {
 public:
  using Write = std::function<void(std::string& to, const std::string& body)>;
  using Judge = std::function<CaseResult(const Case&, wire::Exchange)>;

  // With fewer examples, what may be lost on an endpoint that takes no pipeline is more than what can be gained.
  static constexpr std::uint64_t least_examples = 500;

  // All must outlive it. `property` has a valid_body; `judge` adds to `gathering` what it judges.
  BulkExamples(const Property& property, Write write, Sender& sender, const spec::SpecTable& table,
               Gathering& gathering, Judge judge, std::size_t connections);

  // From a result of an example: how it was answered, if it passed.
  void learn(const CaseResult& result);

  // Asks the first of them. At first a few, then more and more.
  [[nodiscard]] BulkResults ask(const Campaign::Examples& examples);

  // False after most of what was asked got no answer.
  [[nodiscard]] bool is_worth_it() const { return worth_it_; }

 private:
  struct Asking {
    std::uint64_t first = 0;
    std::vector<BulkResults::State> states;
    std::map<std::size_t, CaseResult> judged;
    std::size_t sent = 0, answered = 0;
  };

  void write(Asking& asking, std::size_t i, std::string& to);
  void take(Asking& asking, std::size_t i, const wire::PipelinedAnswer& answer);
  void judge(Asking& asking, std::size_t i, wire::Exchange exchange);
  // True if it was not known.
  bool learn(std::string_view sent, std::string_view received);

  const Property& property_;
  const Write write_;
  Sender& sender_;
  const spec::SpecTable& table_;
  Gathering& gathering_;
  const Judge judge_;
  KnownAnswers known_;
  std::vector<std::size_t> remembered_;  // by the gathering, of each known answer
  std::size_t at_once_;
  bool worth_it_ = true;
  std::string body_;  // of the example at hand
};

}  // namespace conformance
