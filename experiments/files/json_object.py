"""Read a JSON object from a file or from text that anybody may have written."""

import json
from pathlib import Path

from experiments.files.safe_read import read_file


def read_object(path: Path) -> dict[str, object]:
    """Return the JSON object that a file holds.

    Raises:
        OSError: there is no such file, or it cannot be read.
        ValueError: it holds something else, with a reason of a few words.
    """
    return parse_object(read_file(path))


def parse_object(text: bytes) -> dict[str, object]:
    """Return the JSON object that a text is.

    Raises:
        ValueError: it is something else, with a reason of a few words.
    """
    try:
        content = json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(content, dict):
        raise ValueError("no JSON object")
    return content
