# Compiles SOURCE/Inputs/model.mlir with the tools in PREFIX, moved to a place
# that no tool was told of: to a program by aimcc, and as C++ that the project
# SOURCE/Program builds. All give the result of aimc-run; so does Python.
file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK}/build)
file(COPY ${PREFIX}/ DESTINATION "${WORK}/moved prefix" USE_SOURCE_PERMISSIONS)
set(prefix "${WORK}/moved prefix")
set(model ${SOURCE}/Inputs/model.mlir)
file(WRITE ${WORK}/x.csv "1,2,3,4\n0,0,0,1\n")
set(ENV{PATH} "${prefix}/bin:$ENV{PATH}")
set(ENV{CXX} "${CXX_COMPILER} ${FLAGS}")
unset(ENV{AIMC_TOOLS_DIR})
unset(ENV{LD_LIBRARY_PATH})

function(run output)
  execute_process(COMMAND ${ARGN} WORKING_DIRECTORY ${WORK} OUTPUT_VARIABLE text
    COMMAND_ERROR_IS_FATAL ANY)
  set(${output} "${text}" PARENT_SCOPE)
endfunction()

function(expect_equal name text)
  if(NOT text STREQUAL expected)
    message(FATAL_ERROR "expects of ${name} what aimc-run printed, but got: ${text}")
  endif()
endfunction()

run(expected aimc-run ${model} --input x.csv)
if(NOT expected MATCHES "^result 0: 2 x 2\n")
  message(FATAL_ERROR "expects two rows of two scores, but got: ${expected}")
endif()

foreach(weights embed side-file)
  run(ignored aimcc ${model} --target hermes --weights ${weights} -o program-${weights})
  run(text ${WORK}/program-${weights} --input x.csv)
  expect_equal(program-${weights} "${text}")
  file(READ_ELF ${WORK}/program-${weights} RUNPATH runpath)
  if(NOT runpath STREQUAL "${prefix}/${LIBDIR}")
    message(FATAL_ERROR "expects the program to find the runtime in '${prefix}/${LIBDIR}', but got '${runpath}'")
  endif()
endforeach()

run(ignored aimcc ${model} --target hermes --emit cpp -o model.cpp)
run(ignored aimcc ${model} --target hermes --emit cpp --weights side-file -o build/side.cpp)
run(ignored ${CMAKE_COMMAND} -S ${SOURCE}/Program -B build "-DCMAKE_PREFIX_PATH=${prefix}"
  -DCMAKE_CXX_COMPILER=${CXX_COMPILER} -DCMAKE_CXX_FLAGS=${FLAGS} -DEMITTED=${WORK})
run(ignored ${CMAKE_COMMAND} --build build)
foreach(program embedded side)
  run(text ${WORK}/build/${program} --input x.csv)
  expect_equal(${program} "${text}")
endforeach()

# The package in the prefix, and a copy of it elsewhere with the tools on PATH.
file(COPY "${prefix}/lib/python3/dist-packages/aimc" DESTINATION ${WORK}/python)
foreach(packages "${prefix}/lib/python3/dist-packages" ${WORK}/python)
  set(ENV{PYTHONPATH} "${packages}")
  run(text ${PYTHON} -c "from aimc import *\nprint(find_tool('aimcc'), find_library())")
  if(NOT text STREQUAL "${prefix}/bin/aimcc ${prefix}/${LIBDIR}/libaimc_runtime.so\n")
    message(FATAL_ERROR "expects Python to find the installed tools, but got: ${text}")
  endif()
endforeach()
