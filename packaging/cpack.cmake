# Read by cpack once for each kind of package: which components are in it.
if(CPACK_GENERATOR STREQUAL "DEB")
  # Linked as Debian links, and with what Debian wants beside it.
  set(CPACK_COMPONENTS_ALL program documentation debian development debian_development)
  set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
else()
  set(CPACK_COMPONENTS_ALL portable licence documentation)
  set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
  set(CPACK_COMPONENT_INCLUDE_TOPLEVEL_DIRECTORY ON)
endif()
