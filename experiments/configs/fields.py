"""What the configurations of both questions have in common.

A configuration is a frozen dataclass: the same object is the command line, the element of a sweep
and a run's `config.json`.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, NamedTuple, Self

from experiments.cli.ranges import SEED, Range


class Hyperparameter(NamedTuple):
    """A field that the assignment's command line sets.

    Attributes:
        allowed: what its value may be.
        meaning: what it is, for `--help` and for readers.
        short: what stands before its value in a run folder's name.
    """

    allowed: Range | tuple[str, ...]
    meaning: str
    short: str = ""


class RunConfig:
    """The methods of a configuration; the questions' own are frozen dataclasses."""

    model: str
    seed: int

    def check(
        self, choices: Mapping[str, tuple[str, ...]], table: Mapping[str, Hyperparameter]
    ) -> None:
        """Refuse a field that is out of its range.

        Args:
            choices: the names that other fields may have.
            table: the hyperparameters by field.

        Raises:
            ValueError: naming the field, its value, and what is expected.
        """
        SEED.check("seed", self.seed)
        for name, allowed in {
            **choices,
            **{n: entry.allowed for n, entry in table.items()},
        }.items():
            value = getattr(self, name)
            if isinstance(allowed, Range):
                allowed.check(name, value)
            elif value not in allowed:
                raise ValueError(f"{name}: got {value!r}, expected one of {', '.join(allowed)}")

    def parts(self, names: list[str], table: Mapping[str, Hyperparameter]) -> list[str]:
        """Return these fields for a folder's name, such as "lr0.001"."""
        return [f"{table[name].short}{text(getattr(self, name))}" for name in names]

    @classmethod
    def from_dict(cls, fields: Mapping[str, object]) -> Self:
        """Make one of the fields that `config.json` holds; they are checked."""
        return cls(**fields)

    def as_dict(self) -> dict[str, Any]:
        """Return the fields by name, as `config.json` holds them."""
        return asdict(self)  # type: ignore[call-overload]


def text(value: object) -> str:
    """Write a value as a folder's name has it: 0.001, not 1e-3."""
    return f"{value:.15g}" if isinstance(value, (int, float)) else str(value)
