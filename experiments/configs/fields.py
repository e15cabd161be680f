"""What the configurations of both questions have in common.

A configuration is a frozen dataclass: the same object is the command line, the element of a sweep
and a run's `config.json`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, ClassVar, NamedTuple, Self

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
    """One run, with the assignment's defaults; the questions' own are frozen dataclasses.

    Attributes:
        hyperparameters: what the assignment's command line sets, by field.
        choices: the names that other fields may have.

    Raises:
        ValueError: a field is out of its range; it names the field, its value, what is expected.
    """

    hyperparameters: ClassVar[Mapping[str, Hyperparameter]]
    choices: ClassVar[Mapping[str, tuple[str, ...]]]
    model: str
    seed: int

    def __post_init__(self) -> None:
        SEED.check("seed", self.seed)
        for name in (*self.choices, *self.hyperparameters):
            value = getattr(self, name)
            allowed = self.choices.get(name) or self.hyperparameters[name].allowed
            if isinstance(allowed, Range):
                allowed.check(name, value)
            elif value not in allowed:
                raise ValueError(f"{name}: got {value!r}, expected one of {', '.join(allowed)}")

    def parts(self, names: Iterable[str]) -> list[str]:
        """Return these fields for a folder's name, such as "lr0.001": not 1e-3."""
        values = [(self.hyperparameters[name].short, getattr(self, name)) for name in names]
        return [f"{short}{v if isinstance(v, str) else format(v, '.15g')}" for short, v in values]

    @classmethod
    def from_dict(cls, fields: Mapping[str, object]) -> Self:
        """Make one of the fields that `config.json` holds; they are checked."""
        return cls(**fields)

    def as_dict(self) -> dict[str, Any]:
        """Return the fields by name, as `config.json` holds them."""
        return asdict(self)  # type: ignore[call-overload]
