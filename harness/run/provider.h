// Sessions that somebody else provides: where an endpoint cannot create one itself, or should not.
//
// They come from a file of identifiers that its owner sacrifices, or from a command that makes one each time that it is
// run. Whatever is wrong with a source is said in words, and is never a verdict on the endpoint.
//
//     auto provider = sessions_of_file("ids.txt");   // throws ProviderError; nothing was sent
//     const SessionProvider::Given given = provider->next();
//     if (given.id.empty()) … given.why_not
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "harness/case/case.h"
#include "harness/case/case_builder.h"

namespace conformance {

class ProviderError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class SessionProvider {
 public:
  virtual ~SessionProvider() = default;

  struct Given {
    std::string id;       // empty: there is none, for
    std::string why_not;  // this reason
    bool failed = false;  // it should have been there
  };
  [[nodiscard]] virtual Given next() = 0;
  // It was not deleted, and can be used again.
  virtual void give_back(const std::string& id) = 0;
  // How many there are at once, at most.
  [[nodiscard]] virtual std::size_t remaining() const = 0;
  // True if what it gives was made for this run, which then cleans up after itself.
  [[nodiscard]] virtual bool makes_them() const = 0;
  [[nodiscard]] virtual std::string in_words() const = 0;
};

// Those of a list, each once. `source` is where it is from, in words.
[[nodiscard]] std::unique_ptr<SessionProvider> given_sessions(std::vector<std::string> ids, std::string source);

// One identifier a line; blank lines and those that begin with '#' are none. Throws ProviderError for a file that
// cannot be read, has none, or the same twice, or is not UTF-8.
[[nodiscard]] std::unique_ptr<SessionProvider> sessions_of_file(const std::string& path);

// `command` is run by /bin/sh -c for each; it prints the identifier on a line of its own. One that does not end in time
// is killed; after three failures in a row it is not run again.
[[nodiscard]] std::unique_ptr<SessionProvider> sessions_of_command(const std::string& command,
                                                                   std::chrono::milliseconds deadline);

// The same case with `id` in place of the identifier that it made up, in everything that it sends. Nothing where the
// case asks for an identifier of its own: then no other will do.
[[nodiscard]] std::optional<Case> with_identifier(const Case& test, const CaseBuilder& builder, const std::string& id);

}  // namespace conformance
