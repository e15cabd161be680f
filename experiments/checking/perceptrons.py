"""The perceptron's update with one thing changed, and all the orders in which ties can fall."""

from collections.abc import Callable, Iterator, Sequence
from itertools import permutations

import numpy as np
from jaxtyping import Float64, Int, UInt8

from experiments.checking.linear import MakeStepCoefficients
from scratch.block_sgd import StepCoefficients
from scratch.features import features_with_bias

# (coefficients, label, predicted): writes the step of a mistake on this example.
_Step = Callable[[list[float], int, int], None]


def _label_times_x(c: list[float], label: int, predicted: int) -> None:
    c[label] += label
    c[predicted] -= label


def _label_times_x_added(c: list[float], label: int, predicted: int) -> None:
    c[predicted] += label


def _true_row(c: list[float], label: int, _predicted: int) -> None:
    c[label] = 1.0


def _predicted_row(c: list[float], _label: int, predicted: int) -> None:
    c[predicted] = -1.0


def _both(c: list[float], label: int, predicted: int) -> None:
    c[label], c[predicted] = 1.0, -1.0


STEPS: dict[str, _Step] = {
    "label times x": _label_times_x,
    "label times x added": _label_times_x_added,
    "true row": _true_row,
    "predicted row": _predicted_row,
}


def changed_response(step: str, n_classes: int) -> MakeStepCoefficients:
    """The update that one of `STEPS` makes on a mistake."""

    def step_coefficients(labels: list[int]) -> StepCoefficients:
        def coefficients_of(example: int, s: Float64[np.ndarray, "c"]) -> list[float]:
            c = [0.0] * n_classes
            predicted = int(s.argmax())
            if predicted != labels[example]:
                STEPS[step](c, labels[example], predicted)
            return c

        return coefficients_of

    return step_coefficients


def one_against_all(labels: list[int]) -> StepCoefficients:
    """A binary perceptron for each class: `W_k += t_k x` wherever `t_k s_k <= 0`, t in {-1, 1}."""

    def coefficients_of(example: int, s: Float64[np.ndarray, "c"]) -> Float64[np.ndarray, "c"]:
        t = np.full(len(s), -1.0)
        t[labels[example]] = 1.0
        return np.where(t * s <= 0, t, 0.0)

    return coefficients_of


def with_ties(order: Sequence[int], n_classes: int) -> MakeStepCoefficients:
    """The right update, ties falling to the first of the tied classes in `order`."""
    places = np.asarray(order)

    def step_coefficients(labels: list[int]) -> StepCoefficients:
        def coefficients_of(example: int, s: Float64[np.ndarray, "c"]) -> list[float]:
            c = [0.0] * n_classes
            predicted = int(places[s[places].argmax()])
            if predicted != labels[example]:
                _both(c, labels[example], predicted)
            return c

        return coefficients_of

    return step_coefficients


def distinct_tie_orders(
    pixels: UInt8[np.ndarray, "n d"],
    labels: Int[np.ndarray, "n"],
    order: Int[np.ndarray, "m"],
    n_classes: int,
) -> list[tuple[int, ...]]:
    """One order of the classes for every way in which the perceptron's ties can fall.

    With zero weights the scores tie until each class has been stepped once; which class a tie falls
    to is a matter of the classes' numbers. Permuted numbers therefore train another perceptron, but
    most of the 720 permutations the same one: they are split only where they differ. On photographs
    six are left, by the class that is numbered 0.

    Args:
        pixels: uint8 `[n, d]`.
        labels: `[n]`.
        order: the first epoch's, `[m]`.
        n_classes: how many classes.

    Returns:
        The orders; the first is the assignment's, 0 to `n_classes - 1`.
    """
    groups = [(list(permutations(range(n_classes))), np.zeros((n_classes, pixels.shape[1] + 1)))]
    for example in order.tolist():
        if all(np.all(W.any(axis=1)) for _, W in groups):
            break
        x, label = features_with_bias(pixels[example]), int(labels[example])
        groups = [part for group in groups for part in _split(*group, x, label)]
    return sorted(orders[0] for orders, _ in groups)


def _split(
    orders: list[tuple[int, ...]],
    W: Float64[np.ndarray, "c w"],
    x: Float64[np.ndarray, "w"],
    label: int,
) -> Iterator[tuple[list[tuple[int, ...]], Float64[np.ndarray, "c w"]]]:
    s = W @ x
    tied = np.flatnonzero(s == s.max()).tolist()
    for predicted in tied:
        own = [o for o in orders if min(tied, key=o.index) == predicted]
        if own:
            stepped = W.copy()
            stepped[label] += x
            stepped[predicted] -= x
            yield own, stepped
