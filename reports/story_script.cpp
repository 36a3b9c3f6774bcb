#include "reports/story_script.h"

#include <fmt/format.h>

#include <cctype>
#include <string_view>

#include "harness/text/escape.h"

namespace conformance::reports {
namespace {

constexpr std::size_t longest_answer = 200;  // bytes of a comment

// "AWSGlue.DeleteSession" -> "delete-session".
std::string command_of(std::string_view target) {
  std::string command;
  for (const char c : target.substr(target.rfind('.') + 1)) {
    if (std::isupper(static_cast<unsigned char>(c)) != 0 && !command.empty()) command += '-';
    command += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return command;
}

}  // namespace

std::vector<std::string> story_script(const RunInfo& info, const spec::SpecTable& table, const CaseResult& result) {
  if (result.reproduction) return result.reproduction->story;
  std::vector<std::string> lines;
  if (result.deeds.empty()) return lines;
  if (info.signed_requests)
    lines.emplace_back(
        R"(export AWS_ACCESS_KEY_ID="${AWS_ACCESS_KEY_ID:-test}" AWS_SECRET_ACCESS_KEY="${AWS_SECRET_ACCESS_KEY:-test}")");
  const std::string options =
      fmt::format(" --endpoint-url {} --region {}{}", text::shell_quote(info.curl_url), text::shell_quote(info.region),
                  info.signed_requests ? "" : " --no-sign-request");
  for (std::size_t i = 0; i < result.deeds.size(); ++i) {
    const Deed& deed = result.deeds[i];
    const bool goes_on = i + 1 < result.deeds.size() && result.deeds[i + 1].turn == deed.turn;
    const bool went_on = i > 0 && result.deeds[i - 1].turn == deed.turn;
    const bool at_once = goes_on || went_on;
    lines.push_back(fmt::format("aws {} {} --cli-input-json {}{}{}  # {}{}", table.service, command_of(deed.target),
                                text::shell_quote(deed.body), options, at_once ? " &" : "",
                                text::elide(text::visible(deed.answer), longest_answer),
                                deed.times > 1 ? fmt::format(", asked {} times", deed.times) : ""));
    if (at_once && !goes_on) lines.emplace_back("wait");
  }
  return lines;
}

}  // namespace conformance::reports
