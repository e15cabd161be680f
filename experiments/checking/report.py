"""A verdict in words of 80 columns, and as JSON."""

import math
import textwrap
from collections.abc import Sequence
from typing import Any

from experiments.checking.catalogue import CATALOGUE, variants
from experiments.checking.values import NAMES
from experiments.checking.variant import Variant
from experiments.checking.verdict import Agreement, Claims, Verdict

WIDTH = 79
SHOWN = 6
_GAP = 2
_MOST_COLUMNS = 4
_TITLES = {"norm": "W norm", "val_loss": "val loss"}

_SAYS = {
    "equal": "EQUAL to the digit to the assignment's loop on these data",
    "seed": "EQUAL to the digit to the assignment's loop with another seed",
    "mistake": "LOOKS LIKE A MISTAKE",
    "noise": "WITHIN NOISE: what another seed may give",
    "unlike": "NOT the assignment's loop, and none of its usual mistakes either",
}


def listing(question: str | None) -> list[str]:
    """A question's variants, each with its line of theory; of None, all with their questions."""
    lines = []
    for variant in CATALOGUE if question is None else variants(question):
        if variant.kind == "right":
            continue
        lines += _wrapped(f"{variant.key}: {variant.says}", 0)
        if question is None:
            lines += _wrapped(f"[{', '.join(variant.questions)}]", 4)
        lines += _wrapped(variant.theory, 4)
    return lines


def verdict_lines(
    verdict: Verdict, claims: Claims, untried: Sequence[Variant], remedy: str
) -> list[str]:
    """The table of the nearest variants and the verdict.

    Args:
        verdict: what was found.
        claims: the numbers given.
        untried: variants that were not run.
        remedy: what would run them.
    """
    lines = _table(verdict, claims)
    lines += ["", f"verdict: {_SAYS[verdict.kind]}"]
    lines += _explanation(verdict)
    if untried:
        names = ", ".join(v.key for v in untried)
        what = f"{len(untried)} of the variants" if verdict.good else names
        lines += _wrapped(f"Not tried: {what}; {remedy}.", 2)
    return lines


def as_dict(
    question: str, verdict: Verdict, claims: Claims, untried: Sequence[Variant]
) -> dict[str, Any]:
    """The same for scripts."""
    return {
        "question": question,
        "verdict": verdict.kind,
        "good": verdict.good,
        "standard_deviations": {
            f"{name}@{epoch}": round(z, 3) for (epoch, name), z in verdict.deviations.items()
        },
        "given": {f"{name}@{epoch}": given.value for (epoch, name), given in claims.items()},
        "ranking": [
            {
                "variant": a.variant.key,
                "detail": a.result.detail,
                "says": a.variant.says,
                "theory": a.variant.theory,
                "equal": a.equal,
                "compared": a.compared,
                "distance": round(a.distance, 4),
                "numbers": {
                    f"{name}@{epoch}": _finite(a.result.epochs[epoch].get(name))
                    for epoch, name in claims
                },
            }
            for a in verdict.ranking
        ],
        "untried": [v.key for v in untried],
    }


def _explanation(verdict: Verdict) -> list[str]:
    lines: list[str] = []
    first = verdict.ranking[0] if verdict.ranking else None
    agreeing = first and first.exact and verdict.kind != "noise"
    ties = [a for a in verdict.ranking[1:] if a.exact] if agreeing else []
    if verdict.kind in ("mistake", "seed") and first:
        lines += _wrapped(f"{_named(first)}.", 2)
        lines += _wrapped(first.variant.theory, 2)
    if ties:
        others = "; ".join(_named(a) for a in ties[:4])
        lines += _wrapped(
            f"As many digits agree with: {others}. More numbers, or more digits, would tell.", 2
        )
    if verdict.largest is not None and verdict.kind != "equal":
        lines += _wrapped(_distance(verdict), 2)
    if verdict.kind == "noise" and first and first.variant.kind in ("training", "readout"):
        lines += _wrapped(
            f"Nearest: {_named(first)}, at {first.distance:.2f} standard deviations; noise of this "
            "size cannot be told from it.",
            2,
        )
    return lines


def _distance(verdict: Verdict) -> str:
    unit = "standard deviations over seeds"
    if not verdict.over_seeds:
        return (
            f"Distance from seed 42's numbers in {unit}: {_distances(verdict)}. The deviations are "
            "guesses, .01 of an accuracy and 5 % of a loss or norm: other seeds were not trained."
        )
    return f"Distance from the seeds' mean in {unit}: {_distances(verdict)}."


def _distances(verdict: Verdict) -> str:
    largest: dict[str, float] = {}
    for (_, name), z in verdict.deviations.items():
        if abs(z) >= abs(largest.get(name, 0.0)):
            largest[name] = z
    return ", ".join(f"{_TITLES.get(name, name)} {z:+.1f}" for name, z in largest.items())


def _table(verdict: Verdict, claims: Claims) -> list[str]:
    """What was given, the nearest variants and the right loop; long names go on below."""
    columns = _columns(claims)
    last = columns[0][0]
    several = len({epoch for epoch, _ in claims}) > 1
    titles = [_TITLES.get(name, name) for _, name in columns]
    rows = [(f"after epoch {last}" if several else "", [*titles, "agree"])]
    own = [f"{claims[key].value:.{min(claims[key].digits, 6)}f}" for key in columns]
    rows.append(("yours", [*own, ""]))
    shown = list(verdict.ranking[:SHOWN])
    shown += [a for a in verdict.ranking if a.variant.kind == "right" and a not in shown]
    for a in shown:
        cells = [_cell(a.result.epochs[key[0]].get(key[1]), claims[key].digits) for key in columns]
        found = "equal" if a.exact else f"{a.distance:.1f} sd" if a.distance < 1000 else "far off"
        rows.append((_named(a), [*cells, found]))
    widths = [max(map(len, column)) + _GAP for column in zip(*(r[1] for r in rows), strict=True)]
    room = min(WIDTH - sum(widths), max(len(label) for label, _ in rows))
    lines = []
    for label, cells in rows:
        first, *rest = textwrap.wrap(label, room, subsequent_indent="  ") or [""]
        right = "".join(f"{cell:>{w}}" for cell, w in zip(cells, widths, strict=True))
        lines += [f"{first:{room}}{right}".rstrip(), *rest]
    return lines


def _columns(claims: Claims) -> list[tuple[int, str]]:
    """At most four numbers stand in the table: the last epoch's, in the order of `NAMES`."""
    last = max(epoch for epoch, _ in claims)
    names = [name for name in NAMES if (last, name) in claims]
    return [(last, name) for name in names[:_MOST_COLUMNS]]


def _cell(value: float | None, digits: int) -> str:
    """A number with as many decimals as the one that it is compared with, four at least."""
    if value is None or not math.isfinite(value):
        return "-"
    return f"{value:.{min(max(digits, 4), 6)}f}" if abs(value) < 1e6 else f"{value:.3e}"


def _named(a: Agreement) -> str:
    return a.variant.says + (f" ({a.result.detail})" if a.result.detail else "")


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _wrapped(text: str, indent: int) -> list[str]:
    blank = " " * indent
    return textwrap.wrap(text, WIDTH, initial_indent=blank, subsequent_indent=blank)
