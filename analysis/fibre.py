"""All networks with one c: the fibre of Theta -> c_Theta (questions 3.3 and 3.4)."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from analysis.bordered import extended_rows
from analysis.features import pairs
from analysis.network import Theta, check_theta
from analysis.spectrum import EPS


@dataclass(frozen=True)
class Fibre:
    """What the networks with the same c as one of them look like near it.

    Attributes:
        rank: of the Jacobian of Theta -> c_Theta, P at most.
        dimension: K (D + 2) + 1 - rank, the dimension of the kernel. Where the rank is P, the
            networks with this c are a manifold of this dimension near Theta.
        submersion: whether the rank is P: where the rows w_i with v_i != 0 have rank D, and for v
            without zeros only there. Then every small change of c is one of a small change of
            Theta, and a critical point of a loss that is convex in the outputs is a global minimum.
    """

    rank: int
    dimension: int
    submersion: bool


def jacobian(theta: Theta) -> Float[np.ndarray, "P n"]:
    """Return the derivatives of c_Theta by W (row by row), b, v and v0, n = K (D + 2) + 1 columns.

    Raises:
        ValueError: `theta` is not well formed.
    """
    W, b, v, _ = check_theta(theta)
    K, D = W.shape
    j, k = pairs(D)
    by_W = np.zeros((K, D, (D + 1) * (D + 2) // 2))
    inputs, pair = np.arange(D), np.arange(len(j))
    by_W[:, inputs, 1 + inputs] = (v * (1 - 2 * b))[:, None]
    by_W[:, inputs, 1 + D + inputs] = -2 * v[:, None] * W
    by_W[:, j, 1 + 2 * D + pair] = -v[:, None] * W[:, k]
    by_W[:, k, 1 + 2 * D + pair] = -v[:, None] * W[:, j]
    by_b = np.zeros((K, by_W.shape[2]))
    by_b[:, 0], by_b[:, 1 : 1 + D] = v * (1 - 2 * b), -2 * v[:, None] * W
    by_v = np.column_stack([b * (1 - b), (1 - 2 * b)[:, None] * W, -(W**2), -W[:, j] * W[:, k]])
    by_v0 = np.eye(1, by_W.shape[2])
    return np.concatenate([by_W.reshape(K * D, -1), by_b, by_v, by_v0]).T


def describe_fibre(theta: Theta) -> Fibre:
    """Describe the networks with the coefficients of `theta` near it.

    Raises:
        ValueError: `theta` is not well formed.
    """
    J = jacobian(theta)
    sigma = np.linalg.svd(J, compute_uv=False)
    rank = int(np.sum(sigma > max(J.shape) * EPS * sigma[0]))
    return Fibre(rank, J.shape[1] - rank, rank == len(J))


def move_on_fibre(theta: Theta, A: Float[np.ndarray, "K K"]) -> Theta:
    """Return another network with the same c, the rows (b_i - 1/2, w_i) mixed.

    Y = sqrt|v_i| u_i and S = diag(sign v) give the bordered matrix -Y' S Y, which R Y has too if
    R' S R = S. With A antisymmetric, R = (I - S A)^-1 (I + S A) is such a matrix (Cayley). Where K
    is the rank of the bordered matrix, this, the sizes of the rows and their order are the fibre.

    Args:
        theta: a network whose v has no zeros.
        A: antisymmetric, I - S A invertible; 0 leaves `theta` as it is.

    Raises:
        ValueError: some v_i = 0, or A is not antisymmetric.
    """
    _, _, v, v0 = check_theta(theta)
    if not v.all() or not np.array_equal(A, -A.T):
        raise ValueError(
            "expected an antisymmetric A and a v without zeros, whose units mix freely"
        )
    S = np.sign(v)
    turn = np.linalg.solve(np.eye(len(v)) - S[:, None] * A, np.eye(len(v)) + S[:, None] * A)
    before = extended_rows(theta)
    U = (turn @ (np.sqrt(np.abs(v))[:, None] * before)) / np.sqrt(np.abs(v))[:, None]
    # The corner of the bordered matrix, and v, stay as they are, and so does v0.
    return Theta(U[:, 1:], U[:, 0] + 0.5, v, v0)
