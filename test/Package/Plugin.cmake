# Builds the project EXAMPLE, a device plug-in in C, on what is installed in
# PREFIX, and runs a model on it with aimc-run and as a program: the results are
# those of device exact, and the plug-in has logged its calls, as EXPECTED says.
file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK})
set(ENV{CXX} "${CXX_COMPILER} ${FLAGS}")
set(model ${SOURCE}/Inputs/model.mlir)
set(tools ${PREFIX}/bin)
file(WRITE ${WORK}/x.csv "1,2,3,4\n0,0,0,1\n")

function(run output)
  execute_process(COMMAND ${ARGN} WORKING_DIRECTORY ${WORK} OUTPUT_VARIABLE text
    COMMAND_ERROR_IS_FATAL ANY)
  set(${output} "${text}" PARENT_SCOPE)
endfunction()

run(ignored ${CMAKE_COMMAND} -S ${EXAMPLE} -B ${WORK}/build "-DCMAKE_PREFIX_PATH=${PREFIX}"
  -DCMAKE_C_COMPILER=${C_COMPILER} -DCMAKE_C_FLAGS=${FLAGS} -DCMAKE_COMPILE_WARNING_AS_ERROR=ON)
run(ignored ${CMAKE_COMMAND} --build ${WORK}/build)
file(COPY ${WORK}/build/recording.so DESTINATION ${WORK})

run(ignored ${tools}/aimcc ${model} --target hermes -o program)
run(ignored ${tools}/aimcc ${model} --target hermes --emit placed -o placed.mlir)
set(device --device recording.so --compare exact.npy --output y.npy --json)
foreach(name run program)
  set(command ${WORK}/program)
  if(name STREQUAL run)
    set(command ${tools}/aimc-run placed.mlir)
  endif()
  run(ignored ${command} --input x.csv --output exact.npy)
  run(report ${command} --input x.csv ${device} --device-option log=${name}.log)
  file(SHA256 ${WORK}/exact.npy exact)
  file(SHA256 ${WORK}/y.npy recorded)
  if(NOT exact STREQUAL recorded)
    message(FATAL_ERROR "expects of ${name} the bits of device exact, but got: ${report}")
  endif()
  string(JSON plugin GET "${report}" plugin name)
  if(NOT plugin STREQUAL "recording")
    message(FATAL_ERROR "expects a report of device recording, but got: ${report}")
  endif()
  execute_process(COMMAND ${FILECHECK} ${EXPECTED} --input-file ${WORK}/${name}.log
    COMMAND_ERROR_IS_FATAL ANY)
endforeach()
