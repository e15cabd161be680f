"""The report's sentences follow its numbers, whichever way these go."""

import random
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from made_runs import DROPOUTS, INFO, all_parts, make_part
from report_sample import pages_of, said, texts_of

from experiments.assignment import PARTS
from experiments.report.beyond import Confusion
from experiments.report.collect import collect

REPORT = Path(__file__).parents[2] / "experiments" / "report"
HEADINGS = {f"{question}.{k}" for question in (1, 2, 3) for k in (1, 2, 3, 4)}
TEXTS = sorted((REPORT / "texts").glob("*.typ"))


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


def with_curves(folder: Path, **options) -> str:
    runs = make_part(folder, "1.2a", {None: [0.45, 0.45]}, losses=[1.0] * 100, **options)
    return said({"1.2a": runs}, "1.2a", folder / "r")


OUTCOMES = {
    "overfits": ("the model overfits", -0.002, 0.002),
    "both fall": ("this is no overfitting", -0.002, -0.002),
    "rises": ("still rises, by", 0.002, 0.002),
    "level": ("ends level", 0.0, 0.002),
}


@pytest.mark.parametrize("name", OUTCOMES)
def test_the_course_of_accuracy_is_told(tmp_path: Path, name: str) -> None:
    words, val_slope, train_slope = OUTCOMES[name]
    curves = {
        "val": [0.45 + val_slope * k for k in range(100)],
        "train": [0.6 + train_slope * k for k in range(100)],
    }
    text = with_curves(tmp_path, curves=curves)
    assert [w for w, *_ in OUTCOMES.values() if w in text] == [words]


def test_a_fall_in_the_last_epochs_is_not_called_hidden(tmp_path: Path) -> None:
    text = with_curves(tmp_path, curves={"val": [0.5 - 0.006 * max(0, k - 93) for k in range(100)]})
    assert "Validation accuracy falls at the end, by" in text
    assert "jumps" not in text


