"""The from-scratch models, by definition and by blocks, against a student's loop, right and wrong.

Every comparison is made by one function, `assert_same`; beside each place where it has to pass
stand the mistakes that it has to turn away.
"""

from functools import partial
from typing import Any

import numpy as np
import pytest
from oracles.pictures import pictures
from oracles.plain_loop import MISTAKES, Outcome, plain_loop

from scratch.evaluation import predict
from scratch.mlp import MLPParams
from scratch.models import Model, logistic_regression_model, mlp_model, perceptron_model
from scratch.training import Engine, next_epoch, start

EPOCHS = 3
RATE, PENALTY, HIDDEN = 0.05, 0.1, 5
PIXELS, LABELS = pictures()

MODELS = {
    "perceptron": (lambda: perceptron_model(6, 7), partial(plain_loop, "perceptron")),
    "logistic": (
        lambda: logistic_regression_model(6, RATE, 0.0, 7),
        partial(plain_loop, "logistic", learning_rate=RATE),
    ),
    "penalised": (
        lambda: logistic_regression_model(6, RATE, PENALTY, 7),
        partial(plain_loop, "logistic", learning_rate=RATE, l2_penalty=PENALTY),
    ),
    "mlp": (
        lambda: mlp_model(6, HIDDEN, RATE, 7),
        partial(plain_loop, "mlp", learning_rate=RATE, hidden=HIDDEN),
    ),
}
KINDS = {
    "every model": list(MODELS),
    "linear": ["perceptron", "logistic", "penalised"],
    "logistic": ["logistic", "penalised"],
    "penalised": ["penalised"],
    "perceptron": ["perceptron"],
    "mlp": ["mlp"],
}
CASES = [(name, mistake) for mistake, kind in MISTAKES.items() for name in KINDS[kind]]


def train(model: Model, engine: Engine) -> Outcome:
    """What `scratch` makes of the same pictures."""
    state = start(model, 42, len(PIXELS), PIXELS.shape[1])
    losses, correct = [], []
    for _ in range(EPOCHS):
        state, loss = next_epoch(model, state, PIXELS, LABELS, engine)
        scores = partial(model.scores, model.on_pixels(state.params))
        predicted = predict(scores, PIXELS, model.bias_column, 16)
        losses.append(0.0 if loss is None else loss)
        correct.append(int((predicted == LABELS).sum()))
    params = state.params
    return Outcome(
        params._asdict() if isinstance(params, MLPParams) else {"W": params}, losses, correct
    )


def assert_same(ours: Outcome, theirs: Outcome) -> None:
    """Weights and losses to rounding, counts exactly."""
    assert ours.correct == theirs.correct
    np.testing.assert_allclose(ours.losses, theirs.losses, rtol=1e-12)
    for name, weights in theirs.weights.items():
        np.testing.assert_allclose(ours.weights[name], weights, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("engine", ["definition", "block"])
@pytest.mark.parametrize("name", MODELS)
def test_equals_the_plain_loop(name: str, engine: Engine) -> None:
    model, loop = MODELS[name]
    assert_same(train(model(), engine), loop(PIXELS, LABELS, EPOCHS))


@pytest.mark.parametrize("engine", ["definition", "block"])
def test_perceptron_equals_the_plain_loop_bit_for_bit(engine: Engine) -> None:
    model, loop = MODELS["perceptron"]
    theirs = loop(PIXELS, LABELS, EPOCHS).weights["W"]
    assert np.array_equal(train(model(), engine).weights["W"], theirs)


@pytest.mark.parametrize(("name", "mistake"), CASES, ids=[f"{n}: {m}" for n, m in CASES])
def test_rejects_the_mistake(name: str, mistake: str) -> None:
    model, loop = MODELS[name]
    mistaken = loop(PIXELS, LABELS, EPOCHS, mistake=mistake)
    with pytest.raises(AssertionError):
        assert_same(train(model(), "block"), mistaken)


def test_order_of_examples_is_the_scripts() -> None:
    """`np.random.seed` and in-place shuffling, epoch after epoch, after the MLP's initial draws."""
    model = mlp_model(6, HIDDEN, RATE, 7)
    state = start(model, 7, len(PIXELS), PIXELS.shape[1])
    np.random.seed(7)
    np.random.normal(0.1, 0.1, (HIDDEN, PIXELS.shape[1]))
    np.random.normal(0.1, 0.1, (6, HIDDEN))
    examples = np.arange(len(PIXELS))
    for _ in range(3):
        state, _ = next_epoch(model, state, PIXELS, LABELS)
        examples = examples[np.random.permutation(len(examples))]
        assert np.array_equal(state.order, examples)


def test_training_leaves_the_state_it_was_given_alone() -> None:
    """Pure: the same state gives the same epoch twice, whatever the global generator does."""
    for model in (make() for make, _ in MODELS.values()):
        first = start(model, 42, len(PIXELS), PIXELS.shape[1])
        once, _ = next_epoch(model, first, PIXELS, LABELS)
        np.random.seed(0)
        again, _ = next_epoch(model, first, PIXELS, LABELS)
        for a, b in zip(_arrays(once.params), _arrays(again.params), strict=True):
            assert np.array_equal(a, b)
        assert first.epoch == 0
        assert np.array_equal(first.order, np.arange(len(PIXELS)))


def _arrays(params: Any) -> tuple[np.ndarray, ...]:
    return tuple(params) if isinstance(params, MLPParams) else (params,)


@pytest.mark.parametrize(
    ("name", "correct", "norm"),
    [("perceptron", 33, 15.39873), ("logistic", 18, 1.46288), ("penalised", 17, 1.12886)],
)
def test_golden_counts(name: str, correct: int, norm: float) -> None:
    """Pinned, so that a change which moves both this code and the oracle is noticed."""
    outcome = train(MODELS[name][0](), "block")
    assert outcome.correct[-1] == correct
    assert np.linalg.norm(outcome.weights["W"]) == pytest.approx(norm, abs=5e-5)
