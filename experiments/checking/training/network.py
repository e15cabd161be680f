"""Question 1.3's network with a change, by the block engine, and as a plain loop sums it."""

from typing import Any

import numpy as np
from jaxtyping import Float64

from experiments.checking.catalogue.network_change import NetworkChange
from experiments.checking.catalogue.readouts import OnlineCounts
from experiments.configs.q1 import Q1Config
from scratch import mlp
from scratch.block_sgd import block_epoch
from scratch.features import features, weights_on_pixels
from scratch.mlp import MLPParams
from scratch.models import MLP_BLOCK, MLP_CHUNK, MLP_SHARES, Model, Params, mlp_model
from scratch.softmax import cross_entropy, log_sum_exp, softmax


def network_model(config: Q1Config, change: NetworkChange, n_classes: int) -> Model:
    """Return a network whose parameters are the student's weights."""
    h, factor = change.hidden(config.hidden_size), change.pixel_factor
    rate = config.learning_rate if change.applied else 0.0

    def epoch_in_blocks(p: MLPParams, pixels: Any, labels: Any, order: Any) -> tuple[Params, float]:
        top = _Top(p, labels.tolist(), rate, change)
        bottom = np.column_stack([p.W1 / factor, np.zeros(h)])
        bottom = block_epoch(bottom, pixels, order, top, MLP_BLOCK, shares=MLP_SHARES)
        stepped = MLPParams(bottom[:, :-1] * factor, top.b1, top.W2, top.b2)
        return stepped, top.total_loss / len(order)

    def scores(p: MLPParams, x: Float64[np.ndarray, "k d"]) -> Float64[np.ndarray, "k c"]:
        hidden = change.activation.value(x @ p.W1.T * factor + p.b1)
        return hidden @ p.W2.T + p.b2

    return Model(
        lambda rng, n_pixels: change.draw(rng, n_pixels, h, n_classes),
        epoch_in_blocks,
        epoch_in_blocks,
        scores,
        lambda p: p._replace(W1=weights_on_pixels(p.W1)),
        False,
        MLP_CHUNK,
        1,
        None,
    )


def plain_loop_model(config: Q1Config, n_classes: int) -> Model:
    """Return the assignment's network, one example at a time, summed as a plain loop sums.

    The network is chaotic: after a few epochs another order of summation shows in the digits that
    are printed. This is the definition's result bit for bit, in a fraction of its time: a row of W1
    whose unit is inactive has a gradient of zero, and nearly all are after the first epoch.
    """
    rate = config.learning_rate

    def by_examples(p: MLPParams, pixels: Any, labels: Any, order: Any) -> tuple[Params, float]:
        (W1, b1, W2, b2), total = MLPParams(*(array.copy() for array in p)), 0.0
        for example in order.tolist():
            x, label = features(pixels[example]), int(labels[example])
            z = W1 @ x + b1
            hidden = np.maximum(z, 0.0)
            found = W2 @ hidden + b2
            total += cross_entropy(found, label)
            d2 = softmax(found)
            d2[label] -= 1.0
            d1 = (W2.T @ d2) * (z > 0.0)
            moved = np.flatnonzero(d1)
            W1[moved] -= rate * np.outer(d1[moved], x)
            b1 -= rate * d1
            W2 -= rate * np.outer(d2, hidden)
            b2 -= rate * d2
        return MLPParams(W1, b1, W2, b2), total / len(order)

    model = mlp_model(n_classes, config.hidden_size, rate)
    return model._replace(epoch_in_blocks=by_examples)


def counted_model(config: Q1Config, n_classes: int, counts: OnlineCounts) -> Model:
    """Return `scratch.models.mlp_model`, its iterates and digits, with every loss kept."""
    rate = config.learning_rate

    def epoch_in_blocks(p: MLPParams, pixels: Any, labels: Any, order: Any) -> tuple[Params, float]:
        top = mlp.OutputLayer(p, labels.tolist(), rate)

        def counted(example: int, z: Float64[np.ndarray, "h"]) -> Float64[np.ndarray, "h"]:
            before = top.total_loss
            answer = top(example, z)
            counts.losses.append(top.total_loss - before)
            return answer

        bottom = np.column_stack([p.W1, p.b1])
        bottom = block_epoch(bottom, pixels, order, counted, MLP_BLOCK, shares=MLP_SHARES)
        stepped = MLPParams(bottom[:, :-1].copy(), bottom[:, -1].copy(), top.W2, top.b2)
        return stepped, top.total_loss / len(order)

    model = mlp_model(n_classes, config.hidden_size, rate)
    return model._replace(epoch_in_blocks=epoch_in_blocks)


class _Top:
    """The network above `s = V x + e`, for the engine; see `scratch.mlp.OutputLayer`.

    The hidden layer's biases are kept here: `z = a^2 (s - e) + b1` with `e` the engine's own.
    """

    def __init__(self, p: MLPParams, labels: list[int], rate: float, change: NetworkChange) -> None:
        self.b1, self.W2, self.b2 = p.b1.copy(), p.W2.copy(), p.b2.copy()
        self.total_loss = 0.0
        self._engine = np.zeros_like(p.b1)
        self._labels, self._change = labels, change
        self._rate = change.rate(rate, p.W1.shape[1])

    def __call__(self, example: int, s: Float64[np.ndarray, "h"]) -> Float64[np.ndarray, "h"]:
        change, label = self._change, self._labels[example]
        z = change.pixel_factor**2 * (s - self._engine) + self.b1
        hidden = change.activation.value(z)
        scores = self.W2 @ hidden + self.b2
        self.total_loss += log_sum_exp(scores) - float(scores[label])
        step = -self._rate * np.array(change.error(scores.tolist(), label))
        if change.stepped_early:
            self.W2 += step[:, None] * hidden
        answer = (step @ self.W2) * change.activation.slope(z, hidden)
        if not change.stepped_early:
            self.W2 += step[:, None] * hidden
        self._engine += answer
        self.b1 += change.bias_step(answer)
        self.b2 += change.bias_step(step)
        return answer
