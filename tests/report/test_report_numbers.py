"""The report's numbers are the run folders'; verdicts follow them; what is missing is named."""

import json
import statistics
from dataclasses import replace
from pathlib import Path

import pytest
from made_runs import DROPOUTS, INFO, all_parts, make_part, write

from experiments.assignment import PARTS
from experiments.report.collect import collect
from experiments.report.results import Comparison, PartResults, Results, read_results


def report(parts: dict[str, list[Path]], tmp_path: Path, **info) -> Results:
    return collect(parts, tmp_path, replace(INFO, **info))


def one(found: PartResults, quantity: str) -> Comparison:
    (comparison,) = [c for c in found.comparisons if c.quantity == quantity]
    return comparison


def follow(comparison: Comparison, folders: dict[str, Path], which: str = "runs") -> float:
    """The mean of what `keys` name in the summaries of `runs`."""
    values = []
    for name in getattr(comparison, which):
        value = json.loads((folders[name] / "summary.json").read_text())
        for key in comparison.keys:
            value = value[key]
        values.append(value)
    return statistics.mean(values)


def test_numbers_are_those_of_the_run_folders(tmp_path: Path) -> None:
    parts = all_parts(tmp_path)
    folders = {folder.name: folder for paths in parts.values() for folder in paths}
    results = report(parts, tmp_path)
    compared = [c for found in results.parts.values() for c in found.comparisons]
    assert len(compared) > 25
    for comparison in compared:
        expected = follow(comparison, folders)
        if comparison.minus:
            expected -= follow(comparison, folders, "minus")
        if comparison.over:
            expected /= follow(comparison, folders, "over")
        assert comparison.ours == pytest.approx(expected, abs=1e-12)
        assert comparison.ours != pytest.approx(expected + 1e-6, abs=1e-12)


def test_results_are_read_back_as_they_were_written(tmp_path: Path) -> None:
    results = report(all_parts(tmp_path), tmp_path)
    results.write(tmp_path / "results.json")
    assert read_results(tmp_path / "results.json") == replace(results)
    assert len(results.appendix) == sum(map(len, all_parts(tmp_path / "again").values()))


@pytest.mark.parametrize("text", ["{", "[]", '{"format": 1}', "null"])
def test_other_results_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "results.json"
    path.write_text(text)
    with pytest.raises(Exception, match=r"results\.json: got no report's results"):
        read_results(path)


def test_orders_flip_with_the_numbers(tmp_path: Path) -> None:
    quantity = "test accuracy: batch size 64 above 512"
    values = {
        "found": {64: [0.6, 0.61, 0.605], 512: [0.52, 0.521, 0.52]},
        "in sign only": {64: [0.52, 0.61, 0.56], 512: [0.53, 0.51, 0.54]},
        "not found": {64: [0.52, 0.521, 0.52], 512: [0.6, 0.61, 0.605]},
    }
    for verdict, accuracies in values.items():
        runs = make_part(tmp_path / verdict, "2.2a", accuracies)
        found = one(report({"2.2a": runs}, tmp_path).parts["2.2a"], quantity)
        assert found.verdict == verdict
        assert (found.ours > 0) == (verdict != "not found")
        assert ("seeds would settle" in found.why) == (verdict == "in sign only")


def test_seeds_that_would_settle_it_are_told_where_seeds_are_shared(tmp_path: Path) -> None:
    """Of unpaired runs the degrees of freedom are no number of seeds: it was told too large."""
    accuracies = {64: [0.52, 0.61, 0.56], 512: [0.53, 0.51, 0.54, 0.53]}
    runs = make_part(tmp_path, "2.2a", accuracies)
    found = one(
        report({"2.2a": runs}, tmp_path).parts["2.2a"], "test accuracy: batch size 64 above 512"
    )
    assert (found.verdict, found.why) == ("in sign only", "")


@pytest.mark.parametrize(
    ("values", "options", "verdict", "why"),
    [
        ([0.59, 0.61, 0.6], {}, "agrees", ""),
        ([0.65, 0.651, 0.65], {}, "differs", ""),
        ([0.65, 0.55, 0.7], {}, "agrees", ""),
        ([0.6], {}, "open", "one seed"),
        ([0.6, 0.6], {"synthetic": True}, "does not apply", "synthetic data"),
        ([0.6, 0.6], {"config": {"epochs": 3}}, "does not apply", "other settings"),
        ([0.6, 0.6], {"config": {"dropout": 0.31}}, "does not apply", "other settings"),
    ],
    ids=["same", "off", "off, but uncertain", "one seed", "synthetic", "few epochs", "dropout"],
)
def test_verdicts(tmp_path: Path, values: list[float], options, verdict: str, why: str) -> None:
    """0.6003 is published; with seeds far apart 0.65 does not contradict it."""
    runs = make_part(tmp_path, "2.2a", {64: values}, **{"sha256": "f" * 64, **options})
    found = report({"2.2a": runs}, tmp_path).parts["2.2a"]
    compared = one(found, "test accuracy, batch size 64")
    assert compared.verdict == verdict
    assert why in compared.why


