// A TOML text that a user has written, as values that know their lines.
//
// Why: the parser is made of templates that take longer to compile than all that is made of what it reads, calls itself
// for each bracket, and words its errors for another page than ours. Here it is compiled once, behind its own types.
//
//     const toml::Value file = toml::parse(text);                  // throws toml::Error
//     for (const auto& [key, value] : file.members())
//       if (value.text() == nullptr) fault(value.line(), key + " is a string");
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace toml {  // toml11's
struct discard_comments;
template <typename Comment, template <typename...> class Table, template <typename...> class Array>
class basic_value;
}  // namespace toml

namespace conformance::toml {

using Node = ::toml::basic_value<::toml::discard_comments, std::map, std::vector>;

// A value is cheap to copy, and keeps the file that it is of.
class Value {
 public:
  explicit Value(std::shared_ptr<const Node> node) : node_(std::move(node)) {}

  // Of the file, from 1. It is counted anew each time.
  [[nodiscard]] std::size_t line() const;

  // What it is; nothing if it is something else.
  [[nodiscard]] const std::string* text() const;
  [[nodiscard]] std::optional<bool> flag() const;
  [[nodiscard]] std::optional<std::int64_t> integer() const;  // what is larger is read as the largest
  [[nodiscard]] std::optional<double> fraction() const;       // a number written as one: 1.0 is, 1 is not
  [[nodiscard]] std::optional<std::chrono::year_month_day> day() const;
  [[nodiscard]] std::optional<std::vector<Value>> list() const;
  [[nodiscard]] bool is_table() const;

  // In the order of their names; none if it is no table.
  [[nodiscard]] std::vector<std::pair<std::string, Value>> members() const;
  [[nodiscard]] std::optional<Value> find(const std::string& name) const;

 private:
  std::shared_ptr<const Node> node_;
};

// All texts are harmless to print.
struct Fault {
  bool is_nesting = false;  // else it is no TOML
  std::size_t line = 0;     // of two values of one name, that of the second; 0: it is not known
  std::string what;         // in a line; may be empty
  std::string said_there;   // may be empty
};

class Error : public std::runtime_error {
 public:
  explicit Error(Fault fault);
  [[nodiscard]] const Fault& fault() const { return fault_; }
  // "FILE:3: it is no TOML: …", "FILE is nested too deeply".
  [[nodiscard]] std::string in_file(std::string_view path) const;

 private:
  Fault fault_;
};

// A table. Throws Error.
[[nodiscard]] Value parse(std::string_view text);

}  // namespace conformance::toml
