"""Question 3.4: why z(1 - z) and not relu, tanh or sigmoid: a rank test.

If h = A phi(x) for some map phi into R^P, whatever it is, then the matrix of outputs of n hidden
units on N inputs is Phi A' and has rank P at most. So rank above P on some inputs proves that no
map of P features linearises the activation. A singular value counts as non-zero only where it
exceeds what rounding the entries could have made of zero (Weyl): sqrt(N n) eps times the largest
entry, a few times over.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from analysis.claims.base import Claim, ClaimFunction, Settings, Source, WorstCase
from analysis.features import n_features
from analysis.network import activation
from analysis.spectrum import EPS

LARGEST = 20
SLACK = 16.0

Activation = Callable[[Float[np.ndarray, "*shape"]], Float[np.ndarray, "*shape"]]


def relu(z: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    """Return max(z, 0)."""
    return np.maximum(z, 0)


def sigmoid(z: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    """Return 1 / (1 + exp(-z)), by way of tanh, which does not overflow."""
    return (1 + np.tanh(z / 2)) / 2


def beyond_rank(g: Activation, n_inputs: int, rng: np.random.Generator) -> tuple[float, float]:
    """Return (sigma_{P + 1}, what rounding explains) for 2 P + 2 units on as many inputs."""
    P = n_features(n_inputs)
    n = 2 * P + 2
    W, b = rng.normal(size=(n, n_inputs)), rng.normal(size=n)
    H = g(2 * rng.normal(size=(n, n_inputs)) @ W.T + b)
    rounding = SLACK * n * EPS * float(np.abs(H).max())
    return float(np.linalg.svd(H, compute_uv=False)[P]), rounding


def _tried(settings: Settings, g: Activation, name: str, worst: WorstCase) -> WorstCase:
    rng = settings.rng(name)
    for D in sorted({min(D, LARGEST) for D in settings.dims}):
        worst.add(*beyond_rank(g, D, rng))
    return worst


def quadratic(settings: Settings) -> Claim:
    """Measure sigma_{P + 1} of z(1 - z): it is zero up to rounding, P features suffice."""
    worst = _tried(settings, activation, "quadratic", WorstCase())
    return worst.claim(
        "3.4", "quadratic", "z(1 - z): rank P, sigma_(P+1) is rounding", Source.ROUNDING
    )


def rank_relu(settings: Settings) -> Claim:
    """Measure sigma_{P + 1} of relu: no map of P features linearises it."""
    worst = _tried(settings, relu, "relu", WorstCase(at_least=True))
    return worst.claim("3.4", "relu", "relu: rank above P, no such phi", Source.ROUNDING)


def rank_tanh(settings: Settings) -> Claim:
    """Measure sigma_{P + 1} of tanh: no map of P features linearises it."""
    worst = _tried(settings, np.tanh, "tanh", WorstCase(at_least=True))
    return worst.claim("3.4", "tanh", "tanh: rank above P, no such phi", Source.ROUNDING)


def rank_sigmoid(settings: Settings) -> Claim:
    """Measure sigma_{P + 1} of the sigmoid: no map of P features linearises it."""
    worst = _tried(settings, sigmoid, "sigmoid", WorstCase(at_least=True))
    return worst.claim("3.4", "sigmoid", "sigmoid: rank above P, no such phi", Source.ROUNDING)


ACTIVATIONS: tuple[ClaimFunction, ...] = (quadratic, rank_relu, rank_tanh, rank_sigmoid)
