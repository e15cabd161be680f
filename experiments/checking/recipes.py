"""From a variant's name to a model and an order of examples, for question 1."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.checking import linear, networks, perceptrons
from experiments.checking.watch import Watch, watched, watched_mlp
from experiments.configs.q1 import Q1Config
from scratch import perceptron
from scratch.models import Model

# (generator, order of the epoch before): the epoch's order of examples.
Order = Callable[[np.random.RandomState, NDArray[np.int64]], NDArray[np.int64]]

N_CLASSES = 6
PIXEL_FACTOR = 256 / 255
WRONG_RATE = 0.01
PENALTY = 0.01  # what 1.2b leaves behind in 1.2a


class Recipe(NamedTuple):
    """One training.

    Attributes:
        model: what is trained.
        seed: of the generator.
        order: how each epoch's order follows from the one before.
        labels_stay: whether labels stay where they were while the images are shuffled.
        watch: counts made while learning, None for none.
    """

    model: Model
    seed: int = 42
    order: Order = lambda rng, before: before[rng.permutation(len(before))]
    labels_stay: bool = False
    watch: Watch | None = None


def recipe(key: str, config: Q1Config) -> Recipe:
    """The training that a variant stands for.

    Args:
        key: a variant of kind right, seed or training; "plain loop" for the network summed as a
            plain loop sums; or a sixth of "release v1", "ties 3" for ties that fall to class 3
            first.
        config: what the question asks for.
    """
    if key in _ORDERS:
        return Recipe(_right(config), order=_ORDERS[key]())
    match key.split():
        case ["right"]:
            return _watched(config)
        case ["plain", "loop"]:
            hidden, rate = config.hidden_size, config.learning_rate
            return Recipe(networks.plain_loop_model(N_CLASSES, hidden, rate))
        case ["seed", number]:
            return Recipe(_right(config), seed=int(number))
        case ["labels", *_]:
            return Recipe(_right(config), labels_stay=True)
        case ["ties", first]:
            classes = sorted(range(N_CLASSES), key=lambda k: (k != int(first), k))
            step_coefficients = perceptrons.with_ties(classes, N_CLASSES)
            return Recipe(linear.linear_model(N_CLASSES, step_coefficients))
    if config.model == "mlp":
        return Recipe(_network(key, config))
    return Recipe(_linear(key, config))


def _right(config: Q1Config) -> Model:
    if config.model == "mlp":
        return networks.network_model(
            N_CLASSES, config.hidden_size, config.learning_rate, networks.Change()
        )
    return linear.linear_model(N_CLASSES, _response(config), linear.Change(_decay(config)))


def _watched(config: Q1Config) -> Recipe:
    watch = Watch()
    if config.model == "mlp":
        model = watched_mlp(N_CLASSES, config.hidden_size, config.learning_rate, watch)
    else:
        step_coefficients = watched(_response(config), watch)
        model = linear.linear_model(N_CLASSES, step_coefficients, linear.Change(_decay(config)))
    return Recipe(model, watch=watch)


def _response(config: Q1Config) -> linear.MakeStepCoefficients:
    if config.model == "perceptron":
        return lambda labels: perceptron.step_coefficients(labels, N_CLASSES)
    return linear.logistic_response("softmax", config.learning_rate)


def _decay(config: Q1Config, factor: float = 1.0) -> float:
    return 1.0 - factor * config.learning_rate * config.l2_penalty


def _linear(key: str, config: Q1Config) -> Model:
    """A linear model with one change."""
    step_coefficients, decay, rate = _response(config), _decay(config), config.learning_rate
    change = linear.Change(decay)
    match key:
        case "averaged":
            return linear.averaged_model(N_CLASSES, step_coefficients)
        case "one against all":
            step_coefficients = perceptrons.one_against_all
        case "y times x":
            step_coefficients = perceptrons.changed_response("label times x", N_CLASSES)
        case "y times x added":
            step_coefficients = perceptrons.changed_response("label times x added", N_CLASSES)
        case "true row" | "predicted row":
            step_coefficients = perceptrons.changed_response(key, N_CLASSES)
        case "sigmoid" | "softmax twice" | "ascent":
            step_coefficients = linear.logistic_response(key, rate)
        case "rate 0.01":
            step_coefficients = linear.logistic_response("softmax", WRONG_RATE)
            change = linear.Change(1.0 - WRONG_RATE * config.l2_penalty)
        case "penalty first":
            step_coefficients = linear.decayed_first(step_coefficients, decay)
        case "no penalty":
            change = linear.Change()
        case "penalty":
            change = linear.Change(1.0 - rate * PENALTY)
        case "2 lambda":
            change = linear.Change(_decay(config, 2.0))
        case "minus lambda":
            change = linear.Change(_decay(config, -1.0))
        case "lambda without rate":
            change = linear.Change(1.0 - config.l2_penalty)
        case "bias not penalised":
            change = linear.Change(decay, bias="free")
        case "no bias column":
            change = linear.Change(decay, bias="none")
        case "pixels over 255":
            change = linear.Change(decay, PIXEL_FACTOR)
        case "drawn weights":
            change = linear.Change(decay, drawn=True)
        case _:
            raise ValueError(f"variant: got {key!r}, expected one of --list")
    return linear.linear_model(N_CLASSES, step_coefficients, change)


_NETWORKS: dict[str, networks.Change] = {
    "pixels over 255": networks.Change(pixel_factor=PIXEL_FACTOR),
    "sigmoid": networks.Change(probabilities="sigmoid"),
    "softmax twice": networks.Change(probabilities="softmax twice"),
    "one bias": networks.Change(one_bias=True),
    "slope forgotten": networks.Change(slope=False),
    "stepped early": networks.Change(stepped_early=True),
    "W2 first": networks.Change(output_first=True),
    "mean 0": networks.Change(networks.normal(0.0, 0.1)),
    "deviation 0.01": networks.Change(networks.normal(0.1, 0.01)),
    "uniform weights": networks.Change(networks.uniform_by_inputs),
    "200 hidden": networks.Change(hidden=200),
    "tanh": networks.Change(activation="tanh"),
}


def _network(key: str, config: Q1Config) -> Model:
    """An MLP with one change."""
    rate = WRONG_RATE if key == "rate 0.01" else config.learning_rate
    change = networks.Change() if key == "rate 0.01" else _NETWORKS[key]
    return networks.network_model(N_CLASSES, config.hidden_size, rate, change)


def _once() -> Order:
    """One permutation, kept."""
    drawn: list[NDArray[np.int64]] = []

    def order(rng: np.random.RandomState, before: NDArray[np.int64]) -> NDArray[np.int64]:
        if not drawn:
            drawn.append(before[rng.permutation(len(before))])
        return drawn[0]

    return order


def _seeded_anew(_rng: np.random.RandomState, before: NDArray[np.int64]) -> NDArray[np.int64]:
    return before[np.random.RandomState(42).permutation(len(before))]


def _new_generator() -> Order:
    rng = np.random.default_rng(42)
    return lambda _rng, before: before[rng.permutation(len(before))]


def _without_last() -> Order:
    whole: list[NDArray[np.int64]] = []

    def order(rng: np.random.RandomState, before: NDArray[np.int64]) -> NDArray[np.int64]:
        last = whole[-1] if whole else before
        whole[:] = [last[rng.permutation(len(last))]]
        return whole[0][:-1]

    return order


# Made anew for each training: some of them remember.
_ORDERS: dict[str, Callable[[], Order]] = {
    "not cumulative": lambda: lambda rng, before: rng.permutation(len(before)),
    "not shuffled": lambda: lambda _rng, before: np.arange(len(before)),
    "same permutation": lambda: _seeded_anew,
    "shuffled once": _once,
    "new generator": _new_generator,
    "last dropped": _without_last,
}
