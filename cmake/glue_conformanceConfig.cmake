# find_package(glue_conformance) gives the target glue_conformance::suite (glue_conformance/suite.h,
# glue_conformance/reference_endpoint.h). On Debian: libgtest-dev libfmt-dev libpugixml-dev librapidcheck-dev libssl-dev
# zlib1g-dev.
include(CMakeFindDependencyMacro)
find_dependency(Threads)
find_dependency(GTest CONFIG)
find_dependency(fmt CONFIG)
find_dependency(pugixml CONFIG)
find_dependency(rapidcheck CONFIG)
find_dependency(OpenSSL 3)
find_dependency(ZLIB)
include(${CMAKE_CURRENT_LIST_DIR}/glue_conformanceTargets.cmake)
