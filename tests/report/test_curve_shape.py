"""Shapes of simulated curves whose truth is known: nothing false is said of 300 of each kind."""

import itertools
import random
from collections import Counter

import pytest

from experiments.report.curve_shape import (
    accuracy_shape,
    clearly_above,
    first_at_most,
    loss_shape,
    outcome,
)

TRIES = 300
# What each true course of validation and train accuracy allows to be said.
ALLOWED = {
    ("rises", "rises"): {"rises", "unclear"},
    ("rises", "level"): {"rises", "unclear"},
    ("rises", "falls"): {"rises", "unclear"},
    ("level", "rises"): {"level", "unclear"},
    ("level", "level"): {"level", "unclear"},
    ("level", "falls"): {"level", "unclear"},
    ("falls", "rises"): {"overfits", "falls", "unclear"},
    ("falls", "level"): {"overfits", "falls", "unclear"},
    ("falls", "falls"): {"both fall", "falls", "unclear"},
}


def accuracies(truth: str, epochs: int, noise: float, drawn: random.Random) -> list[float]:
    """A curve from .4 or so, with independent noise."""

    def mean(t: float) -> float:
        if truth == "rises":
            return 0.45 + 0.1 * t
        if truth == "level":
            return 0.45
        return 0.45 + 0.1 * min(t / 0.4, 1) - 0.15 * max(0, t - 0.4)

    return [mean(k / (epochs - 1)) + drawn.gauss(0, noise) for k in range(epochs)]


def outcomes(truths: tuple[str, str], epochs: int, noise: float) -> Counter[str | None]:
    found: Counter[str | None] = Counter()
    for seed in range(TRIES):
        drawn = random.Random(seed)
        val, train = (accuracies(truth, epochs, noise, drawn) for truth in truths)
        found[outcome(val, train)] += 1
    return found


@pytest.mark.parametrize("noise", [0.002, 0.02, 0.04])
@pytest.mark.parametrize("epochs", [20, 100])
@pytest.mark.parametrize("truths", ALLOWED, ids="/".join)
def test_nothing_false_is_said(truths: tuple[str, str], epochs: int, noise: float) -> None:
    assert set(outcomes(truths, epochs, noise)) <= ALLOWED[truths]


@pytest.mark.parametrize("epochs", [20, 60, 200])
@pytest.mark.parametrize("truth", ["level", "rises"])
def test_one_epoch_far_off_is_no_fall(truth: str, epochs: int) -> None:
    """A spike by a hundred times the noise, anywhere; it raised the best mean of all."""
    for seed in range(TRIES):
        drawn = random.Random(seed)
        val, train = (accuracies(truth, epochs, 0.002, drawn) for _ in range(2))
        val[seed % epochs] += 0.2 if seed % 2 else -0.2
        assert outcome(val, train) not in ("overfits", "both fall", "falls")


@pytest.mark.parametrize(
    ("truths", "said"),
    [
        (("rises", "rises"), "rises"),
        (("level", "rises"), "level"),
        (("falls", "rises"), "overfits"),
        (("falls", "falls"), "both fall"),
    ],
    ids=lambda value: value if isinstance(value, str) else "/".join(value),
)
def test_what_is_plain_is_said(truths: tuple[str, str], said: str) -> None:
    assert outcomes(truths, 100, 0.002) == {said: TRIES}


def test_a_noisy_rising_train_curve_hides_no_overfitting() -> None:
    """It was taken for a falling one, so that a falling validation curve was no overfitting."""
    found = outcomes(("falls", "rises"), 100, 0.02)
    assert found["overfits"] > 0.7 * TRIES
    assert found["both fall"] == 0


@pytest.mark.parametrize(
    ("truth", "noise", "restless"),
    [("level", 0.0, False), ("level", 0.002, False), ("level", 0.05, True), ("falls", 0.0, False)],
    ids=["flat", "flat but for what no eye sees", "jumping", "smooth and falling"],
)
def test_a_jump_counts_from_one_per_cent(truth: str, noise: float, restless: bool) -> None:
    for seed in range(TRIES):
        drawn = random.Random(seed)
        slope = 0.3 if truth == "falls" else 0.0
        values = [1.4 - slope * k / 99 + drawn.gauss(0, noise * 1.4) for k in range(100)]
        shape = loss_shape(values)
        assert shape is not None
        assert shape.restless == restless


@pytest.mark.parametrize("noise", [0.0, 0.002, 0.01])
@pytest.mark.parametrize("late", [-0.1, 0.0, 0.1], ids="{:+}".format)
def test_the_end_of_a_loss(late: float, noise: float) -> None:
    """A loss that falls by half, then by `late` of itself over the second half of the epochs."""
    false = {-0.1: {"rising", "level"}, 0.0: {"rising", "falling"}, 0.1: {"falling", "level"}}
    seen = Counter()
    for seed in range(TRIES):
        drawn = random.Random(seed)
        half = [2.0 - 0.02 * k for k in range(50)]
        rest = [1.0 + 2 * late * k / 100 for k in range(50)]
        shape = loss_shape([value + drawn.gauss(0, noise) for value in half + rest])
        assert shape is not None
        seen[shape.trend] += 1
        assert shape.past_best in ({True, False} if late > 0 else {False})
    assert not set(seen) & false[late]
    if noise < 0.01:
        assert len(seen) == 1
        assert "unclear" not in seen


def test_the_epoch_of_a_loss_is_not_the_first_lucky_one() -> None:
    """A curve that truly reaches 1 at epoch 50; a single value dips below long before."""
    for seed in range(TRIES):
        drawn = random.Random(seed)
        values = [2.0 - 0.02 * k + drawn.gauss(0, 0.002) for k in range(100)]
        values[10] = 0.9
        epoch = first_at_most(values, 1.0)
        assert epoch is not None
        assert abs(epoch - 51) <= 3
    assert first_at_most([2.0] * 50, 1.0) is None


def test_short_and_broken_curves_have_no_shape() -> None:
    assert accuracy_shape([0.5] * 7) is None
    assert accuracy_shape([0.5] * 20 + [None]) is None
    assert loss_shape([]) is None
    assert outcome([0.5] * 20, [0.5] * 19 + [None]) is None


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("values", "above"),
    [([2.0] * 20, True), ([2.0] * 3, False), ([2.0] * 20 + [None], False), ([], False)],
    ids=["whole", "short", "broken", "empty"],
)
def test_only_a_whole_curve_is_clearly_above(values: list[float | None], above: bool) -> None:
    assert clearly_above(values, len(values), 1.0) == above


def test_best_and_last_are_where_they_are() -> None:
    rise = [0.1 + 0.01 * k for k in range(60)]
    shape = accuracy_shape([*rise, *itertools.repeat(0.5, 40)])
    assert shape is not None
    assert abs(shape.best_epoch - 58) <= 6
    assert (shape.last, shape.past_best) == (pytest.approx(0.5), True)
