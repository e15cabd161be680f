"""The report compares configurations as their numbers do, whichever way these go."""

import random
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from made_runs import DROPOUTS, INFO, make_part
from report_sample import said, texts_of

from experiments.assignment import PARTS
from experiments.report.collect import collect


@pytest.mark.parametrize(
    ("accuracies", "best", "worth"),
    [
        (DROPOUTS, "0.25", "about"),
        ({k: [*v, sum(v) / 2, v[0]] for k, v in DROPOUTS.items()}, "0.25", "these seeds settle"),
        ({**DROPOUTS, 0.5: [0.58, 0.66]}, "0.5", "do not tell from 0"),
        ({0.01: [0.58], 0.25: [0.61], 0.5: [0.6]}, "0.25", "how much of it is luck"),
        ({0.01: [0.58], 0.25: [0.61], 0.5: [0.6, 0.6]}, "0.25", "and one seed does not tell"),
        ({0.01: [0.58], 0.25: [0.61], 0.5: [0.61]}, "0.25", "As good is 0.5."),
        ({0.01: [0.58], 0.25: [0.61], 0.5: [0.61]}, "0.25", "dropout 0.5 ends level with 0.25."),
    ],
    ids=["two seeds", "four seeds", "by luck", "one seed", "one and two", "tie", "tie on test"],
)  # fmt: skip
def test_dropout_answer_follows_the_numbers(tmp_path, accuracies, best: str, worth: str) -> None:
    text = said({"2.2b": make_part(tmp_path, "2.2b", accuracies)}, "2.2b", tmp_path / "r")
    assert f"Dropout {best} is best by validation accuracy" in text
    assert worth in text.partition("behind")[2].partition(".")[0] or worth in text


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("2.1", "The best rate by validation accuracy among those that did not diverge is 0.001:"),
        ("2.2b", "Dropout 0.25 is best by validation accuracy among those that did not diverge,"),
    ],
)
def test_the_best_is_that_of_those_that_did_not_diverge(
    tmp_path: Path, part: str, words: str
) -> None:
    slow, middle, fast = PARTS[part].values
    runs = make_part(tmp_path, part, {slow: [0.3], middle: [0.4]})
    whole = said({part: [*runs, *make_part(tmp_path, part, {fast: [0.2]})]}, part, tmp_path / "r")
    assert "diverge" not in whole
    ended = make_part(tmp_path / "ended", part, {fast: [0.5]}, diverged=9)
    text = said({part: [*runs, *ended]}, part, tmp_path / "r2")
    assert words in text


@pytest.mark.parametrize("part", ["1.2a", "1.3", "2.2a"])
def test_a_training_that_diverged_is_not_called_short(tmp_path: Path, part: str) -> None:
    accuracies = {value: [0.3, 0.3] for value in PARTS[part].values}
    for name, diverged in (("ended", 3), ("short", None)):
        options = {"losses": [1.0] * 3, "diverged": diverged}
        runs = make_part(tmp_path / name, part, accuracies, **options)
        text = said({part: runs}, part, tmp_path / name / "r")
        assert ("(diverged with seed 42 and 43)" in text) == (name == "ended")
        assert ("So few epochs" in text) == (name == "short" and part != "2.2a")


