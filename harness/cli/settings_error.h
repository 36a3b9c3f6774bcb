// Something is wrong with a configuration file or a variable: the message says where, what, and what to do, a line
// each.
#pragma once

#include <stdexcept>

namespace conformance::cli {

class SettingsError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace conformance::cli
