# What find_package(AIMC COMPONENTS MLIR) finds: the libraries over MLIR, which
# aimc_add_mlir_library installs, and their headers with those that TableGen
# generates. The runtime library installs itself (lib/Runtime).

set(headers ${CMAKE_INSTALL_INCLUDEDIR}/aimc/MLIR)
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/AIMC)
install(DIRECTORY dialects/ ${PROJECT_BINARY_DIR}/dialects/
  DESTINATION ${headers} COMPONENT MLIR
  FILES_MATCHING PATTERN "*.h" PATTERN "*.td" PATTERN "*.h.inc"
  PATTERN CMakeFiles EXCLUDE)
foreach(part Analysis Conversion Estimate Execution Pipelines Support Target)
  install(DIRECTORY lib/${part} ${PROJECT_BINARY_DIR}/lib/${part}
    DESTINATION ${headers} COMPONENT MLIR
    FILES_MATCHING PATTERN "*.h" PATTERN "*.td" PATTERN "*.h.inc"
    PATTERN CMakeFiles EXCLUDE)
endforeach()

get_property(AIMC_MLIR_LIBRARIES GLOBAL PROPERTY AIMC_MLIR_LIBRARIES)
configure_package_config_file(cmake/AIMCMLIR.cmake.in
  ${PROJECT_BINARY_DIR}/cmake/AIMCMLIR.cmake INSTALL_DESTINATION ${package})
install(FILES ${PROJECT_BINARY_DIR}/cmake/AIMCMLIR.cmake
  DESTINATION ${package} COMPONENT MLIR)
install(EXPORT AIMCMLIRTargets NAMESPACE AIMC::
  DESTINATION ${package} COMPONENT MLIR)
