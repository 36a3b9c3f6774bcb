// The side calls: creates, sees and deletes what the cases need, by the life cycle of the spec table.
//
//     Resource resource(table, factory, sender);
//     std::vector<Created> made = resource.create({"a", "b"});
//     std::optional<std::map<std::string, std::string>> all = resource.list();   // id -> state
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/judge/verdict.h"
#include "harness/run/request_factory.h"
#include "harness/run/sender.h"
#include "harness/spec/spec_table.h"
#include "harness/wire/exchange.h"

namespace conformance {

struct Created {
  bool ok = false;
  bool taken = false;      // the endpoint has it already
  bool lost = false;       // no answer came: it may have been created
  bool unreached = false;  // with lost: there was no connection
  bool unsure = false;     // it failed in a way that does not say that nothing was made
  bool throttled = false;  // until patience ended
  bool unsent = false;     // the bound on requests has no room for it
  bool refused = false;    // as invalid
  bool unknown = false;    // the endpoint has no such operation
  bool pending = false;    // not yet in a state in which it can be used
  std::string answer;      // what was answered otherwise, one line
};

// True if the endpoint says that it has no such operation: by the error's type, or by a status that means nothing else.
[[nodiscard]] bool is_unknown_operation(const Answer& answer);

// True if a creation that was answered so has made nothing: one that failed may have.
[[nodiscard]] bool surely_made_nothing(const Answer& answer);

// Bytes of a response to any call but a listing: a wave keeps hundreds of them.
inline constexpr std::size_t largest_answer = 256U << 10U;

// Makes a response that is larger a failure of its own, and lets go of it.
void refuse_excess(wire::Exchange& exchange);

// Bytes of an exchange's `received` that are kept for people once it has been read: more than any report shows.
inline constexpr std::size_t most_shown = 16U << 10U;

// Lets go of the rest. One that broke off is left alone: how much came of it is judged.
void keep_what_is_shown(wire::Exchange& exchange);
// And of everything else that only the judge needed.
void keep_what_is_shown_once_judged(wire::Exchange& exchange);

class Resource {
 public:
  // All must outlive it. `create_body`: in place of the life cycle's own, unless empty.
  Resource(const spec::SpecTable& table, const RequestFactory& factory, Sender& sender, std::string create_body = {});

  // One answer for each identifier, in order.
  [[nodiscard]] std::vector<Created> create(const std::vector<std::string>& ids);
  // All resources with their states, over all pages; nullopt if the endpoint does not answer with a list. One that has
  // not ended after 10,000 pages, 100,000 resources, 64 MiB or 30 seconds is taken to have no end: it is not asked for
  // again.
  [[nodiscard]] std::optional<std::map<std::string, std::string>> list();
  // The state of each, nullopt where the answer is that it does not exist; outer nullopt if an answer is neither.
  [[nodiscard]] std::optional<std::map<std::string, std::string>> get(const std::vector<std::string>& ids);
  // The body of a call for one resource, in ASCII.
  [[nodiscard]] std::string body(const spec::LifecycleCall& call, const std::string& id) const;
  // The state that a success to `call` tells; empty if it tells none.
  [[nodiscard]] static std::string state_in(const wire::Exchange& exchange, const spec::LifecycleCall& call,
                                            const spec::SpecTable& table);
  // Deletes each; the answers, in order.
  std::vector<Answer> remove(const std::vector<std::string>& ids);

  // The last answer to list() or get(): why it could not be seen.
  [[nodiscard]] const Answer& last_seen() const { return last_seen_; }
  // Of the last request of the last listing.
  [[nodiscard]] wire::TransportFailure last_failure() const { return last_failure_; }
  // Of the last whole listing.
  [[nodiscard]] std::size_t pages() const { return pages_; }
  // It is being made.
  [[nodiscard]] bool pending(const std::string& state) const;
  // It is being made or stopped.
  [[nodiscard]] bool passing(const std::string& state) const;

 private:
  // An answer is read as it comes and let go of: there may be one for every session of a run.
  void call(const spec::LifecycleCall& call, const std::vector<std::string>& ids,
            const std::function<void(std::size_t, const wire::Exchange&)>& done);

  const spec::SpecTable& table_;
  const RequestFactory& factory_;
  Sender& sender_;
  spec::LifecycleCall create_;
  std::size_t pages_ = 1;
  bool endless_list_ = false;
  wire::TransportFailure last_failure_ = wire::TransportFailure::none;
  Answer last_seen_;
};

}  // namespace conformance
