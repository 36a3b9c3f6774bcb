#include "reports/html_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <set>

#include "harness/text/escape.h"
#include "harness/text/utf8.h"
#include "reports/sentence.h"

namespace conformance::reports::html {
namespace {

void append_escaped(std::string& out, std::string_view character) {
  if (character == "&") {
    out += "&amp;";
  } else if (character == "<") {
    out += "&lt;";
  } else if (character == ">") {
    out += "&gt;";
  } else {
    out.append(character);
  }
}

void append_quoted(std::string& out, std::string_view character) {
  if (character == "\"") {
    out += "&quot;";
  } else if (character == "'") {
    out += "&#39;";
  } else {
    append_escaped(out, character);
  }
}

std::string name_of(char32_t c) {
  if (c == '\n') return "LF";
  if (c == '\r') return "CR";
  if (c == '\t') return "HT";
  return fmt::format("U+{:04X}", static_cast<std::uint32_t>(c));
}

std::string name_of_byte(char byte) { return fmt::format("x{:02X}", static_cast<unsigned char>(byte)); }

template <typename Shown, typename Named>
void each(std::string_view bytes, const Shown& shown, const Named& named) {
  while (!bytes.empty()) {
    const text::Step next = text::step(bytes);
    if (next.bytes == 0) {
      named(name_of_byte(bytes.front()));
      bytes.remove_prefix(1);
      continue;
    }
    if (text::is_hidden(next.code_point)) {
      named(name_of(next.code_point));
    } else {
      shown(bytes.substr(0, next.bytes));
    }
    bytes.remove_prefix(next.bytes);
  }
}

void append_named(std::string& out, std::string_view name) { out.append("<b>").append(name).append("</b>"); }

// A piece of a <pre>.
void append_lines(std::string& out, std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t end = bytes.find_first_of("\r\n");
    each(
        bytes.substr(0, end), [&](std::string_view character) { append_escaped(out, character); },
        [&](const std::string& name) { append_named(out, name); });
    if (end == std::string_view::npos) return;
    bytes.remove_prefix(end);
    if (bytes.starts_with("\r\n")) {
      out += '\n';
      bytes.remove_prefix(2);
      continue;
    }
    append_named(out, name_of(static_cast<char32_t>(bytes.front())));
    if (bytes.front() == '\n') out += '\n';
    bytes.remove_prefix(1);
  }
}

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

std::size_t back_to_character(std::string_view bytes, std::size_t at) {
  for (int i = 0; i < 3 && at > 0 && at < bytes.size() && is_continuation(bytes[at]); ++i) --at;
  return at;
}

// What is kept of `size` bytes: all, or the beginning, the end, and what is around the marks.
std::vector<Span> kept_of(std::string_view bytes, const std::vector<Span>& marks, std::size_t max) {
  if (bytes.size() <= max) return {{0, bytes.size()}};
  const std::size_t around = max / 6;
  std::vector<Span> wanted = {{0, max / 2}, {bytes.size() - max / 6, bytes.size()}};
  if (!marks.empty()) {
    const Span first = marks.front();
    const std::size_t last = std::min(first.last, first.first + around);
    wanted.push_back({first.first - std::min(first.first, around / 2), std::min(bytes.size(), last + around / 2)});
  }
  std::sort(wanted.begin(), wanted.end(), [](const Span& a, const Span& b) { return a.first < b.first; });
  std::vector<Span> kept;
  for (Span span : wanted) {
    span.first = back_to_character(bytes, span.first);
    span.last = back_to_character(bytes, span.last);
    constexpr std::size_t gap_worth_saying = 24;
    if (!kept.empty() && span.first <= kept.back().last + gap_worth_saying) {
      kept.back().last = std::max(kept.back().last, span.last);
    } else {
      kept.push_back(span);
    }
  }
  return kept;
}

bool differs_anyway(std::string_view line) {
  constexpr std::array<std::string_view, 5> names{
      "content-length:", "x-amz-date:", "authorization:", "x-amz-security-token:", "x-amz-content-sha256:"};
  return std::any_of(names.begin(), names.end(), [line](std::string_view name) {
    return line.size() >= name.size() && std::equal(name.begin(), name.end(), line.begin(), [](char a, char b) {
             return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b - 'A' + 'a') : b);
           });
  });
}

std::vector<Span> lines_of(std::string_view text) {
  std::vector<Span> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    const std::size_t next = end == std::string_view::npos ? text.size() : end + 1;
    lines.push_back({at, next});
    at = next;
  }
  return lines;
}

bool is_marked(const std::vector<Span>& marks, std::size_t at) {
  return std::any_of(marks.begin(), marks.end(), [at](const Span& m) { return at >= m.first && at < m.last; });
}

// One of the two columns of a line of hex; neighbours in one <mark>.
template <typename Cell>
std::string column(std::string_view line, std::size_t offset, const std::vector<Span>& marks, const Cell& cell) {
  std::string out;
  bool open = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const bool marked = is_marked(marks, offset + i);
    if (marked != open) out += marked ? "<mark>" : "</mark>";
    open = marked;
    cell(out, line[i], i);
  }
  return open ? out + "</mark>" : out;
}

}  // namespace

