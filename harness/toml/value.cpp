#include "harness/toml/value.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <sstream>
#include <toml.hpp>

#include "harness/text/escape.h"
#include "harness/toml/nesting.h"

namespace conformance::toml {
namespace {

constexpr int deepest = 16;  // the parser calls itself for each level; nothing of ours needs more than four
constexpr std::size_t longest_fault = 200;

// Behind the name of the parser's function, in the first of its lines; it may have said no more.
std::string what_of(std::string_view said) {
  std::string_view what = said.substr(0, said.find('\n'));
  const std::size_t colon = what.find(": ");
  if (colon == std::string_view::npos) return "";
  what.remove_prefix(colon + 2);
  if (what.ends_with('.')) what.remove_suffix(1);
  return text::visible(text::elide(what, longest_fault));
}

// "  7 | a = 1" is the first line that it shows.
std::size_t shown_line_of(std::string_view said) {
  std::size_t line = 1;
  const std::size_t bar = said.find(" | ");
  if (bar == std::string_view::npos) return line;
  const std::size_t begin = said.rfind('\n', bar) + 1;
  const std::size_t digits = std::min(said.find_first_not_of(' ', begin), bar);
  std::from_chars(said.data() + digits, said.data() + bar, line);
  return line;
}

// "    |     ^--- expected newline" is below it; "here" says nothing.
std::string said_below(std::string_view said) {
  constexpr std::string_view arrow = "^--- ";
  const std::size_t at = said.find(arrow);
  if (at == std::string_view::npos) return "";
  const std::string_view below = said.substr(at + arrow.size());
  return below.starts_with("here") ? "" : text::visible(below.substr(0, below.find('\n')));
}

Node parsed(std::string_view text) {
  std::istringstream stream{std::string(text)};
  return ::toml::parse<::toml::discard_comments, std::map, std::vector>(stream, "the text");
}

// Of some faults the parser says line 1, wherever they are. Lines behind the fault change nothing of what it says.
std::size_t line_by_trying(std::string_view text, std::string_view what) {
  std::vector<std::size_t> ends;
  for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1))
    ends.push_back(at + 1);
  const auto is_there = [&](std::size_t end) {
    try {
      (void)parsed(text.substr(0, end));
      return false;
    } catch (const ::toml::syntax_error& error) {
      return what_of(error.what()) == what;
    }
  };
  const auto first = std::partition_point(ends.begin(), ends.end(), [&](std::size_t end) { return !is_there(end); });
  return static_cast<std::size_t>(first - ends.begin()) + 1;
}

Fault fault_of(const ::toml::syntax_error& error, std::string_view text) {
  const std::string_view said = error.what();
  Fault fault{.is_nesting = false,
              // Of a date that there is not the parser says line 1, and shows the right one.
              .line = std::max<std::size_t>(error.location().line(), shown_line_of(said)),
              .what = what_of(said),
              .said_there = said_below(said)};
  if (fault.line == 1) fault.line = line_by_trying(text, fault.what);
  if (fault.what.empty()) fault.what = std::exchange(fault.said_there, {});
  return fault;
}

std::string sentence_of(const Fault& fault) {
  if (fault.is_nesting) return "is nested too deeply";
  return fmt::format("is no TOML{}{}", fault.what.empty() ? "" : ": ", fault.what);
}

}  // namespace

std::size_t Value::line() const { return node_->location().line(); }

const std::string* Value::text() const { return node_->is_string() ? &node_->as_string().str : nullptr; }

std::optional<bool> Value::flag() const {
  return node_->is_boolean() ? std::optional<bool>(node_->as_boolean()) : std::nullopt;
}

std::optional<std::int64_t> Value::integer() const {
  return node_->is_integer() ? std::optional<std::int64_t>(node_->as_integer()) : std::nullopt;
}

std::optional<double> Value::fraction() const {
  return node_->is_floating() ? std::optional<double>(node_->as_floating()) : std::nullopt;
}

std::optional<std::chrono::year_month_day> Value::day() const {
  if (!node_->is_local_date()) return std::nullopt;
  const ::toml::local_date& date = node_->as_local_date();
  return std::chrono::year(date.year) / (date.month + 1) / date.day;
}

std::optional<std::vector<Value>> Value::list() const {
  if (!node_->is_array()) return std::nullopt;
  std::vector<Value> values;
  for (const Node& one : node_->as_array()) values.emplace_back(std::shared_ptr<const Node>(node_, &one));
  return values;
}

bool Value::is_table() const { return node_->is_table(); }

std::vector<std::pair<std::string, Value>> Value::members() const {
  std::vector<std::pair<std::string, Value>> all;
  if (!is_table()) return all;
  for (const auto& [name, node] : node_->as_table()) all.emplace_back(name, std::shared_ptr<const Node>(node_, &node));
  return all;
}

std::optional<Value> Value::find(const std::string& name) const {
  if (!is_table()) return std::nullopt;
  const auto found = node_->as_table().find(name);
  if (found == node_->as_table().end()) return std::nullopt;
  return Value(std::shared_ptr<const Node>(node_, &found->second));
}

Error::Error(Fault fault) : std::runtime_error("it " + sentence_of(fault)), fault_(std::move(fault)) {}

std::string Error::in_file(std::string_view path) const {
  const std::string name = text::visible(path);
  return fault_.line == 0 ? name + " " + sentence_of(fault_) : fmt::format("{}:{}: {}", name, fault_.line, what());
}

Value parse(std::string_view text) {
  if (nests_deeper(text, deepest)) {
    Fault fault;
    fault.is_nesting = true;
    throw Error(std::move(fault));
  }
  try {
    return Value(std::make_shared<const Node>(parsed(text)));
  } catch (const ::toml::syntax_error& error) {
    throw Error(fault_of(error, text));
  } catch (const std::exception&) {
    throw Error({});  // its number and date types have errors of their own for some input
  }
}

}  // namespace conformance::toml
