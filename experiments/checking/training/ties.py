"""The perceptron under other class numbers: its ties fall elsewhere, and it never forgets them."""

from collections.abc import Sequence

from experiments.checking.catalogue.linear_change import Coefficients


def class_0_first(first: int, n_classes: int) -> tuple[int, ...]:
    """Return the classes' order where the class `first` has the number 0.

    On photographs the 720 permutations of the class numbers train six perceptrons: with weights of
    zero every tie before the first steps falls to class 0, and later there are none.
    """
    return (first, *(k for k in range(n_classes) if k != first))


def with_ties(order: Sequence[int]) -> Coefficients:
    """Return the perceptron's coefficients, ties falling to the first of the classes in `order`."""

    def coefficients(scores: list[float], label: int, _rate: float) -> list[float]:
        c = [0.0] * len(scores)
        predicted = max(order, key=lambda k: scores[k])
        if predicted != label:
            c[label], c[predicted] = 1.0, -1.0
        return c

    return coefficients
