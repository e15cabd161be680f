"""A TOML file that a user writes: read, and its keys held to those that mean something."""

import tomllib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from experiments.cli.errors import UsageError, reason
from experiments.files.safe_read import read_text


@contextmanager
def toml_file(path: Path, expected: str) -> Iterator[dict[str, Any]]:
    """Read the file, and name it in what a ValueError of the block says is wrong with it.

    Args:
        path: the file.
        expected: what it should be, for the error.

    Raises:
        UsageError: it cannot be read, is not TOML, or the block raised a ValueError.
    """
    try:
        yield tomllib.loads(read_text(path))
    except OSError as error:
        raise UsageError(
            f"{path}: cannot be read ({reason(error)}), expected {expected}; check the path"
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(
            f"{path}: got a file that is no TOML ({error}), expected {expected}; mend it"
        ) from None
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path}: {error}; mend it, or leave it out") from None


def check_keys(table: Mapping[str, Any], known: Collection[str], where: str) -> None:
    """Refuse a key that means nothing in a table.

    Raises:
        ValueError: such a key is there.
    """
    for key in table:
        if key not in known:
            raise ValueError(
                f"got {key[:40]!r} in {where}, expected one of {', '.join(known) or 'nothing'}"
            )
