#include "harness/shell/command.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>

namespace conformance::shell {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr int most_reads = 32;  // of a pipe that is known to be full at most

class Pipe {
 public:
  explicit Pipe(std::size_t most_kept) : most_kept_(most_kept) {
    if (::pipe2(ends_.data(), O_CLOEXEC) != 0) ends_ = {-1, -1};
    if (reader() >= 0) (void)::fcntl(reader(), F_SETFL, O_NONBLOCK);
  }
  ~Pipe() {
    close_writer();
    if (reader() >= 0) ::close(reader());
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  [[nodiscard]] int reader() const { return ends_[0]; }
  [[nodiscard]] int writer() const { return ends_[1]; }
  void close_writer() {
    if (ends_[1] >= 0) ::close(ends_[1]);
    ends_[1] = -1;
  }
  // What there is, if anything. False at its end.
  bool read_some() {
    std::array<char, 4096> buffer{};
    const ssize_t size = ::read(reader(), buffer.data(), buffer.size());
    if (size > 0 && text_.size() <= most_kept_) text_.append(buffer.data(), static_cast<std::size_t>(size));
    return size > 0 || (size < 0 && (errno == EINTR || errno == EAGAIN));
  }
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] bool is_over() const { return text_.size() > most_kept_; }

 private:
  std::size_t most_kept_;
  std::array<int, 2> ends_{-1, -1};
  std::string text_;
};

// In a session of its own, so that all of it can be ended and none of it has a terminal, and with signals as a program
// expects them.
pid_t start(const std::string& command, const Pipe& out, const Pipe& err) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files, out.writer(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, err.writer(), STDERR_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID);
  std::array<std::string, 3> words{"sh", "-c", command};
  std::array<char*, 4> arguments{words[0].data(), words[1].data(), words[2].data(), nullptr};
  pid_t pid = -1;
  if (::posix_spawn(&pid, "/bin/sh", &files, &attributes, arguments.data(), environ) != 0) pid = -1;
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  return pid;
}

// Until it ends, not until its output does: what it leaves in the background may hold that open.
bool wait_for(int process, Pipe& out, Pipe& err, milliseconds deadline) {
  const auto end = steady_clock::now() + deadline;
  bool out_open = true, err_open = true;
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(end - steady_clock::now()).count();
    if (left <= 0) return false;
    std::array<pollfd, 3> all{
        {{process, POLLIN, 0}, {out_open ? out.reader() : -1, POLLIN, 0}, {err_open ? err.reader() : -1, POLLIN, 0}}};
    (void)::poll(all.data(), all.size(), static_cast<int>(std::min<std::int64_t>(left, 1000)));
    if (all[1].revents != 0) out_open = out.read_some();
    if (all[2].revents != 0) err_open = err.read_some();
    if (out.is_over()) return false;  // it may never end, and nothing of it is of use
    if (all[0].revents != 0) break;
  }
  // What is in the pipes now: what was left in the background may go on writing.
  for (int i = 0; i < most_reads && out_open; ++i) out_open = out.read_some();
  for (int i = 0; i < most_reads && err_open; ++i) err_open = err.read_some();
  return true;
}

}  // namespace

Ran run(const std::string& command, const Limits& limits) {
  Pipe out(limits.most_output), err(limits.most_output);
  const pid_t pid = start(command, out, err);
  if (pid < 0) return {"it could not be started", "", ""};
  out.close_writer();
  err.close_writer();
  const int process = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0U));
  const bool ended = process >= 0 && wait_for(process, out, err, limits.deadline);
  if (!ended && ::kill(-pid, SIGKILL) != 0) ::kill(pid, SIGKILL);
  int status = 0;
  ::waitpid(pid, &status, 0);
  if (process >= 0) ::close(process);
  Ran ran{"", out.text(), err.text()};
  if (out.is_over())
    ran.fault = fmt::format("it printed more than {} bytes", limits.most_output);
  else if (!ended)
    ran.fault = fmt::format("it did not end in {} s", static_cast<double>(limits.deadline.count()) / 1000);
  else if (WIFSIGNALED(status))
    ran.fault = fmt::format("it was ended by signal {}", WTERMSIG(status));
  else if (WEXITSTATUS(status) != 0)
    ran.fault = fmt::format("it ended with status {}", WEXITSTATUS(status));
  return ran;
}

}  // namespace conformance::shell
