"""The shortest solution, held against exact fractions."""

from fractions import Fraction

import numpy as np
import pytest

from analysis import fit_closed_form, phi
from analysis.min_norm import min_norm
from analysis.spectrum import norm


def in_fractions(rows, z, k):
    """A (A' A)^-1 z and |A_i| |(A' A)^-1 z| with A = 2^k * rows', by Gauss and Jordan."""
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
    u = [g[-1] for g in G]
    A = list(zip(*At, strict=True))
    c = [float(sum(x * a for x, a in zip(u, one, strict=True))) for one in A]
    sizes = [norm(np.array([float(a) for a in one])) for one in A]
    return np.array(c), np.array(sizes) * norm(np.array([float(x) for x in u]))


def sorted_and_pivoted(rows, z, k):
    return min_norm(np.ldexp(rows, k), z)


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
    """Each entry's error relative to its row and u: what cancels below that is gone for good."""
    worst = 0.0
    for case in cases(spread):
        exact, sizes = in_fractions(*case)
        worst = max(worst, (np.abs(solve(*case) - exact) / sizes).max())
    return worst


@pytest.mark.parametrize("spread", [0, 10, 50, 300])
def test_every_entry_is_right_to_its_own_last_digits(spread):
    assert largest_error(sorted_and_pivoted, spread) < 1e-14


def test_an_ordinary_qr_loses_them():
    assert largest_error(by_an_ordinary_qr, 0) < 1e-14
    assert largest_error(by_an_ordinary_qr, 50) > 1


def test_an_entry_that_cancels_is_right_normwise_only():
    """c_hat[1] is 9e-12 of itself off, and all of c_hat 1e-14 of its norm."""
    rng = np.random.default_rng(268)
    X, y = rng.normal(size=(4, 2)), rng.normal(size=4)
    rows = phi(X)
    exact, _ = in_fractions(rows, y, np.zeros(6, dtype=int))
    found = fit_closed_form(X, y).c_hat
    assert norm(found - exact) < 1e-13 * norm(exact)
    assert abs(found[1] / exact[1] - 1) < 1e-9


def test_arguments_are_left_as_they_were():
    rows, z, k = next(cases(10))
    rows = np.ldexp(rows, k)
    before = rows.copy(), z.copy()
    min_norm(rows, z)
    for now, then in zip((rows, z), before, strict=True):
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
