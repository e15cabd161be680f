"""Train a recipe of question 1 and note what every epoch shows; other numbers read off the same."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from experiments.checking.recipes import Recipe
from experiments.checking.watch import CLAMPS
from experiments.data.dataset import Dataset, Split
from scratch.evaluation import predict
from scratch.models import Model, Params

# What one epoch shows: names of `experiments.checking.values.NAMES` and those of a watch.
Shown = dict[str, float]


class Result(NamedTuple):
    """The numbers of one variant.

    Attributes:
        key: the variant's.
        detail: which of several with this key, "" for the only one.
        epochs: what each epoch shows; index 0 is before the first.
    """

    key: str
    detail: str
    epochs: list[Shown]


def train(
    recipe: Recipe,
    data: Dataset,
    epochs: int,
    every_epoch: bool,
    advance: Callable[[], None] = lambda: None,
) -> list[Shown]:
    """What every epoch of a training shows.

    Args:
        recipe: what to train.
        data: what to train it on.
        epochs: how many.
        every_epoch: whether accuracies are wanted after each epoch; else after the last alone.
        advance: called after each epoch.

    Returns:
        `epochs + 1` of them, the first before any step. The last also has "mean <split>", the
        accuracy of the epochs' mean weights, for a watched linear model.
    """
    model, watch = recipe.model, recipe.watch
    rng = np.random.RandomState(recipe.seed)
    params = model.initial(rng, data.train.pixels.shape[1])
    order, pixels, labels = np.arange(len(data.train)), data.train.pixels, data.train.labels
    shown = [_accuracies(model, params, data)]
    total: Any = 0.0
    for epoch in range(1, epochs + 1):
        order = recipe.order(rng, order)
        if watch:
            watch.clear()
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            own = _labels_in_place(labels, order) if recipe.labels_stay else labels
            params, loss = model.epoch_in_blocks(params, pixels, own, order)
            now = _accuracies(model, params, data) if every_epoch or epoch == epochs else {}
        if model.weight_norm:
            now["norm"] = model.weight_norm(params)
            total = total + params if watch else total
        if loss is not None:
            now["loss"] = loss
        if watch:
            now |= watch.measures()
        shown.append(now)
        advance()
    if watch and model.weight_norm:
        mean = _accuracies(model, total / epochs, data)
        mean["norm"] = model.weight_norm(total / epochs)
        shown[-1] |= {f"mean {name}": value for name, value in mean.items()}
    return shown


def _labels_in_place(labels: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Labels such that the example trained k-th gets the file's k-th label."""
    moved = labels.copy()
    moved[order] = labels[: len(order)]
    return moved


def _accuracies(model: Model, params: Params, data: Dataset) -> Shown:
    return {name: _accuracy(model, params, split) for name, split in data.splits.items()}


def _accuracy(model: Model, params: Params, split: Split) -> float:
    predicted = predict(
        lambda x: model.scores(params, x), split.pixels, model.bias_column, model.chunk_size
    )
    return float(np.mean(predicted == split.labels))


def read_off(shown: list[Shown], question_epochs: int) -> list[Result]:
    """The variants of kind readout: other numbers of the right training.

    Args:
        shown: of a watched training with accuracies after every epoch.
        question_epochs: how many epochs the question has; what concerns the last one is left out
            of a shorter training.
    """
    results = [
        Result("epoch before", "", [shown[0], *(_measured(epoch) for epoch in shown[:-1])]),
        Result("exchanged", "", [_exchanged(epoch) for epoch in shown]),
    ]
    if "online" in shown[-1]:
        learning = [epoch | {"train": epoch.get("online", epoch["train"])} for epoch in shown]
        results.append(Result("while learning", "", learning))
    if "summed" in shown[-1]:
        summed = [epoch | {"loss": epoch["summed"]} for epoch in shown[1:]]
        results.append(Result("summed loss", "", [shown[0], *summed]))
    for eps in CLAMPS:
        if (name := f"clamped {eps:g}") in shown[-1]:
            clamped = [epoch | {"loss": epoch[name]} for epoch in shown[1:]]
            results.append(Result("clamped loss", f"epsilon {eps:g}", [shown[0], *clamped]))
    if len(shown) - 1 == question_epochs:
        results += _about_the_last(shown)
    return results


def _about_the_last(shown: list[Shown]) -> list[Result]:
    best = max(range(1, len(shown)), key=lambda k: (shown[k]["val"], -k))
    results = [Result("best epoch", f"epoch {best}", [*shown[:-1], _measured(shown[best])])]
    if len(shown) - 1 > 20:
        results.append(Result("20 epochs", "", [*shown[:-1], _measured(shown[20])]))
    if "mean val" in shown[-1]:
        mean = {name: shown[-1][f"mean {name}"] for name in ("train", "val", "test", "norm")}
        results.append(Result("mean of epochs", "", [*shown[:-1], mean]))
    return results


def _measured(epoch: Shown) -> Shown:
    return {name: epoch[name] for name in ("train", "val", "test", "norm") if name in epoch}


def _exchanged(epoch: Shown) -> Shown:
    return epoch | {"val": epoch["test"], "test": epoch["val"]}
