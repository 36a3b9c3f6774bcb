// Waits for an endpoint that is still starting, as one does that a pipeline started a moment ago.
//
// A connection is not enough: a container's port is open before anybody listens behind it. Asked is for the answer to a
// plain GET, whatever it is, but for what a proxy answers on behalf of somebody who is not there yet (502, 503, 504).
//
//     const std::string fault = wait_for_endpoint(url, client, 30s, [&] { return executor.interrupted(); }, std::cerr);
//     if (!fault.empty()) …   // nobody answered, or a proxy for somebody who is not there
#pragma once

#include <chrono>
#include <functional>
#include <iosfwd>
#include <string>

#include "harness/wire/client.h"
#include "harness/wire/url.h"

namespace conformance::cli {

// Returns within `patience` and a second, or soon after `interrupted` is true: empty if somebody answers, or if it was
// interrupted; else why not, in one line, with the last answer of somebody who still answers for another. Says on `err`
// that it waits, if it has to.
[[nodiscard]] std::string wait_for_endpoint(const wire::Url& endpoint, const wire::ClientOptions& client,
                                            std::chrono::milliseconds patience,
                                            const std::function<bool()>& interrupted, std::ostream& err);

}  // namespace conformance::cli
