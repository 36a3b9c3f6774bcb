#include "harness/known/known_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <sstream>
#include <toml.hpp>
#include <utility>

#include "harness/text/escape.h"
#include "harness/text/suggest.h"
#include "harness/text/toml_nesting.h"
#include "harness/text/utf8.h"

namespace conformance::known {
namespace {

constexpr std::size_t most_bytes = 1UL << 20;
constexpr int deepest = 16;  // an entry needs three; the parser calls itself for each

const std::vector<std::string> lists{"known", "flaky"};
const std::vector<std::string> keys{"match", "outcome", "reason", "issue", "owner", "until", "version"};
constexpr std::string_view all_keys = "match, outcome, reason, issue, owner, until and version";

// Also of a short word in which two letters changed places.
std::string nearest(const std::string& word, const std::vector<std::string>& words) {
  for (const std::string& one : words)
    if (std::is_permutation(one.begin(), one.end(), word.begin(), word.end())) return one;
  return text::nearest(word, words);
}

std::size_t line_of(const toml::value& value) { return value.location().line(); }

// What the parser says takes several lines; of these, the place and the words at it.
Fault fault_of_syntax(std::string_view said) {
  Fault fault{1, "it is no TOML"};
  std::string_view first = said.substr(0, said.find('\n'));
  const std::size_t colon = first.find(": ");
  if (colon != std::string_view::npos) first.remove_prefix(colon + 2);
  const std::size_t bar = said.find(" | ");
  if (bar != std::string_view::npos) {
    const std::size_t begin = said.rfind('\n', bar) + 1;
    const std::size_t digits = std::min(said.find_first_not_of(' ', begin), bar);
    std::from_chars(said.data() + digits, said.data() + bar, fault.line);
  }
  const std::size_t arrow = said.find("^--- ");
  const std::string_view here = arrow == std::string_view::npos ? "" : said.substr(arrow + 5);
  fault.what += ": " + text::visible(text::elide(first, 200));
  if (!here.empty() && !here.starts_with("here")) fault.what += ": " + text::visible(here.substr(0, here.find('\n')));
  return fault;
}

// "answers (no Content-Type)" as "answers".
std::string_view without_cause(std::string_view text) {
  const std::size_t open = text.find(" (");
  const bool has_cause = open != std::string_view::npos && text.size() > open + 3 && text.ends_with(')');
  return has_cause ? text.substr(0, open) : text;
}

// Reads one entry, and gathers what is wrong with it.
class EntryReader {
 public:
  EntryReader(const toml::value& table, std::vector<Fault>& faults) : table_(table), faults_(faults) {}

  // Nothing if it has a fault.
  std::optional<Entry> read(bool flaky) {
    const std::size_t before = faults_.size();
    Entry entry;
    entry.flaky = flaky;
    entry.line = line_of(table_);
    if (!table_.is_table()) {
      fault(table_, "it is no entry: write [[known]] with its keys below");
      return std::nullopt;
    }
    refuse_others();
    entry.match = texts("match");
    entry.outcomes = texts("outcome");
    entry.reason = text("reason", true);
    entry.issue = text("issue", true);
    entry.owner = text("owner", true);
    entry.version = text("version", false);
    entry.until = day("until");
    if (!entry.issue.empty() && !is_address(entry.issue))
      fault(table_.at("issue"),
            fmt::format("issue {} is no address: write the URL of the issue, https://…", text::in_quotes(entry.issue)));
    for (const std::string& outcome : entry.outcomes) {
      std::optional<Pin> pin = parse_pin(outcome);
      if (!pin)
        fault(
            table_.at("outcome"),
            fmt::format("outcome {} is none: write \"400 SomeException\", \"500\", \"no response\", \"answers\" or "
                        "\"effects\", with \"REQUIREMENT: \" before it where another is blamed than what is asked, and "
                        "\" (WHAT WAS WRONG)\" behind it to pin that too",
                        text::in_quotes(outcome)));
      else
        entry.pins.push_back(*std::move(pin));
    }
    refuse_repeated(entry);
    return faults_.size() == before ? std::optional(std::move(entry)) : std::nullopt;
  }

