"""Question 3.3, sharpened: which c a network of K units has, by ranks and by signs."""

import numpy as np
import sympy as sp
from jaxtyping import Float, Int

from analysis.attainment import attainable
from analysis.bordered import bordered_matrix, extended_rows, network_of
from analysis.claims.base import Claim, ClaimFunction, Settings, Source, WorstCase
from analysis.claims.random_cases import cases, random_theta, symmetric
from analysis.features import join_c
from analysis.network import c_theta
from analysis.sign_requirements import Signs, signs_needed
from analysis.spectrum import EPS, norm
from analysis.symbolic import signature

# Whole-number ranks by elimination: small sizes prove as much as large ones.
LARGEST_EXACT = 6
WORDS = {"e": "exactly", "l": "in the limit", "n": "no"}

# Negative and positive eigenvalues of M, whether l is outside its range, verdicts for K = 1 .. 6.
BY_NUMBER: tuple[tuple[int, int, bool, str], ...] = (
    (0, 0, False, "eeeeee"),
    (0, 0, True, "leeeee"),
    (0, 1, False, "eeeeee"),
    (1, 0, True, "nleeee"),
    (1, 1, False, "neeeee"),
    (1, 1, True, "nnleee"),
    (2, 1, False, "nneeee"),
    (0, 3, True, "nnnlee"),
    (2, 2, False, "nnneee"),
)

# The same, and verdicts for k_+ positive and k_- negative v_i.
BY_SIGNS: tuple[tuple[int, int, bool, dict[tuple[int, int], str]], ...] = (
    (0, 0, True, {(1, 0): "l", (0, 5): "l", (1, 1): "e", (2, 1): "e"}),
    (1, 0, False, {(1, 0): "e", (0, 3): "n", (2, 0): "e"}),
    (0, 2, True, {(0, 2): "n", (1, 2): "l", (0, 3): "l", (1, 3): "e", (4, 1): "n"}),
    (2, 1, False, {(2, 1): "e", (1, 2): "n", (1, 4): "n", (3, 1): "e"}),
    (2, 1, True, {(2, 1): "n", (3, 1): "l", (2, 5): "l", (3, 2): "e", (5, 0): "n"}),
)


def whole_numbers(rng: np.random.Generator, *shape: int) -> Int[np.ndarray, "*shape"]:
    """Draw from -3 to 3."""
    return rng.integers(-3, 4, shape)


def _with_signs(
    n_inputs: int, negative: int, positive: int, outside: bool, rng: np.random.Generator
) -> Float[np.ndarray, " P"]:
    """Draw coefficients whose M has so many eigenvalues of either sign."""
    lam = np.zeros(n_inputs)
    r = negative + positive
    lam[:r] = rng.uniform(0.5, 2.0, r) * np.repeat([-1.0, 1.0], [negative, positive])
    M, Q = symmetric(lam, rng)
    return join_c(1.0, Q[:, : r + outside] @ rng.uniform(0.5, 2.0, r + outside), M)


def ranks_found(settings: Settings) -> Claim:
    """Count ranks of M and [M l] that `attainable` takes for others than they are."""
    rng, worst = settings.rng("ranks"), WorstCase()
    for D in settings.dims:
        for case in cases(D, rng):
            found = attainable(case.c, 1)
            worst.add(0 if (found.rank_m, found.rank_ml) == (case.r, case.r_l) else 1, 0)
    return worst.claim("3.3", "ranks", "rank(M), rank([M l]): found as built", Source.ALGEBRA)


def verdicts(settings: Settings) -> Claim:
    """Count verdicts of `attainable` that differ from a written table (theorems 1 and 2)."""
    rng, worst = settings.rng("verdicts"), WorstCase()
    for D in settings.dims:
        for negative, positive, outside, letters in BY_NUMBER:
            if negative + positive + outside <= D:
                c = _with_signs(D, negative, positive, outside, rng)
                for K, letter in enumerate(letters, start=1):
                    worst.add(0 if attainable(c, K).verdict == WORDS[letter] else 1, 0)
    return worst.claim("3.3", "verdicts", "exactly, limit, no: K units, as tabled", Source.ALGEBRA)


