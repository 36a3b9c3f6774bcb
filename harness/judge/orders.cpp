#include "harness/judge/orders.h"

#include <cstddef>
#include <vector>

namespace conformance {
namespace {

// What one call leaves of a state.
Possible after(const Overlapping& call, Possible state) {
  const bool removes = call.verb == Verb::remove;
  switch (call.says) {
    case Says::nothing:
      return state;
    case Says::made:
      return {.absent = false, .present = state.absent || state.present};
    case Says::perhaps:
      if (removes) return {.absent = state.absent || state.present, .present = state.present};
      return {.absent = state.absent, .present = state.absent || state.present};
    case Says::done:
      if (removes) return {.absent = state.absent || state.present, .present = false};
      if (call.verb == Verb::create) return {.absent = false, .present = state.absent};
      return {.absent = false, .present = state.present};
    case Says::not_so:
      if (call.verb == Verb::create) return {.absent = false, .present = state.present};
      return {.absent = state.absent, .present = false};
  }
  return {};
}

// Bit i: call i has ended before this one began.
std::uint32_t those_before(std::span<const Overlapping> calls, const Overlapping& call) {
  std::uint32_t before = 0;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    if (calls[i].ended < call.begun) before |= 1U << i;
  }
  return before;
}

}  // namespace

Possible orders(std::span<const Overlapping> calls, Possible before) {
  if (calls.size() > most_overlapping) return {.absent = true, .present = true};
  std::vector<std::uint32_t> earlier;
  for (const Overlapping& call : calls) earlier.push_back(those_before(calls, call));
  // What is possible once the calls of a set have had their effect, in whatever order.
  std::vector<Possible> reached(std::size_t{1} << calls.size());
  reached[0] = before;
  for (std::uint32_t done = 0; done < reached.size(); ++done) {
    const Possible state = reached[done];
    if (!state.absent && !state.present) continue;
    for (std::size_t i = 0; i < calls.size(); ++i) {
      const std::uint32_t bit = 1U << i;
      if ((done & bit) != 0 || (earlier[i] & ~done) != 0) continue;
      const Possible next = after(calls[i], state);
      reached[done | bit].absent = reached[done | bit].absent || next.absent;
      reached[done | bit].present = reached[done | bit].present || next.present;
    }
  }
  return reached.back();
}

}  // namespace conformance
