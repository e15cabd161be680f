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


def test_a_setting_stays_with_its_value() -> None:
    text = "batch 64, rate 0.001, dropout 0.25; tiny"
    assert wrap_phrases(text, 30).splitlines() == ["batch 64, rate 0.001,", "dropout 0.25; tiny"]
