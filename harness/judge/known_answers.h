// Recognises an answer that differs from one that was judged only in what no judgement depends on.
//
// A sweep gets a million answers that are the same but for the request id, the date, and the text of a message that
// quotes what was asked. Reading, classifying and judging each costs ten times what sending it does, and says the same
// each time. What is recognised here need not be judged again; whatever is not recognised is judged as usual, so that
// nothing depends on this but speed.
//
//     KnownAnswers known;
//     known.learn(exchange.received);       // was judged, and passed
//     if (known.recognises(bytes)) …        // would pass, as the known.which()-th that was learnt did
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace conformance {

class KnownAnswers {
 public:
  // `echo`: the member of a success that may hold any well-formed JSON string, where nobody asks what it is. None:
  // every byte of a success counts.
  explicit KnownAnswers(std::string echo = {}) : echo_(std::move(echo)) {}

  // The bytes of a whole answer with a Content-Length. Its number, from 0, if it was not known; nothing if it was, or
  // is of no form that can be recognised, or if very many are known already.
  std::optional<std::size_t> learn(std::string_view answer);

  // True if a known one differs from it at most in the values of x-amzn-RequestId, Date and Content-Length, in the
  // text of "message", which is a well-formed JSON string that gives nothing away (see leak_in) of the server, and in
  // the echo.
  [[nodiscard]] bool recognises(std::string_view answer);

  // The number of the answer that the last one was recognised by.
  [[nodiscard]] std::size_t which() const { return which_; }

  // Of the answer that was recognised last: its x-amzn-RequestId, a part of `answer`. Empty if it has none.
  [[nodiscard]] std::string_view request_id() const { return request_id_; }

 private:
  static constexpr std::size_t most_known = 64;

  enum class Gap { id, value, message, echo };
  // What an answer is made of: texts that stand fast, and a gap after each but the last.
  struct Form {
    std::vector<std::string> texts;
    std::vector<Gap> gaps;
    std::size_t number = 0;
    [[nodiscard]] bool is_like(const Form& other) const { return texts == other.texts && gaps == other.gaps; }
  };

  // Without texts if the answer cannot be recognised.
  [[nodiscard]] Form form_of(std::string_view answer) const;
  [[nodiscard]] bool fits(const Form& form, std::string_view answer);

  std::string echo_;
  std::vector<Form> known_;
  std::string_view request_id_;
  std::size_t which_ = 0;
};

}  // namespace conformance
