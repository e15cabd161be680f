"""The claims as a table of 80 columns."""

from collections.abc import Iterable

from analysis.claims.base import Claim, Source

LETTERS = dict(zip(Source, "abcde", strict=True))
HEADER = f"3.x {'claim':<42} {'cases':>6} {'worst':>7}    {'allowed':>7}"


def row(claim: Claim) -> str:
    """One line: what is claimed, cases, worst residual, tolerance, its source, the verdict.

    The verdict "none" says that the settings left no case to try.
    """
    relation = ">=" if claim.at_least else "<="
    verdict = ("holds" if claim.holds else "FAILS") if claim.cases else "none"
    return (
        f"{claim.question} {claim.statement:<42} {claim.cases:6d} {claim.worst:7.1e} {relation} "
        f"{claim.tolerance:7.1e} {LETTERS[claim.source]} {verdict}"
    )


def legend() -> list[str]:
    """Explain the letters: where each tolerance comes from."""
    return ["", "where the tolerances come from:"] + [
        f"  {letter}  {source.value}" for source, letter in LETTERS.items()
    ]


def summary(claims: Iterable[Claim]) -> str:
    """Return the last line: how many claims and cases, and which failed."""
    claims = list(claims)
    failed = [claim.name for claim in claims if not claim.holds]
    cases = sum(claim.cases for claim in claims)
    verdict = f"{len(failed)} FAIL: {', '.join(failed)}" if failed else "all hold"
    return f"{len(claims)} claims, {cases} cases: {verdict}"
