#include "harness/case/case.h"

namespace conformance {

std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::valid:
      return "valid";
    case Kind::malformed:
      return "malformed";
    case Kind::free_form:
      return "free";
  }
  return "?";
}

}  // namespace conformance
