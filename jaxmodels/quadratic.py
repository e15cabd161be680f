"""Question 3's network in JAX, and its training by gradient descent from many starts.

One hidden layer, y = v . g(W x + b) + v0, with g(z) = z(1 - z), or relu, tanh or sigmoid in its
place to compare with. Initial values, optimizer and the state of a run are question 2's. A step
sees all the data, so that an epoch is one step.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Literal, NamedTuple, get_args

import jax
import jax.numpy as jnp
import optax
from flax import nnx
from jax import lax
from jaxtyping import Array, Float, Int, Key, UInt32

from jaxmodels.models import Linear, Params
from jaxmodels.optimizers import Hyperparameters, optimizer
from jaxmodels.training import TrainState, epoch_key

ActivationName = Literal["quadratic", "relu", "tanh", "sigmoid"]
ACTIVATIONS: tuple[ActivationName, ...] = get_args(ActivationName)


def quadratic(z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
    """g(z) = z(1 - z), entry by entry."""
    return z * (1 - z)


_ACTIVATE: dict[ActivationName, Callable[[Array], Array]] = {
    "quadratic": quadratic,
    "relu": jax.nn.relu,
    "tanh": jnp.tanh,
    "sigmoid": jax.nn.sigmoid,
}


@dataclass(frozen=True)
class Shallow:
    """What decides the parameters' shapes and the network's formula.

    Attributes:
        n_inputs: D.
        n_hidden: K.
        activation: g.
    """

    n_inputs: int
    n_hidden: int
    activation: ActivationName = "quadratic"

    def __post_init__(self) -> None:
        for name in ("n_inputs", "n_hidden"):
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                raise ValueError(f"{name} = {value!r}: expected a whole number of at least 1")
        if self.activation not in ACTIVATIONS:
            raise ValueError(
                f"activation = {self.activation!r}: expected one of {', '.join(ACTIVATIONS)}"
            )


class ShallowNetwork(nnx.Module):  # type: ignore[misc]  # Flax is not type-checked
    """y = v . g(W x + b) + v0 (question 3), PyTorch's initial values.

    Attributes:
        hidden: W as `weight` `[K, D]` and b as `bias` `[K]`, uniform in `+-1 / sqrt(D)`.
        output: v as `weight` `[1, K]` and v0 as `bias` `[1]`, uniform in `+-1 / sqrt(K)`.
    """

    def __init__(self, architecture: Shallow, rngs: nnx.Rngs) -> None:
        self.hidden = Linear(architecture.n_inputs, architecture.n_hidden, rngs)
        self.output = Linear(architecture.n_hidden, 1, rngs)
        self.activation = architecture.activation

    def __call__(self, x: Float[Array, "n d"]) -> Float[Array, "n"]:
        """One output per input."""
        return self.output(_ACTIVATE[self.activation](self.hidden(x)))[:, 0]


class Regressor(NamedTuple):
    """The network as two pure functions, with no state of its own.

    Attributes:
        initial: from a key to fresh parameters.
        outputs: y `[n]` for inputs `[n, d]`.
    """

    initial: Callable[[Key[Array, ""]], Params]
    outputs: Callable[[Params, Float[Array, "n d"]], Float[Array, "n"]]


class Data(NamedTuple):
    """What is fitted.

    Attributes:
        X: inputs, one per row.
        y: targets.
    """

    X: Float[Array, "n d"]
    y: Float[Array, "n"]


@lru_cache(maxsize=64)
def regressor(architecture: Shallow) -> Regressor:
    """Build the network that `architecture` describes, split once into structure and params."""

    def build(key: Key[Array, ""]) -> Any:
        return ShallowNetwork(architecture, nnx.Rngs(params=key))

    structure, _ = nnx.split(nnx.eval_shape(build, jax.random.key(0)))

    def initial(key: Key[Array, ""]) -> Params:
        return nnx.to_pure_dict(nnx.state(build(key), nnx.Param))

    def outputs(params: Params, X: Float[Array, "n d"]) -> Float[Array, "n"]:
        return nnx.merge(structure, params)(X)

    return Regressor(initial, outputs)


def squared_loss(architecture: Shallow, params: Params, data: Data) -> Float[Array, ""]:
    """L = 1/2 sum over n of (y(x_n) - y_n)^2, the assignment's loss: a sum, without a penalty."""
    return 0.5 * jnp.sum((regressor(architecture).outputs(params, data.X) - data.y) ** 2)


def start(architecture: Shallow, hyper: Hyperparameters, seed: UInt32[Array, ""]) -> TrainState:
    """Return the state before the first step, by question 2's keys, whatever the activation."""
    params = regressor(architecture).initial(epoch_key(seed, jnp.asarray(0)))
    opt_state = optimizer("sgd", hyper).init(params)
    return TrainState(seed, jnp.asarray(0, jnp.int32), params, opt_state)


def descent_step(
    architecture: Shallow, hyper: Hyperparameters, state: TrainState, data: Data
) -> TrainState:
    """One step of gradient descent on L / N, whose gradient keeps its size as data are added."""

    def mean_loss(params: Params) -> Float[Array, ""]:
        return squared_loss(architecture, params, data) / len(data.y)

    gradient = jax.grad(mean_loss)(state.params)
    rule = optimizer("sgd", hyper)
    updates, opt_state = rule.update(gradient, state.opt_state, state.params)
    params = optax.apply_updates(state.params, updates)
    return TrainState(state.seed, state.epoch + 1, params, opt_state)


@partial(jax.jit, static_argnums=0)
def many_starts(
    architecture: Shallow, hyper: Hyperparameters, seeds: UInt32[Array, "k"]
) -> TrainState:
    """Return the states before the first step, one per seed, arrays `[k, ...]`; compiled."""
    return jax.vmap(partial(start, architecture, hyper))(seeds)


@partial(jax.jit, static_argnums=0)
def descend(
    architecture: Shallow,
    hyper: Hyperparameters,
    states: TrainState,
    data: Data,
    gaps: Int[Array, "t"],
) -> Params:
    """Gradient descent from many states side by side, the whole of it one compiled program.

    Args:
        architecture: the network.
        hyper: the step size and so on, the same for all runs; `dropout` is ignored.
        states: what `many_starts` gives.
        data: all of them in every step, the same for all runs.
        gaps: steps before each look at the parameters; a 0 looks at once.

    Returns:
        The parameters at every look, arrays `[k, t, ...]`. Run i is the one that its state alone
        gives, to rounding.
    """

    def run(state: TrainState) -> Params:
        def look(now: TrainState, gap: Int[Array, ""]) -> tuple[TrainState, Params]:
            now = lax.fori_loop(
                0, gap, lambda _, s: descent_step(architecture, hyper, s, data), now
            )
            return now, now.params

        return lax.scan(look, state, gaps)[1]

    return jax.vmap(run)(states)
