"""How much memory a process can still have."""

import math
import mmap
import re
from contextlib import suppress
from pathlib import Path

from experiments.cli.isolation import address_space

PROCESS = Path("/proc/self/statm")
MACHINE = Path("/proc/meminfo")
CONTAINER = Path("/sys/fs/cgroup/memory.max")


def free_memory() -> int | None:
    """Return the bytes that this process may still take, None where the system does not say.

    That is the least of what the machine has left, of a container's limit and of `ulimit -v`.
    """
    found = []
    with suppress(OSError, ValueError, TypeError, IndexError):
        found.append(
            1024 * int(re.findall(r"MemAvailable: *(\d+) kB", MACHINE.read_text("ascii"))[0])
        )
    with suppress(OSError, ValueError):  # "max" where there is none
        found.append(int(CONTAINER.read_text("ascii")))
    with suppress(OSError, ValueError):
        if (limit := address_space()) < math.inf:
            taken = int(PROCESS.read_text("ascii").split()[0]) * mmap.PAGESIZE
            found.append(max(0, int(limit) - taken))
    return min(found, default=None)
