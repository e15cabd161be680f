"""Another year's assignment, read from a TOML file: what it leaves out is as built in.

    title = "Homework 1"
    course = "Deep Learning, 2026-27"
    class_names = ["cat", "dog", "fox"]    # in the order of the labels; else the data's own

    ["1.1a"]
    epochs = 50

    ["2.2"]                # the network of 2.2a, 2.2b and 2.2c
    hidden_size = 128

    ["2.2b"]
    values = [0.1, 0.4]    # what is swept over, in rising order
    usual = 0.4            # the best one, which is meant where none is named

    [["2.2b".published]]   # one for each value that has published numbers
    value = 0.4
    val = "0.61"
    test = "0.60"
    tolerance = 0.03

The parts, their models and what each of them sweeps over stay, for the report's words are about
those. Published and expected numbers of a run whose settings change are left out.
"""

import argparse
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from experiments.assignment import (
    BUILT_IN,
    CLASSES,
    NAMES,
    PARTS,
    PRESETS,
    Part,
    Published,
    Value,
    unchanged,
)
from experiments.cli.text import printable
from experiments.cli.toml_file import check_keys, toml_file

NETWORK = "2.2"
SETTINGS = {
    "1.1a": ("epochs",),
    "1.2a": ("epochs", "learning_rate"),
    "1.2b": ("l2_penalty",),
    "1.3": ("epochs", "hidden_size", "learning_rate"),
    "2.1": ("epochs", "batch_size", "l2_decay"),
    NETWORK: ("epochs", "batch_size", "hidden_size", "learning_rate", "dropout"),
    "2.2a": (),
    "2.2b": (),
    "2.2c": ("batch_size",),
}
"""What may change in each table; a part also takes what `_INHERITED` names before its own."""
_INHERITED = {"1.2b": "1.2a", "2.2a": NETWORK, "2.2b": NETWORK, "2.2c": NETWORK}
_PAIRS = ("2.2a", "2.2c")
"""Parts whose answer compares two values."""
_ACCURACY = r"0?\.\d{1,6}"


def add_assignment(parser: argparse.ArgumentParser) -> None:
    """Add `--assignment`, which names such a file."""
    parser.add_argument(
        "--assignment", metavar="FILE.toml", help="another year's (docs/assignment.md has its form)"
    )


def use_assignment(path: Path) -> None:
    """Have this process follow the assignment of a file; see above.

    Raises:
        UsageError: it cannot be read, or is not of the form above.
    """
    with toml_file(path, "an assignment's TOML file") as content:
        check_keys(content, (*NAMES, "class_names", *SETTINGS), "the file")
        check_keys(_table(content, NETWORK), SETTINGS[NETWORK], NETWORK)
        parts = {name: _part(name, content) for name in BUILT_IN}
        names = {name: _text(content, name, built_in) for name, built_in in NAMES.items()}
        classes = _class_names(content)
    PARTS.update(parts)
    NAMES.update(names)
    CLASSES[:] = classes


def _part(name: str, content: Mapping[str, Any]) -> Part:
    built_in, own = BUILT_IN[name], _table(content, name)
    sweep = ("values", "usual") if built_in.varied else ()
    check_keys(own, (*SETTINGS[name], *sweep, "quick_epochs", "published"), name)
    changed: dict[str, Any] = {}
    for each in filter(None, (_INHERITED.get(name), name)):
        table = _table(content, each)
        changed |= {key: table[key] for key in SETTINGS[each] if key in table}
    values = _values(name, own, built_in)
    usual = own.get("usual", built_in.usual if built_in.usual in values else values[-1])
    if usual not in values:
        raise ValueError(f"{name}: got usual = {usual!r:.40}, expected one of its values")
    try:
        config = replace(built_in.config, **changed)
        quick = own.get("quick_epochs", min(built_in.quick_epochs, config.epochs))
        part = replace(built_in, config=config, values=values, usual=usual, quick_epochs=quick)
        for preset in PRESETS:
            list(part.runs([42], preset))
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name}: {error}") from None
    kept = {v: built_in.published[v] for v in built_in.published if unchanged(name, part, v)}
    return replace(part, published=kept | _published(name, own, part))


def _values(name: str, own: Mapping[str, Any], built_in: Part) -> tuple[Value, ...]:
    if not built_in.varied:
        return built_in.values
    values = own.get("values", list(built_in.values))
    numbers = isinstance(values, list) and all(type(value) in (int, float) for value in values)
    pair = name in _PAIRS
    rising = numbers and values == sorted(set(values))
    if not rising or len(values) < 2 or (pair and len(values) > 2):
        expected = f"two numbers{'' if pair else ' or more'} in rising order"
        raise ValueError(f"{name}: got values = {values!r:.60}, expected {expected}")
    whole = isinstance(built_in.values[0], int)
    return tuple(value if whole else float(value) for value in values)


def _published(name: str, own: Mapping[str, Any], part: Part) -> dict[Value, Published]:
    found: dict[Value, Published] = {}
    tables = own.get("published", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ValueError(f'{name}: got published = {tables!r:.40}, expected [["{name}".published]]')
    for table in tables:
        texts = {split: _text(table, split, "") for split in ("val", "test", "train")}
        check_keys(table, (*texts, "tolerance", *(["value"] if part.varied else [])), name)
        value = table.get("value")
        if value not in part.values:
            raise ValueError(f"{name}: got value = {value!r:.40}, expected one of its values")
        if wrong := [text for text in texts.values() if text and not re.fullmatch(_ACCURACY, text)]:
            raise ValueError(f'{name}: got {wrong[0]!r:.40}, expected an accuracy such as "0.61"')
        tolerance = table.get("tolerance", Published().tolerance)
        if type(tolerance) is not float or not 0 < tolerance < 1:
            raise ValueError(f"{name}: got tolerance = {tolerance!r:.40}, expected 0.02 or so")
        found[value] = Published(**texts, tolerance=tolerance)
    return found


def _table(content: Mapping[str, Any], name: str) -> dict[str, Any]:
    table = content.get(name, {})
    if not isinstance(table, dict):
        raise ValueError(f'{name}: got {table!r:.40}, expected a table ["{name}"]')
    return table


def _text(content: Mapping[str, Any], key: str, default: str) -> str:
    text = content.get(key, default)
    if not isinstance(text, str):
        raise ValueError(f"{key}: got {text!r:.40}, expected text in quotes")
    return text


def _class_names(content: Mapping[str, Any]) -> list[str]:
    names = content.get("class_names", [])
    texts = isinstance(names, list) and all(isinstance(name, str) for name in names)
    shown = [printable(name)[:64].strip() for name in names] if texts else [""]
    if not all(shown) or len(set(shown)) < len(shown):
        raise ValueError(f"class_names: got {names!r:.60}, expected a different text for each")
    return shown
