"""What the homework takes: its runs, and the parts of the questions that each belongs to.

Standard library only: the plan stands before NumPy loads.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from experiments.q1_config import Q1Config
from experiments.q2_config import Q2Config


class Epochs(NamedTuple):
    """Passes through the training set: of question 1's models and of question 2's."""

    linear: int
    mlp: int
    jax_linear: int
    jax_mlp: int


# The assignment's own epochs, or enough to see the models learn.
PRESETS = {"quick": Epochs(10, 3, 5, 3), "full": Epochs(100, 20, 100, 200)}
PATH_POINTS = {"quick": 6, "full": 18}
QUESTIONS = ("1", "2", "3")


@dataclass(frozen=True)
class LassoPath:
    """Beyond question 1.2d: logistic regression with L1 penalties, along a path of them."""

    preset: str


@dataclass(frozen=True)
class Question3:
    """Question 3's claims, at the settings of `hw1-q3`."""


Config = Q1Config | Q2Config | LassoPath | Question3


class Task(NamedTuple):
    """A run that is wanted.

    Attributes:
        part: of which question, such as "2.2a".
        config: what is run.
    """

    part: str
    config: Config

    @property
    def label(self) -> str:
        """What the run is called where its part stands beside it."""
        match self.config:
            case Q1Config() | Q2Config() as config:
                return f"{setting(config)}, seed {config.seed}"
            case LassoPath():
                return "L1 path"
            case Question3():
                return "all claims"

    @property
    def kind(self) -> str:
        """Runs of one kind take about the same time per epoch."""
        match self.config:
            case Q1Config() as config:
                return config.model
            case Q2Config() as config:
                return f"jax {config.model} {config.batch_size}"
            case LassoPath(preset):
                return f"lasso path {preset}"
            case Question3():
                return "question 3"

    @property
    def epochs(self) -> int:
        """How many epochs it runs for, or points of a path; 1 for what has neither."""
        match self.config:
            case Q1Config() | Q2Config() as config:
                return config.epochs
            case LassoPath(preset):
                return PATH_POINTS[preset]
            case Question3():
                return 1


def make_plan(preset: str, questions: Iterable[str], seeds: Sequence[int]) -> list[Task]:
    """Every run of these questions, each configuration with all its seeds in a row.

    A run that two parts ask for stands under both.
    """
    epochs = PRESETS[preset]
    makers = {"1": _question_1, "2": _question_2}
    tasks = []
    for question in sorted(set(questions)):
        if question in makers:
            tasks += [
                Task(part, config)
                for part, make, fields in makers[question](epochs)
                for config in (make(**fields, seed=seed) for seed in seeds)
            ]
        if question == "1":
            tasks.append(Task("1.2d", LassoPath(preset)))
        if question == "3":
            tasks.append(Task("3", Question3()))
    return tasks


def setting(config: Q1Config | Q2Config) -> str:
    """A configuration without its seed, in few words: the model, and what its part is about."""
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


_Wanted = tuple[str, Any, dict[str, Any]]


def _question_1(epochs: Epochs) -> list[_Wanted]:
    linear = {"epochs": epochs.linear}
    return [
        ("1.1a", Q1Config, {"model": "perceptron", **linear}),
        ("1.2a", Q1Config, {"model": "logistic_regression", **linear}),
        ("1.2b", Q1Config, {"model": "logistic_regression", **linear, "l2_penalty": 0.01}),
        ("1.3", Q1Config, {"model": "mlp", "epochs": epochs.mlp}),
    ]


def _question_2(epochs: Epochs) -> list[_Wanted]:
    linear = {
        "model": "logistic_regression",
        "epochs": epochs.jax_linear,
        "batch_size": 32,
        "l2_decay": 0.01,
    }
    mlp = {"model": "mlp", "epochs": epochs.jax_mlp}
    varied: list[tuple[str, dict[str, Any]]] = [
        *(("2.1", {**linear, "learning_rate": rate}) for rate in (0.00001, 0.001, 0.1)),
        *(("2.2a", {**mlp, "batch_size": size}) for size in (64, 512)),
        *(("2.2b", {**mlp, "dropout": share}) for share in (0.01, 0.25, 0.5)),
        *(("2.2c", {**mlp, "batch_size": 1024, "momentum": share}) for share in (0.0, 0.9)),
    ]
    return [(part, Q2Config, fields) for part, fields in varied]
