// Recognises an answer that differs from one that was judged only in what no judgement depends on.
//
// A sweep gets a million answers that are the same but for the request id, the date, and the text of a message that
// quotes what was asked. Reading, classifying and judging each costs ten times what sending it does, and says the same
// each time. What is recognised here need not be judged again; whatever is not recognised is judged as usual, so that
// nothing depends on this but speed.
//
//     KnownAnswers known;
//     known.learn(exchange.received);       // was judged, and passed
//     if (known.recognises(bytes)) …        // would pass
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace conformance {

class KnownAnswers {
 public:
  // The bytes of a whole answer with a Content-Length. Without effect if it is of no form that can be recognised, or
  // if very many are known already.
  void learn(std::string_view answer);

  // True if a known one differs from it at most in the values of x-amzn-RequestId, Date and Content-Length, and in the
  // text of "message", which is a well-formed JSON string that gives nothing away (see leak_in) of the server.
  [[nodiscard]] bool recognises(std::string_view answer);

  // Of the answer that was recognised last: its x-amzn-RequestId, a part of `answer`. Empty if it has none.
  [[nodiscard]] std::string_view request_id() const { return request_id_; }

 private:
  static constexpr std::size_t most_known = 64;

  enum class Gap { id, value, message };
  // What an answer is made of: texts that stand fast, and a gap after each but the last.
  struct Form {
    std::vector<std::string> texts;
    std::vector<Gap> gaps;
    friend bool operator==(const Form&, const Form&) = default;
  };

  // Without texts if the answer cannot be recognised.
  [[nodiscard]] static Form form_of(std::string_view answer);
  [[nodiscard]] bool fits(const Form& form, std::string_view answer);

  std::vector<Form> known_;
  std::string_view request_id_;
};

}  // namespace conformance
