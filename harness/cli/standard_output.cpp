#include "harness/cli/standard_output.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <system_error>

namespace conformance::cli {
namespace {

bool reader_is_gone() {
  pollfd output{STDOUT_FILENO, POLLOUT, 0};
  return poll(&output, 1, 0) == 1 && (output.revents & POLLERR) != 0;
}

}  // namespace

void prepare_standard_streams() {
  std::signal(SIGPIPE, SIG_IGN);
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(descriptor, F_GETFD) != -1 || errno != EBADF) continue;
    // The wrong way round: reading or writing fails as it would have. It takes the lowest free number, which is this.
    (void)open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

int status_after_output(int status, std::ostream& err) {
  std::cout.flush();
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0 && std::cout.good()) return status;
  if (reader_is_gone()) return status;
  // What failed may have been an earlier write, whose reason is not known any more: one byte tells.
  std::clearerr(stdout);
  errno = 0;
  std::fputc('\n', stdout);
  const int reason = std::fflush(stdout) == 0 ? 0 : errno;
  err << "glue-conformance: standard output could not be written"
      << (reason == 0 ? "" : ": " + std::generic_category().message(reason)) << "\n";
  return status == 0 ? 3 : status;
}

}  // namespace conformance::cli
