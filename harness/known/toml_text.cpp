#include "harness/known/toml_text.h"

#include <algorithm>

#include "harness/text/toml_string.h"

namespace conformance::known {
namespace {

constexpr std::size_t line_bytes = 110;

// Goes through what a parser has found to be TOML.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::vector<Block> blocks() {
    while (at_ < text_.size()) line();
    return std::move(blocks_);
  }

 private:
  [[nodiscard]] bool at(std::string_view what) const { return text_.substr(at_).starts_with(what); }
  [[nodiscard]] std::size_t end_of_line() const { return std::min(text_.find('\n', at_), text_.size()); }
  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }
  void next_line() {
    const std::size_t end = end_of_line();
    line_ += end < text_.size() ? 1U : 0U;
    at_ = std::min(end + 1, text_.size());
  }
  void advance(std::size_t to) {
    line_ += static_cast<std::size_t>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(at_),
                                                 text_.begin() + static_cast<std::ptrdiff_t>(to), '\n'));
    at_ = to;
  }

  void line() {
    const std::size_t begin = at_;
    skip_blanks();
    if (at_ == text_.size() || at("\n") || at("\r\n")) {
      comments_ = text_.size();
    } else if (at("#")) {
      if (comments_ == text_.size()) comments_ = begin;
    } else if (at("[")) {
      header(begin);
    } else {
      key();
    }
    next_line();
  }

  void header(std::size_t begin) {
    const std::size_t name = std::min(text_.find_first_not_of("[ \t", at_), text_.size());
    const std::size_t end = std::min(text_.find_first_of("] \t\n", name), text_.size());
    Block block;
    block.list = text_.substr(name, end - name);
    block.line = line_;
    block.lines = {std::min(comments_, begin), std::min(end_of_line() + 1, text_.size())};
    blocks_.push_back(std::move(block));
    comments_ = text_.size();
  }

  void key() {
    const std::size_t equals = std::min(text_.find('=', at_), text_.size());
    std::string name(text_.substr(at_, equals - at_));
    name.erase(name.find_last_not_of(" \t") + 1);
    if (name.size() > 1 && (name.front() == '"' || name.front() == '\'')) name = name.substr(1, name.size() - 2);
    advance(std::min(equals + 1, text_.size()));
    skip_blanks();
    const ValuePlace place = value();
    if (!blocks_.empty()) {
      blocks_.back().keys.insert_or_assign(name, place);
      blocks_.back().lines.end = std::min(end_of_line() + 1, text_.size());
    }
    comments_ = text_.size();
  }

  ValuePlace value() {
    ValuePlace place;
    place.whole.begin = at_;
    std::size_t depth = 0;
    do {
      if (at("\"") || at("'")) {
        const std::size_t begin = at_;
        string();
        place.texts.push_back({begin, at_});
      } else if (at("#")) {
        if (depth == 0) break;
        advance(end_of_line());
      } else if (at("\n")) {
        if (depth == 0) break;
        advance(at_ + 1);
      } else {
        if (at("[") || at("{")) ++depth;
        if ((at("]") || at("}")) && depth > 0) --depth;
        advance(at_ + 1);
      }
    } while (at_ < text_.size() && (depth > 0 || !is_over(place)));
    place.whole.end = at_;
    while (place.whole.end > place.whole.begin && is_blank(text_[place.whole.end - 1])) --place.whole.end;
    return place;
  }

  // Of what is no array: a date, a number, a text.
  [[nodiscard]] bool is_over(const ValuePlace& place) const {
    return !place.texts.empty() || text_[at_ - 1] == ']' || text_[at_ - 1] == '}';
  }
  static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

  void string() {
    const char quote = text_[at_];
    const std::string three(3, quote);
    const bool is_long = at(three);
    const std::size_t width = is_long ? 3 : 1;
    std::size_t end = at_ + width;
    while (end < text_.size()) {
      if (quote == '"' && text_[end] == '\\') {
        end += 2;
      } else if (is_long ? text_.substr(end).starts_with(three) : text_[end] == quote) {
        end += width;
        // Up to two quotes may stand before the closing ones.
        while (is_long && end < text_.size() && text_[end] == quote) ++end;
        break;
      } else {
        ++end;
      }
    }
    advance(std::min(end, text_.size()));
  }

  std::string_view text_;
  std::size_t at_ = 0, line_ = 1;
  std::size_t comments_ = std::string_view::npos;  // where those directly above begin
  std::vector<Block> blocks_;
};

}  // namespace

std::vector<Block> blocks_of(std::string_view text) { return Scanner(text).blocks(); }

std::string toml_strings(const std::vector<std::string>& texts) {
  std::string flat = text::toml_list(texts);
  if (texts.size() == 1 || flat.size() <= line_bytes) return flat;
  std::string tall = "[\n";
  for (const std::string& text : texts) tall += "  " + text::toml_string(text) + ",\n";
  return tall + "]";
}

}  // namespace conformance::known
