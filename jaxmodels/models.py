"""Question 2's two models as Flax modules, and the same as pure functions of a pytree.

Inside the MLP an example is a column, and weights `[out, in]` multiply from the left, as in the
textbook's `z = W x + b`; in logistic regression an example is a row. With pixels that stay uint8
until a batch needs them, these are what CPUs compute fastest: rows cost the MLP 5 to 10 %, Flax's
own layout 40 %. Pixels are divided by 256 after the first product, where there are far fewer
numbers; a power of two, so every sum is the same bit for bit. Products are taken at the highest
precision; a GPU would round their factors to TF32.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, NamedTuple, get_args

import jax
import jax.numpy as jnp
from flax import nnx
from jax import lax
from jaxtyping import Array, Float, Key, UInt8

ModelName = Literal["logistic_regression", "mlp"]
ActivationName = Literal["tanh", "relu"]
MODELS: tuple[ModelName, ...] = get_args(ModelName)
ACTIVATIONS: tuple[ActivationName, ...] = get_args(ActivationName)

PIXEL_SCALE = 256  # the assignment's, not 255; a power of two, so the quotients are exact

# A nested dict of arrays: {"hidden": {0: {"weight", "bias"}, ...}, "output": {"weight", "bias"}}.
Params = dict[str, Any]

_ACTIVATE: dict[ActivationName, Callable[[Array], Array]] = {"tanh": jnp.tanh, "relu": jax.nn.relu}


class Dropout(NamedTuple):
    """Dropout while training.

    Attributes:
        rate: the probability p of a zero, in [0, 1); an array, so it may vary inside one program.
        key: of the masks; layer i draws from `fold_in(key, i)`.
    """

    rate: Float[Array, ""] | float
    key: Key[Array, ""]


def apply_dropout(
    x: Float[Array, "h n"], rate: Float[Array, ""] | float, key: Key[Array, ""]
) -> Float[Array, "h n"]:
    """Inverted dropout: each entry is 0 with probability p, else `x / (1 - p)`; the mean is kept.

    `flax.nnx.Dropout` wants p before compiling; here a sweep over it stays one program.
    """
    keep = jnp.asarray(1.0 - rate, x.dtype)
    return jnp.where(jax.random.bernoulli(key, keep, x.shape), x / keep, 0.0)


class Linear(nnx.Module):  # type: ignore[misc]  # Flax is not type-checked
    """`W x + b`, with PyTorch's default initial values.

    Weights and biases alike are uniform in `+-1 / sqrt(n_in)`.

    Attributes:
        weight: `[out, in]`.
        bias: `[out]`.
    """

    def __init__(self, n_in: int, n_out: int, rngs: nnx.Rngs) -> None:
        bound = 1.0 / math.sqrt(n_in)
        self.weight = nnx.Param(
            jax.random.uniform(rngs.params(), (n_out, n_in), minval=-bound, maxval=bound)
        )
        self.bias = nnx.Param(
            jax.random.uniform(rngs.params(), (n_out,), minval=-bound, maxval=bound)
        )

    def __call__(self, x: Float[Array, "n in"], scale: float = 1.0) -> Float[Array, "n out"]:
        """Return the layer's outputs for the inputs `scale x`, a row per example."""
        product = jnp.matmul(x, self.weight[...].T, precision=lax.Precision.HIGHEST)
        return product * scale + self.bias[...][None, :]

    def columns(self, x: Float[Array, "in n"], scale: float = 1.0) -> Float[Array, "out n"]:
        """Return the layer's outputs for the inputs `scale x`, a column per example."""
        product = jnp.matmul(self.weight[...], x, precision=lax.Precision.HIGHEST)
        return product * scale + self.bias[...][:, None]


class LogisticRegression(nnx.Module):  # type: ignore[misc]
    """Question 2.1: one linear layer, `s = W x + b`; its softmax is in the loss."""

    def __init__(self, n_features: int, n_classes: int, rngs: nnx.Rngs) -> None:
        self.output = Linear(n_features, n_classes, rngs)

    def __call__(
        self, pixels: UInt8[Array, "n d"], _dropout: Dropout | None = None
    ) -> Float[Array, "n c"]:
        """Class scores of a batch of uint8 pixels; there is no hidden unit to drop."""
        return self.output(_floats(pixels, self.output), 1.0 / PIXEL_SCALE)


