"""What the command lines of questions 1 and 2 have in common. Standard library only."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from experiments.cli.flags import add_flag, data_source
from experiments.cli.ranges import Range
from experiments.configs.labels import Config
from experiments.parallel.graceful_stop import to_continue


@dataclass(frozen=True)
class SessionOptions:
    """What the command line of a question asks for beside its runs.

    `notes` are printed first; `resume` keeps finished runs and continues unfinished ones; Ctrl-C is
    answered with `to_continue`, the command line that does; `kind` is the figures' format.
    """

    source: str | None
    out: str
    notes: Sequence[str]
    show: bool
    resume: bool
    to_continue: str
    kind: str


def add_hyperparameters(parser: argparse.ArgumentParser, defaults: Config, **options: Any) -> None:
    """Add a flag for each hyperparameter, with these further options of `add_argument`."""
    for name, (allowed, meaning, _) in defaults.hyperparameters.items():
        own: dict[str, Any] = {"type": allowed}
        if not isinstance(allowed, Range):
            own, meaning = {"choices": allowed}, f"{' or '.join(allowed)}; {meaning}"
        meaning = f"{meaning} (default: {getattr(defaults, name)})"
        add_flag(parser, name, metavar=name[0].upper(), help=meaning, **own, **options)


def given_hyperparameters(arguments: argparse.Namespace, config: type[Config]) -> dict[str, Any]:
    """Return what the flags say, those alone that were given."""
    flags = vars(arguments)
    return {name: flags[name] for name in config.hyperparameters if flags[name] is not None}


def session_options(
    program: str, argv: Sequence[str], arguments: argparse.Namespace, configs: Sequence[Config]
) -> SessionOptions:
    """Return what a command line asks for beside its runs.

    There is a note for each flag that was given and changes nothing.
    """
    notes = []
    for name in given_hyperparameters(arguments, type(configs[0])):
        if not any(name in config.effective for config in configs):
            what = "adam" if name == "momentum" else configs[0].model
            notes.append(f"note: -{name} has no effect on {what}")
    return SessionOptions(
        data_source(arguments),
        arguments.out,
        notes,
        arguments.show,
        arguments.resume,
        to_continue(program, argv),
        arguments.format,
    )
