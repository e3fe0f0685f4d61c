# ===- stop.py - Ends a run while it writes --------------------------------===#
#
# Part of the AIMC compiler, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Runs a command and sends a signal as soon as it has begun to write.

  stop.py SIGNAL FOLDER COMMAND...

Fails unless the signal ended the command, and says which files are in FOLDER.
"""

import signal
import subprocess
import sys
import time
from pathlib import Path

number, folder = getattr(signal, sys.argv[1]), Path(sys.argv[2])
# A shell in the background may have this process ignore the signal.
process = subprocess.Popen(
    sys.argv[3:], stderr=subprocess.DEVNULL, preexec_fn=lambda: signal.signal(number, signal.SIG_DFL)
)
while not list(folder.glob("*.tmp-*")):
    if process.poll() is not None:
        sys.exit(f"stop.py: error: expects a command that writes for a while, but got exit code {process.returncode}")
    time.sleep(0.001)
process.send_signal(number)
code = process.wait()
if code != -number:
    sys.exit(f"stop.py: error: expects the end by {sys.argv[1]}, but got exit code {code}")
print("files:", *sorted(path.name for path in folder.iterdir()))
