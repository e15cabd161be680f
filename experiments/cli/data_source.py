"""What `--data` may say. Standard library only: a mistyped flag is answered before NumPy loads."""

import os
import re
from pathlib import Path
from typing import NamedTuple

from experiments.cli.errors import UsageError
from experiments.cli.ranges import Range
from experiments.cli.text import printable

FULL_SIZE = 17_034
"""Images of the course's data set, and of the built-in one unless a number is given."""

IMAGES = Range(60, 100_000, whole=True)
"""How many images the built-in data may have: some of each class in every split but the
smallest, and 700 MB at most."""

SOURCE_HELP = (
    "an .npz file, builtin, or builtin:N for N drawn images (default: $HW1_DATA, else builtin)"
)


class BuiltIn(NamedTuple):
    """The built-in synthetic landscapes.

    Attributes:
        images: how many to draw, all splits together.
    """

    images: int = FULL_SIZE


def default_source() -> str | None:
    """Return what `HW1_DATA` names, None where it names nothing."""
    return os.environ.get("HW1_DATA") or None


def parse_source(text: str | None) -> BuiltIn | Path:
    """Tell the built-in data from a file.

    Args:
        text: None or "builtin" for all built-in images, "builtin:N" for N of them, else a path; a
            file of such a name is reached by "./builtin".

    Raises:
        UsageError: "builtin:" is not followed by a number in range.
    """
    if text is None or text == "builtin":
        return BuiltIn()
    if not text.startswith("builtin:"):
        return Path(text)
    number = text.removeprefix("builtin:")
    # The length is limited because int() refuses thousands of digits with an error of its own.
    if not re.fullmatch("[0-9]{1,9}", number) or not IMAGES.holds(int(number)):
        raise UsageError(
            f"data source: got {printable(text)[:60]!r}, "
            f"expected builtin:N with N {IMAGES.expected}"
        )
    return BuiltIn(int(number))
