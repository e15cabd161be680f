"""Train a recipe of question 1, and note what every epoch shows."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from experiments.assignment import Measure
from experiments.checking.catalogue import BY_KEY
from experiments.checking.catalogue.readouts import Losses, Numbers, Watched
from experiments.checking.catalogue.variant import Variant
from experiments.checking.given_numbers import ACCURACIES
from experiments.checking.training.recipe import Recipe
from experiments.data.dataset import Dataset, Split
from scratch.evaluation import predict
from scratch.features import features
from scratch.models import Model, Params
from scratch.softmax import cross_entropy


class Result(NamedTuple):
    """The numbers of one variant, or of several at once; JSON holds it, and other processes.

    Attributes:
        keys: of the variants.
        detail: which of several trainings with these variants, "" for the only one.
        epochs: what each epoch shows; index 0 is before the first.
    """

    keys: tuple[str, ...]
    detail: str
    epochs: list[Numbers]

    @property
    def chosen(self) -> tuple[Variant, ...]:
        """The variants."""
        return tuple(BY_KEY[key] for key in self.keys)

    @property
    def variant(self) -> Variant:
        """The first of the variants."""
        return BY_KEY[self.keys[0]]

    @property
    def name(self) -> str:
        """The keys in one."""
        return " + ".join(self.keys)

    def number(self, epoch: int, measure: Measure) -> float | None:
        """Return what an epoch shows, None for what was not measured or not trained."""
        return self.epochs[epoch].get(measure) if epoch < len(self.epochs) else None

    @property
    def says(self) -> str:
        """What was done, in words."""
        return " and ".join(v.says for v in self.chosen) + (self.detail and f" ({self.detail})")


def train(
    recipe: Recipe,
    data: Dataset,
    epochs: int,
    every_epoch: bool,
    advance: Callable[[], None] = lambda: None,
) -> list[Watched]:
    """Return what every epoch of a training shows.

    Args:
        recipe: what to train.
        data: what to train it on.
        epochs: how many.
        every_epoch: whether accuracies are wanted after each epoch; else after the last alone.
        advance: called after each epoch.

    Returns:
        `epochs + 1` of them, the first before any step.
    """
    model, counts, change = recipe.model, recipe.counts, recipe.order
    rng = np.random.RandomState(recipe.seed)
    params = model.initial(rng, data.train.pixels.shape[1])
    next_order = change.make()
    order, pixels, labels = np.arange(len(data.train)), data.train.pixels, data.train.labels
    shown = [Watched(_before(recipe, params, data))]
    total: Any = 0.0
    for epoch in range(1, epochs + 1):
        order = next_order(rng, order)
        trained = change.trained(order, rng)
        if counts:
            counts.clear()
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            own = _labels_in_place(labels, order) if change.labels_stay else labels
            if change.batch:
                params, loss = _one_batch(model, params, pixels, own, trained), None
            else:
                params, loss = model.epoch_in_blocks(params, pixels, own, trained)
            now = _accuracies(model, params, data) if every_epoch or epoch == epochs else {}
        if model.weight_norm:
            now["norm"] = model.weight_norm(params)
            total = total + params if counts else total
        if loss is not None:
            now["loss"] = loss
        more: dict[str, Any] = {}
        if counts:
            if counts.right:
                more["online"] = float(np.mean(counts.right))
            if counts.losses:
                after = _mean_loss(model, params, data.train)
                more["losses"] = Losses(np.array(counts.losses), None, after)
            if model.weight_norm and epoch == epochs:
                mean = total / epoch
                norm: Numbers = {"norm": model.weight_norm(mean)}
                more["mean_weights"] = _accuracies(model, mean, data) | norm
        shown.append(Watched(now, **more))
        advance()
    return shown


def _before(recipe: Recipe, params: Params, data: Dataset) -> Numbers:
    """Return what is shown before training; ties fall to the class that has the number 0."""
    shown = _accuracies(recipe.model, params, data)
    if recipe.first_class:
        for measure, split in zip(ACCURACIES, data.splits.values(), strict=True):
            shown[measure] = float(np.mean(split.labels == recipe.first_class))
    return shown


def _one_batch(model: Model, W: Params, pixels: Any, labels: Any, order: Any) -> Params:
    """Return a linear model's weights after the mean of the steps that each example takes alone."""
    total = np.zeros_like(W)
    for example in order.tolist():
        stepped, _ = model.epoch_in_blocks(W, pixels, labels, np.array([example]))
        total += stepped - W
    return W + total / len(order)


def _labels_in_place(labels: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Labels such that the example trained k-th gets the file's k-th label."""
    moved = labels.copy()
    moved[order] = labels[: len(order)]
    return moved


def _accuracies(model: Model, params: Params, data: Dataset) -> Numbers:
    scores = partial(model.scores, model.on_pixels(params))
    shown: Numbers = {}
    for measure, split in zip(ACCURACIES, data.splits.values(), strict=True):
        predicted = predict(scores, split.pixels, model.bias_column, model.chunk_size)
        shown[measure] = float(np.mean(predicted == split.labels))
    return shown


def _mean_loss(model: Model, params: Params, split: Split) -> float:
    total = 0.0
    for start in range(0, len(split), model.chunk_size):
        chunk = slice(start, start + model.chunk_size)
        scores = model.scores(params, features(split.pixels[chunk]))
        labels = split.labels[chunk].tolist()
        total += sum(cross_entropy(s, y) for s, y in zip(scores, labels, strict=True))
    return total / len(split)
