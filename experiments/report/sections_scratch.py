"""Sections 1.1a to 1.2c and 1.3: the models from scratch."""

from experiments.report import compare
from experiments.report.answers_scratch import (
    accuracy_course,
    loss_answer,
    norm_answer,
    penalty_answer,
    perceptron_answer,
)
from experiments.report.blocks import (
    accuracy_table,
    figure,
    final_accuracies,
    over_seeds,
    section,
)
from experiments.report.expected import Origin
from experiments.report.parts import Group, Parts
from experiments.report.results import Section, TableEntry
from experiments.report.words import short

SPLITS = ("train", "val", "test")
_MODELS = {"1.1a": "perceptron", "1.2a": "logistic regression", "1.3": "network"}


def perceptron(parts: Parts, origin: Origin) -> Section:
    """1.1a."""
    group = parts.group("1.1a")
    answer = parts.missing("1.1a")
    if group:
        answer += [
            f"After {len(group.first.epochs)} epochs the perceptron (seed {group.seeds[0]}) has "
            f"{final_accuracies(group)} right.{over_seeds(group)}",
            *perceptron_answer(group),
        ]
    return section(
        "1.1a",
        "The perceptron",
        "Write the perceptron's update; train it for 100 epochs; report its accuracy on the three "
        "splits, and plot train and validation accuracy by epoch.",
        [
            "An image's 6,912 pixels are divided by 256 and a one is put behind them for the bias, "
            "which gives $x$. The weights $W$, a row per class, start at zero. Each epoch goes "
            "through the examples one by one in a new order; an example that gets a wrong class "
            "$hat(y)$ moves two rows, any other none.",
            "There is no step size: from zero weights it would scale all scores alike.",
        ],
        formula='hat(y) = op("arg max", limits: #true)_k w_k^top x, quad w_y arrow.l w_y + x, quad '
        'w_hat(y) arrow.l w_hat(y) - x quad "if" hat(y) != y',
        code="predicted = int(np.argmax(W @ x))\n"
        "if predicted != label:\n    W[label] += x\n    W[predicted] -= x",
        figures=figure(
            parts,
            "figures/1.1a-accuracy.svg",
            "Perceptron: train and validation accuracy by epoch.",
            _ends(group),
        ),
        tables=_table("1.1a", group, "Perceptron: accuracy after the last epoch."),
        comparisons=[
            *compare.accuracies(parts, origin, "1.1a"),
            *compare.counts(parts, origin, "1.1a"),
        ],
        answer=answer,
    )


def logistic(parts: Parts, origin: Origin) -> Section:
    """1.2a."""
    group = parts.group("1.2a")
    answer = parts.missing("1.2a")
    if group:
        answer += [
            f"After {len(group.first.epochs)} epochs (seed {group.seeds[0]}): "
            f"{final_accuracies(group)} right.{over_seeds(group)}",
            *accuracy_course(group),
        ]
    return section(
        "1.2a",
        "Logistic regression without a penalty",
        "Train multinomial logistic regression by stochastic gradient descent, 100 epochs at a "
        "rate of 0.001; report the test accuracy, and plot train and validation accuracy.",
        [
            "The same features, and zero weights to start from. An example's loss is "
            '$-log p_y$ with $p = upright("softmax")(W x)$; one step per example, against its '
            "gradient."
        ],
        formula='W arrow.l W - eta (p - e_y) x^top, quad p = "softmax"(W x)',
        code="error = softmax(W @ x)\nerror[label] -= 1\nW -= learning_rate * np.outer(error, x)",
        figures=figure(
            parts,
            "figures/1.2a-accuracy.svg",
            "Logistic regression without penalty: train and validation accuracy by epoch.",
            _ends(group),
        ),
        tables=_table("1.2a", group, "Logistic regression: accuracy after the last epoch."),
        comparisons=[
            *compare.accuracies(parts, origin, "1.2a"),
            *compare.counts(parts, origin, "1.2a"),
        ],
        answer=answer,
    )


def penalised(parts: Parts, origin: Origin) -> Section:
    """1.2b."""
    free, held = parts.group("1.2a"), parts.group("1.2b")
    answer = parts.missing("1.2b")
    if held:
        answer.append(
            f"With the penalty, after {len(held.first.epochs)} epochs (seed {held.seeds[0]}): "
            f"{final_accuracies(held)} right.{over_seeds(held)}"
        )
    if free and held:
        answer += penalty_answer(free, held)
    compared = compare.accuracies(parts, origin, "1.2b")
    counted = compare.counts(parts, origin, "1.2b")
    if held:
        answer += compare.missed(held, compared, counted)
    pairs = [("without penalty", free), ("with penalty", held)]
    groups = [(label, group) for label, group in pairs if group]
    return section(
        "1.2b",
        "Logistic regression with an L2 penalty",
        "Add an L2 penalty of strength 0.01 to the same training; report the test accuracy, plot, "
        "and compare train and validation accuracy with those without it.",
        [
            "The penalty $lambda/2 ||W||_F^2$ joins each example's loss, so that every step also "
            "shrinks all weights, the bias column included, by the factor $1 - eta lambda$. "
            "With $lambda = 0$ nothing changes."
        ],
        formula="W arrow.l W - eta ((p - e_y) x^top + lambda W)",
        code="slope = np.outer(error, x) + l2_penalty * W\nW -= learning_rate * slope",
        figures=figure(
            parts,
            "figures/1.2b-accuracy.svg",
            "Accuracy by epoch, without the penalty (left) and with it (right).",
            f"Left: {_ends(free)} Right: {_ends(held)}",
        ),
        tables=[accuracy_table(groups, "Accuracy after the last epoch.", SPLITS)] if groups else [],
        comparisons=[*compared, *counted],
        answer=answer,
    )


