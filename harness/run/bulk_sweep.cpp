#include "harness/run/bulk_sweep.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "harness/judge/classify.h"

namespace conformance {
namespace {

constexpr std::size_t with_control = BulkSweep::stretch + 1;

std::size_t stretches_of(std::size_t points) { return (points + BulkSweep::stretch - 1) / BulkSweep::stretch; }

// Of so many requests, those that are no controls.
std::size_t points_among(std::size_t requests) {
  return requests - requests / with_control - (requests % with_control > 0 ? 1 : 0);
}

}  // namespace

BulkSweep::BulkSweep(const Case& test, Write write, Sender& sender, const spec::SpecTable& table, Gathering& gathering,
                     Ask ask)
    : test_(test),
      write_(std::move(write)),
      sender_(sender),
      table_(table),
      gathering_(gathering),
      ask_(std::move(ask)) {}

void BulkSweep::learn(const CaseResult& result) {
  if (result.judgement.verdict != Verdict::pass || !result.stimulus || !known_.learn(result.stimulus->received)) return;
  remembered_.push_back(gathering_.remember(result.stimulus->sent, result.stimulus->received));
}

void BulkSweep::write(Asking& asking, std::size_t i, std::string& to) {
  const std::size_t point = i - i / with_control;
  const bool is_point = i % with_control < stretch && point < asking.points.size();
  // Where most of a stretch is answered otherwise, the rest of the sweep will be too.
  if (!is_point && 2 * std::exchange(asking.recognised, 0) < std::exchange(asking.answered, 0)) asking.ended = true;
  if (asking.ended) return;
  if (!is_point) return write_(to, *test_.control_body);
  body_.clear();
  test_.sweep->body(asking.points[point], body_);
  write_(to, body_);
}

void BulkSweep::take(Asking& asking, std::size_t i, const wire::PipelinedAnswer& answer) {
  const std::size_t point = i - i / with_control;
  if (i % with_control == stretch || point == asking.points.size()) {
    const std::optional<wire::Exchange> control = wire::exchange_of(answer);
    Control& of_stretch = asking.controls[i / with_control];
    if (control) of_stretch = judged(*control);
    asking.ended = asking.ended || of_stretch == Control::refused;
    return;
  }
  ++asking.answered;
  if (!known_.recognises(answer.received)) return;
  ++asking.recognised;
  asking.passed[point] = true;
  gathering_.add_known(remembered_.at(known_.which()), known_.request_id());
}

BulkSweep::Control BulkSweep::judged(const wire::Exchange& control) const {
  // What is throttled is no answer to the question.
  if (is_throttled(control, table_)) return Control::unanswered;
  const Answer answer = classify(control, table_);
  const bool stands = answer.outcome == spec::Outcome::success || answer.outcome == spec::Outcome::not_found;
  return stands ? Control::stands : Control::refused;
}

void BulkSweep::conclude(Asking& asking) {
  auto begin = asking.passed.begin();
  for (Control control : asking.controls) {
    const auto end = begin + std::min<std::ptrdiff_t>(stretch, asking.passed.end() - begin);
    const bool any_passed = std::find(begin, end, true) != end;
    if (any_passed && control == Control::unanswered) control = judged(ask_(*test_.control_body));
    if (control != Control::stands) std::fill(begin, end, false);
    if (any_passed && control != Control::stands) worth_it_ = false;
    begin = end;
  }
}

std::vector<bool> BulkSweep::ask(std::span<const char32_t> points) {
  Asking asking;
  asking.points = points.first(std::min(points.size(), points_among(sender_.left())));
  asking.passed.resize(asking.points.size());
  asking.controls.resize(stretches_of(asking.points.size()), Control::unanswered);
  const bool each_answered_once =
      sender_.pipeline(asking.points.size() + asking.controls.size(),
                       {[&](std::size_t i, std::string& to) { write(asking, i, to); },
                        [&](std::size_t i, const wire::PipelinedAnswer& answer) { take(asking, i, answer); }});
  if (!each_answered_once) asking.passed.assign(asking.passed.size(), false);
  conclude(asking);
  const auto passed = static_cast<std::size_t>(std::count(asking.passed.begin(), asking.passed.end(), true));
  worth_it_ = worth_it_ && passed > 0 && 2 * passed >= asking.passed.size();
  return std::move(asking.passed);
}

}  // namespace conformance