 private:
  void fault(const toml::value& at, std::string what) { faults_.push_back({line_of(at), std::move(what)}); }

  void refuse_others() {
    std::vector<std::pair<std::size_t, std::string>> others;  // the table has no order
    for (const auto& [key, value] : table_.as_table())
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) others.emplace_back(line_of(value), key);
    std::sort(others.begin(), others.end());
    for (const auto& [line, key] : others) {
      const std::string near = nearest(key, keys);
      faults_.push_back(
          {line, fmt::format("there is no key {} here; {}", text::in_quotes(key),
                             near.empty() ? fmt::format("there are {}", all_keys) : "did you mean '" + near + "'?")});
    }
  }

  // Who reads two takes them for different ones.
  void refuse_repeated(const Entry& entry) {
    if (entry.pins.size() != entry.outcomes.size()) return;
    const auto says = [&entry](std::size_t i, std::size_t j, std::string_view kind) {
      return entry.pins[i].requirement == entry.pins[j].requirement && entry.pins[i].kind == kind;
    };
    for (std::size_t i = 0; i < entry.pins.size(); ++i) {
      for (std::size_t j = 0; j < entry.pins.size(); ++j) {
        const std::string& kind = entry.pins[j].kind;
        const std::string_view coarse = without_cause(kind);
        if (i < j && says(i, j, kind))
          fault(table_.at("outcome"),
                fmt::format("outcome {} stands there twice: leave one out", text::in_quotes(entry.outcomes[j])));
        else if (i != j && coarse != kind && says(i, j, coarse))
          fault(table_.at("outcome"),
                fmt::format("outcome {} is one of {}, which stands there too: leave one out",
                            text::in_quotes(entry.outcomes[j]), text::in_quotes(entry.outcomes[i])));
      }
    }
  }

  const toml::value* find(const char* key, bool required) {
    if (table_.contains(key)) return &table_.at(key);
    if (required)
      fault(table_, fmt::format("the entry has no '{}': each has {}, and may have version", key,
                                "match, outcome, reason, issue, owner and until"));
    return nullptr;
  }

  std::string text_in(const toml::value& value, const char* key) {
    if (!value.is_string()) {
      fault(value, fmt::format("'{}' is no text: write it in quotes", key));
      return {};
    }
    std::string read = value.as_string().str;
    if (read.find_first_not_of(" \t\r\n") == std::string::npos)
      fault(value, fmt::format("'{}' is empty: say it, or remove the entry", key));
    return read;
  }

  std::string text(const char* key, bool required) {
    const toml::value* value = find(key, required);
    return value == nullptr ? std::string() : text_in(*value, key);
  }

  std::vector<std::string> texts(const char* key) {
    const toml::value* value = find(key, true);
    if (value == nullptr) return {};
    if (value->is_string()) return {text_in(*value, key)};
    if (!value->is_array()) {
      fault(*value, fmt::format("'{}' is neither a text nor an array of texts", key));
      return {};
    }
    std::vector<std::string> all;
    for (const toml::value& one : value->as_array()) all.push_back(text_in(one, key));
    if (all.empty()) fault(*value, fmt::format("'{}' is empty: say it, or remove the entry", key));
    return all;
  }

  std::chrono::year_month_day day(const char* key) {
    const toml::value* value = find(key, true);
    if (value == nullptr) return {};
    if (!value->is_local_date()) {
      fault(*value, fmt::format("'{}' is no date: write it as {} = 2027-01-31, without quotes and time", key, key));
      return {};
    }
    const toml::local_date& date = value->as_local_date();
    return std::chrono::year(date.year) / (date.month + 1) / date.day;
  }

