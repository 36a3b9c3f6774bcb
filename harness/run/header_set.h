// Which header fields an answer has, as one line that is the same whenever the same fields are there.
//
// Why: who writes a mock wants to know what the service sends beside the body. Names say so; values differ from answer
// to answer. Names are without case (RFC 9110 section 5.1) and in whatever order, so they are lower-cased and sorted;
// what belongs to one connection or to the framing of one message (section 7.6.1, RFC 9112 section 6) is left out.
//
//     header_set(response.headers)   // "content-type, date, x-amzn-requestid"
//     header_set_text("500:Date, Content-Type")   // as somebody wrote it: "500: content-type, date"
//     set_of("500: content-type")    // of a kind of answer and its set: "content-type"; kind_before() is "500"
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/wire/exchange.h"

namespace conformance {

inline constexpr std::string_view no_header_fields = "no header field";

[[nodiscard]] std::string header_set(const std::vector<wire::Header>& headers);

// What a person wrote of a set, with a kind before it or none, as header_set() and with_kind() have it.
[[nodiscard]] std::string header_set_text(std::string_view written);

// "500: content-type, date", and what is before and behind its first ": ". Of a set alone the kind is empty.
[[nodiscard]] std::string with_kind(std::string_view kind, std::string_view set);
[[nodiscard]] std::string_view kind_before(std::string_view text);
[[nodiscard]] std::string_view set_of(std::string_view text);

}  // namespace conformance
