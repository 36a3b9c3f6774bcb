#include "harness/wire/response_reader.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "harness/wire/ascii.h"

namespace conformance::wire {
namespace {

constexpr std::string_view protocol = "HTTP/";
// A chunk size and its extensions; the largest in the wild are a few dozen bytes.
constexpr std::size_t max_chunk_line_bytes = 4096;

// RFC 9110 section 5.6.2.
bool is_token_character(char c) {
  return ascii::is_alnum(c) || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

// Neither HTAB, nor visible, nor of the upper half (RFC 9110 section 5.5).
bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t') || byte == 0x7f;
}

std::size_t find_control(std::string_view text) {
  return static_cast<std::size_t>(std::find_if(text.begin(), text.end(), is_control) - text.begin());
}

// Calls visit with each element of a comma-separated list (RFC 9110 section 5.6.1), trimmed, empty ones left out.
template <typename Visit>
void for_each_element(std::string_view list, Visit visit) {
  while (!list.empty()) {
    const std::string_view element = list.substr(0, list.find(','));
    list.remove_prefix(std::min(list.size(), element.size() + 1));
    if (const std::string_view trimmed = ascii::trim(element); !trimmed.empty()) visit(trimmed);
  }
}

}  // namespace

ResponseReader::ResponseReader(Limits limits) : limits_(limits) {}

ResponseReader::State ResponseReader::fail(TransportFailure failure, std::uint64_t position, std::string_view what) {
  state_ = State::failed;
  failure_ = failure;
  detail_ = "byte " + std::to_string(position) + ": ";
  detail_.append(what);
  return state_;
}

ResponseReader::State ResponseReader::malformed(std::uint64_t position, std::string_view what) {
  return fail(TransportFailure::malformed, position, what);
}

ResponseReader::State ResponseReader::feed(std::string_view bytes) {
  while (state_ == State::need_more && !bytes.empty()) {
    switch (step_) {
      case Step::status_line:
        if (take_line(bytes, limits_.max_header_bytes, "the header section")) take_status_line();
        break;
      case Step::header:
        if (take_line(bytes, limits_.max_header_bytes, "the header section")) take_header_line();
        break;
      case Step::trailer:
        if (take_line(bytes, limits_.max_header_bytes, "the trailer section")) take_trailer_line();
        break;
      case Step::chunk_size:
        if (take_line(bytes, max_chunk_line_bytes, "a chunk size line")) take_chunk_size();
        break;
      case Step::fixed_body:
      case Step::open_body:
      case Step::chunk_data:
        take_body(bytes);
        break;
      case Step::chunk_end:
        take_chunk_end(bytes);
        break;
      case Step::done:
        break;
    }
  }
  if (step_ == Step::done && !bytes.empty()) {
    leftover_ += bytes.size();
    if (limits_.followed) return state_;
    malformed(consumed_, std::to_string(leftover_) + (leftover_ == 1 ? " byte" : " bytes") + " after the body");
  }
  return state_;
}

ResponseReader::State ResponseReader::end_of_stream() {
  if (state_ != State::need_more) return state_;
  const std::string so_far = std::to_string(response_.body.size());
  switch (step_) {
    case Step::open_body:
      finish();
      return state_;
    case Step::fixed_body:
      return fail(TransportFailure::closed, consumed_,
                  "the connection ended after " + so_far + " of " + std::to_string(response_.body.size() + body_left_) +
                      " bytes of the body");
    case Step::chunk_size:
    case Step::chunk_data:
    case Step::chunk_end:
    case Step::trailer:
      return fail(TransportFailure::closed, consumed_,
                  "the connection ended in a chunked body, after " + so_far + " bytes of it");
    default:
      return fail(TransportFailure::closed, consumed_,
                  consumed_ == 0 ? "the connection ended before any byte of the response"
                                 : "the connection ended in the header section");
  }
}

Response ResponseReader::take() { return std::move(response_); }

bool ResponseReader::take_line(std::string_view& bytes, std::size_t limit, std::string_view limit_name) {
  if (line_.empty()) line_start_ = consumed_;
  const std::size_t before = line_.size();
  const std::size_t line_feed = bytes.find('\n');
  const std::size_t count = line_feed == std::string_view::npos ? bytes.size() : line_feed + 1;
  // One byte over the limit is enough to know, so that where the bytes are cut does not change the answer.
  const std::size_t room = limit - std::min(limit, section_bytes_);
  const std::size_t taken = std::min(count, room);
  line_.append(bytes.substr(0, taken));

  // Bytes of another protocol may never bring a line end: they are known by their first difference.
  if (step_ == Step::status_line) {
    for (std::size_t i = before; i < std::min(line_.size(), protocol.size()); ++i) {
      if (line_[i] == protocol[i]) continue;
      malformed(line_start_ + i, "the status line does not start with HTTP/");
      return false;
    }
  }
  if (count > room) {
    fail(TransportFailure::too_large, consumed_ + taken,
         std::string(limit_name) + " is longer than " + std::to_string(limit) + " bytes");
    return false;
  }
  section_bytes_ += count;
  consumed_ += count;
  bytes.remove_prefix(count);
  if (line_feed == std::string_view::npos) return false;

  if (line_.size() < 2 || line_[line_.size() - 2] != '\r') {
    malformed(consumed_ - 1, "a line ends in LF without CR");
    return false;
  }
  line_.resize(line_.size() - 2);
  if (const std::size_t position = line_.find('\r'); position != std::string::npos) {
    malformed(line_start_ + position, "CR without LF");
    return false;
  }
  return true;
}

// RFC 9112 section 4.
void ResponseReader::take_status_line() {
  const std::string line = std::exchange(line_, {});
  const std::string_view rest = std::string_view(line).substr(std::min(line.size(), protocol.size()));
  if (rest.size() < 3 || !ascii::is_digit(rest[0]) || rest[1] != '.' || !ascii::is_digit(rest[2])) {
    malformed(line_start_ + protocol.size(), "the status line has no HTTP version");
    return;
  }
  if (rest[0] != '1') {
    malformed(line_start_ + 5, "the HTTP version is not 1.x");
    return;
  }
  minor_version_ = rest[2] - '0';
  const bool has_status = rest.size() >= 7 && rest[3] == ' ' && ascii::is_digit(rest[4]) && ascii::is_digit(rest[5]) &&
                          ascii::is_digit(rest[6]);
  if (!has_status || (rest.size() > 7 && rest[7] != ' ')) {
    malformed(line_start_ + 8, "the status line has no status code of three digits");
    return;
  }
  if (rest.size() == 7) {
    malformed(line_start_ + 12, "no space after the status code");
    return;
  }
  response_.status = (rest[4] - '0') * 100 + (rest[5] - '0') * 10 + (rest[6] - '0');
  if (response_.status < 100 || response_.status > 599) {
    malformed(line_start_ + 9, "the status code is not from 100 to 599");
    return;
  }
  const std::string_view reason = rest.substr(8);
  if (const std::size_t position = find_control(reason); position != reason.size()) {
    malformed(line_start_ + 13 + position, "a control character in the reason phrase");
    return;
  }
  response_.reason = reason;
  step_ = Step::header;
}

// RFC 9112 section 5: line_ as name and value, or a fault.
bool ResponseReader::parse_field(Header& header) {
  const std::string_view line = line_;
  if (line.front() == ' ' || line.front() == '\t') {
    malformed(line_start_, "a header line starts with white space (obsolete line folding)");
    return false;
  }
  const std::size_t colon = line.find(':');
  const std::string_view name = line.substr(0, colon);
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (is_token_character(name[i])) continue;
    const bool blank = ascii::trim(name.substr(i)).empty();
    malformed(line_start_ + i, blank && colon != std::string_view::npos ? "white space before the colon of a header"
                               : is_control(name[i])                    ? "a control character in a header name"
                                                                        : "a header name has a character it must not");
    return false;
  }
  if (colon == std::string_view::npos) {
    malformed(line_start_ + line.size(), "a header line has no colon");
    return false;
  }
  if (name.empty()) {
    malformed(line_start_, "a header has no name");
    return false;
  }
  const std::string_view value = line.substr(colon + 1);
  if (const std::size_t position = find_control(value); position != value.size()) {
    malformed(line_start_ + colon + 1 + position, "a control character in a header value");
    return false;
  }
  header.name = name;
  header.value = ascii::trim(value);
  return true;
}

