"""How much memory a process can still have."""

import re
from contextlib import suppress
from pathlib import Path

PROCESS = Path("/proc/self/statm")
MACHINE = Path("/proc/meminfo")
CONTAINER = Path("/sys/fs/cgroup/memory.max")


def free_memory() -> int | None:
    """Return the bytes that this process may still take, None where the system does not say.

    That is the least of what the machine has left, of a container's limit and of `ulimit -v`.
    """
    found = []
    with suppress(OSError, ValueError, TypeError, IndexError):
        found.append(1024 * int(re.findall(r"MemAvailable: *(\d+) kB", MACHINE.read_text())[0]))
    with suppress(OSError, ValueError):  # "max" where there is none
        found.append(int(CONTAINER.read_text()))
    with suppress(ImportError, OSError, ValueError):
        import resource  # not on Windows

        limit = resource.getrlimit(resource.RLIMIT_AS)[0]
        if limit != resource.RLIM_INFINITY:
            taken = int(PROCESS.read_text().split()[0]) * resource.getpagesize()
            found.append(max(0, limit - taken))
    return min(found, default=None)
