# Installs the runtime of BUILD, then builds and runs SOURCE against what was
# installed and against the build tree, in WORK.
file(REMOVE_RECURSE ${WORK})
execute_process(COMMAND ${CMAKE_COMMAND} --install ${BUILD} --component Runtime
  --prefix ${WORK}/prefix OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
file(WRITE ${WORK}/x.csv "1,2\n3,4\n")
file(GLOB_RECURSE configs ${WORK}/prefix/*/AIMCConfig.cmake)
get_filename_component(installed "${configs}" DIRECTORY)
foreach(package ${installed} ${BUILD}/lib/cmake/AIMC)
  file(REMOVE_RECURSE ${WORK}/build)
  execute_process(COMMAND ${CMAKE_COMMAND} -S ${SOURCE} -B ${WORK}/build
    -DAIMC_DIR=${package} -DCMAKE_C_COMPILER=${C_COMPILER}
    -DCMAKE_CXX_COMPILER=${CXX_COMPILER}
    "-DCMAKE_C_FLAGS=${FLAGS}" "-DCMAKE_CXX_FLAGS=${FLAGS}"
    OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND ${CMAKE_COMMAND} --build ${WORK}/build
    OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND ${WORK}/build/program --input ${WORK}/x.csv
    OUTPUT_VARIABLE text COMMAND_ERROR_IS_FATAL ANY)
  if(NOT text STREQUAL "result 0: 2 x 2\n5 0\n11 -1\n")
    message(FATAL_ERROR "expects the product of x.csv, but got: ${text}")
  endif()
endforeach()
