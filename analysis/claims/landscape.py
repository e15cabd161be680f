"""Question 3.4: the loss over Theta, weight decay, several outputs, other activations."""

from fractions import Fraction
from itertools import product

import numpy as np
import sympy as sp

from analysis import symbolic
from analysis.achieved import achieved
from analysis.claims.base import Claim, ClaimFunction, Settings, Source, WorstCase
from analysis.claims.random_cases import random_theta, spectra, symmetric
from analysis.features import join_c
from analysis.fibre import move_on_fibre
from analysis.network import Theta, c_theta, forward, with_activation
from analysis.spectrum import EPS, norm
from analysis.weight_decay import decay, least_decay, min_decay_network

STEPS = 200
NEAR = 1e-6
# Two symmetric matrices that no two units share, in the limit neither: theorem 5.
TWO_OUTPUTS = (sp.Matrix([[1, 0], [0, -1]]), sp.Matrix([[0, 1], [1, 0]]))
# alpha, beta and gamma of other quadratic activations.
SHAPES = ((1.0, 0.0, 0.0), (-2.0, 3.0, 0.5), (0.1, 4.0, -7.0))
# Three inputs -1, 0, 1 and their targets.
PARABOLA = (1, 0, 1)
SHIFTED = (0, 0, 2)


def silent_unit(settings: Settings) -> Claim:
    """Find a slope beside any u_i with v_i = 0, where c is not the best: the loss can fall.

    dL/dv_i = G_00 / 4 - u_i' G u_i vanishes around u_i only if G = 0 (theorem 7). Measured is the
    largest slope over `STEPS` rows u about `NEAR` from u_i, over |G|: never 0.
    """
    rng, worst = settings.rng("silent unit"), WorstCase(at_least=True)
    for D in settings.dims:
        for _ in range(settings.trials):
            G = rng.normal(size=(D + 1, D + 1))
            G += G.T
            u = _flat_row(G, rng)
            near = u + NEAR * rng.normal(size=(STEPS, D + 1))
            slopes = np.abs(G[0, 0] / 4 - np.sum(near @ G * near, axis=1))
            worst.add(slopes.max() / norm(G), 1e-12)
    return worst.claim("3.4", "silent unit", "v_i = 0, G != 0: a slope beside u_i", Source.THEOREM)