std::string text(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() + 16);
  each(
      bytes, [&](std::string_view character) { append_escaped(out, character); },
      [&](const std::string& name) { append_named(out, name); });
  return out;
}

std::string plain_lines(std::string_view ascii) {
  std::string out;
  for (const char& c : ascii) append_escaped(out, std::string_view(&c, 1));
  return out;
}

std::string attribute(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() + 16);
  each(
      bytes, [&](std::string_view character) { append_quoted(out, character); },
      [&](const std::string& name) { out.append("«").append(name).append("»"); });
  return out;
}

std::string anchor(std::string_view kind, std::string_view id) {
  std::string out = std::string(kind) + "-";
  for (const char c : id) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
    if (plain) {
      out += c;
    } else {
      fmt::format_to(std::back_inserter(out), ":{:02x}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string query_value(std::string_view value) {
  std::string out;
  for (const char c : value) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
    if (plain) {
      out += c;
    } else {
      fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string linked(std::string_view own) {
  constexpr std::array<std::string_view, 2> beginnings{"https://", "github.com/"};
  std::string out;
  while (!own.empty()) {
    std::size_t at = std::string_view::npos;
    for (const std::string_view beginning : beginnings) at = std::min(at, own.find(beginning));
    out += text(own.substr(0, at));
    if (at == std::string_view::npos) return out;
    own.remove_prefix(at);
    std::size_t end = std::min(own.find_first_of(" ,;()<>\"'"), own.size());
    while (end > 0 && (own[end - 1] == '.' || own[end - 1] == ':')) --end;
    const std::string_view address = own.substr(0, end);
    const std::string_view scheme = address.starts_with("https://") ? "" : "https://";
    out += fmt::format(R"(<a href="{}{}" rel="noreferrer">{}</a>)", scheme, attribute(address), text(address));
    own.remove_prefix(end);
  }
  return out;
}

Span difference(std::string_view bytes, std::string_view other) {
  const std::size_t shorter = std::min(bytes.size(), other.size());
  std::size_t front = 0, back = 0;
  while (front < shorter && bytes[front] == other[front]) ++front;
  front = back_to_character(bytes, front);
  while (back < shorter - front && bytes[bytes.size() - 1 - back] == other[other.size() - 1 - back]) ++back;
  while (back > 0 && is_continuation(bytes[bytes.size() - back])) --back;
  return {front, bytes.size() - back};
}

std::vector<Span> other_lines(std::string_view head, std::string_view other) {
  std::multiset<std::string_view> there;
  for (const Span& line : lines_of(other)) there.insert(other.substr(line.first, line.last - line.first));
  std::vector<Span> marks;
  for (const Span& line : lines_of(head)) {
    const std::string_view words = head.substr(line.first, line.last - line.first);
    if (const auto found = there.find(words); found != there.end()) {
      there.erase(found);
      continue;
    }
    if (differs_anyway(words)) continue;
    const std::size_t end = words.ends_with("\r\n") ? line.last - 2 : line.last;
    marks.push_back({line.first, end});
  }
  return marks;
}

std::string wire_text(std::string_view bytes, const std::vector<Span>& marks, std::size_t max) {
  std::string out;
  std::size_t told = 0;
  for (const Span& kept : kept_of(bytes, marks, max)) {
    if (kept.first > told) out += fmt::format("<i>… {} …</i>", counted(kept.first - told, "byte"));
    std::size_t at = kept.first;
    for (const Span& mark : marks) {
      if (mark.last < at || mark.first > kept.last) continue;
      const std::size_t from = std::max(at, mark.first), to = std::min(mark.last, kept.last);
      append_lines(out, bytes.substr(at, from - at));
      out += "<mark>";
      append_lines(out, bytes.substr(from, to - from));
      out += "</mark>";
      at = to;
    }
    append_lines(out, bytes.substr(at, kept.last - at));
    told = kept.last;
  }
  if (bytes.size() > told) out += fmt::format("<i>… {} …</i>", counted(bytes.size() - told, "byte"));
  return out;
}

std::string wire_hex(std::string_view bytes, const std::vector<Span>& marks, std::size_t max) {
  constexpr std::size_t width = 16;
  const std::string_view shown = bytes.substr(0, max);
  std::string out;
  for (std::size_t at = 0; at < shown.size(); at += width) {
    const std::string_view line = shown.substr(at, width);
    fmt::format_to(std::back_inserter(out), "{:06x}  ", at);
    out += column(line, at, marks, [&](std::string& to, char c, std::size_t) {
      fmt::format_to(std::back_inserter(to), "{:02x} ", static_cast<unsigned char>(c));
    });
    out.append((width - line.size()) * 3 + 1, ' ');
    out += column(line, at, marks, [](std::string& to, char c, std::size_t) {
      append_escaped(to, c >= 0x20 && c <= 0x7E ? std::string_view(&c, 1) : ".");
    });
    out += '\n';
  }
  if (bytes.size() > shown.size())
    out += fmt::format("<i>… {} more</i>\n", counted(bytes.size() - shown.size(), "byte"));
  return out;
}

}  // namespace conformance::reports::html
