"""From coefficients c back to a network Theta with c_Theta = c (question 3.3)."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float, Num

from analysis.achieved import achieved
from analysis.attainment import Attainable, attainable
from analysis.checks import LARGEST_NORM, count, positive, real
from analysis.constructions import How, assignment_construction, scaled_construction
from analysis.features import split_c
from analysis.hidden_units import Units
from analysis.network import Theta
from analysis.spectrum import EPS, exponent_of, norm

ERROR_FACTOR = 64.0
SMALLEST = 2.0**-1074
# Below 2^this beside the other of l and M, a part is left out.
NEGLIGIBLE = -900


@dataclass(frozen=True, eq=False)
class Recovery:
    """A network found for given coefficients.

    Attributes:
        theta: the parameters; `W` is always `[n_hidden, D]`, units not needed are zero.
        achieved: |c_Theta - c| of the stored float64 Theta, computed without float64's rounding.
        rank: rank(M), the number of eigenvalues that count as non-zero.
        how: the construction. "eigenvectors": one unit per eigenvector of M; "opposite pair": two
            units along the part of l outside range(M); "limit": that part carried by a unit whose
            lambda is negligible; "truncated": fewer units than c needs, within
            twice the least distance; "unit rows": the assignment's construction.
        eps: the largest accepted error; infinity where none was asked for.
    """

    theta: Theta
    achieved: float
    rank: int
    how: How
    eps: float


def default_eps(c: Float[np.ndarray, " P"]) -> float:
    """Return what `recover_theta` promises: 64 (D + 1) eps |c| and 4 (D + 2) smallest numbers.

    The first part is rounding and the rank tolerance; the second matters below 1e-290 only, where
    float64 itself has fewer digits.
    """
    D = len(split_c(c)[1])
    return ERROR_FACTOR * (D + 1) * EPS * norm(c) + 4 * (D + 2) * SMALLEST


def recover_theta(
    c: Num[np.ndarray, " P"],
    n_hidden: int,
    eps: float | None = None,
    method: Literal["scaled", "assignment"] = "scaled",
    delta: float | None = None,
) -> Recovery:
    """Find a network with K = n_hidden units whose coefficients are c (question 3.3).

    With M = Q diag(lambda) Q' and t = Q'l, unit i has weights along q_i and adds lambda_i q_i q_i'
    to M and t_i q_i to l; v0 = c1 - (b * (1 - b)) . v. The eigenvectors are taken inside the
    range of [M l] where K < D. Where l leaves the range of M, two opposite units carry the
    remainder if K >= rank(M) + 2, and otherwise M is moved by a negligible delta n n'.
    The cost is one eigendecomposition and at most three SVDs of size D, O(D^3), and `achieved`;
    the memory measured is 40 P numbers at D = 500.

    Args:
        c: coefficients in the order of `phi`, P = (D + 1)(D + 2) / 2.
        n_hidden: K. Below rank([M l]) the network is within twice the least distance from c.
        eps: the largest accepted |c_Theta - c|. None means `default_eps(c)`, or no limit where
            `delta` is given or `method` is "assignment".
        method: "scaled" chooses the size of each row so that nothing cancels; "assignment" takes
            rows of size 1 as the assignment does, with its sign fixed, and needs K >= D.
        delta: what M is moved by where it must be; None means a choice of the method's own:
            below rounding ("scaled"), or |t_i| sqrt(eps) / 2, the best there is ("assignment").

    Returns:
        The network and its true distance from c.

    Raises:
        ValueError: an argument is malformed, the weights exceed float64, or the network found is
            farther from c than `eps`: because K is too small for c, or because of rounding.
    """
    c, K = real("c", c, 1), count("n_hidden", n_hidden)
    _check_options(c, eps, method, delta)
    possible = attainable(c, K)
    accepted = eps
    if accepted is None:
        accepted = np.inf if method == "assignment" or delta is not None else default_eps(c)
    how, theta = _construct(c, K, possible, accepted, method, delta)
    distance = achieved(theta, c)
    if distance > accepted:
        _refuse_too_far(distance, accepted, possible, K)
    return Recovery(theta, distance, possible.rank_m, how, accepted)


def _check_options(
    c: Float[np.ndarray, " P"], eps: float | None, method: str, delta: float | None
) -> None:
    size = norm(c)
    if size > LARGEST_NORM:
        raise ValueError(
            f"|c| = {size:.3g}: expected at most {LARGEST_NORM:.3g}, "
            "divide c by a constant and multiply v and v0 by that constant afterwards"
        )
    for name, value in (("eps", eps), ("delta", delta)):
        if value is not None:
            positive(name, value)
    if method not in ("scaled", "assignment"):
        raise ValueError(f"method = {method!r}: expected 'scaled' or 'assignment'")


def _construct(
    c: Float[np.ndarray, " P"],
    n_hidden: int,
    possible: Attainable,
    accepted: float,
    method: str,
    delta: float | None,
) -> tuple[How, Theta]:
    """Construct units for (l, M) / 2^k, of size about 1, and bring them back to c's own size.

    c1 is left to v0 and does not decide k: beside a large c1, l and M keep all their digits.
    """
    c1, l, M = split_c(c)
    k = exponent_of(c[1:] if delta is None else np.append(c[1:], delta))
    l, M = _scaled(l, k), _scaled(M, k)
    scaled_delta = None if delta is None else float(np.ldexp(delta, -k))
    how: How = "unit rows"
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        if method == "assignment":
            _refuse_fewer_than_inputs(n_hidden, len(l))
            units = assignment_construction(l, M, possible, scaled_delta)
        else:
            # All moves together stay below a quarter of what is accepted.
            move = float(np.ldexp(accepted, -k)) / (4 * np.sqrt(len(l)))
            units, how = scaled_construction(l, M, possible, n_hidden, scaled_delta, move)
        theta = _network(units, c1, n_hidden, k)
    _refuse_overflow(theta, accepted, delta)
    return how, theta


def _scaled(part: Float[np.ndarray, "*shape"], k: int) -> Float[np.ndarray, "*shape"]:
    """Return part / 2^k, or zero where it is so far below the other part that digits are lost.

    A part with a few digits left would have directions of its own, for which units are too few.
    """
    part = np.ldexp(part, -k)
    return part if exponent_of(part) > NEGLIGIBLE else np.zeros_like(part)


def _network(units: Units, c1: float, n_hidden: int, exponent: int) -> Theta:
    """Return the units as a network of K rows, zero where unused, v times 2^exponent."""
    used = units.v != 0
    Q, a, b = units.Q[:, used], units.a[used], units.b[used]
    v = np.ldexp(units.v[used], exponent)
    K, n, D = n_hidden, len(a), len(Q)
    W = np.zeros((K, D))
    W[:n] = a[:, None] * Q.T
    padding = (0, K - n)
    return Theta(W, np.pad(b, padding), np.pad(v, padding), float(c1 - (b * (1 - b)) @ v))


def _refuse_fewer_than_inputs(n_hidden: int, n_inputs: int) -> None:
    if n_hidden < n_inputs:
        raise ValueError(
            f"n_hidden = {n_hidden}: method 'assignment' needs at least as many units as inputs, "
            f"{n_inputs}; take more units or method='scaled'"
        )


def _refuse_overflow(theta: Theta, eps: float, delta: float | None) -> None:
    if not all(np.isfinite(part).all() for part in theta):
        name, value = ("eps", eps) if delta is None else ("delta", delta)
        raise ValueError(
            f"{name} = {value}: the weights it asks for exceed the largest float64; "
            f"take a larger {name}, or None for the method's own choice"
        )


def _refuse_too_far(distance: float, eps: float, possible: Attainable, n_hidden: int) -> None:
    found = f"the network found is {distance:.3g} away from c, more than eps = {eps:.3g}"
    if possible.verdict == "no":
        raise ValueError(
            f"n_hidden = {n_hidden}: c has rank([M l]) = {possible.rank_ml} and needs at least as "
            f"many units; {found}, and none comes closer than {possible.bound:.3g}; "
            f"take n_hidden >= {possible.rank_ml} or eps >= {distance:.3g}"
        )
    raise ValueError(
        f"eps = {eps:.3g}: {found}, as float64 rounds the weights and what is below the rank "
        f"tolerance counts as zero; take eps >= {2 * distance:.3g}, or None"
    )
