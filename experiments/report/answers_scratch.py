"""What is said of question 1's numbers. The numbers decide which sentence is said."""

from experiments.report.curves import Course, course
from experiments.report.parts import Group
from experiments.report.words import Gap, by_how_much, gap, percent, short, verdict_on_order

NOTABLE = 0.01
"""Differences of accuracy below this are not spoken of as a rise or a fall."""
WIDE = 0.1
"""A gap between train and validation accuracy from which on it is called overfitting."""


def perceptron_answer(group: Group) -> list[str]:
    """Whether the perceptron settles, and whether it separates the training set."""
    val = course(group.first.series("val", "accuracy"), largest=True)
    train = group.first.accuracy("train")
    if train == 1.0:
        separated = "It separates the training set: no mistake is left to learn from."
    else:
        separated = (
            f"It does not separate the training set, of which {percent(1 - train)} are still "
            "wrong, so that each epoch goes on making mistakes"
        )
        if val and val.high - val.low > 5 * NOTABLE:
            separated += (
                ", and each mistake moves two rows by a whole image. Hence the jagged curves: in "
                f"the second half of the epochs validation accuracy is anywhere between "
                f"{val.low:.3f} and {val.high:.3f}, and where training happens to stop decides "
                "the number that is reported."
            )
        elif val:
            separated += (
                f". Even so, validation accuracy stays between {val.low:.3f} and {val.high:.3f} "
                "in the second half of the epochs."
            )
        else:
            separated += "."
    return [separated, _split_gap(group)]


def accuracy_course(group: Group) -> list[str]:
    """How validation accuracy goes while train accuracy rises: overfitting, or not."""
    val = course(group.first.series("val", "accuracy"), largest=True)
    train = course(group.first.series("train", "accuracy"), largest=True)
    if val is None or train is None:
        return [f"{_split_gap(group)} These are too few epochs to tell a trend by."]
    n = len(group.first.epochs)
    least = max(NOTABLE, val.doubt)
    if val.best - val.last > least:
        since = (
            f"Validation accuracy (averaged over neighbouring epochs) was best around epoch "
            f"{val.best_epoch}, {val.best:.3f}, and has come down to {val.last:.3f} by epoch {n}"
        )
        if train.best - train.last < NOTABLE:
            since += ", while train accuracy did not: the model has begun to overfit."
        else:
            since += "; train accuracy has come down as well, so that this is no overfitting."
    elif val.late_change > least:
        since = (
            f"Validation accuracy still rises, by {val.late_change:.3f} over the last tenth of "
            "the epochs: more epochs would help."
        )
    elif val.doubt > NOTABLE:
        since = (
            f"Validation accuracy moves by {val.jump:.3f} (median) from one epoch to the next in "
            "the second half, which hides whatever trend there may be."
        )
    else:
        since = f"Validation accuracy ends level, at {val.last:.3f}: no fall betrays overfitting."
    return [f"{_split_gap(group)} {since}"]


def penalty_answer(free: Group, held: Group) -> list[str]:
    """1.2b: what the penalty does to the three accuracies, and how sure that is."""
    gaps = {s: gap(held.accuracy(s), free.accuracy(s)) for s in ("train", "val", "test")}
    changes = [f"{word} {_change(gaps[s])}" for s, word in _WORDS.items()]
    first = f"With the penalty, {'; '.join(changes)}."
    return [first, _judgement(free, held, gaps), *_restless(free, held)]


def norm_answer(free: Group, held: Group) -> list[str]:
    """1.2c: how much smaller the weights are, and whether either norm still grows."""
    ends, growths = [], []
    for group in (free, held):
        values = group.first.series("weight_norm")
        ends.append(values[-1])
        growths.append(values[-1] / values[int(0.9 * len(values)) - 1] - 1)
    larger, smaller = ends
    several = len(free.runs) > 1 and len(held.runs) > 1
    over = (
        f" Over {len(free.runs)} seeds: {short(free.over_seeds('final', 'weight_norm'), 2)} and "
        f"{short(held.over_seeds('final', 'weight_norm'), 2)}."
        if several
        else ""
    )
    how_much = f"{smaller / larger:.2f} of it" if smaller < larger else "which is not smaller"
    if larger > 1.5 * smaller:
        how_much = f"{larger / smaller:.1f} times smaller"
    text = (
        f"The norm ends at {larger:.2f} without the penalty and at {smaller:.2f} with it, "
        f"{how_much} (seed {free.seeds[0]}).{over}"
    )
    without = (
        f"Over the last tenth of the epochs it changes by {percent(growths[0])} without the "
        f"penalty and by {percent(growths[1])} with it."
    )
    return [text, f"{without} {_why_norms(growths)}"]


