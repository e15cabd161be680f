"""The global minimum of the squared loss over c, in closed form (question 3.4)."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Num

from analysis.checks import real
from analysis.features import phi, split_c
from analysis.min_norm import min_norm
from analysis.spectrum import EPS, norm


@dataclass(frozen=True, eq=False)
class ClosedForm:
    """A least-squares fit of c . phi(x) to data.

    Attributes:
        c_hat: coefficients that attain the global minimum, `[P]`.
        rank: rank of the N x P matrix Phi with rows phi(x_n).
        residual: |Phi c_hat - y|, the smallest there is.
        minimum_norm: whether the rank is below P. Then the minimum is attained on an affine set,
            and c_hat is its element of smallest norm; otherwise c_hat is the only minimiser.
    """

    c_hat: Float[np.ndarray, " P"]
    rank: int
    residual: float
    minimum_norm: bool

    @property
    def loss(self) -> float:
        """L = residual^2 / 2, the assignment's squared loss, summed over the data."""
        return self.residual**2 / 2


def fit_closed_form(X: Num[np.ndarray, "N D"], y: Num[np.ndarray, " N"]) -> ClosedForm:
    """c_hat = pinv(Phi) y, the minimiser of 1/2 sum over n of (c . phi(x_n) - y_n)^2.

    By the singular value decomposition of Phi with its columns brought to one size (powers of
    two, exact), so that inputs of size 1e8 do not pass for rank deficiency. The normal equations
    would square the condition number. Singular values up to max(N, P) eps times the largest count
    as zero.

    Args:
        X: inputs, one per row.
        y: targets.

    Returns:
        The fit, its rank and what remains.

    Raises:
        ValueError: no data, lengths that differ, entries complex, not finite or above 6.7e153, or
            so small that c_hat exceeds the largest float64.
    """
    X, y = real("X", X, 2), real("y", y, 1)
    if len(X) == 0 or len(X) != len(y):
        raise ValueError(f"X has {len(X)} rows and y {len(y)} entries: expected as many, 1 or more")
    Phi = phi(X)
    k = np.frexp(np.abs(Phi).max(axis=0))[1]
    U, s, Vt = np.linalg.svd(np.ldexp(Phi, -k), full_matrices=False)
    rank = int(np.sum(s > max(Phi.shape) * EPS * s[0]))
    z = (U[:, :rank].T @ y) / s[:rank]
    full = rank == Phi.shape[1]
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        c_hat = np.ldexp(Vt.T @ z, -k) if full else min_norm(Vt[:rank], z, k)
    if not np.isfinite(c_hat).all():
        raise ValueError(
            f"X has entries as small as {np.abs(X[X != 0]).min():.3g}: expected larger ones, whose "
            "coefficients are no larger than float64 can hold; rescale the inputs"
        )
    return ClosedForm(c_hat, rank, norm(Phi @ c_hat - y), not full)


def predict(
    c: Num[np.ndarray, " P"], X: Num[np.ndarray, "*batch D"]
) -> Float[np.ndarray, "*batch"]:
    """Return the predictions c . phi(x) = c1 + l . x + x' M x, without forming phi(x).

    Args:
        c: coefficients in the order of `phi`.
        X: one input or any batch of them, the inputs on the last axis.

    Returns:
        One prediction per input.

    Raises:
        ValueError: c's length does not fit the inputs, or entries are complex or not finite.
    """
    c1, l, M = split_c(c)
    X = real("X", X, np.ndim(X))
    if X.shape[-1:] != l.shape:
        raise ValueError(f"X has shape {X.shape}: expected {len(l)} inputs on the last axis")
    return np.asarray(c1 + X @ l + np.sum((X @ M) * X, axis=-1))
