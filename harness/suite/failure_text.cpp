#include "harness/suite/failure_text.h"

#include <fmt/format.h>

#include "harness/text/escape.h"
#include "reports/curl.h"

namespace conformance::suite {
namespace {

std::string sources_of(const spec::Requirement& requirement, const spec::SpecTable& table) {
  std::string lines;
  for (const std::string& key : requirement.sources) {
    const auto found = table.sources.find(key);
    if (found != table.sources.end()) lines += "\n  source: " + text::visible(found->second);
  }
  return lines;
}

std::string again(const RunInfo& info, const spec::SpecTable& table, const CaseResult& result) {
  const Reproduction how = reports::reproduction_of(info, table, result);
  std::string lines = "\n  again: " + how.replay;
  if (!how.curl.empty()) lines += "\n  or: " + how.curl;
  if (how.curl.empty() && !how.bytes.empty()) lines += "\n  or: " + how.bytes;
  for (const std::string& line : how.story) lines += "\n  $ " + line;
  return lines;
}

}  // namespace

std::string failure_text(const RunInfo& info, const spec::SpecTable& table, const CaseResult& result) {
  const Judgement& judgement = result.judgement;
  if (judgement.verdict != Verdict::fail)
    return fmt::format("{}: {}", name_of(judgement.verdict), text::visible(judgement.reason));
  std::string lines = judgement.requirement;
  if (const spec::Requirement* requirement = table.find_requirement(judgement.requirement))
    lines += fmt::format(" ({}, {}): {}{}", name_of(requirement->level), name_of(requirement->evidence),
                         requirement->sentence, sources_of(*requirement, table));
  lines += fmt::format("\n  case: {}\n  expected: {}\n  got: {}", text::visible(result.test.title),
                       text::visible(judgement.expected), text::visible(judgement.actual));
  return lines + again(info, table, result);
}

}  // namespace conformance::suite
