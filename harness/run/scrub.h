// An endpoint gets our session token and signature, and may say them back anywhere: in an error's type, in a header, in
// HTML. No report may print them, so they are taken out of a result before any listener sees it.
//
// A part of a secret is left out too, from twelve bytes on: what is shortened for people must not show the rest of it.
//
//     const Scrubber scrubber(credentials);
//     listener.on_case(scrubber.scrubbed(result));
//
// Safe in any thread; copies know what each of them is told.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "harness/run/events.h"
#include "harness/wire/sigv4.h"

namespace conformance {

class Scrubber {
 public:
  static constexpr std::string_view mark = "(secret left out)";

  // Knows no secret but those that it finds in the headers of a sent request.
  Scrubber();
  // The secret key and the session token are secret; the access key's name is none, and neither is what is shorter than
  // six bytes ("test"): it would be found by chance.
  explicit Scrubber(const wire::Credentials& credentials);
  // Temporary ones were replaced: these are secret too, from here on, for every copy.
  void add(const wire::Credentials& credentials) const;

  // All are copied; what holds no secret is as it was.
  [[nodiscard]] std::string scrubbed(std::string text) const;
  // Authorization and X-Amz-Security-Token lose their values in any case. The signatures of the sent messages are
  // secrets if there is another. The case itself is ours and stays.
  [[nodiscard]] CaseResult scrubbed(CaseResult result) const;
  [[nodiscard]] RunEnd scrubbed(RunEnd end) const;

 private:
  // Strings to be found, as they are and as JSON and URLs may spell them.
  class Needles {
   public:
    void add(std::string_view secret);
    void leave_out_of(std::string& text) const;
    [[nodiscard]] bool empty() const { return whole_.empty() && windows_.empty(); }

   private:
    void add_spelling(const std::string& secret);

    std::vector<std::string> whole_;           // too short to be found by a part
    std::unordered_set<std::string> windows_;  // every twelve bytes in a row of the others
  };

  struct Shared;
  // What is known by now.
  [[nodiscard]] std::shared_ptr<const Needles> known() const;

  std::shared_ptr<Shared> shared_;
};

}  // namespace conformance
