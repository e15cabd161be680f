"""One line of a log: the epoch, the settings and the numbers that it names."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, get_args

from experiments.assignment import PARTS, Measure
from experiments.checking.given_numbers import ACCURACIES, NUMBER, Given, as_share, number
from experiments.checking.reading.words import (
    Kind,
    Label,
    SettingName,
    Split,
    When,
    label_of,
    measure_of,
)

Setting = float | str

LINE_CHARACTERS = 4_000
"""Of a longer line no more is looked at: no script prints one, and a file may be anything."""
LABEL_CHARACTERS = 80

_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
# A number that is no part of a word or of a version: not the 64 of float64, not 1.1a.
_NUMBER = re.compile(rf"(?<![\w.])(?:{NUMBER})(?!\w|\.\d)", re.IGNORECASE)
_ANY_NUMBER = re.compile(r"\d|nan|inf", re.IGNORECASE)
_WHOLE = re.compile(r"(\d{1,7})\.?0*")
_COUNT = re.compile(r"\s+[^\W\d]")
_COUNTED = frozenset(("the", "of", "on", "over", "all", "de", "nos", "nas", "dos", "das"))
# A progress bar before its end, or PyTorch's "[6400/12630 (51%)]".
_WITHIN = re.compile(r"(?<!\d)\d{1,2}%\||\[\d+/\d+ \(\d+%\)\]")
_HEADING = re.compile(
    r"[\W_\d]*(?:(?:model|modelo|training|results?|for|of|the|question|[a-d])\b[\W_\d]*)*"
    r"(perceptron|logistic[ _]?regression|mlp|multi-?layer perceptron)[\W_]*(?:\(.*)?",
    re.IGNORECASE,
)
_OF = re.compile(r"\s*/\s*(\d{1,7})\b")
_INTERESTING = re.compile(
    r"ac[ceu]|exatid|precis|loss|perda|cost|custo|norm|\|\||ep(?:och|oca|\b)|\u00e9poca|tr(?:ain|ein|\b)|val|dev"
    r"|test|lr|rate|eta|taxa|batch|\bbs\b|drop|moment|l2|decay|lambda|regul|hidden|layers|\.py|hw1-q",
    re.IGNORECASE,
)
_COMMAND = re.compile(r"(?:\S+\.py|\bhw1-q[12])\s+(\S.*)")
_FLAG = re.compile(r"--?([a-z][a-z0-9_-]*)[\s=]+(?!-)(\S+)")
_FLAGS: tuple[SettingName, ...] = tuple(n for n in get_args(SettingName) if n != "model")
_MODELS = frozenset(part.config.model for part in PARTS.values())


class Value(NamedTuple):
    """A number that a line gives.

    Attributes:
        measure: which.
        given: the number.
        when: "initial" or "final" where the line says so.
    """

    measure: Measure
    given: Given
    when: When | None


@dataclass
class Line:
    """What one line says.

    Attributes:
        epoch: the epoch that it names.
        settings: hyperparameters by name.
        values: its numbers.
        command: whether it is the command that starts a run.
        passed_over: numbers of it that belong to no epoch, such as the best accuracy.
        step: whether it names a step, inside the epoch of the lines before it if it names none.
        within: whether its numbers are those of a step inside an epoch.
    """

    epoch: int | None = None
    settings: dict[SettingName, Setting] = field(default_factory=dict)
    values: list[Value] = field(default_factory=list)
    command: bool = False
    passed_over: int = 0
    step: bool = False
    within: bool = False

    def __bool__(self) -> bool:
        return bool(self.epoch is not None or self.settings or self.values or self.command)


def parse_line(text: str) -> Line:
    """Tell what a line says."""
    text = _ESCAPES.sub("", text[:LINE_CHARACTERS])
    # Cheap searches spare most lines a dear one: a log may have hundreds of thousands.
    line = Line(within="%" in text and bool(_WITHIN.search(text)))
    if heading := _HEADING.fullmatch(text.strip()):
        name = re.sub(r"\W", "_", heading[1].lower())
        line.settings["model"] = name if name in _MODELS else "mlp"
    if (".py" in text or "hw1-q" in text) and (command := _COMMAND.search(text)):
        line.command = True
        line.settings = _flags(command[1])
        return line
    if not (_ANY_NUMBER.search(text) and _INTERESTING.search(text)):
        return line
    split: Split | None = None
    kind: Kind | None = None
    when: When | None = None
    before = Label()
    bare: list[Given] = []
    for written, label, place in _labelled(text):
        # "Accuracy at epoch 3: 0.45": what the epoch's number took, the next one is called too.
        if before.epoch and not label.words:
            label = before._replace(epoch=False)
        before = label
        when = label.when or when
        if when == "best":
            line.passed_over += 1
            continue
        running = label.setting == "epochs" and _OF.match(text, place)  # "Epochs 1/20"
        if (label.epoch or running) and (whole := _WHOLE.fullmatch(written)):
            line.epoch = int(whole[1])
            continue
        step = label.step and label.kind is None  # not the "loss per example"
        line.step |= step
        if step and line.epoch is not None:
            line.within = True
            continue
        if not label.words and not label.kind:
            continue
        if label.setting:
            line.settings[label.setting] = number(written)[0].value
            continue
        kind = label.kind or kind
        split = label.split or split
        # A loss of no split is the training's, the line's second one that of the split before it.
        second = any(value.measure == "loss" for value in line.values)
        carried = split if label.kind != "loss" or second else None
        measure = measure_of(label, carried, kind or "accuracy")
        if measure is None:
            line.passed_over += label.kind is not None
            if label.kind == "accuracy" and (value := _value("train", written, text[place:])):
                bare.append(value)
        elif value := _value(measure, written, text[place:]):
            line.values.append(Value(measure, value, when))
    if line.within:
        line.passed_over += len(line.values)
        line.values, line.settings = [], {}
    # "accuracy: .5 - val_accuracy: .4": beside a validation's, one of no split is the training's.
    measures = {value.measure for value in line.values}
    if len(bare) == 1 and "val" in measures and "train" not in measures:
        line.values.append(Value("train", bare[0], None))
        line.passed_over -= 1
    return line


def _labelled(text: str) -> Iterator[tuple[str, Label, int]]:
    """Give each number as written, what it is called, and where it ends."""
    start = 0
    numbers = list(_NUMBER.finditer(text))
    behind = _labels_behind(text, numbers)
    for k, found in enumerate(numbers):
        label = text[max(start, found.start() - LABEL_CHARACTERS) : found.start()]
        own = label.rpartition("|")[2]
        label = own if any(c.isalpha() for c in own) else label
        named = behind[k] if behind else label_of(label)
        # "on the 3000 test images: .5": how many there are is no more than a word.
        counts = found[0].isdigit() and named.words and named.words[-1] in _COUNTED
        if counts and _COUNT.match(text, found.end()):
            continue
        start = found.end()
        yield found[0], named, start


def _labels_behind(text: str, numbers: Sequence[re.Match[str]]) -> list[Label]:
    """Return what stands behind each number, ".25 train acc, .5 val acc"; else no label."""
    if not numbers or any(c.isalpha() for c in text[: numbers[0].start()]):
        return []
    ends = [*(found.start() for found in numbers[1:]), len(text)]
    pieces = [text[found.end() : end] for found, end in zip(numbers, ends, strict=True)]
    labels = [label_of(piece[:LABEL_CHARACTERS]) for piece in pieces]
    return labels if all(label.kind or label.split for label in labels) else []


def _value(measure: Measure, written: str, rest: str) -> Given | None:
    """Return the number of a measure; an accuracy may be a count such as 543/1404."""
    given, percent = number(written)
    if measure not in ACCURACIES:
        return given
    if (of := _OF.match(rest)) and written.isdigit() and int(of[1]) >= given.value > 1:
        return Given(given.value / int(of[1]), 7)
    try:
        return as_share(given, percent)
    except ValueError:
        return None


def _flags(arguments: str) -> dict[SettingName, Setting]:
    settings: dict[SettingName, Setting] = {}
    if (first := arguments.split()[0]) in _MODELS:
        settings["model"] = first
    for flag, value in _FLAG.findall(arguments):
        name = flag.replace("-", "_")
        if name in _FLAGS:
            try:
                settings[name] = float(value)
            except ValueError:
                settings[name] = value[:40]
    return settings
