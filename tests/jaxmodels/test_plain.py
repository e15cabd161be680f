"""The plain program and the engine: the same weights from the same start and order."""

import inspect
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any

import chex
import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from flax import nnx
from oracles.pictures import pictures

from experiments.configs.q2 import Q2Config
from jaxmodels import plain
from jaxmodels.evaluation import Split, evaluate
from jaxmodels.models import Architecture, network
from jaxmodels.optimizers import Hyperparameters
from jaxmodels.training import CompiledSpec, EpochRules, TrainState, epoch_key, start, train_epoch

PIXELS, LABELS = pictures(n=22)
X, Y = plain.to_features(PIXELS), jnp.asarray(LABELS, jnp.int32)
ENGINES = Split(jnp.asarray(PIXELS), Y)
SEED, EPOCHS, BATCH = 7, 3, 8
HIDDEN, LAYERS = 5, 2
RATE, MOMENTUM, DECAY = 0.1, 0.8, 0.05
CASES = {
    "logistic regression": ("logistic_regression", "sgd", "relu"),
    "feed-forward net": ("mlp", "sgd", "tanh"),
    "feed-forward net, Adam": ("mlp", "adam", "relu"),
}


@pytest.fixture(autouse=True)
def _optaxs_promotions() -> Iterator[None]:
    """Let Optax's Adam raise a float to an integer power, which strict promotion refuses."""
    with jax.numpy_dtype_promotion("standard"):
        yield


first_state = jax.jit(start, static_argnums=0)
engines_epoch = jax.jit(train_epoch, static_argnums=0)
State = tuple[Any, list[float]]


def spec_of(case: str) -> CompiledSpec:
    model, rule, activation = CASES[case]
    return CompiledSpec(Architecture(model, 12, 6, HIDDEN, LAYERS, activation), rule, BATCH)


def hyper_of(rate: float = RATE) -> Hyperparameters:
    return Hyperparameters(*map(jnp.float32, (rate, MOMENTUM, DECAY, 0.0)))


@cache
def engine_trains(case: str) -> tuple[TrainState, State]:
    """The engine's first state, and its parameters and losses after some epochs."""
    spec, hyper = spec_of(case), hyper_of()
    state = first = first_state(spec, hyper, jnp.uint32(SEED))
    losses = []
    for _ in range(EPOCHS):
        state, loss = engines_epoch(spec, hyper, state, ENGINES)
        losses.append(float(loss))
    return first, (state.params, losses)


def engines_orders() -> list[np.ndarray]:
    keys = [epoch_key(jnp.uint32(SEED), jnp.asarray(e)) for e in range(1, EPOCHS + 1)]
    return [np.asarray(jax.random.permutation(jax.random.fold_in(key, 0), 22)) for key in keys]


def plain_model(case: str, params: Any) -> nnx.Module:
    """The plain model with the engine's parameters: Flax's weights are the engine's transposed."""
    model, _, activation = CASES[case]
    rngs = nnx.Rngs(0)
    if model == "logistic_regression":
        made = plain.LogisticRegression(12, 6, rngs=rngs)
    else:
        function = {"relu": nnx.relu, "tanh": jnp.tanh}[activation]
        made = plain.FeedforwardNetwork(12, 6, HIDDEN, LAYERS, function, 0.0, rngs=rngs)
        for number, layer in enumerate(made.hidden):
            set_layer(layer, params["hidden"][number])
    set_layer(made.output, params["output"])
    return made


def set_layer(layer: nnx.Linear, engines: dict[str, Any]) -> None:
    layer.kernel[...] = engines["weight"].T
    layer.bias[...] = engines["bias"]


def engines_params(model: nnx.Module) -> Any:
    """The plain model's parameters in the engine's form."""

    def layer(linear: nnx.Linear) -> dict[str, Any]:
        return {"weight": linear.kernel[...].T, "bias": linear.bias[...]}

    params = {"output": layer(model.output)}
    if hasattr(model, "hidden"):
        params["hidden"] = {i: layer(linear) for i, linear in enumerate(model.hidden)}
    return params


@cache
def rule_of(case: str) -> optax.GradientTransformation:
    """The plain program's rule, one object for all models: JAX compiles its step once."""
    model = plain.LogisticRegression(12, 6, rngs=nnx.Rngs(0))
    return plain.make_optimizer(model, CASES[case][1], RATE, MOMENTUM, DECAY).tx


def plain_trains(case: str, first: TrainState, change: Callable[..., Any] | None = None) -> State:
    """The plain program from the engine's first weights and in its orders, or a change of it."""
    model = plain_model(case, first.params)
    optimizer = nnx.Optimizer(model, rule_of(case), wrt=nnx.Param)
    x, epoch, orders = X, plain.train_epoch, engines_orders()
    if change is not None:
        model, optimizer, x, epoch, orders = change(model, optimizer, x, epoch, orders)
    losses = [epoch(model, optimizer, x, Y, order, BATCH) for order in orders]
    return engines_params(model), losses


def assert_same(plains: State, engines: State) -> None:
    chex.assert_trees_all_close(plains, engines, rtol=2e-4, atol=2e-5)


@pytest.mark.parametrize("case", CASES)
def test_plain_and_engine_agree(case: str) -> None:
    first, engines = engine_trains(case)
    assert_same(plain_trains(case, first), engines)


def decay_last(model: nnx.Module, _: Any, *rest: Any) -> Any:
    rule = optax.sgd(RATE, momentum=MOMENTUM)
    late = optax.chain(rule, optax.add_decayed_weights(-RATE * DECAY))
    return (model, nnx.Optimizer(model, late, wrt=nnx.Param), *rest)


