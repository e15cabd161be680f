"""Every claim fails where what it speaks about is wrong, and by what it should."""

import math

import numpy as np
import pytest
from broken_claims import BROKEN, refused_without_a_bound

from analysis import Theta, forward
from analysis.claims import CLAIMS, Settings
from analysis.claims.base import Source

pytestmark = pytest.mark.usefixtures("unchecked")
SMALL = Settings(dims=(1, 3), trials=1)
BY_NAME = {claim.__name__: claim for claim in CLAIMS}


def test_every_claim_is_broken_somehow():
    assert {name for name, _, _ in BROKEN.values()} == set(BY_NAME)


@pytest.fixture(scope="module")
def unbroken():
    return {name: claim(SMALL) for name, claim in BY_NAME.items()}


@pytest.mark.parametrize("broken", BROKEN)
def test_wrong_code_makes_its_claim_fail(broken, unbroken, monkeypatch):
    name, target, wrong = BROKEN[broken]
    assert unbroken[name].holds
    monkeypatch.setattr(target, wrong)
    found = BY_NAME[name](SMALL)
    assert not found.holds
    assert found.cases == unbroken[name].cases
    if found.source is Source.ALGEBRA and not found.at_least:
        assert (unbroken[name].worst, found.tolerance) == (0, 0)
        assert found.worst >= 1


@pytest.mark.parametrize("name", ["verdicts", "refused", "impossible"])
def test_a_wrong_answer_counts_as_one(name, monkeypatch):
    broken = {"verdicts": "l outside taken for inside", "refused": "accepted"}
    _, target, wrong = BROKEN[broken.get(name, "solvable")]
    monkeypatch.setattr(target, wrong)
    assert BY_NAME[name](SMALL).worst == 1


def test_refusals_are_infinitely_wrong(monkeypatch):
    monkeypatch.setattr("analysis.claims.recovery.recover_theta", refused_without_a_bound)
    assert BY_NAME["few_units"](SMALL).worst == math.inf


def test_output_is_relative_to_all_its_terms(monkeypatch):
    """y = 3 where c says -2, and v0 = -2 is the only term: |3 - -2| / |-2|."""
    theta = Theta(np.ones((1, 1)), np.ones(1), np.zeros(1), -2.0)
    monkeypatch.setattr("analysis.claims.linearisation.random_theta", lambda *_: theta)
    monkeypatch.setattr(
        "analysis.claims.linearisation.forward", lambda theta, x: forward(theta, x) + 5
    )
    found = BY_NAME["output"](Settings(dims=(1,), hidden=(1,), trials=1))
    assert found.worst == pytest.approx(2.5)
