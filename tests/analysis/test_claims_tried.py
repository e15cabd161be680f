"""Which networks and how many units each claim tries."""

from types import SimpleNamespace

import numpy as np
import pytest

from analysis import Theta
from analysis.claims import CLAIMS, Settings, distance, linearisation, rank
from analysis.claims.random_cases import cases
from analysis.spectrum import norm

pytestmark = pytest.mark.usefixtures("unchecked")
BY_NAME = {claim.__name__: claim for claim in CLAIMS}
D = 3

# By claim: the numbers of units at D = 3 inputs, r = rank(M) and r_l = rank([M l]).
UNITS = {
    "hidden_layer": lambda *_: (1, D, D + 2),
    "output": lambda *_: (1, D, D + 2),
    "coefficients": lambda *_: (1, D, D + 2),
    "enough_units": lambda *_: (D, D + 1, D + 2),
    "few_units": lambda r, r_l: (r_l, r + 1, r + 2),
    "opposite_pairs": lambda r, _: (r + 2,),
    "same_c": lambda *_: (1, D, D + 2),
    "decay_least": lambda *_: (1, D, D + 2),
    "bound_below": lambda _, r_l: (1, r_l // 2, r_l - 1),
    "bound_above": lambda _, r_l: (1, r_l // 2, r_l - 1),
    "refused": lambda _, r_l: (1, r_l - 1),
    "network_reaches": lambda *_: (D, D + 2),
}


@pytest.mark.parametrize("name", UNITS)
def test_numbers_of_units(name, monkeypatch):
    asked, units = [], Settings.units

    def noting(self, *own):
        asked.append(own)
        return units(self, *own)

    monkeypatch.setattr(Settings, "units", noting)
    settings = Settings(dims=(D,), trials=1)
    assert BY_NAME[name](settings).holds
    if len(asked) == 1:
        assert asked == [UNITS[name](None, None)]
    else:
        drawn = cases(D, settings.rng(name.replace("_", " ")))
        assert asked == [UNITS[name](case.r, case.r_l) for case in drawn]


# By claim: how many of K = 1 .. 6, given by a flag, are tried at D = 1 and 3.
BY_FLAG = {
    "hidden_layer": 12,
    "enough_units": None,
    "few_units": None,
    "opposite_pairs": None,
    "bound_below": None,
    "network_reaches": 6 + 4,
}


@pytest.mark.parametrize("name", BY_FLAG)
def test_units_given_by_a_flag_are_tried_where_the_claim_speaks_of_them(name, monkeypatch):
    settings = Settings(dims=(1, D), hidden=(1, 2, 3, 4, 5, 6), trials=1)
    monkeypatch.setattr(distance, "ATTEMPTS", 1)
    found = BY_NAME[name](settings)
    assert found.holds
    expected = BY_FLAG[name]
    if expected is None:
        rng = settings.rng(name.replace("_", " "))
        drawn = [(case, d) for d in settings.dims for case in cases(d, rng)]
        expected = sum(_speaks_of(name, case, d, K) for case, d in drawn for K in settings.hidden)
    assert found.cases == expected > 0


def _speaks_of(name, case, n_inputs, K):
    return {
        "enough_units": n_inputs <= K,
        "few_units": case.r_l <= K < n_inputs,
        "opposite_pairs": case.r + 2 <= K and not case.inside,
        "bound_below": case.r_l > K,
    }[name]


def test_whole_numbers_are_from_minus_3_to_3():
    drawn = rank.whole_numbers(np.random.default_rng(0), 50, 40)
    assert drawn.shape == (50, 40)
    assert np.unique(drawn).tolist() == [-3, -2, -1, 0, 1, 2, 3]


def test_ranks_are_of_drawn_whole_numbers(monkeypatch):
    """M = -W' diag(v) W and l = W'(s * v): symmetric but for its last column, nothing rounded."""
    seen = []

    def noting(A):
        seen.append(np.asarray(A))
        return SimpleNamespace(rank=lambda: 0)

    monkeypatch.setattr(rank, "sp", SimpleNamespace(Matrix=noting))
    rank.closed_set(Settings(dims=(2, 9)))
    assert all(A.dtype.kind == "i" for A in seen)
    assert [A.shape for A in seen] == [(d, d + 1) for d in range(1, 7) for _ in range(d + 1)]
    assert all(np.array_equal(A[:, :-1], A[:, :-1].T) for A in seen)
    assert sum(A[:, -1].any() for A in seen) > 20


def test_ranks_are_those_of_a_networks_parts(monkeypatch):
    """All weights 1: M = -W' diag(v) W is -K everywhere, l = W'(s * v) is K."""
    seen = []

    def noting(A):
        seen.append(np.asarray(A))
        return SimpleNamespace(rank=lambda: len(A))

    monkeypatch.setattr(rank, "sp", SimpleNamespace(Matrix=noting))
    monkeypatch.setattr(rank, "whole_numbers", lambda _, *shape: np.ones(shape, int))
    rank.closed_set(Settings(dims=(1,)))
    assert [A.tolist() for A in seen] == [[[-1, 1]], [[-2, 2]]]


def test_distance_tries_near_and_random_networks(monkeypatch):
    """Rows moved by a thousandth or so; a network that is c counts as distance 0."""
    found, moved, recover_theta = [], [], distance.recover_theta

    def recovering(c, n_hidden, eps):
        assert eps == 4 * norm(c)
        found.append((c, recover_theta(c, n_hidden, eps=eps)))
        return found[-1][1]

    def shaken(theta, _):
        moved.append(theta.W - found[-1][1].theta.W)
        return found[-1][1].achieved

    monkeypatch.setattr(distance, "recover_theta", recovering)
    monkeypatch.setattr(distance, "achieved", shaken)
    settings = Settings(dims=(D,), trials=1)
    assert distance.bound_below(settings).holds
    every = np.concatenate([move.ravel() for move in moved])
    assert 0.9e-3 < np.std(every) < 1.1e-3
    assert np.abs(every).max() < 5e-3
    monkeypatch.setattr(distance, "c_theta", lambda _: 1.001 * found[-1][0])
    assert not distance.bound_below(settings).holds


def test_magnitude_is_that_of_all_terms():
    """s = |2| |1| + |-3| |-2| + |-1| = 9, and 9 (1 + 9)."""
    theta = Theta(np.array([[2.0, -3.0]]), np.array([-1.0]), np.ones(1), 0.0)
    assert linearisation.magnitude(theta, np.array([[1.0, -2.0]])).tolist() == [[90.0]]


def test_every_claim_has_as_many_cases_with_another_seed():
    """Which coefficients are drawn must not decide how much is tried."""
    for name in ("enough_units", "few_units", "opposite_pairs", "bound_above", "verdicts"):
        first, second = (BY_NAME[name](Settings(dims=(2,), seed=s, trials=1)) for s in (0, 1))
        assert first.cases == second.cases
