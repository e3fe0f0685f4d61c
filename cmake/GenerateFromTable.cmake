# Runs generate-runtime-table.py and writes its output to a file.
execute_process(COMMAND ${PYTHON} ${SCRIPT} ${KIND} ${TABLE}
  OUTPUT_VARIABLE text COMMAND_ERROR_IS_FATAL ANY)
file(WRITE ${OUTPUT} "${text}")
