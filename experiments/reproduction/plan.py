"""What the homework takes: its runs, and the parts of the questions that each belongs to.

Standard library only: the plan stands before NumPy loads.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from experiments.assignment import LASSO_PART, PARTS, PATH_POINTS, THEORY_PART, Preset
from experiments.configs.q1 import Q1Config
from experiments.configs.q2 import Q2Config


@dataclass(frozen=True)
class LassoPath:
    """Beyond question 1.2d: logistic regression with L1 penalties, along a path of them."""

    preset: Preset


@dataclass(frozen=True)
class Question3:
    """Question 3's claims, at the settings of `hw1-q3`."""


Config = Q1Config | Q2Config | LassoPath | Question3


class Task(NamedTuple):
    """A run that is wanted for a part of a question.

    Attributes:
        part: such as "2.2a".
        config: what is run.
        label: what the run is called where its part stands beside it.
        kind: runs of one kind take about the same time per epoch.
        epochs: how many it runs for, or points of a path; 1 for what has neither.
    """

    part: str
    config: Config
    label: str
    kind: str
    epochs: int

    @classmethod
    def of(cls, part: str, config: Config) -> "Task":
        """Return the task of a run."""
        match config:
            case LassoPath(preset):
                return cls(part, config, "L1 path", f"lasso path {preset}", PATH_POINTS[preset])
            case Question3():
                return cls(part, config, "all claims", "question 3", 1)
            case Q1Config():
                kind: str = config.model
            case Q2Config():
                kind = f"jax {config.model} {config.batch_size}"
        return cls(part, config, f"{setting(config)}, seed {config.seed}", kind, config.epochs)


def make_plan(preset: Preset, questions: Collection[str], seeds: Sequence[int]) -> list[Task]:
    """Return every run of these questions, each configuration with all its seeds in a row.

    A run that two parts ask for stands under both.
    """
    tasks = [
        Task.of(name, config) for name, part in PARTS.items() for config in part.runs(seeds, preset)
    ]
    tasks += [Task.of(LASSO_PART, LassoPath(preset)), Task.of(THEORY_PART, Question3())]
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
