"""What `make bench` counts, checks and writes; how fast things are, nobody tests."""

import json
import re
from pathlib import Path
from typing import ClassVar

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from benchmarks import __main__ as bench
from benchmarks import markdown, q1, q2, rounds, whole
from benchmarks.command import Measured
from benchmarks.flops import forward_flops, layer_sizes, training_flops
from benchmarks.machine import machine_line, processor
from benchmarks.rounds import Ratio, alternate, ratio_of, until_steady, why_not_clean
from benchmarks.running import Job, Running
from experiments.cli.commands import CommandError, ExitCode
from experiments.configs.q1 import Q1Config
from experiments.configs.q2 import Q2Config
from jaxmodels.evaluation import Split
from jaxmodels.models import Architecture
from jaxmodels.optimizers import Hyperparameters
from jaxmodels.training import CompiledSpec, start, train_step

FINAL = {"train": 1.60, "val": 1.55}


def rows(train: float, val: float, first: float = 1.80) -> list[q2.Row]:
    """Ours, whose train loss fell by .2, and another contender."""
    made = []
    for name, losses in (("ours", FINAL), ("PyTorch", {"train": train, "val": val})):
        row = {"contender": name, "configuration": "mlp", "losses": losses}
        made.append(row | {"first_train_loss": first})
    return made


def test_the_assignments_mlp_by_hand() -> None:
    sizes = layer_sizes(Q2Config("mlp"), 6912, 6)
    assert sizes == [6912, 200, 200, 6]
    forward = 2 * (6912 * 200 + 200 * 200 + 200 * 6)
    assert forward_flops(sizes) == forward == 2_847_200
    assert training_flops(sizes) == 2 * forward + 2 * (200 * 200 + 200 * 6) == 5_776_800
    assert training_flops(sizes) != 3 * forward  # the gradient by the pixels is not computed


def test_logistic_regression_has_one_layer() -> None:
    sizes = layer_sizes(Q2Config("logistic_regression"), 6912, 6)
    assert (forward_flops(sizes), training_flops(sizes)) == (82_944, 165_888)


def test_flops_are_those_of_the_compiled_step() -> None:
    """XLA's own count of our step's products, which stand in its program one by one."""
    n, features, hidden, classes = 4, 48, 10, 6
    setting = CompiledSpec(Architecture("mlp", features, classes, hidden, 2), "plain_sgd", n)
    hyper = Hyperparameters(*(jnp.float32(x) for x in (0.1, 0.0, 0.0, 0.3)))
    state = start(setting, hyper, jnp.uint32(1))
    batch = Split(jnp.zeros((n, features), jnp.uint8), jnp.zeros(n, jnp.int32))
    step = jax.jit(train_step, static_argnums=0)
    text = step.lower(
        setting, hyper, state.params, state.opt_state, batch, jax.random.key(1)
    ).as_text()
    products = re.findall(
        r"dot_general.*contracting_dims = \[(\d)\] x \[\d\].*"
        r": \(tensor<(\d+)x(\d+)xf32>, .*\) -> tensor<(\d+)x(\d+)xf32>",
        text,
    )
    counted = sum(
        2 * int(dims[int(k)]) * int(rows) * int(cols) for k, *dims, rows, cols in products
    )
    assert counted == n * training_flops([features, hidden, hidden, classes])
    assert len(products) == 8


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


def test_a_ratio_is_of_rounds_not_of_medians() -> None:
    """A machine that gets slower hits both: their medians alone would say 1.5."""
    ours, theirs = [1.0, 1.0, 4.0, 4.0, 4.0], [2.0, 2.0, 8.0, 8.0, 8.0]
    assert ratio_of(theirs, ours) == Ratio(2.0, None)
    assert ratio_of([*theirs, 9.0], ours).value == 2.0  # the last round was theirs alone


@pytest.mark.parametrize(
    ("n", "interval"),
    [(5, None), (6, (1.0, 6.0)), (9, (2.0, 8.0)), (12, (3.0, 10.0)), (30, (10.0, 21.0))],
)
def test_the_interval_lies_between_the_order_statistics_of_the_binomial(
    n: int, interval: tuple[float, float] | None
) -> None:
    """Of n rounds with ratios 1 to n, as tables of the sign test have them."""
    found = ratio_of([float(k) for k in range(n, 0, -1)], [1.0] * n)
    assert (found.value, found.interval) == ((n + 1) / 2, interval)


STEADY, WIDE, FEW = Ratio(2.0, (1.95, 2.1)), Ratio(2.0, (1.9, 2.1)), Ratio(2.0, None)


