"""What is checked alike of every class of question 1: the order of an epoch, and predictions."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from experiments.checking.catalogue import BY_KEY
from experiments.checking.script import findings
from experiments.checking.script.arrays import Array
from experiments.checking.script.calling import call
from experiments.checking.script.findings import Finding

SEED = 5
RELATIVE, ABSOLUTE = 1e-6, 1e-9
"""Sums in another order differ by less; every mistake that is looked for by far more."""

# An order of examples to the arrays after it.
Trained = Callable[[Sequence[int]], list[Array]]


def same(found: Array, expected: Array) -> bool:
    """Return whether two arrays are equal but for the order of their sums."""
    return found.shape == expected.shape and bool(
        np.allclose(found, expected, rtol=RELATIVE, atol=ABSOLUTE, equal_nan=True)
    )


def about_order(found: Sequence[Array], trained: Trained, n: int) -> Finding:
    """Say in which order an epoch steps, from the arrays after it.

    Args:
        found: the student's arrays after an epoch, NumPy seeded with `SEED` before it.
        trained: what the arrays are after steps in an order.
        n: how many examples.
    """

    def equal(arrays: Sequence[Array]) -> bool:
        return all(same(a, b) for a, b in zip(found, arrays, strict=True))

    if equal(trained(range(n))):
        return findings.right("order", "one step per example, in the order given")
    shuffled = np.random.RandomState(SEED)
    in_place = np.arange(n)
    np.random.RandomState(SEED).shuffle(in_place)
    candidates = [
        ("shuffled again", shuffled.permutation(n).tolist()),
        ("shuffled again", in_place.tolist()),
        ("last dropped", range(n - 1)),
        ("every step twice", [k for k in range(n) for _ in range(2)]),
        *(("one example", [k]) for k in range(n)),
    ]
    for key, order in candidates:
        if equal(trained(order)):
            return findings.wrong("order", BY_KEY[key])
    start = trained([])
    alone = [trained([k]) for k in range(n)]
    for divisor in (n, 1):
        summed = [
            before + sum((one[i] - before for one in alone), np.zeros_like(before)) / divisor
            for i, before in enumerate(start)
        ]
        if equal(summed):
            return findings.wrong("order", BY_KEY["one batch"])
    return findings.wrong(
        "order", None, "an epoch is not one step for each example in the order given"
    )


def about_prediction(model: Any, X: Array, y: Array, expected: Array) -> Finding:
    """Compare predictions and accuracy with those of the student's own weights."""
    predicted = np.asarray(call(model.predict, X.copy())).ravel()
    if predicted.shape != expected.shape:
        return findings.wrong(
            "prediction", None, f"predict gives {predicted.size} labels for {len(y)} examples"
        )
    if (predicted != expected).any():
        k = int((predicted != expected).argmax())
        return findings.wrong(
            "prediction",
            None,
            "predict does not give the class of the largest score",
            example=k + 1,
            got=float(predicted[k]),
            expected=float(expected[k]),
        )
    if hasattr(model, "evaluate"):
        share, accuracy = float((expected == y).mean()), call(model.evaluate, X.copy(), y.copy())
        if not np.isclose(float(accuracy), share):
            return findings.wrong(
                "prediction",
                None,
                "evaluate does not give the share of right predictions",
                got=float(accuracy),
                expected=share,
            )
    return findings.right("prediction", "the class of the largest score")
