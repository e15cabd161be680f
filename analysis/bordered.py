"""The bordered matrix: one symmetric matrix that decides what K hidden units can do (question 3.3).

With u_i = (b_i - 1/2, w_i), g(z) = 1/4 - (z - 1/2)^2 gives y = v0 + sum v_i / 4 + x~' B x~ for
x~ = (1, x) and B = -sum over i of v_i u_i u_i'. So c_Theta = c if and only if B is
B(a) = [[a, l'/2], [l/2, M]] for some corner a, and v0 = c1 - a - sum v_i / 4.
"""

import numpy as np
from jaxtyping import Float, Num

from analysis.features import split_c
from analysis.network import Theta, check_theta


def bordered_matrix(c: Num[np.ndarray, " P"], corner: float) -> Float[np.ndarray, "n n"]:
    """Return B(a) = [[a, l'/2], [l/2, M]] for the coefficients c and any corner a.

    Raises:
        ValueError: c is malformed.
    """
    _, l, M = split_c(c)
    return np.block([[np.array([[corner]]), l[None] / 2], [l[:, None] / 2, M]])


def extended_rows(theta: Theta) -> Float[np.ndarray, "K n"]:
    """Return the rows u_i = (b_i - 1/2, w_i).

    Raises:
        ValueError: `theta` is not well formed.
    """
    W, b, _, _ = check_theta(theta)
    return np.column_stack([b - 0.5, W])


def network_of(B: Float[np.ndarray, "n n"], c1: float, n_hidden: int) -> Theta:
    """Return a network of K = n_hidden units with the bordered matrix B and the constant c1.

    Each eigenvalue mu of B with its eigenvector u takes a unit (b - 1/2, w) = u, v = -mu.

    Args:
        B: a symmetric matrix of rank K at most.
        c1: the first coefficient.
        n_hidden: K.

    Raises:
        ValueError: K is below the number of rows of B and leaves out an eigenvalue.
    """
    mu, Y = np.linalg.eigh(B)
    largest = np.argsort(-np.abs(mu))
    kept, rest = largest[:n_hidden], largest[n_hidden:]
    if np.abs(mu[rest]).max(initial=0.0) > len(B) * np.finfo(float).eps * np.abs(mu).max():
        raise ValueError(
            f"n_hidden = {n_hidden}: expected at least the rank of B, whose eigenvalue "
            f"{mu[rest[0]]:.3g} would be left out; take more units"
        )
    K, n = n_hidden, len(kept)
    U, v = np.zeros((K, len(B))), np.zeros(K)
    U[:n], v[:n] = Y[:, kept].T, -mu[kept]
    return Theta(U[:, 1:], U[:, 0] + 0.5, v, float(c1 - B[0, 0] - v.sum() / 4))