@pytest.mark.parametrize(
    ("ratio", "load", "words"),
    [
        (STEADY, 0.5, []),
        (STEADY, 0.51, ["load 0.51 before"]),
        (WIDE, 0.0, ["±5% after 30 rounds"]),
        (WIDE, 3.0, ["load 3.00", "±5%"]),
        (FEW, 0.0, ["30 rounds, too few"]),
    ],
    ids=["clean", "busy", "wide", "both", "few"],
)
def test_when_a_ratio_is_clean(ratio: Ratio, load: float, words: list[str]) -> None:
    reasons = why_not_clean(ratio, 30, load)
    assert len(reasons) == len(words)
    assert all(word in reason for word, reason in zip(words, reasons, strict=True))


class Scripted:
    """A contender's process that answers at once, with times that are asked of a table."""

    told: tuple[str, ...] = ()
    times: ClassVar = {
        "ours": [0.5], "PyTorch": [0.75], "training": [0.4], "peak": [9.0],
        "engine": [0.25], "plain loop": [1.0],
    }  # fmt: skip

    def __init__(self, job: Job, environment: dict[str, str] | None = None) -> None:
        self.job, self.found = job, []
        self.times = Scripted.times[job.contender]
        self.slow = 1 if not environment or job.contender == "engine" else 2
        compiling = {"cold": 2.0, "cached": 0.5} if job.contender == "ours" else None
        self.ready = {"threads": 2, "compile_seconds": compiling}

    seconds, median_seconds = Running.seconds, Running.median_seconds

    def begin(self) -> None:
        Scripted.told += (self.job.contender,)

    def end(self) -> None:
        n = len(self.found)
        seconds = self.slow * self.times[n % len(self.times)]
        fallen = 0.1 * min(n, 5)
        self.found.append(
            {"seconds": seconds, "train": [1.8 - fallen], "val": [1.7 - fallen],
             "correct": [10, 2], "jax": 150.0, "numpy": 180.0, "peak_mb": 300 + n}
        )  # fmt: skip

    def weights(self) -> dict[str, np.ndarray]:
        return {"W": np.ones(3)}

    def close(self) -> None:
        pass


@pytest.fixture
def scripted(monkeypatch) -> None:
    monkeypatch.setattr("benchmarks.running.Running", Scripted)
    monkeypatch.setattr(Scripted, "told", ())
    monkeypatch.setattr("os.getloadavg", lambda: (0.1, 0.0, 0.0))


def scripted_pair(monkeypatch, theirs: list[float]) -> list[Scripted]:
    monkeypatch.setattr(Scripted, "times", {"ours": [0.5], "PyTorch": theirs})
    pair = [Scripted(Job(name, (Q2Config("mlp"),))) for name in ("PyTorch", "ours")]
    alternate(pair, 2)  # type: ignore[arg-type]
    return pair


@pytest.mark.parametrize(
    ("theirs", "expected"),
    [
        ([1.0], 6),  # the first round with an interval
        ([1.0, 1.0, 1.0, 1.0, 1.0, 1.5], 9),  # two outliers at most are left out of nine
        ([1.0, 1.5], rounds.MAX_ROUNDS),
    ],
    ids=["steady", "outliers", "never"],
)
def test_a_pair_goes_on_until_its_ratio_is_steady(
    scripted, monkeypatch, theirs: list[float], expected: int
) -> None:
    baseline, ours = scripted_pair(monkeypatch, theirs)
    until_steady(baseline, ours)  # type: ignore[arg-type]
    assert len(baseline.found) == len(ours.found) == expected
    assert Scripted.told == ("PyTorch", "ours") * expected


def test_the_fastest_baseline_counts_and_the_others_stop(scripted, monkeypatch) -> None:
    baseline, ours = scripted_pair(monkeypatch, [1.0])
    slow = Scripted(Job("PyTorch", (Q2Config("mlp"),)), {"OMP_NUM_THREADS": "1"})
    alternate([slow], 2)  # type: ignore[list-item]
    running = {"slow": slow, "fast": baseline, "ours": ours}
    of_slow, of_fast, of_ours = rounds.compare(running, ["slow", "fast"], "ours", 0.9)  # type: ignore[arg-type]
    assert (of_slow["ratio"], of_fast["ratio"], of_ours["ratio"]) == (0.5, 1.0, 2.0)
    assert [len(row["seconds"]) for row in (of_slow, of_fast, of_ours)] == [2, 6, 6]
    assert of_slow["not_clean"] == ["load 0.90 before the start, above 0.5",
                                    "2 rounds, too few for an interval"]  # fmt: skip
    assert of_ours["not_clean"] == ["load 0.90 before the start, above 0.5"]
    assert of_ours["epochs"] == 2
    assert of_ours["peak_mb"] == 301  # of the second epoch, as the others'


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
    ours = found["question 2"][each]
    assert ours["contender"] == "ours"
    assert ours["configuration"] == "mlp, batch 64"
    assert ours["seconds_per_epoch"] == 0.5
    assert ours["ratio"] == (1.5 if torch else None)
    assert ours["not_clean"] == ([] if torch else None)
    assert ours["losses"] == pytest.approx({"train": 1.3, "val": 1.2})
    assert ours["compile_seconds"] == {"cold": 2.0, "cached": 0.5}
    assert ours["epochs"] == ours["config"]["epochs"] == len(ours["seconds"]) == 6
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