  const toml::value& table_;
  std::vector<Fault>& faults_;
};

void read_lists(const toml::value& root, KnownFile& file) {
  for (const auto& [key, value] : root.as_table()) {
    if (std::find(lists.begin(), lists.end(), key) == lists.end()) {
      const std::string near = nearest(key, lists);
      file.faults.push_back({line_of(value), fmt::format("there is no list {} here; {}", text::in_quotes(key),
                                                         near.empty() ? "there are [[known]] and [[flaky]]"
                                                                      : "did you mean [[" + near + "]]?")});
      continue;
    }
    if (!value.is_array()) {
      file.faults.push_back({line_of(value), fmt::format("'{}' is no list: write [[{}]] before each entry", key, key)});
      continue;
    }
    for (const toml::value& one : value.as_array())
      if (std::optional<Entry> entry = EntryReader(one, file.faults).read(key == "flaky"))
        file.entries.push_back(*std::move(entry));
  }
}

bool is_kind(std::string_view text) {
  text = without_cause(text);
  if (text == kind_silence || text == kind_answers || text == kind_effects) return true;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.size() < 3 || !std::all_of(text.begin(), text.begin() + 3, is_digit)) return false;
  return text.size() == 3 || (text[3] == ' ' && text.size() > 4 && text.back() != ' ');
}

}  // namespace

KnownFile parse_known_file(std::string_view text) {
  KnownFile file;
  if (text.size() > most_bytes) {
    file.faults.push_back({1, "it is larger than a megabyte: match more with less, or keep several files"});
    return file;
  }
  if (!text::is_valid(text)) {
    std::size_t line = 1;
    while (true) {
      const std::size_t end = text.find('\n');
      if (!text::is_valid(text.substr(0, end)) || end == std::string_view::npos) break;
      text.remove_prefix(end + 1);
      ++line;
    }
    file.faults.push_back({line, "it is no UTF-8: save it as UTF-8"});
    return file;
  }
  if (text::nests_deeper(text, deepest)) {
    file.faults.push_back({1, "it is nested too deeply: an entry is a table of texts and arrays of texts"});
    return file;
  }
  try {
    std::istringstream in{std::string(text)};
    read_lists(toml::parse(in, "known failures"), file);
  } catch (const std::exception& error) {  // also of what its own number and date types throw
    file.faults.push_back(fault_of_syntax(error.what()));
  }
  const auto by_line = [](const auto& a, const auto& b) { return a.line < b.line; };
  std::stable_sort(file.entries.begin(), file.entries.end(), by_line);
  std::stable_sort(file.faults.begin(), file.faults.end(), by_line);
  return file;
}

std::optional<Pin> parse_pin(std::string_view outcome) {
  if (is_kind(outcome)) return Pin{"", std::string(outcome)};
  const std::size_t colon = outcome.find(": ");
  if (colon == std::string_view::npos || colon == 0 || !is_kind(outcome.substr(colon + 2))) return std::nullopt;
  return Pin{std::string(outcome.substr(0, colon)), std::string(outcome.substr(colon + 2))};
}

std::optional<std::chrono::year_month_day> parse_day(std::string_view text) {
  constexpr std::string_view shape = "0000-00-00";
  if (text.size() != shape.size()) return std::nullopt;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const bool is_digit = text[i] >= '0' && text[i] <= '9';
    if (shape[i] == '0' ? !is_digit : text[i] != shape[i]) return std::nullopt;
  }
  const auto number = [text](std::size_t at, std::size_t count) {
    int value = 0;
    std::from_chars(text.data() + at, text.data() + at + count, value);
    return value;
  };
  const std::chrono::year_month_day day{std::chrono::year(number(0, 4)),
                                        std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                        std::chrono::day(static_cast<unsigned>(number(8, 2)))};
  return day.ok() ? std::optional(day) : std::nullopt;
}

std::string day_text(std::chrono::year_month_day day) {
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                     static_cast<unsigned>(day.day()));
}

bool is_address(std::string_view text) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (!text.starts_with(scheme)) continue;
    const std::string_view rest = text.substr(scheme.size());
    return !rest.empty() && rest.front() != '/' &&
           std::all_of(rest.begin(), rest.end(), [](char c) { return c > ' ' && c < 0x7f; });
  }
  return false;
}

}  // namespace conformance::known