def other_rate(model: nnx.Module, _: Any, *rest: Any) -> Any:
    return (model, plain.make_optimizer(model, "sgd", 1.01 * RATE, MOMENTUM, DECAY), *rest)


def no_momentum(model: nnx.Module, _: Any, *rest: Any) -> Any:
    return (model, plain.make_optimizer(model, "sgd", RATE, 0.0, DECAY), *rest)


def over_255(model: nnx.Module, optimizer: Any, x: Any, *rest: Any) -> Any:
    return (model, optimizer, x * (256 / 255), *rest)


def same_order(model: nnx.Module, optimizer: Any, x: Any, epoch: Any, orders: Any) -> Any:
    return model, optimizer, x, epoch, [orders[0]] * EPOCHS


def last_dropped(model: nnx.Module, optimizer: Any, x: Any, epoch: Any, orders: Any) -> Any:
    def whole_batches(m: Any, o: Any, x: Any, y: Any, order: Any, size: int) -> float:
        return epoch(m, o, x, y, order[: len(order) // size * size], size)

    return model, optimizer, x, whole_batches, orders


def test_a_short_last_batch_may_be_left_out() -> None:
    """A mistake that hw1-check knows; the plain program without its last batch is its witness."""
    case = "feed-forward net"
    state = first = first_state(spec_of(case), hyper_of(), jnp.uint32(SEED))
    epoch = jax.jit(partial(train_epoch, rules=EpochRules(drop_last=True)), static_argnums=0)
    losses = []
    for _ in range(EPOCHS):
        state, loss = epoch(spec_of(case), hyper_of(), state, ENGINES)
        losses.append(float(loss))
    assert_same(plain_trains(case, first, last_dropped), (state.params, losses))


def no_bias(model: nnx.Module, *rest: Any) -> Any:
    model.output.bias[...] = jnp.zeros(6)
    return (model, *rest)


WRONG = {
    "decay after momentum": decay_last,
    "rate 1 % off": other_rate,
    "no momentum": no_momentum,
    "pixels over 255": over_255,
    "not reshuffled": same_order,
    "last batch dropped": last_dropped,
    "first biases of zero": no_bias,
}


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)
def test_a_wrong_plain_program_is_rejected(change: Callable[..., Any]) -> None:
    first, engines = engine_trains("feed-forward net")
    with pytest.raises(AssertionError):
        assert_same(plain_trains("feed-forward net", first, change), engines)


@pytest.mark.parametrize("case", CASES)
def test_evaluations_agree(case: str) -> None:
    first, _ = engine_trains(case)
    model = plain_model(case, first.params)
    model.eval()
    loss, accuracy = plain.evaluate(model, X, Y)
    found = evaluate(network(spec_of(case).architecture), first.params, ENGINES)
    np.testing.assert_allclose(loss, found.loss, rtol=1e-5)
    assert round(float(accuracy) * len(Y)) == int(found.correct)


@pytest.mark.parametrize(
    "part",
    [
        plain.LogisticRegression.__init__,
        plain.FeedforwardNetwork.__init__,
        plain.make_optimizer,
        plain.train_epoch,
        plain.train,
    ],
)
def test_what_is_not_named_is_as_in_question_2_2(part: Callable[..., Any]) -> None:
    expected = vars(Q2Config("mlp")) | {"n_features": 48 * 48 * 3, "n_classes": 6, "name": "sgd"}
    expected["activation"] = nnx.relu
    parameters = inspect.signature(part).parameters.values()
    defaults = {p.name: p.default for p in parameters if p.default is not p.empty}
    assert defaults
    assert defaults == {name: expected[name] for name in defaults}


@pytest.mark.parametrize("layers", [1, 3])
def test_other_numbers_of_layers(layers: int) -> None:
    model = plain.FeedforwardNetwork(12, 6, 5, layers, rngs=nnx.Rngs(0))
    assert len(model.hidden) == layers
    assert model(X).shape == (22, 6)


def test_first_weights_are_pytorchs() -> None:
    model = plain.FeedforwardNetwork(400, 6, 300, rngs=nnx.Rngs(0))
    for layer, n_in in ((model.hidden[0], 400), (model.hidden[1], 300), (model.output, 300)):
        bound = 1 / np.sqrt(n_in)
        for values in (layer.kernel[...], layer.bias[...]):
            assert np.abs(values).max() <= bound
        np.testing.assert_allclose(layer.kernel[...].std(), bound / np.sqrt(3), rtol=0.05)
        assert np.abs(layer.bias[...]).max() > 0.5 * bound  # Flax's own would be zero


def test_dropout_is_on_in_training_and_off_in_evaluation() -> None:
    model = plain.FeedforwardNetwork(12, 6, 40, rngs=nnx.Rngs(0))
    assert not np.allclose(model(X), model(X))
    model.eval()
    np.testing.assert_array_equal(model(X), model(X))


def test_labels_of_the_courses_shape_are_refused() -> None:
    model = plain.LogisticRegression(12, 6, rngs=nnx.Rngs(0))
    with pytest.raises(AssertionError, match="assert_shape"):
        plain.mean_loss(model, X, Y[:, None])


def test_training_learns_and_keeps_the_models_weights() -> None:
    model = plain.FeedforwardNetwork(12, 6, 40, dropout=0.1, rngs=nnx.Rngs(3))
    split = (PIXELS, LABELS.astype(np.int32))
    optimizer = plain.make_optimizer(model, "adam", 0.01)
    run = partial(plain.train, model, optimizer, split, split, batch_size=8)
    first, *_, last = run(epochs=40)
    assert last.train_loss < 0.7 * first.train_loss
    assert last.val_accuracy > first.val_accuracy
    again, *_ = run(epochs=1)  # goes on from where the model is
    assert again.train_loss < first.train_loss
