# Install and export: `cmake --install build/release --prefix DIR` puts the program, the libraries, the headers, the
# built-in books and scenarios, a CMake package and a pkg-config file below DIR. A user's project then says
#
#   find_package(breakwater 0.1 REQUIRED)
#   target_link_libraries(mine PRIVATE breakwater::stress)
include(CMakePackageConfigHelpers)

set(breakwater_cmake_dir "${CMAKE_INSTALL_LIBDIR}/cmake/breakwater")

# In the order of the floors.
set(breakwater_floors)
foreach(floor core world stress audit io calc report service)
  if(TARGET breakwater_${floor})
    list(APPEND breakwater_floors ${floor})
  endif()
endforeach()

list(TRANSFORM breakwater_floors PREPEND breakwater_ OUTPUT_VARIABLE libraries)
install(TARGETS ${libraries} EXPORT breakwater
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT development
  LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT development)
install(DIRECTORY "${PROJECT_SOURCE_DIR}/breakwater" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT development
  FILES_MATCHING PATTERN "*.hpp")
install(EXPORT breakwater NAMESPACE breakwater:: FILE breakwater-targets.cmake
  DESTINATION "${breakwater_cmake_dir}" COMPONENT development)

if(TARGET breakwater)
  install(TARGETS breakwater RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT program)
endif()
foreach(folder examples scenarios)
  if(EXISTS "${PROJECT_SOURCE_DIR}/${folder}")
    install(DIRECTORY "${PROJECT_SOURCE_DIR}/${folder}" DESTINATION "${CMAKE_INSTALL_DATADIR}/breakwater"
      COMPONENT program)
  endif()
endforeach()
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT program)

# What the libraries link to, publicly or not: static libraries hand it on to whoever links them.
set(breakwater_dependencies)
foreach(floor IN LISTS breakwater_floors)
  get_target_property(linked breakwater_${floor} LINK_LIBRARIES)
  foreach(library IN LISTS linked)
    if(library MATCHES "^([A-Za-z0-9_]+)::" AND NOT CMAKE_MATCH_1 STREQUAL "breakwater")
      list(APPEND breakwater_dependencies "${CMAKE_MATCH_1}")
    endif()
  endforeach()
endforeach()
list(REMOVE_DUPLICATES breakwater_dependencies)

configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/breakwater-config.cmake.in"
  "${PROJECT_BINARY_DIR}/breakwater-config.cmake" INSTALL_DESTINATION "${breakwater_cmake_dir}"
  NO_SET_AND_CHECK_MACRO)
# Before 1.0 a minor version may change the interface.
write_basic_package_version_file("${PROJECT_BINARY_DIR}/breakwater-config-version.cmake"
  VERSION "${PROJECT_VERSION}" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/breakwater-config.cmake" "${PROJECT_BINARY_DIR}/breakwater-config-version.cmake"
  DESTINATION "${breakwater_cmake_dir}" COMPONENT development)

# pkg-config: the highest floor first, so that each library finds below what it needs.
set(breakwater_pc_libs)
foreach(floor IN LISTS breakwater_floors)
  string(PREPEND breakwater_pc_libs "-lbreakwater_${floor} ")
endforeach()
set(breakwater_pc_private)
foreach(package IN LISTS breakwater_dependencies)
  if(package STREQUAL "TBB")
    string(APPEND breakwater_pc_private "-ltbb ")
  elseif(package STREQUAL "ZLIB")
    string(APPEND breakwater_pc_private "-lz ")
  endif()
endforeach()
string(STRIP "${breakwater_pc_libs} ${breakwater_pc_private}" breakwater_pc_libs)
file(RELATIVE_PATH breakwater_pc_to_prefix "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
string(REGEX REPLACE "/$" "" breakwater_pc_to_prefix "${breakwater_pc_to_prefix}")
configure_file("${PROJECT_SOURCE_DIR}/cmake/breakwater.pc.in" "${PROJECT_BINARY_DIR}/breakwater.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/breakwater.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig"
  COMPONENT development)
