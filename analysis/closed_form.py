"""The global minimum of the squared loss over c, in closed form (question 3.4)."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Num

from analysis.checks import real
from analysis.features import n_features, pairs, phi, split_c
from analysis.min_norm import min_norm
from analysis.spectrum import EPS, exponent_of, norm


@dataclass(frozen=True, eq=False)
class ClosedForm:
    """A least-squares fit of c . phi(x) to data.

    Attributes:
        c_hat: coefficients that attain the global minimum, `[P]`. Their norm carries an error of
            about eps times the condition of the centred Phi. Where the inputs lie `offset` from 0
            and vary by `spread`, terms of c_hat . phi(x) of size (offset / spread)^2 cancel, and
            eps times that is lost whenever they are added up in float64.
        rank: rank of the N x P matrix Phi with rows phi(x_n).
        residual: |Phi c_hat - y|, the smallest there is, taken at the centred inputs.
        minimum_norm: whether the rank is below P. Then the minimum is attained on an affine set,
            and c_hat is its element of smallest norm; otherwise c_hat is the only minimiser.
    """

    c_hat: Float[np.ndarray, " P"]
    rank: int
    residual: float
    minimum_norm: bool

    @property
    def loss(self) -> float:
        """Return L = residual^2 / 2, the squared loss summed over the data; inf beyond float64."""
        return self.residual * (self.residual / 2)


def fit_closed_form(X: Num[np.ndarray, "N D"], y: Num[np.ndarray, " N"]) -> ClosedForm:
    """Return c_hat = pinv(Phi) y, the minimiser of 1/2 sum over n of (c . phi(x_n) - y_n)^2.

    Inputs far from 0 are centred, fitted and shifted back: around 1e8 the features 1, x and x^2
    of inputs that differ by 1 are nearly parallel. The fit is by the singular value decomposition
    of Phi with its columns brought to one size (powers of two, exact), so that inputs of size 1e8
    do not pass for rank deficiency. The normal equations would square the condition number.
    Singular values up to max(N, P) eps times the largest count as zero.

    Args:
        X: inputs, one per row.
        y: targets.

    Returns:
        The fit, its rank and what remains.

    Raises:
        ValueError: no data, lengths that differ, entries masked, complex, not finite or above
            6.7e153, or sizes of X and y whose c_hat exceeds the largest float64.
    """
    X, y = real("X", X, 2), real("y", y, 1)
    if len(X) == 0 or len(X) != len(y):
        raise ValueError(f"X has {len(X)} rows and y {len(y)} entries: expected as many, 1 or more")
    phi(np.abs(X).max(axis=0, initial=0.0))  # refuses inputs whose square overflows
    center = _center(X)
    Phi = phi(X - center)
    k, k_y = np.frexp(np.abs(Phi).max(axis=0))[1], exponent_of(y)
    y_scaled = np.ldexp(y, -k_y)
    U, s, Vt = np.linalg.svd(np.ldexp(Phi, -k), full_matrices=False)
    rank = int(np.sum(s > max(Phi.shape) * EPS * s[0]))
    z = (U[:, :rank].T @ y_scaled) / s[:rank]
    full, rows = rank == Phi.shape[1], np.ldexp(Vt[:rank], k)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        centred = c = np.ldexp(Vt.T @ z, -k) if full else min_norm(rows, z)
        if center.any():
            # The least norm is that of the original c, which a shift does not keep.
            c = shift_matrix(-center) @ c if full else min_norm(rows @ shift_matrix(center), z)
        c_hat = np.ldexp(c, k_y)
        residual = np.ldexp(norm(Phi @ centred - y_scaled), k_y)
    if not np.isfinite(c_hat).all():
        raise ValueError(
            f"X has entries as small as {np.abs(X[X != 0]).min():.3g} and y as large as "
            f"{np.abs(y).max():.3g}: expected sizes whose coefficients float64 can hold; "
            "rescale the inputs"
        )
    return ClosedForm(c_hat, rank, float(residual), not full)


def _center(X: Float[np.ndarray, "N D"]) -> Float[np.ndarray, " D"]:
    """Return the mean of each input that lies farther from 0 than it varies, and 0 elsewhere.

    Such an input is within a factor 2 of its mean, so that the difference has no rounding error.
    """
    mean = X.mean(axis=0)
    return np.where(np.abs(mean) > 2 * np.abs(X - mean).max(axis=0), mean, 0.0)


def shift_matrix(center: Float[np.ndarray, " D"]) -> Float[np.ndarray, "P P"]:
    """Return the matrix that takes c to the coefficients of the same function of x - center.

    c . phi(x) = (c1 + l . m + m' M m) + (l + 2 M m) . (x - m) + (x - m)' M (x - m), m = center.
    """
    D = len(center)
    j, k = pairs(D)
    P = n_features(D)
    shift = np.eye(P)
    inputs, squares, mixed = (
        np.arange(1, D + 1),
        np.arange(D + 1, 2 * D + 1),
        np.arange(2 * D + 1, P),
    )
    shift[0] = phi(center)
    shift[inputs, squares] = 2 * center
    shift[1 + j, mixed] = 2 * center[k]
    shift[1 + k, mixed] = 2 * center[j]
    return shift


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
