#include "harness/cli/wait_for_endpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <thread>

#include "harness/aws/side_call.h"
#include "harness/text/escape.h"

namespace conformance::cli {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr milliseconds between_attempts{100}, between_looks{20}, longest_attempt{2000}, least_attempt{100};

bool is_on_behalf_of_another(const aws::SideAnswer& answer) {
  if (!answer.response) return false;
  const int status = answer.response->status;
  return status == 502 || status == 503 || status == 504;
}

// Whoever stands before it is up, and says that it is not.
std::string last_answer(const wire::Response& response) {
  return fmt::format("the last answer was {}{}{}, as of a proxy before somebody who is not there", response.status,
                     response.reason.empty() ? "" : " ", text::elide(text::visible(response.reason), 100));
}

void pause(const std::function<bool()>& interrupted) {
  for (milliseconds slept{0}; slept < between_attempts && !interrupted(); slept += between_looks)
    std::this_thread::sleep_for(between_looks);
}

}  // namespace

std::string wait_for_endpoint(const wire::Url& endpoint, const wire::ClientOptions& client, milliseconds patience,
                              const std::function<bool()>& interrupted, std::ostream& err) {
  const Clock::time_point begun = Clock::now();
  const auto left = [&] { return patience - std::chrono::duration_cast<milliseconds>(Clock::now() - begun); };
  bool said = false;
  while (!interrupted()) {
    wire::ClientOptions attempt = client;
    attempt.timeout = std::clamp(left(), least_attempt, longest_attempt);
    wire::Request request;
    request.method = "GET";
    request.target = "/";
    const aws::SideAnswer answer = aws::ask(endpoint, request, attempt);
    if (answer.is_there && !is_on_behalf_of_another(answer)) return "";
    if (left() <= milliseconds(0))
      return fmt::format("{} at {} after {:g} s (--wait-for-endpoint): {}",
                         answer.is_there ? "the endpoint is not up" : "nobody answers",
                         aws::shown(endpoint.authority()), static_cast<double>(patience.count()) / 1000,
                         answer.is_there ? last_answer(*answer.response) : answer.why_not);
    if (!said)
      err << fmt::format("waiting for {}, {:g} s at most\n", aws::shown(endpoint.authority()),
                         static_cast<double>(patience.count()) / 1000)
          << std::flush;
    said = true;
    pause(interrupted);
  }
  return "";
}

}  // namespace conformance::cli
