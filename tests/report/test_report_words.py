"""The report's words follow its numbers: answers, verdicts, what is missing, what is damaged."""

import ast
import json
import random
import re
import statistics
from dataclasses import replace
from pathlib import Path

import pytest
from made_runs import FACTS, make_part, write

from experiments.report.collect import collect
from experiments.report.figure_list import FIGURES
from experiments.report.results import Comparison, Results, Section

DROPOUTS = {0.01: [0.57, 0.58], 0.25: [0.61, 0.612], 0.5: [0.59, 0.592]}


def report(parts: dict[str, list[Path]], tmp_path: Path, **facts) -> Results:
    return collect(parts, tmp_path, replace(FACTS, **facts))


def part(results: Results, identity: str) -> Section:
    return next(s for s in results["sections"] if s["id"] == identity)


def said(results: Results, identity: str) -> str:
    return " ".join(part(results, identity)["answer"])


def one(results: Results, identity: str, quantity: str) -> Comparison:
    (found,) = [c for c in part(results, identity)["comparisons"] if c["quantity"] == quantity]
    return found


def follow(comparison: Comparison, folders: dict[str, Path], which: str = "runs") -> float:
    """The mean of what `keys` name in the summaries of `runs`."""
    values = []
    for name in comparison[which]:
        value = json.loads((folders[name] / "summary.json").read_text())
        for key in comparison["keys"]:
            value = value[key]
        values.append(value)
    return statistics.mean(values)


def all_parts(tmp_path: Path) -> dict[str, list[Path]]:
    return {
        "1.1a": make_part(tmp_path, "1.1a", {None: [0.39, 0.4]}),
        "1.2a": make_part(tmp_path, "1.2a", {None: [0.45, 0.46]}, norm=23.0),
        "1.2b": make_part(tmp_path, "1.2b", {None: [0.5, 0.51]}, norm=4.3),
        "1.3": make_part(tmp_path, "1.3", {None: [0.53, 0.54]}),
        "2.1": make_part(
            tmp_path, "2.1", {0.00001: [0.47, 0.471], 0.001: [0.53, 0.52], 0.1: [0.4, 0.3]}
        ),
        "2.2a": make_part(tmp_path, "2.2a", {64: [0.6, 0.61], 512: [0.52, 0.521]}),
        "2.2b": make_part(tmp_path, "2.2b", DROPOUTS),
        "2.2c": make_part(tmp_path, "2.2c", {0.0: [0.48, 0.481], 0.9: [0.6, 0.601]}),
    }


def test_numbers_are_those_of_the_run_folders(tmp_path: Path) -> None:
    parts = all_parts(tmp_path)
    folders = {folder.name: folder for paths in parts.values() for folder in paths}
    results = report(parts, tmp_path)
    compared = [c for s in results["sections"] for c in s["comparisons"]]
    assert len(compared) > 25
    for comparison in compared:
        expected = follow(comparison, folders)
        if "minus" in comparison:
            expected -= follow(comparison, folders, "minus")
        if "over" in comparison:
            expected /= follow(comparison, folders, "over")
        assert comparison["ours"]["mean"] == pytest.approx(expected, abs=1e-12)
        assert comparison["ours"]["mean"] != pytest.approx(expected + 1e-6, abs=1e-12)
        shown = float(re.match(r"[+-]?[\d.]+", comparison["text"])[0])
        assert shown == pytest.approx(expected, abs=0.0051)


def test_sections_and_figures(tmp_path: Path) -> None:
    results = report(all_parts(tmp_path), tmp_path)
    identities = "1.1a 1.2a 1.2b 1.2c 1.2d 1.3 2.1 2.2a 2.2b 2.2c 3.1 3.2 3.3 3.4"
    assert " ".join(s["id"] for s in results["sections"]) == identities
    assert all(s["title"].startswith(s["id"] + " ") for s in results["sections"])
    files = [f["file"] for s in [*results["sections"], *results["beyond"]] for f in s["figures"]]
    alternatives = [
        f["alt"] for s in [*results["sections"], *results["beyond"]] for f in s["figures"]
    ]
    assert all(alternatives)
    assert not re.search(r"[$`]", "".join(alternatives))  # a reader says it as it stands
    drawable = {f for f, wanted in FIGURES.items() if not {"3", "1.2d"} & set(wanted.parts)}
    assert sorted(files) == sorted(drawable)
    assert len(results["appendix"]) == sum(map(len, all_parts(tmp_path / "again").values()))
    json.dumps(results, allow_nan=False)


