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
    ],
    ids=["two seeds", "four seeds", "by luck", "one seed"],
)  # fmt: skip
def test_dropout_answer_follows_the_numbers(tmp_path, accuracies, best: str, worth: str) -> None:
    text = said({"2.2b": make_part(tmp_path, "2.2b", accuracies)}, "2.2b", tmp_path / "r")
    assert f"Dropout {best} is best by validation accuracy" in text
    assert worth in text.partition("behind")[2].partition(".")[0] or worth in text


@pytest.mark.parametrize(
    ("part", "values", "words"),
    [
        ("2.2b", DROPOUTS, "Dropout 0.25 has the same. "),
        ("2.2b", DROPOUTS, "On test, dropout 0.25 ends level with 0.01, with one seed each"),
        ("2.1", (0.00001, 0.001, 0.1), "Rate 0.001 has the same validation accuracy. "),
    ],
)
def test_no_equal_number_is_called_better(tmp_path, part: str, values, words: str) -> None:
    runs = make_part(tmp_path, part, {value: [0.5] for value in values}, val=0.5)
    assert words in said({part: runs}, part, tmp_path / "r")


def test_a_loss_that_does_not_move_falls_nowhere(tmp_path: Path) -> None:
    for losses, told in (([3.0, 2.0], ["falls"]), ([2.0, 3.0], ["rises"]), ([2.0], [])):
        runs = make_part(tmp_path / str(told), "1.3", {None: [0.5]}, losses=losses)
        text = said({"1.3": runs}, "1.3", tmp_path / str(told) / "r")
        assert re.findall(r"mean training loss (\w+) from", text) == told


def test_momentum_that_does_not_help_is_told(tmp_path: Path) -> None:
    slow, fast = [2.0 - 0.02 * k for k in range(40)], [2.0 - 0.04 * k for k in range(40)]
    for name, without, heavy in (("a", slow, fast), ("b", fast, slow), ("c", slow, slow)):
        runs = make_part(tmp_path / name, "2.2c", {0.0: [0.5]}, losses=without)
        runs += make_part(tmp_path / name, "2.2c", {0.9: [0.6]}, losses=heavy)
        text = said({"2.2c": runs}, "2.2c", tmp_path / name / "r")
        assert ("times sooner" in text) == (name == "a")
        assert ("never comes down" in text) == (name == "b")
        assert ("is reached no sooner" in text) == (name == "c")


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
        ({64: [0.6], 512: [0.5]}, "With one seed each, batches of 64 end above batches of 512:"),
        ({64: [0.5], 512: [0.6]}, "With one seed each, batches of 64 end below batches of 512:"),
        (
            {64: [0.5], 512: [0.5]},
            "end level with batches of 512: test accuracy is 50.00 % against",
        ),
        ({64: [0.5], 512: [0.5]}, "is 50.00 % against 50.00 %, the same;"),
        ({64: [0.6, 0.601], 512: [0.5, 0.501]}, "Batches of 64 do better than batches of 512:"),
        ({64: [0.5, 0.501], 512: [0.6, 0.601]}, "Batches of 64 do worse than batches of 512:"),
        ({64: [0.6, 0.4], 512: [0.4, 0.6]}, "These seeds do not tell batches of 64 from"),
    ],
    ids=["one seed", "one seed, turned", "level", "equal", "better", "worse", "unsettled"],
)
def test_the_conclusion_comes_first(tmp_path: Path, accuracies, words: str) -> None:
    text = said({"2.2a": make_part(tmp_path, "2.2a", accuracies)}, "2.2a", tmp_path / "r")
    assert words in text
