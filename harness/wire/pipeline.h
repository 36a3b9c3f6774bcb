// Many requests that have no effect, asked as fast as the connections carry them: several in a write, as HTTP/1.1 lets
// a client do (RFC 9112 section 9.3.2), and each answer handed out as the bytes that came.
//
// For sweeps of a million requests, of which an exchange each costs most of the time. It takes answers of the usual
// form only: whatever else comes, or does not come, ends it for that connection, and the caller asks again what is
// left, one by one. So nothing is lost on an endpoint that does not keep up with it, but speed.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "harness/wire/exchange.h"

namespace conformance::wire {

// Of one request among many; gone afterwards.
struct PipelinedAnswer {
  std::string_view sent, received;
  std::chrono::microseconds elapsed{0};  // since the first byte of all that was sent with it
};

struct Pipelined {
  // Appends the bytes of the i-th request; or none, and nothing is sent for it.
  std::function<void(std::size_t, std::string&)> append_request;
  // The i-th request was answered.
  std::function<void(std::size_t, const PipelinedAnswer&)> answered;
};

// The size of the answer at the front of `bytes`: HTTP/1.1, a final status, one Content-Length of at most 64 KiB, no
// Transfer-Encoding and no Connection but keep-alive. 0 if it is not whole yet; npos if it is of another form.
[[nodiscard]] std::size_t usual_answer_size(std::string_view bytes);

// Read strictly; nothing if it is not what it seemed to be.
[[nodiscard]] std::optional<Exchange> exchange_of(const PipelinedAnswer& answer);

}  // namespace conformance::wire
