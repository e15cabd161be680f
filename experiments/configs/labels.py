"""What a run is called: its model and the settings that tell it from others, in few words."""

from collections.abc import Sequence
from dataclasses import fields

from experiments.configs.q1 import Q1Config
from experiments.configs.q2 import Q2Config

Config = Q1Config | Q2Config

_WORDS = {
    "batch_size": "batch",
    "hidden_size": "hidden",
    "learning_rate": "rate",
    "l2_penalty": "l2",
    "l2_decay": "l2",
}
_SELF_TOLD = ("activation", "optimizer")
"""Settings whose value says what they are, such as "tanh"."""


def heading(config: Config) -> str:
    """Name a single run: its model, what differs from the assignment's defaults, its seed."""
    defaults = {entry.name: entry.default for entry in fields(config)}
    changed = [
        phrase(name, getattr(config, name))
        for name in _settings(config)
        if getattr(config, name) != defaults[name]
    ]
    return ", ".join([_model(config), *changed, f"seed {config.seed}"])


def labels(configs: Sequence[Config]) -> list[str]:
    """Name several runs by what differs among them; equal runs have equal names.

    Where nothing differs each is called by its model.
    """
    own = [(*_settings(config), "seed") for config in configs]
    differing = [
        name
        for name in dict.fromkeys(name for names in own for name in names)
        if len(
            {getattr(config, name) for config, has in zip(configs, own, strict=True) if name in has}
        )
        > 1
    ]
    of_models = len({(type(config), config.model) for config in configs}) > 1
    found = []
    for config, has in zip(configs, own, strict=True):
        words = [_model(config)] if of_models or not differing else []
        words += [phrase(name, getattr(config, name)) for name in differing if name in has]
        found.append(", ".join(words))
    return found


def phrase(name: str, value: object) -> str:
    """Write one setting: `rate 0.1`, `tanh`, `definition engine`."""
    text = f"{value:.15g}" if isinstance(value, float) else str(value)
    if name in _SELF_TOLD:
        return text
    if name in ("epochs", "layers"):
        return f"{text} {name if value != 1 else name[:-1]}"
    return f"{text} engine" if name == "engine" else f"{_WORDS.get(name, name)} {text}"


def _settings(config: Config) -> tuple[str, ...]:
    """The settings that change this run's numbers, and the engine that computed them."""
    engine = ("engine",) if isinstance(config, Q1Config) else ()
    return (*config.effective, *engine)


def _model(config: Config) -> str:
    question = "" if isinstance(config, Q1Config) else " (JAX)"
    return config.model.replace("_", " ") + question
