// Asks a sweep without sessions in bulk: all of it pipelined in one go, and an answer like one that was judged to pass
// is not judged again.
//
// A million answers are all alike. Each stretch of them counts only with its own control, a valid request that goes in
// between and must be served. In one go, as the end of a pipeline is waited for, and nothing is sent meanwhile. What is
// answered otherwise or not at all is left open and asked by itself: nothing depends on this but speed.
//
//     BulkSweep bulk(test, factory.writer(target), sender, table, gathering, ask_by_itself);
//     bulk.learn(judged);                                     // of those that were asked by themselves
//     while (bulk.is_worth_it() && …) campaign.settle(bulk.ask(campaign.unasked()));
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "harness/judge/known_answers.h"
#include "harness/run/events.h"
#include "harness/run/gathering.h"
#include "harness/run/sender.h"

namespace conformance {

class BulkSweep {
 public:
  using Write = std::function<void(std::string& to, const std::string& body)>;
  using Ask = std::function<wire::Exchange(const std::string& body)>;

  static constexpr std::size_t stretch = 16384;  // requests between two controls

  // All must outlive it. `test` has a sweep with a body, and a control.
  BulkSweep(const Case& test, Write write, Sender& sender, const spec::SpecTable& table, Gathering& gathering, Ask ask);

  // From a result of a code point: how it was answered, if it passed.
  void learn(const CaseResult& result);

  // Asks the first of `points`, as many as may be sent. Which of them passed.
  [[nodiscard]] std::vector<bool> ask(std::span<const char32_t> points);

  // False after most of what was asked did not pass, or a control did not.
  [[nodiscard]] bool is_worth_it() const { return worth_it_; }

 private:
  enum class Control { unanswered, stands, refused };
  struct Asking {
    std::span<const char32_t> points;
    std::vector<bool> passed;
    std::vector<Control> controls;             // of the stretches
    std::size_t answered = 0, recognised = 0;  // since the last control was sent
    bool ended = false;                        // nothing more is sent
  };

  void write(Asking& asking, std::size_t i, std::string& to);
  void take(Asking& asking, std::size_t i, const wire::PipelinedAnswer& answer);
  [[nodiscard]] Control judged(const wire::Exchange& control) const;
  // Lets go of the stretches whose control does not stand.
  void conclude(Asking& asking);

  const Case& test_;
  const Write write_;
  Sender& sender_;
  const spec::SpecTable& table_;
  Gathering& gathering_;
  const Ask ask_;
  KnownAnswers known_;
  std::vector<std::size_t> remembered_;  // by the gathering, of each known answer
  bool worth_it_ = true;
  std::string body_;  // of the point at hand
};

}  // namespace conformance
