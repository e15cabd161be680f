"""`hw1-check` names the mistake that a script of its own made, on drawn images."""

from functools import cache

import numpy as np
import pytest
from oracles.checking import MISTAKES, Checking

from experiments.checking import networks
from experiments.data.dataset import Dataset
from scratch.models import mlp_model

EPOCHS = {"1.1a": 6, "1.2a": 4, "1.2b": 4, "1.3": 2}
# So few steps and small penalties leave every printed digit as it is; all the network's units are
# on at first, so that a slope of 1 is the right one.
UNSEEN = {("1.2b", "spares the bias"), ("1.3", "forgets relu'")}
# One of each kind; HW1_LONG=1 has them all, on photographs.
CASES = [
    (question, mistake)
    for question, names in MISTAKES.items()
    for place, mistake in enumerate(names)
    if question in ("1.1a", "1.3") or (question == "1.2b" and (place % 2 or place > 12))
]


@cache
def checking(question: str) -> Checking:
    return Checking(question, "builtin:120", EPOCHS[question], hidden=8)


@pytest.mark.parametrize("question", MISTAKES)
def test_the_right_script_is_equal_to_the_digit(question: str) -> None:
    own = checking(question)
    for claims in (own.of_log(), own.of_last()):
        found = own.verdict(claims)
        assert found.kind == "equal"
        assert found.ranking[0].variant.key == "right"


@pytest.mark.parametrize("question", MISTAKES)
def test_a_digit_off_is_not_equal(question: str) -> None:
    own = checking(question)
    claims = dict(own.of_last())
    key, given = next(iter(claims.items()))
    claims[key] = given._replace(value=given.value + given.unit)
    found = own.verdict(claims)
    assert not next(a for a in found.ranking if a.variant.key == "right").exact
    assert found.kind != "equal"


def test_the_network_s_plain_loop_is_equal_where_it_is_chaotic() -> None:
    own = Checking("1.3", "builtin:120", 10, hidden=8)
    claims = own.of_log()
    found = own.verdict(claims)
    assert found.kind == "equal"
    engine = [a for a in found.ranking if a.variant.key == "right" and not a.result.detail]
    assert not engine[0].exact  # another order of summation


def test_the_network_s_plain_loop_is_the_definition_bit_for_bit(tiny_data: Dataset) -> None:
    pixels, labels = tiny_data.train.pixels, tiny_data.train.labels
    order = np.random.RandomState(3).permutation(len(labels))
    defined, looped = mlp_model(6, 9, 0.001), networks.plain_loop_model(6, 9, 0.001)
    params = defined.initial(np.random.RandomState(42), pixels.shape[1])
    for _ in range(2):
        expected, loss = defined.epoch_per_example(params, pixels, labels, order)
        found, same_loss = looped.epoch_in_blocks(params, pixels, labels, order)
        assert loss == same_loss
        for one, other in zip(expected, found, strict=True):
            np.testing.assert_array_equal(one, other)
        assert not np.array_equal(found.W1, params.W1)
        params = found


@pytest.mark.parametrize(("question", "mistake"), CASES)
def test_a_mistake_is_named_first(question: str, mistake: str) -> None:
    own = checking(question)
    assert (own.printed(mistake) == own.printed("")) == ((question, mistake) in UNSEEN)
    found = own.verdict(own.of_log(mistake))
    key = MISTAKES[question][mistake]
    if (question, mistake) in UNSEEN:
        assert key in [a.variant.key for a in found.ranking if a.exact]
        return
    assert found.ranking[0].variant.key == key
    assert found.kind == ("seed" if key.startswith("seed") else "mistake")
