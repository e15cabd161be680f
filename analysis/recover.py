"""From coefficients c back to a network Theta with c_Theta = c (question 3.3)."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float, Num

from analysis.achieved import achieved
from analysis.attainment import Attainable, attainable
from analysis.checks import count, not_too_large, positive, real
from analysis.constructions import How, assignment_construction, scaled_construction
from analysis.features import split_c
from analysis.hidden_units import FLOOR, Units
from analysis.network import Theta
from analysis.spectrum import EPS, exponent_of, norm

ERROR_FACTOR = 64.0
SMALLEST = 2.0**-1074


@dataclass(frozen=True, eq=False)
class Recovery:
    """A network found for given coefficients.

    Attributes:
        theta: the parameters; `W` is always `[n_hidden, D]`, units not needed are zero.
        achieved: |c_Theta - c| of the stored float64 Theta, computed without float64's rounding.
        rank: rank(M), the number of eigenvalues that count as non-zero.
        how: the construction. "eigenvectors": one unit per eigenvector of M; "opposite pair": two
            units along the part of l outside range(M); "limit": that part carried by a unit whose
            lambda is negligible; "truncated": the nearest lower rank, within `eps`; "unit rows":
            the assignment's construction.
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
    The cost is one eigendecomposition and at most three SVDs of size D, O(D^3), memory O(P).

    Args:
        c: coefficients in the order of `phi`, P = (D + 1)(D + 2) / 2.
        n_hidden: K, at least rank([M l]).
        eps: the largest accepted |c_Theta - c|. None means `default_eps(c)`, or no limit where
            `delta` is given or `method` is "assignment".
        method: "scaled" chooses the size of each row so that nothing cancels; "assignment" takes
            rows of size 1 as the assignment does, with its sign fixed, and needs K >= D.
        delta: what M is moved by where it must be; None means a choice of the method's own:
            below rounding ("scaled"), or |t_i| sqrt(eps) / 2, the best there is ("assignment").

    Returns:
        The network and its true distance from c.

    Raises:
        ValueError: an argument is malformed, K is too small for c (with the distance that
            remains), or the error exceeds `eps`.
    """
    c, K = real("c", c, 1), count("n_hidden", n_hidden)
    not_too_large("c", c)
    _check_options(eps, method, delta)
    possible = attainable(c, K)
    how, theta = _built(c, K, possible, eps, method, delta)
    accepted = eps if eps is not None else _unasked(c, method, delta)
    distance = achieved(theta, c)
    if distance > accepted:
        _refuse_too_far(distance, accepted, possible, K)
    return Recovery(theta, distance, possible.rank_m, how, accepted)


def _check_options(eps: float | None, method: str, delta: float | None) -> None:
    for name, value in (("eps", eps), ("delta", delta)):
        if value is not None:
            positive(name, value)
    if method not in ("scaled", "assignment"):
        raise ValueError(f"method = {method!r}: expected 'scaled' or 'assignment'")


def _unasked(c: Float[np.ndarray, " P"], method: str, delta: float | None) -> float:
    """Return the accepted error where none was asked for."""
    return np.inf if method == "assignment" or delta is not None else default_eps(c)


def _built(
    c: Float[np.ndarray, " P"],
    n_hidden: int,
    possible: Attainable,
    eps: float | None,
    method: str,
    delta: float | None,
) -> tuple[How, Theta]:
    """Construct a network for c / 2^k, of size about 1, and bring it back to c's own size."""
    exponent = exponent_of(c)
    c1, l, M = split_c(np.ldexp(c, -exponent))
    move = None if delta is None else float(np.ldexp(delta, -exponent))
    how: How = "unit rows"
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        if method == "assignment":
            _refuse_fewer_than_inputs(n_hidden, len(l))
            units = assignment_construction(l, M, possible, move)
        else:
            if eps is None:
                _refuse_too_small(n_hidden, possible, c)
            units, how = scaled_construction(l, M, possible, n_hidden, move, _floor(eps, c))
        theta = _network(units, c1, n_hidden, exponent)
    _refuse_overflow(theta, eps, delta)
    return how, theta


def _floor(asked: float | None, c: Float[np.ndarray, " P"]) -> float:
    """Return the smallest |lambda / t|: `FLOOR`, or a lower power of 2 that `asked` needs."""
    if asked is None or asked >= 4 * FLOOR * norm(c):
        return FLOOR
    return float(2.0 ** np.floor(np.log2(asked) - np.log2(norm(c)) - 2))


def _network(units: Units, c1: float, n_hidden: int, exponent: int) -> Theta:
    """Return the units as a network of K rows, zero where unused; v and v0 times 2^exponent."""
    used = units.v != 0
    Q, a, b, v = units.Q[:, used], units.a[used], units.b[used], units.v[used]
    K, n, D = n_hidden, len(a), len(Q)
    W = np.zeros((K, D))
    W[:n] = a[:, None] * Q.T
    v0 = float(c1 - (b * (1 - b)) @ v)
    padding = (0, K - n)
    return Theta(
        W,
        np.pad(b, padding),
        np.ldexp(np.pad(v, padding), exponent),
        float(np.ldexp(v0, exponent)),
    )


def _refuse_fewer_than_inputs(n_hidden: int, n_inputs: int) -> None:
    if n_hidden < n_inputs:
        raise ValueError(
            f"n_hidden = {n_hidden}: method 'assignment' needs at least as many units as inputs, "
            f"{n_inputs}; take more units or method='scaled'"
        )


def _refuse_too_small(n_hidden: int, possible: Attainable, c: Float[np.ndarray, " P"]) -> None:
    if possible.verdict == "no":
        raise ValueError(
            f"n_hidden = {n_hidden}: c has rank([M l]) = {possible.rank_ml} and needs at least as "
            f"many units; with {n_hidden} no network comes closer than {possible.bound:.3g} "
            f"(|c| = {norm(c):.3g}); take n_hidden >= {possible.rank_ml}, or an eps above that"
        )


def _refuse_overflow(theta: Theta, eps: float | None, delta: float | None) -> None:
    if not all(np.isfinite(part).all() for part in theta):
        name, value = ("eps", eps) if delta is None else ("delta", delta)
        raise ValueError(
            f"{name} = {value}: the weights it asks for exceed the largest float64; "
            f"take a larger {name}, or None for the method's own choice"
        )


def _refuse_too_far(distance: float, eps: float, possible: Attainable, n_hidden: int) -> None:
    why = f"the network found is {distance:.3g} away from c"
    if possible.verdict == "no":
        raise ValueError(
            f"eps = {eps:.3g}: with n_hidden = {n_hidden} below rank([M l]) = "
            f"{possible.rank_ml} {why}, and none comes closer than {possible.bound:.3g}; "
            f"take n_hidden >= {possible.rank_ml} or a larger eps"
        )
    raise ValueError(
        f"eps = {eps:.3g}: {why}, which rounding the weights to float64 makes unavoidable; "
        f"take eps >= {2 * distance:.3g}, or None"
    )
