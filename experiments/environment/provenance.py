"""What a number depends on besides its configuration: versions, cores, the deciding sources."""

import hashlib
import os
import platform
import sys
from importlib import metadata
from pathlib import Path

from experiments.cli.commands import DISTRIBUTION

_ROOT = Path(__file__).parents[2]


def versions(*distributions: str) -> dict[str, str]:
    """Versions of Python, of this project and of the named distributions."""
    return {
        "python": platform.python_version(),
        **{name: metadata.version(name) for name in (DISTRIBUTION, *distributions)},
    }


def computing_libraries() -> dict[str, str]:
    """Versions of those libraries in use on which the last bits of a run depend."""
    names = ("numpy", "jax", "jaxlib", "flax", "optax")
    return {name: metadata.version(name) for name in names if name in sys.modules}


def machine() -> dict[str, str | int]:
    """The processor's kind and how many of its cores this process may use."""
    return {"system": platform.system(), "processor": platform.machine(), "cores": cores()}


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def sources_hash(*names: str) -> str:
    """SHA-256 over Python sources, of whole packages or single files: equal hashes, equal results.

    Args:
        names: such as `scratch` or `jaxmodels/models.py`.
    """
    digest = hashlib.sha256()
    for name in names:
        path = _ROOT / name
        for file in [path] if path.is_file() else sorted(path.rglob("*.py")):
            digest.update(f"{file.relative_to(_ROOT).as_posix()}\0".encode())
            digest.update(file.read_bytes() + b"\0")
    return digest.hexdigest()
