"""recover_theta refuses in one line what it cannot do, and says what would do."""

import numpy as np
import pytest

from analysis import join_c, n_features, recover_theta

NAN = np.array([1.0, np.nan, 0.0])
RANK_2 = join_c(0.0, np.zeros(2), np.eye(2))
LINE = np.array([1.0, 1.0, 0.0])

REFUSED = {
    "no units": (np.ones(3), 0, {}, "n_hidden = 0: expected a whole number"),
    "c of no legal length": (np.ones(7), 2, {}, r"len\(c\) = 7"),
    "not a number": (NAN, 1, {}, r"c\[1\] = nan"),
    "complex": (np.ones(3) * 1j, 1, {}, "c is complex"),
    "too large": (np.array([0, 0, 1e300]), 1, {}, "multiply v and v0 by that constant"),
    "eps zero": (np.ones(3), 1, {"eps": 0.0}, "eps = 0.0: expected a finite number above 0"),
    "eps negative": (np.ones(3), 1, {"eps": -1.0}, "eps = -1.0"),
    "eps nan": (np.ones(3), 1, {"eps": float("nan")}, "eps = nan"),
    "delta zero": (np.ones(3), 1, {"delta": 0.0}, "delta = 0.0"),
    "too few units": (RANK_2, 1, {}, r"rank\(\[M l\]\) = 2 .*closer than 0.707.*n_hidden >= 2"),
    "eps below the bound": (RANK_2, 1, {"eps": 0.1}, "none comes closer than 0.707"),
    "eps below rounding": (
        np.array([0.1, 0.3, 0.7]),
        1,
        {"eps": 1e-30},
        r"network found is .* away from c.*take eps >=",
    ),
    "assignment, K < D": (RANK_2, 1, {"method": "assignment"}, "at least as many units as inputs"),
    "assignment, weights overflow": (
        LINE,
        1,
        {"method": "assignment", "delta": 1e-300},
        "exceed the largest float64",
    ),
    "scaled, weights overflow": (LINE, 1, {"delta": 1e-320}, "take a larger delta"),
    "eps near the smallest number": (LINE, 1, {"eps": 1e-310}, "take a larger eps"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case):
    c, K, options, message = REFUSED[case]
    with pytest.raises(ValueError, match=message) as caught:
        recover_theta(c, K, **options)
    assert "\n" not in str(caught.value)


def test_unknown_method_is_caught_by_the_annotations():
    with pytest.raises(Exception, match=r"(?i)type-check"):
        recover_theta(np.ones(n_features(2)), 2, method="magic")