def test_few_epochs_are_not_called_the_last_ten(tmp_path: Path) -> None:
    for epochs, words in ((8, "over all epochs"), (12, "over the last ten epochs")):
        curves = {"val": [0.4, 0.5] * (epochs // 2)}
        options = {"losses": [1.0] * epochs, "curves": curves}
        runs = make_part(tmp_path / str(epochs), "1.1a", {None: [0.45]}, **options)
        text = said({"1.1a": runs}, "1.1a", tmp_path / str(epochs) / "r")
        assert re.findall("over (?:all|the last ten) epochs", text) == [words]


@pytest.mark.parametrize(
    ("losses", "words"),
    [
        ([264.0, 1.5], "is 264.0 in the first epoch and 1.500 in the last: initial weights"),
        ([1.5, 2.5], "is 1.5 in the first epoch and 2.500 in the last."),
    ],
    ids=["falls", "rises"],
)
def test_the_loss_is_told_whichever_way_it_goes(tmp_path: Path, losses, words: str) -> None:
    runs = make_part(tmp_path, "1.3", {None: [0.5]}, losses=losses)
    assert words in said({"1.3": runs}, "1.3", tmp_path / "r")


def test_a_norm_that_is_not_finite_is_told(tmp_path: Path) -> None:
    other = "0" * 64
    parts = {
        "1.2a": make_part(tmp_path, "1.2a", {None: [0.2]}, norm=None, sha256=other),
        "1.2b": make_part(tmp_path, "1.2b", {None: [0.5]}, sha256=other),
    }
    assert "one is 0 or not finite" in said(parts, "1.2c", tmp_path / "r", seeds=(42,))


CONFUSED = Confusion("sea", 0.8, "forest", 0.5, "forest", "sea", 3, 10)
CONFUSIONS = {
    "some": (CONFUSED, "A recognises sea best (80.0 %) and forest worst (50.0 %); most often"),
    "alike": (replace(CONFUSED, worst_recall=0.8), "A recognises every class alike (80.0 %); most"),
    "none": (replace(CONFUSED, worst_recall=0.8, count=0), "A gets every test image right."),
}


@pytest.mark.parametrize("name", CONFUSIONS)
def test_confusions_are_told_where_there_are_any(tmp_path: Path, name: str) -> None:
    confused, words = CONFUSIONS[name]
    content = replace(collect({}, tmp_path, INFO), confusions={"A": confused})
    (text,) = texts_of([content], "beyond", tmp_path / "r")
    assert words in text
    assert ("forest is taken for sea" in text) == (confused.count > 0)


def test_a_wide_gap_is_called_what_it_is(tmp_path: Path) -> None:
    for train, words in (
        (0.7, "for the training images alone"),
        (0.5, "is 5.0 points above validation accuracy."),
        (0.452, "less than a point apart"),
        (0.4, "is even 5.0 points below"),
    ):
        assert words in with_curves(tmp_path / str(train), train=train)


def test_published_values_are_told_in_one_line(tmp_path: Path) -> None:
    runs = make_part(tmp_path, "1.2b", {None: [0.45, 0.452, 0.451]}, val=637 / 1404)
    text = said({"1.2b": runs, "1.2a": runs[:0]}, "1.2b", tmp_path / "r")
    assert "Beside what is published or expected" not in text  # there is nothing to compare with
    parts = penalised(tmp_path / "b", 0.2, 3, 0)
    text = said(parts, "1.2b", tmp_path / "r2")
    assert re.search(r"\d of \d numbers agree \(not .*test accuracy", text)


@pytest.mark.parametrize("synthetic", [True, False])
def test_published_values_that_do_not_apply_fill_no_table(synthetic: bool, tmp_path: Path) -> None:
    runs = make_part(tmp_path, "2.2b", {0.25: [0.6, 0.61]}, synthetic=synthetic)
    (page,) = pages_of([collect({"2.2b": runs}, tmp_path, INFO)], "2.2b", tmp_path / "r")
    assert ("none applies: synthetic data" in page) == synthetic
    assert ("Published against ours" in page) != synthetic


@pytest.mark.parametrize("part", PARTS)
def test_parts_without_runs_are_told(tmp_path: Path, part: str) -> None:
    text = said({}, part, tmp_path)
    assert text.count("Missing: the runs of") == len(PARTS[part].values)
    assert text.count("with seeds 42, 43.") == len(PARTS[part].values)


def test_texts_follow_the_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = PARTS["1.1a"]
    monkeypatch.setitem(PARTS, "1.1a", replace(asked, config=replace(asked.config, epochs=77)))
    monkeypatch.setitem(PARTS, "2.1", replace(PARTS["2.1"], values=(0.00001, 0.001, 0.7)))
    assert "train it for 77 epochs" in said({}, "1.1a", tmp_path / "a")
    assert "0.00001, 0.001 and 0.7" in said({}, "2.1", tmp_path / "b")


def test_texts_follow_the_size_of_the_images(tmp_path: Path) -> None:
    content = collect({}, tmp_path, INFO)
    grey = replace(content, image_shape=[64, 32, 1])
    told = texts_of([content, grey], "1.1a", tmp_path / "r")
    assert [re.findall(r"[\d,]+ pixel values", text) for text in told] == [
        ["6,912 pixel values"],
        ["2,048 pixel values"],
    ]


CODE = {"layout.typ", "numbers.typ", "sentences.typ"}


@pytest.mark.parametrize("file", TEXTS, ids=lambda file: file.name)
def test_no_measured_digits_stand_in_the_texts(file: Path) -> None:
    """Decimal numbers in prose are the assignment's 0.1 and names of parts; no others are typed."""
    if file.name not in CODE:
        assert decimals(file.read_text(encoding="utf-8")) <= {"0.1"}


def decimals(text: str) -> set[str]:
    """Decimal numbers of the prose: outside of Typst's conditions, calls, and names of parts."""
    prose = re.sub(r"^\s*(//|#let|#show|#set).*$", "", text, flags=re.MULTILINE)
    for code in (
        r'"[^"]*"',
        r"(#|else )if [^\[]*\[",
        r"[\w.-]+\(([^()]|\([^()]*\))*\)",
        r"\d\.\dcm",
    ):
        prose = re.sub(code, " ", prose)
    return {n for n in re.findall(r"(?<![\w.])\d+\.\d+(?!\w)", prose) if n not in HEADINGS}


def test_measured_digits_would_be_seen() -> None:
    assert decimals("#answer[\n  It gets 45.7 % and #percent-of(x) right.\n]") == {"45.7"}


def test_a_semicolon_after_code_is_written_so_that_it_prints() -> None:
    """Typst takes a semicolon after an expression for the expression's end, and shows none."""
    swallowed = re.compile(r"#[a-z][\w.-]*(?:\((?:[^()]|\([^()]*\))*\))?(?:\.\w+\([^()]*\))*;")
    for file in TEXTS:
        assert not swallowed.search(file.read_text(encoding="utf-8")), file.name
    assert swallowed.search("a rate of #setting(x.y); report")


@pytest.mark.parametrize("part", PARTS)
def test_no_sentence_stands_twice_in_a_section(tmp_path: Path, part: str) -> None:
    text = said(all_parts(tmp_path / "runs"), part, tmp_path / "r")
    sentences = [s for s in re.split(r"(?<=[.]) ", text) if len(s) > 30]
    assert len(sentences) > 3
    assert [s for s, n in Counter(sentences).items() if n > 1] == []


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
