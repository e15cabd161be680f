r"""The report's formulas in LaTeX, for those who typeset Markdown; the PDF takes them in Typst.

Only the part of Typst that the report is written in: a formula with any other word in it stays as
it is. Commands are of letters alone, since Markdown drops the backslash of `\,` and of `\|`.
"""

import re
from collections.abc import Iterator
from typing import Any

from experiments.report.formulas import INLINE

_PIECE = re.compile(
    r'"[^"]*"|#true|#false|[A-Za-z]+(?:\.[a-z]+)*|\d+(?:\.\d+)?|\|\||<=|>=|!=|\s+|.', re.DOTALL
)
_GREEK = "alpha beta gamma delta epsilon eta theta lambda mu phi sigma tau Theta Lambda Phi"
_SAME = "arg max min log sum top quad dots nabla"
_WORDS = {
    **{word: rf"\{word} " for word in f"{_GREEK} {_SAME}".split()},
    "arrow.l": r"\leftarrow ",
    "in": r"\in ",
    '"if"': r"\text{if }",
    "dot": r"\cdot ",
    "dot.o": r"\odot ",
    "plus.minus": r"\pm ",
    "RR": r"\mathbb{R}",
    "slash": "/",
    "tilde.op": r"\sim ",
}
_SIGNS = {
    "||": r"\Vert ",
    "|": r"\vert ",
    "<=": r"\le ",
    ">=": r"\ge ",
    "!=": r"\ne ",
    "<": r"\lt ",
    ">": r"\gt ",
    "\\": r" \\ ",
}
_CALLS = {"hat": r"\hat", "sqrt": r"\sqrt", "upright": ""}


def with_latex(value: Any) -> Any:
    """The results with every formula in LaTeX; an unread one stays as it is, code always does."""
    if isinstance(value, str):
        return INLINE.sub(_inline, value)
    if isinstance(value, list):
        return [with_latex(entry) for entry in value]
    if isinstance(value, dict):
        kept = ("code", "formula")
        return {name: entry if name in kept else with_latex(entry) for name, entry in value.items()}
    return value


def latex(formula: str) -> str:
    """A formula in LaTeX.

    Raises:
        ValueError: it has a word, or a parenthesis, that is not understood.
    """
    pieces = [piece for piece in _PIECE.findall(formula) if not piece.isspace()]
    text = " ".join(_until(iter(pieces), ""))
    return re.sub(r" +", " ", re.sub(r" ([_^,)\]])", r"\1", text)).strip()


def display(formula: str) -> list[str]:
    """The lines of a formula that stands for itself, of several rows where it has them."""
    try:
        text = latex(formula)
    except ValueError:
        return [f"    {line}" for line in formula.splitlines()]
    rows = [r"\begin{gathered}", text, r"\end{gathered}"] if r"\\" in text else [text]
    return ["```math", *rows, "```"]


def _inline(match: re.Match[str]) -> str:
    if match[1] is None:
        return match[0]
    try:
        return f"${latex(match[1])}$"
    except ValueError:
        return match[0]


def _until(pieces: Iterator[str], closing: str) -> list[str]:
    """The translation up to a closing parenthesis, or to the end where that is empty."""
    done: list[str] = []
    for piece in pieces:
        if piece == closing:
            return done
        if piece in "_^":
            done.append(f"{piece}{{{_index(pieces)}}}")
        elif piece == "/":
            above = done.pop() if done else ""
            done.append(rf"\frac{{{above}}}{{{_atom(next(pieces, ''), pieces)}}}")
        else:
            done.append(_atom(piece, pieces))
    if closing:
        raise ValueError("a parenthesis is not closed")
    return done


def _index(pieces: Iterator[str]) -> str:
    """What stands below or above: one thing, or all in parentheses, which are not printed."""
    piece = next(pieces, "")
    return " ".join(_until(pieces, ")")) if piece == "(" else _atom(piece, pieces).strip()


def _atom(piece: str, pieces: Iterator[str]) -> str:
    if piece == "(":
        return f"({' '.join(_until(pieces, ')'))})"
    if piece in _WORDS or piece in _SIGNS:
        return _WORDS.get(piece) or _SIGNS[piece]
    if piece.startswith('"') and len(piece) > 1:
        return rf"\text{{{piece[1:-1]}}}"
    if piece == "op":
        return _operator(pieces)
    if piece in _CALLS and next(pieces, "") == "(":
        inside = " ".join(_until(pieces, ")"))
        return f"{_CALLS[piece]}{{{inside}}}" if _CALLS[piece] else inside
    if piece[:1].isdigit() or (len(piece) == 1 and piece not in '$"#{}%&~`)'):
        return piece
    raise ValueError(f"{piece!r} is not understood")


def _operator(pieces: Iterator[str]) -> str:
    """`op("arg max", limits: #true)`."""
    read = [next(pieces, "") for _ in range(7)]
    if read != ["(", '"arg max"', ",", "limits", ":", "#true", ")"]:
        raise ValueError(f"{' '.join(read)} is not understood")
    return r"\arg\max"
