"""What the runs of a sweep come to: mean and deviation over seeds, the best one, a table."""

from collections.abc import Sequence
from typing import TypedDict

from experiments.cli.tables import shortened, text_table
from experiments.cli.text import wrap_phrases
from experiments.runs.reader import Run
from experiments.runs.records import Settings
from experiments.runs.statistics import Spread, over_seeds
from experiments.runs.titles import configuration, run_labels

LABEL_WIDTH = 32


class SweepRow(TypedDict):
    """One configuration over its seeds, as `sweep.json` holds it; `config` is without the seed.

    Losses and accuracies are those after the last epoch; the train loss is the one while training,
    with dropout on. `runs` are the folders beside the sweep's, `diverged` the seeds of those that
    did.
    """

    label: str
    values: Settings
    config: Settings
    seeds: list[int]
    runs: list[str]
    diverged: list[int]
    train_loss: Spread
    val_loss: Spread
    val: Spread
    test: Spread
    seconds: Spread


def group_by_configuration(runs: Sequence[Run]) -> list[list[Run]]:
    """Put runs together that differ in their seed alone."""
    groups: dict[str, list[Run]] = {}
    for run in runs:
        same = (_without_seed(run), run.config["data"]["sha256"], run.config["sources_sha256"])
        groups.setdefault(repr(same), []).append(run)
    return list(groups.values())


def sweep_rows(groups: Sequence[Sequence[Run]], names: Sequence[str] = ()) -> list[SweepRow]:
    """Return each configuration over its seeds, with the values of these hyperparameters."""
    firsts = [(configuration(runs[0].path, runs[0].config), runs[0].config) for runs in groups]
    called = run_labels(firsts, seeds=False)
    return [row(runs, label, names) for runs, label in zip(groups, called, strict=True)]


def row(runs: Sequence[Run], label: str, names: Sequence[str]) -> SweepRow:
    """Return one configuration over its seeds."""
    return {
        "label": label,
        "values": {name: runs[0].setting(name) for name in names},
        "config": _without_seed(runs[0]),
        "seeds": [run.summary["seed"] for run in runs],
        "runs": [run.path.name for run in runs],
        "diverged": [
            run.summary["seed"] for run in runs if run.summary.get("diverged_at_epoch") is not None
        ],
        "train_loss": over_seeds([run.measure("final", "loss") for run in runs]),
        "val_loss": over_seeds([run.measure("final", "val", "loss") for run in runs]),
        "val": over_seeds([run.accuracy("val") for run in runs]),
        "test": over_seeds([run.accuracy("test") for run in runs]),
        "seconds": over_seeds([run.measure("seconds") for run in runs]),
    }


def choose(rows: Sequence[SweepRow]) -> SweepRow:
    """Return the best configuration by mean validation accuracy; a diverged one only if all are."""
    return max(rows, key=lambda entry: (not entry["diverged"], entry["val"]["mean"] or 0.0))


def table(rows: Sequence[SweepRow]) -> list[str]:
    """Lay out validation and test accuracy by configuration, in less than 80 columns."""
    cells = [
        [
            wrap_phrases(entry["label"], LABEL_WIDTH),
            spread_text(entry["val"]),
            spread_text(entry["test"]),
            str(entry["val"]["n"]),
            f"{entry['seconds']['mean']:.0f}",
        ]
        for entry in rows
    ]
    return [
        *text_table(["configuration", "val acc (sd)", "test acc (sd)", "n", "s/run"], cells),
        *(shortened(_divergence(entry), 79) for entry in rows if entry["diverged"]),
    ]


def answer(best: SweepRow) -> list[str]:
    """Return the best configuration by validation, and only then its test accuracy."""
    return [
        f"Best by validation accuracy: {best['label']} (val {spread_text(best['val'])})",
        f"Its test accuracy: {spread_text(best['test'])}",
    ]


def _divergence(entry: SweepRow) -> str:
    seeds = ", ".join(map(str, entry["diverged"]))
    return f"diverged with seed {seeds}: {entry['label']}"


def spread_text(accuracy: Spread, digits: int = 4) -> str:
    """Write a mean accuracy and, of several runs, its deviation: "0.5123 (0.0042)"."""
    deviation = f" ({accuracy['sd']:.{digits}f})" if accuracy["sd"] is not None else ""
    return f"{accuracy['mean']:.4f}{deviation}"


def _without_seed(run: Run) -> Settings:
    settings = sorted(run.config["config"].items())
    return {name: value for name, value in settings if name != "seed"}
