// The reference endpoint in a program of your own: a conforming AWS Glue sessions endpoint in memory, as
// `glue-conformance serve` has it, and with its deviations.
//
//     glue_conformance::ReferenceEndpoint endpoint({"id-max-256"});   // serves when the constructor returns
//     endpoint.url();                                                 // "http://127.0.0.1:43211"
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace glue_conformance {

class ReferenceEndpoint {
 public:
  // On a port of 127.0.0.1 that the system chooses. Throws std::runtime_error for a deviation that there is not.
  explicit ReferenceEndpoint(const std::vector<std::string>& deviations = {});
  ~ReferenceEndpoint();
  ReferenceEndpoint(const ReferenceEndpoint&) = delete;
  ReferenceEndpoint& operator=(const ReferenceEndpoint&) = delete;

  [[nodiscard]] std::string url() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace glue_conformance