def measured_rows() -> list[q2.Row]:
    """A second an epoch for every faster baseline, two for the slower, a tenth for ours."""
    return [
        {"configuration": name, "contender": contender, "seconds_per_epoch": seconds}
        for module, ours in ((q1, "engine"), (q2, "ours"))
        for name in module.CONFIGURATIONS
        for contender, seconds in zip([*module.BASELINES, ours], (2.0, 1.0, 0.1), strict=True)
    ]


def test_the_plain_scripts_epochs_are_the_assignments() -> None:
    """Its 14 runs: 100 epochs each of 1.1a to 1.2b and of three rates, 20 of 1.3, 200 of 2.2's."""
    found = {row["configuration"]: row for row in whole.plain_scripts(measured_rows())}
    assert {name: row["epochs"] for name, row in found.items()} == {
        "perceptron": 100,
        "logistic_regression": 100,
        "logistic_regression, l2": 100,
        "mlp": 20,
        "logistic regression, batch 32": 300,
        "mlp, batch 64": 800,
        "mlp, batch 512": 200,
        "mlp, batch 1024": 200,
        "mlp, batch 1024, momentum": 200,
    }
    assert {row["contender"] for row in found.values()} == {
        "plain loop, 1 thread",
        "PyTorch, 1 thread",
    }
    assert sum(row["seconds"] for row in found.values()) == 2020


def test_the_plain_scripts_lack_no_run() -> None:
    rows = [row for row in measured_rows() if row["configuration"] != "mlp, batch 512"]
    with pytest.raises(KeyError, match="batch 512"):
        whole.plain_scripts(rows)


@pytest.mark.parametrize(("load", "ratio"), [(0.0, "4.00"), (0.6, "4.00?")], ids=["quiet", "busy"])
def test_the_whole_homework(load: float, ratio: str, monkeypatch, capsys) -> None:
    commands = []

    def measure(*command: str) -> Measured:
        commands.append(command)
        return Measured(505.0, None, 700)

    monkeypatch.setattr(whole, "measure_command", measure)
    found = whole.measure_whole(measured_rows(), "f.npz", load)
    ((module, *arguments),) = commands
    assert module == "experiments.reproduce"
    assert arguments[:4] == ["--preset", "full", "--data", "f.npz"]
    assert (found["plain_seconds"], found["ratio"]) == (2020.0, 4.0)
    assert capsys.readouterr().out.endswith(f"hw1-reproduce: 505 s, ratio {ratio}\n")


@pytest.mark.parametrize("argv", [["--questions", "1"], ["--models", "mlp"]])
def test_the_whole_homework_needs_everything(argv: list[str], capsys) -> None:
    assert bench.main(["--whole", *argv]) == ExitCode.USAGE
    assert "--whole: expected both questions" in capsys.readouterr().err


def test_our_contender_trains_in_a_process_of_its_own(tiny_file: Path) -> None:
    job = Job("ours", (Q2Config("mlp", hidden_size=3, batch_size=16),), str(tiny_file))
    running = Running(job, {"NPROC": "1"})
    try:
        weights = running.weights()
        alternate([running], 2)
    finally:
        running.close()
    assert running.ready["threads"] == 1
    assert set(running.ready["compile_seconds"]) == {"cold", "cached"}
    assert weights["hidden.0.weight"].shape == (3, 6912)
    first, second = running.found
    assert first["train"] != second["train"]
    assert min(first["seconds"], first["peak_mb"]) > 0


def test_the_engine_and_the_plain_loop_train_alike(tiny_file: Path, tmp_path, capsys) -> None:
    argv = ["--questions", "1", "--models", "logistic_regression, l2", "--data", str(tiny_file)]
    assert bench.main([*argv, "--epochs", "2", "--out", str(tmp_path)]) == ExitCode.DONE
    rows = json.loads((tmp_path / "bench.json").read_text())["question 1"]
    rows = {row["contender"]: row for row in rows}
    assert 0 <= rows["engine"]["agreement"] < 1e-9
    assert rows["engine"]["correct"] == rows["plain loop"]["correct"]
    assert rows["plain loop, 1 thread"]["threads"] == 1


def test_a_contender_that_ends_says_why() -> None:
    with pytest.raises(CommandError, match=r"^engine: .*nowhere\.npz"):
        Running(Job("engine", (Q1Config("mlp"),), "nowhere.npz"))


def test_a_contender_that_is_killed_says_so(tiny_file: Path) -> None:
    running = Running(Job("engine", (Q1Config("perceptron"),), str(tiny_file)))
    running._process.kill()
    running.begin()
    with pytest.raises(CommandError, match=r"^engine: ended with exit code -9$"):
        running.end()
