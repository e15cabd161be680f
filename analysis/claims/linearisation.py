"""Questions 3.1 and 3.2 at drawn networks and inputs: h = A_Theta phi(x), y = c_Theta . phi(x)."""

import numpy as np
from jaxtyping import Float

from analysis.claims.base import Claim, ClaimFunction, Settings, Source, WorstCase
from analysis.claims.random_cases import random_theta
from analysis.features import n_features, phi
from analysis.network import Theta, a_theta, activation, c_theta, forward
from analysis.spectrum import EPS, norm

INPUTS = 8


def magnitude(theta: Theta, x: Float[np.ndarray, "N D"]) -> Float[np.ndarray, "N K"]:
    """Return the size of all terms of h_i: s (1 + s) with s = |w_i| . |x| + |b_i|."""
    s = np.abs(x) @ np.abs(theta.W).T + np.abs(theta.b)
    return s * (1 + s)


def hidden_layer(settings: Settings) -> Claim:
    """Measure the gap of h = A_Theta phi(x), relative to the size of its terms (question 3.1)."""
    rng, worst = settings.rng("hidden layer"), WorstCase()
    for D in settings.dims:
        for K in settings.units(1, D, D + 2):
            for _ in range(settings.trials):
                theta, x = random_theta(D, K, rng), rng.normal(size=(INPUTS, D))
                h = activation(x @ theta.W.T + theta.b)
                gap = np.abs(h - phi(x) @ a_theta(theta).T) / magnitude(theta, x)
                worst.add(gap.max(), 2 * (n_features(D) + D) * EPS)
    return worst.claim("3.1", "hidden layer", "h = A phi(x), drawn networks", Source.ROUNDING)


def output(settings: Settings) -> Claim:
    """Measure the gap of y = c_Theta . phi(x), relative to the size of its terms (question 3.2)."""
    rng, worst = settings.rng("output"), WorstCase()
    for D in settings.dims:
        for K in settings.units(1, D, D + 2):
            for _ in range(settings.trials):
                theta, x = random_theta(D, K, rng), rng.normal(size=(INPUTS, D))
                size = magnitude(theta, x) @ np.abs(theta.v) + abs(theta.v0)
                gap = np.abs(forward(theta, x) - phi(x) @ c_theta(theta)) / size
                worst.add(gap.max(), 2 * (n_features(D) + D + K) * EPS)
    return worst.claim("3.2", "output", "y = c . phi(x), drawn networks", Source.ROUNDING)


def coefficients(settings: Settings) -> Claim:
    """c_Theta by parts equals A_Theta' v + v0 e_1, relative to |A|' |v| (question 3.2)."""
    rng, worst = settings.rng("coefficients"), WorstCase()
    for D in settings.dims:
        for K in settings.units(1, D, D + 2):
            for _ in range(settings.trials):
                theta = random_theta(D, K, rng)
                by_rows = a_theta(theta).T @ theta.v
                by_rows[0] += theta.v0
                size = np.abs(a_theta(theta)).T @ np.abs(theta.v) + abs(theta.v0)
                worst.add((np.abs(c_theta(theta) - by_rows) / size).max(), (K + 4) * EPS)
    return worst.claim(
        "3.2", "coefficients", "c = (c1, l, M) by parts = A'v + v0 e1", Source.ROUNDING
    )


def not_linear(settings: Settings) -> Claim:
    """Theta -> c_Theta is neither homogeneous nor additive, shown in whole numbers (question 3.2).

    With W = b = v = 1 in turn: c_{2 Theta} differs from 2 c_Theta, and c_{Theta + Theta'} from
    c_Theta + c_Theta', by 1 or more.
    """
    del settings
    one, zero = np.ones((1, 1)), np.zeros(1)
    first = Theta(one, zero, np.ones(1), 0.0)
    second = Theta(-one, np.ones(1), np.ones(1), 1.0)
    double = Theta(2 * first.W, 2 * first.b, 2 * first.v, 2 * first.v0)
    both = Theta(first.W + second.W, first.b + second.b, first.v + second.v, second.v0)
    worst = WorstCase(at_least=True)
    worst.add(norm(c_theta(double) - 2 * c_theta(first)), 1.0)
    worst.add(norm(c_theta(both) - c_theta(first) - c_theta(second)), 1.0)
    return worst.claim(
        "3.2", "not linear", "c not linear in Theta: gap of 2 examples", Source.ALGEBRA
    )


LINEARISATION: tuple[ClaimFunction, ...] = (hidden_layer, output, coefficients, not_linear)
