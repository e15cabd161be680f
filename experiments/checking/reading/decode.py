"""The bytes of a text file in the encoding that they were written in."""

import codecs
from pathlib import Path

from experiments.cli.errors import DataError, reason
from experiments.cli.text import printable
from experiments.files.safe_read import check_is_file

MAX_BYTES = 50_000_000
MAX_CONTROL_SHARE = 0.02
"""Of a text's characters so many may be control characters; of random bytes a tenth are."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins with UTF-16's mark, so it is looked for first
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),  # what PowerShell's `>` writes
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 4096


def read_text(path: Path, expected: str = "a console log or a results file") -> str:
    """Read a text file, at most `MAX_BYTES` of it.

    Raises:
        DataError: there is no such file, or it cannot be read.
    """
    try:
        check_is_file(path)
        with path.open("rb") as file:
            text = decode(file.read(MAX_BYTES))
        if is_binary(text):
            raise ValueError("no text")
        return text
    except (OSError, ValueError) as error:
        raise DataError(
            f"{printable(path)}: got no readable file ({reason(error)}), expected {expected}; "
            "check the path"
        ) from None


def decode(content: bytes) -> str:
    """Return the text: by its mark, as UTF-16 if every other byte is null, UTF-8, else cp1252."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    sample = content[:_SAMPLE]
    for start, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        high = sample[start::2]
        if len(high) > 1 and high.count(0) > 0.7 * len(high):
            return content.decode(encoding, "replace")
    try:
        return content.decode("utf-8")
    except UnicodeError:
        return content.decode("cp1252", "replace")


def is_binary(text: str) -> bool:
    """Return whether too many of the first characters are control characters."""
    sample = text[:_SAMPLE]
    controls = sum(c < " " and c not in "\t\n\r\f\v\b\x1b" for c in sample)
    return controls > MAX_CONTROL_SHARE * len(sample)
