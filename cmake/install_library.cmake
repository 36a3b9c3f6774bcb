# The library for GoogleTest programs of users, glue_conformance::suite: one archive of all modules that `suite` needs,
# so that no name of a module gets out, and what it links to.

# Adds to the lists NAMED modules and others what is linked to TARGET, of all depths.
function(collect_linked target modules others)
  set(known ${${modules}})
  set(foreign ${${others}})
  list(APPEND known ${target})
  get_target_property(linked ${target} LINK_LIBRARIES)
  foreach(library ${linked})
    set(imported TRUE)
    if(TARGET ${library})
      get_target_property(imported ${library} IMPORTED)
    endif()
    if(imported)
      list(APPEND foreign ${library})
    elseif(NOT library IN_LIST known)
      collect_linked(${library} known foreign)
    endif()
  endforeach()
  list(REMOVE_DUPLICATES known)
  list(REMOVE_DUPLICATES foreign)
  set(${modules} ${known} PARENT_SCOPE)
  set(${others} ${foreign} PARENT_SCOPE)
endfunction()

collect_linked(suite suite_modules suite_libraries)
set(objects)
foreach(module ${suite_modules})
  list(APPEND objects $<TARGET_OBJECTS:${module}>)
endforeach()
# Of headers only, which are not in the interface.
list(REMOVE_ITEM suite_libraries nlohmann_json::nlohmann_json)

add_library(glue_conformance STATIC ${objects})
add_library(glue_conformance::suite ALIAS glue_conformance)
set_target_properties(glue_conformance PROPERTIES EXPORT_NAME suite LINKER_LANGUAGE CXX)
target_compile_features(glue_conformance INTERFACE cxx_std_20)
target_link_libraries(glue_conformance PUBLIC ${suite_libraries})
target_include_directories(glue_conformance INTERFACE $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>)

install(TARGETS glue_conformance EXPORT glue_conformance
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development
        INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY include/glue_conformance DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development)

# ---- find_package(glue_conformance)
include(CMakePackageConfigHelpers)
set(config_folder ${CMAKE_INSTALL_LIBDIR}/cmake/glue_conformance)
# Before 1.0 a minor version may change what is there.
write_basic_package_version_file(glue_conformanceConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES cmake/glue_conformanceConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/glue_conformanceConfigVersion.cmake
        DESTINATION ${config_folder} COMPONENT development)
install(EXPORT glue_conformance FILE glue_conformanceTargets.cmake NAMESPACE glue_conformance::
        DESTINATION ${config_folder} COMPONENT development)