void ResponseReader::take_header_line() {
  if (line_.empty()) {
    begin_body();
    return;
  }
  Header header;
  if (parse_field(header)) response_.headers.push_back(std::move(header));
  line_.clear();
}

// Checked like a header and dropped: no member of a response could be made of it (RFC 9110 section 6.5.1).
void ResponseReader::take_trailer_line() {
  if (line_.empty()) {
    finish();
    return;
  }
  Header header;
  (void)parse_field(header);
  line_.clear();
}

// The length of the body, by RFC 9112 section 6.3.
void ResponseReader::begin_body() {
  const std::uint64_t position = consumed_;
  section_bytes_ = 0;
  if (response_.status < 200) {
    if (response_.status == 101) {
      malformed(position, "status 101, though no upgrade was asked for");
    } else if (++interim_ > limits_.max_interim_responses) {
      malformed(position, "more than " + std::to_string(limits_.max_interim_responses) + " interim responses");
    }
    std::vector<int> interim = std::move(response_.interim);
    interim.push_back(response_.status);
    response_ = Response{};
    response_.interim = std::move(interim);
    step_ = Step::status_line;
    return;
  }

  const Header* length = nullptr;
  const Header* coding = nullptr;
  bool close = false, keep_alive = false;
  for (const Header& header : response_.headers) {
    if (ascii::equal_ignoring_case(header.name, "Content-Length")) {
      if (length) {
        malformed(position, length->value == header.value ? "two Content-Length headers"
                                                          : "two Content-Length headers that differ");
        return;
      }
      length = &header;
    } else if (ascii::equal_ignoring_case(header.name, "Transfer-Encoding")) {
      if (coding) {
        malformed(position, "two Transfer-Encoding headers");
        return;
      }
      coding = &header;
    } else if (ascii::equal_ignoring_case(header.name, "Connection")) {
      for_each_element(header.value, [&](std::string_view option) {
        close = close || ascii::equal_ignoring_case(option, "close");
        keep_alive = keep_alive || ascii::equal_ignoring_case(option, "keep-alive");
      });
    }
  }
  response_.keep_alive = !close && (minor_version_ >= 1 || keep_alive);

  std::uint64_t size = 0;
  if (length) {
    const std::string& digits = length->value;
    if (digits.empty() || !std::all_of(digits.begin(), digits.end(), ascii::is_digit)) {
      malformed(position, "Content-Length is not a number");
      return;
    }
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), size);
    if (result.ec != std::errc()) size = UINT64_MAX;
  }
  if (length && coding) {
    malformed(position, "both Content-Length and Transfer-Encoding");
    return;
  }
  if (limits_.to_head || response_.status == 204 || response_.status == 304) {
    finish();
    return;
  }
  if (coding) {
    if (minor_version_ == 0) {
      malformed(position, "Transfer-Encoding in a response of HTTP/1.0");
    } else if (!ascii::equal_ignoring_case(coding->value, "chunked")) {
      malformed(position, "a Transfer-Encoding other than chunked");
    }
    step_ = Step::chunk_size;
    return;
  }
  if (!length) {
    response_.keep_alive = false;
    step_ = Step::open_body;
    return;
  }
  if (size > limits_.max_body_bytes) {
    fail(TransportFailure::too_large, position,
         "Content-Length is over the cap of " + std::to_string(limits_.max_body_bytes) + " bytes");
    return;
  }
  body_left_ = size;
  step_ = Step::fixed_body;
  if (size == 0) finish();
}

