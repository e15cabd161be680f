"""The questions whose numbers can be checked, with the configuration each of them asks for."""

from dataclasses import dataclass, replace
from typing import Any

from experiments.q1_config import Q1Config
from experiments.q2_config import Q2Config

Config = Q1Config | Q2Config


@dataclass(frozen=True)
class Question:
    """One question.

    Attributes:
        name: such as "1.2b".
        config: what the assignment asks for.
        varied: the hyperparameter that the question sweeps over, "" for none.
        choices: its values; the first is taken unless another is asked for.
    """

    name: str
    config: Config
    varied: str = ""
    choices: tuple[float, ...] = ()


_SWEPT = Q2Config("logistic_regression", 100, 32, learning_rate=0.001, l2_decay=0.01)
_LOGISTIC = Q1Config("logistic_regression", 100)

QUESTIONS: dict[str, Question] = {
    question.name: question
    for question in (
        Question("1.1a", Q1Config("perceptron", 100)),
        Question("1.2a", _LOGISTIC),
        Question("1.2b", replace(_LOGISTIC, l2_penalty=0.01)),
        Question("1.3", Q1Config("mlp", 20)),
        Question("2.1", _SWEPT, "learning_rate", (0.001, 0.00001, 0.1)),
        Question("2.2a", Q2Config("mlp"), "batch_size", (64, 512)),
        Question("2.2b", Q2Config("mlp"), "dropout", (0.25, 0.01, 0.5)),
        Question("2.2c", Q2Config("mlp", batch_size=1024), "momentum", (0.9, 0.0)),
    )
}


def configuration(question: Question, values: dict[str, Any]) -> Config:
    """The question's configuration with one of the values it sweeps over.

    Args:
        question: which.
        values: the hyperparameters that were asked for by a flag.

    Raises:
        ValueError: the question does not sweep over one of them, or not over that value.
    """
    chosen: dict[str, Any] = {question.varied: question.choices[0]} if question.varied else {}
    for name, value in values.items():
        if name != question.varied:
            expected = f"-{question.varied}" if question.varied else "no hyperparameter"
            raise ValueError(f"-{name}: got it for {question.name}, expected {expected}; drop it")
        if value not in question.choices:
            allowed = ", ".join(f"{choice:.15g}" for choice in question.choices)
            raise ValueError(f"-{name}: got {value:.15g}, expected one of {allowed}")
        chosen[name] = type(question.choices[0])(value)
    return replace(question.config, **chosen)


def compared(config: Config) -> tuple[str, ...]:
    """What the assignment's script prints of a configuration, as `values.NAMES` has it."""
    if isinstance(config, Q2Config):
        return ("train", "val", "test", "loss", "val_loss")
    return ("train", "val", "test", "loss" if config.model == "mlp" else "norm")


def headline(name: str, config: Config) -> str:
    """The question and its configuration in one line."""
    shown = {"l2_penalty": "l2_penalty"} if config.model == "logistic_regression" else {}
    if isinstance(config, Q2Config):
        shown = {"batch_size": "batch", "learning_rate": "rate", "momentum": "momentum"}
        shown |= {"dropout": "dropout"} if config.model == "mlp" else {"l2_decay": "l2_decay"}
    parts = [f"{config.epochs} epochs"]
    parts += [f"{word} {getattr(config, key):g}" for key, word in shown.items()]
    return f"question {name}: {config.model.replace('_', ' ')}, {', '.join(parts)}"
