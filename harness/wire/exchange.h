// What was sent and what came back, to the byte.
//
// A request is data until it is sent, and an exchange is data once it is read: nothing here has behaviour but the
// serialiser. The judge and the reports see these types; only the client makes an exchange.
//
//     wire::Request request{.headers = {{"Host", "localhost:5000"}, {"Content-Type", "application/x-amz-json-1.1"}},
//                           .body = R"({"Id":"a"})"};
//     std::string bytes = wire::serialise(request);   // adds Content-Length unless a header of that name is there
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace conformance::wire {

struct Header {
  std::string name;
  std::string value;
  friend bool operator==(const Header&, const Header&) = default;
};

// The first header of that name, compared without case (RFC 9110 section 5.1); nullptr if there is none.
[[nodiscard]] const Header* find_header(const std::vector<Header>& headers, std::string_view name);

struct Request {
  std::string method = "POST";
  std::string target = "/";
  std::vector<Header> headers;  // sent in this order, as they are
  std::string body;
  std::vector<std::string> sign_also{};  // names in lower case of headers that are signed beside those that always are
  std::string scheme = "http";           // of the endpoint: for a target in absolute-form (RFC 9112 section 3.2.2)
};

// The HTTP/1.1 message (RFC 9112 section 2.1), with a final Content-Length header unless the request has one.
[[nodiscard]] std::string serialise(const Request& request);

struct Response {
  int status = 0;  // 100 to 599
  std::string reason;
  std::vector<Header> headers;
  std::string body;          // after removing the framing (chunks)
  bool keep_alive = false;   // the connection may carry another request
  std::vector<int> interim;  // the statuses of the responses 1xx before it
};

// Why there is no response that can be judged.
enum class TransportFailure {
  none,
  resolve,      // the host name has no address
  connect,      // nobody listens, no route, or no connection within the deadline
  tls,          // the handshake or the certificate was refused, or it did not end within the deadline
  timeout,      // sent, and the deadline passed; what had come by then is in `received`
  closed,       // the connection ended before a complete response
  malformed,    // what came is not HTTP as RFC 9112 has it; `detail` names the first fault
  too_large,    // the response is over the cap
  interrupted,  // the run was asked to stop
  given_up,     // not sent: too many in a row before it got no whole answer (ClientOptions::give_up_after)
  left,         // no failure of the peer's: the conversation leaves before an answer is due
};
[[nodiscard]] std::string_view name_of(TransportFailure failure);

struct Exchange {
  std::string sent;                   // the exact request bytes
  std::size_t sent_not_kept = 0;      // how many more came after them, which are not needed any more
  std::string received;               // the exact response bytes, as many as came (up to the cap)
  std::size_t received_not_kept = 0;  // the same of these
  std::optional<Response> response;   // set exactly if failure == none
  TransportFailure failure = TransportFailure::none;
  std::string detail;  // of the failure, for people: what was wrong and where ("byte 17: ..."); may quote no raw bytes
  std::chrono::microseconds elapsed{0};  // from the first byte sent to the last received
  // Sent twice, as the kept connection ended first: the peer may have carried it out twice.
  bool resent = false;
  // Of a conversation: the answers before `response`, which is the last that was asked for.
  std::vector<Response> earlier;
  bool peer_closed = false;  // of a conversation that ends with End::closed: the peer ended the connection
  // Of a conversation: how many bytes of `received` are those of whole answers, and how many answers its last
  // connection had carried before `failure`.
  std::size_t answered_bytes = 0;
  std::size_t answers_on_connection = 0;
};

// True if an answer began and did not end, by the end of the connection or of the time (RFC 9112 section 8). An interim
// response that nothing follows is no answer yet.
[[nodiscard]] bool broke_off(const Exchange& exchange);

}  // namespace conformance::wire
