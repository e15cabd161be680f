"""Question 2's training written in NumPy: float64, one loop over batches, gradients by hand.

It shares no line with `jaxmodels/`. Weights, order and dropout masks are given, so that its epochs
can be compared number for number; it takes the name of a mistake to make, since a comparison is
only worth something if it turns the mistaken loop away.
"""

from typing import NamedTuple

import numpy as np

MISTAKES = (
    "pixels over 255",
    "2 lambda",
    "minus lambda",
    "biases not decayed",
    "decay after momentum",
    "momentum dampened",
    "nesterov momentum",
    "momentum forgotten each epoch",
    "summed over the batch",
    "softmax twice",
    "sigmoid for softmax",
    "one bias for all units",
    "slope of the activation forgotten",
    "dropout not scaled",
    "dropout before the activation",
    "dropout on the output too",
    "no dropout in the backward pass",
    "last batch dropped",
    "last batch merged",
    "not reshuffled",
    "learning rate 1 % off",
)
LOSS_MISTAKES = ("loss per example", "last batch's loss left out", "loss after the step")


class Numbers(NamedTuple):
    """Hyperparameters."""

    rate: float
    momentum: float
    decay: float
    dropout: float
    batch_size: int


Layers = list[tuple[np.ndarray, np.ndarray]]
"""Weights `[out, in]` and biases `[out]`, the output layer last."""


def train(
    layers: Layers,
    pixels: np.ndarray,
    labels: np.ndarray,
    orders: list[np.ndarray],
    masks: list[list[list[np.ndarray]]],
    numbers: Numbers,
    mistake: str = "",
) -> tuple[Layers, list[float]]:
    """Train tanh layers by SGD.

    Args:
        layers: the first weights, left as they are.
        pixels: uint8 `[n, d]`.
        labels: `[n]`.
        orders: the examples' order in each epoch.
        masks: by epoch, step and hidden layer, which units are kept: bool `[batch, h]`.
        numbers: hyperparameters.
        mistake: one of the names above, or nothing.

    Returns:
        The weights, and each epoch's train loss.
    """
    assert not mistake or mistake in MISTAKES + LOSS_MISTAKES
    X = pixels / (255 if mistake == "pixels over 255" else 256)
    p = [(W.astype(float), b.astype(float)) for W, b in layers]
    m = [(0 * W, 0 * b) for W, b in p]
    losses = []
    for epoch, order in enumerate(orders):
        if mistake == "not reshuffled":
            order = orders[0]
        if mistake == "momentum forgotten each epoch":
            m = [(0 * W, 0 * b) for W, b in p]
        found = []
        for step, batch in enumerate(_batches(order, numbers.batch_size, mistake)):
            kept = [mask[: len(batch)] for mask in masks[epoch][min(step, len(masks[epoch]) - 1)]]
            while kept and len(kept[0]) < len(batch):  # merged batches need longer masks
                kept = [np.concatenate([mask, mask])[: len(batch)] for mask in kept]
            before, gradient = _gradient(p, X[batch], labels[batch], kept, numbers, mistake)
            p, m = _step(p, m, gradient, numbers, mistake)
            after, _ = _gradient(p, X[batch], labels[batch], kept, numbers, mistake)
            found.append((after if mistake == "loss after the step" else before, len(batch)))
        losses.append(_epoch_loss(found, mistake))
    return p, losses


def _batches(order: np.ndarray, size: int, mistake: str) -> list[np.ndarray]:
    batches = [order[i : i + size] for i in range(0, len(order), size)]
    if mistake == "last batch dropped":
        return batches[:-1]
    if mistake == "last batch merged":
        return [*batches[:-2], np.concatenate(batches[-2:])]
    return batches


def _epoch_loss(found: list[tuple[float, int]], mistake: str) -> float:
    losses, sizes = zip(*found, strict=True)
    if mistake == "loss per example":
        return float(np.average(losses, weights=sizes))
    if mistake == "last batch's loss left out":
        return float(np.mean(losses[:-1]))
    return float(np.mean(losses))


def _gradient(
    p: Layers,
    x: np.ndarray,
    y: np.ndarray,
    kept: list[np.ndarray],
    numbers: Numbers,
    mistake: str,
) -> tuple[float, Layers]:
    scale = 1.0 if mistake == "dropout not scaled" else 1 / (1 - numbers.dropout)
    inputs, slopes, h = [], [], x
    for (W, b), mask in zip(p[:-1], kept, strict=True):
        inputs.append(h)
        z = h @ W.T + b
        drop = mask * scale
        if mistake == "dropout before the activation":
            h = np.tanh(z * drop)
            slope = (1 - h**2) * drop
        else:
            h = np.tanh(z)
            slope = np.ones_like(h) if "slope" in mistake else 1 - h**2
            h = h * drop
            if mistake != "no dropout in the backward pass":
                slope = slope * drop
        slopes.append(slope)
    inputs.append(h)
    s = h @ p[-1][0].T + p[-1][1]
    if mistake == "dropout on the output too":
        s = s * scale * (np.arange(s.size).reshape(s.shape) % 3 > 0)

    loss, d = _loss(s, y, mistake)
    gradient: Layers = []
    for depth in range(len(p) - 1, -1, -1):
        db = d.sum(axis=0)
        if mistake == "one bias for all units":
            db = np.full_like(db, db.sum())
        gradient.insert(0, (d.T @ inputs[depth], db))
        if depth:
            d = d @ p[depth][0] * slopes[depth - 1]
    return loss, gradient


def _loss(s: np.ndarray, y: np.ndarray, mistake: str) -> tuple[float, np.ndarray]:
    rows = np.arange(len(y))
    probability = np.exp(s - s.max(axis=1, keepdims=True))
    probability /= probability.sum(axis=1, keepdims=True)
    loss = -np.log(probability[rows, y]).mean()
    if mistake == "softmax twice":
        probability = np.exp(probability) / np.exp(probability).sum(axis=1, keepdims=True)
    if mistake == "sigmoid for softmax":
        probability = 1 / (1 + np.exp(-s))
    d = probability.copy()
    d[rows, y] -= 1
    return loss, d if mistake == "summed over the batch" else d / len(y)


def _step(
    p: Layers, m: Layers, gradient: Layers, numbers: Numbers, mistake: str
) -> tuple[Layers, Layers]:
    mu = numbers.momentum
    factor = {"2 lambda": 2.0, "minus lambda": -1.0}.get(mistake, 1.0) * numbers.decay
    rate = numbers.rate * (1.01 if mistake == "learning rate 1 % off" else 1.0)
    new_p: Layers = []
    new_m: Layers = []
    for layer, memory, slopes in zip(p, m, gradient, strict=True):
        stepped, remembered = [], []
        for number, (w, old, g) in enumerate(zip(layer, memory, slopes, strict=True)):
            shrink = 0.0 * w if number and mistake == "biases not decayed" else factor * w
            late = mistake == "decay after momentum"
            g = g if late else g + shrink
            new = mu * old + (1 - mu if mistake == "momentum dampened" else 1.0) * g
            direction = g + mu * new if mistake == "nesterov momentum" else new
            stepped.append(w - rate * (direction + (shrink if late else 0.0)))
            remembered.append(new)
        new_p.append((stepped[0], stepped[1]))
        new_m.append((remembered[0], remembered[1]))
    return new_p, new_m
