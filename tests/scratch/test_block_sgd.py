"""The block engine equals the definition for every block size, and wrong engines are noticed."""

import threading
import time
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles.pictures import pictures

from scratch import block_sgd, logistic_regression, perceptron
from scratch.features import features_with_bias
from scratch.mlp import MLPParams
from scratch.models import Model, logistic_regression_model, mlp_model, perceptron_model
from scratch.workers import workers

MAKERS: dict[str, Any] = {
    "perceptron": perceptron_model,
    "logistic": partial(logistic_regression_model, learning_rate=0.03, l2_penalty=0.0),
    "penalised": partial(logistic_regression_model, learning_rate=0.03, l2_penalty=0.7),
    "mlp": partial(mlp_model, n_hidden=4, learning_rate=0.02),
}


def both(model: Model, n: int, d: int, n_classes: int, seed: int) -> tuple[Any, Any]:
    """An epoch from random weights, by blocks and by definition."""
    pixels, labels = pictures(n, d, n_classes, seed)
    rng = np.random.RandomState(seed)
    params = model.initial(rng, d)
    if not isinstance(params, MLPParams):
        params = rng.normal(0, 0.1, params.shape)
    order = rng.permutation(n)
    return (
        model.epoch_in_blocks(params, pixels, labels, order),
        model.epoch_per_example(params, pixels, labels, order),
    )


