#include "harness/text/escape.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <vector>

#include "harness/text/utf8.h"

namespace conformance::text {
namespace {

struct Range {
  char32_t first, last;
};

// Code points that show nothing, change what is around them, or are no characters: controls, format characters
// (zero-width, bidirectional), line separators, variation and tag characters, non-characters.
constexpr std::array hidden{
    Range{0x00, 0x1F},     Range{0x7F, 0x9F},     Range{0xAD, 0xAD},     Range{0x34F, 0x34F},     Range{0x61C, 0x61C},
    Range{0x115F, 0x1160}, Range{0x17B4, 0x17B5}, Range{0x180B, 0x180F}, Range{0x200B, 0x200F},   Range{0x2028, 0x202E},
    Range{0x2060, 0x206F}, Range{0x3164, 0x3164}, Range{0xE000, 0xF8FF}, Range{0xFDD0, 0xFDEF},   Range{0xFE00, 0xFE0F},
    Range{0xFEFF, 0xFEFF}, Range{0xFFA0, 0xFFA0}, Range{0xFFF0, 0xFFFB}, Range{0xE0000, 0x10FFFF}};

void escape_point(std::string& out, char32_t c) {
  const auto number = static_cast<std::uint32_t>(c);
  if (c == '\n') {
    out += "\\n";
  } else if (c == '\r') {
    out += "\\r";
  } else if (c == '\t') {
    out += "\\t";
  } else if (number < 0x10000) {
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", number);
  } else {
    fmt::format_to(std::back_inserter(out), "\\U{:08x}", number);
  }
}

// The character that makes a token of what is before it, on which a runner acts wherever it stands: "::", "##", and
// "[[ATTACHMENT|" by which GitLab and Jenkins take files. Escaped, it is no token.
bool continues_token(std::string_view before, char c) {
  return (c == ':' && before.ends_with(':')) || (c == '#' && before.ends_with('#')) ||
         (c == '|' && before.ends_with("[[ATTACHMENT"));
}

std::string make_visible(std::string_view bytes, bool keep_lines) {
  std::string out;
  out.reserve(bytes.size() + 16);
  while (!bytes.empty()) {
    if (keep_lines && bytes.starts_with("\r\n")) bytes.remove_prefix(1);
    const Step next = step(bytes);
    if (next.bytes == 0) {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(bytes.front()));
      bytes.remove_prefix(1);
      continue;
    }
    const char32_t c = next.code_point;
    if (c == '\\') {
      out += "\\\\";
    } else if (keep_lines && c == '\n') {
      out += '\n';
    } else if (is_hidden(c) || (c < 0x80 && continues_token(out, static_cast<char>(c)))) {
      escape_point(out, c);
    } else {
      out.append(bytes.substr(0, next.bytes));
    }
    bytes.remove_prefix(next.bytes);
  }
  return out;
}

constexpr std::size_t long_run = 256;
constexpr std::size_t least_cut = 24;  // bytes

// The body of a printf format that writes `bytes`. A dash at its start would be taken for an option; a token of a CI
// runner is broken here too, since these commands are printed into its log.
void append_printf(std::string& out, std::string_view bytes) {
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '%') {
      out += "%%";
    } else if (byte < 0x20 || byte > 0x7E || c == '\'' || c == '\\' || (c == '-' && out.empty()) ||
               continues_token(out, c)) {
      fmt::format_to(std::back_inserter(out), "\\{:03o}", byte);
    } else {
      out += c;
    }
  }
}

std::size_t run_length(std::string_view bytes) {
  const std::size_t end = bytes.find_first_not_of(bytes.front());
  return end == std::string_view::npos ? bytes.size() : end;
}

}  // namespace

bool is_hidden(char32_t c) {
  if ((c & 0xFFFE) == 0xFFFE) return true;
  return std::any_of(hidden.begin(), hidden.end(), [c](const Range& r) { return c >= r.first && c <= r.last; });
}

std::string visible(std::string_view bytes) { return make_visible(bytes, false); }

std::string visible_lines(std::string_view bytes) { return make_visible(bytes, true); }

std::string elide(std::string_view text, std::size_t max) {
  // What is cut must be longer than what says so.
  if (text.size() <= max + least_cut) return std::string(text);
  const auto continues = [text](std::size_t at) { return at < text.size() && (text[at] & 0xC0) == 0x80; };
  std::size_t head = max * 2 / 3, tail = text.size() - (max - head);
  while (head > 0 && continues(head)) --head;
  while (continues(tail)) ++tail;
  return fmt::format("{}…({} more bytes)…{}", text.substr(0, head), tail - head, text.substr(tail));
}

std::string in_quotes(std::string_view bytes) {
  constexpr std::size_t most_bytes = 200;
  return "'" + elide(visible(bytes), most_bytes) + "'";
}

std::string hexdump(std::string_view bytes, std::size_t max_bytes) {
  constexpr std::size_t width = 16;
  const std::string_view shown = bytes.substr(0, max_bytes);
  std::string out;
  for (std::size_t at = 0; at < shown.size(); at += width) {
    const std::string_view line = shown.substr(at, width);
    std::string hex, ascii;
    for (const char c : line) {
      const auto byte = static_cast<unsigned char>(c);
      fmt::format_to(std::back_inserter(hex), "{:02x} ", byte);
      ascii += byte >= 0x20 && byte <= 0x7E ? c : '.';
    }
    fmt::format_to(std::back_inserter(out), "  {:06x}  {:<48} |{}|\n", at, hex, visible(ascii));
  }
  if (bytes.size() > shown.size())
    fmt::format_to(std::back_inserter(out), "  ({} more bytes)\n", bytes.size() - shown.size());
  return out;
}

std::string shell_quote(std::string_view word) {
  const auto safe = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-_./:@%+,=").find(c) != std::string_view::npos;
  };
  if (!word.empty() && std::all_of(word.begin(), word.end(), safe)) return std::string(word);
  std::string out = "'";
  for (const char c : word) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

std::string printf_command(std::string_view bytes) {
  std::vector<std::string> commands;
  std::string format;
  const auto flush = [&] {
    if (!format.empty()) commands.push_back("printf '" + format + "'");
    format.clear();
  };
  while (!bytes.empty()) {
    const std::size_t run = run_length(bytes);
    if (run >= long_run) {
      flush();
      commands.push_back(
          // The locale, because a tr that knows UTF-8 refuses bytes that are none (macOS).
          fmt::format("head -c {} /dev/zero | LC_ALL=C tr '\\000' '\\{:03o}'", run,
                      static_cast<unsigned char>(bytes.front())));
    } else {
      append_printf(format, bytes.substr(0, run));
    }
    bytes.remove_prefix(run);
  }
  flush();
  if (commands.empty()) return "printf ''";
  if (commands.size() == 1) return commands.front();
  std::string all = "{ ";
  for (const std::string& command : commands) all += command + "; ";
  return all + "}";
}

std::string percent_encoded(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    const bool unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                            std::string_view("-._~").find(c) != std::string_view::npos;
    if (unreserved)
      out.push_back(c);
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

}  // namespace conformance::text