def _flat_row(G: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw u with u'Gu = G_00 / 4, at which v_i has no slope; any u where a definite G has none."""
    for _ in range(STEPS):
        u = rng.normal(size=len(G))
        ratio = G[0, 0] / 4 / (u @ G @ u)
        if ratio > 0:
            break
    return u * np.sqrt(abs(ratio))


def _loss(theta: Theta, targets: tuple[int, ...]) -> float:
    gap = forward(theta, np.array([[-1.0], [0.0], [1.0]])) - np.array(targets, dtype=float)
    return float(gap @ gap / 2)


def local_minimum(settings: Settings) -> Claim:
    """Try networks near w = 0, b = 1/2, v = 1 on y = x^2, x = -1, 0, 1: none is below 1/3.

    The global minimum is 0, for every K (theorem 7). Measured is (1/3 - L) over 1/3, near it.
    """
    rng, worst = settings.rng("local minimum"), WorstCase()
    for K in settings.units(1, 2, 5):
        v0 = 2 / 3 - K / 4
        start = Theta(np.zeros((K, 1)), np.full(K, 0.5), np.ones(K), v0)
        worst.add(abs(3 * _loss(start, PARABOLA) - 1), 8 * K * EPS)
        for k in range(STEPS):
            size = 10.0 ** -(k % 8 + 1)
            W, b, v = (size * rng.normal(size=part.shape) for part in start[:3])
            near = Theta(W, start.b + b, start.v + np.clip(v, -0.9, 0.9), v0 + size * rng.normal())
            worst.add(1 - 3 * _loss(near, PARABOLA), 16 * K * EPS)
    return worst.claim(
        "3.4", "local minimum", "spurious: L = 1/3 around it, least 0", Source.THEOREM
    )


def valley(settings: Settings) -> Claim:
    """Try networks of one unit on y = x^2 + x, x = -1, 0, 1: 1/3 while v > 0, 4/3 at v = 0.

    In fractions: least squares over lines, as M <= 0 while v > 0 and its best is M = 0, and over
    constants, which is all that v = 0 leaves (theorem 8).
    """
    rng, worst = settings.rng("valley"), WorstCase()
    mean = Fraction(sum(SHIFTED), 3)
    slope = Fraction(SHIFTED[2] - SHIFTED[0], 2)
    line = sum((y - mean - slope * x) ** 2 for x, y in zip((-1, 0, 1), SHIFTED, strict=True)) / 2
    constant = sum((y - mean) ** 2 for y in SHIFTED) / 2
    worst.add(0 if (line, constant) == (Fraction(1, 3), Fraction(4, 3)) else 1, 0)
    for _ in range(STEPS):
        theta = random_theta(1, 1, rng)
        for v, least in ((np.abs(theta.v), 1 / 3), (np.zeros(1), 4 / 3)):
            worst.add(max(least - _loss(theta._replace(v=v), SHIFTED) - 64 * EPS, 0.0), 0)
    return worst.claim("3.4", "valley", "K = D: 1/3 in a valley, 4/3 to leave it", Source.THEOREM)


def decay_attained(settings: Settings) -> Claim:
    """Measure the network of least decay: its c and its decay, relatively (theorem 10)."""
    rng, worst = settings.rng("decay attained"), WorstCase()
    for D in settings.dims:
        for name in ("full rank", "one eigenvalue zero", "plus and minus 1"):
            lam = spectra(D, rng)[name]
            M, Q = symmetric(lam, rng)
            c = join_c(rng.normal(), Q @ np.where(lam != 0, rng.normal(size=D), 0.0), M)
            for K in settings.units(D, D + 1):
                if K >= D:
                    theta = min_decay_network(c, K)
                    # An eigenvalue 0 comes out as D eps, and its power 2/3 as (D eps)^(2/3).
                    by_hand = 3 * 2 ** (-2 / 3) * np.sum(np.abs(lam) ** (2 / 3))
                    least = least_decay(c) if lam.all() else by_hand
                    worst.add(achieved(theta, c) / norm(c), 256 * (D + 1) * EPS)
                    if least:
                        worst.add(abs(decay(theta) / least - 1), 64 * (D + 1) * EPS)
    return worst.claim(
        "3.4", "decay attained", "least decay: 3 2^(-2/3) sum |lambda|^(2/3)", Source.ROUNDING
    )


def decay_least(settings: Settings) -> Claim:
    """Measure `least_decay` of a network's c over its own decay: at most 1."""
    rng, worst = settings.rng("decay least"), WorstCase()
    for D in settings.dims:
        for K in settings.units(1, D, D + 2):
            for _ in range(settings.trials):
                theta = random_theta(D, K, rng)
                A = np.triu(rng.normal(size=(K, K)), 1) / (4 * np.sqrt(K))
                for other in (theta, move_on_fibre(theta, A - A.T)):
                    worst.add(least_decay(c_theta(other)) / decay(other), 1 + 1e-9)
    return worst.claim("3.4", "decay least", "no network has less decay", Source.THEOREM)


def two_outputs(settings: Settings) -> Claim:
    """Expand the discriminant of two outputs, D = K = 2: a square, and -4 for an example."""
    del settings
    worst = WorstCase()
    worst.add(symbolic.two_outputs_gap(), 0)
    worst.add(int(abs(symbolic.discriminant(*TWO_OUTPUTS) + 4)), 0)
    return worst.claim("3.3", "two outputs", "K = D is not enough for two outputs", Source.ALGEBRA)


def other_activations(settings: Settings) -> Claim:
    """Measure alpha z^2 + beta z + gamma against g: as polynomials, and at networks."""
    rng, worst = settings.rng("other activations"), WorstCase()
    worst.add(symbolic.activation_gap(), 0)
    for D, (alpha, beta, gamma) in product(settings.dims, SHAPES):
        theta, x = random_theta(D, D, rng), rng.normal(size=(8, D))
        W, b, v, v0 = with_activation(theta, alpha, beta, gamma)
        z = x @ W.T + b
        found = (alpha * z**2 + beta * z + gamma) @ v + v0
        terms = (1 + z**2) @ np.abs(v) * (abs(alpha) + abs(beta) + abs(gamma)) + abs(v0)
        worst.add(np.max(np.abs(found - forward(theta, x)) / terms), 64 * (D + 1) * EPS)
    return worst.claim(
        "3.4", "other activations", "alpha z^2 + beta z + gamma: the same", Source.ROUNDING
    )


LANDSCAPE: tuple[ClaimFunction, ...] = (
    silent_unit,
    local_minimum,
    valley,
    decay_attained,
    decay_least,
    two_outputs,
    other_activations,
)
