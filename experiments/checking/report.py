"""A verdict in words of 80 columns, its first line the answer, and as JSON."""

import math
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from experiments.assignment import Measure
from experiments.checking.catalogue import CATALOGUE, variants
from experiments.checking.catalogue.variant import Variant
from experiments.checking.given_numbers import MEASURES, Given
from experiments.checking.noise import Claims, Place
from experiments.checking.reading.show import TITLES
from experiments.checking.verdict import Agreement, Kind, Verdict

WIDTH = 79
MAX_ROWS = 6
MAX_COLUMNS = 4
WIDE_LIMIT = 20.0
"""Three seeds limit nothing in particular: a wider limit is not told."""
_GAP = 2

SAYS: dict[Kind, str] = {
    "equal": "EQUAL to the digit to the assignment's loop on these data",
    "seed": "EQUAL to the digit to the assignment's loop with another seed",
    "mistake": "LOOKS LIKE A MISTAKE",
    "noise": "WITHIN NOISE: what another seed may give",
    "unlike": "NOT the assignment's loop, and none of its usual mistakes either",
}


class Answer(NamedTuple):
    """What is answered.

    Attributes:
        first: the line that answers the question.
        lines: all of it, for people.
        content: all of it, for scripts.
    """

    first: str
    lines: list[str]
    content: dict[str, Any]

    @property
    def good(self) -> bool:
        """Whether nothing is wrong."""
        return bool(self.content["good"])


def listing(part: str | None) -> list[str]:
    """Return a part's variants, each with its line of theory; of None, all with their parts."""
    lines = []
    for variant in CATALOGUE if part is None else variants(part):
        if variant.key == "right":
            continue
        lines += wrapped(f"{variant.key}: {variant.says}", 0)
        if part is None:
            lines += wrapped(f"[{', '.join(variant.parts)}]", 4)
        lines += wrapped(variant.theory, 4)
    return lines


def verdict_answer(
    part: str,
    verdict: Verdict,
    claims: Claims,
    untried: Sequence[Variant],
    remedy: str,
    context: Sequence[str] = (),
) -> Answer:
    """Return the verdict, what explains it, lines on the data, and the nearest variants.

    The last line names the variants that were not tried, and `remedy`, which tries them.
    """
    first = SAYS[verdict.kind]
    if verdict.kind in ("mistake", "seed"):
        first += f": {verdict.ranking[0].result.says}"
    lines = wrapped(first, 0)
    lines += _explanation(verdict)
    lines += ["", *context, *_table(verdict, claims)]
    if untried:
        names = ", ".join(v.key for v in untried)
        short = verdict.good or len(names) > 200
        what = f"{len(untried)} of the variants" if short else names
        lines += wrapped(f"Not tried: {what}; {remedy}.", 0)
    return Answer(first, lines, _content(part, verdict, claims, untried))


def _content(
    part: str, verdict: Verdict, claims: Claims, untried: Sequence[Variant]
) -> dict[str, Any]:
    named = verdict.kind == "mistake"
    return {
        "question": part,
        "verdict": verdict.kind,
        "good": verdict.good,
        "mistake": verdict.ranking[0].result.name if named else None,
        "standard_deviations": _by_place({k: round(z, 3) for k, z in verdict.deviations.items()}),
        "limit": _finite(round(verdict.limit, 3)),
        "given": _by_place({key: given.value for key, given in claims.items()}),
        "ranking": [
            {
                "variant": a.result.name,
                "detail": a.result.detail,
                "says": a.result.says,
                "theory": a.result.variant.theory,
                "equal": a.equal,
                "compared": a.compared,
                "distance": round(a.distance, 4),
                "numbers": _by_place(
                    {k: a.result.number(*k) for k in claims if k[0] < len(a.result.epochs)}
                ),
            }
            for a in verdict.ranking
        ],
        "untried": [v.key for v in untried],
    }


