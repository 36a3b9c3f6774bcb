#include "harness/judge/answer_checks.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <utility>

#include "harness/judge/classify.h"
#include "harness/oracle/json_reader.h"
#include "harness/text/escape.h"

namespace conformance {
namespace {

using spec::Outcome;

constexpr std::string_view request_id_header = "x-amzn-RequestId";

struct Leak {
  std::string_view mark;
  std::string_view name;
  char rare;                             // of the mark's characters the one that is met least often
  std::size_t before = mark.find(rare);  // of its characters
};
// What no message to a client has a reason to hold.
constexpr std::array leaks{
    Leak{"Traceback (most recent call last)", "a stack trace (Python)", '('},
    Leak{"\n\tat ", "a stack trace (Java)", '\n'},
    Leak{"\n    at ", "a stack trace (JavaScript, .NET)", '\n'},
    Leak{"Exception in thread \"", "a stack trace (Java)", '"'},
    Leak{"goroutine 1 [", "a stack trace (Go)", '['},
    Leak{"panicked at ", "a panic (Rust)", 'k'},
    Leak{"site-packages/", "a path", '/'},
    Leak{"node_modules/", "a path", '/'},
    Leak{"/usr/lib/", "a path", '/'},
    Leak{"/usr/local/", "a path", '/'},
    Leak{"/var/task/", "a path", '/'},
    Leak{"/home/", "a path", '/'},
    Leak{"C:\\", "a path", '\\'},
    Leak{"aws_secret_access_key", "a credential", '_'},
    Leak{"AWS_SECRET_ACCESS_KEY", "a credential", '_'},
    Leak{"-----BEGIN ", "a private key", '-'},
};

// Of the marks those with a rare character are between these places; none if they are the same. Most texts hold few
// of those: looking for each mark by itself would cost a sweep a tenth of its time.
struct Place {
  std::uint8_t begin = 0, end = 0;
};
constexpr std::array<Place, 256> places_by_rare = [] {
  std::array<Place, 256> places{};
  for (std::size_t i = 0; i < leaks.size(); ++i) {
    Place& place = places[static_cast<unsigned char>(leaks[i].rare)];
    if (place.end == 0) place.begin = static_cast<std::uint8_t>(i);
    place.end = static_cast<std::uint8_t>(i + 1);
  }
  return places;
}();

constexpr std::array<std::uint8_t, 256> is_rare = [] {
  std::array<std::uint8_t, 256> rare{};
  for (const Leak& leak : leaks) rare[static_cast<unsigned char>(leak.rare)] = 1;
  return rare;
}();

// Of eight characters: without a branch or a loop, which would cost more than looking.
bool has_rare(const char* eight) {
  return [eight]<std::size_t... i>(std::index_sequence<i...>) {
    return (is_rare[static_cast<unsigned char>(eight[i])] | ...) != 0;
  }
  (std::make_index_sequence<8>{});
}

// "byte 17: no colon" as "byte N: no colon".
std::string without_numbers(std::string_view text) {
  std::string without;
  for (const char c : text) {
    const bool is_digit = c >= '0' && c <= '9';
    if (!is_digit)
      without += c;
    else if (!without.ends_with('N'))
      without += 'N';
  }
  return without;
}

// A type from a header says nothing of the body.
std::string with_body_fault(const Answer& answer) {
  std::string summary = summary_of(answer);
  return answer.type.empty() ? summary : fmt::format("{} ({})", summary, answer.body_fault);
}

// Where a body is no JSON at all, another check says so.
std::optional<AnswerCheck> check_json(const wire::Response& response, const spec::SpecTable& table) {
  const oracle::Document document = oracle::read(response.body);
  if (document.grammar_fault) return std::nullopt;
  std::string fault;
  std::string cause;
  if (document.byte_order_mark) cause = fault = "it begins with a byte order mark";
  if (document.fault) {
    fault = oracle::describe(*document.fault);
    cause = oracle::name_of(document.fault->kind);
  }
  if (document.duplicate_name) {
    fault = fmt::format("a name stands twice, at byte {}", *document.duplicate_name);
    cause = "a name stands twice";
  }
  return AnswerCheck{table.checks.json, fault.empty(), "JSON in UTF-8, no byte order mark, each name once", fault,
                     cause};
}

}  // namespace

AnswerCheck check_media_type(const wire::Response& response, const spec::SpecTable& table) {
  const wire::Header* header = wire::find_header(response.headers, "Content-Type");
  const bool held = header != nullptr && media_type(header->value) == table.content_type;
  return {table.checks.content_type, held, "Content-Type: " + table.content_type,
          header == nullptr ? "no Content-Type" : "Content-Type: " + header->value,
          held                ? ""
          : header == nullptr ? "no Content-Type"
                              : "Content-Type: " + media_type(header->value)};
}

std::optional<AnswerCheck> check_http(const wire::Exchange& exchange, const Answer& answer,
                                      const spec::SpecTable& table) {
  using wire::TransportFailure;
  if (exchange.response) return AnswerCheck{table.checks.http, true, "", ""};
  const bool broken = exchange.failure == TransportFailure::malformed ||
                      exchange.failure == TransportFailure::too_large ||
                      (exchange.failure == TransportFailure::closed && broke_off(exchange));
  if (!broken) return std::nullopt;
  return AnswerCheck{table.checks.http, false, "a well-formed HTTP/1.1 response", summary_of(answer),
                     without_numbers(answer.body_fault)};
}

std::vector<AnswerCheck> check_error_shape(const Answer& answer, const spec::SpecTable& table) {
  std::vector<AnswerCheck> checks;
  if (answer.outcome == Outcome::success || (answer.status >= 500 && answer.type.empty())) return checks;
  checks.push_back({table.checks.error_body, answer.body_is_object, "a JSON object that describes the error",
                    with_body_fault(answer), answer.body_fault});
  if (!answer.body_is_object) return checks;
  const spec::Error* error = table.find_error(answer.type);
  checks.push_back({table.checks.error_type, answer.type_place == "__type" && error != nullptr,
                    "`__type` names an error that the service has",
                    answer.type.empty() ? fmt::format("{} with no type", answer.status)
                                        : fmt::format("{} in {}", answer.type, answer.type_place),
                    answer.type.empty() ? "no type" : fmt::format("{} in {}", answer.type, answer.type_place)});
  if (error == nullptr) return checks;
  const bool status_known =
      std::find(error->statuses.begin(), error->statuses.end(), answer.status) != error->statuses.end();
  checks.push_back({table.checks.error_status, status_known,
                    fmt::format("status {} for {}", fmt::join(error->statuses, " or "), answer.type),
                    fmt::format("status {}", answer.status), fmt::format("status {}", answer.status)});
  checks.push_back({table.checks.error_message, answer.message_is_string, "a string as message, if any",
                    "a message that is not a string", "a message that is not a string"});
  return checks;
}

std::vector<AnswerCheck> check_answer(const wire::Exchange& exchange, const Answer& answer,
                                      const spec::SpecTable& table) {
  std::vector<AnswerCheck> checks;
  if (auto http = check_http(exchange, answer, table)) checks.push_back(std::move(*http));
  if (!exchange.response) return checks;
  const wire::Response& response = *exchange.response;
  checks.push_back(check_media_type(response, table));
  std::vector<AnswerCheck> shape = check_error_shape(answer, table);
  std::move(shape.begin(), shape.end(), std::back_inserter(checks));
  if (auto json = check_json(response, table)) checks.push_back(std::move(*json));
  const bool identified = wire::find_header(response.headers, request_id_header) != nullptr;
  checks.push_back({table.checks.request_id, identified, fmt::format("a header {}", request_id_header), "none",
                    identified ? "" : fmt::format("no {}", request_id_header)});
  if (answer.outcome != Outcome::success && answer.outcome != Outcome::unauthenticated) {
    // Of a message that can be read, not its escapes.
    const std::string leak = leak_in(answer.message.empty() ? response.body : answer.message, exchange.sent);
    checks.push_back({table.checks.no_leak, leak.empty(), "nothing of the server's inside", leak, leak});
  }
  return checks;
}

std::string leak_in(std::string_view text, std::string_view asked) {
  std::size_t one_by_one = 0;  // up to there, as one of them is rare
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i >= one_by_one) {
      while (text.size() - i > 8 && !has_rare(text.data() + i)) i += 8;
      one_by_one = i + 8;
    }
    const Place place = places_by_rare[static_cast<unsigned char>(text[i])];
    for (std::size_t k = place.begin; k < place.end; ++k) {
      const Leak& leak = leaks[k];
      if (leak.before > i || !text.substr(i - leak.before).starts_with(leak.mark)) continue;
      if (asked.find(leak.mark) != std::string_view::npos) continue;
      return fmt::format("{}: \"{}\"", leak.name, text::visible(leak.mark));
    }
  }
  return {};
}

}  // namespace conformance
