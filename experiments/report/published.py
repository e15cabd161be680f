"""What is published or expected beside what came out, with verdicts.

A published number is one run, with one seed, on a file that is not quite this one: it agrees where
it lies in the interval in which one more run of ours would lie. A plain loop's counts on this very
file are met to the digit or not at all.
"""

import itertools
from collections.abc import Iterator, Sequence

from experiments.assignment import DIVERGENT_LOSS, PARTS, Published, Value, decimal, unchanged
from experiments.data.dataset import SPLITS
from experiments.references import COURSE
from experiments.report.data_origin import Origin, expected_accuracy, expected_counts
from experiments.report.differences import Difference, over
from experiments.report.results import Comparison, Verdict
from experiments.report.runs_by_part import RunsByPart
from experiments.runs.statistics import prediction_interval

SPLIT_WORDS = {"train": "train", "val": "validation", "test": "test"}
LOOP = "a plain loop over examples on this file"
_OTHER_SETTINGS = "other settings than the assignment's, fewer epochs above all"


def comparisons(
    runs: RunsByPart, origin: Origin, part: str, found: dict[str, Difference]
) -> list[Comparison]:
    """Return every comparison of a part; `found` are its differences by name."""
    return [
        *_accuracies(runs, origin, part),
        *_to_the_digit(runs, origin, part),
        *_divergent_loss(runs, origin, part),
        *_orders(runs, origin, part, found),
        *_time_ratio(runs, part),
    ]


def _accuracies(runs: RunsByPart, origin: Origin, part: str) -> Iterator[Comparison]:
    """Hold accuracies over seeds beside those that are published or expected."""
    for entry, split in itertools.product(runs.configurations[part], SPLITS):
        published = _published(part, entry.value, split)
        expected = expected_accuracy(origin, part, entry.value, split)
        if not published and expected is None:
            continue
        ours = entry.accuracy[split]
        low = high = None
        if len(ours.finite) > 1:
            total = int(runs.runs(part, entry.value)[0].number("final", split, "total"))
            low, high = prediction_interval(ours.finite, total)
        other_split = _split_differs(origin, part, split)
        targets = [] if expected is None else [(expected, expected)]
        if published and not other_split:
            half_digit = 0.5 * 10.0 ** -len(published.partition(".")[2])
            targets.append((float(published) - half_digit, float(published) + half_digit))
        verdict: Verdict
        runs_differ = _runs_differ(runs, origin, part, entry.value)
        if runs_differ or not targets:
            verdict, why = "does not apply", runs_differ or other_split
        elif low is None or high is None:
            verdict, why = "open", "one seed does not tell how far luck reaches"
        else:
            met = all(lower <= high and low <= upper for lower, upper in targets)
            verdict, why = ("agrees" if met else "differs"), other_split if published else ""
        yield Comparison(
            quantity=f"{SPLIT_WORDS[split]} accuracy{_which(part, entry.value)}",
            unit="percent",
            published=float(published) if published else None,
            expected=[] if expected is None else [expected],
            low=low,
            high=high,
            ours=ours.mean,
            seeds=ours.n,
            verdict=verdict,
            why=why,
            runs=entry.runs,
            keys=["final", split, "accuracy"],
        )


def _to_the_digit(runs: RunsByPart, origin: Origin, part: str) -> Iterator[Comparison]:
    """Hold correct examples and weight norm of seed 42 beside the plain loop's: the same digits."""
    run = next((run for run in runs.runs(part) if run.summary["seed"] == 42), None)
    counts = expected_counts(origin, part)
    if run is None or counts is None:
        return
    wanted: list[tuple[str, list[str], Sequence[float], int]] = [
        (f"correct {SPLIT_WORDS[split]} examples", ["final", split, "correct"], count, 0)
        for split, count in zip(SPLITS, counts, strict=True)
    ]
    if part in origin.reference.norms:
        wanted.append(("weight norm", ["final", "weight_norm"], [origin.reference.norms[part]], 4))
    asked = runs.as_asked(part)
    for quantity, keys, expected, digits in wanted:
        ours = run.number(*keys)
        met: Verdict = "agrees" if round(ours, digits) in expected else "differs"
        yield Comparison(
            quantity=f"{quantity}, seed 42",
            unit="number" if digits else "count",
            expected=[float(value) for value in expected],
            ours=ours,
            seeds=1,
            verdict=met if asked else "does not apply",
            why=LOOP if asked else _OTHER_SETTINGS,
            runs=[run.path.name],
            keys=keys,
        )


