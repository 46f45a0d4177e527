"""Processor time of a command and of everything that it starts, browsers that outlive it included.

``python -m benchmarks.cpu COMMAND...`` counts it from outside, for whoever has other children: it prints the
processor seconds and ends with the command's status; what the command prints is not passed on.
"""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence

_SUBREAPER = 36
"""PR_SET_CHILD_SUBREAPER: orphans of our children become ours, so that their time is told to us."""

_LAST_SECONDS = 15.0


def run_counted(command: Sequence[str]) -> tuple[subprocess.CompletedProcess[str], float]:
    """Runs the command, and waits for all that descends from it; its result and processor seconds (user and
    system). What this process itself does meanwhile, serving pages say, is not counted. Linux only."""
    if sys.platform != "linux" or ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0):
        raise SystemExit("processor time of whole process trees is only counted on Linux")
    before = _children()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    until = time.monotonic() + _LAST_SECONDS
    while time.monotonic() < until:
        try:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                time.sleep(0.05)
        except ChildProcessError:
            break
    return done, _children() - before


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> int:
    done, seconds = run_counted(sys.argv[1:])
    print(seconds)
    return done.returncode


if __name__ == "__main__":
    raise SystemExit(main())
