"""The table of the assignment: what each part asks to be run, what was published, what to expect.

The plan of `hw1-reproduce`, `hw1-check`, the report, the examples under `--help`, the benchmarks
and the tests read it here, when they need it. Published numbers carry the assignment's digits.
Standard library only, so that a mistyped flag is answered before NumPy loads.
"""

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from experiments.configs.q1 import Q1Config
from experiments.configs.q2 import Q2Config

Config = Q1Config | Q2Config
Value = float | None
"""The value of a part's swept hyperparameter; None where the part sweeps over none."""
Measure = Literal["train", "val", "test", "norm", "loss", "val_loss"]
"""What a run prints: three accuracies, the weight norm, and two losses."""
Preset = Literal["quick", "full"]
PRESETS: tuple[Preset, ...] = ("quick", "full")

QUESTIONS = ("1", "2", "3")
LASSO_PART, THEORY_PART = "1.2d", "3"
"""The parts that train no single model: the L1 path beyond 1.2d, and question 3's claims."""
PICTURED_PARTS = ("1.2b", "2.2b")
"""The parts whose mistakes the report shows beyond the assignment, the first's as pictures too."""
PATH_POINTS: dict[Preset, int] = {"quick": 6, "full": 18}

NEAR, WIDE = 0.02, 0.03
"""By how much a correct run's accuracy may miss a published one."""
DIVERGENT_LOSS = 5.0
"""A validation loss above this is what the largest learning rate of 2.1 is expected to end with."""


class Published(NamedTuple):
    """The assignment's solution for one configuration; an empty text is no value.

    Attributes:
        val: validation accuracy, as printed.
        test: test accuracy, as printed.
        tolerance: by how much a correct run may miss it.
        train: train accuracy, as printed.
    """

    val: str = ""
    test: str = ""
    tolerance: float = NEAR
    train: str = ""


@dataclass(frozen=True)
class Part:
    """One part of questions 1 and 2.

    Attributes:
        config: what the assignment asks to be trained, seed 42.
        quick_epochs: epochs that are enough to see the model learn, for the quick preset.
        varied: the hyperparameter that the part sweeps over, "" for none.
        values: its values in the assignment's order, `(None,)` for none.
        usual: the value that is meant where none is named: the one with the best accuracy.
        published: the assignment's numbers by value.
        figures: what the report draws of it, by the names in `experiments/report/figures.py`.
        beside: the part with whose runs its own are compared, "" for none.
    """

    config: Config
    quick_epochs: int
    varied: str = ""
    values: tuple[Value, ...] = (None,)
    usual: Value = None
    published: Mapping[Value, Published] = field(default_factory=dict)
    figures: tuple[str, ...] = ("loss",)
    beside: str = ""

    @property
    def program(self) -> str:
        """The command that trains it."""
        return "hw1-q1" if isinstance(self.config, Q1Config) else "hw1-q2"

    @property
    def varied_words(self) -> str:
        """The swept hyperparameter as a sentence has it, such as "learning rate"."""
        return self.varied.replace("_", " ")

    @property
    def model_words(self) -> str:
        """The model as a sentence has it, such as "logistic regression"."""
        return self.config.model.replace("_", " ")

    def run(self, value: Value = None, seed: int = 42, preset: Preset = "full") -> Config:
        """Return the configuration of the run with this value and seed."""
        changed: dict[str, Any] = {self.varied: value} if self.varied else {}
        if preset == "quick":
            changed["epochs"] = self.quick_epochs
        return replace(self.config, **changed, seed=seed)

    def runs(self, seeds: Sequence[int], preset: Preset = "full") -> Iterator[Config]:
        """Give every run of the part: each value with all its seeds in a row."""
        return (self.run(value, seed, preset) for value in self.values for seed in seeds)

    def settings(self, value: Value = None) -> dict[str, Any]:
        """Return those settings of a run, seed apart, that change its numbers, by name."""
        config = self.run(value)
        return {name: getattr(config, name) for name in ("model", *config.effective)}

    def command(self) -> str:
        """Return the command line that trains every run of the part."""
        flags = []
        for entry in fields(self.config):
            value = getattr(self.config, entry.name)
            if entry.name == self.varied:
                flags.append(f"-{entry.name} {' '.join(map(decimal, self.values))}")
            elif entry.name != "model" and value != entry.default:
                flags.append(f"-{entry.name} {decimal(value)}")
        return " ".join([self.program, self.config.model, *flags])


