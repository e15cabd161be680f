"""What `make bench` counts, checks and writes; how fast things are, nobody tests."""

import json
import re
from pathlib import Path
from types import TracebackType

import jax
import jax.numpy as jnp
import pytest

from benchmarks import __main__ as bench
from benchmarks import q2, q2_more
from benchmarks.flops import forward_flops, layer_sizes, training_flops
from benchmarks.rounds import Job, Running, alternate
from experiments.cli.commands import CommandError, ExitCode
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


class Scripted:
    """A contender's process that answers at once, in the order it is asked."""

    told: tuple[str, ...] = ()

    def __init__(self, job: Job, environment: dict[str, str] | None = None) -> None:
        self.job, self.found = job, []
        self.seconds = {"ours": 0.5, "PyTorch": 0.75, "training": 0.4, "peak": 9.0}[job.contender]
        if environment == {"OMP_NUM_THREADS": "1"}:
            self.seconds = 2.0
        compiling = {"cold": 2.0, "cached": 0.5} if job.contender == "ours" else None
        self.ready = {"compile_seconds": compiling}

    def begin(self) -> None:
        Scripted.told += (self.job.contender,)

    def end(self) -> None:
        fallen = 0.1 * len(self.found)
        self.found.append(
            {"seconds": self.seconds, "train": [1.8 - fallen], "val": [1.7 - fallen],
             "correct": [10], "jax": 150.0, "numpy": 180.0, "peak_mb": 300}
        )  # fmt: skip

    def __enter__(self) -> "Scripted":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        pass


@pytest.mark.parametrize("torch", [True, False], ids=["with PyTorch", "without"])
def test_the_file_and_the_table(
    torch: bool, tiny_file: Path, tmp_path: Path, monkeypatch, capsys
) -> None:
    for module in (q2, q2_more):
        monkeypatch.setattr(module, "Running", Scripted)
    monkeypatch.setattr(q2, "find_spec", lambda _: torch)
    argv = ["--questions", "2", "--q2-epochs", "3", "--data", str(tiny_file), "--out"]
    assert bench.main([*argv, str(tmp_path)]) == ExitCode.DONE
    lines = capsys.readouterr().out.splitlines()
    assert any("PyTorch is left out: not installed" in line for line in lines) != torch
    paths = (str(tmp_path / "bench.json"), str(tiny_file))  # as long as the machine makes them
    assert [line for line in lines if len(line) > 80 and not line.endswith(paths)] == []

    found = json.loads((tmp_path / "bench.json").read_text())
    assert found["question 1"] == found["question 2, more"] == []
    each = 3 if torch else 1
    assert len(found["question 2"]) == each * len(q2.CONFIGURATIONS)
    ours = found["question 2"][each]
    assert ours["contender"] == "ours"
    assert ours["configuration"] == "mlp, batch 64"
    assert ours["seconds_per_epoch"] == 0.5
    assert ours["ratio"] == (1.5 if torch else None)
    assert ours["losses"] == pytest.approx({"train": 1.6, "val": 1.5})
    assert ours["compile_seconds"] == {"cold": 2.0, "cached": 0.5}
    assert ours["epochs"] == ours["config"]["epochs"] == len(ours["seconds"]) == 3
    if torch:
        assert found["question 2"][each + 2]["ratio"] == 0.375
    flops = 60 * 5_776_800
    assert found["peak"]["flops_per_epoch"] == flops
    assert found["peak"]["share"] == pytest.approx(flops / 0.4 / 1e9 / 180)


def test_contenders_alternate(monkeypatch) -> None:
    monkeypatch.setattr(Scripted, "told", ())
    alternate([Scripted(Job("ours")), Scripted(Job("PyTorch"))], 2)  # type: ignore[list-item]
    assert Scripted.told == ("ours", "PyTorch", "ours", "PyTorch")


def test_a_job_survives_the_command_line() -> None:
    job = Job("ours", (Q2Config("mlp", dropout=0.1), Q2Config("mlp")), "a b.npz", "vmap", "w.npz")
    assert Job.from_json(job.to_json()) == job


def test_our_contender_trains_in_a_process_of_its_own(tiny_file: Path, tmp_path: Path) -> None:
    config = Q2Config("mlp", hidden_size=3, batch_size=16)
    job = Job("ours", (config,), str(tiny_file), first_weights=str(tmp_path / "first.npz"))
    with Running(job) as running:
        alternate([running], 2)
    assert set(running.ready["compile_seconds"]) == {"cold", "cached"}
    assert (tmp_path / "first.npz").stat().st_size > 4 * 3 * 6912
    first, second = running.found
    assert first["train"] != second["train"]
    assert min(first["seconds"], first["peak_mb"]) > 0


def test_a_contender_that_ends_says_why() -> None:
    with pytest.raises(CommandError, match=r"^ours: .*nowhere\.npz"):
        Running(Job("ours", (Q2Config("mlp"),), "nowhere.npz"))
