"""Runs side by side in one figure and one table; what does not belong together is refused."""

import shutil
from pathlib import Path

import pytest

from experiments.cli.errors import ExitCode
from experiments.cli.flags import FORMATS
from experiments.data.dataset import SPLITS
from experiments.plot import main
from experiments.plots.compare import compare
from experiments.runs.reader import Run


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_compare_writes_figure_and_table(
    suffix: str, runs: dict[str, Path], tmp_path: Path, capsys
) -> None:
    output = tmp_path / f"compare{suffix}"
    argv = ["compare", str(runs["plain"]), str(runs["penalised"]), "-o", str(output)]
    assert main(argv) == ExitCode.DONE
    out = capsys.readouterr().out.splitlines()
    assert out[-1] == str(output)
    assert output.stat().st_size > 5000
    assert max(map(len, out[:-1])) <= 80
    for line, name in zip(out[1:3], ("plain", "penalised"), strict=True):
        final = Run(runs[name]).summary["final"]
        for split in SPLITS:
            assert f"{final[split]['accuracy']:.4f}" in line


def test_compare_shares_its_axes(runs: dict[str, Path]) -> None:
    figure, _ = compare([Run(runs["plain"]), Run(runs["penalised"])])
    left, right, left_below, right_below = figure.axes
    assert left.get_ylim() == right.get_ylim()
    assert left_below.get_ylim() == right_below.get_ylim()


def test_compare_takes_a_folder_or_a_pattern_and_overwrites_nothing(
    runs: dict[str, Path], tmp_path: Path, capsys
) -> None:
    for name in ("plain", "penalised"):
        shutil.copytree(runs[name], tmp_path / runs[name].name)
    for named, figure in ((tmp_path, "compare.png"), (tmp_path / "logistic*", "compare-2.png")):
        assert main(["compare", str(named)]) == ExitCode.DONE
        assert capsys.readouterr().out.splitlines()[-1] == str(tmp_path / figure)
    before = (tmp_path / "compare.png").read_bytes()
    assert main(["compare", str(tmp_path), "-o", f"{tmp_path}/compare.png"]) == ExitCode.USAGE
    assert "which exists" in capsys.readouterr().err
    assert (tmp_path / "compare.png").read_bytes() == before


def test_compare_refuses_a_run_twice(runs: dict[str, Path], tmp_path: Path, capsys) -> None:
    again = tmp_path / "again"
    shutil.copytree(runs["plain"], again)
    for other in (runs["plain"], runs["plain"] / "summary.json", again):
        assert main(["compare", str(runs["plain"]), str(other)]) == ExitCode.USAGE
        assert "the same run" in capsys.readouterr().err


@pytest.mark.parametrize("kind", FORMATS)
def test_same_folder_same_bytes(kind: str, runs: dict[str, Path], tmp_path: Path) -> None:
    argv = ["compare", str(runs["plain"]), str(runs["penalised"]), "-o"]
    files = [tmp_path / f"a.{kind}", tmp_path / f"b.{kind}"]
    for file in files:
        main([*argv, str(file)])
    assert files[0].read_bytes() == files[1].read_bytes()
    assert b"CreationDate" not in files[0].read_bytes()


@pytest.mark.parametrize(
    "argv",
    [
        ["compare", "{plain}"],
        ["compare", *["{plain}"] * 2],
        ["compare", "{plain}", "{mlp}", "-o", "{tmp}/c.png"],
        ["compare", "{plain}", "{penalised}", "-o", "{tmp}/c.gif"],
        ["compare", "{plain}", "{penalised}", "-o", "{tmp}/none/c.png"],
        ["run", "{plain}", "-o", "{tmp}/c.png"],
    ],
    ids=lambda argv: " ".join(argv)[:50] or "nothing",
)
def test_bad_usage(argv: list[str], runs: dict[str, Path], tmp_path: Path, capsys) -> None:
    places = {**runs, "tmp": tmp_path}
    assert main([word.format(**places) for word in argv]) == ExitCode.USAGE
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert not list(tmp_path.iterdir())
