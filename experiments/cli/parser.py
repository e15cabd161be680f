"""A parser of flags whose errors are one line, with the flag that may be meant.

Standard library only, so that a mistyped flag is answered before NumPy loads.
"""

import argparse
import os
import re
from contextlib import suppress
from importlib import metadata
from typing import Any, NoReturn

from experiments.cli.errors import UsageError
from experiments.cli.text import did_you_mean

DISTRIBUTION = "landscapes-hw1"

OTHER_NAMES = {
    "l2_decay": "l2_penalty",
    "l2_penalty": "l2_decay",
    "lr": "learning_rate",
    "bs": "batch_size",
    "h": "hidden_size",
    "wd": "l2_decay",
    "weight_decay": "l2_decay",
}
"""Flags by other names: the other question's, and those of other programs."""


class Parser(argparse.ArgumentParser):
    """An `ArgumentParser` without abbreviations whose errors are `UsageError`s, hence one line."""

    def __init__(self, prog: str, description: str, epilog: str = "", **others: Any) -> None:
        super().__init__(
            prog=prog,
            description=description,
            epilog=epilog,
            allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            **others,  # what a parser hands to its subparsers: from Python 3.14 on, `color`
        )
        self._flags: list[str] = []

    def parse_args(self, *given: Any, **options: Any) -> Any:
        """Parse; where a shell asks for completions instead, answer it and end."""
        if "_ARGCOMPLETE" in os.environ:
            with suppress(ImportError):
                import argcomplete

                argcomplete.autocomplete(self)
        return super().parse_args(*given, **options)

    def add_argument(self, *names: str, **options: Any) -> argparse.Action:
        """Add an argument, and remember its flags for those who mistype them."""
        # argparse adds --help before there is a list.
        self.__dict__.setdefault("_flags", []).extend(name for name in names if name[0] == "-")
        return super().add_argument(*names, **options)

    def add_version(self) -> None:
        """Add `--version`."""
        self.add_argument("--version", action="version", version=f"{self.prog} {version()}")

    def _get_option_tuples(self, option_string: str) -> list[Any]:  # noqa: ARG002
        """Return no candidates for a flag that is not spelt out.

        `allow_abbrev` covers `--epo` only; without this, argparse would take `-epo` for `-epochs`.
        """
        return []

    def _get_values(self, action: argparse.Action, arg_strings: list[str]) -> Any:
        """Return the values of a flag; `--seed=--`, which argparse takes for no value, has none."""
        if action.option_strings and arg_strings == ["--"]:
            self.error(f"argument {'/'.join(action.option_strings)}: got '--', expected a value")
        return super()._get_values(action, arg_strings)

    def error(self, message: str) -> NoReturn:
        """Raise instead of printing the usage, which would bury the one line that matters."""
        hint = ""
        if unknown := re.match(r"unrecognized arguments: (?:[^-]\S* )*(-[^\s=]+)", message):
            hint = self._meant(unknown[1])
        elif wrong := re.search(r"invalid choice: '(.+?)' \(choose from (.+)\)", message):
            hint = did_you_mean(wrong[1], re.findall(r"[^\s,']+", wrong[2]))
        raise UsageError(f"{message}{hint}; see {self.prog} --help")

    def _meant(self, flag: str) -> str:
        other = flag.replace(flag.lstrip("-"), OTHER_NAMES.get(flag.lstrip("-"), ""))
        known = [name for name in self._flags if name not in ("-h", "--help")]
        if other in known:
            return f"; did you mean {other}?"
        return did_you_mean(flag, known)


def version() -> str:
    """Return the installed version of this project."""
    return metadata.version(DISTRIBUTION)