@pytest.mark.parametrize(
    ("accuracies", "best", "worth"),
    [
        (DROPOUTS, "dropout 0.25", "more than seeds explain"),
        ({**DROPOUTS, 0.5: [0.65, 0.652]}, "dropout 0.5", "more than seeds explain"),
        ({**DROPOUTS, 0.5: [0.58, 0.66]}, "dropout 0.5", "no more than seeds explain"),
        ({0.01: [0.58], 0.25: [0.61], 0.5: [0.6]}, "dropout 0.25", "does not tell"),
    ],
    ids=["a quarter", "a half", "a half by luck", "one seed"],
)
def test_dropout_answer_follows_the_numbers(tmp_path, accuracies, best, worth) -> None:
    results = report({"2.2b": make_part(tmp_path, "2.2b", accuracies)}, tmp_path)
    first = next(line for line in part(results, "2.2b")["answer"] if "Best by" in line)
    assert f"Best by validation accuracy is {best}:" in first
    assert worth in first
    assert ("no more than seeds" in first) == worth.startswith("no more")


def test_orders_flip_with_the_numbers(tmp_path: Path) -> None:
    quantity = "test accuracy: batch size 64 above 512"
    right = {"2.2a": make_part(tmp_path / "a", "2.2a", {64: [0.6, 0.61], 512: [0.52, 0.521]})}
    wrong = {"2.2a": make_part(tmp_path / "b", "2.2a", {64: [0.52, 0.521], 512: [0.6, 0.61]})}
    agrees, differs = (one(report(p, tmp_path), "2.2a", quantity) for p in (right, wrong))
    assert (agrees["verdict"], differs["verdict"]) == ("agrees", "differs")
    assert agrees["ours"]["mean"] == pytest.approx(-differs["ours"]["mean"])
    assert "is 0.605 ± 0.007, above the" in said(report(right, tmp_path), "2.2a")
    assert "is 0.520 ± 0.001, below the" in said(report(wrong, tmp_path), "2.2a")


def test_momentum_that_does_not_help_is_told(tmp_path: Path) -> None:
    slow, fast = [2.0 - 0.05 * k for k in range(20)], [2.0 - 0.1 * k for k in range(20)]
    for name, without, heavy in (("a", slow, fast), ("b", fast, slow)):
        runs = make_part(tmp_path / name, "2.2c", {0.0: [0.5]}, losses=without)
        runs += make_part(tmp_path / name, "2.2c", {0.9: [0.6]}, losses=heavy)
        text = said(report({"2.2c": runs}, tmp_path), "2.2c")
        assert ("is reached after" in text) == (name == "a")
        assert ("never comes down" in text) == (name == "b")


@pytest.mark.parametrize(
    ("value", "options", "verdict", "why"),
    [
        (0.6, {}, "agrees", "0.000 from the published value"),
        (0.62, {}, "agrees", "0.020 from the published value"),
        (0.65, {}, "differs", "0.050 from the published value"),
        (0.6, {"synthetic": True}, "does not apply", "synthetic data"),
        (0.6, {"config": {"epochs": 3}}, "does not apply", "other settings"),
        (0.6, {"config": {"dropout": 0.31}}, "does not apply", "other settings"),
    ],
    ids=["same", "at the tolerance", "off", "synthetic", "few epochs", "other dropout"],
)
def test_verdicts(tmp_path: Path, value: float, options, verdict: str, why: str) -> None:
    options = {"sha256": "f" * 64, **options}
    runs = make_part(tmp_path, "2.2a", {64: [value]}, **options)
    # 0.6003 is the published value; the runs are 0.0003 below it.
    runs_test = one(report({"2.2a": runs}, tmp_path), "2.2a", "test accuracy, batch size 64")
    assert runs_test["verdict"] == verdict
    assert why in runs_test["why"]


def test_validation_of_another_split_does_not_apply(tmp_path: Path) -> None:
    runs = make_part(tmp_path, "2.2a", {64: [0.6]}, sha256="f" * 64)
    found = one(report({"2.2a": runs}, tmp_path), "2.2a", "validation accuracy, batch size 64")
    assert (found["verdict"], "another split" in found["why"]) == ("does not apply", True)


@pytest.mark.parametrize(("correct", "verdict"), [(1371, "agrees"), (1372, "differs")])
def test_counts_are_held_to_the_digit(tmp_path: Path, correct: int, verdict: str) -> None:
    runs = make_part(tmp_path, "1.2a", {None: [0.4570]}, test=correct / 3000)
    results = report({"1.2a": runs}, tmp_path)
    assert one(results, "1.2a", "correct test examples, seed 42")["verdict"] == verdict


def test_no_overfitting_is_claimed_where_there_is_none(tmp_path: Path) -> None:
    results = report({"1.2a": make_part(tmp_path, "1.2a", {None: [0.45]})}, tmp_path)
    assert "no gap to speak of" in said(results, "1.2a")
    assert "begun to overfit" not in said(results, "1.2a")