def sign_verdicts(settings: Settings) -> Claim:
    """Count verdicts for given signs of v, and signs needed, that differ from a table."""
    rng, worst = settings.rng("sign verdicts"), WorstCase()
    for D in settings.dims:
        for negative, positive, outside, table in BY_SIGNS:
            if negative + positive + outside <= D:
                c = _with_signs(D, negative, positive, outside, rng)
                worst.add(0 if signs_needed(c) == (negative, positive) else 1, 0)
                for signs, letter in table.items():
                    found = attainable(c, Signs(*signs)).verdict
                    worst.add(0 if found == WORDS[letter] else 1, 0)
    return worst.claim(
        "3.3", "sign verdicts", "the same by the signs of v, as tabled", Source.ALGEBRA
    )


def closed_set(settings: Settings) -> Claim:
    """Count how much rank([M l]) of a network's own coefficients exceeds K: never, exactly.

    W, v and s = 1 - 2b are whole numbers, so that M = -W' diag(v) W and l = W'(s * v) are.
    """
    rng, worst = settings.rng("closed set"), WorstCase()
    for D in range(1, min(max(settings.dims), LARGEST_EXACT) + 1):
        for K in range(1, D + 2):
            W, v, s = whole_numbers(rng, K, D), whole_numbers(rng, K), whole_numbers(rng, K)
            both = np.column_stack([-(W.T * v) @ W, W.T @ (s * v)])
            worst.add(max(sp.Matrix(both).rank() - K, 0), 0)
    return worst.claim("3.3", "closed set", "rank([M l]) of a network is at most K", Source.ALGEBRA)


# Corners of the bordered matrix; the one with the least inertia is added where there is one.
CORNERS = (-1000.0, -3.0, 0.0, 2.0, 1000.0)


def inertia(settings: Settings) -> Claim:
    """Count corners a whose B(a) has fewer eigenvalues of a sign than theorem 1 says, or none.

    M = S' diag(signs, 0) S with a whole-number S of determinant 1. With l = 2 M k the corner
    k'Mk leaves M's inertia; with l outside the range of M every corner adds one of either sign.
    """
    rng, worst = settings.rng("inertia"), WorstCase()
    for D in sorted({min(D, 3) for D in settings.dims}):
        for outside in (False, True):
            for _ in range(settings.trials):
                least, found = _inertias(D, outside, rng)
                below = sum(min(pair) < 0 for pair in np.subtract(found, least))
                worst.add(int(below) + (least not in found), 0)
    return worst.claim(
        "3.3", "inertia", "least inertia of B(a) over a: as M, or +1", Source.ALGEBRA
    )


def _inertias(
    n_inputs: int, outside: bool, rng: np.random.Generator
) -> tuple[tuple[int, int], list[tuple[int, int]]]:
    """Return the least inertia that theorem 1 states, and those of B(a) for several a."""
    D = n_inputs
    signs = rng.integers(-1, 2, D)
    if outside:
        signs[-1] = 0
    S = np.tril(whole_numbers(rng, D, D), -1) + np.eye(D, dtype=int)
    M, k = (S.T * signs) @ S, whole_numbers(rng, D)
    # The last row of S is e_D + others: S' e_D is outside the range of S' diag(signs) S.
    l = 2 * M @ k + (2 * S[-1] if outside else 0)
    c = join_c(0.0, l.astype(float), M.astype(float))
    corners = (*CORNERS, float(k @ M @ k))
    found = [signature(sp.Matrix(bordered_matrix(c, a).astype(int))) for a in corners]
    return (int((signs < 0).sum()) + outside, int((signs > 0).sum()) + outside), found


def bordered(settings: Settings) -> Claim:
    """Measure -sum v_i u_i u_i' against B(a), and c of the network made from it, relatively."""
    rng, worst = settings.rng("bordered"), WorstCase()
    for D in settings.dims:
        for K in settings.units(1, D + 1, D + 2):
            theta = random_theta(D, K, rng)
            c, U = c_theta(theta), extended_rows(theta)
            B = -(U.T * theta.v) @ U
            size = norm(U) ** 2 * norm(theta.v) + abs(theta.v0)
            worst.add(norm(B - bordered_matrix(c, B[0, 0])) / size, 8 * (K + D) * EPS)
            again = c_theta(network_of((B + B.T) / 2, c[0], K))
            worst.add(norm(again - c) / size, 64 * (K + D) * EPS)
    return worst.claim("3.3", "bordered", "c_Theta = c iff B(a) = -sum v u u'", Source.ROUNDING)


RANK: tuple[ClaimFunction, ...] = (
    ranks_found,
    verdicts,
    sign_verdicts,
    closed_set,
    inertia,
    bordered,
)
