// What a run tells its listeners. Reports know these events and nothing else.
//
//     class Counter : public RunListener { void on_case(const CaseResult& r) override { ++count_[r.judgement.verdict];
//     } };
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/case/case.h"
#include "harness/judge/verdict.h"
#include "harness/spec/spec_table.h"
#include "harness/wire/exchange.h"

namespace conformance {

struct RunInfo {
  std::string tool_version;
  std::string program = "glue-conformance";  // as a shell runs it again
  std::string endpoint;                      // as given, or "embedded reference endpoint"
  std::string endpoint_arg;     // what to put into a replay command: "--endpoint URL", or empty for the embedded one
  std::string upstream;         // its address, if the endpoint is a proxy that is held against it; else empty
  std::string replay_args;      // further options that the same bytes need: "--seed 7 --sessions none"
  std::string gate_args;        // what else decides which cases are asked and which may fail: "--known-failures k.toml"
  std::string counterexamples;  // the folder that they are saved in; empty: they are not
  std::string serve_line;       // how to start the embedded endpoint again at curl_url; empty for any other
  std::string sweep_line;       // how to delete what is left behind; empty: it ends with the embedded endpoint
  std::string curl_url;
  std::string region;
  std::vector<std::string> notes;  // what else was found out before it began, a line each: whose credentials, say
  bool signed_requests = true;
  bool keys_in_environment = true;  // or else the test keys; false: whoever sends it again has to export them
  std::uint64_t seed = 0;
  std::string sessions;  // the provider in words: "create (CreateSession), seen by ListSessions"
  std::size_t planned = 0;
  std::size_t available = 0;  // cases without any filter; 0: as many as planned
  // The ids of what is asked by all shards together, in the order of the plan; none: nobody asked for them.
  std::shared_ptr<const std::vector<std::string>> plan;
  std::size_t shard = 0, shards = 1;  // which this run is, of how many
  Tier tier = Tier::standard;
  std::chrono::system_clock::time_point started;
  spec::Level fail_level = spec::Level::should;  // the weakest level that fails the run
};

// One call of a story, as it was made.
struct Deed {
  std::size_t turn = 0;  // those of one turn were made at once
  std::string target;    // X-Amz-Target
  std::string body;
  std::string answer;                 // one line, escaped for no medium
  std::int64_t begun = 0, ended = 0;  // microseconds since the story began
  unsigned times = 1;                 // it was made: what waits looks again
};

// How to see a case again, each line as a shell takes it. Made while the functions of the case are at hand, which a
// record cannot keep.
struct Reproduction {
  std::string replay;
  std::string curl;                // empty: curl cannot send it
  std::string bytes;               // empty: it is not sent in one piece
  std::vector<std::string> story;  // a script; empty: it is no story

  friend bool operator==(const Reproduction&, const Reproduction&) = default;
};

// What the user has accepted of a case, and how the case stands to it. Of a pass nobody speaks where it may fail or
// not.
struct KnownFailure {
  enum class State {
    waived,     // it fails as pinned: the verdict is `known`
    otherwise,  // it fails, but not as pinned
    passed      // it was to fail: that is why the verdict is `fail`
  };
  State state = State::waived;
  bool flaky = false;
  std::string pattern;  // that matched, of case ids or requirement ids
  std::string outcome;  // as pinned: "400 ValidationException or 500"
  std::string reason, issue, owner;
  std::string until;  // "2027-01-31": the last day
  std::string place;  // "known.toml:12"

  friend bool operator==(const KnownFailure&, const KnownFailure&) = default;
};
[[nodiscard]] std::string_view name_of(KnownFailure::State state);

// What a case is said to break that passes though it is known to fail: the requirement of no specification.
inline constexpr std::string_view stale_requirement = "known_failures.up_to_date";

struct CaseResult {
  Case test;
  Judgement judgement;
  wire::Request request;  // unsigned, as the case has it: for curl lines
  std::optional<wire::Exchange> stimulus;
  std::optional<wire::Exchange> control;
  std::chrono::microseconds elapsed{0};
  std::string sdks;                 // fail: what users of SDKs see of the answer, one line (see judge/sdk_view.h)
  std::vector<Deed> deeds;          // of a story
  std::vector<std::string> met_in;  // of a verdict on all answers: cases in which it was met, none if it takes them all
  bool warning = false;             // failed a requirement below the level that fails the run
  bool out_of_bounds = false;       // skipped, for --max-requests or --max-sessions
  std::optional<KnownFailure> known;
  // Of a record only: the functions of `test` are not in it, and nothing is to be made of them.
  std::optional<Reproduction> reproduction;
};

// planned = pass + fail + known + inconclusive + skipped + error, always; warnings are counted in `warnings` too but
// among pass + … as `fail` only if they fail the run.
struct Totals {
  std::size_t planned = 0, pass = 0, fail = 0, known = 0, inconclusive = 0, skipped = 0, error = 0, warnings = 0;
};

struct Measured {  // a characteristic
  std::string id;
  std::string reading;                    // "code_points", "ValidationException", "not measured: …"
  std::vector<std::string> observations;  // "255 x U+00E9: 200"
};

// A requirement that is known to fail, in one shard: only all of them together show that it does not any more.
struct Watched {
  std::string stale;  // what to say then
  std::size_t cases = 0, settled = 0, failed = 0;
};

// A pin of the profile that nothing of the run was held to.
struct NotHeld {
  std::string id;  // of the characteristic
  std::string why;
};

struct RunEnd {
  Totals totals;
  std::vector<Measured> characteristics;
  std::vector<NotHeld> not_held;       // in the order of the profile
  std::vector<std::string> leftovers;  // identifiers that the run created and could not delete
  bool interrupted = false;
  std::string fatal;                   // why the endpoint could not be tested at all; empty if it could
  std::vector<std::string> unwritten;  // for each report that could not be written: which, why, what to do
  std::vector<Watched> watched;        // whose cases were not all asked here
  std::vector<std::string> stale;      // for each known failure that does not fail any more: where it is, what to do
  int exit_status = 0;
  std::chrono::microseconds elapsed{0};
  std::size_t requests = 0;  // sent, side calls included
};

class RunListener {
 public:
  virtual ~RunListener() = default;
  virtual void on_start(const RunInfo&, const spec::SpecTable&) {}
  virtual void on_progress(std::size_t /*done*/, std::size_t /*planned*/) {}
  virtual void on_case(const CaseResult&) {}  // once a case and iteration, in the order in which the tests run
  virtual void on_end(const RunEnd&) {}
};

}  // namespace conformance
