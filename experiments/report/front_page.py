"""Warnings of the front page, how the numbers came about, and the appendix of all runs."""

import os
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.assignment import LASSO_PART, PARTS, QUESTIONS, THEORY_PART, Preset
from experiments.cli.errors import RunFolderError
from experiments.cli.text import duration, printable
from experiments.environment.provenance import versions
from experiments.report.data_origin import Origin
from experiments.report.runs_by_part import RunsByPart
from experiments.report.students import Students
from experiments.runs.json_files import read_record
from experiments.runs.reader import Run

_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class ReportInfo:
    """What a report says about its own making and no run folder knows.

    Attributes:
        preset: "quick" or "full".
        seeds: of questions 1 and 2, in order.
        seconds: the whole command took, up to the report.
        reused_seconds: that the runs taken over from earlier commands once took.
        reused: how many runs were taken over.
        trained: how many were trained now.
        cores: how many this process may use.
        group: the TOML file that names the group's members, None if there is none.
        questions: that were asked for; of others nothing is said.
        missing: pairs of a part, such as "2.2a", and a line on a run of it that failed.
    """

    preset: Preset
    seeds: tuple[int, ...]
    seconds: float
    reused_seconds: float
    reused: int
    trained: int
    cores: int
    group: Path | None = None
    questions: tuple[str, ...] = ("1", "2", "3")
    missing: tuple[tuple[str, str], ...] = ()


def warnings(runs: RunsByPart, origin: Origin, info: ReportInfo, students: Students) -> list[str]:
    """Return what a reader has to know before any number."""
    lines = []
    if origin.synthetic:
        lines.append("SYNTHETIC data: drawn, not photographed. No published number applies.")
    if info.preset != "full" and {"1", "2"} & set(info.questions):
        lines.append(
            f"Preset {info.preset}: fewer epochs than the assignment asks for. Its accuracies are "
            "not the assignment's."
        )
    if not students.members:
        lines.append("No group named: give --group FILE with names and contributions.")
    elif not students.says_who_did_what:
        lines.append("No paragraph on who did what: the assignment takes 10 points off without it.")
    asked = [part for part in (*PARTS, LASSO_PART, THEORY_PART) if part[0] in info.questions]
    absent = sorted(part for part in asked if runs.missing(part))
    if absent:
        lines.append(f"Runs are missing or damaged: {listed(absent)}.")
    return lines


def listed(items: Sequence[str]) -> str:
    """Return `a`, `a and b`, `a, b and c`."""
    return " and ".join([*filter(None, [", ".join(items[:-1])]), *items[-1:]])


def provenance(runs: RunsByPart, info: ReportInfo, out: Path) -> list[tuple[str, str]]:
    """Return pairs of what and its value: data, hash, preset, cores, versions, commit, time."""
    trained = [run for _, run in runs.all_runs()]
    pairs: list[tuple[str, str]] = []
    if trained:
        data = trained[0].summary["data"]
        pairs = [
            ("data", str(data.get("name", "unnamed"))),
            ("SHA-256", str(data.get("sha256", "unknown"))),
        ]
    if set(info.questions) < set(QUESTIONS):
        asked = listed(sorted(set(info.questions)))
        pairs.append(("questions", f"{asked}; the others were not asked"))
    pairs += [
        ("preset", info.preset),
        ("seeds", ", ".join(map(str, info.seeds))),
        ("cores", str(info.cores)),
        ("versions", _versions(trained)),
        ("commit", commit()),
        ("time of this command", duration(info.seconds)),
        ("runs", f"{info.trained} trained now, {info.reused} taken over"),
    ]
    if info.reused:
        pairs.append(("time those once took", duration(info.reused_seconds)))
    return [*pairs, ("folder", out.name or str(out))]


@dataclass(frozen=True)
class RunEntry:
    """A line of the appendix: a run's configuration, and where its folder lies."""

    part: str
    command: str
    config: dict[str, Any]
    seed: int
    seconds: float
    folder: str


def appendix(runs: RunsByPart, out: Path) -> list[RunEntry]:
    """Return every run: part, configuration, seed, seconds, and its folder as seen from `out`."""
    entries = [_entry(part, run, out) for part, run in runs.all_runs()]
    for folder in runs.folders.get(LASSO_PART, ()):
        with suppress(RunFolderError):  # its section says so
            entries.append(_entry(LASSO_PART, Run(folder), out))
    for folder in runs.folders.get(THEORY_PART, ()):
        config: dict[str, Any] = {}
        with suppress(RunFolderError, KeyError):
            config |= read_record(folder / "config.json", dict[str, Any])["config"]
        config.pop("seed", None)
        entries.append(RunEntry(THEORY_PART, "hw1-q3", config, 0, 0.0, _below(folder, out)))
    return sorted(entries, key=lambda entry: entry.part)


def _entry(part: str, run: Run, out: Path) -> RunEntry:
    return RunEntry(
        part=part,
        command=run.config["command"],
        config=dict(run.config["config"]),
        seed=run.summary["seed"],
        seconds=float(run.summary.get("seconds") or 0.0),
        folder=_below(run.path, out),
    )


def _below(folder: Path, out: Path) -> str:
    return str(folder.relative_to(out)) if folder.is_relative_to(out) else str(folder)


MAX_GIT_S = 10


def commit() -> str:
    """Return the commit that the program lies in, with a note if files differ; else "unknown"."""

    def git(*words: str) -> str:
        # Into a file: a pipe stays open as long as a process that a hanging git has started.
        with tempfile.TemporaryFile() as out:
            subprocess.run(  # noqa: S603
                ["git", "-C", str(_ROOT), *words],  # noqa: S607
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.DEVNULL,
                timeout=MAX_GIT_S,
                check=True,
                # GIT_DIR and its like would name another repository.
                env={k: v for k, v in os.environ.items() if not k.startswith("GIT_")},
            )
            out.seek(0)
            return printable(out.read().decode(errors="replace").strip())

    try:
        if Path(git("rev-parse", "--show-toplevel")).resolve() != _ROOT.resolve():
            return "unknown"  # another project's, which this one is installed under
        name = git("rev-parse", "--short=12", "HEAD")
        changed = git("status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return f"{name}, with changes" if changed else name


def _versions(runs: Sequence[Run]) -> str:
    seen: dict[str, set[str]] = {}
    for entry in [versions("numpy"), *(run.summary.get("versions", {}) for run in runs)]:
        for name, version in entry.items():
            seen.setdefault(name, set()).add(str(version))
    return ", ".join(f"{name} {' and '.join(sorted(v))}" for name, v in seen.items())
