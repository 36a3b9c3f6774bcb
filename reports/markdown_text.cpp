#include "reports/markdown_text.h"

#include <algorithm>
#include <cctype>

#include "harness/text/escape.h"
#include "reports/own_text.h"

namespace conformance::reports::markdown {
namespace {

std::size_t longest_run(std::string_view text, char of) {
  std::size_t longest = 0, run = 0;
  for (const char c : text) {
    run = c == of ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

// What is left between < and > of an address must end it nowhere and mean nothing.
bool is_of_address(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         std::string_view("-._~/?#=&%+").find(c) != std::string_view::npos;
}

std::size_t address_length(std::string_view text) {
  constexpr std::string_view scheme = "https://";
  if (!text.starts_with(scheme)) return 0;
  const auto* const end =
      std::find_if_not(text.begin() + static_cast<std::ptrdiff_t>(scheme.size()), text.end(), is_of_address);
  const auto length = static_cast<std::size_t>(end - text.begin());
  return length > scheme.size() ? length : 0;
}

}  // namespace

std::string code(std::string_view bytes, std::size_t max) {
  const std::string text = text::elide(text::visible(bytes), max);
  if (text.empty()) return "(empty)";
  // Of blanks alone nothing would be seen, and with a backtick at an end the fence would not end there.
  const std::string fence(longest_run(text, '`') + 1, '`');
  return fence + " " + text + " " + fence;
}

std::string prose(std::string_view line) {
  if (line.find('@') != std::string_view::npos) return code(line, 2000);
  const std::string text = own(line);
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (const std::size_t length = address_length(std::string_view(text).substr(at)); length > 0) {
      out.append("<").append(text, at, length).append(">");
      at += length;
      continue;
    }
    const char c = text[at++];
    const bool means_nothing = std::ispunct(static_cast<unsigned char>(c)) == 0 || c == ',' || c == ';' || c == '\'';
    out.append(means_nothing ? "" : "\\").append(1, c);
  }
  return out;
}

std::string block(std::string_view language, std::string_view lines) {
  const std::string fence(std::max<std::size_t>(3, longest_run(lines, '`') + 1), '`');
  return fence + std::string(language) + "\n" + std::string(lines) + (lines.ends_with('\n') ? "" : "\n") + fence + "\n";
}

}  // namespace conformance::reports::markdown
