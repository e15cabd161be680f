"""What goes wrong in the linear models of question 1 only, what is common first."""

from experiments.checking.catalogue import linear_change as change
from experiments.checking.catalogue.linear_change import LinearChange
from experiments.checking.catalogue.variant import LOGISTIC, Variant

_ONE_AND_TWO_ROWS = (
    "The gradient of max_k s_k - s_y has two rows: -x for the true class and +x for the predicted "
    "one."
)


def _penalty(key: str, says: str, theory: str, factor: float) -> Variant:
    def decay(rate: float, size: change.StepSize) -> float:
        return 1.0 - rate * factor * size.penalty

    return Variant(key, says, theory, ("1.2b",), LinearChange(decay=decay))


def _perceptron(key: str, says: str, theory: str, step: change.Coefficients) -> Variant:
    return Variant(key, says, theory, ("1.1a",), LinearChange(step))


PENALTY_MISTAKES = (
    _penalty(
        "no penalty",
        "the L2 penalty left out",
        "The step is W -= rate * (gradient + lambda * W); without the second term this is "
        "question 1.2a.",
        0.0,
    ),
    Variant(
        "penalty",
        "an L2 penalty of 0.01 left on",
        "1.2a has lambda = 0; with 0.01 every step also shrinks W by rate * 0.01 * W.",
        ("1.2a",),
        LinearChange(decay=lambda rate, _size: 1.0 - rate * 0.01),
    ),
    _penalty(
        "2 lambda",
        "2 lambda W in the step instead of lambda W",
        "The penalty is lambda / 2 * |W|^2, whose gradient is lambda * W; without the half it "
        "is twice that.",
        2.0,
    ),
    _penalty(
        "minus lambda",
        "the penalty with the wrong sign",
        "W -= rate * (gradient - lambda * W) grows the weights by a factor at every step; "
        "the norm ends above the unpenalised one's.",
        -1.0,
    ),
    Variant(
        "bias not penalised",
        "the bias left out of the penalty",
        "The column of ones is a feature like any other in the assignment, so its weights are "
        "penalised and count in the norm.",
        ("1.2b",),
        LinearChange(bias="free"),
    ),
    Variant(
        "lambda without rate",
        "the penalty not multiplied by the learning rate",
        "lambda * W is part of the gradient: the step subtracts rate * lambda * W, not lambda * W.",
        ("1.2b",),
        LinearChange(decay=lambda _rate, size: 1.0 - size.penalty),
    ),
    Variant(
        "penalty first",
        "the penalty's step taken before the scores are computed",
        "Gradient and penalty are taken at the same weights, W before the step.",
        ("1.2b",),
        LinearChange(decay_first=True),
        seed_like=True,
    ),
    Variant(
        "norm added",
        "lambda times the norm of W taken from every entry",
        "The penalty's gradient is a matrix, lambda * W; a norm is one number for all entries.",
        ("1.2b",),
        LinearChange(added=lambda W: float((W**2).sum() ** 0.5)),
    ),
    Variant(
        "squared norm added",
        "lambda times the squared norm of W taken from every entry",
        "|W|^2 is the penalty itself; the step takes its gradient, a matrix.",
        ("1.2b",),
        LinearChange(added=lambda W: float((W**2).sum())),
    ),
    *(
        _penalty(
            f"{name} lambda",
            f"{name} lambda W in the step instead of lambda W",
            "The penalty is lambda / 2 * |W|^2 with lambda = 0.01; its gradient is lambda * W.",
            factor,
        )
        for name, factor in (("1/2", 0.5), ("3", 3.0), ("1/10", 0.1), ("10", 10.0))
    ),
)

PERCEPTRON_MISTAKES = (
    Variant(
        "step times rate",
        "the step multiplied by the learning rate",
        "From weights of zero the step's size scales all scores alike: every prediction, hence "
        "every accuracy, is the same, and the norm is smaller by the rate.",
        ("1.1a",),
        LinearChange(change.times_rate(0.001)),
        harmless=True,
    ),
    _perceptron(
        "y times x",
        "y x added to the true row and taken from the predicted one",
        "y is a class number here, no sign: multiplying x by it leaves class 0 without steps "
        "and gives class 5 five times as large ones. The step is +x and -x.",
        change.label_times_x,
    ),
    _perceptron(
        "y times x added",
        "y x added to the predicted row",
        "The rule with y in {-1, 1} is the binary perceptron's; with several classes the true "
        "row gets +x and the predicted one -x.",
        change.label_times_x_added,
    ),
    _perceptron(
        "y times x everywhere",
        "y x added to all rows",
        "What is added to every row changes no difference of scores: the prediction stays.",
        change.label_times_x_everywhere,
    ),
    _perceptron("true row", "only the true class's row stepped", _ONE_AND_TWO_ROWS,
                change.true_row),
    _perceptron("predicted row", "only the predicted class's row stepped", _ONE_AND_TWO_ROWS,
                change.predicted_row),
    _perceptron("both added", "x added to both rows", _ONE_AND_TWO_ROWS, change.added_to_both),
    _perceptron("rows exchanged", "x taken from the true row and added to the predicted one",
                _ONE_AND_TWO_ROWS, change.exchanged_rows),
    _perceptron(
        "one against all",
        "a binary perceptron for each class",
        "With several classes only two rows move, and only if the prediction is wrong; here "
        "every row whose sign is wrong does.",
        change.one_against_all,
    ),
    _perceptron(
        "one against all from 0",
        "a binary perceptron for each class, a score of 0 counted as positive",
        "With several classes only two rows move, and only if the prediction is wrong.",
        change.one_against_all_from_zero,
    ),
    Variant(
        "release v1",
        "the data's first release, or other class numbers",
        "From zero weights the first scores tie, and a tie falls to class 0. Which class has that "
        "number decides the first steps, and the perceptron never forgets them.",
        ("1.1a",),
        other_classes=True,
        seed_like=True,
    ),
)  # fmt: skip

LOGISTIC_MISTAKES = (
    Variant(
        "only on mistakes",
        "a step only where the prediction is wrong",
        "That is the perceptron's rule; the cross-entropy of a right prediction has a gradient "
        "too, p - e_y.",
        LOGISTIC,
        LinearChange(only_mistakes=True),
    ),
    Variant(
        "one-hot prediction",
        "the predicted class's one-hot vector instead of the softmax",
        "That is the perceptron's step times the rate; p - e_y takes the probabilities.",
        LOGISTIC,
        LinearChange(change.step_along(change.predicted_one_hot)),
    ),
    Variant(
        "quotient inside",
        "exp(s / sum exp s) instead of exp(s) / sum exp s",
        "The softmax divides after the exponential; p then sums to 1.",
        LOGISTIC,
        LinearChange(change.step_along(change.normalised_inside)),
    ),
    Variant(
        "true class only",
        "only the true class's row stepped",
        "Every row has a gradient: p_k x for the others, (p_y - 1) x for the true one.",
        LOGISTIC,
        LinearChange(change.true_class_only),
    ),
)
