"""What `results.json` holds: every number, word and figure of the report, ready to be laid out.

Whoever fills it reads run folders; whoever lays it out reads nothing but this file and the figures
that it names. All text is rendered: a template adds headings and no number. Text may hold `inline
code` in backquotes and $inline mathematics$ in Typst's notation, as PDF and HTML alike can show.
"""

from typing import Any, NotRequired, TypedDict


class Measured(TypedDict):
    """A quantity over seeds: mean, sample standard deviation (None for one seed), their number."""

    mean: float | None
    sd: float | None
    n: int


class FigureEntry(TypedDict):
    """A figure: its file relative to `results.json`, caption, and what a blind reader is told."""

    file: str
    caption: str
    alt: str


class TableEntry(TypedDict):
    """A table whose cells are rendered; `align` has a letter, l or r, per column."""

    caption: str
    align: str
    columns: list[str]
    rows: list[list[str]]


class Comparison(TypedDict):
    """One measured quantity beside what it should be.

    Attributes:
        quantity: such as "test accuracy, learning rate 0.001".
        published: by the assignment's own solution, as text; empty if there is none.
        expected: on this very data with the reference loop, as text; empty if there is none.
        tolerance: by how much the published value may be missed, as text; empty if there is none.
        ours: what the runs gave.
        text: the same as text, such as "0.4570" or "0.458 ± 0.021 (n = 5)".
        verdict: "agrees", "differs" or "does not apply".
        why: one line: what was compared, or why it cannot be.
        runs: the run folders' names that it comes from.
        keys: where in each run's `summary.json` the number lies, such as ["final", "test",
            "accuracy"].
        minus: of an order of two configurations, the runs whose mean is taken off; `ours` is the
            difference of means, its `sd` that of the difference.
        over: of a ratio, the runs whose mean is divided by.
    """

    quantity: str
    published: str
    expected: str
    tolerance: str
    ours: Measured
    text: str
    verdict: str
    why: str
    runs: list[str]
    keys: list[str]
    minus: NotRequired[list[str]]
    over: NotRequired[list[str]]


class Section(TypedDict):
    """One sub-question of the assignment, or one part of the pages beyond it."""

    id: str
    title: str
    asked: str
    how: list[str]
    formula: NotRequired[str]
    """Display mathematics in Typst's notation."""
    code: NotRequired[str]
    figures: list[FigureEntry]
    tables: list[TableEntry]
    comparisons: list[Comparison]
    answer: list[str]


class Erratum(TypedDict):
    """A place where the assignment's text is wrong, what is right, and how one knows."""

    where: str
    printed: str
    right: str
    evidence: str


class Member(TypedDict):
    """A member of the group that hands the report in."""

    name: str
    number: str
    contribution: str


class RunEntry(TypedDict):
    """A line of the appendix: a run's configuration, and where its folder lies."""

    part: str
    command: str
    config: dict[str, Any]
    seed: int
    seconds: float
    folder: str


class Front(TypedDict):
    """The front page; `group` is empty if no file names it, `warnings` are shown large."""

    title: str
    subtitle: str
    group: list[Member]
    contributions: str
    warnings: list[str]
    facts: list[list[str]]
    """Pairs of what and its value: data, hash, preset, seeds, cores, versions, commit, time."""


class Results(TypedDict):
    """The whole file; `sections` are in the assignment's order, 1.1a to 3.4."""

    format: int
    synthetic: bool
    preset: str
    seeds: list[int]
    front: Front
    sections: list[Section]
    errata: list[Erratum]
    beyond: list[Section]
    appendix: list[RunEntry]
