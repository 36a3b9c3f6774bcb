// What is put on a connection where the question is how: in pieces, late, several requests in one write, half a
// request.
//
// A request that is sent as usual is a string of bytes. This is for the others: turns on a connection of their own,
// each with the bytes to write and the number of answers to read before the next. It is data; only the client carries
// it out.
//
//     Conversation pipelined{.turns = {{.bytes = first + second, .answers = 2}}};
//     Conversation dropped{.turns = {{.bytes = half, .answers = 0}}, .end = Conversation::End::leave};
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "harness/wire/exchange.h"

namespace conformance::wire {

struct Turn {
  std::string bytes;
  std::size_t piece = 0;  // bytes of a write; 0: all in one
  // After each piece, but for the last one if its answer is awaited.
  std::chrono::milliseconds pause{0};
  std::size_t answers = 1;  // final responses that are read before the next turn, or the end
  // Before the next turn: an interim response (1xx), the final one, or the end of this time. 0: it is not waited for.
  std::chrono::milliseconds await_interim{0};
  bool on_new_connection = false;  // the one before is closed
};

struct Conversation {
  enum class End {
    answered,  // when the last answer has come
    // Our side of the connection is closed after the last byte, before its answers are read. Over TLS too it is that of
    // the connection, without a close_notify: a peer may take that for an attack, and give no answer.
    half_close,
    leave,   // the connection is closed after the last byte, whatever comes
    closed,  // answered, and then it is seen whether the peer closes: Exchange::peer_closed
  };
  std::vector<Turn> turns;  // at least one
  End end = End::answered;
  // Before our side is closed (half_close): until something comes, or the end of this time. A peer may give up the
  // request of a client that closes while it reads.
  std::chrono::milliseconds half_close_after{0};
  // More than one answer may come for the last turn: what is sent can be read as more than one request.
  bool open_ended = false;
};

// A serialised request in its two parts.
struct Message {
  std::string head;  // up to and with the blank line
  std::string body;
  [[nodiscard]] std::string bytes() const { return head + body; }
};

// Of the bytes of a whole message.
[[nodiscard]] inline Message in_parts(const std::string& bytes) {
  const std::size_t end = bytes.find("\r\n\r\n") + 4;
  return {bytes.substr(0, end), bytes.substr(end)};
}

// What the client is to send: one message, or a conversation.
struct Outgoing {
  Outgoing(std::string message) : bytes(std::move(message)) {}  // NOLINT(google-explicit-constructor): the usual one
  Outgoing(Conversation all) : conversation(std::move(all)) {}  // NOLINT(google-explicit-constructor)

  std::string bytes;
  Conversation conversation;  // if it has turns, in place of `bytes`
};

}  // namespace conformance::wire
