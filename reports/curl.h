// How to see a failure again: with this program, or with curl and nothing else.
//
//     out << replay_line(info, result) << "\n";
//     if (curl_can_send(result)) out << curl_line(info, table.service, result);
//
// Of a record these are what it holds (CaseResult::reproduction), so that no report knows whether it listens to a run.
#pragma once

#include <string>

#include "harness/run/events.h"
#include "harness/wire/exchange.h"

namespace conformance::reports {

// A POSIX shell line that sends the request with its body byte for byte. Credentials come from the environment
// variables that AWS's tools use, else they are test and test as in a run, or curl complains where a run found others
// elsewhere; no secret is in the line.
[[nodiscard]] std::string curl_line(const RunInfo& info, const std::string& service, const wire::Request& request);
// The same of a result for which curl_can_send().
[[nodiscard]] std::string curl_line(const RunInfo& info, const std::string& service, const CaseResult& result);

// False where the case is about how the message is put on the wire, which curl does its own way: in pieces, with
// another framing, after other messages; its replay sends the same bytes. False too where no request was made, and of a
// story, which is more than one.
[[nodiscard]] bool curl_can_send(const CaseResult& result);

// Where curl cannot by HTTP: a line that puts the same bytes on a connection, unsigned, by curl's Telnet, or openssl
// for TLS. Empty where they do not go out in one piece, or hold the byte FF.
[[nodiscard]] std::string bytes_line(const RunInfo& info, const CaseResult& result);

// The command that asks the same again. For a verdict on all answers of a run: a run of the cases in which it was met.
[[nodiscard]] std::string replay_line(const RunInfo& info, const CaseResult& result);

// All of them, for a record to keep.
[[nodiscard]] Reproduction reproduction_of(const RunInfo& info, const spec::SpecTable& table, const CaseResult& result);

}  // namespace conformance::reports
