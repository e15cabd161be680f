"""The shortest solution, held against exact fractions."""

from fractions import Fraction

import numpy as np
import pytest

from analysis import fit_closed_form, phi
from analysis.min_norm import min_norm
from analysis.spectrum import norm


def in_fractions(rows, z, k):
    """A (A' A)^-1 z with A = 2^k * rows', by Gauss and Jordan."""
    At = [
        [Fraction(x) * Fraction(2) ** int(e) for x, e in zip(row, k, strict=True)]
        for row in rows.tolist()
    ]
    G = [
        [sum(a * b for a, b in zip(p, q, strict=True)) for q in At] + [Fraction(value)]
        for p, value in zip(At, z.tolist(), strict=True)
    ]
    for j in range(len(G)):
        pivot = next(i for i in range(j, len(G)) if G[i][j])
        G[j], G[pivot] = G[pivot], G[j]
        G[j] = [x / G[j][j] for x in G[j]]
        for i in set(range(len(G))) - {j}:
            G[i] = [x - G[i][j] * y for x, y in zip(G[i], G[j], strict=True)]
    return np.array(
        [
            float(sum(g[-1] * a for g, a in zip(G, one, strict=True)))
            for one in zip(*At, strict=True)
        ]
    )


def by_an_ordinary_qr(rows, z, k):
    Q, R = np.linalg.qr(np.ldexp(rows.T, k[:, None]))
    return Q @ np.linalg.solve(R.T, z)


def cases(spread, count=50):
    """Unknowns of sizes between 2^-spread and 2^spread."""
    rng = np.random.default_rng(spread)
    for _ in range(count):
        P = int(rng.integers(2, 9))
        rank = int(rng.integers(1, P))
        rows = np.linalg.qr(rng.normal(size=(P, rank)))[0].T
        yield rows, rng.normal(size=rank), rng.integers(-spread, spread + 1, P)


def largest_error(solve, spread):
    """Each entry's error relative to the entry itself."""
    return max(np.abs(solve(*case) / in_fractions(*case) - 1).max() for case in cases(spread))


@pytest.mark.parametrize("spread", [0, 10, 50, 300])
def test_every_entry_is_right_to_its_own_last_digits(spread):
    assert largest_error(min_norm, spread) < 1e-11


def test_an_ordinary_qr_loses_them():
    assert largest_error(by_an_ordinary_qr, 0) < 1e-11
    assert largest_error(by_an_ordinary_qr, 50) > 1


def test_arguments_are_left_as_they_were():
    rows, z, k = next(cases(10))
    before = rows.copy(), z.copy(), k.copy()
    min_norm(rows, z, k)
    for now, then in zip((rows, z, k), before, strict=True):
        np.testing.assert_array_equal(now, then)


@pytest.mark.parametrize("sizes", [(9e7, 4e-9), (1e10, 1.0, 1e-10), (1e40, 1.0, 1e-40)], ids=str)
@pytest.mark.parametrize("seed", range(5))
def test_data_of_very_different_size_are_interpolated(sizes, seed):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(len(sizes) + 2, len(sizes))) * sizes
    y = rng.normal(size=len(X))
    fit = fit_closed_form(X, y)
    assert (fit.rank, fit.minimum_norm) == (len(X), True)
    assert fit.residual < 1e-11 * norm(y)
    assert norm(phi(X) @ fit.c_hat - y) == fit.residual
