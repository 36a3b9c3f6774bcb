#include "glue_conformance/reference_endpoint.h"

#include "fixtures/reference/reference_endpoint.h"

namespace glue_conformance {

class ReferenceEndpoint::Impl : public conformance::reference::ReferenceEndpoint {
  using conformance::reference::ReferenceEndpoint::ReferenceEndpoint;
};

ReferenceEndpoint::ReferenceEndpoint(const std::vector<std::string>& deviations)
    : impl_(std::make_unique<Impl>(conformance::reference::Options{.deviations = deviations})) {}
ReferenceEndpoint::~ReferenceEndpoint() = default;

std::string ReferenceEndpoint::url() const { return impl_->url(); }

}  // namespace glue_conformance
