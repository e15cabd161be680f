"""Question 1.3's network with a change, by the block engine, and as a plain loop sums it."""

from dataclasses import replace
from typing import Any

import numpy as np
from jaxtyping import Float64

from experiments.checking.catalogue.network_change import NetworkChange, output_step
from experiments.checking.catalogue.readouts import OnlineCounts
from experiments.configs.q1 import Q1Config
from experiments.training.q1.models import make_model
from scratch import mlp
from scratch.block_sgd import block_epoch
from scratch.features import features
from scratch.mlp import MLPParams
from scratch.models import MLP_BLOCK, MLP_SHARES, Model, Params
from scratch.softmax import cross_entropy, softmax


def network_model(config: Q1Config, change: NetworkChange, n_classes: int) -> Model:
    """Return a network whose parameters are the student's weights.

    With V the engine's weights, `W1 = a V` for features a times as large. The first biases are kept
    beside it, for they may step otherwise: `z = a^2 (s - e) + b1` with e what the engine's own are.
    """
    h, factor = change.hidden(config.hidden_size), change.pixel_factor

    def epoch_in_blocks(p: MLPParams, pixels: Any, labels: Any, order: Any) -> tuple[Params, float]:
        (W1, b1, W2, b2), known = p, labels.tolist()
        engine, total = np.zeros(h), 0.0
        rate = change.rate_used(config.learning_rate, W1.shape[1])

        def above(example: int, s: Float64[np.ndarray, "h"]) -> Float64[np.ndarray, "h"]:
            nonlocal b1, W2, b2, engine, total
            z = factor**2 * (s - engine) + b1
            step, W2, b2, loss = output_step(change, z, W2, b2, known[example], rate)
            engine = engine + step
            b1 = b1 + change.bias_step(step)
            total += loss
            return step

        V = np.column_stack([W1 / factor, engine])
        V = block_epoch(V, pixels, order, above, MLP_BLOCK, shares=MLP_SHARES)
        return MLPParams(V[:, :-1] * factor, b1, W2, b2), total / len(order)

    def scores(p: MLPParams, x: Float64[np.ndarray, "k d"]) -> Float64[np.ndarray, "k c"]:
        hidden = change.activation.value(x @ p.W1.T * factor + p.b1)
        return hidden @ p.W2.T + p.b2

    return make_model(replace(config, hidden_size=h), n_classes)._replace(
        initial=lambda rng, n_pixels: change.draw(rng, n_pixels, h, n_classes),
        epoch_in_blocks=epoch_in_blocks,
        scores=scores,
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

    return make_model(config, n_classes)._replace(epoch_in_blocks=by_examples)


def counted_model(config: Q1Config, n_classes: int, counts: OnlineCounts) -> Model:
    """Return the assignment's network, its iterates and digits, with every loss kept."""

    def epoch_in_blocks(p: MLPParams, pixels: Any, labels: Any, order: Any) -> tuple[Params, float]:
        top = mlp.OutputLayer(p, labels.tolist(), config.learning_rate)

        def counted(example: int, z: Float64[np.ndarray, "h"]) -> Float64[np.ndarray, "h"]:
            before = top.total_loss
            answer = top(example, z)
            counts.losses.append(top.total_loss - before)
            return answer

        bottom = np.column_stack([p.W1, p.b1])
        bottom = block_epoch(bottom, pixels, order, counted, MLP_BLOCK, shares=MLP_SHARES)
        stepped = MLPParams(bottom[:, :-1].copy(), bottom[:, -1].copy(), top.W2, top.b2)
        return stepped, top.total_loss / len(order)

    return make_model(config, n_classes)._replace(epoch_in_blocks=epoch_in_blocks)
