"""How hard the claims try: their scales, moves, draws and networks, written down a second time.

What is tried too little, or too tamely, holds as well as what is true.
"""

import math
from collections import Counter

import numpy as np
import pytest

from analysis import exact_products
from analysis.claims import (
    Settings,
    activations,
    distance,
    landscape,
    least_squares,
    linearisation,
    printed_solution,
    random_cases,
    rank,
    recovery,
)
from analysis.claims.base import Claim, Source, WorstCase
from analysis.claims.polynomials import IMPOSSIBLE, LARGEST
from analysis.claims.random_cases import Case
from analysis.claims.recovery import relative_error
from analysis.closed_form import ClosedForm
from analysis.recover import default_eps
from analysis.spectrum import norm

PINNED = {
    "scales": (random_cases.SCALES, (1.0, 1e-8, 1e8, 1e-150, 1e150)),
    "balances": (random_cases.BALANCES, ((1.0, 1.0), (1e-8, 1e8), (1e8, 1e-8))),
    "moves": (
        printed_solution.DELTAS,
        tuple(pytest.approx(d, abs=0) for d in (1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-11, 1e-12)),
    ),
    "draws at the wall": (printed_solution.DRAWS, 10),
    "networks tried": ((distance.ATTEMPTS, distance.LARGEST_TRIED), (8, 6)),
    "directions tried": (distance.ANGLES, 20000),
    "steps in the landscape": (landscape.STEPS, 200),
    "in fractions": (
        (recovery.LARGEST_IN_FRACTIONS, recovery.MORE_ROWS_THAN_A_BLOCK),
        (5, exact_products._ROWS + 1),
    ),
    "largest exact rank": (rank.LARGEST_EXACT, 6),
    "inputs of a network": (linearisation.INPUTS, 8),
    "largest polynomials": (LARGEST, 4),
    "largest least squares": (least_squares.LARGEST, 20),
    "largest rank test": ((activations.LARGEST, activations.SLACK), (20, 16.0)),
}


@pytest.mark.parametrize("name", PINNED)
def test_numbers_are_these(name):
    found, written = PINNED[name]
    assert found == written


def test_impossible_coefficients_are_whole_numbers_up_to_1():
    entries = [(K, sum(map(abs, l)), sum(l), np.array(M)) for l, M, K in IMPOSSIBLE]
    assert [row[:3] for row in entries] == [
        (1, 1, 1), (1, 1, 1), (1, 3, 3), (2, 1, 1), (2, 2, 2), (2, 1, 1), (1, 0, 0), (2, 0, 0),
    ]  # fmt: skip
    diagonals = [np.diag(M).tolist() for *_, M in entries]
    assert diagonals == [
        [0], [0, 0], [0, 0, 0], [1, 0], [-1, 0], [1, 0, 0], [1, 1], [1, -1, 1],
    ]  # fmt: skip
    assert all(np.count_nonzero(M) == np.count_nonzero(np.diag(M)) for *_, M in entries)


def test_distance_tries_eight_networks_up_to_six_inputs_and_one_beyond(monkeypatch):
    drawn, shaken = Counter(), Counter()
    random_theta, achieved, kept = distance.random_theta, distance.achieved, []
    add = WorstCase.add

    def drawing(D, K, rng):
        drawn[D] += 1
        return random_theta(D, K, rng)

    def shaking(theta, c):
        shaken[theta.W.shape[1]] += 1
        return achieved(theta, c)

    monkeypatch.setattr(distance, "random_theta", drawing)
    monkeypatch.setattr(distance, "achieved", shaking)
    monkeypatch.setattr(
        WorstCase, "add", lambda self, *numbers: kept.append(numbers[1]) or add(self, *numbers)
    )
    for D, attempts in ((6, 8), (7, 1)):
        kept.clear()
        distance.bound_below(Settings(dims=(D,), hidden=(1,), trials=1))
        assert set(kept) == {1 + 1e-12}
        assert drawn[D] == shaken[D] == attempts * len(kept)


def test_seventh_inputs_are_not_tried_in_whole_numbers():
    """D = 1 .. 6 with K = 1 .. D + 1."""
    assert rank.closed_set(Settings(dims=(9,))).cases == 27


def test_scaled_rows_are_moved_by_0_1_down_to_1e_100(monkeypatch):
    moves, recover_theta = [], printed_solution.recover_theta

    def recovering(c, n_hidden, delta):
        moves.append(delta)
        return recover_theta(c, n_hidden, delta=delta)

    monkeypatch.setattr(printed_solution, "recover_theta", recovering)
    assert printed_solution.scaled_rows_exact(Settings(dims=(2,), trials=1)).holds
    assert moves == [0.1, 1e-3, *printed_solution.DELTAS, 1e-16, 1e-30, 1e-100]