def test_a_published_value_counts_as_its_digits_say(tmp_path: Path) -> None:
    """.39 is anything from .385 to .395; one more run on other images lies within .018 or so."""
    for mean, verdict in ((0.41, "agrees"), (0.425, "differs")):
        values = {None: [mean - 0.0001, mean + 0.0001, mean]}
        runs = make_part(tmp_path / verdict, "1.1a", values, sha256="f" * 64)
        found = report({"1.1a": runs}, tmp_path).parts["1.1a"]
        assert one(found, "test accuracy").verdict == verdict


def test_validation_of_another_split_does_not_apply(tmp_path: Path) -> None:
    runs = make_part(tmp_path, "2.2a", {64: [0.6, 0.6]}, sha256="f" * 64)
    found = report({"2.2a": runs}, tmp_path).parts["2.2a"]
    compared = one(found, "validation accuracy, batch size 64")
    assert (compared.verdict, "another split" in compared.why) == ("does not apply", True)


@pytest.mark.parametrize(("correct", "verdict"), [(1371, "agrees"), (1372, "differs")])
def test_counts_are_held_to_the_digit(tmp_path: Path, correct: int, verdict: str) -> None:
    runs = make_part(tmp_path, "1.2a", {None: [0.4570]}, test=correct / 3000)
    found = report({"1.2a": runs}, tmp_path).parts["1.2a"]
    assert one(found, "correct test examples, seed 42").verdict == verdict


def test_nothing_is_said_of_questions_that_were_not_asked(tmp_path: Path) -> None:
    runs = {"2.2b": make_part(tmp_path, "2.2b", DROPOUTS)}
    some = report(runs, tmp_path, questions=("2",))
    assert list(some.parts) == ["2.1", "2.2a", "2.2b", "2.2c"]
    (line,) = [line for line in some.warnings if "missing" in line]
    assert line == "Runs are missing or damaged: 2.1, 2.2a and 2.2c."
    assert ("questions", "2; the others were not asked") in some.provenance
    every = report(runs, tmp_path)
    assert any("1.1a" in line for line in every.warnings)
    assert "questions" not in dict(every.provenance)


def test_question_3_has_its_settings_in_the_appendix(tmp_path: Path) -> None:
    (tmp_path / "q3").mkdir()
    write(tmp_path / "q3" / "config.json", {"config": {"dims": [1, 2], "seed": 0}})
    (entry,) = report({"3": [tmp_path / "q3"]}, tmp_path).appendix
    assert (entry.part, entry.config) == ("3", {"dims": [1, 2]})
    (tmp_path / "q3" / "config.json").unlink()
    assert report({"3": [tmp_path / "q3"]}, tmp_path).appendix[0].config == {}


def test_a_missing_run_is_named_and_the_rest_is_kept(tmp_path: Path) -> None:
    runs = make_part(tmp_path, "2.2b", DROPOUTS)
    kept = [run for run in runs if "0.5-43" not in run.name]
    results = report({"2.2b": kept}, tmp_path, missing=(("2.2b", "it ran out of memory"),))
    lines = results.parts["2.2b"].missing
    assert "Missing: the run of dropout 0.5 with seed 43." in lines
    assert any("ran out of memory" in line for line in lines)
    assert any("2.2b" in line for line in results.warnings)
    assert not report({"2.2b": runs}, tmp_path).parts["2.2b"].missing


@pytest.mark.parametrize("file", ["config.json", "summary.json", "metrics.jsonl"])
def test_a_damaged_folder_is_named_and_the_rest_is_kept(tmp_path: Path, file: str) -> None:
    parts = all_parts(tmp_path)
    damaged = parts["2.2b"][0] / file
    damaged.write_text("{ no")
    results = report(parts, tmp_path)
    assert str(damaged) in " ".join(results.parts["2.2b"].missing)
    whole = report(all_parts(tmp_path / "x"), tmp_path)
    assert results.parts["2.2a"] == whole.parts["2.2a"]


def test_a_summary_without_a_loss_is_named(tmp_path: Path) -> None:
    runs = make_part(tmp_path, "2.2b", DROPOUTS)
    summary = json.loads((runs[0] / "summary.json").read_text())
    del summary["final"]["val"]["loss"]
    write(runs[0] / "summary.json", summary)
    found = report({"2.2b": runs}, tmp_path).parts["2.2b"]
    assert "final.val.loss" in " ".join(found.missing)
    assert (len(found.configurations), found.complete) == (2, False)


def test_settings_are_the_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    part = PARTS["1.1a"]
    monkeypatch.setitem(PARTS, "1.1a", replace(part, config=replace(part.config, epochs=77)))
    assert report({}, tmp_path).parts["1.1a"].settings["epochs"] == 77
