"""What the claims are tried on: how many cases, held against what.

A claim that tries nothing, or allows everything, holds as well as a true one; so the numbers are
written down here a second time.
"""

import math

import numpy as np
import pytest

from analysis.claims import CLAIMS, Settings
from analysis.claims.activations import sigmoid
from analysis.claims.base import WorstCase
from analysis.claims.polynomials import IMPOSSIBLE

pytestmark = pytest.mark.usefixtures("unchecked")
EPS = 2.0**-52
# D = 1 and 3 have P = 3 and 10 features; two draws of each kind.
SETTINGS = Settings(dims=(1, 3), trials=2)

# By claim: the cases, and the tolerances in units of eps = 2^-52 wherever no draw decides them.
TRIED = {
    "hidden_layer": (10, {2 * (3 + 1), 2 * (10 + 3)}),
    "output": (10, {2 * (4 + 1), 2 * (4 + 3), 2 * (13 + 1), 2 * (13 + 3), 2 * (13 + 5)}),
    "coefficients": (10, {1 + 4, 3 + 4, 5 + 4}),
    "not_linear": (2, {1 / EPS}),
    "hidden_identity": (16, {0}),
    "output_identity": (32, {0}),
    "free_scale": (2, {0}),
    "bordered_identity": (16, {0}),
    "impossible": (8, {0}),
    "printed": (4, None),
    "printed_error": (4, {0.1 / EPS}),
    "sign_fixed": (4, {64 * 2, 64 * 4}),
    "unit_rows_limit": (2, {1 / EPS}),
    "scaled_rows_exact": (52, {64 * 2, 64 * 4}),
    "measured": (42, {2}),
    "enough_units": (204, {64 * 2, 64 * 4}),
    "few_units": (26, {64 * 4}),
    "opposite_pairs": (12, {64 * 2, 64 * 4}),
    "ranks_found": (34, {0}),
    "verdicts": (60, {0}),
    "sign_verdicts": (29, {0}),
    "closed_set": (9, {0}),
    "inertia": (8, {0}),
    "bordered": (12, {8 * 2, 8 * 3, 8 * 4, 8 * 7, 64, 64 * 2, 64 * 3, 64 * 4, 64 * 7, 64 * 8}),
    "derivatives": (9, {0}),
    "submersions": (10, {0}),
    "fibre_dimensions": (24, {0}),
    "same_c": (10, {256 * 2, 256 * 4, 256 * 6, 256 * 8}),
    "gradient": (2, {64 * 15, 64 * 110}),
    "bound_below": (21, {(1 + 1e-12) / EPS}),
    "bound_above": (21, {(1 + 1e-9) / EPS}),
    "bound_sharp": (8, {1e-12 / EPS, 1e-6 / EPS}),
    "refused": (7, {0}),
    "missing_signs": (18, {(1 + 1e-9) / EPS}),
    "normal_equations": (4, {9 + 3, 18 + 10}),
    "rational": (4, None),
    "unbeaten": (80, {9, 18}),
    "network_reaches": (8, {64 * 2, 64 * 4}),
    "sphere": (2, {8 * 3, 8 * 10}),
    "quadratic": (2, None),
    "rank_relu": (2, None),
    "rank_tanh": (2, None),
    "rank_sigmoid": (2, None),
    "silent_unit": (4, {1e-12 / EPS}),
    "local_minimum": (603, {8, 16, 32, 40, 80}),
    "valley": (401, {0}),
    "decay_attained": (22, {64 * 2, 64 * 4, 256 * 2, 256 * 4}),
    "decay_least": (20, {(1 + 1e-9) / EPS}),
    "two_outputs": (2, {0}),
    "other_activations": (7, {0, 64 * 2, 64 * 4}),
}


@pytest.fixture
def added(monkeypatch):
    """From a claim's name to its verdict and the residual and tolerance of every case."""

    def tried(name: str) -> tuple[bool, list[tuple[float, float]]]:
        noted: list[tuple[float, float]] = []
        add = WorstCase.add

        def note(self: WorstCase, residual: float, tolerance: float) -> None:
            noted.append((float(residual), float(tolerance)))
            add(self, residual, tolerance)

        claim = next(claim for claim in CLAIMS if claim.__name__ == name)
        with monkeypatch.context() as patch:
            patch.setattr(WorstCase, "add", note)
            holds = claim(SETTINGS).holds
        return holds, noted

    return tried