def _explanation(verdict: Verdict) -> list[str]:
    lines: list[str] = []
    if not verdict.ranking:
        return lines
    first, *others = verdict.ranking
    if verdict.kind in ("mistake", "seed"):
        for variant in first.result.chosen:
            lines += wrapped(variant.theory, 2)
    if verdict.kind == "equal" and not first.result.variant.right:
        lines += wrapped(f"{first.result.says}: {first.result.variant.theory}", 2)
    ties = [a.result.says for a in others if a.exact and not a.result.variant.plain_loop]
    if ties and first.exact and verdict.kind != "noise":
        lines += wrapped(
            f"As many digits agree with: {'; '.join(ties[:4])}. More numbers, or more digits, "
            "would tell.",
            2,
        )
    if verdict.deviations and verdict.kind != "equal":
        lines += wrapped(_distance(verdict), 2)
    if verdict.kind == "noise" and not first.harmless and first.distance < 1:
        lines += wrapped(
            f"Nearest: {first.result.says}, at {first.distance:.2f} standard deviations; noise of "
            "this size cannot be told from it.",
            2,
        )
    return lines


def _distance(verdict: Verdict) -> str:
    """Say how far the numbers are from other seeds', each measure where it is farthest."""
    largest: dict[Measure, float] = {}
    for (_, name), z in verdict.deviations.items():
        if abs(z) >= abs(largest.get(name, 0.0)):
            largest[name] = z
    told = ", ".join(f"{TITLES[name]} {z:+.1f}" for name, z in largest.items())
    unit = "standard deviations over seeds"
    if not verdict.over_seeds:
        return (
            f"Distance from seed 42's numbers in {unit}: {told}. The deviations are guesses, .01 "
            "of an accuracy and 5 % of a loss or norm: other seeds were not trained."
        )
    if verdict.limit < WIDE_LIMIT:
        limit = f"noise is up to {verdict.limit:.1f}"
        return f"Distance from the seeds' mean in {unit}: {told}; {limit}."
    return f"Distance from the mean of few seeds in {unit}: {told}."


def _table(verdict: Verdict, claims: Claims) -> list[str]:
    """Return the last epoch's numbers: what was given, the nearest variants, the right loop.

    Names that are too long go on below.
    """
    last = max(epoch for epoch, _ in claims)
    columns = [(last, name) for name in MEASURES if (last, name) in claims][:MAX_COLUMNS]
    several = len({epoch for epoch, _ in claims}) > 1
    rows = [
        (f"after epoch {last}" if several else "", [*(TITLES[n] for _, n in columns), "agree"]),
        ("yours", [*(given_text(claims[key]) for key in columns), ""]),
    ]
    shown = list(verdict.ranking[:MAX_ROWS])
    shown += [a for a in verdict.ranking if a.result.variant.key == "right" and a not in shown]
    for a in shown:
        cells = [_cell(a, key, claims[key].digits) for key in columns]
        found = "equal" if a.exact else f"{a.distance:.1f} sd" if a.distance < 1000 else "far off"
        rows.append((a.result.says, [*cells, found]))
    widths = [max(map(len, column)) + _GAP for column in zip(*(r[1] for r in rows), strict=True)]
    room = min(WIDTH - sum(widths), max(len(label) for label, _ in rows))
    lines = []
    for label, cells in rows:
        first, *rest = textwrap.wrap(label, room, subsequent_indent="  ") or [""]
        right = "".join(f"{cell:>{w}}" for cell, w in zip(cells, widths, strict=True))
        lines += [f"{first:{room}}{right}".rstrip(), *rest]
    return lines


def given_text(given: Given) -> str:
    """Return a number with the decimals that were given, six at most."""
    return f"{given.value:.{min(given.digits, 6)}f}" if given.finite else str(given.value)


def _cell(a: Agreement, key: Place, digits: int) -> str:
    """Return a number with as many decimals as the one that it is compared with, four at least."""
    if (value := _finite(a.result.number(*key))) is None:
        return "-"
    return f"{value:.{min(max(digits, 4), 6)}f}" if abs(value) < 1e6 else f"{value:.3e}"


def _by_place(numbers: Mapping[Place, float | None]) -> dict[str, float | None]:
    """Return numbers as JSON has them, each under its measure and epoch, such as "val@3"."""
    return {f"{name}@{epoch}": _finite(value) for (epoch, name), value in numbers.items()}


def _finite(value: float | None) -> float | None:
    """Return a number that JSON can hold, None for the others."""
    return value if value is not None and math.isfinite(value) else None


def wrapped(text: str, indent: int) -> list[str]:
    """Return a text in lines of 79 columns."""
    blank = " " * indent
    return textwrap.wrap(
        text, WIDTH, initial_indent=blank, subsequent_indent=blank if indent else "  "
    )
