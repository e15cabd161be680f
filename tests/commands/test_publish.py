"""Result files for version control: small, complete, and without a path of this machine."""

import json
import shutil
import statistics
from pathlib import Path

import pytest
import report_sample

from experiments.cli.commands import ExitCode
from experiments.publish import main
from experiments.q1 import main as main_q1
from experiments.report.markdown import BEGIN, END, accuracy_table, markdown, read_results, renewed
from experiments.report.markdown import main as main_table

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def runs(tiny_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("runs")
    argv = ["perceptron", "-epochs", "2", "--data", str(tiny_file), "--out", str(out)]
    assert main_q1(argv) == ExitCode.DONE
    (out / "unfinished").mkdir()
    return out


def test_copies_configuration_and_summary_alone(
    runs: Path, tiny_file: Path, tmp_path: Path
) -> None:
    for _ in range(2):  # the second time replaces what the first has left
        assert main([str(runs), "--out", str(tmp_path)]) == ExitCode.DONE
    (copy,) = (tmp_path / "runs").iterdir()
    original = runs / copy.name
    assert {file.name for file in copy.iterdir()} == {"config.json", "summary.json"}
    for file in copy.iterdir():
        content = json.loads(file.read_text())
        assert content["data"]["source"] == tiny_file.name
        content["data"]["source"] = str(tiny_file)
        assert content == json.loads((original / file.name).read_text())


def test_the_report_in_words_and_the_table_in_a_readme(runs: Path, tmp_path: Path, capsys) -> None:
    content = report_sample.results()
    (tmp_path / "from").mkdir()
    shutil.copytree(runs, tmp_path / "from" / "runs", dirs_exist_ok=True)
    source = tmp_path / "from" / "runs"
    (source / "results.json").write_text(json.dumps(content))
    out = tmp_path / "out"
    assert main([str(source), "--out", str(out)]) == ExitCode.DONE
    assert json.loads((out / "results.json").read_text()) == content
    words = (out / "report.md").read_text()
    for section in content["sections"]:
        assert f"## {section['title']}" in words
    for section in content["beyond"]:
        assert f"## {section['title'].removeprefix(section['id'] + ' ')}\n" in words
        for entry in section["comparisons"]:
            assert f"| {entry['text']} |" in words

    readme = tmp_path / "README.md"
    readme.write_text(f"above\n{BEGIN}\nold\n{END}\nbelow\n")
    renew = [str(out / "results.json"), str(readme)]
    assert main_table(renew) == ExitCode.DONE
    text = readme.read_text()
    assert "old" not in text
    assert text.startswith(f"above\n{BEGIN}")
    assert text.endswith(f"{END}\nbelow\n")
    assert main_table(renew) == ExitCode.DONE
    assert readme.read_text() == text  # once more changes nothing
    readme.write_text("no place")
    assert main_table(renew) == ExitCode.USAGE
    assert readme.read_text() == "no place"


def test_a_row_per_configuration() -> None:
    def entry(quantity: str, published: str, expected: str, verdict: str) -> dict:
        return {"quantity": quantity, "published": published, "expected": expected,
                "text": "9 ± 1 (n = 3)", "verdict": verdict}  # fmt: skip

    first = [
        entry("test accuracy", "0.5", "", "differs"),
        entry("correct validation examples, seed 42", "", "641", "agrees"),
        entry("correct test examples, seed 42", "", "1371", "agrees"),
    ]
    second = [
        entry("validation accuracy, rate 1", "0.4", "0.41", "agrees"),
        entry("test accuracy, rate 1", "", "0.42", "agrees"),
        entry("validation loss, rate 9", "no trend", "above 5", "agrees"),
        entry("validation accuracy: rate 1 above 9", "above", "", "differs"),
    ]
    seeds = [
        ["1.2a", "logistic", "0.9", "0.51", "0.52", "3"],
        ["2.1", "rate 1", "0.9", "0.53", "0.54", "3"],
        ["2.1", "rate 9", "0.9", "0.55", "0.56", "3"],
    ]
    results = {
        "sections": [{"id": "1.2a", "comparisons": first}, {"id": "2.1", "comparisons": second}],
        "beyond": [{"id": "seeds", "tables": [{"rows": seeds}]}],
    }
    assert accuracy_table(results)[2:] == [
        "| 1.2a | logistic | - / 0.5 | 641 / 1371 right, seed 42 | 0.51 | 0.52 | 3 | "
        "to the digit; mean over seeds: no |",
        "| 2.1 | rate 1 | 0.4 / - | 0.41 / 0.42 | 0.53 | 0.54 | 3 | yes |",
        "| 2.1 | rate 9 | no trend | val loss above 5 | 0.55 | 0.56 | 3 | yes (val loss 9 ± 1) |",
    ]


def test_readme_has_the_published_results() -> None:
    """The table in the README is the one that the published results give."""
    results = ROOT / "results" / "photographs" / "results.json"
    text = (ROOT / "README.md").read_text()
    assert renewed(text, read_results(results)) == text


PUBLISHED = ROOT / "results" / "photographs"


def published(name: str, keys: list[str]) -> float:
    """A number of a published run."""
    value = json.loads((PUBLISHED / "runs" / name / "summary.json").read_text())
    for key in keys:
        value = value[key]
    return value


def test_published_numbers_are_those_of_the_published_runs() -> None:
    compared = [c for s in read_results(PUBLISHED / "results.json")["sections"]
                for c in s["comparisons"]]  # fmt: skip
    assert len(compared) > 40
    for entry in compared:
        values = {
            which: [published(name, entry["keys"]) for name in entry.get(which, [])]
            for which in ("runs", "minus", "over")
        }
        expected = statistics.mean(values["runs"])
        if values["minus"]:
            expected -= statistics.mean(values["minus"])
        if values["over"]:
            expected /= statistics.mean(values["over"])
        assert entry["ours"]["mean"] == pytest.approx(expected, abs=1e-12), entry["quantity"]
        assert len(values["runs"]) == entry["ours"]["n"]


def test_published_words_are_those_of_the_published_results() -> None:
    results = read_results(PUBLISHED / "results.json")
    words = (PUBLISHED / "report.md").read_text()
    assert markdown(results) == words
    results["sections"][0]["answer"][0] += " Or not."
    assert markdown(results) != words


def test_published_figures_can_be_heard() -> None:
    """Alternative texts are read out as they stand: no formula, no code."""
    results = read_results(PUBLISHED / "results.json")
    told = [f["alt"] for s in [*results["sections"], *results["beyond"]] for f in s["figures"]]
    assert len(told) == 19
    assert all(told)
    assert not any(mark in alt for alt in told for mark in "$`")


def test_every_published_order_and_tolerance_but_one_is_met() -> None:
    """1.2b's test accuracy misses the assignment's, and the report says what that proves."""
    results = read_results(PUBLISHED / "results.json")
    differing = [
        (section["id"], entry["quantity"])
        for section in results["sections"]
        for entry in section["comparisons"]
        if entry["verdict"] == "differs"
    ]
    assert differing == [("1.2b", "test accuracy")]
    (penalised,) = [s for s in results["sections"] if s["id"] == "1.2b"]
    assert any("the program is not the reason" in line for line in penalised["answer"])


def test_refused(tmp_path: Path, runs: Path, capsys) -> None:
    assert main([str(tmp_path), "--out", str(tmp_path / "a")]) == ExitCode.USAGE
    assert main([str(tmp_path / "none"), "--out", str(tmp_path / "a")]) == ExitCode.USAGE
    damaged = tmp_path / "damaged"
    damaged.mkdir()
    (damaged / "summary.json").write_text("{")
    assert main([str(tmp_path), "--out", str(tmp_path / "a")]) == ExitCode.RUN_FOLDER
    assert len(capsys.readouterr().err.splitlines()) == 3


def test_the_place_of_the_runs_themselves_is_refused(
    runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    """`runs --out .` would put the copies where the runs lie, and remove these first."""
    own = tmp_path / "own" / "runs"
    shutil.copytree(runs, own)
    before = {path: path.stat().st_size for path in own.rglob("*")}
    monkeypatch.chdir(own.parent)
    for out in (".", "../own", str(own.parent)):
        assert main(["runs", "--out", out]) == ExitCode.USAGE
        assert "where the runs themselves are" in capsys.readouterr().err
    assert {path: path.stat().st_size for path in own.rglob("*")} == before
