"""Question 3.4 tried: gradient descent from many starts, on data with a known global minimum.

The runs are JAX's, in float64. What they reach is then evaluated anew in NumPy, from the weights at
every look: two implementations stand behind each loss.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from analysis import ClosedForm, fit_closed_form
from analysis.claims.activations import relu, sigmoid
from analysis.network import activation
from jaxmodels.optimizers import Hyperparameters
from jaxmodels.quadratic import ActivationName, Data, Shallow, descend, many_starts

ACTIVATE: dict[ActivationName, Callable[[Any], Any]] = {
    "quadratic": activation,
    "relu": relu,
    "tanh": np.tanh,
    "sigmoid": sigmoid,
}


@dataclass(frozen=True)
class Descent:
    """What is tried: the data's size, the runs, how long they are and how often looked at.

    Attributes:
        n_inputs: D.
        n_examples: N.
        groups: activation and K of each group of runs.
        starts: runs per group.
        steps: of gradient descent on L / N, all examples in each.
        learning_rate: of every step.
        looks: about so many, evenly spaced on a logarithmic axis, besides the start.
    """

    n_inputs: int = 3
    n_examples: int = 60
    groups: tuple[tuple[ActivationName, int], ...] = (
        ("quadratic", 3),
        ("quadratic", 6),
        ("relu", 6),
        ("tanh", 6),
        ("sigmoid", 6),
    )
    starts: int = 32
    steps: int = 5_000
    learning_rate: float = 0.1
    looks: int = 60

    def steps_looked_at(self) -> list[int]:
        """Return the steps after which the losses are taken, 0 first."""
        apart = np.geomspace(1, self.steps, self.looks).round().astype(int)
        return [0, *np.unique(apart).tolist()]


class Examples(NamedTuple):
    """The data and the closed form for them.

    Attributes:
        X: inputs `[N, D]`.
        y: targets `[N]`.
        fit: of the closed form.
    """

    X: np.ndarray
    y: np.ndarray
    fit: ClosedForm


class Weights(NamedTuple):
    """The weights of many runs at every look; runs and looks are the first two axes.

    Attributes:
        W: `[runs, looks, K, D]`.
        b: `[runs, looks, K]`.
        v: `[runs, looks, K]`.
        v0: `[runs, looks]`.
    """

    W: np.ndarray
    b: np.ndarray
    v: np.ndarray
    v0: np.ndarray


def examples(setting: Descent, seed: int) -> Examples:
    """Draw a wave along (1, .., 1), a saddle and noise: no quadratic fits, M has both signs."""
    D, N = setting.n_inputs, setting.n_examples
    rng = np.random.default_rng(seed)
    X = rng.uniform(-1.5, 1.5, (N, D))
    wave = np.sin(2 * X.sum(axis=1) / np.sqrt(D))
    saddle = 0.8 * X[:, 0] * X[:, -1] - 0.5 * (X[:, 1:-1] ** 2).sum(axis=1)
    y = wave + saddle + 0.2 * rng.normal(size=N)
    return Examples(X, y, fit_closed_form(X, y))


def descents(setting: Descent, data: Examples, seed: int) -> list[Weights]:
    """Gradient descent in JAX, in float64; groups of one width start from the same weights.

    Returns:
        The weights of every group.
    """
    hyper = Hyperparameters(setting.learning_rate, momentum=0.0, l2_decay=0.0, dropout=0.0)
    # So small a network is quicker on a CPU than on any accelerator beside it.
    with jax.enable_x64(True), jax.default_device(jax.devices("cpu")[0]):
        seeds = jnp.asarray(np.random.SeedSequence(seed).generate_state(setting.starts))
        gaps = jnp.asarray(np.diff([0, *setting.steps_looked_at()]))
        fitted = Data(jnp.asarray(data.X), jnp.asarray(data.y))
        widths = sorted({K for _, K in setting.groups})
        starts = {K: many_starts(Shallow(setting.n_inputs, K), hyper, seeds) for K in widths}
        found = [
            descend(Shallow(setting.n_inputs, K, name), hyper, starts[K], fitted, gaps)
            for name, K in setting.groups
        ]
        return [_weights(params) for params in jax.device_get(found)]


def _weights(params: Any) -> Weights:
    hidden, output = params["hidden"], params["output"]
    return Weights(
        hidden["weight"], hidden["bias"], output["weight"][..., 0, :], output["bias"][..., 0]
    )


def residuals(name: ActivationName, weights: Weights, data: Examples) -> np.ndarray:
    """Return the root of sum over n of (y(x_n) - y_n)^2, `[runs, looks]`, in NumPy.

    Infinite where a run has diverged.
    """
    W, b, v, v0 = weights
    with np.errstate(over="ignore", invalid="ignore"):
        h = ACTIVATE[name](data.X @ np.swapaxes(W, -1, -2) + b[..., None, :])
        outputs = (h @ v[..., None])[..., 0] + v0[..., None]
        found = np.linalg.norm(outputs - data.y, axis=-1)
    return np.where(np.isfinite(found), found, np.inf)
