// Catalogues and results for the tests of this folder.
#pragma once

#include <string>
#include <string_view>

#include "harness/known/known_failures.h"
#include "harness/run/events.h"

namespace conformance::known::examples {

inline Catalogue catalogue() {
  return {.cases = {{"a.one", "req.a", Tier::smoke},
                    {"a.two", "req.a", Tier::standard},
                    {"a.three", "req.a", Tier::exhaustive},
                    {"b.one", "req.b", Tier::smoke},
                    {"b.two", "req.b", Tier::standard},
                    {"c.one", "req.c", Tier::smoke}},
          .requirements = {"req.a", "req.b", "req.c", "req.every"}};
}

inline std::string entry(std::string_view match, std::string_view outcome, std::string_view list = "known",
                         std::string_view more = "") {
  std::string text = "[[";
  text.append(list).append("]]\nmatch = ").append(match).append("\noutcome = ").append(outcome);
  text += "\nreason = \"known for long\"\nissue = \"https://example.org/1\"\nowner = \"team\"\nuntil = 2027-01-31\n";
  return text.append(more);
}

// Which blames `blamed` (the asked requirement, if it is empty) with an answer of `status`.
inline CaseResult result(const std::string& id, Verdict verdict, int status = 400, const std::string& type = "X",
                         const std::string& blamed = "") {
  CaseResult r;
  r.test.id = id;
  r.test.requirement = "req." + id.substr(0, 1);
  r.judgement.verdict = verdict;
  r.judgement.requirement = blamed.empty() ? r.test.requirement : blamed;
  r.judgement.expected = "400 ValidationException";
  r.judgement.answer.outcome = spec::Outcome::not_found;
  r.judgement.answer.status = status;
  r.judgement.answer.type = type;
  return r;
}

inline std::chrono::year_month_day day(int year, unsigned month, unsigned of_month) {
  return std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(of_month);
}

inline KnownFailures read(std::string_view text, std::string_view version = "") {
  return read_known_failures(text, "known.toml", catalogue(),
                             {.today = day(2027, 1, 31), .version = std::string(version)});
}

}  // namespace conformance::known::examples
