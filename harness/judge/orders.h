// Which states of a session some order of overlapping calls explains.
//
// Why: nothing says which of two calls at once comes first, so what they answer and leave is right if any order that
// their times allow explains it (Herlihy and Wing, "Linearizability", 1990, where a call takes effect at one moment
// between its beginning and its end).
//
//     const std::vector<Overlapping> calls = {{Verb::remove, Says::done, 0, 9}, {Verb::create, Says::done, 0, 9}};
//     orders(calls, {.absent = false, .present = true});  // {.absent = false, .present = true}: removed, then created
#pragma once

#include <cstdint>
#include <span>

#include "harness/case/story.h"

namespace conformance {

// What the answer to a call says of the session at its moment.
enum class Says {
  done,     // create: it was not there; get: it is; remove: it is not any more
  not_so,   // create: it was there already; get and remove: it is not there
  nothing,  // the call had no effect, and may have been refused in any state
  made,     // create, where one replaces another: it is there now, whatever was before
  perhaps,  // create and remove: it may have had its effect, or not
};

struct Overlapping {
  Verb verb = Verb::get;  // create, get or remove
  Says says = Says::nothing;
  std::int64_t begun = 0, ended = 0;  // of one clock
};

// What a session may be: either, or both where that is not known; neither if nothing explains what was answered.
struct Possible {
  bool absent = false;
  bool present = false;

  friend bool operator==(const Possible&, const Possible&) = default;
};

inline constexpr std::size_t most_overlapping = 20;

// What the calls may leave of a session that may be `before`. Of more than most_overlapping nothing is known: both.
[[nodiscard]] Possible orders(std::span<const Overlapping> calls, Possible before);

}  // namespace conformance
