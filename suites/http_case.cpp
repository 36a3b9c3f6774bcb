#include "suites/http_case.h"

#include <utility>

#include "harness/text/json_string.h"

namespace conformance::suites {

Speak in_one_write(Put put, wire::Conversation::End end) {
  return [put = std::move(put), end](const wire::Message& message) {
    return wire::Conversation{.turns = {{.bytes = put(message)}}, .end = end};
  };
}

Speak in_one_write_and_no_more(Put put) {
  return [put = std::move(put), patience = std::chrono::milliseconds(250)](const wire::Message& message) {
    return wire::Conversation{
        .turns = {{.bytes = put(message)}}, .end = wire::Conversation::End::half_close, .half_close_after = patience};
  };
}

Case http_case(const CaseBuilder& b, std::string id, std::string title, std::string requirement, Kind kind,
               Speak speak) {
  Case c = CaseBuilder::start(std::move(id), std::move(title), std::move(requirement), kind);
  b.accept(c, b.token(c), text::quote_raw(b.token(c)));
  if (kind != Kind::valid) {
    c.control_body = c.body;
    c.expected_echo.clear();
  }
  c.any_form = true;
  // What is no good request may be read as the beginning of another.
  c.speak = [speak = std::move(speak), open_ended = kind != Kind::valid](const std::vector<wire::Message>& messages) {
    wire::Conversation conversation = speak(messages.back());
    conversation.open_ended = open_ended;
    return conversation;
  };
  return c;
}

Case accepted(const CaseBuilder& b, std::string id, std::string title, std::string requirement, Put put) {
  return http_case(b, std::move(id), std::move(title), std::move(requirement), Kind::valid,
                   in_one_write(std::move(put)));
}

Case refused(const CaseBuilder& b, std::string id, std::string title, std::string requirement, Speak speak) {
  Case c = http_case(b, std::move(id), std::move(title), std::move(requirement), Kind::malformed, std::move(speak));
  c.may_be_dropped = true;
  return c;
}

Case left_open(const CaseBuilder& b, std::string id, std::string title, std::string characteristic, Speak speak) {
  Case c = http_case(b, std::move(id), std::move(title), "http.answered", Kind::free_form, std::move(speak));
  c.characteristic = std::move(characteristic);
  c.may_be_dropped = true;
  return c;
}

std::string with_length_lines(std::string_view head, std::string_view lines) {
  constexpr std::string_view name = "\r\nContent-Length:";
  const std::size_t begin = head.find(name) + 2;
  const std::size_t end = head.find("\r\n", begin) + 2;
  return std::string(head.substr(0, begin)).append(lines).append(head.substr(end));
}

std::string with_lines(std::string_view head, std::string_view lines) {
  return std::string(head.substr(0, head.size() - 2)).append(lines).append("\r\n");
}

std::string with_version(std::string_view head, std::string_view version) {
  const std::size_t end = head.find("\r\n");
  const std::size_t begin = head.rfind(' ', end) + 1;
  return std::string(head.substr(0, begin)).append(version).append(head.substr(end));
}

}  // namespace conformance::suites
