"""`python -m analysis.verify` ends with 1 and names the claim where the mathematics is wrong."""

import numpy as np
import pytest

from analysis import verify
from analysis.attainment import verdict_of
from analysis.claims import CLAIMS
from analysis.exact_products import digits
from analysis.fibre import describe_fibre
from analysis.hidden_units import opposite_pair
from analysis.sign_requirements import signs_needed
from analysis.spectrum import leading_directions, remaining_with_signs
from analysis.weight_decay import least_decay

pytestmark = pytest.mark.usefixtures("unchecked")
BY_NAME = {claim.__name__: claim for claim in CLAIMS}


def _one_more_suffices(needed, outside, available):
    """r + 1 in place of r + 2."""
    found = verdict_of(needed, outside, available)
    return "exactly" if found == "in the limit" else found


def _never_exactly_outside(needed, outside, available):
    found = verdict_of(needed, outside, available)
    return "in the limit" if outside and found == "exactly" else found


def _limit_for_no(needed, outside, available):
    found = verdict_of(needed, outside, available)
    return "no" if found == "in the limit" else found


def _worst_directions(S, n):
    return leading_directions(S, S.shape[0])[:, ::-1][:, :n]


def _pair_with_equal_biases(q, t):
    return opposite_pair(q, t)._replace(b=np.zeros(2))


def _without_lowest_digit(x, bits):
    found = digits(x, bits)
    return {p: found[p] for p in sorted(found)[1:]} if len(found) > 1 else found


def _all_rows_active(theta):
    return describe_fibre(theta._replace(v=np.where(theta.v == 0, 1.0, theta.v)))


# What is replaced, by what, and the claims that have to notice.
MUTATIONS = {
    "r + 2 becomes r + 1": (
        "analysis.attainment.verdict_of", _one_more_suffices, ("verdicts", "sign_verdicts"),
    ),
    "never exactly outside": (
        "analysis.attainment.verdict_of", _never_exactly_outside, ("verdicts", "sign_verdicts"),
    ),
    "no limit": ("analysis.attainment.verdict_of", _limit_for_no, ("verdicts", "sign_verdicts")),
    "bound of zero": (
        "analysis.attainment.remaining", lambda *_: 0.0, ("bound_above", "bound_sharp", "refused"),
    ),
    "worst subspace": (
        "analysis.constructions.leading_directions",
        _worst_directions,
        ("bound_above", "few_units"),
    ),
    "nothing measured": ("analysis.claims.recovery.achieved", lambda *_: 0.0, ("measured",)),
    "signs swapped": (
        "analysis.claims.rank.signs_needed", lambda c: signs_needed(c)[::-1], ("sign_verdicts",),
    ),
    "pair with equal biases": (
        "analysis.constructions.opposite_pair", _pair_with_equal_biases, ("opposite_pairs",),
    ),
    "lowest digit lost": (
        "analysis.exact_products.digits", _without_lowest_digit, ("measured",),
    ),
    "bound of missing signs halved": (
        "analysis.attainment.remaining_with_signs",
        lambda *args: remaining_with_signs(*args) / 2,
        ("bound_sharp", "missing_signs"),
    ),
    "least decay too large": (
        "analysis.claims.landscape.least_decay", lambda c: 1.26 * least_decay(c), ("decay_least",),
    ),
    "silent rows counted as active": (
        "analysis.claims.fibre.describe_fibre", _all_rows_active, ("submersions",),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MUTATIONS)
def test_wrong_mathematics_ends_with_1_and_names_the_claim(name, monkeypatch, capsys):
    target, wrong, claims = MUTATIONS[name]
    monkeypatch.setattr(target, wrong)
    for claim in claims:
        monkeypatch.setattr(verify, "CLAIMS", (BY_NAME[claim],))
        assert verify.main(["--dims", "1", "4", "--trials", "1"]) == 1, claim
        last = capsys.readouterr().out.splitlines()[-1]
        assert last.endswith(f"1 FAIL: {claim.replace('_', ' ')}")


def test_they_hold_where_it_is_right(monkeypatch, capsys):
    noticing = {claim for _, _, claims in MUTATIONS.values() for claim in claims}
    monkeypatch.setattr(verify, "CLAIMS", tuple(BY_NAME[claim] for claim in sorted(noticing)))
    assert verify.main(["--dims", "1", "4", "--trials", "1"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith("all hold")
