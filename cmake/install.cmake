# What `cmake --install` puts where, in components, and the packages that CPack makes of them:
#
#     program        the program, linked to the system's libraries
#     documentation  manual page, completions, README, examples
#     licence
#     development    for find_package(glue_conformance): library, headers, configuration of CMake
#
# and, only for packages, `portable`: the program that needs no library but those of C and OpenSSL, and `debian` and
# `debian_development`: what Debian wants a package to have.
set(CMAKE_INSTALL_DOCDIR "" CACHE PATH "Where the documentation goes (default: share/doc/glue-conformance)")
if(NOT CMAKE_INSTALL_DOCDIR)
  set(CMAKE_INSTALL_DOCDIR share/doc/glue-conformance)
endif()
include(GNUInstallDirs)

# ---- the program
install(TARGETS glue-conformance RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT program)

# The same objects, linked so that they run on whatever has this C library or a later one, and OpenSSL 3. Of OpenSSL the
# system's own is wanted: it gets the system's security updates and has the system's authorities.
find_library(pugixml_archive libpugixml.a)
find_library(zlib_archive libz.a)
mark_as_advanced(pugixml_archive zlib_archive)
add_executable(portable EXCLUDE_FROM_ALL harness/cli/main.cpp packaging/fmt_in_one.cpp)
target_link_libraries(portable PRIVATE cli)
set_target_properties(portable PROPERTIES OUTPUT_NAME glue-conformance RUNTIME_OUTPUT_DIRECTORY portable)
set(archives "")
foreach(archive ${pugixml_archive} ${zlib_archive})
  if(EXISTS "${archive}")
    string(APPEND archives ",${archive}")
  endif()
endforeach()
# What is linked in whole leaves nothing to be found in the shared libraries behind it.
target_link_options(portable PRIVATE -static-libstdc++ -static-libgcc -Wl,--as-needed
                    "LINKER:--whole-archive${archives},--no-whole-archive")
install(PROGRAMS ${CMAKE_BINARY_DIR}/portable/glue-conformance DESTINATION ${CMAKE_INSTALL_BINDIR}
        COMPONENT portable EXCLUDE_FROM_ALL)

# ---- what the program says of itself
set(documents ${CMAKE_BINARY_DIR}/documents)
file(MAKE_DIRECTORY ${documents})
add_custom_command(
  OUTPUT ${documents}/glue-conformance.1.gz
  COMMAND ${CMAKE_COMMAND} "-DCOMMAND=$<TARGET_FILE:glue-conformance>|man"
          -DOUTPUT=${documents}/glue-conformance.1.gz -P ${PROJECT_SOURCE_DIR}/cmake/gzipped.cmake
  DEPENDS glue-conformance ${PROJECT_SOURCE_DIR}/cmake/gzipped.cmake VERBATIM)
set(made ${documents}/glue-conformance.1.gz)
foreach(shell bash zsh fish)
  add_custom_command(OUTPUT ${documents}/completion.${shell}
                     COMMAND glue-conformance completion ${shell} >${documents}/completion.${shell}
                     DEPENDS glue-conformance)
  list(APPEND made ${documents}/completion.${shell})
endforeach()
add_custom_target(documents ALL DEPENDS ${made})
install(FILES ${documents}/glue-conformance.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT documentation)
install(FILES ${documents}/completion.bash RENAME glue-conformance
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT documentation)
install(FILES ${documents}/completion.zsh RENAME _glue-conformance
        DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions COMPONENT documentation)
install(FILES ${documents}/completion.fish RENAME glue-conformance.fish
        DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d COMPONENT documentation)
install(FILES README.md DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT documentation)
install(DIRECTORY docs examples DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT documentation)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT licence)

# ---- the library
include(${CMAKE_CURRENT_LIST_DIR}/install_library.cmake)

# ---- what Debian wants
add_custom_command(
  OUTPUT ${documents}/changelog.gz
  COMMAND ${CMAKE_COMMAND} "-DCOMMAND=sh|${PROJECT_SOURCE_DIR}/packaging/changelog.sh|$<TARGET_FILE:glue-conformance>"
          -DOUTPUT=${documents}/changelog.gz -P ${PROJECT_SOURCE_DIR}/cmake/gzipped.cmake
  DEPENDS glue-conformance ${PROJECT_SOURCE_DIR}/packaging/changelog.sh VERBATIM)
add_custom_target(debian_documents DEPENDS ${documents}/changelog.gz)
foreach(kind debian debian_development)
  set(folder share/doc/glue-conformance)
  if(kind STREQUAL "debian_development")
    string(APPEND folder -dev)
  endif()
  install(FILES packaging/copyright ${documents}/changelog.gz DESTINATION ${folder}
          COMPONENT ${kind} EXCLUDE_FROM_ALL)
endforeach()
# Everything that packages need and a build does not.
add_custom_target(packages)
add_dependencies(packages glue-conformance glue_conformance portable documents debian_documents)

# ---- packages
set(CPACK_PACKAGE_NAME glue-conformance)
set(CPACK_PACKAGE_VENDOR "The glue-conformance authors")
set(CPACK_PACKAGE_CONTACT "The glue-conformance authors <glue-conformance@users.noreply.github.com>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "test an endpoint against DeleteSession of AWS Glue")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR}/packages)
set(CPACK_GENERATOR DEB TGZ)
set(CPACK_STRIP_FILES ON)
set(CPACK_PROJECT_CONFIG_FILE ${PROJECT_SOURCE_DIR}/packaging/cpack.cmake)
set(CPACK_PACKAGE_FILE_NAME ${CPACK_PACKAGE_NAME}-${PROJECT_VERSION}-${CMAKE_SYSTEM_NAME}-${CMAKE_SYSTEM_PROCESSOR})
set(CPACK_ARCHIVE_COMPONENT_INSTALL ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_ENABLE_COMPONENT_DEPENDS OFF)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME glue-conformance)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_RECOMMENDS ca-certificates)
set(CPACK_DEBIAN_RUNTIME_DESCRIPTION "glue-conformance proves, request by request, whether an endpoint behaves like
the operation DeleteSession of AWS Glue: a mock, a proxy in front of the
service, or the service itself. It sends valid, boundary and malformed
requests, holds each answer against a table that cites its sources, and
reports as JUnit, HTML, JSON and Markdown.")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME glue-conformance-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SHLIBDEPS OFF)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS
    "libfmt-dev, libgtest-dev, libpugixml-dev, librapidcheck-dev, libssl-dev, zlib1g-dev")
set(CPACK_DEBIAN_DEVELOPMENT_DESCRIPTION "This is what a GoogleTest program needs to run the suite of glue-conformance
against an endpoint that it starts itself: a static library, its headers, and
a configuration for CMake.")
include(CPack)
cpack_add_component(program GROUP runtime)
cpack_add_component(documentation GROUP runtime)
cpack_add_component(debian GROUP runtime)
cpack_add_component(development GROUP development)
cpack_add_component(debian_development GROUP development)
cpack_add_component(portable GROUP archive)
cpack_add_component(licence GROUP archive)
cpack_add_component_group(runtime)
cpack_add_component_group(development)
cpack_add_component_group(archive)
