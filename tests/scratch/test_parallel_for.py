"""Who works on what: by default nobody else, and buffers no wider than the features want."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from oracles.pictures import pictures

from scratch import block_sgd, evaluation, models, perceptron, training, workers
from scratch.features import features

PIXELS, LABELS = pictures()


def refuse(*_: Any) -> Any:
    raise AssertionError("what was asked for")


def epoch(**options: int) -> np.ndarray:
    step_coefficients = perceptron.step_coefficients(LABELS.tolist(), 6)
    return block_sgd.block_epoch(
        np.zeros((6, 13)), PIXELS, np.arange(40), step_coefficients, 8, **options
    )


def predict(**options: int) -> np.ndarray:
    weights = np.ones((6, 12))
    return evaluation.predict(lambda x: x @ weights.T, PIXELS, False, 8, **options)


def mlp_epoch(**options: int) -> Any:
    model = models.mlp_model(6, 4, 0.01, 8, **options)
    params = model.initial(np.random.RandomState(0), 12)
    return model.epoch_in_blocks(params, PIXELS, LABELS, np.arange(40))


@pytest.mark.parametrize("work", [epoch, predict, mlp_epoch])
def test_one_thread_unless_more_are_asked_for(
    work: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "ThreadPoolExecutor", refuse)
    work()
    with pytest.raises(AssertionError, match="asked for"):
        work(threads=2)


@pytest.mark.parametrize(("threads", "others"), [(2, 1), (3, 2), (5, 4)])
def test_the_calling_thread_is_one_of_them(
    threads: int, others: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    make = workers.ThreadPoolExecutor

    def noted(n: int) -> Any:
        asked.append(n)
        return make(n)

    monkeypatch.setattr(workers, "ThreadPoolExecutor", noted)
    with workers.workers(threads) as team:
        assert team.threads == threads
    assert asked == [others]
    with workers.workers(1) as alone:
        assert alone.threads == 1
    assert asked == [others]


@pytest.mark.parametrize("threads", [2, 4])
def test_each_of_the_others_is_called_once(threads: int) -> None:
    class Pool(ThreadPoolExecutor):
        asked = 0

        def submit(self, *work: Any) -> Any:
            self.asked += 1
            return super().submit(*work)

    done: list[int] = []
    with Pool(threads) as pool:
        workers.Workers(threads, pool).parallel_for(done.append, 5)
    assert pool.asked == threads - 1
    assert sorted(done) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("work", "shares"),
    [(epoch, 1), (mlp_epoch, 4)],
    ids=["a linear model", "the MLP"],
)
def test_what_the_features_are_cut_in(
    work: Callable[..., Any], shares: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    split_axis = block_sgd.split_axis

    def noted(length: int, n: int, multiple: int) -> list[slice]:
        asked.append(n)
        assert length == 16  # 12 pixels and a one, up to a multiple of 8
        return split_axis(length, n, multiple)

    monkeypatch.setattr(block_sgd, "split_axis", noted)
    work()
    assert asked == [shares]


@pytest.mark.parametrize(
    ("model", "size"),
    [
        (models.perceptron_model(6), 13),
        (models.logistic_regression_model(6, 0.1, 0.0), 13),
        (models.mlp_model(6, 4, 0.1), 96),
    ],
    ids=["perceptron", "logistic regression", "MLP"],
)
def test_block_sizes_that_published_digits_were_made_with(
    model: models.Model, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No result depends on them but for rounding; the last digits do."""
    asked: list[int] = []

    def noted(
        weights: np.ndarray,
        pixels: Any,
        order: Any,
        step_coefficients: Any,
        block_size: int,
        *_,
        **__,
    ):
        asked.append(block_size)
        return weights

    monkeypatch.setattr(models, "block_epoch", noted)
    params = model.initial(np.random.RandomState(0), 12)
    model.epoch_in_blocks(params, PIXELS, LABELS, np.arange(40))
    assert asked == [size]


@pytest.mark.parametrize("engine", ["block", "definition"])
def test_the_engine_asked_for_does_the_work(engine: Any) -> None:
    """The two give the same, so that only a stand-in tells who was asked."""
    model = models.perceptron_model(6)
    other = model._replace(
        **{"epoch_per_example" if engine == "block" else "epoch_in_blocks": refuse}
    )
    state = training.start(model, 0, 40, 12)
    training.next_epoch(other, state, PIXELS, LABELS, engine)
    asked = model._replace(
        **{"epoch_in_blocks" if engine == "block" else "epoch_per_example": refuse}
    )
    with pytest.raises(AssertionError, match="asked for"):
        training.next_epoch(asked, state, PIXELS, LABELS, engine)


def test_blocks_unless_the_definition_is_asked_for() -> None:
    model = models.perceptron_model(6)._replace(epoch_per_example=refuse)
    training.next_epoch(model, training.start(model, 0, 40, 12), PIXELS, LABELS)


@pytest.mark.parametrize(
    ("length", "shares", "multiple", "lengths"),
    [
        (10, 1, 1, [10]),
        (10, 3, 1, [3, 3, 4]),
        (3, 5, 1, [1, 1, 1]),
        (16, 2, 8, [8, 8]),
        (20, 2, 8, [8, 12]),
        (17, 4, 8, [8, 8, 1]),
        (40, 4, 8, [8, 8, 8, 16]),
    ],
)
def test_cuts(length: int, shares: int, multiple: int, lengths: list[int]) -> None:
    parts = workers.split_axis(length, shares, multiple)
    assert [part.stop - part.start for part in parts] == lengths
    assert [part.start for part in parts] == [0, *(part.stop for part in parts[:-1])]


def test_cuts_are_of_ones_unless_told() -> None:
    assert workers.split_axis(5, 5) == [slice(k, k + 1) for k in range(5)]


@pytest.mark.parametrize(
    ("model", "bias_column", "shift"),
    [
        (models.perceptron_model(6), True, 1),
        (models.logistic_regression_model(6, 0.1, 0.0), True, 1),
        (models.mlp_model(6, 4, 0.1), False, 0),
    ],
    ids=["perceptron", "logistic regression", "MLP"],
)
def test_what_a_model_says_of_itself(model: models.Model, bias_column: bool, shift: int) -> None:
    assert model.bias_column is bias_column
    assert model.threads == 1
    first = model.initial(np.random.RandomState(0), 12)
    weights = first if bias_column else first.W1
    assert weights.shape[1] == 12 + shift
    x = features(PIXELS[:3])
    x = np.column_stack([x, np.ones(3)]) if bias_column else x
    assert model.scores(first, x).shape == (3, 6)


def test_a_state_says_which_epochs_are_done() -> None:
    """And its generator is the dictionary that a checkpoint can write down by name."""
    model = models.perceptron_model(6)
    state = training.start(model, 0, 40, 12)
    for epoch_number in range(3):
        assert state.epoch == epoch_number
        assert isinstance(state.generator, dict)
        state, _ = training.next_epoch(model, state, PIXELS, LABELS)
