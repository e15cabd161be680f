"""Question 2's training with one thing changed in each: other scores, other batches."""

from dataclasses import replace
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array

from experiments.configs.q2 import Q2Config
from jaxmodels.evaluation import Split
from jaxmodels.models import Dropout, Network, Params, network
from jaxmodels.optimizers import Hyperparameters
from jaxmodels.training import CompiledSpec, EpochMetrics, EpochRules, TrainState, run_epoch


class Change(NamedTuple):
    """What a configuration cannot say.

    Attributes:
        softmax_twice: whether the loss is given probabilities for scores.
        pixel_factor: what the features are multiplied by, `pixels / 256` otherwise.
        drop_last: whether a short last batch is left out.
        summed: whether a batch's losses are summed instead of averaged.
        flax_weights: whether the first weights are Flax's.
    """

    softmax_twice: bool = False
    pixel_factor: float = 1.0
    drop_last: bool = False
    summed: bool = False
    flax_weights: bool = False


def configured(key: str, config: Q2Config) -> tuple[Q2Config, Change]:
    """What a variant of question 2 trains."""
    match key.split():
        case ["seed", number]:
            return replace(config, seed=int(number)), Change()
    changes: dict[str, dict[str, Any]] = {
        "right": {},
        "dropout off": {"dropout": 0.0},
        "wrong batch": {"batch_size": 64},
        "momentum off": {"momentum": 0.0},
        "decay off": {"l2_decay": 0.0},
        "batch 64": {"batch_size": 64},
        "adam": {"optimizer": "adam", "momentum": 0.0},
        "tanh": {"activation": "tanh"},
        "1 layer": {"layers": 1},
        "100 hidden": {"hidden_size": 100},
    }
    if key in changes:
        return replace(config, **changes[key]), Change()
    return config, _CHANGES[key]


_CHANGES = {
    "softmax twice": Change(softmax_twice=True),
    "Flax's weights": Change(flax_weights=True),
    "last dropped": Change(drop_last=True),
    "pixels over 255": Change(pixel_factor=256 / 255),
    "pixels not scaled": Change(pixel_factor=256.0),
    "summed": Change(summed=True),
}


def flax_weights(params: Params, key: Array) -> Params:
    """Flax's default: `lecun_normal` weights, biases of zero, in the shapes of `params`."""
    leaves, structure = jax.tree.flatten(params)
    keys = jax.random.split(key, len(leaves))
    lecun = jax.nn.initializers.lecun_normal(in_axis=1, out_axis=0)
    drawn = [
        lecun(own, leaf.shape, leaf.dtype) if leaf.ndim == 2 else jnp.zeros_like(leaf)
        for own, leaf in zip(keys, leaves, strict=True)
    ]
    return jax.tree.unflatten(structure, drawn)


def changed_network(spec: CompiledSpec, change: Change) -> Network:
    """The setting's model with its scores changed."""
    net = network(spec.architecture)

    def logits(params: Params, pixels: Array, dropout: Dropout | None = None) -> Array:
        found = net.logits(_scaled(params, change.pixel_factor), pixels, dropout)
        return jax.nn.softmax(found, axis=1) if change.softmax_twice else found

    return Network(net.initial, logits)


def changed_epoch(
    spec: CompiledSpec,
    change: Change,
    hyper: Hyperparameters,
    state: TrainState,
    train: Split,
    val: Split,
) -> tuple[TrainState, EpochMetrics]:
    """`jaxmodels.training.run_epoch` with a change; without one, its numbers."""
    rules = EpochRules(
        network=changed_network(spec, change),
        batch_loss=jnp.sum if change.summed else jnp.mean,
        drop_last=change.drop_last,
    )
    return run_epoch(spec, hyper, state, train, val, rules)


def _scaled(params: Params, factor: float) -> Params:
    """The parameters that act on `pixels / 256` as these do on `factor` times as much."""
    if factor == 1.0:
        return params
    if not params.get("hidden"):
        output = params["output"]
        return {**params, "output": {**output, "weight": output["weight"] * factor}}
    first = params["hidden"][0]
    hidden = {**params["hidden"], 0: {**first, "weight": first["weight"] * factor}}
    return {**params, "hidden": hidden}
