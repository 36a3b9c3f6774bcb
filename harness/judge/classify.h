// Reads a response into an answer: what it was, before anybody asks whether it was right.
//
// Clients of awsJson find an error's type in the body's `__type` or `code` or in the header X-Amzn-ErrorType (Smithy,
// AWS JSON 1.1 protocol, "Operation error serialization"); the first that is there decides the outcome, and where it
// was is kept, so that the requirement on `__type` can be judged by itself.
//
//     Answer answer = classify(exchange, table);
//     if (answer.outcome == spec::Outcome::rejected_as_invalid) …
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "harness/judge/verdict.h"
#include "harness/spec/spec_table.h"
#include "harness/wire/exchange.h"

namespace conformance {

// Bytes, about, that an answer keeps of each text that an endpoint chose.
inline constexpr std::size_t longest_text = 4096;

// Never throws, whatever the bytes.
[[nodiscard]] Answer classify(const wire::Exchange& exchange, const spec::SpecTable& table);
// The same for whoever needs the body too: what parse_shallow makes of it, if there is a response.
[[nodiscard]] Answer classify(const wire::Exchange& exchange, const nlohmann::json& body, const spec::SpecTable& table);

// "com.amazon.coral.service#FooError:http://…" -> "FooError" (Smithy: after the first '#', before the first ':').
[[nodiscard]] std::string bare_type(std::string_view type);

// "application/x-amz-json-1.1; charset=utf-8" -> "application/x-amz-json-1.1", in lower case.
[[nodiscard]] std::string media_type(std::string_view content_type);

}  // namespace conformance
