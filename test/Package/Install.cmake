# Installs BUILD into PREFIX. What the compiler wrote into the tools' paths of
# libraries and into the CMake package must not lead back to the build tree.
file(REMOVE_RECURSE ${PREFIX})
execute_process(COMMAND ${CMAKE_COMMAND} --install ${BUILD} --prefix ${PREFIX}
  OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)

file(GLOB_RECURSE texts ${PREFIX}/*.cmake ${PREFIX}/*.h ${PREFIX}/*.inc ${PREFIX}/*.td ${PREFIX}/*.py)
foreach(file IN LISTS texts)
  file(STRINGS ${file} lines REGEX "${BUILD}")
  if(lines)
    message(SEND_ERROR "expects no path of the build tree in ${file}, but got: ${lines}")
  endif()
endforeach()

file(GLOB tools ${PREFIX}/bin/*)
if(NOT tools)
  message(FATAL_ERROR "expects tools in ${PREFIX}/bin, but got none")
endif()
foreach(tool IN LISTS tools)
  file(READ_ELF ${tool} RUNPATH runpath CAPTURE_ERROR error)
  if(error OR NOT runpath MATCHES "^[$]ORIGIN/" OR runpath MATCHES "${BUILD}")
    message(SEND_ERROR "expects ${tool} to find libraries beside itself, but got '${runpath}' ${error}")
  endif()
endforeach()
