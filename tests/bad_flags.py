"""Bad values for every flag and argument of every command, made from the commands' own parsers.

A flag that is added gets its cases without being named here; one of a kind that has no rule fails
the collection, so none goes untested.
"""

import argparse
import math
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib import import_module
from typing import NamedTuple
from unittest import mock

from experiments.cli.parser import Parser
from experiments.cli.ranges import Range


class Case(NamedTuple):
    """A command line that has to be refused: what is wrong in it stands in `bad`."""

    module: str
    argv: list[str]
    bad: str


class _Found(Exception):  # noqa: N818  (no error: carries the parser out of `main`)
    pass


# Each command with a line that would be accepted; `{file}` and `{folder}` need not exist, since
# flags are checked before files are.
COMMANDS: dict[str, list[str]] = {
    "experiments.q1": ["perceptron"],
    "experiments.q2": ["mlp"],
    "experiments.q3": [],
    "experiments.reproduce": [],
    "experiments.plot": ["compare", "some-run", "another"],
    "experiments.list_runs": [],
    "experiments.handout": ["some-folder"],
    "experiments.check": ["1.1a", "--train", ".5683"],
    "experiments.predict": ["some-run", "some.png"],
    "experiments.evaluate": ["some-run"],
    "experiments.publish": ["some-runs", "--out", "elsewhere"],
}
SUBCOMMANDS: dict[str, dict[str, list[str]]] = {
    "experiments.data_command": {
        "info": ["builtin:600"],
        "prepare": ["some-folder", "-o", "new.npz"],
        "shard": ["some.npz", "new-folder"],
        "download": [],
        "draw": ["-o", "new.npz", "--images", "60"],
    },
}
LAST_SEED = str(2**32 - 1)
# What no rule below makes: flags together, a value behind a blank, an abbreviation.
OTHERS = [
    Case("experiments.q1", ["perceptron", "--seed", LAST_SEED, "--seeds", "2"], "4294967296"),
    Case("experiments.q1", ["perceptron", "--data", "a.npz", "-data_path", "b.npz"], "b.npz"),
    Case("experiments.q1", ["logistic_regression", "-l2_penalty", "-0.01"], "-0.01"),
    Case("experiments.q1", ["logistic_regression", "-l2_penalty", "-1e-3"], "-l2_penalty"),
    Case("experiments.q1", ["perceptron", "-epoch", "3"], "-epoch"),
    Case("experiments.q1", ["perceptron", "--l2"], "--l2"),
    Case("experiments.q2", ["mlp", "--seed", LAST_SEED, "--seeds", "2"], "4294967296"),
    Case("experiments.q2", ["mlp", "--data", "a.npz", "--data", "b.npz"], "b.npz"),
    Case("experiments.q2", ["mlp", "-momentum", "0.9", "1.0"], "1.0"),
    Case("experiments.q2", ["mlp", "--seeds", "9999", "-dropout", "0", "0.5"], "19,998 runs"),
    Case("experiments.q2", ["mlp", "-drop", "0.1"], "-drop"),
    Case("experiments.reproduce", ["--seed", LAST_SEED, "--seeds", "2"], "4294967296"),
    Case("experiments.reproduce", ["--group", "no-such-file.toml"], "no-such-file.toml"),
    Case("experiments.q3", ["--epsilon", "1"], "--epsilon"),
]
NOT_NUMBERS = ("", "x", "nan", "-nan", "inf", "-inf", "1e999", "0x10", "1,5", "1 2", "--", "٣x")
TEXTS = {
    "_png": ("sheet.jpg", "", "png", "\n"),
    "_sha256": ("", "0" * 63, "0" * 65, "g" * 64),
    "share": ("", "x", "nan", "inf", "-0.1", "101", "1e3", "150%"),
    "positive": ("", "x", "nan", "inf", "-1"),
    "_address": ("", "host", ":1", "host:", "host:0", "host:65536", "host:x", "a b:1", "u@h:1"),
    "_url": ("", "ftp://host/file", "file:///etc/passwd", "https://a b", "javascript:1"),
}


