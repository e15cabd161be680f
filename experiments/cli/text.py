"""Text for one line of a terminal."""

import difflib
import os
import re
import shlex
import subprocess
import textwrap
from collections.abc import Iterable, Sequence


def printable(text: object) -> str:
    """Return `text` with every character that a terminal cannot print as its escape sequence.

    File names may hold control characters and bytes that are no text.
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in str(text))


def one_line(text: object) -> str:
    """Return `text` with every run of white space, line breaks included, as one blank."""
    return " ".join(str(text).split())


def command_line(words: Sequence[str]) -> str:
    """Write a command such that this system's shell takes it apart again."""
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)


def duration(seconds: float) -> str:
    """Write a time in its two largest units: `14 s`, `2 min 5 s`, `1 h 12 min`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return "; did you mean X?" for the known word that is most like `word`, "" if none is."""
    found = difflib.get_close_matches(word, list(known), n=1, cutoff=0.7)
    return f"; did you mean {found[0]}?" if found else ""


def wrap_phrases(text: str, width: int) -> str:
    """Break a text into lines of at most `width`, behind a comma or a semicolon where it can.

    A phrase that is longer is broken between its words.
    """
    whole = re.sub("(?<![,;]) ", "\N{NO-BREAK SPACE}", text)
    lines = textwrap.wrap(whole, width, break_long_words=False)
    return "\n".join(
        textwrap.fill(line.replace("\N{NO-BREAK SPACE}", " "), width) for line in lines
    )
