"""What goes wrong in question 1's linear models only, what is common first."""

from experiments.checking.variant import Variant

LINEAR_MISTAKES = (
    Variant(
        "no penalty",
        "the L2 penalty left out",
        "The step is W -= rate * (gradient + lambda * W); without the second term this is "
        "question 1.2a.",
        ("1.2b",),
    ),
    Variant(
        "penalty",
        "an L2 penalty of 0.01 left on",
        "1.2a has lambda = 0; with 0.01 every step also shrinks W by rate * 0.01 * W.",
        ("1.2a",),
    ),
    Variant(
        "2 lambda",
        "2 lambda W in the step instead of lambda W",
        "The penalty is lambda / 2 * |W|^2, whose gradient is lambda * W; without the half it "
        "is twice that.",
        ("1.2b",),
    ),
    Variant(
        "minus lambda",
        "the penalty with the wrong sign",
        "W -= rate * (gradient - lambda * W) grows the weights by a factor at every step; "
        "the norm ends above the unpenalised one's.",
        ("1.2b",),
    ),
    Variant(
        "bias not penalised",
        "the bias left out of the penalty",
        "The column of ones is a feature like any other in the assignment, so its weights are "
        "penalised and count in the norm.",
        ("1.2b",),
    ),
    Variant(
        "lambda without rate",
        "the penalty not multiplied by the learning rate",
        "lambda * W is part of the gradient: the step subtracts rate * lambda * W, not lambda * W.",
        ("1.2b",),
    ),
    Variant(
        "penalty first",
        "the penalty's step taken before the scores are computed",
        "Gradient and penalty are taken at the same weights, W before the step.",
        ("1.2b",),
    ),
    Variant(
        "y times x",
        "y x added to the true row and taken from the predicted one",
        "y is a class number here, no sign: multiplying x by it leaves class 0 without steps "
        "and gives class 5 five times as large ones. The step is +x and -x.",
        ("1.1a",),
    ),
    Variant(
        "y times x added",
        "y x added to the predicted row",
        "The rule with y in {-1, 1} is the binary perceptron's; with several classes the true "
        "row gets +x and the predicted one -x.",
        ("1.1a",),
    ),
    Variant(
        "true row",
        "only the true class's row stepped",
        "The gradient of max_k s_k - s_y has two rows: -x for the true class and +x for the "
        "predicted one.",
        ("1.1a",),
    ),
    Variant(
        "predicted row",
        "only the predicted class's row stepped",
        "The gradient of max_k s_k - s_y has two rows: -x for the true class and +x for the "
        "predicted one.",
        ("1.1a",),
    ),
    Variant(
        "one against all",
        "a binary perceptron for each class",
        "With several classes only two rows move, and only if the prediction is wrong; here "
        "every row whose sign is wrong does.",
        ("1.1a",),
    ),
    Variant(
        "release v1",
        "the data's first release, or other class numbers",
        "From zero weights the first scores tie, and a tie falls to class 0. Which class has that "
        "number decides the first steps, and the perceptron never forgets them.",
        ("1.1a",),
    ),
)