def loss_answer(group: Group) -> list[str]:
    """1.3: the first epoch's loss and the last one's."""
    losses = [value for value in group.first.series("loss") if value is not None]
    if len(losses) < 2:
        return []
    text = (
        f"The mean training loss is {losses[0]:.1f} nats in the first epoch and {losses[-1]:.4f} "
        "in the last."
    )
    if losses[0] > 10 * losses[-1]:
        text += (
            " Initial weights of mean 0.1 make every hidden unit add up thousands of positive "
            "pixels, so that the first scores, and the first steps, are enormous."
        )
    if group.over_seeds("final", "loss")["sd"]:
        text += f" Over seeds the last one is {short(group.over_seeds('final', 'loss'))}."
    return [text]


_WORDS = {"train": "train accuracy is", "val": "validation accuracy", "test": "test accuracy"}


def _change(gap: Gap) -> str:
    direction = "higher" if gap.difference > 0 else "lower"
    return f"{direction} {by_how_much(gap)}"


def _judgement(free: Group, held: Group, gaps: dict[str, Gap]) -> str:
    before, after = (_train_over_val(group) for group in (free, held))
    narrowed = (
        f"The gap between train and validation accuracy {'narrows' if after < before else 'widens'}"
        f" from {before:.3f} to {after:.3f}"
    )
    val, test = gaps["val"], gaps["test"]
    if val.ratio is None or test.ratio is None:
        return f"{narrowed}. One seed each does not tell how much of these differences is luck."
    if val.difference > 0 and test.difference > 0:
        if val.clear and test.clear:
            return f"{narrowed}, and both other accuracies gain, {verdict_on_order(test)}: it pays."
        return (
            f"{narrowed}. Validation and test accuracy are higher here; the less certain of the "
            f"two gains is {verdict_on_order(min(val, test, key=lambda g: g.ratio or 0))}."
        )
    if val.difference < 0 and test.difference < 0 and val.clear and test.clear:
        return f"{narrowed}, yet both other accuracies lose, {verdict_on_order(test)}: too strong."
    purpose = ", which is what regularisation is for" if after < before else ""
    return (
        f"{narrowed}{purpose}. Better accuracy on images not trained on does not follow here: the "
        f"difference on validation is {verdict_on_order(val)}, that on test "
        f"{verdict_on_order(test)}."
    )


def _restless(free: Group, held: Group) -> list[str]:
    """How far validation accuracy jumps between epochs, which limits what one number says."""
    courses: list[Course] = []
    for group in (free, held):
        found = course(group.first.series("val", "accuracy"), largest=True)
        if found is None:
            return []
        courses.append(found)
    ranges = [found.high - found.low for found in courses]
    if max(ranges) < 2 * NOTABLE:
        return []
    return [
        "How much one number says: in the second half of the epochs validation accuracy lies "
        f"between {courses[0].low:.3f} and {courses[0].high:.3f} without the penalty and between "
        f"{courses[1].low:.3f} and {courses[1].high:.3f} with it (seed {free.seeds[0]})."
    ]


def _why_norms(growths: list[float]) -> str:
    if growths[0] > NOTABLE and abs(growths[1]) < growths[0] / 2:
        return (
            "Without it nothing holds the weights: probabilities nearer to 0 and 1 always lower "
            "the training loss a little. With it, every step shrinks them in proportion to their "
            "size, and growth ends where that balances the gradient."
        )
    if all(growth > NOTABLE for growth in growths):
        return "Both still grow: the balance of gradient and shrinking is not reached yet."
    return "The penalty shrinks all weights in proportion to their size at every step."


def _train_over_val(group: Group) -> float:
    return gap(group.accuracy("train"), group.accuracy("val")).difference


def _split_gap(group: Group) -> str:
    difference = _train_over_val(group)
    if difference < NOTABLE:
        return f"Train accuracy is {difference:+.3f} from validation accuracy: no gap to speak of."
    text = f"Train accuracy is {difference:.3f} above validation accuracy"
    if difference < WIDE:
        return f"{text}."
    return f"{text}: much of what is learned holds for the training images only."
