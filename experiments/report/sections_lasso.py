"""Section 1.2d: L1 in place of L2, in words and, beyond the assignment, tried."""

import numpy as np

from experiments.plots.lasso import path_of
from experiments.report.blocks import figure, section
from experiments.report.expected import Origin
from experiments.report.parts import Parts
from experiments.report.results import Section, TableEntry
from experiments.report.words import percent
from experiments.runs.folder import Record
from experiments.runs.reader import Run

_WORDS = (
    "We would expect exact zeros. L2 pulls a weight with a force in proportion to the weight, "
    "which fades as it shrinks: weights get small and stay different from zero. L1 pulls with the "
    "same force $lambda$ whatever the weight's size, and holds a weight at zero as long as the "
    "loss pulls at it with less. So a few larger weights would remain, and most would be zero."
)


def lasso(parts: Parts, _origin: Origin) -> Section:
    """1.2d."""
    folders = parts.folders.get("1.2d", ())
    run = Run(folders[0]) if folders else None
    path = path_of(run) if run else []
    return section(
        "1.2d",
        "L1 in place of L2",
        "Say how the trained weights would differ with an L1 penalty.",
        [
            "Asked for in words. Beyond that we tried it: we minimised the mean loss $f$ over the "
            "training set plus $lambda ||W||_1$ (bias free) from the smallest $lambda$ at which "
            "all weights are zero downwards, by Newton's method on the nonzero weights and those "
            "whose condition for zero is violated. Each solution is the start of the next. At a "
            "minimum every weight $w$ meets one of the two conditions. (That loss is a mean, not a "
            "sum of steps, so that its $lambda$ and that of 1.2b compare.)"
        ],
        formula='nabla_w f = - lambda "sign"(w) quad "or" quad w = 0 "and" |nabla_w f| <= lambda',
        figures=figure(
            parts,
            "figures/1.2d-path.svg",
            "L1: share of weights that are exactly zero, and accuracies, against $lambda$.",
            f"Zeros: from {percent(path[0]['zeros'])} at the largest lambda to "
            f"{percent(path[-1]['zeros'])} at the smallest. Accuracies: train and validation."
            if path
            else "",
        ),
        tables=[_table(path)] if path else [],
        answer=[_WORDS, *parts.missing("1.2d"), *([_tried(run, path, parts)] if run else [])],
    )


def _table(path: list[Record]) -> TableEntry:
    return TableEntry(
        caption="L1 path: share of exact zeros, accuracies, size of the weights, Newton steps.",
        align="rrrrrr",
        columns=["lambda", "zeros", "train", "validation", "L1 norm", "steps"],
        rows=[
            [
                f"{point['lambda']:.3g}",
                f"{100 * point['zeros']:.2f} %",
                f"{point['train']['accuracy']:.4f}",
                f"{point['val']['accuracy']:.4f}",
                f"{point['l1_norm']:.2f}",
                str(point["iterations"]),
            ]
            for point in path
        ],
    )


def _tried(run: Run, path: list[Record], parts: Parts) -> str:
    best = max(path, key=lambda point: point["val"]["accuracy"])
    gap = max(point["relative_gap"] for point in path)
    text = (
        f"Tried, the share of exact zeros goes from {percent(path[0]['zeros'])} at "
        f"$lambda = {path[0]['lambda']:.3g}$ to {percent(path[-1]['zeros'])} at "
        f"$lambda = {path[-1]['lambda']:.3g}$. Validation accuracy is best at "
        f"$lambda = {best['lambda']:.3g}$, {best['val']['accuracy']:.4f}, with "
        f"{percent(best['zeros'])} zeros."
    )
    held = parts.group("1.2b")
    if held:
        W = held.first.weights().get("W", np.ones(1))[:, :-1]
        zeros = int(np.count_nonzero(W == 0))
        text += f" Of the {W.size} weights trained with L2 in 1.2b, {zeros} are zero."
    text += (
        " The duality gap, an upper bound of how far an objective is above its minimum, is at most "
        f"{max(1e6 * gap, 0):.2g} millionths of it."
    )
    n, total = int(run.setting("examples")), int(run.setting("train_examples"))
    if n < total:
        text += f" It used {n:,} of {total:,} training examples, evenly spaced in the file."
    return text
