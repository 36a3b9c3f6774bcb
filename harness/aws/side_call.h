// Asks a server beside the endpoint under test: who gives credentials, or says whose they are.
//
// By the project's own client, since it is the stricter one: a call ends by its deadline, an answer has a bound, and a
// certificate is checked for its host. What such a server says is quoted to people, and may say our secrets back: so
// quoting is done here.
//
//     const SideAnswer answer = ask(url, request, {.timeout = 2s});
//     if (!answer.response) …  // answer.why_not
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/wire/client.h"
#include "harness/wire/exchange.h"
#include "harness/wire/url.h"

namespace conformance::aws {

struct SideAnswer {
  std::optional<wire::Response> response;
  std::string why_not;    // "no answer within …", in words without any of the server's
  bool is_there = false;  // somebody answered, even if it was not HTTP
};

// Host and User-Agent are added. One connection, one exchange. Throws wire::UsageError if the CA bundle cannot be read.
[[nodiscard]] SideAnswer ask(const wire::Url& server, wire::Request request, wire::ClientOptions options);

// In harmless words, within a line: "::", which every ARN has, is a command of a runner only where a line begins.
[[nodiscard]] std::string shown(std::string_view text);

// A part of an answer in harmless words for a message, not too long, and nothing if it holds more than eleven bytes in
// a row of a secret.
[[nodiscard]] std::string quote(std::string_view text, const std::vector<std::string>& secrets);

}  // namespace conformance::aws
