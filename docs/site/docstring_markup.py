"""A Sphinx extension that reads docstrings as they are written.

Bars are lengths and stars are products in them, a letter with a full stop ends a sentence and
begins no list, and lines that are indented after a colon are code.
"""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the tests read this file where Sphinx is not installed
    from sphinx.application import Sphinx

_LETTER = re.compile(r"(^ *|: )(\w)\. ")
_BEFORE_NAPOLEON, _AFTER_NAPOLEON = 400, 600


def marked_up(lines: Sequence[str]) -> Iterator[str]:
    """Give the lines as reStructuredText means them."""
    code_indent: int | None = None  # of the paragraph that the code stands below
    for number, line in enumerate(lines):
        indent = len(line) - len(line.lstrip())
        if code_indent is not None and (not line or indent > code_indent):
            yield line
            continue
        code_indent = None
        line = _LETTER.sub(r"\1\2\\. ", line.replace("|", r"\|").replace("*", r"\*"))
        if line.endswith(":") and lines[number + 1 : number + 2] == [""]:
            code_indent, line = indent, line + ":"
        yield line


def _mark_up(*event: Any) -> None:
    """Change the lines, the event's last argument, in place."""
    event[-1][:] = marked_up(event[-1])


def _mark_up_types(*event: Any) -> None:
    """Shapes such as "*batch d" come from the annotations when the sections are read."""
    lines = event[-1]
    lines[:] = [line.replace("*", r"\*") if line.startswith(":vartype") else line for line in lines]


def _skip_aliases(*event: Any) -> bool | None:
    """Leave out a named tuple's fields, which its docstring explains; None keeps the decision."""
    member = event[3]
    return True if str(member.__doc__).startswith("Alias for field number") else None


def setup(app: "Sphinx") -> dict[str, bool]:
    """Register the hooks: two around the one that reads the sections, one for members."""
    app.connect("autodoc-skip-member", _skip_aliases)
    app.connect("autodoc-process-docstring", _mark_up, priority=_BEFORE_NAPOLEON)
    app.connect("autodoc-process-docstring", _mark_up_types, priority=_AFTER_NAPOLEON)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
