"""Unfinished runs that can be continued, and those that look alike and cannot."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from experiments.cli.commands import RunFolderError
from experiments.files.safe_read import read_file
from experiments.runs.checkpoint import Checkpoints
from experiments.runs.finished import same
from experiments.runs.folder import RunFolder
from experiments.runs.json_files import Record

_HASH_AND_NUMBER = r"-[0-9a-f]{8}(-\d+)?"


def open_run(parent: Path, slug: str, description: Record, resume: bool) -> tuple[RunFolder, bool]:
    """A folder for a run: an unfinished one's if `resume` and there is one, else a new one.

    Args:
        parent: where it lies.
        slug: how it begins; the data's hash follows.
        description: as `config.json` holds it.
        resume: whether to look for an unfinished one.

    Returns:
        The folder, and whether there was one already.

    Raises:
        RunFolderError: it cannot be written, or another process is writing to it.
    """
    found = find_unfinished(parent, description) if resume else None
    if found is not None:
        return RunFolder.reopen(found), True
    return RunFolder(parent, f"{slug}-{description['data']['sha256'][:8]}", description), False


def find_unfinished(parent: Path, description: Record) -> Path | None:
    """The folder in `parent` of an unfinished run with this description, or None.

    Of several, the one that has come farthest.
    """
    found = [path for path, other in _unfinished(parent) if same(other, description)]
    return max(found, key=_progress, default=None)


def refuse_others(parent: Path, slug: str, description: Record) -> None:
    """Refuse to begin a run where an unfinished one of the same name was begun otherwise.

    Called where no matching run has been found. A run counts as begun otherwise if its folder is
    called what this run's would be, or if its data file has the same path and other content.

    Raises:
        RunFolderError: naming what differs.
    """
    data = description["data"]
    for path, other in _unfinished(parent):
        held = other.get("data")
        held = held if isinstance(held, dict) else {}
        if not re.fullmatch(re.escape(slug) + _HASH_AND_NUMBER, path.name):
            continue
        same_name = path.name.startswith(f"{slug}-{data['sha256'][:8]}")
        if same_name or held.get("source") == data["source"]:
            raise RunFolderError(
                f"{path}: got an unfinished run that differs in "
                f"{differences(other, description)}, expected one of this command; start anew "
                "without --resume"
            )


def differences(other: Record, wanted: Record) -> str:
    """In what two runs differ, in words: "learning_rate (0.1, not 0.2) and data"."""
    parts = ["command"] if other.get("command") != wanted["command"] else []
    held, asked = other.get("config"), wanted["config"]
    held = held if isinstance(held, dict) else {}
    parts += [
        f"{name} ({held.get(name)}, not {asked.get(name)})"
        for name in dict.fromkeys([*held, *asked])
        if held.get(name) != asked.get(name)
    ]
    if not isinstance(other.get("data"), dict):
        parts.append("data")
    elif other["data"].get("sha256") != wanted["data"]["sha256"]:
        before, now = (str(one["data"].get("sha256"))[:8] for one in (other, wanted))
        parts.append(f"the data's hash ({before}, not {now})")
    if other.get("sources_sha256") != wanted["sources_sha256"]:
        before, now = (str(one.get("sources_sha256"))[:8] for one in (other, wanted))
        parts.append(f"the hash of the sources ({before}, not {now})")
    return " and ".join(parts)


def _unfinished(parent: Path) -> Iterator[tuple[Path, Record]]:
    """Folders and descriptions of all unfinished runs; folders without a readable one are none."""
    for config in sorted(parent.glob("*/config.json")):
        if not config.with_name("summary.json").exists():
            try:
                description = json.loads(read_file(config))
            except (OSError, ValueError, RecursionError):
                continue
            if isinstance(description, dict):
                yield config.parent, description


def _progress(path: Path) -> tuple[bool, int]:
    return _is_prepared(path), max(Checkpoints(path).epochs(), default=0)


def _is_prepared(path: Path) -> bool:
    return (Checkpoints(path).path / "summary.json").exists()
