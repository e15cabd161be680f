"""Result files for version control: small, complete, and without a path of this machine."""

import json
import shutil
import statistics
from dataclasses import replace
from pathlib import Path

import pytest
import report_sample
from made_runs import INFO, all_parts, make_part
from pypdf import PdfReader

from experiments.cli.errors import ExitCode
from experiments.publish import main
from experiments.q1 import main as main_q1
from experiments.report.collect import collect
from experiments.report.readme_table import main as main_table
from experiments.report.readme_table import orders, renewed, table
from experiments.report.results import read_results

ROOT = Path(__file__).parents[2]
BEGIN, END = "<!-- results: begin -->", "<!-- results: end -->"


@pytest.fixture(scope="module")
def runs(tiny_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("runs")
    argv = ["perceptron", "-epochs", "2", "--data", str(tiny_file), "--out", str(out)]
    assert main_q1(argv) == ExitCode.DONE
    (out / "unfinished").mkdir()
    return out


def test_copies_what_is_small(runs: Path, tiny_file: Path, tmp_path: Path) -> None:
    for _ in range(2):  # the second time replaces what the first has left
        assert main([str(runs), "--out", str(tmp_path)]) == ExitCode.DONE
    (copy,) = (tmp_path / "runs").iterdir()
    original = runs / copy.name
    assert {file.name for file in copy.iterdir()} == {
        "config.json",
        "summary.json",
        "metrics.jsonl",
    }
    assert (copy / "metrics.jsonl").read_bytes() == (original / "metrics.jsonl").read_bytes()
    for file in copy.glob("*.json"):
        content = json.loads(file.read_text())
        assert content["data"]["source"] == tiny_file.name
        content["data"]["source"] = str(tiny_file)
        assert content == json.loads((original / file.name).read_text())


def test_the_report_without_photographs_and_the_table_in_a_readme(
    runs: Path, tmp_path: Path, capsys
) -> None:
    source = tmp_path / "from" / "runs"
    shutil.copytree(runs, source)
    content = report_sample.results(tmp_path)
    report_sample.laid_out(content, source)
    out = tmp_path / "out"
    assert main([str(source), "--out", str(out)]) == ExitCode.DONE
    assert read_results(out / "results.json") == content
    assert (out / "report.pdf").stat().st_size < 1_500_000
    own, published = (
        " ".join("".join(page.extract_text() for page in PdfReader(file).pages).split())
        for file in (source / "report.pdf", out / "report.pdf")
    )
    assert "photographs are not ours to publish" in published
    assert "photographs are not ours to publish" not in own
    assert "Confusion on the test split" in published

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


def test_a_row_per_configuration(tmp_path: Path) -> None:
    parts = all_parts(tmp_path)
    exact = {"train": 8300 / 12_630, "val": 641 / 1_404}
    parts["1.2a"] = make_part(tmp_path / "b", "1.2a", {None: [1371 / 3000] * 2}, **exact)
    rows = {row.split(" | ")[1]: row for row in table(collect(parts, tmp_path, INFO))[2:]}
    assert len(rows) == 14
    assert rows["logistic regression"].endswith(
        "| - / 0.46 | 641 / 1371 right, seed 42 | 0.4566 ± 0.0000 | 0.4570 ± 0.0000 | 2 | "
        "to the digit; over seeds: yes |"
    )
    assert rows["batch size 64"].startswith(
        "| 2.2a | batch size 64 | 0.6061 / 0.6003 | 0.5926 / 0.6093 | 0.605 ± 0.007 |"
    )
    assert "| no downward trend | val loss above 5 |" in rows["learning rate 0.1"]


def test_orders_hold_together(tmp_path: Path) -> None:
    """Alone, dropout .25 is above .5 by more than its interval; among seven it is not."""
    parts = all_parts(tmp_path)
    seeds = [0.001 * k for k in range(5)]
    parts["2.2b"] = make_part(
        tmp_path / "b",
        "2.2b",
        {
            0.01: [0.5 + d for d in seeds],
            0.25: [0.6 + d for d in seeds],
            0.5: [0.6 + d - gain for d, gain in zip(seeds, (0.02, 0, 0.01, 0.02, 0), strict=True)],
        },
    )
    content = collect(parts, tmp_path, replace(INFO, seeds=tuple(range(42, 47))))
    head, _, *rows = orders(content)
    assert head == "| conclusion | difference | with 5 seeds |"
    assert len(rows) == 7
    told = {row.split(" | ")[0]: row for row in rows}
    assert told["| dropout 0.25 above 0.01"].endswith("| +0.100 ± 0.000 | found |")
    assert told["| dropout 0.25 above 0.5"].endswith("| in sign only |")
    assert "| L2 penalty 0.01 above none" in told
    assert [" found |" in row for row in rows] == sorted(" found |" in row for row in rows)[::-1]


PUBLISHED = ROOT / "results" / "photographs"


def test_readme_has_the_published_results() -> None:
    """The table in the README is the one that the published results give."""
    text = (ROOT / "README.md").read_text()
    assert renewed(text, read_results(PUBLISHED / "results.json")) == text


def published(name: str, keys: list[str]) -> float:
    """A number of a published run."""
    value = json.loads((PUBLISHED / "runs" / name / "summary.json").read_text())
    for key in keys:
        value = value[key]
    return value


def test_published_numbers_are_those_of_the_published_runs() -> None:
    results = read_results(PUBLISHED / "results.json")
    compared = [entry for part in results.parts.values() for entry in part.comparisons]
    assert len(compared) > 40
    for entry in compared:
        expected = statistics.mean(published(name, entry.keys) for name in entry.runs)
        if entry.minus:
            expected -= statistics.mean(published(name, entry.keys) for name in entry.minus)
        if entry.over:
            expected /= statistics.mean(published(name, entry.keys) for name in entry.over)
        assert entry.ours == pytest.approx(expected, abs=1e-12), entry.quantity


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
