#include "reports/columns.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <clocale>
#include <cwchar>

#include "harness/text/utf8.h"

namespace conformance::reports {
namespace {

constexpr std::size_t most_columns = 10000;
constexpr std::size_t least_room = 20;  // right of what hangs

// Of this thread, as long as it lives.
class Utf8Locale {
 public:
  Utf8Locale() : made_(newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {
    if (made_ != nullptr) before_ = uselocale(made_);
  }
  ~Utf8Locale() {
    if (made_ == nullptr) return;
    uselocale(before_);
    freelocale(made_);
  }
  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;

 private:
  locale_t made_;
  locale_t before_ = nullptr;
};

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// The length of a colour at the front; 0: there is none.
std::size_t length_of_color(std::string_view text) {
  if (!text.starts_with("\x1b[")) return 0;
  const std::size_t end = text.find('m');
  return end == std::string_view::npos ? 0 : end + 1;
}

std::size_t parsed_columns(const char* text) {
  if (text == nullptr) return 0;
  const std::string_view digits(text);
  std::size_t columns = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), columns);
  return error == std::errc() && end == digits.data() + digits.size() ? std::min(columns, most_columns) : 0;
}

}  // namespace

std::size_t columns_of(std::string_view line) {
  std::size_t columns = 0;
  const bool ascii = is_ascii(line);
  const Utf8Locale locale;
  for (std::size_t at = 0; at < line.size();) {
    if (const std::size_t color = length_of_color(line.substr(at)); color > 0) {
      at += color;
      continue;
    }
    const text::Step next = ascii ? text::Step{1, U'a'} : text::step(line.substr(at));
    const int width = next.bytes == 0 ? 1 : wcwidth(static_cast<wchar_t>(next.code_point));
    columns += width < 0 ? 1U : static_cast<std::size_t>(width);
    at += std::max<std::size_t>(next.bytes, 1);
  }
  return columns;
}

std::string wrapped(std::string_view line, std::size_t columns, std::size_t hang) {
  if (columns == 0 || columns_of(line) <= columns) return std::string(line);
  const std::size_t indent = hang + least_room <= columns ? hang : 0;
  std::string out;
  std::size_t width = 0;
  bool has_word = false;
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t begin = std::min(line.find_first_not_of(' ', at), line.size());
    const std::size_t end = std::min(line.find(' ', begin), line.size());
    const std::string_view word = line.substr(begin, end - begin);
    const std::size_t wide = columns_of(word);
    // Two colons at a line's start are a command for some that read it.
    if (has_word && width + (begin - at) + wide > columns && !word.starts_with("::")) {
      out.append("\n").append(indent, ' ').append(word);
      width = indent + wide;
    } else {
      out.append(line.substr(at, end - at));
      width += (begin - at) + wide;
    }
    has_word = has_word || !word.empty();
    at = end;
  }
  return out;
}

std::size_t terminal_columns(int descriptor, const std::function<const char*(const char*)>& env) {
  if (isatty(descriptor) == 0) return 0;
  if (const std::size_t columns = parsed_columns(env("COLUMNS")); columns > 0) return columns;
  winsize size{};
  return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

}  // namespace conformance::reports
