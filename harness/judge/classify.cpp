#include "harness/judge/classify.h"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "harness/judge/shallow_json.h"
#include "harness/text/escape.h"

namespace conformance {
namespace {

using nlohmann::json;
using spec::Outcome;

// A run keeps an answer for each of its cases: what an endpoint says at length is kept in part. No name of a shape and
// no identifier that can be echoed is as long.
std::string kept(const std::string& text) { return text::elide(text, longest_text); }

std::string string_member(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? kept(found->get_ref<const std::string&>()) : std::string();
}

void read_type(const json& body, const wire::Response& response, Answer& answer) {
  const auto take = [&answer](const std::string& type, const char* place) {
    if (!answer.type_place.empty()) return;
    answer.type = bare_type(type);
    if (!answer.type.empty()) answer.type_place = place;
  };
  if (body.is_object()) {
    take(string_member(body, "__type"), "__type");
    take(string_member(body, "code"), "code");
  }
  if (const wire::Header* header = wire::find_header(response.headers, "X-Amzn-ErrorType"))
    take(kept(header->value), "X-Amzn-ErrorType");
}

void read_message(const json& body, Answer& answer) {
  if (!body.is_object()) return;
  for (const char* name : {"message", "Message"}) {
    const auto found = body.find(name);
    if (found == body.end() || found->is_null()) continue;
    if (!found->is_string()) {
      answer.message_is_string = false;
    } else if (answer.message.empty()) {
      answer.message = kept(found->get_ref<const std::string&>());
    }
  }
}

Outcome outcome_of(const Answer& answer, const spec::SpecTable& table) {
  if (answer.status >= 200 && answer.status < 300) return Outcome::success;
  // Whatever they carry: "not now" is no answer to the question (RFC 6585 section 4, RFC 9110 section 15.6.4).
  if (answer.status == 429 || answer.status == 503) return Outcome::throttled;
  if (const spec::Error* error = table.find_error(answer.type)) return error->outcome;
  if (answer.status >= 500) return Outcome::server_fault;
  return Outcome::unrecognised;
}

}  // namespace

std::string bare_type(std::string_view type) {
  // A namespace ends at '#'; an URI may follow a ':'. The URI may itself hold a '#', so ':' is cut first.
  type = type.substr(0, type.find(':'));
  const std::size_t hash = type.find('#');
  return std::string(hash == std::string_view::npos ? type : type.substr(hash + 1));
}

std::string media_type(std::string_view content_type) {
  content_type = content_type.substr(0, content_type.find(';'));
  while (!content_type.empty() && (content_type.back() == ' ' || content_type.back() == '\t'))
    content_type.remove_suffix(1);
  std::string type(content_type);
  std::transform(type.begin(), type.end(), type.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return type;
}

Answer classify(const wire::Exchange& exchange, const spec::SpecTable& table) {
  return classify(exchange, exchange.response ? parse_shallow(exchange.response->body) : json(), table);
}

Answer classify(const wire::Exchange& exchange, const json& body, const spec::SpecTable& table) {
  Answer answer;
  if (!exchange.response) {
    answer.body_fault = std::string(wire::name_of(exchange.failure));
    if (!exchange.detail.empty()) answer.body_fault += ": " + exchange.detail;
    return answer;
  }
  const wire::Response& response = *exchange.response;
  answer.status = response.status;
  answer.body_is_object = body.is_object();
  answer.body_is_empty = response.body.empty();
  if (response.body.empty()) {
    answer.body_fault = "empty body";
  } else if (body.is_discarded()) {
    answer.body_fault = "body is not JSON";
  } else if (!body.is_object()) {
    answer.body_fault = std::string("body is not an object but JSON ") + body.type_name();
  }
  read_type(body, response, answer);
  read_message(body, answer);
  answer.outcome = outcome_of(answer, table);
  if (answer.outcome == Outcome::success && body.is_object()) {
    const auto echo = body.find(table.echo);
    if (echo != body.end() && echo->is_string()) answer.echo = kept(echo->get_ref<const std::string&>());
    answer.echo_is_no_string = echo != body.end() && !echo->is_string() && !echo->is_null();
  }
  return answer;
}

}  // namespace conformance
