"""Question 2's epoch with a change: other scores, other batches, other places of dropout."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
from jaxtyping import Array, Key

from experiments.checking.catalogue.jax_change import Draw, JaxChange
from jaxmodels.evaluation import Split, evaluate
from jaxmodels.models import (
    PIXEL_SCALE,
    ActivationName,
    Dropout,
    Network,
    Params,
    apply_dropout,
    network,
)
from jaxmodels.optimizers import Hyperparameters
from jaxmodels.training import CompiledSpec, EpochMetrics, EpochRules, TrainState, train_epoch

ACTIVATE: dict[ActivationName, Callable[[Array], Array]] = {"relu": jax.nn.relu, "tanh": jnp.tanh}
Logits = Callable[[Params, Array, Dropout | None], Array]


def changed_logits(spec: CompiledSpec, change: JaxChange) -> Logits:
    """Return the model's class scores `[n, c]` of uint8 pixels `[n, d]`, with a change."""
    net = network(spec.architecture)

    def logits(params: Params, pixels: Array, dropout: Dropout | None = None) -> Array:
        if change.pixel_factor != 1.0:
            params = _scaled(params, change.pixel_factor)
        if change.dropped in ("hidden", "in evaluation too"):
            found = net.logits(params, pixels, dropout)
        else:
            found = forward(spec.architecture.activation, change, params, pixels, dropout)
        return getattr(jax.nn, change.output)(found) if change.output else found

    return logits


def forward(
    activation: ActivationName,
    change: JaxChange,
    params: Params,
    pixels: Array,
    dropout: Dropout | None,
) -> Array:
    """Return the network's scores `[n, c]` where dropout acts elsewhere."""
    x = pixels.astype(jnp.float32) / PIXEL_SCALE
    layers = [params["hidden"][k] for k in sorted(params["hidden"])]
    for i, layer in enumerate(layers):
        x = ACTIVATE[activation](x @ layer["weight"].T + layer["bias"])
        if dropout is not None and not (i == 0 and change.dropped == "not the first"):
            x = apply_dropout(x.T, dropout.rate, jax.random.fold_in(dropout.key, i)).T
    x = x @ params["output"]["weight"].T + params["output"]["bias"]
    if dropout is not None and change.dropped == "output too":
        x = apply_dropout(x.T, dropout.rate, jax.random.fold_in(dropout.key, len(layers))).T
    return x


def evaluated_network(spec: CompiledSpec, change: JaxChange, hyper: Hyperparameters) -> Network:
    """Return the model as it is evaluated: without dropout, or with the same masks always."""
    logits, always = changed_logits(spec, change), change.dropped == "in evaluation too"
    dropout = Dropout(hyper.dropout, jax.random.key(0)) if always else None
    initial = network(spec.architecture).initial
    return Network(initial, lambda params, pixels, _none: logits(params, pixels, dropout))


def changed_epoch(
    spec: CompiledSpec,
    change: JaxChange,
    hyper: Hyperparameters,
    state: TrainState,
    train: Split,
    val: Split,
) -> tuple[TrainState, EpochMetrics]:
    """Return what `jaxmodels.training.run_epoch` does, with a change; without one, its numbers.

    Args:
        spec: model, optimizer and batch size.
        change: what is different.
        hyper: the numbers, scalars.
        state: before the epoch.
        train: what is trained on.
        val: what is validated on.
    """
    trained = Network(network(spec.architecture).initial, changed_logits(spec, change))
    summed = jnp.sum if change.summed else jnp.mean
    rules = EpochRules(network=trained, batch_loss=summed, drop_last=change.drop_last)
    state, loss = train_epoch(spec, hyper, state, train, rules)
    found = evaluate(evaluated_network(spec, change, hyper), state.params, val)
    return state, EpochMetrics(loss, found.loss, found.correct)


def _scaled(params: Params, factor: float) -> Params:
    """Return the parameters that act on `pixels / 256` as these do on `factor` times as much."""
    scaled = jax.tree.map(lambda leaf: leaf, params)  # dicts of its own
    first = scaled["hidden"][0] if scaled.get("hidden") else scaled["output"]
    first["weight"] = factor * first["weight"]
    return scaled


def drawn_params(draw: Draw, params: Params, key: Key[Array, ""]) -> Params:
    """Return first parameters in the shapes of `params`, weights drawn leaf by leaf, biases 0."""
    initializers = jax.nn.initializers
    if draw == "flax":
        weights = initializers.lecun_normal(in_axis=1, out_axis=0)
    else:
        weights = initializers.normal(draw)
    leaves, structure = jax.tree.flatten(params)
    keys = jax.random.split(key, len(leaves))
    drawn = [
        weights(own, leaf.shape, leaf.dtype) if leaf.ndim == 2 else jnp.zeros_like(leaf)
        for own, leaf in zip(keys, leaves, strict=True)
    ]
    return jax.tree.unflatten(structure, drawn)
