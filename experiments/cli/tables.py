"""Text tables for a terminal."""

from collections.abc import Iterable, Sequence

from tabulate import tabulate


def text_table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return a table's lines: words in the first column, aligned left, then numbers, right."""
    text = tabulate(
        list(rows),
        headers,
        tablefmt="plain",
        disable_numparse=True,
        colalign=["left"] + ["right"] * (len(headers) - 1),
        preserve_whitespace=True,
    )
    return [line.rstrip() for line in text.splitlines()]


def shortened(text: str, width: int) -> str:
    """Cut a text that is too wide for its column, and show that it was."""
    return text if len(text) <= width else text[: width - 3] + "..."