@pytest.mark.parametrize("size", [1e-12, 1.0, 1e12])
def test_slope_on_a_sphere_is_relative(size, monkeypatch):
    """All of c_hat along |x|^2 - 1 is wrong at any size."""
    wrong = ClosedForm(size * np.array([-1.0, 0, 0, 1, 1, 0]), 5, 0.0, True)
    monkeypatch.setattr(least_squares, "fit_closed_form", lambda *_: wrong)
    found = least_squares.sphere(Settings(dims=(2,)))
    assert not found.holds
    assert found.worst == pytest.approx(1)


@pytest.mark.parametrize("scale", [1.0, 1e-150, 1e150])
def test_errors_are_relative_and_refusals_infinite(scale):
    c = scale * np.array([1.0, 2.0, -2.0])
    case = Case("invented", c, 1, True)
    error, accepted = relative_error(case, 1, None)
    assert error <= accepted == pytest.approx(default_eps(c) / norm(c), rel=1e-14)
    assert relative_error(case, 1, 1e-3) == (error, 1e-3)
    assert relative_error(case, 1, None, "opposite pair") == (math.inf, accepted)
    assert relative_error(case, 1, None, "eigenvectors") == (error, accepted)
    assert relative_error(case, 1, 1e-30)[0] in (0.0, math.inf)


@pytest.fixture
def kept(monkeypatch):
    """Residual and tolerance of every case added."""
    noted, add = [], WorstCase.add
    monkeypatch.setattr(WorstCase, "add", lambda self, *n: noted.append(n) or add(self, *n))
    return noted


def test_examples_against_linearity(kept):
    """c = (0, 1, -1) doubles to (0, 4, -8); with (1, 1, -1) it is (1, 0, 0) for W = 1 - 1."""
    assert linearisation.not_linear(Settings()).holds
    assert kept == [(pytest.approx(math.sqrt(40)), 1.0), (pytest.approx(math.sqrt(8)), 1.0)]


def test_fractions_are_held_against_the_condition_squared(kept):
    """For inputs -5 to 6 the condition of Phi is 24.8, and P = 3."""
    assert least_squares.rational(Settings(dims=(1,), trials=1)).holds
    assert kept[0][1] == pytest.approx(3 * 24.79**2 * 2.0**-52, rel=1e-3, abs=0)


def test_kinds_of_verdicts():
    """At the tolerance holds, either way; beside it one of the two."""

    def claim(worst: float, *, at_least: bool) -> bool:
        return Claim("3.1", "n", "s", 1, worst, 1.0, Source.THEOREM, at_least).holds

    assert [claim(w, at_least=False) for w in (0.5, 1.0, 1.5, math.nan)] == [
        True,
        True,
        False,
        False,
    ]
    assert [claim(w, at_least=True) for w in (0.5, 1.0, 1.5, math.nan)] == [
        False,
        True,
        True,
        False,
    ]


def test_worst_case_of_those_that_must_not_fall_below():
    kept = WorstCase(at_least=True)
    for residual, tolerance in ((4.0, 1.0), (3.0, 2.0), (9.0, 3.0)):
        kept.add(residual, tolerance)
    found = kept.claim("3.1", "n", "s", Source.THEOREM)
    assert (found.worst, found.tolerance, found.cases) == (3.0, 2.0, 3)
    assert (found.at_least, found.holds) == (True, True)
    kept.add(0.0, 1.0)
    assert (kept.residual, kept.tolerance) == (0.0, 1.0)
    with pytest.raises(TypeError, match="positional"):
        WorstCase(True)  # type: ignore[misc]


def test_first_of_equals_is_kept():
    kept = WorstCase()
    kept.add(1.0, 2.0)
    kept.add(2.0, 4.0)
    assert (kept.residual, kept.tolerance, kept.cases) == (1.0, 2.0, 2)


def test_nothing_against_nothing_counts_as_nothing():
    """An exact case that holds is worth as much as a residual of 0 anywhere else."""
    kept = WorstCase()
    kept.add(0.0, 0.0)
    kept.add(0.0, 1.0)
    assert (kept.residual, kept.tolerance) == (0.0, 0.0)
    kept.add(0.5, 1.0)
    assert (kept.residual, kept.tolerance) == (0.5, 1.0)


def test_first_case_is_kept_however_far_below():
    kept = WorstCase()
    kept.add(-5.0, 1.0)
    assert (kept.residual, kept.tolerance) == (-5.0, 1.0)
    kept.add(-3.0, 1.0)
    assert kept.residual == -3.0


def test_true_is_no_seed():
    with pytest.raises(ValueError, match="seed = True"):
        Settings(seed=True)
