"""Text tables for a terminal."""

from collections.abc import Iterable, Sequence

from tabulate import tabulate


def text_table(
    headers: Sequence[str], rows: Iterable[Sequence[str]], words: int = 1, indent: str = ""
) -> list[str]:
    """Lay out a table: the first columns are words, aligned left, the others numbers, right.

    Args:
        headers: one per column.
        rows: the cells, written as they are.
        words: how many columns hold words.
        indent: what each line begins with.

    Returns:
        Its lines, the headers first, nothing behind the last cell.
    """
    alignment = ["left"] * words + ["right"] * (len(headers) - words)
    text = tabulate(
        list(rows),
        headers,
        tablefmt="plain",
        disable_numparse=True,
        colalign=alignment,
        preserve_whitespace=True,
    )
    return [(indent + line).rstrip() for line in text.splitlines()]


def shortened(text: str, width: int) -> str:
    """Cut a text that is too wide for its column, and show that it was."""
    return text if len(text) <= width else text[: width - 3] + "..."
