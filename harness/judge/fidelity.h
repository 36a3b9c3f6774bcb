// Holds what came of a case through a proxy against what came of it without one. Pure: no network, no clock.
//
// Why: who runs a proxy does not answer for what the upstream does, right or wrong, but for its coming through. So the
// question is not whether an answer conforms but whether it is the same, and, where it is not, what the proxy does.
// What says most of the cause is blamed: a Host that is rewritten, and not each signature that fails for it.
//
// A request that is one message of HTTP as any is compared whole: outcome, status, type, body, header fields, effect.
// What is asked of the message itself (its framing, its syntax, its connection) a proxy answers as the server that it
// is towards its clients: there it is held to what HTTP requires. Of a case of many requests the verdicts are compared.
//
//     const Course direct = course_of(one_result, upstream), proxied = course_of(other_result, proxy);
//     const Fidelity found = compare(test, direct, proxied, facts, table);
//     if (found.verdict == Verdict::fail) …  // found.requirement: "proxy.error_body"
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/case/case.h"
#include "harness/judge/verdict.h"
#include "harness/spec/spec_table.h"
#include "harness/wire/exchange.h"

namespace conformance {

// Where the requests of a run go, and what marks its identifiers.
struct Way {
  std::string authority;  // of the Host that a plain request has
  std::string path;       // of a plain request
  std::string prefix;
};

// How a case went one way: what two ways are compared by, of a bounded size.
struct Course {
  Verdict verdict = Verdict::error;
  std::string requirement, reason;  // as in Judgement
  bool sent = false;                // there is an exchange
  Answer answer;
  wire::TransportFailure failure = wire::TransportFailure::none;
  std::vector<wire::Header> headers;
  std::string body;  // as much of it as is shown, without what differs between two runs
  std::uint64_t body_hash = 0;
  std::size_t body_size = 0;
  std::optional<bool> gone;  // the session that the case names
  // Of the request:
  std::size_t head_sent = 0, body_sent = 0;
  bool other_target = false, other_host = false;  // than those of a plain request
  std::string accepted_codings;                   // Accept-Encoding
};

// Of a case of one stimulus before its messages are shortened; `exchange` is empty where none was sent, and for a case
// of many requests.
[[nodiscard]] Course course_of(const Case& test, const Judgement& judgement, const wire::Request& request,
                               const std::optional<wire::Exchange>& exchange, const Way& way);

enum class Comparison {
  whole,    // everything
  message,  // what HTTP requires of whoever answers
  verdict,
};
[[nodiscard]] Comparison comparison_of(const Case& test, const Course& proxied);

// What is known of the proxy and of the upstream beside the case itself.
struct ProxyFacts {
  bool refuses_all = false;        // not even a plain request is taken for one that is signed
  std::string host_seen;           // Host as the upstream gets it, if it is shown to be another; else empty
  std::set<std::string> unstable;  // requirements in which the upstream's own answers differ from one to the next
  // Kinds of answers through the proxy (kind_of), to what was blamed where the whole was compared.
  std::map<std::string, std::string> blamed_for;
  // Of a verdict on all answers: what the cases are blamed for in which it was met.
  std::string blamed_where_met;
};

struct Fidelity {
  Verdict verdict = Verdict::pass;
  std::string requirement;       // fail: what is blamed
  std::string expected, actual;  // fail
  std::string cause;             // fail: as Judgement::causes; empty: the answer's kind says it
  std::string reason;            // inconclusive, skipped, error
  std::string note;
  std::vector<Check> checks;                                // what was compared
  std::vector<std::pair<std::string, std::string>> traits;  // characteristics of the proxy and what was read of them
};

// True if the requirement is on proxies, which only two ways show.
[[nodiscard]] bool is_on_proxies(const spec::SpecTable& table, std::string_view requirement);

[[nodiscard]] Fidelity compare(const Case& test, const Course& direct, const Course& proxied, const ProxyFacts& facts,
                               const spec::SpecTable& table);

}  // namespace conformance
