"""The coefficients that claims are tried on are what they are called."""

import math

import numpy as np
import pytest

from analysis import split_c
from analysis.claims.random_cases import (
    BALANCES,
    SCALES,
    cases,
    linear_parts,
    random_theta,
    spectra,
    symmetric,
)
from analysis.spectrum import norm


def test_spectra_are_what_they_are_called():
    for D in (1, 4, 5):
        found = spectra(D, np.random.default_rng(0))
        zeros = {name: int(np.sum(lam == 0)) for name, lam in found.items()}
        assert zeros == {
            "full rank": 0,
            "one eigenvalue zero": 1,
            "half of them zero": D - D // 2,
            "M = 0": D,
            "all equal": 0,
            "plus and minus 1": 0,
            "down to 1e-12": 0,
        }
        assert np.all((np.abs(found["full rank"]) >= 0.5) & (np.abs(found["full rank"]) <= 2))
        assert np.array_equal(found["all equal"], [1.5] * D)
        assert found["plus and minus 1"].tolist() == [1.0, -1.0, 1.0, -1.0, 1.0][:D]
        assert found["down to 1e-12"][0] == 1.0
        assert D == 1 or found["down to 1e-12"][-1] == pytest.approx(1e-12, rel=1e-9)
    large = spectra(400, np.random.default_rng(0))["full rank"]
    assert 0.4 < np.mean(large > 0) < 0.6
    assert np.abs(large).min() < 0.52
    assert np.abs(large).max() > 1.98


def test_symmetric_matrices_have_these_eigenvalues():
    lam = np.array([3.0, 0.0, -1.0, 0.5])
    M, Q = symmetric(lam, np.random.default_rng(0))
    assert np.array_equal(M, M.T)
    np.testing.assert_allclose(Q.T @ Q, np.eye(4), atol=1e-14)
    np.testing.assert_allclose(Q.T @ M @ Q, np.diag(lam), atol=1e-14)


def test_linear_parts_are_where_they_are_called():
    lam, Q = (
        np.array([1.0, 0.0, 2.0]),
        np.linalg.qr(np.random.default_rng(1).normal(size=(3, 3)))[0],
    )
    parts = linear_parts(Q, lam, np.random.default_rng(0))
    assert not parts["l = 0"].any()
    inside, outside = Q.T @ parts["l in range(M)"], Q.T @ parts["l outside range(M)"]
    assert abs(inside[1]) < 1e-15
    assert np.all((np.abs(outside) > 0.49) & (np.abs(outside) < 2.01))
    np.testing.assert_allclose(inside[[0, 2]], outside[[0, 2]])
    assert "l outside range(M)" not in linear_parts(Q, lam + 1, np.random.default_rng(0))
    wide = linear_parts(np.eye(400), np.ones(400), np.random.default_rng(0))["l in range(M)"]
    assert 0.4 < np.mean(wide > 0) < 0.6
    assert np.abs(wide).min() < 0.52
    assert np.abs(wide).max() > 1.98


def test_cases_take_every_scale_and_balance_in_turn():
    """Sizes of M and l are their scale times their side of the balance, times 0.5 to 2 or so."""
    seen = []
    for case in cases(6, np.random.default_rng(0)):
        _, l, M = split_c(case.c)
        l_is_there = not (case.inside and case.r == 0) and "l = 0" not in case.label
        sizes = [norm(M) / math.sqrt(6), norm(l) / math.sqrt(6)]
        close = [
            (i, j)
            for i, scale in enumerate(SCALES)
            for j, (big, small) in enumerate(BALANCES)
            if _near(sizes[0], scale * big, case.r > 0)
            and _near(sizes[1], scale * small, l_is_there)
        ]
        assert close, case.label
        seen.append(close)
    assert len(seen) == 17
    single = [turn[0] for turn in seen if len(turn) == 1]
    assert len(single) >= 8
    turns = [(turn[0][0] - k) % 5 for k, turn in enumerate(seen) if len(turn) == 1]
    assert len(set(turns)) == 1
    turns = [(turn[0][1] - k) % 3 for k, turn in enumerate(seen) if len(turn) == 1]
    assert len(set(turns)) == 1


def _near(size: float, expected: float, there: bool) -> bool:
    return 0.2 * expected < size < 3 * expected if there else size == 0


def test_drawn_networks_have_normal_weights():
    theta = random_theta(40, 50, np.random.default_rng(0))
    assert theta.W.shape == (50, 40)
    assert theta.b.shape == theta.v.shape == (50,)
    for part in (theta.W, theta.b, theta.v):
        assert np.std(part) == pytest.approx(1, abs=0.3)
        assert np.mean(part) == pytest.approx(0, abs=0.4)
