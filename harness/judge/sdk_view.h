// What users of an SDK would see of an answer: that is what the author of a mock cares about.
//
// The same bytes are a typed error to one SDK, a generic one to another, and a crash in the parser of a third. The
// rules are those of botocore 1.43 (its JSON parser; scripts/sdk_view.py compares them with the real one), and of the
// SDKs for JavaScript v3, Java v2 and C++ as far as they are known: where an error's name is looked for, in which
// order, and what becomes of a body that is no JSON.
//
//     for (const SdkView& view : sdk_views(response, table)) out << view.sdk << ": " << view.sees << "\n";
//     // botocore: EntityNotFoundException
//     // JavaScript: SyntaxError: the body is no JSON
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/spec/spec_table.h"
#include "harness/wire/exchange.h"

namespace conformance {

struct SdkView {
  enum class Kind {
    success,
    typed,    // an exception of its own, which users can catch by name
    generic,  // the SDK's general error, with a code or a status
    broken,   // no error of the service at all: the SDK's parser gave up
  };
  std::string_view sdk;  // "botocore", "JavaScript", "Java", "C++"
  Kind kind = Kind::success;
  std::string sees;  // one line; may quote what the endpoint said, escaped for no medium
};

// One for each SDK, always in the same order.
[[nodiscard]] std::vector<SdkView> sdk_views(const wire::Response& response, const spec::SpecTable& table);

// All in one line, those that see the same together: "botocore, Java: ValidationException; JavaScript, C++: …".
[[nodiscard]] std::string in_one_line(const std::vector<SdkView>& views);

}  // namespace conformance
