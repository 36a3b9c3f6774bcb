// What every answer of the operation is held to, whatever was asked: its form, not its meaning.
//
// The judge uses it for the answer to a case; a run gathers it over all answers, so that a defect of the answers' form
// is one finding with examples and not a red line for every case.
//
//     for (const AnswerCheck& check : check_answer(exchange, classify(exchange, table), table))
//       if (!check.held) …  // check.requirement, check.expected, check.actual
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/judge/verdict.h"
#include "harness/spec/spec_table.h"
#include "harness/wire/exchange.h"

namespace conformance {

struct AnswerCheck {
  std::string requirement;
  bool held = false;
  std::string expected, actual;  // one line each
  std::string cause = {};        // the latter without what differs from answer to answer (Judgement::causes)
};

// The media type of the protocol, on a success and on an error.
[[nodiscard]] AnswerCheck check_media_type(const wire::Response& response, const spec::SpecTable& table);

// That what came is HTTP; nothing where no answer came at all, which is the network's.
[[nodiscard]] std::optional<AnswerCheck> check_http(const wire::Exchange& exchange, const Answer& answer,
                                                    const spec::SpecTable& table);

// What an error must look like; nothing for a success, nor for a 5xx without a type: that is a server fault, and its
// HTML no second finding.
[[nodiscard]] std::vector<AnswerCheck> check_error_shape(const Answer& answer, const spec::SpecTable& table);

// All that one answer can show: HTTP, media type, the shape of errors, the JSON text, the request id, and
// that an error gives nothing of the server's inside away. Nothing but HTTP if there is no response.
[[nodiscard]] std::vector<AnswerCheck> check_answer(const wire::Exchange& exchange, const Answer& answer,
                                                    const spec::SpecTable& table);

// What in `text` comes from inside of a server: a stack trace, a path, a credential. What the request itself says
// (`asked`) may be said back. Empty if nothing.
[[nodiscard]] std::string leak_in(std::string_view text, std::string_view asked);

}  // namespace conformance