// Framing counts against the cap of the body, or one-byte chunks would carry a multiple of it past the cap.
bool ResponseReader::charge_framing(std::size_t count) {
  framing_bytes_ += count;
  if (framing_bytes_ + response_.body.size() <= limits_.max_body_bytes) return true;
  fail(TransportFailure::too_large, consumed_,
       "the body is over the cap of " + std::to_string(limits_.max_body_bytes) + " bytes");
  return false;
}

// RFC 9112 section 7.1; extensions are skipped, as a recipient must.
void ResponseReader::take_chunk_size() {
  const std::string line = std::exchange(line_, {});
  section_bytes_ = 0;
  std::size_t digits = 0;
  std::uint64_t size = 0;
  bool overflow = false;
  for (; digits < line.size() && ascii::hex_value(line[digits]) >= 0; ++digits) {
    overflow = overflow || size > (UINT64_MAX >> 4);
    size = size * 16 + static_cast<std::uint64_t>(ascii::hex_value(line[digits]));
  }
  const std::string_view extension = std::string_view(line).substr(digits);
  const std::string_view trimmed = ascii::trim(extension);
  // White space is allowed only before the ';' of an extension.
  if (digits == 0 || (!extension.empty() && !trimmed.starts_with(';'))) {
    malformed(line_start_ + digits, "a chunk size is not a hexadecimal number");
    return;
  }
  if (const std::size_t position = find_control(extension); position != extension.size()) {
    malformed(line_start_ + digits + position, "a control character in a chunk extension");
    return;
  }
  if (size == 0) {
    step_ = Step::trailer;
    return;
  }
  if (!charge_framing(line.size() + 4)) return;
  if (overflow || size > limits_.max_body_bytes - framing_bytes_ - response_.body.size()) {
    fail(TransportFailure::too_large, consumed_,
         "a chunk is over the cap of " + std::to_string(limits_.max_body_bytes) + " bytes");
    return;
  }
  body_left_ = size;
  step_ = Step::chunk_data;
}

void ResponseReader::take_body(std::string_view& bytes) {
  const bool open = step_ == Step::open_body;
  const std::uint64_t room = open ? limits_.max_body_bytes - response_.body.size() : body_left_;
  const std::size_t count = static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), room));
  response_.body.append(bytes.substr(0, count));
  consumed_ += count;
  bytes.remove_prefix(count);
  if (open) {
    if (!bytes.empty())
      fail(TransportFailure::too_large, consumed_,
           "the body is over the cap of " + std::to_string(limits_.max_body_bytes) + " bytes");
    return;
  }
  body_left_ -= count;
  if (body_left_ != 0) return;
  if (step_ == Step::chunk_data) {
    chunk_end_seen_ = 0;
    step_ = Step::chunk_end;
  } else {
    finish();
  }
}

void ResponseReader::take_chunk_end(std::string_view& bytes) {
  if (bytes.front() != (chunk_end_seen_ == 0 ? '\r' : '\n')) {
    malformed(consumed_, "no CR LF after the data of a chunk");
    return;
  }
  ++consumed_;
  bytes.remove_prefix(1);
  if (++chunk_end_seen_ == 2) step_ = Step::chunk_size;
}

void ResponseReader::finish() {
  step_ = Step::done;
  state_ = State::complete;
}

}  // namespace conformance::wire
