"""The two constructions of question 3.3: directions from an eigendecomposition, a unit for each."""

from typing import Literal

import numpy as np
from jaxtyping import Float

from analysis.attainment import Attainable
from analysis.hidden_units import (
    Units,
    concat,
    opposite_pair,
    scaled_units,
    unit_rows,
    with_min_size,
)
from analysis.spectrum import EPS, exponent_of, leading_directions, side_by_side

How = Literal["eigenvectors", "opposite pair", "limit", "truncated", "unit rows"]


def eigenvectors_within(
    B: Float[np.ndarray, "D n"] | None,
    M: Float[np.ndarray, "D D"],
) -> tuple[Float[np.ndarray, " n"], Float[np.ndarray, "D n"]]:
    """Return eigenvalues and eigenvectors (columns) of M in the span of B, or of M."""
    # Of subnormal matrices LAPACK's eigenvectors are not orthogonal: M at its own scale.
    k = exponent_of(M)
    M = np.ldexp(M, -k)
    inner = M if B is None else B.T @ M @ B
    lam, Q = np.linalg.eigh((inner + inner.T) / 2)
    return np.ldexp(lam, k), Q if B is None else B @ Q


def directions(
    l: Float[np.ndarray, " D"],
    M: Float[np.ndarray, "D D"],
    possible: Attainable,
    n_hidden: int,
    *,
    outside: bool,
) -> Float[np.ndarray, "D n"] | None:
    """Return the span in which the units' directions are looked for; None for all of R^D.

    With K >= D there is a unit for every eigenvector and nothing needs to be decided. With fewer,
    or where the direction n of the part of l outside range(M) has to be singled out, it is the
    range of [M l], from an SVD at the parts' own scales. What of [M/|M|  l/|l|] is outside it is
    below the rank tolerance, whatever the condition of M: an eigenbasis of M alone would lose l's
    part along small eigenvalues. Beyond rank K it is the span of the K leading left singular
    vectors of [M  sqrt(2) l], which brings c_Theta within twice the least distance there is
    (theorem 4).
    """
    if possible.verdict == "no":
        return leading_directions(np.column_stack([M, np.sqrt(2) * l]), n_hidden)
    if outside or n_hidden < len(l):
        return leading_directions(side_by_side(l, M), possible.rank_ml)
    return None


def scaled_construction(
    l: Float[np.ndarray, " D"],
    M: Float[np.ndarray, "D D"],
    possible: Attainable,
    n_hidden: int,
    delta: float | None = None,
    move: float = np.inf,
) -> tuple[Units, How]:
    """Return well-scaled units for (l, M): at most K, none with a part in c1 that cancels.

    Args:
        l: the linear coefficients, at most about 1 in size.
        M: the quadratic coefficients, likewise.
        possible: what K units can do.
        n_hidden: K.
        delta: the size of M's move along n where l leaves its range; None for the method's choice.
        move: the largest change of an eigenvalue of M that the method may choose.

    Returns:
        The units and the name of the construction.
    """
    leaves = possible.rank_ml > possible.rank_m and possible.verdict != "no"
    pair = leaves and delta is None and n_hidden >= possible.rank_m + 2
    moved = leaves and delta is not None
    B = directions(l, M, possible, n_hidden, outside=pair or moved)
    lam, Q = eigenvectors_within(B, M)
    # The direction n outside the range of M, found before any lambda is changed.
    n = int(np.argmin(np.abs(lam))) if leaves else 0
    lam, t = with_min_size(lam, Q.T @ l, move)
    if pair:
        rest = np.arange(len(lam)) != n
        units = scaled_units(Q[:, rest], lam[rest], t[rest])
        return concat(units, opposite_pair(Q[:, n], float(t[n]))), "opposite pair"
    if moved:
        lam[n] = delta
    how: How = "truncated" if possible.verdict == "no" else "limit" if leaves else "eigenvectors"
    return scaled_units(Q, lam, t), how


def assignment_construction(
    l: Float[np.ndarray, " D"],
    M: Float[np.ndarray, "D D"],
    possible: Attainable,
    delta: float | None,
) -> Units:
    """Return the assignment's unit rows, v = -lambda, M moved by delta along null directions.

    A null direction with no part of l needs no move and gets v_i = 0. Elsewhere the move costs
    delta in M and about eps t_i^2 / (4 delta) in c1; |t_i| sqrt(eps) / 2 makes the sum smallest.

    Args:
        l: the linear coefficients, at most about 1 in size.
        M: the quadratic coefficients, likewise.
        possible: what decides which eigenvalues are zero.
        delta: the size of the move; None for the best.

    Returns:
        D units.
    """
    lam, Q = eigenvectors_within(None, M)
    t = Q.T @ l
    null = np.ones(len(lam), dtype=bool)
    null[np.argsort(-np.abs(lam))[: possible.rank_m]] = False
    leaves = possible.rank_ml > possible.rank_m
    moved = null & (np.abs(t) > possible.tolerance * np.linalg.norm(l)) & leaves
    best = np.abs(t) * np.sqrt(EPS) / 2
    lam = np.where(moved, best if delta is None else delta, np.where(null, 0.0, lam))
    return unit_rows(Q, lam, np.where(null & ~moved, 0.0, t))