def test_every_claim_is_in_the_table():
    assert [claim.__name__ for claim in CLAIMS] == list(TRIED)


@pytest.mark.parametrize("name", TRIED)
def test_cases_and_tolerances(name, added):
    number, tolerances = TRIED[name]
    holds, cases = added(name)
    assert holds
    assert len(cases) == number
    if tolerances is not None:
        found = {float(f"{tolerance / EPS:.9g}") for _, tolerance in cases}
        assert found == {float(f"{tolerance:.9g}") for tolerance in tolerances}
    if tolerances == {0}:
        assert {residual for residual, _ in cases} == {0}


def test_printed_is_held_against_the_promise_over_its_quadratic_part(added):
    """64 (D + 1) eps |c| / (2 |c3|), and |c| is at least |c3|."""
    for (_, tolerance), D in zip(added("printed")[1], (1, 1, 3, 3), strict=True):
        assert 32 * (D + 1) * EPS <= tolerance < 320 * (D + 1) * EPS


def test_rank_tolerances_are_those_of_bounded_activations(added):
    """16 n eps times the largest output: n = 2 P + 2 = 8 and 22; tanh comes near 1."""
    for name in ("rank_tanh", "rank_sigmoid"):
        for (_, tolerance), n in zip(added(name)[1], (8, 22), strict=True):
            assert 0.8 * 16 * n * EPS < tolerance <= 16 * n * EPS


def test_wrong_ranks_are_far_from_rounding(added):
    for name in ("rank_relu", "rank_tanh", "rank_sigmoid"):
        assert all(residual > 1e-3 for residual, _ in added(name)[1])


def test_networks_beaten_are_near_and_far(added):
    """Twenty random ones and twenty shaken by 1 to 1e-19 for each D: the nearest differ little."""
    gains = np.array([residual for residual, _ in added("unbeaten")[1]])
    for shaken in (gains[:40:2], gains[40::2]):
        assert shaken[0] < -1e-2
        assert np.abs(shaken[-3:]).max() < 1e-12


def test_deltas_reach_the_wall_and_beyond(added):
    """Excess over delta, 13 deltas a draw; with delta = 0.1 there is none to speak of."""
    assert all(residual < 64 * 4 * EPS for residual, _ in added("scaled_rows_exact")[1])


def test_impossible_coefficients_are_of_the_kinds_announced():
    """l outside range(M) with K = r + 1, or K below the rank of M."""
    for l, M, K in IMPOSSIBLE:
        r, both = (np.linalg.matrix_rank(part) for part in (M, np.column_stack([M, l])))
        assert (both == r + 1 and r + 1 == K) or r > K


def test_settings_of_a_table_without_flags():
    plain = Settings()
    assert (plain.dims, plain.hidden, plain.trials) == ((1, 2, 5, 10, 20), (), 3)
    assert (plain.seed, plain.eps) == (0, None)


def test_units_are_the_flags_or_the_claims_own():
    assert Settings().units(3, -1, 3, 0, 2) == [1, 2, 3]
    assert Settings(hidden=(7, 4)).units(3) == [4, 7]


def test_a_seed_and_a_name_give_a_stream():
    first = Settings(seed=1).rng("a").normal()
    assert Settings(seed=1).rng("a").normal() == first
    assert Settings(seed=1).rng("b").normal() != first
    assert Settings(seed=2).rng("a").normal() != first


def test_sigmoid_is_the_logistic_function():
    z = np.array([-30.0, -1.0, 0.0, 2.0])
    np.testing.assert_allclose(sigmoid(z), 1 / (1 + np.exp(-z)), rtol=1e-3)
    np.testing.assert_allclose(sigmoid(z)[1:], 1 / (1 + np.exp(-z))[1:], rtol=1e-14)


def test_worst_starts_with_nothing():
    least, most = WorstCase(at_least=True), WorstCase()
    assert (least.cases, least.residual, least.tolerance) == (0, math.inf, 0.0)
    assert (most.cases, most.residual, most.tolerance) == (0, 0.0, 0.0)