def test_one_epoch_and_one_layer_are_no_plural(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = PARTS["2.2a"]
    config = replace(part.config, epochs=1, layers=1)
    monkeypatch.setitem(PARTS, "2.2a", replace(part, config=config))
    runs = make_part(tmp_path, "2.2a", {64: [0.5], 512: [0.6]}, losses=[1.0])
    asked = said({"2.2a": runs}, "2.2a", tmp_path / "r")
    assert "a network of 1 hidden layer, 200 units each, for 1 epoch with" in asked


def test_momentum_that_does_not_help_is_told(tmp_path: Path) -> None:
    slow, fast = [2.0 - 0.02 * k for k in range(40)], [2.0 - 0.04 * k for k in range(40)]
    for name, without, heavy in (("a", slow, fast), ("b", fast, slow), ("c", slow, slow)):
        runs = make_part(tmp_path / name, "2.2c", {0.0: [0.5]}, losses=without)
        runs += make_part(tmp_path / name, "2.2c", {0.9: [0.6]}, losses=heavy)
        text = said({"2.2c": runs}, "2.2c", tmp_path / name / "r")
        assert ("times sooner" in text) == (name == "a")
        assert ("never comes down" in text) == (name == "b")
        assert ("is not reached clearly sooner" in text) == (name == "c")


def test_momenta_are_compared_whatever_the_smaller_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PARTS, "2.2c", replace(PARTS["2.2c"], values=(0.5, 0.9)))
    slow, fast = [2.0 - 0.02 * k for k in range(40)], [2.0 - 0.04 * k for k in range(40)]
    runs = make_part(tmp_path, "2.2c", {0.5: [0.5]}, losses=slow)
    runs += make_part(tmp_path, "2.2c", {0.9: [0.6]}, losses=fast)
    answer = said({"2.2c": runs}, "2.2c", tmp_path / "r").partition("After the last epoch")[2]
    assert re.search(r"epochs with momentum 0.9 and after \d+ with 0.5,", answer)
    assert "followed 5 times as far" in answer
    assert "ithout momentum" not in answer


@pytest.mark.parametrize(
    ("seconds", "seeds", "words"),
    [
        ((24.0, 10.0), 2, "goes into the 7.9 times as many updates"),
        ((10.0, 10.0), 2, "cost little"),
        ((5.0, 10.0), 2, "although there are 7.9 times as many updates"),
        ((12.0, 10.0), 1, "These times do not tell"),
    ],
    ids=["slower", "equal", "faster", "one run each"],
)
def test_times_are_explained_whichever_way_they_go(
    tmp_path: Path, seconds: tuple[float, float], seeds: int, words: str
) -> None:
    runs = []
    for size, taken in zip((64, 512), seconds, strict=True):
        runs += make_part(tmp_path, "2.2a", {size: [0.5] * seeds}, seconds=taken)
    assert words in said({"2.2a": runs}, "2.2a", tmp_path / "r")


def penalised(folder: Path, gain: float, seeds: int, seed: int) -> dict[str, list[Path]]:
    """1.2a and 1.2b, whose true test accuracies differ by `gain`, deviations .01 or so."""
    drawn = random.Random(seed)
    free = [0.45 + drawn.gauss(0, 0.01) for _ in range(seeds)]
    held = [value + gain + drawn.gauss(0, 0.01) for value in free]
    return {
        "1.2a": make_part(folder, "1.2a", {None: free}, train=0.66),
        "1.2b": make_part(folder, "1.2b", {None: held}, train=0.53),
    }


@pytest.mark.parametrize(
    ("gain", "said_of_it", "most_false"),
    [(0.2, "pays", 0), (-0.2, "too strong", 0), (0.0, "its interval contains 0", 3)],
    ids=["gains", "loses", "neither"],
)
def test_the_penalty_is_judged_by_its_interval(
    tmp_path: Path, gain: float, said_of_it: str, most_false: int
) -> None:
    """Of 15 drawn trainings with 5 seeds; a true 0 may be missed by a 95 % interval."""
    contents = [
        collect(penalised(tmp_path / str(k), gain, 5, k), tmp_path, INFO) for k in range(15)
    ]
    texts = texts_of(contents, "1.2b", tmp_path / "r")
    every = ("pays on images", "too strong", "its interval contains 0")
    seen = Counter(tuple(words for words in every if words in text) for text in texts)
    assert all(len(words) == 1 for words in seen)
    false = sum(n for (words,), n in seen.items() if said_of_it not in words)
    assert false <= most_false


