// Runs a command of the user's and says how it ended: what makes a session, or prints credentials.
//
// It is somebody else's program: it may hang, never stop printing, or leave something behind that holds its pipes open.
// It gets no terminal, so that it cannot wait for an answer that nobody gives.
//
//     const shell::Ran ran = shell::run("make-a-session", {.deadline = 30s});
//     if (ran.fault.empty()) use(ran.out);
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace conformance::shell {

struct Limits {
  std::chrono::milliseconds deadline{60000};  // then all of it is killed
  // Bytes that are kept of each stream. A command that prints more is killed; one that says more on its standard error
  // goes on.
  std::size_t most_output = 16384;
};

struct Ran {
  std::string fault;  // why there is nothing to be read: "it ended with status 1"; empty if it ended well
  std::string out;    // what it printed, with at least one byte more than the limit if it printed more
  std::string err;    // the same of its standard error, which is never mixed in
};

// `command` is run by /bin/sh -c in a session of its own, with /dev/null as its input and the program's environment.
[[nodiscard]] Ran run(const std::string& command, const Limits& limits);

}  // namespace conformance::shell