def _divergent_loss(runs: RunsByPart, origin: Origin, part: str) -> Iterator[Comparison]:
    """Tell whether the largest learning rate leaves the loss high, or not finite at all."""
    asked, value = PARTS[part], PARTS[part].values[-1]
    entry = runs.configuration(part, value)
    if asked.varied != "learning_rate" or entry is None or not unchanged(part, asked, value):
        return
    ours, why = entry.loss["val"], _runs_differ(runs, origin, part, value)
    high = ours.mean is None or ours.mean > DIVERGENT_LOSS
    yield Comparison(
        quantity=f"validation loss{_which(part, value)}",
        unit="number",
        published="no downward trend",
        expected=f"above {DIVERGENT_LOSS:g}",
        ours=ours.mean,
        seeds=ours.n,
        verdict="does not apply" if why else "agrees" if high else "differs",
        why=why,
        runs=entry.runs,
        keys=["final", "val", "loss"],
    )


def _orders(
    runs: RunsByPart, origin: Origin, part: str, found: dict[str, Difference]
) -> Iterator[Comparison]:
    """Tell whether the value that the assignment finds best is above each other one."""
    asked = PARTS[part]
    best = runs.configuration(part, asked.usual)
    if best is None or not asked.varied or asked.usual not in asked.published:
        return
    others = [entry for entry in runs.configurations[part] if entry is not best]
    for other, split in itertools.product(others, ("val", "test")):
        difference = found.get(over(split, best.value, other.value))
        if difference is None:
            continue
        pair = (best, other)
        why = next(filter(None, (_runs_differ(runs, origin, part, it.value) for it in pair)), "")
        verdict: Verdict = "does not apply" if why else difference.verdict
        if not why and difference.needed:
            why = f"about {difference.needed} seeds would settle a difference of this size"
        published = [_published(part, entry.value, split) for entry in pair]
        yield Comparison(
            quantity=f"{SPLIT_WORDS[split]} accuracy: {asked.varied_words} "
            f"{decimal(best.value)} above {decimal(other.value)}",
            unit="points",
            published=float(published[0]) - float(published[1]) if all(published) else "above",
            expected="above",
            low=difference.low,
            high=difference.high,
            ours=difference.estimate,
            seeds=min(len(best.seeds), len(other.seeds)),
            verdict=verdict,
            why=why,
            runs=best.runs,
            keys=["final", split, "accuracy"],
            minus=other.runs,
        )


def _time_ratio(runs: RunsByPart, part: str) -> Iterator[Comparison]:
    """Compare the time of small batches over that of large ones, which depends on the machine."""
    entries = runs.configurations[part]
    if PARTS[part].varied != "batch_size" or len(entries) != len(PARTS[part].values):
        return
    small, large = entries
    if small.seconds.mean and large.seconds.mean:
        yield Comparison(
            quantity=f"time: {small.label} over {decimal(large.value)}",
            unit="number",
            published="over 2",
            ours=small.seconds.mean / large.seconds.mean,
            seeds=min(len(small.seeds), len(large.seeds)),
            verdict="does not apply",
            why="depends on the machine and the program; reported as measured",
            runs=small.runs,
            keys=["seconds"],
            over=large.runs,
        )


def _which(part: str, value: Value) -> str:
    return f", {PARTS[part].varied_words} {decimal(value)}" if PARTS[part].varied else ""


def _runs_differ(runs: RunsByPart, origin: Origin, part: str, value: Value) -> str:
    """Why a published value says nothing about these runs; empty if it does."""
    if origin.synthetic:
        return "synthetic data"
    if not runs.as_asked(part, value):
        return _OTHER_SETTINGS
    return "" if origin.full_size else "a data set of another size"


def _split_differs(origin: Origin, part: str, split: str) -> str:
    """Why a published value says nothing about this split of this file; empty if it does."""
    if origin.reference is COURSE:
        # The printed perceptron's digits are those of the first release, with other class numbers.
        first_release = PARTS[part].config.model == "perceptron"
        return "the printed value is the first release's" if first_release else ""
    return "" if split == "test" else "published on another split of train and validation"


def _published(part: str, value: Value, split: str) -> str:
    return getattr(PARTS[part].published.get(value, Published()), split)
