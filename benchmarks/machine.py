"""The machine that measures: what it is, how busy it is, and the memory that a process takes."""

import os
import platform
import resource
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from experiments.environment import provenance


def machine() -> dict[str, Any]:
    """Return the system, the processor, the cores this process may use and the load.

    `load` is the average number of processes that ran or waited in the last minute.
    """
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        text = ""  # not Linux
    return {**provenance.machine(), **processor(text), "load": os.getloadavg()[0]}


def processor(cpuinfo: str) -> dict[str, Any]:
    """Return the processor's name and whether it has AVX-512, None where that is not known.

    Args:
        cpuinfo: what Linux says of its processors in `/proc/cpuinfo`.
    """
    lines = (line.partition(":") for line in cpuinfo.splitlines())
    fields = {name.strip(): value.strip() for name, _, value in lines}
    flags = fields.get("flags", "").split()
    name = fields.get("model name") or platform.processor() or platform.machine()
    return {"model": name, "avx512": "avx512f" in flags if flags else None}


def machine_line(found: dict[str, Any]) -> str:
    """Say in one line what `machine` found."""
    known = {True: ", AVX-512", False: ", no AVX-512", None: ""}
    return (
        f"{found['model']}, {found['cores']} cores{known[found['avx512']]}; "
        f"load {found['load']:.2f} before the start"
    )


def peak_mb() -> float:
    """Return the largest resident set of this process so far, in MiB.

    Linux's `ru_maxrss` starts at what the parent held when it made this process; `VmHWM` does not.
    """
    with suppress(OSError):  # not Linux
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return resident_mb(resource.getrusage(resource.RUSAGE_SELF))


def resident_mb(usage: resource.struct_rusage) -> float:
    """Return the largest resident set that the system counted, in MiB; its unit is the system's."""
    return usage.ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)
