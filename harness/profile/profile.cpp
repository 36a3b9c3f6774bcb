#include "harness/profile/profile.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <utility>

#include "harness/run/characteristics.h"
#include "harness/run/header_set.h"
#include "harness/run/plan.h"
#include "harness/text/escape.h"
#include "harness/text/suggest.h"
#include "harness/text/toml_string.h"
#include "harness/toml/value.h"

namespace conformance::embedded {
std::string_view profile_documented();
std::string_view profile_reference();
std::string_view profile_moto_5();
}  // namespace conformance::embedded

namespace conformance::profile {
namespace {

using toml::Value;

constexpr std::size_t most_bytes = 1U << 20U;
constexpr const char* pins_key = "characteristics";

struct Shipped {
  const char* name;
  std::string_view (*text)();
};
constexpr std::array shipped{Shipped{"documented", &embedded::profile_documented},
                             Shipped{"reference", &embedded::profile_reference},
                             Shipped{"moto-5", &embedded::profile_moto_5}};

class Reader {
 public:
  Reader(const std::string& name, const spec::SpecTable& table) : name_(name), table_(table) {}

  [[nodiscard]] Profile read(const Value& file);

 private:
  void fault(const Value& at, const std::string& what) { faults_.emplace_back(at.line(), what); }
  void read_tier(const Value& value, Profile& profile);
  void read_head(const std::string& key, const Value& value, Profile& profile);
  void read_pin(const std::string& id, const Value& value, Profile& profile);
  [[nodiscard]] std::vector<PinnedAnswer> answers_of(const std::string& id, const Value& value);
  [[nodiscard]] std::vector<std::string> texts_of(const std::string& id, const Value& value);

