#include "harness/run/provider.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "harness/shell/command.h"
#include "harness/text/escape.h"
#include "harness/text/json_string.h"
#include "harness/text/utf8.h"

namespace conformance {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t longest_id = 1020;  // bytes: of 255 code points, four each
constexpr int most_failures = 3;          // of a command, in a row

// What is wrong with an identifier that somebody gives; empty if nothing.
std::string fault_of(std::string_view id) {
  if (!text::is_valid(id)) return "is not UTF-8";
  if (id.size() > longest_id) return fmt::format("has {} bytes, more than any identifier", id.size());
  return {};
}

[[noreturn]] void refuse_file(const std::string& path, const std::string& why) {
  throw ProviderError(fmt::format("--sessions file:{}: it {}; nothing was sent", text::visible(path), why));
}

std::vector<std::string> ids_of_file(const std::string& path) {
  std::error_code error;
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path, error)) refuse_file(path, "cannot be read");
  std::string text(std::istreambuf_iterator<char>(file), {});
  if (constexpr std::string_view mark = "\xEF\xBB\xBF"; text.starts_with(mark)) text.erase(0, mark.size());
  std::vector<std::string> ids;
  std::set<std::string> seen;
  std::size_t number = 0;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    std::string id = text.substr(from, end - from);
    from = end + 1;
    ++number;
    if (id.ends_with('\r')) id.pop_back();
    if (id.empty() || id.front() == '#') continue;
    if (const std::string fault = fault_of(id); !fault.empty())
      refuse_file(path, fmt::format("line {} {}", number, fault));
    if (!seen.insert(id).second)
      refuse_file(path, fmt::format("line {} names \"{}\" again", number, text::visible(id)));
    ids.push_back(std::move(id));
  }
  if (ids.empty()) refuse_file(path, "names no session");
  return ids;
}

class GivenSessions : public SessionProvider {
 public:
  GivenSessions(std::vector<std::string> ids, std::string source)
      : source_(std::move(source)), ids_(std::make_move_iterator(ids.begin()), std::make_move_iterator(ids.end())) {}

  Given next() override {
    if (ids_.empty()) return {"", fmt::format("the sessions of {} are used up", source_), false};
    Given given{std::move(ids_.front()), "", false};
    ids_.pop_front();
    return given;
  }
  void give_back(const std::string& id) override { ids_.push_back(id); }
  [[nodiscard]] std::size_t remaining() const override { return ids_.size(); }
  [[nodiscard]] bool makes_them() const override { return false; }
  [[nodiscard]] std::string in_words() const override { return fmt::format("{} provided by {}", ids_.size(), source_); }

 private:
  std::string source_;
  std::deque<std::string> ids_;
};

class CommandProvider : public SessionProvider {
 public:
  CommandProvider(std::string command, milliseconds deadline) : command_(std::move(command)), deadline_(deadline) {}

  Given next() override {
    if (failures_ >= most_failures) return {"", last_, true};
    shell::Ran ran = shell::run(command_, {.deadline = deadline_});
    if (!ran.fault.empty() && !ran.err.empty()) ran.fault += ": " + text::elide(text::visible(ran.err), 200);
    std::string id = std::move(ran.out);
    if (id.ends_with('\n')) id.pop_back();
    if (id.ends_with('\r')) id.pop_back();
    if (ran.fault.empty()) ran.fault = fault_of_output(id);
    if (ran.fault.empty()) {
      failures_ = 0;
      return {id, "", false};
    }
    ++failures_;
    last_ = fmt::format("the command of --sessions gave no session: {}", ran.fault);
    if (failures_ == most_failures) last_ += fmt::format("; it is not run again after {} failures", most_failures);
    return {"", last_, true};
  }
  void give_back(const std::string&) override {}
  [[nodiscard]] std::size_t remaining() const override { return std::numeric_limits<std::size_t>::max(); }
  [[nodiscard]] bool makes_them() const override { return true; }
  [[nodiscard]] std::string in_words() const override { return "provided by a command"; }

 private:
  static std::string fault_of_output(const std::string& id) {
    if (id.empty()) return "it printed nothing";
    if (id.find('\n') != std::string::npos) return "it printed more than one line";
    const std::string fault = fault_of(id);
    return fault.empty() ? fault : "what it printed " + fault;
  }

  std::string command_;
  milliseconds deadline_;
  int failures_ = 0;  // in a row
  std::string last_;
};

// False if `text` has none.
bool replace_all(std::string& text, const std::string& what, const std::string& with) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size(), ++count)
    text.replace(at, what.size(), with);
  return count > 0;
}

}  // namespace

std::unique_ptr<SessionProvider> given_sessions(std::vector<std::string> ids, std::string source) {
  return std::make_unique<GivenSessions>(std::move(ids), std::move(source));
}

std::unique_ptr<SessionProvider> sessions_of_file(const std::string& path) {
  return given_sessions(ids_of_file(path), text::visible(path));
}

std::unique_ptr<SessionProvider> sessions_of_command(const std::string& command, milliseconds deadline) {
  return std::make_unique<CommandProvider>(command, deadline);
}

std::optional<Case> with_identifier(const Case& test, const CaseBuilder& builder, const std::string& id) {
  const std::string token = CaseBuilder(builder).token(test);
  // What is around the body, or beside the session, may name it in its own way.
  const bool plain = test.kind != Kind::free_form && !test.property && !test.sweep && test.bystanders.empty() &&
                     !test.edit && !test.speak && test.companions.empty() && !test.without_session;
  if (!plain || test.session != token || (!test.expected_echo.empty() && test.expected_echo != token)) return {};
  Case changed = test;
  const std::string before = text::quote_raw(token), after = text::quote_raw(id);
  const bool in_body = replace_all(changed.body, before, after);
  const bool in_control = changed.control_body && replace_all(*changed.control_body, before, after);
  if (!in_body && !in_control) return {};
  // Written in another way too, or part of something else: then it is part of the question.
  const auto names = [&token](const std::string& text) { return text.find(token) != std::string::npos; };
  if (names(changed.body) || (changed.control_body && names(*changed.control_body))) return {};
  changed.session = id;
  if (!changed.expected_echo.empty()) changed.expected_echo = id;
  return changed;
}

}  // namespace conformance
