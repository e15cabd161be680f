"""`hw1-plot compare` takes as many runs as a figure can show."""

from pathlib import Path

import pytest
from made_runs import make_part
from refusal import assert_refused

from experiments.plot import main

TOO_MANY = {
    "question 1": ("1.1a", {None: [0.4] * 25}, "got 25 runs, expected at most 24"),
    "question 2": ("2.2b", {k / 100: [0.5] for k in range(29)}, "got 29 configurations"),
}


@pytest.mark.parametrize("question", TOO_MANY)
def test_more_are_refused(question: str, tmp_path: Path, capsys) -> None:
    part, accuracies, said = TOO_MANY[question]
    make_part(tmp_path, part, accuracies)
    assert said in assert_refused(main, ["compare", tmp_path], capsys, code=2)
