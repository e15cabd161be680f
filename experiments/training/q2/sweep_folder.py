"""The folder that a sweep of question 2 leaves: figure, table, answer, and `sweep.json`."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from experiments.cli.console import NullConsole
from experiments.cli.errors import as_run_folder_error
from experiments.files.safe_read import read_object
from experiments.plots.over_seeds import loss_curves
from experiments.plots.style import save
from experiments.runs.folder import new_folder
from experiments.runs.json_files import write_json
from experiments.runs.reader import Run
from experiments.runs.sweep import (
    SweepRow,
    answer,
    choose,
    group_by_configuration,
    sweep_rows,
    table,
)
from experiments.runs.titles import shared_heading
from experiments.training.options import SessionOptions


def finish_sweep(
    runs: Sequence[Run],
    names: Sequence[str],
    compile_seconds: float,
    options: SessionOptions,
    console: NullConsole,
) -> tuple[Path, Path]:
    """Compare finished runs of one model: figure, table, answer, and `sweep.json`, written last.

    With `--resume`, the folder that there is stays if it compares the very same runs. The table's
    lines and the answer are said; folder and figure are returned.

    Raises:
        RunFolderError: the folder cannot be written.
    """
    parent, groups = Path(options.out), group_by_configuration(runs)
    rows = sweep_rows(groups, names)
    best = choose(rows)
    first = runs[0].summary
    name = "-".join(["sweep", first["model"], *names, first["data"]["sha256"][:8]])
    there = _find(parent, name, rows) if options.resume else None
    folder = there or new_folder(parent, name)
    figure = folder / f"losses.{options.kind}"
    if not figure.exists():
        curves = loss_curves(groups, [entry["label"] for entry in rows], shared_heading(runs))
        with as_run_folder_error(folder):
            save(curves, figure)
    if not there:
        content = {
            "command": "hw1-q2",
            "model": first["model"],
            "varied": list(names),
            "rows": rows,
            "best": rows.index(best),
            "compile_seconds": round(compile_seconds, 3),
            "synthetic": first["synthetic"],
            "data": first["data"],
        }
        with as_run_folder_error(folder):
            write_json(folder / "sweep.json", content)
    for line in (*table(rows), *answer(best)):
        console.line(line)
    return folder, figure


def _find(parent: Path, name: str, rows: list[SweepRow]) -> Path | None:
    """Return the folder of a sweep with these rows; an unfinished one has no `sweep.json`."""
    for file in sorted(parent.glob(f"{name}*/sweep.json")):
        with suppress(OSError, ValueError):  # a damaged one is left alone, and made anew
            if read_object(file).get("rows") == rows:
                return file.parent
    return None
