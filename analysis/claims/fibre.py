"""Questions 3.3 and 3.4: all networks with one c, and where c moves with Theta (theorem 3)."""

import numpy as np

from analysis import symbolic
from analysis.achieved import achieved
from analysis.claims.base import Claim, ClaimFunction, Settings, Source, WorstCase
from analysis.claims.random_cases import random_theta
from analysis.features import phi
from analysis.fibre import describe_fibre, jacobian, move_on_fibre
from analysis.network import Theta, c_theta, forward
from analysis.spectrum import EPS, norm

# Inputs, units, dimension of the fibre of a network with normal weights: K (K + 1) / 2 up to
# K = D, where the bordered matrix has rank K, and K (D + 2) + 1 - P from there on.
DIMENSIONS: tuple[tuple[int, int, int], ...] = (
    (1, 1, 1), (1, 3, 7), (2, 1, 1), (2, 2, 3), (2, 3, 7), (3, 1, 1), (3, 2, 3), (3, 3, 6),
    (3, 4, 11), (4, 2, 3), (4, 4, 10), (4, 6, 22),
)  # fmt: skip

# W, v, and whether every small change of c is one of a small change of Theta.
SUBMERSIONS: tuple[tuple[list[list[int]], list[int], bool], ...] = (
    ([[1, 0], [0, 1]], [1, -1], True),
    ([[1, 2], [2, 4]], [1, -1], False),
    ([[1, 2], [2, 4], [3, 6]], [1, 2, 3], False),
    ([[1, 2], [2, 4], [0, 1]], [1, 2, 3], True),
    ([[1, 1], [1, -1], [0, 5]], [2, 3, 0], True),
    ([[1, 0, 0], [0, 1, 0], [1, 1, 0], [2, 1, 0]], [1, -1, 1, -1], False),
    ([[1, 0, 0], [0, 1, 0], [1, 1, 0], [2, 1, 1]], [1, -1, 1, -1], True),
    ([[1, 0], [0, 1]], [1, 0], False),
    ([[0], [0]], [1, 1], False),
    ([[0], [1]], [1, 1], True),
)


def derivatives(settings: Settings) -> Claim:
    """Measure `jacobian` at whole numbers against the derivatives of the polynomials, D, K <= 3."""
    rng, worst = settings.rng("derivatives"), WorstCase()
    for D in range(1, 4):
        for K in range(1, 4):
            net, expected = symbolic.jacobian(D, K)
            W, b, v = (rng.integers(-3, 4, shape) for shape in ((K, D), K, K))
            values = [*W.ravel(), *b, *v, 1]
            symbols = [*net.W, *net.b, *net.v, net.v0]
            exact = expected.subs(dict(zip(symbols, map(int, values), strict=True)))
            found = jacobian(Theta(W.astype(float), b.astype(float), v.astype(float), 1.0))
            worst.add(np.abs(found - np.array(exact.tolist(), dtype=float)).max(), 0)
    return worst.claim(
        "3.3", "derivatives", "d c / d Theta: polynomials, D, K <= 3", Source.ALGEBRA
    )


def submersions(settings: Settings) -> Claim:
    """Count networks that are a submersion where the table says no, or none where it says yes."""
    rng, worst = settings.rng("submersions"), WorstCase()
    for W, v, expected in SUBMERSIONS:
        b = rng.integers(-3, 4, len(v)).astype(float)
        theta = Theta(np.array(W, dtype=float), b, np.array(v, dtype=float), 1.0)
        worst.add(0 if describe_fibre(theta).submersion == expected else 1, 0)
    return worst.claim(
        "3.3", "submersions", "onto iff active rows have rank D: a table", Source.ALGEBRA
    )


def fibre_dimensions(settings: Settings) -> Claim:
    """Count dimensions of fibres that differ from the written ones."""
    rng, worst = settings.rng("fibre dimensions"), WorstCase()
    for D, K, dimension in DIMENSIONS:
        for _ in range(settings.trials):
            found = describe_fibre(random_theta(D, K, rng))
            worst.add(0 if found.dimension == dimension else 1, 0)
    return worst.claim(
        "3.3", "fibre dimensions", "networks with one c: dimension, a table", Source.ALGEBRA
    )


def same_c(settings: Settings) -> Claim:
    """Measure how far c moves when the rows are mixed along the fibre, relatively."""
    rng, worst = settings.rng("same c"), WorstCase()
    for D in settings.dims:
        for K in settings.units(1, D, D + 2):
            for _ in range(settings.trials):
                theta = random_theta(D, K, rng)
                A = np.triu(rng.normal(size=(K, K)), 1) / (4 * np.sqrt(K))
                moved = move_on_fibre(theta, A - A.T)
                size = sum(norm(t.W) ** 2 + norm(t.b - 0.5) ** 2 for t in (theta, moved))
                terms = size * norm(theta.v) + abs(theta.v0)
                worst.add(achieved(moved, c_theta(theta)) / terms, 256 * (K + D) * EPS)
    return worst.claim("3.3", "same c", "rows mixed by R, R'SR = S: the same c", Source.ROUNDING)


def gradient(settings: Settings) -> Claim:
    """Measure dL/du_i against -2 v_i G u_i, G = sum of L'_n x~_n x~_n', relatively (theorem 7)."""
    rng, worst = settings.rng("gradient"), WorstCase()
    for D in settings.dims:
        theta = random_theta(D, D + 1, rng)
        X = rng.normal(size=(3 * D + 2, D))
        slope = forward(theta, X) - rng.normal(size=len(X))
        by_theta = jacobian(theta).T @ (phi(X).T @ slope)
        K = len(theta.v)
        extended = np.column_stack([np.ones(len(X)), X])
        G = (extended.T * slope) @ extended
        U = np.column_stack([theta.b - 0.5, theta.W])
        expected = -2 * theta.v[:, None] * (U @ G)
        found = np.column_stack([by_theta[K * D : K * D + K], by_theta[: K * D].reshape(K, D)])
        terms = norm(jacobian(theta)) * norm(phi(X)) * norm(slope)
        worst.add(norm(found - expected) / terms, 64 * phi(X).size * EPS)
    return worst.claim("3.4", "gradient", "dL/du_i = -2 v_i G u_i", Source.ROUNDING)


FIBRE: tuple[ClaimFunction, ...] = (
    derivatives,
    submersions,
    fibre_dimensions,
    same_c,
    gradient,
)
