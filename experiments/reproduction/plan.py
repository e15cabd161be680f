"""What the homework takes: its runs, and the parts of the questions that each belongs to.

Standard library only: the plan stands before NumPy loads.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from experiments.assignment import LASSO_PART, PARTS, PATH_POINTS, THEORY_PART, Preset
from experiments.configs.q1 import Q1Config
from experiments.configs.q2 import Q2Config


@dataclass(frozen=True)
class LassoPath:
    """Beyond question 1.2d: logistic regression with L1 penalties, along a path of them."""

    preset: Preset
    label: ClassVar[str] = "L1 path"

    @property
    def kind(self) -> str:
        """Runs of one kind take about the same time per epoch."""
        return f"lasso path {self.preset}"

    @property
    def epochs(self) -> int:
        """How many points the path has."""
        return PATH_POINTS[self.preset]


@dataclass(frozen=True)
class Question3:
    """Question 3's claims, at the settings of `hw1-q3`."""

    label: ClassVar[str] = "all claims"
    kind: ClassVar[str] = "question 3"
    epochs: ClassVar[int] = 1


Config = Q1Config | Q2Config | LassoPath | Question3


class Task(NamedTuple):
    """A run that is wanted for a part of a question, such as "2.2a"."""

    part: str
    config: Config

    @property
    def label(self) -> str:
        """What the run is called where its part stands beside it."""
        if isinstance(self.config, (LassoPath, Question3)):
            return self.config.label
        return f"{setting(self.config)}, seed {self.config.seed}"

    @property
    def kind(self) -> str:
        """Runs of one kind take about the same time per epoch."""
        match self.config:
            case Q1Config() as config:
                return config.model
            case Q2Config() as config:
                return f"jax {config.model} {config.batch_size}"
            case other:
                return other.kind

    @property
    def epochs(self) -> int:
        """How many epochs it runs for, or points of a path; 1 for what has neither."""
        return self.config.epochs


def make_plan(preset: Preset, questions: Collection[str], seeds: Sequence[int]) -> list[Task]:
    """Return every run of these questions, each configuration with all its seeds in a row.

    A run that two parts ask for stands under both.
    """
    tasks = [
        Task(name, config) for name, part in PARTS.items() for config in part.runs(seeds, preset)
    ]
    tasks += [Task(LASSO_PART, LassoPath(preset)), Task(THEORY_PART, Question3())]
    asked = [task for task in tasks if task.part[0] in questions]
    return sorted(asked, key=lambda task: task.part[0])


def setting(config: Q1Config | Q2Config) -> str:
    """Name a configuration without its seed: the model, and what its part is about."""
    words = [config.model.replace("_", " ")]
    if isinstance(config, Q1Config):
        if config.l2_penalty:
            words.append(f"l2 {config.l2_penalty:g}")
    elif config.model == "logistic_regression":
        words.append(f"rate {config.learning_rate:g}")
    else:
        words.append(f"batch {config.batch_size}")
        if config.dropout != Q2Config("mlp").dropout:
            words.append(f"dropout {config.dropout:g}")
        if config.momentum:
            words.append(f"momentum {config.momentum:g}")
    return ", ".join(words)
