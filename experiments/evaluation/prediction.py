"""What a trained run says of photographs, and how far it is to be believed."""

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.cli.errors import CommandError, DataError
from experiments.cli.text import printable
from experiments.evaluation.photograph import read_photograph
from experiments.evaluation.trained_model import TrainedModel, probabilities, trained_model
from experiments.plots.classes import confusion_counts, image_shape
from experiments.runs.reader import Run
from experiments.runs.titles import title


class Prediction(NamedTuple):
    """One photograph.

    Attributes:
        path: its file.
        image: as the model sees it, uint8 `[h, w, ch]`.
        shares: the classes' probabilities `[c]`; for the perceptron its scores, centred and
            divided by the largest magnitude.
        predicted: the class with the largest.
        evidence: what each pixel adds to the predicted class's score beyond the mean class's,
            channels together, `[h, w]`, bias left out; None for a network.
        known_for: what the run mistakes for this class, in words.
    """

    path: Path
    image: NDArray[np.uint8]
    shares: NDArray[np.float64]
    predicted: int
    evidence: NDArray[np.float64] | None
    known_for: str


def predict(
    run: Run, paths: Sequence[Path]
) -> tuple[TrainedModel, list[Prediction], list[DataError]]:
    """Predict every photograph that can be read; return an error for each file that is none.

    Raises:
        DataError: none can be read.
        RunFolderError: the folder is not that of a finished run.
        CommandError: the run diverged, so that its weights say nothing.
    """
    model = trained_model(run)
    images, read, unread = [], [], []
    for path in paths:
        try:
            images.append(read_photograph(path, image_shape(run)))
            read.append(path)
        except DataError as error:
            unread.append(error)
    if not images:
        raise unread[0]
    with np.errstate(over="ignore", invalid="ignore"):
        scores = model.scores(np.stack(images).reshape(len(images), -1))
    if not np.isfinite(scores).all():
        raise CommandError(
            f"{run.path}: got weights that are not finite, for the run diverged; train it again "
            "with a smaller -learning_rate"
        )
    shares = probabilities(scores) if model.probabilistic else _centred(scores)
    counts = confusion_counts(run)
    found = []
    for path, image, own, row in zip(read, images, scores, shares, strict=True):
        k = int(own.argmax())
        known = known_for(counts, k, model.class_names)
        found.append(Prediction(path, image, row, k, _evidence(model, image, k), known))
    return model, found, unread


def known_for(counts: NDArray[np.int64], predicted: int, names: Sequence[str]) -> str:
    """Tell how often the run is right when it says this class, and what else it says it of.

    `counts` are test examples by true (row) and predicted class.
    """
    if counts.shape != (len(names), len(names)):
        return "its test confusion is not known"
    column = counts[:, predicted]
    total = int(column.sum())
    if total == 0:
        return f"it never said {names[predicted]} in the test split"
    others = [k for k in np.argsort(-column, kind="stable") if k != predicted and column[k]][:2]
    wrong = ", ".join(f"{names[k]} {100 * column[k] / total:.0f} %" for k in others)
    right = f"when it says {names[predicted]} it is right {100 * column[predicted] / total:.0f} %"
    return f"{right} of the time ({total:,} test images); else {wrong or 'nothing'}"


def lines(run: Run, model: TrainedModel, found: Sequence[Prediction]) -> list[str]:
    """Return the predictions in words."""
    said = textwrap.wrap(f"run: {title(run)}", 79)
    said += [f"  {printable(run.path.name)}"]
    if run.summary["synthetic"]:
        said.append("It was trained on SYNTHETIC data: photographs are foreign to it.")
    if not model.probabilistic:
        said.append(
            "A perceptron gives scores, no probabilities: centred, the furthest from 0 is 1."
        )
    for p in found:
        said += ["", f"{printable(p.path.name)[:50]}: {model.class_names[p.predicted]}"]
        for k in np.argsort(-p.shares, kind="stable"):
            value = _percent(p.shares[k]) if model.probabilistic else f"{p.shares[k]:8.3f}"
            bar = "#" * round(40 * max(0.0, float(p.shares[k])))
            said.append(f"  {model.class_names[k]:12}{value}  {bar}".rstrip())
        said += textwrap.wrap(p.known_for, 79, initial_indent="  ", subsequent_indent="    ")
    return said


def _percent(share: float) -> str:
    """Return a probability in eight columns: nothing is certain, so it is never 100 %."""
    return " > 99.9 %" if share >= 0.9995 else f"{100 * share:6.1f} %"


def as_dict(run: Run, model: TrainedModel, p: Prediction, picture: Path) -> dict[str, Any]:
    """One prediction for scripts."""
    kind = "probabilities" if model.probabilistic else "scores"
    return {
        "run": str(run.path),
        "image": str(p.path),
        "predicted": model.class_names[p.predicted],
        kind: dict(zip(model.class_names, p.shares.tolist(), strict=True)),
        "known_for": p.known_for,
        "picture": str(picture),
    }


def _centred(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    centred = scores - scores.mean(axis=1, keepdims=True)
    return centred / np.maximum(np.abs(centred).max(axis=1, keepdims=True), 1e-300)


def _evidence(
    model: TrainedModel, image: NDArray[np.uint8], predicted: int
) -> NDArray[np.float64] | None:
    """`(W_k - mean_j W_j) * x` summed over the channels: its sum is the centred score, bias apart.

    A softmax does not change when all scores move alike, so only weights beyond the mean count.
    """
    if model.weights is None:
        return None
    weights = (model.weights[predicted] - model.weights.mean(axis=0)).reshape(image.shape)
    return (weights * (image / 256.0)).sum(axis=2)
