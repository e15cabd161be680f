"""`hw1-q2` as a user meets it: flags, what is printed, what is left behind."""

import json
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import jax
import numpy as np
import pytest
from called import assert_lines, called

from experiments.cli.errors import CommandError, ExitCode
from experiments.data.dataset import SPLITS, Dataset
from experiments.environment.jax_setup import prepare_jax
from experiments.q2 import main
from experiments.runs.reader import Run

SHARE, LOSS = r"[01]\.\d{4}", r"\d+\.\d{4}"
SMALL = ("-hidden_size", 4, "-batch_size", 32)
EPOCH_LINE = rf"train loss: {LOSS} \| val loss: {LOSS} \| val acc: {SHARE}"


@pytest.fixture(scope="module", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, quick_to_compile: None) -> Iterator[None]:
    """Programs are cached, in a folder of these tests' own."""
    folder = jax.config.jax_compilation_cache_dir
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HW1_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield
    jax.config.update("jax_compilation_cache_dir", folder)


run_q2 = partial(called, main)


@pytest.mark.parametrize("model", ["logistic_regression", "mlp"])
def test_one_run_prints_and_leaves(
    model: str, tiny_file: Path, tiny_data: Dataset, tmp_path: Path, capsys
) -> None:
    flags = [model, "-epochs", 3, *(SMALL if model == "mlp" else ("-batch_size", 32))]
    code, out, err = run_q2(capsys, *flags, "--data", tiny_file, "--out", tmp_path)
    assert (code, err) == (ExitCode.DONE, [])
    patterns = [
        r"data: .*",
        *["Training epoch 1", EPOCH_LINE],
        *["Training epoch 2", EPOCH_LINE],
        *["Training epoch 3", EPOCH_LINE],
        r"Training took 0 minutes and \d seconds",
        rf"Final test acc: {SHARE}",
        r"Compiling took \d+\.\d s \(4 programs\), apart from the times above",
        re.escape(str(tmp_path)) + ".*",
    ]
    assert_lines(out, patterns)

    run = Run(Path(out[-1]))
    files = {"config.json", "metrics.jsonl", "summary.json", "weights.npz"}
    figures = {"loss.png", "accuracy.png", "confusion.png"}
    assert {file.name for file in run.path.iterdir()} == files | figures
    summary = run.summary
    assert (summary["model"], summary["seed"], summary["diverged_at_epoch"]) == (model, 42, None)
    for split in SPLITS:
        final = summary["final"][split]
        assert final["total"] == len(tiny_data.splits[split])
        assert final["accuracy"] == final["correct"] / final["total"]
    assert set(summary["initial"]) == {"train", "val"}
    assert summary["initial"]["val"]["loss"] == pytest.approx(np.log(6), abs=0.3)
    assert summary["final"]["val"] == run.epochs[-1]["val"]
    assert summary["final"]["loss"] == run.epochs[-1]["loss"]
    assert np.trace(summary["confusion"]["test"]) == summary["final"]["test"]["correct"]
    assert np.sum(summary["confusion"]["test"]) == 30
    assert summary["versions"]["jax"] == jax.__version__
    assert run.config["config"] == summary["config"]
    names = {"output.weight", "output.bias"}
    if model == "mlp":
        names |= {f"hidden.{i}.{part}" for i in (0, 1) for part in ("weight", "bias")}
    assert set(run.weights()) == names


def accuracy_by_numpy(run: Run, data: Dataset) -> float:
    """From the saved weights alone."""
    w, h = run.weights(), data.test.pixels / 256
    for i in range(2):
        h = np.maximum(h @ w[f"hidden.{i}.weight"].T + w[f"hidden.{i}.bias"], 0)
    logits = h @ w["output.weight"].T + w["output.bias"]
    return float((logits.argmax(axis=1) == data.test.labels).mean())


@pytest.mark.usefixtures("no_figures")
def test_quiet_names_the_folders_alone(tiny_file: Path, tmp_path: Path, capsys) -> None:
    flags = ["logistic_regression", "-epochs", 1, "-learning_rate", 0.1, 0.01, "--quiet"]
    code, out, err = run_q2(capsys, *flags, "--data", tiny_file, "--out", tmp_path)
    assert (code, err) == (ExitCode.DONE, [])
    assert [Path(line).name.partition("-")[0] for line in out] == [
        "logistic_regression",
        "logistic_regression",
        "sweep",
    ]


