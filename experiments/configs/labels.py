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


def heading(*configs: Config) -> str:
    """Name a run, or what several share: model, what is not the assignment's default, seed."""
    first = configs[0]
    words = [_model(first)] if len({_model(config) for config in configs}) == 1 else []
    for entry in fields(first):
        shared = len({getattr(config, entry.name, None) for config in configs}) == 1
        value = getattr(first, entry.name)
        if shared and value != entry.default and entry.name in _settings(first):
            words.append(phrase(entry.name, value))
    seeds = {config.seed for config in configs}
    return ", ".join([*words, *(f"seed {seed}" for seed in seeds if len(seeds) == 1)])


def labels(configs: Sequence[Config]) -> list[str]:
    """Name several runs by what differs among them; equal runs have equal names.

    Where nothing differs each is called by its model.
    """
    own = [
        {name: getattr(config, name) for name in (*_settings(config), "seed")} for config in configs
    ]
    names = [*dict.fromkeys(name for has in own for name in has if name != "seed"), "seed"]
    differing = [n for n in names if len({has[n] for has in own if n in has}) > 1]
    of_models = len({(type(config), config.model) for config in configs}) > 1
    found = []
    for config, has in zip(configs, own, strict=True):
        words = [_model(config)] if of_models or not differing else []
        words += [phrase(name, has[name]) for name in differing if name in has]
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
    """Return the settings that change this run's numbers, and the engine that computed them."""
    engine = ("engine",) if isinstance(config, Q1Config) else ()
    return (*config.effective, *engine)


def _model(config: Config) -> str:
    question = "" if isinstance(config, Q1Config) else " (JAX)"
    return config.model.replace("_", " ") + question