def norms(parts: Parts, origin: Origin) -> Section:
    """1.2c."""
    free, held = parts.group("1.2a"), parts.group("1.2b")
    return section(
        "1.2c",
        "The size of the weights",
        "Report the norm of the weights by epoch, with and without the penalty, and comment.",
        ["The norm is taken of all weights, the bias column included, after each epoch."],
        formula="||W||_F = sqrt(sum_(i, j) W_(i j)^2)",
        figures=figure(
            parts,
            "figures/1.2c-norm.svg",
            "Weight norm by epoch, with and without the penalty.",
            _norm_ends(free, held),
        ),
        tables=[_norm_table(free, held)] if free and held else [],
        comparisons=[
            *compare.norm(parts, origin, "1.2a"),
            *compare.norm(parts, origin, "1.2b"),
        ],
        answer=[
            *parts.missing("1.2a"),
            *parts.missing("1.2b"),
            *(norm_answer(free, held) if free and held else []),
        ],
    )


def mlp(parts: Parts, origin: Origin) -> Section:
    """1.3."""
    group = parts.group("1.3")
    answer = parts.missing("1.3")
    if group:
        answer += [
            f"After {len(group.first.epochs)} epochs (seed {group.seeds[0]}) the network has "
            f"{final_accuracies(group)} right.{over_seeds(group)}",
            *loss_answer(group),
            *accuracy_course(group),
        ]
    return section(
        "1.3",
        "A multi-layer perceptron with hand-written backpropagation",
        "Without a toolkit, train a network with one hidden layer of 100 rectified units for 20 "
        "epochs at a rate of 0.001; report the test accuracy, and plot the train loss and both "
        "accuracies.",
        [
            "Weights are drawn from a normal distribution of mean and deviation 0.1, biases are "
            "zero. The loss is computed from the scores by log-sum-exp: clamping probabilities "
            "would hide how large it is in the first epoch."
        ],
        formula="z = W_1 x + b_1, quad h = max(z, 0), quad s = W_2 h + b_2, quad "
        'delta_2 = "softmax"(s) - e_y, quad delta_1 = (W_2^top delta_2) dot.o [z > 0] \\ '
        "W_2 arrow.l W_2 - eta delta_2 h^top, quad b_2 arrow.l b_2 - eta delta_2, quad "
        "W_1 arrow.l W_1 - eta delta_1 x^top, quad b_1 arrow.l b_1 - eta delta_1",
        figures=[
            *figure(
                parts,
                "figures/1.3-loss.svg",
                "Mean training loss by epoch, on a logarithmic axis.",
                _loss_ends(group),
            ),
            *figure(
                parts,
                "figures/1.3-accuracy.svg",
                "Train and validation accuracy by epoch.",
                _ends(group),
            ),
        ],
        tables=_table("1.3", group, "The network: accuracy after the last epoch."),
        comparisons=compare.accuracies(parts, origin, "1.3"),
        answer=answer,
    )


def _table(part: str, group: Group | None, caption: str) -> list[TableEntry]:
    return [accuracy_table([(_MODELS[part], group)], caption, SPLITS)] if group else []


def _ends(group: Group | None) -> str:
    """How the two curves end, for a reader who cannot see them."""
    if group is None:
        return ""
    train, val = (short(group.accuracy(split)) for split in ("train", "val"))
    return f"Two curves that end at {train} (train) and {val} (validation)."


def _loss_ends(group: Group | None) -> str:
    losses = group.first.series("loss") if group else []
    ends = [f"{value:.2f}" for value in (*losses[:1], *losses[-1:]) if value is not None]
    return f"A curve of the loss, from {' to '.join(ends)}." if ends else ""


def _norm_ends(free: Group | None, held: Group | None) -> str:
    if free is None or held is None:
        return ""
    ends = [group.first.series("weight_norm")[-1] for group in (free, held)]
    return f"Two curves that end at {ends[0]:.2f} without penalty and at {ends[1]:.2f} with it."


def _norm_table(free: Group, held: Group) -> TableEntry:
    last = min(len(free.first.epochs), len(held.first.epochs))
    epochs = [e for e in (1, 2, 5, 10, 20, 50, 100, 200) if e < last] + [last]
    series = [group.first.series("weight_norm") for group in (free, held)]
    return TableEntry(
        caption=f"Weight norm after some of the epochs, seed {free.seeds[0]}.",
        align="l" + "r" * len(epochs),
        columns=["epoch", *map(str, epochs)],
        rows=[
            [label, *(f"{values[e - 1]:.3f}" for e in epochs)]
            for label, values in zip(("without penalty", "with penalty"), series, strict=True)
        ],
    )
