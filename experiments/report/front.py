"""The front page: who, what data, how made; and the appendix of all runs."""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from experiments.assignment import PARTS, QUESTIONS
from experiments.cli.commands import RunFolderError
from experiments.cli.console import duration
from experiments.environment.provenance import versions
from experiments.report.expected import Origin
from experiments.report.facts import Facts
from experiments.report.group import GroupFile, read_group
from experiments.report.parts import Parts, found, read_record
from experiments.report.results import Front, RunEntry
from experiments.report.words import listed, plain
from experiments.runs.reader import Run

_ROOT = Path(__file__).parents[2]


def front(parts: Parts, origin: Origin, facts: Facts, out: Path) -> Front:
    """The front page.

    Raises:
        UsageError: the group's file is not what it should be.
    """
    group = read_group(facts.group) if facts.group else GroupFile([], "")
    return Front(
        title="Homework 1",
        subtitle="Deep Learning, IST, 2024-25",
        group=group.members,
        contributions=group.contributions,
        warnings=_warnings(parts, origin, facts, group),
        facts=_facts(parts, facts, out),
    )


def appendix(parts: Parts, out: Path) -> list[RunEntry]:
    """Every run: part, configuration, seed, seconds, and its folder as seen from `out`."""
    entries = [
        RunEntry(
            part=part,
            command=run.config["command"],
            config=run.config["config"],
            seed=run.summary["seed"],
            seconds=float(run.summary.get("seconds") or 0.0),
            folder=_below(run.path, out),
        )
        for part, run in parts.all_runs()
    ]
    for folder in parts.folders.get("1.2d", ()):
        try:
            run = Run(folder)
        except RunFolderError:
            continue  # its section says so
        entries.append(
            RunEntry(
                part="1.2d",
                command=run.config["command"],
                config=run.config["config"],
                seed=run.summary["seed"],
                seconds=float(run.summary.get("seconds") or 0.0),
                folder=_below(folder, out),
            )
        )
    entries += [
        RunEntry(
            part="3",
            command="hw1-q3",
            config=_theory_settings(folder),
            seed=0,
            seconds=0.0,
            folder=_below(folder, out),
        )
        for folder in parts.folders.get("3", ())
    ]
    return sorted(entries, key=lambda entry: entry["part"])


def _theory_settings(folder: Path) -> dict[str, Any]:
    """Question 3's settings; none where its folder does not tell."""
    try:
        found = read_record(folder / "config.json", "config")["config"]
    except RunFolderError:
        return {}
    return {name: value for name, value in found.items() if name != "seed"}


def _below(folder: Path, out: Path) -> str:
    return str(folder.relative_to(out)) if folder.is_relative_to(out) else str(folder)


def commit() -> str:
    """The commit that the program lies in, with a note if files differ from it; else "unknown"."""

    def git(*words: str) -> str:
        done = subprocess.run(  # noqa: S603
            ["git", "-C", str(_ROOT), *words],  # noqa: S607
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        )
        return done.stdout.strip()

    try:
        if Path(git("rev-parse", "--show-toplevel")).resolve() != _ROOT.resolve():
            return "unknown"  # another project's, which this one is installed under
        name = git("rev-parse", "--short=12", "HEAD")
        changed = git("status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return f"{name}, with changes" if changed else name


def _warnings(parts: Parts, origin: Origin, facts: Facts, group: GroupFile) -> list[str]:
    lines = []
    if origin.synthetic:
        lines.append("SYNTHETIC data: drawn, not photographed. No published number applies.")
    if facts.preset != "full" and {"1", "2"} & set(facts.questions):
        lines.append(
            f"Preset {facts.preset}: fewer epochs than the assignment asks for. Its accuracies are "
            "not the assignment's."
        )
    if not group.members:
        lines.append("No group named: give --group FILE with names and contributions.")
    elif not group.says_who_did_what:
        lines.append("No paragraph on who did what: the assignment takes 10 points off without it.")
    asked = [part for part in (*PARTS, "1.2d", "3") if part[0] in facts.questions]
    absent = [part for part in asked if parts.missing(part)]
    if absent:
        lines.append(f"Runs are missing or damaged: {listed(sorted(absent))}.")
    return lines


def _facts(parts: Parts, facts: Facts, out: Path) -> list[list[str]]:
    runs = [run for _, run in parts.all_runs()]
    pairs: list[list[str]] = []
    if runs:
        data = runs[0].summary["data"]
        sizes = [
            f"{int(found(runs[0], 'final', split, 'total')):,}"
            for split in ("train", "val", "test")
        ]
        pairs = [
            ["data", plain(data.get("name", "unnamed"))],
            ["SHA-256", plain(data.get("sha256", "unknown"))],
            ["train, validation, test", ", ".join(sizes)],
        ]
    if set(facts.questions) < set(QUESTIONS):
        pairs.append(
            ["questions", f"{listed(sorted(set(facts.questions)))}; the others were not asked"]
        )
    pairs += [
        ["preset", facts.preset],
        ["seeds", ", ".join(map(str, facts.seeds))],
        ["cores", str(facts.cores)],
        ["versions", _versions(runs)],
        ["commit", commit()],
        ["time of this command", duration(facts.seconds)],
        ["runs", f"{facts.trained} trained now, {facts.reused} taken over"],
    ]
    if facts.reused:
        pairs.append(["time those once took", duration(facts.reused_seconds)])
    pairs.append(["folder", plain(out.name or out)])
    return pairs


def _versions(runs: Sequence[Run]) -> str:
    seen: dict[str, set[str]] = {}
    for entry in [versions("numpy"), *(run.summary.get("versions", {}) for run in runs)]:
        for name, version in entry.items():
            seen.setdefault(name, set()).add(str(version))
    return ", ".join(f"{name} {' and '.join(sorted(v))}" for name, v in seen.items())
