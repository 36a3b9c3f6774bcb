#include "harness/known/known_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "harness/text/escape.h"
#include "harness/text/suggest.h"
#include "harness/text/utf8.h"
#include "harness/toml/value.h"

namespace conformance::known {
namespace {

constexpr std::size_t most_bytes = 1UL << 20;

const std::vector<std::string> lists{"known", "flaky"};
const std::vector<std::string> keys{"match", "outcome", "reason", "issue", "owner", "until", "version"};
constexpr std::string_view all_keys = "match, outcome, reason, issue, owner, until and version";

// Also of a short word in which two letters changed places.
std::string nearest(const std::string& word, const std::vector<std::string>& words) {
  for (const std::string& one : words)
    if (std::is_permutation(one.begin(), one.end(), word.begin(), word.end())) return one;
  return text::nearest(word, words);
}

Fault fault_of(const toml::Error& error) {
  const toml::Fault& fault = error.fault();
  std::string what = error.what();
  if (fault.is_nesting) what += ": an entry is a table of texts and arrays of texts";
  if (!fault.said_there.empty()) what += ": " + fault.said_there;
  return {std::max<std::size_t>(fault.line, 1), std::move(what)};
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
  EntryReader(toml::Value table, std::vector<Fault>& faults) : table_(std::move(table)), faults_(faults) {}

  // Nothing if it has a fault.
  std::optional<Entry> read(bool flaky) {
    const std::size_t before = faults_.size();
    Entry entry;
    entry.flaky = flaky;
    entry.line = table_.line();
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
      fault(at("issue"),
            fmt::format("issue {} is no address: write the URL of the issue, https://…", text::in_quotes(entry.issue)));
    for (const std::string& outcome : entry.outcomes) {
      std::optional<Pin> pin = parse_pin(outcome);
      if (!pin)
        fault(
            at("outcome"),
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
  void fault(const toml::Value& at, std::string what) { faults_.push_back({at.line(), std::move(what)}); }

  void refuse_others() {
    std::vector<std::pair<std::size_t, std::string>> others;  // the table has no order
    for (const auto& [key, value] : table_.members())
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) others.emplace_back(value.line(), key);
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
          fault(at("outcome"),
                fmt::format("outcome {} stands there twice: leave one out", text::in_quotes(entry.outcomes[j])));
        else if (i != j && coarse != kind && says(i, j, coarse))
          fault(at("outcome"), fmt::format("outcome {} is one of {}, which stands there too: leave one out",
                                           text::in_quotes(entry.outcomes[j]), text::in_quotes(entry.outcomes[i])));
      }
    }
  }

  // What is there.
  [[nodiscard]] toml::Value at(const char* key) const { return table_.find(key).value(); }

  std::optional<toml::Value> find(const char* key, bool required) {
    std::optional<toml::Value> found = table_.find(key);
    if (!found && required)
      fault(table_, fmt::format("the entry has no '{}': each has {}, and may have version", key,
                                "match, outcome, reason, issue, owner and until"));
    return found;
  }

  std::string text_in(const toml::Value& value, const char* key) {
    const std::string* read = value.text();
    if (read == nullptr) {
      fault(value, fmt::format("'{}' is no text: write it in quotes", key));
      return {};
    }
    if (read->find_first_not_of(" \t\r\n") == std::string::npos)
      fault(value, fmt::format("'{}' is empty: say it, or remove the entry", key));
    return *read;
  }

  std::string text(const char* key, bool required) {
    const std::optional<toml::Value> value = find(key, required);
    return value ? text_in(*value, key) : std::string();
  }

  std::vector<std::string> texts(const char* key) {
    const std::optional<toml::Value> value = find(key, true);
    if (!value) return {};
    if (value->text() != nullptr) return {text_in(*value, key)};
    const auto list = value->list();
    if (!list) {
      fault(*value, fmt::format("'{}' is neither a text nor an array of texts", key));
      return {};
    }
    std::vector<std::string> all;
    for (const toml::Value& one : *list) all.push_back(text_in(one, key));
    if (all.empty()) fault(*value, fmt::format("'{}' is empty: say it, or remove the entry", key));
    return all;
  }

  std::chrono::year_month_day day(const char* key) {
    const std::optional<toml::Value> value = find(key, true);
    if (!value) return {};
    const auto day = value->day();
    if (!day)
      fault(*value, fmt::format("'{}' is no date: write it as {} = 2027-01-31, without quotes and time", key, key));
    return day.value_or(std::chrono::year_month_day());
  }

  toml::Value table_;
  std::vector<Fault>& faults_;
};

void read_lists(const toml::Value& root, KnownFile& file) {
  for (const auto& [key, value] : root.members()) {
    if (std::find(lists.begin(), lists.end(), key) == lists.end()) {
      const std::string near = nearest(key, lists);
      file.faults.push_back({value.line(), fmt::format("there is no list {} here; {}", text::in_quotes(key),
                                                       near.empty() ? "there are [[known]] and [[flaky]]"
                                                                    : "did you mean [[" + near + "]]?")});
      continue;
    }
    const auto list = value.list();
    if (!list) {
      file.faults.push_back({value.line(), fmt::format("'{}' is no list: write [[{}]] before each entry", key, key)});
      continue;
    }
    for (const toml::Value& one : *list)
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
  try {
    read_lists(toml::parse(text), file);
  } catch (const toml::Error& error) {
    file.faults.push_back(fault_of(error));
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
