"""What goes beyond the assignment: seeds, templates, confusions, mistakes, speed."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from experiments.assignment import PARTS
from experiments.cli.commands import RunFolderError
from experiments.report.blocks import figure, section
from experiments.report.parts import Group, Parts, found
from experiments.report.results import Section, TableEntry
from experiments.report.words import listed, percent, plain, setting, short

BENCH = "bench.json"


def beyond(parts: Parts, out: Path) -> list[Section]:
    """The sections of the pages beyond; those without any run are left out."""
    made = [_seeds(parts), _pictures(parts), _confusions(parts), _speed(out)]
    return [entry for entry in made if entry is not None]


def _seeds(parts: Parts) -> Section | None:
    rows = [
        [
            part,
            f"{PARTS[part].varied_words} {setting(value)}"
            if PARTS[part].varied
            else PARTS[part].model_words,
            *(short(group.accuracy(split)) for split in ("train", "val", "test")),
            str(len(group.runs)),
        ]
        for part in PARTS
        for value, group in parts.groups(part)
    ]
    if not rows:
        return None
    deviations = [
        sd
        for part in PARTS
        for _, group in parts.groups(part)
        if (sd := group.accuracy("test")["sd"]) is not None
    ]
    answer = (
        [
            f"From seed to seed test accuracy differs by a standard deviation of "
            f"{min(deviations):.3f} to {max(deviations):.3f}, depending on the model. Differences "
            "below that say nothing if each comes from one seed."
        ]
        if deviations
        else [
            "One seed each: nothing is known here of how much luck is in these numbers. "
            "`--seeds 3` would show it."
        ]
    )
    table = TableEntry(
        caption="Accuracy after the last epoch: mean ± standard deviation over seeds.",
        align="llrrrr",
        columns=["", "configuration", "train", "validation", "test", "seeds"],
        rows=rows,
    )
    return section(
        "seeds",
        "All accuracies over seeds",
        "How much of each number is luck?",
        ["The same runs with other seeds: another order of examples, other first weights."]
        if deviations
        else [],
        tables=[table],
        answer=answer,
    )


def _pictures(parts: Parts) -> Section | None:
    group = parts.group("1.2b")
    if group is None:
        return None
    return section(
        "pictures",
        "What logistic regression has learned, and where it is most mistaken",
        "What do the weights look like, and which mistakes is the model surest of?",
        [
            "Each class's weights as an image: what speaks for the class is bright, what speaks "
            "against it dark. Mistakes are sorted by the probability given to the wrong class."
        ],
        figures=[
            *figure(
                parts,
                "figures/beyond-templates.svg",
                "The weights of 1.2b as six images.",
                f"Six blurred colour images, one for each of {listed(_classes(group))}.",
            ),
            *figure(
                parts,
                "figures/beyond-mistakes.svg",
                "The test images that 1.2b gets wrong with the largest probability.",
                "Test images with their true class, the predicted one and its probability.",
            ),
        ],
    )


def _confusions(parts: Parts) -> Section | None:
    pairs = [
        ("logistic regression of 1.2b", parts.group("1.2b")),
        ("the network of 2.2b at dropout 0.25", parts.group("2.2b", 0.25)),
    ]
    groups = [(name, group) for name, group in pairs if group]
    if not groups:
        return None
    return section(
        "confusion",
        "Which classes are confused",
        "Which classes are taken for which?",
        ["Rows are true classes, columns predicted ones; test split, first seed."],
        figures=figure(
            parts,
            "figures/beyond-confusion.svg",
            "Confusion on the test split: 1.2b left, 2.2b at dropout 0.25 right.",
            " ".join(_confused(name, group) for name, group in groups),
        ),
        answer=[_confused(name, group) for name, group in groups],
    )


def _confused(name: str, group: Group) -> str:
    """The worst-recognised class, and the most frequent mistake."""
    counts = np.array(found(group.first, "confusion", "test"))
    classes = _classes(group)
    if counts.shape != (len(classes), len(classes)):
        raise RunFolderError(
            f"{group.first.path / 'summary.json'}: got a confusion matrix of "
            f"{list(counts.shape)}, expected counts of class by class; train the run again"
        )
    recall = counts.diagonal() / np.maximum(counts.sum(axis=1), 1)
    off = counts - np.diag(counts.diagonal())
    true, predicted = np.unravel_index(off.argmax(), off.shape)
    return (
        f"{name[0].upper()}{name[1:]} recognises {classes[recall.argmax()]} best "
        f"({percent(recall.max())}) and {classes[recall.argmin()]} worst "
        f"({percent(recall.min())}); most often {classes[true]} is taken for "
        f"{classes[predicted]}, {off[true, predicted]} of {counts[true].sum()} times."
    )


def _classes(group: Group) -> list[str]:
    names = group.first.summary["data"].get("class_names") or []
    return [plain(name) for name in names]


def _speed(out: Path) -> Section | None:
    """The last `make bench`, if it has left its file beside the report."""
    path = out / BENCH
    if not path.exists():
        return None
    try:
        content = json.loads(path.read_bytes())
        rows = [
            _bench_row(q, row) for q in ("question 1", "question 2") for row in content.get(q, [])
        ]
        name = plain(content["data"]["name"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise RunFolderError(
            f"{path}: got no measurements ({type(error).__name__}), expected those of make bench; "
            "measure again or remove it"
        ) from None
    if not rows:
        return None
    return section(
        "speed",
        "Speed",
        "How fast is this beside a plain loop over examples and beside PyTorch?",
        [
            f"Seconds per whole epoch on {name}, all contenders in one run on one machine; ratios "
            "are against the plain script of the same question."
        ],
        tables=[
            TableEntry(
                caption="Seconds per epoch, and how many times faster than the plain script.",
                align="lllrr",
                columns=["question", "model", "contender", "s per epoch", "ratio"],
                rows=rows,
            )
        ],
    )


def _bench_row(question: str, row: dict[str, Any]) -> list[str]:
    return [
        question.removeprefix("question "),
        plain(row.get("model") or row.get("configuration") or ""),
        plain(row["contender"]),
        f"{float(row['seconds_per_epoch']):.3f}",
        "" if row.get("ratio") is None else f"{float(row['ratio']):.2f}",
    ]
