"""The assignment's own recovery of question 3.3: as printed, with its sign fixed, its limit."""

import numpy as np
from jaxtyping import Float

from analysis.achieved import achieved
from analysis.claims.base import Claim, ClaimFunction, Settings, Source, WorstCase
from analysis.claims.random_cases import linear_parts, spectra, symmetric
from analysis.features import join_c, n_inputs, split_c
from analysis.network import Theta
from analysis.recover import default_eps, recover_theta
from analysis.spectrum import EPS, norm

# Moves of M on both sides of the best one, near 1e-8.
DELTAS = tuple(10.0**-k for k in range(5, 13))
DRAWS = 10


def as_printed(c: Float[np.ndarray, " P"]) -> Theta:
    """Return the network of the assignment's formulas, as they are printed: v = lambda.

    With M = Q diag(lambda) Q' and c2 = l: W = Q', b = (1 - Q'c2 / lambda) / 2, v0 = c1 - (b * (1 -
    b)) . v.
    """
    c1, l, M = split_c(c)
    lam, Q = np.linalg.eigh(M)
    b = (1 - (Q.T @ l) / lam) / 2
    return Theta(Q.T, b, lam, float(c1 - (b * (1 - b)) @ lam))


def _regular(settings: Settings, name: str) -> list[np.ndarray]:
    """Draw coefficients with a well-conditioned M and a random l, what the assignment assumes."""
    rng, found = settings.rng(name), []
    for D in settings.dims:
        for _ in range(settings.trials):
            lam = spectra(D, rng)["full rank"]
            M, _ = symmetric(lam, rng)
            found.append(join_c(rng.normal(), rng.normal(size=D), M))
    return found


def printed(settings: Settings) -> Claim:
    """Measure how much c_Theta, as printed, misses c: the error over 2 |c3|, less 1.

    With v = lambda the network has -M in place of M and everything else right.
    """
    worst = WorstCase()
    for c in _regular(settings, "printed"):
        theta = as_printed(c)
        quadratic = 2 * norm(c[1 + n_inputs(len(c)) :])
        worst.add(abs(achieved(theta, c) / quadratic - 1), default_eps(c) / quadratic)
    return worst.claim("3.3", "printed", "as printed (v = +lambda): error is 2|c3|", Source.PROMISE)


def printed_error(settings: Settings) -> Claim:
    """Measure |c_Theta - c| / |c|, as printed: of the order of 1, never rounding."""
    worst = WorstCase(at_least=True)
    for c in _regular(settings, "printed error"):
        theta = as_printed(c)
        worst.add(achieved(theta, c) / norm(c), 0.1)
    return worst.claim(
        "3.3", "printed error", "as printed, |c_Theta - c| / |c|: wrong", Source.THEOREM
    )


def sign_fixed(settings: Settings) -> Claim:
    """Measure the error with v = -lambda, M well-conditioned: rounding."""
    worst = WorstCase()
    for c in _regular(settings, "sign fixed"):
        D = len(split_c(c)[1])
        found = recover_theta(c, D, method="assignment")
        worst.add(found.achieved / norm(c), settings.eps or default_eps(c) / norm(c))
    return worst.claim("3.3", "sign fixed", "sign fixed (v = -lambda), M regular", Source.PROMISE)


def _singular(settings: Settings, name: str, dims: tuple[int, ...], draws: int) -> list[np.ndarray]:
    """Draw coefficients with one eigenvalue of M zero and l outside the range of M."""
    rng, found = settings.rng(name), []
    for D in dims:
        for _ in range(draws):
            lam = spectra(D, rng)["one eigenvalue zero"]
            M, Q = symmetric(lam, rng)
            l = linear_parts(Q, lam, rng)["l outside range(M)"]
            found.append(join_c(rng.normal(), l, M))
    return found


def unit_rows_limit(settings: Settings) -> Claim:
    """Measure unit rows, singular M: log10 of the best error over delta, over |l_n| sqrt(eps).

    delta costs delta in M and about eps l_n^2 / (4 delta) in c1; the sum is smallest, |l_n|
    sqrt(eps), at delta = |l_n| sqrt(eps) / 2. One draw can be lucky, as rounding may be anything
    below its bound: the mean over `DRAWS` draws is what is held against the prediction.
    """
    worst = WorstCase()
    for D in settings.dims:
        digits = [_best_digits(c) for c in _singular(settings, "unit rows limit", (D,), DRAWS)]
        worst.add(abs(float(np.mean(digits))), 1.0)
    return worst.claim(
        "3.3", "unit rows limit", "unit rows, singular M: best is sqrt(eps)", Source.MODEL
    )


def _best_digits(c: np.ndarray) -> float:
    """Return log10 of the smallest error of unit rows over all deltas, over |l_n| sqrt(eps)."""
    _, l, M = split_c(c)
    lam, Q = np.linalg.eigh(M)
    beyond = abs(float(Q[:, np.argmin(np.abs(lam))] @ l))
    errors = [recover_theta(c, len(l), method="assignment", delta=d).achieved for d in DELTAS]
    return float(np.log10(min(errors) / (beyond * np.sqrt(EPS))))


def scaled_rows_exact(settings: Settings) -> Claim:
    """Measure the error less delta of scaled rows, coefficients drawn alike, to delta = 1e-100."""
    worst = WorstCase()
    for c in _singular(settings, "scaled rows exact", settings.dims, settings.trials):
        D = len(split_c(c)[1])
        for delta in (0.1, 1e-3, *DELTAS, 1e-16, 1e-30, 1e-100):
            found = recover_theta(c, D, delta=delta)
            excess = max(found.achieved - delta, 0.0) / norm(c)
            worst.add(excess, settings.eps or default_eps(c) / norm(c))
    return worst.claim(
        "3.3", "scaled rows exact", "scaled rows: error <= delta + O(eps)", Source.PROMISE
    )


PRINTED_SOLUTION: tuple[ClaimFunction, ...] = (
    printed,
    printed_error,
    sign_fixed,
    unit_rows_limit,
    scaled_rows_exact,
)