@pytest.mark.usefixtures("no_figures")
def test_a_sweep_over_rates_and_seeds(
    tiny_file: Path, tiny_data: Dataset, tmp_path: Path, capsys
) -> None:
    code, out, err = run_q2(
        capsys,
        *("mlp", "-epochs", 3, *SMALL, "-learning_rate", 0.5, 0.01, 1e39, "-dropout", 0.1),
        *("--seeds", 2, "--data", tiny_file, "--out", tmp_path),
    )
    assert (code, err) == (ExitCode.DONE, [])
    assert "run 3 of 6: rate 0.01, seed 42" in out
    assert out.count("Diverged at epoch 1: take a smaller -learning_rate") == 2
    assert sum("(4 programs)" in line for line in out) == 1
    assert max(map(len, out[1:-7])) <= 80

    folder = Path(out[-1])
    assert {file.name for file in folder.iterdir()} == {"sweep.json", "losses.png"}
    sweep = json.loads((folder / "sweep.json").read_text())
    assert sweep["varied"] == ["learning_rate"]
    assert [row["values"]["learning_rate"] for row in sweep["rows"]] == [0.5, 0.01, 1e39]
    assert [len(row["diverged"]) for row in sweep["rows"]] == [0, 0, 2]
    runs = [Run(Path(line)) for line in out[-7:-1]]
    for number, row in enumerate(sweep["rows"]):
        members = runs[2 * number : 2 * number + 2]
        assert row["runs"] == [run.path.name for run in members]
        assert row["seeds"] == [42, 43]
        for split in ("val", "test"):
            values = [run.accuracy(split) for run in members]
            assert row[split]["mean"] == pytest.approx(np.mean(values))
            assert row[split]["sd"] == pytest.approx(np.std(values, ddof=1))
            assert row[split]["n"] == 2
    means = [row["val"]["mean"] for row in sweep["rows"][:2]]
    assert sweep["best"] == int(np.argmax(means))
    best = sweep["rows"][sweep["best"]]
    at = out.index(next(line for line in out if line.startswith("Best by validation")))
    assert f"{best['label']} (val {best['val']['mean']:.4f} " in out[at]
    assert out[at + 1].startswith(f"Its test accuracy: {best['test']['mean']:.4f} ")

    for run in runs[:4]:
        assert run.accuracy("test") == accuracy_by_numpy(run, tiny_data)
        assert len(run.epochs) == 3
    for run in runs[4:]:
        assert run.summary["diverged_at_epoch"] == 1
        assert len(run.epochs) == 1


@pytest.mark.usefixtures("no_figures")
def test_a_run_is_the_same_alone_in_a_sweep_and_again(tiny_file: Path, tmp_path: Path, capsys):
    """Bit for bit: nothing depends on what ran before in the same process."""
    flags = ["mlp", "-epochs", 2, *SMALL, "--data", tiny_file, "--out", tmp_path, "--seed", 3]
    _, swept, _ = run_q2(capsys, *flags, "-dropout", 0.5, 0.2)
    found = [Run(Path(swept[-2]))]
    for _ in range(2):
        _, out, _ = run_q2(capsys, *flags, "-dropout", 0.2)
        found.append(Run(Path(out[-1])))
    other = Run(Path(swept[-3])).weights()
    assert len({run.path for run in found}) == 3
    for run in found[1:]:
        assert run.series("loss") == found[0].series("loss")
        for name, weights in run.weights().items():
            assert np.array_equal(weights, found[0].weights()[name])
            assert not np.array_equal(weights, other[name])


@pytest.mark.usefixtures("no_figures")
def test_side_by_side_gives_the_same_runs(tiny_file: Path, tmp_path: Path, capsys, monkeypatch):
    """As on an accelerator: one program, a column per run, the same numbers to rounding."""
    flags = ["mlp", "-epochs", 2, *SMALL, "-momentum", 0, 0.9, "-learning_rate", 0.1, 1e39]
    flags += ["--data", tiny_file, "--out", tmp_path]
    _, alone, _ = run_q2(capsys, *flags)
    monkeypatch.setattr("experiments.training.q2.programs.default_sweep_mode", lambda: "vmap")
    _, together, _ = run_q2(capsys, *flags)
    assert any(line.startswith("runs 1 to 4 of 4: ") for line in together)
    assert sum("(4 programs)" in line for line in together) == 1
    assert sum(": train loss: " in line for line in together) == 2 * 2 + 2
    for a, b in zip(alone[-5:-1], together[-5:-1], strict=True):
        one, other = Run(Path(a)), Run(Path(b))
        assert one.summary["diverged_at_epoch"] == other.summary["diverged_at_epoch"]
        assert one.config["config"] == other.config["config"]
        if one.summary["diverged_at_epoch"] is None:
            assert one.series("loss") == pytest.approx(other.series("loss"), rel=1e-4)
            for name, weights in one.weights().items():
                np.testing.assert_allclose(weights, other.weights()[name], rtol=1e-3, atol=1e-5)


@pytest.mark.usefixtures("no_figures")
@pytest.mark.parametrize(
    ("flags", "note"),
    [
        (["logistic_regression", "-dropout", "0.5"], "-dropout has no effect on logistic_regr"),
        (["mlp", "-optimizer", "adam", "-momentum", "0.9"], "-momentum has no effect on adam"),
    ],
    ids=["dropout of a linear model", "momentum of adam"],
)
def test_a_flag_without_effect_is_named(flags, note: str, tiny_file: Path, tmp_path: Path, capsys):
    code, out, _ = run_q2(
        capsys, *flags, "-epochs", 1, "-batch_size", 32, "--data", tiny_file, "--out", tmp_path
    )
    assert code == ExitCode.DONE
    assert out[1].startswith(f"note: {note}")


def test_a_broken_jax_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError("jax 0.10.2 miscompiles")

    monkeypatch.setattr("experiments.environment.jax_setup.check_platform", broken)
    with pytest.raises(CommandError, match="miscompiles"):
        prepare_jax()
