"""Times and broken lines as people read them."""

import pytest

from experiments.cli.text import duration, wrap_phrases


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "0 s"),
        (14.4, "14 s"),
        (59.7, "1 min 0 s"),
        (125, "2 min 5 s"),
        (3599.6, "1 h 0 min"),
        (4340, "1 h 12 min"),
    ],
)
def test_durations(seconds: float, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (
            "batch 64, rate 0.001, dropout 0.25; tiny",
            ["batch 64, rate 0.001,", "dropout 0.25; tiny"],
        ),
        (
            "seed 42, synthetic landscapes f4fbdcfb",
            ["seed 42,", "synthetic landscapes", "f4fbdcfb"],
        ),
        ("a" * 29, ["a" * 28, "a"]),
    ],
    ids=["a setting stays with its value", "no word of a long phrase is cut", "a long word is"],
)
def test_broken_lines(text: str, lines: list[str]) -> None:
    assert wrap_phrases(text, 28).splitlines() == lines
