"""What a sweep's runs come to: mean and deviation over seeds, the best one, figure and table."""

import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from experiments.plots.style import mark_synthetic, save
from experiments.plots.sweep import loss_curves
from experiments.runs.folder import Record, new_folder, write_json
from experiments.runs.reader import Run


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
    runs: Sequence[Run], names: tuple[str, ...], parent: Path, compile_seconds: float
) -> Sweep:
    """Compare finished runs of one model: write `sweep.json` and the figure, make the table.

    Args:
        runs: in the order of the sweep.
        names: the hyperparameters in which they differ.
        parent: where the sweep's folder is made.
        compile_seconds: what compiling took for all of them.

    Raises:
        RunFolderError: the folder cannot be written.
    """
    groups = group_by_configuration(runs)
    rows = [row(members, names) for members in groups]
    best = choose(rows)
    model, data = runs[0].summary["model"], runs[0].summary["data"]
    folder = new_folder(parent, "-".join(["sweep", model, *names, data["sha256"][:8]]))
    content = {
        "command": "hw1-q2",
        "model": model,
        "varied": list(names),
        "data": data,
        "synthetic": runs[0].summary["synthetic"],
        "rows": rows,
        "best": rows.index(best),
        "compile_seconds": round(compile_seconds, 3),
    }
    figure = loss_curves(groups, [entry["label"] for entry in rows])
    mark_synthetic(figure, content["synthetic"])
    figures = [save(figure, folder / "losses.png")]
    write_json(folder / "sweep.json", content)
    return Sweep(folder, figures, [*table(rows), *answer(best)])


def group_by_configuration(runs: Sequence[Run]) -> list[list[Run]]:
    """Runs that differ in their seed alone, together."""
    groups: dict[str, list[Run]] = {}
    for run in runs:
        config = {name: v for name, v in run.config["config"].items() if name != "seed"}
        groups.setdefault(repr(sorted(config.items())), []).append(run)
    return list(groups.values())


def row(runs: Sequence[Run], names: tuple[str, ...]) -> Record:
    """One configuration over its seeds, as `sweep.json` holds it."""
    config = runs[0].config["config"]
    values = {name: config[name] for name in names}
    words = [
        f"{name} {value:g}" if isinstance(value, float) else f"{name} {value}"
        for name, value in values.items()
    ]
    return {
        "label": ", ".join(words) or config["model"].replace("_", " "),
        "values": values,
        "config": {name: value for name, value in config.items() if name != "seed"},
        "seeds": [run.summary["seed"] for run in runs],
        "runs": [run.path.name for run in runs],
        "diverged": [run.summary["seed"] for run in runs if run.summary["diverged_at_epoch"]],
        "train_loss": _over_seeds([run.summary["final"]["loss"] for run in runs]),
        "val_loss": _over_seeds([run.summary["final"]["val"]["loss"] for run in runs]),
        "val": _over_seeds([run.summary["final"]["val"]["accuracy"] for run in runs]),
        "test": _over_seeds([run.summary["final"]["test"]["accuracy"] for run in runs]),
        "seconds": _over_seeds([run.summary["seconds"] for run in runs]),
    }


def choose(rows: Sequence[Record]) -> Record:
    """The best configuration by mean validation accuracy; a diverged one only if all are."""
    return max(rows, key=lambda entry: (not entry["diverged"], entry["val"]["mean"]))


def table(rows: Sequence[Record]) -> list[str]:
    """Validation and test accuracy, a line per configuration, in less than 80 columns."""
    width = min(max(len("configuration"), *(len(entry["label"]) for entry in rows)), 34)
    lines = [
        f"{'configuration':{width}s}  {'val acc (sd)':>15s} {'test acc (sd)':>15s}"
        f" {'n':>3s} {'s/run':>6s}"
    ]
    lines.extend(
        f"{_shortened(entry['label'], width):{width}s}  {_spread(entry['val']):>15s} "
        f"{_spread(entry['test']):>15s} {entry['val']['n']:3d} "
        f"{entry['seconds']['mean']:6.0f}" + ("  diverged" if entry["diverged"] else "")
        for entry in rows
    )
    return lines


def answer(best: Record) -> list[str]:
    """The best configuration, and only then its test accuracy."""
    return [
        f"Best by validation accuracy: {best['label']} (val {_spread(best['val'])})",
        f"Its test accuracy: {_spread(best['test'])}",
    ]


def _over_seeds(values: Sequence[float | None]) -> dict[str, Any]:
    """Mean and standard deviation (n - 1) of what is finite; None where there is too little."""
    finite = [value for value in values if value is not None]
    return {
        "mean": statistics.mean(finite) if finite else None,
        "sd": statistics.stdev(finite) if len(finite) > 1 else None,
        "n": len(values),
    }


def _spread(measured: Record) -> str:
    deviation = f" ({measured['sd']:.4f})" if measured["sd"] is not None else ""
    return f"{measured['mean']:.4f}{deviation}"


def _shortened(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 3] + "..."
