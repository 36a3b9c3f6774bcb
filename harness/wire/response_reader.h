// Reads one HTTP/1.1 response as RFC 9112 has it, and names the first fault of one that is not.
//
// Ordinary clients forgive: they guess at a bad length, join two that differ, drop what follows the body. Here the
// guess would hide a fault of the endpoint or, worse, lay it on the next exchange; so nothing is repaired. The work is
// linear in the bytes, however they are cut.
//
//     ResponseReader reader({});
//     while (reader.feed(next_bytes()) == ResponseReader::State::need_more) {}
//     if (reader.state() == ResponseReader::State::complete) use(reader.take()); else report(reader.detail());
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "harness/wire/exchange.h"

namespace conformance::wire {

// All in bytes, inclusive.
struct Limits {
  std::size_t max_header_bytes = 64U << 10;  // of a status line with its header lines; also of a trailer section
  std::size_t max_body_bytes = 16U << 20;    // of a body with its chunk framing
  std::size_t max_interim_responses = 16;    // of status 1xx, before the one that counts
  bool to_head = false;                      // the request was a HEAD: no body follows (RFC 9112 section 6.3)
  bool followed = false;                     // more was asked on the connection: the next answer may come along
};

class ResponseReader {
 public:
  enum class State { need_more, complete, failed };

  explicit ResponseReader(Limits limits);

  // Takes the next bytes of the connection. Bytes after a complete response make it fail, as malformed: nothing has
  // been asked yet that they could answer. If it may be followed, they are left: see leftover().
  State feed(std::string_view bytes);
  // The connection ended: completes a response without a length (RFC 9112 section 6.3, item 8), else fails as closed.
  State end_of_stream();

  [[nodiscard]] State state() const { return state_; }
  // Only once, and only if complete.
  [[nodiscard]] Response take();
  // none unless failed; malformed, too_large or closed.
  [[nodiscard]] TransportFailure failure() const { return failure_; }
  // What is wrong and where, counted from the first byte fed (0); quotes nothing of what was read.
  [[nodiscard]] const std::string& detail() const { return detail_; }
  // The number of bytes after the end of the response.
  [[nodiscard]] std::size_t leftover() const { return leftover_; }
  // Interim responses (1xx) so far.
  [[nodiscard]] std::size_t interim() const { return interim_; }

 private:
  enum class Step { status_line, header, fixed_body, open_body, chunk_size, chunk_data, chunk_end, trailer, done };

  State fail(TransportFailure failure, std::uint64_t position, std::string_view what);
  State malformed(std::uint64_t position, std::string_view what);
  // Appends to line_ up to and with the LF, within `limit`; true if the line is whole.
  bool take_line(std::string_view& bytes, std::size_t limit, std::string_view limit_name);
  void take_status_line();
  void take_header_line();
  void take_trailer_line();
  void take_chunk_size();
  void begin_body();
  void take_body(std::string_view& bytes);
  void take_chunk_end(std::string_view& bytes);
  void finish();
  [[nodiscard]] bool parse_field(Header& header);
  [[nodiscard]] bool charge_framing(std::size_t count);

  Limits limits_;
  State state_ = State::need_more;
  Step step_ = Step::status_line;
  Response response_;
  int minor_version_ = 0;
  std::string line_;                // of the current line, what has come; without its CR LF once it is whole
  std::uint64_t line_start_ = 0;    // the position of its first byte
  std::uint64_t consumed_ = 0;      // bytes taken from all feeds
  std::size_t section_bytes_ = 0;   // of the current header or trailer section
  std::size_t framing_bytes_ = 0;   // of chunk sizes, extensions and line ends
  std::uint64_t body_left_ = 0;     // of the body or the current chunk
  std::size_t chunk_end_seen_ = 0;  // bytes of the CR LF after a chunk
  std::size_t interim_ = 0;
  std::size_t leftover_ = 0;
  TransportFailure failure_ = TransportFailure::none;
  std::string detail_;
};

}  // namespace conformance::wire
