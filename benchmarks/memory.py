"""How much memory this process has taken at most."""

import resource
import sys
from pathlib import Path


def peak_mb() -> float:
    """Return the largest resident set of this process so far, in MiB.

    Linux's `ru_maxrss` starts at what the parent held when it made this process; `VmHWM` does not.
    """
    try:
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass  # not Linux
    unit = 1024**2 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
