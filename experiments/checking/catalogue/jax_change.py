"""How question 2's training may differ, in its configuration or in what that cannot say.

JAX is imported by the functions that need it, so that question 1 does not wait for it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from experiments.configs.q2 import Q2Config

# What the loss is given instead of class scores: a function of `jax.nn`, and of `torch`.
Output = Literal["softmax", "sigmoid", "relu"]
# (parameters, key): other first parameters of the same shapes.
Draw = Callable[[dict[str, Any], Any], dict[str, Any]]
# Where dropout acts: after every hidden layer, also after the output, not after the first layer.
Dropped = Literal["hidden", "output too", "not the first", "in evaluation too"]


@dataclass(frozen=True)
class JaxChange:
    """What is changed about the training.

    Attributes:
        config: what is trained, from what the question asks for.
        output: what becomes of the class scores before the loss.
        pixel_factor: what the features are multiplied by, `pixels / 256` otherwise.
        drop_last: whether a short last batch is left out.
        summed: whether a batch's losses are summed instead of averaged.
        draw: other first parameters.
        dropped: where dropout acts.
    """

    config: Callable[[Q2Config], Q2Config] = lambda config: config
    output: Output | None = None
    pixel_factor: float = 1.0
    drop_last: bool = False
    summed: bool = False
    draw: Draw | None = None
    dropped: Dropped = "hidden"


def configured(**fields: Any) -> JaxChange:
    """Return a change that a configuration can say."""
    return JaxChange(config=lambda config: replace(config, **fields))


def scaled(field: str, factor: float) -> JaxChange:
    """Return another value of a number of the configuration, so many times as large."""
    return JaxChange(
        config=lambda config: replace(config, **{field: factor * getattr(config, field)})
    )


def flax_draw(params: dict[str, Any], key: Any) -> dict[str, Any]:
    """Flax's default: `lecun_normal` weights, biases of zero."""
    import jax

    lecun = jax.nn.initializers.lecun_normal(in_axis=1, out_axis=0)
    return _drawn(params, key, lambda k, leaf: lecun(k, leaf.shape, leaf.dtype))


def normal_draw(deviation: float) -> Draw:
    """Draw normal weights of mean 0; biases are zero."""

    def draw(params: dict[str, Any], key: Any) -> dict[str, Any]:
        import jax

        return _drawn(
            params, key, lambda k, leaf: deviation * jax.random.normal(k, leaf.shape, leaf.dtype)
        )

    return draw


def _drawn(params: dict[str, Any], key: Any, weights: Callable[[Any, Any], Any]) -> dict[str, Any]:
    """Weights drawn leaf by leaf, biases of zero, in the shapes of `params`."""
    import jax
    import jax.numpy as jnp

    leaves, structure = jax.tree.flatten(params)
    keys = jax.random.split(key, len(leaves))
    drawn = [
        weights(own, leaf) if leaf.ndim == 2 else jnp.zeros_like(leaf)
        for own, leaf in zip(keys, leaves, strict=True)
    ]
    return jax.tree.unflatten(structure, drawn)
