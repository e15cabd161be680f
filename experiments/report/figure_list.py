"""The report's figures: which there are, which runs each is drawn from, and what it shows.

The text refers to exactly these, and whoever draws draws exactly these. A figure one of whose parts
has no finished run is neither referred to nor drawn.
"""

from typing import NamedTuple


class Wanted(NamedTuple):
    """A figure to draw.

    Attributes:
        parts: the parts whose runs it is drawn from; it is left out if one of them has none.
        shows: what is on which axis, for whoever draws it.
    """

    parts: tuple[str, ...]
    shows: str


FIGURES: dict[str, Wanted] = {
    "figures/1.1a-accuracy.svg": Wanted(
        ("1.1a",), "train and val accuracy by epoch: the first seed's line, all seeds' band"
    ),
    "figures/1.2a-accuracy.svg": Wanted(
        ("1.2a",), "train and val accuracy by epoch: the first seed's line, all seeds' band"
    ),
    "figures/1.2b-accuracy.svg": Wanted(
        ("1.2a", "1.2b"), "train and val accuracy by epoch: without penalty left, with it right"
    ),
    "figures/1.2c-norm.svg": Wanted(
        ("1.2a", "1.2b"), "weight norm by epoch, a line per penalty on one logarithmic axis"
    ),
    "figures/1.2d-path.svg": Wanted(
        ("1.2d",), "share of exact zeros and accuracies against lambda, from path in summary.json"
    ),
    "figures/1.3-loss.svg": Wanted(("1.3",), "mean training loss by epoch, logarithmic axis"),
    "figures/1.3-accuracy.svg": Wanted(
        ("1.3",), "train and val accuracy by epoch: the first seed's line, all seeds' band"
    ),
    "figures/2.1-loss.svg": Wanted(
        ("2.1",), "train and val loss by epoch, a panel per learning rate, logarithmic axis"
    ),
    "figures/2.2a-loss.svg": Wanted(("2.2a",), "train and val loss, a panel per batch size"),
    "figures/2.2b-loss.svg": Wanted(("2.2b",), "train and val loss, a panel per dropout"),
    "figures/2.2c-loss.svg": Wanted(("2.2c",), "train and val loss, a panel per momentum"),
    "figures/3.2-same-function.svg": Wanted(
        ("3",), "three_functions and fit of curves.json, as plots/question3.py has them"
    ),
    "figures/3.3-error.svg": Wanted(("3",), "error_against_delta of curves.json"),
    "figures/3.3-attainability.svg": Wanted(("3",), "attainability of curves.json"),
    "figures/3.4-descent.svg": Wanted(("3",), "gradient_descent of curves.json: z(1 - z)"),
    "figures/3.4-activations.svg": Wanted(
        ("3",), "gradient_descent of curves.json: z(1 - z), relu, tanh, sigmoid"
    ),
    "figures/beyond-templates.svg": Wanted(
        ("1.2b",), "the first seed's weights as six pictures, as plots/q1.py has them"
    ),
    "figures/beyond-confusion.svg": Wanted(
        ("1.2b", "2.2b"), "test confusion of the first seed: 1.2b left, 2.2b at dropout 0.25 right"
    ),
    "figures/beyond-mistakes.svg": Wanted(
        ("1.2b",), "the first seed's most confident mistakes on the test split, as pictures"
    ),
}