PENALTIES = {
    # train accuracies without and with a penalty, validation's 0.45, and what that is called
    "falls": (
        0.66,
        0.53,
        "reduces overfitting: the gap between train and validation accuracy falls",
    ),
    "turns": (
        0.66,
        0.44,
        "reduces overfitting: the gap between train and validation accuracy falls",
    ),
    "rises": (
        0.5,
        0.6,
        "does not reduce overfitting: the gap between train and validation accuracy",
    ),
    "none": (0.42, 0.44, "There is no overfitting to reduce"),
    "the same": (0.6, 0.6, "Whether the penalty reduces overfitting is open"),
}


@pytest.mark.parametrize("name", PENALTIES)
def test_overfitting_is_told_from_the_gap(tmp_path: Path, name: str) -> None:
    without, held, words = PENALTIES[name]
    accuracies = {None: [0.45, 0.45, 0.45]}
    parts = {
        "1.2a": make_part(tmp_path / "a", "1.2a", accuracies, train=without),
        "1.2b": make_part(tmp_path / "b", "1.2b", accuracies, train=held),
    }
    text = said(parts, "1.2b", tmp_path / "r")
    assert words in text
    assert "with it, which these seeds settle" not in text
    assert "validation accuracy the same, test accuracy the same" in re.sub(r" \([^)]*\)", "", text)


def test_a_swing_is_told_only_where_both_trainings_have_one(tmp_path: Path) -> None:
    swinging = {"losses": [1.0] * 20, "curves": {"val": [0.4, 0.5] * 10}}
    free = make_part(tmp_path, "1.2a", {None: [0.45]}, **swinging)
    for name, epochs in (("whole", 20), ("ended", 3)):
        own = {"losses": [1.0] * epochs, "curves": {"val": [0.4, 0.5] * 10}}
        held = make_part(tmp_path / name, "1.2b", {None: [0.45]}, **own)
        text = said({"1.2a": free, "1.2b": held}, "1.2b", tmp_path / name / "r")
        assert ("number says little" in text) == (name == "whole")


def test_one_seed_is_said_once_to_tell_nothing(tmp_path: Path) -> None:
    text = said(penalised(tmp_path, 0.02, 1, 0), "1.2b", tmp_path / "r", seeds=(42,))
    assert text.count("luck") == 2, text  # of the gap, and of the three accuracies together


@pytest.mark.parametrize(
    ("accuracies", "words"),
    [
        ({64: [0.6], 512: [0.5]}, "Without a second seed of each, batches of 64 end above batches"),
        ({64: [0.5], 512: [0.6]}, "Without a second seed of each, batches of 64 end below batches"),
        ({64: [0.5], 512: [0.5]}, "64 end level with batches of 512: test accuracy is 50.00 %"),
        ({64: [0.5], 512: [0.5]}, "against 50.00 %, the same; validation accuracy"),
        ({64: [0.6, 0.601], 512: [0.5, 0.501]}, "Batches of 64 do better than batches of 512:"),
        ({64: [0.5, 0.501], 512: [0.6, 0.601]}, "Batches of 64 do worse than batches of 512:"),
        ({64: [0.6, 0.4], 512: [0.4, 0.6]}, "These seeds do not tell batches of 64 from"),
    ],
    ids=["one seed", "one seed, turned", "tie", "tie in both", "better", "worse", "unsettled"],
)
def test_the_conclusion_comes_first(tmp_path: Path, accuracies, words: str) -> None:
    text = said({"2.2a": make_part(tmp_path, "2.2a", accuracies)}, "2.2a", tmp_path / "r")
    assert words in text


def test_published_values_are_told_in_one_line(tmp_path: Path) -> None:
    runs = make_part(tmp_path, "1.2b", {None: [0.45, 0.452, 0.451]}, val=637 / 1404)
    text = said({"1.2b": runs, "1.2a": runs[:0]}, "1.2b", tmp_path / "r")
    assert "Beside what is published or expected" not in text  # there is nothing to compare with
    parts = penalised(tmp_path / "b", 0.2, 3, 0)
    text = said(parts, "1.2b", tmp_path / "r2")
    assert re.search(r"\d of \d numbers agree \(not .*test accuracy", text)
