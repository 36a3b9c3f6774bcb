#include "harness/run/bulk_examples.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace conformance {
namespace {

using State = BulkResults::State;

constexpr std::size_t growth = 8;
constexpr std::size_t most_at_once = 65536;
constexpr std::size_t most_judged = 256;  // that are kept of those that were asked at once

}  // namespace

BulkExamples::BulkExamples(const Property& property, Write write, Sender& sender, const spec::SpecTable& table,
                           Gathering& gathering, Judge judge, std::size_t connections)
    : property_(property),
      write_(std::move(write)),
      sender_(sender),
      table_(table),
      gathering_(gathering),
      judge_(std::move(judge)),
      known_(table.echo),
      at_once_(4 * std::max<std::size_t>(connections, 1)) {}

bool BulkExamples::learn(std::string_view sent, std::string_view received) {
  if (!known_.learn(received)) return false;
  remembered_.push_back(gathering_.remember(sent, received));
  return true;
}

void BulkExamples::learn(const CaseResult& result) {
  if (result.judgement.verdict != Verdict::pass || !result.stimulus) return;
  // One that ends the connection ends a pipeline.
  if (!result.stimulus->response || !result.stimulus->response->keep_alive) worth_it_ = false;
  (void)learn(result.stimulus->sent, result.stimulus->received);
}

void BulkExamples::write(Asking& asking, std::size_t i, std::string& to) {
  body_.clear();
  property_.valid_body(asking.first + i, body_);
  if (body_.empty()) return;
  write_(to, body_);
  ++asking.sent;
}

void BulkExamples::take(Asking& asking, std::size_t i, const wire::PipelinedAnswer& answer) {
  ++asking.answered;
  if (known_.recognises(answer.received)) {
    gathering_.add_known(remembered_.at(known_.which()), known_.request_id());
    asking.states[i] = State::passed;
    return;
  }
  // What is throttled is no answer to the question.
  std::optional<wire::Exchange> exchange = exchange_of(answer);
  if (exchange && !is_throttled(*exchange, table_)) judge(asking, i, std::move(*exchange));
}

// Those with the least numbers are kept, so that the order in which answers come decides nothing.
void BulkExamples::judge(Asking& asking, std::size_t i, wire::Exchange exchange) {
  if (asking.judged.size() >= most_judged && asking.judged.rbegin()->first < i) return;
  const std::string sent = exchange.sent, received = exchange.received;
  CaseResult result = judge_(property_.example(asking.first + i), std::move(exchange));
  if (result.judgement.verdict == Verdict::pass && !learn(sent, received)) {
    asking.states[i] = State::passed;
    return;
  }
  asking.states[i] = State::judged;
  asking.judged.emplace(i, std::move(result));
  if (asking.judged.size() <= most_judged) return;
  const auto last = std::prev(asking.judged.end());
  asking.states[last->first] = State::open;
  asking.judged.erase(last);
}

BulkResults BulkExamples::ask(const Campaign::Examples& examples) {
  Asking asking;
  asking.first = examples.first;
  asking.states.resize(static_cast<std::size_t>(std::min<std::uint64_t>({examples.count, at_once_, sender_.left()})));
  const bool each_answered_once = sender_.pipeline(
      asking.states.size(), {[&](std::size_t i, std::string& to) { write(asking, i, to); },
                             [&](std::size_t i, const wire::PipelinedAnswer& answer) { take(asking, i, answer); }});
  if (!each_answered_once) {
    asking.states.assign(asking.states.size(), State::open);
    asking.judged.clear();
  }
  worth_it_ = each_answered_once && 2 * asking.answered > asking.sent;
  at_once_ = std::min(growth * at_once_, most_at_once);
  BulkResults results{std::move(asking.states), {}};
  results.judged.assign(std::make_move_iterator(asking.judged.begin()), std::make_move_iterator(asking.judged.end()));
  return results;
}

}  // namespace conformance
