"""What the runs of a sweep come to: mean and deviation over seeds, the best one, a table."""

import json
import statistics
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from experiments.commands import RunFolderError
from experiments.plots.style import save
from experiments.plots.sweep import loss_curves
from experiments.regular import read_regular
from experiments.runs.disk import as_run_folder_error
from experiments.runs.folder import Record, new_folder, write_json
from experiments.runs.reader import Run

LABEL_WIDTH = 35


class Sweep(NamedTuple):
    """A finished sweep.

    Attributes:
        folder: where `sweep.json` and the figures lie.
        figures: the figures.
        lines: the table and the answer, to print.
    """

    folder: Path
    figures: list[Path]
    lines: list[str]


def finish_sweep(
    runs: Sequence[Run],
    names: Sequence[str],
    parent: Path,
    compile_seconds: float,
    keep: bool = False,
) -> Sweep:
    """Compare finished runs of one model: figure, table, answer, and `sweep.json`, written last.

    Args:
        runs: in the order of the sweep.
        names: the hyperparameters in which they differ.
        parent: where the sweep's folder is made.
        compile_seconds: what compiling took for all of them.
        keep: leave it at the folder that there is if it compares the very same runs.

    Raises:
        RunFolderError: the folder cannot be written.
    """
    groups = group_by_configuration(runs)
    rows = [row(members, names) for members in groups]
    best = choose(rows)
    first = runs[0].summary
    name = "-".join(["sweep", first["model"], *names, _data_hash(runs[0])])
    if keep and (there := _find(parent, name, rows)):
        return Sweep(there, sorted(there.glob("*.png")), [*table(rows), *answer(best)])
    folder = new_folder(parent, name)
    figure = loss_curves(groups, [entry["label"] for entry in rows])
    with as_run_folder_error(folder):
        figures = [save(figure, folder / "losses.png")]
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
    return Sweep(folder, figures, [*table(rows), *answer(best)])


def _find(parent: Path, name: str, rows: list[Record]) -> Path | None:
    """The folder of a sweep with these rows; one that was not finished has no `sweep.json`."""
    for file in sorted(parent.glob(f"{name}*/sweep.json")):
        with suppress(OSError, ValueError, AttributeError, RecursionError):
            if json.loads(read_regular(file)).get("rows") == rows:
                return file.parent
    return None


def group_by_configuration(runs: Sequence[Run]) -> list[list[Run]]:
    """Runs that differ in their seed alone, together."""
    groups: dict[str, list[Run]] = {}
    for run in runs:
        groups.setdefault(repr(sorted(_without_seed(run).items())), []).append(run)
    return list(groups.values())


def differing(runs: Sequence[Run]) -> list[str]:
    """The fields of the configuration, seed apart, that are not the same in all runs."""
    first = _without_seed(runs[0])
    return [name for name in first if any(run.setting(name) != first[name] for run in runs)]


def row(runs: Sequence[Run], names: Sequence[str]) -> Record:
    """One configuration over its seeds, as `sweep.json` holds it.

    Losses and accuracies are those after the last epoch: mean, sample standard deviation and the
    number of seeds. The train loss is the one while training, with dropout on.
    """
    values = {name: runs[0].setting(name) for name in names}
    words = [f"{name} {_text(value)}" for name, value in values.items()]
    return {
        "label": ", ".join(words) or runs[0].setting("model").replace("_", " "),
        "values": values,
        "config": _without_seed(runs[0]),
        "seeds": [run.summary["seed"] for run in runs],
        "runs": [run.path.name for run in runs],
        "diverged": [
            run.summary["seed"] for run in runs if run.summary.get("diverged_at_epoch") is not None
        ],
        "train_loss": over_seeds([_found(run, "final", "loss") for run in runs]),
        "val_loss": over_seeds([_found(run, "final", "val", "loss") for run in runs]),
        "val": over_seeds([run.accuracy("val") for run in runs]),
        "test": over_seeds([run.accuracy("test") for run in runs]),
        "seconds": over_seeds([_found(run, "seconds") for run in runs]),
    }


def over_seeds(values: Sequence[float | None]) -> Record:
    """Mean and sample standard deviation of what is finite; None where there is too little."""
    finite = [value for value in values if value is not None]
    return {
        "mean": statistics.mean(finite) if finite else None,
        "sd": statistics.stdev(finite) if len(finite) > 1 else None,
        "n": len(finite),
    }


def choose(rows: Sequence[Record]) -> Record:
    """The best configuration by mean validation accuracy; a diverged one only if all are."""
    return max(rows, key=lambda entry: (not entry["diverged"], entry["val"]["mean"]))


def table(rows: Sequence[Record]) -> list[str]:
    """Validation and test accuracy, a line per configuration, in less than 80 columns."""
    widest = max(len(entry["label"]) for entry in rows)
    width = max(len("configuration"), min(widest, LABEL_WIDTH))
    head = f"{'configuration':{width}s} {'val acc (sd)':>15s} {'test acc (sd)':>15s}   n  s/run"
    return [
        head,
        *(_table_line(entry, width) for entry in rows),
        *(_shortened(_divergence(entry), 79) for entry in rows if entry["diverged"]),
    ]


def answer(best: Record) -> list[str]:
    """The best configuration by validation, and only then its test accuracy."""
    return [
        f"Best by validation accuracy: {best['label']} (val {_spread(best['val'])})",
        f"Its test accuracy: {_spread(best['test'])}",
    ]


def _table_line(entry: Record, width: int) -> str:
    label = _shortened(entry["label"], width)
    return (
        f"{label:{width}s} {_spread(entry['val']):>15s} {_spread(entry['test']):>15s} "
        f"{entry['val']['n']:3d} {entry['seconds']['mean']:6.0f}"
    )


def _divergence(entry: Record) -> str:
    seeds = ", ".join(map(str, entry["diverged"]))
    return f"diverged with seed {seeds}: {entry['label']}"


def _shortened(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 3] + "..."


def _spread(measured: Record) -> str:
    deviation = f" ({measured['sd']:.4f})" if measured["sd"] is not None else ""
    return f"{measured['mean']:.4f}{deviation}"


def _without_seed(run: Run) -> Record:
    return {name: value for name, value in run.config["config"].items() if name != "seed"}


def _data_hash(run: Run) -> str:
    return str(run.summary["data"].get("sha256", ""))[:8]


def _found(run: Run, *keys: str) -> Any:
    value: Any = run.summary
    for key in keys:
        if not isinstance(value, dict) or key not in value:
            raise RunFolderError(
                f"{run.path / 'summary.json'}: got no {'.'.join(keys)}, expected one; "
                "train the run again"
            )
        value = value[key]
    return value


def _text(value: object) -> str:
    return f"{value:.15g}" if isinstance(value, float) else str(value)
