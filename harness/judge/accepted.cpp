#include "harness/judge/accepted.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace conformance {
namespace {

bool names(const std::string& name, const Answer& a) {
  if (name == "success" || name == "foreign_success") return a.outcome == spec::Outcome::success;
  if (name == "client_error") return a.status >= 400 && a.status < 500;
  // Who stands before the service may not know its form; that is another requirement's to say.
  const bool bare_refusal = a.type.empty() && (a.status == 401 || a.status == 403);
  if (name == "unauthenticated") return a.outcome == spec::Outcome::unauthenticated || bare_refusal;
  if (name == "no_server_fault") return a.status < 500;
  if (spec::is_answer_class(name)) return std::to_string(a.status) == name;
  return a.outcome != spec::Outcome::success && a.type == name;
}

}  // namespace

bool is_named(const std::vector<std::string>& all, const Answer& answer) {
  return std::any_of(all.begin(), all.end(), [&answer](const std::string& name) { return names(name, answer); });
}

std::string in_words(const std::vector<std::string>& all, const spec::SpecTable& table) {
  std::vector<std::string> words;
  for (const std::string& name : all) {
    if (const spec::Error* error = table.find_error(name))
      words.push_back(fmt::format("{} {}", fmt::join(error->statuses, "/"), name));
    else if (name == "foreign_success")
      words.emplace_back("a success that is no answer of the operation");
    else if (name == "client_error")
      words.emplace_back("any 4xx");
    else if (name == "unauthenticated")
      words.emplace_back("an error of authentication (400/403)");
    else if (name == "no_server_fault")
      words.emplace_back("any answer below 500");
    else
      words.push_back(name == "success" ? std::to_string(table.success_status) : name);
  }
  return fmt::format("{}", fmt::join(words, " or "));
}

}  // namespace conformance
