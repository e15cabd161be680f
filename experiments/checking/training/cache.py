"""Trained numbers kept in the cache, so that a second question about the same data costs nothing.

A file's name is the hash of all that decides its content: data, configuration, variant, sources.
"""

import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from experiments.environment.provenance import versions
from experiments.environment.sources import sources_hash
from experiments.files.cache import cache_folder

SOURCES = (
    "experiments.checking.catalogue.variant",
    "experiments.checking.training.scratch_jobs",
    "experiments.checking.training.jax_jobs",
    "experiments.training.q1.models",
)
"""The modules that train variants; `sources_hash` finds what else decides their numbers."""


def key_of(libraries: Sequence[str], *parts: Any) -> str:
    """Return the hash of what decides a training, the versions of these libraries included."""
    text = json.dumps([*parts, versions(*libraries)], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def read_cached(name: str) -> Any:
    """Return a cached file's content, None where there is none."""
    with suppress(OSError, ValueError):
        return json.loads(_path(name).read_bytes())
    return None


def write_cached(name: str, content: Any) -> None:
    """Write a file of the cache if it can be written; what other sources have trained goes.

    A file that was cut short is no JSON, and counts as none: nothing waits for the disk.
    """
    with suppress(OSError):
        path = _path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content), "utf-8")
        for folder in path.parents[1].iterdir():
            if folder != path.parent:
                for old in folder.glob("*.json"):
                    old.unlink(missing_ok=True)
                folder.rmdir()


def _path(name: str) -> Path:
    return cache_folder() / "check" / sources_hash(*SOURCES)[:16] / f"{name}.json"
