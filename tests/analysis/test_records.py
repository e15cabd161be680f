"""What question 3's functions give back cannot be changed afterwards."""

import dataclasses

import numpy as np
import pytest

from analysis import attainable, fit_closed_form, join_c, recover_theta
from analysis.claims import Settings
from analysis.claims.base import Claim, Source
from analysis.exact import dyadic

C = join_c(1.0, np.array([1.0, 2.0]), np.eye(2))
RECORDS = {
    "attainable": (attainable(C, 2), "rank_m"),
    "fit": (fit_closed_form(np.arange(6.0)[:, None], np.arange(6.0) ** 3), "rank"),
    "recovery": (recover_theta(C, 2), "eps"),
    "dyadic": (dyadic(1.0), "e"),
    "settings": (Settings(), "trials"),
    "claim": (Claim("3.1", "name", "statement", 1, 0.0, 0.0, Source.THEOREM), "cases"),
}


@pytest.mark.parametrize("name", RECORDS)
def test_records_do_not_change(name: str) -> None:
    record, field = RECORDS[name]
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(record, field, 7)


@pytest.mark.parametrize("name", ["fit", "recovery", "dyadic"])
def test_records_of_arrays_are_compared_by_identity(name: str) -> None:
    """Comparing arrays entry by entry would raise; so would hashing them."""
    record, _ = RECORDS[name]
    assert record != dataclasses.replace(record)
    assert isinstance(hash(record), int)


def test_loss_is_half_the_squared_residual() -> None:
    fit, _ = RECORDS["fit"]
    assert fit.residual > 0.1
    assert fit.loss == fit.residual**2 / 2


def test_settings_are_compared_by_value() -> None:
    assert Settings(seed=3) == Settings(seed=3)
    assert Settings(seed=3) != Settings(seed=4)
