// Turns "a plain request, put on the wire in this way" into a case.
//
// Why: the suites on HTTP ask what becomes of one and the same good request when the bytes around its body are
// unusual, so they differ in how the message is put and in nothing else. Each case has a session of its own, by which
// it is seen whether the request was carried out.
//
//     Case c = accepted(b, "http.header.lower_case", "header names in lower case", "http.header.read",
//                       [](const wire::Message& m) { return with_names(m.head, ascii::lower) + m.body; });
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/case/case_builder.h"

namespace conformance::suites {

// The bytes to send in place of a message.
using Put = std::function<std::string(const wire::Message&)>;
// The same where it takes more than one write.
using Speak = std::function<wire::Conversation(const wire::Message&)>;

// One turn that carries the bytes of `put`.
[[nodiscard]] Speak in_one_write(Put put, wire::Conversation::End end = wire::Conversation::End::answered);
// The same, and where no answer comes soon, our side is closed: so that nobody waits for more.
[[nodiscard]] Speak in_one_write_and_no_more(Put put);

// A case of `kind` that asks of a plain request for a session of its own what becomes of it as `speak` has it. Its
// answer may have any form; unless it is valid, its control is the plain request.
[[nodiscard]] Case http_case(const CaseBuilder& b, std::string id, std::string title, std::string requirement,
                             Kind kind, Speak speak);
// What must be accepted.
[[nodiscard]] Case accepted(const CaseBuilder& b, std::string id, std::string title, std::string requirement, Put put);
// What must be refused: with any 4xx, or by an end of the connection.
[[nodiscard]] Case refused(const CaseBuilder& b, std::string id, std::string title, std::string requirement,
                           Speak speak);
// What HTTP leaves open: anything but a server fault will do.
[[nodiscard]] Case left_open(const CaseBuilder& b, std::string id, std::string title, std::string characteristic,
                             Speak speak);

// `head` with `lines`, each with its CR LF, in the place of its Content-Length.
[[nodiscard]] std::string with_length_lines(std::string_view head, std::string_view lines);
// `head` with `lines` before its blank line.
[[nodiscard]] std::string with_lines(std::string_view head, std::string_view lines);
// `head` with `version` at the end of its request line.
[[nodiscard]] std::string with_version(std::string_view head, std::string_view version);

}  // namespace conformance::suites
