"""What goes wrong in the linear models of question 1 only, what is common first."""

from experiments.checking.catalogue import linear_change as change
from experiments.checking.catalogue.linear_change import LinearChange
from experiments.checking.catalogue.variant import LOGISTIC, Variant

A, B = ("1.2a",), ("1.2b",)
PERCEPTRON = ("1.1a",)


def _penalty(factor: float) -> LinearChange:
    return LinearChange(decay=lambda rate, size: 1.0 - rate * factor * size.penalty)


PENALTY_MISTAKES = (
    Variant("no penalty", B, _penalty(0.0)),
    Variant("penalty", A, LinearChange(decay=lambda rate, _size: 1.0 - rate * 0.01)),
    Variant("2 lambda", B, _penalty(2.0)),
    Variant("minus lambda", B, _penalty(-1.0)),
    Variant("bias not penalised", B, LinearChange(bias="free")),
    Variant("lambda without rate", B, LinearChange(decay=lambda _rate, size: 1.0 - size.penalty)),
    Variant("penalty first", B, LinearChange(decay_first=True), seed_like=True),
    Variant("norm added", B, LinearChange(added=lambda W: float((W**2).sum() ** 0.5))),
    Variant("squared norm added", B, LinearChange(added=lambda W: float((W**2).sum()))),
    Variant("1/2 lambda", B, _penalty(0.5)),
    Variant("3 lambda", B, _penalty(3.0)),
    Variant("1/10 lambda", B, _penalty(0.1)),
    Variant("10 lambda", B, _penalty(10.0)),
)

PERCEPTRON_MISTAKES = (
    Variant("step times rate", PERCEPTRON, LinearChange(change.times_rate(0.001)), harmless=True),
    Variant("y times x", PERCEPTRON, LinearChange(change.label_times_x)),
    Variant("y times x added", PERCEPTRON, LinearChange(change.label_times_x_added)),
    Variant("y times x everywhere", PERCEPTRON, LinearChange(change.label_times_x_everywhere)),
    Variant("true row", PERCEPTRON, LinearChange(change.true_row)),
    Variant("predicted row", PERCEPTRON, LinearChange(change.predicted_row)),
    Variant("both added", PERCEPTRON, LinearChange(change.added_to_both)),
    Variant("rows exchanged", PERCEPTRON, LinearChange(change.exchanged_rows)),
    Variant("one against all", PERCEPTRON, LinearChange(change.one_against_all)),
    Variant("one against all from 0", PERCEPTRON, LinearChange(change.one_against_all_from_zero)),
    Variant("release v1", PERCEPTRON, other_classes=True, seed_like=True),
)

LOGISTIC_MISTAKES = (
    Variant("only on mistakes", LOGISTIC, LinearChange(only_mistakes=True)),
    Variant(
        "one-hot prediction", LOGISTIC, LinearChange(change.step_along(change.predicted_one_hot))
    ),
    Variant("quotient inside", LOGISTIC, LinearChange(change.step_along(change.normalised_inside))),
    Variant("true class only", LOGISTIC, LinearChange(change.true_class_only)),
)
