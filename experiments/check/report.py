"""A verdict in words of 80 columns, and as JSON."""

import math
import textwrap
from collections.abc import Sequence
from typing import Any

from experiments.check.catalogue import variants
from experiments.check.values import NAMES
from experiments.check.variant import Variant
from experiments.check.verdict import Agreement, Claims, Verdict

WIDTH = 79
SHOWN = 6
_TITLES = {"norm": "W norm", "val_loss": "val loss"}
_LABEL = 38

_SAYS = {
    "equal": "EQUAL to the digit to the assignment's loop on these data",
    "seed": "EQUAL to the digit to the assignment's loop with another seed",
    "mistake": "LOOKS LIKE A MISTAKE",
    "noise": "WITHIN NOISE: what another seed may give",
    "unlike": "NOT the assignment's loop, and none of its usual mistakes either",
}


def listing(question: str) -> list[str]:
    """The variants of a question, each with its line of theory."""
    lines = []
    for variant in variants(question):
        if variant.kind == "right":
            continue
        lines.append(f"{variant.key}: {variant.says}"[:WIDTH])
        lines += _wrapped(variant.theory, 4)
    return lines


def verdict_lines(verdict: Verdict, claims: Claims, untried: Sequence[Variant]) -> list[str]:
    """The table of the nearest variants and the verdict.

    Args:
        verdict: what was found.
        claims: the numbers given.
        untried: variants that were not run.
    """
    columns = _columns(claims)
    lines = [_head(columns, claims), _given_line(columns, claims)]
    shown = list(verdict.ranking[:SHOWN])
    right = [a for a in verdict.ranking if a.variant.kind == "right" and a not in shown]
    lines += [_line(a, columns) for a in shown + right]
    lines += ["", f"verdict: {_SAYS[verdict.kind]}"]
    lines += _explanation(verdict, len(claims))
    if untried:
        lines += _wrapped(
            f"Not tried: {', '.join(v.key for v in untried)}. --all tries everything.", 2
        )
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


def _explanation(verdict: Verdict, n_claims: int) -> list[str]:
    lines: list[str] = []
    first = verdict.ranking[0] if verdict.ranking else None
    ties = [a for a in verdict.ranking[1:] if a.exact] if first and first.exact else []
    if verdict.kind in ("mistake", "seed") and first:
        lines += _wrapped(f"{_named(first)}.", 2)
        lines += _wrapped(first.variant.theory, 2)
    if ties:
        others = "; ".join(_named(a) for a in ties[:4])
        lines += _wrapped(
            f"As many digits agree with: {others}. More numbers, or more digits, would tell.", 2
        )
    if verdict.largest is not None and verdict.kind != "equal":
        what = "the largest of them " if n_claims > 1 else ""
        lines += _wrapped(
            f"Distance from the mean over seeds: {what}{verdict.largest:.1f} standard deviations "
            f"({_distances(verdict)}).",
            2,
        )
    if verdict.kind == "noise" and first and first.variant.kind in ("training", "readout"):
        lines += _wrapped(
            f"Nearest: {_named(first)}, at {first.distance:.2f} standard deviations; noise of this "
            "size cannot be told from it.",
            2,
        )
    return lines


def _distances(verdict: Verdict) -> str:
    largest: dict[str, float] = {}
    for (_, name), z in verdict.deviations.items():
        if abs(z) >= abs(largest.get(name, 0.0)):
            largest[name] = z
    return ", ".join(f"{_TITLES.get(name, name)} {z:+.1f}" for name, z in largest.items())


def _columns(claims: Claims) -> list[tuple[int, str]]:
    """At most four numbers stand in the table: the last epoch's, in the order of `NAMES`."""
    last = max(epoch for epoch, _ in claims)
    names = [name for name in NAMES if (last, name) in claims]
    return [(last, name) for name in names[:4]]


def _head(columns: list[tuple[int, str]], claims: Claims) -> str:
    several = len({epoch for epoch, _ in claims}) > 1
    label = f"after epoch {columns[0][0]}" if several else ""
    titles = "".join(f"{_TITLES.get(name, name):>9}" for _, name in columns)
    return f"{label:{_LABEL}}{titles}   agree"[:WIDTH].rstrip()


def _given_line(columns: list[tuple[int, str]], claims: Claims) -> str:
    cells = "".join(f"{claims[key].value:9.{min(claims[key].digits, 6)}f}" for key in columns)
    return f"{'yours':{_LABEL}}{cells}"[:WIDTH]


def _line(a: Agreement, columns: list[tuple[int, str]]) -> str:
    cells = ""
    for epoch, name in columns:
        value = _finite(a.result.epochs[epoch].get(name))
        cells += f"{'-':>9}" if value is None else _number(value)
    found = "equal" if a.exact else f"{a.distance:.1f} sd" if a.distance < 1000 else "far off"
    return f"{_shortened(_named(a), _LABEL)}{cells}{found:>8}"[:WIDTH]


def _number(value: float) -> str:
    return f"{value:9.4f}" if abs(value) < 1000 else f"{value:9.1f}"[:9]


def _named(a: Agreement) -> str:
    return a.variant.says + (f" ({a.result.detail})" if a.result.detail else "")


def _shortened(text: str, width: int) -> str:
    return f"{text:{width}}" if len(text) < width else text[: width - 4] + "... "


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _wrapped(text: str, indent: int) -> list[str]:
    blank = " " * indent
    return textwrap.wrap(text, WIDTH, initial_indent=blank, subsequent_indent=blank)
