// Any bytes at all wherever a report shows what an endpoint said: the JUnit report is well-formed XML all the same, the
// HTML report too and shows no hidden character, and the console's text acts on no terminal and no CI runner.
//
// The input is texts, parted by '\x1e', and then choices.
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "fixtures/testing/harmless.h"
#include "fuzz/require.h"
#include "harness/run/events.h"
#include "harness/run/scrub.h"
#include "harness/spec/spec_table.h"
#include "reports/console.h"
#include "reports/curl.h"
#include "reports/html.h"
#include "reports/junit.h"

namespace {

using namespace conformance;
using fuzz::require;

// A file in memory: thousands of reports a second must not wear out a disk.
class MemoryFile {
 public:
  MemoryFile()
      : descriptor_(memfd_create("report", MFD_CLOEXEC)), path_("/proc/self/fd/" + std::to_string(descriptor_)) {
    require(descriptor_ >= 0, "there is memory for a file");
  }
  ~MemoryFile() { close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string contents() const {
    std::string all;
    std::array<char, 65536> buffer{};
    for (ssize_t count = 0;
         (count = pread(descriptor_, buffer.data(), buffer.size(), static_cast<off_t>(all.size()))) > 0;)
      all.append(buffer.data(), static_cast<std::size_t>(count));
    return all;
  }

 private:
  int descriptor_;
  std::string path_;
};

// Hands out the texts in turn, again and again.
class Texts {
 public:
  explicit Texts(fuzz::Input& input) {
    constexpr std::size_t most = 12;
    for (std::size_t i = 0; i < most; ++i) all_.emplace_back(input.until('\x1e'));
  }
  std::string next() { return all_[at_++ % all_.size()]; }

 private:
  std::vector<std::string> all_;
  std::size_t at_ = 0;
};

wire::Exchange exchange_of(Texts& texts) {
  wire::Exchange exchange;
  exchange.sent = "POST / HTTP/1.1\r\nAuthorization: a\r\nX-Amz-Security-Token: " + texts.next() + "\r\n\r\n{}";
  exchange.received = "HTTP/1.1 400 " + texts.next() + "\r\nX-A: " + texts.next() + "\r\n\r\n" + texts.next();
  exchange.detail = texts.next();
  return exchange;
}

CaseResult result_of(Texts& texts, const std::string& id, Verdict verdict, bool warning) {
  CaseResult result;
  result.test.id = id;
  result.test.area = "a.b";
  result.test.title = texts.next();
  result.judgement.verdict = verdict;
  result.judgement.requirement = spec::builtin_table().requirements.front().id;
  result.judgement.expected = texts.next();
  result.judgement.actual = texts.next();
  result.judgement.reason = texts.next();
  result.judgement.note = texts.next();
  result.judgement.answer.type = texts.next();
  result.judgement.answer.message = texts.next();
  result.warning = warning;
  result.request.body = texts.next();
  result.stimulus = exchange_of(texts);
  return result;
}

RunInfo info_of(Texts& texts) {
  RunInfo info;
  info.tool_version = "0.1.0";
  info.endpoint = info.curl_url = "http://127.0.0.1:1/";
  info.region = "us-east-1";
  info.sessions = texts.next();
  info.planned = info.available = 5;
  return info;
}

RunEnd end_of(Texts& texts, std::size_t choices) {
  RunEnd end;
  end.totals = {.planned = 5, .pass = 1, .fail = 1, .inconclusive = 1, .skipped = 1, .error = 1, .warnings = 1};
  end.exit_status = 1;
  if ((choices & 1U) != 0) end.fatal = texts.next();
  if ((choices & 2U) != 0) end.characteristics = {{"missing.session", texts.next(), {texts.next()}}};
  if ((choices & 4U) != 0) end.leftovers = {texts.next()};
  if ((choices & 8U) != 0) end.unwritten = {texts.next()};
  end.interrupted = (choices & 16U) != 0;
  return end;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const std::size_t choices = input.number(255);
  Texts texts(input);
  const MemoryFile file, page;
  std::ostringstream out, progress;
  reports::JunitReport junit(file.path());
  reports::HtmlReport html(page.path());
  reports::ConsoleReport console(out, progress, {.color = false, .progress = reports::Progress::counter});
  const Scrubber scrubber(wire::Credentials{"AKID", "a-secret-of-some-length", "a-token-of-some-length"});

  const std::array<RunListener*, 3> listeners{&junit, &html, &console};
  const RunInfo info = info_of(texts);
  for (RunListener* listener : listeners) listener->on_start(info, spec::builtin_table());
  std::size_t number = 0;
  for (const Verdict verdict :
       {Verdict::fail, Verdict::fail, Verdict::error, Verdict::inconclusive, Verdict::skipped, Verdict::pass}) {
    const std::string id = "a.b.case" + std::to_string(number);
    const CaseResult result = scrubber.scrubbed(result_of(texts, id, verdict, number == 1));
    ++number;
    for (RunListener* listener : listeners) {
      listener->on_case(result);
      listener->on_progress(number, info.planned);
    }
  }
  const RunEnd end = end_of(texts, choices);
  for (RunListener* listener : listeners) listener->on_end(end);

  for (const std::string& fault :
       {testing_support::fault_of_xml(file.contents()), testing_support::fault_of_page(page.contents()),
        testing_support::fault_of_console(out.str()), testing_support::fault_of_console(progress.str())})
    require(fault.empty(), fault);
  return 0;
}
