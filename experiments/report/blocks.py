"""What sections are made of: their skeleton, figures that exist, tables over seeds."""

from collections.abc import Sequence

from experiments.report.figure_list import FIGURES
from experiments.report.parts import SPLIT_WORDS, Group, Parts
from experiments.report.results import Comparison, FigureEntry, Section, TableEntry
from experiments.report.words import listed, share, short

Labelled = Sequence[tuple[str, Group]]


def section(
    identity: str,
    title: str,
    asked: str,
    how: list[str],
    *,
    formula: str = "",
    code: str = "",
    figures: Sequence[FigureEntry] = (),
    tables: Sequence[TableEntry] = (),
    comparisons: Sequence[Comparison] = (),
    answer: Sequence[str] = (),
) -> Section:
    """A section whose heading begins with its number."""
    made = Section(
        id=identity,
        title=f"{identity} {title}",
        asked=asked,
        how=how,
        figures=list(figures),
        tables=list(tables),
        comparisons=list(comparisons),
        answer=list(answer),
    )
    if formula:
        made["formula"] = formula
    if code:
        made["code"] = code
    return made


def figure(parts: Parts, file: str, caption: str, alt: str) -> list[FigureEntry]:
    """The figure, if every part that it is drawn from has a run."""
    if all(parts.has(part) for part in FIGURES[file].parts):
        return [FigureEntry(file=file, caption=caption, alt=alt)]
    return []


def accuracy_table(groups: Labelled, caption: str, splits: Sequence[str]) -> TableEntry:
    """Accuracies after the last epoch, a row per configuration: the first seed's, then all."""
    several = any(len(group.runs) > 1 for _, group in groups)
    columns = ["", *splits]
    caption += f" Seed {_first_seed(groups)}"
    if several:
        columns += [f"{split} ± sd" for split in splits] + ["seeds"]
        caption += ", then mean and standard deviation over all seeds"
    caption += "."
    rows = []
    for label, group in groups:
        row = [label, *(share(group.first.accuracy(split)) for split in splits)]
        if several:
            row += [short(group.accuracy(split)) for split in splits] + [str(len(group.runs))]
        rows.append(row)
    return TableEntry(
        caption=caption, align="l" + "r" * (len(columns) - 1), columns=columns, rows=rows
    )


def loss_table(groups: Labelled, caption: str) -> TableEntry:
    """Question 2: losses and accuracies after the last epoch, mean and deviation over seeds."""
    rows = [
        [
            label,
            short(group.over_seeds("final", "train", "loss")),
            short(group.over_seeds("final", "val", "loss")),
            short(group.accuracy("val")),
            short(group.accuracy("test")),
            str(len(group.runs)),
        ]
        for label, group in groups
    ]
    columns = ["", "train loss", "val loss", "val accuracy", "test accuracy", "seeds"]
    return TableEntry(caption=caption, align="lrrrrr", columns=columns, rows=rows)


def final_accuracies(group: Group, splits: Sequence[str] = ("train", "val", "test")) -> str:
    """`0.5192 of train, 0.3981 of validation and 0.3987 of test examples`, of the first seed."""
    words = [f"{share(group.first.accuracy(s))} of the {SPLIT_WORDS[s]}" for s in splits]
    return f"{listed(words)} examples"


def over_seeds(group: Group, splits: Sequence[str] = ("val", "test")) -> str:
    """Mean and deviation over seeds as a sentence; empty for one seed."""
    if len(group.runs) < 2:
        return ""
    words = [f"{short(group.accuracy(s))} on {SPLIT_WORDS[s]}" for s in splits]
    return f" Over {len(group.runs)} seeds: {listed(words)} (mean ± standard deviation)."


def _first_seed(groups: Labelled) -> int:
    return groups[0][1].seeds[0] if groups else 42