def assert_equal_epochs(ours: Any, definition: Any) -> None:
    (params, loss), (expected, expected_loss) = ours, definition
    if isinstance(expected, MLPParams):
        assert loss == pytest.approx(expected_loss, rel=1e-11)
    else:
        params, expected = [params], [expected]
    for a, b in zip(params, expected, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", MAKERS)
@settings(max_examples=40, deadline=None)
@given(
    block_size=st.integers(1, 50),
    n=st.integers(6, 45),
    d=st.integers(1, 30),
    n_classes=st.integers(2, 6),
    seed=st.integers(0, 2**32 - 1),
)
def test_equals_the_definition(
    name: str, block_size: int, n: int, d: int, n_classes: int, seed: int
) -> None:
    model = MAKERS[name](n_classes, block_size=block_size)
    assert_equal_epochs(*both(model, n, d, n_classes, seed))


@pytest.mark.parametrize("decay", [1.0, 0.9, 0.0, -0.5, 1.5, 2.0])
def test_any_decay(decay: float) -> None:
    """Also those that make the weights vanish, alternate or grow: powers are never divided by."""
    pixels, labels = pictures()
    W = np.random.default_rng(1).normal(size=(6, 13))
    order = np.arange(len(pixels))
    step_coefficients = logistic_regression.step_coefficients(labels.tolist(), 0.05)
    ours = block_sgd.block_epoch(W, pixels, order, step_coefficients, 9, decay)
    for x, label in zip(features_with_bias(pixels), labels.tolist(), strict=True):
        gradient = logistic_regression.gradient(W, x, label, 0.0)
        W = decay * W - 0.05 * gradient
    np.testing.assert_allclose(ours, W, rtol=1e-9, atol=1e-12)


def test_large_blocks_take_the_symmetric_product() -> None:
    """More than 32 examples a block, on enough features that pieces would differ from it."""
    assert_equal_epochs(*both(MAKERS["penalised"](6, block_size=60), 200, 64, 6, 0))


@pytest.mark.parametrize("shares", [2, 3, 40])
@pytest.mark.parametrize("block_size", [1, 7, 40, 64])
def test_shares_change_rounding_only(shares: int, block_size: int) -> None:
    """Also where the shares are more than the features."""
    pixels, labels = pictures()
    W, order = np.random.default_rng(2).normal(size=(4, 13)), np.arange(40)
    step_coefficients = logistic_regression.step_coefficients((labels % 4).tolist(), 0.05)
    one, many = (
        block_sgd.block_epoch(
            W, pixels, order, step_coefficients, block_size, 0.9, shares=n, threads=2
        )
        for n in (1, shares)
    )
    np.testing.assert_allclose(many, one, rtol=1e-11, atol=1e-13)


def test_threads_change_not_a_bit() -> None:
    """At the assignment's width, where products of other shapes round differently."""
    pixels, labels = pictures(200, 6912, 6, 3)
    one, two = (mlp_model(6, 100, 0.001, threads=threads) for threads in (1, 2))
    params = one.initial(np.random.RandomState(3), 6912)
    order = np.random.RandomState(4).permutation(200)
    first, second = (m.epoch_in_blocks(params, pixels, labels, order) for m in (one, two))
    assert first[1] == second[1]
    for a, b in zip(first[0], second[0], strict=True):
        assert np.array_equal(a, b)


def test_an_error_in_a_thread_is_raised() -> None:
    main = threading.get_ident()

    def fail(_number: int) -> None:
        if threading.get_ident() != main:
            raise RuntimeError("in the second thread")
        time.sleep(0.01)

    with workers(2) as team, pytest.raises(RuntimeError, match="second"):
        team.parallel_for(fail, 10)


def test_each_share_is_worked_on_once() -> None:
    done: list[int] = []
    for threads in (1, 2, 5):
        with workers(threads) as team:
            team.parallel_for(done.append, 200)
        assert sorted(done) == list(range(200))
        done.clear()


def test_gram_matrix_is_exact() -> None:
    x = np.random.default_rng(0).integers(0, 256, (20, 6920)).astype(float)
    out = np.zeros((20, 20))
    block_sgd._gram_below_diagonal(x, out)
    exact = np.tril(x.astype(np.int64) @ x.astype(np.int64).T, -1)
    assert np.array_equal(np.tril(out, -1), exact)


def _gram_off_by_a_row(x: np.ndarray, out: np.ndarray) -> None:
    np.matmul(np.roll(x, 1, axis=0), x.T, out=out)


def _gram_without_the_one(x: np.ndarray, out: np.ndarray) -> None:
    without = np.where(x == 256, 0, x)  # pixels end at 255
    np.matmul(without, without.T, out=out)


def _gram_of_zero(x: np.ndarray, out: np.ndarray) -> None:
    """Stale scores: mini-batches in place of per-example steps."""
    out[:] = 0


@pytest.mark.parametrize("wrong", [_gram_off_by_a_row, _gram_without_the_one, _gram_of_zero])
@pytest.mark.parametrize("name", MAKERS)
def test_rejects_a_wrong_gram_matrix(
    name: str, wrong: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(block_sgd, "_gram_below_diagonal", wrong)
    with pytest.raises(AssertionError):
        assert_equal_epochs(*both(MAKERS[name](6, block_size=8), 40, 12, 6, 0))


def test_rejects_a_forgotten_scale() -> None:
    """The engine of no penalty does not pass for that of a penalty."""
    (ours, _), (expected, _) = both(MAKERS["penalised"](6, block_size=8), 40, 12, 6, 0)
    forgotten = MAKERS["penalised"](6, block_size=8)._replace(
        epoch_in_blocks=MAKERS["logistic"](6, block_size=8).epoch_in_blocks
    )
    assert_equal_epochs((ours, None), (expected, None))
    with pytest.raises(AssertionError):
        assert_equal_epochs(*both(forgotten, 40, 12, 6, 0))


def test_rejects_an_update_one_step_late() -> None:
    pixels, labels = pictures()
    timely = perceptron.step_coefficients(labels.tolist(), 6)
    waiting: list[list[float]] = [[0.0] * 6]

    def late(example: int, s: np.ndarray) -> list[float]:
        waiting.append(list(timely(example, s)))
        return waiting[-2]

    W, order = np.zeros((6, 13)), np.arange(len(pixels))
    on_time = block_sgd.block_epoch(W, pixels, order, timely, 8)
    with pytest.raises(AssertionError):
        np.testing.assert_allclose(block_sgd.block_epoch(W, pixels, order, late, 8), on_time)


def test_weights_given_are_left_alone() -> None:
    pixels, labels = pictures()
    W = np.ones((6, 13))
    block_sgd.block_epoch(
        W, pixels, np.arange(40), perceptron.step_coefficients(labels.tolist(), 6), 8
    )
    assert np.array_equal(W, np.ones((6, 13)))
