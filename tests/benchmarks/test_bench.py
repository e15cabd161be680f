"""What `make bench` counts, checks and writes; how fast things are, nobody tests."""

import json
import re
from pathlib import Path

import pytest

from benchmarks import __main__ as bench
from benchmarks import markdown, q1, q2
from benchmarks.machine import machine_line, processor
from experiments.cli.errors import CommandError, ExitCode

FINAL = {"train": 1.60, "val": 1.55}


def rows(train: float, val: float, first: float = 1.80) -> list[q2.Row]:
    """Ours, whose train loss fell by .2, and another contender."""
    made = []
    for name, losses in (("ours", FINAL), ("PyTorch", {"train": train, "val": val})):
        row = {"contender": name, "configuration": "mlp", "losses": losses}
        made.append(row | {"first_train_loss": first})
    return made


@pytest.mark.parametrize(("train", "val"), [(1.60, 1.55), (1.62, 1.52), (1.58, 1.58)])
def test_losses_near_each_other_pass(train: float, val: float) -> None:
    q2.check_losses(rows(train, val))
    q2.check_losses(rows(train, val)[:1])


@pytest.mark.parametrize(
    ("train", "val", "words"),
    [
        (1.70, 1.55, "train loss of 1.7000 from PyTorch"),  # half of what ours has learned
        (1.55, 1.55, "train loss of 1.5500"),  # too good: no dropout, say
        (1.60, 1.65, "val loss of 1.6500"),
        (float("nan"), 1.55, "train loss of nan"),
    ],
)
def test_a_contender_that_trains_wrongly_is_refused(train: float, val: float, words: str) -> None:
    with pytest.raises(CommandError, match=words):
        q2.check_losses(rows(train, val))


@pytest.mark.parametrize("first", [1.60, 1.50, float("nan")])
def test_losses_say_nothing_where_nothing_is_learned(first: float) -> None:
    with pytest.raises(CommandError, match="expected it to fall"):
        q2.check_losses(rows(1.60, 1.55, first))


CPUINFO = """\
processor\t: 0
model name\t: {name}
flags\t\t: fpu sse2 {flag}

processor\t: 1
model name\t: {name}
flags\t\t: fpu sse2 {flag}
"""


@pytest.mark.parametrize(
    ("cpuinfo", "model", "avx512"),
    [
        (CPUINFO.format(name="AMD EPYC", flag="avx512f"), "AMD EPYC", True),
        (CPUINFO.format(name="Intel(R) Core(TM)", flag="avx2"), "Intel(R) Core(TM)", False),
        ("processor : 0\nFeatures : asimd\n", None, None),
        ("", None, None),
    ],
    ids=["with", "without", "no Intel", "no Linux"],
)
def test_the_processor(cpuinfo: str, model: str | None, avx512: bool | None) -> None:
    found = processor(cpuinfo)
    assert found["avx512"] is avx512
    assert found["model"] == model if model else found["model"]
    line = machine_line({**found, "cores": 2, "load": 0.4})
    assert (", AVX-512;" in line, ", no AVX-512;" in line) == (avx512 is True, avx512 is False)
    assert line.endswith("load 0.40 before the start")


@pytest.mark.parametrize("torch", [True, False], ids=["with PyTorch", "without"])
def test_the_file_and_the_table(
    torch: bool, scripted, tiny_file: Path, tmp_path: Path, monkeypatch, capsys
) -> None:
    monkeypatch.setattr(q2, "find_spec", lambda _: torch)
    monkeypatch.setattr(q1, "find_spec", lambda _: None)
    argv = ["--epochs", "6", "--q2-epochs", "6", "--data", str(tiny_file), "--out", str(tmp_path)]
    assert bench.main(argv) == ExitCode.DONE
    lines = capsys.readouterr().out.splitlines()
    assert any("PyTorch is left out: not installed" in line for line in lines) != torch
    paths = (str(tmp_path / "bench.json"), str(tiny_file))  # as long as the machine makes them
    long = [line for line in lines if len(line) > 80 and not line.endswith(paths)]
    assert [line for line in long if not line.endswith("before the start")] == []
    assert any(line.split()[:5] == ["engine,", "2", "threads", "0.250", "4.00"] for line in lines)
    assert not any(line.startswith("not clean") for line in lines)

    found = json.loads((tmp_path / "bench.json").read_text())
    assert found["question 2, more"] == []
    assert found["whole"] == {}
    assert found["machine"]["load"] == 0.1
    assert len(found["question 1"]) == 4 * len(q1.CONFIGURATIONS)
    each = 3 if torch else 1
    assert len(found["question 2"]) == each * len(q2.CONFIGURATIONS)
    rows = [row for row in found["question 2"] if row["contender"] == "ours"]
    assert [row["epochs"] for row in rows] == [96, 12, 12, 12, 12]  # turns of 16 epochs, of 2
    ours = found["question 2"][each]
    assert ours["contender"] == "ours"
    assert ours["configuration"] == "mlp, batch 64"
    assert ours["seconds_per_epoch"] == 0.5
    assert ours["ratio"] == (1.5 if torch else None)
    assert ours["not_clean"] == ([] if torch else None)
    assert ours["losses"] == pytest.approx({"train": 1.3, "val": 1.2})
    assert ours["compile_seconds"] == {"cold": 2.0, "cached": 0.5}
    assert ours["epochs"] == ours["config"]["epochs"] == 2 * len(ours["seconds"]) == 12
    if torch:
        assert found["question 2"][each + 2]["ratio"] == 0.5
    flops = 60 * 5_776_800
    assert found["peak"]["flops_per_epoch"] == flops
    assert found["peak"]["share"] == pytest.approx(flops / 0.4 / 1e9 / 180)

    assert markdown.main([str(tmp_path / "bench.json")]) == ExitCode.DONE
    text = capsys.readouterr().out
    lines = [re.sub(r" +", " ", line) for line in text.splitlines()]
    assert "| engine, 2 threads | 0.250 | 4.00 ±0% | 305 | 10/2 | 0.0e+00 |" in lines
    assert ("| mlp, batch 64 | 1.50 ±0% |" in lines) == torch
    assert "docs/speed.md, more" not in text


def test_a_busy_machine_marks_every_ratio(
    scripted, tiny_file: Path, tmp_path: Path, monkeypatch, capsys
) -> None:
    monkeypatch.setattr("os.getloadavg", lambda: (0.6, 0.0, 0.0))
    monkeypatch.setattr(q1, "find_spec", lambda _: None)
    argv = ["--questions", "1", "--models", "perceptron", "--data", str(tiny_file), "--out"]
    assert bench.main([*argv, str(tmp_path)]) == ExitCode.DONE
    out = capsys.readouterr().out
    assert "The machine is busy" in out
    assert "not clean: perceptron: load 0.60 before the start, above 0.5\n" in out
    rows = json.loads((tmp_path / "bench.json").read_text())["question 1"]
    assert all(row["not_clean"] for row in rows)
    assert len(re.findall(r"±0%\?", out)) == len(rows) == 4
