"""A student's console log as it stands, in the form that the assignment's script prints.

    initial train acc: 0.1561 | initial val acc: 0.1560
    Training epoch 1
    train acc: 0.3782 | val acc: 0.3618 | W norm: 1.7108

Everything else, progress bars included, is passed over.
"""

import argparse
import re
from pathlib import Path

from experiments.checking.values import ACCURACIES, Given, positive, share
from experiments.cli.commands import DataError
from experiments.cli.text import printable
from experiments.files.safe_read import check_is_file

MOST_BYTES = 50_000_000

# A log's values: epoch and name to number. Epoch 0 is before the first, None is "Final ...".
Log = dict[tuple[int | None, str], Given]

_EPOCH = re.compile(r"(?:Training )?epoch:? (\d{1,7})\b", re.IGNORECASE)
_PART = re.compile(
    r"(?P<when>initial |final )?(?P<name>(?:train|val|validation|test) (?:acc|accuracy|loss)"
    r"|W norm|loss)\s*[:=]\s*(?:np\.float64\()?(?P<number>[0-9.]+\s?%?)",
    re.IGNORECASE,
)
_NAMES = {
    "train acc": "train",
    "val acc": "val",
    "test acc": "test",
    "w norm": "norm",
    "loss": "loss",
    "train loss": "loss",
    "val loss": "val_loss",
}
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def read_log(path: Path) -> Log:
    """Read a log from a file.

    Raises:
        DataError: there is no such file, or no epoch's values are in it, or two runs' are.
    """
    try:
        check_is_file(path)
        with path.open("rb") as file:
            content = file.read(MOST_BYTES)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise DataError(
            f"--fast: got {printable(path)} ({reason}), expected a console log; check the path"
        ) from None
    for encoding in ("utf-8", "utf-16"):  # PowerShell's `>` writes the second
        try:
            text = content.decode(encoding)
        except UnicodeError:
            continue
        if "\0" not in text:
            break
    else:
        text = content.decode("latin-1").replace("\0", "")
    try:
        return parse_log(text)
    except ValueError as error:
        raise DataError(f"{printable(path)}: {error}") from None


def parse_log(text: str) -> Log:
    """The values of every epoch that a log names.

    Raises:
        ValueError: there are none, or an epoch comes twice.
    """
    found: Log = {}
    epoch = 0
    for line in re.split(r"[\r\n]+", _ESCAPES.sub("", text)):
        if start := _EPOCH.search(line):
            epoch = int(start.group(1))
        for part in _PART.finditer(line):
            when = (part["when"] or "").strip().lower()
            key = ({"initial": 0, "final": None}.get(when, epoch), _name(part["name"]))
            number = _number(key[1], part["number"])
            if number is None:
                continue
            if key in found and when != "final":
                raise ValueError(
                    f"got two values of {key[1]} for epoch {key[0]}, expected one run's log; "
                    "cut the others away"
                )
            found[key] = number
    if not any(when for when, _ in found):
        raise ValueError(
            "got no epoch's values, expected lines such as 'Training epoch 1' and 'train acc: "
            "0.3782 | val acc: 0.3618'; save what the script prints"
        )
    return found


def last_epoch(log: Log) -> int:
    """The last epoch that a log has values of."""
    return max(when for when, _ in log if when is not None)


def first_epochs(log: Log, epochs: int, total: int) -> dict[tuple[int, str], Given]:
    """The values up to an epoch; what is final belongs to them if that epoch is the last.

    Args:
        log: the whole log.
        epochs: the last epoch to keep.
        total: how many the question has.
    """
    whole = epochs == total == last_epoch(log)
    kept = {}
    for (when, name), value in log.items():
        epoch = epochs if when is None and whole else when
        if epoch is not None and epoch <= epochs:
            kept[epoch, name] = value
    return kept


def _name(text: str) -> str:
    short = " ".join(text.lower().split()).replace("validation", "val").replace("accuracy", "acc")
    return _NAMES.get(short, short)


def _number(name: str, text: str) -> Given | None:
    try:
        return share(text) if name in ACCURACIES else positive(text)
    except argparse.ArgumentTypeError:
        return None