  const std::string& name_;
  const spec::SpecTable& table_;
  std::vector<std::pair<std::size_t, std::string>> faults_;
};

std::vector<std::string> Reader::texts_of(const std::string& id, const Value& value) {
  std::vector<std::string> texts;
  if (const std::string* text = value.text()) texts = {*text};
  if (const auto list = value.list()) {
    for (const Value& one : *list) texts.push_back(one.text() == nullptr ? "" : *one.text());
  }
  const bool all_given =
      !texts.empty() && std::none_of(texts.begin(), texts.end(), [](const std::string& text) { return text.empty(); });
  if (!all_given) fault(value, fmt::format("{} is a string, or a list of strings", id));
  return texts;
}

// A set of names may be written in any order and case.
std::string as_measured(const std::string& id, const std::string& answer) {
  return id == error_headers && !answer.empty() ? header_set_text(answer) : answer;
}

std::vector<PinnedAnswer> Reader::answers_of(const std::string& id, const Value& value) {
  std::vector<PinnedAnswer> answers;
  if (!value.is_table()) {
    for (const std::string& answer : texts_of(id, value)) answers.push_back({as_measured(id, answer), {"*"}});
    return answers;
  }
  const auto members = value.members();
  if (members.empty()) fault(value, fmt::format("{} pins no answer: leave it out", id));
  for (const auto& [answer, patterns] : members)
    answers.push_back(
        {as_measured(id, answer), texts_of(fmt::format("{}: the cases of '{}'", id, text::visible(answer)), patterns)});
  return answers;
}

void Reader::read_pin(const std::string& id, const Value& value, Profile& profile) {
  std::vector<std::string> ids;
  for (const spec::Characteristic& c : table_.characteristics) ids.push_back(c.id);
  if (std::find(ids.begin(), ids.end(), id) == ids.end()) {
    const std::string near = text::nearest(id, ids);
    return fault(value, fmt::format("there is no characteristic '{}'{}", text::visible(id),
                                    near.empty() ? "" : "; did you mean '" + near + "'?"));
  }
  profile.pins.push_back({id, answers_of(id, value), value.line()});
}

void Reader::read_tier(const Value& value, Profile& profile) {
  for (const Tier tier : {Tier::smoke, Tier::standard, Tier::exhaustive})
    if (value.text() != nullptr && *value.text() == name_of(tier)) profile.tier = tier;
  if (!profile.tier) fault(value, "tier is smoke, standard or exhaustive");
}

void Reader::read_head(const std::string& key, const Value& value, Profile& profile) {
  if (key == "tier") return read_tier(value, profile);
  if (key == "filters") {
    profile.filters = texts_of(key, value);
    return;
  }
  const std::map<std::string, std::string Profile::*> texts{
      {"endpoint", &Profile::endpoint}, {"measured", &Profile::measured}, {"tool", &Profile::tool}};
  const auto found = texts.find(key);
  if (found == texts.end())
    return fault(value, fmt::format("'{}' means nothing in a profile; there are endpoint, measured, tool, tier, "
                                    "filters and [characteristics]",
                                    text::visible(key)));
  const std::string* text = value.text();
  if (text == nullptr) return fault(value, key + " is a string");
  profile.*(found->second) = *text;
}

Profile Reader::read(const Value& file) {
  Profile profile;
  profile.name = name_;
  for (const auto& [key, value] : file.members()) {
    if (key != pins_key) {
      read_head(key, value, profile);
    } else if (!value.is_table()) {
      fault(value, "characteristics is a table: [characteristics]");
    } else {
      for (const auto& [id, pin] : value.members()) read_pin(id, pin, profile);
    }
  }
  if (!faults_.empty()) {
    std::sort(faults_.begin(), faults_.end());
    std::string text;
    for (const auto& [line, what] : faults_)
      text += fmt::format("{}{}:{}: {}", text.empty() ? "" : "\n", text::visible(name_), line, what);
    throw ProfileError(text);
  }
  std::stable_sort(profile.pins.begin(), profile.pins.end(),
                   [](const Pin& a, const Pin& b) { return a.line < b.line; });
  return profile;
}

// Which of the two says more about an id that both match.
bool is_nearer(const std::string& pattern, const std::string& than) { return pattern.size() > than.size(); }

}  // namespace

const Pin* Profile::find(std::string_view characteristic) const {
  const auto found = std::find_if(pins.begin(), pins.end(),
                                  [characteristic](const Pin& pin) { return pin.characteristic == characteristic; });
  return found == pins.end() ? nullptr : &*found;
}

bool Profile::has_asked(std::string_view case_id, Tier case_tier) const {
  return (!tier || case_tier <= *tier) && is_chosen(filters, case_id);
}

Profile parse_profile(std::string_view text, const std::string& name, const spec::SpecTable& table) {
  try {
    return Reader(name, table).read(toml::parse(text));
  } catch (const toml::Error& error) {
    throw ProfileError(error.in_file(name));
  }
}

Profile read_profile(const std::string& path, const spec::SpecTable& table) {
  for (const Shipped& one : shipped)
    if (path == one.name) return parse_profile(one.text(), path, table);
  std::ifstream file(path, std::ios::binary);
  std::string text(most_bytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad() || !file.eof())
    throw ProfileError(fmt::format("{} is no profile: name a file of at most a mebibyte, or one of {}",
                                   text::visible(path), fmt::join(shipped_profiles(), ", ")));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return parse_profile(text, path, table);
}

void check_patterns(const Profile& profile, const std::vector<std::string>& case_ids) {
  const auto matches_some = [&case_ids](std::string_view pattern) {
    return pattern == "*" || std::any_of(case_ids.begin(), case_ids.end(),
                                         [&](const std::string& id) { return glob_match(pattern, id); });
  };
  std::string faults;
  const auto add_fault = [&](const std::string& place, const std::string& pattern) {
    faults += fmt::format("{}{}:{}'{}' matches no case", faults.empty() ? "" : "\n", text::visible(profile.name), place,
                          text::visible(pattern));
  };
  for (const std::string& filter : profile.filters)
    if (!matches_some(std::string_view(filter).substr(filter.starts_with('!') ? 1 : 0)))
      add_fault(" filters: ", filter);
  for (const Pin& pin : profile.pins) {
    for (const PinnedAnswer& pinned : pin.answers) {
      for (const std::string& pattern : pinned.patterns)
        if (!matches_some(pattern)) add_fault(fmt::format("{}: {}: ", pin.line, pin.characteristic), pattern);
    }
  }
  if (!faults.empty()) throw ProfileError(faults);
}

std::vector<std::string> shipped_profiles() {
  std::vector<std::string> names;
  for (const Shipped& one : shipped) names.emplace_back(one.name);
  return names;
}

std::vector<std::string> answers_for(const Pin& pin, std::string_view case_id) {
  std::vector<std::string> answers;
  std::string nearest;
  for (const PinnedAnswer& pinned : pin.answers) {
    for (const std::string& pattern : pinned.patterns) {
      if (!glob_match(pattern, case_id) || is_nearer(nearest, pattern)) continue;
      if (is_nearer(pattern, nearest)) answers.clear();
      nearest = pattern;
      answers.push_back(pinned.answer);
    }
  }
  return answers;
}

std::vector<Difference> differences(const Profile& first, const Profile& second, const spec::SpecTable& table) {
  const auto said = [](const Pin* pin) { return pin == nullptr ? "" : to_toml(*pin); };
  std::vector<Difference> all;
  for (const spec::Characteristic& c : table.characteristics) {
    Difference difference{c.id, said(first.find(c.id)), said(second.find(c.id))};
    if (difference.first != difference.second) all.push_back(std::move(difference));
  }
  return all;
}

std::string to_toml(const Pin& pin) {
  std::vector<std::string> parts;
  const bool is_of_all = std::all_of(pin.answers.begin(), pin.answers.end(), [](const PinnedAnswer& pinned) {
    return pinned.patterns == std::vector<std::string>{"*"};
  });
  if (is_of_all) {
    for (const PinnedAnswer& pinned : pin.answers) parts.push_back(pinned.answer);
    return text::toml_list(parts);
  }
  for (const PinnedAnswer& pinned : pin.answers)
    parts.push_back(fmt::format("{} = {}", text::toml_string(pinned.answer), text::toml_list(pinned.patterns)));
  return fmt::format("{{{}}}", fmt::join(parts, ", "));
}

}  // namespace conformance::profile
