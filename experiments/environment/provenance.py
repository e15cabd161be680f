"""What a number depends on besides its configuration and the sources: versions, cores."""

import os
import platform
import sys
from importlib import metadata

from experiments.cli.parser import DISTRIBUTION

LIBRARIES = ("numpy", "jax", "jaxlib", "flax", "optax")
"""Those on which the last bits of question 2's runs depend; of question 1's, NumPy alone."""


def versions(*distributions: str) -> dict[str, str]:
    """Return the versions of Python, of this project and of the named distributions."""
    return {
        "python": platform.python_version(),
        **{name: metadata.version(name) for name in (DISTRIBUTION, *distributions)},
    }


def computing_libraries() -> dict[str, str]:
    """Return the versions of those libraries in use on which the last bits of a run depend."""
    return {name: metadata.version(name) for name in LIBRARIES if name in sys.modules}


def machine() -> dict[str, str | int]:
    """Return the processor's kind and how many of its cores this process may use."""
    return {"system": platform.system(), "processor": platform.machine(), "cores": cores()}


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
