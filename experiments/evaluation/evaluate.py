"""A trained model on the splits of any data set: accuracy, loss, confusion."""

import re
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float64
from numpy.typing import NDArray

from experiments.cli.errors import DataError
from experiments.cli.tables import shortened, text_table
from experiments.data.dataset import Dataset, Split
from experiments.data.shards.dataset import ShardedDataset
from experiments.evaluation.trained_model import CHUNK, TrainedModel
from experiments.runs.reader import Run
from experiments.training.trainer import finite, in_digits
from scratch.evaluation import confusion


class SplitResult(NamedTuple):
    """How many examples of a split are predicted rightly, and counts by true and predicted class.

    The mean cross-entropy in nats is None for the perceptron, whose scores have no scale; it is not
    finite for a run that diverged.
    """

    correct: int
    total: int
    loss: float | None
    confusion: NDArray[np.int64]

    @property
    def accuracy(self) -> float:
        """The share predicted rightly."""
        return self.correct / self.total


def evaluate(model: TrainedModel, data: Dataset) -> dict[str, SplitResult]:
    """Evaluate every split; classes are matched by name, since releases number them differently.

    Raises:
        DataError: the data have other classes than the run.
    """
    if sorted(model.class_names) != sorted(data.class_names):
        raise DataError(
            f"{data.source}: got the classes {', '.join(data.class_names)}, expected the run's "
            f"{', '.join(model.class_names)}; evaluate on data of the same classes"
        )
    columns = [model.class_names.index(name) for name in data.class_names]
    with np.errstate(over="ignore", invalid="ignore"):  # weights of a run that diverged
        return {
            name: _split(_scores(model, data, name), split, columns, model.probabilistic)
            for name, split in data.splits.items()
        }


def _scores(model: TrainedModel, data: Dataset, split: str) -> Float64[np.ndarray, "n c"]:
    if not isinstance(data, ShardedDataset):
        return model.scores(data.splits[split].pixels)
    from experiments.data.shards.reader import ShardReader  # Grain, which only shards need

    with ShardReader(data, split) as reader:
        chunks = [np.arange(k, min(k + CHUNK, len(reader))) for k in range(0, len(reader), CHUNK)]
        return np.concatenate([model.scores(reader.read(examples)[0]) for examples in chunks])


def _split(
    scores: Float64[np.ndarray, "n c"], split: Split, columns: list[int], probabilistic: bool
) -> SplitResult:
    # The run's own numbers decide ties, as they did in training.
    predicted = np.argsort(columns)[scores.argmax(axis=1)]
    counts = confusion(split.labels, predicted, len(columns))
    loss = None
    if probabilistic:  # the mean of log sum_k exp(s_k) - s_y
        own = scores[:, columns]
        shift = own.max(axis=1)
        partition = shift + np.log(np.exp(own - shift[:, None]).sum(axis=1))
        loss = float(np.mean(partition - own[np.arange(len(split)), split.labels]))
    return SplitResult(int(np.trace(counts)), len(split), loss, counts)


def lines(run: Run, data: Dataset, found: dict[str, SplitResult]) -> list[str]:
    """Return the evaluation in words, 79 columns at most but for the source's own length."""
    said = [data.banner, _same(run, data), ""]
    rows = [
        [
            name,
            f"{result.total:,}",
            f"{result.correct:,}",
            f"{result.accuracy:.4f}",
            "-" if result.loss is None else in_digits(finite(result.loss)),
        ]
        for name, result in found.items()
    ]
    said += text_table(["split", "examples", "correct", "accuracy", "loss"], rows)
    for name, result in found.items():
        said += ["", *_confusion_table(name, result, data.class_names)]
    return said


def as_dict(run: Run, data: Dataset, found: dict[str, SplitResult]) -> dict[str, Any]:
    """Return the same for scripts."""
    splits = {
        name: {
            **r._asdict(),
            "loss": None if r.loss is None else finite(r.loss),  # JSON knows no infinity
            "accuracy": r.accuracy,
            "confusion": r.confusion.tolist(),
        }
        for name, r in found.items()
    }
    return {
        "run": str(run.path),
        "data": data.description,
        "trained_on_these_data": trained_on(run, data),
        "splits": splits,
    }


def own_source(run: Run) -> str:
    """Return what `--data` would name for the data that a run was trained on.

    Raises:
        DataError: the run does not say, or the data are no longer there.
    """
    data = run.summary["data"]
    source = str(data.get("source", ""))
    if drawn := re.fullmatch(r"built-in, ([\d,]+) images drawn with seed 0", source):
        return f"builtin:{drawn[1].replace(',', '')}"
    if not source or not Path(source).exists():  # an empty path is the current folder
        raise DataError(
            f"{source or 'data'}: got no such file, expected the data that the run was trained "
            "on; name a file with --data"
        )
    return source


def trained_on(run: Run, data: Dataset) -> bool:
    """Whether the run was trained on exactly these data."""
    return bool(run.summary["data"].get("sha256") == data.sha256)


def _same(run: Run, data: Dataset) -> str:
    if trained_on(run, data):
        return "These are the data that the run was trained on."
    other = str(run.summary["data"].get("sha256", "unknown"))[:8]
    return f"Other data than the run was trained on (sha256 {other})."


def _confusion_table(name: str, result: SplitResult, class_names: tuple[str, ...]) -> list[str]:
    rows = [
        [word, *(f"{n:,}" for n in row)]
        for word, row in zip(class_names, result.confusion.tolist(), strict=True)
    ]
    headers = ["", *(shortened(word, 9) for word in class_names)]
    return [f"{name}: true class by row, predicted by column", *text_table(headers, rows)]
