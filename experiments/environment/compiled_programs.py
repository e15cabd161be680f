"""JAX's cache of compiled programs, of which it gets to read whole entries of ours only.

JAX takes an entry for what its name says: one that is cut makes it complain, one that was changed
may be another program. So beside each `NAME-cache` lies a seal, `NAME-cache.sha256`, the hash of
name and bytes, written as the process that compiled it ends. An entry without its seal is removed
before JAX looks, and compiled anew.
"""

import atexit
import hashlib
import os
import warnings
from contextlib import suppress
from functools import cache
from pathlib import Path

import jax

from experiments.files.safe_read import read_file

_sealed_before: dict[Path, frozenset[Path]] = {}


@cache
def use_compiled_programs(folder: Path) -> None:
    """Have JAX keep compiled programs in a folder; where it cannot be used, JAX keeps none."""
    # Another process may remove or write an entry that is being read, and a disk may be full.
    warnings.filterwarnings("ignore", "Error (reading|writing) persistent compilation cache entry")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        is_own = not hasattr(os, "getuid") or folder.stat().st_uid == os.getuid()
        usable = is_own and os.access(folder, os.W_OK | os.X_OK)
        if usable:
            for entry in _entries(folder):
                if not _is_sealed(entry):
                    entry.unlink(missing_ok=True)
            _sealed_before[folder] = frozenset(_entries(folder))
            atexit.register(seal_compiled_programs)
    except OSError:
        usable = False
    for option, value in (
        ("jax_enable_compilation_cache", usable),
        ("jax_compilation_cache_dir", str(folder) if usable else None),
        ("jax_persistent_cache_min_compile_time_secs", 0.0),
        ("jax_persistent_cache_min_entry_size_bytes", -1),
        ("jax_persistent_cache_enable_xla_caches", "none"),  # these files have no seals
    ):
        jax.config.update(option, value)  # type: ignore[no-untyped-call]


def _entries(folder: Path) -> list[Path]:
    """Return the entries but for folders, which JAX passes over."""
    return [path for path in folder.glob("*-cache") if not path.is_dir()]


def seal_compiled_programs() -> None:
    """Seal what was compiled since; a process that leaves by `os._exit` has to call it itself."""
    for folder, sealed in _sealed_before.items():
        _seal(folder, sealed)


def _seal(folder: Path, sealed: frozenset[Path]) -> None:
    with suppress(OSError, ValueError):
        for entry in set(_entries(folder)) - sealed:
            # A seal that is cut by a kill fits nothing.
            _seal_of(entry).write_text(_hash(entry), "utf-8")


def _is_sealed(entry: Path) -> bool:
    try:
        return read_file(_seal_of(entry)).decode() == _hash(entry)
    except (OSError, ValueError):
        return False


def _seal_of(entry: Path) -> Path:
    return entry.with_name(f"{entry.name}.sha256")


def _hash(entry: Path) -> str:
    return hashlib.sha256(entry.name.encode() + b"\0" + read_file(entry)).hexdigest()
