"""The questions whose numbers can be checked, with the configuration each of them asks for."""

from collections.abc import Mapping

from experiments.assignment import PARTS, Config, Measure
from experiments.configs.q2 import Q2Config


def configuration(name: str, values: Mapping[str, object]) -> Config:
    """Return the configuration of a part, with one of the values it sweeps over.

    Args:
        name: the part's, such as "2.2a".
        values: the hyperparameters that were asked for by a flag.

    Raises:
        ValueError: the part does not sweep over one of them, or not over that value.
    """
    part = PARTS[name]
    chosen = part.usual
    for flag, value in values.items():
        if flag != part.varied:
            expected = f"-{part.varied}" if part.varied else "no hyperparameter"
            raise ValueError(f"-{flag}: got it for {name}, expected {expected}; drop it")
        if value not in part.values:
            allowed = ", ".join(f"{choice:.15g}" for choice in part.values)
            raise ValueError(f"-{flag}: got {value:.15g}, expected one of {allowed}")
        chosen = part.values[part.values.index(value)]
    return part.run(chosen)


def compared(config: Config) -> tuple[Measure, ...]:
    """Return what the assignment's script prints of a configuration."""
    if isinstance(config, Q2Config):
        return ("train", "val", "test", "loss", "val_loss")
    return ("train", "val", "test", "loss" if config.model == "mlp" else "norm")


def headline(name: str, config: Config) -> str:
    """Return the question and its configuration in one line."""
    shown = {"l2_penalty": "l2_penalty"} if config.model == "logistic_regression" else {}
    if isinstance(config, Q2Config):
        shown = {"batch_size": "batch", "learning_rate": "rate", "momentum": "momentum"}
        shown |= {"dropout": "dropout"} if config.model == "mlp" else {"l2_decay": "l2_decay"}
    parts = [f"{config.epochs} epochs"]
    parts += [f"{word} {getattr(config, key):g}" for key, word in shown.items()]
    return f"question {name}: {config.model.replace('_', ' ')}, {', '.join(parts)}"
