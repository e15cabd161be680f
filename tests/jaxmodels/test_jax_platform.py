"""The installed jax computes what NumPy computes, and one that does not is turned away."""

import numpy as np
import pytest

from jaxmodels.platform_check import ROWS, check_platform

OPTIMISED = True


def by_numpy(M: np.ndarray, rows: np.ndarray) -> np.ndarray:
    return ((rows @ M.T) ** 2).sum(axis=1)


def last_row_wrong(M: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """What jax 0.10.2 does."""
    sums = by_numpy(M, rows)
    sums[-1] = sums[0]
    return sums


def not_a_number(M: np.ndarray, rows: np.ndarray) -> np.ndarray:
    sums = by_numpy(M, rows)
    sums[7] = np.nan
    return sums


def test_this_platform_is_right() -> None:
    check_platform()
    check_platform(by_numpy)


@pytest.mark.parametrize(
    ("compiled", "named"),
    [
        (last_row_wrong, f"1 of {ROWS} row sums are wrong, row {ROWS - 1} is"),
        (not_a_number, "row 7 is nan"),
        (lambda M, rows: 1.01 * by_numpy(M, rows), "row sums are wrong, row 0 is"),
    ],
    ids=["last row", "not a number", "1 % off"],
)
def test_a_broken_one_is_named(compiled, named: str) -> None:
    with pytest.raises(RuntimeError, match=named) as caught:
        check_platform(compiled)
    assert "install another version" in str(caught.value)


def test_the_case_is_the_one_that_is_known_to_fail() -> None:
    shapes = []

    def looking(M: np.ndarray, rows: np.ndarray) -> np.ndarray:
        shapes.append((M.shape, rows.shape))
        return by_numpy(M, rows)

    check_platform(looking)
    assert shapes == [((3, 3), (2**15 + 1, 3))]
