"""Coefficients to try the claims on: random ones, and the ones that break careless code."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from analysis.features import join_c
from analysis.network import Theta

SCALES = (1.0, 1e-8, 1e8, 1e-150, 1e150)
# Sizes of M and of l: alike, and sixteen decimal digits apart either way.
BALANCES = ((1.0, 1.0), (1e-8, 1e8), (1e8, 1e-8))


class Case(NamedTuple):
    """Coefficients with known ranks.

    Attributes:
        label: what is special about them.
        c: the coefficients.
        r: rank(M) by construction.
        inside: whether l is in the range of M.
    """

    label: str
    c: Float[np.ndarray, " P"]
    r: int
    inside: bool

    @property
    def r_l(self) -> int:
        """Return rank([M l])."""
        return self.r if self.inside else self.r + 1


def spectra(n_inputs: int, rng: np.random.Generator) -> dict[str, Float[np.ndarray, " D"]]:
    """Draw eigenvalues, by what is special about them."""
    D = n_inputs
    some = np.sign(rng.normal(size=D)) * rng.uniform(0.5, 2.0, D)
    index = np.arange(D)
    return {
        "full rank": some,
        "one eigenvalue zero": np.where(index < D - 1, some, 0.0),
        "half of them zero": np.where(index < D // 2, some, 0.0),
        "M = 0": np.zeros(D),
        "all equal": np.full(D, 1.5),
        "plus and minus 1": np.where(index % 2 == 0, 1.0, -1.0),
        "down to 1e-12": np.geomspace(1.0, 1e-12, D),
    }


def symmetric(
    lam: Float[np.ndarray, " D"], rng: np.random.Generator
) -> tuple[Float[np.ndarray, "D D"], Float[np.ndarray, "D D"]]:
    """Return Q diag(lam) Q' and Q, a random orthogonal matrix."""
    Q = np.linalg.qr(rng.normal(size=(len(lam), len(lam))))[0]
    M = (Q * lam) @ Q.T
    return (M + M.T) / 2, Q


def linear_parts(
    Q: Float[np.ndarray, "D D"], lam: Float[np.ndarray, " D"], rng: np.random.Generator
) -> dict[str, Float[np.ndarray, " D"]]:
    """Draw vectors l: zero, in the range of Q diag(lam) Q', outside where there is an outside."""
    t = np.sign(rng.normal(size=len(lam))) * rng.uniform(0.5, 2.0, len(lam))
    parts = {"l = 0": np.zeros(len(lam)), "l in range(M)": Q @ np.where(lam != 0, t, 0.0)}
    if (lam == 0).any():
        parts["l outside range(M)"] = Q @ t
    return parts


def cases(n_inputs: int, rng: np.random.Generator) -> Iterator[Case]:
    """Yield every spectrum with every position of l, scales and balances taking turns."""
    turn = int(rng.integers(len(SCALES)))
    for spectrum, lam in spectra(n_inputs, rng).items():
        M, Q = symmetric(lam, rng)
        for position, l in linear_parts(Q, lam, rng).items():
            scale, (big, small) = SCALES[turn % len(SCALES)], BALANCES[turn % len(BALANCES)]
            c = join_c(rng.normal() * scale, l * (small * scale), M * (big * scale))
            inside = position != "l outside range(M)"
            yield Case(f"{spectrum}, {position}", c, int(np.sum(lam != 0)), inside)
            turn += 1


def random_theta(n_inputs: int, n_hidden: int, rng: np.random.Generator) -> Theta:
    """Draw a network with normal weights."""
    W = rng.normal(size=(n_hidden, n_inputs))
    b, v = rng.normal(size=n_hidden), rng.normal(size=n_hidden)
    return Theta(W, b, v, float(rng.normal()))
