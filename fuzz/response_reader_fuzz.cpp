// Any bytes at all as the response of an endpoint, cut anywhere: what the reader makes of them depends on the bytes
// alone, keeps to its limits, and can be classified.
//
// The input is the bytes, and then choices: the limits, whether the connection ends, and where the bytes are cut.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/require.h"
#include "harness/judge/classify.h"
#include "harness/judge/verdict.h"
#include "harness/spec/spec_table.h"
#include "harness/wire/exchange.h"
#include "harness/wire/response_reader.h"

namespace {

using namespace conformance;
using fuzz::require;
using wire::ResponseReader;
using State = wire::ResponseReader::State;

struct Read {
  State state = State::need_more;
  wire::TransportFailure failure = wire::TransportFailure::none;
  std::string detail;
  std::size_t leftover = 0;
  std::optional<wire::Response> response;
};

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7f;
  });
}

// `cuts` are ascending positions within `bytes`.
Read read(std::string_view bytes, const std::vector<std::size_t>& cuts, bool ends, const wire::Limits& limits) {
  ResponseReader reader(limits);
  std::size_t from = 0;
  const auto feed = [&](std::size_t to) {
    const State before = reader.state();
    const State after = reader.feed(bytes.substr(from, to - from));
    require(after == reader.state(), "feed() says what state() says");
    require(before != State::failed || after == State::failed, "a failure stays one");
    require(before != State::complete || after == State::complete || to > from, "nothing is left over of nothing");
    from = to;
  };
  for (const std::size_t cut : cuts) feed(cut);
  feed(bytes.size());
  if (ends) {
    const State before = reader.state();
    const State after = reader.end_of_stream();
    require(after != State::need_more, "the end of the connection ends a response");
    require(before == State::need_more || before == after, "and changes nothing that was decided");
  }
  Read result{reader.state(), reader.failure(), reader.detail(), reader.leftover(), std::nullopt};
  if (result.state == State::complete) result.response = reader.take();
  return result;
}

void check_response(const wire::Response& response, std::string_view bytes, const wire::Limits& limits) {
  require(response.status >= 200 && response.status <= 599, "the status is a final one");
  require(response.body.size() <= bytes.size(), "no more body than was fed");
  require(response.body.size() <= limits.max_body_bytes, "no more body than is allowed");
  require(!has_control(response.reason), "no control character in the reason phrase");
  std::size_t head = 0;
  for (const wire::Header& header : response.headers) {
    head += header.name.size() + header.value.size() + 3;
    require(!header.name.empty() && is_printable(header.name), "the name of a header is a token");
    require(!has_control(header.value), "no control character in a header");
  }
  require(head <= std::min(bytes.size(), limits.max_header_bytes), "no more headers than were fed and are allowed");
  if (limits.to_head) require(response.body.empty(), "the answer to a HEAD has no body");
}

void check(const Read& result, std::string_view bytes, const wire::Limits& limits) {
  require((result.state == State::failed) == (result.failure != wire::TransportFailure::none), "a failure has a kind");
  require((result.state == State::failed) != result.detail.empty(), "a failure has a detail, and nothing else has");
  require(is_printable(result.detail), "a detail quotes nothing");
  require(result.leftover <= bytes.size(), "no more is left over than was fed");
  if (result.response) check_response(*result.response, bytes, limits);
}

void check_same(const Read& a, const Read& b) {
  require(a.state == b.state && a.failure == b.failure, "where the bytes are cut does not decide");
  require(a.detail == b.detail && a.leftover == b.leftover, "where the bytes are cut does not show");
  require(a.response.has_value() == b.response.has_value(), "a response does not depend on where it is cut");
  if (!a.response) return;
  require(a.response->status == b.response->status && a.response->reason == b.response->reason &&
              a.response->headers == b.response->headers && a.response->body == b.response->body &&
              a.response->keep_alive == b.response->keep_alive,
          "nor does any part of it");
}

void check_class(Read result, std::string_view bytes) {
  wire::Exchange exchange;
  exchange.received = bytes;
  exchange.response = std::move(result.response);
  exchange.failure = result.failure;
  exchange.detail = std::move(result.detail);
  try {
    const Answer answer = classify(exchange, spec::builtin_table());
    require(exchange.response || answer.outcome == spec::Outcome::no_response, "without a response there is no answer");
    require(!exchange.response || answer.status == exchange.response->status, "an answer has the response's status");
    require(answer.body_is_object == answer.body_fault.empty(), "a body is an object or has a fault");
    require(answer.type.empty() == answer.type_place.empty(), "a type was found somewhere");
    require(!summary_of(answer).empty(), "every answer has its words");
  } catch (const std::exception&) {
    require(false, "classify() never throws");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  wire::Limits limits;
  const std::size_t choices = input.number(255);
  const bool ends = (choices & 1U) != 0;
  limits.to_head = (choices & 2U) != 0;
  if ((choices & 4U) != 0) limits.max_header_bytes = input.number(255);
  if ((choices & 8U) != 0) limits.max_body_bytes = input.number(255);
  if ((choices & 16U) != 0) limits.max_interim_responses = input.number(3);
  std::vector<std::size_t> cuts;
  for (std::size_t left = choices >> 5U; left > 0; --left) cuts.push_back(input.number(65535));
  const std::string_view bytes = input.rest();
  for (std::size_t& cut : cuts) cut = std::min(cut, bytes.size());
  std::sort(cuts.begin(), cuts.end());

  Read whole = read(bytes, {}, ends, limits);
  check(whole, bytes, limits);
  check_same(whole, read(bytes, cuts, ends, limits));
  std::vector<std::size_t> everywhere;
  for (std::size_t at = 1; at < std::min<std::size_t>(bytes.size(), 4096); ++at) everywhere.push_back(at);
  check_same(whole, read(bytes, everywhere, ends, limits));
  check_class(std::move(whole), bytes);
  return 0;
}