def decimal(value: object) -> str:
    """Write a number as the assignment does: 0.00001, not 1e-05."""
    return format(Decimal(repr(value)), "f") if isinstance(value, float) else str(value)


_LOGISTIC = Q1Config("logistic_regression", epochs=100, learning_rate=0.001)
_SWEPT = Q2Config(
    "logistic_regression", epochs=100, batch_size=32, learning_rate=0.001, l2_decay=0.01
)
_NETWORK = Q2Config("mlp")

BUILT_IN: dict[str, Part] = {
    "1.1a": Part(
        Q1Config("perceptron", epochs=100),
        10,
        published={None: Published("0.41", "0.39", train="0.56")},
        figures=("accuracy",),
    ),
    "1.2a": Part(_LOGISTIC, 10, published={None: Published(test="0.46")}, figures=("accuracy",)),
    "1.2b": Part(
        replace(_LOGISTIC, l2_penalty=0.01),
        10,
        published={None: Published(test="0.51")},
        figures=("accuracy", "norm"),
        beside="1.2a",
    ),
    "1.3": Part(
        Q1Config("mlp"),
        3,
        published={None: Published(test="0.54")},
        figures=("loss", "accuracy"),
    ),
    "2.1": Part(
        _SWEPT,
        5,
        "learning_rate",
        (0.00001, 0.001, 0.1),
        0.001,
        {
            0.00001: Published(tolerance=WIDE),
            0.001: Published("0.5313", "0.5263"),
            0.1: Published(),
        },
    ),
    "2.2a": Part(
        _NETWORK,
        3,
        "batch_size",
        (64, 512),
        64,
        {64: Published("0.6061", "0.6003"), 512: Published("0.4979", "0.5203")},
    ),
    "2.2b": Part(
        _NETWORK,
        3,
        "dropout",
        (0.01, 0.25, 0.5),
        0.25,
        {
            0.01: Published("0.5776", "0.5777"),
            0.25: Published("0.6125", "0.6063"),
            0.5: Published("0.5990", "0.5863"),
        },
    ),
    "2.2c": Part(
        replace(_NETWORK, batch_size=1024),
        3,
        "momentum",
        (0.0, 0.9),
        0.9,
        {0.0: Published("0.4644", "0.4780", WIDE), 0.9: Published("0.5990", "0.5950")},
    ),
}

PARTS = dict(BUILT_IN)
"""What this process follows: `experiments/assignment_file.py` puts another year's in its place."""
NAMES = {"title": "Homework 1", "course": "Deep Learning, IST, 2024-25"}
"""What the report's front page says."""
CLASSES: list[str] = []
"""What the report calls the classes, in the order of the labels; empty: as the data do."""


def unchanged(name: str, part: Part, value: Value) -> bool:
    """Return whether a run has the built-in assignment's settings, for which numbers are known."""
    built_in = BUILT_IN[name]
    return value in built_in.values and part.settings(value) == built_in.settings(value)


def examples(program: str) -> str:
    """List the commands of a program's parts for its `--help`, in less than 80 columns."""
    lines = ["the assignment's commands:"]
    for name, part in PARTS.items():
        if part.program == program:
            # A line may end before a flag, not between a flag and its values.
            whole_flags = re.sub(r" (?!-)", "\N{NO-BREAK SPACE}", part.command())
            wrapped = textwrap.wrap(whole_flags, 68, break_on_hyphens=False)
            command = " \\\n          ".join(wrapped).replace("\N{NO-BREAK SPACE}", " ")
            lines.append(f"  {name:5} {command}")
    return "\n".join(lines)