@pytest.mark.parametrize(("val", "overfits"), [([0.5, 0.3], True), ([0.3, 0.5], False)])
def test_overfitting_is_read_off_the_curve(tmp_path: Path, val, overfits: bool) -> None:
    (folder,) = make_part(tmp_path, "1.2a", {None: [0.45]}, train=0.7)
    lines = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
    for k, line in enumerate(lines):
        line["val"]["accuracy"] = val[0] + (val[1] - val[0]) * k / 9
        line["train"] = {"accuracy": 0.5 + 0.02 * k}
    (folder / "metrics.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    text = said(report({"1.2a": [folder]}, tmp_path), "1.2a")
    assert ("begun to overfit" in text) == overfits
    assert ("still rises" in text) == (not overfits)


def with_accuracies(folder: Path, values: list[float]) -> Path:
    """The run with these validation accuracies by epoch, train accuracy rising evenly."""
    file = folder / "metrics.jsonl"
    line = json.loads(file.read_text().splitlines()[0])
    lines = [
        {**line, "epoch": k, "val": {**line["val"], "accuracy": value},
         "train": {**line["train"], "accuracy": 0.5 + 0.002 * k}}
        for k, value in enumerate(values, 1)
    ]  # fmt: skip
    file.write_text("".join(json.dumps(entry) + "\n" for entry in lines))
    return folder


@pytest.mark.parametrize(
    ("noise", "slope", "words"),
    [
        (0.04, 0.0, "hides whatever trend"),
        (0.04, 0.02, "still rises"),
        (0.04, -0.02, "begun to overfit"),
        (0.001, 0.0, "ends level"),
    ],
    ids=["noise alone", "rise", "fall", "level"],
)
def test_noise_is_no_trend(tmp_path: Path, noise: float, slope: float, words: str) -> None:
    drawn = random.Random(0)
    values = [0.45 + drawn.gauss(0, noise) + slope * max(0, k - 70) for k in range(100)]
    (folder,) = make_part(tmp_path, "1.2a", {None: [0.45]})
    text = said(report({"1.2a": [with_accuracies(folder, values)]}, tmp_path), "1.2a")
    every = {"hides whatever trend", "still rises", "begun to overfit", "ends level"}
    assert {found for found in every if found in text} == {words}


def test_a_wide_gap_is_called_what_it_is(tmp_path: Path) -> None:
    for train, wide in ((0.7, True), (0.5, False)):
        runs = make_part(tmp_path / str(train), "1.2a", {None: [0.45]}, train=train)
        text = said(report({"1.2a": runs}, tmp_path), "1.2a")
        assert ("for the training images only" in text) == wide


EXACT = {"train": 6656 / 12_630, "val": 637 / 1_404}


@pytest.mark.parametrize(
    ("accuracies", "right", "explained"),
    [
        ([1376 / 3000, 0.5], 1376, True),
        ([1375 / 3000, 0.5], 1375, False),
        ([1376 / 3000, 0.55], 1376, False),
    ],
    ids=["misses, digits right", "misses, digits wrong", "agrees"],
)
def test_a_missed_value_is_explained_where_the_digits_are_right(
    tmp_path: Path, accuracies: list[float], right: int, explained: bool
) -> None:
    runs = make_part(tmp_path, "1.2b", {None: accuracies}, **EXACT)
    results = report({"1.2b": runs}, tmp_path)
    assert one(results, "1.2b", "correct test examples, seed 42")["text"] == str(right)
    text = said(results, "1.2b")
    assert ("the program is not the reason" in text) == explained
    assert ("With seeds 42 and 43, test accuracy is 0.4587 and 0.5000" in text) == explained


def test_one_seed_is_said_once_to_tell_nothing(tmp_path: Path) -> None:
    free = make_part(tmp_path, "1.2a", {None: [0.45]}, train=0.7)
    held = make_part(tmp_path, "1.2b", {None: [0.47]}, train=0.6)
    text = said(report({"1.2a": free, "1.2b": held}, tmp_path, seeds=(42,)), "1.2b")
    assert text.count("luck") == 1
    assert "narrows from 0.250 to 0.130. One seed each does not tell" in text


@pytest.mark.parametrize(
    ("accuracies", "words"),
    [
        (DROPOUTS, "0.25 balances the two best."),
        ({**DROPOUTS, 0.5: [0.58, 0.66]}, "0.5 balances the two best, though these runs cannot"),
    ],
    ids=["clear", "by luck"],
)
def test_the_balance_of_dropout_follows_the_numbers(tmp_path, accuracies, words) -> None:
    text = said(report({"2.2b": make_part(tmp_path, "2.2b", accuracies)}, tmp_path), "2.2b")
    assert words in text


@pytest.mark.parametrize(
    ("seconds", "words"),
    [((24.0, 10.0), "times as many updates: every epoch"), ((10.0, 10.0), "cost little beside"),
     ((5.0, 10.0), "although there are 7.9 times as many updates")],
    ids=["slower", "equal", "faster"],
)  # fmt: skip
def test_times_are_explained_whichever_way_they_go(tmp_path, seconds, words: str) -> None:
    runs = []
    for size, taken in zip((64, 512), seconds, strict=True):
        runs += make_part(tmp_path, "2.2a", {size: [0.5, 0.5]}, seconds=taken)
    assert words in said(report({"2.2a": runs}, tmp_path), "2.2a")


def test_nothing_is_said_of_questions_that_were_not_asked(tmp_path: Path) -> None:
    runs = {"2.2b": make_part(tmp_path, "2.2b", DROPOUTS)}
    some = report(runs, tmp_path, questions=("2",))
    assert [s["id"] for s in some["sections"]] == ["2.1", "2.2a", "2.2b", "2.2c"]
    (line,) = [line for line in some["front"]["warnings"] if "missing" in line]
    assert line == "Runs are missing or damaged: 2.1, 2.2a and 2.2c."
    assert ["questions", "2; the others were not asked"] in some["front"]["facts"]
    every = report(runs, tmp_path)
    assert any("1.1a" in line for line in every["front"]["warnings"])
    assert "questions" not in [name for name, _ in every["front"]["facts"]]


def test_question_3_has_its_settings_in_the_appendix(tmp_path: Path) -> None:
    (tmp_path / "q3").mkdir()
    write(tmp_path / "q3" / "config.json", {"config": {"dims": [1, 2], "seed": 0}})
    (entry,) = report({"3": [tmp_path / "q3"]}, tmp_path)["appendix"]
    assert (entry["part"], entry["config"]) == ("3", {"dims": [1, 2]})
    (tmp_path / "q3" / "config.json").unlink()
    assert report({"3": [tmp_path / "q3"]}, tmp_path)["appendix"][0]["config"] == {}


def test_a_missing_run_is_named_and_the_rest_is_kept(tmp_path: Path) -> None:
    runs = make_part(tmp_path, "2.2b", DROPOUTS)
    kept = [run for run in runs if "0.5-43" not in run.name]
    failed = (("2.2b", "it ran out of memory"),)
    results = report({"2.2b": kept}, tmp_path, missing=failed)
    assert "Missing: the run of `dropout 0.5` with seed 43." in said(results, "2.2b")
    assert "ran out of memory" in said(results, "2.2b")
    assert any("2.2b" in line for line in results["front"]["warnings"])
    assert "Missing" not in said(report({"2.2b": runs}, tmp_path), "2.2b")


@pytest.mark.parametrize("file", ["config.json", "summary.json", "metrics.jsonl"])
def test_a_damaged_folder_is_named_and_the_rest_is_kept(tmp_path: Path, file: str) -> None:
    parts = all_parts(tmp_path)
    damaged = parts["2.2b"][0] / file
    damaged.write_text("{ no")
    results = report(parts, tmp_path)
    assert str(damaged) in said(results, "2.2b")
    assert part(results, "2.2a") == part(report(all_parts(tmp_path / "x"), tmp_path), "2.2a")


def test_a_summary_without_a_loss_is_named(tmp_path: Path) -> None:
    runs = make_part(tmp_path, "2.2b", DROPOUTS)
    summary = json.loads((runs[0] / "summary.json").read_text())
    del summary["final"]["val"]["loss"]
    write(runs[0] / "summary.json", summary)
    assert "final.val.loss" in said(report({"2.2b": runs}, tmp_path), "2.2b")


SETTINGS = {"0.00001", "0.001", "0.1", "0.01", "0.25", "0.5", "0.9", "0.3", "0.002"}
HEADINGS = {f"{question}.{k}" for question in (1, 2, 3) for k in (1, 2, 3, 4)}


def decimals(source: str) -> set[str]:
    """Decimal numbers in a program's texts, the fixed pieces of f-strings included."""
    texts = [n.value for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Constant)]
    return {n for t in texts if isinstance(t, str) for n in re.findall(r"\d+\.\d+", t)}


def test_no_measured_digits_stand_in_the_templates() -> None:
    """Decimal numbers in the text's sources are the assignment's settings, nothing else."""
    folder = Path(__file__).parents[2] / "experiments" / "report"
    files = [*folder.glob("sections_*.py"), *folder.glob("answers_*.py"), folder / "beyond.py"]
    assert len(files) > 5
    for file in files:
        found = decimals(file.read_text(encoding="utf-8"))
        assert found <= SETTINGS | HEADINGS, file.name
    assert decimals('x = f"Accuracy is 0.57 with {value:.3f}"') == {"0.57"}