class FeedforwardNetwork(nnx.Module):  # type: ignore[misc]
    """Question 2.2: (linear, activation, dropout) for each hidden layer, then a linear output."""

    def __init__(
        self,
        n_features: int,
        n_classes: int,
        hidden_size: int,
        layers: int,
        activation: ActivationName,
        rngs: nnx.Rngs,
    ) -> None:
        sizes = [n_features] + [hidden_size] * layers
        self.hidden = nnx.List(
            [Linear(n_in, hidden_size, rngs) for n_in in sizes[:-1]],
        )
        self.output = Linear(sizes[-1], n_classes, rngs)
        self.activation = activation

    def __call__(
        self, pixels: UInt8[Array, "n d"], dropout: Dropout | None = None
    ) -> Float[Array, "n c"]:
        """Class scores of a batch of uint8 pixels; without `dropout` nothing is dropped."""
        x, scale = _floats(pixels, self.output).T, 1.0 / PIXEL_SCALE
        for i, layer in enumerate(self.hidden):
            x, scale = _ACTIVATE[self.activation](layer.columns(x, scale)), 1.0
            if dropout is not None:
                x = apply_dropout(x, dropout.rate, jax.random.fold_in(dropout.key, i))
        return self.output.columns(x, scale).T


def _floats(pixels: UInt8[Array, "n d"], like: Linear) -> Float[Array, "n d"]:
    """Pixels in the floats that the weights are in."""
    return pixels.astype(like.weight[...].dtype)


@dataclass(frozen=True)
class Architecture:
    """What decides the parameters' shapes and the network's formula.

    Attributes:
        model: which of the two models.
        n_features: pixels of an image, channels included.
        n_classes: how many classes.
        hidden_size: units of each hidden layer; the MLP's, as the two below.
        layers: how many hidden layers.
        activation: what follows each hidden layer.
    """

    model: ModelName
    n_features: int
    n_classes: int
    hidden_size: int = 200
    layers: int = 2
    activation: ActivationName = "relu"


class Network(NamedTuple):
    """A model as two pure functions, with no state of its own.

    Attributes:
        initial: from a key to fresh parameters.
        scores: class scores `[n, c]` of pixels `[n, d]`; its third argument turns dropout on.
    """

    initial: Callable[[Key[Array, ""]], Params]
    logits: Callable[[Params, UInt8[Array, "n d"], Dropout | None], Float[Array, "n c"]]


@lru_cache(maxsize=64)
def network(architecture: Architecture) -> Network:
    """Return the model that `architecture` describes, split once into structure and parameters."""

    def build(key: Key[Array, ""]) -> Any:
        rngs = nnx.Rngs(params=key)
        n_features, n_classes = architecture.n_features, architecture.n_classes
        if architecture.model == "logistic_regression":
            return LogisticRegression(n_features, n_classes, rngs)
        return FeedforwardNetwork(
            n_features,
            n_classes,
            architecture.hidden_size,
            architecture.layers,
            architecture.activation,
            rngs,
        )

    structure, _ = nnx.split(nnx.eval_shape(build, jax.random.key(0)))

    def initial(key: Key[Array, ""]) -> Params:
        return nnx.to_pure_dict(nnx.state(build(key), nnx.Param))

    def logits(
        params: Params, pixels: UInt8[Array, "n d"], dropout: Dropout | None = None
    ) -> Float[Array, "n c"]:
        return nnx.merge(structure, params)(pixels, dropout)

    return Network(initial, logits)


def named_arrays(params: Params) -> dict[str, Array]:
    """Return the parameters under flat names such as `hidden.0.weight`, PyTorch's way."""
    paths, _ = jax.tree_util.tree_flatten_with_path(params)
    return {".".join(str(step.key) for step in path): array for path, array in paths}
