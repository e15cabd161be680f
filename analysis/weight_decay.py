"""What weight decay on the network does to c: it lowers the rank of M (question 3.4)."""

import numpy as np
from jaxtyping import Num

from analysis.checks import count
from analysis.constructions import eigenvectors_within
from analysis.features import split_c
from analysis.network import Theta, check_theta
from analysis.spectrum import ranks


def decay(theta: Theta) -> float:
    """Return sum over i of v_i^2 + |w_i|^2: all weights but the biases, squared.

    Raises:
        ValueError: `theta` is not well formed.
    """
    W, _, v, _ = check_theta(theta)
    return float(np.sum(v**2) + np.sum(W**2))


def least_decay(c: Num[np.ndarray, " P"]) -> float:
    """Return 3 * 2^(-2/3) * sum over j of |lambda_j|^(2/3), lambda the eigenvalues of M.

    No network with this M has a smaller `decay`, whatever K (docs/question3.md): a unit that adds
    mu = |v| |w|^2 costs v^2 + |w|^2 / 2 + |w|^2 / 2 >= 3 (mu^2 / 4)^(1/3), and the sum of the
    mu^(2/3) over rank-one terms is at least that over eigenvalues (Rotfel'd 1969).

    Raises:
        ValueError: c is malformed.
    """
    lam, _ = eigenvectors_within(None, split_c(c)[2])
    return float(3 * 2 ** (-2 / 3) * np.sum(np.abs(lam) ** (2 / 3)))


def min_decay_network(c: Num[np.ndarray, " P"], n_hidden: int) -> Theta:
    """Return the network with coefficients c that attains `least_decay`.

    One unit for each eigenvector q of M with eigenvalue lambda != 0: |w|^2 = (2 lambda^2)^(1/3)
    along q, v = -lambda / |w|^2, and the bias, which is not penalised, carries l.

    Args:
        c: coefficients with l in the range of M.
        n_hidden: K, at least rank(M).

    Raises:
        ValueError: c or K is malformed, K is below rank(M), or l is outside the range of M, where
            the infimum is the same but no network attains it.
    """
    K = count("n_hidden", n_hidden)
    c1, l, M = split_c(c)
    found = ranks(l, M)
    if found.r_l > found.r or found.r > K:
        raise ValueError(
            f"rank(M) = {found.r}, rank([M l]) = {found.r_l}, n_hidden = {K}: expected l in the "
            "range of M and a unit for every eigenvalue, take `recover_theta`"
        )
    lam, Q = eigenvectors_within(None, M)
    kept = np.argsort(-np.abs(lam))[: found.r]
    lam, Q = lam[kept], Q[:, kept]
    size = np.cbrt(np.sqrt(2) * np.abs(lam))
    W, b, v = np.zeros((K, len(l))), np.zeros(K), np.zeros(K)
    n = len(lam)
    W[:n], v[:n] = size[:, None] * Q.T, -lam / size**2
    b[:n] = (1 - Q.T @ l / (v[:n] * size)) / 2
    return Theta(W, b, v, float(c1 - (b * (1 - b)) @ v))
