"""Section 1.2d: L1 in place of L2, in words and, beyond the assignment, tried."""

import numpy as np

from experiments.cli.commands import RunFolderError
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
    "loss pulls at it with less. So a few larger weights would remain, and most pixels would drop "
    "out. (With plain subgradient steps weights would hop about zero; zeros come exactly with "
    "the soft threshold above.)"
)


def lasso(parts: Parts, _origin: Origin) -> Section:
    """1.2d."""
    folders = parts.folders.get("1.2d", ())
    run = Run(folders[0]) if folders else None
    path = _path(run) if run else []
    return section(
        "1.2d",
        "L1 in place of L2",
        "Say how the trained weights would differ with an L1 penalty.",
        [
            "Asked for in words. Beyond that we tried it: the mean loss over the training set plus "
            "$lambda ||W||_1$ (bias free), minimised by accelerated proximal gradient from the "
            "smallest $lambda$ at which all weights are zero downwards, each solution the start "
            "of the next. (That loss is a mean, not a sum of steps, so that its $lambda$ and that "
            "of 1.2b compare; its pixels have their mean taken off, which moves the bias alone.)"
        ],
        formula="W arrow.l S_(lambda slash L)(W - 1/L nabla f(W)), quad "
        'S_tau (w) = "sign"(w) max(|w| - tau, 0)',
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
        answer=[_WORDS, *parts.missing("1.2d"), *(_tried(run, path, parts) if run else [])],
    )


def _path(run: Run) -> list[Record]:
    path = run.summary.get("path")
    keys = ("lambda", "zeros", "train", "val", "l1_norm", "relative_gap", "iterations")
    if (
        not isinstance(path, list)
        or not path
        or any(k not in point for point in path for k in keys)
    ):
        raise RunFolderError(
            f"{run.path / 'summary.json'}: got no path of L1 solutions, expected one; run it again"
        )
    return path


def _table(path: list[Record]) -> TableEntry:
    return TableEntry(
        caption="L1 path: share of exact zeros, accuracies, size of the weights, and the duality "
        "gap in parts of the objective.",
        align="rrrrrrr",
        columns=["lambda", "zeros", "train", "validation", "L1 norm", "gap", "iterations"],
        rows=[
            [
                f"{point['lambda']:.3g}",
                percent(point["zeros"]),
                f"{point['train']['accuracy']:.4f}",
                f"{point['val']['accuracy']:.4f}",
                f"{point['l1_norm']:.2f}",
                _gap(point["relative_gap"]),
                str(point["iterations"]),
            ]
            for point in path
        ],
    )


def _gap(relative: float) -> str:
    """One digit; rounding alone, of either sign, is 0."""
    return f"{relative:.1g}" if relative >= 1e-4 else "0"


def _tried(run: Run, path: list[Record], parts: Parts) -> list[str]:
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
    n = int(run.setting("examples"))
    total = int(run.setting("train_examples"))
    honest = (
        f"The largest duality gap along the path is {gap:.1g} of the objective"
        + (", so that these are minima for practical purposes." if gap < 0.01 else ".")
        + (
            " It bounds how far each solution is from the minimum; its zeros are those of the "
            "iterate, and some would still change."
            if gap >= 0.01
            else ""
        )
        + (
            f" It used {n:,} of {total:,} training examples, evenly spaced in the file."
            if n < total
            else ""
        )
    )
    return [text, honest]