def parser_of(module: str) -> Parser:
    """The parser that a command's `main` uses."""

    def found(parser: Parser, *_: object) -> None:
        raise _Found(parser)

    with mock.patch.object(Parser, "parse_args", found), suppress(_Found):
        try:
            import_module(module).main(["some"])
        except _Found as carrier:
            (parser,) = carrier.args
            return parser
    raise AssertionError(f"{module} parses nothing")


def cases() -> Iterator[Case]:
    """Every bad value of every flag of every command, and what else is refused."""
    for module, line in COMMANDS.items():
        yield from _of_parser(module, parser_of(module), line)
        yield from _of_arguments(module, parser_of(module), [], line)
    for module, lines in SUBCOMMANDS.items():
        parser = parser_of(module)
        (group,) = (a for a in parser._actions if isinstance(a, argparse._SubParsersAction))
        assert set(group.choices) == set(lines)
        yield Case(module, ["unknown"], "unknown")
        yield Case(module, [], "COMMAND")
        for name, line in lines.items():
            yield from _of_parser(module, group.choices[name], [name, *line])
            yield from _of_arguments(module, group.choices[name], [name], line)
    yield from OTHERS


def _of_parser(module: str, parser: argparse.ArgumentParser, line: list[str]) -> Iterator[Case]:
    yield Case(module, [*line, "--no-such-flag"], "--no-such-flag")
    yield Case(module, [*line, "-zz", "1"], "-zz")
    for action in parser._actions:
        if isinstance(action, (argparse._HelpAction, argparse._SubParsersAction)):
            continue
        if not action.option_strings:
            continue
        flag = action.option_strings[-1]
        if action.nargs == 0:
            yield Case(module, [*line, f"{flag}=1"], "1")
            continue
        yield Case(module, [*line, flag], flag)
        known = {spelling for a in parser._actions for spelling in a.option_strings}
        if flag.startswith("--") and flag[:-1] not in known:
            yield Case(module, [*line, flag[:-1], "1"], flag[:-1])
        for value in _bad_values(action):
            yield Case(module, [*line, f"{flag}={value}"], value)


def _of_arguments(
    module: str, parser: argparse.ArgumentParser, before: list[str], line: list[str]
) -> Iterator[Case]:
    """Arguments without a flag: none of the choices, left out, one too many.

    A path is no usage error: tests/test_bad_arguments.py has those.
    """
    kinds = (argparse._HelpAction, argparse._SubParsersAction)
    actions = [a for a in parser._actions if not a.option_strings and not isinstance(a, kinds)]
    first = next((k for k, word in enumerate(line) if word.startswith("-")), len(line))
    flags = line[first:]
    for i, action in enumerate(actions):
        for value in _bad_values(action) if action.choices is not None else ():
            yield Case(module, [*before, *line[:i], value, *line[i + 1 :]], value)
        if action.nargs in (None, "+"):
            shown = str(action.metavar or action.dest)
            yield Case(module, [*before, *line[:i], *flags], shown)
    if not any(action.nargs == "+" for action in actions):
        yield Case(module, [*before, *line, "one-too-many"], "one-too-many")


def _bad_values(action: argparse.Action) -> Sequence[str]:
    if isinstance(action.type, Range):
        return _outside(action.type)
    if action.choices is not None:
        some = str(next(iter(action.choices)))
        return [
            "",
            "none of them",
            f"{some}x",
            some.upper() if some != some.upper() else f" {some}",
        ]
    if action.type is not None:
        return TEXTS[getattr(action.type, "__name__", "")]
    return PATHS_AND_TEXT.get(action.dest, ())


# Free text is checked by what it is for, not by the parser.
PATHS_AND_TEXT: dict[str, tuple[str, ...]] = {
    "data": ("builtin:", "builtin:0", "builtin:-5", "builtin:x", "builtin:1e9"),
    "out": (),
    "output": ("figure", "figure.gif", "no-such-folder/figure.png"),
}


def _outside(allowed: Range) -> list[str]:
    values = [*NOT_NUMBERS]
    values.append(f"{allowed.low - 1:.15g}")
    if allowed.above_low:
        values += [f"{allowed.low:.15g}", "-0.0"]
    if math.isfinite(allowed.high):
        values.append(f"{allowed.high + (0 if allowed.below_high else 1):.15g}")
        values.append("9" * 400)
    if allowed.whole:
        values += ["1.5", "1.0", "1e3", "9" * 5000]
    return values
