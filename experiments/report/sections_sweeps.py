"""Sections 2.1 to 2.2c: sweeps of the models in JAX."""

from collections.abc import Sequence
from typing import Any

from experiments.assignment import DIVERGENT_LOSS, PARTS
from experiments.report import compare
from experiments.report.answers_sweeps import (
    batch_answer,
    chosen,
    dropout_answer,
    momentum_answer,
    rate_answer,
)
from experiments.report.blocks import figure, loss_table, section
from experiments.report.expected import Origin
from experiments.report.parts import Group, Parts
from experiments.report.results import FigureEntry, Section, TableEntry
from experiments.report.words import setting, short

_TRAIN_LOSS = (
    "Train loss: in the figure the mean of the epoch's batches while training, dropout on; in the "
    "table that of the final weights on the whole split, dropout off."
)


def learning_rates(parts: Parts, origin: Origin) -> Section:
    """2.1."""
    groups = parts.groups("2.1")
    complete = len(groups) == len(PARTS["2.1"].values)
    return section(
        "2.1",
        "Logistic regression in JAX: the learning rate",
        "Train logistic regression with a framework: batches of 32, an L2 penalty of 0.01, 100 "
        "epochs. Choose among the rates 0.00001, 0.001 and 0.1 by validation accuracy, give its "
        "test accuracy, and compare the validation losses.",
        [
            "A linear layer, softmax cross-entropy averaged over the batch, and plain SGD, as "
            "PyTorch does it: the penalty's gradient joins that of every weight and bias. Weights "
            "and biases start uniform in $plus.minus 1 slash sqrt(6912)$. The chosen rate is the "
            "one with the best validation accuracy; only then its test accuracy is looked at."
        ],
        formula='theta arrow.l theta - eta (1/B sum_(n in "batch") nabla_theta '
        "(-log p_(y_n)) + lambda theta)",
        code="optax.chain(optax.add_decayed_weights(l2_decay), optax.sgd(learning_rate))",
        figures=_loss_figure(parts, "2.1", "learning rate", groups),
        tables=_table("2.1", "Losses and accuracies after the last epoch.", groups),
        comparisons=[
            *compare.accuracies(parts, origin, "2.1"),
            *compare.threshold(parts, origin, "2.1", 0.1, ("final", "val", "loss"), DIVERGENT_LOSS),
            *compare.order(parts, origin, "2.1", 0.001, 0.00001, "val"),
            *compare.order(parts, origin, "2.1", 0.001, 0.1, "val"),
        ],
        answer=[
            *parts.missing("2.1"),
            *([*chosen(groups, "2.1"), *rate_answer(groups)] if complete else []),
        ],
    )


def batch_sizes(parts: Parts, origin: Origin) -> Section:
    """2.2a."""
    groups = parts.groups("2.2a")
    complete = len(groups) == len(PARTS["2.2a"].values)
    return section(
        "2.2a",
        "A feed-forward network: the batch size",
        "Train a network of two hidden layers, 200 units each, for 200 epochs with the "
        "assignment's defaults, once in batches of 64 and once of 512; plot the losses, report "
        "both accuracies, and explain the difference in result and in time.",
        [
            "Linear, ReLU, dropout, twice; then a linear output. Defaults: rate 0.002, dropout "
            "0.3, no penalty, plain SGD. The last, shorter batch of an epoch is kept.",
            _TRAIN_LOSS,
        ],
        formula='h_1 = "drop"(max(W_1 x + b_1, 0)), quad '
        'h_2 = "drop"(max(W_2 h_1 + b_2, 0)), quad s = W_3 h_2 + b_3',
        figures=_loss_figure(parts, "2.2a", "batch size", groups),
        tables=_table("2.2a", "Losses and accuracies after the last epoch.", groups),
        comparisons=[
            *compare.accuracies(parts, origin, "2.2a"),
            *compare.order(parts, origin, "2.2a", 64, 512, "val"),
            *compare.order(parts, origin, "2.2a", 64, 512, "test"),
            *compare.time_ratio(parts, "2.2a", 64, 512),
        ],
        answer=[
            *parts.missing("2.2a"),
            *(batch_answer(groups[0][1], groups[1][1]) if complete else []),
        ],
    )


def dropouts(parts: Parts, origin: Origin) -> Section:
    """2.2b."""
    groups = parts.groups("2.2b")
    complete = len(groups) == len(PARTS["2.2b"].values)
    return section(
        "2.2b",
        "The same network: dropout",
        "Train with dropout 0.01, 0.25 and 0.5, all else at its default; report the accuracies, "
        "plot the losses, and explain.",
        [
            "In training each hidden unit is zero with probability $p$ and otherwise divided by "
            "$1 - p$, so that its expectation stays what it is; evaluations drop nothing.",
            _TRAIN_LOSS,
        ],
        formula='"drop"(h)_i = m_i h_i slash (1 - p), quad m_i tilde.op "Bernoulli"(1 - p)',
        figures=_loss_figure(parts, "2.2b", "dropout", groups),
        tables=_table("2.2b", "Losses and accuracies after the last epoch.", groups),
        comparisons=[
            *compare.accuracies(parts, origin, "2.2b"),
            *compare.order(parts, origin, "2.2b", 0.25, 0.01, "val"),
            *compare.order(parts, origin, "2.2b", 0.25, 0.01, "test"),
        ],
        answer=[
            *parts.missing("2.2b"),
            *([*chosen(groups, "2.2b"), *dropout_answer(groups)] if complete else []),
        ],
    )


def momenta(parts: Parts, origin: Origin) -> Section:
    """2.2c."""
    groups = parts.groups("2.2c")
    complete = len(groups) == len(PARTS["2.2c"].values)
    return section(
        "2.2c",
        "The same network: momentum",
        "Train in batches of 1024 with momentum 0 and 0.9; plot the losses, report the "
        "accuracies, and explain the difference.",
        [
            "The step follows a running sum of gradients. A gradient that stays the same is "
            "thereby taken $1 slash (1 - mu)$ times as far in the long run; one that changes sign "
            "from step to step cancels.",
            _TRAIN_LOSS,
        ],
        formula="m arrow.l mu m + g, quad theta arrow.l theta - eta m",
        figures=_loss_figure(parts, "2.2c", "momentum", groups),
        tables=_table("2.2c", "Losses and accuracies after the last epoch.", groups),
        comparisons=[
            *compare.accuracies(parts, origin, "2.2c"),
            *compare.order(parts, origin, "2.2c", 0.9, 0.0, "val"),
            *compare.order(parts, origin, "2.2c", 0.9, 0.0, "test"),
        ],
        answer=[
            *parts.missing("2.2c"),
            *(momentum_answer(groups[0][1], groups[1][1]) if complete else []),
        ],
    )


def _loss_figure(
    parts: Parts, part: str, name: str, groups: Sequence[tuple[Any, Group]]
) -> list[FigureEntry]:
    ends = [
        f"{name} {setting(value)}: train {short(group.over_seeds('final', 'loss'))}, "
        f"validation {short(group.over_seeds('final', 'val', 'loss'))}"
        for value, group in groups
    ]
    return figure(
        parts,
        f"figures/{part}-loss.svg",
        f"Train and validation loss by epoch, a panel per {name}.",
        f"Losses after the last epoch. {'; '.join(ends)}.",
    )


def _table(part: str, caption: str, groups: Sequence[tuple[Any, Group]]) -> list[TableEntry]:
    if not groups:
        return []
    name = PARTS[part].varied_words
    table = loss_table([(f"{name} {setting(value)}", group) for value, group in groups], caption)
    table["columns"][0] = "run"
    return [table]
