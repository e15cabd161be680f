"""What `hw1-q3` found: each claim's cases and worst error, and the curves' numbers."""

from pathlib import Path
from typing import Any

from experiments.cli.commands import RunFolderError
from experiments.report.parts import read_record
from experiments.report.results import TableEntry
from experiments.report.words import power
from experiments.runs.folder import Record


class Theory:
    """The files of one run of `hw1-q3`.

    Attributes:
        path: its folder.
        curves: `curves.json`.
        claims: the entries of `verify.json` by name.
        holds: whether all of them hold.
    """

    def __init__(self, path: Path) -> None:
        """Read them.

        Raises:
            RunFolderError: they are missing or damaged.
        """
        self.path = path
        verify = read_record(path / "verify.json", "claims", "holds")
        self.curves = read_record(path / "curves.json", "gradient_descent")
        try:
            self.claims: dict[str, Record] = {entry["name"]: entry for entry in verify["claims"]}
        except (KeyError, TypeError):
            raise RunFolderError(
                f"{path / 'verify.json'}: got claims without names, expected those of hw1-q3; "
                "run it again"
            ) from None
        self.holds = bool(verify["holds"])

    def claim(self, name: str) -> Record:
        """One claim.

        Raises:
            RunFolderError: this run did not try it.
        """
        try:
            return self.claims[name]
        except KeyError:
            raise RunFolderError(
                f"{self.path / 'verify.json'}: got no claim {name!r}, expected one; "
                "run hw1-q3 again"
            ) from None

    def worst(self, name: str) -> str:
        """The worst number of a claim's cases, as text."""
        value = self.claim(name)["worst"]
        return "not finite" if value is None else power(float(value))

    def cases(self, name: str) -> int:
        """How many cases a claim was tried on."""
        return int(self.claim(name)["cases"])

    def gradient_descent(self, activation: str, units: int) -> dict[str, Any]:
        """One group of gradient runs.

        Raises:
            RunFolderError: there is none with this activation and so many units.
        """
        for group in self.curves["gradient_descent"].get("groups", []):
            if (group["activation"], group["K"]) == (activation, units):
                return dict(group)
        raise RunFolderError(
            f"{self.path / 'curves.json'}: got no runs of {activation} with {units} units, "
            "expected some; run hw1-q3 again"
        )

    def table(self, question: str) -> TableEntry:
        """All claims of one sub-question: cases, worst, allowed, and whether they hold."""
        rows = [
            [
                str(entry["statement"]).replace("|", "\u2223"),
                str(entry["cases"]),
                self.worst(name),
                ("≥ " if entry["relation"] == ">=" else "≤ ") + power(float(entry["tolerance"])),
                "holds" if entry["holds"] else "FAILS",
            ]
            for name, entry in self.claims.items()
            if entry["question"] == question
        ]
        return TableEntry(
            caption=f"Claims of {question}, each tried on so many cases: the worst number found, "
            "and what is allowed.",
            align="lrrrl",
            columns=["claim", "cases", "worst", "allowed", ""],
            rows=rows,
        )
